# Few patients, days 1 to 12: many ties, groups without events, responses known at the very end.
tied_patients <- function(seed) {
  set.seed(seed)
  n <- sample(15:60, 1)
  rows <- data.frame(
    time = sample(1:12, n, TRUE), status = rbinom(n, 1, 0.7), centre = sample(c("A", "B"), n, TRUE)
  )
  planned <- sample(1:6, n, TRUE)
  rows$known <- ifelse(planned <= rows$time, planned, NA)
  rows$pcr <- as.integer(!is.na(rows$known) & rbinom(n, 1, 0.5) == 1)
  rows
}

# coxph's estimate is large where it is infinite.
expect_same_ratio <- function(own, formula, rows) {
  control <- survival::coxph.control(eps = 1e-10, toler.chol = 1e-11)
  peer <- unname(coef(suppressWarnings(survival::coxph(formula, rows, control = control))))
  if (is.infinite(own)) peer <- if (abs(peer) > 8) sign(peer) * Inf else peer
  expect_equal(own, peer, tolerance = 1e-7)
}

test_that("with many ties and few patients every hazard ratio is coxph's", {
  for (seed in 1:25) {
    rows <- tied_patients(seed)
    x <- suppressWarnings(landmarked(rows, strata = centre))
    ratio <- function(method, at = NA) landmark_row(x, method, time = at)$estimate
    expect_same_ratio(
      ratio("time-dependent"), Surv(tstart, tstop, event) ~ responded + strata(centre),
      split_by_tmerge(rows)
    )
    expect_same_ratio(ratio("naive"), Surv(time, status) ~ pcr + strata(centre), rows)
    for (at in x$landmarks) {
      kept <- rows[rows$time > at, ]
      kept$seen <- as.integer(kept$pcr == 1 & kept$known <= at)
      if (length(unique(kept$seen)) < 2) {
        expect_true(is.na(ratio("landmark", at)))
      } else {
        expect_same_ratio(ratio("landmark", at), Surv(time, status) ~ seen + strata(centre), kept)
      }
    }
    seen <- rows[!is.na(rows$known) & rows$time > rows$known, ]
    expect_same_ratio(
      ratio("from response"), Surv(time - known, status) ~ pcr + strata(centre), seen
    )
  }
})

test_that("rows are split at the response, as tmerge splits them", {
  rows <- simulate_responses(40, 2)
  given <- data.frame(ever = rows$pcr, time = rows$time, event = rows$status)
  given$known <- ifelse(is.na(rows$known), Inf, rows$known)
  own <- split_rows(given)
  peer <- split_by_tmerge(rows)
  by <- order(own$of, own$response)
  expect_identical(own$of[by], as.integer(peer$id))
  expect_equal(own$response[by], peer$tstop)
  expect_equal(pmax(own$entry[by], 0), peer$tstart)
  expect_equal(own$event[by], as.integer(peer$event))
  expect_equal(own$group[by], as.integer(peer$responded))
})

test_that("differences from a group without events have no interval, and a reason", {
  rows <- simulate_responses(60, 9)
  rows$status[rows$pcr == 1] <- 0
  x <- suppressWarnings(landmarked(rows, landmarks = 4, tau = 3, times = 2))
  for (term in c("rmst_difference", "survival_difference")) {
    row <- landmark_row(x, "landmark", term, 4)
    expect_false(is.na(row$estimate))
    expect_true(is.na(row$conf.low) && is.na(row$p.value))
    expect_match(row$reason, "no interval")
  }
})

test_that("a window beyond a landmark's follow-up has no restricted mean, and a reason", {
  rows <- simulate_responses(100, 9)
  rows$status[rows$time > 12] <- 0
  rows$time <- pmin(rows$time, 12)
  x <- landmarked(rows, landmarks = c(4, 9), tau = 6)
  expect_false(is.na(landmark_row(x, "landmark", "rmst_difference", 4)$estimate))
  short <- landmark_row(x, "landmark", "rmst_difference", 9)
  expect_true(is.na(short$estimate) && is.na(short$p.value))
  expect_identical(c(short$reason, short$horizon), c("follow-up ends before tau", "6"))
  expect_match(paste(format(x), collapse = " "), "landmark 9 +beyond follow-up")
})
