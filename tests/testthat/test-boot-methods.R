rows <- patient_rows(6, 49, 13, 68)
exact <- boot_ci(y ~ g, rows, type = c("bca", "perc"))
drawn <- boot_ci(
  y ~ g, rows, type = c("bca", "perc"), method = "monte_carlo", R = 1999, seed = 3, progress = FALSE
)
has <- function(lines, text) expect_true(any(grepl(text, lines, fixed = TRUE)), label = text)

test_that("tidy has broom's columns, one row an interval", {
  for (found in list(exact, drawn)) {
    table <- tidy(found)
    expect_identical(names(table), c(
      "term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high", "method",
      "alternative", "mc.error.low", "mc.error.high"
    ))
    expect_identical(table$method, c("bca", "perc"))
    expect_identical(table$term, rep("risk_difference", 2))
    expect_equal(table$estimate, rep(13 / 68 - 6 / 49, 2))
    expect_true(all(is.na(table[c("statistic", "p.value")])))
    expect_identical(as.data.frame(found), table)
  }
  expect_true(all(tidy(drawn)$mc.error.low >= 0))
})

test_that("glance is one row with sizes, events, seed and failures", {
  expect_equal(glance(exact), data.frame(
    reference = "ref", other = "oth", n = 117, events = 19, strata = 1L, method = "exact",
    R = NA_real_, seed = NA_real_, undefined = 0, infinite = 0, n_dropped = 0L
  ))
  expect_equal(
    glance(drawn)[c("method", "R", "seed")], data.frame(method = "monte_carlo", R = 1999, seed = 3)
  )
  two <- boot_ci(y ~ g | centre, centre_rows(list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40))))
  expect_equal(
    glance(two)[c("n", "events", "strata")], data.frame(n = 106, events = 47, strata = 2L)
  )
})

test_that("the print names the direction, groups, events, level, replicates, seed and errors", {
  lines <- format(drawn)
  has(lines, "risk difference, oth minus ref")
  has(lines, "ref (reference)")
  has(lines, "6/49  12.2%")
  has(lines, "13/68  19.1%")
  has(lines, "estimate 0.0687; standard error 0.0")
  has(lines, "Monte Carlo error")
  has(lines, "95%, two-sided; resampled within group; R = 1,999, seed 3")
  has(lines, "failed replicates: none")
  has(lines, "event: y")
  has(format(exact), "exact bootstrap distribution, no Monte Carlo error")
  expect_false(any(grepl("seed", format(exact))))
  expect_output(returned <- withVisible(print(exact)), "Bootstrap intervals")
  expect_false(returned$visible)
  expect_identical(returned$value, exact)
  expect_identical(summary(exact), exact)
})

test_that("ratios are over, strata and dropped rows are named, failures counted", {
  few <- suppressWarnings(boot_ci(y ~ g, patient_rows(1, 10, 3, 10), "risk_ratio", type = "perc",
    method = "monte_carlo", R = 999, seed = 1, progress = FALSE
  ))
  lines <- format(few)
  has(lines, "risk ratio, oth over ref")
  has(lines, "(of the logarithm)")
  undefined <- sum(is.nan(few$replicates))
  has(
    lines,
    sprintf(
      "failed replicates: %d undefined (left out), %d with a ratio of 0 or Inf", undefined,
      sum(is.infinite(few$replicates))
    )
  )
  exactly <- suppressWarnings(
    boot_ci(y ~ g, patient_rows(1, 10, 3, 10), "risk_ratio", type = "perc")
  )
  # .9^10 + .7^10 - 2 (.63)^10 = 0.357, (.63)^10 = 0.00985
  has(
    format(exactly), "36% of the distribution is a ratio of 0 or Inf, 0.98% is undefined (left out)"
  )
  two <- centre_rows(list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40)))
  two$y[[1]] <- NA
  lines <- format(boot_ci(y ~ g | centre, two))
  has(lines, "2 strata; 1 row with missing values dropped")
  has(lines, "resampled within group and stratum")
})

test_that("coef is the estimate, on the scale that users read", {
  expect_equal(coef(exact), c(risk_difference = 13 / 68 - 6 / 49))
  expect_equal(
    coef(suppressWarnings(boot_ci(y ~ g, rows, "odds_ratio"))), c(odds_ratio = 13 * 43 / (6 * 55))
  )
})

test_that("confint has one row an interval; another level uses the same replicates", {
  limits <- confint(exact)
  expect_identical(dimnames(limits), list(c("bca", "perc"), c("conf.low", "conf.high")))
  expect_identical(confint(exact, "perc"), limits["perc", , drop = FALSE])
  at_80 <- boot_ci(y ~ g, rows, type = c("bca", "perc"), conf.level = 0.8)
  expect_identical(confint(exact, level = 0.8), confint(at_80))
  # a result whose seed was not given: the stored one is used, and R's generator stays
  set.seed(2)
  free <- boot_ci(y ~ g, rows, type = "perc", method = "monte_carlo", R = 999, progress = FALSE)
  before <- .Random.seed
  wide <- confint(free, level = 0.99)
  expect_identical(.Random.seed, before)
  again <- boot_ci(
    y ~ g, rows, type = "perc", method = "monte_carlo", R = 999, seed = free$seed,
    conf.level = 0.99, progress = FALSE
  )
  expect_identical(wide, confint(again))
  expect_error(confint(exact, level = 1), class = "her2mod_error_input")
})

test_that("confint does not need the data, which may have changed", {
  patients <- patient_rows(2, 5, 3, 4)
  object <- boot_ci(y ~ g, patients)
  expected <- confint(boot_ci(y ~ g, patients, conf.level = 0.8))
  patients$y <- 0
  expect_identical(confint(object, level = 0.8), expected)
  rm(patients)
  expect_identical(confint(object, level = 0.8), expected)
  expect_error(confint(object, "perc"), class = "her2mod_error_input")
})

test_that("confint and update find the variables of the function that made the result", {
  inside <- function() {
    patients <- patient_rows(2, 5, 3, 4)
    object <- boot_ci(y ~ g, patients)
    list(confint(object, level = 0.8), update(object, type = "perc"))
  }
  found <- inside()
  expect_identical(found[[1]], confint(boot_ci(y ~ g, patient_rows(2, 5, 3, 4), conf.level = 0.8)))
  expect_identical(tidy(found[[2]]), tidy(boot_ci(y ~ g, patient_rows(2, 5, 3, 4), type = "perc")))
})
