# What counts as extreme, and what as tied. References: counts of the replicates in base R, and
# every arrangement listed (helper-perm.R).

test_that("ties count: b is the number of replicates at least as extreme", {
  rows <- patient_rows(2, 5, 3, 5)
  found <- drawn_test(y ~ g, rows, R = 4999)
  expect_equal(sum(abs(found$replicates) >= 0.2 - 1e-9), found$exceeding)
  # the observed difference is among the commonest: without ties p would be far too small
  expect_gt(found$p.value, 0.9)
})

test_that("p, its interval and mid-p count the replicates", {
  for (name in c("mean_difference", "median_difference", "standardised_difference")) {
    for (alternative in alternatives) {
      found <- drawn_test(
        y ~ g, twelve_numbers, statistic = name, alternative = alternative, R = 799
      )
      # Without strata the expected sum gives a difference of 0.
      distance <- function(t) switch(alternative, two.sided = abs(t), less = -t, greater = t)
      more <- sum(distance(found$replicates) > distance(found$observed) + 1e-9)
      tied <- sum(abs(distance(found$replicates) - distance(found$observed)) <= 1e-9)
      expect_equal(found$exceeding, more + tied, label = paste(name, alternative))
      expect_identical(found$p.value, (more + tied + 1) / 800)
      expect_equal(
        found$p.interval, as.vector(binom.test(more + tied, 799)$conf.int), tolerance = 1e-9
      )
      # Half of the ties, of which the observed arrangement is one.
      midp <- drawn_test(
        y ~ g, twelve_numbers, statistic = name, alternative = alternative, midp = TRUE, R = 799
      )
      expect_equal(midp$p.value, (more + (tied + 1) / 2) / 800)
    }
  }
})

# Sums of the same numbers in another order differ by rounding. 0.2 + 0.1 + 0.5 + 0.5 is as much as
# 0.1 + 0.1 + 0.6 + 0.5, so T = 0, and every arrangement is at least as far from 0.
test_that("sums that differ by rounding are tied", {
  rows <- numeric_rows(c(.2, .1, .5, .5, .1, .1, .6, .5), rep(0:1, each = 4))
  for (name in c("mean_difference", "standardised_difference", "mean_ratio")) {
    expect_identical(drawn_test(y ~ g, rows, statistic = name)$p.value, 1, label = name)
    for (alternative in c("less", "greater")) {
      exact <- naive_test(rows, name, alternative)
      drawn <- drawn_test(y ~ g, rows, statistic = name, alternative = alternative, R = 9999)
      expect_lt(
        abs(drawn$exceeding / 9999 - exact), 5 * sqrt(exact * (1 - exact) / 9999),
        label = paste(name, alternative)
      )
    }
  }
  # 0.15 and (0.1 + 0.2) / 2 are one median.
  medians <- numeric_rows(c(.15, .15, .15, .1, .2, .15), rep(0:1, c(3, 3)))
  expect_identical(drawn_test(y ~ g, medians, statistic = "median_difference")$p.value, 1)
  balance <- stat_standardised_difference("balance")
  expect_identical(drawn_test(y ~ g, rows, statistic = balance)$p.value, 1)
})

test_that("a replicate without a value counts as extreme", {
  picky <- stat_custom(function(data, weights) {
    if (data$g[[1]] == "oth") return(NaN)
    mean(data$y[data$g == "oth"]) - mean(data$y[data$g == "ref"])
  })
  rows <- twelve_numbers
  found <- drawn_test(y ~ g, rows, statistic = picky, R = 499)
  lost <- is.nan(found$replicates)
  expect_gt(sum(lost), 0)
  extreme <- lost | abs(found$replicates) >= abs(found$observed) - 1e-9
  expect_identical(found$exceeding, sum(extreme))
  expect_identical(found$p.value, (sum(extreme) + 1) / 500)
  expect_identical(glance(found)$undefined * 499, as.double(sum(lost)))
  expect_true(any(grepl("undefined (counted as extreme)", format(found), fixed = TRUE)))
})
