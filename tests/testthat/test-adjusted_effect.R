# Peers: glm() and sums (helper-adjusted.R), boot_ci() with the statistic itself.

effect_of <- function(rows, ..., R = 99, seed = 1) adjusted_effect(pcr ~ g, rows, ~ hr + grade + age, R = R, seed = seed, ...)

test_that("it is boot_ci() with the statistic, and more", {
  rows <- confounded_rows()
  x <- effect_of(rows, effect = "risk_ratio", estimator = "ipw", type = c("bca", "perc"), R = 199)
  boot <- boot_ci(
    pcr ~ g, rows, stat_adjusted_risk_ratio(~ hr + grade + age, "ipw"), type = c("bca", "perc"), R = 199, seed = 1
  )
  expect_s3_class(x, c("her2_adjusted", "her2_boot"), exact = TRUE)
  expect_identical(x$intervals, boot$intervals)
  expect_identical(x$replicates, boot$replicates)
  # risks by hand
  fit <- stats::glm(g ~ hr + grade + age, stats::binomial(), rows, control = stats::glm.control(epsilon = 1e-14))
  w <- naive_weights(as.integer(rows$g) - 1, stats::fitted(fit), "ipw", "all")
  p <- vapply(levels(rows$g), function(l) stats::weighted.mean(rows$pcr[rows$g == l], w[rows$g == l]), 0)
  expect_equal(x$means, p, tolerance = 1e-9)
  expect_equal(x$estimate, p[[2]] / p[[1]], tolerance = 1e-9)
  crude <- with(rows, tapply(pcr, g, mean))
  expect_equal(x$crude, crude[[2]] / crude[[1]], tolerance = 1e-12)
  expect_equal(x$propensity, unname(stats::fitted(fit))[x$job$cohort$row], tolerance = 1e-9)
})

test_that("survival, clusters, strata, subset, weights and Firth go through", {
  rows <- confounded_rows(survival = TRUE)
  x <- adjusted_effect(Surv(time, status) ~ g, rows, ~ hr + age, "rmst_difference", "overlap", tau = 40, R = 99, seed = 2,
    cluster = centre, subset = age > 30
  )
  boot <- boot_ci(Surv(time, status) ~ g, rows[rows$age > 30, ], stat_adjusted_rmst_difference(~ hr + age, 40, "overlap"),
    R = 99, seed = 2, cluster = centre
  )
  expect_identical(x$replicates, boot$replicates)
  expect_equal(x$crude, evaluate_survival("rmst_difference", data.frame(
    g = rows$g, y = rows$time, event = rows$status)[rows$age > 30, ], parameters = 40)$value, tolerance = 1e-12)
  rows$w <- rep(1:3, length.out = nrow(rows))
  weighted <- effect_of(rows, weights = w, firth = TRUE, strata = grade, type = "perc")
  long <- effect_of(rows[rep(seq_along(rows$w), rows$w), ], firth = TRUE, type = "perc")
  expect_equal(weighted$estimate, long$estimate, tolerance = 1e-9)
  expect_equal(weighted$balance, long$balance, tolerance = 1e-9)
  expect_equal(weighted$weighting, long$weighting, tolerance = 1e-9)
})

test_that("positivity: who could hardly be in the other group is counted", {
  rows <- confounded_rows()
  expect_warning(x <- effect_of(rows, estimator = "ipw", type = "perc", trim = 0.2), class = "her2mod_warning_positivity")
  expect_no_warning(effect_of(rows, estimator = "ipw", type = "perc", trim = 0))
  w <- row_weights(x)
  own <- x$job$cohort$group == 1
  expect_equal(x$weighting$effective.n[[2]], sum(w[own])^2 / sum(w[own]^2), tolerance = 1e-12)
  expect_equal(x$weighting$max.weight[[2]], max(w[own]) / mean(w[own]), tolerance = 1e-12)
  # a covariate that only one group has: an outcome model still has an answer
  rows$rare <- as.integer(rows$g == "HER2-mod" & seq_len(nrow(rows)) %% 3 == 0)
  warnings <- testthat::capture_warnings(
    x <- adjusted_effect(pcr ~ g, rows, ~rare, type = "perc", R = 49, seed = 1)
  )
  expect_match(warnings, "separate the groups", all = FALSE)
  expect_true(any(grepl("no propensities", format(x))))
})

test_that("covariates that are all constant leave the risks as they are, and are named", {
  # the founding study's counts: 13 of 68 and 6 of 49
  rows <- data.frame(pcr = rep(c(1, 0, 1, 0), c(6, 43, 13, 55)), g = rep(c("single", "dual"), c(49, 68)), one = 1)
  for (estimator in adjusted_estimators) {
    expect_warning(
      x <- adjusted_effect(pcr ~ g, rows, ~one, estimator = estimator, ref = "single", type = "perc", R = 199, seed = 1),
      "one", class = "her2mod_warning_collinear"
    )
    expect_equal(x$estimate, 13 / 68 - 6 / 49, tolerance = 1e-7)
  }
})

test_that("bad input is refused", {
  rows <- confounded_rows(survival = TRUE)
  bad <- function(...) expect_error(adjusted_effect(..., R = 9), class = "her2mod_error_input")
  bad(pcr ~ g, rows)
  bad(pcr ~ g, rows, "age")
  bad(pcr ~ g, rows, ~nowhere)
  bad(pcr ~ g, rows, ~age, "hazard_ratio")
  bad(pcr ~ g, rows, ~age, tau = 3)
  bad(Surv(time, status) ~ g, rows, ~age, "rmst_difference")
  bad(Surv(time, status) ~ g, rows, ~age, "rmst_difference", "doubly_robust", tau = 40)
  bad(Surv(time, status) ~ g, rows, ~age, "rmst_difference", tau = 40, interactions = TRUE)
  bad(Surv(time, status) ~ g, rows, ~age)
  bad(pcr ~ g, rows, ~age, trim = 2)
  expect_error(adjusted_effect(pcr ~ centre, rows, ~age, R = 9), class = "her2mod_error_data")
  rows$age[[1]] <- Inf
  expect_error(adjusted_effect(pcr ~ g, rows, ~age, R = 9), class = "her2mod_error_data")
})

test_that("a group without an event is named, few clusters too: the bootstrap leaves their variation out", {
  set.seed(4)
  d <- data.frame(y = 0, g = rep(c("a", "b"), c(49, 11)), age = round(rnorm(60, 55, 8)), centre = rep(1:6, 10))
  d$y[1:19] <- 1
  expect_warning(
    x <- adjusted_effect(y ~ g, d, ~age, estimator = "overlap", cluster = centre, R = 99, seed = 1), "b: all or none",
    class = "her2mod_warning_degenerate"
  )
  text <- paste(format(x), collapse = " ")
  expect_match(text, "compare_proportions()", fixed = TRUE)
  expect_match(text, "few clusters (6)", fixed = TRUE)
})
