test_that("the effect's picture says whose effect it is", {
  skip_if_not_installed("ggplot2")
  x <- adjusted_effect(pcr ~ g, confounded_rows(), ~ hr + age, estimator = "overlap", type = "perc", R = 49, seed = 1)
  picture <- ggplot2::autoplot(x)
  expect_match(picture$labels$caption, "overlap")
  expect_identical(picture$labels$x, "Adjusted risk difference, HER2-mod minus IHC 3+")
})

test_that("the love plot shows the differences of balance()", {
  skip_if_not_installed("ggplot2")
  x <- adjusted_effect(pcr ~ g, confounded_rows(), ~ hr + grade + age, estimator = "ipw", type = "perc", R = 49, seed = 1)
  picture <- ggplot2::autoplot(x, what = "balance")
  rows <- balance(x)
  expect_equal(picture$data$difference, c(rows$difference.before, rows$difference.after))
  # the worst before comes on top
  expect_identical(
    utils::tail(levels(picture$data$covariate), 1), rows$covariate[[which.max(abs(rows$difference.before))]]
  )
  expect_error(ggplot2::autoplot(x, what = "love"), class = "her2mod_error_input")
  made <- structure(confounded_rows(), class = c("her2_simulated", "data.frame"))
  simulated <- adjusted_effect(pcr ~ g, made, ~ hr + age, type = "perc", R = 49, seed = 1)
  expect_match(ggplot2::autoplot(simulated, what = "balance")$labels$caption, "simulated")
})
