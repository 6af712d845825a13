# The ratio of two odds ratios, exactly: given the margins of two 2x2 tables and the sum of x1, the second table's x1
# has probabilities proportional to w(t) exp(theta t), theta the log of the second odds ratio over the first. At
# theta = 0 that is the distribution of Zelen's test.

# `tables`: two rows of x0, n0, x1, n1.
conditional_family <- function(tables) {
  s <- sum(tables$x1)
  low <- fewest_events(tables)
  high <- most_events(tables)
  t <- max(low[[2]], s - high[[1]]):min(high[[2]], s - low[[1]])
  log <- log_table_weights(tables[2, ], t) + log_table_weights(tables[1, ], s - t)
  list(t = t, log = log - max(log), observed = tables$x1[[2]])
}

family_probabilities <- function(family, theta) {
  log <- family$log + theta * (family$t - family$observed)
  weight <- exp(log - max(log))
  weight / sum(weight)
}

# `kind`: "zelen" sums what is at most as likely as the observed, "exact-central" doubles the smaller tail.
exact_contrast <- function(tables, kind, conf.level) {
  family <- conditional_family(tables)
  if (length(family$t) < 2) return(list(estimate = NA_real_, low = -Inf, high = Inf, p = 1))
  alpha <- 1 - conf.level
  p <- if (kind == "zelen") likely_p else central_p
  list(
    estimate = conditional_estimate(family),
    low = if (family$observed == min(family$t)) -Inf else exact_end(family, kind, alpha, -1),
    high = if (family$observed == max(family$t)) Inf else exact_end(family, kind, alpha, 1),
    p = p(family, 0)
  )
}

# The theta at which the mean is as observed.
conditional_estimate <- function(family) {
  if (family$observed == min(family$t)) return(-Inf)
  if (family$observed == max(family$t)) return(Inf)
  excess <- function(theta) sum(family_probabilities(family, theta) * family$t) - family$observed
  stats::uniroot(excess, c(-1, 1), extendInt = "upX", tol = 1e-12)$root
}

lower_tail <- function(family, theta) sum(family_probabilities(family, theta)[family$t <= family$observed])
upper_tail <- function(family, theta) sum(family_probabilities(family, theta)[family$t >= family$observed])

central_p <- function(family, theta) min(1, 2 * lower_tail(family, theta), 2 * upper_tail(family, theta))

likely_p <- function(family, theta) {
  probability <- family_probabilities(family, theta)
  min(1, sum(probability[probability <= probability[family$t == family$observed] * (1 + 1e-7)]))
}

# side: 1 for the upper end, -1 for the lower.
exact_end <- function(family, kind, alpha, side) {
  tail <- if (side == 1) lower_tail else upper_tail
  one_tail <- function(level) {
    stats::uniroot(function(theta) tail(family, theta) - level, c(-1, 1),
      extendInt = if (side == 1) "downX" else "upX", tol = 1e-12
    )$root
  }
  if (kind == "exact-central") return(one_tail(alpha / 2))
  outermost_likely(family, alpha, side, one_tail)
}

# The outermost theta that Zelen's p does not reject. Beyond the last theta at which another t is as likely as the
# observed, p is one tail and falls; between two such places the set that p sums is the same, and p, one minus the
# probability of what lies between, is largest at one of the ends.
outermost_likely <- function(family, alpha, side, one_tail) {
  observed <- family$log[family$t == family$observed]
  other <- side * (family$t - family$observed) > 0
  places <- (observed - family$log[other]) / (family$t[other] - family$observed)
  places <- sort(unique(places), decreasing = side == 1)
  outer <- one_tail(alpha)
  if (side * (outer - places[[1]]) > 0) return(outer)
  for (i in first_place(family, places, alpha):length(places)) {
    if (likely_p(family, places[[i]]) >= alpha) return(places[[i]])
    inner <- if (i < length(places)) places[[i + 1]]
    if (is.null(inner)) break
    # Just within the piece the next t counts no more.
    p_within <- function(theta) piece_p(family, theta, places[[i]], side)
    if (p_within(inner) >= alpha) {
      return(stats::uniroot(function(theta) p_within(theta) - alpha, sort(c(inner, places[[i]])), tol = 1e-12)$root)
    }
  }
  places[[length(places)]]
}

# From where to look at every place. Of thousands, p falls outwards but for ripples between neighbours.
first_place <- function(family, places, alpha, close = 200) {
  low <- 1
  high <- length(places)
  while (high - low > close) {
    middle <- (low + high) %/% 2
    if (likely_p(family, places[[middle]]) >= alpha) high <- middle else low <- middle
  }
  max(1, low - close)
}

# p between the place `outside` and the next one further in: of t on the far side, those that are less likely there.
piece_p <- function(family, theta, outside, side) {
  distance <- side * (family$t - family$observed)
  observed <- family$log[family$t == family$observed]
  place <- (observed - family$log) / (family$t - family$observed)
  counted <- distance <= 0 | side * (place - outside) >= -1e-9
  sum(family_probabilities(family, theta)[counted])
}
