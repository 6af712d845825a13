test_that("a printed percentage keeps its digits", {
  printed <- c("46.07", "16.20%", " 5 %", ".5", "100.0", "0", "46\u00b707")
  parsed <- parse_percent(printed, "percent", NULL)
  expect_equal(parsed$units, c(4607, 1620, 5, 5, 1000, 0, 4607))
  expect_equal(parsed$digits, c(2, 2, 0, 1, 1, 0, 2))
  expect_equal(parsed$text, c("46.07", "16.20", "5", ".5", "100.0", "0", "46.07"))
})

test_that("what is not a percentage is refused, with the argument and the value", {
  for (bad in c(NA, "", "abc", "-1", "100.1", "101", "1e1", "46,07", "5.", "Inf", "1 2")) {
    error <- expect_error(parse_percent(bad, "percent", NULL), class = "her2mod_error_input")
    expect_equal(error$arg, "percent")
    expect_identical(error$value, bad)
  }
  expect_error(parse_percent(46.07, "percent", NULL), class = "her2mod_error_input")
  expect_error(parse_percent(NULL, "percent", NULL), class = "her2mod_error_input")
  expect_error(parse_percent(factor("46.07"), "percent", NULL), class = "her2mod_error_input")
})

# Ties worked by hand. 37/80 = 46.25%; 74/160 likewise; 1/8 = 12.5%; 3/8 = 37.5%; 1/200 = 0.5%.
test_that("ties go where the rule sends them", {
  at <- function(x, n, digits) vapply(rounding_rules, function(r) percent_units(x, n, digits, r), 0)
  expect_equal(at(37, 80, 1), c(half_up = 463, half_even = 462, down = 462))
  expect_equal(at(74, 160, 1), c(half_up = 463, half_even = 462, down = 462))
  expect_equal(at(1, 8, 0), c(half_up = 13, half_even = 12, down = 12))
  expect_equal(at(3, 8, 0), c(half_up = 38, half_even = 38, down = 37))
  expect_equal(at(1, 200, 0), c(half_up = 1, half_even = 0, down = 0))
  tie <- function(units) {
    vapply(rounding_rules, function(rule) is_printed_as(74, 160, units, 1, rule), TRUE)
  }
  expect_equal(tie(462), c(half_up = FALSE, half_even = TRUE, down = TRUE))
  expect_equal(tie(463), c(half_up = TRUE, half_even = FALSE, down = FALSE))
})

test_that("ranges of counts are those of long division, for every count of every size to 60", {
  for (rule in rounding_rules) {
    for (digits in 0:2) {
      tables <- do.call(rbind, lapply(1:60, function(n) data.frame(n = n, x = 0:n)))
      truth <- long_division_units(tables$x, tables$n, digits, rule)
      expect_equal(percent_units(tables$x, tables$n, digits, rule), truth)
      for (units in unique(truth)[1:40]) {
        expect_equal(is_printed_as(tables$x, tables$n, units, digits, rule), truth == units)
      }
    }
  }
})

test_that("every percentage a group can print has a range, and no other has", {
  for (rule in rounding_rules) {
    for (n in c(1, 7, 8, 80, 150)) {
      units <- 0:1000
      reachable <- unique(long_division_units(0:n, n, 1, rule))
      found <- vapply(units, function(u) {
        range <- count_range(n, percent_bounds(u, 1, rule))
        range$low <= range$high
      }, TRUE)
      expect_equal(units[found], sort(reachable))
    }
  }
})

test_that("large groups with many digits stay exact", {
  set.seed(1)
  n <- sample(1e6, 300)
  x <- floor(n * runif(300))
  for (rule in rounding_rules) {
    units <- long_division_units(x, n, 7, rule)
    fits <- function(u, x) mapply(is_printed_as, x, n, u, MoreArgs = list(digits = 7, rule = rule))
    expect_true(all(fits(units, x)))
    expect_false(any(fits(units + 1, x)))
    expect_false(any(fits(units - 1, x)))
  }
})

test_that("digits beyond exact comparison are refused", {
  error <- expect_error(
    recover_counts(c(a = "46.07000000000"), total = 1e6),
    class = "her2mod_error_input"
  )
  expect_equal(error$arg, "percent")
})
