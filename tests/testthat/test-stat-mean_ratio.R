a <- c(2, 5, 3, 8, 1.5)
b <- c(4, 9, 6.5)

test_that("the log ratio of means and the delta method's standard error", {
  found <- evaluate_numbers("mean_ratio", a, b)
  # means 3.9 and 6.5
  expect_equal(found$value, log(6.5 / 3.9), tolerance = 1e-14)
  by_hand <- var(a) / (5 * 3.9^2) + var(b) / (3 * 6.5^2)
  expect_equal(found$error, sqrt(by_hand), tolerance = 1e-14)
})

test_that("a unit of measurement cancels", {
  for (unit in c(1e-3, 25.4, 1e8)) {
    expect_equal(
      evaluate_numbers("mean_ratio", unit * a, unit * b), evaluate_numbers("mean_ratio", a, b),
      tolerance = 1e-14
    )
  }
})

test_that("a mean of 0 gives the limit, two give nothing", {
  at <- function(a, b) evaluate_numbers("mean_ratio", a, b)
  expect_identical(at(c(0, 0), c(1, 2)), list(value = Inf, error = NaN, reason = "infinite"))
  expect_identical(at(c(1, 2), c(0, 0)), list(value = -Inf, error = NaN, reason = "infinite"))
  expect_identical(at(c(0, 0), c(0, 0)), list(value = NaN, error = NaN, reason = "undefined"))
})

test_that("numbers below 0 have no ratio of means", {
  rows <- number_rows(c(a, -1), b)
  for (call in list(
    quote(boot_ci(y ~ g, rows, "mean_ratio", R = 99)),
    quote(perm_test(y ~ g, rows, "mean_ratio"))
  )) {
    expect_error(eval(call), "responses of at least 0", class = "her2mod_error_data")
  }
  # -0 is 0
  expect_identical(
    evaluate_numbers("mean_ratio", c(a, -0), b), evaluate_numbers("mean_ratio", c(a, 0), b)
  )
})

test_that("results are shown as the ratio", {
  rows <- number_rows(a, b)
  boot <- suppressWarnings(
    boot_ci(y ~ g, rows, "mean_ratio", type = "perc", R = 199, seed = 1), "her2mod_warning"
  )
  expect_equal(boot$estimate, 6.5 / 3.9, tolerance = 1e-14)
  swapped <- suppressWarnings(
    boot_ci(y ~ g, rows, "mean_ratio", type = "perc", R = 199, seed = 1, ref = "oth",
      method = "exact"
    ), "her2mod_warning"
  )
  expect_equal(swapped$estimate, 3.9 / 6.5, tolerance = 1e-14)
  expect_true(all(unlist(boot$intervals[c("conf.low", "conf.high")]) > 0))
})

test_that("the constructor is the registry's entry", {
  expect_s3_class(stat_mean_ratio(), "her2_stat")
  expect_identical(stat_mean_ratio()$name, "mean_ratio")
  expect_identical(stat_mean_ratio()$scale, "log")
})
