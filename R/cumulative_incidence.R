#' Cumulative incidence with competing risks
#'
#' The probability of each kind of event as time goes on, where one kind keeps the others from
#' happening (death without relapse, say): Aalen and Johansen's estimate of each group, Gray's test of
#' each cause, and differences between two groups at chosen times.
#'
#' @section Estimates:
#' With r at risk, \eqn{d_k} events of cause k and d of any, \eqn{S} the Kaplan-Meier estimate of being
#' free of all events, \eqn{F_k(t) = \sum_{s \le t} S(s-) d_k / r}. One minus a Kaplan-Meier curve that
#' censors the other causes is larger, and is no probability of anything. Standard errors by `variance`:
#' * `"aalen"`: Aalen's (1978, Ann Statist 6:534) with Gray's factors for ties, those of CRAN's
#'   cmprsk. It counts events as Poisson, so with few patients at risk it is the larger one;
#' * `"jackknife"`: the infinitesimal jackknife, those of [survival::survfit()]; without censoring it is
#'   the binomial one.
#'
#' Intervals are pointwise, on the scale \eqn{\log(-\log F)} (\doi{10.1002/sim.1070}):
#' \eqn{F^{\exp(\pm z\,se / (F \log F))}}; where F is 0 or 1 there is none (`NA`). A difference, other
#' minus reference, has the Wald interval and test; `NA` where one of the two has a variance of 0. Beyond
#' a group's last time nothing is known (`NA`),
#' unless that was an event and left nobody.
#'
#' With delayed entry, `Surv(start, stop, state)` with one row a patient, r counts those who have entered; a group's
#' curve starts at its first entry and is of patients who were free of all events until then; before, nothing is
#' known (`NA`). Gray's test has no form for it here: then there is none.
#'
#' @section Gray's test:
#' Of equal cumulative incidence of one cause in all groups (\doi{10.1214/aos/1176350951}), with weight
#' \eqn{(1 - F(t-))^\rho}, F pooled; chi-squared with one degree of freedom less than there are groups;
#' within `strata`, scores and variances are added. It asks about the incidence that patients see, not
#' about cause-specific hazards: those are compared by [compare_survival()] with the other causes
#' censored.
#'
#' @inheritParams boot_ci
#' @param formula A formula such as `Surv(time, state) ~ group`, where `state` is a factor whose first
#'   level means censored and whose other levels are the causes, as in [survival::Surv()]. Status 0/1 or
#'   logical, and [Surv_CNSR()] of ADaM data, are one cause. `~ 1` describes one sample. `| block` gives strata.
#' @param times Times at which incidences, and differences, are wanted, in the units of the response; by
#'   default the last time that all groups were followed to.
#' @param strata A factor: Gray's test compares within its levels. Curves, and what is read off them, are
#'   of all patients.
#' @param weights Whole numbers: how many patients each row stands for.
#' @param variance Which standard errors.
#' @param rho The power of the weight in Gray's test: 0 weighs all times alike, above 0 early ones more.
#' @return An object of class `her2_cuminc`. [generics::tidy()] gives one row an estimate, with columns
#'   term (cumulative_incidence, cumulative_incidence_difference, test), method, group (of a difference
#'   the other group), cause, time, estimate, std.error, conf.low, conf.high, statistic, df, p.value;
#'   `tidy(x, "curves")` one row a group, cause and time, with the numbers at risk, of events and
#'   censored. Incidences are on the scale 0 to 1.
#' @section Errors: `her2mod_error_input` where the response, `times`, `weights` or an option is not as above;
#'   `her2mod_error_data` where times are negative or not finite, or no rows or one group are left.
#'   `her2mod_warning_degenerate` says which cause has no event, so that its test is `NA`, and which group starts late;
#'   `her2mod_warning_flipped` that a status, or a state that is not the first level, sounds like censoring.
#' @seealso [compare_survival()]
#' @examples
#' mgus2 <- survival::mgus2
#' mgus2$years <- ifelse(mgus2$pstat == 1, mgus2$ptime, mgus2$futime) / 12
#' mgus2$state <- factor(ifelse(mgus2$pstat == 1, 1, 2 * mgus2$death), 0:2,
#'   labels = c("censored", "malignancy", "death")
#' )
#' cumulative_incidence(Surv(years, state) ~ sex, mgus2, times = c(5, 10))
#' @export
cumulative_incidence <- function(formula, data = NULL, times = NULL, subset = NULL,
                                 na.action = stats::na.omit, strata = NULL, weights = NULL, ref = NULL,
                                 conf.level = 0.95, variance = c("aalen", "jackknife"), rho = 0) {
  conf.level <- check_probability(conf.level, "conf.level")
  variance <- check_option(variance, c("aalen", "jackknife"), "variance")
  rho <- check_rho(rho)
  times <- check_times_wanted(times)
  quoted <- list(subset = substitute(subset), strata = substitute(strata), weights = substitute(weights))
  compared <- competing_data(formula, data, quoted, na.action, ref)
  curves <- lapply(seq_along(compared$groups) - 1L, function(g) {
    stats::setNames(call_core(cpp_cumulative_incidence(compared$core, g)), compared$causes)
  })
  names(curves) <- compared$groups
  if (length(times) == 0) times <- min(vapply(curves, function(own) follow_up_of(own[[1]]), 0))
  x <- c(
    compared[c("groups", "causes", "strata", "group_name", "event", "n_dropped", "simulated", "n", "start")],
    list(
      curves = curves, times = times, conf.level = conf.level, variance = variance, rho = rho,
      call = match.call()
    )
  )
  x$estimates <- rbind(
    incidence_rows(x), incidence_differences(x), if (is.null(compared$core$entry)) gray_rows(compared$core, x)
  )
  x$notes <- delayed_notes(compared)
  if (!is.null(compared$core$entry)) {
    x$cohort <- with(compared$core, list(group = group, response = time, entry = entry, frequency = weight))
  }
  if (any(compared$start > 0)) warn_her2(c(i = x$notes[[length(x$notes)]]), "degenerate")
  x$notes <- c(x$notes, certain_difference_note(x$estimates))
  warn_no_events(x)
  structure(x, class = "her2_cuminc")
}

check_rho <- function(rho, call = rlang::caller_env()) {
  if (!is.numeric(rho) || length(rho) != 1 || !is.finite(rho)) {
    abort_input(c("{.arg rho} must be one finite number.", x = "It is {.val {rho}}."),
      arg = "rho", value = rho, call = call
    )
  }
  as.double(rho)
}

# `core` is what the C++ core reads: codes from 0, and how many of each there are.
competing_data <- function(formula, data, quoted, na.action, ref, call = rlang::caller_env()) {
  columns <- model_columns(formula, data, quoted, na.action, call)
  if (columns$n_rows == 0) {
    abort_data(c("No rows are left to compare.", i = "{count_of(columns$n_dropped, 'row')} had missing values."),
      call = call
    )
  }
  read <- read_competing(columns$response, columns$response_name, call)
  group <- read_groups(columns$group, columns$group_name, ref, c(1, Inf), columns$n_rows, call)
  strata <- read_strata(columns$strata, call)
  rows <- rows_of_patients(new_rows(
    group = group$code, stratum = if (is.null(strata)) integer(columns$n_rows) else strata$code, time = read$time,
    state = read$state, entry = read$entry, frequency = read_frequencies(columns$weights, call)
  ))
  refuse_empty_groups(rows, group$levels, call)
  patients <- function(g) sum(frequency_of(rows)[rows$group == g])
  list(
    core = list(
      time = rows$time, state = rows$state, group = rows$group, stratum = rows$stratum, weight = rows$frequency,
      entry = rows$entry, n_causes = length(read$causes), n_groups = length(group$levels),
      n_strata = max(1L, length(strata$levels))
    ),
    groups = group$levels, causes = read$causes, strata = strata$levels,
    group_name = columns$group_name, event = columns$response_name, n_dropped = columns$n_dropped,
    simulated = columns$simulated,
    n = vapply(seq_along(group$levels) - 1, patients, 0),
    start = stats::setNames(first_entry(rows, length(group$levels)), group$levels)
  )
}

# What delayed entry changes.
delayed_notes <- function(compared) {
  if (is.null(compared$core$entry)) return(NULL)
  late <- compared$start > 0
  named <- spoken_levels(compared$groups, compared$group_name)[late]
  c(
    if (length(compared$groups) > 1) "Gray's test is not computed with delayed entry.",
    if (any(late)) {
      paste0(
        "Nobody in ", toString(named), " is at risk at time 0: incidence counts from the first entry (",
        toString(format_plain(compared$start[late])), "), among patients free of all events until then."
      )
    }
  )
}

# `state` is 0 for censored, or the number of the cause; `entry` is NULL without delayed entry.
read_competing <- function(response, name, call = rlang::caller_env()) {
  type <- if (inherits(response, "Surv")) attr(response, "type") else "none"
  if (type %in% c("right", "counting")) {
    read <- read_survival(response, name, call)
    return(list(time = read$time, state = read$event, entry = read$entry, causes = "event"))
  }
  if (!type %in% c("mright", "mcounting")) {
    abort_input(c(
      "The response must be a time and a state: {.code Surv(time, state)} or {.code Surv(start, stop, state)}.",
      x = if (inherits(response, "Surv")) {
        "{.field {name}} is of type {.val {attr(response, 'type')}}."
      } else {
        "{.field {name}} is {.obj_type_friendly {response}}."
      },
      i = "{.field state} is a factor whose first level means censored."
    ), arg = "formula", call = call)
  }
  refuse_missing(response, name, call)
  question_states(attr(response, "states"))
  parts <- unclass(response)
  delayed <- type == "mcounting"
  time <- parts[, if (delayed) "stop" else "time"]
  entry <- if (delayed) parts[, "start"] else double()
  check_times(c(time, entry), name, call)
  tied <- cpp_tied_times(as.double(time), as.double(entry))
  list(
    time = tied$time, state = as.integer(parts[, "status"]), entry = if (delayed) check_entry(tied, name, call),
    causes = attr(response, "states")
  )
}

# Levels in alphabetical order put death before none.
question_states <- function(states) {
  none <- grep("^(0|none|no|no event|event[- ]?free|alive|(right[- ]?)?censor(ed|ing)?|cens)$", states, ignore.case = TRUE,
    value = TRUE)
  if (length(none) == 0) return(invisible())
  warn_her2(c(
    "Is {.val {none}} an event? The first level of the state means censored, and {.val {none}} is not the first.",
    i = "Put the level of those without an event first: {.code factor(state, levels = c({.val {none[[1]]}}, ...))}."
  ), "flipped")
}

certain_difference_note <- function(rows) {
  difference <- rows[rows$term == "cumulative_incidence_difference", ]
  if (!any(is.na(difference$std.error) & !is.na(difference$estimate))) return(NULL)
  paste(
    "A difference without an interval: in one of the groups nobody has had the event by then, or everybody at once, and a",
    "variance of 0 is no certainty. Gray's test compares the curves all the same."
  )
}

warn_no_events <- function(x) {
  none <- x$causes[events_by_cause(x) == 0]
  if (length(none) > 0) {
    warn_her2("Nobody had an event of {cli::qty(none)}cause{?s} {.val {none}}.", "degenerate", causes = none)
  }
}

# Of all groups.
events_by_cause <- function(x) {
  vapply(x$causes, function(cause) sum(vapply(x$curves, function(own) sum(own[[cause]]$n.event), 0)), 0)
}

# --- rows of the table of estimates -----------------------------------------------------------------

cuminc_row <- function(term, method, group, cause, ...) {
  row <- estimate_row(term, method, group, ...)
  data.frame(row[1:3], cause = cause, row[-(1:3)])
}

# Of the curve of one group and cause; NA before and beyond what is known.
incidence_at <- function(x, group, cause) {
  curve <- x$curves[[group]][[cause]]
  variance <- x$variance
  times <- x$times
  times <- snap_times(times, curve$time)
  last <- nrow(curve)
  end <- if (curve$event_free[[last]] == 0) Inf else curve$time[[last]]
  at <- findInterval(times, curve$time) + 1
  at[times > end | times < x$start[[group]]] <- NA_real_
  data.frame(estimate = c(0, curve$estimate)[at], std.error = sqrt(c(0, curve[[variance]]))[at])
}

# As of a survival curve, with the squared relative error in place of Greenwood's sum.
incidence_limits <- function(estimate, std.error, conf.level) {
  survival_limits(estimate, (std.error / estimate)^2, conf.level, "log-log")
}

incidence_rows <- function(x) {
  rows <- lapply(x$groups, function(group) lapply(x$causes, function(cause) {
    f <- incidence_at(x, group, cause)
    limits <- incidence_limits(f$estimate, f$std.error, x$conf.level)
    cuminc_row("cumulative_incidence", x$variance, group, cause, x$times, f$estimate, f$std.error,
      limits$low, limits$high
    )
  }))
  do.call(rbind, unlist(rows, recursive = FALSE))
}

# Every other group minus the reference.
incidence_differences <- function(x) {
  if (length(x$groups) < 2) return(NULL)
  z <- stats::qnorm((1 + x$conf.level) / 2)
  rows <- lapply(x$groups[-1], function(other) lapply(x$causes, function(cause) {
    f <- incidence_at(x, x$groups[[1]], cause)
    g <- incidence_at(x, other, cause)
    difference <- g$estimate - f$estimate
    error <- sqrt(known_error(f$std.error)^2 + known_error(g$std.error)^2)
    statistic <- difference / error
    cuminc_row("cumulative_incidence_difference", "wald", other, cause, x$times, difference, error,
      pmax(-1, difference - z * error), pmin(1, difference + z * error), statistic,
      p.value = 2 * stats::pnorm(-abs(statistic))
    )
  }))
  do.call(rbind, unlist(rows, recursive = FALSE))
}

gray_rows <- function(core, x) {
  if (length(x$groups) < 2) return(NULL)
  method <- if (x$rho == 0) "gray" else paste0("gray(", format(x$rho), ")")
  rows <- lapply(seq_along(x$causes), function(k) {
    test <- call_core(cpp_gray_test(core, k - 1L, x$rho))
    statistic <- if (is.nan(test$statistic)) NA_real_ else test$statistic
    cuminc_row("test", method, NA_character_, x$causes[[k]],
      statistic = statistic, df = if (is.na(statistic)) NA_real_ else test$df,
      p.value = stats::pchisq(statistic, test$df, lower.tail = FALSE)
    )
  })
  do.call(rbind, rows)
}
