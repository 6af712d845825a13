rows_of_groups <- function(...) {
  groups <- list(...)
  data.frame(
    g = factor(rep(seq_along(groups), lengths(groups))), y = unlist(groups, use.names = FALSE)
  )
}
at <- function(...) evaluate(cohort_of(rows_of_groups(...)), "kruskal_wallis")

test_that("H is kruskal.test()'s, with and without ties, of 2 to 6 groups", {
  # Hollander and Wolfe (1973), 116: mucociliary efficiency, from the help page of kruskal.test
  x <- c(2.9, 3.0, 2.5, 2.6, 3.2)
  y <- c(3.8, 2.7, 4.0, 2.4)
  z <- c(2.8, 3.4, 3.7, 2.2, 2.0)
  expect_equal(at(x, y, z)$value, unname(kruskal.test(list(x, y, z))$statistic), tolerance = 1e-13)
  expect_equal(round(at(x, y, z)$value, 5), 0.77143) # as R's manual prints it
  set.seed(51)
  for (k in 2:6) {
    rows <- data.frame(g = factor(c(1:k, sample(k, 30, TRUE))), y = round(rnorm(30 + k), 0))
    found <- evaluate(cohort_of(rows), "kruskal_wallis")
    expect_equal(found$value, unname(kruskal.test(y ~ g, rows)$statistic), tolerance = 1e-12)
    expect_identical(found[c("error", "reason")], list(error = NA_real_, reason = "none"))
  }
})

test_that("by hand: ranks 1 to 6 in three pairs", {
  # rank sums 3, 7, 11: 12/(6 * 7) * (9 + 49 + 121)/2 - 3 * 7
  expect_equal(at(c(1, 2), c(3, 4), c(5, 6))$value, 12 / 42 * 179 / 2 - 21, tolerance = 1e-14)
})

test_that("all tied is no difference, a group of one is a group", {
  expect_identical(at(c(3, 3), c(3, 3), 3)$value, 0)
  expect_equal(at(1, c(2, 3), 4)$value,
    unname(kruskal.test(list(1, c(2, 3), 4))$statistic), tolerance = 1e-14
  )
})

test_that("only the order counts", {
  set.seed(52)
  groups <- split(rexp(20), rep(1:4, 5))
  for (how in list(log, function(x) 1e6 * x, function(x) x^5)) {
    expect_equal(do.call(at, lapply(groups, how)), do.call(at, groups), tolerance = 1e-13)
  }
})

test_that("with two groups it is the Wilcoxon test, two-sided", {
  rows <- number_rows(c(1, 5, 3, 8, 2), c(4, 9, 7, 6))
  # 126 arrangements, by list
  sums <- utils::combn(rank(rows$y), 4, sum)
  seen <- sum(rank(rows$y)[rows$g == "oth"])
  exact <- mean(abs(sums - mean(sums)) >= abs(seen - mean(sums)))
  expect_equal(perm_test(y ~ g, rows, "kruskal_wallis")$p.value, exact, tolerance = 1e-12)
  test <- perm_test(y ~ g, rows, "kruskal_wallis", method = "monte_carlo", R = 9999, seed = 1)
  expect_lt(abs(test$p.value - exact), 4 * sqrt(exact * (1 - exact) / 9999))
  expect_identical(test$alternative, "greater")
})

test_that("several groups from end to end, with an unused level and a reference", {
  rows <- rows_of_groups(c(1, 4, 2), c(3, 8, 9), c(5, 7, 6), c(2, 2, 4))
  levels(rows$g) <- c(levels(rows$g), "nobody")
  test <- perm_test(y ~ g, rows, "kruskal_wallis", R = 999, seed = 1)
  expect_equal(unname(test$statistic), unname(kruskal.test(y ~ droplevels(g), rows)$statistic),
    tolerance = 1e-13
  )
  # the reference changes no test of all groups but which draw is which
  moved <- perm_test(y ~ g, rows, "kruskal_wallis", R = 999, seed = 1, ref = "3")
  expect_equal(moved$observed, test$observed, tolerance = 1e-13)
  refused(boot_ci(y ~ g, rows, "kruskal_wallis"), "statistic")
  refused(perm_test(y ~ g, rows, "kruskal_wallis", alternative = "less"), "alternative")
})

test_that("the p-value of three groups is that of all arrangements; Monte Carlo is near it", {
  rows <- rows_of_groups(c(1, 4), c(3, 8), c(9, 7))
  # all 90 ways to deal 6 ranks into three pairs
  ways <- unlist(lapply(utils::combn(6, 2, simplify = FALSE), function(i) {
    rest <- setdiff(1:6, i)
    lapply(utils::combn(rest, 2, simplify = FALSE), function(j) list(i, j, setdiff(rest, j)))
  }), recursive = FALSE)
  expect_length(ways, 90)
  h <- vapply(ways, function(w) kruskal.test(w)$statistic, 0)
  exact <- mean(h >= naive_kruskal_wallis(rows)[[1]] - 1e-9)
  expect_equal(perm_test(y ~ g, rows, "kruskal_wallis")$p.value, exact, tolerance = 1e-12)
  test <- perm_test(y ~ g, rows, "kruskal_wallis", method = "monte_carlo", R = 9999, seed = 3)
  expect_lt(abs(test$p.value - exact), 4 * sqrt(exact * (1 - exact) / 9999))
})

test_that("within strata it is the naive form, whatever the strata's sizes and ranks", {
  set.seed(53)
  for (k in 2:4) {
    rows <- data.frame(g = factor(c(1:k, sample(k, 40, TRUE))), centre = c(rep(1, k), sample(5, 40, TRUE, 1:5)))
    rows$y <- round(rnorm(40 + k), 1) + 10 * rows$centre
    expect_equal(evaluate(cohort_of(rows), "kruskal_wallis")$value, naive_kruskal_wallis(rows)[[1]], tolerance = 1e-10)
  }
})

test_that("of blocks that hold each group once, ranked within, without ties, it is Friedman's", {
  # Hollander and Wolfe (1973), 140ff: rounding first base, from the help page of friedman.test
  times <- matrix(c(
    5.40, 5.50, 5.55, 5.85, 5.70, 5.75, 5.20, 5.60, 5.50, 5.55, 5.50, 5.40, 5.90, 5.85, 5.70, 5.45, 5.55, 5.60,
    5.40, 5.40, 5.35, 5.45, 5.50, 5.35, 5.25, 5.15, 5.00, 5.85, 5.80, 5.70, 5.25, 5.20, 5.10, 5.65, 5.55, 5.45,
    5.60, 5.35, 5.45, 5.05, 5.00, 4.95, 5.50, 5.50, 5.40, 5.45, 5.55, 5.50, 5.55, 5.55, 5.35, 5.45, 5.50, 5.55,
    5.50, 5.45, 5.25, 5.65, 5.60, 5.40, 5.70, 5.65, 5.55, 6.30, 6.30, 6.25
  ), ncol = 3, byrow = TRUE)
  times <- times[apply(times, 1, anyDuplicated) == 0, ]
  blocks <- nrow(times)
  expect_identical(blocks, 18L)
  rows <- data.frame(
    y = as.vector(apply(times, 1, rank)), g = factor(rep(1:3, blocks)), centre = rep(seq_len(blocks), each = 3)
  )
  found <- evaluate(cohort_of(rows), "kruskal_wallis")$value
  expect_equal(found, unname(friedman.test(times)$statistic), tolerance = 1e-12)
})

test_that("differences between strata neither hide groups nor make them", {
  # b is later in both strata by as much as can be, and mostly in the stratum with low values
  rows <- data.frame(
    y = c(1, 2, 3, 4, 5, 6, 101, 102, 103, 104, 105, 106), g = rep(c("a", "b", "a", "b"), c(1, 5, 5, 1)),
    s = rep(1:2, each = 6)
  )
  # one of 6 x 6 arrangements puts both at the far end on each side
  expect_equal(perm_test(y ~ g | s, rows, "kruskal_wallis")$p.value, 2 / 36)
  expect_equal(perm_test(y ~ g | s, rows, "win_probability")$p.value, 2 / 36)
  rows$y <- rep(1:2, each = 6)
  expect_identical(perm_test(y ~ g | s, rows, "kruskal_wallis")$p.value, 1)
})

test_that("the constructor is the registry's entry", {
  expect_s3_class(stat_kruskal_wallis(), "her2_stat")
  expect_identical(stat_kruskal_wallis()$name, "kruskal_wallis")
  expect_identical(stat_kruskal_wallis()$role, "test")
})
