# The rows and columns that a Cox model is fitted to.

columns_of <- function(formula, data) {
  read <- cox_frame(formula, data, list(), stats::na.omit)
  cox_design(read$frame, read$terms)
}

test_that("the design is model.matrix()'s without its intercept", {
  rows <- survival::veteran
  rows$trt <- factor(rows$trt)
  formulas <- list(
    Surv(time, status) ~ age, Surv(time, status) ~ celltype + age, Surv(time, status) ~ trt * celltype,
    Surv(time, status) ~ log(diagtime) + trt:age, Surv(time, status) ~ celltype - 1,
    Surv(time, status) ~ age + strata(celltype)
  )
  for (formula in formulas) {
    design <- columns_of(formula, rows)
    without <- stats::update(formula, . ~ . - strata(celltype) + 1)
    expected <- stats::model.matrix(stats::delete.response(stats::terms(without)), rows)[, -1, drop = FALSE]
    expect_identical(names(design$columns), colnames(expected))
    expect_equal(do.call(cbind, design$columns), expected, ignore_attr = TRUE)
  }
})

test_that("each column says what it compares", {
  rows <- survival::veteran
  design <- columns_of(Surv(time, status) ~ celltype + age, rows)
  expect_identical(design$meaning[[1]], "celltype: smallcell over squamous")
  expect_identical(design$meaning[[4]], "one unit more of age")
  expect_identical(design$term, c(rep("celltype", 3), "age"))
})

test_that("a block after | is refused, not taken for a logical or", {
  expect_error(cox_regression(Surv(rfstime, status) ~ hormon | meno, survival::gbsg), class = "her2mod_error_input")
})
