# Paired classes: tests of a square table of counts, before in the rows, after in the columns, levels in order.
# Functions of numbers only.

# --- two classes -------------------------------------------------------------------------------------------

# Of the discordant pairs, `gained` go up and `lost` go down. Without any there is nothing against equality: p = 1.
mcnemar_tests <- function(gained, lost) {
  n <- gained + lost
  if (n == 0) return(data.frame(method = mcnemar_methods, statistic = c(0, 0, NA, NA), p.value = 1))
  chi_squared <- (gained - lost)^2 / n
  corrected <- max(0, abs(gained - lost) - 1)^2 / n
  least <- min(gained, lost)
  one_sided <- stats::pbinom(least, n, 0.5)
  data.frame(
    method = mcnemar_methods, statistic = c(chi_squared, corrected, NA, NA),
    p.value = c(
      stats::pchisq(c(chi_squared, corrected), 1, lower.tail = FALSE), min(1, 2 * one_sided),
      # Twice the one-sided mid-p; 1 where as many went up as down.
      min(1, 2 * one_sided - stats::dbinom(least, n, 0.5))
    )
  )
}

mcnemar_methods <- c("mcnemar", "mcnemar-cc", "mcnemar-exact", "mcnemar-midp")

# Tango's score z of the paired difference (gained - lost)/n at delta.
tango_z <- function(gained, lost, n, delta) {
  b <- -gained - lost + (2 * n - gained + lost) * delta
  c <- -lost * delta * (1 - delta)
  # The estimate of the probability of a loss under delta.
  q <- (sqrt(max(0, b^2 - 8 * n * c)) - b) / (4 * n)
  q <- max(q, 0, -delta)
  score <- gained - lost - n * delta
  if (abs(score) <= 1e-12 * n) return(0)
  score / sqrt(n * (2 * q + delta * (1 - delta)))
}

tango_interval <- function(gained, lost, n, conf.level) {
  z <- stats::qnorm((1 + conf.level) / 2)
  estimate <- (gained - lost) / n
  at <- function(delta) tango_z(gained, lost, n, delta)
  c(root_between(at, z, -1, estimate), root_between(at, -z, estimate, 1))
}

# --- several classes ------------------------------------------------------------------------------------------

# Pairs of classes between which there were changes: up from i to j, down from j to i.
discordant_classes <- function(table) {
  at <- which(upper.tri(table), arr.ind = TRUE)
  edges <- data.frame(i = at[, 1], j = at[, 2], up = table[at], down = table[at[, 2:1, drop = FALSE]])
  edges[edges$up + edges$down > 0, ]
}

# Symmetry. A pair of classes without changes says nothing and has no degree of freedom.
bowker_test <- function(table) {
  edges <- discordant_classes(table)
  statistic <- bowker_statistic(edges$up, edges$up + edges$down)
  df <- nrow(edges)
  list(statistic = statistic, df = df, p.value = if (df == 0) 1 else stats::pchisq(statistic, df, lower.tail = FALSE))
}

bowker_statistic <- function(up, changed) sum((2 * up - changed)^2 / changed)

# Equal margins: d' V^- d, with d the differences of the margins. V has the rank of the classes less the parts that no
# change connects; within a part any one class is redundant.
stuart_maxwell_test <- function(table) {
  form <- stuart_maxwell_form(table)
  statistic <- quadratic_value(rowSums(table) - colSums(table), form)
  df <- length(form$kept)
  list(statistic = statistic, df = df, p.value = if (df == 0) 1 else stats::pchisq(statistic, df, lower.tail = FALSE))
}

# Which classes the quadratic form takes, and its matrix.
stuart_maxwell_form <- function(table) {
  covariance <- diag(rowSums(table) + colSums(table), nrow(table)) - table - t(table)
  part <- connected_parts(discordant_classes(table), nrow(table))
  kept <- which(duplicated(part))
  list(kept = kept, inverse = if (length(kept)) solve(covariance[kept, kept, drop = FALSE]))
}

# A number for each class, the same where changes connect them.
connected_parts <- function(edges, n) {
  part <- seq_len(n)
  for (e in seq_len(nrow(edges))) {
    ends <- part[c(edges$i[[e]], edges$j[[e]])]
    part[part == max(ends)] <- min(ends)
  }
  part
}

quadratic_value <- function(d, form) {
  if (length(form$kept) == 0) return(0)
  own <- d[form$kept]
  sum(own * (form$inverse %*% own))
}

# Ordered classes with scores: the mean change, and the z of all pairs' signs being flips of a coin.
score_change <- function(table, scores) {
  step <- outer(scores, scores, function(before, after) after - before)
  total <- sum(table * step)
  squares <- sum(table * step^2)
  z <- if (squares == 0) 0 else total / sqrt(squares)
  list(estimate = total / sum(table), statistic = z, p.value = if (squares == 0) 1 else 2 * stats::pnorm(-abs(z)))
}
