# Whether the t* of the modestly weighted log-rank test says anything. A stratum's weights 1 / max(S(t-), S(t*)) are all 1
# where t* is before its first event; from its last event time but one on they are 1 / S(t-), whatever t*; and with one event
# time they are 1.

# Between which times, c(first, last), some stratum's weights depend on t*; c(Inf, -Inf) if none do.
modest_span <- function(rows) {
  dies <- rows$event == 1
  spans <- lapply(split(rows$response[dies], stratum_of(rows)[dies]), function(time) {
    time <- sort(unique(time))
    if (length(time) < 2) c(Inf, -Inf) else time[c(1, length(time) - 1)]
  })
  c(min(Inf, vapply(spans, `[[`, 0, 1)), max(-Inf, vapply(spans, `[[`, 0, 2)))
}

# NULL where t* says something, or nobody has an event (which is told elsewhere).
modest_note <- function(rows, n_strata, t_star) {
  if (all(rows$event == 0)) return(NULL)
  span <- modest_span(rows)
  within <- if (n_strata > 1) ", within each stratum"
  if (is.infinite(span[[1]])) {
    return(paste0("All events are at one time", within, ": with any t_star the modestly weighted test is the log-rank test."))
  }
  # As the core compares them: 0.3 is also 0.1 + 0.2.
  is_before <- function(a, b) b - a > sqrt(.Machine$double.eps) * max(1, a)
  shown <- format_plain(c(t_star, span))
  if (is_before(t_star, span[[1]])) {
    return(paste0(
      "t_star = ", shown[[1]], " is before the first event", if (n_strata > 1) " of every stratum with several", " (at ",
      shown[[2]], "): all weights are 1, and the modestly weighted test is the log-rank test."
    ))
  }
  if (!is_before(span[[2]], t_star)) return(NULL)
  ends <- format_plain(c(max(rows$response[rows$event == 1]), max(rows$response)))
  paste0(
    "t_star = ", shown[[1]], " bounds no weight: from ", shown[[3]], " on (the last event time but one", within,
    ") every t_star gives the weights 1/S(t-). The last event is at ", ends[[1]], ", follow-up ends at ", ends[[2]], "."
  )
}

# `rows`: response, event and stratum of a cohort. The note, for a print, or NULL.
warn_modest <- function(rows, n_strata, t_star) {
  if (is.null(t_star)) return(NULL)
  note <- modest_note(rows, n_strata, t_star)
  if (is.null(note)) return(NULL)
  warn_her2(c("{note}", i = "{.arg t_star} is a time in the units of the response."), "t_star", t_star = t_star)
  note
}
