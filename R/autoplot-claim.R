# The interval of a claim against its margin.

#' Picture of a claim
#'
#' The intervals of the effect, that which decides on top; the line of no effect; and shaded the effects that would matter:
#' beyond the margin, on the better side, or on both where the claim has two. The verdict is in words above.
#'
#' @param object,x A result of [check_claim()].
#' @param ... Passed from `plot()` to `autoplot()`.
#' @return A ggplot object. 8 by 3 inches suit it.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' ggplot2::autoplot(check_claim("no improvement", c(single = 6, dual = 13), c(49, 68), margin = 0.10))
#' @name autoplot-claim
#' @exportS3Method ggplot2::autoplot
autoplot.her2_claim <- function(object, ...) {
  need_ggplot2()
  check_no_dots(...)
  spoken <- spoken_claim(object)
  ratio <- is_ratio(object$measure)
  lines <- claim_lines(object)
  bounds <- claim_bounds(object)
  axis <- claim_axis(lines, bounds, ratio)
  shown <- forest_clip(forest_lines(lines, list(c("", lines$left)), ratio)$rows, axis)
  text <- data.frame(y = c(0, -seq_len(nrow(lines))), left = c("", lines$left), right = c(
    paste0("effect (", format_level(object), " interval)"), claim_text(object, lines)
  ))
  # As wide as 7 inches hold.
  wrap <- function(words, width) paste(strwrap(words, width), collapse = "\n")
  picture <- forest_picture(shown, text, axis, ratio)
  # Below the interval and the line.
  picture$layers <- c(list(claim_region(bounds, axis)), picture$layers)
  picture <- picture + ggplot2::labs(
    title = wrap(format_claim_head(spoken)[[1]], 60),
    subtitle = wrap(paste0(toupper(object$verdict), ". ", object$reason), 70),
    x = wrap(paste0(format_claim_effect(spoken)[[1]], if (ratio) " (log axis)"), 57),
    caption = claim_caption(object, bounds, shown)
  )
  mark_simulated(picture, object$simulated)
}

# On the shown scale, the deciding interval first.
claim_lines <- function(object) {
  rows <- tidy(object)
  rows <- rows[rows$term == "effect", ]
  unit <- if (object$measure == "risk_difference") 100 else 1
  data.frame(
    left = paste0(rows$method, ifelse(seq_len(nrow(rows)) == 1, " (decides)", "")),
    unit * rows[c("estimate", "conf.low", "conf.high")]
  )
}

# From where an effect matters, and in which direction; on the shown scale.
claim_bounds <- function(object) {
  sides <- object$turn * c(1, if (is_two_sided(object$claim)) -1)
  data.frame(at = claim_shown(object)(sides * object$margin), direction = sides)
}

claim_axis <- function(lines, bounds, ratio) {
  scale <- if (ratio) log else identity
  back <- if (ratio) exp else identity
  seen <- scale(c(lines$estimate, lines$conf.low, lines$conf.high, bounds$at))
  ends <- range(c(seen[is.finite(seen)], 0))
  back(ends + c(-0.1, 0.1) * max(diff(ends), 1e-6))
}

claim_region <- function(bounds, axis) {
  region <- data.frame(
    from = ifelse(bounds$direction > 0, bounds$at, axis[[1]]), to = ifelse(bounds$direction > 0, axis[[2]], bounds$at)
  )
  ggplot2::geom_rect(
    data = region, ggplot2::aes(xmin = .data$from, xmax = .data$to), ymin = -Inf, ymax = Inf, inherit.aes = FALSE,
    fill = "#E69F00", alpha = 0.25
  )
}

claim_text <- function(object, lines) {
  number <- function(v) format_fixed(v, claim_decimals(object))
  ifelse(is.na(lines$estimate), "no estimate", paste0(number(lines$estimate), " (", effect_interval(lines, number), ")"))
}

claim_caption <- function(object, bounds, shown) {
  at <- format_fixed(sort(bounds$at), claim_decimals(object))
  paste(c(
    paste0("Shaded: effects that would matter, from ", paste(at, collapse = " and from "), " on outwards",
      if (!is_two_sided(object$claim)) paste0("; a ", if (object$turn == 1) "larger" else "smaller", " effect is better"), "."),
    if (any(shown$cut_low | shown$cut_high)) "Arrowhead: the interval goes on."
  ), collapse = "\n")
}

#' @rdname autoplot-claim
#' @export
plot.her2_claim <- function(x, ...) print(ggplot2::autoplot(x, ...))
