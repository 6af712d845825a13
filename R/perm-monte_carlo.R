# Monte Carlo p-values.

monte_carlo_test <- function(test, wanted, how, call = rlang::caller_env()) {
  test$job$seed <- resolve_seed(how$seed)
  if (wanted$stop != "none") return(sequential_test(test, wanted, how, call))
  drawn <- run_ranges(test$job, 1, how$R, how, call)
  summarise_test(test, wanted, drawn$values[, 1], drawn$failures)
}

summarise_test <- function(test, wanted, replicates, failures) {
  R <- length(replicates)
  counts <- count_extreme(test, wanted, replicates)
  p <- cpp_monte_carlo_p(counts[["extreme"]], R, 0.95)
  test[c("p.value", "p.interval")] <- list(p[["p.value"]], unname(p[c("conf.low", "conf.high")]))
  if (wanted$midp) test$p.value <- cpp_monte_carlo_midp(counts[["extreme"]] - counts[["tied"]], counts[["tied"]], R)
  test$how <- "monte_carlo"
  test$exceeding <- counts[["extreme"]]
  test$R <- R
  test$replicates <- replicates
  test$failures <- failures / R
  test$null <- replicate_null(replicates)
  test
}
