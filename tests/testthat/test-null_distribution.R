# References: every arrangement listed (helper-perm.R), sorting in base R, stats::dhyper and
# dwilcox (R 4.2.2).

rows <- numeric_rows(c(1, 2, 2, 3, 5, 8, 8, 13), c(0, 1, 0, 0, 1, 0, 1, 0))
zeros <- numeric_rows(c(0, 0, 1, 2, 3, 5, 8), c(0, 1, 1, 0, 0, 0, 0))
set.seed(41)
large <- numeric_rows(rlnorm(300), rep(0:1, c(200, 100)))
null_of <- function(...) null_distribution(perm_test(..., progress = FALSE))

# Questions answered by counting equally likely values.
expect_null <- function(null, t, label) {
  near <- function(a, b) abs(a - b) < 1e-9 | a == b
  support <- sort(t)
  support <- support[!c(FALSE, near(support[-1], support[-length(support)]))]
  expect_equal(null_support(null), support, label = paste(label, "support"))
  between <- (support[-1] + support[-length(support)]) / 2
  for (q in c(support, between[is.finite(between)], -1e6, 1e6)) {
    at <- paste(label, format(q))
    expect_equal(null_p(null, q), mean(t < q | near(t, q)), label = at)
    expect_equal(null_p(null, q, lower.tail = FALSE), mean(t > q | near(t, q)), label = at)
    expect_equal(null_density(null, q), mean(near(t, q)), label = at)
  }
  # The smallest value with P(T* <= value) >= p: the ceiling(p n)-th; p = k / n are the edges.
  n <- length(t)
  for (p in c(0, 0.01, 0.025, 0.31, 0.5, 0.975, 1, seq_len(min(n, 60)) / n)) {
    expect_equal(null_q(null, p), sort(t)[max(1, ceiling(p * n - 1e-9))], label = paste(label, p))
  }
  expect_equal(null_q(null, c(0.5, 0.9)), c(null_q(null, 0.5), null_q(null, 0.9)))
  expect_equal(null_p(null, support), vapply(support, function(q) null_p(null, q), 0))
  expect_equal(sum(null$probability), 1)
}

test_that("a list of sums answers as the list of all arrangements", {
  deals <- naive_deals(rows$g == "oth")
  for (name in sum_statistics) {
    expect_null(null_of(y ~ g, rows, name), naive_null(rows, name, deals), name)
  }
  # A mean of 0 is a ratio of 0 or Inf.
  t <- naive_null(zeros, "mean_ratio", naive_deals(zeros$g == "oth"))
  expect_gt(sum(is.infinite(t)), 0)
  expect_null(null_of(y ~ g, zeros, "mean_ratio"), t, "infinite")
  centre <- transform(rows, centre = rep(1:2, 4))
  t <- naive_null(centre, "mean_difference", naive_deals(centre$g == "oth", centre$centre))
  expect_null(null_of(y ~ g | centre, centre, "mean_difference"), t, "strata")
  # Listed arrangements.
  t <- naive_null(rows, "median_difference", deals)
  expect_null(null_of(y ~ g, rows, "median_difference"), t, "median")
})

test_that("replicates answer as their sorted values", {
  for (name in c("mean_difference", "mean_ratio", "median_difference")) {
    found <- perm_test(y ~ g, zeros, name, method = "monte_carlo", R = 357, seed = 3)
    expect_null(null_distribution(found), found$replicates, name)
  }
  # Those without a value have their share, but are nowhere.
  picky <- stat_custom(function(data, weights) {
    if (data$g[[1]] == "oth") NaN else mean(data$y[data$g == "oth"])
  })
  found <- perm_test(y ~ g, rows, picky, method = "monte_carlo", R = 200, seed = 1)
  lost <- mean(is.nan(found$replicates))
  expect_gt(lost, 0)
  null <- null_distribution(found)
  expect_equal(null_p(null, 1e9), 1 - lost)
  expect_equal(null_p(null, -1e9, lower.tail = FALSE), 1 - lost)
})

test_that("counts have hypergeometric probabilities, ranks without ties Wilcoxon's", {
  null <- null_of(y ~ g, patient_rows(6, 49, 13, 68))
  x1 <- 0:19
  difference <- x1 / 68 - (19 - x1) / 49
  expect_equal(null_density(null, difference), dhyper(x1, 68, 49, 19), tolerance = 1e-9)
  expect_equal(null_support(null), difference)
  expect_equal(null_p(null, 0), phyper(11, 68, 49, 19))
  ranks <- null_of(y ~ g, number_rows(seq(1, 40, 2), seq(2, 30, 2)), "win_probability")
  expect_equal(null_density(ranks, 0:300 / 300), dwilcox(0:300, 15, 20), tolerance = 1e-9)
})

test_that("the tails are the one-sided p-values", {
  for (data in list(rows, zeros)) {
    for (name in sum_statistics) {
      null <- null_of(y ~ g, data, name)
      expect_equal(null_p(null, null$observed),
        perm_test(y ~ g, data, name, alternative = "less")$p.value, label = name
      )
      expect_equal(null_p(null, null$observed, lower.tail = FALSE),
        perm_test(y ~ g, data, name, alternative = "greater")$p.value, label = name
      )
    }
  }
  drawn <- perm_test(y ~ g, rows, "mean_difference", method = "monte_carlo", R = 499, seed = 2,
    alternative = "greater"
  )
  # (b + 1)/(R + 1) counts the observed arrangement too.
  share <- null_p(null_distribution(drawn), drawn$observed, lower.tail = FALSE)
  expect_equal((share * 499 + 1) / 500, drawn$p.value)
})

test_that("a grid has the moments of the sum and its tails within a cell", {
  null <- null_of(y ~ g, large, "mean_difference", alternative = "greater")
  expect_identical(null$kind, "grid")
  expect_equal(sum(null$probability), 1, tolerance = 1e-9)
  expect_false(is.unsorted(null$value))
  expect_true(all(null$probability >= 0))
  # Var of the difference of means: (1/n0 + 1/n1) times the variance of all values.
  variance <- var(large$y) * (1 / 200 + 1 / 100)
  expect_equal(sum(null$probability * null$value), 0, tolerance = 1e-3 * sqrt(variance))
  expect_equal(sum(null$probability * null$value^2), variance, tolerance = 1e-3)
  p <- perm_test(y ~ g, large, "mean_difference", alternative = "greater")$p.value
  cell <- max(null$probability)
  expect_lt(abs(null_p(null, null$observed, lower.tail = FALSE) - p), cell)
  expect_lt(abs(null_p(null, null_q(null, 0.3)) - 0.3), cell)
})

test_that("one arrangement only is one value", {
  null <- null_of(y ~ g, numeric_rows(rep(2, 6), rep(0:1, 3)), "mean_difference")
  expect_identical(null_support(null), 0)
  expect_identical(null_p(null, c(-1, 0, 1)), c(0, 1, 1))
  expect_identical(null_density(null, c(-1, 0)), c(0, 1))
  expect_identical(null_q(null, c(0, 0.5, 1)), c(0, 0, 0))
})

test_that("the print says what it is", {
  lines <- format(null_of(y ~ g, rows, "mean_difference"))
  expect_match(lines[[1]], "Null distribution: mean difference, exact", fixed = TRUE)
  # 3 of 8 with ties: by listing
  t <- naive_null(rows, "mean_difference", naive_deals(rows$g == "oth"))
  expect_match(lines[[2]], paste0(length(unique(round(t, 9))), " values from "), fixed = TRUE)
  expect_match(lines[[2]], "observed -0.4000", fixed = TRUE)
  expect_match(lines[[3]], "P\\(T\\* <= observed\\) = 0[.]")
  expect_match(format(null_of(y ~ g, rows, "mean_ratio"))[[1]], "(logarithm)", fixed = TRUE)
  drawn <- null_of(y ~ g, rows, "mean_difference", method = "monte_carlo", R = 99, seed = 1)
  expect_match(format(drawn)[[1]], "Monte Carlo replicates")
  expect_match(format(null_of(y ~ g, large, "mean_difference"))[[1]], "on a grid")
  expect_output(returned <- withVisible(print(drawn)), "Null distribution")
  expect_false(returned$visible)
  expect_identical(returned$value, drawn)
})

test_that("plot() draws", {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  for (null in list(
    null_of(y ~ g, rows, "mean_difference"), null_of(y ~ g, zeros, "mean_ratio"),
    null_of(y ~ g, rows, "median_difference", method = "monte_carlo", R = 99, seed = 1),
    null_of(y ~ g, large, "mean_difference"), null_of(y ~ g, patient_rows(6, 49, 13, 68)),
    null_of(y ~ g, numeric_rows(rep(2, 6), rep(0:1, 3)), "mean_difference")
  )) {
    expect_silent(returned <- withVisible(plot(null)))
    expect_false(returned$visible)
    # The observed value is inside the panel.
    range <- graphics::par("usr")[1:2]
    expect_true(range[[1]] < null$observed && null$observed < range[[2]])
  }
})

test_that("a picture's bars hold all of the finite probability", {
  for (null in list(
    null_of(y ~ g, rows, "mean_difference"), null_of(y ~ g, large, "mean_difference"),
    null_of(y ~ g, large, "median_difference", R = 999, seed = 1)
  )) {
    bars <- null_histogram(null)
    expect_equal(sum(bars$probability), 1)
    expect_lte(nrow(bars), 60)
    expect_gt(bars$width[[1]], diff(range(bars$value)) / 200)
  }
  # Sums that differ by rounding are one bar: multiples of 0.025 here.
  tenths <- numeric_rows(c(.1, .2, .3, .4, .5, .6, .1, .3), rep(0:1, 4))
  bars <- null_histogram(
    null_of(y ~ g, tenths, "mean_difference", method = "monte_carlo", R = 999, seed = 1)
  )
  t <- naive_null(tenths, "mean_difference", naive_deals(tenths$g == "oth"))
  expect_equal(bars$value, sort(unique(round(t, 9))))
  expect_equal(bars$width[[1]], 0.05)
  # All log odds ratios of one event are infinite: 1/0 or 0/1.
  one <- null_of(
    y ~ g, patient_rows(1, 5, 0, 6), "odds_ratio", method = "monte_carlo", R = 9, seed = 1
  )
  expect_error(plot(one), class = "her2mod_error_data")
})

test_that("what is no test, no null distribution or no probability is refused", {
  refused <- function(expr, arg) {
    error <- expect_error(expr, class = "her2mod_error_input")
    expect_identical(error$arg, arg)
  }
  refused(null_distribution(1), "x")
  refused(null_distribution(t.test(1:9)), "x")
  null <- null_of(y ~ g, rows, "mean_difference")
  refused(null_p(1, 1), "null")
  refused(null_q(list(), 0.5), "null")
  refused(null_density(NULL, 1), "null")
  refused(null_support(rows), "null")
  for (p in list(-0.1, 1.1, NA, "0.5", NaN)) refused(null_q(null, p), "p")
  refused(null_p(null, 1, lower.tail = NA), "lower.tail")
  refused(null_p(null, "1"), "q")
  refused(null_density(null, TRUE), "q")
})
