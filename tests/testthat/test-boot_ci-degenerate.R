# Data that have no ordinary answer: constant, one patient in a group, ratios of 0, all tied; and
# the extremes of level and size.

rows_of <- function(y0, y1) {
  data.frame(
    y = c(y0, y1), g = factor(rep(c("ref", "oth"), c(length(y0), length(y1))), c("ref", "oth"))
  )
}
quietly <- function(...) suppressWarnings(monte_carlo(y ~ g, ...))

test_that("constant responses: the estimate as an interval, one warning, no NaN", {
  for (shift in c(0, 3)) {
    rows <- rows_of(rep(7, 5), rep(7 + shift, 6))
    for (stat in c("mean_difference", "median_difference")) {
      for (method in c("monte_carlo", "exact")) {
        expect_warning(
          x <- boot_ci(
            y ~ g, rows, stat, "all", method = method, R = 99, seed = 1, progress = FALSE
          ),
          class = "her2mod_warning_degenerate"
        )
        expect_identical(x$std.error, 0)
        ends <- ends_of(x)
        expect_true(all(ends[interval_types != "stud", ] == shift))
        expect_true(all(is.na(ends[interval_types == "stud", ])))
        expect_false(any(is.nan(as.matrix(x$intervals[-1]))))
        p <- x$intervals$p.value[match(c("perc", "basic"), x$intervals$type)]
        expected <- if (shift == 0) 1 else if (method == "exact") 0 else 2 / 100
        expect_equal(p, rep(expected, 2), tolerance = 1e-12)
        expect_match(x$notes, "every bootstrap sample gives the estimate", all = FALSE)
      }
    }
  }
  # also far from 0, where a sum of equal numbers is rounded
  far <- quietly(rows_of(rep(1e6 + 0.1, 5), rep(1e6 + 0.1, 6)), "mean_difference", "all", R = 99)
  expect_true(all(abs(ends_of(far)[interval_types != "stud", ]) < 1e-8))
  expect_true(all(is.na(ends_of(far)[interval_types == "stud", ])))
})

test_that("all tied: ranks and standardised differences", {
  rows <- rows_of(rep(2, 5), rep(2, 6))
  win <- quietly(rows, "win_probability", c("perc", "basic", "norm"), R = 99)
  expect_identical(win$estimate, 0.5)
  expect_true(all(ends_of(win) == 0.5))
  expect_identical(win$intervals$p.value, c(1, 1, 1))
  g <- quietly(rows, "standardised_difference", c("perc", "basic", "norm"), R = 99)
  expect_identical(g$estimate, 0)
  expect_true(all(ends_of(g) == 0))
  # apart without any spread: infinite, in every sample
  error <- expect_error(
    quietly(
      rows_of(rep(2, 5), rep(3, 6)), "standardised_difference"
    ), class = "her2mod_error_numeric"
  )
  expect_identical(error$share, 1)
})

test_that("one patient in a group is always drawn; his group has no standard error", {
  rows <- rows_of(23, c(31, 29, 17, 9, 21, 25))
  for (stat in c("mean_difference", "mean_ratio", "median_difference", "win_probability")) {
    x <- quietly(rows, stat, "all", R = 199)
    expect_true(all(vapply(1:20, function(b) replicate_data(x, b)$weight[[1]], 0) == 1))
    expect_true(all(is.finite(ends_of(x)[x$intervals$type != "stud", ])))
    expect_false(any(is.nan(as.matrix(x$intervals[-1]))))
  }
  # Welch's standard error divides by n - 1 = 0: no bootstrap-t, and the print says why
  expect_warning(
    x <- monte_carlo(y ~ g, rows, "mean_difference", c("stud", "perc")),
    class = "her2mod_warning_degenerate"
  )
  expect_identical(unname(ends_of(x)[1, ]), c(NA_real_, NA_real_))
  expect_identical(x$intervals$p.value[[1]], NA_real_)
  expect_match(x$notes, "stud: not computed.*no standard error")
  expect_true(any(grepl("stud: not computed", format(x))))
  # the other group's influence alone gives the acceleration
  y <- rows$y[-1]
  left <- vapply(1:6, function(i) mean(y[-i]), 0)
  bca <- quietly(rows, "mean_difference", "bca")
  expect_equal(bca$acceleration, naive_acceleration(left, rep(1, 6)), tolerance = 1e-10)
  expect_error(quietly(rows_of(1, 2), "mean_difference"), class = "her2mod_error_data")
})

test_that("a mean of 0 makes a ratio 0 or Inf: counted, kept in order", {
  # ref is 0 in (3/5)^5 = 7.8% of the samples
  rows <- rows_of(c(0, 0, 0, 4, 5), c(1, 2, 3, 4, 6))
  expect_warning(
    x <- monte_carlo(y ~ g, rows, "mean_ratio", c("perc", "norm", "basic"), R = 1999),
    class = "her2mod_warning_degenerate"
  )
  infinite <- x$failures[["infinite"]]
  expect_lt(abs(infinite - 0.6^5), 4.5 * sqrt(0.6^5 * (1 - 0.6^5) / 1999))
  expect_equal(infinite * 1999, sum(x$replicates == Inf))
  t <- x$replicates
  expect_identical(unname(ends_of(x)[1, 2]), Inf)
  expect_equal(unname(ends_of(x)[1, 1]), exp(naive_quantile(t, 0.025)), tolerance = 1e-10)
  # more than 5% without a finite value: no normal interval, and no p from it
  expect_identical(unname(ends_of(x)[2, ]), c(NA_real_, NA_real_))
  expect_identical(x$intervals$p.value[[2]], NA_real_)
  expect_identical(unname(ends_of(x)[3, 1]), 0)
  expect_true(any(grepl("with a ratio of 0 or Inf (kept in order)", format(x), fixed = TRUE)))
  # 0/0 in every sample, and a negative response
  expect_error(quietly(rows_of(c(0, 0, 0), c(0, 0)), "mean_ratio"), class = "her2mod_error_numeric")
  expect_error(quietly(rows_of(c(-1, 2, 3), c(1, 2)), "mean_ratio"), class = "her2mod_error_data")
})

test_that("a custom statistic that fails, is missing or of the wrong kind", {
  rows <- rows_of(c(1, 4, 2, 6), c(3, 8, 5))
  fit <- function(f, ...) quietly(rows, stat_custom(f), "perc", R = 99, ...)
  expect_error(
    fit(function(data, weights) stop("no idea")), "no idea", class = "her2mod_error_numeric"
  )
  expect_error(fit(function(data, weights) "1"), class = "her2mod_error_input")
  expect_error(fit(function(data, weights) 1:3), class = "her2mod_error_input")
  error <- expect_error(fit(function(data, weights) NA_real_), class = "her2mod_error_numeric")
  expect_identical(error$share, 1)
  # undefined when row 1 is not drawn: (3/4)^4 = 32%
  error <- expect_error(
    fit(function(data, weights) if (weights[[1]] == 0) NaN else 1), class = "her2mod_error_numeric"
  )
  expect_lt(abs(error$share - 0.75^4), 4.5 * sqrt(0.22 / 99))
  # an error at one replicate says which
  count <- 0
  error <- expect_error(
    fit(function(data, weights) if ((count <<- count + 1) == 12) stop("now") else 1),
    class = "her2mod_error_numeric"
  )
  expect_match(conditionMessage(error), "replicate 11")
})

test_that("one replicate is a result, with what it cannot give as NA", {
  rows <- rows_of(c(1, 4, 2, 6), c(3, 8, 5))
  expect_warning(
    x <- monte_carlo(
      y ~ g, rows, "mean_difference", "all", R = 1
    ), class = "her2mod_warning_degenerate"
  )
  t <- x$replicates
  expect_length(t, 1)
  ends <- ends_of(x)
  expect_identical(unname(ends[x$intervals$type == "perc", ]), c(t, t))
  expect_equal(unname(ends[x$intervals$type == "basic", ]), rep(2 * x$estimate - t, 2))
  expect_true(all(is.na(ends[x$intervals$type == "norm", ])))
  expect_identical(x$std.error, NA_real_)
  expect_identical(x$intervals$p.value[x$intervals$type == "perc"], 1)
  expect_true(all(is.na(x$intervals[c("mc.error.low", "mc.error.high", "mc.error.p")])))
  expect_match(x$notes, "R = 1 is too small", all = FALSE)
  expect_silent(format(x))
})

test_that("levels: from wide to narrow the intervals hold each other; one end is one end", {
  rows <- rows_of(c(3, 5, 7, 18, 43, 85, 91, 12), c(18, 30, 98, 100, 130, 230, 487))
  x <- quietly(rows, "mean_difference", "all", R = 1999)
  at_level <- function(level) ends_of(suppressWarnings(boot_at_level(x, level)))
  ends <- lapply(c(0.999, 0.99, 0.95, 0.8, 0.5, 0.01), at_level)
  for (i in 2:6) {
    expect_true(all(ends[[i]][, 1] >= ends[[i - 1]][, 1] & ends[[i]][, 2] <= ends[[i - 1]][, 2]))
  }
  for (stat in c("mean_difference", "win_probability", "mean_ratio")) {
    two <- quietly(rows, stat, "all", R = 499, conf.level = 0.9)
    less <- quietly(rows, stat, "all", R = 499, alternative = "less")
    greater <- quietly(rows, stat, "all", R = 499, alternative = "greater")
    expect_equal(ends_of(less)[, 2], ends_of(two)[, 2], tolerance = 1e-12)
    expect_equal(ends_of(greater)[, 1], ends_of(two)[, 1], tolerance = 1e-12)
    limits <- switch(stat, mean_difference = c(-Inf, Inf), win_probability = c(0, 1), c(0, Inf))
    expect_true(all(ends_of(less)[, 1] == limits[[1]]) && all(ends_of(greater)[, 2] == limits[[2]]))
    expect_true(all(less$intervals$mc.error.low == 0) && all(greater$intervals$mc.error.high == 0))
  }
  for (level in list(0.5, 0.2)) {
    expect_error(
      quietly(rows, "mean_difference", conf.level = level, alternative = "less"),
      class = "her2mod_error_input"
    )
  }
})

test_that("units do not matter: any scale and origin", {
  y <- c(23, 31, 18, 40, 26, 35, 12, 29, 17, 9, 21, 25, 14)
  types <- c("perc", "basic", "norm", "stud")
  fit <- function(y) quietly(rows_of(y[1:6], y[7:13]), "mean_difference", types)
  plain <- fit(y)
  # powers of 2 change no digit; 2^-60 is 1e-18
  for (power in c(-60, -30, 30, 60)) {
    scaled <- fit(y * 2^power)
    expect_identical(ends_of(scaled), ends_of(plain) * 2^power)
    expect_identical(scaled$intervals$p.value, plain$intervals$p.value)
  }
  moved <- fit(y + 2^30)
  expect_equal(ends_of(moved), ends_of(plain), tolerance = 1e-9)
})

test_that("what the response may not be", {
  rows <- rows_of(c(1, 4, 2, 6), c(3, 8, 5))
  bad <- function(value, class, stat = "mean_difference") {
    rows$y <- value
    expect_error(quietly(rows, stat, "perc", R = 99), class = class)
  }
  bad(c(Inf, 1:6), "her2mod_error_data")
  bad(as.character(1:7), "her2mod_error_input")
  bad(factor(1:7), "her2mod_error_input")
  bad(1:7, "her2mod_error_input", "risk_difference")
  bad(c(NaN, NA, NA, NA, 1, 2, 3), "her2mod_error_data")
  rows$y[[2]] <- NaN
  expect_identical(quietly(rows, "mean_difference", "perc", R = 99)$n_dropped, 1L)
  expect_error(quietly(rows, "mean_difference", na.action = na.fail), class = "her2mod_error_data")
  rows <- rbind(rows_of(c(1, 4, 2, 6), c(3, 8, 5)), data.frame(y = 9, g = "third"))
  expect_error(quietly(rows, "mean_difference"), class = "her2mod_error_data")
  two <- quietly(rows, "mean_difference", "perc", R = 99, subset = g != "third")
  expect_identical(two$groups, c("ref", "oth"))
  skip_if_not_installed("tibble")
  as_tibble <- quietly(
    tibble::as_tibble(rows), "mean_difference", "perc", R = 99, subset = g != "third"
  )
  expect_identical(as_tibble$replicates, two$replicates)
})

test_that("a million rows are resampled", {
  skip_on_cran()
  n <- 1e6
  rows <- data.frame(y = (seq_len(n) * 7919) %% 1009, g = rep(c("ref", "oth"), n / 2))
  x <- quietly(rows, "mean_difference", c("perc", "norm"), R = 5, threads = 2, ref = "ref")
  d <- with(rows, tapply(y, g, mean))
  expect_equal(x$estimate, d[["oth"]] - d[["ref"]], tolerance = 1e-9)
  # five replicates around it, within 6 standard errors
  expect_lt(max(abs(x$replicates - x$estimate)), 6 * sqrt(2 * var(rows$y) / (n / 2)))
})

test_that("a group of which none, or all, have the event is named: the bootstrap does not vary it", {
  # 0 of 11 against 19 of 60: the score interval of the difference, Miettinen and Nurminen's, is wider below
  counts <- data.frame(g = c("many", "few"), event = c(19, 0), n = c(60, 11))
  caught <- character()
  withCallingHandlers(
    x <- boot_ci(cbind(event, n - event) ~ g, counts, ref = "many", R = 99, seed = 1),
    her2mod_warning_degenerate = function(w) {
      caught <<- c(caught, conditionMessage(w))
      invokeRestart("muffleWarning")
    }
  )
  expect_length(caught, 1)
  expect_match(caught, "few: all or none have the event")
  expect_match(paste(format(x), collapse = " "), "compare_proportions()", fixed = TRUE)
  score <- tidy(compare_proportions(c(19, 0), c(60, 11)))
  score <- score[score$term == "risk_difference" & score$method == "miettinen-nurminen", ]
  expect_lt(x$intervals$conf.high, score$conf.high)
  all <- transform(counts, event = c(19, 11))
  expect_warning(boot_ci(cbind(event, n - event) ~ g, all, R = 99, seed = 1, method = "monte_carlo"), "few: all or none",
    class = "her2mod_warning_degenerate")
  some <- transform(counts, event = c(19, 1))
  expect_no_warning(boot_ci(cbind(event, n - event) ~ g, some, R = 99, seed = 1), class = "her2mod_warning_degenerate")
})

test_that("of survival data a group is still where its events come after tau", {
  d <- data.frame(t = c(1:6 / 2 + 3, 1:30 / 5), e = rep(c(0, 1, 0), c(6, 10, 20)), g = rep(c("few", "many"), c(6, 30)))
  d$e[d$g == "few" & d$t == 6] <- 1
  expect_warning(x <- boot_ci(Surv(t, e) ~ g, d, stat_rmst_difference(5), R = 99, seed = 1), "few: nobody has the event",
    class = "her2mod_warning_degenerate")
  expect_match(paste(format(x), collapse = " "), "perm_test()", fixed = TRUE)
  later <- suppressWarnings(boot_ci(Surv(t, e) ~ g, d, stat_rmst_difference(6), R = 99, seed = 1))
  expect_false(any(grepl("nobody has the event", format(later))))
})

test_that("few clusters are said to be few, many are not", {
  rows <- function(k) {
    data.frame(
      centre = rep(seq_len(k), each = 4), g = rep(c("a", "a", "b", "b"), k), y = rep(c(1, 0, 0, 1, 0, 1, 1), length.out = 4 * k)
    )
  }
  said <- function(d) {
    x <- suppressWarnings(boot_ci(y ~ g, d, cluster = centre, R = 99, seed = 1))
    any(grepl("few clusters", format(x)))
  }
  expect_identical(c(said(rows(8)), said(rows(19)), said(rows(20))), c(TRUE, TRUE, FALSE))
  # each in one group: 12 of either
  apart <- transform(rows(24), g = ifelse(centre %% 2 == 0, "a", "b"))
  expect_true(said(apart))
})
