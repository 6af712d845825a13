# The subgroup forest plot.

#' Forest plot of subgroups
#'
#' One row a subgroup, with events and patients of both therapies, effect and interval in figures, squares whose area is
#' the information, one interaction p-value a variable, the line of no effect and that of the effect in all patients.
#' Ratios have a logarithmic axis. An interval that goes on beyond the axis ends in an arrowhead.
#'
#' @param object,x A result of [subgroup_effects()].
#' @param limits The ends of the axis, on the scale that is shown (differences in proportion in percentage points). By
#'   default all estimates are within, and arrowheads stand for ends far from the overall effect: more than five typical
#'   half-widths, of a ratio more than three of them and more than eightfold.
#' @param ... Passed from `plot()` to `autoplot()`.
#' @return A ggplot object. About 0.25 inches a row and 9 inches of width suit it.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' gbsg <- survival::gbsg
#' gbsg$hormon <- factor(gbsg$hormon, labels = c("no tamoxifen", "tamoxifen"))
#' found <- subgroup_effects(Surv(rfstime / 30.44, status) ~ hormon, gbsg,
#'   c(Grade = "grade", Menopause = "meno")
#' )
#' ggplot2::autoplot(found)
#' @name autoplot-subgroups
#' @exportS3Method ggplot2::autoplot
autoplot.her2_subgroups <- function(object, limits = NULL, ...) {
  need_ggplot2()
  ratio <- is_ratio(object$measure)
  unit <- if (object$measure == "risk_difference") 100 else 1
  rows <- forest_rows(tidy(object), unit)
  axis <- forest_axis(rows, ratio, check_forest_limits(limits, ratio))
  shown <- forest_clip(rows[!is.na(rows$estimate), ], axis)
  groups <- spoken_levels(object$groups, object$therapy)
  text <- forest_text(rows, groups, ratio, object$conf.level)
  forest_picture(shown, text, axis, ratio, dashed = rows$estimate[[1]]) +
    ggplot2::labs(x = forest_label(object, groups, ratio), caption = forest_caption(object, shown))
}

# Rows from the top: heads, all patients, and for each variable its name and its levels.
forest_rows <- function(rows, unit) {
  values <- c("estimate", "conf.low", "conf.high")
  rows[values] <- unit * rows[values]
  # The side of a square is the root of its area; the smallest can still be seen.
  information <- ifelse(is.na(rows$information), 0, rows$information)
  rows$side <- pmax(0.8, 5 * sqrt(information / max(information, 1e-300)))
  new_variable <- !duplicated(rows$variable) & rows$variable != "all patients"
  rows$y <- -(seq_len(nrow(rows)) + cumsum(new_variable))
  rows
}

check_forest_limits <- function(limits, ratio, call = rlang::caller_env()) {
  if (is.null(limits)) return(NULL)
  ok <- is.numeric(limits) && length(limits) == 2 && all(is.finite(limits)) && limits[[1]] < limits[[2]] &&
    (!ratio || limits[[1]] > 0)
  if (!ok) {
    abort_input(c("{.arg limits} must be two numbers, the smaller first{if (ratio) ', above 0' else ''}.",
      x = "They are {.val {limits}}."), arg = "limits", value = limits, call = call)
  }
  limits
}

# Labels of both sides: a head, and a row for each variable's name.
forest_text <- function(rows, groups, ratio, level) {
  number <- if (ratio) function(v) format_number(v, 3) else function(v) format_fixed(v, 1)
  all <- rows$variable == "all patients"
  first <- !duplicated(rows$variable) & !all
  effect <- ifelse(is.na(rows$estimate), "no effect", paste0(
    number(rows$estimate), " (", effect_interval(rows, number), ")"
  ))
  column <- function(head, text) format(c(head, text), justify = "right")
  right <- paste(
    column(groups[[2]], paste0(rows$x1, "/", rows$n1)), column(groups[[1]], paste0(rows$x0, "/", rows$n0)),
    column(paste0("effect (", format(100 * level), "% interval)"), effect), sep = "  "
  )
  variables <- paste0("interaction p ", format_p(rows$interaction.p[first]))
  variables[is.na(rows$interaction.p[first])] <- "no interaction test"
  data.frame(
    y = c(0, rows$y, rows$y[first] + 1),
    left = c("", ifelse(all, "All patients", paste0("    ", rows$level)), rows$variable[first]),
    right = c(right, format(variables, width = nchar(right[[1]])))
  )
}

forest_label <- function(object, groups, ratio) {
  title <- measure_titles[[object$measure]]
  substr(title, 1, 1) <- toupper(substr(title, 1, 1))
  paste0(
    title, ", ", format_direction(groups, if (ratio) "log" else "identity"),
    if (object$measure == "risk_difference") " (percentage points)" else if (ratio) " (log axis)",
    if (!is.null(object$tau)) paste0(", up to ", format(object$tau))
  )
}

forest_caption <- function(object, shown) {
  paste(c(
    paste0("Events (", object$event, ") / patients. Squares: area by information. Dashed: all patients. ",
      if (any(shown$cut_low | shown$cut_high)) "Arrowhead: the interval goes on."),
    "Interaction p-values are not adjusted for their number.", simulated_remark(object$simulated)
  ), collapse = "\n")
}

#' @rdname autoplot-subgroups
#' @export
plot.her2_subgroups <- function(x, ...) print(ggplot2::autoplot(x, ...))
