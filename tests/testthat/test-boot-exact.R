# Exact bootstrap distributions against the list of all resamples, n^n a group, and against long
# Monte Carlo runs; what is exact and when.

rows_of <- function(y0, y1, ...) {
  data.frame(
    y = c(y0, y1), g = factor(rep(c("ref", "oth"), c(length(y0), length(y1))), c("ref", "oth")), ...
  )
}
exactly <- function(...) suppressWarnings(boot_ci(..., method = "exact"))

kinds <- list(
  mean_difference = list(stat = "mean_difference", f = mean),
  mean_ratio = list(stat = "mean_ratio", f = function(y) log(mean(y))),
  median_difference = list(stat = "median_difference", f = stats::median),
  lower = list(stat = stat_quantile_difference(0.25), f = function(y) unname(quantile(y, 0.25))),
  upper = list(stat = stat_quantile_difference(0.9), f = function(y) unname(quantile(y, 0.9)))
)

# The listed distribution of a kind; case weights repeat a row.
listed <- function(kind, rows) {
  long <- rows[rep(seq_len(nrow(rows)), if (is.null(rows$w)) 1 else rows$w), ]
  by_group <- lapply(split(long, long$g), function(part) {
    list_resamples(part$y, if (is.null(part$centre)) rep(1, nrow(part)) else part$centre, kind$f)
  })
  difference_of(by_group$ref, by_group$oth)
}

small_sets <- list(
  plain = rows_of(c(2, 3, 5, 11), c(1, 4, 9, 17)),
  odd_and_even = rows_of(c(2, 3, 7), c(1, 4, 9, 10, 12)),
  ties = rows_of(c(2, 2, 3, 3), c(1, 2, 2, 5, 5)),
  strata = rows_of(
    c(1, 4, 6, 20, 23), c(3, 5, 19, 22, 30), centre = c(1, 1, 1, 2, 2, 1, 1, 2, 2, 2)
  ),
  lone = rows_of(c(4), c(1, 4, 9, 10, 12)),
  stratum_of_one = rows_of(c(1, 4, 6, 20), c(3, 5, 7, 22), centre = rep(c(1, 1, 1, 2), 2)),
  weights = rows_of(c(2, 3), c(1, 4, 9), w = c(2, 2, 2, 1, 2)),
  tenths = rows_of(c(0.1, 0.2, 0.3, 0.7), c(0.2, 0.3, 0.3, 1.1))
)

fit_small <- function(rows, stat, ...) {
  rows$w <- if (is.null(rows$w)) 1 else rows$w
  rows$centre <- if (is.null(rows$centre)) 1 else rows$centre
  exactly(y ~ g | centre, rows, stat, weights = w, ...)
}

for (set in names(small_sets)) {
  test_that(paste(set, "- exact means, ratios and quantiles are those of every resample listed"), {
    rows <- small_sets[[set]]
    for (kind in kinds) {
      d <- listed(kind, rows)
      for (level in c(0.95, 0.8, 0.5)) {
        x <- fit_small(
          rows, kind$stat, type = c("perc", "basic", "norm", "bca"), conf.level = level
        )
        estimate <- if (x$statistic$scale == "log") log(x$estimate) else x$estimate
        mean <- sum(d$mass * d$value)
        expect_equal(x$std.error, sqrt(sum(d$mass * (d$value - mean)^2)), tolerance = 1e-9)
        expect_identical(x$method, "exact")
        expect_identical(unname(x$failures), c(0, 0, 0))
        for (type in x$intervals$type) {
          ends <- listed_ends(type, d, estimate, (1 - level) / 2, x$acceleration)
          if (anyNA(ends)) next
          expect_equal(unname(
            ends_of(x)[x$intervals$type == type, ]
          ), to_display(x$statistic, ends),
            tolerance = 1e-8, label = paste(set, x$statistic$title, type, level)
          )
        }
      }
      # Two-sided: twice the smaller share at or beyond no effect, at most 1.
      at <- c(sum(d$mass[d$value <= 1e-9]), sum(d$mass[d$value >= -1e-9]))
      expect_equal(x$intervals$p.value[[1]], min(1, 2 * min(at)), tolerance = 1e-7)
      mirrored <- c(
        sum(d$mass[d$value >= 2 * estimate - 1e-8]), sum(d$mass[d$value <= 2 * estimate + 1e-8])
      )
      expect_equal(x$intervals$p.value[[2]], min(1, 2 * min(mirrored)), tolerance = 1e-7)
    }
  })
}

test_that("the exact standard error of a mean is sqrt(sum (y - m)^2) / n in each group", {
  set.seed(3)
  y0 <- round(rexp(40, 0.02))
  y1 <- round(rexp(55, 0.03))
  plug_in <- function(y) sum((y - mean(y))^2) / length(y)^2
  x <- exactly(y ~ g, rows_of(y0, y1), "mean_difference", "norm")
  expect_equal(x$std.error, sqrt(plug_in(y0) + plug_in(y1)), tolerance = 1e-9)
  expect_equal(
    unname(ends_of(x)[1, ]), mean(y1) - mean(y0) + c(-1, 1) * qnorm(0.975) * x$std.error,
    tolerance = 1e-8
  )
})

test_that("long Monte Carlo runs have the exact distribution", {
  set.seed(5)
  R <- 40000
  rows <- rows_of(round(rexp(23, 0.05)) + 1, round(rexp(31, 0.03)) + 1)
  rows$centre <- rep(c("a", "b", "c"), 18)
  for (kind in kinds) {
    drawn <- monte_carlo(y ~ g | centre, rows, kind$stat, "perc", R = R, seed = 11, threads = 2)
    exact <- boot_exact(drawn, drawn$statistic, wanted_of(drawn))
    t <- drawn$replicates
    expect_lt(abs(mean(t) - exact$mean), 4.5 * exact$std.error / sqrt(R))
    fourth <- mean((t - mean(t))^4)
    spread <- sqrt((fourth - exact$std.error^4) / R) / (2 * exact$std.error)
    expect_lt(abs(sd(t) - exact$std.error), 4.5 * spread)
    at <- quantile(t, c(0.01, 0.025, 0.1, 0.5, 0.9, 0.975, 0.99), type = 1, names = FALSE)
    known <- exact$ask(double(), double(), at)
    seen <- vapply(at, function(v) mean(t <= v + 1e-9), 0)
    expect_lt(max(abs(seen - known$at_most) / sqrt(seen * (1 - seen) / R)), 4.5)
  }
})

test_that("values on no lattice are rounded to one: said, and within what is said", {
  set.seed(9)
  rows <- rows_of(rnorm(5, 10), rnorm(5, 11))
  for (kind in kinds[c("mean_difference", "mean_ratio")]) {
    d <- listed(kind, rows)
    for (level in c(0.95, 0.6)) {
      x <- boot_ci(
        y ~ g, rows, kind$stat, c("perc", "basic"), method = "exact", conf.level = level
      )
      note <- grep("rounded to a lattice", x$notes, value = TRUE)
      said <- as.numeric(sub(".* off by ([0-9.e-]+)\\.$", "\\1", note))
      expect_lt(said, 1e-4)
      for (type in c("perc", "basic")) {
        estimate <- if (x$statistic$scale == "log") log(x$estimate) else x$estimate
        ends <- listed_ends(type, d, estimate, (1 - level) / 2)
        ours <- ends_of(x)[x$intervals$type == type, ]
        if (x$statistic$scale == "log") ours <- log(ours)
        # The listed values are rounded at the ninth decimal.
        expect_lt(max(abs(ours - ends)), 1.01 * said + 2e-9)
      }
      expect_true(any(grepl("rounded to a lattice", format(x))))
    }
  }
  expect_warning(boot_ci(y ~ g, rows, "median_difference", "perc", method = "exact"), NA)
})

test_that("an exact mean ratio needs means that cannot be 0", {
  rows <- rows_of(c(0, 1, 2), c(1, 2, 3))
  error <- expect_error(
    boot_ci(y ~ g, rows, "mean_ratio", method = "exact"), class = "her2mod_error_numeric"
  )
  # It names the way out, and the way is open.
  expect_match(conditionMessage(error), "no exact bootstrap of the mean ratio")
  expect_match(conditionMessage(error), "method = \"monte_carlo\"", fixed = TRUE)
  expect_warning(
    drawn <- boot_ci(
      y ~ g, rows, "mean_ratio", "perc", method = "monte_carlo", R = 999, seed = 1, progress = FALSE
    ),
    class = "her2mod_warning_degenerate"
  )
  # A resample of the first group is 0 with a probability of 1/27.
  expect_lt(abs(glance(drawn)$infinite - 1 / 27), 5 * sqrt(1 / 27 * 26 / 27 / 999))
})

test_that("bootstrap-t has no exact distribution of means and quantiles, and says so", {
  rows <- small_sets$plain
  for (stat in c("mean_difference", "median_difference")) {
    expect_warning(
      x <- boot_ci(y ~ g, rows, stat, c("stud", "perc"), method = "exact"),
      class = "her2mod_warning_degenerate"
    )
    expect_identical(unname(ends_of(x)[1, ]), c(NA_real_, NA_real_))
    expect_identical(x$intervals$p.value[[1]], NA_real_)
    expect_true(any(grepl("^stud: not computed", x$notes)))
    expect_true(all(is.finite(ends_of(x)[2, ])))
  }
})

test_that("what is exact by default: risks, and quantiles that do not take long", {
  rows <- rows_of(c(2, 3, 5, 11, 12, 13), c(1, 4, 9, 17, 18, 19))
  rows$part <- rep(1:6, 2)
  rows$half <- rep(1:2, 6)
  method <- function(statistic, ..., data = rows) {
    suppressWarnings(
      boot_ci(y ~ g, data, statistic, "perc", R = 19, seed = 1, progress = FALSE, ...)
    )$method
  }
  expect_identical(method("median_difference"), "exact")
  expect_identical(method(stat_quantile_difference(0.1)), "exact")
  expect_identical(method("median_difference", strata = half), "exact")
  for (stat in c("mean_difference", "mean_ratio", "win_probability", "standardised_difference")) {
    expect_identical(method(stat), "monte_carlo")
  }
  # 5 strata, clusters, another scheme, a precision, or too many rows for about a second
  expect_identical(method("median_difference", strata = pmin(part, 5)), "monte_carlo")
  expect_identical(method("median_difference", strata = pmin(part, 4)), "exact")
  expect_identical(method("median_difference", cluster = part), "monte_carlo")
  expect_identical(method("median_difference", scheme = "balanced"), "monte_carlo")
  expect_identical(method("median_difference", precision = 100), "monte_carlo")
  many <- function(n) data.frame(y = seq_len(n) %% 7, g = rep(c("ref", "oth"), length.out = n))
  expect_identical(method("median_difference", data = many(20000)), "exact")
  expect_identical(method("median_difference", data = many(20001)), "monte_carlo")
  in_strata <- function(n, k) cbind(many(n), part = rep_len(seq_len(2 * k) %/% 2, n))
  expect_identical(
    method("median_difference", data = in_strata(2001, 4), strata = pmin(part, 3)), "monte_carlo"
  )
  expect_identical(
    method("median_difference", data = in_strata(2000, 4), strata = pmin(part, 3)), "exact"
  )
  stud <- suppressWarnings(
    boot_ci(y ~ g, rows, "median_difference", "stud", R = 19, seed = 1, progress = FALSE)
  )
  expect_identical(stud$method, "monte_carlo")
  risks <- cbind(patient_rows(20, 40, 25, 40), part = rep(1:8, 10))
  for (stat in c("risk_difference", "risk_ratio", "odds_ratio")) {
    expect_identical(method(stat, data = risks), "exact")
    expect_identical(method(stat, data = risks, strata = part), "exact")
    expect_identical(method(stat, data = risks, cluster = part), "monte_carlo")
    expect_identical(method(stat, data = risks, scheme = "fractional"), "monte_carlo")
    expect_identical(method(stat, data = risks, precision = 100), "monte_carlo")
  }
})

test_that("method = \"exact\" is refused where there is none, with the reason", {
  rows <- small_sets$plain
  rows$patient <- c(1, 1, 2, 3, 4, 4, 5, 6)
  refused <- function(..., why) {
    error <- expect_error(
      boot_ci(y ~ g, rows, ..., method = "exact"), class = "her2mod_error_input"
    )
    expect_identical(error$arg, "method")
    expect_match(conditionMessage(error), why)
  }
  refused("mean_difference", cluster = patient, why = "Clusters are resampled")
  refused("mean_difference", scheme = "fractional", why = "fractional")
  refused("median_difference", scheme = "balanced", why = "balanced")
  refused("win_probability", why = "risks, quantiles, medians and means")
  refused("standardised_difference", why = "risks, quantiles, medians and means")
  refused(stat_custom(function(data, weights) 1), why = "risks, quantiles, medians and means")
})

test_that("exact runs take no seed, draw nothing, and repeat", {
  set.seed(4)
  before <- .Random.seed
  x <- exactly(y ~ g, small_sets$plain, "mean_difference")
  expect_identical(.Random.seed, before)
  expect_identical(x$seed, NA_real_)
  expect_identical(x$R, NA_real_)
  expect_null(x$replicates)
  expect_identical(tidy(x)$mc.error.low, 0)
  again <- exactly(y ~ g, small_sets$plain, "mean_difference")
  expect_identical(without_call(x), without_call(again))
})
