# Efron and Tibshirani's mouse data: survival in days (1993, table 2.1, ISBN 0412042312).
treated <- c(94, 197, 16, 38, 99, 141, 23)
control <- c(52, 104, 146, 10, 50, 31, 40, 27, 46)

test_that("the mean difference and Welch's standard error are t.test()'s", {
  welch <- stats::t.test(treated, control)
  found <- evaluate_numbers("mean_difference", control, treated)
  expect_equal(found$value, mean(treated) - mean(control), tolerance = 1e-14)
  # as the table prints them
  expect_identical(round(c(found$value, found$error), 2), c(30.63, 28.93))
  expect_equal(found$error, welch$stderr, tolerance = 1e-14)
  expect_identical(found$reason, "none")
})

test_that("a common shift or a large scale costs no digits", {
  plain <- evaluate_numbers("mean_difference", control, treated)
  for (shift in c(1e6, -1e9)) {
    moved <- evaluate_numbers("mean_difference", control + shift, treated + shift)
    expect_equal(moved$value, plain$value, tolerance = 1e-9)
    expect_equal(moved$error, plain$error, tolerance = 1e-9)
  }
  for (scale in c(1e-150, -1e150)) {
    scaled <- evaluate_numbers("mean_difference", control * scale, treated * scale)
    expect_equal(scaled$value / scale, plain$value, tolerance = 1e-13)
    expect_equal(scaled$error / abs(scale), plain$error, tolerance = 1e-13)
  }
})

test_that("no spread has no error; a group of one has a difference but no standard error", {
  expect_identical(
    evaluate_numbers("mean_difference", c(2, 2), c(5, 5, 5)),
    list(value = 3, error = 0, reason = "none")
  )
  # constant at a number that is no binary fraction
  expect_identical(evaluate_numbers("mean_difference", rep(0.1, 9), rep(0.1, 7))$error, 0)
  expect_identical(
    evaluate_numbers("mean_difference", 1, c(5, 6)), list(value = 4.5, error = NaN, reason = "none")
  )
})

test_that("user functions give it: exactly, and by default by replicates", {
  rows <- number_rows(control, treated)
  boot <- boot_ci(y ~ g, rows, "mean_difference", method = "exact", type = "norm")
  expect_equal(boot$estimate, mean(treated) - mean(control), tolerance = 1e-14)
  # variance of a resampled mean: with divisor n
  plug_in <- function(y) mean((y - mean(y))^2) / length(y)
  expect_equal(boot$std.error, sqrt(plug_in(treated) + plug_in(control)), tolerance = 1e-9)
  # all choose(16, 7) arrangements, by list
  sums <- utils::combn(rows$y, 7, sum)
  test <- perm_test(y ~ g, rows, "mean_difference", alternative = "greater")
  expect_equal(test$p.value, mean(sums >= sum(treated)), tolerance = 1e-12)
})

test_that("the constructor is the registry's entry", {
  expect_s3_class(stat_mean_difference(), "her2_stat")
  expect_identical(stat_mean_difference()$name, "mean_difference")
  expect_identical(stat_mean_difference()$endpoint, "numeric")
  expect_identical(stat_mean_difference()$scale, "identity")
})
