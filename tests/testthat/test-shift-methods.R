shift_of <- function(...) {
  her2_shift(rep(c("3+", "2+"), c(8, 6)), c("3+", "3+", "2+", "1+", NA, NA, "3+", "3+", "2+", "1+", "0", "2+", NA, "1+"),
    by = rep(c("HER2 3+", "HER2-mod"), c(8, 6)), ...
  )
}

test_that("the print says who, what a loss is, and what it means", {
  text <- format(shift_of())
  for (part in c(
    "by group; reference: HER2 3\\+", "positive: 2\\+, 3\\+; lost: 0, 1\\+ after", "11 patients positive before and re-tested",
    "HER2 3\\+: class after, 6 patients re-tested", "Loss, HER2-mod against HER2 3\\+", "HER2-mod minus HER2 3\\+",
    "Paired tests, all: 11 re-tested patients", "All were positive before: change can only be loss",
    "If none, or all, of those not re-tested", "Tipping points, HER2-mod against HER2 3\\+ \\(fisher\\)"
  )) expect_match(text, part, all = FALSE)
  expect_output(print(shift_of()), "Rate of loss")
  expect_match(format(shift_of(loss = "lower")), "lost: any lower class after", all = FALSE)
})

test_that("the remark about selection is not made where some were negative", {
  x <- her2_shift(c("1+", "3+", "3+"), c("2+", "3+", "1+"))
  expect_false(any(grepl("All were positive before", format(x))))
})

test_that("tables", {
  x <- shift_of()
  expect_named(tidy(x), c(
    "term", "group", "method", "estimate", "std.error", "conf.low", "conf.high", "statistic", "df", "p.value",
    "alternative"
  ))
  shift <- tidy(x, "shift")
  expect_equal(sum(shift$n), 14)
  expect_equal(sum(shift$n[is.na(shift$after)]), 3)
  expect_equal(glance(x)$lost, 4)
  expect_equal(as.data.frame(x), tidy(x))
  expect_identical(summary(x), x)
})

test_that("simulated data are called so", {
  d <- data.frame(pre = "3+", post = c("3+", "1+"))
  class(d) <- c("her2_simulated", class(d))
  expect_match(format(her2_shift(pre, post, data = d)), "simulated data", all = FALSE)
})
