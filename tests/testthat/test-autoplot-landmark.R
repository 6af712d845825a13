skip_if_not_installed("ggplot2")

x <- landmarked(simulate_responses(100, 14), landmarks = c(1, 5, 5.1, 8, 9)) |>
  suppressWarnings()
layers_of <- function(picture, geom) {
  built <- ggplot2::ggplot_build(picture)
  which_layers <- vapply(picture$layers, function(l) inherits(l$geom, geom), NA)
  built$data[which_layers]
}

test_that("the sweep shows the hazard ratios of tidy(), on a log axis", {
  picture <- ggplot2::autoplot(x)
  points <- layers_of(picture, "GeomPoint")[[1]]
  rows <- tidy(x)[tidy(x)$term == "log_hazard_ratio", ]
  shown <- rows[rows$analysis == "landmark" & is.finite(rows$estimate), ]
  expect_equal(points$x, shown$time)
  expect_equal(points$y, shown$estimate / log(10))
  ends <- layers_of(picture, "GeomLinerange")[[1]]
  expect_equal(c(ends$ymin, ends$ymax), c(shown$conf.low, shown$conf.high) / log(10))
  lines <- layers_of(picture, "GeomHline")[[2]]
  lined <- rows[match(c("time-dependent", "from response", "naive"), rows$analysis), ]
  expect_equal(lines$yintercept, lined$estimate / log(10))
  expect_identical(anyDuplicated(lines$colour), 0L)
  expect_match(picture$labels$subtitle, "landmark 1 \\(nobody still at risk counts as pcr\\)")
})

test_that("numbers at risk stand below landmarks far enough apart, the last among them", {
  text <- layers_of(ggplot2::autoplot(x), "GeomText")[[1]]
  expect_setequal(text$x, c(1, 5.1, 9))
  counts <- tidy(x, "counts")
  last <- counts[counts$time %in% 9, ]
  expect_setequal(text$label[text$x == 9], paste0(last$n, " (", last$events, ")"))
})

test_that("curves are those of one landmark, or from the assessment", {
  expect_match(ggplot2::autoplot(x, "curves")$labels$subtitle, "landmark 5.1")
  expect_match(ggplot2::autoplot(x, "curves", landmark = 8)$labels$x, "Time since landmark 8")
  from_response <- ggplot2::autoplot(x, "curves", landmark = "response")
  expect_match(from_response$labels$subtitle, "the assessment")
  refused(ggplot2::autoplot(x, "curves", landmark = 7), "landmark")
  refused(ggplot2::autoplot(x, "bars"), "type")
  refused(ggplot2::autoplot(x, colour = 1), "colour")
})

test_that("plot() draws", {
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  on.exit(unlink(file))
  plot(x)
  grDevices::dev.off()
  expect_gt(file.size(file), 3000)
})
