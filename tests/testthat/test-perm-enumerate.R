# Exact tests of any statistic, by listing all arrangements: against combn() and against the exact
# tests of sums, which are found in another way.

mouse <- data.frame(
  days = c(94, 197, 16, 38, 99, 141, 23, 52, 104, 146, 10, 50, 31, 40, 27, 46),
  arm = rep(c("treated", "control"), c(7, 9))
)

test_that("the median difference of few patients is exact", {
  test <- perm_test(days ~ arm, mouse, "median_difference")
  # combn() lists the same C(16, 7) = 11440 sets
  difference <- combn(16, 7, function(i) {
    stats::median(mouse$days[i]) - stats::median(mouse$days[-i])
  })
  seen <- 94 - 46
  expect_identical(test$method, "Exact permutation test")
  expect_equal(test$p.value, mean(abs(difference) >= seen), tolerance = 1e-12)
  greater <- perm_test(days ~ arm, mouse, "median_difference", alternative = "greater", midp = TRUE)
  expect_equal(
    greater$p.value, mean(difference > seen) + mean(difference == seen) / 2, tolerance = 1e-12
  )
  expect_match(format(test), "all 11,440 arrangements", all = FALSE, fixed = TRUE)
  expect_equal(sort(null_support(null_distribution(test))), sort(unique(as.vector(difference))))
})

test_that("several groups, within strata", {
  rows <- data.frame(
    y = c(1.2, 3, 2, 5, 4, 4, 7, 8, 6), g = rep(c("a", "b", "c"), 3), s = rep(1:3, each = 3)
  )
  h <- function(labels) unname(stats::kruskal.test(rows$y, factor(labels))$statistic)
  all <- apply(naive_orders(rows$g), 2, h)
  expect_length(all, 1680)
  test <- perm_test(y ~ g, rows, "kruskal_wallis")
  expect_equal(test$p.value, mean(all >= h(rows$g) - 1e-9), tolerance = 1e-12)

  orders <- naive_orders(c("a", "b", "c"))
  triples <- expand.grid(1:6, 1:6, 1:6)
  within <- apply(triples, 1, function(i) h(as.vector(orders[, i])))
  stratified <- perm_test(y ~ g | s, rows, "kruskal_wallis")
  expect_equal(stratified$p.value, mean(within >= h(rows$g) - 1e-9), tolerance = 1e-12)
})

test_that("chi-squared of a small table is exact", {
  rows <- data.frame(
    grade = c("G1", "G2", "G2", "G3", "G3", "G1", "G3", "G3"), g = rep(c("x", "y", "z"), c(3, 3, 2))
  )
  x2 <- function(g) {
    suppressWarnings(unname(stats::chisq.test(rows$grade, g, correct = FALSE)$statistic))
  }
  all <- apply(naive_orders(rows$g), 2, x2)
  test <- perm_test(grade ~ g, rows, "chi_squared")
  expect_equal(test$p.value, mean(all >= x2(rows$g) - 1e-9), tolerance = 1e-12)
})

test_that("a statistic of one's own gives the p-value of the exact test of sums", {
  own <- stat_custom(function(data, weights) {
    treated <- data$arm == "treated"
    sum(weights[treated] * data$days[treated]) / sum(weights[treated]) -
      sum(weights[!treated] * data$days[!treated]) / sum(weights[!treated])
  })
  few <- mouse[c(1:4, 8:12), ]
  listed <- perm_test(days ~ arm, few, own)
  expect_match(format(listed), "all 126 arrangements", all = FALSE, fixed = TRUE)
  sums <- perm_test(days ~ arm, few, "mean_difference")
  expect_equal(listed$p.value, sums$p.value, tolerance = 1e-12)
})

test_that("too many arrangements are Monte Carlo, or refused", {
  set.seed(1)
  rows <- data.frame(y = stats::rexp(60), g = rep(0:1, 30))
  test <- perm_test(y ~ g, rows, "median_difference", R = 99, seed = 1)
  expect_identical(test$method, "Monte Carlo permutation test")
  expect_match(format(test), "too many arrangements to list", all = FALSE)
  expect_error(
    perm_test(y ~ g, rows, "median_difference", method = "exact"), class = "her2mod_error_input"
  )
})

test_that("clusters of unequal sizes are listed as wholes", {
  rows <- data.frame(
    y = c(1, 2, 2, 4, 5, 7, 1, 9, 3), g = rep(c("a", "b"), c(5, 4)),
    id = c(1, 1, 2, 3, 3, 4, 5, 5, 6)
  )
  test <- perm_test(y ~ g, rows, "mean_difference", cluster = id)
  # 3 of 6 clusters in group b, all C(6, 3) = 20 choices
  difference <- combn(6, 3, function(b) {
    mean(rows$y[rows$id %in% b]) - mean(rows$y[!rows$id %in% b])
  })
  seen <- mean(rows$y[rows$g == "b"]) - mean(rows$y[rows$g == "a"])
  greater <- perm_test(y ~ g, rows, "mean_difference", cluster = id, alternative = "greater")
  expect_equal(greater$p.value, mean(difference >= seen - 1e-9), tolerance = 1e-12)
  expect_match(format(test), "all 20 arrangements", all = FALSE, fixed = TRUE)
})
