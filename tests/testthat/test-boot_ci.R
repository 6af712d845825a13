# References: full enumeration in helper-boot.R; package boot 1.3-28.1
# (fixtures/binary_bootstrap_boot.csv, made by tests/reference/binary_bootstrap_boot.R); closed
# forms.

# --- the exact route
# --------------------------------------------------------------------------------

test_that("exact intervals are those of every outcome listed", {
  designs <- list(
    list(a = c(1, 4, 5, 6)), list(a = c(3, 7, 4, 5)),
    list(a = c(6, 12, 9, 11)), list(a = c(2, 9, 1, 8)),
    list(a = c(1, 3, 2, 4), b = c(3, 5, 1, 2)), list(
      a = c(2, 4, 3, 4), b = c(5, 6, 4, 9), c = c(0, 2, 1, 1)
    )
  )
  for (design in designs) {
    rows <- centre_rows(design)
    by <- do.call(rbind, design)
    for (name in c("risk_difference", "risk_ratio", "odds_ratio")) {
      for (level in c(0.95, 0.7)) {
        found <- tryCatch(
          suppressWarnings(boot_ci(y ~ g | centre, rows, name, type = "all", conf.level = level)),
          her2mod_error_numeric = function(e) NULL
        )
        outcomes <- ideal_outcomes(name, by[, 1], by[, 2], by[, 3], by[, 4])
        undefined <- sum(outcomes$mass[is.nan(outcomes$value)])
        not_finite <- sum(outcomes$mass[!is.finite(outcomes$value)])
        expect_identical(is.null(found), undefined > 0.05 || not_finite > 0.5)
        if (is.null(found)) next
        expect_equal(found$failures[["undefined"]], undefined, tolerance = 1e-9)
        expect_equal(sum(found$failures), not_finite, tolerance = 1e-9)
        for (type in interval_types) {
          naive <- naive_boot(name, by[, 1], by[, 2], by[, 3], by[, 4], type, (1 - level) / 2, rows)
          # leave-one-out values of a ratio that are infinite
          if (type == "bca" && anyNA(naive)) next
          if (name != "risk_difference") naive <- exp(naive)
          naive[is.nan(naive)] <- NA
          # the normal interval of a distribution with holes
          if (type == "norm" && not_finite > 0.05) naive[] <- NA
          expect_equal(unname(ends_of(found)[interval_types == type, ]), naive,
            tolerance = 1e-9, label = paste(name, type, level, toString(by))
          )
        }
      }
    }
  }
})

# Against a group of one patient without the event a difference is one proportion: T* = X*/20,
# X* binomial(20, 1/4). For one proportion a = (1 - 2p) / (6 sqrt(n p (1 - p))).
test_that("5 of 20: BCa with mid-rank ties, and its mirror", {
  one <- function(x, reference) {
    data.frame(g = rep(c("0", "1"), c(1, 20)), y = c(reference, rep(1:0, c(x, 20 - x))))
  }
  z0 <- qnorm(pbinom(4, 20, 0.25) + dbinom(5, 20, 0.25) / 2)
  a <- 0.5 / (6 * sqrt(20 * 0.25 * 0.75))
  z <- qnorm(0.975)
  below <- pnorm(z0 + (z0 - z) / (1 - a * (z0 - z)))
  above <- pnorm(z0 + (z0 + z) / (1 - a * (z0 + z)), lower.tail = FALSE)
  found <- boot_ci(y ~ g, one(5, 0))
  expect_equal(found$acceleration, a, tolerance = 1e-12)
  expect_equal(found$mid_share, pnorm(z0), tolerance = 1e-12)
  # min{k: P(X <= k) >= below}; max{k: P(X >= k) >= above} is 20 less the same of 20 - X
  expected <- c(qbinom(below, 20, 0.25), 20 - qbinom(above, 20, 0.75)) / 20
  expect_equal(unname(ends_of(found)[1, ]), expected, tolerance = 1e-12)
  mirrored <- boot_ci(y ~ g, one(15, 1))
  expect_equal(unname(ends_of(mirrored)[1, ]), -rev(expected), tolerance = 1e-12)
})

test_that("counting non-events mirrors every exact interval", {
  for (design in list(c(3, 7, 4, 8), c(5, 20, 9, 15), c(6, 49, 13, 68), c(0, 1, 5, 20))) {
    rows <- do.call(patient_rows, as.list(design))
    difference <- suppressWarnings(boot_ends(y ~ g, rows, type = "all"))
    flipped <- suppressWarnings(boot_ends(1 - y ~ g, rows, type = "all"))
    expect_equal(flipped, -difference[, 2:1], tolerance = 1e-10, ignore_attr = TRUE)
    if (design[[1]] == 0) next
    odds <- suppressWarnings(boot_ends(y ~ g, rows, "odds_ratio", type = "all"))
    flipped <- suppressWarnings(boot_ends(1 - y ~ g, rows, "odds_ratio", type = "all"))
    expect_equal(flipped, 1 / odds[, 2:1], tolerance = 1e-10, ignore_attr = TRUE)
  }
})

test_that("swapping the groups flips differences and inverts ratios", {
  rows <- patient_rows(6, 49, 13, 68)
  for (name in c("risk_difference", "risk_ratio", "odds_ratio")) {
    a <- suppressWarnings(boot_ci(y ~ g, rows, name, type = "all"))
    b <- suppressWarnings(boot_ci(y ~ g, rows, name, type = "all", ref = "oth"))
    mirror <- if (name == "risk_difference") function(v) -v else function(v) 1 / v
    expect_equal(ends_of(b), mirror(ends_of(a)[, 2:1]), tolerance = 1e-10, ignore_attr = TRUE)
    expect_equal(b$estimate, mirror(a$estimate), tolerance = 1e-12)
    expect_equal(b$std.error, a$std.error, tolerance = 1e-12)
  }
})

test_that("compare_proportions has the same exact bootstrap", {
  found <- boot_ci(y ~ g, patient_rows(6, 49, 13, 68), type = c("perc", "bca"))
  same <- tidy(
    compare_proportions(
      c(6, 13), c(49, 68), methods = c("bootstrap-exact-percentile", "bootstrap-exact-bca")
    )
  )
  expect_equal(
    ends_of(found), as.matrix(same[c("conf.low", "conf.high")]), tolerance = 1e-12,
    ignore_attr = TRUE
  )
})

test_that("the standard error of a difference is the binomial one", {
  found <- boot_ci(y ~ g, patient_rows(6, 49, 13, 68))
  expect_equal(found$std.error, sqrt(6 * 43 / 49^3 + 13 * 55 / 68^3), tolerance = 1e-12)
  expect_equal(found$estimate, 13 / 68 - 6 / 49)
})

test_that("each end at 95% one-sided is the end at 90% two-sided, the other is open", {
  rows <- patient_rows(6, 49, 13, 68)
  for (name in c("risk_difference", "odds_ratio")) {
    ends <- function(...) suppressWarnings(boot_ends(y ~ g, rows, name, type = "all", ...))
    two <- ends(conf.level = 0.9)
    less <- ends(alternative = "less")
    greater <- ends(alternative = "greater")
    expect_equal(less[, 2], two[, 2], tolerance = 1e-12)
    expect_equal(greater[, 1], two[, 1], tolerance = 1e-12)
    limit <- if (name == "risk_difference") c(-1, 1) else c(0, Inf)
    expect_true(all(less[, 1] == limit[[1]]) && all(greater[, 2] == limit[[2]]))
  }
})

# --- Monte Carlo
# ------------------------------------------------------------------------------------

test_that("replicates have the binomial distribution", {
  R <- 1e5
  # one group of one patient: T* = X*/20
  drawn <- monte_carlo(y ~ g, patient_rows(0, 1, 5, 20), R = R, type = "perc")
  events <- round(drawn$replicates * 20)
  expect_equal(drawn$replicates, events / 20, tolerance = 1e-14)
  expected <- dbinom(0:20, 20, 0.25) * R
  keep <- expected > 20
  observed <- tabulate(events + 1, 21)
  z <- (observed - expected) / sqrt(expected * (1 - expected / R))
  expect_lt(max(abs(z[keep])), 5)
  expect_gt(
    pchisq(sum((observed - expected)[keep]^2 / expected[keep]), sum(keep) - 1, lower.tail = FALSE),
    1e-5
  )
  # two groups vary independently, strata too: mean and variance of a difference
  rows <- centre_rows(list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40)))
  drawn <- monte_carlo(y ~ g | centre, rows, R = R, type = "perc")
  variance <- sum(c(4 * 16 / 20, 12 * 18 / 30)) / 50^2 + sum(c(9 * 7 / 16, 22 * 18 / 40)) / 56^2
  expect_lt(abs(mean(drawn$replicates) - (31 / 56 - 16 / 50)), 5 * sqrt(variance / R))
  expect_lt(abs(var(drawn$replicates) / variance - 1), 5 * sqrt(2 / R))
})

test_that("successive replicates do not remember each other", {
  t <- monte_carlo(y ~ g, patient_rows(211, 458, 19, 117), R = 1e5, type = "perc")$replicates
  for (lag in 1:3) expect_lt(abs(cor(t[-seq_len(lag)], t[seq_len(length(t) - lag)])), 5 / sqrt(1e5))
})

test_that("Monte Carlo converges to the exact intervals", {
  rows <- patient_rows(211, 458, 19, 117)
  for (name in c("risk_difference", "odds_ratio")) {
    exact <- boot_ci(y ~ g, rows, name, type = "all")
    drawn <- monte_carlo(y ~ g, rows, statistic = name, type = "all", R = 1e5)
    # 5 Monte Carlo standard errors; where quantiles sit on one value of a lattice the error may be
    # 0:
    # then the exact and the drawn value are at most a few neighbours apart.
    to <- if (name == "risk_difference") identity else log
    error <- as.matrix(drawn$intervals[c("mc.error.low", "mc.error.high")])
    if (name != "risk_difference") error <- error / ends_of(drawn)
    expect_lt(max(abs(to(ends_of(drawn)) - to(ends_of(exact))) - 5 * error), 0.004)
    expect_lt(abs(drawn$std.error / exact$std.error - 1), 5 / sqrt(2e5))
    expect_lt(abs(drawn$mid_share - exact$mid_share), 5 * sqrt(0.25 / 1e5))
  }
})

test_that("package boot agrees within Monte Carlo error", {
  peer <- read.csv(test_path("fixtures", "binary_bootstrap_boot.csv"))
  # The designs of the script.
  cases <- list(
    dual = list(one = c(6, 49, 13, 68)), her2 = list(one = c(211, 458, 19, 117)),
    centres = list(a = c(4, 20, 9, 16), b = c(12, 30, 25, 40))
  )
  for (key in unique(paste(peer$case, peer$statistic, peer$level))) {
    these <- peer[paste(peer$case, peer$statistic, peer$level) == key, ]
    found <- boot_ci(y ~ g | centre, centre_rows(cases[[these$case[[1]]]]), these$statistic[[1]],
      type = unique(these$type), conf.level = these$level[[1]]
    )
    ends <- ends_of(found)[cbind(
      match(these$type, found$intervals$type), ifelse(these$end == "low", 1, 2)
    )]
    if (these$statistic[[1]] != "risk_difference") ends <- log(ends)
    expect_lt(max(abs(ends - these$value) / these$mc.error), 4, label = key)
  }
})

test_that("the reported Monte Carlo error is the spread over seeds", {
  rows <- patient_rows(211, 458, 19, 117)
  runs <- lapply(1:60, function(seed) {
    types <- c("norm", "perc")
    monte_carlo(y ~ g, rows, statistic = "odds_ratio", type = types, seed = seed)$intervals
  })
  for (end in c("low", "high")) {
    for (type in 1:2) {
      value <- vapply(runs, function(r) r[[paste0("conf.", end)]][[type]], 0)
      reported <- vapply(runs, function(r) r[[paste0("mc.error.", end)]][[type]], 0)
      ratio <- sqrt(mean(reported^2)) / sd(value)
      # sd of 60 values is known to 9%; the jackknife of a quantile on a lattice is coarser.
      expect_gt(ratio, 0.65)
      expect_lt(ratio, 1.5)
    }
  }
  exact <- boot_ci(y ~ g, rows, type = "all")$intervals
  expect_true(all(exact[c("mc.error.low", "mc.error.high")] == 0))
})

test_that("fewer replicates than patients still give BCa", {
  found <- monte_carlo(y ~ g, patient_rows(211, 458, 19, 117), R = 199)
  expect_true(all(is.finite(ends_of(found))))
  expect_equal(found$acceleration, boot_ci(y ~ g, patient_rows(211, 458, 19, 117))$acceleration)
})

test_that("too few replicates for the level are said so, with how many it takes", {
  rows <- patient_rows(6, 49, 13, 68)
  expect_warning(
    few <- monte_carlo(y ~ g, rows, R = 19, type = "perc"), class = "her2mod_warning_degenerate"
  )
  # 95% needs the 2.5% quantile, the first of 39 order statistics
  expect_match(few$notes, "at least 39 ")
  expect_no_warning <- function(code) expect_warning(code, NA)
  expect_no_warning(monte_carlo(y ~ g, rows, R = 39, type = "perc"))
  expect_warning(
    monte_carlo(y ~ g, rows, R = 38, type = "perc"), class = "her2mod_warning_degenerate"
  )
  expect_no_warning(monte_carlo(y ~ g, rows, R = 19, type = "norm"))
  expect_no_warning(monte_carlo(y ~ g, rows, R = 19, type = "perc", conf.level = 0.9))
})

# --- seeds and threads
# ------------------------------------------------------------------------------

test_that("a seed gives the same numbers with any number of threads, and a longer run goes on", {
  rows <- patient_rows(6, 49, 13, 68)
  one <- monte_carlo(y ~ g, rows, type = "all", R = 9999, seed = 5, threads = 1)
  two <- monte_carlo(y ~ g, rows, type = "all", R = 9999, seed = 5, threads = 2)
  expect_identical(one[names(one) != "call"], two[names(two) != "call"])
  expect_identical(monte_carlo(y ~ g, rows, R = 999, seed = 5)$replicates, one$replicates[1:999])
  expect_false(
    identical(monte_carlo(y ~ g, rows, R = 999, seed = 6)$replicates, one$replicates[1:999])
  )
  expect_identical(one$seed, 5)
  # another group structure is another stream of draws, not the same numbers
  expect_lt(
    abs(cor(one$replicates, monte_carlo(y ~ g, rows, R = 9999, seed = 6)$replicates)),
    5 / sqrt(9999)
  )
})

test_that("the order of the rows and how they are given do not matter", {
  rows <- patient_rows(6, 49, 13, 68)
  plain <- monte_carlo(y ~ g, rows)
  reversed <- rows[rev(seq_len(nrow(rows))), ]
  expect_identical(monte_carlo(y ~ g, reversed)$replicates, plain$replicates)
  table <- data.frame(g = factor(c("ref", "oth"), c("ref", "oth")), e = c(6, 13), n = c(49, 68))
  expect_identical(monte_carlo(cbind(e, n - e) ~ g, table)$replicates, plain$replicates)
  weighted <- data.frame(g = rep(table$g, 2), y = rep(1:0, each = 2), w = c(6, 13, 43, 55))
  expect_identical(monte_carlo(y ~ g, weighted, weights = w)$replicates, plain$replicates)
})

test_that("a given seed leaves R's generator alone, NULL is governed by set.seed", {
  rows <- patient_rows(6, 49, 13, 68)
  set.seed(11)
  before <- .Random.seed
  monte_carlo(y ~ g, rows)
  boot_ci(y ~ g, rows)
  expect_identical(.Random.seed, before)
  first <- monte_carlo(y ~ g, rows, seed = NULL)
  second <- monte_carlo(y ~ g, rows, seed = NULL)
  expect_false(identical(first$replicates, second$replicates))
  set.seed(11)
  expect_identical(monte_carlo(y ~ g, rows, seed = NULL)$replicates, first$replicates)
  expect_identical(monte_carlo(y ~ g, rows, seed = first$seed)$replicates, first$replicates)
})

test_that("strata are resampled within", {
  rows <- centre_rows(list(a = c(0, 5, 5, 5), b = c(5, 5, 0, 5)))
  # In each centre everyone or no one has the event: nothing varies within, all does without strata.
  expect_warning(
    within <- monte_carlo(y ~ g, rows, strata = centre, type = "perc"),
    class = "her2mod_warning_degenerate"
  )
  expect_true(all(within$replicates == 0))
  expect_gt(sd(monte_carlo(y ~ g, rows, type = "perc")$replicates), 0.1)
  rows <- centre_rows(list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40)))
  expect_identical(
    monte_carlo(y ~ g | centre, rows)$replicates,
    monte_carlo(y ~ g, rows, strata = centre)$replicates
  )
})

# --- extremes of size
# --------------------------------------------------------------------------------

test_that("a million patients a group: exact but for bootstrap-t, which says so", {
  table <- data.frame(
    g = factor(c("ref", "oth"), c("ref", "oth")), e = c(300000, 301000), n = c(1e6, 1e6)
  )
  expect_warning(
    found <- boot_ci(cbind(e, n - e) ~ g, table, type = "all"), class = "her2mod_warning_degenerate"
  )
  se <- sqrt(0.3 * 0.7 / 1e6 + 0.301 * 0.699 / 1e6)
  rest <- ends_of(found)[interval_types != "stud", ]
  expect_lt(max(abs(sweep(rest, 2, 0.001 + c(-1, 1) * qnorm(0.975) * se))), 2e-6)
  expect_identical(unname(ends_of(found)[interval_types == "stud", ]), c(NA_real_, NA_real_))
})

# --- the door
# ---------------------------------------------------------------------------------------

test_that("wrong options are refused with the argument's name", {
  rows <- patient_rows(6, 49, 13, 68)
  refused <- function(..., arg) {
    error <- expect_error(boot_ci(y ~ g, rows, ...), class = "her2mod_error_input")
    expect_identical(error$arg, arg)
  }
  refused("hazard_ratio", arg = "statistic")
  for (type in list("BCA", character(), 1, NA_character_)) refused(type = type, arg = "type")
  refused(method = "monte carlo", arg = "method")
  refused(alternative = "both", arg = "alternative")
  for (level in list(0, 1, NA, "0.95", 95)) refused(conf.level = level, arg = "conf.level")
  # also where the exact route does not need them
  for (method in c("exact", "monte_carlo")) {
    for (R in list(0, -1, 1.5, NA, "99", Inf)) refused(method = method, R = R, arg = "R")
    refused(method = method, seed = -1, arg = "seed")
    refused(method = method, threads = 0, arg = "threads")
    refused(method = method, progress = "no", arg = "progress")
  }
  refused(alternative = "less", conf.level = 0.4, arg = "conf.level")
  refused(ref = "nobody", arg = "ref")
  expect_error(boot_ci(as.character(y) ~ g, rows), class = "her2mod_error_input")
  expect_error(boot_ci(y ~ g, rows[rows$g == "ref", ]), class = "her2mod_error_data")
})

test_that("types come in the order asked for, each once; all is all", {
  rows <- patient_rows(6, 49, 13, 68)
  expect_identical(
    boot_ci(y ~ g, rows, type = c("perc", "bca", "perc"))$intervals$type, c("perc", "bca")
  )
  expect_identical(boot_ci(y ~ g, rows, type = c("norm", "all"))$intervals$type, interval_types)
  expect_identical(boot_ci(y ~ g, rows)$intervals$type, "bca")
})
