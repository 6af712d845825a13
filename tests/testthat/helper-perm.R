# Permutation tests by listing every arrangement of the labels with combn(), strata by strata.

# For each arrangement, the events in "oth"; all equally likely within strata.
naive_arrangements <- function(rows) {
  centre <- if (is.null(rows$centre)) rep("one", nrow(rows)) else rows$centre
  sums <- lapply(split(rows, centre), function(part) {
    n1 <- sum(part$g == "oth")
    if (n1 == 0) return(0)
    utils::combn(nrow(part), n1, function(i) sum(part$y[i]))
  })
  Reduce(function(a, b) as.vector(outer(a, b, "+")), sums)
}

# P(|T* - T_E| >= |T - T_E|), P(T* <= T) or P(T* >= T) over the list.
naive_permutation_p <- function(rows, name, alternative) {
  x1 <- naive_arrangements(rows)
  events <- sum(rows$y)
  n1 <- sum(rows$g == "oth")
  n0 <- nrow(rows) - n1
  effect <- function(x1) naive_effect(name, events - x1, n0, x1, n1)
  seen <- effect(sum(rows$y[rows$g == "oth"]))
  if (length(unique(x1)) == 1) return(1)
  t <- effect(x1)
  # The expected count is the mean of the list.
  centre <- effect(mean(x1))
  slack <- 1e-9
  mean(switch(alternative,
    two.sided = is.infinite(t) & is.infinite(seen) | abs(t - centre) >= abs(seen - centre) - slack,
    less = t <= seen + slack,
    greater = t >= seen - slack
  ))
}

# --- any statistic: every way to deal the labels, listed ----------------------------------------

# Every way within strata, a column each: TRUE for the other group.
naive_deals <- function(other, stratum = rep(1, length(other))) {
  ways <- lapply(split(seq_along(other), stratum), function(part) {
    chosen <- utils::combn(length(part), sum(other[part]), simplify = FALSE)
    lapply(chosen, function(i) part[i])
  })
  pick <- as.matrix(expand.grid(lapply(ways, seq_along)))
  vapply(seq_len(nrow(pick)), function(r) {
    seq_along(other) %in% unlist(Map(function(way, i) way[[i]], ways, pick[r, ]))
  }, logical(length(other)))
}

# Every way to order labels of any number of groups (each as often as the others), a column each.
naive_orders <- function(label) {
  if (length(label) == 1) return(matrix(label))
  do.call(cbind, lapply(unique(label), function(first) {
    rbind(first, naive_orders(label[-match(first, label)]), deparse.level = 0)
  }))
}

relabelled <- function(rows, other) {
  rows$g <- factor(ifelse(other, "oth", "ref"), c("ref", "oth"))
  rows
}

# T at every deal: by the statistic's definition (helper-numeric.R) on relabelled rows.
naive_null <- function(rows, name, deals, parameters = double()) {
  apply(deals, 2, function(other) naive_statistic(name, relabelled(rows, other), parameters)$value)
}

# T where the other group's sum (win_probability: of ranks) is s, from the definition in ?perm_test.
naive_at_sum <- function(y, n1, name, s) {
  n0 <- length(y) - n1
  total <- sum(y)
  f <- n0 + n1 - 2
  within <- sum(y^2) - s^2 / n1 - (total - s)^2 / n0
  switch(name,
    mean_difference = s / n1 - (total - s) / n0,
    mean_ratio = log(s / n1) - log((total - s) / n0),
    standardised_difference = gamma(f / 2) / (sqrt(f / 2) * gamma((f - 1) / 2)) *
      (s / n1 - (total - s) / n0) / sqrt(within / f),
    win_probability = (s - n1 * (n1 + 1) / 2) / (n0 * n1)
  )
}

naive_centre <- function(rows, name, deals) {
  score <- if (name == "win_probability") rank(rows$y) else rows$y
  naive_at_sum(rows$y, sum(rows$g == "oth"), name, mean(colSums(deals * score)))
}

# P(|T* - c| >= |T - c|), P(T* >= T) or P(T* <= T), less half of what is tied with T for mid-p. `t`
# are equally likely.
naive_tail <- function(t, seen, centre, alternative, midp = FALSE, tie = 1e-9) {
  distance <- function(v) {
    switch(alternative, two.sided = abs(v - centre), greater = v, less = -v)
  }
  tied <- distance(t) == distance(seen) | abs(distance(t) - distance(seen)) <= tie
  more <- distance(t) > distance(seen) & !tied %in% TRUE
  mean(more | tied %in% TRUE) - if (midp) mean(tied %in% TRUE) / 2 else 0
}

# The whole test by listing.
naive_test <- function(rows, name, alternative, midp = FALSE, deals = NULL) {
  if (is.null(deals)) {
    centre <- if (is.null(rows$centre)) rep(1, nrow(rows)) else rows$centre
    deals <- naive_deals(rows$g == "oth", centre)
  }
  naive_tail(
    naive_null(rows, name, deals), naive_statistic(name, rows)$value,
    naive_centre(rows, name, deals), alternative, midp
  )
}

sum_statistics <- c("mean_difference", "mean_ratio", "standardised_difference", "win_probability")

# Numbers of two groups in centres: y, whether in "oth", and the centre.
numeric_rows <- function(y, other, centre = NULL) {
  rows <- data.frame(y = y, g = factor(ifelse(other, "oth", "ref"), c("ref", "oth")))
  if (!is.null(centre)) rows$centre <- centre
  rows
}

# --- tests of the package, and their data --------------------------------------------------------

p_of <- function(...) perm_test(..., progress = FALSE)$p.value
drawn_test <- function(formula, data, ..., R = 999, seed = 1) {
  perm_test(formula, data, ..., method = "monte_carlo", R = R, seed = seed, progress = FALSE)
}

twelve_numbers <- numeric_rows(
  c(2.1, 3.3, 3.3, 0.4, 5.8, 7.7, 1.2, 9, 4.1, 3.3, 6.5, 2.9), rep(0:1, c(7, 5)),
  rep(c("a", "b", "a", "b"), c(3, 4, 3, 2))
)
twelve_categories <- transform(twelve_numbers, y = c(1, 2, 0, 1, 2, 2, 0, 1, 1, 0, 2, 1))
