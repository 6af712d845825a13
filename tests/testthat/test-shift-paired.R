pairs <- function() {
  data.frame(pre = rep(c("3+", "2+", "1+"), c(8, 6, 4)), post = c(
    "3+", "3+", "3+", "2+", "2+", "1+", "0", "3+", "2+", "2+", "3+", "1+", "0", "2+", "1+", "2+", "1+", "0"
  ), g = rep(c("a", "b"), 9))
}

test_that("the rows of all and of each group are those of their tables", {
  x <- her2_shift(pre, post, by = g, data = pairs())
  rows <- tidy(x)
  table <- pair_table(x)
  expect_equal(unname(table), unname(unclass(table(factor(pairs()$pre, ihc_classes), factor(pairs()$post, ihc_classes)))),
    ignore_attr = TRUE
  )
  at <- function(method, group = "all") rows[rows$method == method & rows$group == group, ]
  expect_equal(at("bowker")$statistic, naive_bowker(table))
  expect_equal(at("stuart-maxwell")$statistic, naive_stuart_maxwell(table))
  expect_equal(at("stuart-maxwell-exact")$p.value, naive_flip_p(table, naive_stuart_maxwell), tolerance = 1e-10)
  own <- pair_table(x, 1)
  expect_equal(at("bowker-exact", "a")$p.value, naive_flip_p(own, naive_bowker), tolerance = 1e-10)
  # Three become negative (1+ or 0) of 3+ and 2+, and one becomes positive.
  lost <- sum(table[3:4, 1:2])
  gained <- sum(table[1:2, 3:4])
  expect_equal(at("mcnemar-exact")$p.value, stats::binom.test(lost, lost + gained)$p.value)
  expect_equal(at("tango")$estimate, (gained - lost) / 18)
  change <- match(pairs()$post, ihc_classes) - match(pairs()$pre, ihc_classes)
  expect_equal(at("scores")$estimate, mean(change))
  own <- rowSums(as.matrix(expand.grid(rep(list(c(-1, 1)), sum(change != 0)))) %*% diag(abs(change[change != 0])))
  expect_equal(at("scores-exact")$p.value, mean(abs(own) >= abs(sum(change)) - 1e-9), tolerance = 1e-10)
})

test_that("scores may be given", {
  x <- tidy(her2_shift(pre, post, data = pairs(), scores = c(0, 0, 1, 1)))
  expect_equal(x$estimate[x$method == "scores"], x$estimate[x$method == "tango"])
  expect_equal(x$statistic[x$method == "scores"]^2, x$statistic[x$method == "mcnemar"])
})

test_that("nothing changed: p = 1 everywhere, silently", {
  expect_silent(x <- her2_shift(c("3+", "3+", "2+"), c("3+", "3+", "2+")))
  rows <- tidy(x)
  expect_equal(unique(rows$p.value[!rows$term %in% "loss_rate"]), 1)
})

test_that("a Monte Carlo test keeps its seed and error", {
  set.seed(4)
  levels <- paste0("c", 1:6)
  counts <- matrix(rpois(36, 25), 6, dimnames = list(levels, levels))
  x <- her2_shift(counts, R = 199, seed = 11)
  expect_true("stuart-maxwell-monte-carlo" %in% tidy(x)$method)
  expect_equal(unique(x$monte_carlo$seed), 11)
  expect_match(format(x), "95% Monte Carlo interval of p .* R = 199, seed 11", all = FALSE)
  expect_identical(tidy(her2_shift(counts, R = 199, seed = 11)), tidy(x))
})
