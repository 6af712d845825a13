# Rows of a table of counts: groups by categories.
table_rows <- function(counts) {
  counts <- as.matrix(counts)
  data.frame(
    g = factor(rep(rep(seq_len(nrow(counts)), ncol(counts)), counts)),
    y = rep(rep(seq_len(ncol(counts)) - 1, each = nrow(counts)), counts)
  )
}
at <- function(counts) evaluate(cohort_of(table_rows(counts)), "chi_squared")
pearson <- function(counts) {
  suppressWarnings(unname(stats::chisq.test(counts, correct = FALSE)$statistic))
}

test_that("it is chisq.test()'s without continuity correction, whatever the table", {
  set.seed(61)
  for (shape in list(c(2, 2), c(2, 5), c(3, 2), c(4, 6))) {
    for (i in 1:5) {
      counts <- matrix(rpois(prod(shape), 4) + 1, shape[[1]])
      expect_equal(at(counts)$value, pearson(counts), tolerance = 1e-12)
    }
  }
  # cells of 0
  sparse <- rbind(c(3, 0, 1), c(0, 2, 4))
  expect_equal(at(sparse)$value, pearson(sparse), tolerance = 1e-13)
})

test_that("by hand, and the 2x2 shortcut", {
  # n (ad - bc)^2 over the product of the margins; Ma 2025, dual and single therapy
  expect_equal(at(rbind(c(43, 6), c(55, 13)))$value,
    117 * (43 * 13 - 6 * 55)^2 / (49 * 68 * 98 * 19),
    tolerance = 1e-13
  )
  # so its p-value is .320 (doi:10.4143/crt.2024.1200 prints .287)
  value <- at(rbind(c(43, 6), c(55, 13)))$value
  expect_equal(round(stats::pchisq(value, 1, lower.tail = FALSE), 3), 0.320)
  expect_identical(at(rbind(c(2, 2), c(3, 3)))[c("value", "error", "reason")],
    list(value = 0, error = NA_real_, reason = "none")
  )
  expect_identical(at(cbind(c(4, 2)))$value, 0)
  # the most that two groups can differ: n
  expect_equal(at(rbind(c(4, 0), c(0, 7)))$value, 11, tolerance = 1e-14)
})

test_that("a category that a draw loses has no part in it", {
  rows <- table_rows(rbind(c(3, 1, 2), c(2, 4, 1)))
  cohort <- cohort_of(rows)
  found <- evaluate(cohort, "chi_squared", weight = as.double(rows$y != 1))
  expect_equal(found$value, pearson(rbind(c(3, 2), c(2, 1))), tolerance = 1e-13)
  # all in one category that is left
  expect_identical(evaluate(cohort, "chi_squared", weight = as.double(rows$y == 0))$value, 0)
})

test_that("its exact test is the hypergeometric one by the same order; Monte Carlo is near it", {
  counts <- rbind(c(4, 1), c(1, 6))
  rows <- table_rows(counts)
  # hypergeometric: 5 of 12 in group 1, 5 in category 0
  x <- 0:5
  values <- vapply(x, function(k) {
    pearson(rbind(c(k, 5 - k), c(5 - k, 2 + k)))
  }, 0)
  exact <- sum(stats::dhyper(x, 5, 7, 5)[values >= pearson(counts) - 1e-9])
  expect_equal(perm_test(y ~ g, rows, "chi_squared")$p.value, exact, tolerance = 1e-12)
  test <- perm_test(y ~ g, rows, "chi_squared", method = "monte_carlo", R = 9999, seed = 1)
  expect_lt(abs(test$p.value - exact), 4 * sqrt(exact * (1 - exact) / 9999))
})

test_that("within strata it is mantelhaen.test()'s, of any table", {
  set.seed(63)
  for (shape in list(c(2, 3, 3), c(3, 2, 5), c(4, 5, 2))) {
    counts <- array(rpois(prod(shape), 3) + 1, shape)
    rows <- do.call(rbind, lapply(seq_len(shape[[3]]), function(s) cbind(table_rows(counts[, , s]), centre = s)))
    expected <- unname(stats::mantelhaen.test(counts)$statistic)
    expect_equal(evaluate(cohort_of(rows), "chi_squared")$value, expected, tolerance = 1e-12)
    expect_equal(naive_chi_squared(rows)[[1]], expected, tolerance = 1e-10)
  }
  # Agresti (1990), 232ff: income and job satisfaction by gender, from the help page of mantelhaen.test, which prints 10.2
  satisfaction <- array(c(
    1, 2, 0, 0, 3, 3, 1, 2, 11, 17, 8, 4, 2, 3, 5, 2, 1, 0, 0, 0, 1, 3, 0, 1, 2, 5, 7, 9, 1, 1, 3, 6
  ), c(4, 4, 2))
  rows <- rbind(cbind(table_rows(satisfaction[, , 1]), centre = 1), cbind(table_rows(satisfaction[, , 2]), centre = 2))
  expect_equal(round(evaluate(cohort_of(rows), "chi_squared")$value, 3), 10.200)
})

test_that("two by two in strata its exact p is the conditional test's; strata without information change nothing", {
  counts <- list(rbind(c(1, 4), c(3, 1)), rbind(c(1, 3), c(3, 0)))
  rows <- rbind(cbind(table_rows(counts[[1]]), s = 1), cbind(table_rows(counts[[2]]), s = 2))
  # the product of two hypergeometric distributions of the first group's y = 0
  p1 <- stats::dhyper(0:4, 5, 4, 4)
  p2 <- stats::dhyper(0:4, 4, 3, 4)
  off <- abs(outer(0:4, 0:4, "+") - 4 * 5 / 9 - 4 * 4 / 7)
  exact <- sum(outer(p1, p2)[off >= abs(2 - 4 * 5 / 9 - 4 * 4 / 7) - 1e-9])
  expect_equal(perm_test(y ~ g | s, rows, "chi_squared")$p.value, exact, tolerance = 1e-12)
  more <- rbind(rows, data.frame(g = "1", y = rep(0:1, 4), s = 3), data.frame(g = rep(1:2, 3), y = 1, s = 4))
  value <- function(rows) evaluate(cohort_of(transform(rows, centre = s)), "chi_squared")$value
  expect_equal(value(more), value(rows), tolerance = 1e-12)
  expect_identical(value(transform(rows, y = s)), 0)
})

test_that("more categories than can be compared within strata are an error", {
  rows <- data.frame(y = rep(1:200, 2), g = rep(c("a", "b", "c", "d"), 100), s = rep(1:2, each = 200))
  expect_error(perm_test(y ~ g | s, rows, "chi_squared"), "300", class = "her2mod_error")
})

test_that("text, factors, logicals and whole numbers are categories; measurements are not", {
  rows <- table_rows(rbind(c(3, 1, 2), c(2, 4, 1), c(1, 1, 5)))
  expected <- naive_chi_squared(rows)[[1]]
  for (y in list(rows$y, letters[rows$y + 1], factor(rows$y, 5:0), as.integer(rows$y) * 7L)) {
    rows$z <- y
    test <- perm_test(z ~ g, rows, "chi_squared", R = 99, seed = 1)
    expect_equal(unname(test$statistic), expected, tolerance = 1e-13)
  }
  rows$z <- rows$y / 2
  refused(perm_test(z ~ g, rows, "chi_squared"), "z")
  refused(boot_ci(y ~ g, rows, "chi_squared"), "statistic")
})

test_that("the constructor is the registry's entry", {
  expect_s3_class(stat_chi_squared(), "her2_stat")
  expect_identical(stat_chi_squared()$name, "chi_squared")
  expect_identical(stat_chi_squared()$endpoint, "categorical")
  expect_identical(stat_chi_squared()$role, "test")
})
