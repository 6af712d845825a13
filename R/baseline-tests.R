# p-values of a Table 1: exact where that is quick, else from arrangements that all variables share.

# What is tested: `statistic`, and the response as the core takes it. NULL, with `note`, where there is nothing to compare.
baseline_test <- function(variable, design) {
  response <- values_of(variable)
  known <- which(!is.na(response))
  groups <- sort(unique(design$code[known]))
  if (length(groups) < 2) {
    return(list(note = if (length(known)) "values in one group only" else "no values"))
  }
  rows <- new_rows(
    group = match(design$code[known], groups) - 1L, stratum = design$stratum[known],
    response = as.double(response[known]), row = known
  )
  levels <- if (variable$type != "continuous") sort(unique(rows$response))
  if (variable$type %in% c("binary", "categorical")) rows$response <- match(rows$response, levels) - 1
  kind <- test_kind(variable, length(groups), length(levels), design)
  compared <- list(
    endpoint = kind$endpoint, groups = design$groups[groups + 1], strata = design$strata, clusters = NULL,
    event = variable$name, group_name = design$by, n_dropped = 0, rows = rows
  )
  compared$cells <- count_cells(rows, length(groups), length(design$strata), kind$endpoint)
  list(
    kind = kind, compared = compared, statistic = kind$statistic,
    note = if (length(groups) < length(design$groups)) paste("tested without", toString(design$groups[-(groups + 1)]))
  )
}

test_kind <- function(variable, n_groups, n_levels, design) {
  ranked <- variable$type == "ordered"
  if (variable$type == "continuous" || ranked) {
    if (n_groups > 2) return(kind_of("kruskal_wallis", "the Kruskal-Wallis statistic"))
    if (ranked || variable$summary == "median") return(kind_of("win_probability", "the Wilcoxon-Mann-Whitney statistic"))
    return(kind_of("mean_difference", "the mean difference"))
  }
  if (n_groups > 2 || n_levels != 2) return(kind_of("chi_squared", "Pearson's chi-squared"))
  kind <- kind_of("risk_difference", "the risk difference")
  kind$fisher <- is.null(design$strata)
  kind
}

kind_of <- function(name, title) {
  statistic <- as_statistic(name)
  list(statistic = statistic, title = title, endpoint = statistic$endpoint, fisher = FALSE)
}

# Fisher's test and asymptotic ones need neither a centre nor a cohort in order.
observe_baseline <- function(test, method) {
  if (is.null(test$kind) || test$kind$fisher || method == "asymptotic") return(test)
  of <- test$compared
  if (of$endpoint == "binary") of$rows <- NULL
  test$observed <- observe_test(of, test$statistic, baseline_wanted(test))
  test
}

baseline_wanted <- function(test) {
  list(alternative = perm_alternative(test$statistic, "two.sided"), midp = FALSE, follow_up = "equal")
}

# p without replicates, or NULL. Fisher's test has no other way.
exact_baseline <- function(test, method, how, call = rlang::caller_env()) {
  if (test$kind$fisher) {
    return(p_of(fisher_p(test, group_counts(test$compared$cells, test$compared$groups)$x[[2]]), "Fisher's exact test"))
  }
  if (method == "asymptotic") return(asymptotic_baseline(test))
  if (is_degenerate(test$observed)) return(p_of(1, "none (every arrangement gives the same value)", fixed = TRUE))
  if (method == "monte_carlo") return(NULL)
  found <- exact_null_test(test$observed, baseline_wanted(test), how, method, call)
  if (is.null(found)) {
    if (method == "exact") {
      abort_input(c("There is no exact permutation test of {.field {test$compared$event}} here.",
        i = "{.code method = \"auto\"} takes Monte Carlo where it must."
      ), arg = "method", call = call)
    }
    return(NULL)
  }
  p_of(found$p.value, paste("exact permutation test of", test$kind$title), test$observed$observed, null = found$null)
}

# `fixed`: it is 1 whatever the others are. `null`: the exact distribution, where it is known.
p_of <- function(p, method, statistic = NA_real_, interval = c(p, p), fixed = FALSE, null = NULL) {
  list(
    p.value = p, p.low = interval[[1]], p.high = interval[[2]], statistic = statistic, method = method, fixed = fixed,
    null = null
  )
}

# Fisher's p of tables with these margins.
fisher_p <- function(test, x1) {
  counts <- group_counts(test$compared$cells, test$compared$groups)
  proportion_test_p_values(sum(counts$x) - x1, counts$n[[1]], x1, counts$n[[2]], "fisher")[, 1]
}

# T in the arrangements that all variables share: see inst/include/her2mod/resample/shared_permutation.hpp.
shared_replicates <- function(test, design, seed, how, call = rlang::caller_env()) {
  rows <- test$compared$rows
  cohort <- rows_cohort(test$compared, by = NULL)
  job <- new_job("shared_permutation", cohort, test$statistic, test$compared, seed)
  job$patient <- as.integer(rows$row - 1L)
  job$strata <- stratum_of(list(stratum = design$stratum, group = design$code))
  run_ranges(job, 1, how$R, how, call)$values[, 1]
}

# How many arrangements all variables share, where they are no more than the replicates would be: then they are all
# listed. NA where they are more, or variables are known of different patients and share orders, not labels.
shared_arrangements <- function(tests, method, how, call = rlang::caller_env()) {
  same <- vapply(tests, function(test) identical(test$compared$rows$row, tests[[1]]$compared$rows$row), NA)
  if (method == "monte_carlo" || !all(same)) return(NA_real_)
  count <- call_core(cpp_arrangements(rows_cohort(tests[[1]]$compared, by = NULL)), call)
  if (count <= how$R) count else NA_real_
}

listed_evidence <- function(test, count, how, call = rlang::caller_env()) {
  job <- new_job("enumeration", rows_cohort(test$compared, by = NULL), test$statistic, test$compared, NA_real_)
  values <- run_ranges(job, 1, count, within_session(how), call)$values[, 1]
  ranked_p(baseline_evidence(test, values), listed = TRUE)
}

# p-values of the data and of drawn arrangements: exact where the null distribution is known, so that replicates decide
# nothing but how the variables go together.
drawn_evidence <- function(test, null, replicates) {
  evidence <- baseline_evidence(test, replicates)
  if (test$kind$fisher) return(list(observed = -evidence$observed, replicates = -evidence$replicates, exact = TRUE))
  if (is.null(null)) return(ranked_p(evidence))
  null_p_values(null, c(evidence, test$observed[c("centre", "rounding")], baseline_wanted(test)["alternative"]),
    distance_of(test)
  )
}

# Evidence for Westfall and Young, large is extreme: the distance from the centre, or for Fisher's test its p, negative.
baseline_evidence <- function(test, replicates) {
  if (test$kind$fisher) return(fisher_evidence(test, replicates))
  distance <- distance_of(test)
  list(observed = distance(test$observed$observed), replicates = distance(replicates))
}

distance_of <- function(test) {
  two_sided <- baseline_wanted(test)$alternative == "two.sided"
  function(value) {
    away <- value - if (two_sided) test$observed$centre else 0
    away[abs(away) <= test$observed$rounding] <- 0
    if (two_sided) abs(away) else away
  }
}

# The other group's events follow from a risk difference, and there are few of them.
fisher_evidence <- function(test, replicates) {
  counts <- group_counts(test$compared$cells, test$compared$groups)
  n <- counts$n
  x1 <- round(n[[2]] * (replicates * n[[1]] + sum(counts$x)) / sum(n))
  tables <- unique(x1)
  list(observed = -fisher_p(test, counts$x[[2]]), replicates = -fisher_p(test, tables)[match(x1, tables)])
}

monte_carlo_baseline <- function(test, replicates) {
  counts <- count_extreme(test$observed, baseline_wanted(test), replicates)
  p <- cpp_monte_carlo_p(counts[["extreme"]], length(replicates), 0.95)
  p_of(p[["p.value"]], paste("Monte Carlo permutation test of", test$kind$title), test$observed$observed,
    unname(p[c("conf.low", "conf.high")])
  )
}

# The permutation distribution's chi-squared limit: U' V^- U of the groups' sums of scores and their covariance, given
# the values, within strata (Strasser and Weber 1999).
asymptotic_baseline <- function(test) {
  rows <- test$compared$rows
  scores <- switch(test$statistic$name,
    mean_difference = , risk_difference = cbind(rows$response),
    win_probability = , kruskal_wallis = cbind(rank(rows$response)),
    chi_squared = 1 * outer(rows$response, sort(unique(rows$response))[-1], "==")
  )
  answer <- permutation_chi_squared(scores, rows$group, length(test$compared$groups), rows$stratum)
  p_of(answer$p.value, paste("asymptotic permutation test of", test$kind$title), answer$statistic, fixed = answer$df == 0)
}

permutation_chi_squared <- function(scores, group, n_groups, stratum = NULL) {
  blocks <- if (is.null(stratum)) list(seq_along(group)) else split(seq_along(group), stratum)
  others <- seq_len(n_groups - 1)
  u <- 0
  v <- 0
  for (rows in blocks[lengths(blocks) > 1]) {
    n <- tabulate(group[rows] + 1L, n_groups)[-1]
    centred <- sweep(scores[rows, , drop = FALSE], 2, colMeans(scores[rows, , drop = FALSE]))
    sums <- vapply(others, function(g) colSums(centred[group[rows] == g, , drop = FALSE]), double(ncol(scores)))
    u <- u + as.vector(sums)
    v <- v + kronecker(diag(n, length(n)) - tcrossprod(n) / length(rows), crossprod(centred) / (length(rows) - 1))
  }
  if (identical(v, 0) || !any(diag(v) > 0)) return(list(statistic = 0, df = 0, p.value = 1))
  parts <- eigen(v, symmetric = TRUE)
  kept <- parts$values > 1e-9 * parts$values[[1]]
  along <- crossprod(parts$vectors[, kept, drop = FALSE], u)
  statistic <- sum(along^2 / parts$values[kept])
  list(statistic = statistic, df = sum(kept), p.value = stats::pchisq(statistic, sum(kept), lower.tail = FALSE))
}
