# Naive twins of the statistics, from their definitions, base R only. `rows` has g (a factor, the
# reference first) and y; a patient a row.

# Sum of squares about the mean over n - less: 0/0 of a group of one is NaN, as var() says NA.
naive_variance <- function(y, less = 1) sum((y - mean(y))^2) / (length(y) - less)

# Welch: the two groups' squared standard errors of the mean.
naive_mean_difference <- function(a, b) {
  error <- sqrt(naive_variance(a) / length(a) + naive_variance(b) / length(b))
  c(mean(b) - mean(a), error)
}

naive_mean_ratio <- function(a, b) {
  relative <- function(y) naive_variance(y) / length(y) / mean(y)^2
  c(log(mean(b)) - log(mean(a)), sqrt(relative(a) + relative(b)))
}

# Maritz and Jarrett's variance of a quantile: that of the ordered values under the masses of a
# Beta((n + 1) p, (n + 1)(1 - p)) on ((i - 1)/n, i/n).
naive_quantile_variance <- function(y, prob) {
  n <- length(y)
  mass <- diff(stats::pbeta(seq(0, n) / n, (n + 1) * prob, (n + 1) * (1 - prob)))
  sum(mass * (sort(y) - sum(mass * sort(y)))^2)
}

naive_quantile_difference <- function(a, b, prob) {
  at <- function(y) stats::quantile(y, prob, type = 7, names = FALSE)
  c(at(b) - at(a), sqrt(naive_quantile_variance(a, prob) + naive_quantile_variance(b, prob)))
}

# Hedges (1981): J by Gamma functions; no value with one degree of freedom or none.
naive_hedges <- function(a, b) {
  f <- length(a) + length(b) - 2
  if (f <= 1) return(c(NaN, NaN))
  j <- gamma(f / 2) / (sqrt(f / 2) * gamma((f - 1) / 2))
  pooled <- (sum((a - mean(a))^2) + sum((b - mean(b))^2)) / f
  d <- if (mean(a) == mean(b)) 0 else (mean(b) - mean(a)) / sqrt(pooled)
  j * c(d, sqrt(1 / length(a) + 1 / length(b) + d^2 / (2 * f)))
}

# Austin (2009): p(1 - p) where every response is 0 or 1, else s^2.
naive_balance <- function(a, b) {
  less <- if (all(c(a, b) %in% 0:1)) 0 else 1
  spread <- sqrt((naive_variance(a, less) + naive_variance(b, less)) / 2)
  d <- if (mean(a) == mean(b) && isTRUE(spread == 0)) 0 else (mean(b) - mean(a)) / spread
  c(d, sqrt(1 / length(a) + 1 / length(b) + d^2 / (2 * (length(a) + length(b)))))
}

# Every pair; DeLong's variance of the placements.
naive_win_probability <- function(a, b) {
  wins <- outer(b, a, function(y1, y0) (y1 > y0) + (y1 == y0) / 2)
  error <- naive_variance(rowMeans(wins)) / length(b) + naive_variance(colMeans(wins)) / length(a)
  c(mean(wins), sqrt(error))
}

# One category left out, and an ordinary inverse: what is left is singular only where no category
# occurs in both groups.
naive_standardised_distance <- function(a, b) {
  levels <- sort(unique(c(a, b)))
  p0 <- as.vector(table(factor(a, levels))) / length(a)
  p1 <- as.vector(table(factor(b, levels))) / length(b)
  if (sum(p0 * p1) == 0) return(c(Inf, NA))
  if (length(levels) == 1) return(c(0, NA))
  covariance <- function(p) diag(p, length(p)) - outer(p, p)
  s <- ((covariance(p0) + covariance(p1)) / 2)[-1, -1, drop = FALSE]
  d <- (p1 - p0)[-1]
  c(sqrt(sum(d * solve(s, d))), NA)
}

# Sums of scores (columns) by group less what each stratum leads to expect, and their squared length in their covariance
# under relabelling within strata: an entry at a time, by the definition, with MASS' inverse.
naive_block_form <- function(scores, g, stratum) {
  cells <- expand.grid(group = levels(g)[-1], score = seq_len(ncol(scores)), stringsAsFactors = FALSE)
  parts <- split(seq_along(g), stratum)
  sum_over <- function(f) sum(vapply(parts[lengths(parts) > 1], f, 0))
  indicator <- function(rows, level) 1 * (g[rows] == level)
  off <- function(x) x - mean(x)
  u <- vapply(seq_len(nrow(cells)), function(i) {
    sum_over(function(rows) sum(indicator(rows, cells$group[[i]]) * off(scores[rows, cells$score[[i]]])))
  }, 0)
  v <- outer(seq_along(u), seq_along(u), Vectorize(function(i, j) {
    sum_over(function(rows) {
      of_groups <- stats::cov(indicator(rows, cells$group[[i]]), indicator(rows, cells$group[[j]]))
      of_groups * sum(off(scores[rows, cells$score[[i]]]) * off(scores[rows, cells$score[[j]]]))
    })
  }))
  sum(u * (MASS::ginv(v, 1e-10) %*% u))
}

naive_kruskal_wallis <- function(rows) {
  r <- rank(rows$y)
  if (!is.null(rows$centre)) return(c(naive_block_form(cbind(r), rows$g, rows$centre), NA))
  if (length(unique(rows$y)) == 1) return(c(0, NA))
  n <- tapply(r, rows$g, length)
  c(sum(n * (tapply(r, rows$g, mean) - mean(r))^2) / (sum((r - mean(r))^2) / (length(r) - 1)), NA)
}

naive_chi_squared <- function(rows) {
  if (!is.null(rows$centre)) {
    return(c(naive_block_form(1 * outer(rows$y, unique(rows$y)[-1], "=="), rows$g, rows$centre), NA))
  }
  seen <- table(rows$g, rows$y)
  expected <- outer(rowSums(seen), colSums(seen)) / sum(seen)
  c(sum((seen - expected)^2 / expected), NA)
}

# Value and standard error on the analysis scale: NA where the statistic has none, NaN where these
# rows have none. `parameters` as the core takes them.
naive_statistic <- function(name, rows, parameters = double()) {
  a <- rows$y[rows$g == levels(rows$g)[[1]]]
  b <- rows$y[rows$g == levels(rows$g)[[2]]]
  counts <- list(x0 = sum(a), n0 = length(a), x1 = sum(b), n1 = length(b))
  found <- suppressWarnings(switch(name,
    risk_difference = , risk_ratio = , odds_ratio = c(
      do.call(naive_effect, c(name, counts)), do.call(naive_error, c(name, counts))
    ),
    mean_difference = naive_mean_difference(a, b),
    mean_ratio = naive_mean_ratio(a, b),
    median_difference = naive_quantile_difference(a, b, 0.5),
    quantile_difference = naive_quantile_difference(a, b, parameters),
    standardised_difference = (if (identical(parameters, 1)) naive_balance else naive_hedges)(a, b),
    standardised_distance = naive_standardised_distance(a, b),
    win_probability = naive_win_probability(a, b),
    kruskal_wallis = naive_kruskal_wallis(rows),
    chi_squared = naive_chi_squared(rows),
    if (name %in% adjusted_names) naive_adjusted(name, rows, parameters) else
    if (name %in% survival_names) naive_survival_statistic(name, rows, parameters) else
    stop("No naive twin of ", name, ": write one.")
  ))
  # An infinite value has no standard error.
  if (!is.finite(found[[1]]) && !identical(found[[2]], NA_real_)) found[[2]] <- NaN
  list(value = found[[1]], error = found[[2]])
}

# Two groups of numbers as rows, and the statistic's own answer for them.
number_rows <- function(a, b) {
  data.frame(
    g = factor(rep(c("ref", "oth"), c(length(a), length(b))), c("ref", "oth")), y = c(a, b)
  )
}

evaluate_numbers <- function(name, a, b, parameters = double()) {
  evaluate(cohort_of(number_rows(a, b)), name, parameters = parameters)
}

# Groups of the sizes given, 1 to most, with every multiset of the values.
small_groups <- function(values, most) {
  unlist(lapply(seq_len(most), function(n) {
    all <- as.matrix(expand.grid(rep(list(values), n)))
    sorted <- unique(t(apply(all, 1, sort, simplify = TRUE)))
    if (n == 1) sorted <- matrix(values)
    lapply(seq_len(nrow(sorted)), function(i) as.vector(sorted[i, ]))
  }), recursive = FALSE)
}
