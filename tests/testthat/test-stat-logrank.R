survdiff_of <- function(rows, rho = 0, strata = FALSE) {
  f <- if (strata) Surv(y, event) ~ g + strata(centre) else Surv(y, event) ~ g
  environment(f) <- asNamespace("survival")
  fit <- survival::survdiff(f, rows, rho = rho)
  by_group <- function(x) if (is.matrix(x)) rowSums(x) else x
  c(by_group(fit$obs)[[2]] - by_group(fit$exp)[[2]], sqrt(fit$var[2, 2]))
}
known <- function(...) {
  unlist(evaluate_survival("logrank", ...)[c("value", "error")], use.names = FALSE)
}

test_that("Freireich's data: log-rank 16.79, observed 21, expected 10.75", {
  # Kleinbaum and Klein; SAS prints 16.7929. Placebo is the other group.
  found <- known(freireich)
  expect_equal(found[[1]], 21 - 10.7495, tolerance = 1e-5)
  expect_equal(found[[2]]^2, 6.25696, tolerance = 1e-6)
  expect_equal((found[[1]] / found[[2]])^2, 16.79294, tolerance = 1e-6)
  studentised <- known(freireich, c(0, 0, 0, 0, 1))
  expect_equal(studentised[[1]]^2, 16.79294, tolerance = 1e-6)
})

test_that("it is survdiff()'s, with and without strata", {
  for (rows in peer_data()) {
    expect_equal(known(rows[names(rows) != "centre"]), survdiff_of(rows), tolerance = 1e-8)
    expect_equal(known(rows), survdiff_of(rows, strata = TRUE), tolerance = 1e-8)
  }
})

test_that("events of strata with one group, and scaled times, change nothing", {
  rows <- peer_data()$veteran
  before <- known(rows)
  alone <- survival_rows_of(c(3, 50, 50, 400), c(1, 1, 1, 0), rep(TRUE, 4), centre = "alone")
  expect_equal(known(rbind(rows, alone)), before, tolerance = 1e-13)
  expect_equal(known(transform(rows, y = y / 30.4375)), before, tolerance = 1e-13)
})

test_that("the family's weights: published chi squares", {
  chisq <- function(family, rows, t_star = 0) {
    test <- known(rows, c(family, 0, 0, t_star, 0))
    (test[[1]] / test[[2]])^2
  }
  # SAS and Stata, in known_answers.R: Peto-Peto of Freireich's data, Gehan of the rats of
  # Kalbfleisch and Prentice
  expect_equal(chisq(3, freireich), 14.084139, tolerance = 1e-6)
  rats <- survival_rows_of(
    c(
      143, 164, 188, 188, 190, 192, 206, 209, 213, 216, 220, 227, 230, 234, 246, 265, 304, 216, 244,
      142, 156, 163, 198, 205, 232, 232, 233, 233, 233, 233, 239, 240, 261, 280, 280, 296, 296,
      323, 204, 344
    ),
    c(rep(1, 17), 0, 0, rep(1, 19), 0, 0), rep(c(FALSE, TRUE), c(19, 21))
  )
  expect_equal(chisq(1, rats), 2.651, tolerance = 2e-5)
  # modest with t* before the first event is the log-rank test
  expect_equal(chisq(6, freireich, 0.5), chisq(0, freireich), tolerance = 1e-14)
})

test_that("its exact permutation test is coin's, to the digits that coin gives", {
  skip_if_not_installed("coin")
  skip_if_not_installed("survival")
  data("glioma", package = "coin", envir = environment())
  grade3 <- subset(glioma, histology == "Grade3")
  rows <- survival_rows_of(grade3$time, as.integer(grade3$event), grade3$group == "RIT")
  ours <- perm_test(Surv(y, event) ~ g, rows, "logrank", method = "exact")
  theirs <- coin::logrank_test(survival::Surv(y, event) ~ g, data = rows, distribution = "exact")
  expect_equal(ours$p.value, as.double(coin::pvalue(theirs)), tolerance = 1e-10)
  # coin ?glioma: .02877
  expect_equal(ours$p.value, 0.0287653522947641, tolerance = 1e-9)
})

test_that("on all data sets, coin's asymptotic z is our score over its permutation variance", {
  skip_if_not_installed("coin")
  for (rows in peer_data()[c("lung", "veteran", "ovarian")]) {
    form <- cpp_linear_form(job_of(cohort_of(rows[names(rows) != "centre"]), "logrank"))
    theirs <- coin::logrank_test(
      survival::Surv(y, event) ~ g, data = rows, ties.method = "mid-ranks"
    )
    # Hothorn and Lausen's scores with mid-ranks are these, of the opposite sign or not
    t <- as.double(coin::statistic(theirs, "linear"))
    expect_equal(
      abs(t - as.double(coin::expectation(theirs))), abs(known(rows[names(rows) != "centre"])[[1]]),
      tolerance = 1e-8
    )
  }
})

test_that("the constructor", {
  expect_identical(stat_logrank()$name, "logrank")
  expect_length(stat_logrank()$parameters, 0)
  modest <- stat_logrank("modest", t_star = 12)
  expect_identical(as.double(unlist(modest$parameters)), c(6, 0, 0, 12, 0))
  expect_match(modest$title, "modest score (t* = 12)", fixed = TRUE)
  expect_match(stat_logrank("gehan", studentised = TRUE)$title, "studentised gehan")
  refused(stat_logrank("peto"), "weight")
  refused(stat_logrank("modest"), "t_star")
  refused(stat_logrank("gehan", t_star = 3), "t_star")
  refused(stat_logrank("modest", t_star = -1), "t_star")
  refused(stat_logrank(studentised = NA), "studentised")
})
