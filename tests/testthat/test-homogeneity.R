# Odds ratios of several 2x2 tables: published figures, and Zelen's test against all tables written out.

# tab[group other/reference, event/none, stratum]
tests_of <- function(tab, ...) {
  homogeneity_tests(tab[2, 1, ], colSums(tab[2, , ]), tab[1, 1, ], colSums(tab[1, , ]), ...)
}

naive_zelen <- function(x0, n0, x1, n1) {
  all <- every_table(x0, n0, x1, n1)
  observed <- all$probability[apply(all$tables, 1, function(t) all(t == x1))]
  c(observed, sum(all$probability[all$probability <= observed * (1 + 1e-7)]))
}

test_that("Breslow-Day and Tarone give the published figures", {
  # SAS/STAT PROC FREQ documentation, example "Migraine": 1.4929, p .2218; Tarone by DescTools 0.99.59
  migraine <- tests_of(array(c(16, 5, 11, 20, 12, 7, 16, 19), c(2, 2, 2)), c("breslow-day", "tarone"))
  expect_equal(migraine$statistic, c(1.4929, 1.4905373), tolerance = 2e-5)
  expect_equal(migraine$p.value, c(0.2218, 0.2221331), tolerance = 1e-4)
  expect_equal(migraine$df, c(1, 1))
  # statsmodels, test_contingency_tables.py, TestStratified2, from DescTools
  five <- array(c(20, 14, 10, 24, 15, 12, 3, 15, 3, 2, 3, 2, 12, 3, 7, 5, 1, 0, 3, 2), c(2, 2, 5))
  found <- tests_of(five, c("breslow-day", "tarone"))
  expect_equal(found$statistic, c(1.8438, 1.8436), tolerance = 2e-5)
  expect_equal(found$p.value, c(0.7645, 0.7645), tolerance = 1e-4)
  # Gart (1985); DescTools 0.99.59
  gart <- array(rbind(c(4, 2, 4, 1), c(5, 3, 10, 3), c(12, 14, 14, 14), c(74, 84, 80, 79)), c(2, 2, 4))
  found <- tests_of(gart, c("breslow-day", "tarone"))
  expect_equal(found$statistic, c(0.86587637337, 0.86574251882), tolerance = 1e-9)
  expect_equal(found$p.value[[1]], 0.83365382189, tolerance = 1e-9)
})

test_that("the Mantel-Haenszel odds ratio is stats::mantelhaen.test()'s", {
  tab <- UCBAdmissions
  tables <- informative_tables(tab[1, 2, ], colSums(tab[, 2, ]), tab[1, 1, ], colSums(tab[, 1, ]))
  expect_equal(mantel_haenszel_odds_ratio(tables), unname(stats::mantelhaen.test(tab)$estimate))
})

test_that("expected counts have the margins and the odds ratio", {
  tables <- informative_tables(c(3, 40, 0), c(10, 50, 5), c(7, 2, 4), c(12, 60, 30))
  for (odds_ratio in c(1e-6, 0.2, 0.999999, 1, 1.5, 1e6)) {
    e <- expected_events(tables, odds_ratio)$mean
    m <- tables$x0 + tables$x1
    expect_equal(e * (tables$n0 - m + e) / ((tables$n1 - e) * (m - e)), rep(odds_ratio, 3), tolerance = 1e-6)
  }
})

test_that("Zelen's test agrees with all tables written out", {
  cases <- list(
    list(x0 = c(74, 9), n0 = c(160, 34), x1 = c(58, 7), n1 = c(92, 22)),
    list(x0 = c(1, 3, 0), n0 = c(6, 7, 5), x1 = c(4, 1, 3), n1 = c(9, 5, 8)),
    list(x0 = c(2, 0, 5, 1), n0 = c(4, 6, 9, 3), x1 = c(1, 2, 2, 3), n1 = c(7, 5, 4, 5))
  )
  for (case in cases) {
    found <- do.call(homogeneity_tests, c(case, methods = "zelen"))
    expect_equal(c(found$statistic, found$p.value), do.call(naive_zelen, case), tolerance = 1e-9)
  }
})

test_that("Zelen's test of a case worked by hand", {
  # Two strata of 2 against 2 with two events each, three of four in the other group. x1 = (2, 1) and (1, 2),
  # with weights 1 * 4 and 4 * 1: both have probability 1/2.
  expect_equal(homogeneity_tests(c(0, 1), c(2, 2), c(2, 1), c(2, 2), "zelen")$p.value, 1)
  # (2, 0): 1 * 1, (1, 1): 4 * 4, (0, 2): 1 * 1
  expect_equal(homogeneity_tests(c(0, 2), c(2, 2), c(2, 0), c(2, 2), "zelen")[c("statistic", "p.value")],
    data.frame(statistic = 1 / 18, p.value = 2 / 18)
  )
})

test_that("tests do not depend on which group or which outcome comes first, nor on the order of strata", {
  x0 <- c(1, 3, 2)
  n0 <- c(6, 7, 5)
  x1 <- c(4, 1, 3)
  n1 <- c(9, 5, 8)
  one <- homogeneity_tests(x0, n0, x1, n1)
  expect_equal(homogeneity_tests(x1, n1, x0, n0), one)
  expect_equal(homogeneity_tests(n0 - x0, n0, n1 - x1, n1), one)
  expect_equal(homogeneity_tests(rev(x0), rev(n0), rev(x1), rev(n1)), one)
})

test_that("strata that say nothing are left out, and one stratum says nothing", {
  two <- homogeneity_tests(c(3, 5), c(10, 12), c(6, 4), c(11, 9))
  more <- homogeneity_tests(c(3, 0, 5, 4, 2), c(10, 7, 12, 4, 5), c(6, 0, 4, 6, 0), c(11, 8, 9, 6, 0))
  expect_equal(more, two)
  expect_equal(homogeneity_tests(3, 10, 6, 11)$p.value, c(1, 1, 1))
  expect_equal(homogeneity_tests(c(0, 0), c(4, 5), c(0, 0), c(6, 7))$p.value, c(1, 1, 1))
  # Every odds ratio is 0.
  expect_equal(homogeneity_tests(c(3, 2), c(10, 8), c(0, 0), c(9, 12))$p.value, c(1, 1, 1))
})

test_that("large and many strata are counted or refused, never guessed", {
  large <- homogeneity_tests(c(7400, 900), c(16000, 3400), c(5800, 700), c(9200, 2200))
  expect_true(all(large$p.value > 0 & large$p.value < 0.01))
  # The three tests agree where counts are large.
  expect_equal(large$p.value[[3]], large$p.value[[2]], tolerance = 0.02)
  apart <- homogeneity_tests(c(10, 900), c(1000, 1000), c(900, 10), c(1000, 1000))
  expect_true(all(apart$p.value < 1e-290))
  many <- rep(20, 12)
  expect_true(is.na(homogeneity_tests(many, 2 * many, many, 2 * many, "zelen")$p.value))
  expect_error(homogeneity_tests(1, 2, 1, 2, "mantel"), class = "her2mod_error_input")
})
