# Which values of T* are at least as extreme as T, which are tied with it, and how many.

# `test`: observed, centre and rounding; `tail`, where the two-sided p is twice that of a tail.
as_extreme <- function(value, test, alternative) {
  slack <- tie_slack(test)
  switch(side_of(test, alternative),
    two.sided = distance_from(value, test$centre) >= distance_from(test$observed, test$centre) - slack,
    greater = value >= test$observed - slack,
    less = value <= test$observed + slack
  )
}

# Infinite values are equal to themselves, and none is nearer to the centre than another.
distance_from <- function(value, centre) ifelse(value == centre, 0, abs(value - centre))

side_of <- function(test, alternative) if (is.null(test$tail)) alternative else test$tail

# A p-value of a tail, or its interval, as that of the test.
of_both_tails <- function(test, p) if (is.null(test$tail)) p else pmin(1, 2 * p)

as_tied <- function(value, test, alternative) {
  observed <- test$observed
  if (side_of(test, alternative) == "two.sided") {
    value <- distance_from(value, test$centre)
    observed <- distance_from(observed, test$centre)
  }
  value == observed | abs(value - observed) <= tie_slack(test)
}

tie_slack <- function(test) {
  scale <- distance_from(test$observed, if (is.na(test$centre)) 0 else test$centre)
  if (is.infinite(scale)) 0 else 1e-7 * scale + test$rounding
}

# A value that does not exist speaks against nothing: it counts as extreme.
is_exceeding <- function(test, wanted, replicates) {
  extreme <- as_extreme(replicates, test, wanted$alternative)
  extreme | is.na(extreme)
}

count_extreme <- function(test, wanted, replicates) {
  extreme <- is_exceeding(test, wanted, replicates)
  tied <- as_tied(replicates, test, wanted$alternative)
  c(extreme = sum(extreme), tied = sum(extreme & tied, na.rm = TRUE))
}
