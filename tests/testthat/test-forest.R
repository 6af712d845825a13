rows_of_ends <- function(low, estimate, high) data.frame(estimate, conf.low = low, conf.high = high)

test_that("the axis of a ratio shows every interval that is not absurdly wide, with round ticks", {
  # Hazard ratios of a simulated cohort: a group of its own, and one of three events.
  rows <- rows_of_ends(c(0.400, 0.268, 0.687, 0.0543), c(0.595, 0.431, 1.50, 0.599), c(0.885, 0.694, 3.29, 6.61))
  axis <- forest_axis(rows, TRUE)
  shown <- forest_clip(rows, axis)
  expect_identical(shown$cut_low, c(FALSE, FALSE, FALSE, TRUE))
  expect_identical(shown$cut_high, c(FALSE, FALSE, FALSE, TRUE))
  expect_identical(ratio_ticks(axis), c(0.25, 0.5, 1, 2))
})

test_that("ticks are round whatever the axis spans", {
  expect_identical(ratio_ticks(c(0.2, 5)), c(0.25, 0.5, 1, 2, 4))
  expect_identical(ratio_ticks(c(0.85, 1.3)), c(0.9, 1, 1.1, 1.2))
  expect_identical(ratio_ticks(c(0.02, 40)), c(0.03, 0.1, 0.3, 1, 3, 10, 30))
  expect_true(all(log10(ratio_ticks(c(1e-4, 2))) %% 1 == 0))
  for (axis in list(c(1, 1.05), c(1e-9, 1e9), c(3, 4))) expect_gte(length(ratio_ticks(axis)), 2)
})

test_that("a difference is cut five typical half-widths away, and one that has no interval is a point", {
  rows <- rows_of_ends(c(-1, -1.2, -30, NA), c(0, 0.1, 1, 2), c(1, 1.1, 32, NA))
  shown <- forest_clip(rows, forest_axis(rows, FALSE))
  expect_identical(shown$cut_high, c(FALSE, FALSE, TRUE, FALSE))
  expect_identical(shown$low[[4]], 2)
  expect_identical(nrow(forest_clip(rows_of_ends(NA_real_, Inf, NA_real_), c(0.5, 2))), 0L)
})

test_that("lines have their texts, and a cut interval its remark", {
  skip_if_not_installed("ggplot2")
  lines <- data.frame(left = c("one", "two", "three"), rows_of_ends(c(0.8, 0.7, 0), c(1, 1.1, 0), c(1.2, 1.6, 2)))
  picture <- forest_of(lines, list(c("ratio", "a", "bb", "c"), c("", "p", "q", "r")), TRUE)
  expect_match(picture$labels$caption, "Arrowhead")
  axis <- ggplot2::ggplot_build(picture)$layout$panel_params[[1]]$y
  expect_identical(axis$get_labels(), c("", "one", "two", "three"))
  expect_silent(ggplot2::ggplotGrob(picture))
  expect_null(forest_of(lines[1:2, ], list(c("ratio", "a", "b")), TRUE)$labels$caption)
})
