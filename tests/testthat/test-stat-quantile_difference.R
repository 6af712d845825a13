test_that("quantiles are R's type 7 at every probability, ties and groups of one included", {
  set.seed(12)
  for (prob in c(0.001, 0.1, 0.25, 1 / 3, 0.5, 0.6, 0.75, 0.9, 0.999)) {
    for (n in c(1, 2, 3, 5, 8, 21)) {
      a <- round(rnorm(n), 1)
      b <- round(rexp(22 - n), 1)
      found <- evaluate_numbers("quantile_difference", a, b, prob)
      expect_equal(found$value, quantile(b, prob, names = FALSE) - quantile(a, prob, names = FALSE),
        tolerance = 1e-14
      )
    }
  }
  # 100 * 0.29 falls short of 29: still the 30th of 101 values
  expect_identical(evaluate_numbers("quantile_difference", 0, 0:100 / 8, 0.29)$value, 29 / 8)
})

test_that("the standard error is Maritz and Jarrett's", {
  # by hand at n = 2: Beta(3p, 3(1 - p)) up to 1/2 is the mass of the smaller value
  a <- c(0, 1)
  for (prob in c(0.2, 0.5, 0.7)) {
    low <- stats::pbeta(0.5, 3 * prob, 3 * (1 - prob))
    found <- evaluate_numbers("quantile_difference", a, c(4, 4), prob)
    expect_equal(found$error, sqrt(low * (1 - low)), tolerance = 1e-13)
  }
  # of a median of many it is near the normal limit, sqrt(pi / (2 n)) sigma: 2% at n = 999
  normal <- stats::qnorm(stats::ppoints(999))
  found <- evaluate_numbers("quantile_difference", c(0, 0), normal, 0.5)
  expect_equal(found$error, sqrt(pi / 2 / 999), tolerance = 0.02)
  # one value has no spread
  expect_identical(evaluate_numbers("quantile_difference", 3, c(1, 1), 0.5)$error, 0)
})

test_that("it needs a probability between 0 and 1", {
  for (bad in list(0, 1, -0.1, 1.1, NA, NaN, Inf, "0.5", c(0.1, 0.2), NULL)) {
    refused(stat_quantile_difference(bad), "prob")
  }
  error <- expect_error(as_statistic("quantile_difference"), class = "her2mod_error_input")
  expect_identical(error$arg, "statistic")
  expect_match(cli::ansi_strip(conditionMessage(error)), "stat_quantile_difference(prob = )",
    fixed = TRUE
  )
  # and the core, should a job come from elsewhere
  rows <- cohort_of(number_rows(1:3, 2:5))
  for (bad in list(0, 1, NaN, double())) {
    job <- job_of(rows, "quantile_difference", bad)
    expect_error(call_core(cpp_evaluate(job, rows$frequency, rows$group)),
      class = "her2mod_error_input"
    )
  }
})

test_that("prob reaches both user functions", {
  set.seed(13)
  rows <- number_rows(round(rexp(15), 1), round(rexp(12), 1) + 0.5)
  for (prob in c(0.1, 0.75)) {
    expected <- naive_statistic("quantile_difference", rows, prob)$value
    stat <- stat_quantile_difference(prob)
    boot <- suppressWarnings(boot_ci(y ~ g, rows, stat), "her2mod_warning")
    expect_equal(boot$estimate, expected, tolerance = 1e-14)
    expect_match(format(boot), paste(prob, "quantile difference"), all = FALSE)
    test <- perm_test(y ~ g, rows, stat, R = 99, seed = 1)
    expect_equal(unname(test$statistic), expected, tolerance = 1e-14)
  }
})

test_that("the constructor is the registry's entry", {
  expect_s3_class(stat_quantile_difference(0.25), "her2_stat")
  expect_identical(stat_quantile_difference(0.25)$name, "quantile_difference")
  expect_identical(stat_quantile_difference(0.25)$parameters, list(prob = 0.25))
  expect_identical(stat_quantile_difference(0.25)$title, "0.25 quantile difference")
})
