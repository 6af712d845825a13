# p < alpha exactly when the interval of level 1 - alpha excludes the value of no effect: the
# definition, asked of the intervals themselves.

numeric_sets <- list(
  skewed = list(y = c(3, 5, 7, 18, 43, 85, 91, 12, 18, 30, 98, 100, 130, 230, 487), n0 = 8),
  tied = list(y = c(1, 2, 2, 3, 3, 3, 5, 2, 3, 3, 4, 4, 6, 6), n0 = 7),
  apart = list(y = c(2.5, 3.1, 2.9, 4.4, 3.7, 3.3, 5.2, 6.1, 4.9, 7.3, 5.5, 6.6, 4.1), n0 = 6)
)
binary_sets <- list(c(6, 49, 13, 68), c(5, 20, 5, 20), c(4, 12, 9, 14))

sets_for <- function(effect) {
  if (is_risk(effect)) return(lapply(binary_sets, function(x) do.call(patient_rows, as.list(x))))
  lapply(numeric_sets, function(s) {
    data.frame(
      y = s$y, g = factor(rep(c("ref", "oth"), c(s$n0, length(s$y) - s$n0)), c("ref", "oth"))
    )
  })
}

# A grid of alphas that avoids p itself.
alphas_near <- function(p, grid, lowest, highest) {
  alphas <- c(grid, p * c(1 - 1e-6, 1 + 1e-6, 0.9, 1.1))
  alphas[abs(alphas - p) > 1e-9 & alphas > lowest & alphas < highest]
}

excludes <- function(low, high, null) low > null | high < null

# Of the result x: every type at a grid of levels and next to each p. Returns the mistakes. The
# run behind x is asked for each interval, which is what boot_ci() does at another level.
mistakes_of <- function(x) {
  run <- if (x$method == "exact") boot_exact(x, x$statistic, wanted_of(x)) else run_of(x)
  run <- settle_replicates(run)
  null <- null_effect(x$statistic)
  # One-sided intervals have levels above 50%.
  two_sided <- x$alternative == "two.sided"
  lowest <- if (x$method == "exact") 0 else (1 + two_sided) / (x$R + 1) + 1e-9
  mistakes <- character()
  for (i in which(!is.na(x$intervals$p.value))) {
    type <- x$intervals$type[[i]]
    p <- x$intervals$p.value[[i]]
    grid <- c(0.001, 0.011, 0.03, 0.05, 0.08, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 0.95)
    for (alpha in alphas_near(p, grid, lowest, if (two_sided) 1 else 0.5)) {
      ends <- to_display(x$statistic, one_interval(type, run, alpha / (1 + two_sided))[1:2])
      if (x$alternative == "less") ends[[1]] <- -Inf
      if (x$alternative == "greater") ends[[2]] <- Inf
      if ((p < alpha) != excludes(ends[[1]], ends[[2]], null)) {
        mistakes <- c(mistakes, sprintf("%s %s alpha %.9g, p %.9g", type, x$alternative, alpha, p))
      }
    }
  }
  mistakes
}

for (effect in all_effects()) {
  label <- paste(effect$name, effect$form)

  test_that(paste(label, "- p-values invert the intervals, Monte Carlo and exact"), {
    exact <- if (effect$name %in% names(exact_kinds)) "exact"
    for (rows in sets_for(effect)) {
      for (alternative in alternatives) {
        for (method in c("monte_carlo", exact)) {
          x <- suppressWarnings(boot_ci(y ~ g, rows, effect$stat, "all", method = method,
            R = 99, seed = 4, alternative = alternative, progress = FALSE
          ))
          expect_gte(sum(!is.na(x$intervals$p.value)), if (method == "exact") 3 else 4)
          expect_identical(mistakes_of(x), character())
        }
      }
    }
  })
}

test_that("the same through boot_ci() at each level", {
  rows <- sets_for(list(name = "mean_difference"))$tied
  for (stat in c("mean_difference", "win_probability")) {
    null <- if (stat == "win_probability") 0.5 else 0
    for (alternative in alternatives) {
      fit <- function(level) {
        suppressWarnings(boot_ci(y ~ g, rows, stat, "all",
          R = 199, seed = 2, conf.level = level, alternative = alternative, progress = FALSE
        ))$intervals
      }
      p <- fit(0.95)$p.value
      for (alpha in c(0.02, 0.05, 0.1, 0.3, p * 0.999, p * 1.001)) {
        if (alpha < 2 / 200 || alpha >= 0.5) next
        found <- fit(1 - alpha)
        expect_identical(found$p.value, p)
        expect_identical(p < alpha, excludes(found$conf.low, found$conf.high, null))
      }
    }
  }
})

# 8 of 999 replicates are 0 but for the rounding of the sums: they are 0, whatever the unit.
test_that("a tie with no effect is a tie, whatever rounding makes of it", {
  set.seed(1)
  g <- factor(rep(c("ref", "oth"), c(7, 6)), c("ref", "oth"))
  sample(1:4, 13, TRUE)
  y <- sample(1:4, 13, TRUE)
  types <- c("perc", "basic", "bca")
  fit <- function(y, ...) boot_ci(y ~ g, data.frame(y, g), "mean_difference", types, seed = 2, ...)
  whole <- fit(y, R = 999)
  weights <- cpp_bootstrap_weights(whole$job$cohort, "ordinary", 2, 1, 999)
  # 6 sum_1 - 7 sum_0 in whole numbers
  sums <- with(
    whole$job$cohort, crossprod(cbind(7 * response * group, 6 * response * (1 - group)), weights)
  )
  truth <- as.vector(sums[1, ] - sums[2, ]) / 42
  expect_gt(sum(truth == 0), 5)
  expect_equal(whole$replicates, truth, tolerance = 1e-12)
  # perc by hand: the share at or below (or above) 0, as the order statistic's tail
  below <- sum(truth <= 0)
  sorted <- sort(truth)
  expect_lte(naive_quantile(truth, below / 1000), 0)
  p <- whole$intervals$p.value[[1]]
  tails <- seq(0.001, 0.5, by = 0.001)
  holds <- vapply(tails, function(t) {
    naive_quantile(truth, t) <= 0 && naive_quantile(truth, 1 - t) >= 0
  }, NA)
  expect_equal(p, 2 * max(tails[holds]), tolerance = 1e-9)
  for (unit in c(0.1, 1 / 3, 1e6, 1e-9)) {
    expect_equal(
      fit(y * unit, R = 999)$intervals$p.value, whole$intervals$p.value, tolerance = 1e-9
    )
  }
  exact <- suppressWarnings(fit(y, method = "exact"))
  for (unit in c(0.1, 1e-9)) {
    other <- suppressWarnings(fit(y * unit, method = "exact"))
    expect_equal(other$intervals$p.value, exact$intervals$p.value, tolerance = 1e-9)
    expect_identical(mistakes_of(other), character())
  }
})

test_that("an exact basic interval whose end is the null value holds it", {
  # 4/12 and 9/14: 2T less the 95% quantile of T* is 0, which subtraction makes 1.1e-16
  found <- boot_ci(y ~ g, patient_rows(4, 12, 9, 14), type = "basic", conf.level = 0.9)$intervals
  expect_gt(found$p.value, 0.1)
  expect_identical(found$conf.low, 0)
})

test_that("p does not depend on the level that is shown", {
  rows <- sets_for(list(name = "mean_difference"))$tied
  ps <- vapply(c(0.5, 0.8, 0.999), function(level) {
    x <- suppressWarnings(boot_ci(y ~ g, rows, "mean_difference", "all",
      R = 199, seed = 1, conf.level = level, progress = FALSE
    ))
    x$intervals$p.value
  }, double(5))
  expect_identical(ps[, 1], ps[, 2])
  expect_identical(ps[, 1], ps[, 3])
})

test_that("a Monte Carlo p is at least 2/(R + 1), one-sided 1/(R + 1), and never 0", {
  rows <- data.frame(
    y = c(1:8, 101:108), g = factor(rep(c("ref", "oth"), each = 8), c("ref", "oth"))
  )
  at <- function(alternative) {
    x <- suppressWarnings(boot_ci(y ~ g, rows, "mean_difference", c("perc", "basic", "stud", "bca"),
      R = 199, seed = 1, alternative = alternative, progress = FALSE
    ))
    x$intervals$p.value
  }
  expect_equal(at("two.sided"), rep(2 / 200, 4), tolerance = 1e-12)
  expect_equal(at("greater"), rep(1 / 200, 4), tolerance = 1e-12)
  # The other side: every replicate speaks for no effect.
  expect_equal(at("less"), rep(1, 4), tolerance = 1e-12)
})

test_that("by hand: 3 of 19 replicates at or below 0", {
  replicates <- c(-3, -1, 0, 1:16)
  run <- list(
    method = "monte_carlo", R = 19, replicates = replicates, estimate = 6, estimate_error = 1,
    acceleration = 0, mean = mean(replicates), std.error = sd(replicates), mid_share = 0.5,
    failures = c(empty_group = 0, undefined = 0, infinite = 0), statistic = stat_mean_difference()
  )
  # The quantile at 3/20 is 0, the largest tail whose end holds 0.
  expect_equal(interval_p("perc", run, "greater"), 3 / 20, tolerance = 1e-12)
  expect_equal(interval_p("perc", run, "two.sided"), 6 / 20, tolerance = 1e-12)
  # 12 less the quantile at 1 - t is at most 0 from the quantile 12 on, the 15th: t = 1/4.
  expect_equal(interval_p("basic", run, "greater"), 5 / 20, tolerance = 1e-12)
  expect_equal(
    interval_p("norm", run, "greater"),
    pnorm((12 - mean(replicates)) / sd(replicates), lower.tail = FALSE), tolerance = 1e-12
  )
})

# With R^+ one-sided so skewed that BCa intervals of different levels overlap, p is never below an
# alpha whose interval holds the null value.
test_that("an extreme acceleration never makes p too small", {
  set.seed(8)
  replicates <- sort(rexp(199)) - 0.4
  run <- list(
    method = "monte_carlo", R = 199, replicates = replicates, estimate = median(replicates),
    estimate_error = 1, mean = mean(replicates), std.error = sd(replicates),
    failures = c(empty_group = 0, undefined = 0, infinite = 0), statistic = stat_mean_difference()
  )
  for (a in c(-0.6, -0.3, 0.3, 0.6)) {
    for (share in c(0.2, 0.5, 0.8)) {
      run$acceleration <- a
      run$mid_share <- share
      p <- interval_p("bca", run, "two.sided")
      for (alpha in seq(0.011, 0.99, by = 0.0137)) {
        ends <- one_interval("bca", run, alpha / 2)
        if (!excludes(ends[[1]], ends[[2]], 0)) expect_gte(p, alpha - 1e-9)
      }
    }
  }
})

test_that("a distance has no p-value", {
  rows <- data.frame(
    y = rep(c("a", "b", "c", "a", "b", "c"), c(5, 4, 6, 7, 3, 4)),
    g = factor(rep(c("ref", "oth"), c(15, 14)), c("ref", "oth"))
  )
  x <- boot_ci(y ~ g, rows, "standardised_distance", "perc", R = 199, seed = 1, progress = FALSE)
  expect_identical(x$intervals$p.value, NA_real_)
  expect_true(all(is.finite(ends_of(x))))
})
