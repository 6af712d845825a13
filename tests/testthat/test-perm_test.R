# The test as a whole. References: every arrangement listed (helper-perm.R). Its parts are in the
# other test-perm-*.R.

test_that("strata change the test, and both ways to give them are the same", {
  rows <- centre_rows(list(a = c(8, 10, 25, 30), b = c(2, 30, 1, 8)))
  by_bar <- perm_test(y ~ g | centre, rows)
  expect_identical(by_bar$p.value, p_of(y ~ g, rows, strata = centre))
  # Confounded by centre: without strata the groups seem to differ.
  expect_lt(p_of(y ~ g, rows), 0.001)
  expect_gt(by_bar$p.value, 0.5)
  expect_identical(by_bar$strata, c("a", "b"))
})

test_that("a distance and a test statistic have an upper tail only", {
  for (name in c("standardised_distance", "chi_squared", "kruskal_wallis")) {
    found <- drawn_test(y ~ g, twelve_categories, statistic = name, R = 499)
    expect_identical(found$alternative, "greater")
    expect_equal(found$exceeding, sum(found$replicates >= found$observed - 1e-9), label = name)
    expect_identical(
      drawn_test(
        y ~ g, twelve_categories, statistic = name, alternative = "greater", R = 499
      )$p.value, found$p.value
    )
    error <- expect_error(
      perm_test(y ~ g, twelve_categories, name, alternative = "less"), class = "her2mod_error_input"
    )
    expect_identical(error$arg, "alternative")
  }
})

# Each arrangement as the observed one: under the null they are equally likely.
test_that("the test holds its level, mid-p on average", {
  y <- c(1, 1, 2, 4, 7, 7, 7, 12)
  deals <- naive_deals(rep(c(TRUE, FALSE), c(3, 5)))
  p <- function(name, ...) {
    apply(deals, 2, function(other) {
      perm_test(y ~ g, numeric_rows(y, other), name, method = "exact", ...)$p.value
    })
  }
  for (name in c("mean_difference", "mean_ratio", "median_difference")) {
    two <- p(name)
    for (a in unique(two)) expect_lte(mean(two <= a), a + 1e-12)
  }
  # One-sided the attained levels are met exactly, and mid-p is 1/2 on average.
  one <- p("mean_difference", alternative = "greater")
  for (a in unique(one)) expect_equal(mean(one <= a), a)
  expect_equal(mean(p("mean_difference", alternative = "greater", midp = TRUE)), 0.5)
  expect_equal(
    p("mean_difference", alternative = "greater", midp = TRUE) +
      p("mean_difference", alternative = "less", midp = TRUE), rep(1, ncol(deals))
  )
  # Monte Carlo with few replicates: each arrangement with seeds of its own.
  few <- unlist(lapply(1:8, function(repeated) {
    apply(rbind(seq_len(ncol(deals)), deals), 2, function(column) {
      drawn_test(y ~ g, numeric_rows(y, column[-1]), statistic = "mean_difference",
        R = 9, seed = 1000 * repeated + column[[1]]
      )$p.value
    })
  }))
  for (a in (1:5) / 10) expect_lte(mean(few <= a), a + 4 * sqrt(a * (1 - a) / length(few)))
})

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
  refused("log_rank", arg = "statistic")
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
