subgroups <- function() subgroup_effects(cbind(pcr, n - pcr) ~ therapy, zhang_counts(), c(HER2 = "her2"), "odds_ratio")

test_that("intervals are those of tidy(), by name, by number and by part", {
  found <- subgroups()
  ends <- confint(found)
  expect_identical(rownames(ends), c("all patients:all patients", "HER2:3+", "HER2:2+ISH+"))
  expect_equal(unname(ends), unname(as.matrix(tidy(found)[c("conf.low", "conf.high")])))
  expect_identical(confint(found, "HER2:3+"), ends["HER2:3+", , drop = FALSE])
  expect_identical(confint(found, 2), ends[2, , drop = FALSE])
  expect_equal(coef(found)[["HER2:3+"]], tidy(found)$estimate[[2]])
})

test_that("an estimate with several intervals has them all, and once its value", {
  found <- check_claim("no improvement", c(single = 6, dual = 13), c(49, 68), margin = 0.1)
  expect_identical(rownames(confint(found)), paste0("effect:all patients:", c("miettinen-nurminen", "newcombe")))
  expect_equal(coef(found), c("effect:all patients" = 13 / 68 - 6 / 49))
  # Tests have no interval, and the score of a test is no estimate.
  shift <- her2_shift(lost = c(a = 1, b = 2), tested = c(5, 5))
  expect_false(any(grepl("test", rownames(confint(shift)))))
})

test_that("another level, another row and what has no interval are refused, in words", {
  found <- subgroups()
  error <- expect_error(confint(found, level = 0.9), class = "her2mod_error_input")
  expect_match(conditionMessage(error), "update\\(x, conf.level = 0.9\\)")
  expect_error(confint(found, level = 2), class = "her2mod_error_input")
  expect_error(confint(found, "nobody"), class = "her2mod_error_input")
  expect_error(confint(found, 9), class = "her2mod_error_input")
  expect_error(confint(tipping_point(c(a = 1, b = 2), c(9, 9), missing = c(1, 1))), "compare_proportions",
    class = "her2mod_error_input")
})

test_that("a permutation test has the interval that it was asked for", {
  rows <- patient_rows(6, 49, 13, 68)
  expect_error(confint(perm_test(y ~ g, rows, "risk_difference")), "conf.int", class = "her2mod_error_input")
  asked <- perm_test(y ~ g, rows, "risk_difference", conf.int = TRUE)
  expect_equal(unname(confint(asked)[1, ]), as.vector(asked$conf.int), ignore_attr = TRUE)
  expect_error(confint(asked, level = 0.5), class = "her2mod_error_input")
})
