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
  expect_match(format(stat_kruskal_wallis()), "(kruskal_wallis), numeric endpoint", fixed = TRUE)
  own <- stat_custom(function(data, weights) 1, title = "my own")
  expect_match(format(own), "my own (custom), custom endpoint, identity scale", fixed = TRUE)
})

test_that("a function is not a statistic, and the message says what makes it one", {
  error <- expect_error(as_statistic(mean), class = "her2mod_error_input")
  expect_identical(error$arg, "statistic")
  expect_match(cli::ansi_strip(conditionMessage(error)), "stat_custom(fun)", fixed = TRUE)
  own <- stat_custom(function(data, weights) 1)
  expect_identical(as_statistic(own), own)
  # a custom statistic has no name in the registry
  refused(as_statistic("custom"), "statistic")
})

test_that("how many groups a statistic takes", {
  expect_identical(group_range(stat_mean_difference()), c(2, 2))
  expect_identical(group_range(stat_standardised_distance()), c(2, 2))
  expect_identical(group_range(stat_kruskal_wallis()), c(2, Inf))
  expect_identical(group_range(stat_custom(function(data, weights) 1)), c(1, Inf))
  three <- data.frame(y = 1:9, g = c("a", "b", "c"))
  refused(boot_ci(y ~ g, three, "mean_difference"), "g", "data")
  refused(perm_test(y ~ g, three, "win_probability"), "g", "data")
  expect_s3_class(perm_test(y ~ g, three, "kruskal_wallis", R = 9, seed = 1), "her2_perm")
})

test_that("a test statistic is no effect", {
  expect_null(check_effect(stat_mean_ratio()))
  for (stat in list(stat_kruskal_wallis(), stat_chi_squared())) {
    error <- expect_error(check_effect(stat), class = "her2mod_error_input")
    expect_identical(error$arg, "statistic")
    expect_match(cli::ansi_strip(conditionMessage(error)), "perm_test")
  }
})

test_that("the estimand in words says the direction, where there is one", {
  groups <- c("IHC 3+", "HER2-mod")
  say <- function(stat, of = groups) format_estimand(stat, of)
  expect_identical(say(stat_mean_difference()), "mean difference, HER2-mod minus IHC 3+")
  expect_identical(say(stat_mean_ratio()), "mean ratio, HER2-mod over IHC 3+")
  expect_identical(
    say(stat_win_probability()), "win probability, P(HER2-mod above IHC 3+), ties counting half"
  )
  expect_identical(
    say(stat_standardised_distance()), "standardised distance, between IHC 3+, HER2-mod"
  )
  expect_identical(
    say(stat_kruskal_wallis(), c("a", "b", "c")), "Kruskal-Wallis H, between a, b, c"
  )
  own <- stat_custom(function(data, weights) 1, title = "slope")
  expect_identical(say(own, "all"), "slope")
  expect_identical(say(own, c("a", "b", "c")), "slope, between a, b, c")
})
