#' Several outcomes at once, adjusted by permutation
#'
#' Westfall and Young's step-down p-values: the chance that any of the outcomes would look as extreme
#' if the groups were exchangeable in all of them. The same arrangements are used for every outcome,
#' so the outcomes' correlation is respected.
#'
#' * `"max_t"` compares \eqn{|T|/SE} over the outcomes (the statistic must have a standard error), and the p-values before
#'   adjustment are those of it;
#' * `"min_p"` compares the outcomes' permutation p-values, and takes any statistics.
#'
#' With the outcomes in the order of their evidence \eqn{e_1, e_2, ...}, strongest first, the adjusted p-value of the j-th is
#' \eqn{(b_j + 1)/(R + 1)}, \eqn{b_j} the arrangements in which the strongest evidence of the j-th and all later outcomes is
#' at least \eqn{e_j}, made increasing in j (Westfall and Young 1993, Resampling-Based Multiple Testing;
#' \doi{10.1007/BF02595811}). Where there are at most `R` arrangements they are all listed, and both p-values are exact.
#'
#' Else, by `"min_p"`, an outcome's p-value is the exact one where [perm_test()] gives that (of its complete rows), in the data
#' and in every arrangement, so that those decide only how the outcomes go together; of other statistics p-values are ranks
#' among the `R` arrangements and the data. No adjusted p-value is below 1/(`R` + 1), nor below the outcome's own. Its Monte
#' Carlo error is that of the count and of the ranks: what the outcome's own p-value may be among the others'. Rows with a
#' missing value in any outcome are dropped, and counted.
#'
#' @inheritParams perm_test
#' @param data A data frame.
#' @param outcomes Names of columns.
#' @param by The name of the grouping column.
#' @param statistic A name from [statistics()] or a `stat_*()`, for all outcomes; or a list of them,
#'   one for each, by name or in their order.
#' @param method `"min_p"` or `"max_t"`.
#' @param strata,cluster Names of columns to permute within, and of what belongs together.
#' @return A data frame of class `her2_westfall_young`, a row an outcome: outcome, statistic,
#'   estimate, p.value, p.adjusted, and their Monte Carlo standard errors mc.error and mc.error.adjusted (0 where they are
#'   exact).
#' @section Errors: `her2mod_error_input` where a column does not exist, an outcome does not fit its statistic, a `tau`
#'   or `time` is beyond follow-up, or `"max_t"` gets a statistic without a standard error; `her2mod_error_data` where
#'   there are too few groups or too many, or values are infinite. `her2mod_warning_tau` where a `tau` was restricted, see
#'   [stat_rmst_difference()].
#' @examples
#' set.seed(1)
#' trial <- data.frame(
#'   arm = rep(c("A", "B"), each = 20), pain = rnorm(40), sleep = rnorm(40) + rep(0:1, each = 20)
#' )
#' westfall_young(trial, c("pain", "sleep"), "arm", "mean_difference", R = 999, seed = 1)
#' @export
westfall_young <- function(data, outcomes, by, statistic = "mean_difference",
                           method = c("min_p", "max_t"), strata = NULL, cluster = NULL, ref = NULL,
                           alternative = c("two.sided", "less", "greater"), R = 9999, seed = NULL,
                           threads = NULL, progress = NULL, backend = NULL) {
  method <- check_option(method, c("min_p", "max_t"), "method")
  alternative <- check_option(alternative, alternatives, "alternative")
  data <- check_outcomes(data, outcomes, by, strata, cluster)
  statistics <- statistics_of(statistic, outcomes, method)
  how <- resampling_options(R, seed, threads, progress, backend)
  seed <- resolve_seed(how$seed)
  tests <- Map(function(outcome, statistic) {
    outcome_test(data$kept, outcome, by, statistic, strata, cluster, ref, alternative, seed)
  }, outcomes, statistics)
  listed <- listed_outcomes(tests, how)
  evidence <- lapply(tests, evidence_of, how = how, method = method, listed = listed)
  p <- vapply(evidence, `[[`, 0, "p")
  adjusted <- if (length(outcomes) == 1) {
    list(p = p, error = 1.96 * own_error(evidence[[1]], how$R))
  } else if (method == "max_t") {
    step_down_max_t(evidence, !is.na(listed))
  } else {
    found <- step_down_min_p(evidence, !is.na(listed))
    list(p = at_least_own(found$p, p), error = found$error)
  }
  result <- data.frame(
    outcome = outcomes, statistic = vapply(tests, function(test) test$statistic$title, ""),
    estimate = mapply(function(test) to_display(test$statistic, test$observed), tests),
    p.value = p, p.adjusted = adjusted$p, row.names = NULL
  )
  result$mc.error <- vapply(evidence, own_error, 0, R = how$R)
  result$mc.error.adjusted <- adjusted$error / 1.96
  structure(result,
    class = c("her2_westfall_young", "data.frame"), method = method, R = how$R, seed = seed,
    listed = listed, alternative = alternative, groups = tests[[1]]$compared$groups, n = nrow(data$kept),
    n_dropped = data$n_dropped, simulated = data$simulated, rows = nrow(result),
    notes = unlist(Map(function(test) test$statistic$restricted, tests)), call = match.call()
  )
}

#' @export
`[.her2_westfall_young` <- function(x, ...) as_plain(NextMethod())

#' @export
as.data.frame.her2_westfall_young <- function(x, ...) as_plain(x)

#' @export
tidy.her2_westfall_young <- function(x, ...) as_plain(x)

#' @export
glance.her2_westfall_young <- function(x, ...) {
  own <- attributes(x)
  data.frame(
    reference = own$groups[[1]], other = other_groups(own$groups, own$groups[[1]]), outcomes = own$rows, n = own$n,
    method = own$method, alternative = own$alternative, R = own$R, seed = own$seed, n_dropped = own$n_dropped
  )
}

check_outcomes <- function(data, outcomes, by, strata, cluster, call = rlang::caller_env()) {
  if (!is.data.frame(data)) {
    abort_input(c("{.arg data} must be a data frame.", x = "It is {.obj_type_friendly {data}}."),
      arg = "data", call = call
    )
  }
  check_choice(outcomes, names(data), "outcomes", several = TRUE, call = call)
  if (anyDuplicated(outcomes)) abort_input("{.arg outcomes} must be different columns.", arg = "outcomes", call = call)
  check_choice(by, names(data), "by", call = call)
  for (arg in c("strata", "cluster")) {
    name <- get(arg)
    if (!is.null(name)) check_choice(name, names(data), arg, call = call)
  }
  used <- as.data.frame(data)[c(outcomes, by, strata, cluster)]
  complete <- stats::complete.cases(used)
  list(kept = used[complete, , drop = FALSE], n_dropped = sum(!complete), simulated = is_simulated(data))
}

statistics_of <- function(statistic, outcomes, method, call = rlang::caller_env()) {
  single <- inherits(statistic, "her2_stat") || length(statistic) == 1
  if (inherits(statistic, "her2_stat")) statistic <- list(statistic)
  if (!single && !is.null(names(statistic))) {
    if (!setequal(names(statistic), outcomes) || anyDuplicated(names(statistic))) {
      abort_input(c("The names of {.arg statistic} must be the outcomes.",
        x = "They are {.val {names(statistic)}}, of {.val {outcomes}}."
      ), arg = "statistic", call = call)
    }
    statistic <- statistic[outcomes]
  }
  if (!single && length(statistic) != length(outcomes)) {
    abort_input(c(
      "{.arg statistic} must be one, or one for each outcome.",
      x = "There are {length(statistic)} for {length(outcomes)} outcomes."
    ), arg = "statistic", call = call)
  }
  chosen <- rep_len(lapply(statistic, as_statistic, call = call), length(outcomes))
  for (one in chosen) {
    if (method == "max_t" && (is_custom(one) || one$outputs < 2)) {
      abort_input(c(
        "{.code method = \"max_t\"} needs statistics with a standard error.",
        x = "The {one$title} has none.", i = "{.code method = \"min_p\"} takes any."
      ), arg = "method", call = call)
    }
  }
  chosen
}

# All outcomes' cohorts have their rows in one order, so that an arrangement is the same for all.
outcome_test <- function(data, outcome, by, statistic, strata, cluster, ref, alternative, seed,
                         call = rlang::caller_env(2)) {
  formula <- rlang::new_formula(as.name(outcome), as.name(by), env = baseenv())
  quoted <- list(
    strata = if (!is.null(strata)) as.name(strata), cluster = if (!is.null(cluster)) as.name(cluster)
  )
  compared <- comparison_data(
    formula, data, quoted, stats::na.fail, ref, statistic$endpoint, pmax(group_range(statistic), c(2, 2)),
    by_row = TRUE, call = call
  )
  statistic <- within_strata(check_follow_up(compared, statistic, call), compared)
  cohort <- rows_cohort(compared, c("stratum", "group", "row"))
  if (!is.null(cohort$cluster) && cpp_mixed_clusters(cohort)) cohort <- within_clusters(cohort)
  job <- new_job("permutation", cohort, statistic, compared, seed, outputs = min(2L, statistic$outputs, na.rm = TRUE))
  alternative <- perm_alternative(statistic, alternative, call)
  observed <- evaluate_job(job, call = call)
  linear <- if (is_custom(statistic)) NULL else call_core(cpp_linear_form(job), call)
  centre <- null_centre(job, statistic, linear, "two.sided")
  list(
    job = job, statistic = statistic, observed = observed[[1]], observed_error = observed[2], linear = linear, centre = centre,
    tail = observed_tail(observed[[1]], centre, job, linear, alternative),
    rounding = null_rounding(job, statistic, linear), alternative = alternative, compared = compared
  )
}

# `p`, the outcome's own, and what it is compared by, of the data and of the replicates: by max_t distances from the centre
# in standard errors, by min_p p-values.
evidence_of <- function(test, how, method, listed, call = rlang::caller_env(2)) {
  job <- test$job
  if (method == "min_p") job$outputs <- 1L
  if (!is.na(listed)) {
    job$kind <- "enumeration"
    how <- within_session(how)
  }
  values <- run_ranges(job, 1, if (is.na(listed)) how$R else listed, how, call)$values
  if (method == "max_t") return(distances_in_errors(test, values, !is.na(listed), call))
  if (is.na(listed)) {
    exact <- exact_evidence(test, values[, 1], how, call)
    if (!is.null(exact)) return(exact)
  }
  of <- list(observed = test$observed, replicates = values[, 1])
  found <- if (is.null(test$tail)) {
    ranked_p(lapply(of, directed_distance, test), !is.na(listed))
  } else {
    ranked_tails(lapply(of, signed_distance, test), !is.na(listed))
  }
  c(found, p = found$observed)
}

own_error <- function(evidence, R) {
  if (evidence$exact) return(0)
  tails <- tails_of(evidence)
  tails * share_error(evidence$p / tails, R) / 1.96
}

# By the exact null distribution, where perm_test() has one.
exact_evidence <- function(test, replicates, how, call) {
  if (is_degenerate(test)) return(NULL)
  test$job$outputs <- 1L
  found <- exact_null_test(test, list(alternative = test$alternative, midp = FALSE), how, "auto", call)
  if (is.null(found)) return(NULL)
  of <- function(alternative) {
    test$alternative <- alternative
    evidence <- list(
      observed = directed_distance(test$observed, test), replicates = directed_distance(replicates, test),
      centre = test$centre, rounding = test$rounding, alternative = alternative
    )
    null_p_values(found$null, evidence, function(value) directed_distance(value, test))
  }
  evidence <- if (is.null(test$tail)) {
    of(test$alternative)
  } else {
    signed <- lapply(list(observed = test$observed, replicates = replicates), signed_distance, test)
    both_tails(signed, up = of("greater"), down = of("less"))
  }
  c(evidence, p = found$p.value)
}

distances_in_errors <- function(test, values, listed, call) {
  refuse_infinite(test, call)
  observed <- in_errors(directed_distance(test$observed, test), test$observed_error)
  replicates <- in_errors(directed_distance(values[, 1], test), values[, 2])
  p <- ranked_p(list(observed = observed, replicates = replicates), listed)$observed
  list(observed = observed, replicates = replicates, p = p, exact = listed)
}

signed_distance <- function(value, test) {
  away <- value - test$centre
  away[abs(away) <= test$rounding] <- 0
  away
}

# Large is extreme.
directed_distance <- function(value, test) {
  away <- signed_distance(value, test)
  switch(test$alternative, two.sided = abs(away), greater = away, less = -away)
}

# The outcomes' cohorts have their rows in one order: where there are no more arrangements than replicates are asked for,
# they are all listed. NA where there are more.
listed_outcomes <- function(tests, how, call = rlang::caller_env(2)) {
  count <- call_core(cpp_arrangements(tests[[1]]$job$cohort), call)
  if (count <= how$R) count else NA_real_
}

step_down_max_t <- function(evidence, listed, call = rlang::caller_env(2)) {
  replicates <- do.call(cbind, lapply(evidence, `[[`, "replicates"))
  R <- nrow(replicates)
  p <- call_core(cpp_max_t(vapply(evidence, `[[`, 0, "observed"), replicates), call)
  # The core counts the data beside the replicates, among which all arrangements have them already.
  if (listed) list(p = (p * (R + 1) - 1) / R, error = 0 * p) else list(p = p, error = share_error(p, R))
}

refuse_infinite <- function(test, call) {
  if (!is.infinite(test$observed)) return(invisible())
  abort_data(c(
    "The {test$statistic$title} of {.field {test$compared$event}} is infinite, and has no standard error.",
    i = "{.code method = \"min_p\"} takes it."
  ), call = call)
}

# No distance is no evidence, however small the error.
in_errors <- function(distance, error) ifelse(distance == 0, 0, distance / error)

#' @export
format.her2_westfall_young <- function(x, ...) {
  if (!is_whole(x)) return(format(as_plain(x), ...))
  c(
    paste0(
      "Westfall-Young adjusted p-values (step-down ", sub("_", " ", attr(x, "method")), "), ",
      paste(attr(x, "groups"), collapse = ", ")
    ),
    format_columns(list(
      x$outcome, x$statistic, format_number(x$estimate), paste("p", format_p(x$p.value)),
      paste("adjusted p", format_least_p(x$p.adjusted, is_least_adjusted(x$p.adjusted, drawn_R(x)))),
      if (is.na(attr(x, "listed"))) paste0("(", format_number(x$mc.error.adjusted, 2), ")") else ""
    )),
    paste0(
      "  ", count_of(attr(x, "n"), "patient"),
      data_remarks(attributes(x)),
      "; ", alternative_words[[attr(x, "alternative")]], "; ", drawn_words(attributes(x))
    ),
    if (length(attr(x, "notes"))) paste0("  ", names(attr(x, "notes")), ": ", attr(x, "notes"))
  )
}

# NA where all arrangements are listed.
drawn_R <- function(x) if (is.na(attr(x, "listed"))) attr(x, "R") else NA_real_

drawn_words <- function(of) {
  if (!is.na(of$listed)) return(listed_words(of$listed))
  paste0(
    "R = ", format(of$R, big.mark = ",", scientific = FALSE), ", seed ", format(of$seed, scientific = FALSE),
    "; in brackets the Monte Carlo error of the adjusted p"
  )
}

#' @export
print.her2_westfall_young <- function(x, ...) show_whole(x, ...)
