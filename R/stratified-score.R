# Score intervals of a common risk difference or risk ratio over strata: the effects that the weighted sum
# of the strata's scores does not reject, each stratum's variance at its own restricted estimate.

# The score's z at an effect: positive where the data say that it is larger. `correct`: with N/(N-1) on each
# stratum's variance; a stratum of two patients then counts twice, one of a single patient is not here.
stratified_z <- function(k, effect, term, correct) {
  n <- k$n0 + k$n1
  weight <- mh_weight(k)
  ratio <- term == "risk_ratio"
  at <- if (ratio) fit_under_ratio(k, effect) else fit_under_difference(k, effect)
  inflation <- if (correct) n / (n - 1) else 1
  factor <- if (ratio) effect else 1
  score <- sum(weight * (k$x1 / k$n1 - if (ratio) effect * k$x0 / k$n0 else k$x0 / k$n0 + effect))
  variance <- sum(weight^2 * inflation *
    (at$p1 * (1 - at$p1) / k$n1 + factor^2 * at$p0 * (1 - at$p0) / k$n0))
  if (abs(score) <= 1e-14 * sum(weight)) return(0)
  score / sqrt(variance)
}

# Accepted effects between the two ends; z falls as the effect grows.
stratified_score_limits <- function(k, term, correct, conf.level, alternative) {
  z <- stats::qnorm(error_at_end(conf.level, alternative), lower.tail = FALSE)
  limits <- if (term == "risk_ratio") {
    score_limits_of_ratio(k, z, correct)
  } else {
    at <- function(effect) stratified_z(k, effect, term, correct)
    estimate <- mh_difference(k)
    c(root_between(at, z, -1, estimate), root_between(at, -z, estimate, 1))
  }
  one_sided_ends(limits, alternative, if (term == "risk_ratio") c(0, Inf) else c(-1, 1))
}

# On the log scale, outward from the estimate until the score rejects.
score_limits_of_ratio <- function(k, z, correct) {
  r <- sum(k$x1 * k$n0 / (k$n0 + k$n1))
  s <- sum(k$x0 * k$n1 / (k$n0 + k$n1))
  if (r == 0 && s == 0) return(c(0, Inf))
  at <- function(log_effect) stratified_z(k, exp(log_effect), "risk_ratio", correct)
  start <- if (r > 0 && s > 0) log(r / s) else 0
  end <- function(sign) {
    if (if (sign < 0) r == 0 else s == 0) return(if (sign < 0) 0 else Inf)
    # The side of no estimate (0 or Inf) starts where the score does not reject yet.
    from <- start
    while (sign * at(from) < -z) from <- from - sign
    far <- from + sign
    while (sign * at(far) > -z && abs(far) < 700) far <- far + sign * max(1, abs(far - from))
    exp(root_between(at, -sign * z, min(from, far), max(from, far)))
  }
  c(end(-1), end(1))
}

# Where the falling f crosses `level`; an end where it does not.
root_between <- function(f, level, low, high) {
  inside <- 1e-12 * max(1, abs(low), abs(high))
  g <- function(v) {
    value <- f(v) - level
    # No variance at all: as far as can be.
    if (is.nan(value)) 0 else max(-1e300, min(1e300, value))
  }
  if (high - low <= 2 * inside) return(if (level > 0) low else high)
  at_low <- g(low + inside)
  at_high <- g(high - inside)
  if (at_low <= 0) return(low)
  if (at_high >= 0) return(high)
  stats::uniroot(g, c(low + inside, high - inside), f.lower = at_low, f.upper = at_high, tol = 1e-12)$root
}
