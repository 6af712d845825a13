# From formulas to cells.

test_that("cells are the counts of the data, empty ones too", {
  rows <- as_rows(counts_of(c(3, 8), c(15, 14), c(9, 5), c(17, 12)))
  x <- interaction_data(y ~ therapy * her2, rows, list(), stats::na.omit, NULL)
  expect_equal(interaction_tables(x$cells), data.frame(x0 = c(3, 8), n0 = c(15, 14), x1 = c(9, 5), n1 = c(17, 12)))
  less <- rows[!(rows$therapy == "no" & rows$her2 == "b"), ]
  expect_error(interaction_data(y ~ therapy * her2, less, list(), stats::na.omit, NULL), class = "her2mod_error_data")
  open <- interaction_data(y ~ therapy * her2, less, list(), stats::na.omit, NULL, all_cells = FALSE)
  expect_equal(interaction_tables(open$cells)$n0, c(15, 0))
})

test_that("references come first", {
  rows <- as_rows(counts_of(c(3, 8), c(15, 14), c(9, 5), c(17, 12)))
  x <- interaction_data(y ~ therapy * her2, rows, list(), stats::na.omit, c(her2 = "b"))
  expect_identical(x$strata, c("b", "a"))
  expect_identical(x$groups, c("no", "yes"))
})

test_that("covariates become columns, strata() codes", {
  gbsg <- survival::gbsg
  x <- interaction_data(Surv(rfstime, status) ~ hormon * meno + factor(grade) + log(size) + strata(er > 0), gbsg, list(),
    stats::na.omit, NULL)
  expect_identical(x$covariates, c("factor(grade)2", "factor(grade)3", "log(size)"))
  expect_equal(x$rows$covariate3, log(gbsg$size))
  expect_identical(range(x$rows$block), 0:1)
})
