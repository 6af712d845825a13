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
      permuted <- data.frame(y = dealt$response, g = dealt$group)
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
