# Expected strings are rounded by hand.
test_that("p-values have three digits and are never printed as 0", {
  expect_identical(
    format_p(c(0.3196, 0.05, 0.0716, 0.00716, 0.000123)),
    c("= 0.320", "= 0.0500", "= 0.0716", "= 0.00716", "= 0.000123")
  )
  expect_identical(format_p(c(1, 0.9996, 0.9994)), c("= 1.000", "= 1.000", "= 0.999"))
  expect_identical(format_p(c(0, 1e-300, 9.9e-5)), rep("< 0.0001", 3))
  expect_identical(format_p(1e-4), "= 0.000100")
  # A value that rounds up to the next decade keeps three digits.
  expect_identical(format_p(c(0.09996, 0.009996)), c("= 0.100", "= 0.0100"))
  expect_identical(format_p(c(NA, NaN)), c("NA", "NA"))
  expect_identical(format_p(0.02, smallest = 0.05), "< 0.05")
  expect_identical(format_p(double()), character())
  expect_false(any(grepl("0\\.0+$", format_p(10^-(0:12)))))
})

test_that("numbers keep significant digits, and what is not a number its name", {
  expect_identical(
    format_number(c(1.5609, 12.3449, 0.000123449, 2)), c("1.561", "12.34", "0.0001234", "2.000")
  )
  expect_identical(format_number(c(Inf, -Inf, NA, NaN, 0)), c("Inf", "-Inf", "NA", "NA", "0.000"))
  # No bare point.
  expect_identical(format_number(c(1234, 123.44), digits = 4), c("1234", "123.4"))
  expect_identical(format_number(12.3449, 2), "12")
})

test_that("differences keep decimals, without a sign before a zero", {
  expect_identical(
    format_fixed(c(0.06873, -0.0329, 1, 0, NA)), c("0.0687", "-0.0329", "1.0000", "0.0000", "NA")
  )
  expect_identical(format_fixed(c(-0.0, -1e-9)), c("0.0000", "0.0000"))
  expect_identical(format_fixed(c(Inf, -Inf)), c("Inf", "-Inf"))
  expect_identical(format_percent(c(0.16239, 0, 1)), c("16.2%", "0.0%", "100.0%"))
  expect_identical(format_percent(0.46069, 2), "46.07%")
})

test_that("intervals, columns, counts and directions read as words", {
  expect_identical(format_interval(0.5, Inf), "0.5000 to Inf")
  expect_identical(format_interval(-0.1, 0.2, format_fixed), "-0.1000 to 0.2000")
  expect_identical(
    format_columns(list(c("a", "bbb"), c("10", "9"))),
    c("  a    10", "  bbb   9")
  )
  expect_identical(count_of(1, "row"), "1 row")
  expect_identical(count_of(12345, "row"), "12,345 rows")
  expect_identical(count_of(2, "stratum", "strata"), "2 strata")
  expect_identical(count_of(0, "row"), "0 rows")
  expect_identical(count_of(1e6, "row"), "1,000,000 rows")
  expect_identical(format_direction(c("HER2 3+", "HER2-mod"), "identity"), "HER2-mod minus HER2 3+")
  expect_identical(format_direction(c("HER2 3+", "HER2-mod"), "log"), "HER2-mod over HER2 3+")
  expect_setequal(names(alternative_words), alternatives)
})
