# The balance of a Table 1: standardised differences by variable.

#' Love plot of a Table 1
#'
#' The standardised differences of [compare_baseline()], largest on top, with lines at -`line` and `line`. Those of several
#' levels (and of three groups or more) are distances, which have no sign, and are drawn as diamonds; `Inf` is a
#' star at the edge. With `absolute = TRUE` signs are left out.
#'
#' @param object,x A `her2_baseline`.
#' @param absolute Whether to draw absolute values.
#' @param line Where balance is usually said to end.
#' @param ... Passed from `plot()` to `autoplot()`.
#' @return A ggplot object.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' data(cancer, package = "survival")
#' lung$sex <- factor(lung$sex, 1:2, c("male", "female"))
#' ggplot2::autoplot(compare_baseline(lung, sex, c("age", "wt.loss", "ph.karno"), seed = 1))
#' @name autoplot-baseline
#' @exportS3Method ggplot2::autoplot
autoplot.her2_baseline <- function(object, absolute = FALSE, line = 0.1, ...) {
  need_ggplot2()
  check_no_dots(...)
  check_flag(absolute, "absolute")
  check_time(line, "line")
  two <- length(object$groups) == 2
  rows <- balance_rows(tidy(object), two, absolute)
  if (nrow(rows) == 0) abort_data("There is no standardised difference to draw.", arg = "object")
  unsigned <- absolute || all(rows$shape != "signed")
  marks <- c(signed = 16, distance = 18, "beyond the axis" = if (unsigned) 62 else 8)
  edge <- 1.08 * max(abs(rows$value[is.finite(rows$value)]), line * 1.5)
  rows$at <- pmax(-edge, pmin(edge, rows$value))
  rows$label <- factor(rows$label, levels = unique(rows$label[order(abs(rows$value))]))
  key <- if (length(unique(rows$shape)) > 1) "legend" else "none"
  lines <- if (unsigned) line else c(-line, line)
  ggplot2::ggplot(rows, ggplot2::aes(x = .data$at, y = .data$label)) +
    ggplot2::geom_vline(xintercept = 0, colour = plot_colours[["null"]]) +
    ggplot2::geom_vline(xintercept = lines, linetype = "dashed", colour = plot_colours[["observed"]]) +
    ggplot2::geom_segment(ggplot2::aes(x = 0, xend = .data$at, yend = .data$label), colour = plot_colours[["bars"]]) +
    ggplot2::geom_point(ggplot2::aes(shape = .data$shape), size = 3, colour = plot_colours[["estimate"]]) +
    ggplot2::scale_shape_manual(values = marks[unique(rows$shape)], name = NULL, guide = key) +
    ggplot2::labs(
      x = balance_axis(object, two, unsigned), y = NULL,
      title = paste(strwrap(baseline_title(object), 62), collapse = "\n"),
      caption = balance_caption(object, rows, line)
    ) +
    plot_theme() +
    ggplot2::theme(legend.position = "top")
}

# `shape`: with a sign, a distance, or infinite.
balance_rows <- function(tests, two, absolute) {
  rows <- tests[!is.na(tests$standardised_difference), ]
  distance <- !two | rows$type %in% c("categorical", "ordered")
  rows$value <- if (absolute) abs(rows$standardised_difference) else rows$standardised_difference
  rows$shape <- ifelse(is.infinite(rows$value), "beyond the axis", ifelse(distance | absolute, "distance", "signed"))
  twice <- duplicated(rows$label) | duplicated(rows$label, fromLast = TRUE)
  rows$label[twice] <- paste0(rows$label[twice], " (", rows$term[twice], ")")
  rows[order(abs(rows$value)), ]
}

balance_axis <- function(object, two, unsigned) {
  if (!two) return("Standardised difference, the largest between any two groups")
  if (unsigned) return(paste0("Absolute standardised difference, ", paste(rev(object$groups), collapse = " against ")))
  paste0("Standardised difference, ", format_direction(object$groups, "identity"))
}

balance_caption <- function(object, rows, line) {
  parts <- c(
    paste0("Dashed: ", format(line), "."),
    if ("distance" %in% rows$shape && "signed" %in% rows$shape) "Distances (several levels) have no sign.",
    if ("beyond the axis" %in% rows$shape) "Beyond the axis: the difference is infinite.",
    if (isTRUE(object$simulated)) "Simulated data."
  )
  paste(parts, collapse = " ")
}

#' @rdname autoplot-baseline
#' @export
plot.her2_baseline <- function(x, ...) print(ggplot2::autoplot(x, ...))
