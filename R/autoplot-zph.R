# How coefficients of a Cox model go over time.

#' @rdname test_proportional_hazards
#' @param object A `her2_zph`.
#' @exportS3Method ggplot2::autoplot
autoplot.her2_zph <- function(object, ...) {
  need_ggplot2()
  points <- object$residuals
  smooth <- do.call(rbind, lapply(split(points, points$group), smooth_residuals, level = object$conf.level))
  flat <- points[!duplicated(points$group), ]
  flat$estimate <- unname(object$estimates[as.character(flat$group)])
  picture <- ggplot2::ggplot(points, ggplot2::aes(x = .data$transformed)) +
    zph_band(smooth) +
    ggplot2::geom_hline(
      data = flat, ggplot2::aes(yintercept = .data$estimate), linetype = "dashed", colour = plot_colours[["null"]]
    ) +
    ggplot2::geom_point(ggplot2::aes(y = .data$residual), colour = plot_colours[["bars"]], size = 1.2, alpha = 0.7) +
    zph_line(smooth) +
    ggplot2::facet_wrap(ggplot2::vars(.data$group), scales = "free_y", labeller = zph_labeller(object)) +
    time_axis(points) +
    ggplot2::labs(
      x = paste0("Time, spaced by ", zph_axis[[object$transform]]),
      y = "Log hazard ratio (scaled Schoenfeld residuals)",
      title = paste0("Proportional hazards: p ", format_p(zph_global(object)), " for all terms together"),
      caption = paste0("Dashed: the estimate of the model.\n", if (is.null(smooth)) {
        "Too few events for a smooth line."
      } else {
        paste0(
          "Line: natural cubic spline, 4 degrees of freedom, with a pointwise ", format(100 * object$conf.level),
          "% band."
        )
      })
    ) +
    plot_theme()
  mark_simulated(picture, object$given$simulated)
}

zph_band <- function(smooth) {
  if (is.null(smooth)) return(NULL)
  ggplot2::geom_ribbon(
    data = smooth, ggplot2::aes(ymin = .data$conf.low, ymax = .data$conf.high), fill = plot_colours[["estimate"]],
    alpha = 0.2
  )
}

zph_line <- function(smooth) {
  if (is.null(smooth)) return(NULL)
  ggplot2::geom_line(
    data = smooth, ggplot2::aes(y = .data$estimate), colour = plot_colours[["estimate"]], linewidth = 0.9
  )
}

zph_axis <- c(km = "1 - Kaplan-Meier", identity = "time", rank = "rank", log = "logarithm")

zph_global <- function(object) object$tests$p.value[object$tests$group == "global"]

# "one unit more of age, p = 0.403"; of a term with several coefficients, the term's.
zph_labeller <- function(object) {
  p <- object$tests$p.value[match(object$given$term, object$tests$group)]
  several <- object$given$term %in% object$given$term[duplicated(object$given$term)]
  label <- paste0(object$given$meaning, "\np ", format_p(p), ifelse(several, paste0(" (", object$given$term, ")"), ""))
  ggplot2::as_labeller(stats::setNames(label, object$given$names))
}

# Times where they lie on the transformed axis, spread evenly over it.
time_axis <- function(points) {
  places <- seq(min(points$transformed), max(points$transformed), length.out = 6)
  nearest <- vapply(places, function(x) which.min(abs(points$transformed - x)), 1L)
  nearest <- nearest[!duplicated(points$transformed[nearest])]
  ggplot2::scale_x_continuous(
    breaks = points$transformed[nearest],
    labels = format(signif(points$time[nearest], 3), trim = TRUE, drop0trailing = TRUE),
    guide = ggplot2::guide_axis(check.overlap = TRUE)
  )
}

# A natural cubic spline on 5 knots; its band is what the model's variance of a residual makes of it. NULL
# where too few times carry it.
smooth_residuals <- function(rows, level, at = NULL) {
  knots <- unique(unname(stats::quantile(rows$transformed, 0:4 / 4)))
  if (length(knots) < 5 || nrow(rows) < 10 || anyNA(rows$residual)) return(NULL)
  if (is.null(at)) at <- seq(knots[[1]], knots[[5]], length.out = 100)
  decomposed <- qr(natural_spline(rows$transformed, knots) * sqrt(rows$weight))
  basis <- natural_spline(at, knots)
  estimate <- drop(basis %*% qr.coef(decomposed, rows$residual * sqrt(rows$weight)))
  spread <- colSums(backsolve(qr.R(decomposed), t(basis[, decomposed$pivot]), transpose = TRUE)^2)
  half <- stats::qnorm((1 + level) / 2) * sqrt(rows$variance[[1]] * spread)
  data.frame(
    group = rows$group[[1]], transformed = at, estimate = estimate, conf.low = estimate - half,
    conf.high = estimate + half
  )
}

# Cubic between the knots, linear beyond them: truncated powers, on [0, 1].
natural_spline <- function(x, knots) {
  last <- length(knots)
  width <- knots[[last]] - knots[[1]]
  x <- (x - knots[[1]]) / width
  knots <- (knots - knots[[1]]) / width
  part <- function(k) (pmax(x - knots[[k]], 0)^3 - pmax(x - knots[[last]], 0)^3) / (knots[[last]] - knots[[k]])
  cbind(1, x, vapply(seq_len(last - 2), function(k) part(k) - part(last - 1), numeric(length(x))))
}

#' @rdname test_proportional_hazards
#' @export
plot.her2_zph <- function(x, ...) print(ggplot2::autoplot(x, ...))
