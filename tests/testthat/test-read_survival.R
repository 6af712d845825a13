read <- function(formula, data, ...) {
  rows_of(formula, data, ..., endpoint = "survival")
}
arms <- data.frame(
  time = c(5, 8, 12, 3, 9, 7), dead = c(1, 0, 1, 1, 0, 1), start = c(0, 2, 1, 0, 3, 2),
  g = rep(c("a", "b"), each = 3)
)

test_that("Surv(), with or without survival attached, qualified, or as a column", {
  expected <- list(response = arms$time, event = as.integer(arms$dead))
  arms$s <- survival::Surv(arms$time, arms$dead)
  forms <- list(
    Surv(time, dead) ~ g, survival::Surv(time, dead) ~ g, s ~ g, Surv(time, event = dead) ~ g,
    Surv(time, dead == 1) ~ g, Surv(event = dead, time = time) ~ g
  )
  for (form in forms) {
    found <- read(form, arms)$rows
    expect_identical(as.list(found[c("response", "event")]), expected)
    expect_null(found$entry)
  }
})

test_that("left truncation: (start, stop]", {
  found <- read(Surv(start, time, dead) ~ g, arms)$rows
  expect_identical(as.list(found[c("response", "event", "entry")]), list(
    response = arms$time, event = as.integer(arms$dead), entry = arms$start
  ))
  # of whom Surv() would make a missing value
  arms$start[[2]] <- 8
  never <- function(words) {
    expect_error(read(Surv(start, time, dead) ~ g, arms), words, class = "her2mod_error_data")
  }
  never("1 patient is never at risk")
  arms$start[[2]] <- 8 - 1e-10
  never("never at risk")
})

test_that("a status of 1/2 is never guessed, nor other codes", {
  # hostile:status12; and all 1, which Surv() takes for events
  codes <- list(
    c(1, 2, 1, 2, 1, 1), c(2, 2, 2, 2, 2, 2), letters[1:6], factor(rep(c("no", "yes"), 3)),
    c(0, 3, 1, 0, 1, 1)
  )
  for (status in codes) {
    arms$status <- status
    refused(read(Surv(time, status) ~ g, arms), "status")
  }
  refused(read(Surv(time) ~ g, arms), "formula")
  arms$status <- factor(c("a", "b", "c", "a", "b", "c"))
  refused(read(Surv(time, status) ~ g, arms), "formula")
  refused(read(Surv(time, dead, type = "left") ~ g, arms), "formula")
  refused(read(time ~ g, arms), "formula")
})

test_that("negative, infinite and NaN times are errors; missing ones are dropped and counted", {
  # hostile:negtime, hostile:inftime, hostile:NAtime
  at <- function(time) {
    arms$time[[3]] <- time
    read(Surv(time, dead) ~ g, arms)
  }
  for (time in c(-1, Inf, NaN)) expect_error(at(time), class = "her2mod_error_data")
  expect_identical(at(NA)$n_dropped, 1L)
  expect_identical(at(0)$rows$response[[3]], 0)
  arms$start[[3]] <- -2
  expect_error(read(Surv(start, time, dead) ~ g, arms), class = "her2mod_error_data")
  arms$start[[3]] <- NaN
  expect_error(read(Surv(start, time, dead) ~ g, arms), class = "her2mod_error_data")
  arms$start[[3]] <- 0
  arms$time[[3]] <- NaN
  expect_error(read(Surv(start, time, dead) ~ g, arms), class = "her2mod_error_data")
})

test_that("an indicator of censoring is questioned, and Surv_CNSR() reads it", {
  adtte <- data.frame(AVAL = arms$time, CNSR = c(0, 1, 0, 0, 2, 0), g = arms$g)
  expect_identical(read(Surv_CNSR(AVAL, CNSR) ~ g, adtte)$rows$event, c(1L, 0L, 1L, 1L, 0L, 1L))
  adtte$CNSR[[5]] <- 1
  expect_warning(read(Surv(AVAL, CNSR) ~ g, adtte), class = "her2mod_warning_flipped")
  expect_warning(read(Surv(AVAL, adtte$CNSR) ~ g, adtte), class = "her2mod_warning_flipped")
  expect_silent(read(Surv(AVAL, CNSR == 0) ~ g, adtte))
  expect_silent(read(Surv(AVAL, 1 - CNSR) ~ g, adtte))
  for (bad in list(letters[1:6], rep(0.5, 6), rep(-1, 6))) {
    refused(Surv_CNSR(arms$time, bad), "CNSR")
  }
  expect_error(Surv_CNSR(c(1, NaN), c(0, 1)), class = "her2mod_error_data")
})

test_that("ties are survival's aeqSurv()'s", {
  set.seed(3)
  for (scale in c(1, 1 / 365.25, 1e-3, 1e4)) {
    time <- sample(20, 40, TRUE) * scale * (1 + sample(c(0, 1e-15, 3e-9, 2e-8, 1e-7), 40, TRUE))
    ours <- cpp_tied_times(time, double())$time
    theirs <- survival::aeqSurv(survival::Surv(time, rep(1, 40)))
    expect_identical(ours, as.vector(theirs[, "time"]))
    entry <- time / 2
    pair <- cpp_tied_times(time, entry)
    theirs <- survival::aeqSurv(survival::Surv(entry, time, rep(1, 40)))
    expect_identical(pair$time, as.vector(theirs[, "stop"]))
    expect_identical(pair$also, as.vector(theirs[, "start"]))
  }
})

test_that("near-tied times are one time", {
  # hostile:neartie
  rows <- data.frame(time = c(1, 2, sqrt(2)^2, 3, 3), status = 1, g = c(0, 0, 1, 0, 1))
  test <- perm_test(Surv(time, status) ~ g, rows, stat_logrank(studentised = TRUE))
  expect_equal(unname(test$statistic)^2, 0.2790697674, tolerance = 1e-9)
  expect_length(unique(read(Surv(time, status) ~ g, rows)$rows$response), 3)
})

test_that("a time may be written as it is meant", {
  rows <- data.frame(
    time = c(0.1 + 0.2, 0.9, 0.2, 0.7), dead = c(0, 1, 1, 0), g = c("a", "a", "b", "b")
  )
  test <- function(time) perm_test(Surv(time, dead) ~ g, rows, stat_survival_difference(time))
  expect_silent(test(0.7))
  rows$time[c(2, 4)] <- c(0.2, 0.1 + 0.2)
  test <- function(time) perm_test(Surv(time, dead) ~ g, rows, stat_survival_difference(time))
  expect_silent(test(0.3))
  expect_error(test(0.31), class = "her2mod_error_input")
})

test_that("one group is an error", {
  # hostile:logrank.onegroup
  rows <- data.frame(time = 1:4, status = c(1, 1, 0, 0), g = 1)
  expect_error(perm_test(Surv(time, status) ~ g, rows, "logrank"), class = "her2mod_error_data")
})

test_that("weights and clusters go with the rows", {
  arms$w <- c(1, 2, 1, 0, 1, 3)
  found <- read(Surv(time, dead) ~ g, arms, weights = w)
  expect_identical(found$rows$frequency, c(1, 2, 1, 1, 3))
  expect_identical(found$cells$x, c(2, 3))
  expect_identical(found$cells$n, c(4, 4))
})

test_that("a flipped coding is questioned however it is written, an uncensored column is not", {
  d <- data.frame(AVAL = c(2, 5, 7, 9), CNSR = c(0, 1, 0, 1), uncensored = c(1, 0, 1, 0))
  for (formula in list(Surv(AVAL, CNSR) ~ 1, Surv(AVAL, CNSR == 1L) ~ 1, Surv(AVAL, CNSR != 0) ~ 1, Surv(AVAL, CNSR > 0) ~ 1,
    Surv(AVAL, as.logical(CNSR)) ~ 1)) {
    expect_warning(compare_survival(formula, d), class = "her2mod_warning_flipped")
  }
  for (formula in list(Surv(AVAL, CNSR == 0) ~ 1, Surv(AVAL, uncensored) ~ 1, Surv_CNSR(AVAL, CNSR) ~ 1)) {
    expect_no_warning(compare_survival(formula, d))
  }
})

test_that("Surv_CNSR() takes logical values, and refuses what is no time", {
  expect_identical(Surv_CNSR(c(5, 8), c(FALSE, TRUE)), Surv_CNSR(c(5, 8), c(0, 1)))
  expect_error(Surv_CNSR("5", 0), class = "her2mod_error_input")
  expect_error(Surv_CNSR(c(5, 8), 0), class = "her2mod_error_input")
})

test_that("Surv_CNSR() is read wherever survival times are, as the reversed status is", {
  d <- survival::veteran
  d <- data.frame(
    arm = factor(d$trt, labels = c("standard", "test")), prior = factor(d$prior, labels = c("no", "yes")), karno = d$karno,
    AVAL = d$time, CNSR = ifelse(d$status == 1, 0, rep_len(1:3, nrow(d))), died = d$status,
    known = ifelse(d$time > 30, 20, NA)
  )
  d$response <- as.integer(!is.na(d$known) & d$karno > 60)
  same <- function(code) {
    code <- substitute(code)
    of <- function(response) {
      found <- eval(do.call(substitute, list(code, list(RESPONSE = response))))
      as.data.frame(tidy(found))
    }
    expect_equal(of(quote(Surv_CNSR(AVAL, CNSR))), of(quote(Surv(AVAL, died))))
  }
  same(compare_survival(RESPONSE ~ arm, d, times = 100))
  same(survival_bands(compare_survival(RESPONSE ~ arm, d)))
  same(cox_regression(RESPONSE ~ arm + karno, d))
  same(test_proportional_hazards(cox_regression(RESPONSE ~ arm, d)))
  same(cumulative_incidence(RESPONSE ~ arm, d, times = 100))
  same(landmark_survival(RESPONSE ~ response, d, response_time = known, landmarks = c(30, 60), R = 0))
  for (statistic in list(stat_rmst_difference(300), "median_survival_difference", "log_hazard_ratio", "logrank")) {
    same(boot_ci(RESPONSE ~ arm, d, statistic, type = "perc", R = 399, seed = 1))
    same(perm_test(RESPONSE ~ arm, d, statistic, method = "monte_carlo", R = 99, seed = 1))
  }
  same(perm_test(RESPONSE ~ arm, d, "maxcombo", method = "monte_carlo", R = 99, seed = 1))
  same(perm_test(RESPONSE ~ arm, d, "logrank", follow_up = "impute", R = 99, seed = 1))
  for (estimator in c("g_computation", "ipw", "overlap")) {
    same(adjusted_effect(RESPONSE ~ arm, d, ~karno, "rmst_difference", estimator, 300, type = "perc", R = 399, seed = 1))
  }
  same(test_interaction(RESPONSE ~ arm * prior + karno, d))
  same(test_interaction(RESPONSE ~ arm * prior, d, "rmst_difference", tau = 300))
  same(subgroup_effects(RESPONSE ~ arm, d, subgroups = "prior"))
  same(check_claim("no improvement", RESPONSE ~ arm, data = d, margin = 0.8))
  same(check_claim("no improvement", RESPONSE ~ arm * prior, data = d, margin = 0.8, group = "no"))
  same({
    d$os <- with(d, RESPONSE)
    westfall_young(d, c("os", "karno"), "arm", list("logrank", "mean_difference"), R = 99, seed = 1)
  })
  # by its names, without a formula
  cohort <- her2_cohort(data.frame(USUBJID = seq_len(nrow(d)), HER2 = rep_len(c("HER2 3+", "HER2-mod"), nrow(d)), d))
  expect_identical(cohort$status, as.integer(d$died))
})

test_that("an indicator of censoring is questioned wherever survival times are", {
  d <- data.frame(t = c(2, 3, 5, 7, 8, 9, 11, 12), CNSR = c(0, 1), g = rep(c("a", "b"), each = 4), x = c(1, 3, 2, 4))
  asked <- function(code) {
    classes <- character()
    withCallingHandlers(code, warning = function(w) {
      classes <<- c(classes, class(w))
      invokeRestart("muffleWarning")
    })
    expect_true("her2mod_warning_flipped" %in% classes)
  }
  asked(compare_survival(Surv(t, CNSR) ~ g, d))
  asked(cox_regression(Surv(t, CNSR) ~ x, d))
  asked(cumulative_incidence(Surv(t, CNSR) ~ g, d))
  asked(perm_test(Surv(t, CNSR) ~ g, d, "logrank"))
  asked(boot_ci(Surv(t, CNSR) ~ g, d, "logrank", type = "perc", R = 99, seed = 1))
  asked(landmark_survival(Surv(t, CNSR) ~ I(x > 2), d, response_time = 1, landmarks = 1, R = 0))
  asked(test_interaction(Surv(t, CNSR) ~ g * I(x > 2), d))
  asked(subgroup_effects(Surv(t, CNSR) ~ g, transform(d, h = x > 2), subgroups = "h"))
  asked(check_claim("no improvement", Surv(t, CNSR) ~ g, data = d, margin = 0.8))
  asked(adjusted_effect(Surv(t, CNSR) ~ g, d, ~x, "rmst_difference", "ipw", 5, firth = TRUE, type = "perc", R = 99, seed = 1))
})
