# Shrinkage against the normal-normal posterior by matrices, and estimates of the spread against their definitions.

d <- c(a = 0.17, b = 0.05, c = -0.04, e = 0.3)
s <- c(0.064, 0.125, 0.08, 0.11)

test_that("estimates and errors are the posterior of the two-level model", {
  for (tau in c(0.02, 0.1, 0.5)) {
    found <- shrink_effects(d, s, tau)
    # Prior precision of the effects with a flat common mean: (I - J/k) / tau^2
    k <- length(d)
    prior <- (diag(k) - 1 / k) / tau^2
    posterior <- solve(prior + diag(1 / s^2))
    expect_equal(found$shrunken, drop(posterior %*% (d / s^2)), tolerance = 1e-10)
    expect_equal(found$shrunken.error, sqrt(diag(posterior)), tolerance = 1e-10)
  }
})

test_that("a prior of 0 pools, a wide one changes nothing", {
  pooled <- shrink_effects(d, s, 0)
  w <- 1 / s^2
  expect_equal(pooled$shrunken, rep(sum(w * d) / sum(w), 4))
  expect_equal(pooled$shrunken.error, rep(1 / sqrt(sum(w)), 4))
  wide <- shrink_effects(d, s, 1e6)
  expect_equal(wide$shrunken, unname(d), tolerance = 1e-9)
  expect_equal(wide$shrunken.error, s, tolerance = 1e-9)
})

test_that("the spread is estimated as its definitions say", {
  # DerSimonian and Laird by hand
  w <- 1 / s^2
  q <- sum(w * (d - sum(w * d) / sum(w))^2)
  expect_equal(shrink_effects(d, s, method = "dl")$prior.sd[[1]], sqrt((q - 3) / (sum(w) - sum(w^2) / sum(w))))
  # Maximum likelihood over mean and spread together
  lost <- function(par) -sum(stats::dnorm(d, par[[1]], sqrt(s^2 + par[[2]]^2), log = TRUE))
  best <- stats::optim(c(0.1, 0.1), lost, control = list(reltol = 1e-14, maxit = 5000))
  expect_equal(shrink_effects(d, s)$prior.sd[[1]], abs(best$par[[2]]), tolerance = 1e-4)
  expect_identical(shrink_effects(c(0.1, 0.11, 0.09), c(0.2, 0.2, 0.2))$prior.sd[[1]], 0)
  expect_identical(shrink_effects(c(0.1, 0.1, 0.1), c(0.2, 0.2, 0.2))$prior.sd[[1]], 0)
})

test_that("two effects need a prior, and bad numbers are refused", {
  expect_error(shrink_effects(c(0.1, 0.2), c(0.1, 0.1)), "prior.sd", class = "her2mod_error_input")
  expect_equal(nrow(shrink_effects(c(0.1, 0.2), c(0.1, 0.1), c(0.05, 0.1))), 4)
  expect_error(shrink_effects(c(0.1, Inf), c(0.1, 0.1), 1), class = "her2mod_error_input")
  expect_error(shrink_effects(c(0.1, 0.2), c(0.1, 0), 1), class = "her2mod_error_input")
  expect_error(shrink_effects(c(0.1, 0.2), 0.1, 1), class = "her2mod_error_input")
  expect_error(shrink_effects(c(0.1, 0.2), c(0.1, 0.1), -1), class = "her2mod_error_input")
})
