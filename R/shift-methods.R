# What a `her2_shift` can do: text and tidy tables.

#' @export
format.her2_shift <- function(x, ...) {
  c(
    format_shift_head(x),
    if (!is.null(x$cells)) unlist(lapply(seq_along(x$groups), function(g) c("", format_shift_table(x, g)))),
    "", format_losses(x),
    unlist(lapply(names(x$comparisons), function(other) c("", format_loss_comparison(x, other)))),
    if (length(x$comparisons) > 1) c("", format_across_groups(x)),
    if (!is.null(x$cells)) c("", format_paired(x)),
    if (sum(x$losses$untested + x$losses$no_residual) > 0) c("", format_untested(x))
  )
}

#' @export
print.her2_shift <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

format_shift_head <- function(x) {
  c(
    paste0(
      "HER2 before and after therapy", if (length(x$groups) > 1) paste0(", by group; reference: ", x$groups[[1]])
    ),
    paste0("  ", count_of(sum(x$losses$tested), "patient"), " positive before and re-tested; ", loss_words(x)),
    if (x$n_dropped > 0 || x$simulated) {
      paste0("  ", paste(c(
        if (x$n_dropped > 0) paste(count_of(x$n_dropped, "row"), "without class before or group dropped"),
        simulated_remark(x$simulated)
      ), collapse = "; "))
    }
  )
}

loss_words <- function(x) {
  if (is.null(x$cells)) return("HER2 lost as counted by the source")
  positive <- x$definition$positive
  paste0(
    "positive: ", toString(positive), "; lost: ",
    if (x$definition$loss == "lower") "any lower class" else toString(setdiff(x$levels, positive)), " after"
  )
}

format_shift_table <- function(x, group) {
  table <- pair_table(x, group)
  cells <- x$cells[x$cells$group == group & is.na(x$cells$after), ]
  count <- function(which) as.vector(tapply(cells$n * which, factor(cells$before, seq_along(x$levels)), sum, default = 0))
  untested <- count(!cells$residual %in% FALSE)
  pcr <- count(cells$residual %in% FALSE)
  columns <- c(
    list(c("before", x$levels)), lapply(x$levels, function(level) c(level, table[, level])),
    if (sum(untested) > 0) list(c("not re-tested", untested)), if (sum(pcr) > 0) list(c("no residual disease", pcr))
  )
  c(
    paste0(
      if (length(x$groups) > 1) paste0(x$groups[[group]], ": "), "class after, ", count_of(sum(table), "patient"),
      " re-tested"
    ),
    format_columns(columns)
  )
}

format_losses <- function(x) {
  rows <- x$estimates[x$estimates$term %in% "loss_rate", ]
  interval <- function(method) {
    own <- rows[match(paste(x$losses$group, method), paste(rows$group, rows$method)), ]
    ifelse(is.na(own$estimate), "", format_interval(own$conf.low, own$conf.high, format_percent))
  }
  rate <- ifelse(x$losses$tested > 0, format_percent(x$losses$lost / x$losses$tested), "nobody re-tested")
  c(
    paste0("Rate of loss, ", format(100 * x$conf.level), "% intervals"),
    format_columns(list(
      c("", x$losses$group),
      c("", format_counts(data.frame(x = x$losses$lost, n = x$losses$tested))), c("", rate),
      c("Clopper-Pearson", interval("clopper-pearson")), c("mid-p", interval("midp"))
    ))
  )
}

format_loss_comparison <- function(x, other) {
  comparison <- x$comparisons[[other]]
  terms <- setdiff(intersect(names(term_titles), comparison$estimates$term), "proportion")
  lines <- unlist(lapply(terms, format_term, object = comparison))
  c(paste0("Loss, ", other, " against ", x$groups[[1]]), paste0("  ", lines))
}

format_across_groups <- function(x) {
  row <- x$estimates[x$estimates$method %in% c("chi-squared-exact", "chi-squared-monte-carlo"), ]
  c(
    paste0(
      "Any difference in loss between the groups: ", row$method, ", ", format_fixed(row$statistic, 3), ", p ",
      format_p(row$p.value)
    ),
    format_monte_carlo(x, losses = TRUE)
  )
}

paired_titles <- c(
  positive_change = "positive, after minus before", mcnemar = "positive", symmetry = "classes, symmetry",
  marginal_homogeneity = "classes, margins", score_change = "mean score, after minus before"
)

format_paired <- function(x) {
  rows <- x$estimates[x$estimates$term %in% names(paired_titles), ]
  if (nrow(rows) == 0) return("No paired tests: nobody was re-tested.")
  sections <- lapply(unique(rows$group), function(group) format_paired_group(rows[rows$group == group, ], group, x))
  c(unlist(sections), format_monte_carlo(x), format_selection(x))
}

format_paired_group <- function(rows, group, x) {
  n <- sum(pair_table(x, if (group %in% x$groups) match(group, x$groups)))
  fixed <- function(v) format_fixed(v, 3)
  statistic <- ifelse(is.na(rows$statistic), "", paste0(
    ifelse(is.na(rows$df), "z = ", "chi-squared = "), fixed(rows$statistic),
    ifelse(is.na(rows$df), "", paste0(", df = ", rows$df))
  ))
  c(
    paste0("Paired tests", if (length(x$groups) > 1) paste0(", ", group), ": ", count_of(n, "re-tested patient")),
    format_columns(list(
      paste0(paired_titles[rows$term], ": ", rows$method), ifelse(is.na(rows$estimate), "", fixed(rows$estimate)),
      ifelse(is.na(rows$conf.low), "", format_interval(rows$conf.low, rows$conf.high, fixed)), statistic,
      paste("p", format_p(rows$p.value))
    ))
  )
}

format_monte_carlo <- function(x, losses = FALSE) {
  drawn <- x$monte_carlo
  drawn <- drawn[(drawn$method == "chi-squared-monte-carlo") == losses, ]
  if (NROW(drawn) == 0) return(NULL)
  paste0(
    "  ", drawn$method, ", ", drawn$group, ": 95% Monte Carlo interval of p ", format_number(drawn$low, 3), " to ",
    format_number(drawn$high, 3), ", R = ", format(x$R, big.mark = ","), ", seed ", drawn$seed
  )
}

# Where everybody was positive by selection, paired tests cannot but find losses.
format_selection <- function(x) {
  negative <- !x$levels %in% x$definition$positive
  if (sum(pair_table(x)[negative, ]) > 0) return(NULL)
  c(
    "  All were positive before: change can only be loss, part of it the error of two measurements. These tests do not",
    "  separate the two."
  )
}

format_untested <- function(x) {
  bounds <- x$bounds
  rate <- bounds[bounds$term == "loss_rate", ]
  difference <- bounds[bounds$term != "loss_rate", ]
  several <- length(unique(bounds$population)) > 1
  lines <- function(rows, number, what) {
    who <- if (several) paste0(rows$group, ", ", rows$population) else rows$group
    format_columns(list(
      paste(what, who), paste0(rows$untested, " of ", rows$n, " not re-tested"),
      format_interval(rows$lower, rows$upper, number),
      paste("with intervals", format_interval(rows$conf.low, rows$conf.high, number))
    ))
  }
  c(
    "If none, or all, of those not re-tested had lost HER2",
    lines(rate, format_percent, "rate,"),
    if (nrow(difference)) lines(difference, function(v) format_fixed(v, 3), paste0("difference from ", x$groups[[1]], ",")),
    if (several) "  all: also those without residual disease (pCR)",
    if (length(x$tipping) < length(x$comparisons)) {
      "No tipping points: there are too many ways in which the untested could have turned out."
    },
    unlist(lapply(x$tipping, function(tipping) {
      if (sum(tipping$counts$missing) == 0) return(NULL)
      title <- paste0(
        "Tipping points, ", tipping$counts$group[[2]], " against ", tipping$counts$group[[1]], " (", tipping$test, ")"
      )
      c("", title, paste0("  ", format_tipping_lines(tipping)))
    }))
  )
}

#' Tidy a comparison of HER2 before and after therapy
#'
#' @param x A `her2_shift`, from [her2_shift()].
#' @param what `"estimates"`; `"shift"`: numbers of patients by group, class before, class after (`NA`: not re-tested)
#'   and residual disease; `"loss"`: by group, HER2 lost, re-tested, untested and without residual disease among those
#'   positive before; `"bounds"`.
#' @param ... Not used.
#' @return `tidy()`: a data frame, see [her2_shift()]; of a shift that was given as counts of loss `"shift"` has no
#'   rows. `glance()`: one row.
#' @export
tidy.her2_shift <- function(x, what = c("estimates", "shift", "loss", "bounds"), ...) {
  check_no_dots(...)
  switch(check_option(what, c("estimates", "shift", "loss", "bounds"), "what"),
    estimates = x$estimates, shift = shift_counts(x), loss = x$losses, bounds = x$bounds
  )
}

shift_counts <- function(x) {
  data.frame(
    group = x$groups[x$cells$group], before = factor(x$levels[x$cells$before], x$levels),
    after = factor(x$levels[x$cells$after], x$levels), residual = as.logical(x$cells$residual), n = as.double(x$cells$n)
  )
}

#' @rdname tidy.her2_shift
#' @export
glance.her2_shift <- function(x, ...) {
  losses <- x$losses
  data.frame(
    groups = nrow(losses), lost = sum(losses$lost), tested = sum(losses$tested), untested = sum(losses$untested),
    no_residual = sum(losses$no_residual), conf.level = x$conf.level, n_dropped = x$n_dropped
  )
}

#' @export
as.data.frame.her2_shift <- function(x, ...) x$estimates

#' @export
summary.her2_shift <- function(object, ...) object
