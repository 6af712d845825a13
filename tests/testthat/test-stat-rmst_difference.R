rmst_of <- function(rows, tau) {
  fit <- survival::survfit(survival::Surv(y, event) ~ g, rows)
  table <- summary(fit, rmean = tau)$table
  c(diff(unname(table[, "rmean"])), sqrt(sum(table[, "se(rmean)"]^2)))
}

test_that("it is survfit()'s rmean, and its standard error", {
  for (rows in peer_data()) {
    rows <- rows[names(rows) != "centre"]
    largest <- min(tapply(rows$y, rows$g, max))
    for (tau in c(largest, 0.7 * largest, stats::median(rows$y))) {
      found <- evaluate_survival("rmst_difference", rows, tau)
      expect_equal(c(found$value, found$error), rmst_of(rows, tau), tolerance = 1e-8)
    }
  }
})

test_that("survRM2's pbc example", {
  pbc <- survival::pbc[1:312, ]
  rows <- survival_rows_of(pbc$time / 365.25, as.integer(pbc$status == 2), pbc$trt == 1)
  found <- evaluate_survival("rmst_difference", rows, 10)
  # vignette of survRM2: -0.137 (-0.939 to 0.665), p = .738
  expect_equal(round(found$value, 3), -0.137)
  ends <- found$value + c(-1, 1) * stats::qnorm(0.975) * found$error
  expect_equal(round(ends, 3), c(-0.939, 0.665))
  expect_equal(round(2 * stats::pnorm(-abs(found$value / found$error)), 3), 0.738)
})

test_that("Freireich's data up to 20 weeks", {
  found <- evaluate_survival("rmst_difference", freireich, 20)
  # known_answers.R, rmst:6MP, 6-MP against placebo
  expect_equal(-found$value, 7.687955182, tolerance = 1e-9)
  expect_equal(
    -found$value + c(-1, 1) * stats::qnorm(0.975) * found$error, c(4.195897401, 11.180012963),
    tolerance = 1e-8
  )
})

test_that("weights are rows, time has units, groups change places", {
  rows <- peer_data()$veteran
  rows <- rows[names(rows) != "centre"]
  at <- function(rows, tau = 300) evaluate_survival("rmst_difference", rows, tau)
  seen <- at(rows)
  rows$w <- rep_len(c(1, 3, 2), nrow(rows))
  again <- rows[rep(seq_len(nrow(rows)), rows$w), names(rows) != "w"]
  expect_equal(at(rows), at(again), tolerance = 1e-12)
  rows$w <- NULL
  days <- at(transform(rows, y = y * 7), 2100)
  expect_equal(c(days$value, days$error), 7 * c(seen$value, seen$error), tolerance = 1e-12)
  swapped <- rows
  swapped$g <- factor(rows$g, rev(levels(rows$g)))
  expect_equal(at(swapped)$value, -seen$value, tolerance = 1e-13)
})

test_that("a group without events has tau and no variance; tau beyond follow-up is refused", {
  # hostile:rmst.noevent and hostile:rmst.tau
  rows <- survival_rows_of(1:6, c(0, 0, 0, 1, 1, 0), rep(c(FALSE, TRUE), each = 3))
  expect_identical(
    evaluate_survival("rmst_difference", rows, 3)[c("value", "error")], list(value = 0, error = 0)
  )
  rows <- survival_rows_of(1:6, c(1, 1, 0, 1, 1, 0), rep(c(FALSE, TRUE), each = 3))
  error <- expect_error(
    boot_ci(Surv(y, event) ~ g, rows, stat_rmst_difference(10), R = 9),
    class = "her2mod_error_input"
  )
  expect_identical(error[c("arg", "value", "largest")], list(arg = "tau", value = 10, largest = 3))
})

test_that("the constructor", {
  expect_identical(stat_rmst_difference(60)$parameters, list(tau = 60))
  expect_identical(stat_rmst_difference(60)$title, "RMST difference (tau = 60)")
  refused(stat_rmst_difference(-1), "tau")
  refused(stat_rmst_difference(NA_real_), "tau")
})
