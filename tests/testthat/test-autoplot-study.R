skip_if_not_installed("ggplot2")
study <- reproduce_study()
layer <- function(plot, geom) {
  is_it <- vapply(plot$layers, function(l) inherits(l$geom, geom), NA)
  ggplot2::layer_data(plot, which(is_it)[[1]])
}

test_that("the forest plot shows the effects of tidy(), differences in percentage points", {
  shown <- layer(ggplot2::autoplot(study), "GeomPoint")
  rows <- tidy(study)
  expect_setequal(round(shown$x, 8), round(100 * rows$estimate[rows$term == "risk_difference"], 8))
  ratio <- ggplot2::autoplot(study, measure = "odds_ratio")
  expect_setequal(round(layer(ratio, "GeomPoint")$x, 8), round(log10(rows$estimate[rows$term == "odds_ratio"]), 8))
  expect_error(ggplot2::autoplot(study, measure = "hazard_ratio"), class = "her2mod_error_input")
})

test_that("the p-value picture has one point a test and the printed value", {
  audit <- attr(study, "audits")$pcr_by_therapy
  plot <- ggplot2::autoplot(audit)
  expect_setequal(layer(plot, "GeomPoint")$x, audit$p.value)
  expect_equal(layer(plot, "GeomVline")$xintercept, 0.287)
  mixed <- ggplot2::autoplot(audit_p_value(c(6, 13), c(49, 68), p = "0.320"))
  expect_equal(mixed$theme$legend.position, "bottom")
})

test_that("the picture of the bounds spans them", {
  bounds <- attr(study, "bounds")
  shown <- layer(ggplot2::autoplot(bounds), "GeomSegment")
  expect_setequal(round(shown$x, 8), round(100 * tidy(bounds)$lower, 8))
  expect_setequal(round(shown$xend, 8), round(100 * tidy(bounds)$upper, 8))
  undefined <- adjustment_bounds(c(4, 2), c(8, 5), c(0, 5))
  expect_error(ggplot2::autoplot(undefined), class = "her2mod_error_data")
})
