# Clusters and pairs. References: every arrangement listed (helper-perm.R).

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
      drawn <- drawn_test(
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
      drawn_test(y ~ g, rows, statistic = name, cluster = id, ...)$p.value
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
  drawn <- drawn_test(
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
  drawn <- drawn_test(y ~ g, rows, statistic = "mean_difference", cluster = pair)
  expect_setequal(round(drawn$replicates, 10), round(unique(as.vector(sums)) / 6, 10))
})
