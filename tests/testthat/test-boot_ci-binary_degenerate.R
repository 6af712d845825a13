# Few events, none, or all: references by hand.

test_that("data without variation give a point, a warning, and no NaN", {
  for (events in list(c(0, 0), c(10, 10), c(0, 10))) {
    for (method in c("exact", "monte_carlo")) {
      rows <- patient_rows(events[[1]], 10, events[[2]], 10)
      expect_warning(
        found <- boot_ci(
          y ~ g, rows, type = "all", method = method, R = 99, seed = 1, progress = FALSE
        ),
        class = "her2mod_warning_degenerate"
      )
      point <- (events[[2]] - events[[1]]) / 10
      expect_identical(found$std.error, 0)
      expect_true(all(ends_of(found)[interval_types != "stud", ] == point))
      expect_identical(unname(ends_of(found)[interval_types == "stud", ]), c(NA_real_, NA_real_))
    }
  }
})

test_that("a ratio that is 0/0 too often is an error, whatever the method", {
  for (method in c("exact", "monte_carlo")) {
    fit <- function(rows, name) {
      boot_ci(y ~ g, rows, name, method = method, R = 99, seed = 1, progress = FALSE)
    }
    error <- expect_error(
      fit(patient_rows(0, 10, 0, 10), "risk_ratio"), class = "her2mod_error_numeric"
    )
    expect_error(fit(patient_rows(10, 10, 10, 10), "odds_ratio"), class = "her2mod_error_numeric")
    # P(0/0) by hand: (1 - 1/10)^10 squared = 0.122
    error <- expect_error(
      fit(patient_rows(1, 10, 1, 10), "odds_ratio"), class = "her2mod_error_numeric"
    )
    expect_equal(
      error$share, if (method == "exact") 0.9^20 + 0.1^20 else error$share, tolerance = 1e-9
    )
    expect_gt(error$share, 0.05)
  }
})

test_that("a ratio that is 0 or Inf more often than not is an error", {
  for (method in c("exact", "monte_carlo")) {
    # 0 of 10 against 4 of 10: always infinite, 0/0 with .6^10 = .006
    error <- expect_error(
      boot_ci(
        y ~ g, patient_rows(0, 10, 4, 10), "risk_ratio", method = method, R = 499, seed = 1,
        progress = FALSE
      ),
      class = "her2mod_error_numeric"
    )
    expect_equal(error$share, 1, tolerance = 1e-12)
  }
})

test_that("few events: infinite and undefined replicates are counted, kept apart, and said once", {
  rows <- patient_rows(1, 10, 3, 10)
  # by hand: X0* = 0 with .9^10, X1* = 0 with .7^10
  zero <- c(0.9^10, 0.7^10)
  warning <- expect_warning(
    exact <- boot_ci(y ~ g, rows, "risk_ratio", type = "perc"), class = "her2mod_warning_degenerate"
  )
  expect_equal(exact$failures[["undefined"]], prod(zero), tolerance = 1e-12)
  expect_equal(exact$failures[["infinite"]], sum(zero) - 2 * prod(zero), tolerance = 1e-12)
  expect_equal(warning$failures, exact$failures)
  expect_identical(ends_of(exact)[1, "conf.high"], c(conf.high = Inf))
  expect_warning(
    drawn <- monte_carlo(y ~ g, rows, statistic = "risk_ratio", type = "all"),
    class = "her2mod_warning_degenerate"
  )
  expect_equal(drawn$failures[["undefined"]] * 999, sum(is.nan(drawn$replicates)))
  expect_equal(drawn$failures[["infinite"]] * 999, sum(is.infinite(drawn$replicates)))
  expect_gt(sum(is.infinite(drawn$replicates)), 250)
  expect_identical(drawn$std.error, sd(drawn$replicates[is.finite(drawn$replicates)]))
  # 36% without a finite value are too many for a normal interval
  expect_true(all(is.na(ends_of(drawn)[drawn$intervals$type == "norm", ])))
  # a difference has no such problem with the same patients
  expect_warning(boot_ci(y ~ g, rows, type = "perc"), NA)
})

test_that("an end without bound is said", {
  # X1* = 0 with .7^10 = .028 > .025: its standard error is 0, its bootstrap-t -Inf
  expect_warning(
    found <- boot_ci(y ~ g, patient_rows(0, 1, 3, 10), type = "stud"),
    class = "her2mod_warning_degenerate"
  )
  expect_identical(found$intervals$conf.high, Inf)
})
