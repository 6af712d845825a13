# Is the odds ratio the same in every stratum? Of strata with both groups and both outcomes; the others cannot say.

# Breslow and Day's chi-squared: events of the other group against those expected at the Mantel-Haenszel odds
# ratio; Tarone's takes off what that estimate is not efficient for.
breslow_day_tests <- function(k) {
  k <- informative_strata(k)
  df <- length(k$x0) - 1
  odds_ratio <- exp(mh_log_odds_ratio(k)[["estimate"]])
  if (df < 1 || is.na(odds_ratio) || odds_ratio == 0 || is.infinite(odds_ratio)) {
    return(list(breslow_day = NA_real_, tarone = NA_real_, df = max(0, df)))
  }
  expected <- events_at_odds(k, odds_ratio)
  m <- k$x0 + k$x1
  variance <- 1 / (1 / expected + 1 / (k$n1 - expected) + 1 / (m - expected) + 1 / (k$n0 - m + expected))
  distance <- k$x1 - expected
  chi_squared <- sum(distance^2 / variance)
  list(breslow_day = chi_squared, tarone = max(0, chi_squared - sum(distance)^2 / sum(variance)), df = df)
}

# The root within the margins of e (n0 - m + e) = odds_ratio (n1 - e) (m - e).
events_at_odds <- function(k, odds_ratio) {
  m <- k$x0 + k$x1
  a <- 1 - odds_ratio
  b <- k$n0 - m + odds_ratio * (k$n1 + m)
  c <- -odds_ratio * k$n1 * m
  # The form without cancellation; with odds ratio 1 it is n1 m / N.
  -2 * c / (b + sqrt(pmax(0, b^2 - 4 * a * c)))
}

# Zelen's exact test enumerates the tables with the margins of every stratum and with the observed sum; up to
# this many.
most_zelen_tables <- 2e6

# NA with the number of tables where there are too many.
zelen_p_value <- function(k) {
  k <- informative_strata(k)
  if (length(k$x0) < 2) return(list(p.value = NA_real_, tables = length(k$x0)))
  strata <- Map(stratum_masses, k$x0, k$n0, k$x1, k$n1)
  # The widest stratum's count follows from the others'.
  widest <- which.max(lengths(lapply(strata, `[[`, "log_mass")))
  order <- c(setdiff(seq_along(strata), widest), widest)
  tables <- prod(lengths(lapply(strata[order[-length(order)]], `[[`, "log_mass")))
  if (tables > most_zelen_tables) return(list(p.value = NA_real_, tables = tables))
  log_mass <- 0
  count <- 0
  for (stratum in strata[order[-length(order)]]) {
    own <- stratum$first + seq_along(stratum$log_mass) - 1
    log_mass <- as.vector(outer(log_mass, stratum$log_mass, `+`))
    count <- as.vector(outer(count, own, `+`))
  }
  last <- strata[[widest]]
  place <- sum(k$x1) - count - last$first + 1
  possible <- place >= 1 & place <= length(last$log_mass)
  log_mass <- log_mass[possible] + last$log_mass[place[possible]]
  observed <- sum(mapply(function(stratum, x1) stratum$log_mass[[x1 - stratum$first + 1]], strata, k$x1))
  mass <- exp(log_mass - max(log_mass))
  list(p.value = min(1, sum(mass[log_mass <= observed + 1e-7]) / sum(mass)), tables = tables)
}
