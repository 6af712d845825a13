skip_if_not_installed("ggplot2")

points_of <- function(picture) {
  built <- ggplot2::ggplot_build(picture)
  built$data[[which(vapply(picture$layers, function(layer) inherits(layer$geom, "GeomPoint"), NA))]]
}

test_that("squares are the effects within groups, the diamond is their contrast", {
  found <- test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, zhang_counts())
  rows <- tidy(found)
  picture <- ggplot2::autoplot(found)
  points <- points_of(picture)
  effects <- rows$estimate[rows$term == "effect" & rows$measure == "risk_difference"]
  contrast <- rows$estimate[rows$term == "interaction" & rows$measure == "risk_difference"][[1]]
  expect_equal(points$x, 100 * c(effects, contrast))
  expect_identical(points$shape, c(15, 15, 18))
  expect_match(picture$labels$x, "percentage points")
  expect_match(picture$labels$caption, "the contrast, score")
  expect_match(picture$labels$caption, "no test of a difference")
  odds <- ggplot2::autoplot(found, "odds_ratio", method = "wald")
  own <- rows[rows$measure == "odds_ratio" & rows$term %in% c("effect", "interaction"), ]
  expect_equal(10^points_of(odds)$x, c(own$estimate[own$term == "effect"], own$estimate[own$method == "wald"][[1]]))
  expect_match(odds$labels$x, "log axis")
  expect_silent(ggplot2::ggplotGrob(odds))
  expect_error(ggplot2::autoplot(found, "hazard_ratio"), class = "her2mod_error_input")
  expect_error(ggplot2::autoplot(found, method = "none"), class = "her2mod_error_input")
})

test_that("of several groups each has its contrast, and the test of all is in the caption", {
  counts <- data.frame(
    her2 = rep(c("a", "b", "c"), each = 2), therapy = rep(c("old", "new"), 3), x = c(10, 20, 12, 14, 8, 9), n = rep(40, 6)
  )
  found <- test_interaction(cbind(x, n - x) ~ therapy * her2, counts, ref = c(therapy = "old"))
  picture <- ggplot2::autoplot(found)
  expect_identical(sum(points_of(picture)$shape == 18), 2L)
  expect_match(picture$labels$caption, "All groups have the same effect: p")
})
