# `figures`: matrices group x outcome `text`, `units`, `digits` and `events`; vectors `n` (by group)
# and `total_events` (by outcome); `total`; NA where nothing was printed. `cap` bounds a size that
# nothing else does; `call` is whom errors name.
read_figures <- function(percent, n, total, events, total_events, call = rlang::caller_env()) {
  percent <- read_percent(percent, call)
  groups <- names(percent[[1]])
  outcomes <- names(percent)
  parsed <- lapply(percent, function(x) parse_percent(x[groups], "percent", call))
  by_cell <- function(by_outcome) matrix(unlist(by_outcome), length(groups))
  one <- length(outcomes) == 1
  if (one && !is.list(events)) events <- rlang::set_names(list(events), outcomes)
  if (one && is.numeric(total_events) && is.null(names(total_events))) {
    check_count(total_events, "total_events", call = call)
    names(total_events) <- outcomes
  }
  check_names(events, outcomes, "events", call)
  figures <- list(
    groups = groups, outcomes = outcomes,
    text = by_cell(lapply(parsed, `[[`, "text")),
    units = by_cell(lapply(parsed, `[[`, "units")),
    digits = by_cell(lapply(parsed, `[[`, "digits")),
    n = read_by_name(n, groups, "n", 1, call),
    total = if (is.null(total)) NA_real_ else check_count(total, "total", min = 1, call = call),
    events = by_cell(lapply(outcomes, function(o) {
      read_by_name(events[[o]], groups, "events", 0, call)
    })),
    total_events = read_by_name(total_events, outcomes, "total_events", 0, call),
    cap = Inf, call = call
  )
  check_events_in_n(figures, call)
  figures
}

read_percent <- function(percent, call) {
  if (!is.list(percent)) percent <- list(outcome = percent)
  check_names(percent, NULL, "percent", call)
  for (x in percent) {
    if (!is.character(x)) parse_percent(x, "percent", call)
    check_names(x, NULL, "percent", call)
    if (!setequal(names(x), names(percent[[1]]))) {
      abort_input(c(
        "The outcomes in {.arg percent} must share their groups.",
        x = "One has {.val {names(percent[[1]])}}, another {.val {names(x)}}."
      ), arg = "percent", value = names(x), call = call)
    }
  }
  percent
}

# Names must be there, differ, and (where `known` is given) be known. NULL has none to check.
check_names <- function(x, known, arg, call) {
  if (is.null(x) && !is.null(known)) return(invisible())
  seen <- rlang::names2(x)
  bad <- seen[is.na(seen) | seen == "" | duplicated(seen) | (!is.null(known) & !seen %in% known)]
  if (length(x) == 0 || length(bad) > 0) {
    abort_input(c(
      "{.arg {arg}} must be named, each name once{if (length(known)) ', out of '}{.val {known}}.",
      x = if (length(x) == 0) "It is empty." else "Its names are {.val {seen}}.",
      i = "Figures are matched by name, never by position."
    ), arg = arg, value = seen, call = call)
  }
}

# Whole numbers by name, NA where unknown, in the order of `known`.
read_by_name <- function(x, known, arg, min, call) {
  if (is.null(x)) return(rlang::rep_along(known, NA_real_))
  if (is.logical(x) && all(is.na(x))) x <- x + 0
  if (!is.numeric(x)) x <- check_count(x, arg, min, call = call)
  check_names(x, known, arg, call)
  for (value in x[is.nan(x) | !is.na(x)]) check_count(value, arg, min, call = call)
  unname(as.double(x[known]))
}

check_events_in_n <- function(figures, call) {
  bad <- which(figures$events > figures$n, arr.ind = TRUE)
  if (nrow(bad) > 0) {
    x <- figures$events[bad[1, , drop = FALSE]]
    size <- figures$n[[bad[1, 1]]]
    abort_input(c(
      "{.arg events} must not exceed {.arg n}.",
      x = "Group {.val {figures$groups[bad[1, 1]]}} has {x} event{?s} in {size} patient{?s}."
    ), arg = "events", value = x, call = call)
  }
}

check_bounded <- function(figures) {
  bounds <- vapply(seq_along(figures$n), function(g) size_bound(figures, g), 0)
  open <- figures$groups[is.infinite(bounds)]
  if (length(open) > 0) {
    abort_input(c(
      "Nothing bounds the size of group{?s} {.val {open}}.",
      i = paste(
        "Give {.arg total}, or the size in {.arg n}, or {.arg events} or {.arg total_events}",
        "with a percentage above 0."
      )
    ), arg = "total", value = open, call = figures$call)
  }
}
