# Pictures of the founding study: effects, a printed p-value among the tests, bounds. They share the
# colours and the theme of the other pictures.

#' Pictures of the founding study
#'
#' `autoplot()` of [reproduce_study()] draws one effect of every comparison with its exact interval;
#' of [audit_p_value()] the p-value of each test beside the printed one; of [adjustment_bounds()]
#' the range that an adjusted difference can have. Differences are in percentage points.
#'
#' @param object What [reproduce_study()], [audit_p_value()] or [adjustment_bounds()] returned.
#' @param measure For [reproduce_study()]: `"risk_difference"`, `"risk_ratio"` or `"odds_ratio"`.
#' @param ... Not used.
#' @return A ggplot object.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' study <- reproduce_study()
#' ggplot2::autoplot(study)
#' ggplot2::autoplot(attr(study, "audits")$pcr_by_therapy)
#' ggplot2::autoplot(attr(study, "bounds"))
#' @name autoplot-study
#' @exportS3Method ggplot2::autoplot
autoplot.her2_claims <- function(object, measure = "risk_difference", ...) {
  need_ggplot2()
  measure <- check_choice(measure, unique(tidy(object)$term), "measure")
  ratio <- measure != "risk_difference"
  rows <- effects_to_draw(tidy(object), measure, ratio)
  level <- paste0(format(100 * attr(object, "conf.level")), "% intervals, ", rows$method[[1]])
  title <- term_titles[[measure]]
  axis <- if (ratio) paste(title, "(log axis)") else paste0(title, ", percentage points")
  # Room for the figures above a short interval at the edge.
  room <- ggplot2::expansion(mult = 0.25)
  scale <- if (ratio) ggplot2::scale_x_log10 else ggplot2::scale_x_continuous
  ggplot2::ggplot(rows, ggplot2::aes(x = .data$estimate, y = .data$label)) +
    ggplot2::geom_vline(
      xintercept = term_null[[measure]], linetype = "dashed", colour = plot_colours[["null"]]
    ) +
    ggplot2::geom_segment(
      ggplot2::aes(x = .data$conf.low, xend = .data$conf.high, yend = .data$label),
      linewidth = 0.9, colour = plot_colours[["estimate"]]
    ) +
    ggplot2::geom_point(size = 3, colour = plot_colours[["estimate"]]) +
    ggplot2::geom_label(
      ggplot2::aes(label = .data$text), nudge_y = 0.24, size = 3.6, fill = "white", label.size = 0,
      label.padding = ggplot2::unit(0.1, "lines")
    ) +
    scale(expand = room) +
    ggplot2::scale_y_discrete(expand = ggplot2::expansion(add = c(0.5, 0.7))) +
    ggplot2::labs(x = axis, y = NULL, caption = paste0(level, ". Dashed: no difference.")) +
    plot_theme()
}

# One row a comparison, with its two-line label and its figures as text.
effects_to_draw <- function(effects, measure, ratio) {
  rows <- effects[effects$term == measure, ]
  values <- c("estimate", "conf.low", "conf.high")
  if (!ratio) rows[values] <- 100 * rows[values]
  shape <- if (ratio) "%.2f (%.2f to %.2f)" else "%+.1f (%+.1f to %+.1f)"
  rows$text <- sprintf(shape, rows$estimate, rows$conf.low, rows$conf.high)
  label <- paste0(
    rows$outcome, "\n", rows$other, " ", rows$x1, "/", rows$n1,
    if (ratio) " over " else " minus ", rows$reference, " ", rows$x0, "/", rows$n0
  )
  rows$label <- factor(label, rev(label))
  rows
}

#' @rdname autoplot-study
#' @exportS3Method ggplot2::autoplot
autoplot.her2_audit <- function(object, ...) {
  need_ggplot2()
  if (!is_whole(object)) {
    abort_input("Rows were taken from the audit; draw the whole of it.", arg = "object")
  }
  printed <- parse_p(attr(object, "p"))$value
  rows <- as_plain(object)
  rows <- rows[!is.na(rows$p.value), ]
  rows$test <- stats::reorder(rows$test, -rows$p.value)
  kinds <- c("does not agree", "agrees with the print")
  rows$agrees <- factor(kinds[1 + rows$agrees], kinds)
  # One kind of point needs no key: the caption says which.
  key <- if (length(unique(rows$agrees)) > 1) "bottom" else "none"
  colours <- rlang::set_names(unname(plot_colours[c("estimate", "observed")]), kinds)
  axis <- paste0("p-value, two-sided, unadjusted (printed: p ", attr(object, "p"), ")")
  ggplot2::ggplot(rows, ggplot2::aes(x = .data$p.value, y = .data$test)) +
    ggplot2::geom_vline(
      xintercept = printed, colour = plot_colours[["observed"]], linewidth = 0.8
    ) +
    ggplot2::geom_point(ggplot2::aes(shape = .data$agrees, colour = .data$agrees), size = 2.8) +
    ggplot2::scale_colour_manual(name = NULL, values = colours) +
    ggplot2::scale_shape_manual(name = NULL, values = rlang::set_names(c(16, 17), kinds)) +
    ggplot2::expand_limits(x = c(0, 1.15 * max(rows$p.value, printed))) +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(mult = c(0.01, 0.02))) +
    ggplot2::labs(x = axis, y = NULL, caption = audit_caption(rows$agrees)) +
    plot_theme() +
    ggplot2::theme(
      legend.position = key, panel.grid.major.y = ggplot2::element_line(colour = "grey92")
    )
}

audit_caption <- function(agrees) {
  line <- "The vertical line is the printed p-value"
  if (length(unique(agrees)) > 1) return(paste0(line, "."))
  whole <- if (agrees[[1]] == "does not agree") "no test agrees" else "all tests agree"
  paste0(line, "; ", whole, " with it.")
}

#' @rdname autoplot-study
#' @exportS3Method ggplot2::autoplot
autoplot.her2_bounds <- function(object, ...) {
  need_ggplot2()
  rows <- tidy(object)
  rows <- rows[rows$undefined == 0, ]
  if (nrow(rows) == 0) {
    abort_data(c("No adjusted difference is defined within these margins.",
      i = "Each group needs patients with and without the covariate."
    ))
  }
  rows$label <- factor(bound_titles[rows$term], rev(unname(bound_titles)))
  words <- strwrap_each(condition_words(rows$condition, object$covariate), 44)
  rows$panel <- factor(words, unique(words))
  rows[c("lower", "upper")] <- 100 * rows[c("lower", "upper")]
  rows$text <- sprintf("%+.1f to %+.1f", rows$lower, rows$upper)
  crude <- 100 * object$crude
  direction <- format_direction(object$counts$group, "identity")
  ggplot2::ggplot(rows, ggplot2::aes(y = .data$label)) +
    ggplot2::geom_vline(xintercept = 0, linetype = "dashed", colour = plot_colours[["null"]]) +
    ggplot2::geom_vline(xintercept = crude, colour = plot_colours[["observed"]], linewidth = 0.8) +
    ggplot2::geom_segment(
      ggplot2::aes(x = .data$lower, xend = .data$upper, yend = .data$label),
      linewidth = 3.5, colour = plot_colours[["estimate"]]
    ) +
    ggplot2::geom_text(
      ggplot2::aes(x = .data$upper, label = .data$text), hjust = 1, vjust = -1.1, size = 3.6
    ) +
    ggplot2::facet_wrap(ggplot2::vars(.data$panel), ncol = 1) +
    ggplot2::scale_y_discrete(expand = ggplot2::expansion(add = c(0.5, 0.8))) +
    ggplot2::expand_limits(x = 0) +
    ggplot2::labs(
      x = paste0("Difference, ", direction, ", percentage points"),
      y = NULL,
      caption = paste0(
        "Bars: range over all joint tables with these margins.\n",
        sprintf("Solid line: unadjusted difference, %+.1f. Dashed: no difference.", crude)
      )
    ) +
    plot_theme() +
    ggplot2::theme(strip.text = ggplot2::element_text(hjust = 0, face = "bold"))
}

strwrap_each <- function(x, width) {
  vapply(x, function(one) paste(strwrap(one, width), collapse = "\n"), "", USE.NAMES = FALSE)
}
