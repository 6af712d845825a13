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

# --- any effect of the registry, from its definition ----------------------------------------------

# On the analysis scale, of responses y in groups g (0 and 1), each of which counts w times (a whole
# number). `form`: the prob of a quantile, the form of a standardised difference.
twin_value <- function(name, y, g, w = rep(1, length(y)), form = NULL) {
  y0 <- rep(y[g == 0], w[g == 0])
  y1 <- rep(y[g == 1], w[g == 1])
  if (length(y0) == 0 || length(y1) == 0) return(NaN)
  pairs <- function() outer(y1, y0, ">") + outer(y1, y0, "==") / 2
  odds <- function(y) sum(y == 1) / sum(y == 0)
  switch(name,
    risk_difference = , mean_difference = mean(y1) - mean(y0),
    risk_ratio = , mean_ratio = log(mean(y1) / mean(y0)),
    odds_ratio = log(odds(y1) / odds(y0)),
    median_difference = stats::median(y1) - stats::median(y0),
    quantile_difference = unname(stats::quantile(y1, form) - stats::quantile(y0, form)),
    win_probability = mean(pairs()),
    standardised_difference = twin_standardised(y0, y1, form)[[1]],
    standardised_distance = twin_distance(y0, y1)
  )
}

twin_standardised <- function(y0, y1, form) {
  n0 <- length(y0)
  n1 <- length(y1)
  distance <- mean(y1) - mean(y0)
  scaled <- function(s) if (s == 0 && distance == 0) 0 else distance / s
  if (form == "hedges") {
    f <- n0 + n1 - 2
    j <- exp(lgamma(f / 2) - lgamma((f - 1) / 2)) / sqrt(f / 2)
    d <- scaled(sqrt((sum((y0 - mean(y0))^2) + sum((y1 - mean(y1))^2)) / f))
    return(c(j * d, j * sqrt(1 / n0 + 1 / n1 + d^2 / (2 * f))))
  }
  d <- scaled(sqrt((stats::var(y0) + stats::var(y1)) / 2))
  c(d, sqrt(1 / n0 + 1 / n1 + d^2 / (2 * (n0 + n1))))
}

# sqrt(d' S^+ d); Inf where d is not in the space that S spans.
twin_distance <- function(y0, y1) {
  levels <- sort(unique(c(y0, y1)))
  p0 <- table(factor(y0, levels)) / length(y0)
  p1 <- table(factor(y1, levels)) / length(y1)
  covariance <- function(p) diag(as.vector(p), length(p)) - outer(as.vector(p), as.vector(p))
  e <- eigen((covariance(p0) + covariance(p1)) / 2, symmetric = TRUE)
  along <- as.vector(crossprod(e$vectors, as.vector(p1 - p0)))
  spanned <- e$values > 1e-10
  if (any(abs(along[!spanned]) > 1e-10)) return(Inf)
  sqrt(sum(along[spanned]^2 / e$values[spanned]))
}

# Its standard error.
twin_error <- function(name, y, g, w = rep(1, length(y)), form = NULL) {
  y0 <- rep(y[g == 0], w[g == 0])
  y1 <- rep(y[g == 1], w[g == 1])
  both <- function(f) sqrt(f(y0) + f(y1))
  mean_error <- function(y) stats::var(y) / length(y)
  # Variance of the ordered values under the masses of a beta distribution.
  order_error <- function(prob) {
    function(y) {
      n <- length(y)
      b <- diff(stats::pbeta((0:n) / n, (n + 1) * prob, (n + 1) * (1 - prob)))
      sum(b * sort(y)^2) - sum(b * sort(y))^2
    }
  }
  wins <- outer(y1, y0, ">") + outer(y1, y0, "==") / 2
  switch(name,
    risk_difference = , risk_ratio = ,
    odds_ratio = naive_error(name, sum(y0), length(y0), sum(y1), length(y1)),
    mean_difference = both(mean_error),
    mean_ratio = both(function(y) mean_error(y) / mean(y)^2),
    median_difference = both(order_error(0.5)),
    quantile_difference = both(order_error(form)),
    win_probability = sqrt(
      stats::var(rowMeans(wins)) / length(y1) + stats::var(colMeans(wins)) / length(y0)
    ),
    standardised_difference = twin_standardised(y0, y1, form)[[2]]
  )
}

# Every effect whose sign is -1, with data on which it is defined: name, form, as it is given.
all_effects <- function() {
  one <- function(name, form = NULL, stat = name) list(name = name, form = form, stat = stat)
  list(
    one("risk_difference"), one("risk_ratio"), one("odds_ratio"), one("mean_difference"),
    one("mean_ratio"), one("median_difference"),
    one("quantile_difference", 0.25, stat_quantile_difference(0.25)),
    one("standardised_difference", "hedges"),
    one("standardised_difference", "balance", stat_standardised_difference("balance")),
    one("win_probability")
  )
}
is_risk <- function(effect) grepl("^risk|^odds", effect$name)

# --- Monte Carlo intervals from replicates --------------------------------------------------------

# Order statistic (R + 1)q, interpolated on the normal scale (Davison and Hinkley 1997, eq. 5.8).
naive_quantile <- function(t, q) {
  t <- sort(t)
  R <- length(t)
  k <- (R + 1) * q
  if (k <= 1 + 1e-9) return(t[[1]])
  if (k >= R - 1e-9) return(t[[R]])
  below <- floor(k + 1e-9)
  if (abs(k - below) < 1e-9) return(t[[below]])
  w <- (qnorm(q) - qnorm(below / (R + 1))) / (qnorm((below + 1) / (R + 1)) - qnorm(below / (R + 1)))
  t[[below]] + w * (t[[below + 1]] - t[[below]])
}

# c(low, high) on the analysis scale from replicates t of an estimate, by the formulas of ?boot_ci.
twin_ends <- function(type, t, estimate, tail, error = NULL, errors = NULL, acceleration = 0) {
  q <- function(x, p) naive_quantile(x[!is.nan(x)], p)
  finite <- t[is.finite(t)]
  same <- abs(t - estimate) < 1e-9
  share <- mean(t[!is.nan(t)] < estimate & !same[!is.nan(t)]) + mean(same[!is.nan(t)]) / 2
  at <- naive_bca_tails(share, acceleration, tail)
  switch(type,
    perc = c(q(t, tail), q(t, 1 - tail)),
    basic = 2 * estimate - c(q(t, 1 - tail), q(t, tail)),
    norm = 2 * estimate - mean(finite) + c(-1, 1) * stats::qnorm(1 - tail) * stats::sd(finite),
    stud = {
      studentised <- ifelse(same, ifelse(errors > 0, 0, NaN), (t - estimate) / errors)
      studentised <- ifelse(is.infinite(t), t, studentised)
      estimate - error * c(q(studentised, 1 - tail), q(studentised, tail))
    },
    bca = c(q(t, at[[1]]), q(t, 1 - at[[2]]))
  )
}

# --- resamples listed one by one ------------------------------------------------------------------

# The bootstrap distribution of f(responses of one group): every resample of every stratum listed,
# n^n of them each. Values with their probabilities, in order.
list_resamples <- function(y, stratum = rep(1, length(y)), f) {
  parts <- lapply(unname(split(y, stratum)), function(v) {
    as.matrix(expand.grid(rep(list(v), length(v))))
  })
  picks <- as.matrix(expand.grid(lapply(parts, function(p) seq_len(nrow(p)))))
  resamples <- do.call(cbind, lapply(seq_along(parts), function(s) {
    parts[[s]][picks[, s], , drop = FALSE]
  }))
  by_value(apply(resamples, 1, f), rep(1 / nrow(resamples), nrow(resamples)))
}

# Equal values (to rounding) as one.
by_value <- function(value, mass) {
  key <- ifelse(is.finite(value), round(value, 9), value)
  total <- tapply(mass, key, sum)
  list(value = as.numeric(names(total)), mass = as.vector(total))
}

# The distribution of the other group's value less the reference's.
difference_of <- function(d0, d1) {
  by_value(as.vector(outer(d1$value, d0$value, "-")), as.vector(outer(d1$mass, d0$mass)))
}

# c(low, high) of an exact distribution d.
listed_ends <- function(type, d, estimate, tail, acceleration = 0) {
  ends <- function(below, above) inverse_from_both_ends(d$value, d$mass, below, above)
  mean <- sum(d$mass * d$value)
  same <- abs(d$value - estimate) < 1e-8
  share <- sum(d$mass[!same & d$value < estimate]) + sum(d$mass[same]) / 2
  at <- naive_bca_tails(share, acceleration, tail)
  switch(type,
    perc = ends(tail, tail),
    basic = 2 * estimate - rev(ends(tail, tail)),
    norm = 2 * estimate - mean +
      c(-1, 1) * stats::qnorm(1 - tail) * sqrt(sum(d$mass * (d$value - mean)^2)),
    bca = ends(at[[1]], at[[2]])
  )
}

# --- a result without what says how it was asked for ----------------------------------------------

without_call <- function(x) x[names(x) != "call"]

ends_of <- function(result) as.matrix(result$intervals[c("conf.low", "conf.high")])

monte_carlo <- function(formula, data, ..., seed = 1, R = 999) {
  boot_ci(formula, data, ..., method = "monte_carlo", R = R, seed = seed, progress = FALSE)
}
