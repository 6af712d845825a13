# Naive twins of the bootstrap: every outcome of the resampling listed, base R only. Effects on the
# analysis scale (ratios as logarithms).

naive_effect <- function(name, x0, n0, x1, n1) {
  switch(name,
    risk_difference = x1 / n1 - x0 / n0,
    risk_ratio = log(x1 / n1) - log(x0 / n0),
    odds_ratio = log(x1 / (n1 - x1)) - log(x0 / (n0 - x0))
  )
}

naive_error <- function(name, x0, n0, x1, n1) {
  sqrt(switch(name,
    risk_difference = x0 / n0 * (1 - x0 / n0) / n0 + x1 / n1 * (1 - x1 / n1) / n1,
    risk_ratio = 1 / x0 - 1 / n0 + 1 / x1 - 1 / n1,
    odds_ratio = 1 / x0 + 1 / (n0 - x0) + 1 / x1 + 1 / (n1 - x1)
  ))
}

# Distribution of the total events of one group's strata: x of n in each.
events_distribution <- function(x, n) {
  mass <- 1
  for (s in seq_along(x)) {
    one <- stats::dbinom(0:n[[s]], n[[s]], x[[s]] / n[[s]])
    mass <- vapply(0:(length(mass) + length(one) - 2), function(k) {
      i <- seq_along(mass) - 1
      j <- k - i
      ok <- j >= 0 & j < length(one)
      sum(mass[ok] * one[j[ok] + 1])
    }, 0)
  }
  mass
}

# The exact bootstrap: outcomes with their value, standard error and probability, given T is
# defined.
ideal_outcomes <- function(name, x0, n0, x1, n1) {
  m0 <- events_distribution(x0, n0)
  m1 <- events_distribution(x1, n1)
  cells <- expand.grid(k0 = seq_along(m0) - 1, k1 = seq_along(m1) - 1)
  cells$mass <- m0[cells$k0 + 1] * m1[cells$k1 + 1]
  cells$value <- naive_effect(name, cells$k0, sum(n0), cells$k1, sum(n1))
  cells$error <- suppressWarnings(naive_error(name, cells$k0, sum(n0), cells$k1, sum(n1)))
  cells[cells$mass > 0, ]
}

# Interval ends on the analysis scale from the list of outcomes, by definition.
naive_boot <- function(name, x0, n0, x1, n1, type, tail, patients) {
  all <- ideal_outcomes(name, x0, n0, x1, n1)
  t0 <- naive_effect(name, sum(x0), sum(n0), sum(x1), sum(n1))
  cells <- all[!is.nan(all$value), ]
  cells$mass <- cells$mass / sum(cells$mass)
  # Outcomes that differ by rounding only are one value.
  value <- ifelse(is.finite(cells$value), round(cells$value, 11), cells$value)
  ends <- function(below, above) {
    by <- tapply(cells$mass, value, sum)
    inverse_from_both_ends(as.numeric(names(by)), as.vector(by), below, above)
  }
  if (type == "perc") return(ends(tail, tail))
  if (type == "basic") return(2 * t0 - rev(ends(tail, tail)))
  if (type == "norm") {
    finite <- cells[is.finite(cells$value), ]
    w <- finite$mass / sum(finite$mass)
    # Both links vary independently: moments of the difference of the finite parts.
    mean <- sum(w * finite$value)
    sd <- sqrt(sum(w * (finite$value - mean)^2))
    return(2 * t0 - mean + c(-1, 1) * stats::qnorm(1 - tail) * sd)
  }
  if (type == "stud") {
    distance <- cells$value - t0
    distance[abs(distance) < 1e-12] <- 0
    q <- ifelse(is.infinite(distance), distance, distance / cells$error)
    known <- !is.nan(q)
    mass <- cells$mass[known] / sum(cells$mass[known])
    q <- inverse_from_both_ends(q[known], mass, tail, tail)
    return(t0 - naive_error(name, sum(x0), sum(n0), sum(x1), sum(n1)) * rev(q))
  }
  share <- sum(cells$mass[value < t0 - 1e-9]) + sum(cells$mass[abs(value - t0) <= 1e-9]) / 2
  at <- naive_bca_tails(
    share, naive_acceleration(leave_one_out(name, patients), paste(patients$centre, patients$g)),
    tail
  )
  if (anyNA(at)) c(NaN, NaN) else ends(at[[1]], at[[2]])
}

# The effect without each patient in turn.
leave_one_out <- function(name, rows) {
  vapply(seq_len(nrow(rows)), function(i) {
    kept <- rows[-i, ]
    x <- tapply(kept$y, kept$g, sum)
    n <- tapply(kept$y, kept$g, length)
    naive_effect(name, x[["ref"]], n[["ref"]], x[["oth"]], n[["oth"]])
  }, 0)
}

boot_ends <- function(...) {
  rows <- tidy(boot_ci(..., progress = FALSE))
  as.matrix(rows[c("conf.low", "conf.high")])
}
