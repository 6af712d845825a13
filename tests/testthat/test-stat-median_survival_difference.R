median_of <- function(rows) {
  fit <- survival::survfit(survival::Surv(y, event) ~ g, rows)
  unname(diff(as.vector(stats::quantile(fit, 0.5, conf.int = FALSE))))
}
found_of <- function(rows) evaluate_survival("median_survival_difference", rows)$value

test_that("it is that of survfit()'s quantile()", {
  for (rows in peer_data()) {
    theirs <- median_of(rows)
    if (!is.na(theirs)) expect_equal(found_of(rows), theirs, tolerance = 1e-8)
  }
  # small samples with many ties, where curves stand at 1/2
  set.seed(8)
  compared <- 0
  for (i in 1:200) {
    n <- sample(2:8, 2, replace = TRUE)
    rows <- survival_rows_of(
      sample(1:5, sum(n), TRUE), rbinom(sum(n), 1, 0.8), rep(c(FALSE, TRUE), n)
    )
    theirs <- median_of(rows)
    if (is.na(theirs)) next
    compared <- compared + 1
    expect_equal(found_of(rows), theirs, tolerance = 1e-12)
  }
  expect_gt(compared, 100)
})

test_that("a curve at 1/2 to the end: the middle of that step", {
  # known_answers.R, km.median.flat:CAMIS: 102.5 by R's quantile()
  time <- c(54, 75, 77, 84, 87, 92, 103, 105, 112, 118)
  rows <- survival_rows_of(c(1, time), c(1, rep(1:0, each = 5)), rep(c(FALSE, TRUE), c(1, 10)))
  expect_identical(found_of(rows), 102.5 - 1)
})

test_that("medians that are not reached are later than all follow-up", {
  at <- function(reached0, reached1) {
    event <- c(reached0, reached0, reached1, reached1)
    rows <- survival_rows_of(c(1, 3, 2, 6), as.integer(event), c(FALSE, FALSE, TRUE, TRUE))
    evaluate_survival("median_survival_difference", rows)[c("value", "reason")]
  }
  expect_identical(at(TRUE, FALSE), list(value = Inf, reason = "infinite"))
  expect_identical(at(FALSE, TRUE), list(value = -Inf, reason = "infinite"))
  expect_identical(at(FALSE, FALSE), list(value = NaN, reason = "undefined"))
})

test_that("replicates without a median keep their place: an end at Inf", {
  rows <- survival_rows_of(
    c(1, 2, 3, 4, 5, 6, 7, 8, 2, 4, 6, 8, 10, 12, 14, 16), c(rep(1, 8), rep(c(1, 0), 4)),
    rep(c(FALSE, TRUE), each = 8)
  )
  boot <- suppressWarnings(boot_ci(
    Surv(y, event) ~ g, rows, "median_survival_difference", "perc", R = 999, seed = 1,
    progress = FALSE
  ), classes = "her2mod_warning")
  expect_gt(boot$failures[["infinite"]], 0.025)
  expect_true(any(grepl("standard error .* \\(of the finite replicates alone\\)", format(boot))))
  expect_identical(boot$std.error, stats::sd(boot$replicates[is.finite(boot$replicates)]))
  expect_identical(boot$intervals$conf.high, Inf)
  expect_equal(boot$intervals$conf.low, naive_quantile(boot$replicates, 0.025), tolerance = 1e-10)
})

test_that("the constructor is the registry's entry", {
  expect_identical(stat_median_survival_difference()$outputs, 1L)
  expect_length(stat_median_survival_difference()$parameters, 0)
})
