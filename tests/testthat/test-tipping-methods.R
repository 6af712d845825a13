test_that("the print says groups, missing, conclusion, and what would change it", {
  x <- tipping_point(c(single = 11, dual = 21), n = c(125, 119), missing = c(20, 30))
  text <- format(x)
  expect_match(text, "dual against single \\(reference\\)", all = FALSE)
  expect_match(text, "11/125 observed +8.8% +20 missing +same rate: 2", all = FALSE)
  expect_match(text, "Observed patients alone: no difference shown \\(p = 0.0567", all = FALSE)
  expect_match(text, "that alone changes the conclusion", all = FALSE)
  expect_match(text, "In single alone: 3 or more of 20 instead of 2", all = FALSE)
  expect_match(text, "of 651 possible tables change the conclusion", all = FALSE)
  expect_output(print(x), "no probability")
})

test_that("a run of changes that ends is not called 'or more'", {
  # By hand: at the same rate (2 of 8, none of 2) p of b's first extra event is below, its second above alpha.
  x <- list(
    counts = data.frame(group = c("a", "b"), missing = c(0, 2)), same_rate = c(0, 0),
    grid = data.frame(m0 = 0, m1 = 0:2, conclusion = c("u", "v", "u")),
    points = data.frame(what = c("same rate", "more"), group = c(NA, "b"), m0 = 0, m1 = c(0, 1), conclusion = c("u", "v"))
  )
  expect_false(tips_for_good(x, x$points[2, ], 2))
  x$grid$conclusion[[3]] <- "v"
  expect_true(tips_for_good(x, x$points[2, ], 2))
})

test_that("tidy and glance", {
  x <- tipping_point(c(a = 1, b = 9), n = c(20, 20), missing = c(2, 3))
  expect_named(tidy(x), c("what", "group", "m0", "m1", "change", "estimate", "p.value", "conclusion", "changes"))
  expect_equal(glance(x)$tables, 12)
  expect_equal(glance(x)$conclusion, "more in b")
  expect_equal(as.data.frame(x), tidy(x))
  expect_identical(summary(x), x)
  expect_error(tidy(x, "all"), class = "her2mod_error_input")
})
