# The headlines of a comparison, or the picture of one of its parts.

#' Pictures of a comparison
#'
#' `"differences"`: the differences between the HER2 groups, and between therapies within them, in percentage points.
#' `"ratios"`: odds ratios and hazard ratios on a logarithmic axis. The name of a part (one of `names(object$parts)`): that
#' part's own picture.
#'
#' @param object,x A result of [compare_her2()].
#' @param what `"differences"`, `"ratios"`, or the name of a part; by default the first of these that `object` has.
#' @param ... Passed from `plot()` to `autoplot()`, and from it to the part's own.
#' @return A ggplot object. 10 by 5 inches suit the headlines.
#' @section Errors: `her2mod_error_input` where `object` has no such part, or `her2mod_error_data` nothing to draw.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' found <- compare_her2(simulate_cohort(300, seed = 1), adjust = "hr", R = 199, seed = 1)
#' ggplot2::autoplot(found)
#' ggplot2::autoplot(found, "survival")
#' @name autoplot-comparison
#' @exportS3Method ggplot2::autoplot
autoplot.her2_comparison <- function(object, what = NULL, ...) {
  need_ggplot2()
  headlines <- lapply(headline_terms, function(terms) headline_lines(object, names(terms)))
  drawable <- c(names(headlines)[vapply(headlines, NROW, 0L) > 0], names(object$parts))
  if (length(drawable) == 0) abort_data("There is nothing to draw: no part was done.", arg = "object")
  what <- if (is.null(what)) drawable[[1]] else check_choice(what, drawable, "what")
  if (what %in% names(object$parts)) return(ggplot2::autoplot(object$parts[[what]], ...))
  check_no_dots(...)
  ratio <- what == "ratios"
  lines <- headline_headings(headlines[[what]])
  columns <- list(
    c(paste0("estimate (", format_level(object), " interval)"), estimate_text(lines, ratio, !lines$head)),
    c("", ifelse(is.na(lines$p.value), "", paste("p", format_headline_p(object, lines))))
  )
  picture <- forest_of(lines, columns, ratio)
  picture <- picture + ggplot2::labs(
    title = paste0(object$groups[[2]], " against ", object$groups[[1]]),
    subtitle = paste(format_whole(object$n), object$groups, collapse = ", "),
    x = if (ratio) "Ratio (log axis)" else "Difference (percentage points)",
    caption = paste(c("Nothing is adjusted for the number of questions.", picture$labels$caption), collapse = "\n")
  )
  mark_simulated(picture, object$simulated)
}

headline_terms <- list(
  differences = c(risk_difference = "", interaction_risk_difference = "difference of these, "),
  ratios = c(odds_ratio = "odds ratio", hazard_ratio = "hazard ratio", interaction_odds_ratio = "ratio of the odds ratios, ",
    interaction_hazard_ratio = "ratio of the hazard ratios, ")
)

# One row a headline, on the shown scale and with what it compares.
headline_lines <- function(x, terms) {
  rows <- tidy(x)
  rows <- rows[rows$term %in% terms & !is.na(rows$estimate), ]
  if (NROW(rows) == 0) return(NULL)
  difference <- grepl("difference$", rows$term)
  values <- c("estimate", "conf.low", "conf.high")
  rows[values] <- ifelse(difference, 100, 1) * rows[values]
  rows$left <- vapply(seq_len(nrow(rows)), function(i) headline_words(x, rows[i, ], difference[[i]]), "")
  rows
}

# A therapy's effect is within a HER2 group; everything else compares the two.
headline_words <- function(x, row, difference) {
  word <- if (difference) " minus " else " over "
  title <- unlist(unname(headline_terms))[[row$term]]
  groups <- paste0(x$groups[[2]], word, x$groups[[1]])
  if (startsWith(row$term, "interaction")) return(paste0(title, groups))
  if (startsWith(row$part, "therapy") || row$part == "survival_therapy") {
    therapy <- x$parts[[row$part]]$groups
    words <- paste0(therapy[[2]], word, therapy[[1]], " in ", row$group)
  } else {
    words <- groups
  }
  paste0(if (title != "") paste0(title, ", "), words)
}

# A line for each part above its rows.
headline_headings <- function(rows) {
  values <- c("part", "estimate", "conf.low", "conf.high", "p.value")
  pieces <- lapply(unique(rows$part), function(part) {
    own <- rows[rows$part == part, ]
    title <- part_title(part)
    rbind(
      data.frame(left = paste0(toupper(substr(title, 1, 1)), substring(title, 2)), own[NA_integer_, values], head = TRUE),
      data.frame(left = paste0("    ", own$left), own[values], head = FALSE)
    )
  })
  lines <- do.call(rbind, pieces)
  rownames(lines) <- NULL
  lines
}

#' @rdname autoplot-comparison
#' @export
plot.her2_comparison <- function(x, ...) print(ggplot2::autoplot(x, ...))
