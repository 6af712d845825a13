# References: every arrangement listed (helper-perm.R); stats::fisher.test one-sided (R 4.2.2); coin
# 1.4-2 (fixtures/permutation_coin.csv, made by tests/reference/permutation_coin.R).

p_of <- function(...) perm_test(..., progress = FALSE)$p.value
monte_carlo <- function(formula, data, ..., R = 999, seed = 1) {
  perm_test(formula, data, ..., method = "monte_carlo", R = R, seed = seed, progress = FALSE)
}

test_that("exact p-values are those of every arrangement listed", {
  designs <- list(
    list(a = c(1, 4, 3, 4)), list(a = c(2, 7, 4, 5)),
    list(a = c(0, 5, 3, 6)), list(a = c(3, 6, 3, 6)),
    list(a = c(5, 5, 2, 7)), list(a = c(0, 1, 4, 9)),
    list(a = c(1, 3, 2, 4), b = c(0, 2, 3, 5)), list(
      a = c(2, 2, 1, 3), b = c(1, 4, 2, 2), c = c(0, 1, 1, 2)
    ),
    list(a = c(1, 3, 2, 3), b = c(1, 2, 0, 1)), list(a = c(1, 1, 0, 4), b = c(2, 5, 3, 3))
  )
  for (design in designs) {
    rows <- centre_rows(design)
    for (name in c("risk_difference", "risk_ratio", "odds_ratio")) {
      for (alternative in alternatives) {
        expect_equal(p_of(y ~ g | centre, rows, name, alternative = alternative),
          naive_permutation_p(rows, name, alternative),
          tolerance = 1e-10, label = paste(name, alternative, toString(unlist(design)))
        )
      }
    }
  }
})

test_that("every small table: the difference without strata is Fisher's one-sided test", {
  for (i in seq_len(nrow(tables <- all_tables(c(2, 5), 4)))) {
    t <- tables[i, ]
    rows <- patient_rows(t$x0, t$n0, t$x1, t$n1)
    counts <- rbind(c(t$x1, t$n1 - t$x1), c(t$x0, t$n0 - t$x0))
    for (alternative in c("less", "greater")) {
      expect_equal(
        p_of(y ~ g, rows, alternative = alternative),
        fisher.test(counts, alternative = alternative)$p.value, tolerance = 1e-9
      )
    }
  }
})

# The three effects order the tables of fixed margins in the same way.
test_that("one-sided p does not depend on the effect", {
  rows <- patient_rows(6, 49, 13, 68)
  p <- vapply(
    c("risk_difference", "risk_ratio", "odds_ratio"),
    function(name) p_of(y ~ g, rows, name, alternative = "greater"), 0
  )
  expect_equal(unname(p), rep(p[[1]], 3), tolerance = 1e-12)
})

# P(|X - E X| >= |x - E X|) for the difference without strata, by dhyper.
test_that("two-sided p counts arrangements at least as far from the expected table", {
  for (t in list(c(6, 49, 13, 68), c(211, 458, 19, 117), c(1, 7, 4, 5), c(3, 30, 30, 60))) {
    rows <- do.call(patient_rows, as.list(t))
    m <- t[[1]] + t[[3]]
    k <- max(0, m - t[[2]]):min(m, t[[4]])
    mass <- dhyper(k, t[[4]], t[[2]], m)
    centre <- m * t[[4]] / (t[[2]] + t[[4]])
    expect_equal(
      p_of(y ~ g, rows), sum(mass[abs(k - centre) >= abs(t[[3]] - centre) - 1e-9]),
      tolerance = 1e-10
    )
  }
})

test_that("coin agrees: exactly without strata, within its Monte Carlo error with them", {
  peer <- read.csv(test_path("fixtures", "permutation_coin.csv"))
  # The designs of the script.
  cases <- list(
    dual = list(one = c(6, 49, 13, 68)), small = list(one = c(1, 7, 4, 5)),
    centres = list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40))
  )
  for (i in seq_len(nrow(peer))) {
    p <- p_of(
      y ~ g | centre, centre_rows(cases[[peer$case[[i]]]]), alternative = peer$alternative[[i]]
    )
    expect_lt(
      abs(p - peer$p.value[[i]]), 4 * peer$mc.error[[i]] + 1e-9,
      label = paste(peer$case[[i]], peer$alternative[[i]])
    )
  }
})

test_that("the exact null distribution adds to 1 and has the hypergeometric mean and variance", {
  null <- perm_test(
    y ~ g | centre, centre_rows(list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40)))
  )$null
  expect_equal(sum(null$probability), 1, tolerance = 1e-12)
  mean <- 13 * 16 / 36 + 34 * 40 / 70
  variance <- 13 * 16 * 20 * 23 / (36^2 * 35) + 34 * 40 * 30 * 36 / (70^2 * 69)
  expect_equal(sum(null$probability * null$x1), mean, tolerance = 1e-11)
  expect_equal(sum(null$probability * (null$x1 - mean)^2), variance, tolerance = 1e-10)
})

test_that("a permutation that can change nothing has p = 1", {
  for (events in list(c(0, 0), c(5, 7))) {
    rows <- patient_rows(events[[1]], 5, events[[2]], 7)
    for (method in c("exact", "monte_carlo")) {
      for (alternative in alternatives) {
        found <- perm_test(
          y ~ g, rows, method = method, alternative = alternative, R = 99, seed = 1,
          progress = FALSE
        )
        expect_identical(found$p.value, 1)
        expect_identical(found$p.interval, c(1, 1))
      }
    }
    # ratios 0/0 or 1 alike
    expect_identical(p_of(y ~ g, rows, "odds_ratio"), 1)
  }
  # within strata: every stratum is constant although the whole is not
  rows <- centre_rows(list(a = c(3, 3, 2, 2), b = c(0, 4, 0, 5)))
  expect_identical(p_of(y ~ g | centre, rows), 1)
  expect_lt(p_of(y ~ g, rows, alternative = "two.sided"), 1 + 1e-12)
})

test_that("strata change the test, and both ways to give them are the same", {
  rows <- centre_rows(list(a = c(8, 10, 25, 30), b = c(2, 30, 1, 8)))
  by_bar <- perm_test(y ~ g | centre, rows)
  expect_identical(by_bar$p.value, p_of(y ~ g, rows, strata = centre))
  # Confounded by centre: without strata the groups seem to differ.
  expect_lt(p_of(y ~ g, rows), 0.001)
  expect_gt(by_bar$p.value, 0.5)
  expect_identical(by_bar$strata, c("a", "b"))
})

# --- Monte Carlo
# ------------------------------------------------------------------------------------

test_that("a Monte Carlo p is (b + 1)/(R + 1), never 0, with its exact interval", {
  rows <- patient_rows(0, 10, 10, 10)
  found <- monte_carlo(y ~ g, rows)
  # 2 of choose(20, 10) arrangements: none in 999
  expect_identical(found$exceeding, 0L)
  expect_identical(found$p.value, 1 / 1000)
  expect_equal(found$p.interval, as.vector(binom.test(0, 999)$conf.int), tolerance = 1e-10)
  some <- monte_carlo(y ~ g, patient_rows(6, 49, 13, 68))
  expect_identical(some$p.value, (some$exceeding + 1) / 1000)
  expect_equal(
    some$p.interval, as.vector(binom.test(some$exceeding, 999)$conf.int), tolerance = 1e-9
  )
  expect_identical(monte_carlo(y ~ g, rows, R = 1)$p.value, 1 / 2)
})

test_that("ties count: b is the number of replicates at least as extreme", {
  rows <- patient_rows(2, 5, 3, 5)
  found <- monte_carlo(y ~ g, rows, R = 4999)
  expect_equal(sum(abs(found$replicates) >= 0.2 - 1e-9), found$exceeding)
  # the observed difference is among the commonest: without ties p would be far too small
  expect_gt(found$p.value, 0.9)
})

test_that("Monte Carlo converges to the exact p", {
  R <- 1e5
  two <- centre_rows(list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40)))
  for (alternative in alternatives) {
    for (name in c("risk_difference", "odds_ratio")) {
      exact <- p_of(y ~ g | centre, two, name, alternative = alternative)
      drawn <- monte_carlo(y ~ g | centre, two, statistic = name, alternative = alternative, R = R)
      expect_lt(abs(drawn$exceeding / R - exact), 5 * sqrt(exact * (1 - exact) / R))
    }
  }
  # the whole distribution, not only its tail
  one <- monte_carlo(y ~ g, patient_rows(2, 7, 4, 5), R = R)
  x1 <- round((one$replicates + 6 / 7) / (1 / 5 + 1 / 7))
  expected <- dhyper(0:5, 5, 7, 6) * R
  observed <- tabulate(x1 + 1, 6)[1:6]
  expect_gt(
    chisq.test(observed[expected > 5], p = expected[expected > 5], rescale.p = TRUE)$p.value, 1e-5
  )
})

test_that("labels are permuted within strata only", {
  rows <- centre_rows(list(a = c(1, 1, 0, 4), b = c(2, 5, 3, 3)))
  drawn <- monte_carlo(y ~ g | centre, rows, R = 999)
  # by hand: one event of five in centre a, five of eight in centre b with three "oth"
  possible <- sort(unique(naive_arrangements(rows)))
  expect_setequal(round(drawn$replicates, 10), round(possible / 7 - (6 - possible) / 6, 10))
})

test_that("a seed gives the same numbers with any number of threads, and a longer run goes on", {
  rows <- patient_rows(6, 49, 13, 68)
  one <- monte_carlo(y ~ g, rows, R = 9999, seed = 5, threads = 1)
  two <- monte_carlo(y ~ g, rows, R = 9999, seed = 5, threads = 2)
  expect_identical(one[names(one) != "call"], two[names(two) != "call"])
  expect_identical(monte_carlo(y ~ g, rows, R = 999, seed = 5)$replicates, one$replicates[1:999])
  expect_false(
    identical(monte_carlo(y ~ g, rows, R = 999, seed = 6)$replicates, one$replicates[1:999])
  )
  expect_identical(
    monte_carlo(y ~ g, rows[rev(seq_len(nrow(rows))), ], R = 999, seed = 5)$replicates,
    one$replicates[1:999]
  )
  set.seed(4)
  before <- .Random.seed
  monte_carlo(y ~ g, rows)
  p_of(y ~ g, rows)
  expect_identical(.Random.seed, before)
  free <- monte_carlo(y ~ g, rows, seed = NULL)
  set.seed(4)
  expect_identical(monte_carlo(y ~ g, rows, seed = NULL)$replicates, free$replicates)
})

# --- Monte Carlo of any statistic ----------------------------------------------------------------

numbers <- numeric_rows(
  c(2.1, 3.3, 3.3, 0.4, 5.8, 7.7, 1.2, 9, 4.1, 3.3, 6.5, 2.9), rep(0:1, c(7, 5)),
  rep(c("a", "b", "a", "b"), c(3, 4, 3, 2))
)
categories <- transform(numbers, y = c(1, 2, 0, 1, 2, 2, 0, 1, 1, 0, 2, 1))

test_that("replicates are the statistic of the permuted data", {
  cases <- list(
    list("mean_difference", numbers), list("mean_ratio", numbers),
    list("median_difference", numbers), list("win_probability", numbers),
    list(stat_quantile_difference(0.8), numbers, 0.8), list("kruskal_wallis", numbers),
    list(stat_standardised_difference("hedges"), numbers),
    list(stat_standardised_difference("balance"), numbers, 1),
    list("chi_squared", categories), list("standardised_distance", categories)
  )
  for (case in cases) {
    rows <- case[[2]]
    found <- monte_carlo(y ~ g | centre, rows, statistic = case[[1]], R = 25)
    name <- found$spec$name
    parameters <- if (length(case) > 2) case[[3]] else double()
    for (b in seq_len(25)) {
      dealt <- replicate_data(found, b)
      expect_equal(table(dealt$stratum, dealt$group), table(rows$centre, rows$g), label = name,
        ignore_attr = TRUE
      )
      expect_equal(sort(dealt$response), sort(rows$y))
      permuted <- data.frame(y = dealt$response, g = dealt$group)
      expect_equal(found$replicates[[b]], naive_statistic(name, permuted, parameters)$value,
        tolerance = 1e-11, label = paste(name, b)
      )
    }
  }
})

test_that("p, its interval and mid-p count the replicates", {
  for (name in c("mean_difference", "median_difference", "standardised_difference")) {
    for (alternative in alternatives) {
      found <- monte_carlo(y ~ g, numbers, statistic = name, alternative = alternative, R = 799)
      # Without strata the expected sum gives a difference of 0.
      distance <- function(t) switch(alternative, two.sided = abs(t), less = -t, greater = t)
      more <- sum(distance(found$replicates) > distance(found$observed) + 1e-9)
      tied <- sum(abs(distance(found$replicates) - distance(found$observed)) <= 1e-9)
      expect_equal(found$exceeding, more + tied, label = paste(name, alternative))
      expect_identical(found$p.value, (more + tied + 1) / 800)
      expect_equal(
        found$p.interval, as.vector(binom.test(more + tied, 799)$conf.int), tolerance = 1e-9
      )
      # Half of the ties, of which the observed arrangement is one.
      midp <- monte_carlo(
        y ~ g, numbers, statistic = name, alternative = alternative, midp = TRUE, R = 799
      )
      expect_equal(midp$p.value, (more + (tied + 1) / 2) / 800)
    }
  }
})

# Sums of the same numbers in another order differ by rounding. 0.2 + 0.1 + 0.5 + 0.5 is as much as
# 0.1 + 0.1 + 0.6 + 0.5, so T = 0, and every arrangement is at least as far from 0.
test_that("sums that differ by rounding are tied", {
  rows <- numeric_rows(c(.2, .1, .5, .5, .1, .1, .6, .5), rep(0:1, each = 4))
  for (name in c("mean_difference", "standardised_difference", "mean_ratio")) {
    expect_identical(monte_carlo(y ~ g, rows, statistic = name)$p.value, 1, label = name)
    for (alternative in c("less", "greater")) {
      exact <- naive_test(rows, name, alternative)
      drawn <- monte_carlo(y ~ g, rows, statistic = name, alternative = alternative, R = 9999)
      expect_lt(
        abs(drawn$exceeding / 9999 - exact), 5 * sqrt(exact * (1 - exact) / 9999),
        label = paste(name, alternative)
      )
    }
  }
  # 0.15 and (0.1 + 0.2) / 2 are one median.
  medians <- numeric_rows(c(.15, .15, .15, .1, .2, .15), rep(0:1, c(3, 3)))
  expect_identical(monte_carlo(y ~ g, medians, statistic = "median_difference")$p.value, 1)
  balance <- stat_standardised_difference("balance")
  expect_identical(monte_carlo(y ~ g, rows, statistic = balance)$p.value, 1)
})

test_that("a replicate without a value counts as extreme", {
  picky <- stat_custom(function(data, weights) {
    if (data$g[[1]] == "oth") return(NaN)
    mean(data$y[data$g == "oth"]) - mean(data$y[data$g == "ref"])
  })
  rows <- numbers
  found <- monte_carlo(y ~ g, rows, statistic = picky, R = 499)
  lost <- is.nan(found$replicates)
  expect_gt(sum(lost), 0)
  extreme <- lost | abs(found$replicates) >= abs(found$observed) - 1e-9
  expect_identical(found$exceeding, sum(extreme))
  expect_identical(found$p.value, (sum(extreme) + 1) / 500)
  expect_identical(glance(found)$undefined * 499, as.double(sum(lost)))
  expect_true(any(grepl("undefined (counted as extreme)", format(found), fixed = TRUE)))
})

test_that("a statistic of one's own has the replicates of the package's", {
  own <- stat_custom(function(data, weights) {
    mean(data$y[data$g == "oth"]) - mean(data$y[data$g == "ref"])
  })
  centres <- transform(numbers, y = y + 10 * (centre == "b"))
  for (alternative in alternatives) {
    mine <- perm_test(y ~ g, numbers, own, method = "exact", alternative = alternative)
    expect_equal(
      mine$p.value, naive_test(numbers[c("y", "g")], "mean_difference", alternative)
    )
  }
  # Its two-sided test is about the value of no effect, also with strata.
  mine <- perm_test(y ~ g | centre, centres, own, method = "exact")
  deals <- naive_deals(centres$g == "oth", centres$centre)
  expect_equal(mine$p.value, naive_tail(
    naive_null(centres, "mean_difference", deals),
    naive_statistic("mean_difference", centres)$value, 0, "two.sided"
  ))
})

test_that("every arrangement is as likely as any other", {
  evenly <- function(labels, arrangements) {
    seen <- table(apply(labels, 2, paste, collapse = ""))
    expect_length(seen, arrangements)
    expect_gt(chisq.test(seen)$p.value, 1e-5)
  }
  draw <- function(...) cpp_permutation_labels(cohort_of(data.frame(...)), 1, 1, 20000)
  three <- function(...) factor(c(...), c("r", "s", "t"))
  two <- function(...) factor(c(...), c("r", "s"))
  evenly(draw(y = 1:6, g = two("r", "r", "r", "s", "s", "s")), 20)
  evenly(draw(y = 1:7, g = two("r", "s", "s", "s", "s", "r", "s")), 21)
  evenly(draw(y = 1:6, g = three("r", "r", "s", "s", "t", "t")), 90)
  # strata of 3 (one of two kinds) and 4 (two and two): 3 * 6
  evenly(draw(y = 1:7, g = two("r", "r", "s", "s", "s", "r", "r"), centre = rep(1:2, 3:4)), 18)
  # six clusters as wholes, two of them in s
  cluster <- rep(1:6, c(1, 2, 3, 1, 2, 1))
  whole <- draw(y = 1:10, g = two(c("r", "s", "r", "r", "s", "r")[cluster]), cluster = cluster)
  evenly(whole, 15)
  expect_equal(whole, apply(whole, 2, ave, cluster))
})

# --- several groups -----------------------------------------------------------------------------

test_that("several groups: the share of replicates is that of all orders of the labels", {
  rows <- data.frame(
    y = c(3, 1, 4, 1, 5, 9, 2), g = factor(c("a", "b", "c", "a", "b", "c", "c")),
    centre = rep(1:2, 3:4)
  )
  within <- function() {
    first <- naive_orders(as.character(rows$g[1:3]))
    second <- naive_orders(as.character(rows$g[4:7]))
    pick <- expand.grid(seq_len(ncol(first)), seq_len(ncol(second)))
    rbind(first[, pick[[1]]], second[, pick[[2]]])
  }
  for (name in c("kruskal_wallis", "chi_squared")) {
    value <- function(labels) {
      data <- data.frame(y = rows$y, g = factor(labels))
      (if (name == "chi_squared") naive_chi_squared else naive_kruskal_wallis)(data)[[1]]
    }
    for (formula in list(y ~ g, y ~ g | centre)) {
      orders <- if (length(formula[[3]]) > 1) within() else naive_orders(as.character(rows$g))
      t <- apply(orders, 2, value)
      p <- naive_tail(t, value(rows$g), 0, "greater")
      label <- paste(name, deparse1(formula))
      expect_equal(perm_test(formula, rows, name)$p.value, p, label = label)
      drawn <- monte_carlo(formula, rows, statistic = name, R = 4999)
      expect_lte(abs(drawn$exceeding / 4999 - p), 5 * sqrt(p * (1 - p) / 4999))
      expect_setequal(round(drawn$replicates, 8), round(t, 8))
    }
  }
})

# coin 1.4-2: both are Monte Carlo, so five joint standard errors.
test_that("coin agrees on several groups, in 1, 4 and 10 strata", {
  skip_if_not_installed("coin")
  set.seed(21)
  R <- 9999
  for (strata in c(1, 4, 10)) {
    n <- 80
    rows <- data.frame(
      g = factor(sample(c("a", "b", "c"), n, TRUE)), block = factor(rep_len(seq_len(strata), n))
    )
    rows$y <- round(rnorm(n) + 0.4 * (rows$g == "b"), 1)
    rows$k <- factor(sample(1:3, n, TRUE, c(5, 3, 2)))
    coin_p <- function(test) {
      as.double(coin::pvalue(test(distribution = coin::approximate(nresample = R))))
    }
    near <- function(p, coins, label) {
      expect_lt(abs(p - coins), 5 * sqrt(2 * coins * (1 - coins) / R) + 1 / R, label = label)
    }
    if (strata == 1) {
      # With blocks coin ranks all and adds the blocks' statistics up: another statistic.
      near(
        monte_carlo(y ~ g, rows, statistic = "kruskal_wallis", R = R)$p.value,
        coin_p(function(...) coin::kruskal_test(y ~ g, rows, ...)), "kruskal"
      )
      near(
        monte_carlo(k ~ g, rows, statistic = "chi_squared", R = R)$p.value,
        coin_p(function(...) coin::chisq_test(k ~ g, rows, ...)), "chi-squared"
      )
    }
    pair <- droplevels(rows[rows$g != "c", ])
    near(
      monte_carlo(y ~ g | block, pair, statistic = "mean_difference", R = R)$p.value,
      coin_p(function(...) coin::oneway_test(y ~ g | block, pair, ...)), paste("blocks", strata)
    )
  }
})

test_that("a distance and a test statistic have an upper tail only", {
  for (name in c("standardised_distance", "chi_squared", "kruskal_wallis")) {
    found <- monte_carlo(y ~ g, categories, statistic = name, R = 499)
    expect_identical(found$alternative, "greater")
    expect_equal(found$exceeding, sum(found$replicates >= found$observed - 1e-9), label = name)
    expect_identical(
      monte_carlo(y ~ g, categories, statistic = name, alternative = "greater", R = 499)$p.value,
      found$p.value
    )
    error <- expect_error(
      perm_test(y ~ g, categories, name, alternative = "less"), class = "her2mod_error_input"
    )
    expect_identical(error$arg, "alternative")
  }
})

# --- clusters -----------------------------------------------------------------------------------

cluster_rows <- function(sizes, other, y) {
  id <- rep(seq_along(sizes), sizes)
  cbind(numeric_rows(y, other[id]), id = id)
}
unequal <- cluster_rows(
  c(1, 2, 3, 2, 4, 1), c(1, 0, 0, 1, 0, 1), c(5, 1, 2, 7, 6, 9, 3, 4, 2, 2, 8, 1, 6)
)

test_that("clusters of one group each are relabelled as wholes", {
  equal <- cluster_rows(rep(2, 6), c(1, 0, 0, 1, 0, 1), c(5, 1, 2, 7, 6, 9, 3, 4, 2, 2, 8, 1))
  deals <- naive_deals(c(1, 0, 0, 1, 0, 1) == 1)
  for (name in sum_statistics) {
    for (alternative in alternatives) {
      label <- paste(name, alternative)
      found <- perm_test(y ~ g, equal, name, cluster = id, alternative = alternative)
      expect_identical(found$R, NA_real_)
      expect_equal(found$p.value, naive_test(equal, name, alternative, deals = deals[equal$id, ]),
        label = label
      )
      # Clusters of different sizes: the groups' sizes vary too, so the centre is no effect.
      t <- naive_null(unequal, name, deals[unequal$id, ])
      seen <- naive_statistic(name, unequal)$value
      p <- naive_tail(t, seen, if (name == "win_probability") 0.5 else 0, alternative)
      exact <- perm_test(y ~ g, unequal, name, cluster = id, alternative = alternative)
      expect_equal(exact$p.value, p, label = label)
      drawn <- monte_carlo(
        y ~ g, unequal, statistic = name, cluster = id, alternative = alternative, R = 4999
      )
      expect_lt(abs(drawn$exceeding / 4999 - p), 5 * sqrt(p * (1 - p) / 4999) + 1e-9, label = label)
    }
  }
})

test_that("with clusters of different sizes too a shift of all responses changes nothing", {
  p <- function(by, ...) {
    rows <- transform(unequal, y = y + by)
    vapply(c("mean_difference", "standardised_difference", "win_probability"), function(name) {
      monte_carlo(y ~ g, rows, statistic = name, cluster = id, ...)$p.value
    }, 0)
  }
  for (by in c(10, 1000)) {
    expect_identical(p(by), p(0))
    expect_identical(p(by, alternative = "less"), p(0, alternative = "less"))
  }
})

test_that("many clusters of different sizes are Monte Carlo, and the print says why", {
  set.seed(31)
  sizes <- rep(1:4, each = 10)
  rows <- cluster_rows(sizes, rep_len(c(0, 1, 1, 0), 40), round(rnorm(sum(sizes)), 1))
  found <- perm_test(y ~ g, rows, "mean_difference", cluster = id, R = 99, seed = 1)
  lines <- format(found)
  expect_true(any(grepl(
    "not exact: clusters of different sizes are permuted as wholes", lines, fixed = TRUE
  )))
  expect_true(any(grepl("permuted within the whole sample, clusters as wholes", lines)))
  expect_true(any(grepl("40 clusters", lines, fixed = TRUE)))
  # Of one size within each stratum is enough to be exact.
  strata <- transform(rows, centre = sizes[id])
  exact <- perm_test(y ~ g | centre, strata, "mean_difference", cluster = id)
  expect_match(exact$method, "Exact")
  expect_match(exact$by, "dynamic|characteristic")
  drawn <- monte_carlo(
    y ~ g | centre, strata, statistic = "mean_difference", cluster = id, R = 9999
  )
  expect_lt(
    abs(drawn$exceeding / 9999 - exact$p.value),
    5 * sqrt(exact$p.value * (1 - exact$p.value) / 9999)
  )
})

test_that("labels are permuted within clusters that hold several groups", {
  rows <- cbind(
    numeric_rows(c(5, 1, 2, 7, 6, 9, 3, 4, 2), c(1, 0, 0, 1, 0, 1, 1, 1, 0)),
    id = rep(1:3, c(4, 3, 2))
  )
  deals <- naive_deals(rows$g == "oth", rows$id)
  for (name in sum_statistics) {
    found <- perm_test(y ~ g, rows, name, cluster = id)
    expect_equal(found$p.value, naive_test(rows, name, "two.sided", deals = deals), label = name)
    expect_true(any(grepl("permuted within clusters", format(found), fixed = TRUE)))
  }
  # It is what strata are.
  expect_equal(
    perm_test(y ~ g, rows, "mean_difference", cluster = id)$p.value,
    perm_test(y ~ g | id, rows, "mean_difference")$p.value
  )
})

# Swapped labels turn the sign of a pair's difference: 2^6 sign vectors.
test_that("pairs are flipped signs", {
  d <- c(1.5, -0.5, 2, 0, 3, 1.5)
  rows <- data.frame(
    y = c(10 + d, rep(10, 6)), g = factor(rep(c("oth", "ref"), each = 6), c("ref", "oth")),
    pair = rep(1:6, 2)
  )
  sums <- as.matrix(expand.grid(rep(list(c(-1, 1)), 6))) %*% d
  for (alternative in alternatives) {
    for (midp in c(FALSE, TRUE)) {
      found <- perm_test(
        y ~ g, rows, "mean_difference", cluster = pair, alternative = alternative, midp = midp
      )
      expect_equal(found$p.value, naive_tail(as.vector(sums), sum(d), 0, alternative, midp))
    }
  }
  drawn <- monte_carlo(y ~ g, rows, statistic = "mean_difference", cluster = pair)
  expect_setequal(round(drawn$replicates, 10), round(unique(as.vector(sums)) / 6, 10))
})

# --- level --------------------------------------------------------------------------------------

# Each arrangement as the observed one: under the null they are equally likely.
test_that("the test holds its level, mid-p on average", {
  y <- c(1, 1, 2, 4, 7, 7, 7, 12)
  deals <- naive_deals(rep(c(TRUE, FALSE), c(3, 5)))
  p <- function(name, ...) {
    apply(deals, 2, function(other) {
      perm_test(y ~ g, numeric_rows(y, other), name, method = "exact", ...)$p.value
    })
  }
  for (name in c("mean_difference", "mean_ratio", "median_difference")) {
    two <- p(name)
    for (a in unique(two)) expect_lte(mean(two <= a), a + 1e-12)
  }
  # One-sided the attained levels are met exactly, and mid-p is 1/2 on average.
  one <- p("mean_difference", alternative = "greater")
  for (a in unique(one)) expect_equal(mean(one <= a), a)
  expect_equal(mean(p("mean_difference", alternative = "greater", midp = TRUE)), 0.5)
  expect_equal(
    p("mean_difference", alternative = "greater", midp = TRUE) +
      p("mean_difference", alternative = "less", midp = TRUE), rep(1, ncol(deals))
  )
  # Monte Carlo with few replicates: each arrangement with seeds of its own.
  few <- unlist(lapply(1:8, function(repeated) {
    apply(rbind(seq_len(ncol(deals)), deals), 2, function(column) {
      monte_carlo(y ~ g, numeric_rows(y, column[-1]), statistic = "mean_difference",
        R = 9, seed = 1000 * repeated + column[[1]]
      )$p.value
    })
  }))
  for (a in (1:5) / 10) expect_lte(mean(few <= a), a + 4 * sqrt(a * (1 - a) / length(few)))
})

# --- the result
# -------------------------------------------------------------------------------------

test_that("the result is a htest with a plain double p", {
  found <- perm_test(y ~ g, patient_rows(6, 49, 13, 68))
  expect_s3_class(found, c("her2_perm", "htest"), exact = TRUE)
  expect_type(found$p.value, "double")
  expect_null(attributes(found$p.value))
  expect_equal(found$statistic, c("risk difference" = 13 / 68 - 6 / 49))
  expect_equal(unname(found$estimate), 13 / 68 - 6 / 49)
  expect_identical(found$null.value, c("risk difference" = 0))
  expect_identical(found$alternative, "two.sided")
  expect_match(found$method, "Exact")
  ratio <- perm_test(y ~ g, patient_rows(6, 49, 13, 68), "risk_ratio", ref = "oth")
  expect_equal(unname(ratio$estimate), (6 / 49) / (13 / 68))
  expect_identical(unname(ratio$null.value), 1)
  # R's own print of a htest can show it
  expect_output(stats:::print.htest(found), "p-value = 0.4471")
})

test_that("swapping the groups swaps the alternatives", {
  rows <- patient_rows(6, 49, 13, 68)
  expect_equal(
    p_of(y ~ g, rows, alternative = "less"),
    p_of(y ~ g, rows, ref = "oth", alternative = "greater"), tolerance = 1e-12
  )
  expect_equal(p_of(y ~ g, rows), p_of(y ~ g, rows, ref = "oth"), tolerance = 1e-12)
  expect_equal(
    p_of(y ~ g, rows, "odds_ratio"), p_of(1 - y ~ g, rows, "odds_ratio"), tolerance = 1e-12
  )
})

test_that("aggregated, weighted and patient rows are the same test", {
  rows <- patient_rows(6, 49, 13, 68)
  table <- data.frame(g = factor(c("ref", "oth"), c("ref", "oth")), e = c(6, 13), n = c(49, 68))
  weighted <- data.frame(g = rep(table$g, 2), y = rep(1:0, each = 2), w = c(6, 13, 43, 55))
  p <- p_of(y ~ g, rows)
  expect_identical(p_of(cbind(e, n - e) ~ g, table), p)
  expect_identical(p_of(y ~ g, weighted, weights = w), p)
  expect_identical(p_of(y ~ g, rbind(rows, rows), subset = 1:234 <= 117), p)
})

test_that("missing rows are dropped and counted; wrong options are refused", {
  rows <- patient_rows(6, 49, 13, 68)
  rows$y[[1]] <- NA
  found <- perm_test(y ~ g, rows)
  expect_equal(found$n_dropped, 1)
  expect_true(any(grepl("1 row with missing values dropped", format(found), fixed = TRUE)))
  refused <- function(..., arg) {
    error <- expect_error(perm_test(y ~ g, rows, ...), class = "her2mod_error_input")
    expect_identical(error$arg, arg)
  }
  refused("logrank", arg = "statistic")
  refused(method = "asymptotic", arg = "method")
  refused(alternative = "both", arg = "alternative")
  for (method in c("exact", "monte_carlo")) {
    for (R in list(0, 1.5, NA, "99")) refused(method = method, R = R, arg = "R")
    refused(method = method, seed = "1", arg = "seed")
    refused(method = method, threads = -1, arg = "threads")
  }
  expect_error(perm_test(as.character(y) ~ g, rows), class = "her2mod_error_input")
  expect_error(perm_test(y ~ g, rows[rows$g == "ref", ]), class = "her2mod_error_data")
})

test_that("a thousand strata and ten thousand patients are exact", {
  set.seed(8)
  centre <- rep(1:1000, each = 10)
  rows <- data.frame(
    centre, g = factor(rep(c("ref", "oth"), 5000), c("ref", "oth")), y = rbinom(10000, 1, 0.3)
  )
  found <- perm_test(y ~ g | centre, rows)
  # by the normal limit with the hypergeometric moments
  m <- tapply(rows$y, centre, sum)
  x1 <- sum(rows$y[rows$g == "oth"])
  z <- (x1 - sum(m) / 2) / sqrt(sum(m * (10 - m) * 25 / (100 * 9)))
  expect_lt(
    abs(found$p.value - 2 * pnorm(-abs(z) + 0.5 / sqrt(sum(m * (10 - m) * 25 / 900)))), 2e-3
  )
})
