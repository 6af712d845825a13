# Confidence intervals by inverting a permutation test with random arrangements.
#
# Shift: if the other group's responses were all larger by d, taking d off them makes the groups
# exchangeable. With the rows A of the other group and an arrangement A*, the sum over A* is at least
# that over A exactly when d >= (sum_A y - sum_A* y) / |A less A*|: each arrangement has its d*, and
# the one-sided p-value at d is the share of d* <= d. Likewise, for a factor r, r* = sum over A less
# A* of y / sum over A* less A of y. The limits are order statistics of the d*.
# Garthwaite PH (1996) Biometrics 52:1387, doi:10.2307/2532852.

inverted_by <- c(mean_difference = "shift_bound", mean_ratio = "ratio_bound")

invert_test <- function(test, wanted, how, call = rlang::caller_env()) {
  if (test$statistic$name == "risk_difference") return(invert_risk_difference(test, wanted, call))
  job <- test$job
  if (!keeps_sizes(job$cohort)) {
    abort_input(c(
      "{.arg conf.int} needs groups that keep their sizes.",
      x = "Clusters of different sizes are relabelled as wholes."
    ), arg = "conf.int", call = call)
  }
  job$statistic <- unname(inverted_by[test$statistic$name])
  count <- call_core(cpp_arrangements(job$cohort), call)
  # All arrangements, the observed one among them, where that is no more work.
  listed <- test$how == "exact" && count <= max(how$R, 1e5)
  if (listed) {
    job$kind <- "enumeration"
    bounds <- run_ranges(job, 1, count, within_session(how), call)$values[, 1]
    bounds <- bounds[-which(is.nan(bounds))[1]]
  } else {
    if (is.na(job$seed)) job$seed <- resolve_seed(how$seed)
    bounds <- run_ranges(job, 1, how$R, how, call)$values[, 1]
  }
  ends <- inverted_limits(bounds, 1 - wanted$conf.level, wanted$alternative)
  if (test$statistic$scale == "log") ends[ends < 0] <- 0
  test$conf.int <- structure(ends, conf.level = wanted$conf.level)
  if (!listed) {
    attributes(test$conf.int)[c("R", "seed", "mc.error")] <- list(how$R, job$seed,
      inverted_errors(bounds, 1 - wanted$conf.level, wanted$alternative, test$statistic$scale))
  }
  test
}

# The Monte Carlo errors of the ends: k of R bounds lie beyond one, a binomial count; a quarter of what two standard
# errors of it either way make of the end.
inverted_errors <- function(bounds, error, alternative, scale) {
  moved <- function(by) {
    tail <- if (alternative == "two.sided") error / 2 else error
    tail <- tail + by * sqrt(tail * (1 - tail) / length(bounds))
    ends <- inverted_limits(bounds, max(tail, 0) * if (alternative == "two.sided") 2 else 1, alternative)
    if (scale == "log") pmax(ends, 0) else ends
  }
  outer <- moved(-2)
  inner <- moved(2)
  ifelse(outer == inner, 0, abs(outer - inner) / 4)
}

# p(d) = (1 + #{d* <= d}) / (R + 1) for "greater", (1 + #{d* >= d}) / (R + 1) for "less": the set of
# d with p(d) > error is an interval that ends at an order statistic, counted from either side. An
# arrangement equal to the observed one bounds nothing, and counts as extreme at every d.
inverted_limits <- function(bounds, error, alternative) {
  always <- sum(is.nan(bounds))
  sorted <- sort(bounds[!is.nan(bounds)])
  tail <- if (alternative == "two.sided") error / 2 else error
  # The smallest k with (1 + always + k) / (R + 1) > tail, that is the first d* not rejected.
  k <- max(1, floor(tail * (length(bounds) + 1) - 1 - always + 1e-9) + 1)
  open <- (1 + always) / (length(bounds) + 1) > tail
  low <- if (alternative == "less" || open || k > length(sorted)) -Inf else sorted[[k]]
  high <- if (alternative == "greater" || open || k > length(sorted)) Inf else rev(sorted)[[k]]
  c(low, high)
}
