# Which values of T* are at least as extreme as T, which are tied with it, and how many.

# `test`: observed, centre and rounding.
as_extreme <- function(value, test, alternative) {
  slack <- tie_slack(test)
  switch(alternative,
    two.sided = abs(value - test$centre) >= abs(test$observed - test$centre) - slack,
    greater = value >= test$observed - slack,
    less = value <= test$observed + slack
  )
}

as_tied <- function(value, test, alternative) {
  distance <- if (alternative == "two.sided") {
    abs(value - test$centre) - abs(test$observed - test$centre)
  } else {
    value - test$observed
  }
  abs(distance) <= tie_slack(test) | (is.infinite(value) & value == test$observed)
}

tie_slack <- function(test) {
  scale <- abs(test$observed - if (is.na(test$centre)) 0 else test$centre)
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
