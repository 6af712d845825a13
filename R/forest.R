# What forest plots share: rows with y, estimate, conf.low and conf.high, and texts on both sides of them.

# `rows` as forest_clip() gives them, with the side of each point; shape and colour where they differ. `text`: y, left, right.
forest_picture <- function(rows, text, axis, ratio, dashed = NULL) {
  if (is.null(rows$shape)) rows$shape <- rep(15, nrow(rows))
  if (is.null(rows$colour)) rows$colour <- rep(plot_colours[["estimate"]], nrow(rows))
  number <- if (ratio) scale_forest_ratio else scale_forest_difference
  ggplot2::ggplot(rows, ggplot2::aes(y = .data$y, colour = .data$colour)) +
    ggplot2::geom_vline(xintercept = if (ratio) 1 else 0, colour = plot_colours[["null"]], linewidth = 0.4) +
    (if (!is.null(dashed) && !is.na(dashed)) {
      ggplot2::geom_vline(xintercept = dashed, colour = plot_colours[["estimate"]], linetype = "dashed", linewidth = 0.4)
    }) +
    forest_intervals(rows) +
    ggplot2::geom_point(
      data = rows[rows$inside, ], ggplot2::aes(x = .data$estimate, size = .data$side, shape = .data$shape)
    ) +
    ggplot2::scale_size_identity() + ggplot2::scale_shape_identity() + ggplot2::scale_colour_identity() +
    ggplot2::scale_y_continuous(
      breaks = text$y, labels = text$left, limits = c(min(text$y) - 0.5, max(text$y) + 0.5), expand = c(0, 0),
      sec.axis = ggplot2::dup_axis(labels = text$right)
    ) +
    number(axis) +
    ggplot2::labs(y = NULL) +
    forest_theme()
}

# Lines from the top: `left`, estimates with intervals (NA of headings), and columns of text, each with its head first.
forest_lines <- function(lines, columns, ratio) {
  lines$y <- -seq_len(nrow(lines))
  lines$side <- rep(3, nrow(lines))
  columns <- lapply(columns, format, justify = "right")
  list(
    rows = lines, axis = forest_axis(lines, ratio),
    text = data.frame(y = c(0, lines$y), left = c("", lines$left), right = do.call(paste, c(unname(columns), sep = "  ")))
  )
}

forest_of <- function(lines, columns, ratio) {
  parts <- forest_lines(lines, columns, ratio)
  shown <- forest_clip(parts$rows[!is.na(parts$rows$estimate), ], parts$axis)
  picture <- forest_picture(shown, parts$text, parts$axis, ratio)
  if (any(shown$cut_low | shown$cut_high)) {
    picture <- picture + ggplot2::labs(caption = "Arrowhead: the interval goes on.")
  }
  picture
}

# The ends of the axis, on the shown scale.
forest_axis <- function(rows, ratio, limits = NULL) {
  if (!is.null(limits)) return(limits)
  scale <- if (ratio) log else identity
  back <- if (ratio) exp else identity
  estimate <- scale(rows$estimate)
  ends <- c(scale(rows$conf.low), scale(rows$conf.high))
  half <- (scale(rows$conf.high) - scale(rows$conf.low)) / 2
  finite <- function(x) x[is.finite(x)]
  centre <- if (is.finite(estimate[[1]])) estimate[[1]] else 0
  # What is not yet absurd: five typical half-widths; of a ratio, whose ends may be anywhere, three, or eightfold.
  typical <- max(stats::median(finite(half)), 0, na.rm = TRUE)
  reach <- if (ratio) max(3 * typical, log(8)) else 5 * typical
  near <- finite(ends)[abs(finite(ends) - centre) <= reach]
  all <- c(near, finite(estimate), 0)
  pad <- 0.04 * max(diff(range(all)), 1e-6)
  back(range(all) + c(-pad, pad))
}

forest_clip <- function(rows, axis) {
  # An estimate without an interval is a point; without either there is nothing to draw.
  none <- is.na(rows$conf.low) & is.na(rows$conf.high)
  rows[none, c("conf.low", "conf.high")] <- rows$estimate[none]
  rows <- rows[!none | is.finite(rows$estimate), ]
  rows$cut_low <- is.na(rows$conf.low) | rows$conf.low < axis[[1]]
  rows$cut_high <- is.na(rows$conf.high) | rows$conf.high > axis[[2]]
  rows$low <- ifelse(rows$cut_low, axis[[1]], rows$conf.low)
  rows$high <- ifelse(rows$cut_high, axis[[2]], rows$conf.high)
  rows$inside <- rows$estimate >= axis[[1]] & rows$estimate <= axis[[2]]
  # A cut interval that lies beyond the axis altogether is an arrowhead at its edge.
  middle <- pmin(pmax(rows$estimate, axis[[1]]), axis[[2]])
  rows$middle <- ifelse(is.finite(middle), middle, (rows$low + rows$high) / 2)
  rows
}

forest_intervals <- function(shown) {
  segment <- function(rows, from, to, arrow = NULL) {
    if (nrow(rows) == 0) return(NULL)
    ggplot2::geom_segment(
      data = rows, ggplot2::aes(x = .data[[from]], xend = .data[[to]], yend = .data$y), arrow = arrow,
      linewidth = 0.6
    )
  }
  head <- grid::arrow(length = grid::unit(0.08, "inches"), type = "closed")
  list(
    segment(shown, "low", "high"),
    segment(shown[shown$cut_low, ], "middle", "low", head),
    segment(shown[shown$cut_high, ], "middle", "high", head)
  )
}

# Ticks of a ratio's axis: the finest of these series with at most seven of them on it.
forest_ticks <- list(
  c(0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.4, 1.6, 1.8, 2), c(0.5, 0.67, 0.8, 1, 1.25, 1.5, 2), 2^(-3:4),
  c(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100), 10^(-12:12), 10^seq(-300, 300, 10)
)

ratio_ticks <- function(axis) {
  inside <- lapply(forest_ticks, function(ticks) ticks[ticks >= axis[[1]] & ticks <= axis[[2]]])
  ends <- vapply(forest_ticks, function(ticks) min(ticks) <= axis[[1]] * 2 && max(ticks) >= axis[[2]] / 2, NA)
  fit <- which(ends & lengths(inside) %in% 3:7)
  if (length(fit)) inside[[fit[[1]]]] else sort(unique(signif(exp(pretty(log(axis), 4)), 2)))
}

scale_forest_ratio <- function(axis) {
  ticks <- ratio_ticks(axis)
  ggplot2::scale_x_log10(breaks = ticks, labels = vapply(ticks, format, "", digits = 3), limits = axis,
    expand = ggplot2::expansion(mult = 0.02), oob = function(x, ...) x)
}

scale_forest_difference <- function(axis) {
  ggplot2::scale_x_continuous(limits = axis, expand = ggplot2::expansion(mult = 0.02), oob = function(x, ...) x)
}

forest_theme <- function() {
  plot_theme() + ggplot2::theme(
    axis.text.y.left = ggplot2::element_text(hjust = 0, colour = "black"),
    axis.text.y.right = ggplot2::element_text(hjust = 0, family = "mono", colour = "black"),
    axis.ticks = ggplot2::element_blank(), plot.caption = ggplot2::element_text(hjust = 0)
  )
}

