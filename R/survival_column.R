# A Surv that was made before the formula saw it has been through Surv()'s guesses. What they leave behind
# is told.

# * Times that are NaN: an error, as they are in a formula.
# * Patients with a time and no status (of 0, 1 and 2 it takes 1 for censored, and makes 0 missing), or with a stop
#   and no start (a start that is not before its stop becomes NA): they will be dropped as missing.
# * Nobody censored: that is also what 1/2 becomes where nobody had the event.
# `written`: the response as the formula has it.
question_response <- function(response, written, call = rlang::caller_env()) {
  read <- inherits(response, "Surv") && attr(response, "type") %in% c("right", "counting", "mright", "mcounting")
  if (!read || is_read_strictly(written)) return(invisible())
  columns <- surv_columns(response)
  refuse_nan(c(columns$start, columns$time), call)
  told <- c(
    lost_status(sum(is.na(columns$status) & !is.na(columns$time) & !is.na(columns$start))),
    lost_start(sum(is.na(columns$start) & !is.na(columns$time) & !is.na(columns$status))),
    if (!columns$states && length(columns$status) > 1 && all(columns$status %in% 1)) none_censored(length(columns$status))
  )
  if (length(told) == 0) return(invisible())
  name <- rlang::as_label(written)
  warn_her2(c(
    "{.field {name}} was made beforehand: {.fn Surv} may have changed it.", told,
    i = "Write {.code Surv(time, status)} in the formula: there each value is read as it is, or refused."
  ), "survival_column")
}

surv_columns <- function(response) {
  parts <- unclass(response)
  truncated <- "start" %in% colnames(parts)
  list(
    start = if (truncated) parts[, "start"] else rep(0, nrow(parts)),
    time = parts[, if (truncated) "stop" else "time"], status = parts[, "status"],
    states = attr(response, "type") %in% c("mright", "mcounting")
  )
}

lost_status <- function(rows) {
  if (rows == 0) return(NULL)
  c(x = cli::format_inline(
    "{count_of(rows, 'row')} {cli::qty(rows)}{?has/have} a time and no status, as where {.fn Surv} meets 0, 1 and 2: ",
    "it takes 2 for the event and 1 for censored."
  ))
}

lost_start <- function(rows) {
  if (rows == 0) return(NULL)
  c(x = cli::format_inline(
    "{count_of(rows, 'row')} {cli::qty(rows)}{?has/have} a stop and no start, as where a start is not before its stop."
  ))
}

none_censored <- function(rows) {
  c(x = cli::format_inline(
    "Each of the {count_of(rows, 'row')} has an event, as where 1 meant censored, 2 the event, and nobody had it."
  ))
}

# Whether the formula itself calls one of the constructors.
is_read_strictly <- function(written) {
  if (!rlang::is_call(written)) return(FALSE)
  if (is.function(written[[1]])) return(any(vapply(survival_readers(), identical, NA, written[[1]])))
  !identical(strict_response(written), written)
}
