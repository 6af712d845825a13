# The four analyses of survival by response. Each has a row of counts a group, and rows of estimates.

# From a start (one landmark, or each patient's own) on: those still at risk after it, by the response
# that is known at it. `at`: the landmark; NA where everybody counts from his own assessment.
analyse_from <- function(d, at, wanted) {
  rows <- d$rows
  own <- is.na(at)
  start <- if (own) rows$known else rep(at, nrow(rows))
  group <- as.integer(rows$ever == 1 & rows$known <= start)
  kept <- rows$time > start
  counts <- counts_from(rows, group, kept, start, d$groups)
  counts <- data.frame(analysis = if (own) "from response" else "landmark", time = at, counts)
  reason <- reason_empty(counts, own)
  comparison <- if (is.na(reason)) compare_from(d, rows, start, group, kept, own, at, wanted)
  list(at = at, counts = counts, reason = reason, comparison = comparison)
}

# Of those before the start: `excluded.events`, `excluded.censored`, by the response ever seen.
counts_from <- function(rows, group, kept, start, groups) {
  of <- function(g) {
    in_group <- kept & group == g
    # From the assessment on, the never assessed have no start.
    out <- !kept & rows$ever == g
    data.frame(
      group = groups[[g + 1]], n = sum(in_group), events = sum(rows$event[in_group]),
      excluded.events = sum(rows$event[out]), excluded.censored = sum(out) - sum(rows$event[out]),
      # Those whose response becomes known later count to the reference now.
      not.yet.assessed = sum(in_group & rows$known > start),
      later.responders = sum(in_group & rows$ever == 1 & rows$known > start)
    )
  }
  rbind(of(0), of(1))
}

reason_empty <- function(counts, own) {
  empty <- counts$group[counts$n == 0]
  if (length(empty) == 0) return(NA_character_)
  paste0("nobody still at risk ", if (own) "was assessed as " else "counts as ", paste(empty, collapse = " or "))
}

compare_from <- function(d, rows, start, group, kept, own, at, wanted) {
  frame <- data.frame(
    time = time_since(start, kept, rows), event = rows$event[kept],
    response = factor(d$groups[group[kept] + 1L], levels = d$groups)
  )
  if (length(d$strata)) frame$stratum <- d$strata[rows$stratum[kept] + 1L]
  # Where follow-up does not reach the window the curves keep a tau of their own.
  reaches <- !is.null(wanted$tau) && wanted$tau <= largest_window(frame)
  compared <- withCallingHandlers(
    rlang::inject(compare_survival(
      Surv(time, event) ~ response, frame,
      times = !!wanted$times, tau = !!(if (reaches) wanted$tau),
      strata = !!(if (length(d$strata)) quote(stratum)), conf.level = !!wanted$conf.level
    )),
    her2mod_warning_degenerate = function(w) invokeRestart("muffleWarning")
  )
  compared$event <- paste0(d$label, ", counted from ", if (own) "the assessment" else paste("landmark", format(at)))
  compared$group_name <- d$group_name
  compared$simulated <- d$simulated
  compared$call <- NULL
  compared
}

# Differences that are equal but for rounding are ties.
time_since <- function(start, kept, rows) cpp_tied_times((rows$time - start)[kept], double())$time

# The largest tau that both curves allow.
largest_window <- function(frame) {
  largest_tau(list(group = as.integer(frame$response) - 1L, response = frame$time, event = frame$event), 2)
}

# The window of restricted means: what all landmarks with both groups were followed to.
common_window <- function(d, landmarks) {
  followed <- vapply(landmarks, function(at) {
    kept <- d$rows$time > at
    known <- (d$rows$ever == 1 & d$rows$known <= at)[kept]
    if (!any(known) || all(known)) return(NA_real_)
    time <- time_since(at, kept, d$rows)
    min(max(time[known]), max(time[!known]))
  }, 0)
  if (all(is.na(followed))) NULL else min(followed, na.rm = TRUE)
}

# --- one model from baseline on ----------------------------------------------------------------------

# Rows of a Cox model with (start, stop]: a responder is without response until it is known. `of` is the
# patient of each row. A start below 0 lets an event at time 0 count, as it does without start times.
split_rows <- function(rows) {
  # A response counts after it is known. One known at 0 needs no split, unless somebody has an event there; one known at the
  # end of the patient's time has none.
  first <- if (any(rows$event == 1 & rows$time == 0)) -1 else 0
  split <- rows$ever == 1 & rows$known > first & rows$known < rows$time
  n <- nrow(rows)
  from <- which(split)
  group <- ifelse(rows$ever == 1 & rows$known <= first, 1L, 0L)
  out <- list(
    group = c(group, rep(1L, length(from))),
    response = c(ifelse(split, rows$known, rows$time), rows$time[from]),
    event = c(ifelse(split, 0L, rows$event), rows$event[from]),
    entry = c(rep(-1, n), rows$known[from])
  )
  out$stratum <- rows$stratum[c(seq_len(n), from)]
  c(out, list(of = c(seq_len(n), from)))
}

model_job <- function(columns, n_strata) {
  cohort <- c(columns[setdiff(names(columns), "of")], list(n_groups = 2L, n_strata = n_strata))
  list(cohort = cohort, statistic = "log_hazard_ratio", parameters = double())
}

# The naive and the time-dependent model as jobs of the core.
baseline_jobs <- function(d) {
  rows <- d$rows
  n_strata <- max(1L, length(d$strata))
  naive <- list(group = as.integer(rows$ever), response = rows$time, event = rows$event)
  naive$stratum <- rows$stratum
  split <- split_rows(rows)
  list(naive = model_job(naive, n_strata), dependent = model_job(split, n_strata), of = split$of)
}

# None where a model has only one group: every response became known at the end of the patient's own time.
baseline_estimates <- function(d, jobs, wanted) {
  other <- d$groups[[2]]
  row <- function(job, analysis) {
    both <- length(unique(job$cohort$group)) == 2
    found <- if (both) call_core(cpp_evaluate(job, outputs = 2L))$values else c(NA_real_, NA_real_)
    estimate <- if (is.nan(found[[1]])) NA_real_ else found[[1]]
    wald <- wald_row("log_hazard_ratio", "cox", other, NA_real_, estimate, found[[2]], wanted)
    if (!is.finite(estimate)) wald[uncertain] <- NA_real_
    reason <- if (is.na(estimate)) no_estimate_reason else if (is.infinite(estimate)) monotone_reason else NA_character_
    cbind(wald, analysis, horizon = NA_real_, n = nrow(d$rows), events = sum(d$rows$event), reason = reason)
  }
  rbind(row(jobs$dependent, "time-dependent"), row(jobs$naive, "naive"))
}

uncertain <- c("std.error", "conf.low", "conf.high", "statistic", "p.value")
no_estimate_reason <- "no event tells the groups apart"
certain_reason <- "nobody, or everybody, of a group has had the event by then: the difference has no interval and no p-value"
monotone_reason <- "a group has no event while the other is at risk: the hazard ratio is 0 or Inf, without interval"

baseline_counts <- function(d, jobs) {
  of <- function(job, analysis) {
    group <- job$cohort$group
    data.frame(
      analysis, time = NA_real_, group = d$groups,
      n = tabulate(group + 1L, 2), events = tabulate(group[job$cohort$event == 1] + 1L, 2),
      excluded.events = 0, excluded.censored = 0, not.yet.assessed = 0, later.responders = 0
    )
  }
  rbind(of(jobs$dependent, "time-dependent"), of(jobs$naive, "naive"))
}

# --- rows of estimates of one start ------------------------------------------------------------------

kept_terms <- c("log_hazard_ratio", "rmst_difference", "survival_difference")

analysis_rows <- function(analysis, other, tau) {
  name <- analysis$counts$analysis[[1]]
  counted <- list(n = sum(analysis$counts$n), events = sum(analysis$counts$events))
  if (is.null(analysis$comparison)) {
    none <- estimate_row("log_hazard_ratio", "cox", other, analysis$at)
    return(cbind(none, analysis = name, horizon = NA_real_, n = counted$n, events = counted$events, reason = analysis$reason))
  }
  found <- analysis$comparison$estimates
  rows <- found[found$term %in% kept_terms | (found$term == "test" & found$method == "logrank"), ]
  rows$group <- other
  rows$analysis <- name
  rows$horizon <- rows$time
  rows$time <- analysis$at
  rows$n <- counted$n
  rows$events <- counted$events
  ratio <- rows$term == "log_hazard_ratio"
  rows$reason <- NA_character_
  short <- rows$term == "rmst_difference" & rows$horizon != tau
  rows$reason[short] <- "follow-up ends before tau"
  rows$horizon[short] <- tau
  infinite <- ratio & is.infinite(rows$estimate)
  rows$reason[infinite] <- monotone_reason
  rows$reason[ratio & is.na(rows$estimate)] <- no_estimate_reason
  certain <- rows$term %in% c("rmst_difference", "survival_difference") & !is.na(rows$estimate) & is.na(rows$conf.low)
  rows$reason[certain & is.na(rows$reason)] <- certain_reason
  rows$estimate[short | is.na(rows$estimate)] <- NA_real_
  rows[infinite | is.na(rows$estimate), uncertain] <- NA_real_
  rows
}
