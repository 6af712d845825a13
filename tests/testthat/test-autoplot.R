skip_if_not_installed("ggplot2")

built <- function(plot) ggplot2::ggplot_build(plot)$data
dual <- function(...) compare_proportions(c(single = 6, dual = 13), c(49, 68), ...)

test_that("a comparison is drawn from its tidy table, with the line of no effect", {
  x <- dual(methods = c("newcombe", "mee"))
  layers <- built(ggplot2::autoplot(x))
  rows <- tidy(x)
  rows <- rows[rows$term == "risk_difference", ]
  # Rows are drawn from the top, so the first has the highest position.
  drawn <- layers[[2]][order(-layers[[2]]$y), ]
  expect_equal(drawn$x, rows$conf.low)
  expect_equal(drawn$xend, rows$conf.high)
  expect_equal(layers[[1]]$xintercept, 0)
  expect_equal(unique(layers[[3]]$x), 13 / 68 - 6 / 49)
})

test_that("labels say direction, counts and level", {
  labels <- ggplot2::autoplot(dual(conf.level = 0.9, methods = "koopman"), term = "risk_ratio")$labels
  expect_match(labels$x, "dual over single")
  expect_match(labels$title, "dual 13/68 against single 6/49")
  expect_match(labels$subtitle, "90%")
})

test_that("an interval that goes on to Inf ends in an arrow and has no point", {
  x <- compare_proportions(c(a = 0, b = 5), c(20, 20), methods = "odds_ratio")
  layers <- built(ggplot2::autoplot(x, term = "odds_ratio"))
  expect_equal(nrow(layers[[3]]), 0)
  arrows <- layers[[5]]
  expect_equal(nrow(arrows), sum(is.infinite(tidy(x)$conf.high)))
  expect_true(all(is.finite(unlist(layers[[2]][c("x", "xend")]))))
})

test_that("only effects can be drawn", {
  expect_error(ggplot2::autoplot(dual(), term = "test"), class = "her2mod_error_input")
  expect_error(
    ggplot2::autoplot(dual(methods = "newcombe"), term = "odds_ratio"),
    class = "her2mod_error_input"
  )
})

counts <- data.frame(therapy = c("single", "dual"), event = c(6, 13), n = c(49, 68))

test_that("bootstrap intervals are drawn one a row", {
  x <- boot_ci(cbind(event, n - event) ~ therapy, counts, ref = "single", type = c("bca", "perc"))
  layers <- built(ggplot2::autoplot(x))
  drawn <- layers[[2]][order(-layers[[2]]$y), ]
  expect_equal(drawn$x, tidy(x)$conf.low)
  expect_equal(drawn$xend, tidy(x)$conf.high)
})

test_that("a permutation test shows its null distribution and what is as extreme", {
  x <- perm_test(cbind(event, n - event) ~ therapy, counts, ref = "single")
  layers <- built(ggplot2::autoplot(x))
  bars <- layers[[1]]
  # Hypergeometric: 19 events among 49 + 68.
  expect_equal(bars$y, stats::dhyper(bars$x, 68, 49, 19), tolerance = 1e-12)
  expect_equal(layers[[2]]$xintercept, 13)
  coloured <- bars$fill == plot_colours[["observed"]]
  expect_equal(sum(bars$y[coloured]), x$p.value, tolerance = 1e-5)
  expect_false(any(coloured[bars$x %in% 10:12]))
})

mouse <- data.frame(
  days = c(94, 197, 16, 38, 99, 141, 23, 52, 104, 146, 10, 50, 31, 40, 27, 46),
  arm = rep(c("treated", "control"), c(7, 9))
)

# What is coloured as extreme has the probability p, but for the cell that T divides.
test_that("the null distribution of sums, of replicates and on a grid is drawn", {
  set.seed(71)
  large <- data.frame(y = rlnorm(300), g = rep(0:1, 150))
  tests <- list(
    perm_test(days ~ arm, mouse, "mean_difference"),
    perm_test(days ~ arm, mouse, "mean_ratio", alternative = "greater"),
    perm_test(days ~ arm, mouse, "median_difference"),
    perm_test(days ~ arm, mouse, "mean_difference", method = "monte_carlo", R = 999, seed = 1),
    perm_test(y ~ g, large, "mean_difference"),
    perm_test(c("x", "y", "z", "y")[1 + days %% 4] ~ arm, mouse, "chi_squared", R = 99, seed = 1)
  )
  for (x in tests) {
    plot <- ggplot2::autoplot(x)
    layers <- built(plot)
    bars <- layers[[1]]
    expect_equal(sum(bars$y), 1, tolerance = 1e-8)
    expect_equal(layers[[2]]$xintercept, x$observed)
    coloured <- bars$fill == plot_colours[["observed"]]
    expect_lt(abs(sum(bars$y[coloured]) - x$p.value), 2.01 * max(bars$y))
    expect_match(plot$labels$title, format_p(x$p.value), fixed = TRUE)
    expect_match(plot$labels$x, format_number(x$observed), fixed = TRUE)
    # The line is inside the panel.
    range <- ggplot2::ggplot_build(plot)$layout$panel_params[[1]]$x.range
    expect_true(range[[1]] <= x$observed && x$observed <= range[[2]])
    expect_s3_class(ggplot2::autoplot(null_distribution(x)), "ggplot")
  }
  expect_match(ggplot2::autoplot(tests[[2]])$labels$x, "Mean ratio (logarithm)", fixed = TRUE)
})

test_that("values that differ by rounding are one bar", {
  tenths <- data.frame(y = c(.1, .2, .3, .4, .5, .6, .1, .3), g = rep(0:1, 4))
  x <- perm_test(y ~ g, tenths, "mean_difference", method = "monte_carlo", R = 999, seed = 1)
  bars <- built(ggplot2::autoplot(x))[[1]]
  expect_equal(diff(sort(bars$x)), rep(0.05, nrow(bars) - 1))
  # Each bar is as wide as it can be seen.
  expect_equal(unique(round(bars$xmax - bars$xmin, 9)), 0.85 * 0.05)
  coloured <- bars$fill == plot_colours[["observed"]]
  # (b + 1)/(R + 1), b the coloured share of R
  expect_equal((sum(bars$y[coloured]) * 999 + 1) / 1000, x$p.value)
})

test_that("an observed value far from what chance gives is in the panel", {
  x <- perm_test(cbind(event, n - event) ~ g, data.frame(
    g = c("HER2 3+", "HER2-mod"), event = c(211, 19), n = c(458, 117)
  ), ref = "HER2 3+")
  layout <- ggplot2::ggplot_build(ggplot2::autoplot(x))$layout
  expect_lt(layout$panel_params[[1]]$x.range[[1]], 19)
})

test_that("what has nothing to draw says so", {
  zero <- perm_test(y ~ g, data.frame(y = rep(0, 6), g = rep(0:1, 3)), "mean_ratio")
  expect_error(ggplot2::autoplot(zero), class = "her2mod_error_data")
  one <- perm_test(cbind(event, n - event) ~ g, data.frame(g = 0:1, event = 0:1, n = c(5, 6)),
    "odds_ratio", method = "monte_carlo", R = 9, seed = 1
  )
  expect_error(ggplot2::autoplot(one), class = "her2mod_error_data")
  constant <- perm_test(y ~ g, data.frame(y = rep(2, 6), g = rep(0:1, 3)), "mean_difference")
  expect_s3_class(ggplot2::autoplot(constant), "ggplot")
})

test_that("plot() draws", {
  file <- tempfile(fileext = ".png")
  grDevices::png(file)
  on.exit(unlink(file))
  plot(dual(methods = "newcombe"))
  plot(perm_test(days ~ arm, mouse, "mean_difference"))
  grDevices::dev.off()
  expect_gt(file.size(file), 1000)
})
