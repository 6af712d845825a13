study <- reproduce_study()
row_of <- function(id, figure) study[study$id == id & study$figure == figure, ]

test_that("the counts behind the print are the unique ones", {
  # Derived by hand and by a separate search: 458 and 117 of 575; HR+ 223 and 89; pCR 211 and 19;
  # single 6/49, dual 13/68.
  counts <- attr(study, "counts")
  expect_true(attr(counts$her2, "unique"))
  expect_true(attr(counts$therapy, "unique"))
  expect_equal(counts$her2$x, c(223, 89, 211, 19))
  expect_equal(counts$her2$n, c(458, 117, 458, 117))
  expect_equal(counts$therapy$x, c(6, 13))
  expect_equal(counts$therapy$n, c(49, 68))
})

test_that("every claim of the data set has its rows", {
  expect_setequal(study$id, ma2025_claims$id)
  with_both <- ma2025_claims$id[!is.na(ma2025_claims$percent_other)]
  for (id in with_both) expect_equal(study$figure[study$id == id], c("percentages", "p-value"))
})

test_that("printed percentages are reproduced at their digits", {
  expect_true(all(study$agrees[study$figure == "percentages"]))
  expect_equal(row_of("pcr", "percentages")$recomputed, "211/458 = 46.07% vs 19/117 = 16.24%")
  expect_equal(row_of("hr_status", "percentages")$recomputed, "223/458 = 48.7% vs 89/117 = 76.1%")
})

test_that("p < 0.001 is reproduced, p = 0.287 is not, and neither is forced", {
  expect_true(row_of("pcr", "p-value")$agrees)
  expect_true(row_of("hr_status", "p-value")$agrees)
  odd <- row_of("pcr_by_therapy", "p-value")
  expect_false(odd$agrees)
  expect_equal(odd$status, "not reproduced by an unadjusted test")
  # Pearson .320, Yates .459, Fisher .447, mid-p .384, LR .314, Wald .324, unpooled z .304: computed
  # apart from this package.
  audit <- attr(study, "audits")$pcr_by_therapy
  tests <- c("pearson", "yates", "fisher", "fisher-midp", "lr", "wald", "unpooled-z")
  expect_equal(round(audit$p.value[match(tests, audit$test)], 3), c(0.320, 0.459, 0.447, 0.384, 0.314, 0.324, 0.304))
})

test_that("a p-value's status follows from the tests", {
  expect_equal(p_status(c(TRUE, TRUE)), "reproduced")
  expect_equal(p_status(c(TRUE, FALSE, NA)), "reproduced by some tests")
  expect_equal(p_status(c(FALSE, NA)), "not reproduced by an unadjusted test")
})

test_that("what the abstract cannot settle is said, not filled in", {
  for (id in c("her2_loss", "dfs", "cells_dual", "cells_tdxd")) {
    row <- row_of(id, "none")
    expect_equal(row$status, "no figure printed")
    expect_equal(row$recomputed, "-")
    expect_true(is.na(row$agrees))
  }
  expect_equal(row_of("dfs_by_therapy", "p-value")$status, "cannot be recomputed")
  expect_true(is.na(row_of("patients", "count")$agrees))
})

test_that("effects are other minus reference, with exact intervals", {
  effects <- tidy(study)
  difference <- effects[effects$term == "risk_difference", ]
  expect_equal(difference$estimate, c(89 / 117 - 223 / 458, 19 / 117 - 211 / 458, 13 / 68 - 6 / 49))
  fisher <- stats::fisher.test(matrix(c(13, 55, 6, 43), 2))
  odds <- effects[effects$id == "pcr_by_therapy" & effects$term == "odds_ratio", ]
  # fisher.test() finds its limits to about four digits.
  expect_equal(odds$estimate, unname(fisher$estimate), tolerance = 1e-3)
  expect_equal(c(odds$conf.low, odds$conf.high), as.vector(fisher$conf.int), tolerance = 1e-3)
})

test_that("bounds and E-values come from the recovered counts", {
  bounds <- tidy(attr(study, "bounds"))
  expect_equal(round(bounds$upper, 3), c(-0.062, -0.100, -0.062, -0.100))
  # RR = (19/117) / (211/458) = 0.352493; its inverse 2.836934 + sqrt(2.836934 * 1.836934) = 5.119753.
  e <- attr(study, "e_values")
  expect_equal(e$e.value[e$id == "pcr"], 5.119753, tolerance = 1e-6)
  expect_equal(e$e.value.limit[e$id == "pcr_by_therapy"], 1)
})

test_that("no random numbers are used", {
  set.seed(1)
  before <- .Random.seed
  reproduce_study()
  expect_identical(.Random.seed, before)
})

test_that("a bad level is refused", {
  expect_error(reproduce_study(conf.level = 2), class = "her2mod_error_input")
})
