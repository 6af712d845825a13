test_that("half up means what is written", {
  expect_identical(decimals_text(2.675, 2, "half_up"), "2.68")
  expect_identical(decimals_text(-2.5, 0, "half_up"), "-3")
  expect_identical(decimals_text(0.5, 0, "half_up"), "1")
  expect_identical(decimals_text(0.05, 1, "half_up"), "0.1")
  expect_identical(decimals_text(12.25, 1, "half_up"), "12.3")
  expect_identical(decimals_text(2.5, 0, "half_even"), "2")
  expect_identical(decimals_text(1.2499999, 1, "half_up"), "1.2")
  expect_identical(decimals_text(-0.001, 1, "half_up"), "0.0")
  expect_identical(decimals_text(NA, 1, "half_up"), "")
  expect_identical(decimals_text(Inf, 1, "half_even"), "Inf")
  # 1 of 8 is 12.5%.
  rows <- data.frame(g = rep(c("a", "b"), each = 8), x = rep(c(TRUE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE), 2))
  up <- baseline_of(rows, g, digits_percent = 0, rounding = "half_up")
  expect_true(any(grepl("1 (13%)", format(up), fixed = TRUE)))
  expect_true(any(grepl("1 (12%)", format(baseline_of(rows, g, digits_percent = 0)), fixed = TRUE)))
  expect_true("Rounded half up." %in% format(up))
})

test_that("p is never 0, and rows say which test", {
  rows <- data.frame(g = rep(c("a", "b"), each = 200), x = 1:400, y = rep(1:4, 100))
  table <- as.data.frame(baseline_of(rows, g))
  expect_identical(table$p[[1]], "< 0.0001")
  expect_match(table$test[[1]], "exact permutation test of the mean difference")
  expect_true(any(grepl("Numbers of few values, shown as numbers: y (4 values)", format(baseline_of(rows, g)), fixed = TRUE)))
})

test_that("digits follow the spread, or the argument", {
  rows <- data.frame(g = rep(c("a", "b"), 4), wide = 100 * 1:8, narrow = 1:8 / 100)
  table <- as.data.frame(baseline_of(rows, g))
  expect_match(table[[2]][[1]], "^400 \\(258\\)$")
  expect_match(table[[2]][[2]], "^0\\.0400 \\(0\\.0258\\)$")
  named <- as.data.frame(baseline_of(rows, g, digits = c(wide = 2)))
  expect_match(named[[2]][[1]], "^400\\.00 \\(258\\.20\\)$")
  expect_match(as.data.frame(baseline_of(rows, g, digits = 1))[[2]][[2]], "^0\\.0 \\(0\\.0\\)$")
})

test_that("both summaries, and everybody together", {
  found <- baseline_of(few_patients(), g, "size", summary = "both", overall = TRUE)
  table <- as.data.frame(found)
  expect_identical(table$Characteristic, c("size", "  mean (SD)", "  median (quartiles)"))
  expect_identical(names(table)[2:4], c("ref (n = 6)", "other (n = 6)", "All (n = 12)"))
  expect_identical(table[[4]][[3]], "5.00 (3.75 to 6.25)")
})
