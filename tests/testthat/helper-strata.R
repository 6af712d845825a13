# Naive twins of comparisons within strata: every set of tables with the margins, and root searches of definitions.

# Strata of the sizes given with random counts; a small size gives zero cells and empty margins.
random_strata <- function(n_strata, most) {
  n0 <- sample(most, n_strata, TRUE)
  n1 <- sample(most, n_strata, TRUE)
  list(
    x0 = as.double(rbinom(n_strata, n0, 0.4)), n0 = as.double(n0), x1 = as.double(rbinom(n_strata, n1, 0.6)),
    n1 = as.double(n1)
  )
}

# groups x outcomes (no event, event) x strata.
strata_array <- function(k) {
  array(rbind(k$n0 - k$x0, k$n1 - k$x1, k$x0, k$x1), c(2, 2, length(k$x0)))
}

# Every set of tables with the margins of all strata: the other group's events, their sum and log probability.
naive_table_sets <- function(k) {
  m <- k$x0 + k$x1
  ranges <- Map(function(n0, n1, m) max(0, m - n0):min(n1, m), k$n0, k$n1, m)
  sets <- as.matrix(do.call(expand.grid, unname(ranges)))
  log_mass <- vapply(seq_len(nrow(sets)), function(i) {
    sum(stats::dhyper(sets[i, ], k$n1, k$n0, m, log = TRUE))
  }, 0)
  list(s = rowSums(sets), log_mass = log_mass, observed = which(colSums(t(sets) != k$x1) == 0))
}

# P-values, the conditional estimate and limits of the common odds ratio, from the list.
naive_common_odds <- function(k, tail, share = 1) {
  sets <- naive_table_sets(k)
  total <- sum(k$x1)
  s <- sort(unique(sets$s))
  mass <- vapply(s, function(v) sum(exp(sets$log_mass[sets$s == v])), 0)
  at <- function(e) {
    weight <- log(mass) + s * e
    weight <- exp(weight - max(weight))
    weight / sum(weight)
  }
  up <- function(e) sum(at(e)[s > total]) + share * at(e)[s == total]
  down <- function(e) sum(at(e)[s < total]) + share * at(e)[s == total]
  root <- function(f) exp(stats::uniroot(f, c(-60, 60), tol = 1e-13)$root)
  single <- length(s) == 1
  list(
    less = sum(mass[s <= total]), greater = sum(mass[s >= total]),
    two.sided = sum(mass[mass <= mass[s == total] * (1 + 1e-7)]), observed = mass[s == total],
    estimate = if (single) NA else if (total == min(s)) 0 else if (total == max(s)) Inf else
      root(function(e) sum(s * at(e)) - total),
    limits = c(
      if (total == min(s)) 0 else root(function(e) up(e) - tail),
      if (total == max(s)) Inf else root(function(e) down(e) - tail)
    )
  )
}

# Zelen: of the sets with the observed sum, those at most as likely as the observed one.
naive_zelen <- function(k) {
  sets <- naive_table_sets(k)
  same <- sets$log_mass[sets$s == sum(k$x1)]
  sum(exp(same[same <= sets$log_mass[sets$observed] + 1e-7])) / sum(exp(same))
}

# Restricted maximum likelihood of one stratum by search.
naive_restricted <- function(x0, n0, x1, n1, effect, ratio) {
  p1 <- function(p0) if (ratio) effect * p0 else p0 + effect
  range <- if (ratio) c(0, min(1, 1 / effect)) else c(max(0, -effect), min(1, 1 - effect))
  log_likelihood <- function(p0) {
    stats::dbinom(x0, n0, p0, log = TRUE) + stats::dbinom(x1, n1, min(1, max(0, p1(p0))), log = TRUE)
  }
  found <- stats::optimize(log_likelihood, range, maximum = TRUE, tol = 1e-12)
  ends <- vapply(range, log_likelihood, 0)
  p0 <- if (max(ends) >= found$objective) range[[which.max(ends)]] else found$maximum
  c(p0, min(1, max(0, p1(p0))))
}

# The strata that tests/reference/stratified_*.R gave to the peers, by name.
peer_strata <- list(
  gart = list(x1 = c(4, 2, 4, 1), n1 = c(16, 16, 18, 15), x0 = c(5, 3, 10, 3), n0 = c(79, 87, 90, 82)),
  sparse = list(x1 = c(0, 3, 5, 1, 2), n1 = c(4, 5, 6, 7, 3), x0 = c(1, 0, 2, 2, 0), n0 = c(6, 5, 8, 4, 5)),
  large = list(x1 = c(30, 12), n1 = c(120, 60), x0 = c(70, 45), n0 = c(130, 66))
)
