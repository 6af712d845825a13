# Naive twins of the methods for two proportions: each by its definition, with root search,
# enumeration or base R, and nothing of the package. Group 0 is the reference; effects are group 1
# minus (or over) group 0.

# All tables with these group sizes, by default every design with up to 8 patients a group.
all_tables <- function(n0 = 1:8, n1 = 1:8) {
  designs <- expand.grid(n0 = n0, n1 = n1)
  do.call(rbind, Map(function(n0, n1) {
    cbind(expand.grid(x0 = 0:n0, x1 = 0:n1), n0 = n0, n1 = n1)
  }, designs$n0, designs$n1))[c("x0", "n0", "x1", "n1")]
}

some_tables <- all_tables(c(1, 4, 8), c(1, 3, 7))
# Ma 2025 (doi:10.4143/crt.2024.1200), the ends of the table, and sizes of trials
larger_tables <- data.frame(
  x0 = c(6, 211, 0, 100, 3, 0, 1, 110, 40), n0 = c(49, 458, 100, 100, 60, 80, 300, 250, 200),
  x1 = c(13, 19, 9, 37, 1, 0, 50, 111, 39), n1 = c(68, 117, 40, 37, 400, 300, 50, 250, 200)
)

# For each table, the row that `other(x0, n0, x1, n1)` turns it into.
match_tables <- function(tables, x0, n0, x1, n1) {
  match(paste(x0, n0, x1, n1), with(tables, paste(x0, n0, x1, n1)))
}

# Results of many tables as one array: table x method x (estimate, conf.low, ...). `which` picks
# rows of proportion_methods(). A property test reads hundreds of thousands of numbers: they come
# from the same compiled call that compare_proportions() makes, without its data frames.
table_results <- function(tables, which, level = 0.95, alternative = "two.sided") {
  methods <- proportion_methods()[which, ]
  out <- vapply(seq_len(nrow(tables)), function(i) {
    t <- tables[i, ]
    cpp_two_proportions(t$x0, t$n0, t$x1, t$n1, level, alternative, which)
  }, matrix(0, length(which), 5))
  dimnames(out) <- list(
    method = paste0(
      methods$term, ":", methods$method, ifelse(is.na(methods$group), "", methods$group)
    ),
    number = c("estimate", "conf.low", "conf.high", "statistic", "p.value"), table = NULL
  )
  aperm(out, c(3, 1, 2))
}

method_rows <- function(keep) {
  methods <- proportion_methods()
  which(eval(substitute(keep), methods, parent.frame()))
}

# One row of compare_proportions() for x1 of n1 against x0 of n0.
row_of <- function(x0, n0, x1, n1, term, method, ...) {
  rows <- tidy(compare_proportions(c(x0, x1), c(n0, n1), methods = method, ...))
  rows[rows$term == term, ]
}

# --- where numbers agree ------------------------------------------------------------------------

# Equal within `tolerance` times max(1, |reference|); infinite and missing ones only to themselves.
close_to <- function(x, reference, tolerance) {
  ordinary <- is.finite(x) & is.finite(reference)
  same <- (is.na(x) & is.na(reference)) | (!is.na(x) & !is.na(reference) & x == reference)
  same[ordinary] <- (abs(x - reference) <= tolerance * pmax(1, abs(reference)))[ordinary]
  same
}

# Expects that no element of `bad` is TRUE; a failure names the first tables. `what` is the
# property.
expect_no_table <- function(bad, tables, what) {
  first <- utils::head(which(bad), 3)
  testthat::expect(
    !anyNA(bad) && !any(bad),
    paste0(
      what, ": ", sum(bad, na.rm = TRUE), " of ", length(bad), " tables fail, ", sum(is.na(bad)),
      " undecided, e.g. x0/n0 x1/n1 = ",
      paste0(tables$x0[first], "/", tables$n0[first], " ", tables$x1[first], "/", tables$n1[first],
        collapse = ", "
      )
    )
  )
}

# --- one proportion -----------------------------------------------------------------------------

exact_root <- function(f, low, high) {
  stats::uniroot(f, c(low, high), tol = 1e-15, maxiter = 2000)$root
}

# Each returns c(low, high) at error probability `tail` an end.
naive_proportion <- list(
  # The p that the score test does not reject.
  "wilson" = function(x, n, tail) {
    z <- stats::qnorm(tail, lower.tail = FALSE)
    beyond <- function(p) (x / n - p)^2 - z^2 * p * (1 - p) / n
    # At x = 0 and x = n the estimate itself is a second root.
    inside <- min(max(x / n, 1e-9), 1 - 1e-9)
    c(
      if (x == 0) 0 else exact_root(beyond, 0, inside),
      if (x == n) 1 else exact_root(beyond, inside, 1)
    )
  },
  # The same with a distance smaller by 1/(2n).
  "wilson-cc" = function(x, n, tail) {
    z <- stats::qnorm(tail, lower.tail = FALSE)
    edge <- function(centre, low, high) {
      exact_root(function(p) (centre - p)^2 - z^2 * p * (1 - p) / n, low, high)
    }
    below <- (x - 0.5) / n
    above <- (x + 0.5) / n
    c(if (x == 0) 0 else edge(below, 0, below), if (x == n) 1 else edge(above, above, 1))
  },
  "clopper-pearson" = function(x, n, tail) {
    c(
      if (x == 0) 0 else exact_root(function(p) sum(stats::dbinom(x:n, n, p)) - tail, 0, x / n),
      if (x == n) 1 else exact_root(function(p) sum(stats::dbinom(0:x, n, p)) - tail, x / n, 1)
    )
  },
  "jeffreys" = function(x, n, tail) {
    quantile <- function(q) stats::qbeta(q, x + 0.5, n - x + 0.5)
    c(if (x == 0) 0 else quantile(tail), if (x == n) 1 else quantile(1 - tail))
  },
  "agresti-coull" = function(x, n, tail) {
    z <- stats::qnorm(tail, lower.tail = FALSE)
    size <- n + z^2
    p <- (x + z^2 / 2) / size
    c(max(0, p - z * sqrt(p * (1 - p) / size)), min(1, p + z * sqrt(p * (1 - p) / size)))
  },
  "midp" = function(x, n, tail) {
    half <- function(p) stats::dbinom(x, n, p) / 2
    upper <- function(p) sum(stats::dbinom(seq_len(n - x) + x, n, p)) + half(p) - tail
    lower <- function(p) sum(stats::dbinom(seq_len(x) - 1, n, p)) + half(p) - tail
    c(
      if (x == 0) 0 else exact_root(upper, 0, x / n), if (x == n) 1 else exact_root(lower, x / n, 1)
    )
  }
)

# --- score statistics ---------------------------------------------------------------------------

# The proportions most likely under p1 = intercept + slope * p0: the root of the derivative of the
# log likelihood, which falls. Vectorised over tables and effects.
restricted_p0 <- function(x0, n0, x1, n1, intercept, slope) {
  # A count of 0 has no part in the likelihood, also where its proportion is 0.
  part <- function(count, p) count / pmax(p, 1e-300)
  derivative <- function(p0) {
    p1 <- intercept + slope * p0
    part(x0, p0) - part(n0 - x0, 1 - p0) + slope * (part(x1, p1) - part(n1 - x1, 1 - p1))
  }
  none <- 0 * (x0 + intercept + slope)
  low <- pmax(0, -intercept / slope) + none
  high <- pmin(1, (1 - intercept) / slope) + none
  falling_root(derivative, low, high)
}

# Distance over standard error; a table that is certain under the effect is at no distance.
over_error <- function(distance, variance) {
  z <- distance / sqrt(abs(variance))
  certain <- variance < 1e-15
  z[certain] <- (sign(distance) * Inf)[certain]
  z[abs(distance) < 1e-12] <- 0
  z
}

score_difference <- function(x0, n0, x1, n1, d) {
  p0 <- restricted_p0(x0, n0, x1, n1, d, 1)
  p1 <- p0 + d
  over_error(x1 / n1 - x0 / n0 - d, p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1)
}

score_ratio <- function(x0, n0, x1, n1, r) {
  p0 <- restricted_p0(x0, n0, x1, n1, 0, r)
  p1 <- r * p0
  over_error(x1 / n1 - r * x0 / n0, p1 * (1 - p1) / n1 + r^2 * p0 * (1 - p0) / n0)
}

# The root of a falling function, by halving; vectorised.
falling_root <- function(f, low, high, steps = 54) {
  for (i in seq_len(steps)) {
    middle <- (low + high) / 2
    above <- f(middle) > 0
    low[above] <- middle[above]
    high[!above] <- middle[!above]
  }
  (low + high) / 2
}

# The effects whose score stays within +-z: the score falls as the effect grows. One row a table.
naive_difference_score <- function(x0, n0, x1, n1, z) {
  s <- function(d) score_difference(x0, n0, x1, n1, d)
  d <- x1 / n1 - x0 / n0
  edge <- rep(1 - 1e-12, length(x0))
  cbind(
    ifelse(s(-edge) <= z, -1, falling_root(function(d) s(d) - z, -edge, d)),
    ifelse(s(edge) >= -z, 1, falling_root(function(d) s(d) + z, d, edge))
  )
}

naive_ratio_score <- function(x0, n0, x1, n1, z) {
  s <- function(log_r) score_ratio(x0, n0, x1, n1, exp(log_r))
  far <- rep(20, length(x0))
  cbind(
    ifelse(x1 == 0, 0, exp(falling_root(function(e) s(e) - z, -far, far))),
    ifelse(x0 == 0, Inf, exp(falling_root(function(e) s(e) + z, -far, far)))
  )
}

# Cornfield: with m events in all, `a` of them fitted to group 1, the chi-square of the observed x1
# is (x1 - a)^2 times the sum of the four reciprocal fitted counts.
naive_odds_score <- function(x0, n0, x1, n1, z) {
  m <- x0 + x1
  low <- max(0, m - n0)
  high <- min(m, n1)
  if (low == high) return(c(0, Inf))
  beyond <- function(a) (x1 - a)^2 * (1 / a + 1 / (m - a) + 1 / (n1 - a) + 1 / (n0 - m + a)) - z^2
  odds <- function(a) a * (n0 - m + a) / ((m - a) * (n1 - a))
  tiny <- 1e-13
  c(
    if (x1 == low) 0 else odds(exact_root(beyond, low + tiny, x1 - if (x1 == high) tiny else 0)),
    if (x1 == high) Inf else odds(exact_root(beyond, x1 + if (x1 == low) tiny else 0, high - tiny))
  )
}

# --- bootstrap of a difference, by listing every outcome -----------------------------------------

ideal_difference <- function(x0, n0, x1, n1) {
  cells <- expand.grid(k0 = 0:n0, k1 = 0:n1)
  # Differences as whole numbers of 1/(n0 n1), so that equal ones are equal.
  steps <- cells$k1 * n0 - cells$k0 * n1
  mass <- stats::dbinom(cells$k0, n0, x0 / n0) * stats::dbinom(cells$k1, n1, x1 / n1)
  by_value <- tapply(mass, steps, sum)
  list(value = as.numeric(names(by_value)) / (n0 * n1), mass = as.vector(by_value))
}

# min{t: P(T <= t) >= below}, max{t: P(T >= t) >= above}.
inverse_from_both_ends <- function(value, mass, below, above) {
  o <- order(value)
  value <- value[o]
  mass <- mass[o]
  c(
    value[which(cumsum(mass) >= below * (1 - 1e-10))[[1]]],
    rev(value)[which(cumsum(rev(mass)) >= above * (1 - 1e-10))[[1]]]
  )
}

# Efron's BCa error probabilities from P(T* < T) + P(T* = T) / 2 and the acceleration.
naive_bca_tails <- function(mid_share, a, tail) {
  z0 <- stats::qnorm(mid_share)
  z <- stats::qnorm(tail, lower.tail = FALSE)
  adjusted <- function(w) stats::pnorm(z0 + (z0 + w) / (1 - a * (z0 + w)))
  c(adjusted(-z), 1 - adjusted(z))
}

# Acceleration from patients' leave-one-out values, centred within blocks, one element a patient:
# influence l = (n - 1)(mean - value); a = sum(l^3/n^3) / (6 sum(l^2/n^2)^1.5), Davison and Hinkley
# (1997) section 5.3.2 (stratified).
naive_acceleration <- function(value, block) {
  n <- stats::ave(value, block, FUN = length)
  l <- (n - 1) * (stats::ave(value, block) - value) / n
  l[n == 1] <- 0
  if (!all(is.finite(l))) return(NaN)
  if (sum(l^2) == 0) 0 else sum(l^3) / (6 * sum(l^2)^1.5)
}

naive_bootstrap_difference <- function(x0, n0, x1, n1, tail, bca) {
  d <- x1 / n1 - x0 / n0
  ideal <- ideal_difference(x0, n0, x1, n1)
  at <- c(tail, tail)
  if (bca) {
    same <- abs(ideal$value - d) < 1e-9
    share <- sum(ideal$mass[!same & ideal$value < d]) + sum(ideal$mass[same]) / 2
    event <- c(rep(1:0, c(x0, n0 - x0)), rep(1:0, c(x1, n1 - x1)))
    group <- rep(0:1, c(n0, n1))
    without <- vapply(seq_along(event), function(i) {
      risk <- function(g) {
        if (!any(group[-i] == g)) return(NaN)
        mean(event[-i][group[-i] == g])
      }
      risk(1) - risk(0)
    }, 0)
    adjusted <- naive_bca_tails(share, naive_acceleration(without, group), tail)
    if (!anyNA(adjusted)) at <- adjusted
  }
  inverse_from_both_ends(ideal$value, ideal$mass, at[[1]], at[[2]])
}

# --- conditional odds ratio ----------------------------------------------------------------------

conditional_masses <- function(x0, n0, x1, n1, log_psi) {
  m <- x0 + x1
  k <- max(0, m - n0):min(m, n1)
  log_mass <- stats::dhyper(k, n1, n0, m, log = TRUE) + k * log_psi
  mass <- exp(log_mass - max(log_mass))
  list(k = k, mass = mass / sum(mass))
}

# share: 1 for the exact interval, 1/2 for mid-p.
naive_conditional <- function(x0, n0, x1, n1, tail, share) {
  at <- function(log_psi) conditional_masses(x0, n0, x1, n1, log_psi)
  k <- at(0)$k
  upper <- function(e) with(at(e), sum(mass[k > x1]) + share * mass[k == x1]) - tail
  lower <- function(e) with(at(e), sum(mass[k < x1]) + share * mass[k == x1]) - tail
  root <- function(f) exp(exact_root(f, -40, 40))
  c(if (x1 == min(k)) 0 else root(upper), if (x1 == max(k)) Inf else root(lower))
}

# The odds ratio at which the observed count is the expected one.
naive_conditional_estimate <- function(x0, n0, x1, n1) {
  at <- function(log_psi) conditional_masses(x0, n0, x1, n1, log_psi)
  k <- at(0)$k
  if (length(k) == 1) return(NA_real_)
  if (x1 == min(k)) return(0)
  if (x1 == max(k)) return(Inf)
  exp(exact_root(function(e) with(at(e), sum(k * mass)) - x1, -40, 40))
}

# --- Newcombe ------------------------------------------------------------------------------------

# The Wilson limits of both groups, squared and added (Newcombe 1998, methods 10 and 11).
naive_newcombe <- function(x0, n0, x1, n1, tail, wilson) {
  w0 <- naive_proportion[[wilson]](x0, n0, tail)
  w1 <- naive_proportion[[wilson]](x1, n1, tail)
  p0 <- x0 / n0
  p1 <- x1 / n1
  c(
    p1 - p0 - sqrt((p1 - w1[[1]])^2 + (w0[[2]] - p0)^2),
    p1 - p0 + sqrt((w1[[2]] - p1)^2 + (p0 - w0[[1]])^2)
  )
}

# --- two-sided intervals by term:method: one row a table, low and high ---------------------------

each_table <- function(f) {
  function(x0, n0, x1, n1, tail) t(mapply(f, x0, n0, x1, n1, MoreArgs = list(tail = tail)))
}

naive_intervals <- list(
  "risk_difference:wald" = each_table(function(x0, n0, x1, n1, tail) {
    p0 <- x0 / n0
    p1 <- x1 / n1
    half <- stats::qnorm(1 - tail) * sqrt(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1)
    c(max(-1, p1 - p0 - half), min(1, p1 - p0 + half))
  }),
  "risk_difference:agresti-caffo" = each_table(function(x0, n0, x1, n1, tail) {
    p0 <- (x0 + 1) / (n0 + 2)
    p1 <- (x1 + 1) / (n1 + 2)
    half <- stats::qnorm(1 - tail) * sqrt(p0 * (1 - p0) / (n0 + 2) + p1 * (1 - p1) / (n1 + 2))
    c(max(-1, p1 - p0 - half), min(1, p1 - p0 + half))
  }),
  "risk_difference:newcombe" = each_table(function(...) naive_newcombe(..., wilson = "wilson")),
  "risk_difference:newcombe-cc" = each_table(
    function(...) naive_newcombe(..., wilson = "wilson-cc")
  ),
  "risk_difference:mee" = function(x0, n0, x1, n1, tail) {
    naive_difference_score(x0, n0, x1, n1, stats::qnorm(1 - tail))
  },
  "risk_difference:miettinen-nurminen" = function(x0, n0, x1, n1, tail) {
    n <- n0 + n1
    naive_difference_score(x0, n0, x1, n1, stats::qnorm(1 - tail) * sqrt(n / (n - 1)))
  },
  "risk_difference:bootstrap-exact-percentile" = each_table(function(x0, n0, x1, n1, tail) {
    naive_bootstrap_difference(x0, n0, x1, n1, tail, bca = FALSE)
  }),
  "risk_difference:bootstrap-exact-bca" = each_table(function(x0, n0, x1, n1, tail) {
    naive_bootstrap_difference(x0, n0, x1, n1, tail, bca = TRUE)
  }),
  "risk_ratio:katz" = each_table(function(x0, n0, x1, n1, tail) {
    if (x0 == 0 || x1 == 0) return(c(0, Inf))
    half <- stats::qnorm(1 - tail) * sqrt(1 / x0 - 1 / n0 + 1 / x1 - 1 / n1)
    (x1 / n1) / (x0 / n0) * exp(c(-half, half))
  }),
  "risk_ratio:koopman" = function(x0, n0, x1, n1, tail) {
    naive_ratio_score(x0, n0, x1, n1, stats::qnorm(1 - tail))
  },
  "risk_ratio:miettinen-nurminen" = function(x0, n0, x1, n1, tail) {
    n <- n0 + n1
    naive_ratio_score(x0, n0, x1, n1, stats::qnorm(1 - tail) * sqrt(n / (n - 1)))
  },
  "odds_ratio:woolf" = each_table(function(x0, n0, x1, n1, tail) {
    counts <- c(x0, n0 - x0, x1, n1 - x1)
    if (any(counts == 0)) return(c(0, Inf))
    half <- stats::qnorm(1 - tail) * sqrt(sum(1 / counts))
    x1 * (n0 - x0) / (x0 * (n1 - x1)) * exp(c(-half, half))
  }),
  "odds_ratio:cornfield" = each_table(function(x0, n0, x1, n1, tail) {
    naive_odds_score(x0, n0, x1, n1, stats::qnorm(1 - tail))
  }),
  "odds_ratio:miettinen-nurminen" = each_table(function(x0, n0, x1, n1, tail) {
    n <- n0 + n1
    naive_odds_score(x0, n0, x1, n1, stats::qnorm(1 - tail) * sqrt(n / (n - 1)))
  }),
  "odds_ratio:fisher-conditional" = each_table(function(x0, n0, x1, n1, tail) {
    naive_conditional(x0, n0, x1, n1, tail, 1)
  }),
  "odds_ratio:midp-conditional" = each_table(function(x0, n0, x1, n1, tail) {
    naive_conditional(x0, n0, x1, n1, tail, 1 / 2)
  })
)

# --- tests ---------------------------------------------------------------------------------------

# Fisher's p by dhyper: less, greater, two-sided, and the probability of the table itself.
naive_fisher <- function(x0, n0, x1, n1) {
  k <- max(0, x0 + x1 - n0):min(x0 + x1, n1)
  mass <- stats::dhyper(k, n1, n0, x0 + x1)
  observed <- mass[k == x1]
  c(
    less = sum(mass[k <= x1]), greater = sum(mass[k >= x1]),
    two.sided = min(1, sum(mass[mass <= observed * (1 + 1e-7)])), observed = observed
  )
}

# The largest probability, over the common proportion, of the tables where `extreme` is TRUE: a
# grid, then optimize around its best points.
largest_probability <- function(extreme, tables, n0, n1, intercept = 0, slope = 1, points = 400) {
  if (all(extreme)) return(1)
  hit <- tables[extreme, ]
  ends <- sort((c(0, 1) - intercept) / slope)
  low <- max(0, ends[[1]])
  high <- min(1, ends[[2]])
  at <- function(p) {
    p1 <- pmin(1, pmax(0, intercept + slope * p))
    sum(stats::dbinom(hit$x0, n0, p) * stats::dbinom(hit$x1, n1, p1))
  }
  grid <- seq(low, high, length.out = points + 1)
  p1 <- pmin(1, pmax(0, intercept + slope * grid))
  values <- rowSums(
    outer(grid, hit$x0, function(p, x) stats::dbinom(x, n0, p)) *
      outer(p1, hit$x1, function(p, x) stats::dbinom(x, n1, p))
  )
  best <- which.max(values)
  around <- grid[c(max(1, best - 1), min(points + 1, best + 1))]
  max(values, stats::optimize(at, around, maximum = TRUE, tol = 1e-12)$objective)
}

design_tables <- function(n0, n1) expand.grid(x0 = 0:n0, x1 = 0:n1)

# `statistic` of every table of the design, large for p1 > p0; TRUE where a table is at least as
# extreme as the observed one, within `tie`.
at_least_as_extreme <- function(statistic, observed, alternative, tie = 1e-9) {
  slack <- if (is.finite(observed)) tie * max(1, abs(observed)) else 0
  switch(alternative,
    two.sided = abs(statistic) >= abs(observed) - slack,
    greater = statistic >= observed - slack,
    less = statistic <= observed + slack
  )
}

naive_barnard <- function(x0, n0, x1, n1, alternative, pooled) {
  tables <- design_tables(n0, n1)
  z <- function(x0, x1) {
    p0 <- x0 / n0
    p1 <- x1 / n1
    p <- (x0 + x1) / (n0 + n1)
    unpooled <- p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1
    variance <- if (pooled) p * (1 - p) * (1 / n0 + 1 / n1) else unpooled
    over_error(p1 - p0, variance)
  }
  extreme <- at_least_as_extreme(z(tables$x0, tables$x1), z(x0, x1), alternative)
  largest_probability(extreme, tables, n0, n1)
}

# The p-value of an effect in the unconditional exact test by the score: "two.sided" rejects far
# scores, "greater" ones that say the effect is larger, "less" the opposite.
naive_exact_score <- function(x0, n0, x1, n1, effect, alternative, score, tie = 1e-9) {
  tables <- design_tables(n0, n1)
  s <- score(tables$x0, n0, tables$x1, n1, effect)
  observed <- s[tables$x0 == x0 & tables$x1 == x1]
  line <- if (identical(score, score_difference)) c(effect, 1) else c(0, effect)
  largest_probability(
    at_least_as_extreme(s, observed, alternative, tie), tables, n0, n1, line[[1]], line[[2]]
  )
}

naive_boschloo <- function(x0, n0, x1, n1, alternative) {
  tables <- design_tables(n0, n1)
  p <- mapply(function(x0, x1) naive_fisher(x0, n0, x1, n1)[[alternative]], tables$x0, tables$x1)
  largest_probability(p <= naive_fisher(x0, n0, x1, n1)[[alternative]] * (1 + 1e-9), tables, n0, n1)
}

# Signed z statistics of the asymptotic tests.
naive_z <- list(
  "pearson" = function(x0, n0, x1, n1) {
    p <- (x0 + x1) / (n0 + n1)
    over_error(x1 / n1 - x0 / n0, p * (1 - p) * (1 / n0 + 1 / n1))
  },
  # chisq.test's correction: |observed - expected| less 1/2, not below 0.
  "yates" = function(x0, n0, x1, n1) {
    expected <- n1 * (x0 + x1) / (n0 + n1)
    distance <- sign(x1 - expected) * max(0, abs(x1 - expected) - 0.5)
    m <- x0 + x1
    n <- n0 + n1
    over_error(distance, n0 * n1 * m * (n - m) / n^3)
  },
  "n-1" = function(x0, n0, x1, n1) {
    naive_z$pearson(x0, n0, x1, n1) * sqrt((n0 + n1 - 1) / (n0 + n1))
  },
  # Twice the difference of the maximised log likelihoods.
  "lr" = function(x0, n0, x1, n1) {
    ll <- function(p0, p1) {
      stats::dbinom(x0, n0, p0, log = TRUE) + stats::dbinom(x1, n1, p1, log = TRUE)
    }
    p <- (x0 + x1) / (n0 + n1)
    sign(x1 / n1 - x0 / n0) * sqrt(max(0, 2 * (ll(x0 / n0, x1 / n1) - ll(p, p))))
  },
  "wald" = function(x0, n0, x1, n1) {
    counts <- c(x0, n0 - x0, x1, n1 - x1)
    if (x1 * n0 == x0 * n1) return(0)
    if (any(counts == 0)) return(NaN)
    log(x1 * (n0 - x0) / (x0 * (n1 - x1))) / sqrt(sum(1 / counts))
  },
  "unpooled-z" = function(x0, n0, x1, n1) {
    p0 <- x0 / n0
    p1 <- x1 / n1
    over_error(p1 - p0, p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1)
  }
)

normal_p <- function(z, alternative) {
  switch(alternative,
    two.sided = 2 * stats::pnorm(-abs(z)),
    less = stats::pnorm(z),
    greater = stats::pnorm(z, lower.tail = FALSE)
  )
}
