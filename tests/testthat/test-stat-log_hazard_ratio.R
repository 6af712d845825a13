cox_of <- function(rows, formula = survival::Surv(y, event) ~ g, ...) {
  control <- survival::coxph.control(eps = 1e-11, iter.max = 50)
  fit <- survival::coxph(formula, rows, control = control, ...)
  c(fit$coefficients[[1]], sqrt(fit$var[[1]]))
}
found_of <- function(...) {
  unlist(evaluate_survival("log_hazard_ratio", ...)[c("value", "error")], use.names = FALSE)
}

test_that("it is coxph()'s by Efron's rule, with and without strata", {
  stratified <- survival::Surv(y, event) ~ g + strata(centre)
  environment(stratified) <- asNamespace("survival")
  for (rows in peer_data()) {
    expect_equal(found_of(rows[names(rows) != "centre"]), cox_of(rows), tolerance = 1e-8)
    expect_equal(found_of(rows), cox_of(rows, stratified), tolerance = 1e-8)
  }
})

test_that("left truncation: it is coxph()'s of (start, stop]", {
  rows <- peer_data()$veteran
  rows <- rows[names(rows) != "centre"]
  rows$entry <- pmin((seq_len(nrow(rows)) * 7) %% 30, rows$y - 0.5)
  expect_equal(found_of(rows), cox_of(rows, survival::Surv(entry, y, event) ~ g), tolerance = 1e-8)
})

test_that("fractional weights of tied events are coxph(weights =)'s", {
  rows <- peer_data()$veteran
  rows <- rows[names(rows) != "centre"]
  rows$y <- ceiling(rows$y / 30)
  rows$weight <- 0.05 + (seq_len(nrow(rows)) * 37 %% 101) / 40
  found <- evaluate(cohort_of(rows), "log_hazard_ratio", weight = rows$weight)
  fit <- survival::coxph(survival::Surv(y, event) ~ g, rows, weights = weight, robust = FALSE)
  expect_equal(found$value, fit$coefficients[[1]], tolerance = 1e-8)
  expect_equal(found$error, sqrt(fit$var[[1]]), tolerance = 1e-8)
})

test_that("monotone likelihood: infinite, counted, kept in order", {
  # known_answers.R, hostile:cox.separation: no event in the reference group
  rows <- survival_rows_of(1:6, c(1, 1, 1, 0, 0, 0), rep(c(TRUE, FALSE), each = 3))
  expect_identical(
    evaluate_survival("log_hazard_ratio", rows), list(value = Inf, error = NaN, reason = "infinite")
  )
  test <- perm_test(Surv(y, event) ~ g, rows, "log_hazard_ratio", method = "exact")
  # of 20 arrangements this one and its mirror image
  expect_equal(test$p.value, 2 / 20, tolerance = 1e-12)
  expect_identical(unname(test$statistic), Inf)
})

test_that("its exact permutation test counts the observed arrangement among the ties", {
  rows <- nine_patients
  deals <- naive_deals(rows$g == "oth")
  b <- naive_null(rows, "log_hazard_ratio", deals)
  for (i in c(1, 20, 57, 126)) {
    dealt <- relabelled(rows, deals[, i])
    test <- perm_test(Surv(y, event) ~ g, dealt, "log_hazard_ratio", method = "exact")
    expect_equal(test$p.value, mean(abs(b) >= abs(b[[i]]) - 1e-9), tolerance = 1e-12)
  }
})

test_that("the constructor is the registry's entry", {
  expect_identical(stat_log_hazard_ratio()$scale, "log")
  expect_length(stat_log_hazard_ratio()$parameters, 0)
})
