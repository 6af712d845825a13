# Text of a subgroup analysis.

test_that("the print has one row a subgroup, one p a variable, and says how many tests there are", {
  gbsg <- survival::gbsg
  gbsg$grade[1:3] <- NA
  found <- subgroup_effects(Surv(rfstime, status) ~ hormon, gbsg, c(Grade = "grade", "meno"))
  text <- format(found)
  expect_identical(text[[1]], "Subgroups: hazard ratio, hormon 1 over hormon 0")
  expect_identical(sum(grepl("p [=<]", text)), 2L)
  expect_true(any(grepl("2 tests, not adjusted", text)))
  expect_true(any(grepl("without a value: Grade 3", text)))
  expect_true(any(grepl("all patients +94/246 +205/440", text)))
  expect_output(print(found), "Subgroups")
})

test_that("tidy and glance", {
  found <- subgroup_effects(cbind(pcr, n - pcr) ~ therapy, zhang_counts(), "her2", "odds_ratio")
  expect_identical(as.data.frame(found), tidy(found))
  expect_equal(glance(found)$smallest.p, tidy(found)$interaction.p[[2]])
  expect_equal(glance(found)$n, 308)
})
