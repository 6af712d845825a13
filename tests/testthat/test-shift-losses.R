test_that("mid-p limits are the core's of one proportion", {
  alone <- tidy(compare_proportions(c(3, 1), c(20, 2), methods = "midp"))
  expect_equal(unname(rate_limits(3, 20, 0.95)[2, ]), c(alone$conf.low[[1]], alone$conf.high[[1]]))
  expect_equal(unname(rate_limits(0, 20, 0.95)[1, ]), c(0, 1 - 0.025^(1 / 20)), tolerance = 1e-8)
})

test_that("nobody lost it, in several groups", {
  x <- her2_shift(lost = c(a = 0, b = 0, c = 0), tested = c(5, 6, 7))
  rows <- tidy(x)
  expect_equal(rows$p.value[rows$method == "chi-squared-exact"], 1)
  expect_equal(rows$p.value[rows$method == "fisher"], c(1, 1))
})

test_that("bounds hold every rate that the untested could make", {
  losses <- data.frame(group = c("a", "b"), lost = c(2, 3), tested = c(9, 8), untested = c(2, 3), no_residual = c(1, 0))
  bounds <- loss_bounds(losses, 0.95)
  all <- bounds[bounds$population == "all" & bounds$term == "loss_risk_difference", ]
  possible <- expand.grid(m0 = 0:3, m1 = 0:3)
  d <- (3 + possible$m1) / 11 - (2 + possible$m0) / 12
  expect_equal(range(d), c(all$lower, all$upper))
  expect_true(all$conf.low < all$lower && all$conf.high > all$upper)
})

test_that("a difference between any groups, by Monte Carlo where there are too many ways", {
  lost <- c(10, 15, 8, 21)
  tested <- c(60, 70, 50, 65)
  exact <- exact_chi_squared(lost, tested)
  expect_equal(exact$statistic, stats::chisq.test(cbind(lost, tested - lost))$statistic[[1]])
  expect_lt(abs(exact$p.value - stats::chisq.test(cbind(lost, tested - lost))$p.value), 0.01)
  many <- c(a = 60, b = 75, c = 68, d = 81, e = 70)
  expect_null(exact_chi_squared(many, rep(400, 5)))
  x <- her2_shift(lost = many, tested = rep(400, 5), R = 499, seed = 2)
  row <- tidy(x)[tidy(x)$method == "chi-squared-monte-carlo", ]
  peer <- stats::chisq.test(cbind(many, 400 - many))
  expect_equal(row$statistic, peer$statistic[[1]])
  # Large counts: four binomial standard errors about the asymptotic p.
  expect_lt(abs(row$p.value - peer$p.value), 4 * sqrt(peer$p.value * (1 - peer$p.value) / 499) + 0.01)
  expect_match(format(x), "95% Monte Carlo interval of p .* R = 499, seed 2", all = FALSE)
})
