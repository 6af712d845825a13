# A Surv made before the formula saw it. What survival::Surv() does to its values is seen here by
# calling it.

column_of <- function(surv, g = rep_len(c("a", "b", "b", "a", "a", "b"), nrow(surv))) {
  d <- data.frame(g = g)
  d$surv <- surv
  d
}
told <- function(expr) {
  w <- expect_warning(expr, class = "her2mod_warning_survival_column")
  cli::ansi_strip(conditionMessage(w))
}

test_that("a column that is as it was is read without a word", {
  # Both groups have an event before the end of follow-up: of that, too, there is nothing to say.
  g <- c("a", "b", "b", "a")
  d <- column_of(Surv(c(1, 2, 3, 4), c(1, 1, 0, 0)), g)
  expect_no_warning(x <- compare_survival(surv ~ g, d), class = "her2mod_warning_survival_column")
  written <- data.frame(time = 1:4, status = c(1, 1, 0, 0), g = d$g)
  expect_equal(tidy(x), tidy(compare_survival(Surv(time, status) ~ g, written)))
  # 1/2 with both values is turned into 0/1 by Surv(), as it should be
  d <- column_of(Surv(c(1, 2, 3, 4), c(2, 2, 1, 1)), g)
  expect_no_warning(y <- compare_survival(surv ~ g, d), class = "her2mod_warning_survival_column")
  expect_equal(tidy(y), tidy(x))
})

test_that("0 beside 1 and 2 has become missing (and 1 censored): the rows that will be dropped are told", {
  surv <- suppressWarnings(Surv(1:8, c(0, 2, 1, 2, 0, 1, 2, 1)))
  expect_equal(unclass(surv)[, "status"], c(NA, 1, 0, 1, NA, 0, 1, 0), ignore_attr = TRUE)
  text <- told(compare_survival(surv ~ g, column_of(surv)))
  expect_match(text, "2 rows have a time and no status")
  expect_match(text, "Write `Surv\\(time, status\\)` in the formula")
  # a missing time is only missing
  d <- column_of(Surv(c(1, NA, 3, 4, 5, 6), c(1, 1, 1, 1, 0, 0)))
  expect_no_warning(compare_survival(surv ~ g, d), class = "her2mod_warning_survival_column")
})

test_that("nobody censored is what 1/2 becomes where nobody died", {
  d <- column_of(Surv(1:6, rep(1, 6)))
  text <- told(compare_survival(surv ~ g, d))
  expect_match(text, "Each of the 6 rows has an event")
  # written in the formula it is an answer
  rows <- data.frame(time = 1:6, status = 1, g = d$g)
  expect_no_warning(compare_survival(Surv(time, status) ~ g, rows), class = "her2mod_warning_survival_column")
  expect_no_warning(
    compare_survival(survival::Surv(time, status) ~ g, rows), class = "her2mod_warning_survival_column"
  )
})

test_that("NaN is an error in a column as in a formula", {
  d <- column_of(Surv(c(1, NaN, 3, 4), c(1, 1, 0, 1)))
  for (use in list(
    function() compare_survival(surv ~ g, d), function() cox_regression(surv ~ g, d),
    function() perm_test(surv ~ g, d, "logrank"), function() cumulative_incidence(surv ~ g, d)
  )) {
    expect_error(use(), "1 time is NaN", class = "her2mod_error_data")
  }
})

test_that("a start that is not before its stop has become missing", {
  surv <- suppressWarnings(Surv(c(0, 3, 0, 0, 0, 0), 2:7, c(1, 1, 1, 1, 0, 0)))
  expect_match(told(compare_survival(surv ~ g, column_of(surv))), "1 row has a stop and no start")
  expect_match(told(cox_regression(surv ~ g, column_of(surv))), "1 row has a stop and no start")
})

test_that("states are looked at too, but not for nobody censored", {
  state <- factor(c("relapse", "death", "relapse", "death"), c("censored", "relapse", "death"))
  d <- column_of(Surv(1:4, state))
  expect_no_warning(cumulative_incidence(surv ~ g, d), class = "her2mod_warning_survival_column")
  d <- column_of(Surv(1:4, factor(c("relapse", NA, "death", "relapse"), c("censored", "relapse", "death"))))
  expect_match(told(cumulative_incidence(surv ~ g, d)), "1 row has a time and no status")
})
