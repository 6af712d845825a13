test_that("every headline is a row of its part's own table", {
  x <- compare_her2(simulate_cohort(300, seed = 6), adjust = "hr", times = 3, margin = 0.1, R = 199, seed = 1)
  rows <- tidy(x)
  expect_named(rows, c("part", "term", "group", "method", "estimate", "std.error", "statistic", "conf.low",
    "conf.high", "p.value", "alternative"))
  expect_true(all(rows$part %in% names(x$parts)))
  cox <- tidy(x$parts$survival_adjusted)
  expect_equal(rows$estimate[rows$part == "survival_adjusted"], exp(cox$estimate[cox$term == "log_hazard_ratio"][[1]]))
  survival <- tidy(x$parts$survival)
  logrank <- survival[survival$method == "logrank", ]
  expect_equal(rows$p.value[rows$term == "logrank"], logrank$p.value)
  boot <- tidy(x$parts$response_adjusted)
  expect_equal(rows$conf.low[rows$part == "response_adjusted"], boot$conf.low)
})

test_that("p-values within groups are not among the headlines", {
  x <- compare_her2(simulate_cohort(300, seed = 6), adjust = NULL, R = 99, seed = 1)
  rows <- tidy(x)
  within <- rows[rows$part %in% c("therapy", "survival_therapy") & !grepl("^interaction", rows$term), ]
  expect_gt(nrow(within), 0)
  expect_true(all(is.na(within$p.value)))
})

test_that("where a contrast has no p-value of one kind the next is taken", {
  rows <- data.frame(method = c("wald", "score"), p.value = c(0.2, NA))
  expect_equal(first_usable(rows, c("score", "likelihood-ratio", "wald"))$method, "wald")
  expect_equal(nrow(first_usable(rows[2, ], c("score", "wald"))), 0)
})
