# Pictures hold what tidy() has.

skip_if_not_installed("ggplot2")
x <- compare_survival(Surv(time, status) ~ arm, remission)
layers_of <- function(picture, geom) {
  found <- which(vapply(picture$layers, function(layer) class(layer$geom)[[1]] == geom, NA))
  lapply(found, function(i) ggplot2::layer_data(picture, i))
}
# What a staircase shows at a time.
shown_at <- function(layer, column, t) {
  vapply(t, function(at) layer[[column]][max(which(layer$x <= at + 1e-9))], 0)
}

test_that("each panel has its group's curve, band and pointwise limits", {
  for (type in c("hall-wellner", "equal-precision")) {
    b <- survival_bands(x, type, scale = "arcsine")
    picture <- ggplot2::autoplot(b)
    ribbon <- layers_of(picture, "GeomRibbon")[[1]]
    lines <- layers_of(picture, "GeomLine")
    # Pointwise limits on the same scale, from another function.
    on_scale <- compare_survival(Surv(time, status) ~ arm, remission, conf.type = "arcsine")
    pointwise <- tidy(on_scale, "curves")
    for (g in 1:2) {
      rows <- tidy(b)[tidy(b)$group == x$groups[[g]], ]
      own <- ribbon[ribbon$PANEL == g, ]
      expect_equal(shown_at(own, "ymin", rows$time), rows$conf.low, tolerance = 1e-12)
      expect_equal(shown_at(own, "ymax", rows$time), rows$conf.high, tolerance = 1e-12)
      expect_equal(range(own$x), c(b$critical$from[[g]], b$critical$to[[g]]))
      limits <- pointwise[pointwise$group == x$groups[[g]] & pointwise$time %in% rows$time, ]
      in_panel <- lapply(lines, function(line) line[line$PANEL == g, ])
      expect_equal(shown_at(in_panel[[1]], "y", rows$time), limits$conf.low, tolerance = 1e-12)
      expect_equal(shown_at(in_panel[[2]], "y", rows$time), limits$conf.high, tolerance = 1e-12)
      expect_equal(shown_at(in_panel[[3]], "y", rows$time), rows$estimate, tolerance = 1e-12)
      expect_identical(min(in_panel[[3]]$x), 0)
    }
    expect_match(picture$labels$subtitle, type)
    expect_match(picture$labels$subtitle, "pointwise limits, which are no band")
  }
})

test_that("the difference has its band, the pointwise limits and zero", {
  b <- survival_bands(x, "bootstrap", R = 99, seed = 1)
  picture <- ggplot2::autoplot(b, "difference")
  rows <- tidy(b)[tidy(b)$term == "survival_difference", ]
  ribbon <- layers_of(picture, "GeomRibbon")[[1]]
  lines <- layers_of(picture, "GeomLine")
  expect_equal(shown_at(ribbon, "ymin", rows$time), rows$conf.low, tolerance = 1e-12)
  expect_equal(shown_at(ribbon, "ymax", rows$time), rows$conf.high, tolerance = 1e-12)
  expect_equal(shown_at(lines[[3]], "y", rows$time), rows$estimate, tolerance = 1e-12)
  at <- compare_survival(Surv(time, status) ~ arm, remission, times = 10)
  low <- estimate_of(at, "survival_difference", "conf.low")
  expect_equal(shown_at(lines[[1]], "y", 10), low, tolerance = 1e-12)
  expect_identical(layers_of(picture, "GeomHline")[[1]]$yintercept, 0)
  expect_match(picture$labels$title, "placebo minus 6-MP")
})

test_that("times without limits, long names, several groups, one, and plot()", {
  early <- ggplot2::autoplot(survival_bands(x, from = 0))
  expect_identical(min(layers_of(early, "GeomRibbon")[[1]]$x), 1) # the first event
  long <- transform(remission, arm = factor(arm, labels = c(strrep("mercaptopurine ", 6), "b")))
  picture <- ggplot2::autoplot(survival_bands(compare_survival(Surv(time, status) ~ arm, long)))
  panels <- ggplot2::ggplot_build(picture)$layout$layout$panel
  expect_lte(max(nchar(unlist(strsplit(as.character(panels), "\n")))), 36)
  three <- survival_bands(compare_survival(Surv(time, status) ~ g, survival_sets()$colon))
  fills <- layers_of(ggplot2::autoplot(three), "GeomRibbon")[[1]]$fill
  expect_length(unique(fills), 3)
  expect_error(ggplot2::autoplot(three, "difference"), class = "her2mod_error_input")
  expect_error(ggplot2::autoplot(three, "bars"), class = "her2mod_error_input")
  expect_error(ggplot2::autoplot(three, colour = 1), class = "her2mod_error_input")
  one <- survival_bands(compare_survival(Surv(time, status) ~ 1, remission))
  grDevices::pdf(NULL)
  expect_s3_class(plot(one), "ggplot")
  grDevices::dev.off()
})
