# What a `her2_bands` says.

bands_of <- function(data) {
  x <- compare_survival(Surv(time, status) ~ arm, data)
  survival_bands(x, "bootstrap", R = 99, seed = 1)
}

test_that("the print says type, scale, ranges, direction, R, seed and Monte Carlo error", {
  b <- bands_of(remission)
  expect_output(print(b), "95% bands \\(bootstrap, log-log scale; the difference plain\\)")
  expect_output(print(b), "placebo minus 6-MP")
  expect_output(print(b), "R = 99, seed 1")
  # 1 of 100 at least; b of 99 have the exact binomial interval.
  exceeding <- round(100 * b$p.value - 1)
  expect_equal(b$p.interval, as.vector(binom.test(exceeding, 99)$conf.int), tolerance = 1e-8)
  expect_output(print(b), "Monte Carlo 0")
  plain <- survival_bands(b$survival, scale = "plain")
  expect_output(print(plain), "\\(hall-wellner, plain scale\\)")
  expect_false(any(grepl("R =|minus|p =", format(plain))))
  expect_identical(as.data.frame(b), tidy(b))
})

test_that("a group may have any name", {
  odd <- transform(remission, arm = factor(arm, c("6-MP", "placebo"), c("a", "difference")))
  b <- bands_of(odd)
  rows <- sum(tidy(b)$term == "survival_difference")
  expect_output(print(b), paste0("difference minus a .* ", rows, " times"))
  own <- sum(tidy(b)$term == "survival" & tidy(b)$group == "difference")
  expect_output(print(b), paste0("  difference   .* ", own, " times"))
})
