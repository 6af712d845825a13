# Pictures of simultaneous bands.

#' Pictures of simultaneous bands
#'
#' `what`:
#' * `"curves"`: each group's curve in a panel of its own, with its band (shaded) and the pointwise limits of
#'   the same level and scale (thin, dashed), which hold at one time each and not the curve as a whole;
#' * `"difference"`: the difference of two curves with the same, and the line of no difference. Only the bootstrap
#'   of two groups has it.
#'
#' @param object,x A result of [survival_bands()].
#' @param what Which picture.
#' @param ... Passed from `plot()` to `autoplot()`.
#' @return A ggplot object.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' veteran <- survival::veteran
#' veteran$trt <- factor(veteran$trt, labels = c("standard", "test"))
#' x <- compare_survival(Surv(time, status) ~ trt, veteran)
#' ggplot2::autoplot(survival_bands(x, "equal-precision"))
#' @name autoplot-bands
#' @exportS3Method ggplot2::autoplot
autoplot.her2_bands <- function(object, what = c("curves", "difference"), ...) {
  need_ggplot2()
  what <- check_option(what, c("curves", "difference"), "what")
  check_no_dots(...)
  picture <- if (what == "curves") plot_curve_bands(object) else plot_difference_band(object)
  mark_simulated(picture, object$survival$simulated)
}

#' @rdname autoplot-bands
#' @export
plot.her2_bands <- function(x, ...) print(ggplot2::autoplot(x, ...))

# The limits as staircases from each time to the next, the last to the end of the range. `pointwise`:
# low and high of each row. Rows without limits are left out.
band_stairs <- function(rows, end, pointwise) {
  rows$point.low <- pointwise$low
  rows$point.high <- pointwise$high
  rows <- rows[!is.na(rows$conf.low), ]
  corners <- rows[rep(seq_len(nrow(rows)), each = 2), ]
  corners$time <- as.vector(rbind(rows$time, c(rows$time[-1], end)))
  corners
}

pointwise_lines <- function(data, ...) {
  dashed <- function(side) {
    ggplot2::geom_line(data = data, ggplot2::aes(y = .data[[side]]), linetype = "22", linewidth = 0.35, ...)
  }
  list(dashed("point.low"), dashed("point.high"))
}

band_subtitle <- function(x, scale) {
  paste0(
    "Shaded: ", format_level(x), " simultaneous band (", x$type, ", ", scale, " scale)\n",
    "Dashed: ", format_level(x), " pointwise limits, which are no band"
  )
}

plot_curve_bands <- function(x) {
  groups <- x$survival$groups
  # Long names stay within their panels.
  shown <- vapply(groups, function(group) paste(strwrap(group, 36), collapse = "\n"), "")
  panel <- function(rows) {
    rows$panel <- factor(shown[match(rows$group, groups)], levels = unname(shown))
    rows
  }
  z <- stats::qnorm((1 + x$conf.level) / 2)
  bands <- do.call(rbind, lapply(seq_along(groups), function(g) {
    own <- x$bands[x$bands$term == "survival" & x$bands$group == groups[[g]], ]
    at <- curve_values(x$survival$curves[[g]], own$time)
    band_stairs(own, x$critical$to[[g]], limits_within(at$survival, at$greenwood, z, x$scale))
  }))
  bands$group <- factor(bands$group, levels = groups)
  curves <- panel(staircases(x$survival)$stairs)
  ggplot2::ggplot(curves, ggplot2::aes(x = .data$time, y = .data$estimate, colour = .data$group)) +
    ggplot2::geom_ribbon(
      data = panel(bands), ggplot2::aes(ymin = .data$conf.low, ymax = .data$conf.high, fill = .data$group), alpha = 0.2,
      colour = NA
    ) +
    pointwise_lines(panel(bands)) +
    ggplot2::geom_line(linewidth = 0.8) +
    ggplot2::facet_wrap(~panel) +
    group_scales(groups) +
    ggplot2::scale_y_continuous(labels = function(s) paste0(round(100 * s), "%"), breaks = seq(0, 1, 0.25)) +
    ggplot2::coord_cartesian(ylim = c(0, 1)) +
    survival_axes(x$survival) +
    ggplot2::theme(legend.position = "none") +
    ggplot2::labs(title = survival_title(x$survival), subtitle = band_subtitle(x, x$scale))
}

plot_difference_band <- function(x, call = rlang::caller_env()) {
  rows <- x$bands[x$bands$term == "survival_difference", ]
  if (nrow(rows) == 0) {
    abort_input(c(
      "These bands have none of a difference.",
      i = "{.code survival_bands(x, \"bootstrap\")} of two groups has one."
    ), arg = "what", call = call)
  }
  groups <- x$survival$groups
  own <- x$critical[x$critical$term == "survival_difference", ]
  wanted <- list(times = rows$time, conf.level = x$conf.level)
  wald <- survival_differences(x$survival$curves, groups[[2]], wanted)
  stairs <- band_stairs(rows, own$to, list(low = wald$conf.low, high = wald$conf.high))
  colour <- plot_colours[["estimate"]]
  title <- paste0(format_direction(groups, "identity"), ": difference of survival")
  ggplot2::ggplot(stairs, ggplot2::aes(x = .data$time, y = .data$estimate)) +
    ggplot2::geom_hline(yintercept = 0, linetype = "longdash", colour = plot_colours[["null"]]) +
    ggplot2::geom_ribbon(ggplot2::aes(ymin = .data$conf.low, ymax = .data$conf.high), fill = colour, alpha = 0.2) +
    pointwise_lines(stairs, colour = colour) +
    ggplot2::geom_line(colour = colour, linewidth = 0.8) +
    survival_axes(x$survival, "Difference of survival probabilities") +
    ggplot2::labs(
      title = paste(strwrap(title, 64), collapse = "\n"),
      subtitle = paste0(band_subtitle(x, "plain"), "\nThe curves are one on this range: p ", format_p(x$p.value))
    )
}
