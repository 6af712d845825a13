# A run made by hand: replicates on the analysis scale, no randomness.
hand_run <- function(replicates, estimate, acceleration = 0,
                     errors = rep(1, length(replicates)), scale = "identity") {
  finite <- replicates[is.finite(replicates)]
  list(
    method = "monte_carlo", R = length(replicates),
    replicates = replicates, replicate_errors = errors,
    estimate = estimate, estimate_error = 1, acceleration = acceleration, mean = mean(finite),
    std.error = sd(finite), mid_share = summarise_replicates(replicates, estimate, 0.5)$mid_share,
    failures = c(
      empty_group = 0, undefined = mean(is.nan(replicates)),
      infinite = mean(is.infinite(replicates))
    ),
    statistic = if (scale == "log") stat_risk_ratio() else stat_risk_difference()
  )
}

set.seed(20)
skew <- rexp(999)

test_that("quantiles are order statistics where (R + 1)q is whole", {
  expect_identical(summarise_replicates(999:1, 0, c(0.025, 0.5, 0.975))$quantiles, c(25, 500, 975))
  expect_identical(summarise_replicates(1:19, 0, c(0.05, 0.95))$quantiles, c(1, 19))
  for (q in c(0.0001, 0.0333, 0.2, 0.51, 0.9, 0.9999)) {
    expect_equal(
      summarise_replicates(skew, 0, q)$quantiles, naive_quantile(skew, q), tolerance = 1e-12
    )
  }
  expect_identical(summarise_replicates(7, 0, c(0.025, 0.975))$quantiles, c(7, 7))
})

test_that("infinite replicates keep their place, undefined ones have none", {
  expect_identical(
    summarise_replicates(c(NaN, 1:18, Inf, NaN), 0, c(0.05, 0.95))$quantiles, c(1, Inf)
  )
  expect_identical(summarise_replicates(c(-Inf, 1:18), 0, c(0.05, 0.5))$quantiles, c(-Inf, 9))
  nothing <- summarise_replicates(c(NaN, NaN), 0, c(0.1, 0.9))
  expect_identical(nothing, list(quantiles = c(NA_real_, NA_real_), mid_share = NA_real_))
  expect_identical(summarise_replicates(double(), 0, 0.5)$mid_share, NA_real_)
})

test_that("ties with the estimate count half", {
  share <- function(t, estimate) summarise_replicates(t, estimate, 0.5)$mid_share
  expect_identical(share(c(1, 2, 2, 2, 5), 2), 2.5 / 5)
  expect_identical(share(c(1, 2, 3, 4), 2.5), 0.5)
  expect_identical(share(c(3, 4), 2), 0)
  # values that differ by rounding are tied
  expect_identical(share(c(0.1 + 0.2, 1, 0), 0.3), 1.5 / 3)
})

test_that("the five intervals of given replicates", {
  run <- hand_run(skew, estimate = 1, acceleration = 0.07, errors = 0.5 + skew)
  tail <- 0.025
  q <- function(p) naive_quantile(skew, p)
  expect_equal(one_interval("perc", run, tail), c(q(0.025), q(0.975)), tolerance = 1e-12)
  expect_equal(one_interval("basic", run, tail), c(2 - q(0.975), 2 - q(0.025)), tolerance = 1e-12)
  expect_equal(
    one_interval("norm", run, tail), 2 - mean(skew) + c(-1, 1) * qnorm(0.975) * sd(skew),
    tolerance = 1e-12
  )
  studentised <- (skew - 1) / (0.5 + skew)
  expect_equal(one_interval("stud", run, tail),
    1 - c(naive_quantile(studentised, 0.975), naive_quantile(studentised, 0.025)),
    tolerance = 1e-12, ignore_attr = TRUE
  )
  at <- naive_bca_tails(mean(skew < 1), 0.07, tail)
  expect_equal(
    one_interval("bca", run, tail), c(q(at[[1]]), q(1 - at[[2]])), tolerance = 1e-10,
    ignore_attr = TRUE
  )
})

test_that("BCa tails: by formula, mirrored, and without adjustment the plain ones", {
  expect_equal(cpp_bca_tails(0.5, 0, 0.025), c(below = 0.025, above = 0.025), tolerance = 1e-12)
  for (share in c(0.3, 0.5, 0.62)) {
    for (a in c(-0.1, 0, 0.05)) {
      expect_equal(
        unname(cpp_bca_tails(share, a, 0.05)), naive_bca_tails(share, a, 0.05), tolerance = 1e-10
      )
      expect_equal(
        unname(cpp_bca_tails(1 - share, -a, 0.05)), rev(unname(cpp_bca_tails(share, a, 0.05))),
        tolerance = 1e-12
      )
    }
  }
  # bias only: 2 z0 - z (Efron's BC)
  expect_equal(
    cpp_bca_tails(0.6, 0, 0.05)[["below"]], pnorm(2 * qnorm(0.6) - qnorm(0.95)), tolerance = 1e-12
  )
  expect_true(anyNA(cpp_bca_tails(0, 0.1, 0.025)))
  expect_true(anyNA(cpp_bca_tails(1, 0.1, 0.025)))
  # a denominator that is not positive: 1 - a (z0 + z) with z = 1.96
  expect_true(anyNA(cpp_bca_tails(0.5, 0.6, 0.025)))
})

# What counting non-events does to replicates, whichever way they were drawn.
test_that("negated replicates give negated intervals, ties included", {
  lattice <- round(skew, 1)
  run <- hand_run(lattice, 1, 0.07, 0.5 + lattice)
  mirror <- hand_run(-lattice, -1, -0.07, 0.5 + lattice)
  for (type in interval_types) {
    expect_equal(
      one_interval(type, mirror, 0.025), -rev(one_interval(type, run, 0.025)), tolerance = 1e-10,
      ignore_attr = TRUE
    )
  }
})

test_that("where no BCa adjustment exists the percentile interval is given, and said", {
  run <- hand_run(c(2, 3, 4, 5:100), estimate = 1, acceleration = 0.1)
  bca <- one_interval("bca", run, 0.025)
  expect_equal(bca, one_interval("perc", run, 0.025), ignore_attr = TRUE)
  expect_length(attr(bca, "note"), 1)
  # an infinite leave-one-out value: a = 0, and said
  run <- hand_run(skew, 1, acceleration = NaN)
  bca <- one_interval("bca", run, 0.025)
  expect_equal(bca, one_interval("bca", hand_run(skew, 1, 0), 0.025), ignore_attr = TRUE)
  expect_length(attr(bca, "note"), 1)
  expect_null(attr(one_interval("bca", hand_run(skew, 1, 0), 0.025), "note"))
})

test_that("infinite distances are infinitely far, 0/0 is left out", {
  run <- hand_run(c(-Inf, 1:7, Inf, 1), estimate = 1, errors = c(NaN, 0, rep(1, 6), NaN, 1))
  # (T* - T) / SE*: -Inf, 0/0, 1..6, Inf, 0
  expect_identical(studentized_quantiles(run, 0.1), c(-Inf, Inf))
  expect_identical(
    studentized_quantiles(run, 0.3),
    summarise_replicates(c(-Inf, 1:6, Inf, 0), 0, c(0.3, 0.7))$quantiles
  )
})

test_that("the table is on the display scale, with the parameter's limit at an open end", {
  run <- hand_run(skew - 1, 0, scale = "log")
  table <- boot_intervals(run, c("perc", "norm"), 0.025, "two.sided")$table
  expect_equal(table$conf.low[[1]], exp(naive_quantile(skew - 1, 0.025)), tolerance = 1e-12)
  expect_identical(table$type, c("perc", "norm"))
  less <- boot_intervals(run, c("perc", "norm"), 0.025, "less")$table
  expect_identical(less$conf.low, c(0, 0))
  expect_identical(less$conf.high, table$conf.high)
  expect_identical(less$mc.error.low, c(0, 0))
  greater <- boot_intervals(run, c("perc", "norm"), 0.025, "greater")$table
  expect_identical(greater$conf.high, c(Inf, Inf))
  expect_identical(open_limits(stat_risk_difference()), c(-1, 1))
})

# Twenty groups, each left out once: sqrt(19/20 sum (value - mean)^2).
test_that("Monte Carlo errors are the delete-a-group jackknife", {
  run <- hand_run(skew, 1)
  group <- rep_len(1:20, 999)
  means <- vapply(
    1:20, function(g) 2 - mean(skew[group != g]) - qnorm(0.975) * sd(skew[group != g]), 0
  )
  found <- boot_intervals(run, "norm", 0.025, "two.sided")$table
  expect_equal(found$mc.error.low, sqrt(19 / 20 * sum((means - mean(means))^2)), tolerance = 1e-10)
  # too few replicates to split
  expect_true(
    all(
      is.na(
        boot_intervals(
          hand_run(skew[1:39], 1), "norm", 0.025, "two.sided"
        )$table[c("mc.error.low", "mc.error.high")]
      )
    )
  )
})

# The definition, with the package's own intervals and p-values of what is left.
naive_errors <- function(run, types, tail, alternative) {
  run <- settle_replicates(run)
  group <- rep_len(1:20, run$R)
  without <- lapply(1:20, function(g) {
    part <- hand_run(
      run$replicates[group != g], run$estimate, run$acceleration, run$replicate_errors[group != g],
      run$statistic$scale
    )
    part$statistic <- run$statistic
    rbind(
      vapply(types, function(type) to_display(run$statistic, one_interval(type, part, tail)[1:2]), c(0, 0)),
      vapply(types, interval_p, 0, run = part, alternative = alternative)
    )
  })
  values <- simplify2array(without)
  unname(sqrt(19 / 20 * apply(values, 1:2, function(x) sum((x - mean(x))^2))))
}

# Where replicates around an end are tied: a quarter of what two binomial standard errors of its rank make of the end.
naive_lattice <- function(run, types, tail) {
  run <- settle_replicates(run)
  errors <- vapply(types, function(type) {
    if (type == "norm") return(c(0, 0))
    x <- if (type == "stud") (run$replicates - run$estimate) / run$replicate_errors else run$replicates
    x <- sort(x[!is.nan(x)])
    n <- length(x)
    tied <- abs(x - run$estimate) < 1e-12
    z0 <- stats::qnorm(mean(ifelse(tied, 0.5, x < run$estimate)))
    adjusted <- function(z) stats::pnorm(z0 + (z0 + z) / (1 - run$acceleration * (z0 + z)))
    q <- if (type == "bca" && is.finite(z0)) adjusted(stats::qnorm(c(tail, 1 - tail))) else c(tail, 1 - tail)
    if (type %in% c("basic", "stud")) q <- rev(q)
    at <- function(p) one_interval("perc", hand_run(x, run$estimate), min(1, max(0, p)))[[1]]
    show <- function(p) {
      end <- switch(type, basic = 2 * run$estimate - at(p), stud = run$estimate - run$estimate_error * at(p), at(p))
      to_display(run$statistic, end)
    }
    vapply(q, function(p) {
      k <- 1 + floor(min(n - 2, max(0, p * (n + 1) - 1)))
      if (x[[k]] != x[[k + 1]] && (k == 1 || x[[k]] != x[[k - 1]])) return(0)
      two <- 2 * sqrt(p * (1 - p) / n)
      moved <- abs(show(p + two) - show(p - two)) / 4
      if (is.finite(moved)) moved else 0
    }, 0)
  }, c(0, 0))
  rbind(errors, 0)
}

test_that("Monte Carlo errors of every interval are those of its definition", {
  errors <- 0.5 + seq(0, 1, length.out = 999)
  ties <- round(skew, 1)
  for (run in list(
    hand_run(skew - 1, 0.1, 0.05, errors), hand_run(ties - 1, -0.1, -0.1, errors),
    hand_run(skew - 1, 0.1, 0.02, errors, scale = "log"),
    hand_run(c(skew[1:500] - 1, NaN, -Inf, NaN), 0.2, 0.01, c(errors[1:500], 1, NaN, 1), scale = "log"),
    hand_run(abs(skew[1:60]) + 1, 0.5, 0, errors[1:60]) # BCa does not exist: all above the estimate
  )) {
    for (alternative in c("two.sided", "less", "greater")) {
      types <- setdiff(interval_types, if (any(is.nan(run$replicates))) "norm")
      found <- monte_carlo_error(sort_replicates(settle_replicates(run)), types, 0.05, alternative)
      expected <- pmax(naive_errors(run, types, 0.05, alternative), unname(naive_lattice(run, types, 0.05)))
      expect_equal(unname(found), expected, tolerance = 1e-9)
    }
  }
})

test_that("the number of replicates that a level needs", {
  few <- function(R, level, types = "perc") {
    too_few_replicates(hand_run(skew[seq_len(R)], 1), types, (1 - level) / 2)
  }
  # 1/(R + 1) at most the tail: 39 for 95%, 19 for 90%, 199 for 99%
  for (case in list(c(39, 0.95), c(19, 0.9), c(199, 0.99), c(9, 0.8))) {
    expect_null(few(case[[1]], case[[2]]))
    expect_match(few(case[[1]] - 1, case[[2]]), paste("at least", case[[1]]))
  }
  expect_null(few(5, 0.95, "norm"))
  expect_false(is.null(few(5, 0.95, c("norm", "perc"))))
  # BCa looks further out on one side: bias and skewness move its tails
  run <- hand_run(skew[1:49], quantile(skew[1:49], 0.2)[[1]], acceleration = 0.1)
  expect_null(too_few_replicates(run, "perc", 0.025))
  expect_match(boot_intervals(run, "bca", 0.025, "two.sided")$notes, "too small for this level")
  expect_null(boot_intervals(run, "perc", 0.025, "two.sided")$notes)
})

test_that("what is degenerate is one warning with the counts; too much 0/0 is an error", {
  run <- hand_run(c(1:96, NaN, NaN, Inf, -Inf), 50, scale = "log")
  warning <- expect_warning(
    report_degenerate(run, list(notes = "a note")), class = "her2mod_warning_degenerate"
  )
  expect_identical(warning$failures, c(empty_group = 0, undefined = 0.02, infinite = 0.02))
  expect_warning(report_degenerate(hand_run(1:100, 50), list(notes = NULL)), NA)
  expect_null(refuse_degenerate(run))
  expect_null(refuse_degenerate(hand_run(c(rep(NaN, 5), 1:95), 50)))
  error <- expect_error(
    refuse_degenerate(hand_run(c(rep(NaN, 6), 1:94), 50)), class = "her2mod_error_numeric"
  )
  expect_identical(error$share, 0.06)
  expect_null(refuse_degenerate(hand_run(c(rep(Inf, 47), rep(NaN, 3), 1:50), 50)))
  error <- expect_error(
    refuse_degenerate(hand_run(c(rep(Inf, 48), rep(NaN, 3), 1:49), 50)),
    class = "her2mod_error_numeric"
  )
  expect_identical(error$share, 0.51)
})

test_that("a normal interval needs finite values", {
  few <- hand_run(c(1:95, rep(Inf, 5)), 50)
  expect_equal(
    one_interval("norm", few, 0.025), 2 * 50 - 48 + c(-1, 1) * qnorm(0.975) * sd(1:95),
    tolerance = 1e-12
  )
  many <- one_interval("norm", hand_run(c(1:94, rep(Inf, 5), NaN), 50), 0.025)
  expect_identical(as.vector(many), c(NA_real_, NA_real_))
  expect_length(attr(many, "note"), 1)
})

test_that("the Monte Carlo error of p is the delete-a-group jackknife of p", {
  run <- hand_run(skew, 1)
  group <- rep_len(1:20, 999)
  p <- vapply(1:20, function(g) {
    t <- skew[group != g]
    2 * pnorm(-abs((2 - mean(t) - 0) / sd(t)))
  }, 0)
  found <- boot_intervals(run, "norm", 0.025, "two.sided")$table
  expect_equal(found$p.value, 2 * pnorm(-abs(2 - mean(skew)) / sd(skew)), tolerance = 1e-12)
  expect_equal(found$mc.error.p, sqrt(19 / 20 * sum((p - mean(p))^2)), tolerance = 1e-9)
  one_sided <- boot_intervals(run, "norm", 0.05, "greater")$table
  expect_equal(one_sided$p.value, found$p.value / 2, tolerance = 1e-12)
})

test_that("what differs from no effect by rounding only is no effect", {
  expect_identical(settle(c(-1, 1e-17, NaN, NA, Inf), 0, 1e-12), c(-1, 0, NaN, NA, Inf))
  expect_identical(settle(structure(1e-17, note = "kept"), 0, 1e-12), structure(0, note = "kept"))
  run <- hand_run(c(-3e-17, 2e-17, 0.2 - 1e-17, 0.1, 0.3, Inf, NaN), estimate = 0.1)
  # 0.2 is the mirror image of 0 in the estimate
  expect_identical(settle_replicates(run)$replicates, c(0, 0, 0.2, 0.1, 0.3, Inf, NaN))
  # of the size of the replicates, not absolutely
  tiny <- hand_run(c(-3e-17, 2e-17, 1e-16), estimate = 1e-17)
  expect_identical(settle_replicates(tiny)$replicates, tiny$replicates)
})

test_that("a distance from the estimate that is rounding is none, in any unit", {
  for (unit in c(1, 1e-20, 1e20)) {
    run <- hand_run(c(1, 1 + 2e-16, 3) * unit, estimate = unit, errors = c(0, 0, 1) * unit)
    expect_equal(studentized_replicates(run), c(NaN, NaN, 2))
  }
})

test_that("no p-value where there is no interval, or nothing that it could mean", {
  run <- hand_run(c(1:90, rep(Inf, 10)), 50)
  expect_identical(interval_p("norm", run, "two.sided"), NA_real_)
  run <- hand_run(1:99, 50)
  run$estimate_error <- NaN
  expect_identical(interval_p("stud", run, "two.sided"), NA_real_)
  expect_match(attr(one_interval("stud", run, 0.025), "note"), "no standard error in these data")
  run$estimate_error <- 1
  run["replicate_errors"] <- list(NULL)
  expect_identical(interval_p("stud", run, "two.sided"), NA_real_)
  distance <- hand_run(1:99, 50)
  distance$statistic <- stat_standardised_distance()
  for (type in interval_types) expect_identical(interval_p(type, distance, "two.sided"), NA_real_)
})

test_that("BCa of a distance of 0 is the percentile interval, and says so, instead of [0, 0]", {
  rows <- data.frame(k = rep(c("x", "y", "z"), 10), g = rep(c("a", "b"), 15))
  expect_warning(
    x <- boot_ci(k ~ g, rows, "standardised_distance", c("bca", "perc"), R = 199, seed = 1),
    class = "her2mod_warning_degenerate"
  )
  # five of each level in either group
  expect_equal(x$estimate, 0)
  limits <- confint(x)
  expect_identical(limits[["bca", 2]], limits[["perc", 2]])
  expect_gt(limits[["bca", 2]], 0.1)
  expect_match(x$notes, "smallest value", all = FALSE)
})

# mean difference against exponential draws, all errors 1: no end is without bound
test_that("an end that is not asked for is not said to be without bound", {
  run <- hand_run(skew - 1, 0.1)
  run$statistic <- stat_mean_difference()
  for (alternative in c("two.sided", "less", "greater")) {
    expect_null(boot_intervals(run, "stud", 0.025, alternative)$notes)
  }
  zero <- hand_run(skew - 1, 0.1, errors = rep(0, 999))
  zero$statistic <- stat_mean_difference()
  for (alternative in c("two.sided", "less", "greater")) {
    expect_match(boot_intervals(zero, "stud", 0.025, alternative)$notes, "without bound", all = FALSE)
  }
})

test_that("no interval of a distance goes below 0", {
  set.seed(2)
  rows <- data.frame(y = factor(sample(1:3, 40, TRUE)), g = rep(0:1, 20))
  found <- suppressWarnings(boot_ci(y ~ g, rows, "standardised_distance", type = "all", R = 199, seed = 1))
  expect_true(all(found$intervals$conf.low >= 0))
})
