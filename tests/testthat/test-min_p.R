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
  found <- null_p_values(normal, list(observed = 1.96, replicates = c(0, 1, 2.5), centre = 0, alternative = "two.sided"), abs)
  expect_equal(found$observed, 2 * pnorm(-1.96), tolerance = 1e-4)
  expect_equal(found$replicates, 2 * pnorm(-c(0, 1, 2.5)), tolerance = 1e-4)
})

test_that("a grid's p-values of one-sided distances", {
  at <- seq(-6, 6, length.out = 2001)
  normal <- list(kind = "grid", value = at, probability = dnorm(at) / sum(dnorm(at)))
  of <- list(observed = 1.2, replicates = c(-0.5, 2), centre = 0.3)
  up <- null_p_values(normal, c(of, alternative = "greater"), identity)
  expect_equal(up$observed, pnorm(-1.5), tolerance = 1e-4)
  expect_equal(up$replicates, pnorm(-c(-0.2, 2.3)), tolerance = 1e-4)
  down <- null_p_values(normal, c(of, alternative = "less"), identity)
  expect_equal(down$observed, pnorm(0.3 - 1.2), tolerance = 1e-4)
  expect_equal(down$replicates, pnorm(0.3 - c(-0.5, 2)), tolerance = 1e-4)
})

test_that("being tied is not transitive", {
  # 1 ties with 1 - 0.9e-7, and that with 1 - 1.8e-7.
  found <- ranked_p(list(observed = 1, replicates = c(1 - 0.9e-7, 1 - 1.8e-7, 0.5)))
  expect_equal(found$observed, 2 / 4)
  expect_equal(step_down_min_p(list(found))$p, 2 / 4)
})

test_that("twice the tail in which a value lies", {
  signed <- list(observed = -2, replicates = c(-3, -1, 0, 1, 5))
  # At most -2: 2 of 6. -3: 1, -1: 3; at least 0: 3, 1: 2, 5: 1.
  found <- ranked_tails(signed)
  expect_equal(found$observed, 4 / 6)
  expect_equal(found$replicates, c(2, 6, 6, 4, 2) / 6)
  expect_identical(ranked_tails(list(observed = 0, replicates = c(0, 0)))$observed, 1)
})

test_that("adjusted p-values are those of the definition", {
  set.seed(8)
  for (digits in 1:3) {
    replicates <- matrix(abs(round(rnorm(300), digits)), 100)
    replicates[7, 2] <- NaN
    observed <- c(1.5, 2.4, 0.3)
    each <- lapply(1:3, function(k) ranked_p(list(observed = observed[[k]], replicates = replicates[, k])))
    found <- step_down_min_p(each)
    all <- rbind(observed, replicates)
    all[is.nan(all)] <- Inf
    expect_equal(found$p, naive_min_p(all))
    expect_true(all(found$error > share_error(found$p, 100)))
    # Whatever the scales
    rescaled <- lapply(1:3, function(k) {
      ranked_p(list(observed = exp(k * observed[[k]]), replicates = exp(k * replicates[, k])))
    })
    expect_equal(step_down_min_p(rescaled)$p, found$p)
  }
})

test_that("arrangements without a value count as extreme, in an exact distribution too", {
  # Of ten arrangements two have no value.
  null <- list(kind = "exact", value = c(-2, -1, 0, 1, 3), probability = c(1, 1, 4, 1, 1) / 10)
  found <- null_p_values(null, list(observed = 2, replicates = c(0, NaN, 3), centre = 0, rounding = 1e-12), abs)
  expect_equal(found$observed, 4 / 10)
  expect_equal(found$replicates, c(10, 2, 3) / 10)
  # The rounding of a sum that is 1 is none of them: a p below it stays what it is.
  tiny <- list(kind = "exact", value = 0:2, probability = c(0.3, 0.7 - 3e-16, 1e-20))
  expect_equal(null_p_values(tiny, list(observed = 2, replicates = 1, centre = 0, rounding = 0), abs)$observed, 1e-20)
})

test_that("an adjusted p is at least the p itself and those before it", {
  expect_equal(at_least_own(c(0.001, 0.5, 0.03), c(0.002, 0.4, 0.04)), c(0.002, 0.5, 0.04))
  expect_equal(at_least_own(c(0.2, 0.1), c(0.01, 0.02)), c(0.2, 0.2))
})
