# Common effects of several 2x2 tables with closed forms. `k` holds the vectors x0, n0, x1, n1, one
# element a stratum, both groups with patients.

# --- risk difference --------------------------------------------------------------------------------

mh_weight <- function(k) k$n1 * k$n0 / (k$n0 + k$n1)

mh_difference <- function(k) {
  weight <- mh_weight(k)
  sum(weight * (k$x1 / k$n1 - k$x0 / k$n0)) / sum(weight)
}

# Sato (1989): consistent for few large strata and for many small ones.
sato_error <- function(k) {
  n <- k$n0 + k$n1
  p <- sum((k$n1^2 * k$x0 - k$n0^2 * k$x1 + k$n1 * k$n0 * (k$n0 - k$n1) / 2) / n^2)
  q <- sum((k$x1 * (k$n0 - k$x0) + k$x0 * (k$n1 - k$x1)) / (2 * n))
  # Where nothing varies rounding can leave a negative zero's worth.
  sqrt(max(0, mh_difference(k) * p + q)) / sum(mh_weight(k))
}

# Greenland and Robins (1985): the binomial variances, added with the squared weights.
greenland_robins_error <- function(k) {
  weight <- mh_weight(k)
  sqrt(sum(weight^2 * difference_variance(k))) / sum(weight)
}

difference_variance <- function(k) {
  k$x1 * (k$n1 - k$x1) / k$n1^3 + k$x0 * (k$n0 - k$x0) / k$n0^3
}

# --- ratios, as logarithms ----------------------------------------------------------------------------

mh_log_risk_ratio <- function(k) {
  n <- k$n0 + k$n1
  r <- sum(k$x1 * k$n0 / n)
  s <- sum(k$x0 * k$n1 / n)
  variance <- sum(((k$x0 + k$x1) * k$n1 * k$n0 - k$x1 * k$x0 * n) / n^2) / (r * s)
  log_ratio(r, s, variance)
}

# Robins, Breslow and Greenland (1986).
mh_log_odds_ratio <- function(k) {
  n <- k$n0 + k$n1
  r <- k$x1 * (k$n0 - k$x0) / n
  s <- k$x0 * (k$n1 - k$x1) / n
  p <- (k$x1 + k$n0 - k$x0) / n
  q <- (k$x0 + k$n1 - k$x1) / n
  variance <- sum(p * r) / (2 * sum(r)^2) + sum(p * s + q * r) / (2 * sum(r) * sum(s)) +
    sum(q * s) / (2 * sum(s)^2)
  log_ratio(sum(r), sum(s), variance)
}

# 0/0 is unknown; 0 and Inf have no standard error.
log_ratio <- function(above, below, variance) {
  if (above == 0 && below == 0) return(c(estimate = NA, error = NA))
  if (above == 0 || below == 0) return(c(estimate = if (above == 0) -Inf else Inf, error = NA))
  c(estimate = log(above / below), error = sqrt(variance))
}

# --- inverse variance -----------------------------------------------------------------------------------

# Strata weigh by the inverse of their estimated variance. Where a stratum's is 0 or infinite there is no such mean:
# NA, and nothing is added to cells to have one.
inverse_variance <- function(k, term) {
  k <- switch(term,
    risk_difference = k,
    risk_ratio = strata_where(k, k$x0 + k$x1 > 0),
    odds_ratio = informative_strata(k)
  )
  effect <- switch(term,
    risk_difference = k$x1 / k$n1 - k$x0 / k$n0,
    risk_ratio = log(k$x1 / k$n1) - log(k$x0 / k$n0),
    odds_ratio = log(k$x1 * (k$n0 - k$x0)) - log(k$x0 * (k$n1 - k$x1))
  )
  variance <- switch(term,
    risk_difference = difference_variance(k),
    risk_ratio = 1 / k$x1 - 1 / k$n1 + 1 / k$x0 - 1 / k$n0,
    odds_ratio = 1 / k$x1 + 1 / (k$n1 - k$x1) + 1 / k$x0 + 1 / (k$n0 - k$x0)
  )
  usable <- is.finite(variance) & variance > 0
  if (length(usable) == 0 || !all(usable)) return(c(estimate = NA, error = NA))
  c(estimate = sum(effect / variance) / sum(1 / variance), error = sqrt(1 / sum(1 / variance)))
}

strata_where <- function(k, kept) lapply(k, function(column) column[kept])

# Both groups and both outcomes: only such a table can say anything given its margins.
informative_strata <- function(k) {
  events <- k$x0 + k$x1
  strata_where(k, events > 0 & events < k$n0 + k$n1)
}

# --- Cochran-Mantel-Haenszel ----------------------------------------------------------------------------

# Events of the other group less those expected given all margins, and their variance.
cmh_score <- function(k) {
  n <- k$n0 + k$n1
  m <- k$x0 + k$x1
  variance <- k$n0 * k$n1 * m * (n - m) / (n^2 * (n - 1))
  c(score = sum(k$x1 - k$n1 * m / n), variance = sum(variance[m > 0 & m < n]))
}

# A signed z; its square is the chi-squared on one degree of freedom. The correction takes 1/2 off the
# distance, but not beyond 0.
cmh_z <- function(k, correct = FALSE) {
  s <- cmh_score(k)
  if (s[["variance"]] == 0) return(0)
  distance <- abs(s[["score"]]) - if (correct) min(0.5, abs(s[["score"]])) else 0
  sign(s[["score"]]) * distance / sqrt(s[["variance"]])
}

# --- limits of a normal estimate ------------------------------------------------------------------------

z_p_value <- function(z, alternative) {
  switch(alternative,
    two.sided = pmin(1, 2 * stats::pnorm(-abs(z))),
    less = stats::pnorm(z),
    greater = stats::pnorm(z, lower.tail = FALSE)
  )
}

# The error probability at each end that has one.
error_at_end <- function(conf.level, alternative) {
  if (alternative == "two.sided") (1 - conf.level) / 2 else 1 - conf.level
}

# An end that a one-sided interval does not have is the parameter's limit.
one_sided_ends <- function(limits, alternative, outer) {
  if (alternative == "less") limits[[1]] <- outer[[1]]
  if (alternative == "greater") limits[[2]] <- outer[[2]]
  limits
}
