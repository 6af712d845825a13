sizes <- data.frame(y = c(1, 2, 3, 2, 4, 6, 8), g = rep(c("a", "b"), c(3, 4)))

# By hand: the variances are 1 and 20/3.
test_that("the variance ratio", {
  boot <- boot_ci(y ~ g, sizes, "variance_ratio", type = "basic", R = 99, seed = 1) |>
    suppressWarnings(classes = "her2mod_warning")
  expect_equal(boot$estimate, 20 / 3, tolerance = 1e-14)
})

test_that("each replicate is var() of the patients drawn", {
  set.seed(4)
  rows <- data.frame(y = rexp(40), g = rep(c("a", "b"), 20))
  boot <- boot_ci(y ~ g, rows, "variance_ratio", type = "perc", R = 99, seed = 2)
  for (b in c(1, 50, 99)) {
    drawn <- replicate_data(boot, b)
    v <- tapply(rep(drawn$response, drawn$weight), rep(drawn$group, drawn$weight), var)
    expect_equal(boot$replicates[[b]], log(v[["b"]] / v[["a"]]), tolerance = 1e-12)
  }
})

test_that("a group without spread is a ratio of 0 or Inf; two such groups are undefined", {
  value <- function(y) {
    job <- list(
      cohort = list(
        group = c(0L, 0L, 1L, 1L), stratum = integer(4), frequency = rep(1, 4), response = y,
        n_groups = 2L, n_strata = 1L
      ),
      statistic = "variance_ratio", parameters = double()
    )
    cpp_evaluate(job, rep(1, 4), job$cohort$group)
  }
  expect_identical(value(c(1, 1, 2, 5)), list(values = Inf, reason = "infinite"))
  expect_identical(value(c(1, 3, 2, 2)), list(values = -Inf, reason = "infinite"))
  expect_identical(value(c(1, 1, 2, 2)), list(values = NaN, reason = "undefined"))
})
