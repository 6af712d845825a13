# Exact p-values: of tables of counts, of sums, or else of all arrangements (perm-enumerate.R).

exact_test <- function(test, wanted, how, method, call = rlang::caller_env()) {
  found <- exact_null_test(test, wanted, how, method, call)
  if (!is.null(found)) return(found)
  why_not <- no_exact_null(test)
  if (is.null(why_not)) why_not <- "the exact null distribution would take more than about 2 seconds or 300 MB"
  why_not <- paste0(why_not, ", and there are too many arrangements to list")
  if (method == "exact") {
    abort_input(c("There is no exact permutation distribution here.", x = "{why_not}."),
      arg = "method", call = call
    )
  }
  test$note <- why_not
  monte_carlo_test(test, wanted, how, call)
}

# NULL where it takes too long.
exact_null_test <- function(test, wanted, how, method, call) {
  if (is.null(no_exact_null(test))) {
    found <- if (is_binary(test)) exact_counts(test, wanted) else exact_sums(test, wanted, method, call)
    if (!is.null(found)) return(found)
  }
  enumerated_test(test, wanted, how, method, call)
}

is_binary <- function(test) test$statistic$endpoint == "binary" && is.null(test$compared$rows)

# Why there is none, or NULL.
no_exact_null <- function(test) {
  if (is.null(test$linear)) return(paste("the", test$statistic$title, "is not a function of one group's sum"))
  if (!keeps_sizes(test$job$cohort)) "clusters of different sizes are permuted as wholes"
}

# Counts: the convolution of the strata's hypergeometric distributions.
exact_counts <- function(test, wanted) {
  table <- count_null(test$compared$cells, test$statistic)
  extreme <- as_extreme(table$value, test, wanted$alternative)
  p <- sum(table$probability[extreme])
  if (wanted$midp) {
    tied <- extreme & as_tied(table$value, test, wanted$alternative)
    p <- p - sum(table$probability[tied]) / 2
  }
  p <- min(1, p)
  c(test, list(
    p.value = p, p.interval = c(p, p), how = "exact", by = "all tables with these margins",
    null = list_null(table$value, table$probability, table$x1)
  ))
}

# The distribution of the other group's events, and the statistic at each.
count_null <- function(cells, statistic) {
  by <- split(cells, cells$stratum)
  size <- function(group) vapply(by, function(s) sum(s$n[s$group == group]), 0)
  n0 <- size(0)
  n1 <- size(1)
  events <- vapply(by, function(s) sum(s$x), 0)
  table <- call_core(cpp_permutation_null(n0, n1, events))
  table$value <- vapply(table$x1, function(x1) {
    evaluate_counts(statistic, sum(events) - x1, sum(n0), x1, sum(n1))
  }, 0)
  table
}

# A statistic at a table of counts: one row a cell, weighted.
evaluate_counts <- function(statistic, x0, n0, x1, n1) {
  cells <- list(
    group = c(0L, 0L, 1L, 1L), stratum = rep(0L, 4), frequency = rep(1, 4),
    response = c(1, 0, 1, 0), n_groups = 2L, n_strata = 1L
  )
  job <- list(cohort = cells, statistic = statistic$name, parameters = double())
  call_core(cpp_evaluate(job, c(x0, n0 - x0, x1, n1 - x1), cells$group))$values[[1]]
}

# Sums of responses or ranks. NULL where it takes too long.
exact_sums <- function(test, wanted, method, call) {
  if (method == "auto" && length(test$job$cohort$group) > most_planned) return(NULL)
  found <- call_core(cpp_linear_test(test$job, wanted$alternative, wanted$midp, method == "exact"), call)
  if (is.null(found)) return(NULL)
  c(test, list(
    p.value = found$p[[2]], p.interval = found$p, how = "exact", by = found$by, null = sum_null(found)
  ))
}

# Patients from which on it would take longer than replicates, if only to find out.
most_planned <- 50000
