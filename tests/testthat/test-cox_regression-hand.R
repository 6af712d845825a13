# The examples that Therneau and Grambsch (2000), Modeling Survival Data, appendix E, work by hand
# (doi:10.1007/978-1-4757-3294-8), also in survival's vignette "validate"; and Freireich's leukaemia patients.
# With r = exp(b) their log-likelihoods can be written down, as done here from the risk sets.

highest <- function(value) optimize(value, c(-3, 5), maximum = TRUE, tol = 1e-10)

expect_highest <- function(fit, value, printed, digits) {
  expect_equal(unname(coef(fit)), printed, tolerance = 0.6 * 10^-digits / abs(printed))
  found <- highest(value)
  expect_equal(fit$loglik, c(value(0), found$objective), tolerance = 1e-11)
  # The maximum itself is known to the root of the precision of its value.
  expect_equal(unname(coef(fit)), found$maximum, tolerance = 1e-6)
  # Its information by a difference quotient.
  b <- unname(coef(fit))
  h <- 1e-3
  at <- vapply(b + h * -2:2, value, 0)
  curvature <- -sum(c(-1, 16, -30, 16, -1) * at) / (12 * h^2)
  expect_equal(1 / vcov(fit)[[1]], curvature, tolerance = 1e-8)
}

first <- data.frame(time = c(1, 1, 6, 6, 8, 9), status = c(1, 0, 1, 1, 0, 1), x = c(1, 1, 1, 0, 0, 0))

test_that("test data 1", {
  expect_highest(
    cox_regression(Surv(time, status) ~ x, first, ties = "breslow"),
    function(b) 2 * b - log(3 * exp(b) + 3) - 2 * log(exp(b) + 3), 1.475285, 6
  )
  expect_highest(
    cox_regression(Surv(time, status) ~ x, first),
    function(b) 2 * b - log(3 * exp(b) + 3) - log(exp(b) + 3) - log(exp(b) / 2 + 5 / 2), 1.676857, 6
  )
  # The root of r^2 - 3 r - 6.
  expect_equal(
    unname(coef(cox_regression(Surv(time, status) ~ x, first, ties = "breslow"))), log((3 + sqrt(33)) / 2),
    tolerance = 1e-11
  )
  # At 0 the score is 52/48 and the information 83/144.
  expect_equal(cox_regression(Surv(time, status) ~ x, first)$score_test, (52 / 48)^2 / (83 / 144), tolerance = 1e-12)
})

second <- data.frame(
  start = c(1, 2, 5, 2, 1, 7, 3, 4, 8, 8), stop = c(2, 3, 6, 7, 8, 9, 9, 9, 14, 17),
  event = c(1, 1, 1, 1, 1, 1, 1, 0, 0, 0), x = c(1, 0, 0, 1, 0, 1, 1, 1, 0, 0)
)

# Risk sets at 2, 3, 6, 7, 8 and 9: r + 1, r + 2, 3r + 2, 3r + 1, 3r + 1, 3r + 2 (two deaths, both with x = 1).
test_that("test data 2: left truncation", {
  before <- function(b) {
    r <- exp(b)
    4 * b - log(r + 1) - log(r + 2) - 2 * log(3 * r + 2) - 2 * log(3 * r + 1)
  }
  expect_highest(
    cox_regression(Surv(start, stop, event) ~ x, second, ties = "breslow"),
    function(b) before(b) - log(3 * exp(b) + 2), -0.084526, 6
  )
  expect_highest(
    cox_regression(Surv(start, stop, event) ~ x, second), function(b) before(b) - log(2 * exp(b) + 2), -0.021105, 6
  )
})

third <- data.frame(
  time = c(1, 1, 2, 2, 2, 2, 3, 4, 5), status = c(1, 0, 1, 1, 1, 0, 0, 1, 0), x = c(2, 0, 1, 1, 0, 1, 0, 1, 0),
  w = c(1, 2, 3, 4, 3, 2, 1, 2, 1)
)

# At 2 the dead are 7r + 3 of 11r + 5 (sums of weights), 10 patients in 3 rows.
test_that("test data 3: weights", {
  first <- function(b) 11 * b - log(exp(2 * b) + 11 * exp(b) + 7)
  fourth <- function(b) 2 * log(2 * exp(b) + 1)
  at_two <- function(b, parts, each) {
    vapply(b, function(b) sum(each * log(11 * exp(b) + 5 - parts * (7 * exp(b) + 3))), 0)
  }
  expect_highest(
    cox_regression(Surv(time, status) ~ x, third, weights = w, ties = "breslow"),
    function(b) first(b) - fourth(b) - at_two(b, 0, 10), 0.85955744, 8
  )
  # Ten patients die at 2, two at 4.
  by_patient <- cox_regression(Surv(time, status) ~ x, third, weights = w)
  one_by_one <- cox_regression(Surv(time, status) ~ x, third[rep(1:9, third$w), ])
  expect_highest(
    by_patient, function(b) first(b) - log(2 * exp(b) + 1) - log(exp(b) + 1) - at_two(b, 0:9 / 10, 1),
    unname(coef(one_by_one)), 8
  )
  # Sampling weights: three rows, each term with their mean weight. Halving all weights halves the likelihood.
  half <- cox_regression(Surv(time, status) ~ x, third, weights = w / 2, robust = FALSE)
  expect_highest(
    half, function(b) {
      # Sums of weights are half of what is written above: 1 + 10 + 2 logarithms of 2.
      (first(b) - fourth(b) - at_two(b, 0:2 / 3, 10 / 3) + 13 * log(2)) / 2
    }, 0.87260425, 8
  )
})

# Freireich and others (1963), remission of leukaemia, weeks; Cox (1972) gives b = 1.65 for another tie rule.
leukaemia <- data.frame(remission, placebo = as.integer(remission$arm == "placebo"))

# Printed by many; here from Kalbfleisch and Prentice (2002), ch. 4, with Breslow's ties 1.509 (.410).
test_that("Freireich's leukaemia patients", {
  efron <- cox_regression(Surv(time, status) ~ placebo, leukaemia)
  expect_equal(unname(coef(efron)), 1.572125, tolerance = 1e-6)
  expect_equal(sqrt(vcov(efron)[[1]]), 0.412397, tolerance = 1e-6)
  breslow <- cox_regression(Surv(time, status) ~ placebo, leukaemia, ties = "breslow")
  expect_equal(round(unname(coef(breslow)), 3), 1.509)
  expect_equal(round(sqrt(vcov(breslow)[[1]]), 2), 0.41)
})
