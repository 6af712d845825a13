test_that("only data marked as simulated are called so, and rows and columns keep the mark", {
  plain <- data.frame(a = 1:3, b = 4:6)
  marked <- structure(plain, class = c("her2_simulated", "data.frame"))
  expect_false(is_simulated(plain))
  expect_true(is_simulated(marked))
  expect_true(is_simulated(marked[2:3, ]))
  expect_true(is_simulated(marked["a"]))
  expect_true(is_simulated(subset(marked, a > 1)))
  expect_null(simulated_remark(FALSE))
  expect_identical(simulated_remark(TRUE), "simulated data")
})

test_that("rows that are changed, joined or made plain are still simulated", {
  x <- simulate_cohort(20, seed = 1)
  marked <- structure(data.frame(a = 1:2, b = 3:4), class = c("her2_simulated", "data.frame"))
  for (rows in list(
    as.data.frame(x), as.data.frame(as.data.frame(x)), transform(x, old = age > 50), transform(marked, c = a + b),
    merge(x, data.frame(id = x$id, z = 1)), merge(marked, data.frame(a = 1:2, d = 5)), rbind(x, x), within(x,
    rm(age)), head(x)
  )) expect_true(is_simulated(rows))
  expect_equal(transform(marked, c = a + b)$c, c(4, 6), ignore_attr = TRUE)
  expect_identical(cohort_roles(transform(x, old = age > 50)), cohort_roles(x))
  expect_s3_class(as.data.frame(x), c("her2_simulated", "data.frame"), exact = TRUE)
})

test_that("prints of results made from simulated data say so, others do not", {
  x <- simulate_cohort(200, effects = list(dfs_rate = 0.3), seed = 1)
  said <- function(result) expect_match(paste(format(result), collapse = "\n"), "simulated data")
  unsaid <- function(result) expect_no_match(paste(format(result), collapse = "\n"), "simulated")
  plain <- unmarked(x)
  of_all <- function(data) {
    curves <- compare_survival(Surv(time, status) ~ her2, data)
    test <- perm_test(pcr ~ her2, data, "risk_difference")
    data$known <- pmin(data$time, 0.2)
    list(
      compare_proportions(pcr ~ her2, data, methods = "newcombe"), boot_ci(pcr ~ her2, data, "risk_difference"), test,
        curves,
      boot_ci(age ~ her2, data, "mean_difference", R = 99, seed = 1), perm_test(Surv(time, status) ~ her2, data,
      "logrank", R = 99, seed = 1),
      null_distribution(test), survival_bands(curves, "equal-precision"), cumulative_incidence(Surv(time,
      status) ~ her2, data),
      cox_regression(Surv(time, status) ~ her2 + hr, data), test_proportional_hazards(cox_regression(Surv(time,
      status) ~ her2, data)),
      landmark_survival(Surv(time, status) ~ pcr, data, response_time = known, landmarks = 0.5, R = 19, seed = 1),
      westfall_young(data, c("pcr", "age"), "her2", c("risk_difference", "mean_difference"), R = 99, seed = 1)
    )
  }
  suppressWarnings({
    lapply(of_all(x), said)
    lapply(of_all(plain), unsaid)
  })
  said(compare_proportions(pcr ~ her2, x[x$hr == "HR+", c("pcr", "her2")], methods = "newcombe"))
  said(summary(x))
})

test_that("pictures of results made from simulated data say so, others do not", {
  skip_if_not_installed("ggplot2")
  x <- simulate_cohort(200, effects = list(dfs_rate = 0.3), seed = 1)
  x$known <- pmin(x$time, 0.2)
  curves <- compare_survival(Surv(time, status) ~ her2, x)
  test <- perm_test(pcr ~ her2, x, "risk_difference")
  land <- suppressWarnings(
    landmark_survival(Surv(time, status) ~ pcr, x, response_time = known, landmarks = 0.5, R = 19, seed = 1)
  )
  zph <- test_proportional_hazards(cox_regression(Surv(time, status) ~ her2, x))
  pictures <- list(
    ggplot2::autoplot(compare_proportions(pcr ~ her2, x)), ggplot2::autoplot(boot_ci(pcr ~ her2, x, "risk_difference")),
    ggplot2::autoplot(test), ggplot2::autoplot(null_distribution(test)),
    ggplot2::autoplot(perm_test(age ~ her2, x, "mean_difference", R = 99, seed = 1)), ggplot2::autoplot(curves),
    ggplot2::autoplot(curves, "rmst"), ggplot2::autoplot(curves, "difference"), ggplot2::autoplot(curves, "loglog"),
    ggplot2::autoplot(survival_bands(curves, "equal-precision")),
    ggplot2::autoplot(cumulative_incidence(Surv(time, status) ~ her2, x)),
    ggplot2::autoplot(cumulative_incidence(Surv(time, status) ~ her2, x), risk_table = FALSE),
    ggplot2::autoplot(land), ggplot2::autoplot(land, "curves"), ggplot2::autoplot(zph)
  )
  for (k in seq_along(pictures)) {
    caption <- pictures[[k]]$labels$caption
    expect_match(caption, "Simulated data.", fixed = TRUE, info = k)
    expect_length(gregexpr("Simulated", caption)[[1]], 1)
  }
  # What a caption said before stays.
  expect_match(pictures[[15]]$labels$caption, "Dashed")
  plain <- ggplot2::autoplot(compare_proportions(c(a = 6, b = 13), c(49, 68)))
  expect_no_match(paste0(plain$labels$caption, ""), "Simulated")
  expect_identical(mark_simulated(plain, FALSE), plain)
})

test_that("the mark survives tibbles, grouping, data.table and R's own ways to put rows together", {
  x <- simulate_cohort(60, seed = 1)
  rows <- list(
    subset(x, age > 40, c(id, pcr, her2)), cbind(x, z = 1), data.frame(x), merge(x, data.frame(id = x$id, z = 1)),
    do.call(rbind, split(x, x$her2)), data.frame(pcr = x$pcr, her2 = x$her2)
  )
  if (requireNamespace("tibble", quietly = TRUE)) {
    tibbles <- list(tibble::as_tibble(x), tibble::as_tibble(x[1:30, ]), tibble::as_tibble(rbind(x, x)))
    rows <- c(rows, tibbles, list(as.data.frame(tibbles[[1]])[1:20, ]))
  }
  if (requireNamespace("dplyr", quietly = TRUE)) {
    grouped <- dplyr::group_by(x, her2)
    rows <- c(rows, list(grouped, dplyr::ungroup(grouped), dplyr::filter(tibble::as_tibble(x), age > 40),
      dplyr::bind_rows(tibble::as_tibble(x), tibble::as_tibble(x)), dplyr::select(tibble::as_tibble(x), pcr, her2),
      dplyr::left_join(tibble::as_tibble(x), data.frame(id = x$id, z = 1), by = "id"),
      dplyr::right_join(data.frame(id = x$id, z = 1), x, by = "id")))
  }
  if (requireNamespace("data.table", quietly = TRUE)) {
    table <- data.table::as.data.table(x)
    other <- data.table::data.table(id = x$id, z = 1)
    rows <- c(rows, list(table, data.table::rbindlist(list(table, table)), merge(table, other, by = "id")))
  }
  for (i in seq_along(rows)) expect_true(is_simulated(rows[[i]]), info = i)
})

test_that("results of such rows say it, also without a table", {
  skip_if_not_installed("tibble")
  x <- simulate_cohort(200, seed = 1)
  said <- function(result) expect_match(paste(format(result), collapse = "\n"), "simulated data")
  rows <- tibble::as_tibble(x)
  said(compare_proportions(pcr ~ her2, rows))
  said(compare_proportions(x$pcr ~ x$her2))
  said(logistic_regression(pcr ~ her2, rows))
  said(her2_shift(x$ihc_before, x$ihc_after, x$her2))
})

test_that("no print shows the mark, no model minds it, and a column's own comment stays", {
  x <- simulate_cohort(60, seed = 1)
  plain <- unmarked(x)
  expect_identical(capture.output(print(x$age)), capture.output(print(plain$age)))
  expect_identical(capture.output(print(x$her2)), capture.output(print(plain$her2)))
  expect_identical(capture.output(print(as.data.frame(x))), capture.output(print(plain)))
  expect_false(is_simulated(plain))
  expect_equal(coef(glm(pcr ~ her2 + age, binomial, x)), coef(glm(pcr ~ her2 + age, binomial, plain)))
  expect_equal(coef(survival::coxph(Surv(time, status) ~ her2, x)), coef(survival::coxph(Surv(time, status) ~ her2, plain)))
  expect_equal(table(x$her2, x$hr), table(plain$her2, plain$hr))
  own <- plain
  comment(own$age) <- "in years"
  expect_identical(comment(mark_rows(own)$age), c("in years", "simulated data"))
})
