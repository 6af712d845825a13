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

# The smallest deviance under one effect, by a search over effects of searches over p0.
twin_deviance <- function(measure, tables, offset) {
  loglik <- function(eta) {
    sum(vapply(seq_len(nrow(tables)), function(k) twin_fit(measure, tables[k, ], eta + offset[[k]])[["loglik"]], 0))
  }
  range <- effect_range(measure, offset) + c(1, -1) * 1e-9
  grid <- seq(range[[1]], range[[2]], length.out = 41)
  values <- vapply(grid, loglik, 0)
  near <- which.max(values) + c(-1, 1)
  found <- stats::optimize(loglik, grid[pmin(41, pmax(1, near))], maximum = TRUE, tol = 1e-10)
  full <- with(tables, binomial_loglik(c(x0, x1), c(n0, n1), c(x0 / n0, x1 / n1)))
  2 * (full - max(found$objective, values))
}

test_that("the likelihood-ratio statistic is that of a search, also where proportions are 0 or 1", {
  sparse <- list(
    tables_of(c(8, 17), c(12, 28), c(2, 17), c(5, 17)), tables_of(c(0, 3), c(5, 4), c(0, 6), c(5, 6)),
    tables_of(c(0, 3), c(1, 3), c(300, 1), c(300, 1)), tables_of(c(5, 5), c(5, 5), c(7, 3), c(7, 9)),
    tables_of(c(0, 4), c(6, 4), c(6, 2), c(6, 5)), tables_of(c(6, 0), c(6, 3), c(1, 3), c(6, 3)),
    tables_of(c(1, 20, 3), c(1, 20, 9), c(0, 11, 4), c(2, 11, 4))
  )
  for (measure in names(effects)) {
    for (tables in sparse) {
      for (offset in list(0, c(0, 0.3, -0.2)[seq_len(nrow(tables))])) {
        offset <- rep_len(offset, nrow(tables))
        own <- restricted_statistic("likelihood-ratio", measure, tables, offset)
        twin <- twin_deviance(measure, tables, offset)
        # Far out on the odds ratio's scale the search of p0 itself falls short.
        if (measure == "odds_ratio") expect_lt(own, twin + 1e-5) else expect_equal(own, twin, tolerance = 1e-5)
      }
    }
  }
})

test_that("ends of intervals are found or infinite, and agree with p, in tables with 0 and 100 per cent", {
  arms <- list(c(0, 5), c(5, 5), c(2, 5), c(0, 160), c(92, 92), c(0, 20), c(6, 6), c(17, 28))
  set.seed(3)
  for (i in 1:40) {
    four <- arms[sample(length(arms), 4, replace = TRUE)]
    tables <- tables_of(c(four[[1]][[1]], four[[2]][[1]]), c(four[[1]][[2]], four[[2]][[2]]),
      c(four[[3]][[1]], four[[4]][[1]]), c(four[[3]][[2]], four[[4]][[2]]))
    for (measure in names(effects)) {
      for (kind in c("score", "likelihood-ratio")) {
        level <- if (i %% 2) 0.5 else 0.95
        ends <- contrast_interval(kind, measure, tables, level)
        p <- stats::pchisq(restricted_statistic(kind, measure, tables), 1, lower.tail = FALSE)
        expect_false(anyNA(ends) || ends[["low"]] > ends[["high"]])
        excluded <- ends[["low"]] > 0 || ends[["high"]] < 0
        expect_identical(excluded, p < 1 - level, info = paste(kind, measure, paste(unlist(four), collapse = " ")))
      }
    }
  }
})
