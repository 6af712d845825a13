test_that("standard errors of two proportions stand by the methods that have one", {
  rows <- tidy(compare_proportions(c(a = 6, b = 13), c(49, 68), methods = "all"))
  error <- function(term, method) rows$std.error[rows$term == term & rows$method == method]
  p <- c(6, 13) / c(49, 68)
  expect_equal(error("risk_difference", "wald"), sqrt(sum(p * (1 - p) / c(49, 68))))
  # Of the logarithm: the half-width of the interval over its quantile.
  for (own in list(c("risk_ratio", "katz"), c("odds_ratio", "woolf"))) {
    row <- rows[rows$term == own[[1]] & rows$method == own[[2]], ]
    expect_equal(row$std.error, log(row$conf.high / row$conf.low) / 2 / qnorm(0.975), info = own[[1]])
  }
  expect_true(all(is.na(rows$std.error[rows$term == "test" | !rows$method %in% c("wald", "katz", "woolf")])))
  none <- tidy(compare_proportions(c(a = 0, b = 13), c(49, 68), methods = c("katz", "woolf")))
  expect_true(all(is.na(none$std.error)))
})

test_that("two_sided() takes tables without rows", {
  expect_identical(two_sided(data.frame(a = 1:2))$alternative, rep("two.sided", 2))
  expect_identical(nrow(two_sided(data.frame(a = double()))), 0L)
})
