quiet <- function(code) suppressWarnings(code, classes = "her2mod_warning")

# The registry's mean difference and mean ratio, written as a user would.
group_moments <- function(data, weights, other) {
  n <- sum(weights[other])
  mean <- sum((weights * data$y)[other]) / n
  c(n, mean, sum((weights * (data$y - mean)^2)[other]) / (n - 1) / n)
}
welch <- stat_custom(function(data, weights) {
  other <- data$g == "oth"
  a <- group_moments(data, weights, !other)
  b <- group_moments(data, weights, other)
  c(b[[2]] - a[[2]], sqrt(a[[3]] + b[[3]]))
}, title = "difference of means")

# Sorted by response: then the rows are drawn in the same order as those of a registry statistic,
# which sorts them.
sorted_rows <- function() {
  set.seed(71)
  rows <- data.frame(
    g = rep(c("ref", "oth"), each = 20), y = round(rexp(40), 1) + 0.1, s = rep(c("u", "v"), 20),
    w = rep(1:3, length.out = 40), extra = "kept"
  )
  rows$site <- paste(rows$g, rows$s, rep(1:3, length.out = 40))
  rows$pair <- paste(rows$s, rep(1:10, each = 2))
  rows[order(rows$y, rows$w), ]
}
rows <- sorted_rows()

test_that("replicate by replicate the registry's bootstrap, intervals included", {
  ways <- list(
    plain = quote(boot_ci(y ~ g, rows, stat)),
    strata = quote(boot_ci(y ~ g | s, rows, stat)),
    weights = quote(boot_ci(y ~ g, rows, stat, weights = w)),
    cluster = quote(boot_ci(y ~ g | s, rows, stat, cluster = site)),
    both = quote(boot_ci(y ~ g, rows, stat, cluster = site, weights = w)),
    subset = quote(boot_ci(y ~ g, rows, stat, subset = y < 2)),
    fractional = quote(boot_ci(y ~ g | s, rows, stat, weights = w, scheme = "fractional")),
    balanced = quote(boot_ci(y ~ g, rows, stat, scheme = "balanced"))
  )
  for (name in names(ways)) {
    call <- ways[[name]]
    call[c("ref", "R", "seed", "progress", "method")] <- list("ref", 299, 5, FALSE, "monte_carlo")
    # with clusters the registry's standard error is the jackknife's
    call$type <- setdiff(interval_types, if (name %in% c("cluster", "both")) "stud")
    registry <- quiet(eval(call, list(stat = "mean_difference")))
    custom <- quiet(eval(call, list(stat = welch)))
    fields <- c("replicates", "estimate", "std.error", "acceleration", "mid_share", "failures")
    expect_equal(custom[fields], registry[fields], tolerance = 1e-11, info = name)
    numbers <- function(boot) {
      boot$intervals[c("type", "conf.low", "conf.high", "mc.error.low", "mc.error.high")]
    }
    expect_equal(numbers(custom), numbers(registry), tolerance = 1e-9, info = name)
    if ("stud" %in% call$type) {
      expect_equal(custom$replicate_errors, registry$replicate_errors, tolerance = 1e-11)
    }
  }
})

# Without a standard error of its own it gets the jackknife's, as the registry does with clusters.
bare <- stat_custom(function(data, weights) welch$fun(data, weights)[[1]])

test_that("the jackknife's standard errors are the registry's", {
  rows$id <- seq_len(nrow(rows))
  ways <- list(
    cluster = quote(boot_ci(y ~ g | s, rows, stat, cluster = site)),
    weights = quote(boot_ci(y ~ g, rows, stat, cluster = site, weights = w)),
    mixed = quote(boot_ci(y ~ g, rows, stat, cluster = pair)),
    alone = quote(boot_ci(y ~ g, rows, stat, cluster = id))
  )
  for (name in names(ways)) {
    call <- ways[[name]]
    call[c("ref", "R", "seed", "progress", "type")] <- list("ref", 49, 5, FALSE, "stud")
    registry <- quiet(eval(call, list(stat = "mean_difference")))
    custom <- quiet(eval(call, list(stat = bare)))
    expect_equal(custom$replicate_errors, registry$replicate_errors, tolerance = 1e-10, info = name)
    ends <- c("conf.low", "conf.high", "p.value")
    expect_equal(custom$intervals[ends], registry$intervals[ends], tolerance = 1e-9, info = name)
  }
})

test_that("the jackknife's standard errors are those of the definition, stratum by stratum", {
  boot <- quiet(boot_ci(y ~ g | s, rows, bare, R = 19, seed = 2, type = "stud", ref = "ref"))
  drawn <- replicate_data(boot, 7)
  weight <- double(nrow(rows))
  weight[drawn$row] <- drawn$weight
  value <- function(w) bare$fun(rows, w)
  variance <- 0
  for (block in split(seq_len(nrow(rows)), list(rows$g, rows$s))) {
    left_out <- unlist(lapply(block, function(i) {
      rep(value(weight - (seq_along(weight) == i)), weight[[i]]) # once for each copy
    }))
    n <- length(left_out)
    variance <- variance + (n - 1) / n * sum((left_out - mean(left_out))^2)
  }
  expect_equal(boot$replicate_errors[[7]], sqrt(variance), tolerance = 1e-12)
  none <- quiet(boot_ci(y ~ g, rows, bare, R = 19, seed = 2, type = "stud", scheme = "fractional"))
  expect_identical(none$intervals$conf.low, NA_real_)
})

test_that("replicate by replicate the registry's permutation test, whatever type the groups have", {
  ways <- list(
    quote(perm_test(y ~ g, rows, stat)), quote(perm_test(y ~ g | s, rows, stat)),
    quote(perm_test(y ~ g, rows, stat, weights = w)),
    quote(perm_test(y ~ g | s, rows, stat, cluster = site)),
    quote(perm_test(y ~ g, rows, stat, cluster = pair, weights = w)),
    quote(perm_test(y ~ g, rows, stat, subset = s == "u"))
  )
  for (call in ways) {
    call[c("ref", "R", "seed", "method")] <- list("ref", 199, 5, "monte_carlo")
    registry <- eval(call, list(stat = "mean_difference"))
    custom <- eval(call, list(stat = welch))
    fields <- c("replicates", "observed", "p.value", "p.interval", "exceeding", "within")
    # Two-sided p-values of the registry are about T at the expected sum, which is not 0 in clusters
    # that are unbalanced strata; of a custom statistic they are about its value of no effect.
    if (identical(call$cluster, quote(pair))) {
      expect_false(registry$centre == 0)
      call$alternative <- "greater"
      registry <- eval(call, list(stat = "mean_difference"))
      custom <- eval(call, list(stat = welch))
    }
    expect_equal(custom[fields], registry[fields], tolerance = 1e-11)
  }
  # as text above; as a factor, a logical, a number
  seen <- perm_test(y ~ g, rows, "mean_difference",
    ref = "ref", R = 199, seed = 5, method = "monte_carlo"
  )
  other <- rows$g == "oth"
  for (group in list(factor(rows$g, c("ref", "no", "oth")), other, 7 * other)) {
    rows$h <- group
    high <- group[other][[1]]
    stat <- stat_custom(function(data, weights) {
      mean(data$y[data$h == high]) - mean(data$y[data$h != high])
    })
    custom <- perm_test(y ~ h, rows, stat, R = 199, seed = 5)
    expect_equal(custom$replicates, seen$replicates, tolerance = 1e-11)
    expect_equal(custom$p.value, seen$p.value)
  }
})

test_that("scale = \"log\" is shown as the ratio: the registry's mean ratio", {
  ratio <- stat_custom(function(data, weights) {
    other <- data$g == "oth"
    log(stats::weighted.mean(data$y[other], weights[other]) /
      stats::weighted.mean(data$y[!other], weights[!other]))
  }, title = "ratio of means", scale = "log")
  boot <- function(stat) {
    quiet(boot_ci(y ~ g, rows, stat,
      ref = "ref", R = 299, seed = 5, type = c("perc", "bca", "norm"), method = "monte_carlo"
    ))
  }
  custom <- boot(ratio)
  registry <- boot("mean_ratio")
  expect_equal(custom$estimate, mean(rows$y[rows$g == "oth"]) / mean(rows$y[rows$g == "ref"]))
  expect_equal(custom$replicates, registry$replicates, tolerance = 1e-11)
  expect_equal(custom$intervals, registry$intervals, tolerance = 1e-9)
  test <- perm_test(y ~ g, rows, ratio, ref = "ref", R = 99, seed = 1)
  expect_equal(unname(test$null.value), 1)
  expect_equal(unname(test$estimate), custom$estimate)
})

# Davison and Hinkley (1997), example 2.1: the city data, 10 of boot's `city`.
test_that("one sample: the city data, against boot 1.3-28.1", {
  skip_if_not_installed("boot")
  city <- boot::city
  ratio <- function(data, weights) {
    u <- sum(weights * data$u)
    t <- sum(weights * data$x) / u
    c(t, sqrt(sum(weights * (data$x - t * data$u)^2)) / u)
  }
  found <- quiet(boot_ci(x ~ 1, city, stat_custom(ratio, null = 1),
    R = 999, seed = 1, type = c("perc", "basic", "stud", "bca")
  ))
  # the book's 1.520
  expect_equal(found$estimate, 1.520312, tolerance = 1e-6)
  # boot's intervals of our replicates
  theirs <- boot::boot(city, ratio, R = 999, stype = "f")
  theirs$t <- cbind(found$replicates, found$replicate_errors^2)
  theirs$t0 <- c(found$estimate, ratio(city, rep(1, 10))[[2]]^2)
  limits <- boot::boot.ci(theirs, type = c("perc", "basic", "stud"))
  ours <- function(type) {
    unlist(found$intervals[found$intervals$type == type, c("conf.low", "conf.high")],
      use.names = FALSE
    )
  }
  expect_equal(ours("perc"), limits$percent[4:5], tolerance = 1e-12)
  expect_equal(ours("basic"), limits$basic[4:5], tolerance = 1e-12)
  expect_equal(ours("stud"), limits$student[4:5], tolerance = 1e-12)
  # the jackknife's acceleration by hand
  without <- vapply(1:10, function(i) sum(city$x[-i]) / sum(city$u[-i]), 0)
  expect_equal(found$acceleration, naive_acceleration(without, rep(1, 10)), tolerance = 1e-12)
  # that of boot is the same: its L are the jackknife's, of which sums of cubes do not need a centre
  expect_match(format(found), "custom statistic", all = FALSE)
})

test_that("one sample has strata and clusters too, but nothing to permute", {
  mean_of <- stat_custom(function(data, weights) stats::weighted.mean(data$y, weights))
  found <- quiet(boot_ci(y ~ 1 | s, rows, mean_of, R = 199, seed = 2, type = "perc"))
  expect_identical(found$groups, "all")
  # strata keep their sizes
  drawn <- replicate_data(found, 7)
  expect_equal(as.vector(tapply(drawn$weight, drawn$stratum, sum)), c(20, 20))
  expect_equal(found$replicates[[7]], sum(drawn$weight * rows$y[drawn$row]) / 40)
  clustered <- quiet(boot_ci(y ~ 1, rows, mean_of, cluster = site, R = 199, seed = 2, type = "bca"))
  drawn <- replicate_data(clustered, 3)
  times <- tapply(drawn$weight, drawn$cluster, unique)
  expect_true(is.numeric(times)) # one number a cluster
  expect_equal(sum(times), 12)
  expect_equal(clustered$replicates[[3]],
    sum(drawn$weight * rows$y[drawn$row]) / sum(drawn$weight)
  )
  refused(perm_test(y ~ 1, rows, mean_of), "formula")
})

test_that("more than two groups, with a statistic of all of them", {
  rows$dose <- rep(c("low", "mid", "high"), length.out = 40)
  spread <- stat_custom(function(data, weights) {
    means <- tapply(weights * data$y, data$dose, sum) / tapply(weights, data$dose, sum)
    max(means) - min(means)
  }, title = "range of means")
  test <- perm_test(y ~ dose, rows, spread, R = 299, seed = 4, alternative = "greater")
  seen <- diff(range(tapply(rows$y, rows$dose, mean)))
  expect_equal(test$observed, seen)
  expect_equal(test$p.value, (sum(test$replicates >= seen - 1e-9) + 1) / 300)
  # each replicate with groups of the sizes that they have
  third <- replicate_data(test, 3)
  expect_identical(as.vector(table(third$group)), as.vector(table(rows$dose)))
  expect_equal(test$replicates[[3]], diff(range(tapply(rows$y[third$row], third$group, mean))))
  boot <- quiet(boot_ci(y ~ dose, rows, spread, R = 99, seed = 4, type = "perc"))
  expect_equal(boot$estimate, seen)
})

test_that("a custom result can be made longer, or evaluated in parts", {
  short <- quiet(boot_ci(y ~ g, rows, welch, R = 99, seed = 3, type = c("bca", "stud")))
  long <- quiet(boot_ci(y ~ g, rows, welch, R = 250, seed = 3, type = c("bca", "stud")))
  fields <- c("replicates", "replicate_errors", "intervals", "failures", "R")
  expect_identical(quiet(extend(short, 250))[fields], long[fields])
  job <- resampling_job(short)
  parts <- list(evaluate_range(job, 200, 51), evaluate_range(job, 100, 100))
  expect_identical(quiet(extend(short, 250, parts))[fields], long[fields])
})

test_that("values that do not exist are counted, and too many are an error", {
  # weights of row 1: 0 in about 37%, 4 or more in 2% of the samples
  lone <- rows[1:12, ]
  odd <- function(limit) stat_custom(function(data, weights) {
    if (weights[[1]] >= limit) NaN else if (weights[[2]] >= 3) Inf else sum(weights * data$y)
  })
  expect_warning(
    seen <- boot_ci(y ~ 1, lone, odd(4), R = 999, seed = 6, type = "perc"),
    class = "her2mod_warning"
  )
  weight <- vapply(1:999, function(b) {
    drawn <- replicate_data(seen, b)
    drawn$weight[match(1:2, drawn$row)]
  }, c(0, 0))
  undefined <- weight[1, ] >= 4
  expect_equal(unname(seen$failures),
    c(0, mean(undefined), mean(!undefined & weight[2, ] >= 3)), tolerance = 1e-12
  )
  expect_gt(seen$failures[["undefined"]], 0)
  expect_error(quiet(boot_ci(y ~ 1, lone, odd(1), R = 99, seed = 6, type = "perc")),
    class = "her2mod_error_numeric"
  )
})

test_that("a permutation test of a statistic without a value in the data is certain of nothing", {
  for (none in c(NaN, NA)) {
    test <- perm_test(y ~ g, rows, stat_custom(function(data, weights) none + 0), R = 99, seed = 1)
    expect_identical(test$p.value, 1)
    expect_match(test$note, "no value")
  }
  # replicates without one count as extreme: p is never too small
  first <- rows$g[[1]]
  half <- stat_custom(function(data, weights) if (data$g[[1]] == first) 5 else NaN)
  test <- perm_test(y ~ g, rows, half, R = 199, seed = 1)
  expect_identical(test$p.value, 1)
  expect_equal(test$failures[["undefined"]], mean(is.nan(test$replicates)))
})

test_that("arguments are checked, each by name", {
  fun <- function(data, weights) 1
  for (bad in list(1, "mean", NULL, function() 1, function(data) 1)) {
    refused(stat_custom(bad), "fun")
  }
  for (bad in list(1, NA_character_, c("a", "b"), NULL)) refused(stat_custom(fun, bad), "title")
  for (bad in list("logit", NA, 1, character())) refused(stat_custom(fun, scale = bad), "scale")
  for (bad in list("0", NA_real_, NaN, c(0, 1), NULL)) refused(stat_custom(fun, null = bad), "null")
  for (bad in list(0, c(1, 0), c(0, 0), c(NA, 1), "all", NULL)) {
    refused(stat_custom(fun, limits = bad), "limits")
  }
  stat <- stat_custom(fun, "rate", "log", null = 1, limits = c(-3, 4L))
  expect_s3_class(stat, "her2_stat")
  expect_identical(stat[c("name", "title", "scale", "null", "limits", "role")], list(
    name = "custom", title = "rate", scale = "log", null = 1, limits = c(-3, 4), role = "effect"
  ))
})
