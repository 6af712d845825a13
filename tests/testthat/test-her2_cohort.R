clinic <- function() {
  data.frame(
    patient = c("A", "B", "C", "D"), class = factor(c("HER2 3+", "HER2-mod", "HER2 3+", "HER2-mod"), c("HER2 3+",
      "HER2-mod")),
    pcr = c("yes", "no", "no", NA), years = c(1, 2.5, 3, 4), relapse = c(1, 0, 0, 1), er = c(1, 1, 0, NA),
    before = c("3+", "2+", "(+++)", "2"), after = c(NA, "1+", "0", NA), age = c(50, 61, 47, 38), note = letters[1:4]
  )
}

test_that("roles are kept with the rows, bare, quoted or found by name", {
  x <- her2_cohort(clinic(), id = patient, her2 = class, response = "pcr", time = years, status = relapse, hr = er,
    ihc_before = before, ihc_after = after, covariates = c(age, "note")
  )
  expect_s3_class(x, c("her2_cohort", "data.frame"), exact = TRUE)
  expect_identical(names(x), names(clinic()))
  expect_identical(cohort_roles(x), list(
    id = "patient", her2 = "class", response = "pcr", time = "years", status = "relapse", hr = "er",
      ihc_before = "before",
    ihc_after = "after", covariates = c("age", "note")
  ))
  expect_identical(x$pcr, c(TRUE, FALSE, FALSE, NA))
  expect_identical(as.character(x$after), c(NA, "1+", "0", NA))
  rows <- clinic()
  names(rows)[1:2] <- c("ID", "HER2")
  found <- her2_cohort(rows)
  expect_identical(cohort_roles(found), list(id = "ID", her2 = "HER2", response = "pcr"))
  expect_identical(cohort_roles(her2_cohort(rows, response = NULL)), list(id = "ID", her2 = "HER2"))
  which <- "years"
  expect_identical(cohort_roles(her2_cohort(rows, time = which))$time, "years")
})

test_that("every problem is told at once, with rows and values", {
  rows <- clinic()
  rows$patient[2:3] <- c("A", NA)
  rows$years[c(1, 4)] <- c(-2, Inf)
  rows$relapse[2] <- 2
  rows$pcr[3] <- "maybe"
  e <- expect_error(
    her2_cohort(rows, id = patient, her2 = class, response = pcr, time = years, status = relapse),
    class = "her2mod_error_data"
  )
  expect_identical(e$problems$role, c("id", "id", "response", "time", "status"))
  expect_identical(e$problems$rows, list(3L, 1:2, 3L, c(1L, 4L), 2L))
  expect_match(conditionMessage(e), "5 problems")
  expect_match(conditionMessage(e), "\"maybe\" in row 3")
})

test_that("columns that are not there are all named", {
  e <- expect_error(her2_cohort(clinic(), her2 = class, time = month, hr = "pr"), class = "her2mod_error_input")
  expect_match(conditionMessage(e), "month")
  expect_match(conditionMessage(e), "hr = pr")
  expect_error(her2_cohort(clinic()), "No column for", class = "her2mod_error_input")
  expect_error(her2_cohort(clinic(), her2 = class, hr = class), "one role", class = "her2mod_error_input")
  expect_error(her2_cohort(clinic(), her2 = c(class, pcr)), "one column", class = "her2mod_error_input")
  expect_error(her2_cohort(clinic(), her2 = 3), class = "her2mod_error_input")
  expect_error(her2_cohort(clinic(), her2 = stop("x")), class = "her2mod_error_input")
  expect_error(her2_cohort(1:3), class = "her2mod_error_input")
  twice <- clinic()
  names(twice)[2] <- "patient"
  expect_error(her2_cohort(twice, her2 = patient), "several columns", class = "her2mod_error_input")
})

test_that("ADaM data are understood: 1 is censored, one parameter at a time", {
  adtte <- data.frame(
    USUBJID = rep(c("01-1", "01-2", "02-1"), 2), SITEID = rep(c("01", "01", "02"), 2), TRT01P = "T-DXd",
      PARAMCD = rep(c("DFS", "OS"), each = 3),
    AVAL = c(10, 20, 30, 15, 25, 35), AVALU = "MONTHS", CNSR = c(0, 1, 2, 1, 1, 0), HER2 = "HER2-mod"
  )
  expect_error(her2_cohort(adtte), "PARAMCD", class = "her2mod_error_input")
  x <- her2_cohort(adtte, paramcd = "DFS")
  expect_identical(nrow(x), 3L)
  expect_identical(x$status, c(1L, 0L, 0L))
  expect_identical(x$CNSR, c(0, 1, 2))
  expect_identical(attr(x, "unit"), "MONTHS")
  expect_identical(cohort_roles(x)$status, "status")
  expect_identical(cohort_roles(x)$centre, "SITEID")
  expect_identical(levels(x$SITEID), c("01", "02"))
  # The same as Surv_CNSR() makes of it.
  expect_identical(unclass(with(x, Surv_CNSR(AVAL, CNSR)))[, "status"], as.double(x$status))
  expect_error(her2_cohort(adtte, paramcd = "PFS"), class = "her2mod_error_input")
  odd <- replace(adtte, "AVAL", c(1, 2, 3, 1, -0.123456789, 3))
  e <- expect_error(her2_cohort(odd, paramcd = "OS"), "counted among those of \"OS\"", class = "her2mod_error_data")
  expect_match(conditionMessage(e), "\"-0.123457\" in row 2", fixed = TRUE)
  expect_error(her2_cohort(clinic(), her2 = class, paramcd = "DFS"), class = "her2mod_error_input")
  # A column of that name is left as it is.
  adtte$status <- "x"
  expect_identical(cohort_roles(her2_cohort(adtte, paramcd = "OS", status = CNSR))$status, "status.1")
})

test_that("what is odd but possible is a note", {
  rows <- clinic()
  rows$relapse[1] <- NA
  rows$years[2] <- NA
  rows$after[1] <- "2+"
  x <- her2_cohort(rows, her2 = class, response = pcr, time = years, status = relapse, ihc_after = after)
  expect_identical(attr(x, "notes")$problem, c(
    "a time without a status", "a status without a time", "IHC after therapy of patients with complete response"
  ))
  torn <- suppressWarnings(her2_classify(c("3+", "2+", "3+", "2+"), c("neg", "pos", NA, "pos")))
  rows$class <- torn
  x <- her2_cohort(rows, her2 = class)
  expect_match(attr(x, "notes")$problem, "contradict")
  expect_identical(her2_reasons(x$class), her2_reasons(torn))
})

test_that("tibbles and haven's columns work", {
  skip_if_not_installed("tibble")
  skip_if_not_installed("haven")
  rows <- tibble::tibble(
    id = haven::labelled(1:3), her2 = haven::labelled(c(1, 2, 1), c("HER2 3+" = 1, "HER2-mod" = 2)),
    pcr = haven::labelled(c(1, 0, NA), c(yes = 1, no = 0)), time = haven::labelled(c(1, 2, 3), label = "years"),
    status = haven::labelled(c(0, 1, 0), c(censored = 0, relapse = 1))
  )
  x <- her2_cohort(rows)
  expect_s3_class(x, c("her2_cohort", "data.frame"), exact = TRUE)
  expect_identical(x$her2, factor(c("HER2 3+", "HER2-mod", "HER2 3+"), c("HER2 3+", "HER2-mod")))
  expect_identical(x$pcr, c(TRUE, FALSE, NA))
  expect_identical(x$status, c(0L, 1L, 0L))
  expect_identical(x$time, c(1, 2, 3))
})

test_that("roles are read through the dots of a wrapper", {
  of <- function(data, ...) her2_cohort(data, ...)
  rows <- data.frame(patient = 1:2, klass = c("a", "b"))
  expect_identical(cohort_roles(of(rows, id = patient, her2 = klass))$her2, "klass")
})

test_that("notes about rows go when rows move", {
  rows <- data.frame(id = 1:4, her2 = "a", ihc_before = c("3+", "foo", "2+", "1+"))
  cohort <- her2_cohort(rows)
  expect_gt(nrow(attr(cohort, "notes")), 0)
  expect_null(attr(cohort[4:1, ], "notes"))
  expect_equal(attr(cohort["her2"], "notes"), attr(cohort, "notes"))
})

test_that("times in several units are a problem, and one unit is the cohort's", {
  rows <- data.frame(
    USUBJID = 1:4, her2 = c("HER2-mod", "HER2 3+"), AVAL = c(1, 2, 30, 400), CNSR = c(0, 0, 1, 1),
    AVALU = c("YEARS", "YEARS", "MONTHS", "DAYS")
  )
  error <- expect_error(her2_cohort(rows), "several units", class = "her2mod_error_data")
  expect_match(error$problems$values, "YEARS.*MONTHS.*DAYS")
  rows$AVALU <- c("MONTHS", "Months", "", NA)
  expect_output(print(her2_cohort(rows)), "times in MONTHS")
  rows$AVALU <- NULL
  rows$AVAL <- as.difftime(rows$AVAL, units = "days")
  expect_output(print(her2_cohort(rows)), "times in days")
  expect_identical(her2_cohort(rows)$AVAL, c(1, 2, 30, 400))
})
