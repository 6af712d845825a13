# What a `her2_claim` can do.

#' @export
format.her2_claim <- function(x, ...) {
  spoken <- spoken_claim(x)
  c(
    format_claim_head(spoken),
    "", paste0("Verdict: ", toupper(x$verdict)), paste0("  ", x$reason), format_other_verdicts(x),
    "", format_claim_effect(spoken),
    format_claim_tests(x),
    "", format_claim_sample(x),
    format_claim_groups(spoken),
    strwrap(as.character(x$notes), 110, prefix = "  ")
  )
}

#' @export
print.her2_claim <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

spoken_claim <- function(x) {
  x$groups <- spoken_levels(x$groups, x$therapy)
  if (length(x$strata) > 1) x$strata <- spoken_levels(x$strata, x$modifier)
  x
}

is_contrast <- function(x) x$claim == "differs between groups"

format_claim_head <- function(x) {
  k <- if (is_contrast(x)) seq_along(x$strata) else x$group
  cells <- x$cells[x$cells$stratum %in% (k - 1), ]
  cell <- function(group) format_counts(cells[cells$group == group, ])
  about <- if (is_contrast(x)) {
    paste0("the effect of ", x$groups[[2]], " against ", x$groups[[1]], " in ", x$strata[[x$group]], " and in ", x$strata[[1]])
  } else {
    paste0(x$groups[[2]], " against ", x$groups[[1]], if (length(x$strata) > 1) paste0(", in ", x$strata[[x$group]]))
  }
  c(
    paste0("Claim: ", x$claim, " (", about, ")"),
    format_columns(list(c("", x$strata[k]), c(x$groups[[2]], cell(1)), c(x$groups[[1]], cell(0)))),
    paste0(
      "  events (", x$event, ") / patients", if (length(x$adjusted)) paste0("; adjusted for ", toString(x$adjusted)),
      if (x$n_dropped > 0) paste0("; ", count_of(x$n_dropped, "row"), " with missing values dropped"),
      if (isTRUE(x$simulated)) paste0("; ", simulated_remark(x$simulated))
    ),
    paste0("  smallest difference that matters: ", claim_margin(x), "; ",
      if (x$turn == 1) "a larger effect is better" else "a smaller effect is better")
  )
}

format_other_verdicts <- function(x) {
  other <- (x$other_verdicts != x$verdict) %in% TRUE
  if (!any(other)) return(NULL)
  methods <- x$effect$intervals$method
  paste0("  It hangs on the method: by the ", methods[-1][other], " interval it would be ", x$other_verdicts[other],
    "; the ", methods[[1]], " interval decides.")
}

format_claim_effect <- function(x) {
  show <- claim_shown(x)
  decimals <- claim_decimals(x)
  number <- function(v) format_fixed(show(v), decimals)
  intervals <- x$effect$intervals
  ratio <- is_ratio(x$measure)
  direction <- format_direction(x$groups, if (ratio) "log" else "identity")
  title <- paste0(
    toupper(substr(measure_titles[[x$measure]], 1, 1)), substring(measure_titles[[x$measure]], 2),
    if (x$measure == "risk_difference") " in percentage points",
    if (!is.null(x$tau)) paste(c(" up to", format(x$tau), x$unit), collapse = " "),
    ", ", direction
  )
  if (is_contrast(x)) {
    what <- if (ratio) "ratio of ratios, " else "difference of differences, "
    title <- paste0(title, "; ", what, x$strata[[x$group]], if (ratio) " over " else " minus ", x$strata[[1]])
  }
  c(
    title,
    format_columns(list(
      paste0(intervals$method, c(" (decides)", rep("", nrow(intervals) - 1))), number(x$effect$estimate),
      ifelse(is.na(intervals$low), "no interval", format_interval(intervals$low, intervals$high, number)),
      paste0(format(100 * x$conf.level), "%")
    ))
  )
}

format_claim_tests <- function(x) {
  tests <- x$tests
  alpha <- format(signif((1 - x$conf.level) / c(1, 2), 4), trim = TRUE)
  ratio <- is_ratio(x$measure)
  better <- claim_margin(x)
  worse <- claim_margin(x, worse = TRUE)
  words <- c(
    "no difference" = "no difference", "non-inferior" = paste("non-inferior: not worse by", worse),
    "no improvement that matters" = paste("not better by", better),
    equivalent = if (ratio) paste("equivalent: neither better by", better, "nor worse") else paste("equivalent: within", better)
  )
  # Of a difference between groups neither side is better.
  if (is_contrast(x)) {
    sides <- if (x$turn == 1) c("lower", "higher") else c("higher", "lower")
    words[["non-inferior"]] <- paste("not", sides[[1]], "by", worse)
    words[["no improvement that matters"]] <- paste("not", sides[[2]], "by", better)
    words[["equivalent"]] <- paste("alike: within", better)
  }
  c(
    "Tests against the margin, of the interval that decides",
    format_columns(list(unname(words[tests$test]), tests$sides,
      ifelse(is.na(tests$p.value), "no p", paste("p", format_p(tests$p.value))),
      paste("level", ifelse(tests$sides == "two-sided", alpha[[1]], alpha[[2]]))
    ))
  )
}

format_claim_sample <- function(x) {
  found <- x$detectable
  if (is.null(found)) return(NULL)
  show <- claim_shown(x)
  side <- function(v) {
    if (is.na(v)) return("none")
    if (x$measure == "risk_difference") paste(format_fixed(100 * v, 1), "points") else format_number(show(v))
  }
  c(
    paste0(
      "Detectable with ", format_percent(x$power, 0), " power by this sample: ", side(found$low), " or ", side(found$high),
      " (", found$how, ")"
    ),
    "  That describes the design; the interval describes the result.", ""
  )
}

format_claim_groups <- function(x) {
  if (is.null(x$interaction)) return(NULL)
  test <- first_test(x$interaction, x$measure)
  ratio <- is_ratio(x$measure)
  number <- measure_number(tidy(x$interaction), x$measure)
  c(
    paste0(
      "Interaction (", measure_titles[[x$measure]], ", ", measure_scale(x$measure), " scale): ",
      if (test$term == "interaction") {
        paste0(x$strata[[2]], if (ratio) " over " else " minus ", x$strata[[1]], " ", number(test$estimate), " (",
          effect_interval(test, number), "), ")
      },
      if (is.na(test$p.value)) "no p" else paste("p", format_p(test$p.value)), ", ", test$method
    ),
    format_shrunken(x),
    "  Whether an effect is significant within one group and not in another is no test of a difference."
  )
}

format_shrunken <- function(x) {
  rows <- x$shrunken
  if (is.null(rows)) return(NULL)
  rows$group <- x$strata[match(rows$group, unique(rows$group))]
  show <- if (is_ratio(x$measure)) exp else identity
  own <- measure_number(rows, x$measure)
  number <- function(v) own(show(v))
  how <- c(given = "given", ml = "maximum likelihood", dl = "DerSimonian-Laird")
  c(
    paste0("Effects shrunken towards each other, by the standard deviation between true effects (",
      if (is_ratio(x$measure)) "of logarithms; ", how[[rows$method[[1]]]], ")"),
    format_columns(list(
      rows$group, paste("sd", format(signif(rows$prior.sd, 3), scientific = FALSE, drop0trailing = TRUE)),
      paste("from", number(rows$estimate)), paste("to", number(rows$shrunken)),
      format_interval(rows$conf.low, rows$conf.high, number)
    ))
  )
}

#' @rdname check_claim
#' @export
tidy.her2_claim <- function(x, ...) {
  show <- if (is_ratio(x$measure)) exp else identity
  group <- x$strata[[x$group]]
  intervals <- x$effect$intervals
  row <- function(term, method, group, estimate = NA_real_, std.error = NA_real_, p.value = NA_real_, low = NA_real_,
                  high = NA_real_, margin = NA_real_, alternative = "two.sided", statistic = NA_real_) {
    data.frame(term, method, group, estimate, std.error, statistic, p.value, conf.low = low, conf.high = high, margin,
      alternative)
  }
  shown_margin <- show(x$turn * x$margin)
  effect <- row("effect", intervals$method, group, show(x$effect$estimate), x$effect$std.error,
    c(x$tests$p.value[[1]], rep(NA_real_, nrow(intervals) - 1)), show(intervals$low), show(intervals$high), shown_margin)
  # In the direction of the estimate: what is better by the margin, and for non-inferiority what is worse by it.
  margins <- c(NA, show(-x$turn * x$margin), shown_margin, shown_margin)
  tests <- row("test", x$tests$test, group, p.value = x$tests$p.value, margin = margins, alternative = x$tests$sides)
  interaction <- if (!is.null(x$interaction)) {
    rows <- tidy(x$interaction)
    rows <- rows[rows$term != "effect", ]
    row("interaction", rows$method, rows$group, rows$estimate, rows$std.error, rows$p.value, rows$conf.low,
      rows$conf.high, statistic = rows$statistic)
  }
  shrunken <- if (!is.null(x$shrunken)) {
    rows <- x$shrunken
    row("shrunken", paste("sd", signif(rows$prior.sd, 3)), rows$group, show(rows$shrunken), rows$shrunken.error,
      low = show(rows$conf.low), high = show(rows$conf.high))
  }
  rbind(effect, tests, interaction, shrunken)
}

#' @rdname check_claim
#' @param ... Not used.
#' @export
glance.her2_claim <- function(x, ...) {
  show <- if (is_ratio(x$measure)) exp else identity
  ends <- x$effect$intervals[1, ]
  cells <- x$cells[is_contrast(x) | x$cells$stratum == x$group - 1, ]
  data.frame(
    claim = x$claim, verdict = x$verdict, measure = x$measure, group = x$strata[[x$group]],
    estimate = show(x$effect$estimate), conf.low = show(ends$low), conf.high = show(ends$high), method = ends$method,
    margin = show(x$turn * x$margin), conf.level = x$conf.level,
    n = sum(cells$n), events = sum(cells$x), n_dropped = x$n_dropped
  )
}

#' @export
as.data.frame.her2_claim <- function(x, ...) tidy(x)

#' @export
summary.her2_claim <- function(object, ...) object
