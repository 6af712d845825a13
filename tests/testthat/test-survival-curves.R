# Curves against survival::survfit, and values of the literature.

limit_types <- c(`log-log` = "log-log", log = "log", plain = "plain", arcsine = "arcsin")

test_that("curves, limits and medians are survfit's", {
  for (name in names(survival_sets())) {
    d <- survival_sets()[[name]]
    for (type in names(limit_types)) {
      x <- compare_survival(Surv(time, status) ~ g, d, conf.type = type, conf.level = 0.9)
      fit <- survival::survfit(Surv(time, status) ~ g, d, conf.type = limit_types[[type]], conf.int = 0.9)
      ours <- tidy(x, "curves")
      expect_identical(ours$n.risk, as.double(fit$n.risk))
      expect_identical(ours$n.event, as.double(fit$n.event))
      expect_identical(ours$n.censor, as.double(fit$n.censor))
      expect_equal(ours$time, fit$time, tolerance = 1e-15)
      expect_equal(ours$estimate, fit$surv, tolerance = 1e-12)
      known <- fit$surv > 0
      expect_equal(ours$std.error[known], (fit$surv * fit$std.err)[known], tolerance = 1e-12)
      expect_equal(ours$conf.low[known], fit$lower[known], tolerance = 1e-12)
      expect_equal(ours$conf.high[known], fit$upper[known], tolerance = 1e-12)
      expect_equal(ours$cumulative_hazard, fit$cumhaz, tolerance = 1e-12)
      expect_equal(ours$cumulative_hazard_error, fit$std.chaz, tolerance = 1e-12)
      median <- quantile(fit, 0.5)
      expect_equal(estimate_of(x, "median"), as.double(median$quantile), tolerance = 1e-12)
      expect_equal(estimate_of(x, "median", "conf.low"), as.double(median$lower), tolerance = 1e-12)
      expect_equal(estimate_of(x, "median", "conf.high"), as.double(median$upper), tolerance = 1e-12)
    }
  }
})

test_that("other quantiles are survfit's", {
  for (d in survival_sets()[c("lung", "colon", "gbsg")]) {
    ours <- stats::quantile(compare_survival(Surv(time, status) ~ g, d), c(0.1, 0.25, 0.75))
    fit <- survival::survfit(Surv(time, status) ~ g, d, conf.type = "log-log")
    peer <- stats::quantile(fit, c(0.1, 0.25, 0.75))
    expect_equal(ours$estimate, as.double(t(peer$quantile)), tolerance = 1e-12)
    expect_equal(ours$conf.low, as.double(t(peer$lower)), tolerance = 1e-12)
    expect_equal(ours$conf.high, as.double(t(peer$upper)), tolerance = 1e-12)
  }
  expect_error(stats::quantile(compare_survival(Surv(time, status) ~ arm, remission), 1.5), class = "her2mod_error_input")
})

test_that("left truncation and weights are survfit's", {
  heart <- survival::heart
  # Nobody has a transplant at time 0, and patients have a row before it and one after.
  expect_warning(
    expect_warning(
      x <- compare_survival(Surv(start, stop, event) ~ transplant, heart, times = c(30, 100, 400)),
      class = "her2mod_warning_degenerate"
    ),
    class = "her2mod_warning_split_rows"
  )
  fit <- survival::survfit(Surv(start, stop, event) ~ transplant, heart, conf.type = "log-log")
  ours <- tidy(x, "curves")
  expect_identical(ours$n.risk, as.double(fit$n.risk))
  expect_equal(ours$estimate, fit$surv, tolerance = 1e-12)
  at <- summary(fit, times = c(30, 100, 400))
  expect_equal(estimate_of(x, "survival"), at$surv, tolerance = 1e-12)
  expect_equal(estimate_of(x, "survival", "std.error"), at$std.err, tolerance = 1e-12)
  expect_equal(estimate_of(x, "survival", "conf.low"), at$lower, tolerance = 1e-12)

  d <- transform(remission, w = rep_len(1:3, 42))
  x <- compare_survival(Surv(time, status) ~ arm, d, weights = w, times = 10)
  repeated <- compare_survival(Surv(time, status) ~ arm, d[rep(1:42, d$w), ], times = 10)
  expect_equal(tidy(x), tidy(repeated), tolerance = 1e-12)
  expect_equal(tidy(x, "curves"), tidy(repeated, "curves"), tolerance = 1e-12)
})

test_that("estimates at times: at risk, beyond follow-up, before the first event", {
  expect_warning(x <- compare_survival(Surv(time, status) ~ arm, remission, times = c(0, 10, 23, 30, 35, 40)),
    "survival at 23 (placebo)", fixed = TRUE, class = "her2mod_warning_degenerate")
  rows <- tidy(x)
  rows <- rows[rows$term == "survival", ]
  fit <- survival::survfit(Surv(time, status) ~ arm, remission)
  six <- summary(fit[1], times = c(0, 10, 23, 30, 35))$surv
  expect_equal(rows$estimate[rows$group == "6-MP"], c(six, NA), tolerance = 1e-14)
  # all on placebo relapsed by week 23: S is 0 from there on
  expect_identical(rows$estimate[rows$group == "placebo" & rows$time >= 23], rep(0, 4))
  expect_true(all(is.na(rows$std.error[rows$group == "placebo" & rows$time >= 23])))
  text <- format(x)
  expect_true(any(grepl("6-MP +at 40 +beyond what is known", text)))
  # at risk just before week 10: 15 of 21 (Freireich's table in Klein and Moeschberger, table 4.1A)
  expect_true(any(grepl("6-MP +at 10 .* at risk 15$", text)))
})

test_that("the reverse Kaplan-Meier estimate is the curve of the time to censoring", {
  for (d in survival_sets()[c("lung", "veteran", "gbsg")]) {
    x <- compare_survival(Surv(time, status) ~ g, d)
    fit <- survival::survfit(Surv(time, 1 - status) ~ g, d)
    expect_equal(unname(x$follow_up), as.double(quantile(fit, 0.5)$quantile), tolerance = 1e-12)
  }
})

test_that("worked examples of the literature", {
  # Therneau and Grambsch 2000, appendix; survival's validation vignette
  d <- data.frame(time = c(1, 1, 6, 6, 8, 9), status = c(1, 0, 1, 1, 0, 1))
  x <- compare_survival(Surv(time, status) ~ 1, d, times = c(1, 6, 9))
  expect_equal(estimate_of(x, "survival"), c(5 / 6, 5 / 12, 0), tolerance = 1e-15)
  # Greenwood by hand: S^2 * sum d/(y(y-d)): 1/(6*5) and then + 2/(4*2)
  by_hand <- c(5 / 6 * sqrt(1 / 30), 5 / 12 * sqrt(1 / 30 + 1 / 4), NA)
  expect_equal(estimate_of(x, "survival", "std.error"), by_hand, tolerance = 1e-14)

  # scipy's test_survival.py, printed from R's survfit: 90% limits
  d <- data.frame(
    time = c(3, 5, 8, 10, 5, 5, 8, 12, 15, 14, 2, 11, 10, 9, 12, 5, 8, 11),
    status = c(1, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1)
  )
  at <- c(2, 8, 12)
  loglog <- compare_survival(Surv(time, status) ~ 1, d, times = at, conf.level = 0.9)
  expect_equal(estimate_of(loglog, "survival", "conf.low"),
    c(0.743667484068612, 0.329131314133367, 0.0449953991814776), tolerance = 1e-12
  )
  expect_equal(estimate_of(loglog, "survival", "conf.high"),
    c(0.989029186723843, 0.713016764397845, 0.388761676688656), tolerance = 1e-12
  )
  plain <- compare_survival(Surv(time, status) ~ 1, d, times = at, conf.level = 0.9, conf.type = "plain")
  expect_equal(estimate_of(plain, "survival", "conf.low"), c(0.855638311362816, 0.344151541252712, 0), tolerance = 1e-12)
  expect_equal(estimate_of(plain, "survival", "conf.high"), c(1, 0.739181792080621, 0.364227025459672), tolerance = 1e-12)

  # PSIAIMS/CAMIS: a curve that stands at 0.5 to the end of follow-up
  d <- data.frame(time = c(54, 75, 77, 84, 87, 92, 103, 105, 112, 118), status = rep(1:0, each = 5))
  expect_identical(estimate_of(compare_survival(Surv(time, status) ~ 1, d), "median"), 102.5)
})

test_that("near ties are ties, an event at time 0 counts, and a stay at 0.5 is halved", {
  near <- data.frame(time = c(1, 2, sqrt(2)^2, 3, 3), status = 1, g = c("a", "a", "b", "a", "b"))
  x <- compare_survival(Surv(time, status) ~ g, near)
  # survival's tests/tiedtime.R: three event times
  expect_length(unique(tidy(x, "curves")$time), 3)
  expect_equal(estimate_of(x, "test", "statistic", method = "logrank"), 0.2790697674, tolerance = 1e-9)
  zero <- data.frame(time = c(0, 2, 3, 4), status = 1)
  x <- compare_survival(Surv(time, status) ~ 1, zero, times = c(0, 4))
  expect_identical(estimate_of(x, "survival"), c(0.75, 0))
  even <- data.frame(time = 1:4, status = 1)
  expect_identical(estimate_of(compare_survival(Surv(time, status) ~ 1, even), "median"), 2.5)
})
