numeric_rows <- function(...) rows_of(..., endpoint = "numeric")

test_that("cells count patients and events by stratum and group, empty ones left out", {
  rows <- data.frame(
    group = c(0, 1, 1, 0, 1), stratum = c(0, 0, 2, 2, 0), response = c(1, 0, 1, 1, 1),
    frequency = c(3, 2, 5, 1, 4)
  )
  cells <- data.frame(
    stratum = c(0, 0, 2, 2), group = c(0, 1, 0, 1), x = c(3, 4, 1, 5), n = c(3, 6, 1, 5)
  )
  expect_equal(count_cells(rows, 2, 3), cells, ignore_attr = "row.names")
  expect_equal(group_counts(cells, c("a", "b")), data.frame(
    group = c("a", "b"), x = c(4, 9), n = c(4, 11)
  ))
  # without a frequency a row is one patient
  expect_equal(count_cells(rows[-4], 2, 3), data.frame(
    stratum = c(0, 0, 2, 2), group = c(0, 1, 0, 1), x = c(1, 1, 1, 1), n = c(1, 2, 1, 1)
  ), ignore_attr = "row.names")
  # numbers have no events; without strata there is one
  plain <- count_cells(transform(rows, stratum = 0), 2, 0, "numeric")
  expect_identical(plain$n, c(4, 11))
  expect_true(all(is.na(plain$x)))
  expect_identical(count_cells(rows[-2], 2, 0, "numeric"), plain)
})

test_that("the cohort that is resampled is sorted by all that the core sees", {
  data <- data.frame(
    g = rep(c("b", "a"), each = 4), s = c(1, 2, 1, 2, 2, 2, 1, 1), y = c(5, 3, 2, 9, 1, 4, 8, 2),
    w = c(1, 2, 3, 1, 1, 2, 1, 1)
  )
  cohort <- boot_cohort(numeric_rows(y ~ g | s, data, weights = w))
  # by hand: group a, then b; stratum 1, then 2; response
  expect_identical(cohort$row, c(8L, 7L, 5L, 6L, 3L, 1L, 2L, 4L))
  expect_identical(cohort$group, rep(0:1, each = 4))
  expect_identical(cohort$stratum, c(0L, 0L, 1L, 1L, 0L, 0L, 1L, 1L))
  expect_identical(cohort$response, c(2, 8, 1, 4, 2, 5, 3, 9))
  expect_identical(cohort$frequency, c(1, 1, 1, 2, 3, 1, 2, 1))
  expect_identical(cohort[c("n_groups", "n_strata")], list(n_groups = 2L, n_strata = 2L))
  expect_null(cohort$cluster)
  # permutations: a patient a row, by stratum first
  cohort <- perm_cohort(numeric_rows(y ~ g | s, data, weights = w))
  expect_identical(cohort$row, rep(c(8L, 7L, 3L, 1L, 5L, 6L, 2L, 4L), c(1, 1, 3, 1, 1, 2, 2, 1)))
  expect_null(cohort$frequency)
})

test_that("columns that say nothing are left out, and stand for ones and one stratum", {
  data <- data.frame(
    g = rep(c("b", "a"), each = 4), y = c(5, 3, 2, 9, 1, 4, 8, 2), s = "one", w = 1
  )
  short <- boot_cohort(numeric_rows(y ~ g, data))
  expect_null(short$frequency)
  expect_null(short$stratum)
  expect_identical(boot_cohort(numeric_rows(y ~ g, data, weights = w)), short)
  full <- c(short, list(frequency = rep(1, 8), stratum = rep(0L, 8)))
  expect_identical(boot_cohort(numeric_rows(y ~ g | s, data))$stratum, full$stratum)
  for (scheme in c("ordinary", "balanced", "fractional")) {
    expect_identical(
      cpp_bootstrap_weights(short, scheme, 1, 1, 20), cpp_bootstrap_weights(full, scheme, 1, 1, 20)
    )
  }
  expect_identical(
    cpp_permutation_labels(short, 1, 1, 20), cpp_permutation_labels(full, 1, 1, 20)
  )
  for (name in c("mean_difference", "median_difference", "win_probability")) {
    expect_identical(cpp_evaluate(job_of(short, name)), cpp_evaluate(job_of(full, name)))
    # the cohort's own weights and labels, or given
    expect_identical(
      cpp_evaluate(job_of(short, name)), cpp_evaluate(job_of(full, name), rep(1, 8), full$group)
    )
  }
  # codes and counts may come in the other type of numbers
  expect_identical(
    cpp_bootstrap_weights(lapply(full, as.integer), "ordinary", 1, 1, 20),
    cpp_bootstrap_weights(lapply(full, as.double), "ordinary", 1, 1, 20)
  )
})

test_that("reading and sorting a million numbers takes about the memory of their cohort", {
  skip_on_cran()
  skip_if_not(capabilities("profmem"))
  n <- 1e6
  log <- tempfile()
  on.exit(unlink(log))
  allocated <- function(group) {
    data <- data.frame(y = (n:1) / 7, g = group)
    utils::Rprofmem(log, threshold = 1e5)
    cohort <- boot_cohort(numeric_rows(y ~ g, data))
    utils::Rprofmem(NULL)
    expect_identical(cohort$response[cohort$group == 1], sort(data$y[data$g == data$g[n]]))
    lines <- grep("^[0-9]+ :", readLines(log), value = TRUE)
    sum(as.double(sub(" :.*", "", lines))) / n
  }
  # By hand: the group's code, 4 bytes; the order, 4; code, response and row in that order, 16.
  expect_lt(allocated(gl(2, 1, n)), 25)
  # One more code, before the levels are sorted.
  expect_lt(allocated(rep(1:2, n / 2)), 33)
  expect_lt(allocated(rep(c(FALSE, TRUE), n / 2)), 33)
  # and of text what match() takes a row
  expect_lt(allocated(rep(c("a", "b"), n / 2)), 41)
})

test_that("a result holds its rows once, and what is printed of them is that of the data", {
  data <- data.frame(g = rep(c("b", "a"), each = 4), y = c(5, 3, 2, 9, 1, 4, 8, 2), w = c(1:7, 1))
  result <- function(test, ...) {
    suppressWarnings(test(y ~ g, data, "mean_difference", weights = w, R = 99, seed = 1, ...))
  }
  for (x in list(
    result(boot_ci, method = "monte_carlo"), result(perm_test, method = "monte_carlo"),
    result(boot_ci, method = "exact"), result(perm_test, method = "exact")
  )) {
    expect_identical(is.null(x$rows), !is.null(x$job))
    for (group in c("a", "b")) {
      y <- with(data[data$g == group, ], rep(y, w))
      said <- paste0(
        "mean ", format_number(mean(y)), " +SD ", format_number(sd(y)),
        " +median ", format_number(median(y))
      )
      expect_match(format(x), said, all = FALSE)
    }
  }
})

test_that("clusters get codes without gaps", {
  data <- data.frame(
    g = rep(c("a", "b"), each = 4), y = 1:8, site = c(9, 9, 4, 4, 7, 7, 2, 2)
  )
  cohort <- boot_cohort(numeric_rows(y ~ g, data, cluster = site))
  expect_identical(cohort$cluster, c(3L, 3L, 1L, 1L, 2L, 2L, 0L, 0L))
  expect_identical(cohort$n_clusters, 4L)
  without <- boot_cohort(
    numeric_rows(y ~ g, data, cluster = site, weights = rep(c(1, 0, 1), c(2, 2, 4)))
  )
  expect_identical(without$cluster, c(2L, 2L, 1L, 1L, 0L, 0L))
  expect_identical(without$n_clusters, 3L)
})

test_that("clusters of one group are relabelled as wholes, those of several are strata", {
  data <- data.frame(
    g = c("a", "b", "a", "b", "a", "b"), y = c(1, 5, 2, 6, 3, 7), pair = c(3, 3, 1, 1, 2, 2),
    one = c(1, 2, 1, 2, 3, 4)
  )
  wholes <- perm_cohort(numeric_rows(y ~ g, data, cluster = one))
  expect_identical(wholes$n_clusters, 4L)
  expect_identical(wholes$n_strata, 1L)
  expect_identical(wholes$cluster, c(0L, 0L, 2L, 1L, 1L, 3L))
  pairs <- perm_cohort(numeric_rows(y ~ g, data, cluster = pair))
  expect_null(pairs$cluster)
  expect_null(pairs$n_clusters)
  expect_identical(pairs$n_strata, 3L)
  expect_identical(pairs$stratum, c(0L, 0L, 1L, 1L, 2L, 2L))
  expect_identical(pairs$row, c(3L, 4L, 5L, 6L, 1L, 2L))
  expect_identical(pairs$response, c(2, 6, 3, 7, 1, 5))
  # a weight repeats the row within its cluster
  twice <- perm_cohort(numeric_rows(y ~ g, data, cluster = pair, weights = c(2, 1, 1, 1, 1, 1)))
  expect_identical(twice$row, c(3L, 4L, 5L, 6L, 1L, 1L, 2L))
})

# Numbers whose sums depend on the order in which they are added: bit for bit the same all the same.
shuffled_data <- function() {
  set.seed(3)
  d <- data.frame(
    g = rep(c("a", "b"), each = 30), s = rep(c("u", "v", "v"), 20), w = rep(1:5, 12),
    y = 0.37 + 0.1 * sample(6, 60, replace = TRUE)
  )
  d$site <- paste(d$g, d$s, rep(1:3, each = 10))
  d$pair <- paste(d$s, rep(1:15, 4))
  d
}

test_that("the order of the rows does not matter: bootstrap", {
  data <- shuffled_data()
  fields <- c(
    "estimate", "std.error", "intervals", "replicates", "replicate_errors", "acceleration",
    "failures"
  )
  set.seed(4)
  orders <- list(sample(60), 60:1)
  for (name in c("mean_difference", "win_probability", "median_difference", "mean_ratio")) {
    for (scheme in c("ordinary", "balanced", "fractional")) {
      run <- list(
        function(data) boot_ci(y ~ g | s, data, name,
          weights = w, scheme = scheme, R = 99, seed = 1, method = "monte_carlo",
          type = c("bca", "stud"), progress = FALSE
        ),
        function(data) boot_ci(y ~ g | s, data, name,
          weights = w, cluster = site, scheme = scheme, R = 99, seed = 1, type = "bca",
          progress = FALSE, method = "monte_carlo"
        )
      )
      for (boot in run) {
        quiet <- function(data) suppressWarnings(boot(data)[fields], "her2mod_warning")
        seen <- quiet(data)
        for (order in orders) expect_identical(quiet(data[order, ]), seen)
      }
    }
  }
})

test_that("the order of the rows does not matter: permutation", {
  data <- shuffled_data()
  fields <- c("p.value", "p.interval", "replicates", "observed", "centre", "null", "statistic")
  set.seed(5)
  orders <- list(sample(60), 60:1)
  runs <- list(
    function(data, name, method) perm_test(y ~ g | s, data, name,
      weights = w, R = 99, seed = 1, method = method
    ),
    function(data, name, method) perm_test(y ~ g | s, data, name,
      cluster = site, weights = w, R = 99, seed = 1, method = "monte_carlo"
    ),
    function(data, name, method) perm_test(y ~ g | s, data, name,
      cluster = pair, R = 99, seed = 1, method = method
    )
  )
  for (run in runs) {
    for (name in c("mean_difference", "win_probability", "kruskal_wallis")) {
      for (method in c("monte_carlo", if (name != "kruskal_wallis") "exact")) {
        seen <- run(data, name, method)[fields]
        for (order in orders) expect_identical(run(data[order, ], name, method)[fields], seen)
      }
    }
  }
})

test_that("a weight of k is k rows: bootstrap and permutation draw patients", {
  data <- shuffled_data()
  long <- data[rep(seq_len(60), data$w), ]
  quiet <- function(...) {
    suppressWarnings(boot_ci(..., R = 199, seed = 2, progress = FALSE), "her2mod_warning")
  }
  for (name in c("mean_difference", "standardised_difference")) {
    short <- quiet(y ~ g | s, data, name, weights = w, type = "all")
    expect_equal(short$replicates, quiet(y ~ g | s, long, name, type = "all")$replicates)
    expect_equal(short$intervals, quiet(y ~ g | s, long, name, type = "all")$intervals)
  }
  # exactly
  expect_equal(
    quiet(y ~ g, data, "median_difference", weights = w, type = c("perc", "norm"))$intervals,
    quiet(y ~ g, long, "median_difference", type = c("perc", "norm"))$intervals
  )
  for (name in c("mean_difference", "kruskal_wallis")) {
    test <- function(...) perm_test(y ~ g | s, ..., name, R = 99, seed = 2)
    expect_identical(test(data, weights = w)$p.value, test(long)$p.value)
    expect_identical(test(data, weights = w)$replicates, test(long)$replicates)
  }
})

test_that("a bootstrap of clusters draws whole clusters within group and stratum", {
  data <- shuffled_data()
  cohort <- boot_cohort(numeric_rows(y ~ g | s, data, cluster = site, weights = w))
  weight <- cpp_bootstrap_weights(cohort, "ordinary", 1, 1, 200)
  times <- weight / cohort$frequency
  site <- cohort$cluster
  # every row of a cluster as often as the others
  per_site <- apply(times, 2, function(t) tapply(t, site, function(v) diff(range(v))))
  expect_true(all(per_site == 0))
  first <- !duplicated(site)
  block <- paste(cohort$group, cohort$stratum)[first]
  drawn <- apply(times[first, ], 2, function(t) tapply(t, block, sum))
  expect_true(all(drawn == as.vector(table(block))))
  expect_gt(length(unique(times[1, ])), 2)
})

test_that("a million rows are sorted and counted", {
  skip_on_cran()
  set.seed(6)
  big <- data.frame(g = rep(0:1, 5e5), y = round(rnorm(1e6), 2), w = 1)
  cohort <- boot_cohort(numeric_rows(y ~ g, big, weights = w))
  expect_false(is.unsorted(cohort$response[cohort$group == 1]))
  expect_identical(cohort$response[cohort$row == 77777], big$y[77777])
  cohort <- perm_cohort(numeric_rows(y ~ g, big, weights = w))
  expect_identical(sum(cohort$response[cohort$group == 1]), sum(sort(big$y[big$g == 1])))
})

test_that("rows are ordered as by order()", {
  set.seed(2)
  columns <- list(
    sample(0:2, 500, TRUE), round(rnorm(500), 1), sample(c(-1.5, 0, -0, 2, Inf, -Inf), 500, TRUE), sample(c(TRUE, FALSE), 500, TRUE)
  )
  for (k in 1:4) {
    chosen <- columns[seq_len(k)]
    expect_identical(cpp_row_order(chosen), do.call(order, chosen))
    expect_identical(cpp_row_order(rev(chosen)), do.call(order, rev(chosen)))
  }
  expect_identical(cpp_row_order(list(rep(1, 100))), 1:100)
  expect_identical(cpp_row_order(list(double())), integer())
})
