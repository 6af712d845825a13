# Intervals by inverting a permutation test. References: the one-sided Monte Carlo test, in base R,
# of data that are shifted (or divided) by each candidate, with the same arrangements; hand-worked
# cases; Student's interval (stats::t.test, R 4.2.2) as a rough check.

inverted <- function(formula, data, statistic = "mean_difference", ..., R = 999, seed = 1) {
  perm_test(formula, data, statistic,
    method = "monte_carlo", conf.int = TRUE, ..., R = R, seed = seed, progress = FALSE
  )
}

# p of the one-sided test, "greater" or "less", that the other group is larger by d (by the factor
# d), with the arrangements of a result, which are seen as labels.
naive_p_at <- function(found, ratio = FALSE) {
  cohort <- found$job$cohort
  labels <- cpp_permutation_labels(cohort, found$seed, 1, found$R)
  other <- cohort$group == 1
  function(d, side) {
    y <- cohort$response
    y[other] <- if (ratio) y[other] / d else y[other] - d
    statistic <- function(labels) {
      ones <- colSums(labels)
      means <- rbind(colSums(y * !labels) / (length(y) - ones), colSums(y * labels) / ones)
      if (ratio) log(means[2, ]) - log(means[1, ]) else means[2, ] - means[1, ]
    }
    t <- statistic(labels == 1)
    seen <- statistic(as.matrix(other))
    # Equal but for rounding; infinite ratios are equal too.
    tied <- t == seen | abs(t - seen) < 1e-10
    extreme <- tied | if (side == "greater") t > seen else t < seen
    (1 + sum(extreme)) / (found$R + 1)
  }
}

# The interval is where both one-sided p are above the error: just inside its ends and on a grid.
expect_inverts <- function(found, ratio = FALSE, label = "") {
  p <- naive_p_at(found, ratio)
  tail <- (1 - attr(found$conf.int, "conf.level")) / if (found$alternative == "two.sided") 2 else 1
  ends <- as.vector(found$conf.int)
  kept <- function(d) {
    (found$alternative == "less" || p(d, "greater") > tail + 1e-12) &&
      (found$alternative == "greater" || p(d, "less") > tail + 1e-12)
  }
  finite <- ends[is.finite(ends) & (!ratio | ends > 0)]
  step <- if (ratio) 1e-6 * finite else 1e-6
  near <- c(finite - step, finite + step)
  seen <- found$statistic[[1]]
  width <- diff(range(found$job$cohort$response))
  grid <- if (ratio) seen * exp(seq(-3, 3, 0.5)) else seen + width * seq(-1.5, 1.5, 0.25)
  for (d in c(near, grid)) {
    expect_identical(kept(d), d >= ends[[1]] && d <= ends[[2]], label = paste(label, format(d)))
  }
  # An end belongs to it, where a value equal to it can be formed.
  if (!ratio) for (d in finite) expect_true(kept(d), label = paste(label, "end", format(d)))
  expect_true(ends[[1]] <= seen && seen <= ends[[2]], label = paste(label, "holds the estimate"))
}

set.seed(8)
plain <- numeric_rows(round(rnorm(24, 5, 2), 2), rep(0:1, c(13, 11)))
centres <- transform(plain, y = y + rep(c(0, 4, 9), 8), centre = rep(1:3, 8))
centres$g <- sample(centres$g)
pairs <- cbind(numeric_rows(plain$y + rep(1:12, 2), rep(0:1, each = 12)), pair = rep(1:12, 2))
positive <- transform(centres, y = round(rlnorm(24, 1), 2))

test_that("the interval of a difference is what the one-sided tests do not reject", {
  for (alternative in alternatives) {
    for (level in c(0.95, 0.8)) {
      found <- inverted(y ~ g, plain, alternative = alternative, conf.level = level)
      expect_inverts(found, label = paste(alternative, level))
      expect_identical(is.finite(found$conf.int[1:2]), alternative != c("less", "greater"))
    }
    expect_inverts(inverted(y ~ g | centre, centres, alternative = alternative), label = "strata")
    expect_inverts(
      inverted(y ~ g, pairs, cluster = pair, alternative = alternative), label = "pairs"
    )
  }
  # Ties, among them d* that are equal to an end.
  ties <- transform(plain, y = round(y))
  expect_inverts(inverted(y ~ g, ties), label = "ties")
  # Whole clusters of one size; few replicates.
  whole <- cbind(numeric_rows(plain$y, rep(rep(0:1, 6), each = 2)), id = rep(1:12, each = 2))
  expect_inverts(inverted(y ~ g, whole, cluster = id), label = "clusters")
  expect_inverts(inverted(y ~ g, plain, R = 99), label = "R = 99")
  expect_inverts(inverted(y ~ g, plain, R = 57, conf.level = 0.9), label = "R = 57")
})

test_that("the interval of a ratio is what the one-sided tests do not reject", {
  for (alternative in alternatives) {
    found <- inverted(y ~ g, positive, "mean_ratio", alternative = alternative)
    expect_inverts(found, TRUE, alternative)
    if (alternative == "less") expect_identical(found$conf.int[[1]], 0)
    if (alternative == "greater") expect_identical(found$conf.int[[2]], Inf)
    expect_inverts(
      inverted(y ~ g | centre, positive, "mean_ratio", alternative = alternative), TRUE, "strata"
    )
  }
  # Zeros: arrangements that trade only zeros say nothing about the ratio.
  zeros <- transform(positive, y = ifelse(y < 2.5, 0, y))
  expect_gt(sum(zeros$y == 0), 6)
  expect_inverts(inverted(y ~ g, zeros, "mean_ratio"), TRUE, "zeros")
})

# Of choose(6, 3) = 20 arrangements the observed one is always as extreme: p >= 1/20 > 2.5%.
test_that("too few arrangements for the level: an end is infinite", {
  few <- numeric_rows(c(1, 2, 4, 11, 17, 13), rep(0:1, each = 3))
  found <- inverted(y ~ g, few)
  expect_identical(as.vector(found$conf.int), c(-Inf, Inf))
  expect_identical(as.vector(inverted(y ~ g, few, "mean_ratio")$conf.int), c(0, Inf))
  expect_true(any(grepl("-Inf to Inf", format(found), fixed = TRUE)))
  # At 12% of one side, by hand: the observed arrangement is as extreme at every d (1/20); the
  # smallest trade, 11 for 4, is from d* = 7 on, where p becomes 2/20, not above 12%; the next
  # smallest are 13 for 4 and, on average of two trades, 11 and 13 for 4 and 2: d* = 9.
  sided <- inverted(y ~ g, few, alternative = "greater", conf.level = 0.88, R = 19999)
  expect_equal(as.vector(sided$conf.int), c(9, Inf))
  expect_inverts(inverted(y ~ g, few, alternative = "greater", conf.level = 0.88, R = 499))
})

test_that("constant data: the interval is the estimate", {
  rows <- numeric_rows(rep(3, 16), rep(0:1, 8))
  expect_equal(as.vector(inverted(y ~ g, rows)$conf.int), c(0, 0))
  expect_equal(as.vector(inverted(y ~ g, rows, "mean_ratio")$conf.int), c(1, 1))
})

test_that("the interval does not depend on threads, on the order of rows, or on the way to p", {
  found <- inverted(y ~ g, plain, threads = 1)
  expect_identical(inverted(y ~ g, plain, threads = 2)$conf.int, found$conf.int)
  expect_identical(inverted(y ~ g, plain[sample(24), ])$conf.int, found$conf.int)
  exact <- perm_test(y ~ g, plain, "mean_difference", conf.int = TRUE, R = 999, seed = 1)
  expect_identical(exact$R, NA_real_)
  expect_identical(exact$conf.int, found$conf.int)
  expect_equal(attr(found$conf.int, "conf.level"), 0.95)
  expect_equal(attr(found$conf.int, "R"), 999)
  expect_equal(attr(found$conf.int, "seed"), 1)
  # A shift of one group shifts it, a factor of both multiplies it.
  moved <- transform(plain, y = y + 3 * (g == "oth"))
  expect_equal(as.vector(inverted(y ~ g, moved)$conf.int), as.vector(found$conf.int) + 3)
  scaled <- transform(plain, y = 1e-8 * y)
  expect_equal(as.vector(inverted(y ~ g, scaled)$conf.int), 1e-8 * as.vector(found$conf.int))
  ratio <- inverted(y ~ g, positive, "mean_ratio")
  scaled <- transform(positive, y = y * ifelse(g == "oth", 5, 1))
  expect_equal(
    as.vector(inverted(y ~ g, scaled, "mean_ratio")$conf.int), 5 * as.vector(ratio$conf.int)
  )
})

test_that("extend() lengthens the interval too", {
  short <- inverted(y ~ g, plain, R = 199)
  long <- inverted(y ~ g, plain, R = 999)
  whole <- extend(short, 999)
  expect_identical(whole[names(whole) != "call"], long[names(long) != "call"])
})

test_that("of normal data it is near Student's", {
  set.seed(12)
  rows <- number_rows(rnorm(60), rnorm(60, 1))
  student <- t.test(rows$y[rows$g == "oth"], rows$y[rows$g == "ref"], var.equal = TRUE)$conf.int
  found <- inverted(y ~ g, rows, R = 9999)
  expect_lt(max(abs(found$conf.int - student)), 0.05 * diff(student))
})

test_that("the interval is in the print, in tidy() and in R's own print", {
  found <- inverted(y ~ g, plain)
  table <- tidy(found)
  expect_identical(c(table$conf.low, table$conf.high), as.vector(found$conf.int))
  text <- paste0(
    "95% interval by inverting one-sided tests, each at half of the level, ",
    paste(formatC(found$conf.int, digits = 4, format = "f"), collapse = " to "), " (Monte Carlo error "
  )
  expect_true(any(grepl(text, format(found), fixed = TRUE)), label = text)
  expect_true(any(grepl("R = 999, seed 1)", format(found), fixed = TRUE)))
  expect_output(stats:::print.htest(found), "95 percent confidence interval")
  expect_identical(tidy(perm_test(y ~ g, plain, "mean_difference"))$conf.low, NA_real_)
})

test_that("what cannot be inverted is refused", {
  refused <- function(..., statistic = "mean_difference", arg = "conf.int") {
    error <- expect_error(
      perm_test(y ~ g, positive, statistic, ..., R = 99, seed = 1), class = "her2mod_error_input"
    )
    expect_identical(error$arg, arg)
  }
  for (statistic in c("median_difference", "win_probability", "standardised_difference")) {
    refused(conf.int = TRUE, statistic = statistic)
  }
  refused(conf.int = NA)
  for (level in list(0, 1, 95, NA, "95")) {
    refused(conf.int = TRUE, conf.level = level, arg = "conf.level")
  }
  # Relabelled clusters of different sizes: the groups would change their sizes.
  rows <- cbind(numeric_rows(1:8, rep(0:1, each = 4)), id = c(1, 1, 1, 2, 3, 4, 4, 4))
  error <- expect_error(
    perm_test(y ~ g, rows, "mean_difference", cluster = id, conf.int = TRUE),
    class = "her2mod_error_input"
  )
  expect_identical(error$arg, "conf.int")
  expect_error(
    perm_test(y ~ g, transform(positive, y = y > 2), "risk_ratio", conf.int = TRUE),
    "compare_proportions", class = "her2mod_error_input"
  )
})

test_that("where all arrangements are listed the interval has no Monte Carlo error", {
  # Darwin's plants (Fisher 1935, section 21): the ends by all 2^15 sign flips of the differences.
  d <- c(49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48)
  rows <- data.frame(y = c(d, rep(0, 15)), g = rep(c("x", "c"), each = 15), pair = c(1:15, 1:15))
  found <- perm_test(y ~ g, rows, "mean_difference", cluster = pair, conf.int = TRUE)
  expect_null(attr(found$conf.int, "R"))
  signs <- as.matrix(expand.grid(rep(list(c(TRUE, FALSE)), 15)))
  # With d taken off, the sum of the flipped ones is at most 0: the mean of what is flipped.
  flipped <- signs[rowSums(signs) > 0, ]
  means <- sort(drop(flipped %*% d) / rowSums(flipped))
  k <- floor(0.025 * 2^15 - 1 + 1e-9) + 1
  expect_equal(as.vector(found$conf.int), c(means[[k]], rev(means)[[k]]), tolerance = 1e-10)
  expect_true(found$p.value > 0.05 && found$conf.int[[1]] < 0)
})

test_that("Monte Carlo ends have errors of the order of their spread over seeds", {
  rows <- data.frame(y = c(round(stats::qexp(seq(0.02, 0.98, length.out = 30)), 2), stats::qexp(seq(0.1, 0.9,
    length.out = 25)) + 0.3), g = rep(c("a", "b"), c(30, 25)))
  found <- lapply(1:60, function(seed) perm_test(y ~ g, rows, "mean_difference", conf.int = TRUE, R = 999, seed = seed)$conf.int)
  for (end in 1:2) {
    spread <- stats::sd(vapply(found, `[[`, 0, end))
    reported <- mean(vapply(found, function(x) attr(x, "mc.error")[[end]], 0))
    expect_true(reported > 0.7 * spread && reported < 1.4 * spread)
  }
})

test_that("where the two-sided p and the interval disagree the print says so", {
  set.seed(2)
  rows <- data.frame(g = rep(c("a", "b"), c(4, 16)), y = round(c(stats::rexp(4) * 3, stats::rexp(16)), 1))
  found <- perm_test(y ~ g, rows, "mean_difference", conf.int = TRUE)
  excluded <- found$conf.int[[1]] > 0 || found$conf.int[[2]] < 0
  expect_true(excluded != (found$p.value < 0.05))
  expect_true(any(grepl("disagree on 0", format(found))))
  expect_error(perm_test(y ~ g, rows, "mean_difference", conf.int = TRUE, midp = TRUE), class = "her2mod_error_input")
})
