# Patients' orders and the labels dealt along them, by the core's own draws of one variable that everybody has.
shared_labels <- function(rows, R, seed) {
  design <- list(code = as.integer(rows$g) - 1L)
  vapply(seq_len(R), function(b) {
    job <- list(
      kind = "shared_permutation", statistic = "mean_difference", parameters = double(), patient = seq_len(nrow(rows)) - 1L,
      strata = integer(nrow(rows)),
      cohort = list(group = design$code, response = 2^(seq_len(nrow(rows)) - 1), n_groups = 2L, n_strata = 1L)
    )
    value <- cpp_shared_permutation(job, seed, b, 1, 1L, 1L)$values[[1]]
    # The difference of means of powers of two tells who is in the other group.
    n <- tabulate(design$code + 1L)
    sum1 <- (value + (2^nrow(rows) - 1) / n[[1]]) / (1 / n[[1]] + 1 / n[[2]])
    round(sum1) %/% 2^(seq_len(nrow(rows)) - 1) %% 2
  }, double(nrow(rows)))
}

test_that("adjusted p-values are Westfall and Young's, from arrangements that all variables share", {
  set.seed(4)
  rows <- data.frame(g = factor(rep(c("a", "b"), c(11, 9))), x = rnorm(20), z = round(rnorm(20), 1))
  rows$y <- rows$x + rnorm(20, ifelse(rows$g == "b", 1, 0), 0.4)
  rows$two <- rows$x > 0.2
  R <- 199
  found <- tidy(baseline_of(rows, g, c("x", "y", "z", "two"), method = "monte_carlo", R = R, seed = 9))
  labels <- cbind(as.integer(rows$g) - 1, shared_labels(rows, R, 9))
  expect_true(all(colSums(labels) == 9))
  evidence <- vapply(c("x", "y", "z"), function(name) {
    apply(labels, 2, function(l) abs(mean(rows[[name]][l == 1]) - mean(rows[[name]][l == 0])))
  }, double(R + 1))
  fisher <- apply(labels, 2, function(l) -fisher.test(table(factor(rows$two, c(FALSE, TRUE)), l))$p.value)
  expect_equal(found$p.value[1:3], unname(naive_raw_p(evidence)[1, ]))
  expect_equal(found$p.adjusted, pmax(unname(naive_min_p(cbind(evidence, fisher))), found$p.value))
})

test_that("variables known of some patients keep their own arrangements", {
  rows <- few_patients()
  rows$more <- c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8)
  rows$size[c(2, 9)] <- NA
  found <- tidy(baseline_of(rows, g, c("size", "more"), R = 9999))
  complete <- rows[-c(2, 9), ]
  # All patients who have the value, whatever the other variable.
  expect_equal(found$p.value[[1]], perm_test(size ~ g, complete, "mean_difference")$p.value)
  expect_equal(found$p.value[[2]], perm_test(more ~ g, rows, "mean_difference")$p.value)
  monte_carlo <- tidy(baseline_of(rows, g, c("size", "more"), R = 9999, method = "monte_carlo"))
  expect_true(all(abs(monte_carlo$p.value - found$p.value) < 0.02))
  expect_true(all(found$p.adjusted <= pmin(1, 2 * found$p.value) + 0.02))
})

test_that("it is westfall_young() but for the arrangements", {
  rows <- pbc_rows()
  rows <- rows[!is.na(rows$trt), ]
  vars <- c("age", "albumin", "protime")
  found <- tidy(baseline_of(rows, trt, vars, R = 9999))
  peer <- westfall_young(rows, vars, "trt", R = 9999, seed = 2, progress = FALSE)
  expect_true(all(abs(found$p.adjusted - peer$p.adjusted) < 0.02))
})

test_that("seeds, threads, other variables and their order change nothing that they should not", {
  rows <- pbc_rows()
  of <- function(...) tidy(baseline_of(rows, trt, ..., R = 499))
  found <- of(c("edema", "bili", "chol"))
  expect_identical(of(c("edema", "bili", "chol"), threads = 1), found)
  back <- of(c("chol", "bili", "edema"))
  expect_equal(back$p.adjusted[3:1], found$p.adjusted)
  expect_identical(of("edema")$p.value, found$p.value[[1]])
  set.seed(3)
  first <- baseline_of(rows, trt, c("edema", "bili"), seed = NULL)
  set.seed(3)
  expect_equal(baseline_of(rows, trt, c("edema", "bili"), seed = NULL), first)
  before <- .Random.seed
  of("edema")
  expect_identical(.Random.seed, before)
})

test_that("other adjustments", {
  rows <- few_patients()
  none <- baseline_of(rows, g, adjust = "none")
  expect_true(all(is.na(tidy(none)$p.adjusted)))
  expect_false(any(grepl("adjusted", format(none))))
  holm <- tidy(baseline_of(rows, g, adjust = "holm"))
  expect_equal(holm$p.adjusted, p.adjust(holm$p.value, "holm"))
  one <- baseline_of(rows, g, "size")
  expect_identical(tidy(one)$p.adjusted, tidy(one)$p.value)
  expect_true(is.na(one$R))
})
