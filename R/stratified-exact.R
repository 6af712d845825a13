# Given all margins of every stratum: the distribution of S, the other group's events added over strata, whose
# masses at a common odds ratio psi are proportional to c(s) psi^s. Each stratum's masses are hypergeometric,
# and those of the sum their convolution.

# Masses below exp(-depth), 1e-150, of the largest are left out: of a stratum, and of the sum as it grows. No tail loses
# by it, since it is summed around the observed value; what a two-sided p adds from the other side may, below 1e-150.
mass_depth <- 345

# log masses of one stratum at odds ratio 1, over its whole support.
stratum_masses <- function(x0, n0, x1, n1) {
  m <- x0 + x1
  first <- max(0, m - n0)
  list(first = first, log_mass = stats::dhyper(first:min(m, n1), n1, n0, m, log = TRUE))
}

conditional_strata <- function(k) {
  k <- informative_strata(k)
  strata <- Map(stratum_masses, k$x0, k$n0, k$x1, k$n1)
  first <- vapply(strata, `[[`, 0, "first")
  last <- first + lengths(lapply(strata, `[[`, "log_mass")) - 1
  list(strata = strata, s = sum(k$x1), low = sum(first), high = sum(last))
}

# One stratum at psi: its masses, normalised, where they are not negligible; and the log of the sum that
# normalised them.
tilted_stratum <- function(stratum, log_psi) {
  count <- stratum$first + seq_along(stratum$log_mass) - 1
  log_mass <- stratum$log_mass + count * log_psi
  top <- max(log_mass)
  kept <- which(log_mass > top - mass_depth)
  mass <- exp(log_mass[kept] - top)
  list(first = count[[kept[[1]]]], mass = mass / sum(mass), log_total = top + log(sum(mass)))
}

expected_sum <- function(given, log_psi) {
  sum(vapply(given$strata, function(stratum) {
    at <- tilted_stratum(stratum, log_psi)
    sum((at$first + seq_along(at$mass) - 1) * at$mass)
  }, 0))
}

# The masses of S at psi, as logarithms, and what turns them back into those at 1.
sum_distribution <- function(given, log_psi) {
  parts <- lapply(given$strata, tilted_stratum, log_psi = log_psi)
  parts <- parts[order(lengths(lapply(parts, `[[`, "mass")))]
  sum <- list(first = 0, mass = 1)
  for (part in parts) {
    mass <- convolve_masses(sum$mass, part$mass)
    kept <- which(mass > max(mass) * exp(-mass_depth))
    kept <- kept[[1]]:kept[[length(kept)]]
    sum <- list(first = sum$first + part$first + kept[[1]] - 1, mass = mass[kept])
  }
  list(
    s = sum$first + seq_along(sum$mass) - 1, mass = sum$mass, log_mass = log(sum$mass), log_psi = log_psi,
    log_total = sum(vapply(parts, `[[`, 0, "log_total"))
  )
}

# All terms are positive, so the sums keep their relative precision; a fast Fourier transform would not.
convolve_masses <- function(a, b) {
  before <- length(b) - 1
  around <- c(numeric(before), a, numeric(before))
  as.vector(stats::filter(around, b, sides = 1))[seq_len(length(a) + before) + before]
}

# Conditional maximum likelihood: E_psi[S] = s.
conditional_log_odds <- function(given) {
  if (given$low == given$high) return(NA_real_)
  if (given$s == given$low) return(-Inf)
  if (given$s == given$high) return(Inf)
  expected_at(given, given$s)
}

expected_at <- function(given, s) {
  stats::uniroot(function(log_psi) expected_sum(given, log_psi) - s, c(-1, 1),
    extendInt = "upX", tol = 1e-12, maxiter = 2000
  )$root
}

# The distribution of S at the odds ratio that makes it expected: limits and one-sided p-values are read from it by
# tilting, without loss where s is far out under psi = 1.
near_distribution <- function(given) {
  target <- min(max(given$s, given$low + 0.5), given$high - 0.5)
  sum_distribution(given, expected_at(given, target))
}

# P_psi(S >= s) or P_psi(S <= s), `share` of the mass at s itself.
tail_at <- function(near, s, log_psi, upper, share) {
  log_mass <- near$log_mass + near$s * (log_psi - near$log_psi)
  mass <- exp(log_mass - max(log_mass))
  beyond <- if (upper) near$s > s else near$s < s
  (sum(mass[beyond]) + share * mass[near$s == s]) / sum(mass)
}

# share: 1 for the exact interval, 1/2 for mid-p.
conditional_limits <- function(given, near, conf.level, alternative, share) {
  if (given$low == given$high) return(c(0, Inf))
  error <- error_at_end(conf.level, alternative)
  limit <- function(upper) {
    stats::uniroot(function(log_psi) {
      tail_at(near, given$s, log_psi, upper, share) - error
    }, near$log_psi + c(-1, 1), extendInt = if (upper) "upX" else "downX", tol = 1e-12, maxiter = 2000)$root
  }
  limits <- c(
    if (given$s == given$low) 0 else exp(limit(TRUE)),
    if (given$s == given$high) Inf else exp(limit(FALSE))
  )
  one_sided_ends(limits, alternative, c(0, Inf))
}

# P-values at psi = 1: less, greater, two-sided (at most as likely as s, ties within a relative 1e-7), and the
# probability of s. `log_total` undoes the tilt.
conditional_p_values <- function(given, near) {
  if (given$low == given$high) return(c(less = 1, greater = 1, two.sided = 1, observed = 1))
  untilted <- exp(near$log_mass - near$s * near$log_psi + near$log_total)
  null <- sum_distribution(given, 0)
  upper <- given$s >= sum(null$s * null$mass)
  observed <- untilted[near$s == given$s]
  beyond <- untilted[if (upper) near$s >= given$s else near$s <= given$s]
  across <- null$mass[if (upper) null$s < given$s else null$s > given$s]
  tail <- sum(beyond)
  likely <- observed * (1 + 1e-7)
  c(
    less = if (upper) 1 - tail + observed else tail, greater = if (upper) tail else 1 - tail + observed,
    two.sided = min(1, sum(beyond[beyond <= likely]) + sum(across[across <= likely])), observed = observed
  )
}
