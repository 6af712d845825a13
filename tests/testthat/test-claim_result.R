# What a claim's result brings beside the verdict.

test_that("TOST is the larger of two one-sided tests", {
  found <- check_claim("no difference", c(200, 205), c(400, 400), margin = 0.1)
  p <- stats::setNames(found$tests$p.value, found$tests$test)
  expect_identical(p[["equivalent"]], max(p[["non-inferior"]], p[["no improvement that matters"]]))
  expect_identical(found$verdict, "supported")
})

test_that("the detectable difference is exact where it can be, and else by the standard error", {
  found <- check_claim("no improvement", c(6, 13), c(49, 68), margin = 0.1)
  exact <- detectable_difference(c(49, 68), 6 / 49)
  expect_equal(c(found$detectable$low, found$detectable$high), exact$difference)
  large <- check_claim("no improvement", c(600, 1300), c(4900, 6800), margin = 0.1)
  error <- sqrt(600 * 4300 / 4900^3 + 1300 * 5500 / 6800^3)
  expect_equal(large$detectable$high, (stats::qnorm(0.975) + stats::qnorm(0.8)) * error)
})

test_that("a prior that is given is used, and none is made up for restricted means", {
  found <- check_claim("no improvement", cbind(pcr, n - pcr) ~ therapy * her2, data = zhang_counts(), margin = 0.1,
    group = "2+ISH+", prior.sd = 0.07)
  expect_equal(unique(found$shrunken$prior.sd), 0.07)
  gbsg <- survival::gbsg
  of <- function(...) {
    check_claim("improvement", Surv(rfstime, status) ~ hormon * meno, data = gbsg, group = 1, margin = 60, tau = 1500,
      effect = "rmst_difference", ...)
  }
  expect_null(of()$shrunken)
  expect_equal(unique(of(prior.sd = 30)$shrunken$prior.sd), 30)
})

test_that("no events, or only events, still have a verdict", {
  none <- check_claim("no difference", c(0, 0), c(100, 120), margin = 0.1)
  expect_identical(none$verdict, "supported")
  few <- check_claim("no difference", c(0, 0), c(5, 4), margin = 0.1)
  expect_identical(few$verdict, "inconclusive")
  expect_identical(check_claim("improvement", c(0, 4), c(5, 4), margin = 0.1)$verdict, "supported")
})
