# Pictures of survival curves. Each is drawn from tidy(x, "curves").

#' Pictures of survival curves
#'
#' `type`:
#' * `"curves"`: Kaplan-Meier curves with pointwise limits, censoring marks, lines at the medians, and
#'   the numbers at risk under the axis;
#' * `"rmst"`: the same curves with the areas up to tau that the restricted means are;
#' * `"difference"`: the difference of two curves with pointwise Wald limits;
#' * `"loglog"`: log(-log S) against log time, whose curves are parallel under proportional hazards.
#'
#' @param object,x A result of [compare_survival()].
#' @param type Which picture.
#' @param risk_table Whether to show the numbers at risk.
#' @param ... Passed from `plot()` to `autoplot()`.
#' @return A ggplot object.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' veteran <- survival::veteran
#' veteran$trt <- factor(veteran$trt, labels = c("standard", "test"))
#' ggplot2::autoplot(compare_survival(Surv(time, status) ~ trt, veteran))
#' @name autoplot-survival
#' @exportS3Method ggplot2::autoplot
autoplot.her2_survival <- function(object, type = c("curves", "rmst", "difference", "loglog"), risk_table = TRUE, ...) {
  need_ggplot2()
  type <- check_option(type, c("curves", "rmst", "difference", "loglog"), "type")
  check_no_dots(...)
  picture <- switch(type,
    curves = plot_curves(object, check_flag(risk_table, "risk_table")),
    rmst = plot_rmst(object),
    difference = plot_difference(object),
    loglog = plot_loglog(object)
  )
  mark_simulated(picture, object$simulated)
}

#' @rdname autoplot-survival
#' @export
plot.her2_survival <- function(x, ...) print(ggplot2::autoplot(x, ...))

# Okabe and Ito's colours, in an order whose neighbours also differ in lightness; lines differ in type.
group_colours <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")

group_scales <- function(groups) {
  colours <- stats::setNames(rep_len(group_colours, length(groups)), groups)
  types <- stats::setNames(rep_len(c("solid", "22", "42", "1343", "13"), length(groups)), groups)
  list(
    ggplot2::scale_colour_manual(values = colours, name = NULL),
    ggplot2::scale_fill_manual(values = colours, name = NULL),
    ggplot2::scale_linetype_manual(values = types, name = NULL)
  )
}

# The curve as a staircase: its value from each time on, from (0, start).
stairs <- function(rows, start = 1) {
  first <- rows[1, ]
  first[c("time", "estimate", "conf.low", "conf.high")] <- list(0, start, start, start)
  rows <- rbind(first, rows)
  n <- nrow(rows)
  corners <- rows[c(1, rep(seq_len(n)[-1], each = 2)), ]
  height <- rows[c(rep(seq_len(n - 1), each = 2), n), c("estimate", "conf.low", "conf.high")]
  corners[names(height)] <- height
  corners
}

staircases <- function(x) {
  rows <- tidy(x, "curves")
  rows$group <- factor(rows$group, levels = x$groups)
  # Where only patients are censored the curve has no corner.
  drawn <- lapply(split(rows, rows$group), function(own) {
    own <- own[own$n.event > 0 | seq_len(nrow(own)) == nrow(own), ]
    unknown <- is.na(own$conf.low)
    own$conf.low[unknown] <- own$conf.high[unknown] <- own$estimate[unknown]
    stairs(own)
  })
  drawn <- do.call(rbind, drawn)
  # With late entry a curve starts where its first patient enters.
  drawn$time <- pmax(drawn$time, unname(x$start[as.character(drawn$group)]))
  list(rows = rows, stairs = drawn)
}

survival_axes <- function(x, label = "Survival probability") {
  list(
    ggplot2::labs(x = paste0("Time (units of ", x$event, ")"), y = label),
    plot_theme(),
    ggplot2::theme(legend.position = "top", panel.grid.major.y = ggplot2::element_line(colour = "#e5e5e5"))
  )
}

# In lines that a page holds.
survival_title <- function(x) {
  counts <- group_counts(x$cells, x$groups)
  title <- paste(paste0(counts$group, " (", counts$x, "/", counts$n, " events)"), collapse = ", ")
  paste(strwrap(title, 64), collapse = "\n")
}

base_curves <- function(x) {
  drawn <- staircases(x)
  censored <- drawn$rows[drawn$rows$n.censor > 0, ]
  ggplot2::ggplot(drawn$stairs, ggplot2::aes(x = .data$time, y = .data$estimate, colour = .data$group)) +
    ggplot2::geom_line(ggplot2::aes(linetype = .data$group), linewidth = 0.8) +
    ggplot2::geom_point(data = censored, shape = 3, size = 1.6, show.legend = FALSE) +
    group_scales(x$groups) +
    survival_axes(x)
}

plot_curves <- function(x, risk_table) {
  stairs <- staircases(x)$stairs
  medians <- rows_of(x, "median")
  medians <- medians[!is.na(medians$estimate), ]
  medians$group <- factor(medians$group, levels = x$groups)
  picture <- base_curves(x) +
    ggplot2::geom_ribbon(
      data = stairs, ggplot2::aes(ymin = .data$conf.low, ymax = .data$conf.high, fill = .data$group),
      alpha = 0.15, colour = NA
    ) +
    ggplot2::geom_segment(
      data = medians, ggplot2::aes(x = .data$estimate, xend = .data$estimate, yend = 0), y = 0.5,
      linetype = "dotted", show.legend = FALSE
    ) +
    ggplot2::labs(
      title = survival_title(x),
      subtitle = paste0(
        format_level(x), " pointwise limits (", x$conf.type, "); marks: censored; dotted: medians"
      )
    )
  end <- max(stairs$time)
  breaks <- pretty(c(0, end), 6)
  breaks <- breaks[breaks <= end]
  picture <- picture + ggplot2::scale_x_continuous(breaks = breaks, limits = c(0, end)) +
    ggplot2::scale_y_continuous(labels = function(s) paste0(round(100 * s), "%"), breaks = seq(0, 1, 0.25))
  if (!risk_table) return(picture + ggplot2::coord_cartesian(ylim = c(0, 1)))
  picture + risk_rows(x, breaks)
}

# The numbers at risk as text below the axis, which `vjust` counts in heights of text whatever the
# picture's size: of each group its name, and the numbers.
risk_rows <- function(x, breaks) {
  below <- function(line) 6.2 + 1.7 * line
  of_group <- function(g) factor(x$groups[[g]], levels = x$groups)
  numbers <- do.call(rbind, lapply(seq_along(x$groups), function(g) {
    data.frame(
      time = breaks, line = below(2 * g - 1), group = of_group(g),
      label = format(at_risk_at(x, g, breaks), big.mark = ",", trim = TRUE)
    )
  }))
  names <- do.call(rbind, lapply(seq_along(x$groups), function(g) {
    data.frame(time = 0, line = below(2 * g - 2), group = of_group(g), label = paste("At risk:", x$groups[[g]]))
  }))
  text <- function(rows, ...) {
    ggplot2::geom_text(
      data = rows, ggplot2::aes(label = .data$label, vjust = .data$line), y = -Inf, size = 3.2, show.legend = FALSE, ...
    )
  }
  list(
    text(numbers), text(names, hjust = 0, fontface = "bold"), ggplot2::coord_cartesian(ylim = c(0, 1), clip = "off"),
    ggplot2::theme(plot.margin = ggplot2::margin(8, 16, 10 + 24 * length(x$groups), 8))
  )
}

plot_rmst <- function(x) {
  stairs <- staircases(x)$stairs
  means <- rows_of(x, "rmst")
  known <- means$group[!is.na(means$estimate)]
  area <- do.call(rbind, lapply(split(stairs, stairs$group)[known], function(own) {
    inside <- own[own$time <= x$tau, ]
    end <- inside[nrow(inside), ]
    end$time <- x$tau
    rbind(inside, end)
  }))
  means$panel <- paste0(means$group, ": ", ifelse(is.na(means$estimate), "no restricted mean", format_number(means$estimate)))
  relabel <- function(rows) {
    rows$panel <- factor(means$panel[match(rows$group, means$group)], levels = means$panel)
    rows
  }
  filled <- if (length(known)) {
    ggplot2::geom_ribbon(
      data = relabel(area), ggplot2::aes(ymin = 0, ymax = .data$estimate, fill = .data$group), alpha = 0.3, colour = NA
    )
  }
  ggplot2::ggplot(relabel(stairs), ggplot2::aes(x = .data$time, y = .data$estimate, colour = .data$group)) +
    filled +
    ggplot2::geom_line(linewidth = 0.8) +
    ggplot2::geom_vline(xintercept = x$tau, linetype = "dashed", colour = plot_colours[["null"]]) +
    ggplot2::facet_wrap(~panel) +
    group_scales(x$groups) +
    ggplot2::scale_y_continuous(labels = function(s) paste0(round(100 * s), "%"), limits = c(0, 1)) +
    survival_axes(x) +
    ggplot2::theme(legend.position = "none") +
    ggplot2::labs(
      title = survival_title(x),
      subtitle = paste0("Restricted mean survival time: the area up to tau = ", format(x$tau), " (dashed)")
    )
}

need_two_groups <- function(x, what, call = rlang::caller_env()) {
  if (length(x$groups) != 2) {
    abort_input(c("{what} needs two groups.", x = "There {cli::qty(length(x$groups))}{?is/are} {length(x$groups)}."),
      arg = "type", call = call
    )
  }
}

# S1 - S0 at every time of either curve that both are known at.
curve_difference <- function(x) {
  need_two_groups(x, "The difference of curves")
  end <- min(vapply(x$curves, last_usable, 0))
  times <- sort(unique(unlist(lapply(x$curves, function(curve) curve$time[curve$n.event > 0]))))
  times <- times[times <= end]
  end <- min(end, max(vapply(x$curves, follow_up_of, 0)))
  wanted <- list(times = unique(c(times, end)), conf.level = x$conf.level)
  survival_differences(x$curves, x$groups[[2]], wanted)
}

plot_difference <- function(x) {
  rows <- curve_difference(x)
  first <- rows[1, ]
  first[c("time", "estimate", "conf.low", "conf.high")] <- list(max(0, x$start), 0, 0, 0)
  rows <- rbind(first, rows)
  n <- nrow(rows)
  corners <- rows[c(1, rep(seq_len(n)[-1], each = 2)), ]
  height <- c(rep(seq_len(n - 1), each = 2), n)
  for (column in c("estimate", "conf.low", "conf.high")) corners[[column]] <- rows[[column]][height]
  ggplot2::ggplot(corners, ggplot2::aes(x = .data$time, y = .data$estimate)) +
    ggplot2::geom_hline(yintercept = 0, linetype = "dashed", colour = plot_colours[["null"]]) +
    ggplot2::geom_ribbon(
      ggplot2::aes(ymin = .data$conf.low, ymax = .data$conf.high), fill = plot_colours[["estimate"]], alpha = 0.2
    ) +
    ggplot2::geom_line(colour = plot_colours[["estimate"]], linewidth = 0.8) +
    survival_axes(x, "Difference of survival probabilities") +
    ggplot2::labs(
      title = paste0(format_direction(x$groups, "identity"), ":\ndifference of survival"),
      subtitle = paste0(
        format_level(x), " pointwise limits (Wald): not a band for the whole curve",
        if (anyNA(rows$conf.low)) "\nno limits where nobody, or everybody, of a group has had the event"
      )
    )
}

plot_loglog <- function(x) {
  rows <- tidy(x, "curves")
  rows <- rows[rows$n.event > 0 & rows$estimate > 0 & rows$estimate < 1 & rows$time > 0, ]
  rows$group <- factor(rows$group, levels = x$groups)
  rows$loglog <- log(-log(rows$estimate))
  ggplot2::ggplot(rows, ggplot2::aes(x = .data$time, y = .data$loglog, colour = .data$group)) +
    ggplot2::geom_step(ggplot2::aes(linetype = .data$group), linewidth = 0.8) +
    ggplot2::scale_x_log10() +
    group_scales(x$groups) +
    survival_axes(x, "log(-log S)") +
    ggplot2::labs(
      x = paste0("Time (units of ", x$event, ", log axis)"),
      title = survival_title(x), subtitle = "Parallel curves: proportional hazards"
    )
}
