rows <- simulate_responses(60, 12)

test_that("each bootstrap sample is that of coxph on its patients", {
  d <- landmark_data(
    Surv(time, status) ~ pcr, rows, list(response_time = quote(known)), na.omit, NULL, double()
  )
  both <- bias_replicates(d, baseline_jobs(d), 12, seed = 5)
  cohort <- list(group = integer(60), response = double(60), n_groups = 1L, n_strata = 1L)
  weights <- cpp_bootstrap_weights(cohort, "ordinary", 5, 1, 12)
  expect_true(all(colSums(weights) == 60))
  for (b in c(1, 5, 12)) {
    drawn <- d$rows[rep(1:60, weights[, b]), ]
    naive <- survival::coxph(Surv(time, event) ~ ever, drawn)
    split <- split_by_tmerge(transform(drawn, pcr = ever, status = event))
    dependent <- survival::coxph(Surv(tstart, tstop, event) ~ responded, split)
    expect_equal(both[b, ], unname(c(coef(naive), coef(dependent))), tolerance = 1e-6)
  }
  # As many at a time as memory allows gives the same.
  expect_identical(bias_replicates(d, baseline_jobs(d), 5, seed = 5), both[1:5, ])
})

test_that("the interval is that of the percentiles, (R + 1)q-th in order", {
  x <- landmarked(rows, R = 999, seed = 5)
  sorted <- sort(x$bias$replicates)
  expect_equal(c(glance(x)$bias.low, glance(x)$bias.high), sorted[c(25, 975)], tolerance = 1e-12)
  row <- landmark_row(x, "naive - time-dependent", "immortal_time_bias")
  expect_equal(row$std.error, sd(sorted))
  naive <- survival::coxph(Surv(time, status) ~ pcr, rows)
  split <- split_by_tmerge(rows)
  dependent <- survival::coxph(Surv(tstart, tstop, event) ~ responded, split)
  expect_equal(row$estimate, unname(coef(naive) - coef(dependent)), tolerance = 1e-7)
  expect_identical(tidy(landmarked(rows, R = 999, seed = 5)), tidy(x))
})

test_that("the seed is R's where none is given, and a given one leaves R's alone", {
  set.seed(1)
  x <- landmarked(rows, R = 49)
  set.seed(1)
  expect_identical(tidy(landmarked(rows, R = 49)), tidy(x))
  before <- .Random.seed
  landmarked(rows, R = 49, seed = 2)
  expect_identical(.Random.seed, before)
})

test_that("samples in which a responder group has no event are counted", {
  few <- data.frame(
    time = c(2, 3, 4, 5, 3.5, 7, 8, 9), status = c(1, 1, 0, 1, 1, 0, 0, 0),
    pcr = rep(0:1, each = 4), known = 1
  )
  expect_warning(
    x <- landmarked(few, R = 99, seed = 1), "No interval of the bias",
    class = "her2mod_warning_degenerate"
  )
  expect_true(is.na(glance(x)$bias.low) && glance(x)$failed > 5)
})

test_that("immortal time is the responders' time before their response", {
  x <- landmarked(rows)
  responders <- rows[rows$pcr == 1, ]
  expect_equal(glance(x)$immortal_time, sum(responders$known))
  expect_equal(glance(x)$immortal_share, sum(responders$known) / sum(responders$time))
})
