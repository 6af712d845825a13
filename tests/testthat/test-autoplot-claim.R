skip_if_not_installed("ggplot2")

region_of <- function(picture) ggplot2::ggplot_build(picture)$data[[1]]

test_that("the region that matters begins at the margin, and the verdict is in words", {
  found <- check_claim("no improvement", c(single = 6, dual = 13), c(49, 68), margin = 0.1)
  picture <- ggplot2::autoplot(found)
  region <- region_of(picture)
  expect_equal(region$xmin, 10)
  expect_gt(region$xmax, 100 * tidy(found)$conf.high[[1]])
  expect_match(gsub("\n", " ", picture$labels$subtitle), paste0("^INCONCLUSIVE. ", found$reason), perl = TRUE)
  expect_match(picture$labels$caption, "from 10.0 on outwards; a larger effect is better")
  expect_silent(ggplot2::ggplotGrob(picture))
})

test_that("a claim of two sides has two regions, and ratios a log axis on which lower is better", {
  lung <- survival::lung
  lung$sex <- factor(lung$sex, labels = c("male", "female"))
  both <- ggplot2::autoplot(check_claim("no difference", Surv(time, status == 2) ~ sex, data = lung, margin = 1.25))
  expect_equal(sort(c(region_of(both)$xmin, region_of(both)$xmax))[2:3], log10(c(1 / 1.25, 1.25)))
  one <- ggplot2::autoplot(check_claim("improvement", Surv(time, status == 2) ~ sex, data = lung, margin = 1.25))
  expect_equal(region_of(one)$xmax, log10(1 / 1.25))
  expect_match(one$labels$x, "log axis")
  expect_match(one$labels$caption, "a smaller effect is better")
})
