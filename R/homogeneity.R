# Do several 2x2 tables share one odds ratio? One table a stratum: x0 of n0 events in the reference group,
# x1 of n1 in the other.
#
# Breslow NE, Day NE (1980), Statistical Methods in Cancer Research I, IARC, section 4.4: with the Mantel-Haenszel
# odds ratio and the margins of each stratum, the expected x1 and its asymptotic variance V;
# X2 = sum (x1 - E)^2 / V. Tarone RE (1985), doi:10.1093/biomet/72.1.91, subtracts (sum x1 - sum E)^2 / sum V, as the
# Mantel-Haenszel estimate is not the efficient one: only then X2 is chi-squared with K - 1 degrees of freedom.
# Zelen M (1971), doi:10.1093/biomet/58.1.129: given all margins and the sum of x1, tables have the probability
# prod C(n1, x1) C(n0, x0) / constant under any common odds ratio; p sums those at most as likely as the observed.
#
# Strata in which the margins allow one table only say nothing and are left out, also of K. Where fewer than two are
# left, nothing speaks against a common odds ratio: p = 1. The same holds in the limit where the Mantel-Haenszel odds
# ratio is 0 or Inf, for then it is so in every stratum.

homogeneity_tests <- function(x0, n0, x1, n1, methods = c("breslow-day", "tarone", "zelen")) {
  methods <- check_choice(methods, c("breslow-day", "tarone", "zelen"), "methods", several = TRUE)
  tables <- informative_tables(x0, n0, x1, n1)
  do.call(rbind, lapply(methods, function(method) {
    found <- switch(method,
      "breslow-day" = breslow_day(tables),
      tarone = tarone(tables),
      zelen = zelen_exact(tables)
    )
    data.frame(method = method, found)
  }))
}

# Both groups have patients, and both outcomes occur.
informative_tables <- function(x0, n0, x1, n1) {
  tables <- data.frame(
    x0 = as.double(unname(x0)), n0 = as.double(unname(n0)), x1 = as.double(unname(x1)), n1 = as.double(unname(n1))
  )
  events <- tables$x0 + tables$x1
  tables[tables$n0 > 0 & tables$n1 > 0 & events > 0 & events < tables$n0 + tables$n1, ]
}

# Other over reference. 0/0 where no stratum is informative.
mantel_haenszel_odds_ratio <- function(tables) {
  n <- tables$n0 + tables$n1
  sum(tables$x1 * (tables$n0 - tables$x0) / n) / sum(tables$x0 * (tables$n1 - tables$x1) / n)
}

# E and V of x1 given the margins and the odds ratio.
expected_events <- function(tables, odds_ratio) {
  m <- tables$x0 + tables$x1
  b <- tables$n0 - m + odds_ratio * (tables$n1 + m)
  product <- odds_ratio * tables$n1 * m
  root <- sqrt(b^2 + 4 * (1 - odds_ratio) * product)
  # The solution of a quadratic, each time in the form that does not cancel; b < 0 needs an odds ratio below 1.
  e <- ifelse(b > 0, 2 * product / (b + root), (root - b) / (2 * (1 - odds_ratio)))
  cells <- cbind(e, m - e, tables$n1 - e, tables$n0 - m + e)
  list(mean = e, variance = 1 / rowSums(1 / cells))
}

breslow_day <- function(tables, correct = FALSE) {
  df <- max(0, nrow(tables) - 1)
  odds_ratio <- if (df > 0) mantel_haenszel_odds_ratio(tables)
  if (df == 0 || odds_ratio %in% c(0, Inf)) return(data.frame(statistic = 0, df = df, p.value = 1))
  expected <- expected_events(tables, odds_ratio)
  above <- tables$x1 - expected$mean
  statistic <- sum(above^2 / expected$variance)
  if (correct) statistic <- max(0, statistic - sum(above)^2 / sum(expected$variance))
  data.frame(statistic = statistic, df = df, p.value = stats::pchisq(statistic, df, lower.tail = FALSE))
}

tarone <- function(tables) breslow_day(tables, correct = TRUE)

# --- Zelen's exact test -----------------------------------------------------------------------------------

# As many tables as one half of the strata may have: some two seconds.
most_half_tables <- 2e6

# The statistic is the probability of the observed tables. NA where there are too many to look at.
zelen_exact <- function(tables) {
  if (nrow(tables) < 2) return(data.frame(statistic = 1, df = NA_real_, p.value = 1))
  halves <- zelen_halves(tables)
  if (max(halves$size) > most_half_tables) return(data.frame(statistic = NA_real_, df = NA_real_, p.value = NA_real_))
  first <- half_tables(tables[halves$first, ])
  second <- half_tables(tables[!halves$first, ])
  observed <- sum(log_table_weights(tables, tables$x1))
  top <- max(first$log) + max(second$log)
  pairs <- split(first$log, first$sum)
  partners <- split(second$log, sum(tables$x1) - second$sum)
  sums <- vapply(intersect(names(pairs), names(partners)), function(sum) {
    pair_sums(pairs[[sum]], partners[[sum]], observed, top)
  }, c(0, 0))
  total <- sum(sums[1, ])
  data.frame(statistic = exp(observed - top) / total, df = NA_real_, p.value = min(1, sum(sums[2, ]) / total))
}

# The weights of all pairs, and of those at most as likely as the observed; ties are within a relative 1e-7.
pair_sums <- function(a, b, observed, top) {
  b <- sort(b)
  below <- c(0, cumsum(exp(b - max(b))))
  scale <- exp(a - (top - max(b)))
  c(sum(scale) * below[[length(below)]], sum(scale * below[findInterval(observed + 1e-7 - a, b) + 1]))
}

log_table_weights <- function(tables, x1) {
  lchoose(tables$n1, x1) + lchoose(tables$n0, tables$x0 + tables$x1 - x1)
}

fewest_events <- function(tables) pmax(0, tables$x0 + tables$x1 - tables$n0)
most_events <- function(tables) pmin(tables$n1, tables$x0 + tables$x1)

# The strata in two halves with about as many tables each, so that pairs need not be listed.
zelen_halves <- function(tables) {
  possible <- most_events(tables) - fewest_events(tables) + 1
  size <- c(1, 1)
  half <- integer(length(possible))
  for (k in order(possible, decreasing = TRUE)) {
    half[[k]] <- which.min(size)
    size[[half[[k]]]] <- size[[half[[k]]]] * possible[[k]]
  }
  list(first = half == 1, size = size)
}

# All tables of some strata: the sum of x1 and the logarithm of the weight.
half_tables <- function(tables) {
  low <- fewest_events(tables)
  high <- most_events(tables)
  sums <- 0
  logs <- 0
  for (k in seq_len(nrow(tables))) {
    x1 <- low[[k]]:high[[k]]
    sums <- rep(sums, times = length(x1)) + rep(x1, each = length(sums))
    logs <- rep(logs, times = length(x1)) + rep(log_table_weights(tables[k, ], x1), each = length(logs))
  }
  list(sum = sums, log = logs)
}
