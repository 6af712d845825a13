silent <- function(...) suppressWarnings(..., classes = "her2mod_warning")
arms <- function(time, event) survival_rows_of(time, event, c(FALSE, FALSE, TRUE, TRUE))
survival_stats <- list(
  stat_survival_difference(2), stat_rmst_difference(2), stat_rmst_ratio(2),
  "median_survival_difference",
  "log_hazard_ratio", "logrank", stat_logrank("gehan"), stat_logrank(studentised = TRUE),
  stat_fleming_harrington(0, 1), "maxcombo"
)

test_that("nobody has an event: NA and a warning", {
  # hostile:logrank.allcens, hostile:cox.noevents
  rows <- arms(1:4, rep(0, 4))
  for (stat in survival_stats) {
    warning <- expect_warning(
      test <- perm_test(Surv(y, event) ~ g, rows, stat), class = "her2mod_warning_no_information"
    )
    expect_identical(warning$reason, "nobody has an event")
    expect_identical(test$p.value, NA_real_)
    expect_match(format(test), "no p-value: nobody has an event", all = FALSE, fixed = TRUE)
    expect_identical(tidy(test)$p.value, NA_real_)
    if (identical(stat, "maxcombo")) next
    expect_warning(
      boot <- boot_ci(Surv(y, event) ~ g, rows, stat, "all", R = 99, seed = 1),
      class = "her2mod_warning_no_information"
    )
    expect_true(all(is.na(boot$intervals[-1])))
    expect_match(format(boot), "no interval: nobody has an event", all = FALSE, fixed = TRUE)
    expect_identical(nrow(tidy(boot)), 5L)
  }
})

test_that("zero log-rank variance: NA and a warning, for what compares patients at risk", {
  # hostile:logrank.lastonly; and all die at once
  for (rows in list(arms(1:4, c(0, 0, 0, 1)), arms(rep(3, 4), rep(1, 4)))) {
    for (stat in survival_stats[6:10]) {
      warning <- expect_warning(
        test <- perm_test(Surv(y, event) ~ g, rows, stat), class = "her2mod_warning_no_information"
      )
      expect_match(warning$reason, "zero log-rank variance")
      expect_identical(test$p.value, NA_real_)
    }
    expect_warning(
      boot <- boot_ci(Surv(y, event) ~ g, rows, "logrank", R = 99, seed = 1),
      class = "her2mod_warning_no_information"
    )
    expect_identical(boot$estimate, 0)
    expect_identical(boot$std.error, NA_real_)
  }
})

test_that("a weight that leaves the only event out has no variance either", {
  # FH(0, 1) of an event at the first time: S- is 1
  rows <- arms(1:4, c(1, 0, 0, 0))
  expect_warning(
    perm_test(Surv(y, event) ~ g, rows, stat_fleming_harrington(0, 1)),
    class = "her2mod_warning_no_information"
  )
  # hostile:logrank.1event: U = 1/2 and V = 1/4 of the group with the event
  expect_silent(test <- perm_test(Surv(y, event) ~ g, rows, stat_logrank(studentised = TRUE)))
  expect_equal(unname(test$statistic), -1)
})

test_that("constant data in a permutation: p = 1, silently", {
  rows <- arms(rep(3, 4), rep(1, 4))
  expect_silent(test <- perm_test(Surv(y, event) ~ g, rows, stat_rmst_difference(2)))
  expect_identical(test$p.value, 1)
})

test_that("one event, a group of one, an event at time 0 are answered silently", {
  # hostile:perm.n1: |U| >= 3/4 for 2 of 4
  rows <- survival_rows_of(1:4, rep(1, 4), c(TRUE, FALSE, FALSE, FALSE))
  expect_silent(test <- perm_test(Surv(y, event) ~ g, rows, "logrank", method = "exact"))
  expect_equal(test$p.value, 0.5, tolerance = 1e-12)
  # hostile:logrank.n1: chi squared 3
  z <- perm_test(Surv(y, event) ~ g, rows, stat_logrank(studentised = TRUE))$statistic
  expect_equal(unname(z)^2, 3)
  # an event at 0 counts like any other: the same ranks, the same p
  rows$y <- 0:3
  expect_silent(again <- perm_test(Surv(y, event) ~ g, rows, "logrank", method = "exact"))
  expect_identical(again$p.value, test$p.value)
})

test_that("other levels of a result without an answer have none", {
  rows <- arms(1:4, rep(0, 4))
  boot <- silent(boot_ci(Surv(y, event) ~ g, rows, stat_rmst_difference(2), R = 99, seed = 1))
  expect_true(all(is.na(silent(confint(boot, level = 0.9)))))
})

test_that("a difference of medians that nobody reaches is NA, with a warning", {
  d <- data.frame(t = c(1:5, 1:5), e = c(1, 0, 0, 0, 0, 0, 1, 0, 0, 0), g = rep(c("a", "b"), each = 5))
  expect_warning(
    test <- perm_test(Surv(t, e) ~ g, d, "median_survival_difference"), class = "her2mod_warning_no_information"
  )
  expect_true(is.na(test$p.value))
})
