# survival::coxph() with its iterations driven to their end.
peer_cox <- function(...) {
  given <- match.call(expand.dots = TRUE)
  given[[1]] <- quote(survival::coxph)
  given$control <- quote(survival::coxph.control(eps = 1e-12, toler.chol = 1e-14, iter.max = 60))
  env <- new.env(parent = parent.frame())
  env$Surv <- survival::Surv
  env$strata <- survival::strata
  formula <- eval(given[[2]], env)
  environment(formula) <- env
  given[[2]] <- formula
  eval(given, env)
}

expect_same_fit <- function(ours, theirs) {
  expect_equal(unname(coef(ours)), unname(coef(theirs)), tolerance = 1e-8)
  expect_identical(names(coef(ours)), names(coef(theirs)))
  expect_equal(unname(vcov(ours)), unname(theirs$var), tolerance = 1e-8)
  expect_equal(ours$loglik, theirs$loglik, tolerance = 1e-10)
  expect_equal(ours$score_test, unname(theirs$score), tolerance = 1e-8)
}
