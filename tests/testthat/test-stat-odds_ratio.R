test_that("the log odds ratio and Woolf's standard error", {
  found <- evaluate(cohort_of(patient_rows(6, 49, 13, 68)), "odds_ratio")
  expect_equal(found$value, log(13 * 43 / (6 * 55)), tolerance = 1e-14)
  expect_equal(found$error^2, 1 / 6 + 1 / 43 + 1 / 13 + 1 / 55, tolerance = 1e-14)
  expect_identical(found$reason, "none")
})

test_that("a zero count gives the limit, 0/0 gives nothing, both with a reason", {
  at <- function(...) evaluate(cohort_of(patient_rows(...)), "odds_ratio")
  expect_identical(at(0, 4, 1, 3), list(value = Inf, error = NaN, reason = "infinite"))
  expect_identical(at(1, 4, 3, 3), list(value = Inf, error = NaN, reason = "infinite"))
  expect_identical(at(1, 4, 0, 3), list(value = -Inf, error = NaN, reason = "infinite"))
  expect_identical(at(4, 4, 1, 3), list(value = -Inf, error = NaN, reason = "infinite"))
  expect_identical(at(0, 4, 3, 3), list(value = Inf, error = NaN, reason = "infinite"))
  expect_identical(at(0, 4, 0, 3), list(value = NaN, error = NaN, reason = "undefined"))
  expect_identical(at(4, 4, 3, 3), list(value = NaN, error = NaN, reason = "undefined"))
})

test_that("a group without weight has no odds ratio", {
  found <- evaluate(cohort_of(patient_rows(1, 2, 1, 2)), "odds_ratio", weight = c(0, 0, 1, 1))
  expect_identical(found, list(value = NaN, error = NaN, reason = "empty_group"))
})

test_that("the constructor is the registry's entry", {
  expect_s3_class(stat_odds_ratio(), "her2_stat")
  expect_identical(stat_odds_ratio()$name, "odds_ratio")
  expect_identical(stat_odds_ratio()$scale, "log")
})
