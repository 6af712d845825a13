test_that("the population is said in words", {
  groups <- c("IHC 3+", "HER2-mod")
  words <- function(...) target_words(stat_adjusted_risk_difference(~age, ...), groups)
  expect_match(words(), "all patients, of both groups")
  expect_match(words(target = "reference"), "reference group, IHC 3\\+")
  expect_match(words(target = "other"), "like those of HER2-mod")
  expect_match(words("overlap"), "overlap of the groups")
  expect_match(paste(format_adjusted_estimand(stat_adjusted_rmst_difference(~age, 5), groups), collapse = " "), "survival time")
  expect_match(stat_adjusted_risk_ratio(~ age + hr, "ipw")$title, "for age \\+ hr by inverse probability weights")
})

test_that("a name alone says what is missing", {
  error <- expect_error(
    boot_ci(pcr ~ g, confounded_rows(), "adjusted_risk_difference"), class = "her2mod_error_input"
  )
  expect_match(cli::ansi_strip(conditionMessage(error)), "stat_adjusted_risk_difference(adjust = )", fixed = TRUE)
})

test_that("the core refuses what R does not let through", {
  rows <- data.frame(g = factor(rep(c("ref", "oth"), 4)), y = rep(0:1, each = 4), covariate1 = c(1, 1, 2, 2, 1, 1, 2, 2))
  cohort <- cohort_of(rows)
  bad <- function(cohort, numbers, name = "adjusted_risk_difference") {
    expect_error(call_core(cpp_evaluate(job_of(cohort, name, numbers))), class = "her2mod_error_input")
  }
  bad(cohort, c(4, 0, 0, 0))
  bad(cohort, c(0, 3, 0, 0))
  bad(cohort, c(0, 0, 0.5, 0))
  bad(cohort, c(2, 1, 0, 0))
  bad(cohort, c(0, 0, 0))
  bad(cohort[names(cohort) != "covariates"], c(0, 0, 0, 0))
  expect_error(cpp_adjusted_means(job_of(cohort, "risk_difference")), "not adjusted")
})
