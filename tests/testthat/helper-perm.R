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
