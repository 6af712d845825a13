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
  fisher <- apply(labels, 2, function(l) fisher.test(table(factor(rows$two, c(FALSE, TRUE)), l))$p.value)
  expect_equal(found$p.value[1:3], unname(naive_raw_p(evidence)[1, ]))
  # Fisher's p is exact in every arrangement, the others' are their ranks.
  p <- cbind(naive_raw_p(evidence), fisher)
  expect_equal(found$p.adjusted, pmax(unname(naive_max_t(-p)), found$p.value))
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

test_that("a column that cannot differ is no part of the family", {
  rows <- data.frame(g = c("a", "a", "a", "b"), x = c(1, 2, 3, 9), kind = "k", same = 7)
  for (adjust in c("westfall_young", "holm")) {
    x <- baseline_of(rows, g, adjust = adjust)
    # x is furthest apart in one of four arrangements.
    expect_equal(tidy(x)$p.adjusted, c(0.25, 1, 1))
    expect_match(format(x), "Adjusted p: of one variable, the p itself.", fixed = TRUE, all = FALSE)
  }
  asymptotic <- tidy(baseline_of(rows, g, method = "asymptotic"))
  expect_identical(asymptotic$p.adjusted, c(asymptotic$p.value[[1]], 1, 1))
  none <- tidy(baseline_of(rows, g, c("kind", "same")))
  expect_identical(none$p.adjusted, c(1, 1))
})

# In y as in x 18 and 14 of the 70 arrangements' mean differences tie.
tied_pair <- function() {
  data.frame(
    g = rep(c("a", "b"), each = 4), x = c(.88, .04, 1.01, .43, 2.09, -1.2, 1.59, 1.95),
    y = c(.88, -2.41, 1.49, -.17, 2.88, -.91, 2.33, 2.27)
  )
}

# All arrangements by hand, the observed one first.
listed_min_p <- function(rows, vars) {
  chosen <- combn(nrow(rows), sum(rows$g == "b"))
  chosen <- chosen[, ncol(chosen):1]
  naive_min_p(vapply(vars, function(name) {
    v <- rows[[name]]
    abs(apply(chosen, 2, function(of) mean(v[of]) - mean(v[-of])))
  }, double(ncol(chosen))))
}

test_that("few arrangements are all listed, and the adjusted p-values are exact", {
  rows <- tied_pair()
  expected <- unname(listed_min_p(rows, c("x", "y")))
  # 18 of 70: y's own 14, and x's that are as extreme.
  expect_equal(expected, c(42, 18) / 70)
  for (seed in 1:3) {
    x <- baseline_of(rows, g, R = 70, seed = seed)
    expect_equal(tidy(x)$p.adjusted, expected)
  }
  expect_match(paste(format(x), collapse = " "), "over 2 variables, exact: all 70 +arrangements\\.")
  expect_true(is.na(glance(x)$R) && is.na(glance(x)$seed))
  expect_equal(westfall_young(rows, c("x", "y"), "g", R = 70)$p.adjusted, expected)
  # Within strata: 6 x 6 arrangements, among them 2 x 2 as far apart as the observed one in both.
  rows <- data.frame(g = rep(c("a", "b"), each = 2, times = 2), centre = rep(1:2, each = 4), x = c(1, 2, 5, 9, 1, 3, 4, 8))
  rows$z <- rows$x^2
  within <- baseline_of(rows, g, c("x", "z"), strata = "centre", R = 99)
  expect_identical(within$listed, 36)
  expect_equal(tidy(within)$p.adjusted, c(2, 2) / 36)
})

test_that("the Monte Carlo error that is printed holds, also where p-values of variables tie", {
  rows <- tied_pair()
  expected <- unname(listed_min_p(rows, c("x", "y")))
  off <- vapply(1:40, function(seed) {
    x <- baseline_of(rows, g, method = "monte_carlo", R = 4999, seed = seed)
    max(abs(tidy(x)$p.adjusted - expected)) / x$error
  }, 0)
  # Chance has it on either side of the tie.
  expect_lt(mean(off > 1), 0.05 + 3 * sqrt(0.05 * 0.95 / 40))
  off <- vapply(1:40, function(seed) {
    found <- westfall_young(rows, c("x", "y"), "g", R = 69, seed = seed)
    max(abs(found$p.adjusted - expected) / (1.96 * found$mc.error.adjusted))
  }, 0)
  expect_lt(mean(off > 1), 0.05 + 3 * sqrt(0.05 * 0.95 / 40))
})

test_that("exact p-values are adjusted by the replicates, and never below what these can show", {
  set.seed(1)
  rows <- data.frame(g = rep(c("a", "b"), each = 15))
  for (i in 1:20) rows[[paste0("v", i)]] <- round(rnorm(30), 1)
  rows$v1 <- rows$v1 + 4 * (rows$g == "b")
  x <- baseline_of(rows, g, R = 999)
  found <- tidy(x)
  expect_lt(found$p.value[[1]], 1e-6)
  expect_equal(found$p.adjusted[[1]], 1 / 1000)
  expect_match(format(x), "v1, .* <= 0.0010", all = FALSE)
  expect_false(is.unsorted(found$p.adjusted[order(found$p.value)]))
  # Seeds differ by no more than the error; the second smallest is adjusted for 19 variables, nearly independent ones.
  second <- order(found$p.value)[[2]]
  many <- vapply(1:20, function(seed) tidy(baseline_of(rows, g, R = 999, seed = seed))$p.adjusted[[second]], 0)
  expected <- 1 - (1 - found$p.value[[second]])^19
  expect_lt(abs(mean(many) - expected), 0.05)
  expect_lt(stats::sd(many), 1.5 * sqrt(expected * (1 - expected) / 999))
})
