test_that("the authors' worked example comes out", {
  # VanderWeele and Ding 2017, doi:10.7326/M16-2607: RR 3.9 (1.8 to 8.7), E-value 7.26, limit 3.0.
  # By hand: 3.9 + sqrt(3.9 * 2.9) = 3.9 + 3.3630; 1.8 + sqrt(1.8 * 0.8) = 1.8 + 1.2.
  found <- e_value(3.9, 1.8, 8.7)
  expect_equal(found$e.value, 7.2630343, tolerance = 1e-7)
  expect_equal(found$e.value.limit, 3, tolerance = 1e-12)
  expect_equal(found$scale, "risk ratio")
})

test_that("a ratio below 1 counts as its inverse, from the other limit", {
  # 1 / 0.5 = 2 and 1 / 0.8 = 1.25: 2 + sqrt(2); 1.25 + sqrt(1.25 * 0.25) = 1.25 + 0.5590170.
  found <- e_value(0.5, 0.3, 0.8)
  expect_equal(found$e.value, 3.4142136, tolerance = 1e-7)
  expect_equal(found$e.value.limit, 1.8090170, tolerance = 1e-7)
  mirror <- e_value(2, 1.25, 1 / 0.3)
  expect_equal(found[c("e.value", "e.value.limit")], mirror[c("e.value", "e.value.limit")])
})

test_that("an interval with 1 in it needs no confounder", {
  expect_equal(e_value(1.5, 0.7, 3)$e.value.limit, 1)
  expect_equal(e_value(0.7, 0.4, 1.2)$e.value.limit, 1)
  expect_equal(e_value(1.5, 1, 3)$e.value.limit, 1)
  expect_equal(unlist(e_value(1, 0.5, 2)[c("e.value", "e.value.limit")], use.names = FALSE), c(1, 1))
})

test_that("what is not known stays unknown, and the ends of the scale hold", {
  expect_equal(e_value(2)$e.value.limit, NA_real_)
  expect_equal(e_value(2, 1.25)$e.value.limit, 1.8090170, tolerance = 1e-7)
  expect_equal(e_value(0, 0, 0.5)$e.value, Inf)
  expect_equal(e_value(Inf, 2, Inf)$e.value.limit, 2 + sqrt(2))
  expect_equal(e_value(NA_real_, 0, Inf)$e.value, NA_real_)
  expect_equal(e_value(c(2, 0.5))$e.value, rep(2 + sqrt(2), 2))
  expect_equal(nrow(e_value(numeric())), 0)
})

test_that("an odds ratio is used as it is, or its square root when the outcome is common", {
  # sqrt(4) = 2 and sqrt(1.5625) = 1.25.
  common <- e_value(4, 1.5625, 9, measure = "odds_ratio", common = TRUE)
  expect_equal(common$e.value, 2 + sqrt(2))
  expect_equal(common$e.value.limit, 1.8090170, tolerance = 1e-7)
  expect_match(common$scale, "square root")
  rare <- e_value(2, 1.25, 9, measure = "odds_ratio")
  expect_equal(rare$e.value, 2 + sqrt(2))
  expect_match(rare$scale, "rare")
})

test_that("bad ratios are refused with their name", {
  expect_error(e_value(-1), class = "her2mod_error_input")
  expect_error(e_value("2"), class = "her2mod_error_input")
  expect_error(e_value(NULL), class = "her2mod_error_input")
  expect_error(e_value(2, 3, 4), class = "her2mod_error_input")
  expect_error(e_value(2, c(1, 1)), class = "her2mod_error_input")
  expect_error(e_value(2, common = TRUE), class = "her2mod_error_input")
  expect_error(e_value(2, measure = "hazard_ratio"))
})
