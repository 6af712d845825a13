# compare_survival() from end to end: what it takes, what it refuses, and what must not matter.

numbers <- function(x) {
  rows <- tidy(x)
  as.matrix(rows[vapply(rows, is.numeric, NA)])
}

test_that("nothing depends on the order of rows, nor on how they are written", {
  d <- survival_sets()$veteran
  set.seed(1)
  x <- compare_survival(Surv(time, status) ~ g, d, times = 100)
  shuffled <- compare_survival(Surv(time, status) ~ g, d[sample(nrow(d)), ], times = 100)
  expect_equal(tidy(shuffled), tidy(x), tolerance = 1e-12)
  d$y <- with(d, survival::Surv(time, status))
  expect_equal(tidy(compare_survival(y ~ g, d, times = 100)), tidy(x))
  expect_equal(tidy(compare_survival(survival::Surv(time, status == 1) ~ g, d, times = 100)), tidy(x))
  adtte <- data.frame(AVAL = d$time, CNSR = 1 - d$status, g = d$g)
  expect_equal(tidy(compare_survival(Surv_CNSR(AVAL, CNSR) ~ g, adtte, times = 100)), tidy(x))
  skip_if_not_installed("tibble")
  expect_equal(tidy(compare_survival(Surv(time, status) ~ g, tibble::as_tibble(d), times = 100)), tidy(x))
})

test_that("time in other units scales times and leaves the rest", {
  d <- survival_sets()$lung
  x <- compare_survival(Surv(time, status) ~ g, d, times = 200, tau = 500)
  y <- compare_survival(Surv(time / 30.4375, status) ~ g, d, times = 200 / 30.4375, tau = 500 / 30.4375)
  in_time <- tidy(x)$term %in% c("median", "rmst", "rmst_difference")
  scale <- ifelse(in_time, 30.4375, 1)
  for (column in c("estimate", "conf.low", "conf.high")) {
    expect_equal(tidy(y)[[column]] * scale, tidy(x)[[column]], tolerance = 1e-10)
  }
  for (column in c("statistic", "p.value")) expect_equal(tidy(y)[[column]], tidy(x)[[column]], tolerance = 1e-9)
})

test_that("swapping the groups turns the effects round", {
  d <- transform(survival_sets()$veteran, g = factor(g, labels = c("standard", "test")))
  x <- compare_survival(Surv(time, status) ~ g, d, times = 100)
  y <- compare_survival(Surv(time, status) ~ g, d, times = 100, ref = "test")
  for (term in c("log_hazard_ratio", "rmst_difference", "survival_difference")) {
    expect_equal(estimate_of(y, term), -estimate_of(x, term), tolerance = 1e-9)
    expect_equal(estimate_of(y, term, "conf.low"), -estimate_of(x, term, "conf.high"), tolerance = 1e-9)
    expect_equal(estimate_of(y, term, "p.value"), estimate_of(x, term, "p.value"), tolerance = 1e-9)
  }
  expect_equal(estimate_of(y, "rmst_ratio"), 1 / estimate_of(x, "rmst_ratio"), tolerance = 1e-12)
  expect_equal(estimate_of(y, "test", "p.value"), estimate_of(x, "test", "p.value"), tolerance = 1e-9)
  logrank <- function(z) estimate_of(z, "test", method = "logrank")
  expect_equal(logrank(y), -logrank(x), tolerance = 1e-10)
})

test_that("a stratum of one group changes no test and no hazard ratio", {
  d <- data.frame(survival_sets()$veteran, centre = "a")
  extra <- data.frame(time = c(5, 50, 500), status = 1, g = 1, block = "large", centre = "b")
  x <- compare_survival(Surv(time, status) ~ g, d)
  y <- compare_survival(Surv(time, status) ~ g | centre, rbind(d, extra))
  expect_equal(estimate_of(y, "test", "statistic"), estimate_of(x, "test", "statistic"), tolerance = 1e-10)
  expect_equal(estimate_of(y, "log_hazard_ratio"), estimate_of(x, "log_hazard_ratio"), tolerance = 1e-8)
})

test_that("missing values are dropped and counted", {
  d <- data.frame(time = c(1, 2, NA, 4, 3), status = c(1, 1, 1, 0, 1), g = c("a", "a", "a", "a", "b"))
  x <- suppressWarnings(compare_survival(Surv(time, status) ~ g, d, times = 2))
  expect_equal(estimate_of(x, "survival", group = "a"), 1 / 3, tolerance = 1e-14)
  expect_identical(glance(x)$n_dropped, 1L)
  expect_true(any(grepl("1 row with missing values dropped", format(x))))
  expect_error(compare_survival(Surv(time, status) ~ g, d, na.action = stats::na.fail), class = "her2mod_error_data")
})

test_that("bad input is refused with its class", {
  d <- data.frame(time = c(1, 2, 3, 4), status = c(1, 0, 1, 1), g = c("a", "a", "b", "b"))
  refused <- function(code, kind) expect_error(code, class = paste0("her2mod_error_", kind))
  refused(compare_survival(Surv(c(-1, 2, 3, 4), status) ~ g, d), "data")
  refused(compare_survival(Surv(c(1, 2, Inf, 4), status) ~ g, d), "data")
  refused(compare_survival(Surv(c(1, NaN, 3, 4), status) ~ g, d), "data")
  refused(compare_survival(Surv(time, status + 1) ~ g, d), "input")
  refused(compare_survival(Surv(time, rep(2, 4)) ~ g, d), "input")
  refused(compare_survival(time ~ g, d), "input")
  refused(compare_survival(Surv(time, status, type = "left") ~ g, d), "input")
  refused(compare_survival(Surv(time, status) ~ rep("a", 4), d), "input")
  refused(compare_survival(Surv(time, status) ~ factor(g, levels = "a"), d[1:2, ]), "data")
  refused(suppressWarnings(compare_survival(Surv(time, status) ~ g, d[0, ])), "data")
  refused(compare_survival(Surv(time, status) ~ g, d, times = -1), "input")
  refused(compare_survival(Surv(time, status) ~ g, d, times = Inf), "input")
  refused(compare_survival(Surv(time, status) ~ g, d, tau = 0), "input")
  refused(compare_survival(Surv(time, status) ~ g, d, conf.level = 95), "input")
  refused(compare_survival(Surv(time, status) ~ g, d, conf.type = "exact"), "input")
  refused(compare_survival(Surv(time, status) ~ g, d, weights = c(0.5, 1, 1, 1)), "input")
  refused(compare_survival(Surv(time, status) ~ g, as.matrix(d)), "input")
  entry <- data.frame(start = c(0, 2, 1, 1), time = 1:4 + 1, status = 1, g = d$g)
  refused(compare_survival(Surv(rep(2, 4), c(2, 3, 4, 5), status) ~ g, entry), "data")
})

test_that("unused levels, characters, one patient a group", {
  d <- data.frame(time = c(3, 5), status = c(1, 1), g = factor(c("x", "y"), c("w", "x", "y")))
  x <- suppressWarnings(compare_survival(Surv(time, status) ~ g, d))
  expect_identical(x$groups, c("x", "y"))
  expect_identical(estimate_of(x, "median"), c(3, 5))
  expect_identical(estimate_of(x, "rmst"), c(3, 3))
})

test_that("a million rows", {
  skip_on_cran()
  set.seed(3)
  n <- 1e6
  d <- data.frame(time = ceiling(rexp(n, 0.01)), status = rep_len(c(1, 0, 1), n), g = rep_len(0:1, n))
  x <- compare_survival(Surv(time, status) ~ g, d)
  fit <- survival::survdiff(Surv(time, status) ~ g, d)
  expect_equal(estimate_of(x, "test", "statistic", method = "logrank"), fit$chisq, tolerance = 1e-8)
})
