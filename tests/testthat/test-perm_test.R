# References: every arrangement listed (helper-perm.R); stats::fisher.test one-sided (R 4.2.2); coin
# 1.4-2 (fixtures/permutation_coin.csv, made by tests/reference/permutation_coin.R).

p_of <- function(...) perm_test(..., progress = FALSE)$p.value
monte_carlo <- function(formula, data, ..., R = 999, seed = 1) {
  perm_test(formula, data, ..., method = "monte_carlo", R = R, seed = seed, progress = FALSE)
}

test_that("exact p-values are those of every arrangement listed", {
  designs <- list(
    list(a = c(1, 4, 3, 4)), list(a = c(2, 7, 4, 5)),
    list(a = c(0, 5, 3, 6)), list(a = c(3, 6, 3, 6)),
    list(a = c(5, 5, 2, 7)), list(a = c(0, 1, 4, 9)),
    list(a = c(1, 3, 2, 4), b = c(0, 2, 3, 5)), list(
      a = c(2, 2, 1, 3), b = c(1, 4, 2, 2), c = c(0, 1, 1, 2)
    ),
    list(a = c(1, 3, 2, 3), b = c(1, 2, 0, 1)), list(a = c(1, 1, 0, 4), b = c(2, 5, 3, 3))
  )
  for (design in designs) {
    rows <- centre_rows(design)
    for (name in c("risk_difference", "risk_ratio", "odds_ratio")) {
      for (alternative in alternatives) {
        expect_equal(p_of(y ~ g | centre, rows, name, alternative = alternative),
          naive_permutation_p(rows, name, alternative),
          tolerance = 1e-10, label = paste(name, alternative, toString(unlist(design)))
        )
      }
    }
  }
})

test_that("every small table: the difference without strata is Fisher's one-sided test", {
  for (i in seq_len(nrow(tables <- all_tables(c(2, 5), 4)))) {
    t <- tables[i, ]
    rows <- patient_rows(t$x0, t$n0, t$x1, t$n1)
    counts <- rbind(c(t$x1, t$n1 - t$x1), c(t$x0, t$n0 - t$x0))
    for (alternative in c("less", "greater")) {
      expect_equal(
        p_of(y ~ g, rows, alternative = alternative),
        fisher.test(counts, alternative = alternative)$p.value, tolerance = 1e-9
      )
    }
  }
})

# The three effects order the tables of fixed margins in the same way.
test_that("one-sided p does not depend on the effect", {
  rows <- patient_rows(6, 49, 13, 68)
  p <- vapply(
    c("risk_difference", "risk_ratio", "odds_ratio"),
    function(name) p_of(y ~ g, rows, name, alternative = "greater"), 0
  )
  expect_equal(unname(p), rep(p[[1]], 3), tolerance = 1e-12)
})

# P(|X - E X| >= |x - E X|) for the difference without strata, by dhyper.
test_that("two-sided p counts arrangements at least as far from the expected table", {
  for (t in list(c(6, 49, 13, 68), c(211, 458, 19, 117), c(1, 7, 4, 5), c(3, 30, 30, 60))) {
    rows <- do.call(patient_rows, as.list(t))
    m <- t[[1]] + t[[3]]
    k <- max(0, m - t[[2]]):min(m, t[[4]])
    mass <- dhyper(k, t[[4]], t[[2]], m)
    centre <- m * t[[4]] / (t[[2]] + t[[4]])
    expect_equal(
      p_of(y ~ g, rows), sum(mass[abs(k - centre) >= abs(t[[3]] - centre) - 1e-9]),
      tolerance = 1e-10
    )
  }
})

test_that("coin agrees: exactly without strata, within its Monte Carlo error with them", {
  peer <- read.csv(test_path("fixtures", "permutation_coin.csv"))
  # The designs of the script.
  cases <- list(
    dual = list(one = c(6, 49, 13, 68)), small = list(one = c(1, 7, 4, 5)),
    centres = list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40))
  )
  for (i in seq_len(nrow(peer))) {
    p <- p_of(
      y ~ g | centre, centre_rows(cases[[peer$case[[i]]]]), alternative = peer$alternative[[i]]
    )
    expect_lt(
      abs(p - peer$p.value[[i]]), 4 * peer$mc.error[[i]] + 1e-9,
      label = paste(peer$case[[i]], peer$alternative[[i]])
    )
  }
})

test_that("the exact null distribution adds to 1 and has the hypergeometric mean and variance", {
  null <- perm_test(
    y ~ g | centre, centre_rows(list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40)))
  )$null
  expect_equal(sum(null$probability), 1, tolerance = 1e-12)
  mean <- 13 * 16 / 36 + 34 * 40 / 70
  variance <- 13 * 16 * 20 * 23 / (36^2 * 35) + 34 * 40 * 30 * 36 / (70^2 * 69)
  expect_equal(sum(null$probability * null$x1), mean, tolerance = 1e-11)
  expect_equal(sum(null$probability * (null$x1 - mean)^2), variance, tolerance = 1e-10)
})

test_that("a permutation that can change nothing has p = 1", {
  for (events in list(c(0, 0), c(5, 7))) {
    rows <- patient_rows(events[[1]], 5, events[[2]], 7)
    for (method in c("exact", "monte_carlo")) {
      for (alternative in alternatives) {
        found <- perm_test(
          y ~ g, rows, method = method, alternative = alternative, R = 99, seed = 1,
          progress = FALSE
        )
        expect_identical(found$p.value, 1)
        expect_identical(found$p.interval, c(1, 1))
      }
    }
    # ratios 0/0 or 1 alike
    expect_identical(p_of(y ~ g, rows, "odds_ratio"), 1)
  }
  # within strata: every stratum is constant although the whole is not
  rows <- centre_rows(list(a = c(3, 3, 2, 2), b = c(0, 4, 0, 5)))
  expect_identical(p_of(y ~ g | centre, rows), 1)
  expect_lt(p_of(y ~ g, rows, alternative = "two.sided"), 1 + 1e-12)
})

test_that("strata change the test, and both ways to give them are the same", {
  rows <- centre_rows(list(a = c(8, 10, 25, 30), b = c(2, 30, 1, 8)))
  by_bar <- perm_test(y ~ g | centre, rows)
  expect_identical(by_bar$p.value, p_of(y ~ g, rows, strata = centre))
  # Confounded by centre: without strata the groups seem to differ.
  expect_lt(p_of(y ~ g, rows), 0.001)
  expect_gt(by_bar$p.value, 0.5)
  expect_identical(by_bar$strata, c("a", "b"))
})

# --- Monte Carlo
# ------------------------------------------------------------------------------------

test_that("a Monte Carlo p is (b + 1)/(R + 1), never 0, with its exact interval", {
  rows <- patient_rows(0, 10, 10, 10)
  found <- monte_carlo(y ~ g, rows)
  # 2 of choose(20, 10) arrangements: none in 999
  expect_identical(found$exceeding, 0L)
  expect_identical(found$p.value, 1 / 1000)
  expect_equal(found$p.interval, as.vector(binom.test(0, 999)$conf.int), tolerance = 1e-10)
  some <- monte_carlo(y ~ g, patient_rows(6, 49, 13, 68))
  expect_identical(some$p.value, (some$exceeding + 1) / 1000)
  expect_equal(
    some$p.interval, as.vector(binom.test(some$exceeding, 999)$conf.int), tolerance = 1e-9
  )
  expect_identical(monte_carlo(y ~ g, rows, R = 1)$p.value, 1 / 2)
})

test_that("ties count: b is the number of replicates at least as extreme", {
  rows <- patient_rows(2, 5, 3, 5)
  found <- monte_carlo(y ~ g, rows, R = 4999)
  expect_equal(sum(abs(found$replicates) >= 0.2 - 1e-9), found$exceeding)
  # the observed difference is among the commonest: without ties p would be far too small
  expect_gt(found$p.value, 0.9)
})

test_that("Monte Carlo converges to the exact p", {
  R <- 1e5
  two <- centre_rows(list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40)))
  for (alternative in alternatives) {
    for (name in c("risk_difference", "odds_ratio")) {
      exact <- p_of(y ~ g | centre, two, name, alternative = alternative)
      drawn <- monte_carlo(y ~ g | centre, two, statistic = name, alternative = alternative, R = R)
      expect_lt(abs(drawn$exceeding / R - exact), 5 * sqrt(exact * (1 - exact) / R))
    }
  }
  # the whole distribution, not only its tail
  one <- monte_carlo(y ~ g, patient_rows(2, 7, 4, 5), R = R)
  x1 <- round((one$replicates + 6 / 7) / (1 / 5 + 1 / 7))
  expected <- dhyper(0:5, 5, 7, 6) * R
  observed <- tabulate(x1 + 1, 6)[1:6]
  expect_gt(
    chisq.test(observed[expected > 5], p = expected[expected > 5], rescale.p = TRUE)$p.value, 1e-5
  )
})

test_that("labels are permuted within strata only", {
  rows <- centre_rows(list(a = c(1, 1, 0, 4), b = c(2, 5, 3, 3)))
  drawn <- monte_carlo(y ~ g | centre, rows, R = 999)
  # by hand: one event of five in centre a, five of eight in centre b with three "oth"
  possible <- sort(unique(naive_arrangements(rows)))
  expect_setequal(round(drawn$replicates, 10), round(possible / 7 - (6 - possible) / 6, 10))
})

test_that("a seed gives the same numbers with any number of threads, and a longer run goes on", {
  rows <- patient_rows(6, 49, 13, 68)
  one <- monte_carlo(y ~ g, rows, R = 9999, seed = 5, threads = 1)
  two <- monte_carlo(y ~ g, rows, R = 9999, seed = 5, threads = 2)
  expect_identical(one[names(one) != "call"], two[names(two) != "call"])
  expect_identical(monte_carlo(y ~ g, rows, R = 999, seed = 5)$replicates, one$replicates[1:999])
  expect_false(
    identical(monte_carlo(y ~ g, rows, R = 999, seed = 6)$replicates, one$replicates[1:999])
  )
  expect_identical(
    monte_carlo(y ~ g, rows[rev(seq_len(nrow(rows))), ], R = 999, seed = 5)$replicates,
    one$replicates[1:999]
  )
  set.seed(4)
  before <- .Random.seed
  monte_carlo(y ~ g, rows)
  p_of(y ~ g, rows)
  expect_identical(.Random.seed, before)
  free <- monte_carlo(y ~ g, rows, seed = NULL)
  set.seed(4)
  expect_identical(monte_carlo(y ~ g, rows, seed = NULL)$replicates, free$replicates)
})

# --- the result
# -------------------------------------------------------------------------------------

test_that("the result is a htest with a plain double p", {
  found <- perm_test(y ~ g, patient_rows(6, 49, 13, 68))
  expect_s3_class(found, c("her2_perm", "htest"), exact = TRUE)
  expect_type(found$p.value, "double")
  expect_null(attributes(found$p.value))
  expect_equal(found$statistic, c("risk difference" = 13 / 68 - 6 / 49))
  expect_equal(unname(found$estimate), 13 / 68 - 6 / 49)
  expect_identical(found$null.value, c("risk difference" = 0))
  expect_identical(found$alternative, "two.sided")
  expect_match(found$method, "Exact")
  ratio <- perm_test(y ~ g, patient_rows(6, 49, 13, 68), "risk_ratio", ref = "oth")
  expect_equal(unname(ratio$estimate), (6 / 49) / (13 / 68))
  expect_identical(unname(ratio$null.value), 1)
  # R's own print of a htest can show it
  expect_output(stats:::print.htest(found), "p-value = 0.4471")
})

test_that("swapping the groups swaps the alternatives", {
  rows <- patient_rows(6, 49, 13, 68)
  expect_equal(
    p_of(y ~ g, rows, alternative = "less"),
    p_of(y ~ g, rows, ref = "oth", alternative = "greater"), tolerance = 1e-12
  )
  expect_equal(p_of(y ~ g, rows), p_of(y ~ g, rows, ref = "oth"), tolerance = 1e-12)
  expect_equal(
    p_of(y ~ g, rows, "odds_ratio"), p_of(1 - y ~ g, rows, "odds_ratio"), tolerance = 1e-12
  )
})

test_that("aggregated, weighted and patient rows are the same test", {
  rows <- patient_rows(6, 49, 13, 68)
  table <- data.frame(g = factor(c("ref", "oth"), c("ref", "oth")), e = c(6, 13), n = c(49, 68))
  weighted <- data.frame(g = rep(table$g, 2), y = rep(1:0, each = 2), w = c(6, 13, 43, 55))
  p <- p_of(y ~ g, rows)
  expect_identical(p_of(cbind(e, n - e) ~ g, table), p)
  expect_identical(p_of(y ~ g, weighted, weights = w), p)
  expect_identical(p_of(y ~ g, rbind(rows, rows), subset = 1:234 <= 117), p)
})

test_that("missing rows are dropped and counted; wrong options are refused", {
  rows <- patient_rows(6, 49, 13, 68)
  rows$y[[1]] <- NA
  found <- perm_test(y ~ g, rows)
  expect_equal(found$n_dropped, 1)
  expect_true(any(grepl("1 row with missing values dropped", format(found), fixed = TRUE)))
  refused <- function(..., arg) {
    error <- expect_error(perm_test(y ~ g, rows, ...), class = "her2mod_error_input")
    expect_identical(error$arg, arg)
  }
  refused("logrank", arg = "statistic")
  refused(method = "asymptotic", arg = "method")
  refused(alternative = "both", arg = "alternative")
  for (method in c("exact", "monte_carlo")) {
    for (R in list(0, 1.5, NA, "99")) refused(method = method, R = R, arg = "R")
    refused(method = method, seed = "1", arg = "seed")
    refused(method = method, threads = -1, arg = "threads")
  }
  expect_error(perm_test(as.character(y) ~ g, rows), class = "her2mod_error_input")
  expect_error(perm_test(y ~ g, rows[rows$g == "ref", ]), class = "her2mod_error_data")
})

test_that("a thousand strata and ten thousand patients are exact", {
  set.seed(8)
  centre <- rep(1:1000, each = 10)
  rows <- data.frame(
    centre, g = factor(rep(c("ref", "oth"), 5000), c("ref", "oth")), y = rbinom(10000, 1, 0.3)
  )
  found <- perm_test(y ~ g | centre, rows)
  # by the normal limit with the hypergeometric moments
  m <- tapply(rows$y, centre, sum)
  x1 <- sum(rows$y[rows$g == "oth"])
  z <- (x1 - sum(m) / 2) / sqrt(sum(m * (10 - m) * 25 / (100 * 9)))
  expect_lt(
    abs(found$p.value - 2 * pnorm(-abs(z) + 0.5 / sqrt(sum(m * (10 - m) * 25 / 900)))), 2e-3
  )
})
