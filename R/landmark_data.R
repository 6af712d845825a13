# From a formula, a data frame and the times at which responses became known to one row a patient:
# time, event, ever (0 or 1: whether the response was seen, ever), known (when it became known; Inf
# where never), stratum (NULL where there are none).

landmark_data <- function(formula, data, quoted, na.action, ref, landmarks, call = rlang::caller_env()) {
  quoted <- separate_number(quoted, data, formula, call)
  columns <- model_columns(formula, data, quoted, landmark_na_action(na.action, quoted$number, ref, call), call)
  if (columns$n_rows == 0) {
    abort_data(c("No rows are left to compare.", i = "{count_of(columns$n_dropped, 'row')} had missing values."),
      call = call
    )
  }
  columns <- plain_labels(columns)
  group <- read_groups(columns$group, columns$group_name, ref, c(2, 2), columns$n_rows, call)
  question_reference(group$levels)
  response <- read_survival(columns$response, columns$response_name, call)
  if (!is.null(response$entry)) {
    abort_input(c(
      "Time must count from baseline: {.code Surv(time, status)}.",
      x = "{.field {columns$response_name}} has start and stop times."
    ), arg = "formula", call = call)
  }
  known <- if (is.null(quoted$number)) as.double(columns$response_time) else rep(quoted$number, columns$n_rows)
  tied <- tie_known(response$time, known, landmarks)
  rows <- data.frame(ever = group$code, time = tied$time, event = response$event, known = tied$known)
  strata <- read_strata(columns$strata, call)
  rows$stratum <- strata$code
  rows <- check_known(rows, is.null(quoted$number), group$levels, call)
  list(
    # Sorted by all there is, so that the order of the data does not matter.
    rows = take_rows(rows, do.call(order, unname(as.list(rows)))), landmarks = tied$landmarks, groups = group$levels,
    strata = strata$levels, label = response$label, group_name = columns$group_name, n_dropped = columns$n_dropped,
    simulated = columns$simulated
  )
}

# One number for everybody is kept out of the model frame, whose columns have a value a patient.
separate_number <- function(quoted, data, formula, call) {
  if (is.null(quoted$response_time)) {
    abort_input(c(
      "{.arg response_time} must say when the response became known.",
      i = "A column (for example the time from diagnosis to surgery), or one number for all."
    ), arg = "response_time", call = call)
  }
  value <- tryCatch(eval(quoted$response_time, data, rlang::f_env(formula)), error = function(e) {
    abort_input(c("{.arg response_time} could not be read.", x = conditionMessage(e)),
      arg = "response_time", call = call, parent = NA
    )
  })
  bad <- if (is.numeric(value)) value[is.nan(value) | is.infinite(value) | (!is.na(value) & value < 0)]
  if (!is.numeric(value) || length(bad) > 0) {
    abort_input(c(
      "{.arg response_time} must be numbers of at least 0, in the unit of the survival time.",
      i = "{.code NA}: never assessed.",
      x = if (is.numeric(value)) "It has {.val {first_of(bad, 4)}}." else "It is {.obj_type_friendly {value}}."
    ), arg = "response_time", value = first_of(bad, 4), call = call)
  }
  if (length(value) == 1) {
    if (is.na(value)) {
      abort_input("{.arg response_time} must not be {.code NA} for all.", arg = "response_time", call = call)
    }
    quoted$number <- as.double(value)
    quoted["response_time"] <- list(NULL)
  }
  quoted
}

# Who was never assessed has neither a response nor its time, and must not be dropped as missing:
# patients who fail early would be lost, and with them the events of the group without response.
landmark_na_action <- function(na.action, number, ref, call) {
  force(number)
  force(ref)
  handler <- if (!is.null(na.action)) match.fun(na.action) else identity
  function(frame) {
    # Without a grouping variable the second column is one of ours.
    if (grepl("^\\(", names(frame)[[2]])) return(handler(frame))
    frame[[2]] <- response_levels(frame[[2]])
    time <- if (inherits(frame[[1]], "Surv")) unclass(frame[[1]])[, 1] else rep(NA_real_, nrow(frame))
    unknown <- is.na(frame[[2]])
    never <- if (is.null(number)) is.na(frame[["(response_time)"]]) else unknown & !is.na(time) & time < number
    if (is.null(number)) frame[["(response_time)"]][never] <- Inf
    reference <- if (is.null(ref)) levels(frame[[2]])[1] else as.character(ref)
    if (length(reference) == 1 && reference %in% levels(frame[[2]])) frame[[2]][never & unknown] <- reference
    handler(frame)
  }
}

response_levels <- function(response) {
  if (is.factor(response)) return(response)
  if (is.logical(response)) return(factor(response, c(FALSE, TRUE)))
  if (is.numeric(response) && all(response %in% c(0, 1, NA))) return(factor(response, 0:1))
  factor(response)
}

# "TRUE over FALSE" says little: "pcr over no pcr".
plain_labels <- function(columns) {
  yes_no <- list(c("FALSE", "TRUE"), c("0", "1"))
  if (is.null(columns$group) || !any(vapply(yes_no, identical, NA, levels(columns$group)))) return(columns)
  plain <- make.names(columns$group_name) == columns$group_name
  levels(columns$group) <- if (plain) paste0(c("no ", ""), columns$group_name) else c("no", "yes")
  columns
}

# Until a response is known a patient counts to the reference, which therefore must be "no response".
question_reference <- function(groups) {
  sounds <- grepl("^(p?cr$|pcr[^a-z]|yes|true|complete|respon|orr?$)", groups, ignore.case = TRUE)
  if (!sounds[[1]] || sounds[[2]]) return(invisible())
  warn_her2(c(
    "Is {.val {groups[[1]]}} the absence of response?",
    x = "Until a response is known everybody counts as {.val {groups[[1]]}}.",
    i = "{.code ref = \"{groups[[2]]}\"} makes {.val {groups[[2]]}} the reference."
  ), "flipped")
}

# Times, response times and landmarks that differ by rounding alone are one.
tie_known <- function(time, known, landmarks) {
  some <- is.finite(known)
  tied <- cpp_tied_times(time, c(known[some], landmarks))
  known[some] <- tied$also[seq_len(sum(some))]
  list(time = tied$time, known = known, landmarks = tied$also[seq_along(landmarks) + sum(some)])
}

# `own`: whether each patient has a response time of his own.
check_known <- function(rows, own, groups, call) {
  unseen <- sum(rows$ever == 1 & is.infinite(rows$known))
  if (unseen > 0) {
    what <- count_of(unseen, "patient")
    abort_data(c(
      "Each response must have a time at which it became known.",
      x = "{what} {cli::qty(unseen)}{?is/are} {.val {groups[[2]]}} without a {.arg response_time}."
    ), arg = "response_time", call = call)
  }
  # With one number for all it is what was planned: who was no longer there was not assessed.
  if (!own) rows$known[rows$ever == 0 & rows$known > rows$time] <- Inf
  late <- is.finite(rows$known) & rows$known > rows$time
  if (any(late)) {
    responders <- sum(rows$ever[late])
    what <- count_of(sum(late), "patient")
    abort_data(c(
      "{.arg response_time} must not be after the patient's own time.",
      x = "{what} ({responders} of them {.val {groups[[2]]}}) {cli::qty(sum(late))}{?was/were} assessed later.",
      i = "Do both count from the same day, in the same unit? {.code NA} where never assessed."
    ), arg = "response_time", values = first_of(rows$known[late], 4), call = call)
  }
  if (all(is.infinite(rows$known))) {
    abort_data("Nobody was assessed: every {.arg response_time} is missing.", arg = "response_time", call = call)
  }
  rows
}

# By default quantiles of the response times: some early responses are known, half, nearly all, all.
landmark_quantiles <- c(0.25, 0.5, 0.75, 0.9, 1)

choose_landmarks <- function(landmarks, rows) {
  if (length(landmarks)) return(sort(unique(landmarks)))
  known <- rows$known[is.finite(rows$known)]
  found <- unique(unname(stats::quantile(known, landmark_quantiles, type = 1)))
  inside <- found[found < max(rows$time)]
  if (length(inside)) inside else min(known)
}

check_landmarks <- function(landmarks, call = rlang::caller_env()) {
  if (is.null(landmarks)) return(double())
  if (!is.numeric(landmarks) || length(landmarks) == 0 || any(!is.finite(landmarks)) || any(landmarks < 0)) {
    abort_input(c(
      "{.arg landmarks} must be finite times of at least 0.",
      x = "They are {.val {first_of(landmarks, 5)}}."
    ),
      arg = "landmarks", value = landmarks, call = call
    )
  }
  as.double(landmarks)
}

refuse_late_landmarks <- function(landmarks, rows, call) {
  last <- max(rows$time)
  late <- landmarks[landmarks >= last]
  if (length(late)) {
    abort_input(c(
      "Each landmark must be before the end of follow-up.",
      x = "{.val {first_of(late, 4)}} {cli::qty(length(late))}{?is/are} not.",
      i = "The last patient is followed to {.val {last}}."
    ), arg = "landmarks", value = late, largest = last, call = call)
  }
}
