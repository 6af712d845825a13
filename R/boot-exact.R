# Bootstrap distributions that are known without replicates: of risks, of quantiles, and, when asked
# for, of means.

exact_kinds <- c(
  risk_difference = "risk", risk_ratio = "risk", odds_ratio = "risk", median_difference = "quantile",
  quantile_difference = "quantile", mean_difference = "mean", mean_ratio = "mean"
)

# How the exact distribution is found, or NA where there is none.
exact_kind <- function(compared, statistic, scheme) {
  if (scheme != "ordinary" || !is.null(compared$clusters)) return(NA_character_)
  unname(exact_kinds[statistic$name])
}

# By default where it costs about as little as replicates would.
use_exact <- function(method, compared, statistic, wanted, precision, call = rlang::caller_env()) {
  if (method == "monte_carlo") return(FALSE)
  kind <- exact_kind(compared, statistic, wanted$scheme)
  if (method == "exact") {
    if (is.na(kind)) abort_no_exact(statistic, compared, wanted$scheme, call)
    return(TRUE)
  }
  if (!is.null(precision)) return(FALSE)
  if (identical(kind, "risk")) return(TRUE)
  identical(kind, "quantile") && !"stud" %in% wanted$type &&
    nrow(compared$rows) <= most_exact_rows(length(compared$strata))
}

# Of quantiles: about a second's work.
most_exact_rows <- function(n_strata) if (n_strata <= 2) 20000 else if (n_strata <= 4) 2000 else 0

abort_no_exact <- function(statistic, compared, scheme, call) {
  abort_input(c(
    "There is no exact bootstrap of the {statistic$title} here.",
    x = if (!is.null(compared$clusters)) {
      "Clusters are resampled."
    } else if (scheme != "ordinary") {
      "The scheme is {.val {scheme}}."
    } else {
      "There is one for risks, quantiles, medians and means."
    },
    i = "{.code method = \"monte_carlo\"} draws replicates."
  ), arg = "method", call = call)
}

boot_exact <- function(compared, statistic, wanted, call = rlang::caller_env()) {
  kind <- exact_kind(compared, statistic, wanted$scheme)
  run <- boot_basis(compared, statistic, wanted, call = call)
  exact <- switch(kind,
    risk = exact_risks(compared$cells, statistic, run$estimate, call),
    quantile = exact_groups(
      call_core(cpp_quantile_bootstrap(run$job$cohort, exact_prob(statistic)), call), run$estimate, call
    ),
    mean = exact_groups(mean_distributions(run$job$cohort, statistic, call), run$estimate, call)
  )
  moments <- exact$ask(double(), double(), double())
  run$job <- NULL
  c(run, exact, list(
    method = "exact", R = NA_real_, seed = NA_real_, replicates = NULL,
    failures = c(empty_group = 0, undefined = or_zero(moments$undefined), infinite = or_zero(moments$infinite)),
    mean = moments$mean, std.error = moments$standard_error, mid_share = moments$mid_share
  ))
}

# A ratio of means has them only where no mean can be 0.
mean_distributions <- function(cohort, statistic, call) {
  tryCatch(call_core(cpp_mean_bootstrap(cohort, statistic$scale == "log"), call),
    her2mod_error_numeric = function(e) {
      abort_her2(c(
        "There is no exact bootstrap of the {statistic$title} here.",
        x = "{conditionMessage(e)}", i = "{.code method = \"monte_carlo\"} draws replicates."
      ), "numeric", call = call)
    }
  )
}

or_zero <- function(x) if (is.null(x)) 0 else x

exact_prob <- function(statistic) {
  if (statistic$name == "median_difference") 0.5 else statistic$parameters$prob
}

# `ask(below, above, at)`: quantiles from both ends, and P(T* <= at), P(T* >= at), where values
# within `tie_width(at)` of `at` count as `at`; `studentized` the same for (T* - T)/SE*.
exact_risks <- function(cells, statistic, estimate, call) {
  samples <- list(
    x0 = cells$x[cells$group == 0], n0 = cells$n[cells$group == 0],
    x1 = cells$x[cells$group == 1], n1 = cells$n[cells$group == 1]
  )
  list(
    tie_width = function(at) 1e-14 + 1e-13 * abs(at),
    ask = function(below, above, at) {
      call_core(rlang::inject(cpp_ideal_bootstrap(
        statistic = statistic$name, !!!samples, estimate = estimate, below = below, above = above, at = at
      )), call)
    },
    studentized = function(tail, at) {
      call_core(rlang::inject(cpp_ideal_studentized(
        statistic = statistic$name, !!!samples, estimate = estimate, tail = tail, at = at
      )), call)
    }
  )
}

exact_groups <- function(groups, estimate, call) {
  rounding <- sum(vapply(groups, function(g) or_zero(g$rounding), 0))
  resolution <- max(vapply(groups, function(g) max(g$resolution, 1e-14 * abs(range(g$value))), 0))
  list(
    tie_width = function(at) resolution + 1e-13 * abs(at),
    ask = function(below, above, at) {
      call_core(cpp_discrete_difference(groups[[1]], groups[[2]], estimate, below, above, at), call)
    },
    studentized = function(tail, at) {
      abort_her2("There is no exact bootstrap-t of this statistic.", "numeric", call = call)
    },
    rounding = rounding,
    remarks = if (rounding > 0) {
      paste0(
        "exact: the values were rounded to a lattice, so an end may be off by ",
        format_number(rounding, 2), "."
      )
    }
  )
}
