tight <- survival::coxph.control(eps = 1e-11, toler.chol = 1e-12)

test_that("every hazard ratio of Stanford's heart transplants is coxph's", {
  rows <- stanford()
  x <- landmark_survival(
    Surv(futime, fustat) ~ transplant, rows, wait, landmarks = c(15, 30, 60, 90), R = 0
  )
  for (at in c(15, 30, 60, 90)) {
    kept <- rows[rows$futime > at, ]
    kept$seen <- as.integer(!is.na(kept$wait) & kept$wait <= at)
    fit <- survival::coxph(Surv(futime - at, fustat) ~ seen, kept, control = tight)
    own <- landmark_row(x, "landmark", time = at)
    expect_equal(own$estimate, unname(coef(fit)), tolerance = 1e-8)
    expect_equal(own$std.error, sqrt(drop(vcov(fit))), tolerance = 1e-8, ignore_attr = TRUE)
    expect_equal(own$p.value, summary(fit)$coefficients[, "Pr(>|z|)"], tolerance = 1e-7)
    expect_equal(c(own$n, own$events), c(nrow(kept), sum(kept$fustat)))
    test <- survival::survdiff(Surv(futime - at, fustat) ~ seen, kept)
    expect_equal(landmark_row(x, "landmark", "test", at)$statistic, test$chisq, tolerance = 1e-8)
  }
  naive <- survival::coxph(Surv(futime, fustat) ~ transplant, rows)
  expect_equal(landmark_row(x, "naive")$estimate, unname(coef(naive)), tolerance = 1e-7)
})

test_that("the time-dependent effect is coxph's of survival::heart, and of tmerge's rows", {
  one <- heart_patients()
  x <- landmark_survival(Surv(stop, event) ~ transplanted, one, wait, R = 0)
  own <- landmark_row(x, "time-dependent")
  fit <- survival::coxph(Surv(start, stop, event) ~ transplant, survival::heart, control = tight)
  expect_equal(own$estimate, unname(coef(fit)), tolerance = 1e-8)
  expect_equal(own$std.error, unname(sqrt(drop(vcov(fit)))), tolerance = 1e-8)
  for (seed in 1:3) {
    rows <- simulate_responses(150, seed)
    x <- landmarked(rows)
    split <- split_by_tmerge(rows)
    fit <- survival::coxph(Surv(tstart, tstop, event) ~ responded, split, control = tight)
    own <- landmark_row(x, "time-dependent")
    expect_equal(own$estimate, unname(coef(fit)), tolerance = 1e-8)
    expect_equal(own$std.error, unname(sqrt(drop(vcov(fit)))), tolerance = 1e-8)
  }
})

test_that("strata give survival's hazard ratios and tests", {
  rows <- simulate_responses(200, 4)
  x <- landmark_survival(Surv(time, status) ~ pcr | centre, rows, known, landmarks = 6, R = 0)
  kept <- transform(rows[rows$time > 6, ], seen = pcr == 1 & known <= 6)
  fit <- survival::coxph(Surv(time - 6, status) ~ seen + strata(centre), kept)
  expect_equal(landmark_row(x, "landmark")$estimate, unname(coef(fit)), tolerance = 1e-7)
  test <- survival::survdiff(Surv(time - 6, status) ~ seen + strata(centre), kept)
  expect_equal(landmark_row(x, "landmark", "test")$statistic, test$chisq, tolerance = 1e-8)
  split <- split_by_tmerge(rows)
  fit <- survival::coxph(Surv(tstart, tstop, event) ~ responded + strata(centre), split)
  expect_equal(landmark_row(x, "time-dependent")$estimate, unname(coef(fit)), tolerance = 1e-7)
})

test_that("from the assessment on, restricted means and survival differences are survfit's", {
  rows <- simulate_responses(200, 5)
  x <- landmarked(rows, landmarks = c(4, 8), tau = 12, times = 10)
  seen <- rows[!is.na(rows$known), ]
  for (at in c(8, NA)) {
    kept <- if (is.na(at)) {
      transform(seen, time = time - known, group = pcr)
    } else {
      transform(rows[rows$time > at, ], time = time - at, group = 1 * (pcr == 1 & known <= at))
    }
    method <- if (is.na(at)) "from response" else "landmark"
    fit <- survival::survfit(Surv(time, status) ~ group, kept)
    s <- summary(fit, times = 10)
    own <- landmark_row(x, method, "survival_difference", at)
    expect_equal(own$estimate, diff(s$surv), tolerance = 1e-10)
    expect_equal(own$std.error, sqrt(sum(s$std.err^2)), tolerance = 1e-10)
    means <- summary(fit, rmean = 12)$table
    own <- landmark_row(x, method, "rmst_difference", at)
    expect_equal(own$estimate, unname(diff(means[, "rmean"])), tolerance = 1e-8)
    expect_equal(own$std.error, sqrt(sum(means[, "se(rmean)"]^2)), tolerance = 1e-8)
    expect_identical(own$horizon, 12)
    ratio <- survival::coxph(Surv(time, status) ~ group, kept)
    expect_equal(landmark_row(x, method, time = at)$estimate, unname(coef(ratio)), tolerance = 1e-7)
  }
})

# Six patients, by hand. No response: events at 2 (before any assessment), 5, 9. Response, known at
# 3: events at 4 and 8, one censored at 10. Landmark 3: five at risk; risk sets {pcr, no}: at 4 (3,
# 2), 5 (2, 2), 8 (2, 1), 9 (1, 1).
by_hand <- data.frame(
  time = c(2, 5, 9, 4, 8, 10), status = c(1, 1, 1, 1, 1, 0), pcr = c(0, 0, 0, 1, 1, 1),
  known = c(NA, 3, 3, 3, 3, 3)
)

test_that("a small example agrees with paper and pencil", {
  x <- landmarked(by_hand, landmarks = 3)
  score <- function(b, at_risk) {
    r <- exp(b)
    2 - sum(at_risk[1, ] * r / (at_risk[1, ] * r + at_risk[2, ]))
  }
  landmark <- rbind(c(3, 2, 2, 1), c(2, 2, 1, 1))
  root <- uniroot(score, c(-5, 5), at_risk = landmark, tol = 1e-13)$root
  expect_equal(landmark_row(x, "landmark")$estimate, root, tolerance = 1e-9)
  expect_equal(landmark_row(x, "from response")$estimate, root, tolerance = 1e-9)
  # At 2 nobody's response is known: the event says nothing.
  expect_equal(landmark_row(x, "time-dependent")$estimate, root, tolerance = 1e-9)
  naive <- uniroot(score, c(-5, 5), at_risk = cbind(c(3, 3), landmark), tol = 1e-13)$root
  expect_equal(landmark_row(x, "naive")$estimate, naive, tolerance = 1e-9)
  expect_equal(glance(x)$bias, naive - root, tolerance = 1e-8)
  # Expected events of the responders: 3/5 + 2/4 + 2/3 + 1/2; 2 were seen.
  score <- 2 - (3 / 5 + 1 / 2 + 2 / 3 + 1 / 2)
  expect_equal(landmark_row(x, "landmark", "test")$estimate, score, tolerance = 1e-12)
  # Immortal: 3 of 4, 8 and 10.
  expect_equal(c(glance(x)$immortal_time, glance(x)$immortal_share), c(9, 9 / 22))
  counts <- tidy(x, "counts")
  expect_equal(counts$n[counts$analysis == "landmark"], c(2L, 3L))
  expect_equal(counts$excluded.events[counts$analysis == "landmark"], c(1, 0))
})

test_that("without any effect the naive analysis finds one, and the others do not (simulated)", {
  skip_on_cran()
  found <- vapply(1:60, function(seed) {
    x <- landmarked(simulate_responses(250, seed), landmarks = 5)
    methods <- c("naive", "landmark", "from response", "time-dependent")
    vapply(methods, function(m) landmark_row(x, m)$estimate, 0)
  }, double(4))
  error <- apply(found, 1, sd) / sqrt(ncol(found))
  z <- rowMeans(found) / error
  expect_lt(mean(found["naive", ]), -0.2)
  expect_lt(z[["naive"]], -8)
  expect_true(all(abs(z[-1]) < 3))
})

test_that("the unit of time does not matter, nor the order of the rows", {
  rows <- simulate_responses(120, 6)
  fit <- function(rows, ...) landmarked(rows, R = 99, seed = 3, ...)
  x <- fit(rows)
  expect_equal(tidy(fit(rows[sample(nrow(rows)), ])), tidy(x))
  scaled <- transform(rows, time = 30 * time, known = 30 * known)
  y <- fit(scaled)
  free <- tidy(x)$term %in% c("log_hazard_ratio", "test", "immortal_time_bias")
  columns <- c("estimate", "std.error", "conf.low", "conf.high", "p.value", "n", "events")
  expect_equal(tidy(y)[free, columns], tidy(x)[free, columns], tolerance = 1e-9)
  expect_equal(tidy(y)$time, 30 * tidy(x)$time)
  means <- tidy(x)$term == "rmst_difference"
  expect_equal(tidy(y)$estimate[means], 30 * tidy(x)$estimate[means], tolerance = 1e-9)
  expect_equal(glance(y)$immortal_time, 30 * glance(x)$immortal_time)
})

test_that("a response known at baseline has no bias, and groups that are swapped change the sign", {
  rows <- simulate_responses(120, 7)
  rows$pcr <- factor(rows$pcr, labels = c("no", "yes"))
  x <- landmark_survival(Surv(time, status) ~ pcr, rows, 0, R = 0)
  ratios <- tidy(x)[tidy(x)$term == "log_hazard_ratio", ]
  expect_identical(x$landmarks, 0)
  fit <- survival::coxph(Surv(time, status) ~ pcr, rows)
  expect_equal(ratios$estimate, rep(unname(coef(fit)), 4), tolerance = 1e-7)
  expect_equal(c(glance(x)$bias, glance(x)$immortal_time), c(0, 0), tolerance = 1e-12)
  swapped <- suppressWarnings(
    landmark_survival(Surv(time, status) ~ pcr, rows, 0, ref = "yes", R = 0)
  )
  mirrored <- tidy(swapped)[tidy(swapped)$term == "log_hazard_ratio", ]
  expect_equal(mirrored$estimate, -ratios$estimate, tolerance = 1e-9)
})

test_that("landmarks are quantiles of the response times by default", {
  rows <- simulate_responses(100, 8)
  x <- landmarked(rows)
  sorted <- sort(rows$known[!is.na(rows$known)])
  expect_equal(x$landmarks, sorted[ceiling(c(0.25, 0.5, 0.75, 0.9, 1) * length(sorted))])
})

test_that("a landmark without one of the groups has a reason, and none at all is an error", {
  expect_warning(
    x <- landmarked(by_hand, landmarks = c(1, 3, 9.5)),
    "counts as pcr", class = "her2mod_warning_degenerate"
  )
  early <- landmark_row(x, "landmark", time = 1)
  expect_true(all(is.na(early[c("estimate", "conf.low", "p.value")])))
  expect_match(early$reason, "nobody still at risk counts as pcr")
  expect_match(landmark_row(x, "landmark", time = 9.5)$reason, "counts as no pcr")
  expect_equal(c(early$n, early$events), c(6, 5))
  refused(landmarked(by_hand, landmarks = c(1, 2)), "landmarks", "data")
})

test_that("a group without events gives an infinite hazard ratio, no interval, and a reason", {
  rows <- transform(by_hand, status = ifelse(pcr == 1, 0, status))
  expect_warning(
    x <- landmarked(rows, R = 20, seed = 1), class = "her2mod_warning_degenerate"
  )
  ratios <- tidy(x)[tidy(x)$term == "log_hazard_ratio", ]
  expect_true(all(ratios$estimate == -Inf) && all(is.na(ratios$conf.low)) && !anyNA(ratios$reason))
  expect_true(is.na(glance(x)$bias))
  nobody <- transform(by_hand, status = 0)
  expect_warning(
    x <- landmarked(nobody), class = "her2mod_warning_degenerate"
  )
  expect_true(all(is.na(tidy(x)$estimate[tidy(x)$term == "log_hazard_ratio"])))
})

test_that("events at time 0 count as coxph counts them", {
  rows <- rbind(by_hand, data.frame(time = 0, status = 1, pcr = 0, known = NA))
  x <- landmarked(rows, landmarks = 3)
  y <- landmarked(by_hand, landmarks = 3)
  # Nobody's response was known then.
  dependent <- function(x) landmark_row(x, "time-dependent")$estimate
  expect_equal(dependent(x), dependent(y), tolerance = 1e-12)
  naive <- survival::coxph(Surv(time, status) ~ pcr, rows)
  expect_equal(landmark_row(x, "naive")$estimate, unname(coef(naive)), tolerance = 1e-7)
})
