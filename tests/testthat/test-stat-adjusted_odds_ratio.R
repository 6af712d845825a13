test_that("it is the odds ratio of the two risks by hand", {
  rows <- confounded_rows(seed = 6)
  plain <- data.frame(g = rows$g, y = rows$pcr, covariate1 = as.integer(rows$hr) - 1, covariate2 = rows$age)
  statistic <- stat_adjusted_odds_ratio(~ hr + age)
  boot <- boot_ci(pcr ~ g, rows, statistic, R = 199, seed = 1)
  p <- naive_adjusted_risks(plain, unlist(statistic$parameters))
  expect_equal(boot$estimate, p[[2]] / (1 - p[[2]]) / (p[[1]] / (1 - p[[1]])), tolerance = 1e-10)
})

test_that("it is nearer to 1 than the conditional odds ratio", {
  rows <- confounded_rows(2000, seed = 7)
  boot <- boot_ci(pcr ~ g, rows, stat_adjusted_odds_ratio(~ hr + grade + age), type = "perc", R = 49, seed = 1)
  conditional <- coef(logistic_regression(pcr ~ g + hr + grade + age, rows))[["gHER2-mod"]]
  expect_lt(abs(log(boot$estimate)), abs(conditional))
})
