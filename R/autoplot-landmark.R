# Pictures of survival by response.

#' Pictures of survival by response
#'
#' `type`:
#' * `"sweep"`: the hazard ratio at each landmark with its interval, on a log axis, with lines at the
#'   time-dependent, the from-the-assessment and the naive estimate, and the numbers at risk;
#' * `"curves"`: the Kaplan-Meier curves by the response known at one landmark, counted from it.
#'
#' @param object,x A result of [landmark_survival()].
#' @param type Which picture.
#' @param landmark For curves: one of the landmarks, or `"response"` for time counted from the assessment. By
#'   default the middle one of those that have curves.
#' @param ... Passed from `plot()` to `autoplot()`.
#' @return A ggplot object.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' jasa <- survival::jasa
#' x <- landmark_survival(Surv(futime, fustat) ~ transplant, jasa, response_time = wait.time, R = 0)
#' ggplot2::autoplot(x)
#' @name autoplot-landmark
#' @exportS3Method ggplot2::autoplot
autoplot.her2_landmark <- function(object, type = c("sweep", "curves"), landmark = NULL, ...) {
  need_ggplot2()
  type <- check_option(type, c("sweep", "curves"), "type")
  check_no_dots(...)
  # Its comparisons say themselves that they are simulated.
  if (type == "curves") return(plot_landmark_curves(object, landmark))
  mark_simulated(plot_sweep(object), object$simulated)
}

#' @rdname autoplot-landmark
#' @export
plot.her2_landmark <- function(x, ...) print(ggplot2::autoplot(x, ...))

plot_landmark_curves <- function(x, landmark, call = rlang::caller_env()) {
  known <- names(x$comparisons)[!vapply(x$comparisons, is.null, NA)]
  if (is.null(landmark)) landmark <- known[[ceiling(length(setdiff(known, "response")) / 2)]]
  landmark <- check_choice(landmark_names(landmark), known, "landmark", call = call)
  shown <- x$comparisons[[landmark]]
  start <- if (landmark == "response") "the assessment" else paste("landmark", landmark)
  wrap <- function(text) paste(strwrap(text, 64), collapse = "\n")
  picture <- ggplot2::autoplot(shown) +
    ggplot2::labs(
      x = wrap(paste0("Time since ", start, " (units of ", x$event, ")")),
      subtitle = wrap(paste0(
        "Patients still at risk after ", start, ", by the response known then; ", format_level(x), " pointwise limits"
      ))
    )
  if (sum(nchar(x$groups)) < 50) return(picture)
  picture + ggplot2::theme(legend.direction = "vertical", legend.justification = "left")
}

line_analyses <- c("time-dependent", "from response", "naive")

# "time-dependent: 0.95 (0.70 to 1.3)".
line_labels <- function(rows) {
  titles <- c(`time-dependent` = "Time-dependent", `from response` = "From the assessment", naive = "Naive (biased)")
  short <- function(v) format_number(exp(v), 3)
  limits <- paste0(" (", format_interval(rows$conf.low, rows$conf.high, short), ")")
  paste0(titles[rows$analysis], ": ", short(rows$estimate), ifelse(is.na(rows$conf.low), "", limits))
}

plot_sweep <- function(x) {
  rows <- hazard_rows(x)
  rows$shown <- is.finite(rows$estimate) & !is.na(rows$conf.low)
  sweep <- rows[rows$analysis == "landmark", ]
  lines <- rows[rows$analysis %in% line_analyses & is.finite(rows$estimate), ]
  lines <- lines[order(match(lines$analysis, line_analyses)), ]
  lines$label <- factor(line_labels(lines), levels = line_labels(lines))
  looks <- match(lines$analysis, line_analyses)
  breaks <- spaced(sweep$time)
  limits <- range(sweep$time) + c(-1, 1) * max(0.06 * diff(range(sweep$time)), 1e-9, 0.02 * max(sweep$time))
  ggplot2::ggplot(sweep[sweep$shown, ], ggplot2::aes(x = .data$time, y = exp(.data$estimate))) +
    ggplot2::geom_hline(yintercept = 1, colour = "#999999", linewidth = 0.4) +
    ggplot2::geom_hline(
      data = lines, ggplot2::aes(yintercept = exp(.data$estimate), colour = .data$label, linetype = .data$label),
      linewidth = 0.9
    ) +
    ggplot2::geom_linerange(ggplot2::aes(ymin = exp(.data$conf.low), ymax = exp(.data$conf.high)), linewidth = 0.7) +
    ggplot2::geom_point(size = 2.6) +
    ggplot2::scale_colour_manual(values = group_colours[c(1, 3, 2)][looks], name = NULL) +
    ggplot2::scale_linetype_manual(values = c("solid", "42", "13")[looks], name = NULL) +
    ggplot2::scale_x_continuous(breaks = breaks, labels = format_plain(signif(breaks, 4)), limits = limits) +
    ggplot2::scale_y_log10(breaks = ratio_breaks) +
    sweep_risk_rows(x, breaks, limits[[1]]) +
    sweep_labels(x, rows) +
    plot_theme() +
    ggplot2::theme(
      legend.position = "top", legend.direction = "vertical", legend.justification = "left",
      legend.key.width = grid::unit(2.2, "lines"),
      legend.text = ggplot2::element_text(size = 10), legend.margin = ggplot2::margin(0, 0, 0, 0),
      panel.grid.major.y = ggplot2::element_line(colour = "#e5e5e5"),
      plot.margin = ggplot2::margin(8, 16, 62, 8)
    )
}

# Round hazard ratios, some of which any range holds.
ratio_breaks <- function(limits) {
  round <- c(0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50, 100)
  inside <- round[round >= limits[[1]] & round <= limits[[2]]]
  if (length(inside) > 1) inside else signif(exp(seq(log(limits[[1]]), log(limits[[2]]), length.out = 4)), 2)
}

sweep_labels <- function(x, rows) {
  wrap <- function(text, width = 64) paste(strwrap(text, width), collapse = "\n")
  missing <- rows[!rows$shown, ]
  reasons <- paste0(analysis_titles(missing), " (", missing$reason, ")", collapse = "; ")
  ggplot2::labs(
    x = wrap(paste0("Landmark (units of ", x$event, ")")), y = "Hazard ratio (log axis)",
    title = wrap(paste0("Hazard ratio, ", x$groups[[2]], " over ", x$groups[[1]]), 58),
    subtitle = paste(c(
      wrap(paste0("Points: patients at risk after the landmark (", format_level(x), " intervals).")),
      wrap(paste0("Below 1: fewer events with ", x$groups[[2]], ".")),
      if (nrow(missing)) wrap(paste0("Not shown: ", reasons, "."))
    ), collapse = "\n")
  )
}

# Landmarks far enough apart for numbers below them, the last among them.
spaced <- function(times) {
  gap <- diff(range(times)) / 6
  kept <- times[[length(times)]]
  for (t in rev(times)[-1]) if (kept[[1]] - t >= gap) kept <- c(t, kept)
  kept
}

# Patients at risk below the axis, as risk_rows() does it.
sweep_risk_rows <- function(x, breaks, left) {
  below <- function(line) 6.2 + 1.7 * line
  counts <- x$counts[x$counts$analysis == "landmark" & x$counts$time %in% breaks, ]
  line <- ifelse(counts$group == x$groups[[2]], 1, 3)
  numbers <- data.frame(
    time = counts$time, line = below(line),
    label = paste0(format(counts$n, big.mark = ",", trim = TRUE), " (", counts$events, ")")
  )
  names <- data.frame(
    time = left, line = below(c(0, 2)),
    label = paste0("At risk (events): ", c(x$groups[[2]], paste(x$groups[[1]], "or not yet known")))
  )
  text <- function(rows, ...) {
    ggplot2::geom_text(
      data = rows, ggplot2::aes(x = .data$time, label = .data$label, vjust = .data$line), y = -Inf, size = 3.2,
      inherit.aes = FALSE, show.legend = FALSE, ...
    )
  }
  list(text(numbers), text(names, hjust = 0, fontface = "bold"), ggplot2::coord_cartesian(clip = "off"))
}
