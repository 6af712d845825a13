# What a `her2_landmark` can do.

#' @export
format.her2_landmark <- function(x, ...) {
  c(
    paste0("Survival by response: ", x$event, " by ", x$group_name),
    format_landmark_groups(x),
    format_landmark_data(x),
    format_landmark_hazards(x),
    format_landmark_means(x),
    format_landmark_differences(x),
    format_landmark_counts(x),
    format_immortal_time(x),
    format_landmark_notes(x)
  )
}

#' @export
print.her2_landmark <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

analysis_titles <- function(rows) {
  ifelse(rows$analysis == "landmark", paste("landmark", format_plain(rows$time)),
    c(`from response` = "from the assessment", `time-dependent` = "time-dependent, from baseline",
      naive = "naive, from baseline: BIASED")[rows$analysis]
  )
}

hazard_rows <- function(x) x$estimates[x$estimates$term == "log_hazard_ratio", ]

# Lines that a page holds.
page_lines <- function(text, indent = 0) {
  strwrap(text, 100, indent = indent, exdent = indent + 2)
}

# Long names in full once, and then in short.
short_groups <- function(x) {
  long <- nchar(x$groups) > 24
  ifelse(long, paste0(substr(x$groups, 1, 21), "..."), x$groups)
}

format_landmark_groups <- function(x) {
  page_lines(paste0(
    x$groups[[2]], ": ", count_of(x$responders, "patient"), " ever; ", x$groups[[1]], ": ", x$n - x$responders,
    if (x$never_assessed > 0) {
      paste0(", ", x$never_assessed, " of them never assessed (", count_of(x$never_events, "event"), ")")
    },
    "; together ", count_of(x$n, "patient"), ", ", count_of(x$events, "event"),
    data_remarks(x)
  ), 2)
}

format_landmark_data <- function(x) {
  n_strata <- length(x$strata)
  c(
    page_lines(paste0(
      "the response became known from ", format_number(x$known[[1]]), " to ", format_number(x$known[[3]]), ", median ",
      format_number(x$known[[2]]), " (times in units of ", x$event, "); until then everybody counts as ", x$groups[[1]]
    ), 2),
    if (x$by_default) {
      paste0("  landmarks: quantiles ", toString(paste0(100 * landmark_quantiles, "%")), " of these times, each once")
    },
    if (n_strata) paste0("  hazard ratios and tests within ", count_of(n_strata, "stratum", "strata"))
  )
}

format_landmark_hazards <- function(x) {
  rows <- hazard_rows(x)
  tests <- x$estimates[x$estimates$term == "test", ]
  key <- function(r) paste(r$analysis, r$time)
  p <- tests$p.value[match(key(rows), key(tests))]
  known <- !is.na(rows$estimate)
  limits <- paste0("(", format_interval(exp(rows$conf.low), exp(rows$conf.high)), ")")
  c(
    page_lines(paste0(
      "hazard ratio, ", x$groups[[2]], " over ", x$groups[[1]], "; below 1: fewer events with ", x$groups[[2]], " (",
      format_level(x), " intervals)"
    )),
    format_columns(list(
      analysis_titles(rows), paste("n =", rows$n), paste("events", rows$events),
      ifelse(known, format_number(exp(rows$estimate)), "none"),
      ifelse(is.na(rows$conf.low), "no interval", limits),
      ifelse(is.na(rows$p.value), "", paste("Wald p", format_p(rows$p.value))),
      ifelse(is.na(p), "", paste("log-rank p", format_p(p)))
    ))
  )
}

# Differences of one kind, a row a start.
format_landmark_rows <- function(x, rows, title, extra = NULL) {
  if (nrow(rows) == 0) return(NULL)
  unknown <- is.na(rows$estimate)
  c(
    page_lines(paste0(title, ", ", x$groups[[2]], " minus ", x$groups[[1]], "; above 0: longer with ", x$groups[[2]])),
    format_columns(c(list(analysis_titles(rows)), extra, list(
      ifelse(unknown, "beyond follow-up", format_number(rows$estimate)),
      ifelse(is.na(rows$conf.low), "", paste0("(", format_interval(rows$conf.low, rows$conf.high), ")")),
      ifelse(is.na(rows$p.value), "", paste("p", format_p(rows$p.value)))
    )))
  )
}

format_landmark_means <- function(x) {
  rows <- x$estimates[x$estimates$term == "rmst_difference", ]
  format_landmark_rows(x, rows, paste0(
    "restricted mean survival time over ", format_plain(x$tau), " units of time from the start of counting"
  ))
}

format_landmark_differences <- function(x) {
  rows <- x$estimates[x$estimates$term == "survival_difference", ]
  format_landmark_rows(x, rows, "survival", list(paste("at +", format_plain(rows$horizon))))
}

# Who is in each group, and who is not.
format_landmark_counts <- function(x) {
  counts <- x$counts[x$counts$analysis %in% c("landmark", "from response"), ]
  first <- counts[counts$group == x$groups[[1]], ]
  second <- counts[counts$group == x$groups[[2]], ]
  held <- function(rows) paste0(rows$n, " (", rows$events, ")")
  out <- function(rows) paste0(rows$excluded.events + rows$excluded.censored, " (", rows$excluded.events, ")")
  titles <- c("", analysis_titles(first))
  names <- short_groups(x)
  c(
    "at risk at the start of counting, by the response known then: patients (events)",
    format_columns(list(
      titles, c(names[[2]], held(second)), c(names[[1]], held(first)),
      c("of whom not yet assessed", first$not.yet.assessed),
      c("responders later", first$later.responders)
    )),
    "left out, as their time ended before the start, by the response ever seen: patients (events)",
    format_columns(list(titles, c(names[[2]], out(second)), c(names[[1]], out(first)), c("", ifelse(
      first$analysis == "from response" & x$never_assessed > 0, paste("with the", x$never_assessed, "never assessed"), ""
    ))))
  )
}

# Person-time: four digits, and no power of ten.
format_amount <- function(x) format(signif(x, 4), big.mark = ",", scientific = FALSE, trim = TRUE)

format_immortal_time <- function(x) {
  other <- x$groups[[2]]
  c(
    "immortal time",
    page_lines(paste0(
      "The naive analysis counts to ", other, " ", format_amount(x$immortal$time), " units of time (",
      format_percent(x$immortal$share), " of the ", format_amount(x$immortal$of), " of these ",
      count_of(x$immortal$responders, "patient"),
      ") from before their response was known: none of them can have had an event in it."
    ), 2),
    page_lines(format_bias(x), 2),
    if (x$bias$R > 0) page_lines(format_bias_bootstrap(x$bias), 2)
  )
}

format_bias <- function(x) {
  bias <- x$bias
  if (is.na(bias$estimate)) return("The bias has no estimate, as a hazard ratio has none.")
  interval <- if (bias$R > 0 && !is.na(bias$conf.low)) {
    paste0(" (", format_level(x), " interval ", format_interval(exp(bias$conf.low), exp(bias$conf.high)), ")")
  }
  look <- if (abs(bias$estimate) < 1e-12) "as" else if (bias$estimate < 0) "better than" else "worse than"
  paste0(
    "Naive over time-dependent hazard ratio: ", format_number(exp(bias$estimate)), interval,
    ". In these patients the naive analysis makes ", x$groups[[2]], " look ", look, " the time-dependent one does",
    if (is.null(interval)) "; how certain that is no interval says." else "."
  )
}

format_bias_bootstrap <- function(bias) {
  paste0(
    "Percentile bootstrap of patients, R = ", format(bias$R, big.mark = ","), ", seed ",
    format(bias$seed, scientific = FALSE), "; samples without a finite value: ", bias$failed,
    if (!anyNA(bias$mc.error)) {
      error <- paste(format_number(bias$mc.error, 2), collapse = " and ")
      paste0("; Monte Carlo error of the ends, on the log scale: ", error)
    }
  )
}

format_landmark_notes <- function(x) {
  rows <- hazard_rows(x)
  rows <- rows[!is.na(rows$reason), ]
  unlist(lapply(paste0("note: ", c(
    if (nrow(rows)) paste0(sub(": BIASED", "", analysis_titles(rows)), ": ", rows$reason, "."), x$bias$notes,
    "A landmark speaks of those who live to it. Response is not randomised: none of this is the effect of responding."
  )), page_lines, indent = 2))
}

#' @rdname landmark_survival
#' @param x A `her2_landmark`.
#' @param what `"estimates"` or `"counts"`.
#' @param ... Not used.
#' @export
tidy.her2_landmark <- function(x, what = c("estimates", "counts"), ...) {
  what <- check_option(what, c("estimates", "counts"), "what")
  if (what == "counts") x$counts else two_sided(x$estimates)
}

#' @rdname landmark_survival
#' @export
glance.her2_landmark <- function(x, ...) {
  interval <- if (is.null(x$bias$conf.low)) c(NA_real_, NA_real_) else c(x$bias$conf.low, x$bias$conf.high)
  data.frame(
    reference = x$groups[[1]], other = x$groups[[2]], n = x$n, events = x$events, responders = x$responders,
    never_assessed = x$never_assessed, landmarks = length(x$landmarks), strata = max(1L, length(x$strata)),
    tau = if (is.null(x$tau)) NA_real_ else x$tau, immortal_time = x$immortal$time, immortal_share = x$immortal$share,
    bias = x$bias$estimate, bias.low = interval[[1]], bias.high = interval[[2]], R = x$bias$R,
    seed = if (is.null(x$bias$seed)) NA_real_ else x$bias$seed,
    failed = if (is.null(x$bias$failed)) 0 else x$bias$failed,
    conf.level = x$conf.level, n_dropped = x$n_dropped
  )
}

#' @export
as.data.frame.her2_landmark <- function(x, ...) tidy(x)

#' @export
summary.her2_landmark <- function(object, ...) object
