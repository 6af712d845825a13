# Pictures hold what tidy() has.

skip_if_not_installed("ggplot2")
x <- compare_survival(Surv(time, status) ~ arm, remission)
layer_of <- function(picture, geom) {
  i <- which(vapply(picture$layers, function(layer) inherits(layer$geom, geom), NA))[1]
  ggplot2::layer_data(picture, i)
}

test_that("curves start at 1, step at the events and end where follow-up does", {
  line <- layer_of(ggplot2::autoplot(x), "GeomLine")
  curves <- tidy(x, "curves")
  for (g in 1:2) {
    own <- line[line$group == g, ]
    curve <- curves[curves$group == x$groups[[g]], ]
    expect_identical(own[1, c("x", "y")], data.frame(x = 0, y = 1), ignore_attr = TRUE)
    expect_equal(max(own$x), max(curve$time))
    expect_setequal(round(own$y, 12), round(c(1, curve$estimate), 12))
    expect_false(is.unsorted(own$x))
  }
  marks <- layer_of(ggplot2::autoplot(x), "GeomPoint")
  expect_identical(nrow(marks), sum(curves$n.censor > 0))
  medians <- layer_of(ggplot2::autoplot(x), "GeomSegment")
  expect_equal(sort(medians$x), c(8, 23))
})

test_that("the numbers at risk are the curve's", {
  text <- layer_of(ggplot2::autoplot(x), "GeomText")
  # 6-MP before weeks 0, 10, 20, 30 (Freireich): 21, 15, 8, 4
  shown <- text$label[text$group == 1 & text$x %in% c(0, 10, 20, 30)]
  expect_identical(trimws(shown), c("21", "15", "8", "4"))
  expect_false(any(vapply(ggplot2::autoplot(x, risk_table = FALSE)$layers, function(l) inherits(l$geom, "GeomText"), NA)))
})

test_that("the area of the restricted mean is the restricted mean", {
  area <- layer_of(ggplot2::autoplot(x, "rmst"), "GeomRibbon")
  for (g in 1:2) {
    own <- area[area$PANEL == g, ]
    expect_equal(sum(diff(own$x) * own$ymax[-nrow(own)]), estimate_of(x, "rmst")[[g]], tolerance = 1e-12)
  }
})

test_that("the difference is that of the curves, with Wald limits", {
  line <- layer_of(ggplot2::autoplot(x, "difference"), "GeomLine")
  at <- compare_survival(Surv(time, status) ~ arm, remission, times = c(10, 22))
  for (t in c(10, 22)) {
    shown <- line$y[max(which(line$x <= t))]
    expect_equal(shown, estimate_of(at, "survival_difference", time = t), tolerance = 1e-12)
  }
  band <- layer_of(ggplot2::autoplot(x, "difference"), "GeomRibbon")
  expect_equal(band$ymin[max(which(band$x <= 10))], estimate_of(at, "survival_difference", "conf.low", time = 10),
    tolerance = 1e-12
  )
  three <- compare_survival(Surv(time, status) ~ g, survival_sets()$colon)
  expect_error(ggplot2::autoplot(three, "difference"), class = "her2mod_error_input")
})

test_that("log-log curves, several groups, and plot()", {
  steps <- layer_of(ggplot2::autoplot(x, "loglog"), "GeomStep")
  curves <- tidy(x, "curves")
  inside <- curves[curves$n.event > 0 & curves$estimate > 0 & curves$estimate < 1, ]
  expect_equal(sort(steps$y), sort(log(-log(inside$estimate))), tolerance = 1e-12)
  three <- compare_survival(Surv(time, status) ~ g, survival_sets()$colon)
  expect_length(unique(layer_of(ggplot2::autoplot(three), "GeomLine")$colour), 3)
  grDevices::pdf(NULL)
  expect_s3_class(plot(x), "ggplot")
  grDevices::dev.off()
  expect_error(ggplot2::autoplot(x, "bars"), class = "her2mod_error_input")
})

test_that("the difference of curves has no limits while a group has no event, and says so", {
  x <- suppressWarnings(compare_survival(Surv(time, status) ~ her2, simulate_cohort(60, seed = 9)))
  picture <- ggplot2::autoplot(x, type = "difference")
  expect_match(picture$labels$subtitle, "no limits where nobody")
  expect_no_warning(ggplot2::ggplot_build(picture))
})
