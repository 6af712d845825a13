# Efron and Tibshirani's mouse data (1993, table 2.1, ISBN 0412042312).
treated <- c(94, 197, 16, 38, 99, 141, 23)
control <- c(52, 104, 146, 10, 50, 31, 40, 27, 46)

test_that("it is wilcox.test()'s U over the number of pairs, ties counting half", {
  set.seed(41)
  u <- function(a, b) suppressWarnings(unname(stats::wilcox.test(b, a)$statistic))
  expect_equal(evaluate_numbers("win_probability", control, treated)$value,
    u(control, treated) / 63,
    tolerance = 1e-14
  )
  for (n in c(1, 2, 5, 20)) {
    a <- round(rnorm(n), 0)
    b <- round(rnorm(21 - n, 1), 0)
    expect_equal(evaluate_numbers("win_probability", a, b)$value, u(a, b) / (n * (21 - n)),
      tolerance = 1e-14
    )
  }
})

test_that("by hand: pairs won, tied, lost", {
  # 2 beats 1; 2 ties with 2; 5 beats 1 and 2; 0 loses to both: (1 + 1/2 + 2 + 0) / 6
  found <- evaluate_numbers("win_probability", c(1, 2), c(2, 5, 0))
  expect_equal(found$value, 3.5 / 6, tolerance = 1e-15)
  # placements: of group 1 3/4, 1, 0; of group 0 (below) 2/3, 1/2
  expect_equal(found$error^2, var(c(3 / 4, 1, 0)) / 3 + var(c(2 / 3, 1 / 2)) / 2, tolerance = 1e-14)
})

test_that("DeLong's standard error with ties on both sides, every placement counted by hand", {
  a <- c(1, 2, 2, 3)
  b <- c(2, 3, 3, 4)
  # wins of 2: 1 + (1 + 1)/2 = 2; of 3: 3.5, twice; of 4: 4; over 4
  v1 <- c(2, 3.5, 3.5, 4) / 4
  # beaten by: 1: 4; 2: 3.5, twice; 3: 1 + 1 = 2; over 4
  v0 <- c(4, 3.5, 3.5, 2) / 4
  found <- evaluate_numbers("win_probability", a, b)
  expect_equal(found$value, 13 / 16, tolerance = 1e-15)
  expect_equal(found$error, sqrt(var(v1) / 4 + var(v0) / 4), tolerance = 1e-14)
})

test_that("only the order counts", {
  plain <- evaluate_numbers("win_probability", control, treated)
  as_ranks <- function(x) match(x, sort(c(control, treated)))
  for (how in list(log, sqrt, function(x) x^3 + 1e9, as_ranks)) {
    expect_equal(evaluate_numbers("win_probability", how(control), how(treated)), plain,
      tolerance = 1e-14
    )
  }
})

test_that("complete separation is 0 or 1 with no error, all tied a half", {
  at <- function(a, b) evaluate_numbers("win_probability", a, b)
  expect_identical(at(c(1, 2), c(3, 4, 5)), list(value = 1, error = 0, reason = "none"))
  expect_identical(at(c(3, 4, 5), c(1, 2)), list(value = 0, error = 0, reason = "none"))
  expect_identical(at(c(7, 7), c(7, 7, 7)), list(value = 0.5, error = 0, reason = "none"))
  # a group of one has no variance of placements
  expect_identical(at(1, c(0, 2)), list(value = 0.5, error = NaN, reason = "none"))
})

test_that("its exact permutation test is Wilcoxon's, as stats and coin have it", {
  rows <- number_rows(control, treated)
  for (alternative in c("two.sided", "less", "greater")) {
    # without ties the distribution of U is symmetric, so both two-sided p-values are the same
    expect_equal(
      perm_test(y ~ g, rows, "win_probability", alternative = alternative)$p.value,
      stats::wilcox.test(treated, control, alternative = alternative, exact = TRUE)$p.value,
      tolerance = 1e-12
    )
  }
  skip_if_not_installed("coin")
  # coin 1.4.2 takes ties
  tied <- number_rows(c(1, 2, 2, 3, 3, 5, 1), c(2, 3, 5, 5, 6, 3))
  expect_equal(
    perm_test(y ~ g, tied, "win_probability", alternative = "greater")$p.value,
    as.double(coin::pvalue(coin::wilcox_test(y ~ g, tied,
      distribution = "exact", alternative = "less"
    ))),
    tolerance = 1e-12
  )
})

test_that("the constructor is the registry's entry", {
  expect_s3_class(stat_win_probability(), "her2_stat")
  expect_identical(stat_win_probability()$name, "win_probability")
  expect_identical(stat_win_probability()$null, 0.5)
  expect_identical(stat_win_probability()$limits, c(0, 1))
})
