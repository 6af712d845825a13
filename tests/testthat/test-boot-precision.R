# precision =: R grows until every end is known so well, and the result is that of one run of that
# length.

rows <- data.frame(
  y = c(23, 31, 18, 40, 26, 35, 12, 29, 17, 9, 21, 25, 14),
  g = factor(rep(c("ref", "oth"), c(6, 7)), c("ref", "oth"))
)
fit <- function(..., R = 999, stat = "mean_difference", data = rows) {
  boot_ci(y ~ g, data, stat, R = R, seed = 4, progress = FALSE, ...)
}
with_most <- function(most, code) {
  before <- options(her2mod.max_R = most)
  on.exit(options(before))
  force(code)
}
end_errors_of <- function(x) unlist(x$intervals[c("mc.error.low", "mc.error.high")])

test_that("reached: every end, and the result is one run with that R", {
  for (type in list("perc", c("bca", "norm", "stud"))) {
    x <- fit(type = type, precision = 0.08)
    expect_true(all(end_errors_of(x) <= 0.08))
    expect_gt(x$R, 999)
    once <- fit(type = type, R = x$R)
    expect_identical(without_call(x), without_call(once))
  }
})

test_that("a precision that the first R has already changes nothing", {
  expect_identical(without_call(fit(precision = 5)), without_call(fit()))
})

test_that("a finer precision needs a larger R, never much larger than it takes", {
  Rs <- vapply(c(0.2, 0.1, 0.05), function(p) fit(type = "norm", precision = p)$R, 0)
  expect_true(all(diff(Rs) > 0))
  # the error of a normal end is about sqrt(1 + z^2/2) sd / sqrt(R): sd is 4.5
  needed <- (1 + qnorm(0.975)^2 / 2) * 4.5^2 / 0.05^2
  expect_gt(Rs[[3]], needed / 3)
  expect_lt(Rs[[3]], needed * 4)
})

test_that("the precision is on the scale that is printed", {
  ratio <- fit(stat = "mean_ratio", type = "perc", precision = 0.004)
  expect_true(all(end_errors_of(ratio) <= 0.004))
  # of a ratio, not of its logarithm: sd of the upper end is end times that of the logarithm
  expect_identical(
    without_call(ratio), without_call(fit(stat = "mean_ratio", type = "perc", R = ratio$R))
  )
})

test_that("not reached is said, with the error and R", {
  with_most(2999, {
    expect_warning(x <- fit(type = "perc", precision = 1e-4), class = "her2mod_warning_degenerate")
    expect_equal(x$R, 2999)
    expect_match(x$notes, "precision: an end's Monte Carlo error is still .* at R = 2,999")
    largest <- max(end_errors_of(x))
    said <- as.numeric(sub(".* still ([0-9.]+) at .*", "\\1", x$notes))
    expect_equal(said, largest, tolerance = 0.05)
    expect_true(any(grepl("her2mod.max_R", format(x))))
    same <- fit(type = "perc", R = 2999)
    expect_identical(x$replicates, same$replicates)
    expect_identical(x$intervals, same$intervals)
  })
  # an R beyond the option stays
  with_most(500, {
    expect_warning(x <- fit(type = "perc", precision = 1e-4), class = "her2mod_warning_degenerate")
    expect_equal(x$R, 999)
  })
})

test_that("so few replicates that there is no error yet are not taken for precise", {
  x <- fit(type = "perc", R = 20, precision = 0.5)
  expect_gt(x$R, 39)
  expect_true(all(end_errors_of(x) <= 0.5))
  expect_identical(without_call(x), without_call(fit(type = "perc", R = x$R)))
  with_most(30, {
    expect_warning(
      x <- fit(type = "norm", R = 20, precision = 0.5), class = "her2mod_warning_degenerate"
    )
    expect_equal(x$R, 30)
    expect_match(x$notes, "precision: the Monte Carlo error of an end is not known at R = 30")
  })
})

test_that("an end that is infinite has no error, which is said; the others are reached", {
  few <- data.frame(
    y = c(0, 0, 0, 4, 5, 1, 2, 3, 4, 6), g = factor(rep(c("ref", "oth"), each = 5), c("ref", "oth"))
  )
  expect_warning(
    x <- fit(stat = "mean_ratio", data = few, type = "perc", precision = 0.2),
    class = "her2mod_warning_degenerate"
  )
  expect_identical(x$intervals$conf.high, Inf)
  expect_lte(x$intervals$mc.error.low, 0.2)
  expect_match(x$notes, "precision: the Monte Carlo error of an end is not known", all = FALSE)
})

test_that("an interval that is not computed does not hold up the others", {
  own <- stat_custom(function(data, weights) {
    sum((weights * data$y)[data$g == "oth"]) / 7 - sum((weights * data$y)[data$g == "ref"]) / 6
  })
  # fractional weights have no jackknife
  x <- suppressWarnings(
    fit(stat = own, type = c("stud", "norm"), R = 199, precision = 0.4, scheme = "fractional")
  )
  expect_true(all(is.na(end_errors_of(x)[c(1, 3)])))
  expect_true(all(end_errors_of(x)[c(2, 4)] <= 0.4))
  expect_false(any(grepl("precision", x$notes)))
})

test_that("an exact distribution has any precision; a one-sided open end has no error", {
  x <- suppressWarnings(fit(type = "perc", method = "exact", precision = 1e-9))
  expect_identical(x$method, "exact")
  less <- fit(type = "perc", alternative = "less", precision = 0.1)
  expect_identical(less$intervals$mc.error.low, 0)
  expect_lte(less$intervals$mc.error.high, 0.1)
})

test_that("a precision that is no positive number is refused", {
  for (any in list(NULL, Inf)) expect_equal(fit(precision = any)$R, 999)
  for (bad in list(0, -1, NA, NaN, "0.1", c(0.1, 0.2))) {
    error <- expect_error(fit(precision = bad), class = "her2mod_error_input")
    expect_identical(error$arg, "precision")
  }
})

test_that("an end on a lattice has an error while it may still jump", {
  mouse <- data.frame(y = c(94, 197, 16, 38, 99, 141, 23, 52, 104, 146, 10, 50, 31, 40, 27, 46), g = rep(c("t", "c"), c(7, 9)))
  # By full enumeration the lower end is -27, next to -29.
  errors <- vapply(1:40, function(seed) {
    x <- boot_ci(y ~ g, mouse, "median_difference", R = 999, seed = seed, method = "monte_carlo")
    c(x$intervals$conf.low != -27, x$intervals$mc.error.low < 1e-6)
  }, c(NA, NA))
  expect_lt(mean(errors[1, ] & errors[2, ]), 0.05)
})
