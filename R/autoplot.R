# Pictures, drawn from tidy tables. ggplot2 is asked for when a picture is wanted.

need_ggplot2 <- function(call = rlang::caller_env()) {
  if (!requireNamespace("ggplot2", quietly = TRUE)) {
    abort_input(c("A picture needs the package ggplot2.", i = "{.code install.packages(\"ggplot2\")}"),
      call = call
    )
  }
}

# Okabe and Ito's colours can be told apart with any colour vision.
plot_colours <- c(estimate = "#0072B2", null = "#555555", observed = "#D55E00", bars = "#999999")

# Estimates with intervals, one row each, a panel a term. `rows` has columns panel, label, estimate,
# conf.low, conf.high, null. Ratios are drawn on a log axis, where an infinite end is an arrow's end.
forest_panel <- function(rows, xlab, log_scale) {
  rows$label <- factor(rows$label, levels = rev(unique(rows$label)))
  shown <- clip_intervals(rows, log_scale)
  plot <- ggplot2::ggplot(shown, ggplot2::aes(y = .data$label)) +
    ggplot2::geom_vline(xintercept = rows$null[[1]], linetype = "dashed", colour = plot_colours[["null"]]) +
    ggplot2::geom_segment(
      ggplot2::aes(x = .data$conf.low, xend = .data$conf.high, yend = .data$label),
      linewidth = 0.6, colour = plot_colours[["estimate"]]
    ) +
    ggplot2::geom_point(
      data = shown[is.finite(shown$estimate) & shown$estimate_shown, ],
      ggplot2::aes(x = .data$estimate), size = 2.2, colour = plot_colours[["estimate"]]
    ) +
    ggplot2::labs(x = xlab, y = NULL) +
    plot_theme()
  if (log_scale) plot <- plot + ggplot2::scale_x_log10()
  if (any(shown$cut_low | shown$cut_high)) plot <- plot + cut_ends(shown)
  plot
}

# Arrows on ends that go on to 0 or Inf, and the estimates that no point can show.
cut_ends <- function(shown) {
  arrow <- function(rows, from, to) {
    ggplot2::geom_segment(
      data = rows, ggplot2::aes(x = .data[[from]], xend = .data[[to]], yend = .data$label),
      arrow = grid::arrow(length = grid::unit(0.1, "inches"), type = "closed"),
      linewidth = 0.6, colour = plot_colours[["estimate"]]
    )
  }
  hidden <- unique(shown$estimate[!shown$estimate_shown])
  list(
    arrow(shown[shown$cut_low, ], "conf.high", "conf.low"),
    arrow(shown[shown$cut_high, ], "conf.low", "conf.high"),
    ggplot2::labs(caption = paste0(
      "An arrow means that the interval goes on to 0 or Inf.",
      if (length(hidden)) paste0(" No point: the estimate is ", toString(hidden), ".")
    ))
  )
}

# Ends at 0 or Inf of a ratio are cut at the edge of what the finite ends span.
clip_intervals <- function(rows, log_scale) {
  rows$cut_low <- rows$cut_high <- FALSE
  rows$estimate_shown <- TRUE
  if (!log_scale) return(rows)
  values <- unlist(rows[c("estimate", "conf.low", "conf.high")])
  values <- c(values[is.finite(values) & values > 0], rows$null)
  edge <- range(values) * c(0.5, 2)
  rows$cut_low <- rows$conf.low < edge[[1]]
  rows$cut_high <- rows$conf.high > edge[[2]]
  rows$estimate_shown <- !is.na(rows$estimate) & rows$estimate > 0 & is.finite(rows$estimate)
  rows$conf.low <- pmax(rows$conf.low, edge[[1]])
  rows$conf.high <- pmin(rows$conf.high, edge[[2]])
  rows
}

plot_theme <- function() {
  ggplot2::theme_minimal(base_size = 12) +
    ggplot2::theme(
      panel.grid.major.y = ggplot2::element_blank(),
      panel.grid.minor = ggplot2::element_blank(),
      plot.title.position = "plot", plot.caption.position = "plot"
    )
}

term_null <- c(risk_difference = 0, risk_ratio = 1, odds_ratio = 1)

#' Pictures of results
#'
#' `autoplot()` draws a ggplot from `tidy()`: the intervals of every method with the line of no
#' effect, or the null distribution of a permutation test with the observed value marked. `plot()`
#' draws the same.
#'
#' @param object,x A result of [compare_proportions()], [boot_ci()] or [perm_test()].
#' @param term For [compare_proportions()], which effect: `"risk_difference"` (if it is there),
#'   `"risk_ratio"` or `"odds_ratio"`.
#' @param ... Passed from `plot()` to `autoplot()`.
#' @return A ggplot object.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' ggplot2::autoplot(compare_proportions(c(single = 6, dual = 13), c(49, 68)))
#' @name autoplot-her2mod
#' @exportS3Method ggplot2::autoplot
autoplot.her2_proportions <- function(object, term, ...) {
  need_ggplot2()
  effects <- intersect(names(term_null), object$estimates$term)
  if (length(effects) == 0) {
    abort_input("There is no interval of an effect to draw: {.arg methods} chose tests or proportions only.",
      arg = "object"
    )
  }
  if (missing(term)) term <- effects[[1]]
  term <- check_choice(term, effects, "term")
  rows <- tidy(object)
  rows <- rows[rows$term == term, ]
  rows$label <- rows$method
  rows$null <- term_null[[term]]
  ratio <- term != "risk_difference"
  picture <- forest_panel(rows, effect_label(term_titles[[term]], object$counts$group, ratio), ratio) +
    ggplot2::labs(title = counts_title(object$counts), subtitle = level_subtitle(object))
  mark_simulated(picture, object$simulated)
}

effect_label <- function(title, groups, ratio) {
  paste0(title, ", ", format_direction(groups, if (ratio) "log" else "identity"), if (ratio) " (log axis)")
}

counts_title <- function(counts) {
  paste(rev(paste0(counts$group, " ", counts$x, "/", counts$n)), collapse = " against ")
}

# Events of patients, or patients.
sizes_title <- function(object) {
  counts <- group_counts(object$cells, object$groups)
  if (object$endpoint == "binary") return(counts_title(counts))
  paste(rev(paste0(counts$group, " (n = ", counts$n, ")")), collapse = " against ")
}

level_subtitle <- function(object) {
  paste0(format(100 * object$conf.level), "% intervals, ", alternative_words[[object$alternative]])
}

#' @rdname autoplot-her2mod
#' @exportS3Method ggplot2::autoplot
autoplot.her2_boot <- function(object, ...) {
  need_ggplot2()
  rows <- tidy(object)
  rows$label <- rows$method
  rows$null <- null_effect(object$statistic)
  ratio <- object$statistic$scale == "log"
  title <- format_estimand(object$statistic, object$groups)
  substr(title, 1, 1) <- toupper(substr(title, 1, 1))
  picture <- forest_panel(rows, paste0(title, if (ratio) " (log axis)"), ratio) +
    ggplot2::labs(
      title = sizes_title(object),
      subtitle = paste0(
        "Bootstrap, ", level_subtitle(object), "; ",
        if (object$method == "exact") "exact" else paste("R =", format(object$R, big.mark = ","))
      )
    )
  mark_simulated(picture, object$simulated)
}

#' @rdname autoplot-her2mod
#' @exportS3Method ggplot2::autoplot
autoplot.her2_perm <- function(object, ...) {
  need_ggplot2()
  title <- paste0(object$method, ": p ", format_p(object$p.value), ", ", alternative_words[[object$alternative]])
  null <- null_distribution(object)
  picture <- if (is.null(null$x1)) ggplot2::autoplot(null) else plot_counts(object, null)
  picture + ggplot2::labs(title = title)
}

# Events of the other group, where they are the null distribution.
plot_counts <- function(object, null) {
  bars <- data.frame(value = null$x1, probability = null$probability, width = 1)
  bars$extreme <- as_extreme(null$value, object, object$alternative)
  x1 <- sum(object$cells$x[object$cells$group == 1])
  picture <- null_panel(bars[bars$probability > 1e-6, ], x1, paste0(
    "Events (", object$event, ") in ", object$groups[[2]], "; the line marks the observed ", x1
  ))
  mark_simulated(picture, object$simulated)
}

#' @rdname autoplot-her2mod
#' @exportS3Method ggplot2::autoplot
autoplot.her2_null <- function(object, ...) {
  need_ggplot2()
  bars <- null_histogram(object)
  bars$extreme <- as_extreme(bars$value, object, object$alternative)
  title <- object$title
  substr(title, 1, 1) <- toupper(substr(title, 1, 1))
  picture <- null_panel(bars, object$observed, paste0(
    title, if (object$scale == "log") " (logarithm)", "; the line marks the observed ",
    format_number(object$observed)
  ))
  mark_simulated(picture, object$simulated)
}

null_panel <- function(bars, observed, label) {
  bars$extreme <- ifelse(bars$extreme, "at least as extreme", "less extreme")
  fills <- c("at least as extreme" = plot_colours[["observed"]], "less extreme" = plot_colours[["bars"]])
  ggplot2::ggplot(bars, ggplot2::aes(x = .data$value, y = .data$probability, fill = .data$extreme)) +
    ggplot2::geom_col(width = 0.85 * bars$width[[1]]) +
    ggplot2::geom_vline(xintercept = observed, colour = plot_colours[["estimate"]], linewidth = 0.9) +
    ggplot2::scale_fill_manual(values = fills, name = NULL) +
    ggplot2::labs(x = label, y = "Probability under exchangeability") +
    plot_theme() +
    ggplot2::theme(legend.position = "top")
}

#' @rdname autoplot-her2mod
#' @export
plot.her2_proportions <- function(x, ...) print(ggplot2::autoplot(x, ...))

#' @rdname autoplot-her2mod
#' @export
plot.her2_boot <- plot.her2_proportions

#' @rdname autoplot-her2mod
#' @export
plot.her2_perm <- plot.her2_proportions

#' @rdname autoplot-her2mod
#' @export
plot.her2_bounds <- plot.her2_proportions

#' @rdname autoplot-her2mod
#' @export
plot.her2_claims <- plot.her2_proportions

#' @rdname autoplot-her2mod
#' @export
plot.her2_audit <- plot.her2_proportions
