test_that("a table is the one whose odds ratio is nearest, of all there are", {
  naive <- function(row, column, n, or) {
    best <- NULL
    for (a in 0:min(row, column)) {
      b <- row - a
      c <- column - a
      d <- n - row - column + a
      if (d < 0) next
      distance <- abs(log(a * d / (b * c)) - log(or))
      if (is.null(best) || isTRUE(distance < best$distance)) best <- list(a = a, distance = distance)
    }
    best$a
  }
  for (margins in list(c(68, 19, 117), c(223, 211, 458), c(89, 19, 117), c(7, 6, 10))) {
    for (or in c(0.1, 0.5, 1, 1.69, 8)) {
      expect_equal(
        nearest_table(margins[[1]], margins[[2]], margins[[3]], or), naive(margins[[1]], margins[[2]], margins[[3]], or),
        info = paste(toString(margins), or)
      )
    }
  }
  # The study's own: 13 of 68 and 6 of 49 have this odds ratio.
  expect_equal(nearest_table(68, 19, 117, (13 / 55) / (6 / 43)), 13)
  # One table only.
  expect_equal(nearest_table(5, 0, 10, 3), 0)
  expect_equal(nearest_table(10, 4, 10, 3), 4)
})

test_that("the intercept gives a class its share, by enumeration", {
  effects <- check_effects(list())
  deviation <- c(-0.4, 0.1, 0.9)
  share <- c(0.5, 0.3, 0.2)
  a <- pcr_intercept(effects, 2, deviation, share)
  total <- 0
  for (hr in 0:1) for (dual in 0:1) for (k in 1:3) {
    weight <- c(1 - 89 / 117, 89 / 117)[[hr + 1]] * c(49, 68)[[dual + 1]] / 117 * share[[k]]
    odds <- exp(a + dual * log((13 / 55) / (6 / 43)) + hr * log(0.5) + deviation[[k]])
    total <- total + weight * odds / (1 + odds)
  }
  expect_equal(total, 19 / 117, tolerance = 1e-8)
  expect_identical(pcr_intercept(check_effects(list(pcr = c(0, 1))), 2, 0, 1), Inf)
})

test_that("every centre has a patient", {
  expect_setequal(with_own_seed(1, draw_centres(10, 10)), 1:10)
  expect_setequal(with_own_seed(1, draw_centres(50, 8)), 1:8)
})

test_that("exact classes have their counts at any size", {
  effects <- check_effects(list())
  for (n in c(0, 1, 7, 1000)) {
    rows <- with_own_seed(1, exact_class(n, effects, 1))
    expect_identical(lengths(rows, use.names = FALSE), rep(as.integer(n), 4))
    expect_equal(sum(rows$pcr), round(n * 211 / 458))
    expect_equal(sum(rows$hr), round(n * 223 / 458))
    expect_equal(sum(rows$dual), round(n * 68 / 117))
  }
})
