# Restricted estimates against a search, score statistics against the compiled two-sample methods.

tables_of <- function(x0, n0, x1, n1) data.frame(x0 = x0, n0 = n0, x1 = x1, n1 = n1)

cases <- list(
  tables_of(6, 49, 13, 68), tables_of(0, 10, 3, 12), tables_of(4, 4, 2, 9), tables_of(0, 5, 0, 7), tables_of(5, 5, 7, 7),
  tables_of(211, 458, 19, 117), tables_of(0, 8, 9, 9), tables_of(1, 30, 29, 30)
)
effects <- list(
  risk_difference = c(-0.95, -0.3, -1e-6, 0, 0.07, 0.4, 0.99), risk_ratio = log(c(0.01, 0.5, 1, 1.7, 40)),
  odds_ratio = log(c(0.01, 0.5, 1, 1.7, 40))
)

test_that("restricted estimates are the most likely", {
  for (measure in names(effects)) {
    for (table in cases) {
      for (eta in effects[[measure]]) {
        fit <- restricted_fit(measure, table, eta)
        twin <- twin_fit(measure, table, eta)
        expect_equal(fit$p1, twin_p1(measure, fit$p0, eta), tolerance = 1e-8)
        reached <- binomial_loglik(c(table$x0, table$x1), c(table$n0, table$n1), c(fit$p0, min(1, fit$p1)))
        expect_gt(reached, twin[["loglik"]] - 1e-7)
      }
    }
  }
})

test_that("the score statistic of one table is that of the score intervals", {
  # The compiled intervals mee, koopman and cornfield: at their ends the statistic is the quantile.
  methods <- c(risk_difference = "mee", risk_ratio = "koopman", odds_ratio = "cornfield")
  for (measure in names(methods)) {
    for (table in cases[c(1, 2, 3, 6, 8)]) {
      row <- row_of(table$x0, table$n0, table$x1, table$n1, measure, methods[[measure]])
      ends <- c(row$conf.low, row$conf.high)
      if (measure != "risk_difference") ends <- log(ends)
      for (end in ends[is.finite(ends) & abs(ends) != 1]) {
        statistic <- pearson_statistic(table, restricted_fit(measure, table, end))
        expect_equal(statistic, stats::qchisq(0.95, 1), tolerance = 1e-5)
      }
    }
  }
})

test_that("the deviance at no effect is that of stats::glm()", {
  table <- tables_of(6, 49, 13, 68)
  glm <- stats::glm(cbind(c(6, 13), c(43, 55)) ~ c(0, 1), family = stats::binomial())
  for (measure in names(effects)) {
    expect_equal(deviance_statistic(table, restricted_fit(measure, table, 0)), glm$null.deviance, tolerance = 1e-8)
  }
})

test_that("one effect in several tables is the most likely one", {
  two <- tables_of(c(74, 9), c(160, 34), c(58, 7), c(92, 22))
  for (measure in names(effects)) {
    fit <- joint_fit(measure, two, c(0, 0.1))
    loglik <- function(eta) twin_fit(measure, two[1, ], eta)[["loglik"]] + twin_fit(measure, two[2, ], eta + 0.1)[["loglik"]]
    found <- stats::optimize(loglik, c(-0.8, 0.8), maximum = TRUE, tol = 1e-10)
    expect_equal(fit$eta, found$maximum, tolerance = 1e-5)
  }
})

test_that("a common effect that no table has is found at the end of the scale", {
  none <- tables_of(c(3, 2), c(10, 8), c(0, 0), c(9, 12))
  expect_lt(restricted_statistic("score", "odds_ratio", none), 1e-6)
  expect_lt(restricted_statistic("likelihood-ratio", "risk_ratio", none), 1e-6)
  empty <- tables_of(c(0, 0), c(10, 8), c(0, 0), c(9, 12))
  for (measure in names(effects)) expect_equal(restricted_statistic("score", measure, empty), 0, tolerance = 1e-6)
})
