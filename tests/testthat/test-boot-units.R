test_that("a group of one patient is always drawn; two patients in all are too few", {
  lone <- boot_ci(y ~ g, patient_rows(0, 1, 3, 10), type = "perc")
  # binomial(10, .3): P(X <= 0) = 0.028, P(X <= 5) = 0.953, P(X <= 6) = 0.989
  expect_equal(unname(ends_of(lone)[1, ]), c(0, 0.6))
  expect_error(boot_ci(y ~ g, patient_rows(0, 1, 1, 1)), class = "her2mod_error_data")
  expect_error(boot_ci(y ~ g, patient_rows(1, 1, 1, 1)), class = "her2mod_error_data")
})

test_that("clusters: one a group is refused, one in a group is said", {
  rows <- data.frame(y = c(5, 1, 2, 3, 9, 4, 8, 6), g = rep(c("ref", "oth"), each = 4), id = c(1, 1, 1, 1, 2, 2, 2, 2))
  expect_error(monte_carlo(y ~ g, rows, "mean_difference", "perc", cluster = id), "one cluster",
    class = "her2mod_error_data")
  rows$id[7:8] <- 3
  expect_warning(monte_carlo(y ~ g, rows, "mean_difference", "perc", cluster = id), "ref",
    class = "her2mod_warning_single_unit")
  # Clusters of both groups are drawn as wholes.
  rows$id <- rep(1:4, 2)
  expect_no_warning(monte_carlo(y ~ g, rows, "mean_difference", "perc", cluster = id))
})

test_that("a group that no sample changes is named", {
  # The difference has an interval, which leaves out what 0 of 10 may vary.
  expect_warning(x <- boot_ci(y ~ g, patient_rows(0, 10, 4, 10), type = "norm"), "ref: all or none",
    class = "her2mod_warning_degenerate")
  expect_match(x$notes, "compare_proportions() does not", fixed = TRUE, all = FALSE)
  expect_no_warning(boot_ci(y ~ g, patient_rows(1, 10, 4, 10), type = "norm"))
  # Of survival times: by the time that is looked at, however the statistic is made.
  rows <- data.frame(t = c(3, 6, 8, 9, 1, 2, 7, 9), e = c(0, 1, 1, 0, 1, 1, 0, 0), g = rep(c("ref", "oth"), each = 4))
  rows$g <- factor(rows$g, c("ref", "oth"))
  early <- stat_survival_difference(5)
  expect_warning(boot_ci(Surv(t, e) ~ g, rows, early, type = "perc", R = 99, seed = 1), "ref: nobody has the event by then",
    class = "her2mod_warning_degenerate")
  expect_no_warning(boot_ci(Surv(t, e) ~ g, rows, stat_survival_difference(6.5), type = "perc", R = 99, seed = 1))
})
