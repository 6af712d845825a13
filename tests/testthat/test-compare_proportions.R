# Reference numbers: naive twins in helper-two_proportions.R (definitions, root search,
# enumeration),
# base R 4.2.2, and scipy 1.10.1 (fixtures/two_proportions_scipy.csv, made by
# tests/reference/two_proportions_scipy.py). Printed values of papers are in test-known_answers.R.

# --- every method against an independent one ------------------------------------------------------

some_tables <- all_tables(c(1, 4, 8), c(1, 3, 7))
# Ma 2025 (doi:10.4143/crt.2024.1200), the ends of the table, and sizes of trials
larger_tables <- data.frame(
  x0 = c(6, 211, 0, 100, 3, 0, 1, 110, 40), n0 = c(49, 458, 100, 100, 60, 80, 300, 250, 200),
  x1 = c(13, 19, 9, 37, 1, 0, 50, 111, 39), n1 = c(68, 117, 40, 37, 400, 300, 50, 250, 200)
)

test_that("every closed, score, conditional and bootstrap interval is its naive twin's", {
  which <- method_rows(cost == "small" & term %in% c("risk_difference", "risk_ratio", "odds_ratio"))
  for (case in list(
    list(some_tables, 0.95), list(some_tables[seq(1, nrow(some_tables), 4), ], 0.8),
    list(larger_tables, 0.99)
  )) {
    tables <- case[[1]]
    found <- table_results(tables, which, level = case[[2]])
    expect_setequal(dimnames(found)$method, names(naive_intervals))
    for (method in names(naive_intervals)) {
      naive <- naive_intervals[[method]](
        tables$x0, tables$n0, tables$x1, tables$n1, (1 - case[[2]]) / 2
      )
      good <- close_to(found[, method, "conf.low"], naive[, 1], 1e-9) &
        close_to(found[, method, "conf.high"], naive[, 2], 1e-9)
      expect_no_table(!good, tables, paste(method, "at level", case[[2]]))
    }
  }
})

test_that("every interval of one proportion is its naive twin's", {
  which <- method_rows(term == "proportion")
  tables <- rbind(all_tables(7, c(1, 2, 5, 20)), larger_tables)
  for (level in c(0.95, 0.6)) {
    found <- table_results(tables, which, level)
    for (method in names(naive_proportion)) {
      for (group in 1:2) {
        x <- if (group == 1) tables$x0 else tables$x1
        n <- if (group == 1) tables$n0 else tables$n1
        naive <- t(mapply(naive_proportion[[method]], x, n, (1 - level) / 2))
        row <- paste0("proportion:", method, group)
        good <- close_to(found[, row, "conf.low"], naive[, 1], 1e-10) &
          close_to(
            found[, row, "conf.high"], naive[, 2], 1e-10
          ) & close_to(found[, row, "estimate"], x / n, 1e-15)
        expect_no_table(!good, tables, row)
      }
    }
  }
})

test_that("estimates are the plain ones, and the conditional one solves E(X) = x", {
  found <- table_results(
    some_tables, method_rows(cost == "small" & term != "test" & term != "proportion")
  )
  effect <- with(some_tables, list(
    risk_difference = x1 / n1 - x0 / n0,
    risk_ratio = ifelse(x0 + x1 == 0, NA, (x1 / n1) / (x0 / n0)),
    odds_ratio = ifelse(x0 + x1 == 0 | x0 + x1 == n0 + n1, NA, x1 * (n0 - x0) / (x0 * (n1 - x1)))
  ))
  conditional <- with(some_tables, mapply(naive_conditional_estimate, x0, n0, x1, n1))
  for (row in dimnames(found)$method) {
    expected <- if (grepl("conditional", row)) conditional else effect[[sub(":.*", "", row)]]
    expect_no_table(!close_to(found[, row, "estimate"], expected, 1e-12), some_tables, row)
  }
})

test_that("every test is its naive twin, for all alternatives", {
  which <- method_rows(term == "test")
  for (alternative in alternatives) {
    found <- table_results(some_tables, which, alternative = alternative)
    dimnames(found)$method <- sub("test:", "", dimnames(found)$method)
    check <- function(method, p, tolerance) {
      expect_no_table(
        !close_to(found[, method, "p.value"], p, tolerance), some_tables, paste(method, alternative)
      )
    }
    on_tables <- function(f, ...) with(some_tables, mapply(f, x0, n0, x1, n1, ...))
    for (method in names(naive_z)) {
      z <- on_tables(naive_z[[method]])
      expect_no_table(
        !close_to(found[, method, "statistic"], z, 1e-7), some_tables, paste(method, "statistic")
      )
      check(method, ifelse(is.infinite(z), NA, normal_p(z, alternative)), 1e-7)
    }
    fisher <- t(on_tables(naive_fisher))
    check("fisher", fisher[, alternative], 1e-11)
    doubled <- pmin(1, 2 * pmin(fisher[, "less"], fisher[, "greater"]))
    check(
      "fisher-central", if (alternative == "two.sided") doubled else fisher[, alternative], 1e-11
    )
    # Where the margins leave one table only, mid-p says nothing: 1.
    check(
      "fisher-midp",
      ifelse(fisher[, "observed"] > 1 - 1e-9, 1, fisher[, alternative] - fisher[, "observed"] / 2),
      1e-11
    )
    expect_no_table(
      !close_to(found[, "boschloo", "statistic"], fisher[, alternative], 1e-11), some_tables,
      "boschloo statistic"
    )
    check("barnard", on_tables(naive_barnard, alternative, TRUE), 1e-9)
    check("barnard-unpooled", on_tables(naive_barnard, alternative, FALSE), 1e-9)
    check("boschloo", on_tables(naive_boschloo, alternative), 1e-9)
  }
})

test_that("base R agrees where it has the method", {
  for (i in seq_len(nrow(larger_tables))) {
    t <- larger_tables[i, ]
    counts <- rbind(c(t$x1, t$n1 - t$x1), c(t$x0, t$n0 - t$x0))
    p <- function(method) row_of(t$x0, t$n0, t$x1, t$n1, "test", method)$p.value
    expect_equal(p("fisher"), fisher.test(counts)$p.value, tolerance = 1e-9)
    # chisq.test has no p without events, where the z of the package is 0.
    if (all(colSums(counts) > 0)) {
      expect_equal(
        p("pearson"), suppressWarnings(chisq.test(counts, correct = FALSE))$p.value,
        tolerance = 1e-9
      )
      expect_equal(p("yates"), suppressWarnings(chisq.test(counts))$p.value, tolerance = 1e-9)
    }
    wald <- suppressWarnings(prop.test(c(t$x1, t$x0), c(t$n1, t$n0), correct = FALSE))$conf.int
    expect_equal(unlist(
      row_of(t$x0, t$n0, t$x1, t$n1, "risk_difference", "wald")[c("conf.low", "conf.high")]
    ), wald,
      tolerance = 1e-12, ignore_attr = TRUE
    )
    exact <- row_of(t$x0, t$n0, t$x1, t$n1, "proportion", "clopper-pearson")
    expect_equal(exact$conf.high[[2]], binom.test(t$x1, t$n1)$conf.int[[2]], tolerance = 1e-10)
    expect_equal(exact$conf.low[[1]], binom.test(t$x0, t$n0)$conf.int[[1]], tolerance = 1e-10)
  }
})

# scipy 1.10.1 loses mirror tables whose statistic is tied with the observed one up to rounding: its
# p
# is then too small. These tables were checked with the naive twin, which keeps ties.
test_that("scipy agrees, but for the ties that it loses", {
  peer <- read.csv(test_path("fixtures", "two_proportions_scipy.csv"))
  all <- proportion_methods()
  peer$found <- mapply(function(x0, n0, x1, n1, method, alternative, quantity) {
    index <- which(all$method == method & all$group %in% c(NA, 2))
    expect_length(index, 1)
    cpp_two_proportions(x0, n0, x1, n1, 0.95, alternative, index)[1, quantity]
  }, peer$x0, peer$n0, peer$x1, peer$n1, peer$method, peer$alternative, peer$quantity)
  expect_gt(nrow(peer), 350)
  table <- paste0(peer$x1, "/", peer$n1, " ", peer$x0, "/", peer$n0)
  loses_ties <- peer$quantity == "p.value" & (
    (grepl("barnard", peer$method) & table == "9/10 3/10" & peer$alternative != "less") |
      (peer$method == "barnard" & table %in% c("3/30 30/60", "1/2 1/7") &
        peer$alternative == "two.sided") |
      (peer$method == "barnard-unpooled" & table == "1/2 1/7" & peer$alternative == "two.sided"))
  expect_equal(sum(loses_ties), 7)
  tolerance <- ifelse(grepl("barnard", peer$method), 1e-7, 1e-9)
  agree <- close_to(peer$found, peer$value, 1e-10) |
    abs(peer$found - peer$value) <= tolerance * abs(peer$value)
  expect_identical(peer[!loses_ties & !agree, "value"], double())
  expect_true(all(peer$value[loses_ties] < peer$found[loses_ties] * (1 - 1e-4)))
  for (i in which(loses_ties)) {
    t <- peer[i, ]
    naive <- naive_barnard(t$x0, t$n0, t$x1, t$n1, t$alternative, t$method == "barnard")
    expect_equal(t$found, naive, tolerance = 1e-9)
  }
})

# --- the p-value in an interval's row
# --------------------------------------------------------------

test_that("p-values beside intervals are those of the named tests", {
  pairs <- c(
    "risk_difference:wald" = "unpooled-z", "risk_difference:mee" = "pearson",
    "risk_difference:miettinen-nurminen" = "n-1", "risk_difference:exact-score" = "barnard",
    "risk_ratio:koopman" = "pearson", "risk_ratio:miettinen-nurminen" = "n-1",
    "risk_ratio:exact-score" = "barnard",
    "odds_ratio:woolf" = "wald", "odds_ratio:cornfield" = "pearson",
    "odds_ratio:miettinen-nurminen" = "n-1", "odds_ratio:fisher-conditional" = "fisher-central"
  )
  tables <- some_tables[seq(1, nrow(some_tables), 7), ]
  for (alternative in alternatives) {
    found <- table_results(tables, seq_len(nrow(proportion_methods())), alternative = alternative)
    for (interval in names(pairs)) {
      same <- close_to(
        found[, interval, "p.value"], found[, paste0("test:", pairs[[interval]]), "p.value"], 1e-12
      )
      expect_no_table(!same, tables, paste(interval, alternative))
    }
    expect_true(
      all(is.na(found[, grep("bootstrap|proportion", dimnames(found)$method), "p.value"]))
    )
  }
})

test_that("p of katz, agresti-caffo and mid-p by hand", {
  # log(13 * 49 / (6 * 68)) over its standard error
  z <- log(13 * 49 / (6 * 68)) / sqrt(1 / 13 - 1 / 68 + 1 / 6 - 1 / 49)
  expect_equal(
    row_of(6, 49, 13, 68, "risk_ratio", "katz")$p.value, 2 * pnorm(-z), tolerance = 1e-12
  )
  z <- (14 / 70 - 7 / 51) / sqrt(14 * 56 / 70^3 + 7 * 44 / 51^3)
  expect_equal(
    row_of(6, 49, 13, 68, "risk_difference", "agresti-caffo")$p.value, 2 * pnorm(-z),
    tolerance = 1e-12
  )
  tails <- naive_fisher(6, 49, 13, 68)
  expect_equal(row_of(6, 49, 13, 68, "odds_ratio", "midp-conditional")$p.value,
    2 * (tails[["greater"]] - tails[["observed"]] / 2),
    tolerance = 1e-11
  )
})

test_that("p of newcombe is the level at which its interval touches 0", {
  tables <- subset(some_tables, x1 / n1 != x0 / n0)
  for (method in c("newcombe", "newcombe-cc")) {
    found <- table_results(tables, which(proportion_methods()$method == method))
    p <- found[, 1, "p.value"]
    expect_true(all(p > 0 & p <= 1))
    wilson <- if (method == "newcombe") "wilson" else "wilson-cc"
    touching <- t(mapply(function(x0, n0, x1, n1, p) {
      naive_newcombe(x0, n0, x1, n1, p / 2, wilson)
    }, tables$x0, tables$n0, tables$x1, tables$n1, pmin(p, 0.999)))
    near <- ifelse(tables$x1 / tables$n1 > tables$x0 / tables$n0, touching[, 1], -touching[, 2])
    # With the continuity correction some intervals hold 0 at every level: then p = 1.
    expect_no_table(ifelse(p > 0.999, near > 1e-3, abs(near) > 1e-7), tables, method)
  }
})

# --- exact score intervals
# -------------------------------------------------------------------------

exact_cases <- data.frame(
  x0 = c(1, 0, 2, 0, 5, 7, 2), n0 = c(5, 8, 3, 4, 8, 9, 3),
  x1 = c(4, 1, 2, 0, 0, 1, 0), n1 = c(6, 8, 5, 6, 8, 7, 3)
)
exact_p <- function(t, effect, side, term, method, tie = 1e-9) {
  score <- if (term == "risk_difference") score_difference else score_ratio
  naive_exact_score(
    t$x0, t$n0, t$x1, t$n1, effect, if (method == "exact-score") "two.sided" else side, score, tie
  )
}

test_that("exact-score limits are the outermost effects that the test does not reject", {
  for (i in seq_len(nrow(exact_cases))) {
    t <- exact_cases[i, ]
    for (term in c("risk_difference", "risk_ratio")) {
      for (method in c("exact-score", "exact-score-central")) {
        row <- row_of(t$x0, t$n0, t$x1, t$n1, term, method)
        alpha <- if (method == "exact-score") 0.05 else 0.025
        scale <- if (term == "risk_difference") identity else log
        back <- if (term == "risk_difference") identity else exp
        ends <- scale(c(row$conf.low, row$conf.high))
        far <- if (term == "risk_difference") c(-1, 1) + c(1, -1) * 1e-6 else ends + c(-4, 4)
        for (end in 1:2) {
          # Effects that are too low are rejected by tables on the upper side.
          p <- function(at, tie = 1e-9) {
            exact_p(t, back(at), if (end == 1) "greater" else "less", term, method, tie)
          }
          if (is.infinite(ends[[end]]) || abs(back(ends[[end]])) == 1) next
          outside <- seq(ends[[end]], far[[end]], length.out = 12)[-1]
          outside[[1]] <- ends[[end]] + (if (end == 1) -1 else 1) * 1e-6
          rejected <- vapply(outside, p, 0) <= alpha * (1 + 1e-6)
          # An end may be a single effect at which tables tie; the package ties within 1e-7.
          accepted <- p(
            ends[[end]] + (if (end == 1) 1e-9 else -1e-9), tie = 2e-7
          ) >= alpha * (1 - 1e-6)
          label <- sprintf("%d/%d %d/%d %s %s end %d", t$x1, t$n1, t$x0, t$n0, term, method, end)
          expect_true(all(rejected), label = paste(label, "outside rejected"))
          expect_true(accepted, label = paste(label, "end accepted"))
        }
      }
    }
  }
})

# An accepted effect beyond a gap of rejected ones: p by the naive twin.
test_that("a gap among the accepted effects does not end an exact interval", {
  expect_gt(
    exact_p(
      data.frame(x0 = 0, n0 = 8, x1 = 1, n1 = 8), -0.269, "greater", "risk_difference",
      "exact-score"
    ),
    0.05
  )
  expect_lte(row_of(0, 8, 1, 8, "risk_difference", "exact-score")$conf.low, -0.269)
})

test_that("an exact interval that has no limit on one side says so", {
  expect_identical(row_of(0, 4, 0, 6, "risk_ratio", "exact-score")$conf.high, Inf)
  expect_identical(row_of(0, 4, 3, 6, "risk_ratio", "exact-score-central")$conf.high, Inf)
  expect_identical(row_of(3, 4, 0, 6, "risk_ratio", "exact-score-central")$conf.low, 0)
})

# --- properties over every table of up to 8 patients a group
# ----------------------------------------

grid <- all_tables()
quick <- method_rows(cost != "searches")
grid_results <- local({
  made <- list()
  function(level, alternative) {
    key <- paste(level, alternative)
    if (is.null(made[[key]])) made[[key]] <<- table_results(grid, quick, level, alternative)
    made[[key]]
  }
})
# The searches take longer: designs with many equal proportions and with few.
exact_grid <- do.call(rbind, Map(all_tables, c(3, 4, 4, 8), c(4, 3, 8, 4)))
exact_methods <- method_rows(cost == "searches")
exact_results <- local({
  made <- list()
  function(level, alternative) {
    key <- paste(level, alternative)
    if (is.null(made[[key]])) made[[key]] <<- table_results(
      exact_grid, exact_methods, level, alternative
    )
    made[[key]]
  }
})
both_grids <- function(level, alternative) {
  list(
    list(grid, grid_results(level, alternative)),
    list(exact_grid, exact_results(level, alternative))
  )
}
rows_like <- function(results, pattern) grep(pattern, dimnames(results)$method, value = TRUE)

test_that("p-values are probabilities, intervals are ordered and have no holes", {
  for (alternative in alternatives) {
    for (part in both_grids(0.95, alternative)) {
      for (row in dimnames(part[[2]])$method) {
        r <- part[[2]][, row, ]
        expect_no_table(
          !(is.na(r[, "p.value"]) | (r[, "p.value"] >= 0 & r[, "p.value"] <= 1)), part[[1]],
          paste(row, "p")
        )
        if (startsWith(row, "test:")) next
        expect_no_table(
          is.na(r[, "conf.low"]) | is.na(r[, "conf.high"]) | r[, "conf.low"] > r[, "conf.high"],
          part[[1]], row
        )
        ends <- switch(sub(":.*", "", row),
          risk_difference = c(-1, 1), proportion = c(0, 1), c(0, Inf)
        )
        expect_no_table(
          r[, "conf.low"] < ends[[1]] | r[, "conf.high"] > ends[[2]], part[[1]], paste(row, "range")
        )
        if (alternative == "less") expect_true(all(r[, "conf.low"] == ends[[1]]))
        if (alternative == "greater") expect_true(all(r[, "conf.high"] == ends[[2]]))
      }
    }
  }
})

# agresti-caffo is centred at a difference shrunk towards 0: at low levels and at the ends of the
# parameter space it may lie beside the plain estimate, and that is the method.
test_that("every other interval contains its estimate", {
  for (level in c(0.95, 0.9)) {
    for (part in both_grids(level, "two.sided")) {
      for (row in rows_like(part[[2]], "^(risk|odds|proportion)")) {
        if (grepl("agresti-caffo", row)) next
        r <- part[[2]][, row, ]
        beside <- r[, "estimate"] < r[, "conf.low"] - 1e-12 |
          r[, "estimate"] > r[, "conf.high"] + 1e-12
        expect_no_table(!is.na(r[, "estimate"]) & beside, part[[1]], paste(row, level))
      }
    }
  }
})

test_that("swapping the groups flips differences, inverts ratios and keeps p-values", {
  for (part in both_grids(0.95, "two.sided")) {
    tables <- part[[1]]
    swapped <- part[[2]][match_tables(tables, tables$x1, tables$n1, tables$x0, tables$n0), , ]
    for (row in rows_like(part[[2]], "^(risk|odds|test)")) {
      a <- part[[2]][, row, ]
      b <- swapped[, row, ]
      expect_no_table(!close_to(a[, "p.value"], b[, "p.value"], 1e-9), tables, paste(row, "p"))
      if (row != "test:boschloo") expect_no_table(
        !close_to(a[, "statistic"], -b[, "statistic"], 1e-7), tables, paste(row, "statistic")
      )
      if (startsWith(row, "test")) next
      mirror <- if (startsWith(row, "risk_difference")) function(v) -v else function(v) 1 / v
      good <- close_to(
        a[, "conf.low"], mirror(b[, "conf.high"]), 1e-8
      ) & close_to(a[, "conf.high"], mirror(b[, "conf.low"]), 1e-8) &
        close_to(a[, "estimate"], mirror(b[, "estimate"]), 1e-12)
      expect_no_table(!good, tables, row)
    }
  }
})

test_that("counting non-events flips differences, inverts odds ratios and keeps p-values", {
  for (part in both_grids(0.95, "two.sided")) {
    tables <- part[[1]]
    flipped <- part[[2]][match_tables(
      tables, tables$n0 - tables$x0, tables$n0, tables$n1 - tables$x1, tables$n1
    ), , ]
    for (row in rows_like(part[[2]], "^(risk_difference|odds|test|proportion)")) {
      a <- part[[2]][, row, ]
      b <- flipped[, row, ]
      expect_no_table(!close_to(a[, "p.value"], b[, "p.value"], 1e-9), tables, paste(row, "p"))
      if (startsWith(row, "test")) next
      mirror <- if (startsWith(row, "odds")) {
        function(v) 1 / v
      } else if (startsWith(row, "proportion")) {
        function(v) 1 - v
      } else {
        function(v) -v
      }
      good <- close_to(
        a[, "conf.low"], mirror(b[, "conf.high"]), 1e-8
      ) & close_to(a[, "conf.high"], mirror(b[, "conf.low"]), 1e-8)
      expect_no_table(!good, tables, row)
    }
  }
})

test_that("less is greater of the swapped groups", {
  less <- grid_results(0.95, "less")
  greater <- grid_results(0.95, "greater")[match_tables(
    grid, grid$x1, grid$n1, grid$x0, grid$n0
  ), , ]
  for (row in rows_like(less, "^(risk|odds|test)")) {
    expect_no_table(
      !close_to(less[, row, "p.value"], greater[, row, "p.value"], 1e-9), grid, paste(row, "p")
    )
    mirror <- if (startsWith(row, "risk_difference")) function(v) -v else function(v) 1 / v
    if (!startsWith(row, "test")) {
      expect_no_table(
        !close_to(less[, row, "conf.high"], mirror(greater[, row, "conf.low"]), 1e-8), grid, row
      )
    }
  }
})

# exact-score inverts one two-sided test, which is no pair of one-sided ones; exact-score-central
# is.
test_that("each end at 95% one-sided is the end at 90% two-sided", {
  for (part in list(
    list(
      grid, grid_results(0.9, "two.sided"), grid_results(0.95, "less"),
      grid_results(0.95, "greater")
    ),
    list(
      exact_grid, exact_results(0.9, "two.sided"), exact_results(0.95, "less"),
      exact_results(0.95, "greater")
    )
  )) {
    for (row in setdiff(
      rows_like(part[[2]], "^(risk|odds|proportion)"),
      c("risk_difference:exact-score", "risk_ratio:exact-score")
    )) {
      good <- close_to(part[[3]][, row, "conf.high"], part[[2]][, row, "conf.high"], 1e-8) &
        close_to(part[[4]][, row, "conf.low"], part[[2]][, row, "conf.low"], 1e-8)
      expect_no_table(!good, part[[1]], row)
    }
  }
})

test_that("a higher level gives an interval that holds the lower level's", {
  for (levels in list(c(0.8, 0.9), c(0.9, 0.95))) {
    parts <- list(
      list(grid, grid_results(levels[[1]], "two.sided"), grid_results(levels[[2]], "two.sided"))
    )
    if (levels[[1]] == 0.9) {
      parts[[2]] <- list(
        exact_grid, exact_results(0.9, "two.sided"), exact_results(0.95, "two.sided")
      )
    }
    for (part in parts) {
      for (row in rows_like(part[[2]], "^(risk|odds|proportion)")) {
        inner <- part[[2]][, row, ]
        outer <- part[[3]][, row, ]
        narrower <- outer[, "conf.low"] > inner[, "conf.low"] + 1e-9 |
          outer[, "conf.high"] < inner[, "conf.high"] - 1e-9
        expect_no_table(narrower, part[[1]], paste(row, levels[[2]]))
      }
    }
  }
})

no_effect_outside <- function(r, null) r[, "conf.low"] > null | r[, "conf.high"] < null
null_of <- function(row) if (startsWith(row, "risk_difference")) 0 else 1

test_that("an interval excludes no effect exactly when its own p is below alpha", {
  for (level in c(0.95, 0.9, 0.8)) {
    for (alternative in if (level == 0.95) alternatives else "two.sided") {
      results <- grid_results(level, alternative)
      for (row in rows_like(results, "^(risk|odds)")) {
        r <- results[, row, ]
        p <- r[, "p.value"]
        # At p = alpha, or limit = no effect, the last digit decides.
        sharp <- !is.na(p) & abs(p - (1 - level)) > 1e-9
        contradicts <- sharp & no_effect_outside(r, null_of(row)) != (p < 1 - level)
        expect_no_table(contradicts, grid, paste(row, level, alternative))
      }
    }
  }
})

# The accepted effects of an exact score test may have gaps, and the interval spans them: it may
# hold an
# effect that is rejected (such as no effect), but never leave out one that is accepted.
test_that("an exact score interval that excludes no effect has p below alpha", {
  for (case in list(
    list(0.95, "two.sided"), list(0.9, "two.sided"), list(0.95, "less"), list(0.95, "greater")
  )) {
    results <- exact_results(case[[1]], case[[2]])
    for (row in dimnames(results)$method) {
      r <- results[, row, ]
      sharp <- abs(r[, "p.value"] - (1 - case[[1]])) > 1e-9
      contradicts <- sharp & no_effect_outside(r, null_of(row)) & !(r[, "p.value"] < 1 - case[[1]])
      expect_no_table(contradicts, exact_grid, paste(row, case[[1]], case[[2]]))
    }
  }
})

test_that("two-sided p-values are ordered as their definitions say", {
  r <- grid_results(0.95, "two.sided")
  p <- function(method) r[, paste0("test:", method), "p.value"]
  expect_no_table(p("fisher-midp") > p("fisher"), grid, "mid-p above Fisher")
  expect_no_table(p("boschloo") > p("fisher") * (1 + 1e-9), grid, "Boschloo above Fisher")
  expect_no_table(p("pearson") > p("yates") + 1e-15, grid, "Pearson above Yates")
  expect_no_table(p("pearson") > p("n-1") + 1e-15, grid, "Pearson above N - 1")
  # the unconditional supremum is a probability of the same tables at every common proportion, 1/2
  # too
  half <- with(grid, dbinom(x0, n0, 0.5) * dbinom(x1, n1, 0.5))
  for (method in c("barnard", "barnard-unpooled", "boschloo")) {
    expect_no_table(p(method) < half * (1 - 1e-12), grid, paste(method, "below its own table"))
  }
})

# --- ends of the table and of the sizes
# ------------------------------------------------------------

test_that("no events anywhere: the difference is bounded, the ratios are not, p is 1", {
  rows <- tidy(compare_proportions(c(0, 0), c(10, 20)))
  by <- function(term, column) rows[rows$term == term, column]
  expect_true(all(by("risk_difference", "estimate") == 0))
  expect_true(all(is.na(c(by("risk_ratio", "estimate"), by("odds_ratio", "estimate")))))
  for (term in c("risk_ratio", "odds_ratio")) {
    expect_true(all(by(term, "conf.low") == 0))
    expect_true(all(by(term, "conf.high") == Inf))
  }
  p <- rows[rows$term == "test", ]
  expect_true(all(p$p.value == 1))
})

test_that("a ratio with one zero keeps its limit", {
  up <- tidy(compare_proportions(c(0, 3), c(10, 10)))
  down <- tidy(compare_proportions(c(3, 0), c(10, 10)))
  ratios <- up$term %in% c("risk_ratio", "odds_ratio")
  expect_true(all(up$estimate[ratios] == Inf & up$conf.high[ratios] == Inf))
  expect_true(all(down$estimate[ratios] == 0 & down$conf.low[ratios] == 0))
  expect_identical(
    unlist(up[up$method %in% "katz", c("conf.low", "conf.high")]), c(conf.low = 0, conf.high = Inf)
  )
  expect_identical(
    unlist(up[up$method %in% "woolf", c("conf.low", "conf.high", "p.value")]),
    c(conf.low = 0, conf.high = Inf, p.value = NA)
  )
})

test_that("all against none: an estimated variance of 0 leaves no Wald p, and the print says so", {
  found <- compare_proportions(c(0, 5), c(5, 5))
  wald <- tidy(found)[tidy(found)$method == "wald" & tidy(found)$term == "risk_difference", ]
  expect_identical(c(wald$estimate, wald$conf.low, wald$conf.high, wald$statistic), c(1, 1, 1, Inf))
  expect_identical(wald$p.value, NA_real_)
  expect_true(any(grepl("variance is 0", format(found), fixed = TRUE)))
  # Fisher by hand: 2 / choose(10, 5); Barnard: the two extreme tables at p = 1/2
  expect_equal(row_of(0, 5, 5, 5, "test", "fisher")$p.value, 2 / choose(10, 5), tolerance = 1e-12)
  expect_equal(row_of(0, 5, 5, 5, "test", "barnard")$p.value, 2 / 2^10, tolerance = 1e-9)
})

test_that("one patient against one", {
  equal <- tidy(compare_proportions(c(1, 1), c(1, 1)))
  expect_true(all(equal$p.value[equal$term == "test"] == 1))
  apart <- tidy(compare_proportions(c(0, 1), c(1, 1)))
  # The two tables that are apart, at p = 1/2: 2 * 1/4.
  for (method in c("barnard", "barnard-unpooled", "boschloo")) {
    expect_equal(
      apart$p.value[apart$method == method], if (method == "boschloo") 1 else 0.5, tolerance = 1e-9
    )
  }
  expect_true(all(apart$estimate[apart$term == "risk_difference"] == 1))
})

# By hand: with all events on both sides and d < 0 the likelihood is largest at p0 = 1, so
# S^2 = n1 |d| / (1 + d) and d = -z^2 / (n1 + z^2); the other end with n0. z^2 times N/(N-1) for MN.
test_that("score limits where everyone has the event", {
  for (sizes in list(c(4, 9), c(50, 60), c(1, 400), c(5, 1e6), c(1e6, 1e6))) {
    for (method in c("mee", "miettinen-nurminen")) {
      n <- sum(sizes)
      z2 <- qnorm(0.975)^2 * if (method == "mee") 1 else n / (n - 1)
      row <- row_of(sizes[[1]], sizes[[1]], sizes[[2]], sizes[[2]], "risk_difference", method)
      label <- paste(method, sizes[[1]], sizes[[2]])
      expect_equal(
        row$conf.low, -z2 / (sizes[[2]] + z2), tolerance = 1e-7, label = paste(label, "low")
      )
      expect_equal(
        row$conf.high, z2 / (sizes[[1]] + z2), tolerance = 1e-7, label = paste(label, "high")
      )
    }
  }
})

test_that("a million patients a group: all default methods, close to the normal limit", {
  found <- compare_proportions(c(ref = 300000, oth = 301000), c(1e6, 1e6))
  rows <- tidy(found)
  expect_setequal(
    found$omitted$method,
    c("exact-score", "exact-score-central", "barnard", "barnard-unpooled", "boschloo")
  )
  expect_true(all(is.finite(rows$conf.low[rows$term != "test"])))
  # Wald by hand; everything else agrees with it to the third digit of the half width.
  half <- qnorm(0.975) * sqrt(0.3 * 0.7 / 1e6 + 0.301 * 0.699 / 1e6)
  differences <- rows[rows$term == "risk_difference", ]
  expect_lt(
    max(abs(differences$conf.low - (0.001 - half)), abs(differences$conf.high - (0.001 + half))),
    1.2e-6
  )
  p <- rows$p.value[!is.na(rows$p.value)]
  expect_lt(diff(range(p)), 1e-3)
  expect_equal(rows$p.value[rows$method == "fisher"],
    fisher.test(rbind(c(301000, 699000), c(300000, 700000)))$p.value,
    tolerance = 1e-6
  )
  lines <- format(found)
  expect_match(
    lines[grepl("boschloo", lines)], "exact-score \\(risk difference\\).*boschloo \\(test\\)"
  )
  # There is no asking for what cannot be computed.
  expect_identical(unique(found$omitted$why), "impossible")
  expect_false(any(grepl("Ask with", lines)))
  expect_identical(
    tidy(compare_proportions(c(ref = 300000, oth = 301000), c(1e6, 1e6), methods = "all")), rows
  )
})

test_that("sizes beyond a method are refused, not answered", {
  for (method in c("boschloo", "barnard", "exact-score", "exact-score-central")) {
    expect_error(
      compare_proportions(c(1, 2), c(1e6, 1e6), methods = method), class = "her2mod_error_input"
    )
  }
  expect_error(compare_proportions(c(1, 2), c(1e8, 10)), class = "her2mod_error_input")
})

# --- coverage and size by full enumeration (VALIDITY.md: figures to three decimals)
# -----------------

test_that("coverage and size at 20 patients a group are the published ones", {
  tables <- all_tables(20, 20)
  found <- table_results(tables, method_rows(cost != "searches"))
  at <- seq(0.01, 0.99, 0.01)
  mass <- function(p) outer(0:20, p, function(x, p) dbinom(x, 20, p))
  size <- function(test) {
    rejected <- which(found[, paste0("test:", test), "p.value"] <= 0.05)
    max(colSums(mass(at)[tables$x0[rejected] + 1, ] * mass(at)[tables$x1[rejected] + 1, ]))
  }
  sizes <- c(fisher = 0.0253, "fisher-midp" = 0.0385, pearson = 0.0534, barnard = 0.0498)
  for (test in names(sizes)) expect_lt(abs(size(test) - sizes[[test]]), 6e-5)

  fine <- seq(0.001, 0.999, 0.001)
  of_20 <- found[tables$x0 == 0, , ]
  covers <- function(method) {
    limits <- of_20[, paste0("proportion:", method, 2), ]
    inside <- outer(limits[, "conf.low"], fine, "<=") & outer(limits[, "conf.high"], fine, ">=")
    coverage <- colSums(mass(fine) * inside)
    c(mean(coverage), min(coverage))
  }
  anchors <- list(
    wilson = c(0.953, 0.852), "clopper-pearson" = c(0.977, 0.958), midp = c(0.961, 0.929)
  )
  for (method in names(anchors)) expect_lt(max(abs(covers(method) - anchors[[method]])), 6e-4)
})

# --- the door
# --------------------------------------------------------------------------------------

test_that("counts that are none are refused with the argument's name", {
  refused <- function(x, n, arg) {
    error <- expect_error(compare_proportions(x, n), class = "her2mod_error_input")
    expect_identical(error$arg, arg)
  }
  for (x in list(
    c(-1, 2), c(1.5, 2), c(NA, 2), c(Inf, 2), c(NaN, 1), 3, 1:3, c("1", "2"), c(TRUE, FALSE), NULL,
    list(1, 2)
  )) {
    refused(x, c(10, 10), "x")
  }
  for (n in list(
    c(0, 10), c(10, -1), c(10.5, 10), c(NA, 10), c(Inf, 10), 10, c("10", "10"), NULL
  )) {
    refused(c(1, 2), n, "n")
  }
  refused(c(11, 2), c(10, 10), "x")
  refused(c(1, 2), arg = "n")
  refused(c(a = 1, a = 2), c(10, 10), "x")
  refused(c(a = 1, 2), c(10, 10), "x")
  refused(c(a = 1, b = 2), c(a = 10, c = 10), "n")
})

test_that("options that are none are refused with the argument's name", {
  refused <- function(..., arg) {
    error <- expect_error(
      compare_proportions(c(1, 2), c(10, 10), ...), class = "her2mod_error_input"
    )
    expect_identical(error$arg, arg)
  }
  for (level in list(0, 1, NA, "0.95", 95, c(0.9, 0.95), NULL)) refused(
    conf.level = level, arg = "conf.level"
  )
  for (alternative in list("both", "two", NA_character_, 1)) refused(
    alternative = alternative, arg = "alternative"
  )
  for (methods in list("newcomb", character(), 1, NA_character_, c("newcombe", "magic"))) refused(
    methods = methods, arg = "methods"
  )
  refused(ref = "group 3", arg = "ref")
  refused(conf.lvel = 0.9, arg = "conf.lvel")
  # Half of the error on one side only would not hold the estimate.
  refused(alternative = "greater", conf.level = 0.5, arg = "conf.level")
  expect_equal(
    compare_proportions(c(1, 2), c(10, 10), conf.level = 0.3, methods = "newcombe")$conf.level, 0.3
  )
})

test_that("names are matched by name, the first is the reference unless ref says otherwise", {
  plain <- compare_proportions(c(single = 6, dual = 13), c(49, 68), methods = "newcombe")
  expect_equal(plain$counts, data.frame(group = c("single", "dual"), x = c(6, 13), n = c(49, 68)))
  by_name <- compare_proportions(
    c(single = 6, dual = 13), c(dual = 68, single = 49), methods = "newcombe"
  )
  expect_identical(tidy(by_name), tidy(plain))
  expect_identical(
    tidy(compare_proportions(c(6, 13), c(single = 49, dual = 68), methods = "newcombe")),
    tidy(plain)
  )
  ref <- compare_proportions(
    c(dual = 13, single = 6), c(68, 49), ref = "single", methods = "newcombe"
  )
  expect_identical(tidy(ref), tidy(plain))
  expect_identical(compare_proportions(c(1, 2), c(5, 5))$counts$group, c("group 1", "group 2"))
  expect_equal(tidy(plain)$estimate, 13 / 68 - 6 / 49)
})

test_that("formula and counts are the same comparison", {
  from_counts <- tidy(compare_proportions(c(ref = 2, oth = 3), c(5, 4)))
  rows <- patient_rows(2, 5, 3, 4)
  expect_identical(tidy(compare_proportions(y ~ g, rows)), from_counts)
  rows$pcr <- factor(rows$y, labels = c("no", "yes"))
  expect_identical(tidy(compare_proportions(pcr ~ g, rows)), from_counts)
  table <- data.frame(g = c("ref", "oth"), e = c(2, 3), n = c(5, 4))
  expect_identical(tidy(compare_proportions(cbind(e, n - e) ~ g, table, ref = "ref")), from_counts)
  expect_identical(
    tidy(compare_proportions(y ~ g, rbind(rows, rows), subset = 1:18 <= 9)), from_counts
  )
  weighted <- data.frame(g = rep(c("ref", "oth"), 2), y = rep(1:0, each = 2), w = c(2, 3, 3, 1))
  expect_identical(
    tidy(compare_proportions(y ~ g, weighted, weights = w, ref = "ref")), from_counts
  )
  expect_error(compare_proportions(y ~ g | pcr, rows), class = "her2mod_error_input")
  expect_error(compare_proportions(as.character(y) ~ g, rows), class = "her2mod_error_input")
  expect_error(compare_proportions(y ~ g, rows[rows$g == "ref", ]), class = "her2mod_error_data")
})

test_that("missing rows are dropped, counted and printed", {
  rows <- patient_rows(2, 5, 3, 4)
  rows$y[c(1, 9)] <- NA
  found <- compare_proportions(y ~ g, rows, methods = "newcombe")
  expect_equal(found$n_dropped, 2)
  expect_equal(found$counts$n, c(4, 3))
  expect_true(any(grepl("2 rows with missing values dropped", format(found), fixed = TRUE)))
})

test_that("a million rows of patients", {
  n <- 1e6
  rows <- data.frame(g = rep(c("a", "b"), n / 2), y = rep(c(1, 0, 0, 1, 0, 0, 0, 0), n / 8))
  # of every 8 rows: group a at odd places, events at places 1 (a) and 4 (b)
  found <- compare_proportions(y ~ g, rows, methods = "pearson")
  expect_equal(
    found$counts, data.frame(group = c("a", "b"), x = c(125000, 125000), n = c(5e5, 5e5))
  )
})

test_that("methods are chosen by name, by term, or all", {
  rows <- function(methods) tidy(compare_proportions(c(1, 2), c(10, 10), methods = methods))
  expect_identical(rows("newcombe")$method, "newcombe")
  expect_identical(
    rows("miettinen-nurminen")$term, c("risk_difference", "risk_ratio", "odds_ratio")
  )
  expect_identical(unique(rows("test")$term), "test")
  expect_identical(rows(c("fisher", "wilson"))$method, c("wilson", "wilson", "fisher"))
  expect_identical(nrow(rows("all")), nrow(proportion_methods()))
  expect_identical(rows("all"), rows(NULL))
})

test_that("what would be slow is left out by default and named", {
  slow <- compare_proportions(c(100, 150), c(3000, 3000))
  expect_true(all(c("barnard", "exact-score") %in% slow$omitted$method))
  expect_false("barnard" %in% tidy(slow)$method)
  expect_identical(unique(slow$omitted$why), "slow")
  expect_true(any(grepl("Left out as slow.*Ask with methods = \"exact-score\"", format(slow))))
  quick <- compare_proportions(c(10, 15), c(60, 60))
  expect_identical(nrow(quick$omitted), 0L)
})
