# The picture of scaled Schoenfeld residuals, from its built data.

test_that("points, dashed lines and smooths are where they should be", {
  skip_if_not_installed("ggplot2")
  fit <- cox_regression(Surv(time, status) ~ trt + celltype + karno, survival::veteran)
  test <- test_proportional_hazards(fit)
  built <- ggplot2::ggplot_build(ggplot2::autoplot(test))
  kinds <- vapply(built$plot$layers, function(l) class(l$geom)[[1]], "")
  expect_identical(kinds, c("GeomRibbon", "GeomHline", "GeomPoint", "GeomLine"))
  points <- built$data[[3]]
  expect_equal(sort(points$y), sort(as.data.frame(test)$residual), tolerance = 1e-12)
  expect_equal(built$data[[2]]$yintercept, unname(coef(fit)), tolerance = 1e-12)
  expect_identical(nlevels(built$data[[4]]$PANEL), 5L)
})

# As survival's plot.cox.zph() does it: splines::ns() with 4 degrees of freedom, and the model's variance.
test_that("the smooth and its band are those of a least-squares natural spline", {
  lung <- transform(survival::lung, died = status == 2)
  test <- test_proportional_hazards(cox_regression(Surv(time, died) ~ age, lung))
  rows <- test$residuals
  at <- seq(min(rows$transformed), max(rows$transformed), length.out = 20)
  smooth <- smooth_residuals(rows, level = 0.95, at = at)
  least <- lm(residual ~ splines::ns(transformed, df = 4), rows)
  known <- predict(least, data.frame(transformed = at), se.fit = TRUE)
  expect_equal(smooth$estimate, unname(known$fit), tolerance = 1e-8)
  variance <- survival::cox.zph(peer_cox(Surv(time, died) ~ age, lung))$var[[1]]
  error <- known$se.fit / known$residual.scale * sqrt(variance)
  expect_equal(smooth$conf.high, unname(known$fit + qnorm(0.975) * error), tolerance = 1e-8)
  expect_equal(smooth$conf.low, unname(known$fit - qnorm(0.975) * error), tolerance = 1e-8)
})

test_that("too few deaths have no smooth", {
  skip_if_not_installed("ggplot2")
  d <- data.frame(time = 1:8, status = c(1, 1, 1, 1, 0, 0, 1, 0), x = c(1, 0, 1, 0, 1, 0, 1, 1))
  picture <- ggplot2::autoplot(test_proportional_hazards(cox_regression(Surv(time, status) ~ x, d)))
  expect_match(picture$labels$caption, "Too few events")
  expect_identical(length(picture$layers), 2L)
})
