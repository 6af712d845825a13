test_that("the log risk ratio and Katz's standard error", {
  found <- evaluate(cohort_of(patient_rows(6, 49, 13, 68)), "risk_ratio")
  expect_equal(found$value, log(13 * 49 / (6 * 68)), tolerance = 1e-14)
  expect_equal(found$error^2, 1 / 6 - 1 / 49 + 1 / 13 - 1 / 68, tolerance = 1e-14)
  expect_identical(found$reason, "none")
})

test_that("a zero count gives the limit, 0/0 gives nothing, both with a reason", {
  at <- function(...) evaluate(cohort_of(patient_rows(...)), "risk_ratio")
  expect_identical(at(0, 4, 1, 3), list(value = Inf, error = NaN, reason = "infinite"))
  expect_identical(at(1, 4, 0, 3), list(value = -Inf, error = NaN, reason = "infinite"))
  expect_identical(at(0, 4, 0, 3), list(value = NaN, error = NaN, reason = "undefined"))
  # All events on both sides are a ratio of 1, known without error.
  expect_identical(at(4, 4, 3, 3), list(value = 0, error = 0, reason = "none"))
})

test_that("a group without weight has no ratio", {
  found <- evaluate(cohort_of(patient_rows(1, 2, 1, 2)), "risk_ratio", weight = c(1, 1, 0, 0))
  expect_identical(found$reason, "empty_group")
  expect_identical(found$value, NaN)
})

test_that("the constructor is the registry's entry", {
  expect_s3_class(stat_risk_ratio(), "her2_stat")
  expect_identical(stat_risk_ratio()$name, "risk_ratio")
  expect_identical(stat_risk_ratio()$scale, "log")
})
