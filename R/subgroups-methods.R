# What a `her2_subgroups` can do.

#' @export
format.her2_subgroups <- function(x, ...) {
  rows <- x$estimates
  groups <- spoken_levels(x$groups, x$therapy)
  ratio <- is_ratio(x$measure)
  number <- measure_number(rows, x$measure)
  first <- !duplicated(rows$variable)
  tests <- sum(first & !is.na(rows$interaction.p))
  c(
    paste0(
      "Subgroups: ", measure_titles[[x$measure]], ", ", format_direction(groups, if (ratio) "log" else "identity"),
      if (!is.null(x$tau)) paste0(", up to ", format(x$tau))
    ),
    format_columns(list(
      c("", ifelse(first, rows$variable, "")), c("", ifelse(rows$variable == "all patients", "", rows$level)),
      c(groups[[2]], paste0(rows$x1, "/", rows$n1)), c(groups[[1]], paste0(rows$x0, "/", rows$n0)),
      c("effect", ifelse(is.na(rows$estimate), "none", number(rows$estimate))),
      c(paste0(format(100 * x$conf.level), "% interval"), effect_interval(rows, number)),
      c("interaction", ifelse(first & !is.na(rows$interaction.p), paste("p", format_p(rows$interaction.p)), ""))
    )),
    paste0(
      "  events (", x$event, ") / patients",
      if (x$n_dropped > 0) paste0("; ", count_of(x$n_dropped, "row"), " with missing values dropped"),
      if (isTRUE(x$simulated)) paste0("; ", simulated_remark(x$simulated))
    ),
    format_subgroup_missing(x),
    if (any(is.na(rows$estimate) & rows$n0 > 0 & rows$n1 > 0) && !is.null(x$tau)) {
      paste0("  none: the follow-up of a group of that variable ends before ", format(x$tau))
    },
    paste0(
      "  intervals: ", toString(unique(stats::na.omit(rows$method))),
      if (tests > 0) {
        paste0("; interaction: ", toString(unique(stats::na.omit(rows$interaction.method))), ", ", measure_scale(x$measure),
          " scale; ", count_of(tests, "test"), ", not adjusted for their number")
      }
    ),
    strwrap(as.character(x$notes), 110, prefix = "  "),
    "  Whether an effect is significant in one subgroup and not in another is no test of a difference."
  )
}

format_subgroup_missing <- function(x) {
  rows <- x$estimates[!duplicated(x$estimates$variable) & x$estimates$missing > x$n_dropped, ]
  if (nrow(rows) == 0) return(NULL)
  paste0("  without a value: ", paste0(rows$variable, " ", rows$missing - x$n_dropped, collapse = ", "))
}

#' @export
print.her2_subgroups <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @rdname subgroup_effects
#' @param x A `her2_subgroups`.
#' @param ... Not used.
#' @export
tidy.her2_subgroups <- function(x, ...) x$estimates

#' @rdname subgroup_effects
#' @export
glance.her2_subgroups <- function(x, ...) {
  all <- x$estimates[1, ]
  data.frame(
    measure = x$measure, n = all$n, events = all$events, estimate = all$estimate, conf.low = all$conf.low,
    conf.high = all$conf.high, variables = length(x$variables), smallest.p = smallest_of(x$estimates$interaction.p),
    conf.level = x$conf.level, n_dropped = x$n_dropped
  )
}

smallest_of <- function(p) if (all(is.na(p))) NA_real_ else min(p, na.rm = TRUE)

#' @export
as.data.frame.her2_subgroups <- function(x, ...) x$estimates

#' @export
summary.her2_subgroups <- function(object, ...) object
