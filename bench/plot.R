# RESULTS.png: the ratios of the table on a logarithmic axis, with what is required.

# The path, or NULL without ggplot2.
write_plot <- function(rows, path) {
  if (!has_peer("ggplot2")) return(NULL)
  rows$label <- plot_label(rows)
  height <- 1.5 + 0.2 * length(unique(rows$label))
  ggplot2::ggsave(path, ratio_plot(rows), width = 11, height = height, dpi = 110, bg = "white")
  path
}

# The batch that suits scipy best may change with n.
plot_label <- function(rows) paste0(rows$work, "  |  ", sub("batch = [0-9]+$", "best batch", rows$peer))

ratio_plot <- function(rows) {
  rows$label <- factor(rows$label, rev(unique(rows$label)))
  rows$topic <- factor(rows$topic, unique(rows$topic))
  large <- "n = 100,000 (curves, Cox regression: 1,000,000)"
  rows$size <- ifelse(rows$n >= 1e5, large, "n = 575 (barnard, 230/512: 1,024)")
  asked <- rows[!is.na(rows$required), ]
  sizes <- stats::setNames(c("#92c5de", "#2166ac"), sort(unique(c(rows$size, large))))
  ggplot2::ggplot(rows, ggplot2::aes(x = .data$ratio, y = .data$label)) +
    ggplot2::geom_blank() +
    ggplot2::geom_vline(xintercept = 1, colour = "grey60") +
    ggplot2::geom_point(ggplot2::aes(x = .data$required, shape = "required"), asked, colour = "#b2182b", size = 4) +
    ggplot2::geom_point(ggplot2::aes(colour = .data$size), size = 2.2) +
    ggplot2::facet_grid(ggplot2::vars(.data$topic), scales = "free_y", space = "free_y", switch = "y") +
    ggplot2::scale_x_log10(breaks = 10^seq(-2, 8, 2), labels = format_count) +
    ggplot2::scale_shape_manual(values = c(required = 124)) +
    ggplot2::scale_colour_manual(values = sizes) +
    ggplot2::labs(x = "time of the peer over ours", y = NULL, colour = NULL, shape = NULL) +
    ggplot2::theme_minimal(base_size = 10) +
    ggplot2::theme(
      legend.position = "top", legend.direction = "vertical", legend.justification = "right",
      strip.placement = "outside", strip.text.y.left = ggplot2::element_text(angle = 0, hjust = 1, face = "bold"),
      panel.grid.minor = ggplot2::element_blank()
    )
}
