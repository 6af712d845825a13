# extend() gives what one longer run gives, field by field; replicate_data() the data behind one
# replicate.

numeric_rows <- data.frame(
  y = c(23, 31, 18, 40, 26, 35, 18, 22, 29, 17, 9, 21, 25, 14, 17, 30, 12, 8, 26, 19),
  g = factor(rep(c("ref", "oth"), c(9, 11)), c("ref", "oth")),
  centre = rep(c("Bern", "Basel"), 10), patient = rep(paste0("P", c(12, 3, 7, 21, 9)), 4),
  w = rep_len(c(1, 2, 1, 3), 20)
)
numeric_rows$patient <- interaction(numeric_rows$g, numeric_rows$patient, drop = TRUE)
code_of <- function(group) as.integer(group) - 1L

weighted_total <- stat_custom(function(data, weights) c(sum(weights * data$y), sqrt(sum(weights))))
# Permutations that are drawn, however few there are.
permuted <- function(..., R = 39) {
  perm_test(..., method = "monte_carlo", R = R, seed = 3, progress = FALSE)
}

# Runs of any length, by name.
runs <- list(
  numeric = function(R) {
    monte_carlo(y ~ g | centre, numeric_rows, "mean_difference", "all", R = R, weights = w)
  },
  clusters = function(R) {
    monte_carlo(
      y ~ g, numeric_rows, "median_difference", c("perc", "stud"), R = R, cluster = patient
    )
  },
  failures = function(R) {
    monte_carlo(y ~ g, patient_rows(1, 10, 3, 10), "risk_ratio", c("bca", "norm"), R = R)
  },
  balanced = function(R) {
    monte_carlo(y ~ g, numeric_rows, "mean_ratio", "norm", R = R, scheme = "balanced")
  },
  fractional = function(R) {
    monte_carlo(y ~ g, numeric_rows, "win_probability", "all", R = R, scheme = "fractional")
  },
  one_sided = function(R) {
    monte_carlo(
      y ~ g, numeric_rows, "mean_difference", R = R, alternative = "less", conf.level = 0.8
    )
  },
  custom = function(R) monte_carlo(y ~ g, numeric_rows, weighted_total, c("perc", "stud"), R = R),
  permutation = function(R) permuted(y ~ g | centre, numeric_rows, "median_difference", R = R),
  permutation_counts = function(R) permuted(y ~ g, patient_rows(6, 49, 13, 68), midp = TRUE, R = R),
  permutation_groups = function(R) permuted(y ~ patient, numeric_rows, "kruskal_wallis", R = R)
)

for (name in names(runs)) {
  test_that(paste(name, "- a run that is extended is one long run, field by field"), {
    run <- runs[[name]]
    quiet <- function(code) suppressWarnings(code, classes = "her2mod_warning")
    short <- quiet(run(139))
    long <- quiet(run(487))
    expect_identical(without_call(quiet(extend(short, 487))), without_call(long))
    # twice, and in progress-bar pieces
    twice <- quiet(extend(quiet(extend(short, 140)), 487))
    expect_identical(without_call(twice), without_call(long))
    # elsewhere, in any order
    job <- resampling_job(short)
    parts <- list(
      evaluate_range(job, 300, 188), evaluate_range(job, 140, 1), evaluate_range(job, 141, 159)
    )
    expect_identical(without_call(quiet(extend(short, 487, parts))), without_call(long))
    expect_identical(quiet(tidy(extend(short, 487))), quiet(tidy(long)))
  })
}

# A share times R is not always whole: 13 / 99 * 99 is not 13.
test_that("counts of failures stay whole however often a run is extended", {
  expect_false(13 / 99 * 99 == 13)
  x <- list(replicates = 1:99, replicate_errors = NULL, failures = c(undefined = 13 / 99), R = 99)
  added <- add_ranges(x, list(values = matrix(1), failures = c(undefined = 1)))
  expect_identical(added$failures, c(undefined = 14))
  expect_identical(dim(added$values), c(100L, 1L))
})

test_that("parts that overlap, leave a gap, or are not all there are refused", {
  short <- runs$numeric(99)
  job <- resampling_job(short)
  part <- function(first, last) evaluate_range(job, first, last - first + 1)
  refused <- function(...) {
    error <- expect_error(extend(short, 299, list(...)), class = "her2mod_error_input")
    expect_identical(error$arg, "parts")
  }
  refused(part(100, 200), part(200, 299))
  refused(part(100, 198), part(200, 299))
  refused(part(101, 299))
  refused(part(100, 298))
  refused(part(100, 300))
  refused(part(99, 299))
  refused(part(100, 299), part(100, 299))
  refused()
  refused(1)
  refused(unclass(part(100, 299)))
  expect_error(extend(short, 299, part(100, 299)), class = "her2mod_error_input")
  expect_equal(extend(short, 299, list(part(100, 299)))$R, 299)
})

test_that("parts of another job are refused: data, statistic, seed, scheme, outputs", {
  base <- list(y ~ g, numeric_rows, "mean_difference", "perc", R = 99)
  short <- do.call(monte_carlo, base)
  other <- function(...) {
    changed <- suppressWarnings(do.call(monte_carlo, utils::modifyList(base, list(...))))
    part <- evaluate_range(resampling_job(changed), 100, 100)
    error <- expect_error(extend(short, 199, list(part)), class = "her2mod_error_input")
    expect_match(conditionMessage(error), "another job")
  }
  names(base) <- c("formula", "data", "statistic", "type", "R")
  other(seed = 2)
  other(statistic = "mean_ratio")
  other(statistic = "median_difference")
  other(scheme = "fractional")
  other(type = c("perc", "stud"))
  other(data = transform(numeric_rows, y = rev(y)))
  other(ref = "oth")
  # a permutation of the same data
  test <- permuted(y ~ g, numeric_rows, "mean_difference", R = 99)
  part <- evaluate_range(resampling_job(test), 100, 100)
  expect_error(extend(short, 199, list(part)), class = "her2mod_error_input")
  # another type from the same replicates is no other job
  same <- evaluate_range(resampling_job(monte_carlo(
    y ~ g, numeric_rows, "mean_difference", "norm", R = 19
  )), 100, 100)
  expect_identical(extend(short, 199, list(same))$replicates, extend(short, 199)$replicates)
  # custom statistics are told apart by their code
  own <- function(f) monte_carlo(y ~ g, numeric_rows, stat_custom(f), "perc", R = 99)
  a <- own(function(data, weights) sum(weights * data$y))
  b <- own(function(data, weights) sum(weights * data$y) + 1)
  part <- evaluate_range(resampling_job(b), 100, 100)
  expect_error(extend(a, 199, list(part)), class = "her2mod_error_input")
})

test_that("what cannot be extended says why", {
  exact <- boot_ci(y ~ g, patient_rows(6, 49, 13, 68))
  for (call in list(
    quote(extend(exact, 99)), quote(resampling_job(exact)), quote(replicate_data(exact, 1))
  )) {
    error <- expect_error(eval(call), class = "her2mod_error_input")
    expect_match(conditionMessage(error), "exact")
  }
  for (x in list(1:3, NULL, lm(y ~ g, numeric_rows))) {
    expect_error(extend(x, 99), class = "her2mod_error_input")
  }
  short <- runs$numeric(99)
  for (R in list(99, 98, 0, -1, NA, 1e3 + 0.5, "200", Inf)) {
    error <- expect_error(extend(short, R), class = "her2mod_error_input")
    expect_identical(error$arg, "R")
  }
  for (rule in c("besag_clifford", "gandy")) {
    test <- permuted(y ~ g, numeric_rows, "median_difference", stop = rule, R = 999)
    error <- expect_error(extend(test, 1e4), class = "her2mod_error_input")
    expect_match(conditionMessage(error), "sequential")
  }
  for (b in list(0, 100, 1.5, NA, "1", 1:2)) {
    error <- expect_error(replicate_data(short, b), class = "her2mod_error_input")
    expect_identical(error$arg, "b")
  }
})

# --- replicate_data() -----------------------------------------------------------------------------

test_that("bootstrap replicates: the data behind each value, with the user's labels", {
  x <- runs$numeric(99)
  d <- replicate_data(x, 42)
  expect_identical(names(d), c("stratum", "group", "response", "row", "weight"))
  expect_setequal(d$row, 1:20)
  expect_identical(d$stratum, numeric_rows$centre[d$row])
  expect_identical(as.character(d$group), as.character(numeric_rows$g[d$row]))
  expect_identical(d$response, numeric_rows$y[d$row])
  expect_equal(
    x$replicates[[42]], twin_value("mean_difference", d$response, code_of(d$group), d$weight),
    tolerance = 1e-12
  )
  counts <- suppressWarnings(runs$failures(99))
  d <- replicate_data(counts, 3)
  expect_identical(names(d), c("stratum", "group", "response", "weight"))
  expect_identical(sum(d$weight), 20)
  expect_identical(
    counts$replicates[[3]], twin_value("risk_ratio", d$response, code_of(d$group), d$weight)
  )
})

test_that("the row is that of the data, whatever was dropped or chosen", {
  rows <- rbind(NA, numeric_rows, numeric_rows)
  rows$use <- rep(c(TRUE, FALSE), c(21, 20))
  x <- monte_carlo(y ~ g | centre, rows, "mean_difference", "perc", R = 39, subset = use)
  d <- replicate_data(x, 1)
  expect_setequal(d$row, 2:21)
  expect_identical(d$response, rows$y[d$row])
})

test_that("clusters keep their labels, also where a weight of 0 takes one away", {
  rows <- numeric_rows
  rows$w <- ifelse(rows$patient == levels(rows$patient)[[3]], 0, 2)
  x <- suppressWarnings(monte_carlo(y ~ g, rows, "mean_difference", "perc",
    R = 19, cluster = patient, weights = w
  ))
  d <- replicate_data(x, 7)
  expect_identical(as.character(d$cluster), as.character(rows$patient[d$row]))
  expect_false(any(d$cluster == levels(rows$patient)[[3]]))
  expect_equal(
    x$replicates[[7]], twin_value("mean_difference", d$response, code_of(d$group), d$weight),
    tolerance = 1e-12
  )
})

test_that("permutations: dealt groups within strata, clusters and pairs", {
  value <- function(d) twin_value("median_difference", d$response, code_of(d$group), d$weight)
  x <- runs$permutation(99)
  for (b in c(1, 50, 99)) {
    d <- replicate_data(x, b)
    expect_equal(x$replicates[[b]], value(d), tolerance = 1e-12)
    expect_identical(table(d$stratum, d$group)[, ], table(numeric_rows$centre, numeric_rows$g)[, ])
    expect_identical(d$response, numeric_rows$y[d$row])
    expect_identical(d$stratum, numeric_rows$centre[d$row])
  }
  # whole clusters
  x <- permuted(y ~ g, numeric_rows, "median_difference", cluster = patient)
  for (b in 1:5) {
    d <- replicate_data(x, b)
    expect_identical(as.character(d$cluster), as.character(numeric_rows$patient[d$row]))
    expect_true(all(tapply(code_of(d$group), d$cluster, function(g) length(unique(g))) == 1))
    expect_equal(x$replicates[[b]], value(d), tolerance = 1e-12)
  }
  # pairs within strata: strata and clusters are still those of the data
  pairs <- data.frame(
    id = rep(c(31, 12, 25, 8, 40, 3), each = 2), g = rep(c("a", "b"), 6),
    y = c(3, 4, 5, 9, 1, 2, 7, 5, 6, 8, 2, 9), part = rep(c("u", "v"), c(4, 8))
  )
  x <- permuted(y ~ g | part, pairs, "median_difference", cluster = id)
  for (b in 1:5) {
    d <- replicate_data(x, b)
    expect_identical(d$stratum, pairs$part[d$row])
    expect_identical(as.numeric(as.character(d$cluster)), pairs$id[d$row])
    expect_true(all(table(d$cluster, d$group) == 1))
    expect_equal(x$replicates[[b]], value(d), tolerance = 1e-12)
  }
  # case weights: one row a patient
  x <- permuted(y ~ g, numeric_rows, "median_difference", weights = w)
  d <- replicate_data(x, 4)
  expect_identical(nrow(d), as.integer(sum(numeric_rows$w)))
  expect_identical(as.vector(table(d$row)), as.integer(numeric_rows$w))
  expect_equal(x$replicates[[4]], value(d), tolerance = 1e-12)
})

test_that("a custom statistic's replicate has the rows, not a made-up response", {
  x <- runs$custom(99)
  for (b in c(1, 99)) {
    d <- replicate_data(x, b)
    expect_null(d[["response"]])
    expect_equal(x$replicates[[b]], sum(d$weight * numeric_rows$y[d$row]), tolerance = 1e-12)
  }
  difference <- stat_custom(function(data, weights) {
    weighted.mean(data$y[data$g == "oth"], weights[data$g == "oth"]) -
      weighted.mean(data$y[data$g == "ref"], weights[data$g == "ref"])
  })
  test <- permuted(y ~ g, numeric_rows, difference)
  d <- replicate_data(test, 11)
  y <- numeric_rows$y[d$row]
  expect_equal(
    test$replicates[[11]], mean(y[d$group == "oth"]) - mean(y[d$group == "ref"]), tolerance = 1e-12
  )
})

test_that("a custom statistic keeps its bootstrap-t", {
  mouse <- data.frame(y = c(94, 197, 16, 38, 99, 141, 23, 52, 104, 146, 10, 50, 31, 40, 27, 46), g = rep(c("t", "c"), c(7, 9)))
  own <- stat_custom(function(data, weights) {
    t <- data$g == "t"
    stats::weighted.mean(data$y[t], weights[t]) - stats::weighted.mean(data$y[!t], weights[!t])
  })
  boot <- function(R, ...) boot_ci(y ~ g, mouse, own, type = "stud", R = R, seed = 1, ...)
  expect_equal(extend(boot(199), 399)$intervals, boot(399)$intervals)
  expect_equal(confint(boot(199), level = 0.9)[1, ], unlist(boot(199, conf.level = 0.9)$intervals[c("conf.low", "conf.high")]))
})
