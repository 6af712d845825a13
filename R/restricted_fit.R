# Two proportions under a given effect, and several tables whose effects differ by given amounts: likelihood, score
# and likelihood-ratio tests of that. An effect eta is p1 - p0, log(p1 / p0) or the log odds ratio, of the other group
# against the reference. `tables` has columns x0, n0, x1, n1, one row a table.
#
# The score statistic against the saturated model is Pearson's: sum (x - n p)^2 / (n p q) at the restricted estimates.
# Of one table it is the square of Farrington and Manning's z (differences), Koopman's (ratios) or Cornfield's (odds
# ratios); of several with one effect, Gart and Nam's test of homogeneity.

# As far as logarithms of ratios are looked for.
furthest_log_ratio <- 36

# p0 and p1 of each table where the effect is eta, one for each table.
restricted_fit <- function(measure, tables, eta) {
  switch(measure,
    risk_difference = fit_under_difference(tables, eta),
    risk_ratio = fit_under_ratio(tables, exp(eta)),
    odds_ratio = fit_under_odds_ratio(tables, eta)
  )
}

# Miettinen O, Nurminen M (1985), doi:10.1002/sim.4780040211: the likelihood equation is a cubic in p0.
fit_under_difference <- function(tables, d) {
  n <- tables$n0 + tables$n1
  m <- tables$x0 + tables$x1
  l2 <- ((tables$n1 + 2 * tables$n0) * d - n - m) / (3 * n)
  l1 <- ((tables$n0 * d - n - 2 * tables$x0) * d + m) / (3 * n)
  l0 <- tables$x0 * d * (1 - d) / n
  q <- l2^3 - 1.5 * l1 * l2 + l0 / 2
  u <- ifelse(q >= 0, 1, -1) * sqrt(pmax(0, l2^2 - l1))
  angle <- ifelse(u == 0, 0, pmin(1, pmax(-1, q / u^3)))
  p0 <- 2 * u * cos((pi + acos(angle)) / 3) - l2
  p0 <- pmin(pmax(p0, 0, -d), 1, 1 - d)
  list(p0 = p0, p1 = pmin(1, pmax(0, p0 + d)))
}

fit_under_ratio <- function(tables, ratio) {
  m <- tables$x0 + tables$x1
  # Of the larger of the two proportions, so that it is at most 1.
  n <- tables$n0 + tables$n1
  b <- ratio * (tables$n1 + tables$x0) + tables$x1 + tables$n0
  p0 <- 2 * m / (b + sqrt(pmax(0, b^2 - 4 * n * ratio * m)))
  p0 <- pmin(p0, 1, 1 / ratio)
  list(p0 = p0, p1 = pmin(1, p0 * ratio))
}

# From whichever group has the smaller odds, where the quadratic does not cancel.
fit_under_odds_ratio <- function(tables, eta) {
  swapped <- list(x0 = tables$x1, n0 = tables$n1, x1 = tables$x0, n1 = tables$n0)
  m <- tables$x0 + tables$x1
  e1 <- ifelse(eta <= 0, expected_events(tables, exp(eta))$mean, m - expected_events(swapped, exp(-eta))$mean)
  known <- m == 0 | m == tables$n0 + tables$n1
  e1[known] <- tables$x1[known]
  list(p0 = pmin(1, pmax(0, (m - e1) / tables$n0)), p1 = pmin(1, pmax(0, e1 / tables$n1)))
}

# The derivative of each table's profile log-likelihood in eta: that of the group whose proportion is further from
# 0 and 1, as at an inner solution both say the same. Where the ratio holds one proportion at 1, only the other moves.
profile_slope <- function(measure, tables, fit) {
  if (measure == "odds_ratio") return(tables$x1 - tables$n1 * fit$p1)
  held <- if (measure == "risk_ratio") 1e-12 else 0
  held0 <- 1 - fit$p0 < held
  held1 <- 1 - fit$p1 < held
  use1 <- ifelse(held0 != held1, held0, fit$p1 * (1 - fit$p1) >= fit$p0 * (1 - fit$p0))
  x <- ifelse(use1, tables$x1, tables$x0)
  n <- ifelse(use1, tables$n1, tables$n0)
  p <- ifelse(use1, fit$p1, fit$p0)
  slope <- (x - n * p) / (if (measure == "risk_difference") p * (1 - p) else 1 - p)
  slope[is.nan(slope)] <- 0
  ifelse(use1, slope, -slope)
}

effect_range <- function(measure, offset) {
  if (measure == "risk_difference") return(c(max(-1 - offset), min(1 - offset)))
  c(-1, 1) * furthest_log_ratio
}

# The fit where table k has the effect eta + offset[k], eta being the most likely. The log-likelihood is concave in
# eta on each of the three scales.
joint_fit <- function(measure, tables, offset = 0) {
  # A plain list: a data frame's columns take longer to find than the rest.
  tables <- as.list(tables)
  offset <- rep_len(offset, length(tables$x0))
  range <- effect_range(measure, offset)
  fit_at <- function(eta) restricted_fit(measure, tables, eta + offset)
  slope <- function(eta) {
    all <- sum(profile_slope(measure, tables, fit_at(eta)))
    max(-1e300, min(1e300, all))
  }
  near <- function(share) range + c(1, -1) * share * (range[[2]] - range[[1]])
  inside <- near(1e-6)
  at_ends <- c(slope(inside[[1]]), slope(inside[[2]]))
  if (at_ends[[1]] > 0 && at_ends[[2]] < 0) {
    eta <- stats::uniroot(slope, inside, f.lower = at_ends[[1]], f.upper = at_ends[[2]], tol = 1e-11)$root
    return(c(fit_at(eta), list(eta = eta)))
  }
  # Closer to the end the restricted estimates lose the digits that a slope needs; the likelihood itself decides.
  end <- if (at_ends[[1]] <= 0) 1 else 2
  fits <- lapply(c(0, 1e-9, 1e-6), function(share) {
    eta <- near(share)[[end]]
    c(fit_at(eta), list(eta = eta))
  })
  deviance <- vapply(fits, function(fit) deviance_statistic(tables, fit), 0)
  fits[[which.min(deviance)]]
}

pearson_statistic <- function(tables, fit) {
  one <- function(x, n, p) ifelse(x == n * p, 0, (x - n * p)^2 / (n * p * (1 - p)))
  sum(one(tables$x0, tables$n0, fit$p0), one(tables$x1, tables$n1, fit$p1))
}

deviance_statistic <- function(tables, fit) {
  part <- function(o, e) ifelse(o == 0, 0, o * log(o / e))
  one <- function(x, n, p) part(x, n * p) + part(n - x, n * (1 - p))
  max(0, 2 * sum(one(tables$x0, tables$n0, fit$p0), one(tables$x1, tables$n1, fit$p1)))
}

restricted_statistic <- function(kind, measure, tables, offset = 0) {
  fit <- joint_fit(measure, tables, offset)
  statistic <- if (kind == "score") pearson_statistic(tables, fit) else deviance_statistic(tables, fit)
  # So little is rounding, or the end of the range, which is not quite reached.
  if (statistic < 1e-8) 0 else statistic
}

# The effects as observed.
observed_effect <- function(measure, tables) {
  p0 <- tables$x0 / tables$n0
  p1 <- tables$x1 / tables$n1
  switch(measure,
    risk_difference = p1 - p0,
    risk_ratio = log(p1 / p0),
    odds_ratio = log(tables$x1 * (tables$n0 - tables$x0) / (tables$x0 * (tables$n1 - tables$x1)))
  )
}

# The effect of the second table minus that of the first: what the score or likelihood-ratio test does not reject.
contrast_interval <- function(kind, measure, tables, conf.level) {
  limit <- stats::qchisq(conf.level, 1)
  above <- function(contrast) restricted_statistic(kind, measure, tables, c(0, contrast)) - limit
  estimate <- diff(observed_effect(measure, tables))
  far <- if (measure == "risk_difference") 2 - 1e-7 else furthest_log_ratio / 2
  bounds <- if (measure == "risk_difference") c(-2, 2) else c(-Inf, Inf)
  start <- if (is.nan(estimate)) 0 else max(-far, min(far, estimate))
  c(
    low = search_end(above, start, -far, bounds[[1]]),
    high = search_end(above, start, far, bounds[[2]])
  )
}

# From a value that is not rejected outwards, in growing steps, to one that is; `bound` where none is.
search_end <- function(above, start, far, bound) {
  inner <- start
  # The maximum lies further out than is looked for.
  if (inner != far && above(inner) > 0) return(inner)
  step <- sign(far - start) * 0.25
  while (inner != far) {
    outer <- if (abs(far - inner) <= abs(step)) far else inner + step
    value <- above(outer)
    if (value > 0) return(stats::uniroot(above, sort(c(inner, outer)), tol = 1e-8)$root)
    inner <- outer
    step <- 1.6 * step
  }
  bound
}
