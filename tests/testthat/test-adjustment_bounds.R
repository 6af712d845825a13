# A naive twin: every pair of joint tables written out cell by cell, stratum-specific differences
# weighted as the textbooks have it. The package instead takes each group's extreme on its own.
naive_bounds <- function(x, n, z, condition) {
  admit <- function(a, g) {
    carriers <- a / z[g]
    others <- (x[g] - a) / (n[g] - z[g])
    if (condition == "none" || is.nan(carriers) || is.nan(others)) return(TRUE)
    # Rates of whole numbers below 1000 differ by more than 1e-7 or not at all.
    if (condition == "no_more_often") carriers <= others + 1e-9 else carriers >= others - 1e-9
  }
  found <- NULL
  for (a0 in 0:x[1]) {
    for (a1 in 0:x[2]) {
      cells <- rbind(c(a0, z[1], a1, z[2]), c(x[1] - a0, n[1] - z[1], x[2] - a1, n[2] - z[2]))
      if (any(cells[, 1] > cells[, 2]) || any(cells[, 3] > cells[, 4])) next
      if (!admit(a0, 1) || !admit(a1, 2)) next
      total <- cells[, 2] + cells[, 4]
      top <- (cells[, 3] * cells[, 2] - cells[, 1] * cells[, 4]) / total
      weight <- cells[, 2] * cells[, 4] / total
      gap <- cells[, 3] / cells[, 4] - cells[, 1] / cells[, 2]
      used <- total > 0
      found <- rbind(found, c(
        mh = sum(top[used]) / sum(weight[used]),
        std = sum((gap * total)[used]) / sum(total)
      ))
    }
  }
  found
}

expect_naive <- function(x, n, z) {
  for (condition in c("none", "no_more_often", "no_less_often")) {
    twin <- naive_bounds(x, n, z, condition)
    rows <- tidy(adjustment_bounds(x, n, z, condition))
    expect_equal(rows$tables, rep(nrow(twin), 2))
    expect_equal(rows$lower, unname(apply(twin, 2, min)), tolerance = 1e-12)
    expect_equal(rows$upper, unname(apply(twin, 2, max)), tolerance = 1e-12)
  }
}

test_that("the founding study's bounds are those of an independent enumeration", {
  # Ma 2025, doi:10.4143/crt.2024.1200: pCR 211/458 and 19/117, HR+ 223/458 and 89/117. Bounds to
  # three digits by an enumeration made apart from this package.
  found <- tidy(adjustment_bounds(c(211, 19), c(458, 117), c(223, 89), c("none", "no_more_often")))
  expect_equal(round(found$lower, 3), c(-0.526, -0.398, -0.296, -0.293))
  expect_equal(round(found$upper, 3), c(-0.062, -0.100, -0.062, -0.100))
  # 212 choices in IHC 3+ (0 to 211) times 20 in HER2-mod (0 to 19).
  expect_equal(found$tables[1:2], c(4240, 4240))
  expect_equal(found$undefined, rep(0, 4))
})

test_that("bounds equal those of the naive twin", {
  expect_naive(c(211, 19), c(458, 117), c(223, 89))
  expect_naive(c(3, 5), c(8, 9), c(4, 6))
  expect_naive(c(7, 2), c(8, 9), c(2, 7))
  expect_naive(c(0, 9), c(8, 9), c(4, 3))
  expect_naive(c(1, 1), c(2, 2), c(1, 1))
})

test_that("bounds by hand: two patients a group", {
  # One event and one carrier of two patients in each group: the carrier had it, or the other did.
  # Strata of 1 and 1 patients: both measures average the two stratum differences. All four tables:
  # (0, 0): 0; (carrier in ref, other in other): strata -1 and +1: 0. So both bounds are 0.
  found <- tidy(adjustment_bounds(c(1, 1), c(2, 2), c(1, 1)))
  expect_equal(found$tables, c(4, 4))
  expect_equal(c(found$lower, found$upper), rep(0, 4))
})

test_that("the extreme tables have the margins and attain the bounds", {
  found <- adjustment_bounds(c(a = 20, b = 9), c(40, 30), c(12, 21), c("none", "no_less_often"))
  tables <- found$extremes
  by <- split(tables, list(tables$term, tables$condition, tables$bound))
  for (one in by) {
    expect_equal(as.vector(tapply(one$x, one$group, sum)), c(20, 9))
    expect_equal(one$n[one$carrier], c(12, 21))
    expect_true(all(one$x >= 0 & one$x <= one$n))
    risk <- matrix(one$x / one$n, 2)
    size <- matrix(one$n, 2)
    weight <- if (one$term[1] == "standardised") rowSums(size) else size[, 1] * size[, 2] / rowSums(size)
    expect_equal(sum(weight * (risk[, 2] - risk[, 1])) / sum(weight), one$value[1])
    row <- found$bounds[found$bounds$term == one$term[1] & found$bounds$condition == one$condition[1], ]
    expect_equal(one$value[1], row[[one$bound[1]]])
  }
  expect_equal(found$crude, 9 / 30 - 20 / 40)
})

test_that("an empty stratum counts nothing in one measure and undefines the other", {
  # The reference has no carriers: Mantel-Haenszel compares the others only, 2 or fewer of 3
  # against 4/8; the standardised difference does not exist.
  found <- tidy(adjustment_bounds(c(4, 2), c(8, 5), c(0, 2)))
  expect_equal(found$lower, c(0 / 3 - 0.5, NA))
  expect_equal(found$upper, c(2 / 3 - 0.5, NA))
  expect_equal(found$undefined, c(0, 3))
  # No common stratum at all.
  none <- tidy(adjustment_bounds(c(4, 2), c(8, 5), c(0, 5)))
  expect_equal(none$lower, c(NA_real_, NA_real_))
  expect_equal(none$undefined, none$tables)
  # A covariate that everybody has adjusts nothing: the crude difference.
  all <- tidy(adjustment_bounds(c(4, 2), c(8, 5), c(8, 5)))
  expect_equal(c(all$lower, all$upper), rep(2 / 5 - 4 / 8, 4))
})

test_that("names are matched, and bad margins are refused", {
  named <- adjustment_bounds(c(a = 3, b = 5), c(b = 9, a = 8), c(b = 6, a = 4))
  expect_equal(named$bounds, adjustment_bounds(c(a = 3, b = 5), c(8, 9), c(4, 6))$bounds)
  expect_error(adjustment_bounds(c(3, 5), c(8, 9)), class = "her2mod_error_input")
  expect_error(adjustment_bounds(c(3, 5), c(8, 9), c(4, 10)), class = "her2mod_error_input")
  expect_error(adjustment_bounds(c(3, 5), c(8, 9), c(4, -1)), class = "her2mod_error_input")
  expect_error(adjustment_bounds(c(3, 5), c(8, 9), c(4, 1.5)), class = "her2mod_error_input")
  expect_error(adjustment_bounds(c(9, 5), c(8, 9), c(4, 5)), class = "her2mod_error_input")
  expect_error(adjustment_bounds(c(a = 3, b = 5), c(8, 9), c(a = 4, c = 5)), class = "her2mod_error_input")
  expect_error(adjustment_bounds(c(3, 5), c(8, 9), c(4, 5), "some"), class = "her2mod_error_input")
  expect_error(adjustment_bounds(c(3, 5), c(8, 9), c(4, 5), covariate = 1), class = "her2mod_error_input")
})

test_that("the print says direction, number of tables, and what it is not", {
  text <- format(adjustment_bounds(c(ref = 4, new = 2), c(8, 5), c(0, 2), covariate = "HR+"))
  expect_match(text, "new minus ref", all = FALSE)
  expect_match(text, "3 tables", all = FALSE)
  expect_match(text, "undefined in every table", all = FALSE)
  expect_match(text, "not a confidence interval", all = FALSE)
})
