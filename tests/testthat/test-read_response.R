rows <- patient_rows(2, 5, 3, 4)
group <- rows$g

# What the core gets as the response, in the order of the data.
read <- function(response, endpoint) {
  data <- data.frame(g = group)
  data$y <- response
  compared <- rows_of(y ~ g, data, endpoint = endpoint)
  compared$rows$response[order(compared$rows$row)]
}

test_that("numbers are read as they are", {
  number <- c(3, 1, 4, 1, 5, 9, 2, 6, 5)
  expect_identical(read(number, "numeric"), number)
  expect_identical(read(as.integer(number), "numeric"), number)
  expect_identical(read(-number / 7, "numeric"), -number / 7)
  expect_identical(read(number > 3, "numeric"), as.double(number > 3))
  expect_identical(read(as.difftime(number, units = "days"), "numeric"), number)
  # in the unit that they are stored in
  expect_identical(read(as.difftime(number, units = "weeks"), "numeric"), number)
  # one column is a vector; a table of counts has no mean
  expect_identical(read(matrix(number), "numeric"), number)
  named <- stats::setNames(number, letters[1:9])
  expect_identical(read(named, "numeric"), number)
})

test_that("what is not a number is never read as one", {
  coded <- list(
    factor(c(1, 2, 1, 2, 1, 2, 1, 2, 1)), as.character(1:9), as.Date("2020-01-01") + 1:9,
    as.POSIXct("2020-01-01", tz = "UTC") + 1:9, 1i * 1:9, matrix(1:18, 9), cbind(rows$y, 1 - rows$y)
  )
  for (bad in coded) {
    rows$bad <- bad
    refused(rows_of(bad ~ g, rows, endpoint = "numeric"), "bad")
  }
  # a mean of a factor's codes would be a number that looks right
  refused(boot_ci(factor(y) ~ g, rows, "mean_difference"), "factor(y)")
})

test_that("infinite numbers are data errors, and say how many", {
  rows$y <- c(1, Inf, 3, -Inf, 5:9)
  error <- expect_error(rows_of(y ~ g, rows, endpoint = "numeric"), class = "her2mod_error_data")
  expect_identical(error$arg, "y")
  expect_match(cli::ansi_strip(conditionMessage(error)), "2 values are infinite", fixed = TRUE)
  rows$y <- c(1, Inf, 3:9)
  error <- expect_error(rows_of(y ~ g, rows, endpoint = "numeric"), class = "her2mod_error_data")
  expect_match(cli::ansi_strip(conditionMessage(error)), "1 value is infinite", fixed = TRUE)
})

test_that("NaN is missing like NA: dropped and counted, or refused where it is kept", {
  rows$y <- c(1, NaN, 3, NA, 5:9)
  compared <- rows_of(y ~ g, rows, endpoint = "numeric")
  expect_identical(compared$n_dropped, 2L)
  expect_identical(compared$rows$response, c(1, 3, 5:9))
  expect_identical(compared$rows$row, c(1L, 3L, 5:9))
  refused(rows_of(y ~ g, rows, endpoint = "numeric", na.action = na.pass), "y", "data")
  rows$y <- factor(c(NA, "a", "b", "a", "a", "b", "b", "a", "a"))
  refused(rows_of(y ~ g, rows, endpoint = "categorical", na.action = na.pass), "y", "data")
  expect_identical(rows_of(y ~ g, rows, endpoint = "categorical")$n_dropped, 1L)
  rows$y <- NaN
  expect_error(rows_of(y ~ g, rows, endpoint = "numeric"), class = "her2mod_error_data")
})

test_that("categories are codes from 0 of the levels that occur", {
  text <- c("b", "a", "c", "a", "b", "a", "c", "c", "a")
  codes <- c(1, 0, 2, 0, 1, 0, 2, 2, 0)
  expect_identical(read(text, "categorical"), codes)
  expect_identical(read(factor(text), "categorical"), codes)
  expect_identical(read(factor(text, levels = c("z", "c", "b", "a")), "categorical"), 2 - codes)
  expect_identical(read(ordered(text), "categorical"), codes)
  expect_identical(read(10 * codes - 5, "categorical"), codes)
  expect_identical(read(as.integer(codes), "categorical"), codes)
  expect_identical(read(codes == 0, "categorical"), as.double(codes == 0))
  # numbers in the order of numbers, not of text: 9 comes before 10
  expect_identical(read(c(9, 10, 9, 10, rep(9, 5)), "categorical"), c(0, 1, 0, 1, rep(0, 5)))
})

test_that("what has no categories is refused", {
  dates <- as.Date("2020-01-01") + 1:9
  for (bad in list(rows$y + 0.5, c(1:8, Inf), c(1:8, -Inf), matrix(1:18, 9), dates)) {
    rows$bad <- bad
    refused(rows_of(bad ~ g, rows, endpoint = "categorical"), "bad")
  }
  # identifiers are no categories
  many <- data.frame(g = rep(c("a", "b"), 101), y = seq_len(202))
  refused(rows_of(y ~ g, many, endpoint = "categorical"), "y")
  many$y <- pmin(many$y, 200)
  expect_identical(max(rows_of(y ~ g, many, endpoint = "categorical")$rows$response), 199)
})

test_that("a binary response of several columns is refused, not recycled", {
  for (columns in 3:4) {
    rows$y <- matrix(c(TRUE, FALSE, TRUE), 9, columns)
    refused(rows_of(y ~ g, rows), "y")
    rows$y <- 1 * rows$y
    refused(rows_of(y ~ g, rows), "y")
  }
  rows$y <- matrix(c(TRUE, FALSE, TRUE), 9, 1)
  expect_identical(group_counts(rows_of(y ~ g, rows)$cells, 1:2)$x, c(3, 3))
})

test_that("binary responses need not be rows of counts where clusters keep them rows", {
  rows$centre <- rep(1:3, 3)
  compared <- rows_of(y ~ g, rows, cluster = centre)
  expect_identical(compared$rows$response, as.double(rows$y))
  # counts of a cluster: its events and its others, as often as there are
  table <- data.frame(g = c("a", "a", "b", "b"), c = 1:4, e = c(2, 0, 3, 1), n = c(5, 2, 3, 4))
  compared <- rows_of(cbind(e, n - e) ~ g, table, cluster = c)
  by <- stats::aggregate(frequency ~ cluster + response, compared$rows, sum)
  expect_identical(by$frequency[by$response == 1], c(2, 3, 1))
  expect_identical(by$frequency[by$response == 0], c(3, 2, 3))
  expect_identical(compared$event, "e")
})

test_that("the response of a custom statistic may be anything, and is not looked at", {
  for (any in list(letters[1:9], c(Inf, 1:8), as.Date("2020-01-01") + 1:9, matrix(1:27, 9))) {
    rows$y <- any
    expect_identical(rows_of(y ~ g, rows, endpoint = "custom")$rows$response, rep(0, 9))
  }
})
