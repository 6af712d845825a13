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

test_that("plot() draws", {
  file <- tempfile(fileext = ".png")
  grDevices::png(file)
  on.exit(unlink(file))
  plot(dual(methods = "newcombe"))
  grDevices::dev.off()
  expect_gt(file.size(file), 1000)
})
