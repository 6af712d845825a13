# Columns as haven reads them: what a value stands for is its label, in every function.

skip_if_not_installed("haven")
labelled <- haven::labelled

test_that("what a file calls missing is missing", {
  spss <- haven::labelled_spss(c(40, 999, 55, NA, 888), labels = c(unknown = 999, refused = 888), na_values = 999,
    na_range = c(880, 890)
  )
  read <- without_file_missing(spss)
  expect_identical(as.vector(unclass(read)), c(40, NA, 55, NA, NA))
  expect_length(attr(read, "labels"), 0)
  tagged <- labelled(c(1, 2, NA, haven::tagged_na("r")), c(single = 1, dual = 2, refused = haven::tagged_na("r")))
  expect_identical(names(attr(without_file_missing(tagged), "labels")), c("single", "dual"))
  expect_identical(plain_text(tagged), c("single", "dual", NA, NA))
  text <- labelled(c("M", "F", ""), c(male = "M", female = "F"))
  expect_identical(as.character(read_labelled(text)), c("M", "F", ""))
})

test_that("values that all have labels are groups in the order of the values, others are plain", {
  x <- labelled(c(3, 1, NA, 1), c(none = 1, some = 2, much = 3), label = "pain")
  expect_identical(read_labelled(x), structure(factor(c("much", "none", NA, "none"), c("none", "much")), label = "pain"))
  expect_identical(read_labelled(labelled(c(1, 2.5), c(least = 1))), c(1, 2.5))
  # two values of one label are one level
  expect_identical(read_labelled(labelled(1:3, c(a = 1L, b = 2L, a = 3L))), factor(c("a", "b", "a"), c("a", "b")))
  expect_identical(read_labelled(1:3), 1:3)
  expect_identical(read_labelled(labelled(c(NA_real_, NA), c(a = 1))), c(NA_real_, NA))
})

ihc_codes <- c("0" = 1, "1+" = 2, "2+" = 3, "3+" = 4)

# 20 tumours, all 2+ before therapy, 3 of them 0 and 7 of them 1+ after it.
test_that("HER2 loss is that of the labels, not of the codes", {
  before <- labelled(rep(3, 20), ihc_codes)
  after <- labelled(rep(1:3, c(3, 7, 10)), ihc_codes)
  lost <- tidy(her2_shift(before, after), "loss")
  expect_equal(c(lost$lost, lost$tested), c(10, 20))
  arm <- labelled(rep(2:1, 10), c(single = 1, dual = 2))
  expect_identical(her2_shift(before, after, by = arm)$groups, c("single", "dual"))
})

rows <- function() {
  set.seed(1)
  n <- 120
  her2 <- sample(1:2, n, TRUE)
  histology <- sample(c(1, 2, 9), n, TRUE, c(.5, .3, .2))
  data.frame(
    id = seq_len(n), her2 = I(labelled(her2, c("HER2 3+" = 1, "HER2-mod" = 2))),
    histology = I(labelled(histology, c(ductal = 1, lobular = 2, other = 9))),
    pcr = rbinom(n, 1, ifelse(histology == 2, .2, .5)), time = rexp(n), status = rbinom(n, 1, .7)
  )
}
# The same with factors, as a user of haven::as_factor() has them.
as_factors <- function(rows) {
  rows$her2 <- factor(c("HER2 3+", "HER2-mod")[unclass(rows$her2)])
  rows$histology <- factor(c("ductal", "lobular", "other")[match(unclass(rows$histology), c(1, 2, 9))])
  rows
}
plainly <- function(rows) {
  for (name in c("her2", "histology")) class(rows[[name]]) <- setdiff(class(rows[[name]]), "AsIs")
  rows
}

test_that("models, tables and comparisons take labels as factors", {
  given <- plainly(rows())
  meant <- as_factors(given)
  both <- function(f) list(f(given), f(meant))
  same <- function(f) {
    seen <- both(f)
    expect_identical(seen[[1]], seen[[2]])
  }
  same(function(d) tidy(logistic_regression(pcr ~ her2 + histology, d)))
  same(function(d) tidy(cox_regression(Surv(time, status) ~ her2 + histology, d)))
  same(function(d) tidy(cox_regression(Surv(time, status) ~ her2 + strata(histology), d)))
  same(function(d) tidy(adjusted_effect(pcr ~ her2, d, ~histology, R = 99, seed = 1, type = "perc")))
  same(function(d) tidy(compare_proportions(pcr ~ her2, d)))
  same(function(d) tidy(compare_proportions(pcr ~ her2 | histology, d)))
  same(function(d) tidy(compare_survival(Surv(time, status) ~ her2, d)))
  same(function(d) tidy(boot_ci(pcr ~ her2, d, "risk_difference", strata = histology, R = 99, seed = 1)))
  same(function(d) tidy(test_interaction(pcr ~ her2 * histology, d)))
  same(function(d) format(compare_baseline(d, "her2", c("histology", "pcr"), R = 99, seed = 1)))
  same(function(d) format(compare_baseline(d, "histology", "her2", R = 99, seed = 1)))
  cohort <- her2_cohort(given, covariates = histology)
  expect_identical(cohort$histology, meant$histology)
})

test_that("a cohort knows what SPSS and Stata call missing", {
  d <- data.frame(id = 1:6, her2 = rep(c("HER2 3+", "HER2-mod"), 3), pcr = c(1, 0, 1, 0, 1, 1))
  d$therapy <- labelled(c(1, 2, NA, 1, 2, NA), c(single = 1, dual = 2, refused = haven::tagged_na("r")))
  expect_identical(as.character(her2_cohort(d)$therapy), c("single", "dual", NA, "single", "dual", NA))
  d$age <- haven::labelled_spss(c(40, 55, 999, 41, 56, 999), na_values = 999)
  d$time <- haven::labelled_spss(c(1, 2, 3, 4, 5, 99), na_values = 99)
  cohort <- her2_cohort(d, covariates = age)
  expect_identical(cohort$age, c(40, 55, NA, 41, 56, NA))
  expect_identical(cohort$time, c(1, 2, 3, 4, 5, NA))
})

test_that("labels of CNSR that say the opposite are a problem", {
  d <- data.frame(id = 1:4, her2 = c("HER2 3+", "HER2-mod"), time = 1:4)
  d$CNSR <- labelled(c(0, 1, 0, 1), c(censored = 0, event = 1))
  error <- expect_error(her2_cohort(d), "1 for censored, of which its labels say the opposite", class = "her2mod_error_data")
  expect_identical(error$problems$role, "status")
  d$CNSR <- labelled(c(0, 1, 0, 1), c(event = 0, censored = 1))
  expect_identical(her2_cohort(d)$status, c(1L, 0L, 1L, 0L))
})

test_that("labels survive the way through a file", {
  path <- tempfile(fileext = ".sav")
  haven::write_sav(plainly(rows()), path)
  cohort <- read_her2_cohort(path, covariates = histology)
  expect_identical(as.character(cohort$histology), as.character(as_factors(rows())$histology))
  expect_identical(levels(cohort$her2), c("HER2 3+", "HER2-mod"))
})

test_that("predictions of rows are those of the fit", {
  d <- plainly(rows())
  fit <- logistic_regression(pcr ~ her2 + histology, d)
  own <- predict(fit)$estimate
  expect_equal(predict(fit, d)$estimate, own)
  second <- unclass(d$her2) == 2
  expect_equal(predict(fit, d[second, ])$estimate, own[second])
})

test_that("times and status that a file calls missing are dropped, and counted", {
  d <- plainly(rows())
  d$time <- haven::labelled_spss(replace(d$time, 1:2, 99), na_values = 99)
  d$status <- haven::labelled_spss(replace(d$status, 3, 9), c(alive = 0, dead = 1, unknown = 9), na_values = 9)
  expect_identical(compare_survival(Surv(time, status) ~ her2, d)$n_dropped, 3L)
  expect_identical(glance(cox_regression(Surv(time, status) ~ her2, d))$n_dropped, 3L)
  d$w <- labelled(rep(1:2, 60), c(one = 1, two = 2))
  expect_equal(
    coef(logistic_regression(pcr ~ her2, d, weights = w)), coef(logistic_regression(pcr ~ her2, d, weights = unclass(w)))
  )
})
