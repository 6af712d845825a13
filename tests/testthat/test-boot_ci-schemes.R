# What is drawn: whole clusters, balanced rounds, fractional weights, strata. Each replicate is
# rebuilt from replicate_data().

code_of <- function(group) as.integer(group) - 1L

# Centres 1 to 9, of 1 to 4 patients; 1 to 5 treat as "ref", the rest as "oth".
nested_rows <- function() {
  size <- c(3, 1, 4, 2, 2, 3, 2, 4, 1)
  rows <- data.frame(
    centre = rep(c("Basel", "Bern", "Bonn", "Brno", "Bari", "Lyon", "Linz", "Lodz", "Lund"), size),
    g = factor(rep(c("ref", "oth"), c(12, 10)), c("ref", "oth")),
    y = c(23, 31, 18, 40, 26, 35, 12, 29, 17, 9, 21, 25, 14, 30, 33, 8, 19, 27, 11, 22, 16, 20)
  )
  rows
}

# Naive jackknife over clusters within blocks: sum of (n - 1)/n times the squares about the mean,
# each cluster as often as it was drawn.
cluster_error <- function(d, block) {
  times <- tapply(d$weight, d$cluster, `[[`, 1)
  value <- vapply(names(times), function(k) {
    w <- d$weight - (d$cluster == k) * (d$weight > 0)
    twin_value("mean_difference", d$y, code_of(d$g), w)
  }, 0)
  home <- tapply(block, d$cluster, `[[`, 1)
  sum(vapply(split(seq_along(times), home), function(i) {
    i <- i[times[i] > 0]
    copies <- rep(value[i], times[i])
    n <- length(copies)
    (n - 1) / n * sum((copies - mean(copies))^2)
  }, 0))
}

test_that("clusters of one group are drawn whole, as many of each group as there are", {
  rows <- nested_rows()
  x <- monte_carlo(y ~ g, rows, "mean_difference", "all", cluster = centre, R = 199)
  expect_length(x$clusters, 9)
  estimate <- mean(rows$y[13:22]) - mean(rows$y[1:12])
  expect_equal(x$estimate, estimate, tolerance = 1e-12)
  for (b in c(1, 2, 50, 199)) {
    d <- replicate_data(x, b)
    expect_identical(as.character(d$cluster), rows$centre[d$row])
    expect_identical(d$response, rows$y[d$row])
    expect_true(all(tapply(d$weight, d$cluster, function(w) length(unique(w))) == 1))
    times <- tapply(d$weight, d$cluster, `[[`, 1)
    home <- tapply(as.character(d$group), d$cluster, `[[`, 1)
    expect_identical(c(sum(times[home == "ref"]), sum(times[home == "oth"])), c(5, 4))
    expect_equal(
      x$replicates[[b]], twin_value("mean_difference", d$response, code_of(d$group), d$weight),
      tolerance = 1e-12
    )
    # The closed form does not hold for clusters: the jackknife's error in each replicate.
    d$y <- d$response
    d$g <- d$group
    expect_equal(x$replicate_errors[[b]], sqrt(cluster_error(d, d$group)), tolerance = 1e-9)
  }
  left <- vapply(unique(rows$centre), function(k) {
    kept <- rows$centre != k
    twin_value("mean_difference", rows$y[kept], code_of(rows$g[kept]))
  }, 0)
  a <- naive_acceleration(left, rep(1:2, c(5, 4)))
  expect_equal(x$acceleration, a, tolerance = 1e-10)
  d <- cbind(rows, weight = 1, cluster = rows$centre)
  ends <- twin_ends(
    "stud", x$replicates, estimate, 0.025, sqrt(cluster_error(d, rows$g)), x$replicate_errors
  )
  expect_equal(unname(ends_of(x)[x$intervals$type == "stud", ]), ends, tolerance = 1e-9)
  ends <- twin_ends("bca", x$replicates, estimate, 0.025, acceleration = a)
  expect_equal(unname(ends_of(x)[x$intervals$type == "bca", ]), ends, tolerance = 1e-9)
  expect_true(any(grepl("whole clusters resampled within group;", format(x))))
  expect_true(any(grepl("; 9 clusters", format(x))))
  expect_identical(glance(x)$clusters, 9L)
})

test_that("clusters of one patient are patients", {
  rows <- nested_rows()
  rows <- rows[order(rows$g, rows$y), ]
  rows$id <- seq_len(22)
  plain <- monte_carlo(y ~ g, rows, "mean_difference", c("perc", "bca"), R = 499)
  alone <- monte_carlo(y ~ g, rows, "mean_difference", c("perc", "bca"), R = 499, cluster = id)
  expect_equal(alone$acceleration, plain$acceleration, tolerance = 1e-10)
  # the same draws, since units are numbered in the same order
  expect_equal(alone$replicates, plain$replicates, tolerance = 1e-12)
})

test_that("clusters that hold several groups are drawn within strata; a group can be lost", {
  # "ref" lies in 3 of 6 centres: lost in (3/6)^6 = 1.6% of the samples
  rows <- data.frame(
    k = rep(1:6, each = 4), y = c(
      3, 8, 5, 9, 1, 2, 7, 6, 4, 8, 2, 5, 9, 6, 3, 7, 1, 8, 4, 6, 2, 5, 7, 9
    ),
    g = factor(c(rep(c("ref", "oth"), 6), rep("oth", 12)), c("ref", "oth"))
  )
  R <- 4000
  expect_warning(
    x <- monte_carlo(y ~ g, rows, "mean_difference", c("perc", "bca"), cluster = k, R = R),
    class = "her2mod_warning_degenerate"
  )
  empty <- x$failures[["empty_group"]]
  expect_equal(empty * R, sum(is.nan(x$replicates)))
  expect_lt(abs(empty - 0.5^6), 4.5 * sqrt(0.5^6 * (1 - 0.5^6) / R))
  expect_identical(x$failures[["undefined"]], 0)
  expect_true(any(grepl("without a patient of one group (left out)", format(x), fixed = TRUE)))
  expect_true(
    any(grepl("whole clusters (which hold several groups) resampled;", format(x), fixed = TRUE))
  )
  expect_identical(glance(x)$empty_group, empty)
  lost <- which(is.nan(x$replicates))[[1]]
  expect_identical(sum(with(replicate_data(x, lost), weight[group == "ref"])), 0)
  for (b in c(1:3, R)) {
    d <- replicate_data(x, b)
    expect_identical(sum(tapply(d$weight, d$cluster, `[[`, 1)), 6)
    expect_equal(
      x$replicates[[b]], twin_value("mean_difference", d$response, code_of(d$group), d$weight),
      tolerance = 1e-12
    )
  }
  # quantiles are those of the replicates that have a value
  t <- x$replicates[!is.nan(x$replicates)]
  expect_equal(
    unname(ends_of(x)[1, ]), c(
      naive_quantile(t, 0.025), naive_quantile(t, 0.975)
    ), tolerance = 1e-12
  )
  # "ref" in 1 of 3 centres: lost in 30%
  few <- data.frame(
    k = rep(1:3, each = 2), y = 1:6, g = c("ref", "oth", "oth", "oth", "oth", "oth")
  )
  error <- expect_error(
    monte_carlo(y ~ g, few, "mean_difference", "perc", cluster = k), class = "her2mod_error_numeric"
  )
  expect_lt(abs(error$share - (2 / 3)^3), 4.5 * sqrt(0.3 * 0.7 / 999))
  expect_match(conditionMessage(error), "without a patient of one group")
})

test_that("clusters are drawn within strata, and bring their patients' weights", {
  rows <- nested_rows()
  rows$country <- ifelse(rows$centre %in% c("Basel", "Bern", "Lyon", "Linz"), "a", "b")
  rows$w <- rep_len(c(1, 3, 2), 22)
  x <- monte_carlo(
    y ~ g | country, rows, "mean_difference", "perc", cluster = centre, weights = w, R = 99
  )
  for (b in 1:20) {
    d <- replicate_data(x, b)
    times <- tapply(d$weight / rows$w[d$row], d$cluster, unique)
    where <- tapply(paste(d$stratum, d$group), d$cluster, `[[`, 1)
    expect_identical(as.vector(tapply(times, where, sum)), as.vector(table(where)) + 0)
    expect_identical(d$stratum, rows$country[d$row])
    expect_equal(
      x$replicates[[b]], twin_value("mean_difference", d$response, code_of(d$group), d$weight),
      tolerance = 1e-12
    )
  }
  expect_true(any(grepl("whole clusters resampled within group and stratum", format(x))))
})

test_that("clusters that make no sense are refused", {
  rows <- nested_rows()
  refused <- function(class, ...) {
    expect_error(monte_carlo(y ~ g, rows, "mean_difference", ...), class = class)
  }
  rows$half <- rep(1:2, 11)
  rows$gap <- replace(rows$centre, 3, NA)
  rows$one <- "all"
  refused("her2mod_error_data", cluster = centre, strata = half)
  refused("her2mod_error_data", cluster = one)
  refused("her2mod_error_input", cluster = nowhere)
  dropped <- monte_carlo(y ~ g, rows, "mean_difference", "perc", cluster = gap, R = 99)
  expect_identical(dropped$n_dropped, 1L)
})

test_that("balanced: over a round every patient is drawn equally often", {
  rows <- nested_rows()
  rows$w <- rep_len(c(1, 3, 2), 22)
  x <- monte_carlo(y ~ g, rows, "mean_difference", c("perc", "norm"), scheme = "balanced", R = 200)
  expect_null(x$notes)
  total <- function(x, first) {
    Reduce(`+`, lapply(first + 0:99, function(b) {
      d <- replicate_data(x, b)
      d$weight[order(d$row)]
    }))
  }
  expect_identical(total(x, 1), rep(100, 22))
  expect_identical(total(x, 101), rep(100, 22))
  # so the mean of the replicates of a linear statistic is the estimate
  expect_equal(mean(x$replicates), x$estimate, tolerance = 1e-12)
  for (b in c(1, 100, 101)) {
    d <- replicate_data(x, b)
    expect_identical(as.vector(tapply(d$weight, d$group, sum)), c(12, 10))
    expect_equal(
      x$replicates[[b]], twin_value("mean_difference", d$response, code_of(d$group), d$weight),
      tolerance = 1e-12
    )
  }
  weighted <- monte_carlo(
    y ~ g, rows, "mean_difference", "norm", weights = w, scheme = "balanced", R = 100
  )
  expect_identical(total(weighted, 1), 100 * rows$w)
  clusters <- monte_carlo(
    y ~ g, rows, "mean_difference", "norm", cluster = centre, scheme = "balanced", R = 100
  )
  expect_identical(total(clusters, 1), rep(100, 22))
  # a round that is not complete is said, with the numbers
  part <- monte_carlo(y ~ g, rows, "mean_difference", "norm", scheme = "balanced", R = 150)
  expect_match(part$notes, "rounds of 100 replicates.*R = 150")
  expect_identical(part$replicates, x$replicates[1:150])
  expect_true(any(grepl("balanced resampling of patients within group", format(x))))
  # 30,000 patients: a round of about a million draws
  many <- data.frame(g = rep(c("a", "b"), 15000), y = rep_len(c(1, 5, 2, 7, 3), 30000))
  large <- monte_carlo(y ~ g, many, "mean_difference", "norm", scheme = "balanced", R = 36)
  expect_match(large$notes, "rounds of 34 replicates", all = FALSE)
})

test_that("fractional: Dirichlet weights, all positive", {
  rows <- nested_rows()
  R <- 4000
  x <- monte_carlo(y ~ g, rows, "mean_difference", c("perc", "norm"), scheme = "fractional", R = R)
  for (b in c(1, 2, R)) {
    d <- replicate_data(x, b)
    expect_true(all(d$weight > 0))
    expect_equal(as.vector(tapply(d$weight, d$group, sum)), c(12, 10), tolerance = 1e-12)
    by <- split(d, d$group)
    value <- weighted.mean(by$oth$response, by$oth$weight) -
      weighted.mean(by$ref$response, by$ref$weight)
    expect_equal(x$replicates[[b]], value, tolerance = 1e-12)
  }
  # n times a Beta(1, n - 1): mean 1, variance (n - 1)/(n + 1), correlation -1/(n - 1)
  w <- cpp_bootstrap_weights(x$job$cohort, "fractional", 1, 1, R)
  n <- 12
  expect_lt(max(abs(rowMeans(w[1:n, ]) - 1)), 4.5 * sqrt((n - 1) / (n + 1) / R))
  for (i in c(1, 6, 12)) {
    expect_gt(stats::ks.test(w[i, ] / n, "pbeta", 1, n - 1)$p.value, 1e-5)
  }
  expect_lt(abs(cor(w[1, ], w[2, ]) + 1 / (n - 1)), 4.5 / sqrt(R))
  # variance of the mean: sum (y - m)^2 / (n (n + 1))
  spread <- function(y) sum((y - mean(y))^2) / (length(y) * (length(y) + 1))
  se <- sqrt(spread(rows$y[1:12]) + spread(rows$y[13:22]))
  expect_lt(abs(x$std.error / se - 1), 4.5 / sqrt(2 * R))
  expect_true(any(grepl("fractional weights of patients within group", format(x))))
})

test_that("fractional: a case weight of k is k patients", {
  rows <- data.frame(y = c(1, 5, 2, 9), g = rep(c("a", "b"), each = 2), w = c(3, 1, 2, 5))
  x <- monte_carlo(
    y ~ g, rows, "mean_difference", "norm", weights = w, scheme = "fractional", R = 4000
  )
  w <- cpp_bootstrap_weights(x$job$cohort, "fractional", 1, 1, 4000)
  expect_equal(colSums(w), rep(11, 4000), tolerance = 1e-12)
  # 4 Dirichlet(3, 1): the first is 4 Beta(3, 1)
  expect_gt(stats::ks.test(w[1, ] / 4, "pbeta", 3, 1)$p.value, 1e-5)
  expect_gt(stats::ks.test(w[3, ] / 7, "pbeta", 2, 5)$p.value, 1e-5)
})

test_that("fractional: one event is never lost", {
  rows <- patient_rows(1, 10, 3, 10)
  types <- c("perc", "basic", "norm", "stud")
  x <- monte_carlo(y ~ g, rows, "risk_ratio", types, scheme = "fractional", R = 1999)
  expect_identical(unname(x$failures), c(0, 0, 0))
  expect_true(all(is.finite(x$replicates)))
  expect_null(x$notes)
  expect_true(any(grepl("failed replicates: none", format(x))))
  # the ordinary scheme loses it in 0.9^10 = 35%
  ordinary <- suppressWarnings(monte_carlo(y ~ g, rows, "risk_ratio", "perc", R = 1999))
  expect_gt(ordinary$failures[["infinite"]], 0.3)
  clusters <- cbind(rows, k = rep(1:10, 2))
  whole <- monte_carlo(y ~ g, clusters, "risk_ratio", "perc", scheme = "fractional", cluster = k)
  expect_identical(unname(whole$failures), c(0, 0, 0))
})

test_that("strata are never pooled: a patient alone in group and stratum is in every sample", {
  rows <- data.frame(
    y = c(5, 1, 2, 3, 9, 4, 8, 6), g = rep(c("ref", "oth"), each = 4),
    part = c("lone", "two", "two", "rest", "lone", "two", "rest", "rest")
  )
  x <- monte_carlo(y ~ g | part, rows, "mean_difference", "perc", R = 499)
  w <- vapply(1:499, function(b) {
    d <- replicate_data(x, b)
    d$weight[order(d$row)]
  }, double(8))
  # lone in group and stratum: rows 1, 4, 5, 6
  expect_true(all(w[c(1, 4, 5, 6), ] == 1))
  expect_true(all(colSums(w[2:3, ]) == 2) && all(colSums(w[7:8, ]) == 2))
  # 0, 1, 2 times with 1/4, 1/2, 1/4
  expect_gt(chisq.test(table(factor(w[2, ], 0:2)), p = c(1, 2, 1) / 4)$p.value, 1e-5)
  # everyone alone: nothing varies
  expect_error(monte_carlo(y ~ g, rows, "mean_difference", "all", strata = interaction(part, y)), "changes nothing",
    class = "her2mod_error_data")
  # one of a group alone: that it varies cannot be seen
  expect_warning(monte_carlo(y ~ g, rows[c(1, 5:8), ], "mean_difference", "perc"), "ref", class = "her2mod_warning_single_unit")
})

# It takes out whole copies: of fractional weights it would leave all below 1 out of the sum, and be
# a sixth too small.
test_that("fractional weights have bootstrap-t where the statistic has its own standard error", {
  rows <- nested_rows()
  own <- monte_carlo(y ~ g, rows, "mean_difference", "stud", scheme = "fractional", R = 199)
  expect_true(all(is.finite(ends_of(own))))
  d <- replicate_data(own, 5)
  spread <- vapply(split(d, d$group), function(p) {
    m <- weighted.mean(p$response, p$weight)
    sum(p$weight * (p$response - m)^2) / (sum(p$weight) - 1) / sum(p$weight)
  }, 0)
  expect_equal(own$replicate_errors[[5]], sqrt(sum(spread)), tolerance = 1e-9)
  expect_warning(
    none <- monte_carlo(y ~ g, rows, "mean_difference", c("stud", "perc"),
      cluster = centre, scheme = "fractional", R = 199
    ),
    class = "her2mod_warning_degenerate"
  )
  expect_identical(unname(ends_of(none)[1, ]), c(NA_real_, NA_real_))
  expect_identical(none$intervals$p.value[[1]], NA_real_)
  expect_match(none$notes, "stud: not computed.*fractional")
  expect_true(all(is.finite(ends_of(none)[2, ])))
})
