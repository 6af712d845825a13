#' Pictures of cumulative incidence
#'
#' The curves of each cause, in a panel of their own, with pointwise limits, and the numbers at risk
#' under them.
#'
#' @param object,x A result of [cumulative_incidence()].
#' @param risk_table Whether to show the numbers at risk.
#' @param ... Passed from `plot()` to `autoplot()`.
#' @return A ggplot object.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' state <- factor(rep_len(0:2, 80), labels = c("censored", "relapse", "death"))
#' simulated <- data.frame(time = 1:80, state = state, arm = rep(c("A", "B"), 40))
#' ggplot2::autoplot(cumulative_incidence(Surv(time, state) ~ arm, simulated))
#' @name autoplot-cuminc
#' @exportS3Method ggplot2::autoplot
autoplot.her2_cuminc <- function(object, risk_table = TRUE, ...) {
  need_ggplot2()
  check_no_dots(...)
  drawn <- incidence_stairs(object)
  end <- max(drawn$time)
  breaks <- pretty(c(0, end), 6)
  breaks <- breaks[breaks <= end]
  picture <- ggplot2::ggplot(drawn, ggplot2::aes(x = .data$time, y = .data$estimate, colour = .data$group)) +
    ggplot2::geom_ribbon(
      ggplot2::aes(ymin = .data$conf.low, ymax = .data$conf.high, fill = .data$group),
      alpha = 0.15, colour = NA
    ) +
    ggplot2::geom_line(ggplot2::aes(linetype = .data$group), linewidth = 0.8) +
    ggplot2::facet_wrap(~cause) +
    group_scales(object$groups) +
    survival_axes(object, "Cumulative incidence") +
    ggplot2::scale_x_continuous(breaks = breaks, limits = c(0, end)) +
    ggplot2::scale_y_continuous(labels = function(f) paste0(round(100 * f), "%")) +
    ggplot2::labs(
      title = paste(strwrap(paste(cuminc_titles(object), collapse = ", "), 64), collapse = "\n"),
      subtitle = paste0(format_level(object), " pointwise limits (log-log)")
    )
  if (length(object$groups) == 1) picture <- picture + ggplot2::theme(legend.position = "none")
  picture <- mark_simulated(picture, object$simulated)
  if (!check_flag(risk_table, "risk_table")) return(picture + ggplot2::coord_cartesian(ylim = c(0, 1)))
  # All causes share those at risk.
  of_group <- list(groups = object$groups, curves = lapply(object$curves, function(own) own[[1]]), cohort = object$cohort)
  picture + risk_rows(of_group, breaks)
}

cuminc_titles <- function(x) {
  paste0(x$groups, " (n = ", format(x$n, big.mark = ",", trim = TRUE), ")")
}

incidence_stairs <- function(x) {
  rows <- tidy(x, "curves")
  # Before the first event there is no interval.
  none <- is.na(rows$conf.low)
  rows$conf.low[none] <- rows$conf.high[none] <- rows$estimate[none]
  drawn <- do.call(rbind, lapply(split(rows, list(rows$group, rows$cause)), function(own) {
    stairs(own[own$n.event > 0 | seq_len(nrow(own)) == nrow(own), ], start = 0)
  }))
  # Nothing is known before a group's first entry.
  drawn$time <- pmax(drawn$time, unname(x$start[as.character(drawn$group)]))
  drawn$group <- factor(drawn$group, levels = x$groups)
  drawn$cause <- factor(drawn$cause, levels = x$causes)
  drawn
}

#' @rdname autoplot-cuminc
#' @export
plot.her2_cuminc <- function(x, ...) print(ggplot2::autoplot(x, ...))
