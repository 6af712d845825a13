# Monte Carlo p-values.

monte_carlo_test <- function(test, wanted, how, call = rlang::caller_env()) {
  test$job$seed <- resolve_seed(how$seed)
  if (wanted$stop != "none") return(sequential_test(test, wanted, how, call))
  drawn <- run_ranges(test$job, 1, how$R, how, call)
  summarise_test(test, wanted, drawn$values[, 1], drawn$failures)
}

# Clopper and Pearson's interval of a share, with ties counted by half, for which it is an approximation.
midp_interval <- function(count, R, level = 0.95) {
  tail <- (1 - level) / 2
  low <- if (count <= 0) 0 else stats::qbeta(tail, count, R - count + 1)
  c(low, if (count >= R) 1 else stats::qbeta(1 - tail, count + 1, R - count))
}

summarise_test <- function(test, wanted, replicates, failures) {
  R <- length(replicates)
  counts <- count_extreme(test, wanted, replicates)
  p <- cpp_monte_carlo_p(counts[["extreme"]], R, 0.95)
  test[c("p.value", "p.interval")] <- list(p[["p.value"]], unname(p[c("conf.low", "conf.high")]))
  if (wanted$midp) {
    more <- counts[["extreme"]] - counts[["tied"]]
    test$p.value <- cpp_monte_carlo_midp(more, counts[["tied"]], R)
    test$p.interval <- midp_interval(more + counts[["tied"]] / 2, R)
  }
  test[c("p.value", "p.interval")] <- lapply(test[c("p.value", "p.interval")], of_both_tails, test = test)
  test$how <- "monte_carlo"
  test$exceeding <- counts[["extreme"]]
  test$R <- R
  test$replicates <- replicates
  test$failures <- failures / R
  test$null <- replicate_null(replicates)
  test
}
