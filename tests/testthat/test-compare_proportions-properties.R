# What must hold in every table of up to 8 patients a group.

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

# exact-score inverts one two-sided test, which is no pair of one-sided ones; exact-score-central is
# one.
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
# hold an effect that is rejected (such as no effect), but never leave out one that is accepted.
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
