# The founding study's margins, exactly, in simulated rows: what the print says is known from the abstract.
study_cohort <- function() simulate_cohort(margins = "exact", seed = 3)

test_that("the paragraph holds the founding study's figures when the margins are its own", {
  x <- compare_her2(study_cohort(), adjust = "hr", R = 199, seed = 1)
  rows <- tidy(x)
  one <- function(part, term) rows[rows$part == part & rows$term == term, ]
  # doi:10.4143/crt.2024.1200: 46.07% and 16.24%; HR+ 48.7% and 76.1%
  expect_equal(round(100 * one("response", "proportion")$estimate, 2), c(46.07, 16.24))
  expect_equal(round(100 * one("hormone_receptors", "proportion")$estimate, 1), c(48.7, 76.1))
  expect_equal(one("response", "risk_difference")$estimate, 19 / 117 - 211 / 458)
  text <- gsub("\\s+", " ", paste(format(x), collapse = " "))
  expect_match(text, "211/458 (46.1%) of HER2 3+ and 19/117 (16.2%) of HER2-mod", fixed = TRUE)
  expect_match(text, "difference, HER2-mod minus HER2 3+, -29.8 points", fixed = TRUE)
  expect_match(text, "simulated data", fixed = TRUE)
  expect_true(x$simulated)
  expect_equal(as.vector(x$n), c(458, 117))
})

test_that("a part is what its function gives on the same rows", {
  cohort <- simulate_cohort(300, seed = 4)
  x <- compare_her2(cohort, adjust = c("hr", "age"), tau = 3, times = 2, R = 199, seed = 7, threads = 1)
  rows <- as.data.frame(cohort)
  expect_equal(tidy(x$parts$response), tidy(compare_proportions(pcr ~ her2, rows)))
  expect_equal(tidy(x$parts$response_by_centre), tidy(compare_proportions(pcr ~ her2 | centre, rows)))
  expect_equal(tidy(x$parts$therapy), tidy(test_interaction(pcr ~ therapy * her2, rows)))
  expect_equal(tidy(x$parts$survival), tidy(compare_survival(Surv(time, status) ~ her2, rows, times = 2, tau = 3)))
  expect_equal(tidy(x$parts$survival_adjusted), tidy(cox_regression(Surv(time, status) ~ her2 + hr + age, rows)))
  adjusted <- adjusted_effect(pcr ~ her2, rows, ~ hr + age, R = 199, seed = 7, threads = 1)
  expect_equal(tidy(x$parts$response_adjusted), tidy(adjusted))
  shift <- her2_shift(ihc_before, ihc_after, by = her2, data = rows, residual = !rows$pcr, R = 199, seed = 7)
  expect_equal(tidy(x$parts$loss), tidy(shift))
})

test_that("the reference and the groups are as asked for, others are counted", {
  cohort <- simulate_cohort(200, seed = 5)
  rows <- unmarked(cohort)
  rows$her2 <- as.character(rows$her2)
  rows$her2[1:12] <- "HER2-low"
  rows$her2[13] <- NA
  three <- her2_cohort(rows)
  x <- compare_her2(three, c("HER2-mod", "HER2 3+"), adjust = NULL, R = 99, seed = 1)
  expect_equal(x$others, 13)
  expect_match(format(x)[[2]], "13 of another or unknown class left out")
  expect_equal(unname(x$n["HER2-mod"]), sum(rows$her2 == "HER2-mod", na.rm = TRUE))
  there <- table(factor(rows$her2, c("HER2-mod", "HER2 3+")), rows$pcr)
  shares <- there[, "TRUE"] / rowSums(there)
  row <- tidy(x)
  row <- row[row$part == "response" & row$term == "risk_difference", ]
  expect_equal(row$estimate, shares[["HER2 3+"]] - shares[["HER2-mod"]])
  expect_false(x$simulated)
  expect_false(any(grepl("simulated", format(x))))
})

test_that("bad requests are refused", {
  cohort <- simulate_cohort(100, seed = 1)
  input <- function(...) expect_error(compare_her2(...), class = "her2mod_error_input")
  input(as.data.frame(cohort))
  input(cohort, "HER2-mod")
  input(cohort, c("HER2-mod", "HER2-mod"))
  input(cohort, adjust = "height")
  input(cohort, adjust = "pcr")
  input(cohort, margin = 2)
  input(cohort, conf.level = 95)
  input(cohort, R = -1)
  expect_error(compare_her2(cohort, c("HER2-mod", "HER2-low")), class = "her2mod_error_data")
})

test_that("what is the same for everybody, or known of nobody, stops nothing else", {
  rows <- as.data.frame(simulate_cohort(120, seed = 3))
  rows$one <- "a"
  found <- compare_her2(her2_cohort(rows, covariates = c(one, age)), R = 99, seed = 1)
  expect_identical(found$adjust, c("hr", "age"))
  expect_match(format(found), "note, adjustment: Not adjusted for one: everybody has the same value", all = FALSE)
  expect_null(compare_her2(her2_cohort(rows, covariates = one), adjust = "one", R = 99, seed = 1)$parts$response_adjusted)
  rows$time <- NA_real_
  expect_no_warning(found <- compare_her2(her2_cohort(rows), R = 99, seed = 1))
  expect_identical(found$left_out[["survival"]], "nobody has a known time and status")
  expect_error(cox_regression(Surv(status, pcr) ~ one, rows), "same value of one", class = "her2mod_error_data")
})
