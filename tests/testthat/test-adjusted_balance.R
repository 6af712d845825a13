test_that("means and standardised differences before and after weighting, by hand", {
  rows <- confounded_rows()
  x <- adjusted_effect(pcr ~ g, rows, ~ hr + age, estimator = "ipw", type = "perc", R = 49, seed = 1)
  table <- balance(x)
  expect_identical(table$covariate, c("hrHR+", "age"))
  a <- rows[rows$g == "IHC 3+", ]
  b <- rows[rows$g == "HER2-mod", ]
  p <- c(mean(a$hr == "HR+"), mean(b$hr == "HR+"))
  expect_equal(table$difference.before[[1]], diff(p) / sqrt(mean(p * (1 - p))), tolerance = 1e-12)
  spread <- sqrt((stats::var(a$age) + stats::var(b$age)) / 2)
  expect_equal(table$difference.before[[2]], (mean(b$age) - mean(a$age)) / spread, tolerance = 1e-12)
  e <- stats::fitted(stats::glm(g ~ hr + age, stats::binomial(), rows))
  after <- stats::weighted.mean(b$age, 1 / e[rows$g == "HER2-mod"]) - stats::weighted.mean(a$age, 1 / (1 - e[rows$g == "IHC 3+"]))
  expect_equal(table$difference.after[[2]], after / spread, tolerance = 1e-6)
  # the package's own standardised difference, of numbers and of shares
  known <- boot_ci(age ~ g, rows, stat_standardised_difference("balance"), R = 49, type = "perc")$estimate
  expect_equal(table$difference.before[[2]], known, tolerance = 1e-10)
})

test_that("overlap weights balance the means exactly", {
  x <- adjusted_effect(pcr ~ g, confounded_rows(), ~ hr + grade + age, estimator = "overlap", type = "perc", R = 49, seed = 1)
  # Li, Morgan and Zaslavsky (2018), theorem 3
  expect_lt(max(abs(balance(x)$difference.after)), 1e-9)
  expect_gt(max(abs(balance(x)$difference.before)), 0.2)
})

test_that("a column that does not vary is balanced or infinitely apart", {
  expect_identical(over_spread(0, 0), 0)
  expect_identical(over_spread(1, 0), Inf)
  expect_error(balance(1), class = "her2mod_error_input")
})
