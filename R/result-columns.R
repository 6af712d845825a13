# Columns that every table of estimates has: term, estimate, std.error, statistic, p.value, conf.low, conf.high, method,
# alternative.

# Of analyses that have two-sided tests only.
two_sided <- function(rows) {
  rows$alternative <- rep("two.sided", nrow(rows))
  rows
}

# Of the methods of two proportions those that are an estimate and its standard error; ratios' are of the logarithm.
proportion_errors <- function(rows, counts) {
  x <- counts$x
  n <- counts$n
  variance <- x * (n - x) / n^3
  none <- NA_real_
  error <- c(
    "risk_difference wald" = sqrt(sum(variance)), "risk_ratio katz" = if (all(x > 0)) sqrt(sum(1 / x - 1 / n)) else none,
    "odds_ratio woolf" = if (all(x > 0 & x < n)) sqrt(sum(1 / x + 1 / (n - x))) else none
  )
  unname(error[paste(rows$term, rows$method)])
}
