study <- reproduce_study()

test_that("print, glance and subsetting do as data frames do", {
  text <- format(study)
  expect_match(text, "not reproduced by an unadjusted test", all = FALSE)
  expect_match(text, "no random numbers were used", all = FALSE)
  for (id in ma2025_claims$id) expect_match(text, id, all = FALSE)
  expect_output(print(study), "Beyond the abstract")
  counts <- glance(study)
  expect_equal(counts$rows, nrow(study))
  expect_equal(counts$agree + counts$disagree + counts$not_comparable, counts$rows)
  expect_identical(class(study[1:2, ]), "data.frame")
  expect_identical(class(as.data.frame(study)), "data.frame")
})

test_that("the print stays narrow and gives each figure with its direction", {
  text <- format(study)
  expect_lte(max(nchar(text)), 110)
  expect_match(text, "pCR, HER2-mod minus IHC 3+: risk difference -0.2983", fixed = TRUE, all = FALSE)
  expect_match(text, "pCR within HER2-mod, dual over single: risk ratio", fixed = TRUE, all = FALSE)
})
