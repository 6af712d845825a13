skip_if_not_installed("ggplot2")
found <- suppressWarnings(compare_her2(simulate_cohort(200, seed = 1), adjust = "hr", R = 99, seed = 1))

test_that("differences are in points and ratios on a log axis, under the title of their part", {
  rows <- tidy(found)
  own <- rows[rows$term %in% c("risk_difference", "interaction_risk_difference"), ]
  picture <- ggplot2::autoplot(found)
  expect_equal(picture$data$estimate, 100 * own$estimate)
  expect_true(all(c("Response", "    HER2-mod minus HER2 3+", "    dual minus single in HER2-mod") %in%
    ggplot2::ggplot_build(picture)$layout$panel_params[[1]]$y$get_labels()))
  ratios <- ggplot2::autoplot(found, "ratios")
  expect_equal(ratios$data$estimate, rows$estimate[grepl("odds_ratio|hazard_ratio", rows$term)])
  expect_match(ratios$labels$x, "log axis")
  expect_match(ratios$labels$caption, "Simulated data")
})

test_that("a part has its own picture", {
  for (part in names(found$parts)) expect_s3_class(suppressWarnings(ggplot2::autoplot(found, part)), "ggplot")
  expect_error(ggplot2::autoplot(found, "nothing"), class = "her2mod_error_input")
})
