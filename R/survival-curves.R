# One group's curve, as the core gives it: a list of columns time, n.risk, n.event, n.censor,
# survival, greenwood, cumulative_hazard, hazard_variance.

# Pointwise limits of S from Greenwood's sum G, on the scale on which S is taken to be normal. As in
# survival, there are none at S = 0, nor on the log-log and arcsine scales at S = 1.
survival_limits <- function(survival, greenwood, conf.level, conf.type) {
  limits_within(survival, greenwood, stats::qnorm((1 + conf.level) / 2), conf.type)
}

# The same, z standard errors wide.
limits_within <- function(survival, greenwood, z, conf.type) {
  s <- survival
  s[s == 0 | (conf.type %in% c("log-log", "arcsine") & s == 1)] <- NA_real_
  half <- z * sqrt(greenwood)
  switch(conf.type,
    plain = list(low = pmax(s - s * half, 0), high = pmin(s + s * half, 1)),
    log = list(low = s * exp(-half), high = pmin(s * exp(half), 1)),
    `log-log` = list(low = s^exp(-half / log(s)), high = s^exp(half / log(s))),
    arcsine = {
      half <- half / 2 * sqrt(s / (1 - s))
      list(low = sin(pmax(0, asin(sqrt(s)) - half))^2, high = sin(pmin(pi / 2, asin(sqrt(s)) + half))^2)
    }
  )
}

# Where a curve of `survival(i)` at the times i falls to `level`: the rule of the core's time_below(), NA where it stays above.
# `from`: a place before which it does not.
time_below <- function(time, survival, level, from = 1) {
  tolerance <- sqrt(.Machine$double.eps)
  n <- length(time)
  first <- first_where(n, function(i) survival(i) <= level + tolerance, from)
  if (is.na(first)) return(NA_real_)
  if (survival(first) < level - tolerance) return(time[[first]])
  after <- first_where(n, function(i) survival(i) < level - tolerance, first)
  (time[[first]] + time[[if (is.na(after)) n else after]]) / 2
}

# The first of n places at which `holds`, some at a time: a long curve needs no vectors of its length.
first_where <- function(n, holds, from, some = 4096) {
  while (from <= n) {
    to <- min(n, from + some - 1)
    found <- which(holds(from:to))
    if (length(found)) return(from + found[[1]] - 1)
    from <- to + 1
  }
  NA_integer_
}

# The median, or another quantile, with the times at which the pointwise limits fall to it
# (Brookmeyer R, Crowley J 1982, doi:10.2307/2530286).
survival_quantile <- function(curve, prob, conf.level, conf.type) {
  limit <- function(side) {
    function(i) survival_limits(curve$survival[i], curve$greenwood[i], conf.level, conf.type)[[side]]
  }
  at <- function(s, from = 1) time_below(curve$time, s, 1 - prob, from)
  estimate <- at(function(i) curve$survival[i])
  # The upper limit is nowhere below the curve.
  high <- if (is.na(estimate)) NA_real_ else at(limit("high"), max(1, places(curve, estimate) - 1))
  c(estimate = estimate, conf.low = at(limit("low")), conf.high = high)
}

# Places in the curve at times: 0 before its first time.
places <- function(curve, times) findInterval(times, curve$time)

survival_at <- function(curve, times, conf.level, conf.type) {
  place <- places(curve, times)
  after <- place > 0
  s <- replace(rep(1, length(place)), after, curve$survival[place[after]])
  greenwood <- replace(rep(0, length(place)), after, curve$greenwood[place[after]])
  limits <- survival_limits(s, greenwood, conf.level, conf.type)
  data.frame(
    estimate = s, std.error = ifelse(s == 0, NA_real_, s * sqrt(greenwood)), conf.low = limits$low,
    conf.high = limits$high
  )
}

# How many of a group are at risk just before each time, at 0 how many start there. With delayed entry not all who
# are at risk at the next time of the curve have entered yet.
at_risk_at <- function(x, g, times) {
  cohort <- x$cohort
  if (is.null(cohort$entry)) {
    curve <- x$curves[[g]]
    return(c(curve$n.risk, 0)[findInterval(times, curve$time, left.open = TRUE) + 1])
  }
  own <- cohort$group == g - 1
  patients <- frequency_of(cohort)[own]
  entered <- function(t) if (t == 0) cohort$entry[own] <= 0 else cohort$entry[own] < t
  vapply(times, function(t) sum(patients[entered(t) & cohort$response[own] >= t]), 0)
}

# Times as they were asked for, and as the data have them: 0.3 is also 0.1 + 0.2 (survival's tolerance).
snap_times <- function(times, grid) {
  tolerance <- sqrt(.Machine$double.eps)
  for (i in seq_along(times)) {
    nearest <- grid[[which.min(abs(grid - times[[i]]))]]
    if (abs(nearest - times[[i]]) <= tolerance * max(1, mean(abs(grid)))) times[[i]] <- nearest
  }
  times
}

# The last time at which the curve is known: beyond it only where it has come to 0.
follow_up_of <- function(curve) curve$time[[length(curve$time)]]
last_usable <- function(curve) if (curve$survival[[length(curve$survival)]] == 0) Inf else follow_up_of(curve)

# Median follow-up, by the reverse Kaplan-Meier estimate: the curve of the time to censoring
# (Schemper M, Smith TL 1996, doi:10.1016/0197-2456(96)00075-X).
median_follow_up <- function(curve) {
  censoring <- cumprod(1 - curve$n.censor / curve$n.risk)
  time_below(curve$time, function(i) censoring[i], 0.5)
}

restricted_mean_at <- function(curve, tau) {
  found <- call_core(cpp_restricted_mean(curve$time, curve$n.risk, curve$n.event, tau))
  c(estimate = found[[1]], std.error = sqrt(found[[2]]))
}

# --- what a variance of 0 says ---------------------------------------------------------------------------------------

# Nothing: where nobody has had the event, or everybody at once, the data do not show how far off an estimate is. A
# difference with it has no standard error, and so no interval and no p-value; taken as certainty it would have far too
# narrow ones.
known_error <- function(std.error) {
  std.error[std.error %in% 0] <- NA_real_
  std.error
}

# Restricted means of two curves, the second against the first: the difference, the logarithm of the ratio, their errors.
mean_difference <- function(pair, tau) {
  m <- vapply(pair, restricted_mean_at, c(0, 0), tau = tau)
  error <- known_error(m[2, ])
  difference <- unrounded(m[1, 2] - m[1, 1], tau)
  list(
    estimate = difference, std.error = sqrt(sum(error^2)), log_ratio = log1p(difference / m[1, 1]),
    ratio_error = sqrt(sum((error / m[1, ])^2))
  )
}

# Equal areas that were added up over different steps differ by rounding alone.
unrounded <- function(difference, tau) {
  difference[abs(difference) < 1e-12 * tau] <- 0
  unname(difference)
}

# What follows for `what` ("differences and ratios"), and where there were events the test that is valid all the same.
no_error_consequence <- function(what, statistic, events) {
  paste0(
    what, " have no interval and no p-value",
    if (events > 0) paste0("; with equal follow-up the permutation test is valid, perm_test() with ", statistic), "."
  )
}
