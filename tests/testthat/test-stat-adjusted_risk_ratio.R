test_that("it is the ratio of the two risks by hand, and its intervals are of the ratio", {
  rows <- confounded_rows(seed = 5)
  plain <- data.frame(g = rows$g, y = rows$pcr, covariate1 = as.integer(rows$hr) - 1, covariate2 = rows$age)
  for (estimator in c("g_computation", "ipw")) {
    statistic <- stat_adjusted_risk_ratio(~ hr + age, estimator)
    boot <- boot_ci(pcr ~ g, rows, statistic, R = 199, seed = 1)
    p <- naive_adjusted_risks(plain, unlist(statistic$parameters))
    expect_equal(boot$estimate, p[[2]] / p[[1]], tolerance = 1e-10)
    expect_lt(boot$intervals$conf.low, boot$estimate)
    expect_gt(boot$intervals$conf.low, 0)
  }
})

test_that("a weighted group without events has the ratio 0", {
  rows <- confounded_rows(seed = 5)
  rows$pcr[rows$g == "HER2-mod"] <- 0
  cohort <- boot_ci(pcr ~ g, confounded_rows(seed = 5), stat_adjusted_risk_ratio(~ hr + age, "ipw"), type = "perc", R = 49)$job
  cohort$cohort$response[cohort$cohort$group == 1] <- 0
  found <- cpp_evaluate(cohort)
  expect_identical(found, list(values = -Inf, reason = "infinite"))
})
