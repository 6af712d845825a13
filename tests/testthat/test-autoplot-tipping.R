test_that("a tile for each table, points at same rate and nearest", {
  skip_if_not_installed("ggplot2")
  x <- tipping_point(c(single = 11, dual = 21), n = c(125, 119), missing = c(4, 6))
  picture <- ggplot2::autoplot(x)
  expect_equal(picture$data, tidy(x, "grid"))
  expect_equal(nrow(picture$layers[[2]]$data), 2)
  expect_match(picture$labels$x, "among the 4 missing, single")
  expect_match(gsub("\n", " ", picture$labels$y), "among the 6 missing, dual")
  expect_silent(ggplot2::ggplotGrob(picture))
  pdf(NULL)
  on.exit(dev.off())
  expect_silent(plot(x))
})

test_that("axes have whole numbers only", {
  expect_equal(whole_breaks(c(-0.5, 1.5)), c(0, 1))
  expect_equal(whole_breaks(c(-0.5, 20.5)), c(0, 5, 10, 15, 20))
})
