test_that("exact p-values are those of coin and stats", {
  skip_if_not_installed("coin")
  rows <- few_patients()
  rows$size[[3]] <- 4.5
  found <- baseline_of(rows, g, types = c(site = "categorical"))
  p <- function(term, of = found) baseline_row(of, term)$p.value
  # coin's exact tests, version 1.4-2.
  expect_equal(p("size"), as.numeric(coin::pvalue(coin::oneway_test(size ~ g, rows, distribution = "exact"))))
  ranked <- baseline_of(rows, g, "size", summary = "median")
  expect_equal(p("size", ranked), as.numeric(coin::pvalue(coin::wilcox_test(size ~ g, rows, distribution = "exact"))))
  expect_match(tidy(ranked)$method, "exact permutation test of the Wilcoxon")
  codes <- transform(rows, grade = as.integer(grade))
  expect_equal(p("grade"), as.numeric(coin::pvalue(coin::wilcox_test(grade ~ g, codes, distribution = "exact"))))
  expect_equal(p("hr"), fisher.test(table(rows$hr, rows$g))$p.value)
})

test_that("several groups: Kruskal-Wallis and chi-squared, Monte Carlo near their limits", {
  rows <- survival::colon
  rows <- rows[rows$etype == 2, ]
  found <- baseline_of(rows, rx, c("age", "sex", "differ"), types = c(differ = "categorical"), R = 9999)
  tests <- tidy(found)
  expect_equal(tests$statistic[[1]], kruskal.test(age ~ rx, rows)$statistic[[1]])
  expect_equal(tests$statistic[[2]], chisq.test(table(rows$sex, rows$rx), correct = FALSE)$statistic[[1]])
  expect_equal(tests$statistic[[3]], suppressWarnings(chisq.test(table(rows$differ, rows$rx)))$statistic[[1]])
  limits <- c(
    kruskal.test(age ~ rx, rows)$p.value, chisq.test(table(rows$sex, rows$rx))$p.value,
    chisq.test(table(rows$differ, rows$rx))$p.value
  )
  expect_true(all(abs(tests$p.value - limits) < 0.02))
  expect_true(all(tests$p.low < tests$p.value & tests$p.value < tests$p.high))
})

test_that("asymptotic tests are coin's, also in strata", {
  skip_if_not_installed("coin")
  rows <- survival::colon
  rows <- rows[rows$etype == 2 & !is.na(rows$differ) & !is.na(rows$nodes), ]
  rows$arm <- droplevels(rows$rx)
  rows$differ <- factor(rows$differ)
  rows$extent <- factor(rows$extent)
  for (strata in c(NA, "extent")) {
    formula <- function(y) as.formula(paste(y, "~ arm", if (!is.na(strata)) "| extent"))
    found <- if (is.na(strata)) {
      baseline_of(rows, arm, c("differ", "sex"), method = "asymptotic")
    } else {
      baseline_of(rows, arm, c("differ", "sex"), strata = extent, method = "asymptotic")
    }
    peer <- coin::independence_test(formula("differ"), rows, teststat = "quadratic")
    expect_equal(tidy(found)$p.value[[1]], as.numeric(coin::pvalue(peer)))
    expect_equal(tidy(found)$statistic[[1]], as.numeric(coin::statistic(peer)))
  }
  two <- rows[rows$arm != "Lev", ]
  two$arm <- droplevels(two$arm)
  peer <- coin::oneway_test(nodes ~ arm | extent, two)
  found <- baseline_of(two, arm, "nodes", strata = "extent", method = "asymptotic")
  expect_equal(tidy(found)$p.value, as.numeric(coin::pvalue(peer)))
  expect_match(tidy(found)$method, "asymptotic permutation test of the mean difference")
})

test_that("nothing that varies is no evidence, and one value no test", {
  answer <- permutation_chi_squared(cbind(rep(2, 6)), rep(0:1, 3), 2)
  expect_identical(answer$p.value, 1)
  rows <- data.frame(g = rep(c("a", "b"), 5), same = "x", n = 3)
  found <- baseline_of(rows, g)
  expect_identical(tidy(found)$p.value, c(1, 1))
  expect_identical(tidy(baseline_of(rows, g, method = "asymptotic"))$p.value, c(1, 1))
})

test_that("within strata the test is that of perm_test() within strata", {
  rows <- few_patients()
  rows$centre <- rep(c("x", "y"), 6)
  found <- baseline_of(rows, g, c("size", "hr"), strata = centre)
  expect_equal(baseline_row(found, "size")$p.value, perm_test(size ~ g, rows, "mean_difference", strata = centre)$p.value)
  expect_equal(baseline_row(found, "hr")$p.value, perm_test(hr ~ g, rows, strata = centre)$p.value)
  expect_match(baseline_row(found, "hr")$method, "exact permutation test of the risk difference")
  expect_true(any(grepl("permuted within 2 strata of centre", format(found))))
  rows$centre[[1]] <- NA
  expect_identical(baseline_of(rows, g, "size", strata = "centre")$n_dropped, 1L)
})

test_that("a variable of which one of three groups has no value is tested in the others, which is said", {
  rows <- data.frame(g = rep(c("a", "b", "c"), each = 4), x = c(1:4, 3:6, NA, NA, NA, NA))
  found <- tidy(baseline_of(rows, g))
  two <- rows[1:8, ]
  expect_equal(found$p.value, tidy(baseline_of(two, g))$p.value)
  expect_identical(found$note, "tested without c")
})

test_that("method = exact refuses what has no exact distribution", {
  rows <- survival::gbsg
  error <- expect_error(
    baseline_of(rows, hormon, "grade", types = c(grade = "categorical"), method = "exact"), class = "her2mod_error_input"
  )
  expect_identical(error$arg, "method")
})
