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

# Both groups' last patients have the event: both curves are at 0 from 3.518 on.
both_at_0 <- function() {
  set.seed(10)
  event <- c(stats::rexp(30), stats::rexp(30, 0.7))
  censored <- stats::runif(60, 0, 4)
  rows <- survival_rows_of(pmin(event, censored), as.integer(event <= censored), rep(c(FALSE, TRUE), each = 30))
  last <- tapply(rows$y, rows$g, max)
  rows$event[rows$y %in% last] <- 1L
  rows
}

test_that("beyond the last time of all a tau is restricted to it, and that is said", {
  rows <- both_at_0()
  last <- max(rows$y)
  stat <- stat_rmst_difference(50)
  # survfit() 3.5: rmean up to 50 is 1.660046784942223 and 1.015660592434989.
  expect_equal(rmst_of(rows, 50)[[1]], 0.644386192507234, tolerance = 1e-12)
  warning <- expect_warning(
    x <- boot_ci(Surv(y, event) ~ g, rows, stat, type = "perc", R = 199, seed = 1),
    class = "her2mod_warning_tau"
  )
  expect_identical(warning[c("tau", "largest")], list(tau = 50, largest = last))
  expect_equal(x$estimate, 0.644386192507234, tolerance = 1e-12)
  # The same as of the last time; no replicate's mean is above it.
  y <- boot_ci(Surv(y, event) ~ g, rows, stat_rmst_difference(last), type = "perc", R = 199, seed = 1)
  expect_identical(x$replicates, y$replicates)
  expect_lt(max(abs(x$replicates)), last)
  expect_match(paste(format(x), collapse = " "), "(tau = 3.518173), ", fixed = TRUE)
  said <- "tau = 50 is beyond the last time, 3.518173: restricted to it"
  expect_true(paste0("  ", said) %in% format(x))
  expect_true(paste0("  ", said) %in% format(extend(x, 299)))
  expect_no_match(format(y), "restricted to it")
  expect_identical(stat, stat_rmst_difference(50))
})

test_that("the permutation p is the same with any tau beyond the last time", {
  rows <- both_at_0()
  p <- function(tau) perm_test(Surv(y, event) ~ g, rows, stat_rmst_difference(tau), R = 199, seed = 1)
  at_last <- p(max(rows$y))
  expect_warning(beyond <- p(50), class = "her2mod_warning_tau")
  expect_identical(beyond$p.value, at_last$p.value)
  expect_true("  tau = 50 is beyond the last time, 3.518173: restricted to it" %in% format(beyond))
  # as written: 0.3 is not beyond 0.1 + 0.2
  rows$y <- rows$y / max(rows$y) * (0.1 + 0.2)
  expect_no_warning(p(0.3), class = "her2mod_warning_tau")
  # between the two last times nothing is restricted
  expect_no_warning(p(0.29), class = "her2mod_warning_tau")
})

test_that("the constructor", {
  expect_identical(stat_rmst_difference(60)$parameters, list(tau = 60))
  expect_identical(stat_rmst_difference(60)$title, "RMST difference (tau = 60)")
  refused(stat_rmst_difference(-1), "tau")
  refused(stat_rmst_difference(NA_real_), "tau")
})
