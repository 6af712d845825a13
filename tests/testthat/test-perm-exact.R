# Exact tests of sums. References: every arrangement listed (helper-perm.R, statistics from their
# definitions in helper-numeric.R); coin 1.4-2; stats::wilcox.test (R 4.2.2); for large data the
# number of subsets by dynamic programming, and Monte Carlo, both in base R.

p_exact <- function(..., method = "exact") {
  found <- perm_test(..., method = method, progress = FALSE)
  stopifnot(is.na(found$R))
  found$p.value
}

designs <- list(
  ties = numeric_rows(c(1, 2, 2, 3, 5, 8, 8, 13), c(0, 1, 0, 0, 1, 0, 1, 0)),
  decimals = numeric_rows(c(.1, .4, .5, .6, .1, .3, .2, .2), rep(0:1, 4)),
  negative = numeric_rows(c(-3, 1, 4, -1, 5, -9, 2), c(1, 1, 0, 0, 0, 1, 0)),
  `at the centre` = numeric_rows(c(1, 2, 3, 4), c(1, 0, 0, 1)),
  `rounded centre` = numeric_rows(c(.2, .1, .5, .5, .1, .1, .6, .5), rep(0:1, each = 4)),
  `one of seven` = numeric_rows(c(2.5, 3, 3, 7, 8, 9.25, 40), c(0, 0, 0, 0, 0, 1, 0)),
  `all but one` = numeric_rows(c(2.5, 3, 3, 7, 8, 9.25, 40), c(1, 1, 0, 1, 1, 1, 1)),
  `two centres` = numeric_rows(
    c(1, 3, 3, 7, 20, 22, 25, 31), c(0, 1, 0, 1, 1, 0, 0, 0), rep(c("a", "b"), each = 4)
  ),
  `three centres` = numeric_rows(
    c(.5, 1.5, 2, 10, 14, 11, 100, 130, 90, 95), c(1, 0, 0, 0, 1, 1, 1, 0, 1, 0),
    rep(c("a", "b", "c"), c(3, 3, 4))
  ),
  `one label in a` = numeric_rows(
    c(4, 6, 9, 1, 2, 7, 3), c(1, 1, 1, 0, 1, 0, 1), rep(c("a", "b"), c(3, 4))
  ),
  `constant in a` = numeric_rows(
    c(.3, .3, .3, 1, 2, 7, 3), c(1, 0, 1, 0, 1, 0, 1), rep(c("a", "b"), c(3, 4))
  )
)

test_that("exact p-values are those of every arrangement listed", {
  for (design in names(designs)) {
    rows <- designs[[design]]
    formula <- if (is.null(rows$centre)) y ~ g else y ~ g | centre
    for (name in setdiff(sum_statistics, if (any(rows$y < 0)) "mean_ratio")) {
      for (alternative in alternatives) {
        for (midp in c(FALSE, TRUE)) {
          found <- p_exact(formula, rows, name, alternative = alternative, midp = midp)
          expect_equal(found, naive_test(rows, name, alternative, midp),
            tolerance = 1e-10, label = paste(design, name, alternative, midp)
          )
        }
      }
    }
  }
})

test_that("and so are those of random small data", {
  set.seed(11)
  for (i in 1:40) {
    n <- sample(5:8, 1)
    other <- sample(rep(0:1, c(1, n - 1)[c(1 + i %% 2, 2 - i %% 2)]))
    if (n > 5) other[1:2] <- 0:1
    y <- switch(1 + i %% 4, rexp(n)^3, sample(0:5, n, TRUE), round(rnorm(n, 9), 1), rlnorm(n))
    rows <- numeric_rows(y, other)
    if (length(unique(y)) == 1 || n < 4) next
    for (name in sum_statistics) {
      alternative <- alternatives[[1 + i %% 3]]
      expect_equal(p_exact(y ~ g, rows, name, alternative = alternative),
        naive_test(rows, name, alternative), tolerance = 1e-10,
        label = paste(i, name, alternative)
      )
    }
  }
})

# A ratio is not symmetric in the sum. By hand: of choose(7, 2) = 21 pairs of 0 0 1 2 3 5 8 only 0 0
# has a mean of 0, so T = -Inf; no pair leaves a mean of 0 to the rest: p = 1/21.
test_that("a mean ratio of 0 or Inf is as extreme as Inf only", {
  y <- c(0, 0, 1, 2, 3, 5, 8)
  rows <- numeric_rows(y, c(1, 1, 0, 0, 0, 0, 0))
  for (alternative in c("two.sided", "less")) {
    expect_equal(p_exact(y ~ g, rows, "mean_ratio", alternative = alternative), 1 / 21)
    expect_equal(
      p_exact(y ~ g, rows, "mean_ratio", alternative = alternative, midp = TRUE), 1 / 42
    )
  }
  expect_identical(p_exact(y ~ g, rows, "mean_ratio", alternative = "greater"), 1)
  # -Inf for one of the two zeros alone: 2/7; there is no single value that is as far above.
  one <- numeric_rows(y, c(0, 1, 0, 0, 0, 0, 0))
  expect_equal(p_exact(y ~ g, one, "mean_ratio"), 2 / 7)
  # Two of four zeros, in either group: -Inf, or +Inf when the two others hold both values.
  both <- numeric_rows(c(0, 0, 3, 4), c(1, 1, 0, 0))
  expect_equal(p_exact(y ~ g, both, "mean_ratio"), 2 / 6)
})

test_that("coin agrees on the mean difference and on ranks", {
  skip_if_not_installed("coin")
  set.seed(4)
  for (i in 1:6) {
    y <- if (i %% 2) sample(0:9, 14, TRUE) else sample(100, 14)
    rows <- numeric_rows(y, sample(rep(0:1, c(9, 5))))
    for (alternative in alternatives) {
      # coin's difference is first level minus second.
      coins <- c(two.sided = "two.sided", less = "greater", greater = "less")[[alternative]]
      p <- function(test) {
        as.double(coin::pvalue(test(y ~ g, rows, distribution = "exact", alternative = coins)))
      }
      expect_equal(
        p_exact(y ~ g, rows, "mean_difference", alternative = alternative),
        p(coin::oneway_test), tolerance = 1e-9, label = paste(i, alternative)
      )
      expect_equal(
        p_exact(y ~ g, rows, "win_probability", alternative = alternative),
        p(coin::wilcox_test), tolerance = 1e-9, label = paste(i, alternative)
      )
      expect_equal(
        p_exact(y ~ g, rows, "win_probability", alternative = alternative, midp = TRUE),
        as.double(coin::midpvalue(
          coin::wilcox_test(y ~ g, rows, distribution = "exact", alternative = coins)
        )), tolerance = 1e-9, label = paste(i, alternative)
      )
    }
  }
})

test_that("without ties the win probability is Wilcoxon's exact test, at any size", {
  set.seed(5)
  for (sizes in list(c(4, 6), c(1, 9), c(20, 30), c(45, 35))) {
    a <- rnorm(sizes[[1]])
    b <- rnorm(sizes[[2]], 0.2)
    for (alternative in alternatives) {
      expect_equal(
        p_exact(y ~ g, number_rows(a, b), "win_probability", alternative = alternative),
        wilcox.test(b, a, exact = TRUE, alternative = alternative)$p.value,
        tolerance = 1e-9, label = paste(toString(sizes), alternative)
      )
    }
  }
})

# Without strata Hedges' g, the difference and (one-sided) the ratio order the sums alike.
test_that("one-sided p depends on the order of the sums alone", {
  rows <- numeric_rows(c(1.5, 2, 2.5, 9, 4, 4, 7, 0.5, 3), c(0, 0, 1, 1, 1, 0, 1, 0, 0))
  for (alternative in c("less", "greater")) {
    p <- vapply(sum_statistics[1:3], function(name) {
      p_exact(y ~ g, rows, name, alternative = alternative)
    }, 0)
    expect_equal(unname(p), rep(p[[1]], 3), tolerance = 1e-12)
  }
  expect_equal(
    p_exact(y ~ g, rows, "mean_difference"), p_exact(y ~ g, rows, "standardised_difference")
  )
  # The ratio's two tails are not those of the difference, and differ from them here.
  expect_false(
    isTRUE(all.equal(p_exact(y ~ g, rows, "mean_difference"), p_exact(y ~ g, rows, "mean_ratio")))
  )
})

# --- large data ---------------------------------------------------------------------------------

set.seed(575)
large <- numeric_rows(rlnorm(575), rep(0:1, c(458, 117)), sample(letters[1:4], 575, TRUE))

# The share of R random arrangements (sample(), base R) with a sum as far from its mean.
naive_random_p <- function(rows, R, two_sided = TRUE) {
  centre <- if (is.null(rows$centre)) rep(1, nrow(rows)) else rows$centre
  parts <- lapply(split(rows, centre), function(part) list(y = part$y, m = sum(part$g == "oth")))
  sums <- vapply(seq_len(R), function(b) {
    sum(vapply(parts, function(p) sum(p$y[sample.int(length(p$y), p$m)]), 0))
  }, 0)
  seen <- sum(rows$y[rows$g == "oth"])
  mean <- sum(vapply(parts, function(p) p$m * base::mean(p$y), 0))
  if (two_sided) sum(abs(sums - mean) >= abs(seen - mean) - 1e-9) else sum(sums >= seen - 1e-9)
}

test_that("575 real numbers: certified bounds that agree to three digits and hold Monte Carlo", {
  found <- perm_test(y ~ g, large, "mean_difference", method = "exact")
  expect_match(found$by, "certified bounds")
  bounds <- found$p.interval
  expect_lte(bounds[[1]], bounds[[2]])
  expect_lte(bounds[[2]] - bounds[[1]], 5e-4 * bounds[[2]])
  expect_identical(found$p.value, bounds[[2]])
  set.seed(1)
  R <- 1e5
  exceeding <- naive_random_p(large[c("y", "g")], R)
  wide <- binom.test(exceeding, R, conf.level = 0.9999)$conf.int
  expect_gt(bounds[[1]], wide[[1]])
  expect_lt(bounds[[2]], wide[[2]])
  # In four strata.
  found <- perm_test(y ~ g | centre, large, "mean_difference", alternative = "greater")
  expect_match(found$method, "Exact")
  set.seed(2)
  wide <- binom.test(naive_random_p(large, 2e4, FALSE), 2e4, conf.level = 0.9999)$conf.int
  expect_gt(found$p.interval[[1]], wide[[1]])
  expect_lt(found$p.interval[[2]], wide[[2]])
})

# Number of subsets by size and sum, one value after the other; R = 4.2.2.
subset_counts <- function(y, m) {
  most <- sum(sort(y, decreasing = TRUE)[seq_len(m)])
  ways <- matrix(0, m + 1, most + 1)
  ways[1, 1] <- 1
  for (v in y) {
    keep <- seq_len(most + 1 - v)
    ways[-1, v + keep] <- ways[-1, v + keep] + ways[-(m + 1), keep]
  }
  ways[m + 1, ]
}

test_that("575 whole numbers: dynamic programming in base R", {
  set.seed(9)
  y <- rpois(575, 2)
  rows <- numeric_rows(y, rep(0:1, c(458, 117)))
  ways <- subset_counts(y, 117)
  probability <- ways / choose(575, 117)
  sums <- seq_along(ways) - 1
  seen <- sum(y[rows$g == "oth"])
  centre <- 117 * mean(y)
  expected <- c(
    two.sided = sum(probability[abs(sums - centre) >= abs(seen - centre) - 1e-9]),
    less = sum(probability[sums <= seen]), greater = sum(probability[sums >= seen])
  )
  for (alternative in alternatives) {
    found <- perm_test(y ~ g, rows, "mean_difference", alternative = alternative)
    expect_equal(found$p.value, expected[[alternative]], tolerance = 1e-9)
    expect_equal(found$p.interval[[1]], expected[[alternative]], tolerance = 1e-9)
  }
  expect_equal(
    p_exact(y ~ g, rows, "mean_difference", alternative = "greater", midp = TRUE),
    expected[["greater"]] - probability[[seen + 1]] / 2, tolerance = 1e-9
  )
})

# The 117 largest of 575: one arrangement of choose(575, 117).
test_that("the far end keeps its relative accuracy", {
  y <- sort(large$y)
  rows <- numeric_rows(y, rep(0:1, c(458, 117)))
  for (name in sum_statistics) {
    expect_equal(
      log(p_exact(y ~ g, rows, name, alternative = "greater")), -lchoose(575, 117),
      tolerance = 1e-9, label = name
    )
  }
})

test_that("units of measurement do not matter", {
  rows <- numeric_rows(c(1, 2.5, 2.5, 7, 11, 3, 4, 8), rep(0:1, c(5, 3)))
  for (name in sum_statistics) {
    p <- p_exact(y ~ g, rows, name)
    for (unit in c(2^-900, 1e-12, 1e6, 2^900)) {
      scaled <- transform(rows, y = y * unit)
      # Squares of such numbers are beyond what a double holds.
      if (name == "standardised_difference" && !unit %in% c(1e-12, 1e6)) next
      expect_equal(p_exact(y ~ g, scaled, name), p, label = paste(name, unit))
    }
    if (name == "mean_ratio") next
    expect_equal(p_exact(y ~ g, transform(rows, y = y - 1e6), name), p, label = name)
  }
  # Large data: the same bounds.
  whole <- perm_test(y ~ g, large, "mean_difference")
  scaled <- perm_test(y ~ g, transform(large, y = y * 2^300), "mean_difference")
  expect_identical(scaled$p.interval, whole$p.interval)
})

# --- what has no choice, and what has no exact answer -------------------------------------------

test_that("where nothing can change p = 1, silently", {
  cases <- list(
    constant = numeric_rows(rep(.1, 11), rep(0:1, c(4, 7))),
    `constant in each centre` = numeric_rows(
      rep(c(.1, .3), c(9, 11)), c(0, 0, 0, rep(1, 6), rep(0, 6), rep(1, 5)), rep(1:2, c(9, 11))
    ),
    `one label a centre` = numeric_rows(c(1, 2, 3, 4, 5), c(0, 0, 1, 1, 1), rep(1:2, 2:3))
  )
  for (case in names(cases)) {
    rows <- cases[[case]]
    formula <- if (is.null(rows$centre)) y ~ g else y ~ g | centre
    for (name in c(sum_statistics, "median_difference", "kruskal_wallis")) {
      for (alternative in if (name == "kruskal_wallis") "greater" else alternatives) {
        for (method in c("auto", "monte_carlo")) {
          expect_silent(found <- perm_test(formula, rows, name,
            method = method, alternative = alternative, midp = method == "auto", R = 99, seed = 1
          ))
          label <- paste(case, name, alternative, method)
          expect_identical(found$p.value, 1, label = label)
          expect_identical(found$p.interval, c(1, 1), label = label)
        }
      }
    }
  }
  expect_true(any(grepl("every arrangement gives the same value", format(found), fixed = TRUE)))
})

test_that("a statistic without a value has p = 1, and no null distribution", {
  zero <- perm_test(y ~ g, numeric_rows(rep(0, 4), c(0, 0, 1, 1)), "mean_ratio")
  # No degrees of freedom for Hedges' correction.
  two <- perm_test(y ~ g, numeric_rows(1:2, 0:1), "standardised_difference")
  for (found in list(zero, two)) {
    expect_identical(found$p.value, 1)
    expect_true(any(grepl("has no value in these data", format(found), fixed = TRUE)))
    expect_error(null_distribution(found), class = "her2mod_error_data")
  }
})

# Thirty of sixty: too many to list.
test_that("what is not a function of one sum is Monte Carlo where there are many, and says so", {
  set.seed(6)
  rows <- numeric_rows(round(rexp(60), 1), rep(0:1, 30))
  for (statistic in list(
    "median_difference", stat_quantile_difference(0.25), stat_standardised_difference("balance"),
    "kruskal_wallis", "chi_squared", "standardised_distance"
  )) {
    categorical <- list(statistic) %in% list("chi_squared", "standardised_distance")
    data <- if (categorical) transform(rows, y = round(y)) else rows
    found <- perm_test(y ~ g, data, statistic, R = 99, seed = 1)
    expect_equal(found$R, 99)
    expect_true(any(grepl("not exact: .* is not a function of one group's sum", format(found))))
    error <- expect_error(
      perm_test(y ~ g, data, statistic, method = "exact"), class = "her2mod_error_input"
    )
    expect_identical(error$arg, "method")
  }
})

test_that("what would take too long is Monte Carlo, and says so", {
  set.seed(3)
  rows <- numeric_rows(rlnorm(2e4), rep(0:1, 1e4), rep(1:4000, each = 5))
  found <- perm_test(y ~ g | centre, rows, "mean_difference", R = 49, seed = 1)
  expect_equal(found$R, 49)
  expect_true(any(grepl("would take more than about 2 seconds", format(found), fixed = TRUE)))
})

# --- input --------------------------------------------------------------------------------------

test_that("the same data in any dress give the same p", {
  rows <- numeric_rows(c(3, 9, 4, 4, 1, 8, 2, 6), c(0, 1, 0, 1, 0, 1, 1, 0))
  p <- p_exact(y ~ g, rows, "mean_difference")
  expect_equal(p, naive_test(rows, "mean_difference", "two.sided"))
  shuffled <- rows[c(5, 2, 8, 1, 7, 3, 6, 4), ]
  expect_identical(p_exact(y ~ g, shuffled, "mean_difference"), p)
  text <- transform(rows, g = as.character(g))
  expect_equal(p_exact(y ~ g, text, "mean_difference", ref = "ref"), p)
  unused <- transform(rows, g = factor(g, c("none", "ref", "oth")))
  expect_identical(p_exact(y ~ g, unused, "mean_difference"), p)
  weighted <- data.frame(y = c(4, 4, rows$y[-3:-4]), g = rows$g[c(3, 4, 1, 2, 5:8)], w = 1)
  expect_identical(p_exact(y ~ g, weighted, "mean_difference", weights = w), p)
  twice <- rbind(rows, rows)
  expect_identical(
    p_exact(y ~ g, transform(rows, w = 2), "mean_difference", weights = w),
    p_exact(y ~ g, twice, "mean_difference")
  )
  if (requireNamespace("tibble", quietly = TRUE)) {
    expect_identical(p_exact(y ~ g, tibble::as_tibble(rows), "mean_difference"), p)
  }
  logical <- transform(rows, y = y > 3)
  expect_equal(
    p_exact(y ~ g, logical, "mean_difference"), p_exact(y ~ g, logical, "risk_difference")
  )
  # Swapped groups swap the alternatives.
  for (name in sum_statistics) {
    expect_equal(
      p_exact(y ~ g, rows, name, alternative = "less"),
      p_exact(y ~ g, rows, name, alternative = "greater", ref = "oth"), label = name
    )
    expect_equal(p_exact(y ~ g, rows, name), p_exact(y ~ g, rows, name, ref = "oth"), label = name)
  }
})

test_that("bad responses are refused, missing ones dropped and counted", {
  rows <- numeric_rows(c(3, 9, 4, 4, 1, 8), rep(0:1, 3))
  gap <- rbind(rows, numeric_rows(c(NA, NaN), 0:1))
  found <- perm_test(y ~ g, gap, "mean_difference")
  expect_equal(found$n_dropped, 2)
  expect_identical(found$p.value, p_exact(y ~ g, rows, "mean_difference"))
  expect_error(
    perm_test(y ~ g, gap, "mean_difference", na.action = na.fail), class = "her2mod_error_data"
  )
  for (y in list(Inf, -Inf)) {
    expect_error(perm_test(y ~ g, rbind(rows, numeric_rows(y, 1)), "mean_difference"),
      class = "her2mod_error_data"
    )
  }
  expect_error(
    perm_test(y ~ g, transform(rows, y = -y), "mean_ratio"), class = "her2mod_error"
  )
  for (y in list(letters[1:6], factor(1:6))) {
    expect_error(
      perm_test(y ~ g, data.frame(y = y, g = rows$g), "mean_difference"),
      class = "her2mod_error_input"
    )
  }
  expect_error(
    perm_test(y ~ g, rows[rows$g == "ref", ], "mean_difference"), class = "her2mod_error_data"
  )
  expect_error(perm_test(y ~ 1, rows, "mean_difference"), class = "her2mod_error_input")
})
