small_cohort <- function() {
  her2_cohort(data.frame(
    id = 1:6, her2 = c("HER2 3+", "HER2 3+", "HER2 3+", "HER2-mod", "HER2-mod", NA), pcr = c(1, 0, NA, 0, 0, 1),
    time = c(2, 3, 4, 1, 5, NA), status = c(0, 1, 0, 1, 0, NA), hr = c(1, 0, 1, 1, 1, NA), centre = c("a", "a", "b",
    "b", "c", "c"),
    therapy = c("single", "dual", "dual", "single", "dual", "dual"), age = 41:46
  ), covariates = age, unit = "years")
}

test_that("rows and columns keep class and the roles that are left", {
  x <- small_cohort()
  expect_s3_class(x[2:3, ], "her2_cohort")
  expect_identical(cohort_roles(x[2:3, ]), cohort_roles(x))
  expect_identical(attr(x[2:3, ], "unit"), "years")
  expect_identical(names(cohort_roles(x[c("id", "her2")])), c("id", "her2"))
  expect_identical(names(cohort_roles(subset(x, hr == "HR+", c(her2, age)))), c("her2", "covariates"))
  expect_identical(x[["age"]], 41:46)
  expect_identical(x[, "age"], 41:46)
  expect_s3_class(head(x, 2), "her2_cohort")
  x$bmi <- 22
  expect_s3_class(x, "her2_cohort")
  expect_identical(cohort_roles(transform(x, old = age > 43)), cohort_roles(x))
  expect_s3_class(as.data.frame(x), "data.frame", exact = TRUE)
  expect_null(attr(as.data.frame(x), "roles"))
})

test_that("counts by class are those of the rows, by hand", {
  counts <- tidy(small_cohort())
  expect_identical(counts$group, c("HER2 3+", "HER2-mod", "not known"))
  expect_identical(counts$n, c(3L, 2L, 1L))
  expect_identical(counts$hr_positive, c(2L, 2L, 0L))
  expect_identical(counts$hr_known, c(3L, 2L, 0L))
  expect_identical(counts$responses, c(1L, 0L, 1L))
  expect_identical(counts$response_known, c(2L, 2L, 1L))
  expect_identical(counts$events, c(1L, 1L, 0L))
  expect_identical(counts$followed, c(3L, 2L, 0L))
  # Reverse Kaplan-Meier. HER2 3+: censored at 2 and 4, S = 2/3 then 0 at 4. HER2-mod: S = 0 at 5.
  expect_identical(counts$follow_up, c(4, 5, NA))
  expect_identical(glance(small_cohort())$centres, 3L)
})

test_that("the print shows groups, missing values, roles and notes", {
  out <- format(summary(small_cohort()))
  expect_match(out, "HER2 cohort: 6 patients, 3 centres", all = FALSE)
  expect_match(out, "HER2 3\\+ +3 +2/3 \\(66.7%\\) +1/2 \\(50.0%\\) +1/3 +4", all = FALSE)
  expect_match(out, "not known +1 +none known +1/1 \\(100.0%\\) +0/0 +not reached", all = FALSE)
  expect_match(out, "therapy: HER2 3\\+: single 1, dual 2", all = FALSE)
  expect_match(out, "missing: her2 1, pcr 1, time 1, status 1, hr 1", all = FALSE)
  expect_match(out, "response = pcr", all = FALSE)
  expect_match(out, "times in years", all = FALSE)
  expect_match(capture.output(print(small_cohort())), "as.data.frame\\(x\\) has the rows", all = FALSE)
  # Without a class there is nothing to sum up by.
  expect_error(summary(small_cohort()["id"]), class = "her2mod_error_data")
  expect_match(capture.output(print(small_cohort()["age"])), "age", all = FALSE)
  expect_error(cohort_roles(data.frame()), class = "her2mod_error_input")
})

test_that("a cohort without events, responses or rows is summed up", {
  x <- small_cohort()
  x$status <- 0L
  expect_identical(tidy(x)$events, c(0L, 0L, 0L))
  expect_identical(tidy(small_cohort()[c("id", "her2")])$events, rep(NA_integer_, 3))
  expect_match(format(summary(small_cohort()[0, ])), "0 patients", all = FALSE)
})

test_that("comparisons read a cohort as the data frame it is", {
  x <- small_cohort()
  same <- function(f) expect_identical(tidy(f(x)), tidy(f(as.data.frame(x))))
  same(function(d) compare_proportions(pcr ~ her2, d, methods = "newcombe"))
  same(function(d) compare_survival(Surv(time, status) ~ her2, d))
})

test_that("a cohort of no patients has a head and roles", {
  text <- format(summary(her2_cohort(data.frame(id = character(), her2 = character()))))
  expect_identical(text, c("HER2 cohort: 0 patients", "  roles: id; her2", "  found by name: id, her2"))
})
