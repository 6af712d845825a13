fh_of <- function(rows, rho, gamma) {
  found <- evaluate_survival("fleming_harrington", rows, c(rho, gamma, 0))
  unlist(found[c("value", "error")], use.names = FALSE)
}

test_that("FH(rho, 0) is survdiff(rho =)'s", {
  for (rows in peer_data()) {
    rows <- rows[names(rows) != "centre"]
    for (rho in c(0, 0.5, 1)) {
      fit <- survival::survdiff(survival::Surv(y, event) ~ g, rows, rho = rho)
      expect_equal(
        fh_of(rows, rho, 0), c(fit$obs[[2]] - fit$exp[[2]], sqrt(fit$var[2, 2])), tolerance = 1e-8
      )
    }
  }
})

test_that("FH(0, 1) and FH(1, 0) add up to the log-rank test; FH(1, 0) is not Peto-Peto", {
  u <- function(rho, gamma) fh_of(freireich, rho, gamma)[[1]]
  logrank <- evaluate_survival("logrank", freireich)
  expect_equal(u(0, 0), logrank$value, tolerance = 1e-14)
  expect_equal(u(0, 1) + u(1, 0), logrank$value, tolerance = 1e-13)
  peto <- evaluate_survival("logrank", freireich, c(3, 0, 0, 0, 0))
  expect_gt(abs((u(1, 0) / fh_of(freireich, 1, 0)[[2]])^2 - (peto$value / peto$error)^2), 0.1)
})

test_that("studentised, its permutation test is on |Z|", {
  rows <- nine_patients
  stat <- stat_fleming_harrington(rho = 0, gamma = 1, studentised = TRUE)
  test <- perm_test(Surv(y, event) ~ g, rows, stat, method = "exact")
  deals <- naive_deals(rows$g == "oth")
  z <- naive_null(rows, "fleming_harrington", deals, c(0, 1, 1))
  seen <- naive_statistic("fleming_harrington", rows, c(0, 1, 1))$value
  expect_equal(test$p.value, mean(is.nan(z) | abs(z) >= abs(seen) - 1e-9), tolerance = 1e-12)
})

test_that("the constructor", {
  stat <- stat_fleming_harrington(rho = 0.5, gamma = 2)
  expect_identical(stat$title, "FH(0.5, 2) score")
  expect_identical(as.double(unlist(stat$parameters)), c(0.5, 2, 0))
  refused(stat_fleming_harrington(rho = -1, gamma = 0), "rho")
  refused(stat_fleming_harrington(rho = 0, gamma = Inf), "gamma")
  refused(stat_fleming_harrington(rho = 0, gamma = c(0, 1)), "gamma")
  error <- expect_error(as_statistic("fleming_harrington"), class = "her2mod_error_input")
  expect_match(conditionMessage(error), "stat_fleming_harrington(rho = , gamma = )", fixed = TRUE)
})
