test_that("classes come with their levels, in order", {
  x <- her2_classify(c("0", "1+", "2+", "2+", "2+", "3+"), c(NA, NA, "neg", "pos", NA, NA))
  expect_s3_class(x, c("her2_class", "factor"), exact = TRUE)
  expect_identical(levels(x), c("HER2-0", "HER2-low", "HER2-mod", "HER2 3+", "equivocal"))
  expect_identical(as.character(x), c("HER2-0", "HER2-low", "HER2-low", "HER2-mod", "equivocal", "HER2 3+"))
  expect_identical(levels(her2_classify("0", ultralow = TRUE))[[2]], "HER2-ultralow")
})

test_that("what is listed is warned of once, with rows and texts", {
  expect_warning(her2_classify(c("3+", "1+"), c("negative", "positive")), "2 tumours \\(rows 1, 2\\)",
    class = "her2mod_warning_contradiction"
  )
  w <- expect_warning(her2_classify(c("3+", "odd {text}"), c("polysomy", NA)), class = "her2mod_warning_unread")
  expect_identical(w$rows, 1:2)
  expect_match(conditionMessage(w), "odd {text}", fixed = TRUE)
  expect_match(conditionMessage(w), "polysomy")
  expect_no_warning(her2_classify(c("3+", "Negative", NA), c(NA, NA, "positive")))
  expect_warning(x <- her2_classify("2+", copies = 816), class = "her2mod_warning_unread")
  expect_identical(as.character(x), "equivocal")
})

test_that("the user's own reading goes before the package's caution", {
  x <- her2_classify(c("+", "++", "Positive"), read = c("+" = "1+", Positive = "3+"))
  expect_identical(as.character(x), c("HER2-low", "equivocal", "HER2 3+"))
  expect_error(her2_classify("+", read = c("+" = "oops")), class = "her2mod_error_input")
  expect_error(her2_classify("+", read = "1+"), class = "her2mod_error_input")
})

test_that("bad arguments are told", {
  expect_error(her2_classify(c("3+", "2+"), "positive"), "as long as", class = "her2mod_error_input")
  expect_error(her2_classify(list("3+")), class = "her2mod_error_input")
  expect_error(her2_classify(TRUE), class = "her2mod_error_input")
  expect_error(her2_classify("2+", guideline = "2007"), class = "her2mod_error_input")
  expect_error(her2_classify("2+", ratios = 2), class = "her2mod_error_input")
  expect_error(her2_classify("0", ultralow = "yes"), class = "her2mod_error_input")
  expect_error(her2_reasons(factor("HER2 3+")), class = "her2mod_error_input")
  expect_identical(as.character(her2_classify("2+", "pos", guideline = 2018)), "HER2-mod")
})

test_that("no rows, all missing and a million rows", {
  expect_length(her2_classify(character()), 0)
  expect_identical(nrow(her2_reasons(her2_classify(character()))), 0L)
  expect_true(all(is.na(her2_classify(c(NA, NA)))))
  x <- her2_classify(rep(c("0", "1+", "2+", "3+"), 25e4), rep(c(NA, NA, "amplified", NA), 25e4))
  expect_identical(as.vector(table(x)), as.integer(c(25e4, 25e4, 25e4, 25e4, 0)))
})

test_that("haven's labels and tibbles are read", {
  skip_if_not_installed("haven")
  skip_if_not_installed("tibble")
  rows <- tibble::tibble(
    ihc = haven::labelled(c(0, 1, 2, 3), c("0" = 0, "1+" = 1, "2+" = 2, "3+" = 3)),
    fish = haven::labelled(c(9, 9, 1, 9), c(amplified = 1, "not amplified" = 0, "not done" = 9))
  )
  expect_identical(as.character(her2_classify(rows$ihc, rows$fish)), c("HER2-0", "HER2-low", "HER2-mod", "HER2 3+"))
})
