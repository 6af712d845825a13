# What a `her2_proportions` can do: text, tidy tables, the usual extractors.

term_titles <- c(
  proportion = "Proportion", risk_difference = "Risk difference", risk_ratio = "Risk ratio",
  odds_ratio = "Odds ratio", test = "Tests of equal proportions"
)

#' @export
format.her2_proportions <- function(x, ...) {
  x <- spoken_groups(c(unclass(x), list(groups = x$counts$group)))
  x$counts$group <- x$groups
  sections <- lapply(intersect(names(term_titles), x$estimates$term), format_term, object = x)
  c(format_proportions_head(x), unlist(lapply(sections, function(s) c("", s))), format_proportions_foot(x))
}

#' @export
print.her2_proportions <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

format_proportions_head <- function(x) {
  counts <- x$counts
  event <- if (is.null(x$event)) "events" else paste0("events (", x$event, ")")
  c(
    paste0("Two proportions: ", counts$group[[2]], " against ", counts$group[[1]], " (reference)"),
    format_columns(list(
      counts$group,
      format_counts(counts),
      format_percent(counts$x / counts$n)
    )),
    paste0(
      "  ", event, "; ", alternative_words[[x$alternative]], ", ",
      format(100 * x$conf.level), "% intervals",
      data_remarks(x)
    )
  )
}

format_term <- function(term, object) {
  rows <- object$estimates[object$estimates$term == term, ]
  groups <- object$counts$group
  if (term == "test") {
    # Boschloo's statistic is a Fisher p, not a z.
    z <- ifelse(rows$method == "boschloo", NA, rows$statistic)
    return(c(term_titles[[term]], format_columns(list(
      rows$method, ifelse(is.na(z), "", paste("z =", format_fixed(z, 3))),
      paste("p", format_p(rows$p.value))
    ))))
  }
  title <- switch(term,
    proportion = "Proportions",
    paste0(term_titles[[term]], ", ", format_direction(groups, if (term == "risk_difference") "identity" else "log"))
  )
  decimals <- decimals_for(rows$conf.high - rows$conf.low)
  number <- if (term %in% c("proportion", "risk_difference")) {
    function(v) format_fixed(v, decimals)
  } else {
    format_number
  }
  c(title, format_columns(list(
    if (term == "proportion") paste0(rows$method, ", ", rows$group) else rows$method,
    number(rows$estimate),
    format_interval(rows$conf.low, rows$conf.high, number),
    ifelse(is.na(rows$p.value), "", paste("p", format_p(rows$p.value)))
  )))
}

format_proportions_foot <- function(x) {
  rows <- x$estimates
  no_p <- unique(rows$method[is.infinite(rows$statistic) & is.na(rows$p.value)])
  undefined <- unique(rows$term[is.na(rows$estimate) & rows$term != "test"])
  no_log <- rows$method[rows$term == "test" & rows$method == "wald" & is.na(rows$statistic)]
  c(
    "",
    if (length(no_p)) {
      paste0("No p-value for ", toString(no_p), ": the estimated variance is 0.")
    },
    if (length(no_log)) "No p-value for wald: a count of 0 leaves the log odds ratio without a standard error.",
    if (length(undefined)) {
      paste0("No estimate of the ", toString(gsub("_", " ", undefined)), ": 0/0.")
    },
    if (all(groups_fixed(x$counts)) && any(rows$method %in% c("wald", "bootstrap-exact-bca"))) {
      "Neither group varies: the wald and bootstrap intervals are one point."
    } else if (any(rows$method == "bootstrap-exact-bca" & is.na(rows$conf.low))) {
      "No interval for bootstrap-exact-bca: its adjustment does not exist here."
    },
    format_omitted(x$omitted, "slow", "Left out as slow at this size", " Ask with methods = \"%s\"."),
    format_omitted(x$omitted, "impossible", "Not computed for groups this large")
  )
}

groups_fixed <- function(counts) counts$x == 0 | counts$x == counts$n

format_omitted <- function(omitted, why, head, hint = "") {
  omitted <- omitted[omitted$why == why, ]
  if (nrow(omitted) == 0) return(NULL)
  named <- toString(paste0(omitted$method, " (", gsub("_", " ", omitted$term), ")"))
  paste0(head, ": ", named, ".", if (nzchar(hint)) sprintf(hint, omitted$method[[1]]))
}

#' Tidy a comparison of two proportions
#'
#' @param x A `her2_proportions`, from [compare_proportions()].
#' @param ... Not used.
#' @return `tidy()`: a data frame, one row a (term, method), with columns term, group, method,
#'   estimate, std.error (of the methods that have one: `"wald"`, and of the logarithm `"katz"` and `"woolf"`), conf.low,
#'   conf.high, statistic, p.value, alternative. `glance()`: one row with the
#'   counts, level and alternative.
#' @export
tidy.her2_proportions <- function(x, ...) {
  rows <- x$estimates
  before <- seq_len(match("estimate", names(rows)))
  data.frame(rows[before], std.error = proportion_errors(rows, x$counts), rows[-before])
}

#' @rdname tidy.her2_proportions
#' @export
glance.her2_proportions <- function(x, ...) {
  data.frame(
    reference = x$counts$group[[1]], other = x$counts$group[[2]],
    x0 = x$counts$x[[1]], n0 = x$counts$n[[1]], x1 = x$counts$x[[2]], n1 = x$counts$n[[2]],
    conf.level = x$conf.level, alternative = x$alternative, n_dropped = x$n_dropped
  )
}

#' @export
as.data.frame.her2_proportions <- function(x, ...) tidy(x)

#' @export
summary.her2_proportions <- function(object, ...) object

#' @export
coef.her2_proportions <- function(object, ...) {
  effects <- object$estimates[!object$estimates$term %in% c("test", "proportion"), ]
  effects <- effects[effects$method != "fisher-conditional" & effects$method != "midp-conditional", ]
  first <- !duplicated(effects$term)
  stats::setNames(effects$estimate[first], effects$term[first])
}

# One row an interval, named term:method (and group, for the proportions).
#' @export
confint.her2_proportions <- function(object, parm, level = object$conf.level, ...) {
  # From the counts that the object holds: the data it was made from may have changed since.
  if (!isTRUE(all.equal(level, object$conf.level))) {
    level <- check_level(level, object$alternative)
    object$estimates <- comparison_rows(object$counts, level, object$alternative, object$index)
  }
  rows <- object$estimates[object$estimates$term != "test", ]
  if (!missing(parm)) {
    parm <- check_choice(parm, c(rows$term, rows$method), "parm", several = TRUE)
    rows <- rows[rows$term %in% parm | rows$method %in% parm, ]
  }
  limits <- as.matrix(rows[c("conf.low", "conf.high")])
  rownames(limits) <- paste0(rows$term, ":", rows$method, ifelse(is.na(rows$group), "", paste0(":", rows$group)))
  limits
}
