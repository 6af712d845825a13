rows <- patient_rows(6, 49, 13, 68)
exact <- boot_ci(y ~ g, rows, type = c("bca", "perc"))
drawn <- boot_ci(
  y ~ g, rows, type = c("bca", "perc"), method = "monte_carlo", R = 1999, seed = 3, progress = FALSE
)
has <- function(lines, text) expect_true(any(grepl(text, lines, fixed = TRUE)), label = text)

test_that("tidy has broom's columns, one row an interval", {
  for (found in list(exact, drawn)) {
    table <- tidy(found)
    expect_identical(names(table), c(
      "term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high", "method",
      "alternative", "mc.error.low", "mc.error.high", "mc.error.p"
    ))
    expect_identical(table$method, c("bca", "perc"))
    expect_identical(table$term, rep("risk_difference", 2))
    expect_equal(table$estimate, rep(13 / 68 - 6 / 49, 2))
    expect_true(all(is.na(table$statistic)))
    expect_true(all(table$p.value > 0 & table$p.value <= 1))
    expect_identical(as.data.frame(found), table)
  }
  expect_true(all(tidy(drawn)$mc.error.low >= 0))
})

test_that("glance is one row with sizes, events, seed and failures", {
  expect_equal(glance(exact), data.frame(
    reference = "ref", other = "oth", n = 117, events = 19, strata = 1L, clusters = NA_integer_,
    method = "exact", scheme = "ordinary", R = NA_real_, seed = NA_real_, undefined = 0,
    infinite = 0, empty_group = 0, n_dropped = 0L
  ))
  expect_equal(
    glance(drawn)[c("method", "R", "seed")], data.frame(method = "monte_carlo", R = 1999, seed = 3)
  )
  two <- boot_ci(y ~ g | centre, centre_rows(list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40))))
  expect_equal(
    glance(two)[c("n", "events", "strata")], data.frame(n = 106, events = 47, strata = 2L)
  )
})

test_that("the print names the direction, groups, events, level, replicates, seed and errors", {
  lines <- format(drawn)
  has(lines, "risk difference, oth minus ref")
  has(lines, "ref (reference)")
  has(lines, "6/49  12.2%")
  has(lines, "13/68  19.1%")
  has(lines, "estimate 0.0687; standard error 0.0")
  has(lines, "Monte Carlo error")
  has(lines, "95%, two-sided; patients resampled within group; R = 1,999, seed 3")
  has(lines, "failed replicates: none")
  has(lines, "event: y")
  has(format(exact), "exact bootstrap distribution, no Monte Carlo error")
  expect_false(any(grepl("seed", format(exact))))
  expect_output(returned <- withVisible(print(exact)), "Bootstrap intervals")
  expect_false(returned$visible)
  expect_identical(returned$value, exact)
  expect_identical(summary(exact), exact)
})

test_that("ratios are over, strata and dropped rows are named, failures counted", {
  few <- suppressWarnings(boot_ci(y ~ g, patient_rows(1, 10, 3, 10), "risk_ratio", type = "perc",
    method = "monte_carlo", R = 999, seed = 1, progress = FALSE
  ))
  lines <- format(few)
  has(lines, "risk ratio, oth over ref")
  has(lines, "(of the logarithm)")
  undefined <- sum(is.nan(few$replicates))
  has(
    lines,
    sprintf(
      "failed replicates: %d undefined (left out), %d with a ratio of 0 or Inf", undefined,
      sum(is.infinite(few$replicates))
    )
  )
  exactly <- suppressWarnings(
    boot_ci(y ~ g, patient_rows(1, 10, 3, 10), "risk_ratio", type = "perc")
  )
  # .9^10 + .7^10 - 2 (.63)^10 = 0.357, (.63)^10 = 0.00985
  has(
    format(exactly), "36% of the distribution is a ratio of 0 or Inf, 0.98% is undefined (left out)"
  )
  two <- centre_rows(list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40)))
  two$y[[1]] <- NA
  lines <- format(boot_ci(y ~ g | centre, two))
  has(lines, "2 strata; 1 row with missing values dropped")
  has(lines, "patients resampled within group and stratum")
})

test_that("coef is the estimate, on the scale that users read", {
  expect_equal(coef(exact), c(risk_difference = 13 / 68 - 6 / 49))
  expect_equal(
    coef(suppressWarnings(boot_ci(y ~ g, rows, "odds_ratio"))), c(odds_ratio = 13 * 43 / (6 * 55))
  )
})

test_that("confint has one row an interval; another level uses the same replicates", {
  limits <- confint(exact)
  expect_identical(dimnames(limits), list(c("bca", "perc"), c("conf.low", "conf.high")))
  expect_identical(confint(exact, "perc"), limits["perc", , drop = FALSE])
  at_80 <- boot_ci(y ~ g, rows, type = c("bca", "perc"), conf.level = 0.8)
  expect_identical(confint(exact, level = 0.8), confint(at_80))
  # a result whose seed was not given: the stored one is used, and R's generator stays
  set.seed(2)
  free <- boot_ci(y ~ g, rows, type = "perc", method = "monte_carlo", R = 999, progress = FALSE)
  before <- .Random.seed
  wide <- confint(free, level = 0.99)
  expect_identical(.Random.seed, before)
  again <- boot_ci(
    y ~ g, rows, type = "perc", method = "monte_carlo", R = 999, seed = free$seed,
    conf.level = 0.99, progress = FALSE
  )
  expect_identical(wide, confint(again))
  expect_error(confint(exact, level = 1), class = "her2mod_error_input")
})

test_that("confint does not need the data, which may have changed", {
  patients <- patient_rows(2, 5, 3, 4)
  object <- boot_ci(y ~ g, patients)
  expected <- confint(boot_ci(y ~ g, patients, conf.level = 0.8))
  patients$y <- 0
  expect_identical(confint(object, level = 0.8), expected)
  rm(patients)
  expect_identical(confint(object, level = 0.8), expected)
  expect_error(confint(object, "perc"), class = "her2mod_error_input")
})

test_that("confint and update find the variables of the function that made the result", {
  inside <- function() {
    patients <- patient_rows(2, 5, 3, 4)
    object <- boot_ci(y ~ g, patients)
    list(confint(object, level = 0.8), update(object, type = "perc"))
  }
  found <- inside()
  expect_identical(found[[1]], confint(boot_ci(y ~ g, patient_rows(2, 5, 3, 4), conf.level = 0.8)))
  expect_identical(tidy(found[[2]]), tidy(boot_ci(y ~ g, patient_rows(2, 5, 3, 4), type = "perc")))
})

# --- numeric and other endpoints ------------------------------------------------------------------

sizes <- data.frame(
  mm = c(23, 31, NA, 18, 40, 26, 35, 12, 29, 17, 9, 21, 25, 14),
  arm = rep(c("single", "dual"), c(7, 7)), patient = c(1, 1, 2, 2, 3, 4, 5, 6, 7, 7, 8, 9, 9, 10),
  n = rep(1:2, 7)
)

test_that("a numeric endpoint: estimand, sizes, moments by hand, rows dropped, seed", {
  x <- boot_ci(mm ~ arm, sizes, "mean_difference", c("bca", "stud"),
    ref = "single", R = 1999, seed = 8, progress = FALSE
  )
  lines <- format(x)
  expect_identical(lines[[1]], "Bootstrap intervals: mean difference, dual minus single")
  # single: 23 31 18 40 26 35; dual: 12 29 17 9 21 25 14
  has(lines, "single (reference)  n = 6  mean 28.83  SD 8.085  median 28.50")
  has(lines, "dual                n = 7  mean 18.14  SD 7.221  median 17.00")
  has(lines, "response: mm; 1 row with missing values dropped")
  has(lines, paste0("estimate -10.6905; standard error ", format_number(x$std.error, 3)))
  plug_in <- sqrt(8.085^2 * 5 / 36 + 7.221^2 * 6 / 49)
  expect_lt(abs(x$std.error / plug_in - 1), 4.5 / sqrt(2 * 1999))
  has(lines, "95%, two-sided; patients resampled within group; R = 1,999, seed 8")
  has(lines, "Monte Carlo error ")
  has(lines, "; of p ")
  has(lines, "failed replicates: none")
  for (i in 1:2) {
    row <- x$intervals[i, ]
    has(lines, paste0(
      formatC(row$conf.low, 4, format = "f"), " to ", formatC(row$conf.high, 4, format = "f")
    ))
    has(lines, paste("p", format_p(row$p.value)))
  }
  expect_equal(glance(x)[c("n", "events", "clusters", "R", "seed", "n_dropped")], data.frame(
    n = 13, events = NA_real_, clusters = NA_integer_, R = 1999, seed = 8, n_dropped = 1L
  ))
  expect_equal(
    coef(x), c(mean_difference = mean(sizes$mm[8:14]) - mean(sizes$mm[1:7], na.rm = TRUE))
  )
})

test_that("the estimand is said in words that fit the statistic", {
  said <- function(stat, formula = mm ~ arm) {
    x <- suppressWarnings(boot_ci(formula, sizes, stat, "perc",
      ref = if (formula == (mm ~ arm)) "single", R = 39, seed = 1, progress = FALSE
    ))
    sub("^Bootstrap intervals: ", "", format(x)[[1]])
  }
  expect_identical(said("mean_ratio"), "mean ratio, dual over single")
  expect_identical(said("median_difference"), "median difference, dual minus single")
  expect_identical(
    said(stat_quantile_difference(0.75)), "0.75 quantile difference, dual minus single"
  )
  expect_match(said("win_probability"), "P\\(dual above single\\), ties counting half$")
  expect_match(said("standardised_difference"), "Hedges' g\\), dual minus single$")
  spread <- stat_custom(
    function(data, weights) sum(weights * data$mm) / sum(weights), title = "mean size"
  )
  expect_identical(said(spread, mm ~ 1), "mean size")
  ratio <- stat_custom(function(data, weights) log(sum(weights)), title = "size", scale = "log")
  expect_identical(said(ratio), "size, dual over single")
  x <- suppressWarnings(boot_ci(
    factor(mm > 20) ~ arm, sizes, "standardised_distance", "perc",
    R = 99, seed = 1, progress = FALSE
  ))
  expect_match(format(x)[[1]], "between dual, single$")
  expect_false(any(grepl("mean ", format(x))))
})

test_that("scheme, clusters and weights are said", {
  x <- suppressWarnings(boot_ci(mm ~ arm, sizes, "mean_difference", "perc",
    cluster = patient, weights = n, scheme = "balanced", R = 150, seed = 1, progress = FALSE
  ))
  lines <- format(x)
  has(lines, "; 10 clusters")
  has(lines, "balanced resampling of whole clusters within group; R = 150, seed 1")
  has(lines, "balanced: in rounds of 100 replicates; the last round is not complete (R = 150).")
  expect_equal(glance(x)[c("n", "clusters", "scheme")], data.frame(
    n = sum(sizes$n[-3]), clusters = 10L, scheme = "balanced"
  ))
})

# With all replicates on one side of no effect p is 1/(R + 1) a side, whatever the data: it tells no
# more than "at most this", and a jackknife of it would be that of the number of replicates.
test_that("the Monte Carlo error of p is not given where p is as small as R allows", {
  far <- data.frame(y = c(1:6, 101:107), g = rep(0:1, 6:7))
  near <- transform(far, y = c(1:6, 2:8))
  for (alternative in c("two.sided", "greater")) {
    of <- function(rows, ...) {
      suppressWarnings(boot_ci(y ~ g, rows, ..., type = "all", alternative = alternative,
        conf.level = 0.9, R = 199, seed = 1, progress = FALSE
      ))
    }
    x <- of(far, "mean_difference")
    at_floor <- tidy(x)$method != "norm"
    expect_identical(sum(at_floor), 4L)
    smallest <- if (alternative == "two.sided") 2 / 200 else 1 / 200
    expect_equal(tidy(x)$p.value[at_floor], rep(smallest, 4), tolerance = 1e-12)
    expect_identical(is.na(tidy(x)$mc.error.p), at_floor)
    expect_identical(is.na(x$intervals$mc.error.p), at_floor)
    expect_false(anyNA(tidy(x)[c("mc.error.low", "mc.error.high")]))
    expect_identical(sum(grepl("of p NA", format(x))), 4L)
    # Some replicates lie on the other side.
    expect_true(all(tidy(of(near, "mean_difference"))$p.value > smallest))
    expect_true(all(tidy(of(near, "mean_difference"))$mc.error.p > 0))
  }
})

test_that("replicates without a value do not count for how small p can be", {
  far <- data.frame(y = c(1:6, 101:107), g = rep(0:1, 6:7))
  mean_of <- function(data, weights, g) weighted.mean(data$y[data$g == g], weights[data$g == g])
  sometimes <- stat_custom(function(data, weights) {
    if (weights[[1]] >= 4) return(c(NaN, NaN))
    c(mean_of(data, weights, 1) - mean_of(data, weights, 0), 1)
  })
  x <- suppressWarnings(boot_ci(y ~ g, far, sometimes, c("perc", "stud"),
    R = 999, seed = 1, progress = FALSE
  ))
  defined <- sum(!is.nan(x$replicates))
  expect_lt(defined, 999)
  expect_equal(tidy(x)$p.value, rep(2 / (defined + 1), 2), tolerance = 1e-12)
  expect_identical(tidy(x)$mc.error.p, c(NA_real_, NA_real_))
  expect_identical(x$intervals$mc.error.p, c(NA_real_, NA_real_))
})

test_that("none of three groups is the reference", {
  three <- data.frame(y = c(3, 1, 4, 1, 5, 9, 2, 6, 5), g = rep(c("a", "b", "c"), 3))
  spread <- stat_custom(function(data, weights) {
    diff(range(tapply(weights * data$y, data$g, sum) / tapply(weights, data$g, sum)))
  })
  x <- suppressWarnings(boot_ci(y ~ g, three, spread, "perc", R = 39, seed = 1, progress = FALSE))
  expect_identical(glance(x)[c("reference", "other")], data.frame(
    reference = NA_character_, other = "a, b, c"
  ))
  expect_false(any(grepl("reference", format(x))))
  one <- suppressWarnings(boot_ci(y ~ 1, three, stat_custom(
    function(data, weights) sum(weights * data$y) / sum(weights)
  ), "perc", R = 39, seed = 1, progress = FALSE))
  expect_identical(glance(one)[c("reference", "other")], data.frame(
    reference = "all", other = NA_character_
  ))
})

test_that("a result has no nameless parts", {
  for (x in list(exact, drawn)) {
    expect_false(anyNA(names(x)))
    expect_identical(anyDuplicated(names(x)), 0L)
  }
})

test_that("confint at another level, and one-sided, from the same replicates", {
  x <- boot_ci(
    mm ~ arm, sizes, "mean_ratio", "all", ref = "single", R = 499, seed = 2, progress = FALSE
  )
  wide <- suppressWarnings(boot_ci(mm ~ arm, sizes, "mean_ratio", "all",
    ref = "single", R = 499, seed = 2, conf.level = 0.99, progress = FALSE
  ))
  expect_identical(suppressWarnings(confint(x, level = 0.99)), confint(wide))
  expect_warning(confint(x, level = 0.999), class = "her2mod_warning_degenerate")
  for (bad in list(0, 1, "0.9", NA, c(0.9, 0.95))) {
    expect_error(confint(x, level = bad), class = "her2mod_error_input")
  }
  less <- boot_ci(mm ~ arm, sizes, "mean_ratio", "perc",
    ref = "single", R = 499, seed = 2, alternative = "less", progress = FALSE
  )
  expect_identical(confint(less, level = 0.9)[, "conf.low"], 0)
  expect_error(confint(less, level = 0.4), class = "her2mod_error_input")
  # the level that it has, to rounding, is no other level
  expect_identical(confint(x, level = 1 - 0.05), confint(x))
})

test_that("update asks again, with what is changed", {
  x <- boot_ci(mm ~ arm, sizes, "mean_difference", "perc", R = 199, seed = 2, progress = FALSE)
  more <- update(x, R = 499, conf.level = 0.9)
  expect_equal(more$R, 499)
  expect_identical(more$replicates[1:199], x$replicates)
  expect_identical(more$conf.level, 0.9)
  expect_identical(update(x, statistic = "median_difference")$method, "exact")
  expect_identical(without_call(update(x)), without_call(x))
})
