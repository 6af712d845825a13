rows <- patient_rows(6, 49, 13, 68)
exact <- perm_test(y ~ g, rows)
drawn <- perm_test(
  y ~ g, rows, "odds_ratio", method = "monte_carlo", R = 1999, seed = 3, progress = FALSE
)
has <- function(lines, text) expect_true(any(grepl(text, lines, fixed = TRUE)), label = text)

test_that("tidy has broom's columns and the Monte Carlo interval of p", {
  for (found in list(exact, drawn)) {
    table <- tidy(found)
    expect_identical(names(table), c(
      "term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high", "method",
      "alternative", "p.low", "p.high"
    ))
    expect_identical(nrow(table), 1L)
    expect_identical(table$p.value, found$p.value)
    expect_identical(c(table$p.low, table$p.high), found$p.interval)
    expect_identical(as.data.frame(found), table)
  }
  expect_identical(tidy(exact)$p.low, tidy(exact)$p.high)
  expect_equal(tidy(drawn)$estimate, 13 * 43 / (6 * 55))
  # Two-sided, a log odds ratio orders the tables in another way than a difference.
  same <- perm_test(y ~ g, rows, "odds_ratio")$p.value
  expect_lt(tidy(drawn)$p.low, same)
  expect_gt(tidy(drawn)$p.high, same)
})

test_that("glance is one row with sizes, events and seed", {
  expect_equal(glance(exact), data.frame(
    reference = "ref", other = "oth", n = 117, events = 19, strata = 1L,
    R = NA_real_, seed = NA_real_,
    undefined = NA_real_, infinite = NA_real_, n_dropped = 0L
  ))
  expect_equal(
    glance(drawn)[c("R", "seed", "undefined")], data.frame(R = 1999, seed = 3, undefined = 0)
  )
  expect_equal(glance(drawn)$infinite * 1999, sum(is.infinite(drawn$replicates)))
})

test_that("the print names the direction, groups, events, p, replicates and seed", {
  lines <- format(exact)
  has(lines, "Exact permutation test: risk difference, oth minus ref")
  has(lines, "6/49  12.2%")
  has(lines, "event: y")
  has(lines, "estimate 0.0687")
  has(lines, "p = 0.447, two-sided")
  has(lines, "exact null distribution, no Monte Carlo error")
  lines <- format(drawn)
  has(lines, "Monte Carlo permutation test: odds ratio, oth over ref")
  has(lines, "estimate 1.694")
  has(lines, "95% Monte Carlo interval")
  has(lines, sprintf("%d of R = 1,999 at least as extreme, seed 3", drawn$exceeding))
  has(lines, "failed replicates: none")
  few <- perm_test(
    y ~ g, patient_rows(1, 10, 3, 10), "odds_ratio", method = "monte_carlo", R = 99, seed = 1,
    progress = FALSE
  )
  expect_gt(sum(is.infinite(few$replicates)), 0)
  has(
    format(few),
    sprintf(
      "0 undefined (counted as extreme), %d with a ratio of 0 or Inf",
      sum(is.infinite(few$replicates))
    )
  )
  has(
    format(perm_test(y ~ g | centre, centre_rows(list(a = c(1, 3, 2, 4), b = c(0, 2, 3, 5))))),
    "permuted within strata"
  )
  expect_output(returned <- withVisible(print(exact)), "permuted within the whole sample")
  expect_false(returned$visible)
  expect_identical(returned$value, exact)
  expect_identical(summary(exact), exact)
})

test_that("a small p is not printed as 0", {
  far <- format(perm_test(y ~ g, patient_rows(211, 458, 19, 117)))
  has(far, "p < 0.0001")
})

test_that("coef is the effect, update repeats with other options", {
  expect_equal(coef(exact), c(risk_difference = 13 / 68 - 6 / 49))
  expect_equal(coef(drawn), c(odds_ratio = 13 * 43 / (6 * 55)))
  expect_identical(
    update(exact, alternative = "less")$p.value,
    perm_test(y ~ g, rows, alternative = "less")$p.value
  )
})
