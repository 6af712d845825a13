a <- c(4, 7, 5, 9, 6)
b <- c(8, 11, 7, 10)

test_that("Hedges' g by hand: d by the pooled variance, J by Gamma functions", {
  # means 6.2 and 9; sums of squares 14.8 and 10; f = 7
  d <- 2.8 / sqrt(24.8 / 7)
  # Gamma(3.5) = 15 sqrt(pi) / 8, Gamma(3) = 2
  j <- (15 * sqrt(pi) / 8) / (sqrt(3.5) * 2)
  found <- evaluate_numbers("standardised_difference", a, b)
  expect_equal(found$value, j * d, tolerance = 1e-14)
  expect_equal(found$error, j * sqrt(1 / 5 + 1 / 4 + d^2 / 14), tolerance = 1e-14)
  # the usual approximation of J, 1 - 3 / (4 f - 1), is near
  expect_equal(found$value / d, 1 - 3 / 27, tolerance = 1e-3)
})

test_that("J is exact for large groups, where Gamma() overflows", {
  set.seed(21)
  a <- rnorm(4000)
  b <- rnorm(3000, 0.3)
  f <- 6998
  j <- exp(lgamma(f / 2) - log(f / 2) / 2 - lgamma((f - 1) / 2))
  pooled <- sqrt((3999 * var(a) + 2999 * var(b)) / f)
  expect_equal(evaluate_numbers("standardised_difference", a, b)$value,
    j * (mean(b) - mean(a)) / pooled,
    tolerance = 1e-11
  )
})

test_that("the balance form: Austin's, with p(1 - p) for a binary response", {
  found <- evaluate_numbers("standardised_difference", a, b, 1)
  d <- 2.8 / sqrt((14.8 / 4 + 10 / 3) / 2)
  expect_equal(found$value, d, tolerance = 1e-14)
  expect_equal(found$error, sqrt(1 / 5 + 1 / 4 + d^2 / 18), tolerance = 1e-14)
  # Austin 2009: (p1 - p0) / sqrt((p0(1 - p0) + p1(1 - p1)) / 2), here 1/5 and 3/4
  binary <- evaluate_numbers("standardised_difference", c(0, 0, 1, 0, 0), c(1, 1, 0, 1), 1)
  expect_equal(binary$value, 0.55 / sqrt((0.16 + 0.1875) / 2), tolerance = 1e-14)
  # any other two values are numbers, with divisor n - 1
  two <- evaluate_numbers("standardised_difference", c(0, 0, 2, 0, 0), c(2, 2, 0, 2), 1)
  expect_equal(two$value, 1.1 / sqrt((0.8 + 1) / 2), tolerance = 1e-14)
})

test_that("neither unit nor shift matters", {
  for (form in list(double(), 1)) {
    plain <- evaluate_numbers("standardised_difference", a, b, form)
    for (unit in c(1e-4, 37, 1e9)) {
      expect_equal(evaluate_numbers("standardised_difference", unit * a, unit * b, form), plain,
        tolerance = 1e-13
      )
      expect_equal(evaluate_numbers("standardised_difference", a + unit, b + unit, form), plain,
        tolerance = if (unit == 1e9) 1e-6 else 1e-12
      )
    }
  }
})

test_that("without spread: 0 where the means are equal, else infinite", {
  for (form in list(double(), 1)) {
    at <- function(a, b) evaluate_numbers("standardised_difference", a, b, form)
    expect_identical(at(c(2, 2, 2), c(2, 2))$value, 0)
    expect_identical(at(rep(0.1, 7), rep(0.1, 5))$value, 0)
    expect_identical(at(c(2, 2, 2), c(3, 3))[c("value", "reason")],
      list(value = Inf, reason = "infinite")
    )
    expect_identical(at(c(0.3, 0.3, 0.3), c(0.1, 0.1))[c("value", "reason")],
      list(value = -Inf, reason = "infinite")
    )
  }
  # Hedges' J needs two degrees of freedom
  expect_identical(evaluate_numbers("standardised_difference", 1:2, 3)$reason, "undefined")
})

test_that("the form is chosen by name, and both user functions follow", {
  expect_identical(stat_standardised_difference(), stat_standardised_difference("hedges"))
  expect_match(stat_standardised_difference()$title, "Hedges' g")
  expect_match(stat_standardised_difference("balance")$title, "balance")
  for (bad in list("cohen", NA, 1, c("balance", "hedges"), character())) {
    refused(stat_standardised_difference(bad), "form")
  }
  rows <- number_rows(a, b)
  for (form in c("hedges", "balance")) {
    expected <- naive_statistic("standardised_difference", rows, if (form == "balance") 1)$value
    boot <- suppressWarnings(boot_ci(y ~ g, rows, stat_standardised_difference(form),
      R = 99, seed = 1, type = "perc"
    ), "her2mod_warning")
    expect_equal(boot$estimate, expected, tolerance = 1e-13)
    test <- perm_test(y ~ g, rows, stat_standardised_difference(form), R = 99, seed = 1)
    expect_equal(unname(test$statistic), expected, tolerance = 1e-13)
  }
  # logical responses are 0 and 1
  rows$late <- rows$y > 6
  test <- perm_test(late ~ g, rows, stat_standardised_difference("balance"), R = 99, seed = 1)
  p <- c(2 / 5, 1)
  expect_equal(unname(test$statistic), 0.6 / sqrt(sum(p * (1 - p)) / 2), tolerance = 1e-13)
})

test_that("the permutation test of Hedges' g is that of the mean difference", {
  rows <- number_rows(a, b)
  expect_equal(
    perm_test(y ~ g, rows, "standardised_difference")$p.value,
    perm_test(y ~ g, rows, "mean_difference")$p.value,
    tolerance = 1e-12
  )
})
