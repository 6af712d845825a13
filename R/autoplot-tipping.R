# Pictures of what the missing outcomes could have been.

#' Pictures of tipping points and of HER2 before and after therapy
#'
#' Of a [tipping_point()]: every number of events among the missing, in the reference (across) and the other group (up),
#' coloured by the conclusion that would follow; a diamond where the missing have their group's rate, a circle where the
#' nearest other conclusion is.
#'
#' Of a [her2_shift()]: `"alluvial"` draws the patients of each class before, as bands to their class after, one panel a
#' group, with those never re-tested; `"tipping"` the picture above. Heights are shares of a group.
#'
#' @param object,x A result of [tipping_point()] or [her2_shift()].
#' @param type Which picture.
#' @param other Of several groups' tipping points, the group that is compared with the reference.
#' @param ... Passed from `plot()` to `autoplot()`.
#' @return A ggplot object.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' ggplot2::autoplot(tipping_point(c(single = 11, dual = 21), n = c(125, 119), missing = c(12, 15)))
#' @name autoplot-shift
#' @exportS3Method ggplot2::autoplot
autoplot.her2_tipping <- function(object, ...) {
  need_ggplot2()
  check_no_dots(...)
  grid <- tidy(object, "grid")
  points <- tidy(object)
  points <- points[points$what %in% c("same rate", "nearest") & !is.na(points$m0), ]
  points$what <- factor(points$what, c("same rate", "nearest"), c("same rate as observed", "nearest other conclusion"))
  counts <- object$counts
  axis <- function(i) {
    paste0(object$words$event, " among the ", counts$missing[[i]], " ", object$words$missing, ", ", counts$group[[i]])
  }
  # The panel is 2 inches high where the picture is 4: a line of the upright title has 26 letters.
  wrap <- function(text, width = 66) paste(strwrap(text, width), collapse = "\n")
  ggplot2::ggplot(grid, ggplot2::aes(x = .data$m0, y = .data$m1)) +
    ggplot2::geom_raster(ggplot2::aes(fill = .data$conclusion)) +
    ggplot2::geom_point(data = points, ggplot2::aes(shape = .data$what), size = 3.4, stroke = 1.2, fill = "white") +
    ggplot2::scale_fill_manual(
      values = stats::setNames(c("#E5E5E5", "#E69F00", "#56B4E9"), levels(grid$conclusion)), name = NULL, drop = TRUE
    ) +
    ggplot2::scale_shape_manual(values = c("same rate as observed" = 23, "nearest other conclusion" = 21), name = NULL) +
    # Points at the edge are whole.
    ggplot2::coord_cartesian(clip = "off") +
    ggplot2::scale_x_continuous(breaks = whole_breaks, expand = ggplot2::expansion(0)) +
    ggplot2::scale_y_continuous(breaks = whole_breaks, expand = ggplot2::expansion(0)) +
    ggplot2::labs(
      x = wrap(axis(1)), y = wrap(axis(2), 26), title = "What the missing would have to be",
      subtitle = wrap(paste0(
        "Observed: ", paste0(counts$group, " ", counts$x, "/", counts$n, collapse = ", "), "; ", object$observed$conclusion,
        " (", object$test, " p ", format_p(object$observed$p.value), ")"
      )),
      caption = if (object$simulated) simulated_remark(TRUE)
    ) +
    plot_theme() +
    ggplot2::theme(legend.position = "top", legend.box = "vertical", legend.box.just = "left", legend.justification = "left",
      legend.spacing.y = grid::unit(0, "pt"), legend.margin = ggplot2::margin(2, 0, 2, 0),
      panel.grid.major.x = ggplot2::element_blank(), axis.title = ggplot2::element_text(size = 10)
    )
}

whole_breaks <- function(limits) {
  breaks <- pretty(limits, 6)
  breaks[breaks == floor(breaks) & breaks >= 0 & breaks <= limits[[2]]]
}

#' @rdname autoplot-shift
#' @export
plot.her2_tipping <- function(x, ...) print(ggplot2::autoplot(x, ...))
