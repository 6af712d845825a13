test_that("medians by hand: the middle value, or the midpoint of two", {
  at <- function(a, b) evaluate_numbers("median_difference", a, b)$value
  expect_identical(at(c(1, 2, 9), c(4, 7, 5)), 3)
  expect_identical(at(c(1, 2, 9, 4), c(7, 5)), 3)
  expect_identical(at(5, 3), -2)
  expect_identical(at(c(2, 2, 2), c(2, 2)), 0)
})

test_that("it is median()'s, and the quantile difference's at 1/2", {
  set.seed(11)
  for (n in 1:12) {
    a <- round(rnorm(n), 1)
    b <- round(rnorm(13 - n, 1), 1)
    found <- evaluate_numbers("median_difference", a, b)
    expect_equal(found$value, median(b) - median(a), tolerance = 1e-14)
    expect_identical(evaluate_numbers("quantile_difference", a, b, 0.5), found)
  }
})

test_that("the exact bootstrap of a median is that of order statistics", {
  # Of 3 values the resampled median is the k-th with P(Bin(3, k/3) >= 2) - P(Bin(3, (k-1)/3) >= 2)
  at_least <- stats::pbinom(1, 3, 0:3 / 3, lower.tail = FALSE)
  mass <- diff(at_least)
  boot <- suppressWarnings(
    boot_ci(y ~ g, number_rows(c(0, 0), c(1, 5, 6)), "median_difference", type = "norm"),
    "her2mod_warning"
  )
  expect_identical(boot$method, "exact")
  expect_equal(boot$std.error^2, sum(mass * c(1, 5, 6)^2) - sum(mass * c(1, 5, 6))^2)
})

test_that("the constructor is the registry's entry", {
  expect_s3_class(stat_median_difference(), "her2_stat")
  expect_identical(stat_median_difference()$name, "median_difference")
  expect_length(stat_median_difference()$parameters, 0)
})
