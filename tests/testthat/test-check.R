expect_refused <- function(code, arg, value) {
  error <- expect_error(code, class = "her2mod_error_input")
  expect_identical(error$arg, arg)
  expect_identical(error$value, value)
}

test_that("a probability is one number strictly between 0 and 1", {
  expect_identical(check_probability(0.95, "level"), 0.95)
  for (bad in list(
    0, 1, -0.1, 95, NA, NA_real_, NaN, Inf, "0.95", TRUE, c(0.9, 0.95), double(), NULL,
    factor("0.95")
  )) {
    expect_refused(check_probability(bad, "level"), "level", bad)
  }
})

test_that("a one-sided level is above one half", {
  expect_identical(check_level(0.95, "two.sided"), 0.95)
  expect_identical(check_level(0.3, "two.sided"), 0.3)
  expect_identical(check_level(0.51, "less"), 0.51)
  for (level in c(0.5, 0.3)) {
    expect_refused(check_level(level, "less"), "conf.level", level)
    expect_refused(check_level(level, "greater"), "conf.level", level)
  }
  expect_refused(check_level("0.95", "two.sided"), "conf.level", "0.95")
})

test_that("arguments that nobody knows are named", {
  expect_null(check_no_dots())
  error <- expect_error(check_no_dots(conf.lvel = 0.9, 3), class = "her2mod_error_input")
  expect_identical(error$arg[[1]], "conf.lvel")
})

test_that("a closed probability may also be 0 or 1", {
  expect_identical(check_probability(0, "p", open = FALSE), 0)
  expect_identical(check_probability(1L, "p", open = FALSE), 1)
  expect_refused(check_probability(1.01, "p", open = FALSE), "p", 1.01)
  expect_refused(check_probability(-1e-9, "p", open = FALSE), "p", -1e-9)
})

test_that("a count is one whole number in its range", {
  expect_identical(check_count(9999L, "R"), 9999)
  expect_identical(check_count(2^31 - 1, "R"), 2^31 - 1)
  expect_identical(check_count(0, "R"), 0)
  for (bad in list(0.5, -1, 2^31, Inf, NA_integer_, NaN, "5", TRUE, 1:2, NULL, integer())) {
    expect_refused(check_count(bad, "R"), "R", bad)
  }
  expect_refused(check_count(1, "R", min = 2), "R", 1)
  expect_refused(check_count(3, "R", max = 2), "R", 3)
})

test_that("a flag is TRUE or FALSE", {
  expect_true(check_flag(TRUE, "progress"))
  expect_false(check_flag(FALSE, "progress"))
  for (bad in list(NA, "TRUE", 1, c(TRUE, FALSE), NULL, logical())) {
    expect_refused(check_flag(bad, "progress"), "progress", bad)
  }
})

test_that("names are matched exactly, and one or several are asked for", {
  expect_identical(check_choice("b", c("a", "b"), "type"), "b")
  expect_identical(check_choice(c("b", "a"), c("a", "b"), "type", several = TRUE), c("b", "a"))
  for (bad in list("c", "", "B", NA_character_, 1, NULL, c("a", "b"), character(), factor("a"))) {
    expect_refused(check_choice(bad, c("a", "b"), "type"), "type", bad)
  }
  expect_refused(
    check_choice(c("a", "c"), c("a", "b"), "type", several = TRUE), "type", c("a", "c")
  )
  expect_refused(
    check_choice(character(), c("a", "b"), "type", several = TRUE), "type", character()
  )
  # No partial matching: "per" is no "perc".
  expect_refused(check_choice("per", "perc", "type"), "type", "per")
})

test_that("an argument whose default lists its options means the first", {
  expect_identical(check_option(alternatives, alternatives, "alternative"), "two.sided")
  expect_identical(check_option("less", alternatives, "alternative"), "less")
  expect_refused(check_option("l", alternatives, "alternative"), "alternative", "l")
  expect_refused(
    check_option(c("less", "greater"), alternatives, "alternative"), "alternative",
    c("less", "greater")
  )
})
