shift_of <- function(...) {
  her2_shift(rep(c("3+", "2+"), c(8, 6)), c("3+", "3+", "2+", "1+", NA, NA, "3+", "3+", "2+", "1+", "0", "2+", NA, "1+"),
    by = rep(c("HER2 3+", "HER2-mod"), c(8, 6)), ...
  )
}

test_that("bands fill each side of each group once", {
  bands <- alluvial_bands(tidy(shift_of(), "shift"), ihc_classes)
  for (own in split(bands, bands$group)) {
    expect_equal(sum(own$share), 1)
    for (side in c("left", "right")) {
      own <- own[order(own[[side]]), ]
      expect_equal(own[[side]][-1], own[[paste0(side, "_top")]][-nrow(own)])
    }
  }
  expect_equal(sum(bands$n), 14)
  outlines <- band_outlines(bands, 10)
  expect_equal(nrow(outlines), 20 * nrow(bands))
  ends <- band_ends(bands)
  expect_equal(ends$n[ends$group == "HER2 3+" & ends$class == "3+" & ends$x == 1], 4)
})

test_that("pCR and the untested are drawn apart", {
  x <- her2_shift(c("3+", "3+", "3+"), c("3+", NA, NA), residual = c(TRUE, FALSE, NA))
  bands <- alluvial_bands(tidy(x, "shift"), x$levels)
  expect_setequal(bands$to, c("3+", "not re-tested", "no residual disease"))
})

test_that("pictures", {
  skip_if_not_installed("ggplot2")
  x <- shift_of()
  picture <- ggplot2::autoplot(x)
  expect_silent(ggplot2::ggplotGrob(picture))
  expect_equal(levels(picture$data$panel), c("HER2 3+, n = 8", "HER2-mod, n = 6"))
  expect_equal(ggplot2::autoplot(x, "tipping")$data, tidy(x$tipping[[1]], "grid"))
  one <- ggplot2::autoplot(her2_shift(c("3+", "2+"), c("3+", "1+")))
  expect_equal(levels(one$data$panel), "n = 2")
  counts <- her2_shift(lost = c(a = 1, b = 2), tested = c(5, 5), untested = c(1, 1))
  expect_error(ggplot2::autoplot(counts), class = "her2mod_error_input")
  expect_silent(ggplot2::ggplotGrob(ggplot2::autoplot(counts, "tipping")))
  expect_error(ggplot2::autoplot(her2_shift(lost = 1, tested = 4), "tipping"), class = "her2mod_error_input")
  expect_error(ggplot2::autoplot(x, "tipping", other = "z"), class = "her2mod_error_input")
  pdf(NULL)
  on.exit(dev.off())
  expect_silent(plot(x))
})

test_that("labels of thin neighbours are apart and inside", {
  ends <- data.frame(panel = "p", x = 1, low = c(0, 0.01, 0.02, 0.95), high = c(0.01, 0.02, 0.95, 1))
  at <- spread_labels(ends)
  expect_true(all(diff(at$y) >= 0.054))
  expect_true(all(at$y < 1))
})

test_that("labels are moved as little as can be, and stay within the picture", {
  ends <- data.frame(panel = "a", x = 1, low = c(0, 0.5, 0.51, 0.52), high = c(0.5, 0.51, 0.52, 1))
  at <- spread_labels(ends)
  # three within one line of each other: around their own middle (0.255 is far below)
  expect_equal(at$y[2:3], c(0.51 - 0.03, 0.51 + 0.03), tolerance = 1e-12)
  expect_equal(at$y[c(1, 4)], c(0.25, 0.76))
  low <- spread_labels(data.frame(panel = "a", x = 1, low = c(0, 0.01, 0.02), high = c(0.01, 0.02, 1)))
  expect_true(all(diff(low$y) >= 0.06 - 1e-12))
  expect_gte(min(low$y), 0)
})

test_that("labels of one and of two lines do not overlap, at the bottom and at the top", {
  thin <- c(0, 0.01, 0.02, 0.98, 0.99, 1)
  for (label in list(c("a", "b\nc", "d", "e\nf", "g"), c("b\nc", "a", "d", "g", "e\nf"))) {
    at <- spread_labels(data.frame(panel = "a", x = 1, low = thin[-6], high = thin[-1], label = label))
    expect_true(all(diff(at$y) >= at$half[-1] + at$half[-5] - 1e-12))
  }
})
