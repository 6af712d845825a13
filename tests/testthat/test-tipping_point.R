loss <- function(...) tipping_point(c(single = 11, dual = 21), n = c(125, 119), missing = c(4, 6), ...)

test_that("every table has its test's p", {
  x <- loss()
  grid <- tidy(x, "grid")
  expect_equal(nrow(grid), 5 * 7)
  for (i in c(1, 8, 20, 35)) {
    table <- matrix(c(11 + grid$m0[[i]], 21 + grid$m1[[i]], 118 - grid$m0[[i]], 104 - grid$m1[[i]]), 2)
    p <- stats::fisher.test(table)$p.value
    expect_equal(grid$p.value[[i]], p, tolerance = 1e-9)
    expect_equal(grid$conclusion[[i]] == "no difference shown", p >= 0.05)
  }
  table <- matrix(c(11, 21, 114, 98), 2)
  expect_equal(glance(x)$p.value, stats::fisher.test(table)$p.value, tolerance = 1e-9)
})

test_that("same rate, rounded, and the nearest other conclusion", {
  x <- loss()
  # 4 * 11/125 = 0.35, 6 * 21/119 = 1.06.
  points <- tidy(x)
  same <- points[points$what == "same rate", ]
  expect_equal(c(same$m0, same$m1), c(0, 1))
  grid <- tidy(x, "grid")
  other <- grid[grid$conclusion != same$conclusion, ]
  expect_equal(points$change[points$what == "nearest"], min(abs(other$m0 - 0) + abs(other$m1 - 1)))
  more <- points[points$what == "more" & points$group == "single", ]
  along <- other$m0[other$m1 == 1 & other$m0 > 0]
  expect_equal(more$m0, if (length(along)) min(along) else NA_real_)
  expect_equal(points$m0[points$what == "least difference"], 4)
  expect_equal(points$m1[points$what == "greatest difference"], 6)
})

test_that("the boundary has every table once", {
  x <- loss()
  boundary <- tidy(x, "boundary")
  expect_equal(sum(boundary$to - boundary$from + 1), 35)
  grid <- tidy(x, "grid")
  for (i in seq_len(nrow(boundary))) {
    inside <- grid$m0 == boundary$m0[[i]] & grid$m1 >= boundary$from[[i]] & grid$m1 <= boundary$to[[i]]
    expect_true(all(grid$conclusion[inside] == boundary$conclusion[[i]]))
  }
})

test_that("rows give what their counts give", {
  rows <- data.frame(
    lost = c(rep(1:0, c(11, 114)), rep(NA, 4), rep(1:0, c(21, 98)), rep(NA, 6), 1),
    arm = c(rep(c("single", "dual"), c(129, 125)), NA)
  )
  x <- tipping_point(lost ~ arm, rows, ref = "single")
  expect_equal(tidy(x), tidy(loss()))
  expect_equal(x$n_dropped, 1)
  expect_match(format(x), "1 row without a group dropped", all = FALSE)
  weighted <- as.data.frame(table(rows, useNA = "ifany"), stringsAsFactors = FALSE)
  weighted$lost <- as.integer(weighted$lost)
  expect_equal(tidy(tipping_point(lost ~ arm, weighted, weights = Freq, ref = "single")), tidy(x))
})

test_that("nobody missing, and nothing that changes", {
  x <- tipping_point(c(a = 5, b = 5), n = c(50, 50), missing = c(0, 0))
  expect_match(format(x), "Nobody is missing", all = FALSE)
  expect_equal(nrow(tidy(x, "grid")), 1)
  y <- tipping_point(c(a = 5, b = 5), n = c(50, 50), missing = c(1, 1))
  expect_true(is.na(tidy(y)$m0[tidy(y)$what == "nearest"]))
  expect_match(format(y), "leads to another conclusion", all = FALSE)
})

test_that("what cannot be is refused", {
  refused <- function(..., class = "her2mod_error_input") expect_error(tipping_point(...), class = class)
  refused(c(1, 2), c(10, 10), c(-1, 2))
  refused(c(1, 2), c(10, 10), c(1, NA))
  refused(c(1, 2), c(10, 10), 3)
  refused(c(1, 2), c(10, 10), c(1.5, 2))
  refused(c(a = 1, b = 2), c(10, 10), c(a = 1, c = 2))
  refused(c(11, 2), c(10, 10), c(1, 2))
  refused(c(1, 2), c(10, 10), c(1, 2), alpha = 0)
  refused(c(1, 2), c(10, 10), c(1, 2), test = "t")
  refused(c(1, 2), c(10, 10), c(5000, 5000), class = "her2mod_error_data")
  refused(c(1, 2), c(10, 10), c(300, 300), test = "barnard", class = "her2mod_error_data")
  refused(y ~ g, data.frame(y = c(NA, NA, 1), g = c("a", "a", "b")), class = "her2mod_error_data")
})

test_that("names match by name, and ref turns the groups", {
  x <- tipping_point(c(dual = 21, single = 11),
    n = c(single = 125, dual = 119), missing = c(single = 4, dual = 6), ref = "single"
  )
  expect_equal(tidy(x), tidy(loss()))
})
