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
  expect_identical(stat_log_hazard_ratio()$scale, "identity")
  expect_length(stat_log_hazard_ratio()$parameters, 0)
})

# --- adjusted: every value is survival::coxph's

adjusted_rows <- function() {
  rows <- survival::gbsg
  rows$g <- factor(rows$hormon, labels = c("none", "hormon"))
  rows$grade <- factor(rows$grade)
  rows[c("rfstime", "status", "g", "age", "nodes", "grade", "meno", "er")]
}
adjusting <- function() stat_log_hazard_ratio(adjust = ~ age + log(nodes) * meno + grade)
peer_ratio <- function(rows, formula = Surv(rfstime, status) ~ g + age + log(nodes) * meno + grade, ...) {
  fit <- survival::coxph(formula, rows, ...)
  c(stats::coef(fit)[[1]], sqrt(fit$var[1, 1]))
}

test_that("an adjusted ratio, and each of its replicates, is coxph's", {
  rows <- adjusted_rows()
  boot <- boot_ci(Surv(rfstime, status) ~ g, rows, adjusting(), type = c("bca", "stud"), R = 99, seed = 3)
  peer <- peer_ratio(rows)
  expect_equal(boot$estimate, peer[[1]], tolerance = 1e-8)
  for (b in c(1, 50, 99)) {
    drawn <- replicate_data(boot, b)
    again <- rows[rep(drawn$row, drawn$weight), ]
    expected <- peer_ratio(again)
    expect_equal(boot$replicates[[b]], expected[[1]], tolerance = 1e-7)
    expect_equal(boot$replicate_errors[[b]], expected[[2]], tolerance = 1e-5)
  }
  # leaving out the first patients of the data, one by one
  cohort <- boot$job$cohort
  left_out <- cpp_jackknife(boot$job, 1L)$values
  for (i in 1:3) {
    expect_equal(left_out[[which(cohort$row == i)]], peer_ratio(rows[-i, ])[[1]], tolerance = 1e-7)
  }
})

test_that("permuted labels leave the covariates with their rows; strata have their own risk sets", {
  rows <- adjusted_rows()
  statistic <- stat_log_hazard_ratio(adjust = ~ age + nodes)
  # (their censoring differs, which is said)
  test <- suppressWarnings(
    perm_test(Surv(rfstime, status) ~ g | grade, rows, statistic, R = 49, seed = 2), classes = "her2mod_warning_follow_up"
  )
  within <- Surv(rfstime, status) ~ g + age + nodes + strata(grade)
  expect_equal(test$observed, peer_ratio(rows, within)[[1]], tolerance = 1e-8)
  for (b in c(1, 49)) {
    drawn <- replicate_data(test, b)
    dealt <- rows[drawn$row, ]
    dealt$g <- drawn$group
    expect_equal(test$replicates[[b]], peer_ratio(dealt, within)[[1]], tolerance = 1e-7)
  }
})

test_that("adjusting does not depend on the order of rows, and says what it adjusts for", {
  rows <- adjusted_rows()
  run <- function(rows) boot_ci(Surv(rfstime, status) ~ g, rows, adjusting(), type = "perc", R = 99, seed = 3)
  set.seed(4)
  boot <- run(rows)
  expect_identical(run(rows[sample(nrow(rows)), ])$intervals, boot$intervals)
  text <- format(boot)
  expect_true(any(grepl("adjusted for age + log(nodes) * meno + grade", text, fixed = TRUE)))
  expect_true(any(grepl("as hazard ratio", text)))
  expect_true(any(grepl(format_number(exp(boot$intervals$conf.low)), text, fixed = TRUE)))
})

test_that("missing covariates are dropped and counted, bad ones refused", {
  rows <- adjusted_rows()
  rows$age[c(3, 8)] <- NA
  statistic <- stat_log_hazard_ratio(adjust = ~age)
  boot <- boot_ci(Surv(rfstime, status) ~ g, rows, statistic, type = "perc", R = 99, seed = 1)
  expect_equal(boot$estimate, peer_ratio(rows, Surv(rfstime, status) ~ g + age)[[1]], tolerance = 1e-8)
  expect_identical(glance(boot)$n_dropped, 2L)
  rows$age[[3]] <- Inf
  expect_error(boot_ci(Surv(rfstime, status) ~ g, rows, statistic, R = 9), class = "her2mod_error_data")
  expect_error(
    boot_ci(Surv(rfstime, status) ~ g, rows, stat_log_hazard_ratio(~nowhere), R = 9), class = "her2mod_error_input"
  )
  for (bad in list(~1, y ~ age, "age", ~., ~ age + strata(grade))) {
    expect_error(stat_log_hazard_ratio(adjust = bad), class = "her2mod_error_input")
  }
})

test_that("of many patients each is left out to first order: coxph's dfbeta", {
  set.seed(5)
  n <- 6000
  rows <- data.frame(g = factor(rep_len(1:2, n)), x = round(rnorm(n), 1), time = ceiling(rexp(n, 0.02)), status = rep_len(c(1, 1, 0), n))
  for (adjust in list(NULL, ~x)) {
    boot <- suppressWarnings(boot_ci(
      Surv(time, status) ~ g, rows, stat_log_hazard_ratio(adjust = adjust), type = "bca", R = 9, seed = 1
    ))
    formula <- if (is.null(adjust)) Surv(time, status) ~ g else Surv(time, status) ~ g + x
    fit <- survival::coxph(formula, rows)
    dfbeta <- as.matrix(stats::residuals(fit, "dfbeta"))[, 1]
    without <- cpp_jackknife(boot$job, 1L)$values
    expect_equal(without, unname(stats::coef(fit)[[1]] - dfbeta)[boot$job$cohort$row], tolerance = 1e-9)
    # and that is the estimate without the patient, but for second order
    for (i in c(1, 77)) {
      exact <- stats::coef(survival::coxph(formula, rows[-i, ]))[[1]]
      expect_lt(abs(without[boot$job$cohort$row == i] - exact), 1e-2 * abs(dfbeta[[i]]) + 1e-9)
    }
  }
})

test_that("covariates that determine the group are refused, those that add nothing are named", {
  lung <- survival::lung
  lung$event <- as.integer(lung$status == 2)
  lung$site <- ifelse(lung$sex == 1, "p", "q")
  lung$twice <- 2 * lung$age
  boot <- function(adjust) boot_ci(Surv(time, event) ~ sex, lung, stat_log_hazard_ratio(adjust), R = 199, seed = 1)
  expect_error(boot(~ site + age), "determine", class = "her2mod_error_data")
  expect_warning(both <- boot(~ age + twice), "twice", class = "her2mod_warning_collinear")
  expect_equal(both$estimate, boot(~age)$estimate, tolerance = 1e-9)
  # constant ones leave the effect as it is
  lung$one <- 1
  expect_warning(none <- boot(~one), "one", class = "her2mod_warning_collinear")
  crude <- survival::coxph(survival::Surv(time, event) ~ sex, lung)
  expect_equal(none$estimate, unname(stats::coef(crude)), tolerance = 1e-8)
})

# All deaths in the order of y: any hazard ratio of the groups comes as near to the supremum. Without the patients spared, of
# whom nobody dies, the ratio is that of the others.
test_that("a likelihood that is monotone in covariates has the ratio of its limit, or none", {
  d <- data.frame(t = 1:20, e = 1, y = log(2:21), g = rep(1:2, 10))
  expect_warning(
    boot <- boot_ci(Surv(t, e) ~ g, d, stat_log_hazard_ratio(~y), R = 99, seed = 1),
    "covariates leave it open", class = "her2mod_warning_no_information"
  )
  expect_identical(boot$estimate, NA_real_)
  expect_true(all(is.na(boot$replicates)))
  veteran <- survival::veteran
  veteran$spared <- as.numeric(veteran$status == 0 & veteran$karno >= 60)
  boot <- suppressWarnings(
    boot_ci(Surv(time, status) ~ trt, veteran, stat_log_hazard_ratio(~ spared + age), R = 99, seed = 1, type = "perc")
  )
  ratio <- function(rows) {
    rows <- rows[rows$spared == 0, ]
    stats::coef(survival::coxph(survival::Surv(time, status) ~ factor(trt) + age, rows))[[1]]
  }
  expect_equal(boot$estimate, ratio(veteran), tolerance = 1e-6)
  for (b in c(1, 40, 99)) {
    drawn <- replicate_data(boot, b)
    expect_equal(boot$replicates[[b]], ratio(veteran[rep(drawn$row, drawn$weight), ]), tolerance = 1e-6)
  }
  # its standard errors too: those of the fit without the spared
  error <- function(rows) {
    rows <- rows[rows$spared == 0, ]
    sqrt(stats::vcov(survival::coxph(survival::Surv(time, status) ~ factor(trt) + age, rows))[1, 1])
  }
  boot <- suppressWarnings(
    boot_ci(Surv(time, status) ~ trt, veteran, stat_log_hazard_ratio(~ spared + age), R = 99, seed = 1, type = "stud")
  )
  for (b in c(1, 40, 99)) {
    drawn <- replicate_data(boot, b)
    expect_equal(boot$replicate_errors[[b]], error(veteran[rep(drawn$row, drawn$weight), ]), tolerance = 1e-5)
  }
})

# Pairs of deaths in the order of y, one pair in three the other way round: b is near log 2 and exp(x' b) as far as e^2000 apart.
test_that("replicates are those of Cox's model of the rows drawn, also where hazards are far apart", {
  pair <- rep(1:30, each = 2)
  for (spacing in c(20, 100)) {
    y <- -spacing * pair + rep(1:0, 30)
    y <- ifelse(pair %% 3 == 0, -spacing * pair + rep(0:1, 30), y)
    d <- data.frame(t = 1:60, e = 1, y = y, g = rep(c(1, 2, 2, 1), 15))
    boot <- suppressWarnings(boot_ci(Surv(t, e) ~ g, d, stat_log_hazard_ratio(~y), R = 40, seed = 3, type = "perc"))
    expect_equal(boot$estimate, coef(cox_regression(Surv(t, e) ~ g + y, d))[["g"]], tolerance = 1e-6)
    for (b in 1:40) {
      drawn <- replicate_data(boot, b)
      again <- d[rep(drawn$row, drawn$weight), ]
      fit <- suppressWarnings(cox_regression(Surv(t, e) ~ g + y, again))
      if (fit$end == "finite") expect_equal(boot$replicates[[b]], coef(fit)[["g"]], tolerance = 1e-6)
    }
  }
})

# One event, of those with c; with 2 others, 3 of b and 3 of c at risk l(b, c) = c - log(2 + 3 e^b + 3 e^c) goes to -log 3 as c
# does to infinity, for every b; the other event finds nobody else at risk.
test_that("a ratio of which the limit says nothing is open, also where it does not run off itself", {
  d <- data.frame(
    time = c(2, 3, 5, 8, 3, 5, 7, 7, 3, 5, 6, 6), status = c(0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0),
    g = rep(c("a", "b", "c"), each = 4)
  )
  d$b <- d$g == "b"
  d$c <- d$g == "c"
  expect_warning(
    boot <- boot_ci(Surv(time, status) ~ b, d, stat_log_hazard_ratio(~c), R = 19, seed = 1),
    class = "her2mod_warning_no_information"
  )
  expect_identical(boot$estimate, NA_real_)
})
