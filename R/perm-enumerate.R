# All arrangements of the labels, one by one: any statistic of few patients.

# NULL where there are too many.
enumerated_test <- function(test, wanted, how, method, call = rlang::caller_env()) {
  count <- call_core(cpp_arrangements(test$job$cohort), call)
  if (count > most_listed(test, how, method)) return(NULL)
  job <- test$job
  job$kind <- "enumeration"
  values <- run_ranges(job, 1, count, within_session(how), call)$values[, 1]
  counts <- count_extreme(test, wanted, values)
  p <- of_both_tails(test, (counts[["extreme"]] - if (wanted$midp) counts[["tied"]] / 2 else 0) / count)
  c(test, list(
    p.value = p, p.interval = c(p, p), how = "exact",
    by = paste("all", format(count, big.mark = ",", scientific = FALSE), "arrangements"),
    null = replicate_null(values, "exact")
  ))
}

# By default about as much work as the replicates that they stand for, or a second.
most_listed <- function(test, how, method) {
  work <- if (is.null(test$job$custom)) 1e8 / length(test$job$cohort$group) else 5000
  if (method == "exact") min(200 * work, 2e7) else max(how$R, min(work, 2e6))
}

within_session <- function(how) {
  how$backend <- "local"
  how
}
