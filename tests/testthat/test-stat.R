test_that("a name and a constructor mean the same statistic", {
  expect_identical(as_statistic("risk_ratio"), stat_risk_ratio())
  expect_identical(as_statistic(stat_odds_ratio()), stat_odds_ratio())
  for (bad in list("hazard", "risk", NA_character_, 1, NULL, c("risk_ratio", "odds_ratio"))) {
    error <- expect_error(as_statistic(bad), class = "her2mod_error_input")
    expect_identical(error$arg, "statistic")
  }
})

test_that("ratios are analysed as logarithms and shown as ratios", {
  ratio <- stat_risk_ratio()
  difference <- stat_risk_difference()
  expect_identical(to_display(ratio, c(0, -Inf, Inf)), c(1, 0, Inf))
  expect_identical(to_display(difference, -0.25), -0.25)
  expect_identical(null_effect(ratio), 1)
  expect_identical(null_effect(difference), 0)
  expect_identical(format_effect(ratio, 1.5609), "1.561")
  expect_identical(format_effect(difference, 0.06873), "0.0687")
})

test_that("a statistic prints its name, endpoint and scale in one line", {
  line <- format(stat_odds_ratio())
  expect_length(line, 1)
  expect_match(line, "odds ratio \\(odds_ratio\\), binary endpoint, log scale")
  expect_output(returned <- withVisible(print(stat_odds_ratio())), line, fixed = TRUE)
  expect_false(returned$visible)
  expect_identical(returned$value, stat_odds_ratio())
})
