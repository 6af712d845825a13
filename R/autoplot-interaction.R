# The effects within groups, and how they differ.

#' Picture of an interaction
#'
#' The effect of therapy within each group with its interval (squares), and below them how the effects differ from that of the
#' reference group (diamonds): the difference of differences, or the ratio of ratios, with its p-value. Ratios have a
#' logarithmic axis, on which a contrast of 1 is no interaction; differences one on which it is 0.
#'
#' @param object,x A result of [test_interaction()].
#' @param effect Which effect, of several: by default the first.
#' @param method The method of the contrast; by default the first that has an interval.
#' @param ... Passed from `plot()` to `autoplot()`.
#' @return A ggplot object. 9 by 3 inches suit it.
#' @section Errors: `her2mod_error_input` for an effect or a method that `object` does not have.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' x <- simulate_cohort(margins = "exact", seed = 1)
#' ggplot2::autoplot(test_interaction(pcr ~ therapy * her2, x))
#' @name autoplot-interaction
#' @exportS3Method ggplot2::autoplot
autoplot.her2_interaction <- function(object, effect = NULL, method = NULL, ...) {
  need_ggplot2()
  check_no_dots(...)
  measure <- if (is.null(effect)) object$measures[[1]] else check_choice(effect, object$measures, "effect")
  object <- spoken(object)
  ratio <- is_ratio(measure)
  rows <- tidy(object)
  rows <- rows[rows$measure == measure, ]
  contrast <- contrast_rows(rows[rows$term == "interaction", ], method)
  lines <- interaction_lines(object, rows[rows$term == "effect", ], contrast, ratio)
  unit <- if (measure == "risk_difference") 100 else 1
  values <- c("estimate", "conf.low", "conf.high")
  lines[values] <- unit * lines[values]
  picture <- forest_of(lines, interaction_columns(object, lines, ratio), ratio)
  about <- list(measure = measure, tau = if (measure == "rmst_difference") object$tau)
  picture <- picture + ggplot2::labs(
    title = sub("^Interaction: d", "D", format_interaction_head(object)[[1]]),
    x = forest_label(about, object$groups, ratio),
    caption = paste(c(interaction_caption(object, rows, contrast), picture$labels$caption), collapse = "\n")
  )
  mark_simulated(picture, object$simulated)
}

# One row a group: of the method asked for, or of the first with an interval.
contrast_rows <- function(rows, method, call = rlang::caller_env()) {
  if (!is.null(method)) {
    method <- check_choice(method, unique(rows$method), "method", call = call)
    return(rows[rows$method == method, ])
  }
  rows <- rows[order(is.na(rows$conf.low) & is.na(rows$conf.high)), ]
  rows <- rows[!duplicated(rows$group), ]
  rows[order(as.integer(rownames(rows))), ]
}

interaction_values <- c("estimate", "conf.low", "conf.high", "p.value", "method")

interaction_lines <- function(object, effects, contrast, ratio) {
  at <- match(effects$group, object$strata)
  own <- function(rows, left, kind) {
    data.frame(left = paste0("    ", left), rows[interaction_values], kind, row.names = NULL)
  }
  head <- function(left) {
    data.frame(left, effects[NA_integer_, interaction_values], kind = "head", row.names = NULL)
  }
  word <- if (ratio) " over " else " minus "
  lines <- rbind(head("Effect within each group"), own(effects, object$strata[at], "effect"))
  if (nrow(contrast)) {
    lines <- rbind(lines, head(if (ratio) "Ratio of the effects" else "Difference of the effects"),
      own(contrast, paste0(contrast$group, word, object$strata[[1]]), "contrast"))
  }
  lines$stratum <- c(NA, at, rep(NA, nrow(lines) - 1 - length(at)))
  lines$shape <- ifelse(lines$kind == "contrast", 18, 15)
  lines$colour <- plot_colours[ifelse(lines$kind == "contrast", "observed", "estimate")]
  lines
}

interaction_columns <- function(object, lines, ratio) {
  counts <- function(group) {
    cells <- object$cells[object$cells$group == group, ]
    of <- paste0(format_whole(cells$x), "/", format_whole(cells$n))[match(lines$stratum - 1, cells$stratum)]
    ifelse(is.na(of), "", of)
  }
  contrast <- lines$kind == "contrast"
  p <- ifelse(is.na(lines$p.value), "no p", paste("p", format_least_p(lines$p.value, is_least_p(object, lines))))
  list(
    c(object$groups[[2]], counts(1)), c(object$groups[[1]], counts(0)),
    c(paste0("effect (", format_level(object), " interval)"), estimate_text(lines, ratio, lines$kind != "head")),
    c("", ifelse(contrast, p, ""))
  )
}

format_whole <- function(x) format(x, trim = TRUE, scientific = FALSE)

# "18.4 (2.5 to 33.1)" of those that are shown, else nothing.
estimate_text <- function(rows, ratio, shown = TRUE) {
  number <- if (ratio) function(v) format_number(v, 3) else function(v) format_fixed(v, 1)
  text <- ifelse(is.na(rows$estimate), "no estimate", paste0(number(rows$estimate), " (", effect_interval(rows, number), ")"))
  ifelse(rep_len(shown, length(text)), text, "")
}

interaction_caption <- function(object, rows, contrast) {
  tests <- rows[rows$term == "test" & !is.na(rows$p.value), ]
  paste(c(
    paste0("Events (", object$event, ") / patients. ",
      if (nrow(contrast)) paste0("Diamond: the contrast, ", toString(unique(contrast$method)), ".")),
    if (length(object$strata) > 2 && nrow(tests)) {
      paste0("All groups have the same effect: p ", format_p(tests$p.value[[1]]), ", ", tests$method[[1]], ".")
    },
    "Whether an effect is significant within one group and not in another is no test of a difference."
  ), collapse = "\n")
}

#' @rdname autoplot-interaction
#' @export
plot.her2_interaction <- function(x, ...) print(ggplot2::autoplot(x, ...))
