# What a `her2_cuminc` can do.

#' @export
format.her2_cuminc <- function(x, ...) {
  x <- spoken_groups(x)
  several <- length(x$groups) > 1
  c(
    paste0("Cumulative incidence: ", x$event, if (several) paste(" by", x$group_name)),
    format_cuminc_groups(x),
    format_cuminc_data(x),
    unlist(lapply(x$causes, function(cause) format_cause(x, cause))),
    if (several) format_gray(x),
    if (length(x$notes)) page_lines(paste0("note: ", x$notes), 2)
  )
}

#' @export
print.her2_cuminc <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

format_cuminc_groups <- function(x) {
  count <- function(n) format(n, big.mark = ",", scientific = FALSE, trim = TRUE)
  of_group <- function(f) count(vapply(x$curves, f, 0, USE.NAMES = FALSE))
  note <- ifelse(length(x$groups) > 1 & seq_along(x$groups) == 1, " (reference)", "")
  format_columns(c(
    list(paste0(x$groups, note), paste("n =", count(x$n))),
    lapply(x$causes, function(cause) paste(spoken_levels(cause, "cause"), of_group(function(own) sum(own[[cause]]$n.event)))),
    list(paste("censored", of_group(function(own) sum(own[[1]]$n.censor))))
  ))
}

variance_words <- c(aalen = "Aalen's variance", jackknife = "infinitesimal jackknife")

format_cuminc_data <- function(x) {
  n_strata <- length(x$strata)
  paste0(
    "  Aalen-Johansen; ", format_level(x), " pointwise log-log intervals, ", variance_words[[x$variance]],
    if (n_strata) paste0("; tests within ", count_of(n_strata, "stratum", "strata")),
    data_remarks(x)
  )
}

format_cause <- function(x, cause) {
  of_cause <- function(term) x$estimates[x$estimates$term == term & x$estimates$cause == cause, ]
  rows <- of_cause("cumulative_incidence")
  differences <- of_cause("cumulative_incidence_difference")
  trimmed_right(c(
    paste("incidence of", spoken_levels(cause, "cause")),
    format_columns(c(list(rows$group, paste("at", format(rows$time, trim = TRUE))), incidence_columns(rows))),
    if (nrow(differences)) {
      format_columns(c(
        list(paste(differences$group, "minus", x$groups[[1]]), paste("at", format(differences$time, trim = TRUE))),
        incidence_columns(differences, in_points),
        list(ifelse(is.na(differences$estimate), "", paste("p", format_p(differences$p.value))))
      ))
    }
  ))
}

trimmed_right <- function(lines) sub(" +$", "", lines)

incidence_columns <- function(rows, show = format_percent) {
  known <- !is.na(rows$estimate)
  limits <- paste0("(", show(rows$conf.low), " to ", show(rows$conf.high), ")")
  limits[is.na(rows$conf.low)] <- "(no interval)"
  list(ifelse(known, show(rows$estimate), "beyond follow-up"), ifelse(known, limits, ""))
}

format_gray <- function(x) {
  rows <- x$estimates[x$estimates$term == "test", ]
  if (nrow(rows) == 0) return(NULL)
  c(
    paste0("Gray's test of equal incidence", if (x$rho != 0) paste0(", rho = ", format(x$rho))),
    format_columns(list(
      spoken_levels(rows$cause, "cause"), paste("chi-squared", format_number(rows$statistic)), paste("df", rows$df),
      paste("p", format_p(rows$p.value))
    ))
  )
}

#' @rdname cumulative_incidence
#' @param x A `her2_cuminc`.
#' @param what `"estimates"` or `"curves"`.
#' @param ... Not used.
#' @export
tidy.her2_cuminc <- function(x, what = c("estimates", "curves"), ...) {
  what <- check_option(what, c("estimates", "curves"), "what")
  if (what == "estimates") return(two_sided(x$estimates))
  rows <- lapply(x$groups, function(group) lapply(x$causes, function(cause) {
    curve <- x$curves[[group]][[cause]]
    error <- sqrt(curve[[x$variance]])
    limits <- incidence_limits(curve$estimate, error, x$conf.level)
    data.frame(
      group, cause, curve[c("time", "n.risk", "n.event", "n.censor", "estimate")], std.error = error,
      conf.low = limits$low, conf.high = limits$high
    )
  }))
  do.call(rbind, unlist(rows, recursive = FALSE))
}

#' @rdname cumulative_incidence
#' @export
glance.her2_cuminc <- function(x, ...) {
  data.frame(
    reference = x$groups[[1]], other = other_groups(x$groups, x$groups[[1]]),
    n = sum(x$n), events = sum(events_by_cause(x)),
    causes = length(x$causes), strata = max(1L, length(x$strata)), conf.level = x$conf.level,
    n_dropped = x$n_dropped
  )
}

#' @export
as.data.frame.her2_cuminc <- function(x, ...) tidy(x)

#' @export
summary.her2_cuminc <- function(object, ...) object
