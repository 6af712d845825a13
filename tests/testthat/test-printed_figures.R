test_that("percentages that are not named text are refused", {
  bad <- list(
    c(a = 46.07), c("46.07", "16.24"), c(a = "46.07", "16.24"), c(a = "46.07", a = "16.24"),
    character(), list(), NULL, NA, c(a = NA_character_), c(a = "abc"), c(a = "101"), c(a = "-3"),
    list(c(a = "46.07")), list(p = c(a = "46.07"), p = c(a = "46.07")), list(p = "46.07"),
    list(p = c(a = "46.07"), q = c(b = "46.07")), list(p = c(a = 1)), data.frame(a = "46.07"),
    factor(c(a = "46.07")), setNames("46.07", NA)
  )
  for (percent in bad) {
    error <- expect_error(recover_counts(percent, total = 100), class = "her2mod_error_input")
    expect_equal(error$arg, "percent")
  }
})

test_that("other arguments are checked at the door", {
  refused <- function(arg, ...) {
    error <- expect_error(recover_counts(c(a = "46", b = "16"), ...), class = "her2mod_error_input")
    expect_equal(error$arg, arg)
  }
  refused("n", n = c(a = 10.5, b = 3))
  refused("n", n = c(a = 0, b = 3))
  refused("n", n = c(a = -1, b = 3))
  refused("n", n = c(a = Inf, b = 3))
  refused("n", n = c(a = NaN, b = 3))
  refused("n", n = c(10, 3))
  refused("n", n = c(a = 10, c = 3))
  refused("n", n = c(a = 10, a = 3))
  refused("n", n = c(a = "10", b = "3"))
  refused("n", n = numeric())
  refused("total", total = 0)
  refused("total", total = 10.5)
  refused("total", total = NA)
  refused("total", total = c(10, 20))
  refused("events", total = 100, events = c(a = -1))
  refused("events", total = 100, events = c(a = 1.5))
  refused("events", total = 100, events = list(q = c(a = 1)))
  refused("events", n = c(a = 10), total = 100, events = c(a = 11))
  refused("total_events", total = 100, total_events = -1)
  refused("total_events", total = 100, total_events = c(q = 1))
  refused("total_events", total = 100, total_events = list(1))
  refused("rounding", total = 100, rounding = "up")
  refused("rounding", total = 100, rounding = character())
  refused("rounding", total = 100, rounding = 1)
  refused("max_tables", total = 100, max_tables = 0)
})

test_that("sizes that nothing bounds are refused, naming the groups", {
  open <- function(value, ...) {
    error <- expect_error(recover_counts(...), class = "her2mod_error_input")
    expect_equal(error$value, value)
  }
  open(c("a", "b"), c(a = "46", b = "16"))
  open(c("a", "b"), c(a = "46", b = "16"), n = c(a = NA, b = NA))
  open("b", c(a = "46", b = "16"), n = c(a = 100))
  open("b", c(a = "46", b = "16"), events = c(a = 23))
  # No events bound no size
  open("a", c(a = "0.0"), events = c(a = 0))
})

test_that("an unknown size may be given as NA", {
  expect_equal(
    as.data.frame(recover_counts(c(a = "46.07", b = "16.24"), n = c(a = 458, b = NA), total = 575)),
    as.data.frame(recover_counts(c(a = "46.07", b = "16.24"), total = 575))
  )
})

test_that("extreme percentages and single groups are handled", {
  expect_equal(recover_counts(c(a = "0.000", b = "100"), total = 1e5, total_events = 3)$x, c(0, 3))
  expect_equal(recover_counts(c(a = "33.3"), total = 10, rounding = "half_up")$x, numeric())
  expect_equal(recover_counts(c(a = "33.3"), total = 12)$x, 4)
  expect_equal(recover_counts(c(a = "33.3"), total = 9)$x, 3)
  expect_equal(nrow(recover_counts(c(a = "10", b = "20"), total = 1)), 0)
})
