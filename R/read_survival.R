# What a survival response may be: Surv(time, status), Surv(start, stop, status), Surv_CNSR(), or a
# column that holds a Surv.

# The constructors as a formula sees them: they refuse what Surv() would guess.
survival_readers <- function() list(Surv = strict_surv, Surv_CNSR = Surv_CNSR)

# `response` with a strict constructor in place of the name of a lax one.
strict_response <- function(response) {
  if (!rlang::is_call(response)) return(response)
  head <- response[[1]]
  name <- if (is.symbol(head)) as.character(head) else if (rlang::is_call(head, c("::", ":::"))) as.character(head[[3]])
  reader <- if (!is.null(name)) survival_readers()[[name]]
  if (!is.null(reader)) response[[1]] <- reader
  response
}

# survival::Surv(), which takes 1/2 for censored/event where no 0 is seen: then three events are read
# as three censored patients if nobody died.
strict_surv <- function(time, time2, event, type, origin = 0) {
  given <- as.list(match.call())[-1]
  status <- if (!missing(event)) given$event else if (!missing(time2)) given$time2
  if (is.null(status)) {
    abort_input(c("{.fn Surv} needs a time and a status.", i = "Write {.code Surv(time, status)}."), arg = "formula")
  }
  value <- if (missing(event)) time2 else event
  refuse_nan(time)
  if (!missing(event) && !missing(time2)) {
    refuse_nan(time2)
    refuse_empty_stay(time, time2)
  }
  check_status(value, rlang::as_label(status))
  question_flipped(status)
  if (!missing(event) && !missing(time2)) refuse_empty_intervals(time, time2)
  given[] <- lapply(names(given), as.symbol)
  rlang::inject(survival::Surv(!!!given))
}

# Surv() would make them missing, and they would be dropped.
refuse_empty_intervals <- function(start, stop, call = rlang::caller_env()) {
  empty <- sum(start >= stop, na.rm = TRUE)
  if (empty > 0) {
    abort_data(c(
      "Each start must be before its stop.",
      x = "In {count_of(empty, 'row')} {cli::qty(empty)}{?it is/they are} not."
    ), arg = "start", call = call)
  }
}

# Logical, 0/1, or a factor of several states, whose first level is censored.
check_status <- function(status, name, call = rlang::caller_env()) {
  if (is.factor(status) && nlevels(status) > 2) return(invisible())
  if (is.logical(status) || (is.numeric(status) && all(status == 0L | status == 1L, na.rm = TRUE))) return(invisible())
  abort_input(c(
    "The status {.field {name}} must be logical or 0/1 (1 = event).",
    x = "It is {.obj_type_friendly {status}} with values {.val {first_of(unique(as.vector(status)), 4)}}.",
    i = "Say what an event is, for example {.code Surv(time, {name} == {deparse(last_value(status))})}."
  ), arg = name, call = call)
}

last_value <- function(x) {
  if (is.factor(x)) return(levels(x)[[nlevels(x)]])
  x <- sort(unique(as.vector(x)))
  if (length(x) == 0) "event" else x[[length(x)]]
}

# ADaM's CNSR is 1 where the time is censored. Used as a status it turns the study upside down.
question_flipped <- function(status) {
  if (is_one(status)) status <- status[[2]]
  if (rlang::is_call(status, c("as.logical", "as.integer", "as.numeric"), n = 1)) status <- status[[2]]
  if (rlang::is_call(status, "$")) status <- status[[3]]
  sounds <- is.symbol(status) && grepl("cnsr|cens", status, ignore.case = TRUE) &&
    !grepl("(un|not?)[_.]?cens", status, ignore.case = TRUE)
  if (!sounds) return(invisible())
  warn_her2(c(
    "Is {.field {as.character(status)}} the event? It sounds like an indicator of censoring.",
    i = "In ADaM data CNSR = 1 means censored: write {.code Surv_CNSR(time, {as.character(status)})}."
  ), "flipped")
}

# `x == 1`, or what means the same of 0 and 1.
is_one <- function(x) {
  compared <- function(name, value) {
    rlang::is_call(x, name, n = 2) && is.numeric(x[[3]]) && length(x[[3]]) == 1 && x[[3]] %in% value
  }
  compared("==", 1) || compared("!=", 0) || compared(">", 0) || compared(">=", 1)
}

# Of these survival::Surv() would make missing values, and the rows would be dropped.
refuse_empty_stay <- function(entry, time, call = rlang::caller_env()) {
  if (!is.numeric(entry) || !is.numeric(time)) return(invisible())
  never_at_risk(sum(entry >= time, na.rm = TRUE), "Surv", call)
}

never_at_risk <- function(patients, name, call) {
  if (patients == 0) return(invisible())
  abort_data(c(
    "Each entry time must be before the patient's own time.",
    x = "In {.field {name}} {count_of(patients, 'patient')} {cli::qty(patients)}{?is/are} never at risk."
  ), arg = name, call = call)
}

#' Survival times of ADaM data
#'
#' CDISC's ADaM time-to-event data (ADTTE) hold the time in `AVAL` and in `CNSR` 0 for an event and a
#' positive number for the kind of censoring: the opposite of the status of [survival::Surv()].
#'
#' @param AVAL The time from origin to event or censoring.
#' @param CNSR 0: event; 1, 2, ...: censored.
#' @return A [survival::Surv()] object with status 1 where `CNSR` is 0, for the left side of the formula of every function
#'   that takes survival times: [compare_survival()], [cox_regression()], [boot_ci()], [perm_test()],
#'   [cumulative_incidence()], [landmark_survival()], [adjusted_effect()], [test_interaction()], [subgroup_effects()],
#'   [check_claim()]; as a column, of [westfall_young()]. [her2_cohort()] finds `AVAL` and `CNSR` by their names. It has no
#'   form for delayed entry: there write `Surv(start, AVAL, CNSR == 0)`. `NA` stays missing.
#' @section Errors: `her2mod_error_input` where `CNSR` has other than whole numbers of at least 0 (or logical), or
#'   `AVAL` no numbers, as many; `her2mod_error_data` where a time is NaN. Times that are negative or infinite are
#'   refused by the function that gets them.
#' @references CDISC, The ADaM Basic Data Structure for Time-to-Event Analyses, version 1.0.
#' @examples
#' adtte <- data.frame(AVAL = c(5, 8, 12), CNSR = c(0, 1, 0))
#' with(adtte, Surv_CNSR(AVAL, CNSR))
#' adtte <- data.frame(
#'   TRT01P = rep(c("single", "dual"), each = 4),
#'   AVAL = c(5, 8, 12, 20, 9, 14, 21, 30), CNSR = c(0, 1, 0, 0, 0, 2, 0, 1)
#' )
#' compare_survival(Surv_CNSR(AVAL, CNSR) ~ TRT01P, adtte, ref = "single")
#' @export
Surv_CNSR <- function(AVAL, CNSR) {
  if (is.logical(CNSR)) CNSR <- as.integer(CNSR)
  ok <- is.numeric(CNSR) && all(CNSR >= 0 & CNSR == floor(CNSR), na.rm = TRUE)
  if (!ok) {
    abort_input(c(
      "{.arg CNSR} must be whole numbers: 0 for an event, 1 or more for censored.",
      x = "It is {.obj_type_friendly {CNSR}}."
    ), arg = "CNSR", value = CNSR)
  }
  if (!is.numeric(AVAL) || length(AVAL) != length(CNSR)) {
    abort_input(c("{.arg AVAL} must be numbers, as many as {.arg CNSR}.",
      x = "It is {.obj_type_friendly {AVAL}} of length {length(AVAL)}; {.arg CNSR} has length {length(CNSR)}."
    ), arg = "AVAL", value = AVAL)
  }
  refuse_nan(AVAL)
  survival::Surv(AVAL, as.integer(CNSR == 0))
}

# NaN is not a missing value but a computation that failed.
refuse_nan <- function(time, call = rlang::caller_env()) {
  failed <- if (is.numeric(time)) sum(is.nan(time)) else 0
  if (failed > 0) {
    abort_data(c("Survival times must be numbers.", x = "{count_of(failed, 'time')} {cli::qty(failed)}{?is/are} NaN."),
      arg = "time", call = call
    )
  }
}

# `time`, `event` (0 or 1), `entry` (NULL without left truncation), `label`. Times are tied by
# survival's rule. `response` has no missing values.
read_survival <- function(response, name, call = rlang::caller_env()) {
  if (!inherits(response, "Surv")) {
    abort_input(c(
      "The response must be a survival time: {.code Surv(time, status)}.",
      x = "{.field {name}} is {.obj_type_friendly {response}}."
    ), arg = "formula", call = call)
  }
  type <- attr(response, "type")
  if (!type %in% c("right", "counting")) {
    abort_input(c(
      "The response must be {.code Surv(time, status)} or, with delayed entry, {.code Surv(start, stop, status)}.",
      x = "{.field {name}} is of type {.val {type}}."
    ), arg = "formula", call = call)
  }
  refuse_missing(response, name, call)
  parts <- unclass(response)
  time <- parts[, if (type == "right") "time" else "stop"]
  entry <- if (type == "counting") parts[, "start"] else double()
  check_times(c(time, entry), name, call)
  tied <- cpp_tied_times(as.double(time), as.double(entry))
  list(
    time = tied$time, event = as.integer(parts[, "status"]),
    entry = if (type == "counting") check_entry(tied, name, call), label = name
  )
}

# Whether rows are parts of patients: cut at times, or at events that recur. Whose rows they are nobody says. `cell`: the
# group and stratum, or `NULL`.
looks_split <- function(entry, time, event, cell = NULL) {
  if (!any(entry > 0)) return(FALSE)
  if (is.null(cell)) cell <- 0 * time
  looks_cut(entry, time, event) || looks_recurrent(entry, time, cell)
}

# Every late entry goes on from a row that was censored then, of any group: a patient may change it.
looks_cut <- function(entry, time, event) {
  late <- entry > 0
  meet_by_design(list(entry[late]), list(time[event == 0]), time_step(entry, time), 0.05)
}

# Every late entry goes on from a row of its cell, whatever ended that.
looks_recurrent <- function(entry, time, cell) {
  late <- entry > 0
  starts <- split(entry[late], cell[late])
  meet_by_design(starts, split(time, cell)[names(starts)], time_step(entry, time), 0.01)
}

time_step <- function(entry, time) min(diff(sort(unique(c(0, entry, time)))))

# Whether all starts meet ends, and would not by chance. Patients who enter late on whole days meet others' ends too, but
# seldom all of them: that m who enter at one time meet as many ends is as likely as at least m where the ends up to the
# last entry are spread evenly over the times (Poisson).
meet_by_design <- function(starts, ends, step, level) {
  if (!all(mapply(each_has_end, starts, ends))) return(FALSE)
  log_chance <- function(starts, ends) {
    entering <- tabulate(match(starts, unique(starts)))
    mean <- sum(ends <= max(starts)) * step / max(starts)
    sum(stats::ppois(entering - 1, mean, lower.tail = FALSE, log.p = TRUE))
  }
  sum(mapply(log_chance, starts, ends)) < log(level)
}

each_has_end <- function(starts, ends) {
  at <- unique(starts)
  ended <- match(ends, at)
  all(tabulate(match(starts, at), length(at)) <= tabulate(ended[!is.na(ended)], length(at)))
}

survival_rows <- function(response, name, rows, call = rlang::caller_env()) {
  read <- read_survival(response, name, call)
  rows$response <- read$time
  rows$event <- read$event
  rows$entry <- read$entry
  list(rows = rows, label = read$label)
}

# A statistic of one time (tau) asks for curves that reach it: a group's last patient was followed so
# long, or had the event, and the curve is at 0 from there on. Returns the statistic, its tau within the times of the study.
check_follow_up <- function(compared, statistic, call = rlang::caller_env()) {
  # Of the log-rank family only the modest weights have a time.
  if (isTRUE(statistic$parameters$t_star > 0)) warn_modest(compared$rows, length(compared$strata), statistic$parameters$t_star)
  arg <- intersect(c("time", "tau"), names(statistic$parameters))
  if (length(arg) == 0) return(statistic)
  refuse_late_start(compared, statistic, call)
  largest <- largest_tau(compared$rows, length(compared$groups))
  # As written: 0.3 is not beyond 0.1 + 0.2.
  beyond <- statistic$parameters[[arg]] - largest
  if (beyond > sqrt(.Machine$double.eps) * max(1, largest)) {
    abort_beyond(arg, statistic$parameters[[arg]], largest, call)
  }
  restrict_tau(statistic, max(compared$rows$response))
}

# Beyond the last time of all nothing was seen. Where the curves are at 0 the estimate does not ask; but those of replicates
# that do not come to 0 would be extended flat, without end.
restrict_tau <- function(statistic, last) {
  tau <- statistic$parameters$tau
  if (is.null(tau) || tau - last <= sqrt(.Machine$double.eps) * max(1, last)) return(statistic)
  statistic$parameters$tau <- last
  statistic$title <- sub(tau_words(tau), tau_words(last), statistic$title, fixed = TRUE)
  statistic$restricted <- paste0("tau = ", format(tau), " is beyond the last time, ", format(last), ": restricted to it")
  warn_her2("{statistic$restricted}.", "tau", tau = tau, largest = last)
  statistic
}

# As titles of statistics have it.
tau_words <- function(tau) paste0("(tau = ", format(tau), ")")

# With delayed entry a group's curve starts when its first patient enters: before, nothing is known.
first_entry <- function(rows, n_groups) {
  if (is.null(rows$entry)) return(rep(0, n_groups))
  vapply(seq_len(n_groups) - 1, function(g) min(rows$entry[rows$group == g]), 0)
}

refuse_late_start <- function(compared, statistic, call) {
  start <- first_entry(compared$rows, length(compared$groups))
  if (all(start <= 0)) return(invisible())
  late <- which.max(start)
  abort_data(c(
    "The {statistic$title} needs curves from time 0 on.",
    x = "In group {.val {compared$groups[[late]]}} nobody is at risk before {.val {start[[late]]}}.",
    i = "The log-rank test and the hazard ratio compare patients while both groups are at risk."
  ), arg = "formula", call = call)
}

largest_tau <- function(rows, n_groups) {
  last <- vapply(seq_len(n_groups) - 1, function(g) {
    own <- rows$group == g
    end <- max(rows$response[own])
    if (all(rows$event[own & rows$response == end] == 1)) Inf else end
  }, 0)
  min(last)
}

abort_beyond <- function(arg, value, largest, call) {
  abort_input(c(
    "{.arg {arg}} must be within the follow-up of both groups.",
    x = "It is {.val {value}}; the largest that the data allow is {.val {largest}}."
  ), arg = arg, value = value, largest = largest, call = call)
}

check_times <- function(time, name, call) {
  # Of 10^6 times the range is seen much sooner than each.
  if (all(is.finite(range(time))) && min(time) >= 0) return(invisible())
  bad <- time[!is.finite(time) | time < 0]
  if (length(bad) > 0) {
    abort_data(c(
      "Survival times must be finite and not negative.",
      x = "{.field {name}} has {count_of(length(bad), 'such time')}: {.val {first_of(bad, 4)}}."
    ), arg = name, values = bad, call = call)
  }
}

check_entry <- function(tied, name, call) {
  never_at_risk(sum(tied$also >= tied$time), name, call)
  tied$also
}
