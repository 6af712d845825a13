# Bands from the classes before to the classes after therapy.

#' @rdname autoplot-shift
#' @exportS3Method ggplot2::autoplot
autoplot.her2_shift <- function(object, type = c("alluvial", "tipping"), other = NULL, ...) {
  need_ggplot2()
  check_no_dots(...)
  type <- check_option(type, c("alluvial", "tipping"), "type")
  if (type == "tipping") return(plot_shift_tipping(object, other))
  if (is.null(object$cells)) {
    abort_input(c("There are no classes to draw: the shift was given as counts of loss.",
      i = "{.code type = \"tipping\"} draws the tipping points."
    ), arg = "object")
  }
  plot_alluvial(object)
}

#' @rdname autoplot-shift
#' @export
plot.her2_shift <- function(x, ...) print(ggplot2::autoplot(x, ...))

plot_shift_tipping <- function(x, other, call = rlang::caller_env()) {
  if (length(x$tipping) == 0) {
    abort_input("There are no two groups with re-tested patients to compare.", arg = "object", call = call)
  }
  if (is.null(other)) other <- names(x$tipping)[[1]]
  ggplot2::autoplot(x$tipping[[check_choice(other, names(x$tipping), "other", call = call)]])
}

not_after <- c("not re-tested", "no residual disease")

# One row a band: group, from, to, n, and the heights (shares of the group) at which it begins and ends.
alluvial_bands <- function(counts, levels) {
  # Highest class on top; those never re-tested below all.
  counts$to <- ifelse(is.na(counts$after), not_after[1 + counts$residual %in% FALSE], as.character(counts$after))
  counts$from <- as.character(counts$before)
  bands <- stats::aggregate(n ~ group + from + to, counts, sum)
  order_from <- levels
  order_to <- c(rev(not_after), levels)
  bands <- do.call(rbind, lapply(split(bands, bands$group), function(own) {
    own$share <- own$n / sum(own$n)
    own <- own[order(match(own$from, order_from), match(own$to, order_to)), ]
    own$left_top <- cumsum(own$share)
    at <- order(match(own$to, order_to), match(own$from, order_from))
    own$right_top[at] <- cumsum(own$share[at])
    own
  }))
  bands$left <- bands$left_top - bands$share
  bands$right <- bands$right_top - bands$share
  rownames(bands) <- NULL
  bands
}

# The outline of each band: flat ends and a smooth step between.
band_outlines <- function(bands, points = 40) {
  x <- seq(0, 1, length.out = points)
  step <- x^2 * (3 - 2 * x)
  do.call(rbind, lapply(seq_len(nrow(bands)), function(i) {
    b <- bands[i, ]
    data.frame(
      band = i, group = b$group, to = b$to, x = c(x, rev(x)),
      y = c(b$left_top + (b$right_top - b$left_top) * step, rev(b$left + (b$right - b$left) * step))
    )
  }))
}

# The stacked classes at both ends, with their numbers.
band_ends <- function(bands) {
  stack <- function(side, x) {
    name <- if (side == "left") "from" else "to"
    top <- paste0(side, "_top")
    do.call(rbind, lapply(split(bands, list(bands$group, bands[[name]]), drop = TRUE), function(own) {
      data.frame(
        group = own$group[[1]], class = own[[name]][[1]], x = x, low = min(own[[side]]), high = max(own[[top]]),
        n = sum(own$n)
      )
    }))
  }
  rbind(stack("left", 0), stack("right", 1))
}

plot_alluvial <- function(x) {
  bands <- alluvial_bands(tidy(x, "shift"), x$levels)
  totals <- tapply(bands$n, bands$group, sum)
  panel <- function(group) {
    factor(paste0(group, ", n = ", totals[group]), paste0(x$groups, ", n = ", totals[x$groups]))
  }
  if (length(x$groups) == 1) panel <- function(group) factor(rep(paste0("n = ", sum(bands$n)), length(group)))
  outlines <- band_outlines(bands)
  ends <- band_ends(bands)
  outlines$panel <- panel(outlines$group)
  ends$panel <- panel(ends$group)
  ends$label <- vapply(paste0(ends$class, " (", ends$n, ")"), short_lines, "")
  labels <- spread_labels(ends)
  labels$side <- ifelse(labels$x == 0, -1, 1)
  shades <- class_colours(x$levels)
  ggplot2::ggplot(outlines, ggplot2::aes(x = .data$x, y = .data$y)) +
    ggplot2::geom_polygon(ggplot2::aes(group = .data$band, fill = .data$to), alpha = 0.55) +
    ggplot2::geom_rect(
      data = ends, inherit.aes = FALSE, colour = "white", linewidth = 0.5, ggplot2::aes(
        xmin = .data$x - 0.04, xmax = .data$x + 0.04, ymin = .data$low, ymax = .data$high, fill = .data$class
      )
    ) +
    ggplot2::geom_segment(
      data = labels, inherit.aes = FALSE, colour = "grey45", linewidth = 0.3, ggplot2::aes(
        x = .data$x + 0.045 * .data$side, xend = .data$x + 0.13 * .data$side, y = .data$middle, yend = .data$y
      )
    ) +
    ggplot2::geom_text(
      data = labels, inherit.aes = FALSE, lineheight = 0.85, size = 3.3, ggplot2::aes(
        x = .data$x + 0.15 * .data$side, y = .data$y, label = .data$label, hjust = ifelse(.data$side < 0, 1, 0)
      )
    ) +
    ggplot2::facet_wrap(~ panel) +
    # A label that is longer than there is room for goes on into the margin.
    ggplot2::coord_cartesian(clip = "off") +
    ggplot2::scale_fill_manual(values = shades, guide = "none") +
    ggplot2::scale_x_continuous(breaks = 0:1, labels = c("before", "after"), limits = c(-0.8, 2.2)) +
    ggplot2::scale_y_continuous(breaks = NULL) +
    ggplot2::labs(
      x = NULL, y = NULL, title = "HER2 before and after therapy",
      subtitle = paste0(
        "Bands coloured by class after; height: share of the group. Positive: ", toString(x$definition$positive)
      ),
      caption = if (x$simulated) simulated_remark(TRUE)
    ) +
    plot_theme() +
    ggplot2::theme(panel.grid = ggplot2::element_blank(), strip.text = ggplot2::element_text(face = "bold"))
}

# Of several short lines rather than one that would be cut.
short_lines <- function(text, width = 15) paste(strwrap(text, width), collapse = "\n")

# Labels of thin neighbours are moved apart, each by its lines, as little as can be (in the sum of squares); a line leads from
# each class to its label.
spread_labels <- function(ends, line = 0.06) {
  ends$middle <- (ends$low + ends$high) / 2
  half <- if (is.null(ends$label)) 1 else lengths(strsplit(ends$label, "\n"))
  ends$half <- line * half / 2
  do.call(rbind, lapply(split(ends, list(ends$panel, ends$x), drop = TRUE), function(own) {
    own <- own[order(own$middle), ]
    below <- cumsum(c(0, own$half[-1] + own$half[-nrow(own)]))
    own$y <- stats::isoreg(own$middle - below)$yf + below
    top <- 1 + line / 6 - own$half[[nrow(own)]] - (below[[nrow(own)]] - below)
    own$y <- pmax(pmin(own$y, top), own$half[[1]] + below - line / 6)
    own
  }))
}

# From light to dark as the class rises; greys for those without a class.
class_colours <- function(levels) {
  shades <- grDevices::colorRampPalette(c("#BFD9EC", "#56B4E9", "#0072B2", "#003B5C"))(length(levels))
  stats::setNames(c(shades, "#9A9A9A", "#D5D5D5"), c(levels, not_after))
}
