# Monte Carlo tests that stop when enough is known.

# A thousand at a time, until the rule says stop; the replicates after that do not count.
sequential_test <- function(test, wanted, how, call) {
  values <- double()
  repeat {
    first <- length(values) + 1
    last <- min(how$R, length(values) + 1000)
    values <- c(values, run_ranges(test$job, first, last, how, call)$values[, 1])
    exceeding <- is_exceeding(test, wanted, values)
    rule <- call_core(cpp_sequential(wanted$stop, exceeding, wanted$alpha, besag_clifford_h), call)
    if (rule$stopped || last == how$R) break
  }
  used <- values[seq_len(rule$used)]
  test <- summarise_test(test, wanted, used, count_failures(used))
  test$stop <- list(rule = wanted$stop, alpha = wanted$alpha, stopped = rule$stopped, verdict = rule$verdict)
  if (rule$stopped) test[c("p.value", "p.interval")] <- stopped_p(test, wanted, rule)
  test
}

besag_clifford_h <- 20L

# Exact limits for p when the number of extreme arrangements was fixed, not that of all. Gandy's rule
# says on which side of alpha p is; its estimate is kept from being 0.
stopped_p <- function(test, wanted, rule) {
  used <- rule$used
  if (wanted$stop == "besag_clifford") {
    h <- besag_clifford_h
    low <- stats::qbeta(0.025, h, used - h + 1)
    high <- if (used > h) stats::qbeta(0.975, h, used - h) else 1
    return(list(rule$p, c(low, high)))
  }
  side <- if (rule$verdict == "below") c(0, wanted$alpha) else c(wanted$alpha, 1)
  list(max(rule$p, 1 / (used + 1)), side)
}
