# By hand: fractions of counts.
test_that("the risk difference and its standard error", {
  found <- evaluate(cohort_of(patient_rows(6, 49, 13, 68)), "risk_difference")
  expect_equal(found$value, 229 / 3332, tolerance = 1e-14) # (13 * 49 - 6 * 68) / (49 * 68)
  expect_equal(found$error^2, 6 * 43 / 49^3 + 13 * 55 / 68^3, tolerance = 1e-14)
  expect_identical(found$reason, "none")
})

test_that("no events are a difference of 0 and not a failure", {
  found <- evaluate(cohort_of(patient_rows(0, 4, 0, 3)), "risk_difference")
  expect_identical(found, list(value = 0, error = 0, reason = "none"))
  expect_identical(evaluate(cohort_of(patient_rows(0, 4, 3, 3)), "risk_difference")$value, 1)
})

test_that("a group without weight has no difference", {
  cohort <- cohort_of(patient_rows(1, 2, 1, 2))
  found <- evaluate(cohort, "risk_difference", weight = c(0, 0, 1, 1))
  expect_identical(found, list(value = NaN, error = NaN, reason = "empty_group"))
})

test_that("the constructor is the registry's entry", {
  expect_s3_class(stat_risk_difference(), "her2_stat")
  expect_identical(stat_risk_difference()$name, "risk_difference")
  expect_identical(stat_risk_difference()$scale, "identity")
})
