# Monte Carlo tests. References: exact tests, every arrangement listed (helper-perm.R), statistics
# by their definitions (helper-numeric.R), stats::binom.test and stats::dhyper (R 4.2.2).

test_that("a Monte Carlo p is (b + 1)/(R + 1), never 0, with its exact interval", {
  rows <- patient_rows(0, 10, 10, 10)
  found <- drawn_test(y ~ g, rows)
  # 2 of choose(20, 10) arrangements: none in 999
  expect_identical(found$exceeding, 0L)
  expect_identical(found$p.value, 1 / 1000)
  expect_equal(found$p.interval, as.vector(binom.test(0, 999)$conf.int), tolerance = 1e-10)
  some <- drawn_test(y ~ g, patient_rows(6, 49, 13, 68))
  expect_identical(some$p.value, (some$exceeding + 1) / 1000)
  expect_equal(
    some$p.interval, as.vector(binom.test(some$exceeding, 999)$conf.int), tolerance = 1e-9
  )
  expect_identical(drawn_test(y ~ g, rows, R = 1)$p.value, 1 / 2)
})

test_that("Monte Carlo converges to the exact p", {
  R <- 1e5
  two <- centre_rows(list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40)))
  for (alternative in alternatives) {
    for (name in c("risk_difference", "odds_ratio")) {
      exact <- p_of(y ~ g | centre, two, name, alternative = alternative)
      drawn <- drawn_test(y ~ g | centre, two, statistic = name, alternative = alternative, R = R)
      expect_lt(abs(drawn$exceeding / R - exact), 5 * sqrt(exact * (1 - exact) / R))
    }
  }
  # the whole distribution, not only its tail
  one <- drawn_test(y ~ g, patient_rows(2, 7, 4, 5), R = R)
  x1 <- round((one$replicates + 6 / 7) / (1 / 5 + 1 / 7))
  expected <- dhyper(0:5, 5, 7, 6) * R
  observed <- tabulate(x1 + 1, 6)[1:6]
  expect_gt(
    chisq.test(observed[expected > 5], p = expected[expected > 5], rescale.p = TRUE)$p.value, 1e-5
  )
})

test_that("labels are permuted within strata only", {
  rows <- centre_rows(list(a = c(1, 1, 0, 4), b = c(2, 5, 3, 3)))
  drawn <- drawn_test(y ~ g | centre, rows, R = 999)
  # by hand: one event of five in centre a, five of eight in centre b with three "oth"
  possible <- sort(unique(naive_arrangements(rows)))
  expect_setequal(round(drawn$replicates, 10), round(possible / 7 - (6 - possible) / 6, 10))
})

test_that("a seed gives the same numbers with any number of threads, and a longer run goes on", {
  rows <- patient_rows(6, 49, 13, 68)
  one <- drawn_test(y ~ g, rows, R = 9999, seed = 5, threads = 1)
  two <- drawn_test(y ~ g, rows, R = 9999, seed = 5, threads = 2)
  expect_identical(one[names(one) != "call"], two[names(two) != "call"])
  expect_identical(drawn_test(y ~ g, rows, R = 999, seed = 5)$replicates, one$replicates[1:999])
  expect_false(
    identical(drawn_test(y ~ g, rows, R = 999, seed = 6)$replicates, one$replicates[1:999])
  )
  expect_identical(
    drawn_test(y ~ g, rows[rev(seq_len(nrow(rows))), ], R = 999, seed = 5)$replicates,
    one$replicates[1:999]
  )
  set.seed(4)
  before <- .Random.seed
  drawn_test(y ~ g, rows)
  p_of(y ~ g, rows)
  expect_identical(.Random.seed, before)
  free <- drawn_test(y ~ g, rows, seed = NULL)
  set.seed(4)
  expect_identical(drawn_test(y ~ g, rows, seed = NULL)$replicates, free$replicates)
})

test_that("replicates are the statistic of the permuted data", {
  cases <- list(
    list("mean_difference", twelve_numbers), list("mean_ratio", twelve_numbers),
    list("median_difference", twelve_numbers), list("win_probability", twelve_numbers),
    list(stat_quantile_difference(0.8), twelve_numbers, 0.8),
    list("kruskal_wallis", twelve_numbers),
    list(stat_standardised_difference("hedges"), twelve_numbers),
    list(stat_standardised_difference("balance"), twelve_numbers, 1),
    list("chi_squared", twelve_categories), list("standardised_distance", twelve_categories)
  )
  for (case in cases) {
    rows <- case[[2]]
    found <- drawn_test(y ~ g | centre, rows, statistic = case[[1]], R = 25)
    name <- found$spec$name
    parameters <- if (length(case) > 2) case[[3]] else double()
    for (b in seq_len(25)) {
      dealt <- replicate_data(found, b)
      expect_equal(table(dealt$stratum, dealt$group), table(rows$centre, rows$g), label = name,
        ignore_attr = TRUE
      )
      expect_equal(sort(dealt$response), sort(rows$y))
      permuted <- data.frame(y = dealt$response, g = dealt$group, centre = dealt$stratum)
      expect_equal(found$replicates[[b]], naive_statistic(name, permuted, parameters)$value,
        tolerance = 1e-11, label = paste(name, b)
      )
    }
  }
})

test_that("a statistic of one's own has the replicates of the package's", {
  own <- stat_custom(function(data, weights) {
    mean(data$y[data$g == "oth"]) - mean(data$y[data$g == "ref"])
  })
  centres <- transform(twelve_numbers, y = y + 10 * (centre == "b"))
  for (alternative in alternatives) {
    mine <- perm_test(y ~ g, twelve_numbers, own, method = "exact", alternative = alternative)
    expect_equal(
      mine$p.value, naive_test(twelve_numbers[c("y", "g")], "mean_difference", alternative)
    )
  }
  # With strata in which the groups' shares differ its two-sided p is twice that of the observed tail.
  mine <- perm_test(y ~ g | centre, centres, own, method = "exact")
  deals <- naive_deals(centres$g == "oth", centres$centre)
  null <- naive_null(centres, "mean_difference", deals)
  observed <- naive_statistic("mean_difference", centres)$value
  side <- if (observed < stats::median(null)) "less" else "greater"
  expect_equal(mine$p.value, min(1, 2 * naive_tail(null, observed, 0, side)))
  expect_true(any(grepl("twice that of the observed tail", format(mine))))
})

test_that("strata that hold most of one group each do not hide a difference from the median's test", {
  set.seed(1)
  rows <- data.frame(s = rep(1:2, each = 20), g = rep(c("a", "b", "a", "b"), c(15, 5, 5, 15)))
  rows$y <- round(stats::rnorm(40) + 3 * (rows$s == 2) - 2.5 * (rows$g == "b"), 2)
  two <- perm_test(y ~ g | s, rows, "median_difference", R = 1999, seed = 1)
  one <- perm_test(y ~ g | s, rows, "median_difference", R = 1999, seed = 1, alternative = "less")
  expect_equal(two$p.value, 2 * one$p.value)
  expect_lt(two$p.value, 0.01)
  expect_identical(extend(two, 2999)$p.value,
    perm_test(y ~ g | s, rows, "median_difference", R = 2999, seed = 1)$p.value)
  # Shares that do not differ: by the distance from no effect, as without strata.
  pairs <- data.frame(s = rep(1:10, 2), g = rep(c("a", "b"), each = 10), y = stats::rnorm(20))
  expect_null(perm_test(y ~ g | s, pairs, "median_difference", R = 199, seed = 1)$tail)
})

test_that("a Monte Carlo mid-p stands within its interval", {
  rows <- data.frame(y = rep(c(1, 0), c(9, 7)), g = rep(c("t", "c", "t"), c(4, 9, 3)))
  found <- perm_test(y ~ g, rows, "risk_difference", midp = TRUE, method = "monte_carlo", R = 999, seed = 1)
  expect_true(found$p.interval[[1]] <= found$p.value && found$p.value <= found$p.interval[[2]])
})

test_that("an infinite ratio has the mid-p of the difference, and one that is always infinite p = 1", {
  rows <- data.frame(y = c(0, 0, 0, 1, 1, 1, 1, 1), g = rep(c("a", "b"), each = 4))
  for (name in c("odds_ratio", "risk_ratio")) {
    own <- perm_test(y ~ g, rows, name, midp = TRUE, alternative = "greater")
    expect_equal(own$p.value, perm_test(y ~ g, rows, "risk_difference", midp = TRUE, alternative = "greater")$p.value)
  }
  # Of 70 arrangements 5 have no event in a; as many none in b.
  expect_equal(perm_test(y ~ g, rows, "odds_ratio", midp = TRUE)$p.value, (5 + 5) / 70 / 2)
  always <- data.frame(y = c(1, 0, 1, 1, 1), g = c("a", "a", "a", "a", "b"), s = c(2, 2, 2, 1, 1))
  expect_equal(perm_test(y ~ g | s, always, "odds_ratio")$p.value, 1)
})

test_that("clusters of one group among mixed ones are named", {
  rows <- data.frame(y = 1:12, g = rep(c("a", "b"), each = 6), id = rep(1:4, each = 3))
  rows$g[1] <- "b"
  expect_warning(perm_test(y ~ g, rows, "mean_difference", cluster = id), "3 of 4 clusters",
    class = "her2mod_warning_pure_clusters")
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

test_that("tests of whole groups say so where strata hide the groups", {
  rows <- data.frame(y = rep(1:4, 5), g = rep(c("a", "b", "a", "b"), c(8, 2, 2, 8)), s = rep(1:2, each = 10))
  expect_warning(perm_test(y ~ g | s, rows, "standardised_distance", R = 199, seed = 1),
    class = "her2mod_warning_confounded_strata")
  for (name in c("kruskal_wallis", "chi_squared")) expect_no_warning(perm_test(y ~ g | s, rows, name, R = 199, seed = 1))
  rows$g <- rep(c("a", "b"), 10)
  expect_no_warning(perm_test(y ~ g | s, rows, "standardised_distance", R = 199, seed = 1))
})
