test_that("groups, event and strata of an array are its names", {
  x <- compare_proportions(aperm(UCBAdmissions, c(2, 1, 3)), ref = "Female", outcome = "Admitted")
  expect_equal(x$groups, c("Female", "Male"))
  expect_equal(x$event, "Admitted")
  expect_equal(x$stratum_name, "Dept")
  expect_equal(x$strata$stratum, LETTERS[1:6])
  # ?UCBAdmissions: of department A 89 of 108 women and 512 of 825 men were admitted.
  expect_equal(unlist(x$strata[1, 2:5]), c(x0 = 89, n0 = 108, x1 = 512, n1 = 825))
})

test_that("a stratum without one group keeps its row", {
  rows <- data.frame(y = c(1, 0, 1, 0, 1), g = c("a", "b", "a", "b", "b"), s = c("u", "u", "v", "v", "w"))
  x <- compare_proportions(y ~ g | s, rows)
  expect_equal(x$strata$stratum, c("u", "v", "w"))
  expect_equal(x$strata$n0, c(1, 1, 0))
  expect_equal(x$strata$says, c("", "", "one group"))
  expect_equal(x$estimates$estimate, compare_proportions(y ~ g | s, rows[1:4, ])$estimates$estimate)
})

test_that("empty strata of an array are left out, missing rows counted", {
  counts <- array(c(1, 2, 3, 4, 0, 0, 0, 0), c(2, 2, 2))
  expect_equal(nrow(compare_proportions(counts)$strata), 1)
  rows <- data.frame(y = c(1, 0, 1, 0, 1, NA), g = c("a", "b", "a", "b", "b", "a"), s = c("u", "u", "v", "v", NA, "u"))
  x <- compare_proportions(y ~ g | s, rows)
  expect_equal(x$n_dropped, 2)
  expect_match(format(x), "2 rows with missing values dropped", all = FALSE)
})
