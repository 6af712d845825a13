# What a `her2_survival` can do.

#' @export
format.her2_survival <- function(x, ...) {
  x <- spoken_groups(x)
  several <- length(x$groups) > 1
  c(
    paste0("Survival: ", x$event, if (several) paste(" by", x$group_name)),
    format_survival_groups(x),
    format_survival_data(x),
    format_survival_times(x),
    format_restricted_means(x),
    if (several) unlist(lapply(x$groups[-1], function(other) format_survival_effects(x, other))),
    if (several) format_survival_tests(x),
    if (length(x$notes)) paste0("  note: ", x$notes)
  )
}

#' @export
print.her2_survival <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

rows_of <- function(x, term, group = NULL) {
  rows <- x$estimates[x$estimates$term == term, ]
  if (is.null(group)) rows else rows[rows$group %in% group, ]
}

format_time <- function(t) ifelse(is.na(t), "not reached", format_number(t))

# Of a time that was reached limits that are both unknown are no interval.
format_time_limits <- function(estimate, low, high) {
  ifelse(!is.na(estimate) & is.na(low) & is.na(high), "(no interval)",
    paste0("(", format_time(low), " to ", format_time(high), ")")
  )
}

format_level <- function(x) paste0(format(100 * x$conf.level), "%")

format_survival_groups <- function(x) {
  counts <- group_counts(x$cells, x$groups)
  count <- function(n) format(n, big.mark = ",", scientific = FALSE, trim = TRUE)
  median <- rows_of(x, "median")
  note <- ifelse(length(x$groups) > 1 & seq_along(x$groups) == 1, " (reference)", "")
  format_columns(list(
    paste0(x$groups, note), paste(if (x$split) "rows:" else "n =", count(counts$n)), paste("events", count(counts$x)),
    paste("median follow-up", if (x$split) "not known" else format_time(x$follow_up)),
    paste("median survival", format_time(median$estimate)),
    format_time_limits(median$estimate, median$conf.low, median$conf.high)
  ))
}

format_survival_data <- function(x) {
  n_strata <- length(x$strata)
  paste0(
    "  ", format_level(x), " intervals, of survival and medians on the ", x$conf.type,
    " scale; follow-up by reverse Kaplan-Meier",
    if (n_strata) {
      paste0(
        "; tests and hazard ratio", if (length(x$groups) > 2) "s", " within ", count_of(n_strata, "stratum", "strata"),
        ", all else without them"
      )
    },
    if (!is.null(x$cohort$frequency)) "; n counts the patients that rows stand for",
    data_remarks(x)
  )
}

format_survival_times <- function(x) {
  rows <- rows_of(x, "survival")
  if (nrow(rows) == 0) return(NULL)
  limits <- ifelse(is.na(rows$conf.low), "(no interval)", paste0(
    "(", format_percent(rows$conf.low), " to ", format_percent(rows$conf.high), ")"
  ))
  early <- rows$time < x$start[match(rows$group, x$groups)]
  unknown <- ifelse(early, "before its first entry", "beyond what is known")
  known <- ifelse(is.na(rows$estimate), unknown, paste(format_percent(rows$estimate), limits))
  risk <- unlist(lapply(seq_along(x$groups), function(g) at_risk_at(x, g, unique(rows$time))))
  risk <- format(risk, big.mark = ",", scientific = FALSE, trim = TRUE)
  c("survival", format_columns(list(
    rows$group, paste("at", format_plain(rows$time)), known, paste("at risk", risk)
  )))
}

format_restricted_means <- function(x) {
  rows <- rows_of(x, "rmst")
  c(paste0("restricted mean survival time, tau = ", format(x$tau)), format_columns(list(
    rows$group, ifelse(is.na(rows$estimate), "not known", format_number(rows$estimate)),
    ifelse(is.na(rows$estimate), "",
      ifelse(is.na(rows$conf.low), "(no interval)", paste0("(", format_interval(rows$conf.low, rows$conf.high), ")"))
    )
  )))
}

effect_words <- c(
  log_hazard_ratio = "hazard ratio", rmst_difference = "RMST difference", rmst_ratio = "RMST ratio",
  survival_difference = "survival difference"
)

format_survival_effects <- function(x, other) {
  rows <- do.call(rbind, lapply(names(effect_words), function(term) rows_of(x, term, other)))
  hazard <- rows$term == "log_hazard_ratio"
  values <- as.matrix(rows[c("estimate", "conf.low", "conf.high")])
  values[hazard, ] <- exp(values[hazard, ])
  ratio <- hazard | rows$term == "rmst_ratio"
  points <- rows$term == "survival_difference"
  number <- function(v) ifelse(is.na(v), "not known", ifelse(points, in_points(v), format_number(v)))
  p <- ifelse(is.na(rows$p.value), "no p", paste("p", format_p(rows$p.value)))
  # Of two groups the log-rank test below asks the same, and may answer otherwise.
  if (length(x$groups) == 2) p[hazard] <- sub("p", "Wald p", p[hazard])
  at <- ifelse(rows$term == "survival_difference", paste(" at", format_plain(rows$time)), "")
  title <- paste0(effect_words[rows$term], at)
  c(
    paste0("effects of ", other, " against ", x$groups[[1]], ", with Wald's intervals and p-values"),
    format_columns(list(
      title, ifelse(ratio, paste(other, "over", x$groups[[1]]), paste(other, "minus", x$groups[[1]])),
      number(values[, 1]),
      ifelse(is.na(values[, 2]), "no interval", paste0("(", format_interval(values[, 2], values[, 3], number), ")")),
      p
    ))
  )
}

format_survival_tests <- function(x) {
  rows <- rows_of(x, "test")
  two <- length(x$groups) == 2
  maxcombo <- rows$method == "maxcombo"
  c(
    paste0(
      "tests of equal survival, two-sided",
      if (two) paste0("; score: above 0 if ", x$groups[[2]], " has more events than expected")
    ),
    format_columns(list(
      ifelse(maxcombo, paste0("maxcombo: ", maxcombo_winner(rows)), rows$method),
      ifelse(is.na(rows$estimate), "", paste("score", format_number(rows$estimate))),
      paste(ifelse(maxcombo, largest_words(rows, two), "chi-squared"), format_number(rows$statistic)),
      ifelse(is.na(rows$df), "", paste("df", rows$df)),
      paste0("p ", format_p(rows$p.value), ifelse(maxcombo, format_p_error(x$p.error, rows$p.value), ""))
    )),
    if (!is.null(x$trend)) {
      paste0("  trend scores: ", paste0(x$groups, " (", format_plain(x$trend), ")", collapse = ", "),
        "; its score is above 0 if groups of higher scores have more events than expected")
    }
  )
}

# What MaxCombo's statistic is, of the tests in `rows`.
largest_words <- function(rows, two) {
  if (two) return("largest |Z|")
  df <- unique(rows$df[maxcombo_rows(rows)])
  if (length(df) > 1) "chi-squared of the smallest p" else "largest chi-squared"
}

# Of a p-value that is printed as a number.
format_p_error <- function(error, p) {
  ifelse(is.na(error) | error <= 1e-6 * p | p < 1e-4, "", paste0(" (within ", format_number(error, 2), ")"))
}

#' @rdname compare_survival
#' @param x A `her2_survival`.
#' @param what `"estimates"` or `"curves"`.
#' @param ... Not used: more arguments are an error.
#' @export
tidy.her2_survival <- function(x, what = c("estimates", "curves"), ...) {
  what <- check_option(what, c("estimates", "curves"), "what")
  if (what == "estimates") return(two_sided(x$estimates))
  rows <- lapply(names(x$curves), function(group) {
    curve <- x$curves[[group]]
    limits <- survival_limits(curve$survival, curve$greenwood, x$conf.level, x$conf.type)
    data.frame(
      group = group, curve[c("time", "n.risk", "n.event", "n.censor")], estimate = curve$survival,
      std.error = ifelse(curve$survival == 0, NA_real_, curve$survival * sqrt(curve$greenwood)),
      conf.low = limits$low, conf.high = limits$high, cumulative_hazard = curve$cumulative_hazard,
      cumulative_hazard_error = sqrt(curve$hazard_variance)
    )
  })
  do.call(rbind, rows)
}

#' @rdname compare_survival
#' @export
glance.her2_survival <- function(x, ...) {
  data.frame(
    reference = x$groups[[1]], other = other_groups(x$groups, x$groups[[1]]), n = sum(x$cells$n),
    events = sum(x$cells$x), strata = max(1L, length(x$strata)), tau = x$tau, conf.level = x$conf.level,
    n_dropped = x$n_dropped
  )
}

#' @rdname compare_survival
#' @param probs Probabilities: the quantile at 0.25 is when a quarter of the group has had the event.
#' @export
quantile.her2_survival <- function(x, probs = c(0.25, 0.5, 0.75), ...) {
  check_no_dots(...)
  if (length(probs) == 0) abort_input("{.arg probs} must have at least one probability.", arg = "probs")
  probs <- vapply(probs, check_probability, 0, arg = "probs")
  rows <- lapply(names(x$curves), function(group) {
    found <- vapply(probs, function(p) survival_quantile(x$curves[[group]], p, x$conf.level, x$conf.type), double(3))
    data.frame(group = group, prob = probs, estimate = found[1, ], conf.low = found[2, ], conf.high = found[3, ])
  })
  do.call(rbind, rows)
}

#' @export
as.data.frame.her2_survival <- function(x, ...) tidy(x)

#' @export
summary.her2_survival <- function(object, ...) object

# What coef() and confint() speak of: effects of the other groups or, of one sample, what is known of it.
named_estimates <- function(object, level = object$conf.level) {
  rows <- object$estimates
  effect <- rows$term %in% names(effect_words)
  rows <- if (any(effect)) rows[effect, ] else rows[rows$term != "test", ]
  if (!isTRUE(all.equal(level, object$conf.level))) rows <- at_level(rows, object, check_probability(level, "level"))
  at <- ifelse(grepl("^survival", rows$term), paste0("(", format_plain(rows$time), ")"), "")
  rownames(rows) <- paste0(rows$term, at, if (length(object$groups) > 2) paste0(":", rows$group))
  rows
}

# From what the object holds: the data it was made from may have changed since.
at_level <- function(rows, object, level) {
  key <- function(r) paste(r$term, r$group, r$time)
  wanted <- list(
    times = unique(rows$time[rows$term == "survival"]), tau = object$tau, start = object$start, conf.level = level,
    conf.type = object$conf.type
  )
  of_groups <- group_estimates(object$curves, wanted)
  of_groups <- of_groups[match(key(rows), key(of_groups)), ]
  half <- stats::qnorm((1 + level) / 2) * rows$std.error
  ratio <- rows$term == "rmst_ratio"
  low <- ifelse(ratio, rows$estimate * exp(-half), rows$estimate - half)
  high <- ifelse(ratio, rows$estimate * exp(half), rows$estimate + half)
  share <- rows$term == "survival_difference"
  effect <- rows$term %in% names(effect_words)
  rows$conf.low <- ifelse(effect, ifelse(share, pmax(low, -1), low), of_groups$conf.low)
  rows$conf.high <- ifelse(effect, ifelse(share, pmin(high, 1), high), of_groups$conf.high)
  rows
}

#' @rdname compare_survival
#' @param object A `her2_survival`.
#' @details
#' `coef()` and `confint()` are of the effects, as `tidy()` has them (hazard ratios as their logarithm), named by
#' term, by time where there are several, and by group where there are more than two; of one sample, of its
#' survival, median and restricted mean. `nobs()` is the number of events.
#' @export
coef.her2_survival <- function(object, ...) {
  check_no_dots(...)
  rows <- named_estimates(object)
  stats::setNames(rows$estimate, rownames(rows))
}

#' @rdname compare_survival
#' @param parm Names of some of `coef()`.
#' @param level The level of the intervals, by default that of the object.
#' @export
confint.her2_survival <- function(object, parm, level = object$conf.level, ...) {
  check_no_dots(...)
  rows <- named_estimates(object, level)
  tail <- (1 - level) / 2
  limits <- as.matrix(rows[c("conf.low", "conf.high")])
  colnames(limits) <- paste(format(100 * c(tail, 1 - tail), trim = TRUE), "%")
  if (missing(parm)) return(limits)
  limits[check_choice(parm, rownames(limits), "parm", several = TRUE), , drop = FALSE]
}

#' @export
nobs.her2_survival <- function(object, ...) sum(object$cells$x)
