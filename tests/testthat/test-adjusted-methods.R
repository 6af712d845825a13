result <- function(rows = confounded_rows(), ...) adjusted_effect(pcr ~ g, rows, ~ hr + grade + age, ..., type = "perc", R = 49, seed = 1)

test_that("the print says estimand, population, direction, weights and balance", {
  x <- result(estimator = "overlap")
  text <- format(x)
  for (words in c(
    "HER2-mod minus IHC 3\\+", "the overlap of the groups", "without adjustment the effect is", "effective n",
    "largest standardised difference: before 0\\.[0-9]+ \\(", "after weighting 0\\.000", "R = 49, seed 1",
    "failed replicates: none", "for hr \\+ grade \\+ age by overlap weights"
  )) expect_true(any(grepl(words, text)), label = words)
  expect_output(print(x), "Bootstrap intervals")
  made <- structure(confounded_rows(), class = c("her2_simulated", "data.frame"))
  expect_true(any(grepl("simulated data", format(result(made)))))
  expect_true(any(grepl("under inverse probability weights", format(result()))))
})

test_that("tidy() and glance() have what a her2_boot has, and whose effect it is", {
  x <- result(estimator = "ipw", target = "other")
  rows <- tidy(x)
  expect_identical(rows$term, "adjusted_risk_difference")
  expect_identical(rows[c("estimator", "population")], data.frame(estimator = "ipw", population = "other"))
  expect_equal(rows$mean.other - rows$mean.reference, rows$estimate, tolerance = 1e-12)
  expect_identical(tidy(result(estimator = "overlap"))$population, "overlap")
  row <- glance(x)
  expect_identical(row$n, 300)
  expect_equal(row$propensity.max, max(x$propensity))
  expect_gt(row$worst.before, row$worst.after)
})

test_that("other levels, more replicates and replays work as of any bootstrap", {
  x <- result()
  expect_lt(diff(confint(x, level = 0.8)[1, ]), diff(confint(x)[1, ]))
  more <- extend(x, 99)
  expect_identical(more$replicates[1:49], x$replicates)
  expect_equal(nrow(replicate_data(x, 3)), 300, tolerance = 1)
})
