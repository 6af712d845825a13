test_that("many tables are all returned, each explained by its rule", {
  counts <- recover_counts(c(a = "46.0712", b = "16.2432"), total = 1e6)
  expect_gt(nrow(counts), 1e5)
  expect_false(attr(counts, "unique"))
  expect_true(all(rowsum(counts$n, counts$solution) == 1e6))
  printed <- ifelse(counts$group == "a", 460712, 162432)
  for (rule in c("half_up", "half_even", "down")) {
    fits <- long_division_units(counts$x, counts$n, 4, rule) == printed
    both <- rep(fits[c(TRUE, FALSE)] & fits[c(FALSE, TRUE)], each = 2)
    expect_identical(both, grepl(rule, counts$rounding))
  }
  a <- counts$group == "a"
  expect_equal(anyDuplicated(data.frame(counts$n[a], counts$x[a], counts$x[!a])), 0)
})

test_that("every table of a million patients that one total of events leaves adds up", {
  counts <- recover_counts(c(a = "46.07", b = "16.24"), total = 1e6, total_events = 3e5)
  expect_gt(nrow(counts), 0)
  expect_true(all(rowsum(counts$n, counts$solution) == 1e6))
  expect_true(all(rowsum(counts$x, counts$solution) == 3e5))
  for (rule in c("half_up", "half_even", "down")) {
    printed <- ifelse(counts$group == "a", 4607, 1624)
    fits <- long_division_units(counts$x, counts$n, 2, rule) == printed
    expect_identical(
      rep(fits[c(TRUE, FALSE)] & fits[c(FALSE, TRUE)], each = 2), grepl(rule, counts$rounding)
    )
  }
})

test_that("too many tables, and too large a search, are told with their size", {
  error <- expect_error(
    recover_counts(c(a = "46", b = "16"), total = 1e5),
    class = "her2mod_error_data"
  )
  expect_gt(error$size, error$limit)
  error <- expect_error(
    recover_counts(c(a = "46", b = "16", c = "33", d = "50"), total = 5000),
    class = "her2mod_error_data"
  )
  expect_gt(error$size, error$limit)
  expect_error(
    recover_counts(c(a = "46", b = "16"), total = 200, max_tables = 10),
    class = "her2mod_error_data"
  )
})
