# Reference: ratesci 1.1.1, tests/reference/stratified_ratesci.R.
test_that("stratified score intervals and tests are those of ratesci", {
  peer <- read.csv(test_path("fixtures", "stratified_ratesci.csv"))
  for (i in seq_len(nrow(peer))) {
    e <- peer[i, ]
    k <- peer_strata[[e$case]]
    limits <- stratified_score_limits(k, e$term, e$correct, 0.95, "two.sided")
    expect_equal(limits, c(e$lower, e$upper), tolerance = 1e-7, info = paste(e$case, e$term, e$correct))
    null <- if (e$term == "risk_ratio") 1 else 0
    z <- stratified_z(k, null, e$term, e$correct)
    expect_equal(z, e$z, tolerance = 1e-8)
    expect_equal(z_p_value(z, "two.sided"), e$p.value, tolerance = 1e-8)
  }
})

test_that("restricted estimates maximise the likelihood", {
  set.seed(20250803)
  k <- random_strata(30, 12)
  for (effect in c(-0.9, -0.3, 0, 0.2, 0.7)) {
    at <- fit_under_difference(k, effect)
    naive <- mapply(naive_restricted, k$x0, k$n0, k$x1, k$n1, MoreArgs = list(effect = effect, ratio = FALSE))
    expect_equal(rbind(at$p0, at$p1), naive, tolerance = 1e-5, ignore_attr = TRUE)
  }
  for (effect in c(0.05, 0.6, 1, 3, 40)) {
    at <- fit_under_ratio(k, effect)
    naive <- mapply(naive_restricted, k$x0, k$n0, k$x1, k$n1, MoreArgs = list(effect = effect, ratio = TRUE))
    expect_equal(rbind(at$p0, at$p1), naive, tolerance = 1e-5, ignore_attr = TRUE)
  }
})

test_that("the score test of no effect is Cochran-Mantel-Haenszel's", {
  set.seed(20250804)
  for (i in 1:10) {
    k <- random_strata(5, 9)
    expect_equal(stratified_z(k, 0, "risk_difference", TRUE), cmh_z(k), tolerance = 1e-10)
    expect_equal(stratified_z(k, 1, "risk_ratio", TRUE), cmh_z(k), tolerance = 1e-10)
  }
})

test_that("each end of a score interval is where the test rejects", {
  set.seed(20250805)
  for (i in 1:10) {
    k <- random_strata(3, 8)
    for (term in c("risk_difference", "risk_ratio")) {
      limits <- stratified_score_limits(k, term, TRUE, 0.95, "two.sided")
      outer <- if (term == "risk_ratio") c(0, Inf) else c(-1, 1)
      for (side in which(limits != outer)) {
        z <- stratified_z(k, limits[[side]], term, TRUE)
        expect_equal(z, c(1, -1)[[side]] * stats::qnorm(0.975), tolerance = 1e-6)
      }
    }
  }
})

test_that("extremes: all against none, and one-sided", {
  k <- list(x0 = c(0, 0), n0 = c(5, 6), x1 = c(7, 4), n1 = c(7, 4))
  limits <- stratified_score_limits(k, "risk_difference", TRUE, 0.95, "two.sided")
  expect_equal(limits[[2]], 1)
  expect_gt(limits[[1]], 0.3)
  ratio <- stratified_score_limits(k, "risk_ratio", TRUE, 0.95, "two.sided")
  expect_equal(ratio[[2]], Inf)
  expect_gt(ratio[[1]], 1)
  none <- list(x0 = c(3, 2), n0 = c(5, 6), x1 = c(0, 0), n1 = c(7, 4))
  expect_equal(stratified_score_limits(none, "risk_ratio", TRUE, 0.95, "two.sided")[[1]], 0)
  wide <- stratified_score_limits(none, "risk_difference", TRUE, 0.90, "two.sided")
  expect_equal(stratified_score_limits(none, "risk_difference", TRUE, 0.95, "greater"), c(wide[[1]], 1))
  expect_equal(stratified_score_limits(none, "risk_difference", TRUE, 0.95, "less"), c(-1, wide[[2]]))
})
