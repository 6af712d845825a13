at_time <- function(rows, t) {
  fit <- summary(survival::survfit(survival::Surv(y, event) ~ g, rows), times = t, extend = TRUE)
  c(diff(fit$surv), sqrt(sum(fit$std.err^2)))
}

test_that("it is survfit()'s, with Greenwood's error", {
  for (rows in peer_data()) {
    plain <- rows[names(rows) != "centre"]
    for (t in stats::quantile(rows$y, c(0.1, 0.5, 0.75))) {
      found <- evaluate_survival("survival_difference", plain, t)
      expect_equal(c(found$value, found$error), at_time(rows, t), tolerance = 1e-8)
      # curves are of all patients
      expect_identical(evaluate_survival("survival_difference", rows, t), found)
    }
  }
})

test_that("by hand, at event times, before the first and at 0", {
  rows <- survival_rows_of(
    c(0, 2, 3, 4, 1, 2, 2, 5), c(1, 1, 1, 1, 0, 1, 0, 1), rep(c(FALSE, TRUE), each = 4)
  )
  at <- function(t) evaluate_survival("survival_difference", rows, t)
  # hostile:time0: S(0) = 3/4
  expect_equal(at(0)$value, 1 - 3 / 4)
  expect_equal(at(2)$value, 2 / 3 - 1 / 2, tolerance = 1e-15)
  expect_equal(at(2)$error, sqrt(4 / 9 / 6 + 1 / 4 * (1 / 12 + 1 / 6)), tolerance = 1e-14)
  expect_identical(at(5)[c("value", "error")], list(value = 0, error = 0))
})

test_that("a time beyond follow-up is refused, and the largest is named", {
  rows <- survival_rows_of(1:6, c(1, 1, 0, 1, 1, 0), rep(c(FALSE, TRUE), each = 3))
  error <- expect_error(
    boot_ci(Surv(y, event) ~ g, rows, stat_survival_difference(4), R = 9),
    class = "her2mod_error_input"
  )
  expect_identical(error$largest, 3)
  expect_match(conditionMessage(error), "3")
  # the last patient of each group died: curves are at 0 from there on
  rows$event <- 1
  test <- perm_test(Surv(y, event) ~ g, rows, stat_survival_difference(9))
  expect_identical(unname(test$statistic), 0)
})

test_that("the constructor", {
  expect_identical(stat_survival_difference(36)$parameters, list(time = 36))
  expect_identical(stat_survival_difference(36)$title, "survival difference at 36")
  refused(stat_survival_difference(0), "time")
  refused(stat_survival_difference(Inf), "time")
  refused(stat_survival_difference("36"), "time")
  error <- expect_error(as_statistic("survival_difference"), class = "her2mod_error_input")
  expect_match(conditionMessage(error), "stat_survival_difference(time = )", fixed = TRUE)
})
