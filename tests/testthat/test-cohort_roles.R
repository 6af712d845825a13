# Each reader by itself: what is kept, and what is a problem.

kept <- function(role, x, column = role) role_reader(role, column)(x, role, column)

test_that("responses are read, and 1/2 is not guessed", {
  expect_identical(kept("response", c(1, 0, NA))$value, c(TRUE, FALSE, NA))
  expect_identical(kept("response", c("Yes", "no", "", "pCR", "non-pCR"))$value, c(TRUE, FALSE, NA, TRUE, FALSE))
  expect_identical(kept("response", factor(c("RD", "pCR"), c("RD", "pCR")))$value, c(FALSE, TRUE))
  # A factor whose first level says yes is read by its words, not turned round.
  expect_identical(kept("response", factor(c("yes", "no"), c("yes", "no")))$value, c(TRUE, FALSE))
  bad <- kept("response", c(1, 2, 2))$problems
  expect_identical(bad$rows[[1]], 2:3)
  expect_match(bad$values, "\"2\" in rows 2, 3")
})

test_that("times and status are checked row by row", {
  bad <- kept("time", c(1, -1, NaN, Inf, NA))$problems
  expect_identical(bad$rows[[1]], 2:4)
  expect_match(kept("time", c("1", "2"))$problems$problem, "numbers kept as text")
  expect_null(kept("time", c(0, 2.5, NA))$problems)
  expect_identical(kept("time", as.difftime(c(1, 2), units = "weeks"))$value, c(1, 2))
  expect_identical(kept("status", c(TRUE, FALSE, NA))$value, c(1L, 0L, NA))
  expect_identical(kept("status", c(1, 2, 0))$problems$rows[[1]], 2L)
  expect_match(kept("status", c(1, 0), "censored")$notes$problem, "censoring")
})

test_that("of times that are text the entries that are no numbers are named", {
  seen <- role_time(c("12", "24", NA, "40+", ""), "time", "t")$problems
  expect_identical(seen[c("problem", "values")], data.frame(
    problem = "no numbers among times: all are text", values = "\"40+\" in row 4"
  ))
  expect_identical(seen$rows, list(4L))
  advice <- function(x) eval(parse(text = sub(".*: (.*) makes.*", "\\1", role_time(x, "time", "t")$problems$problem)))
  for (x in list(c("12", "2,5"), factor(c("12", "2,5")))) expect_identical(advice(x), c(12, 2.5))
  for (x in list(c("12", "3"), factor(c("12", "3")))) expect_identical(advice(x), c(12, 3))
  expect_match(role_time(as.Date("2020-01-01"), "time", "t")$problems$problem, "must be numbers, and is Date")
  expect_match(role_time(matrix(1:4, 2), "time", "t")$problems$problem, "plain column")
})

test_that("CNSR is turned round, and only CNSR", {
  expect_identical(kept("status", c(0, 1, 2, NA), "CNSR")$value, c(1L, 0L, 0L, NA))
  expect_identical(kept("status", c(-1, 0.5, 0), "CNSR")$problems$rows[[1]], 1:2)
  expect_identical(kept("status", c(0, 1), "status")$value, 0:1)
})

test_that("groups keep the order of levels or labels", {
  expect_identical(levels(kept("her2", factor("a", c("b", "a")))$value), c("b", "a"))
  expect_identical(levels(kept("therapy", c("dual", "", "single"))$value), c("single", "dual"))
  labelled <- structure(c(2, 1, 1), labels = c(single = 1, dual = 2), class = "haven_labelled")
  expect_identical(kept("therapy", labelled)$value, factor(c("dual", "single", "single"), c("single", "dual")))
  expect_match(kept("therapy", rnorm(50))$problems$problem, "50 different numbers")
  expect_identical(levels(kept("centre", c(10, 9, 2))$value), c("2", "9", "10"))
  expect_identical(kept("hr", c(1, 0, NA))$value, factor(c("HR+", "HR-", NA), c("HR-", "HR+")))
  expect_identical(kept("hr", c(TRUE, FALSE))$value, factor(c("HR+", "HR-"), c("HR-", "HR+")))
  expect_identical(levels(kept("hr", c("ER+", "ER-"))$value), c("ER-", "ER+"))
})

test_that("patients are named once", {
  expect_match(kept("id", c("a", "a", "b"))$problems$values, "\"a\" in rows 1, 2")
  expect_identical(kept("id", c("a", NA, " "))$problems$rows[[1]], 2:3)
  expect_identical(kept("id", c(7, 8))$value, c("7", "8"))
})

test_that("IHC becomes an ordered class; what tells no score is a note", {
  read <- kept("ihc_before", c("3+", "++", "Equivocal", "Negative", NA))
  expect_identical(read$value, factor(c("3+", "2+", "2+", NA, NA), c("0", "1+", "2+", "3+"), ordered = TRUE))
  expect_match(read$notes$values, "\"Negative\" in row 4")
})

test_that("columns that are none are problems, not crashes", {
  for (role in c("id", "her2", "response", "ihc_before", "time")) {
    expect_s3_class(kept(role, list(1, 2))$problems, "data.frame")
  }
  expect_match(covariate_problems(c(1, Inf, NaN), "age")$values, "rows 2, 3")
  expect_null(covariate_problems(c("a", NA), "grade"))
})

test_that("what a factor's words say decides which level is the response, not their order", {
  read <- function(values, levels = sort(unique(values))) {
    rows <- data.frame(id = seq_along(values), her2 = "a", response = factor(values, levels))
    her2_cohort(rows)$response
  }
  expect_identical(read(c("Complete", "No", "No")), c(TRUE, FALSE, FALSE))
  expect_identical(read(c("pCR achieved", "RD")), c(TRUE, FALSE))
  expect_identical(read(c("CR", "non-pCR")), c(TRUE, FALSE))
  expect_identical(read(c("Yes ", "No")), c(TRUE, FALSE))
  expect_identical(read(c("none left", "yes")), c(FALSE, TRUE))
  for (of in list(c("Complete response", "Residual disease"), c("CR", "PR"), c("achieved", "not achieved"), c("ypT0", "ypT1"),
    c("RCB-0", "RCB-II"), c("\u5b8c\u5168\u7f13\u89e3", "\u672a\u7f13\u89e3"))) {
    expect_identical(read(of), c(TRUE, FALSE))
    expect_identical(kept("response", of)$value, c(TRUE, FALSE))
  }
  # Words that say nothing known: the last level of an order that somebody chose; the alphabet is no choice.
  expect_identical(read(c("fine", "bad"), c("fine", "bad")), c(FALSE, TRUE))
  expect_error(read(c("bad", "good")), "do not say which is the response", class = "her2mod_error_data")
  # 1 and 2 are as open as numbers as they are as levels.
  expect_error(read(c(1, 2)), "do not say which is the response", class = "her2mod_error_data")
  expect_error(read(c(1, "other")), class = "her2mod_error_data")
  expect_identical(read(c(0, 1)), c(FALSE, TRUE))
})

test_that("haven's labels that say the opposite of the values are a problem", {
  labelled <- function(x, ...) structure(x, labels = c(...), class = "haven_labelled")
  expect_match(kept("response", labelled(c(0, 1), pCR = 0, RD = 1))$problems$problem, "opposite")
  expect_identical(kept("response", labelled(c(0, 1), RD = 0, pCR = 1))$value, c(FALSE, TRUE))
  expect_match(kept("status", labelled(c(0, 1), event = 0, censored = 1), "status")$problems$problem, "opposite")
  expect_match(kept("status", labelled(c(0, 1), relapse = 0, "no relapse" = 1), "status")$problems$values, "0 = relapse")
  expect_identical(kept("status", labelled(c(0, 1), alive = 0, dead = 1), "status")$value, 0:1)
})

test_that("unknown hormone receptors are missing, and classes are known in any case of their letters", {
  expect_identical(is.na(kept("hr", c("pos", "neg", "Unknown"))$value), c(FALSE, FALSE, TRUE))
  expect_identical(levels(kept("hr", c("pos", "neg", "Unknown"))$value), c("neg", "pos"))
  expect_identical(levels(kept("her2", c("her2-mod", "HER2-MOD", "HER2 3+"))$value), c("HER2 3+", "HER2-mod"))
})

test_that("identifiers that differ by spaces are one patient", {
  twice <- kept("id", c("P1", "P1 ", " P2"))
  expect_match(twice$problems$problem, "several rows")
  expect_identical(twice$value, c("P1", "P1", "P2"))
})

test_that("HR+ comes last, whatever the order of a factor, and several kinds are not guessed", {
  read <- function(hr) her2_cohort(data.frame(id = seq_along(hr), her2 = "a", hr = hr))
  expect_identical(levels(read(factor(c("HR+", "HR-"), c("HR+", "HR-")))$hr), c("HR-", "HR+"))
  several <- read(c("ER+PR+", "ER+PR-", "ER-PR-"))
  expect_true(is.na(tidy(several)$hr_positive))
  expect_true(is.na(tidy(read(c(1, 2, 2, 1)))$hr_positive))
  expect_equal(tidy(read(c(1, 0, 0, 1)))$hr_positive, 2)
})

test_that("HR and response are read in the words that IHC is read in", {
  chinese <- her2_cohort(data.frame(id = 1:3, her2 = "a", hr = c("\u9633\u6027", "\u9634\u6027", "\u9633\u6027")))
  expect_identical(levels(chinese$hr), c("\u9634\u6027", "\u9633\u6027"))
  expect_equal(tidy(chinese)$hr_positive, 2)
  expect_identical(levels(kept("hr", c("Positivo", "Negativo"))$value), c("Negativo", "Positivo"))
  expect_identical(levels(kept("hr", c("ja", "nein"))$value), c("nein", "ja"))
  expect_identical(levels(kept("hr", c("\u662f", "\u5426"))$value), c("\u5426", "\u662f"))
  expect_identical(levels(kept("hr", c("HR+", "HR\u2212"))$value), c("HR\u2212", "HR+"))
  expect_identical(kept("response", c("\u662f", "\u5426", NA))$value, c(TRUE, FALSE, NA))
  expect_identical(kept("response", c("Ja", "nein", "s\u00ec", "Oui", "non"))$value, c(TRUE, FALSE, TRUE, TRUE, FALSE))
  expect_identical(kept("response", factor(c("\u662f", "\u5426"), c("\u662f", "\u5426")))$value, c(TRUE, FALSE))
})

test_that("a cohort without one positive HR level shows the levels", {
  rows <- data.frame(id = 1:4, her2 = c("a", "a", "b", "b"), hr = c("Positive", "Negative", "Indeterminate", "Positive"))
  shown <- format(summary(her2_cohort(rows)))
  expect_match(shown, "HR: a: Negative 1, Positive 1; b: Indeterminate 1, Positive 1", fixed = TRUE, all = FALSE)
  plain <- format(summary(her2_cohort(rows[-3, ])))
  expect_false(any(grepl("HR: ", plain)))
  expect_match(plain, "Positive", all = FALSE)
})

test_that("a covariate of numbers that some text made text is a problem", {
  age <- c(41:60, "<50", NA)
  odd <- covariate_problems(age, "age")
  expect_identical(odd$rows[[1]], 21L)
  expect_match(odd$values, "\"<50\" in row 21")
  expect_identical(covariate_problems(factor(c(1:30, "?")), "age")$rows[[1]], 31L)
  rows <- data.frame(id = seq_along(age), her2 = "a", age = age)
  expect_error(her2_cohort(rows, covariates = age), "<50.*row 21", class = "her2mod_error_data")
  expect_match(covariate_problems(as.character(41:60), "age")$problem, "numbers kept as text")
  expect_match(covariate_problems(c("1,5", "2,5", "3.1", "4", "5", "6", "7"), "ki67")$problem, "numbers kept as text")
  # Codes, names, factors of numbers, and texts with few numbers are groups.
  expect_null(covariate_problems(c(0:5, "unknown"), "ecog"))
  expect_null(covariate_problems(factor(1:30), "ward"))
  expect_null(covariate_problems(c(1:8, letters[1:9]), "code"))
})
