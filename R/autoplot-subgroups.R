# The subgroup forest plot.

#' Forest plot of subgroups
#'
#' One row a subgroup, with events and patients of both therapies, effect and interval in figures, squares whose area is
#' the information, one interaction p-value a variable, the line of no effect and that of the effect in all patients.
#' Ratios have a logarithmic axis. An interval that goes on beyond the axis ends in an arrowhead.
#'
#' @param object,x A result of [subgroup_effects()].
#' @param limits The ends of the axis, on the scale that is shown (differences in proportion in percentage points). By
#'   default all estimates are within, and arrowheads stand for ends more than three typical half-widths from the overall
#'   effect.
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
  number <- if (ratio) scale_forest_ratio else scale_forest_difference
  ggplot2::ggplot(shown, ggplot2::aes(y = .data$y)) +
    ggplot2::geom_vline(xintercept = if (ratio) 1 else 0, colour = plot_colours[["null"]], linewidth = 0.4) +
    ggplot2::geom_vline(xintercept = rows$estimate[1][!is.na(rows$estimate[1])], colour = plot_colours[["estimate"]],
      linetype = "dashed", linewidth = 0.4) +
    forest_intervals(shown) +
    ggplot2::geom_point(
      data = shown[shown$inside, ], ggplot2::aes(x = .data$estimate, size = .data$side), shape = 15,
      colour = plot_colours[["estimate"]]
    ) +
    ggplot2::scale_size_identity() +
    ggplot2::scale_y_continuous(
      breaks = text$y, labels = text$left, limits = c(min(text$y) - 0.5, max(text$y) + 0.5), expand = c(0, 0),
      sec.axis = ggplot2::dup_axis(labels = text$right)
    ) +
    number(axis) +
    ggplot2::labs(
      x = forest_label(object, groups, ratio), y = NULL,
      caption = forest_caption(object, shown)
    ) +
    forest_theme()
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

# The ends of the axis, on the shown scale.
forest_axis <- function(rows, ratio, limits) {
  if (!is.null(limits)) return(limits)
  scale <- if (ratio) log else identity
  back <- if (ratio) exp else identity
  estimate <- scale(rows$estimate)
  ends <- c(scale(rows$conf.low), scale(rows$conf.high))
  half <- (scale(rows$conf.high) - scale(rows$conf.low)) / 2
  finite <- function(x) x[is.finite(x)]
  centre <- if (is.finite(estimate[[1]])) estimate[[1]] else 0
  reach <- 3 * max(stats::median(finite(half)), 0, na.rm = TRUE)
  near <- finite(ends)[abs(finite(ends) - centre) <= reach]
  all <- c(near, finite(estimate), 0)
  pad <- 0.04 * max(diff(range(all)), 1e-6)
  back(range(all) + c(-pad, pad))
}

forest_clip <- function(rows, axis) {
  rows$cut_low <- is.na(rows$conf.low) | rows$conf.low < axis[[1]]
  rows$cut_high <- is.na(rows$conf.high) | rows$conf.high > axis[[2]]
  rows$low <- ifelse(rows$cut_low, axis[[1]], rows$conf.low)
  rows$high <- ifelse(rows$cut_high, axis[[2]], rows$conf.high)
  rows$inside <- rows$estimate >= axis[[1]] & rows$estimate <= axis[[2]]
  # A cut interval that lies beyond the axis altogether is an arrowhead at its edge.
  middle <- pmin(pmax(rows$estimate, axis[[1]]), axis[[2]])
  rows$middle <- ifelse(is.finite(middle), middle, (rows$low + rows$high) / 2)
  rows[!(is.na(rows$conf.low) & is.na(rows$conf.high)), ]
}

forest_intervals <- function(shown) {
  segment <- function(rows, from, to, arrow = NULL) {
    if (nrow(rows) == 0) return(NULL)
    ggplot2::geom_segment(
      data = rows, ggplot2::aes(x = .data[[from]], xend = .data[[to]], yend = .data$y), arrow = arrow,
      colour = plot_colours[["estimate"]], linewidth = 0.6
    )
  }
  head <- grid::arrow(length = grid::unit(0.08, "inches"), type = "closed")
  list(
    segment(shown, "low", "high"),
    segment(shown[shown$cut_low, ], "middle", "low", head),
    segment(shown[shown$cut_high, ], "middle", "high", head)
  )
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

scale_forest_ratio <- function(axis) {
  breaks <- c(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
  inside <- breaks[breaks >= axis[[1]] & breaks <= axis[[2]]]
  if (length(inside) < 3) inside <- sort(unique(c(inside, signif(exp(pretty(log(axis), 4)), 2), 1)))
  ggplot2::scale_x_log10(breaks = inside, labels = format(inside, drop0trailing = TRUE, trim = TRUE), limits = axis,
    expand = ggplot2::expansion(mult = 0.02), oob = function(x, ...) x)
}

scale_forest_difference <- function(axis) {
  ggplot2::scale_x_continuous(limits = axis, expand = ggplot2::expansion(mult = 0.02), oob = function(x, ...) x)
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

forest_theme <- function() {
  plot_theme() + ggplot2::theme(
    axis.text.y.left = ggplot2::element_text(hjust = 0, colour = "black"),
    axis.text.y.right = ggplot2::element_text(hjust = 0, family = "mono", colour = "black"),
    axis.ticks = ggplot2::element_blank(), plot.caption = ggplot2::element_text(hjust = 0)
  )
}

#' @rdname autoplot-subgroups
#' @export
plot.her2_subgroups <- function(x, ...) print(ggplot2::autoplot(x, ...))
