test_that("parts without their columns are left out with the reason, and the others go on", {
  rows <- as.data.frame(simulate_cohort(150, seed = 2))
  class(rows) <- "data.frame"
  few <- her2_cohort(rows[c("id", "her2", "pcr", "therapy")])
  x <- compare_her2(few, R = 99, seed = 1)
  expect_setequal(names(x$parts), c("baseline", "response", "therapy"))
  expect_match(x$left_out[["survival"]], "no column for time, status", fixed = TRUE)
  expect_match(x$left_out[["response_adjusted"]], "nothing to adjust for", fixed = TRUE)
  expect_match(x$left_out[["claim"]], "margin", fixed = TRUE)
  expect_setequal(c(names(x$parts), names(x$left_out)), names(comparison_parts))
  for (reason in x$left_out) expect_true(any(grepl(substr(reason, 1, 20), format(x), fixed = TRUE)), label = reason)
})

test_that("data that cannot answer one part do not stop the others", {
  rows <- as.data.frame(simulate_cohort(150, seed = 2))
  class(rows) <- "data.frame"
  rows$therapy <- "dual"
  rows$hr <- "HR+"
  rows$centre <- "one"
  rows$status <- 0
  x <- compare_her2(her2_cohort(rows), adjust = "age", R = 99, seed = 1)
  expect_match(x$left_out[["therapy"]], "there is one therapy", fixed = TRUE)
  expect_match(x$left_out[["hormone_receptors"]], "have 1 value in these patients, not two", fixed = TRUE)
  expect_match(x$left_out[["response_by_centre"]], "one centre", fixed = TRUE)
  expect_true("response" %in% names(x$parts))
  # Nobody had an event: what that does to the curves is said, and the print stands.
  expect_true("survival" %in% c(names(x$parts), names(x$left_out)))
  expect_type(format(x), "character")
})

test_that("warnings of a part become its notes", {
  rows <- as.data.frame(simulate_cohort(150, seed = 2))
  class(rows) <- "data.frame"
  rows$status <- 0
  expect_silent(x <- compare_her2(her2_cohort(rows), adjust = "age", R = 99, seed = 1, progress = FALSE))
  expect_true(length(x$notes) > 0)
  expect_true(any(grepl("note, survival", format(x))))
})

test_that("columns whose names are no R names are read", {
  rows <- as.data.frame(simulate_cohort(150, seed = 2))
  class(rows) <- "data.frame"
  names(rows)[names(rows) %in% c("pcr", "age", "therapy")] <- c("drug given", "path. response", "age at start")[
    match(names(rows)[names(rows) %in% c("pcr", "age", "therapy")], c("therapy", "pcr", "age"))
  ]
  cohort <- her2_cohort(rows, therapy = "drug given", response = "path. response", covariates = "age at start")
  x <- compare_her2(cohort, R = 99, seed = 1)
  expect_true(all(c("response", "response_adjusted", "therapy", "survival_adjusted") %in% names(x$parts)))
})

test_that("one part that fails in any way does not stop the plan", {
  rows <- as.data.frame(simulate_cohort(150, seed = 2))
  class(rows) <- "data.frame"
  rows$seen <- as.Date("2020-01-01") + seq_len(150)
  cohort <- her2_cohort(rows, covariates = c("age", "seen"))
  x <- compare_her2(cohort, adjust = "age", tau = 1000, R = 99, seed = 1)
  expect_true(all(c("baseline", "response", "therapy") %in% names(x$parts)))
  expect_match(paste(x$notes$baseline, collapse = " "), "seen")
  expect_match(x$left_out[["survival"]], "tau", fixed = TRUE)
})

test_that("columns may have any name", {
  rows <- as.data.frame(simulate_cohort(150, seed = 2))
  class(rows) <- "data.frame"
  plain <- compare_her2(her2_cohort(rows, response = pcr), adjust = NULL, R = 99, seed = 1)
  rows$plan <- "A"
  rows$rows <- 1
  named <- compare_her2(her2_cohort(rows, response = pcr), adjust = NULL, R = 99, seed = 1)
  expect_equal(tidy(named), tidy(plain))
})

test_that("IHC after complete response keeps the analysis of loss, and is said", {
  rows <- as.data.frame(simulate_cohort(150, seed = 2))
  class(rows) <- "data.frame"
  rows$ihc_after[which(rows$pcr)[[1]]] <- "1+"
  x <- compare_her2(her2_cohort(rows, response = pcr), adjust = NULL, R = 99, seed = 1)
  expect_match(x$notes$loss, "1 patient with complete response has IHC after therapy, which is left out here")
  # All patients are counted once: with complete response, re-tested, or never re-tested.
  expect_equal(sum(x$parts$loss$losses$tested), sum(!is.na(rows$ihc_after)) - 1)
  rows$pcr[!is.na(rows$ihc_after) & !rows$pcr %in% TRUE][1:2] <- NA
  x <- compare_her2(her2_cohort(rows, response = pcr), adjust = NULL, R = 99, seed = 1)
  expect_match(x$notes$loss, "2 patients without known response have IHC after therapy", all = FALSE)
  expect_equal(sum(x$parts$loss$losses$tested), sum(!is.na(rows$ihc_after)) - 1)
})

test_that("the therapy that another is compared with can be chosen", {
  rows <- as.data.frame(simulate_cohort(300, seed = 2))
  class(rows) <- "data.frame"
  rows$therapy <- as.character(rows$therapy)
  cohort <- her2_cohort(rows, response = pcr)
  of <- function(...) compare_her2(cohort, adjust = NULL, margin = 0.1, R = 99, seed = 1, ...)
  said <- paste(format(of()), collapse = " ")
  expect_match(said, "no improvement with dual")
  expect_match(paste(format(of(ref = "dual")), collapse = " "), "no improvement with single")
  expect_error(of(ref = "none"), class = "her2mod_error_input")
})
