# Score intervals of a common risk difference or risk ratio over strata: the effects that the weighted sum
# of the strata's scores does not reject, each stratum's variance at its own restricted estimate.

# Estimates of the two risks under p1 - p0 = delta, in closed form (Miettinen and Nurminen 1985; Farrington
# and Manning 1990): the root of a cubic. One element a stratum.
restricted_by_difference <- function(k, delta) {
  n <- k$n0 + k$n1
  m <- k$x0 + k$x1
  l3 <- n
  l2 <- (k$n1 + 2 * k$n0) * delta - n - m
  l1 <- (k$n0 * delta - n - 2 * k$x0) * delta + m
  l0 <- k$x0 * delta * (1 - delta)
  centre <- l2 / (3 * l3)
  q <- centre^3 - l1 * l2 / (6 * l3^2) + l0 / (2 * l3)
  p <- ifelse(q >= 0, 1, -1) * sqrt(pmax(0, centre^2 - l1 / (3 * l3)))
  # At a triple root p is 0, and the angle does not matter.
  ratio <- ifelse(p == 0, 0, q / p^3)
  angle <- (pi + acos(pmin(1, pmax(-1, ratio)))) / 3
  p0 <- pmin(pmin(1, 1 - delta), pmax(max(0, -delta), 2 * p * cos(angle) - centre))
  list(p0 = p0, p1 = pmin(1, pmax(0, p0 + delta)))
}

# Under p1 = ratio p0: the smaller root of a quadratic.
restricted_by_ratio <- function(k, ratio) {
  n <- k$n0 + k$n1
  m <- k$x0 + k$x1
  b <- ratio * (k$n1 + k$x0) + k$x1 + k$n0
  # The form without cancellation.
  p0 <- 2 * m / (b + sqrt(pmax(0, b^2 - 4 * ratio * n * m)))
  p0 <- pmin(1, 1 / ratio, p0)
  list(p0 = p0, p1 = pmin(1, ratio * p0))
}

# The score's z at an effect: positive where the data say that it is larger. `correct`: with N/(N-1) on each
# stratum's variance; a stratum of two patients then counts twice, one of a single patient is not here.
stratified_z <- function(k, effect, term, correct) {
  n <- k$n0 + k$n1
  weight <- mh_weight(k)
  ratio <- term == "risk_ratio"
  at <- if (ratio) restricted_by_ratio(k, effect) else restricted_by_difference(k, effect)
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
