skip_if_not_installed("ggplot2")

test_that("a model's coefficients are ratios on a log axis, without the intercept", {
  fit <- logistic_regression(case ~ spontaneous + induced, datasets::infert)
  picture <- ggplot2::autoplot(fit)
  expect_equal(picture$data$estimate, unname(exp(coef(fit)[-1])))
  expect_match(picture$labels$x, "Odds ratio, given the others \\(log axis\\)")
  expect_match(picture$labels$subtitle, "248 patients, 83 events")
  expect_silent(ggplot2::ggplotGrob(picture))
  cox <- cox_regression(Surv(futime, fustat) ~ age + ecog.ps, survival::ovarian)
  expect_equal(ggplot2::autoplot(cox)$data$estimate, unname(exp(coef(cox))))
  expect_match(ggplot2::autoplot(cox)$labels$title, "Hazard ratios of Surv\\(futime, fustat\\)")
})

test_that("infinite and unknown estimates are said, and nothing to draw is an error", {
  few <- data.frame(x = rep(c(FALSE, TRUE), c(6, 8)), z = rep(0:1, 7), y = rep(c(0, 1, 0), c(6, 5, 3)))
  fit <- suppressWarnings(logistic_regression(y ~ x + z, few))
  picture <- ggplot2::autoplot(fit)
  expect_identical(nrow(picture$data), 1L)
  expect_silent(ggplot2::ggplotGrob(picture))
  few$y <- 0
  expect_error(ggplot2::autoplot(suppressWarnings(logistic_regression(y ~ x, few))), class = "her2mod_error_data")
})
