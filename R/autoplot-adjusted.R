# Pictures of adjusted effects: the intervals, or the balance of the covariates.

#' @rdname adjusted_effect
#' @param what `"effect"`: the intervals; `"balance"`: standardised differences before and after weighting.
#' @exportS3Method ggplot2::autoplot
autoplot.her2_adjusted <- function(object, what = c("effect", "balance"), ...) {
  need_ggplot2()
  what <- check_option(what, c("effect", "balance"), "what")
  remark <- simulated_remark(object$simulated)
  if (what == "effect") {
    picture <- NextMethod()
    # Without what it is adjusted for, and how.
    title <- sub(" for .*$", "", object$statistic$title)
    substr(title, 1, 1) <- "A"
    words <- paste("For", target_words(object$statistic, object$groups))
    return(picture + ggplot2::labs(
      x = paste0(
        title, ", ", format_direction(object$groups, object$statistic$scale),
        if (object$statistic$scale == "log") " (log axis)"
      ),
      caption = paste(strwrap(paste0(words, if (!is.null(remark)) paste0("; ", remark)), 90), collapse = "\n")
    ))
  }
  love_plot(object, remark)
}

love_plot <- function(object, remark) {
  rows <- balance(object)
  when <- c("before", if (object$statistic$estimator == "g_computation") "inverse probability weights" else "after weighting")
  long <- data.frame(
    covariate = rep(rows$covariate, 2), when = factor(rep(when, each = nrow(rows)), when),
    difference = c(rows$difference.before, rows$difference.after)
  )
  hidden <- sum(!is.finite(long$difference))
  long <- long[is.finite(long$difference), ]
  order <- rows$covariate[order(abs(rows$difference.before))]
  long$covariate <- factor(long$covariate, order)
  ggplot2::ggplot(long, ggplot2::aes(x = .data$difference, y = .data$covariate)) +
    ggplot2::geom_vline(xintercept = 0, colour = plot_colours[["null"]]) +
    ggplot2::geom_vline(xintercept = c(-0.1, 0.1), linetype = "dashed", colour = plot_colours[["null"]]) +
    ggplot2::geom_point(ggplot2::aes(colour = .data$when, shape = .data$when), size = 2.6) +
    ggplot2::scale_colour_manual(
      values = stats::setNames(unname(plot_colours[c("observed", "estimate")]), when), name = NULL
    ) +
    ggplot2::scale_shape_manual(values = stats::setNames(c(1, 16), when), name = NULL) +
    ggplot2::labs(
      x = paste0("Standardised difference, ", format_direction(object$groups, "identity")), y = NULL,
      title = "Balance of the covariates",
      caption = paste(c(
        "Dashed: 0.1. The divisor is the standard deviation before weighting.",
        if (hidden > 0) paste(count_of(hidden, "difference"), "without a finite value not shown."), remark
      ), collapse = "\n")
    ) +
    plot_theme() +
    ggplot2::theme(legend.position = "top")
}
