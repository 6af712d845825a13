# The formulas again, a stratum at a time, from the papers.
test_that("estimates and standard errors by hand", {
  # Two strata: 3/10 against 6/12, 5/20 against 9/15.
  k <- list(x0 = c(3, 5), n0 = c(10, 20), x1 = c(6, 9), n1 = c(12, 15))
  w <- c(12 * 10 / 22, 15 * 20 / 35)
  d <- c(0.5 - 0.3, 0.6 - 0.25)
  expect_equal(mh_difference(k), sum(w * d) / sum(w))
  variance <- c(0.5 * 0.5 / 12 + 0.3 * 0.7 / 10, 0.6 * 0.4 / 15 + 0.25 * 0.75 / 20)
  expect_equal(greenland_robins_error(k), sqrt(sum(w^2 * variance)) / sum(w))
  p <- (144 * 3 - 100 * 6 + 120 * (10 - 12) / 2) / 22^2 + (225 * 5 - 400 * 9 + 300 * (20 - 15) / 2) / 35^2
  q <- (6 * 7 + 3 * 6) / 44 + (9 * 15 + 5 * 6) / 70
  expect_equal(sato_error(k), sqrt(mh_difference(k) * p + q) / sum(w))
  ratio <- mh_log_risk_ratio(k)
  r <- 6 * 10 / 22 + 9 * 20 / 35
  s <- 3 * 12 / 22 + 5 * 15 / 35
  expect_equal(exp(ratio[["estimate"]]), r / s)
  expect_equal(
    ratio[["error"]],
    sqrt(((9 * 120 - 18 * 22) / 22^2 + (14 * 300 - 45 * 35) / 35^2) / (r * s))
  )
  iv <- inverse_variance(k, "risk_difference")
  expect_equal(iv, c(estimate = sum(d / variance) / sum(1 / variance), error = 1 / sqrt(sum(1 / variance))))
})

test_that("with one stratum the ratio's standard error is Katz's, the odds ratio's Woolf's", {
  k <- list(x0 = 6, n0 = 49, x1 = 13, n1 = 68)
  expect_equal(mh_log_risk_ratio(k)[["error"]], sqrt(1 / 6 - 1 / 49 + 1 / 13 - 1 / 68))
  expect_equal(mh_log_odds_ratio(k)[["error"]], sqrt(1 / 6 + 1 / 43 + 1 / 13 + 1 / 55))
  for (term in c("risk_ratio", "odds_ratio")) {
    mh <- if (term == "risk_ratio") mh_log_risk_ratio(k) else mh_log_odds_ratio(k)
    expect_equal(inverse_variance(k, term), mh)
  }
})

test_that("errors are symmetric in the groups and in event or not", {
  set.seed(20250808)
  k <- random_strata(6, 14)
  swapped <- list(x0 = k$x1, n0 = k$n1, x1 = k$x0, n1 = k$n0)
  turned <- list(x0 = k$n0 - k$x0, n0 = k$n0, x1 = k$n1 - k$x1, n1 = k$n1)
  for (other in list(swapped, turned)) {
    expect_equal(sato_error(other), sato_error(k))
    expect_equal(greenland_robins_error(other), greenland_robins_error(k))
    expect_equal(mh_log_odds_ratio(other)[["error"]], mh_log_odds_ratio(k)[["error"]])
    expect_equal(mh_difference(other), -mh_difference(k))
    expect_equal(cmh_z(other), -cmh_z(k))
  }
})

test_that("zero cells leave no inverse-variance mean, and nothing is added", {
  k <- list(x0 = c(0, 5), n0 = c(10, 20), x1 = c(6, 9), n1 = c(12, 15))
  expect_true(is.na(inverse_variance(k, "odds_ratio")[["estimate"]]))
  expect_true(is.na(inverse_variance(k, "risk_ratio")[["estimate"]]))
  expect_false(is.na(inverse_variance(k, "risk_difference")[["estimate"]]))
  # A stratum without events says nothing about a ratio, and does not stand in its way.
  none <- lapply(list(x0 = c(3, 0), n0 = c(10, 20), x1 = c(6, 0), n1 = c(12, 15)), as.double)
  expect_equal(inverse_variance(none, "odds_ratio"), inverse_variance(lapply(none, `[`, 1), "odds_ratio"))
  expect_equal(mh_log_odds_ratio(none), mh_log_odds_ratio(lapply(none, `[`, 1)))
})

test_that("a ratio of 0 or Inf", {
  k <- list(x0 = c(3, 2), n0 = c(5, 6), x1 = c(0, 0), n1 = c(7, 4))
  expect_equal(mh_log_odds_ratio(k), c(estimate = -Inf, error = NA))
  x <- tidy(compare_proportions(strata_array(k)))
  own <- x[x$method == "robins-breslow-greenland", ]
  expect_equal(c(own$estimate, own$conf.low, own$conf.high), c(0, 0, Inf))
  expect_true(is.na(own$p.value))
})

# Reference: metafor 3.8-1, tests/reference/stratified_metafor.R.
test_that("Mantel-Haenszel effects and standard errors are those of metafor", {
  peer <- read.csv(test_path("fixtures", "stratified_metafor.csv"))
  for (i in seq_len(nrow(peer))) {
    e <- peer[i, ]
    k <- peer_strata[[e$case]]
    found <- switch(e$term,
      risk_difference = c(mh_difference(k), sato_error(k)), risk_ratio = mh_log_risk_ratio(k),
      odds_ratio = mh_log_odds_ratio(k)
    )
    expect_equal(unname(found), c(e$estimate, e$std.error), tolerance = 1e-10, info = paste(e$case, e$term))
  }
})
