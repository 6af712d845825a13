test_that("the call of a result that is a data frame is found, and rows taken from it have none", {
  found <- detectable_difference(c(49, 68), 0.12)
  expect_identical(getCall(found), quote(detectable_difference(n = c(49, 68), p0 = 0.12)))
  expect_equal(attr(update(found, power = 0.9), "asked"), 0.9)
  expect_null(attr(found[1, ], "call"))
})
