test_that("Zelen's test is that of the enumerated tables", {
  set.seed(20250806)
  for (i in 1:20) {
    k <- random_strata(sample(2:4, 1), 6)
    informative <- length(informative_strata(k)$x0)
    found <- zelen_p_value(k)$p.value
    if (informative < 2) expect_true(is.na(found)) else expect_equal(found, naive_zelen(k), tolerance = 1e-10)
  }
})

test_that("Zelen's test of too many tables is left out, and how many is said", {
  k <- list(x0 = rep(400, 6), n0 = rep(900, 6), x1 = rep(300, 6), n1 = rep(800, 6))
  found <- zelen_p_value(k)
  expect_true(is.na(found$p.value))
  expect_equal(found$tables, 701^5)
  x <- compare_proportions(strata_array(k), methods = "zelen")
  expect_match(format(x), "No zelen: it would have to enumerate", all = FALSE)
})

test_that("expected events have the margins and the odds ratio", {
  set.seed(20250807)
  k <- informative_strata(random_strata(20, 15))
  for (odds_ratio in c(0.01, 0.7, 1, 2.5, 300)) {
    e <- events_at_odds(k, odds_ratio)
    m <- k$x0 + k$x1
    expect_true(all(e > 0 & e < pmin(m, k$n1) & e > m - k$n0))
    expect_equal(e * (k$n0 - m + e) / ((k$n1 - e) * (m - e)), rep(odds_ratio, length(e)), tolerance = 1e-8)
  }
})

test_that("an odds ratio of 0 or Inf, or one stratum, has no Breslow-Day test", {
  k <- list(x0 = c(0, 0), n0 = c(5, 6), x1 = c(3, 4), n1 = c(7, 8))
  expect_true(is.na(breslow_day_tests(k)$breslow_day))
  one <- breslow_day_tests(list(x0 = 2, n0 = 5, x1 = 3, n1 = 7))
  expect_true(is.na(one$tarone))
  expect_equal(one$df, 0)
})

test_that("strata with the same odds ratio fit", {
  k <- list(x0 = c(10, 20), n0 = c(30, 60), x1 = c(20, 40), n1 = c(30, 60))
  expect_equal(breslow_day_tests(k)$breslow_day, 0, tolerance = 1e-10)
})
