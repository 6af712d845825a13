#' Permutation test of a group difference
#'
#' Tests that a binary endpoint is exchangeable between two groups (within strata). Given the group
#' sizes and the number of events of each stratum, the other group's events have a known
#' distribution, the convolution of the strata's hypergeometrics, and by default the p-value is
#' exact.
#'
#' @section p-values:
#' T is the statistic (ratios as logarithms), T* its value in a random arrangement, and
#' \eqn{T_E} its value at the table of expected counts
#' \eqn{E(x_1) = \sum_s n_{1s} m_s / n_s} (0 without strata).
#'
#' * `"two.sided"`: \eqn{P(|T^* - T_E| \ge |T - T_E|)}
#' * `"greater"`: \eqn{P(T^* \ge T)}; `"less"`: \eqn{P(T^* \le T)}
#'
#' Values within a relative 1e-7 count as tied. With one arrangement only (no events, or only
#' events) p = 1. For the risk difference without strata the one-sided p-values are Fisher's; the
#' two-sided one orders tables by \eqn{|T|}, not by their probability as Fisher's test does.
#'
#' A Monte Carlo p-value is \eqn{(b + 1)/(R + 1)} with b the arrangements at least as extreme
#' (\doi{10.2202/1544-6115.1585}), never 0; `p.interval` is the exact 95% (Clopper-Pearson) interval
#' for the p-value that an unlimited R would give.
#'
#' @inheritParams boot_ci
#' @param strata A factor to permute within (or write it after `|`).
#' @param alternative `"two.sided"`, `"less"` or `"greater"`, for other minus (over) reference.
#' @param method `"auto"` and `"exact"` give the exact p-value, `"monte_carlo"` permutes R times.
#' @return An object of classes `her2_perm` and `htest`; `p.value` is a plain number. `null` holds
#'   the exact null distribution: x1 (events in the other group), probability, value of the
#'   statistic; `observed` and `centre` are T and \eqn{T_E}, on the analysis scale.
#' @seealso [boot_ci()], [compare_proportions()] for Fisher's, Barnard's and Boschloo's tests.
#' @examples
#' pcr <- data.frame(therapy = c("single", "dual"), event = c(6, 13), n = c(49, 68))
#' perm_test(cbind(event, n - event) ~ therapy, pcr, ref = "single")
#' perm_test(cbind(event, n - event) ~ therapy, pcr,
#'   ref = "single",
#'   method = "monte_carlo", R = 999, seed = 1
#' )
#' @export
perm_test <- function(formula, data = NULL, statistic = "risk_difference",
                      method = c("auto", "exact", "monte_carlo"), R = 9999, seed = NULL,
                      subset = NULL, na.action = stats::na.omit, strata = NULL, weights = NULL,
                      ref = NULL, alternative = c("two.sided", "less", "greater"),
                      threads = NULL, progress = NULL) {
  statistic <- as_statistic(statistic)
  method <- check_option(method, c("auto", "exact", "monte_carlo"), "method")
  alternative <- check_option(alternative, alternatives, "alternative")
  how <- resampling_options(R, seed, threads, progress)
  quoted <- list(subset = substitute(subset), strata = substitute(strata), weights = substitute(weights))
  compared <- comparison_data(formula, data, quoted, na.action, ref)
  cohort <- core_cohort(compared$cells)
  observed <- call_core(cpp_evaluate(cohort, statistic$name, cohort$frequency, cohort$group))$values[[1]]
  null <- exact_null(compared$cells, statistic)

  p <- if (nrow(null$table) == 1) {
    list(p.value = 1, p.interval = c(1, 1))
  } else if (method == "monte_carlo") {
    permuted_p(compared$cells, statistic, observed, null$centre, alternative, how)
  } else {
    extreme <- as_extreme(null$table$value, observed, null$centre, alternative)
    exact <- min(1, sum(null$table$probability[extreme]))
    list(p.value = exact, p.interval = c(exact, exact))
  }
  new_perm(compared, statistic, observed, null, p, alternative, match.call())
}

# The distribution of the other group's events, and the statistic at each and at their mean.
exact_null <- function(cells, statistic) {
  by <- split(cells, cells$stratum)
  size <- function(group) vapply(by, function(s) sum(s$n[s$group == group]), 0)
  n0 <- size(0)
  n1 <- size(1)
  events <- vapply(by, function(s) sum(s$x), 0)
  table <- call_core(cpp_permutation_null(n0, n1, events))
  at <- function(x1) {
    evaluate_counts(statistic, sum(events) - x1, sum(n0), x1, sum(n1))
  }
  table$value <- vapply(table$x1, at, 0)
  list(table = table, centre = at(sum(n1 * events / (n0 + n1))))
}

# A statistic at a table of counts, which may be fractions: one row a cell, weighted.
evaluate_counts <- function(statistic, x0, n0, x1, n1) {
  cells <- list(
    group = c(0L, 0L, 1L, 1L), stratum = rep(0L, 4), frequency = rep(1, 4),
    response = c(1, 0, 1, 0), n_groups = 2L, n_strata = 1L
  )
  call_core(cpp_evaluate(cells, statistic$name, c(x0, n0 - x0, x1, n1 - x1), cells$group))$values[[1]]
}

as_extreme <- function(value, observed, centre, alternative) {
  slack <- 1e-7 * abs(observed - centre)
  if (is.infinite(slack)) slack <- 0
  switch(alternative,
    two.sided = abs(value - centre) >= abs(observed - centre) - slack,
    greater = value >= observed - slack,
    less = value <= observed + slack
  )
}

permuted_p <- function(cells, statistic, observed, centre, alternative, how) {
  rows <- core_cohort(cells, expand = TRUE)
  R <- how$R
  seed <- resolve_seed(how$seed)
  drawn <- run_ranges(function(first, count) {
    call_core(cpp_permutation(rows, statistic$name, seed, first, count, how$threads))
  }, R, how$progress)
  extreme <- as_extreme(drawn$values[, 1], observed, centre, alternative)
  # A value that does not exist speaks against nothing: count it as extreme.
  exceeding <- sum(extreme | is.na(extreme))
  p <- cpp_monte_carlo_p(exceeding, R, 0.95)
  list(
    p.value = p[["p.value"]], p.interval = unname(p[c("conf.low", "conf.high")]),
    exceeding = exceeding, R = R, seed = seed, replicates = drawn$values[, 1],
    failures = drawn$failures[c("undefined", "infinite")] / R
  )
}

new_perm <- function(compared, statistic, observed, null, p, alternative, call) {
  exact <- is.null(p$R)
  effect <- to_display(statistic, observed)
  structure(
    list(
      statistic = stats::setNames(effect, statistic$title),
      p.value = p$p.value,
      estimate = stats::setNames(effect, paste0(statistic$title, ", ", format_direction(compared$groups, statistic$scale))),
      null.value = stats::setNames(null_effect(statistic), statistic$title),
      alternative = alternative,
      method = if (exact) "Exact permutation test" else "Monte Carlo permutation test",
      data.name = paste(compared$event, "by", compared$group_name),
      p.interval = p$p.interval, exceeding = p$exceeding, R = if (exact) NA_real_ else p$R,
      seed = if (exact) NA_real_ else p$seed, replicates = p$replicates, null = null$table,
      observed = observed, centre = null$centre, failures = p$failures,
      spec = statistic, cells = compared$cells, groups = compared$groups, strata = compared$strata,
      event = compared$event, n_dropped = compared$n_dropped, call = call
    ),
    class = c("her2_perm", "htest")
  )
}
