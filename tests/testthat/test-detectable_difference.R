# A naive twin: loops over the tables and asks stats for each p-value.
naive_power <- function(n, p0, p1, p_value, alpha = 0.05) {
  total <- 0
  for (x0 in 0:n[1]) {
    for (x1 in 0:n[2]) {
      p <- p_value(matrix(c(x1, n[2] - x1, x0, n[1] - x0), 2))
      if (!is.nan(p) && p < alpha) {
        total <- total + choose(n[1], x0) * p0^x0 * (1 - p0)^(n[1] - x0) *
          choose(n[2], x1) * p1^x1 * (1 - p1)^(n[2] - x1)
      }
    }
  }
  total
}
fisher_p <- function(table) stats::fisher.test(table)$p.value
pearson_p <- function(table) suppressWarnings(stats::chisq.test(table, correct = FALSE)$p.value)

test_that("power by hand for four patients a group", {
  # Fisher's p < 0.05 only for 0/4 against 4/4 (p = 2/70); 4/4 against 3/4 has p = 1 and 0/4 against
  # 3/4 has 0.143. So the power is (1 - p0)^4 p1^4 + p0^4 (1 - p1)^4.
  expect_equal(
    exact_power(c(4, 4), 0.2, c(0.5, 0.9, 1), test = "fisher"),
    c(0.8^4 * 0.5^4 + 0.2^4 * 0.5^4, 0.8^4 * 0.9^4 + 0.2^4 * 0.1^4, 0.8^4)
  )
  expect_equal(exact_power(c(3, 3), 0, 1, test = "fisher"), 0)
  expect_equal(exact_power(c(4, 4), 0, 1, test = "fisher"), 1)
})

test_that("power equals that of the naive twin", {
  expect_equal(exact_power(c(9, 12), 0.2, 0.65, test = "fisher"),
    naive_power(c(9, 12), 0.2, 0.65, fisher_p), tolerance = 1e-10)
  expect_equal(exact_power(c(11, 8), 0.4, 0.9, test = "pearson"),
    naive_power(c(11, 8), 0.4, 0.9, pearson_p), tolerance = 1e-10)
  expect_equal(exact_power(c(11, 8), 0.4, 0.9, alpha = 0.01, test = "pearson"),
    naive_power(c(11, 8), 0.4, 0.9, pearson_p, 0.01), tolerance = 1e-10)
})

test_that("the founding study's detectable difference is that of the naive twin", {
  # 49 and 68 patients, 6/49 in the reference (doi:10.4143/crt.2024.1200). The twin's power is 80%
  # at the proportion found, and below it just inside.
  found <- detectable_difference(c(49, 68), 6 / 49, test = "fisher")
  expect_equal(naive_power(c(49, 68), 6 / 49, found$p1[2], fisher_p), 0.8, tolerance = 1e-6)
  expect_lt(exact_power(c(49, 68), 6 / 49, found$p1[2] - 0.005, test = "fisher"), 0.8)
  expect_equal(found$difference, found$p1 - 6 / 49)
  expect_equal(found$power, c(0.8, 0.8), tolerance = 1e-6)
})

test_that("it is the first crossing on either side, and near the normal approximation", {
  found <- detectable_difference(c(49, 68), 6 / 49)
  above <- exact_power(c(49, 68), 6 / 49, seq(6 / 49, found$p1[2] - 1e-6, length.out = 400))
  below <- exact_power(c(49, 68), 6 / 49, seq(6 / 49, found$p1[1] + 1e-6, length.out = 400))
  expect_true(all(c(above, below) < 0.8))
  # stats::power.prop.test is asymptotic and has equal groups: only the order of size is asked here.
  rough <- stats::power.prop.test(n = 100, p1 = 0.3, power = 0.8, tol = 1e-8)$p2
  expect_equal(detectable_difference(c(100, 100), 0.3, test = "pearson")$p1[2], rough, tolerance = 0.02)
})

test_that("the two sides mirror each other", {
  a <- detectable_difference(c(20, 25), 0.3, test = "fisher")
  b <- detectable_difference(c(20, 25), 0.7, test = "fisher")
  expect_equal(a$p1, 1 - rev(b$p1), tolerance = 1e-7)
  expect_equal(a$size, b$size)
})

test_that("what cannot be reached is NA, and said", {
  few <- detectable_difference(c(4, 4), 0.3, test = "fisher")
  expect_equal(few$p1, c(NA_real_, NA_real_))
  expect_equal(few$power, c(NA_real_, NA_real_))
  expect_match(format(few), "not reached", all = FALSE)
  edge <- detectable_difference(c(30, 30), 0)
  expect_equal(edge$p1[1], NA_real_)
  expect_gt(edge$p1[2], 0)
})

test_that("the unconditional tests are affordable for small groups only", {
  small <- detectable_difference(c(8, 8), 0.1, test = "barnard")
  expect_gt(small$p1[2], 0.1)
  expect_lte(small$size[1], 0.05)
  expect_error(detectable_difference(c(200, 200), 0.1, test = "boschloo"), class = "her2mod_error_data")
  expect_error(detectable_difference(c(3000, 3000), 0.1), class = "her2mod_error_data")
})

test_that("bad designs are refused", {
  expect_error(detectable_difference(49, 0.1), class = "her2mod_error_input")
  expect_error(detectable_difference(c(49, 0), 0.1), class = "her2mod_error_input")
  expect_error(detectable_difference(c(49, 6.5), 0.1), class = "her2mod_error_input")
  expect_error(detectable_difference(c(49, 68), 1.1), class = "her2mod_error_input")
  expect_error(detectable_difference(c(49, 68), 0.1, power = 1), class = "her2mod_error_input")
  expect_error(detectable_difference(c(49, 68), 0.1, alpha = 0), class = "her2mod_error_input")
  expect_error(detectable_difference(c(49, 68), 0.1, test = "z"), class = "her2mod_error_input")
  expect_error(exact_power(c(49, 68), 0.1, 2), class = "her2mod_error_input")
})

test_that("the print says groups, test and level; a part of it is a plain data frame", {
  found <- detectable_difference(c(single = 49, dual = 68), 6 / 49)
  text <- format(found)
  expect_match(text, "dual minus single", all = FALSE)
  expect_match(text, "fisher-midp p < 0.05", all = FALSE)
  expect_identical(class(found[1, ]), "data.frame")
  expect_identical(class(as.data.frame(found)), "data.frame")
})
