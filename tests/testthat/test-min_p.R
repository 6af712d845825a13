test_that("ranks are shares of the replicates and the data, ties within the tolerance", {
  found <- ranked_p(list(observed = 2, replicates = c(1, 2 * (1 - 1e-9), 3, NaN)))
  # 3 and what does not exist are more extreme, one ties.
  expect_equal(found$observed, 4 / 5)
  expect_equal(found$replicates, c(5, 4, 2, 1) / 5)
  expect_false(found$exact)
  # Of all arrangements the observed one is among them.
  listed <- ranked_p(list(observed = 2, replicates = c(1, 2, 3, 2)), listed = TRUE)
  expect_equal(listed$observed, 3 / 4)
  expect_equal(listed$replicates, c(4, 3, 1, 3) / 4)
  expect_error(ranked_p(list(observed = NaN, replicates = 1)), class = "her2mod_error_data")
})

test_that("a null distribution gives p-values of distances", {
  null <- list(kind = "exact", value = c(-2, -1, 0, 1, 3), probability = c(1, 2, 4, 2, 1) / 10)
  evidence <- list(observed = 2, replicates = c(0, 1, 3), centre = 0, rounding = 1e-12)
  found <- null_p_values(null, evidence, abs)
  expect_equal(found$observed, 2 / 10)
  expect_equal(found$replicates, c(10, 6, 1) / 10)
  # The normal distribution on a grid
  at <- seq(-6, 6, length.out = 2001)
  normal <- list(kind = "grid", value = at, probability = dnorm(at) / sum(dnorm(at)))
  found <- null_p_values(normal, list(observed = 1.96, replicates = c(0, 1, 2.5), centre = 0), abs)
  expect_equal(found$observed, 2 * pnorm(-1.96), tolerance = 1e-4)
  expect_equal(found$replicates, 2 * pnorm(-c(0, 1, 2.5)), tolerance = 1e-4)
})

test_that("the adjusted p-values of the core's min p are these", {
  set.seed(8)
  replicates <- matrix(abs(round(rnorm(300), 1)), 100)
  observed <- c(1.5, 2.4, 0.3)
  each <- lapply(1:3, function(k) ranked_p(list(observed = observed[[k]], replicates = replicates[, k])))
  found <- step_down_min_p(each)
  expect_equal(found$p, cpp_westfall_young("min_p", observed, replicates))
  expect_true(all(found$error > share_error(found$p, 100)))
})

test_that("Holm's bound, p itself and its order bound the adjusted p", {
  bounded <- within_bounds(c(0.02, 0.5, 0.03), c(0.001, 0.4, 0.01))
  # Holm: 3 x .001, 2 x .01, .4
  expect_equal(bounded$p, c(0.003, 0.4, 0.02))
  expect_identical(bounded$holm, c(TRUE, TRUE, TRUE))
  expect_equal(within_bounds(c(0.001, 0.1), c(0.002, 0.2))$p, c(0.002, 0.2))
})
