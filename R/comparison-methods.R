# What a `her2_comparison` can do: the results paragraph, and its numbers.

#' @export
format.her2_comparison <- function(x, ...) {
  rows <- comparison_headlines(x)
  paragraphs <- c(
    format_comparison_receptors(x, rows), format_comparison_response(x, rows), format_comparison_therapy(x, rows),
    format_comparison_claim(x),
    format_comparison_loss(x, rows), format_comparison_survival(x, rows)
  )
  c(format_comparison_head(x), unlist(lapply(paragraphs, wrapped)), format_comparison_foot(x))
}

#' @export
print.her2_comparison <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @rdname compare_her2
#' @param x A `her2_comparison`.
#' @param ... Not used.
#' @export
tidy.her2_comparison <- function(x, ...) comparison_headlines(x)

#' @rdname compare_her2
#' @export
glance.her2_comparison <- function(x, ...) {
  data.frame(
    reference = x$groups[[1]], other = x$groups[[2]], n = sum(x$n), others = x$others, parts = length(x$parts),
    left_out = length(x$left_out), conf.level = x$conf.level, R = x$R, seed = x$seed, simulated = x$simulated
  )
}

#' @export
as.data.frame.her2_comparison <- function(x, ...) tidy(x)

#' @export
summary.her2_comparison <- function(object, ...) object

wrapped <- function(text) strwrap(text, 110, indent = 2, exdent = 4)

format_comparison_head <- function(x) {
  c(
    paste0(
      "HER2 comparison: ", x$groups[[2]], " against ", x$groups[[1]], " (reference)",
      if (x$simulated) paste0("; ", simulated_remark(TRUE))
    ),
    paste0(
      "  ", count_of(sum(x$n), "patient"), ": ", paste(format(x$n, trim = TRUE), x$groups, collapse = ", "),
      if (!is.null(x$centres)) paste0("; ", count_of(x$centres, "centre")),
      if (x$others > 0) paste0("; ", x$others, " of another or unknown class left out"), "; ", format_level(x), " intervals"
    )
  )
}

format_comparison_foot <- function(x) {
  notes <- unlist(lapply(names(x$notes), function(part) paste0("note, ", part_title(part), ": ", x$notes[[part]])))
  dropped <- vapply(x$parts, dropped_rows, 0)
  dropped <- dropped[dropped > 0]
  missing <- if (length(dropped)) {
    paste0("patients without all of a part's values dropped: ", toString(paste(part_title(names(dropped)), dropped)))
  }
  skipped <- if (length(x$left_out)) paste0("not done, ", part_title(names(x$left_out)), ": ", x$left_out)
  c(
    unlist(lapply(c(missing, notes, skipped), wrapped)),
    paste0("  R = ", format(x$R, scientific = FALSE), ", seed ", format(x$seed, scientific = FALSE),
      "; x$parts holds each analysis, x$parts$baseline is the table of characteristics")
  )
}

# Of a model the rows are with what it was given.
dropped_rows <- function(part) {
  n <- c(part$n_dropped, part$given$n_dropped)
  if (length(n)) as.double(n[[1]]) else 0
}

part_title <- function(part) gsub("_", " ", part)

# --- numbers as a paper writes them -------------------------------------------------------------------

points <- function(value) format_fixed(100 * value, 1)

# "-29.8 points (95% CI -37.3 to -21.2), p < 0.0001"
points_text <- function(x, row) {
  paste0(points(row$estimate), " points", ci_text(x, row, points), comma_p(x, row))
}

ratio_text <- function(x, row) {
  if (is.na(row$estimate)) return("not known")
  short <- function(v) format_number(v, 3)
  paste0(short(row$estimate), ci_text(x, row, short), comma_p(x, row))
}

ci_text <- function(x, row, number) {
  if (is.na(row$conf.low) || is.na(row$conf.high)) return(" (no interval)")
  paste0(" (", format_level(x), " CI ", format_interval(row$conf.low, row$conf.high, number), ")")
}

comma_p <- function(x, row) if (is.na(row$p.value)) "" else paste0(", p ", format_headline_p(x, row))

# Of the parts that resample this one's p is a share of the replicates.
format_headline_p <- function(x, rows) {
  format_least_p(rows$p.value, rows$part == "response_adjusted" & rows$p.value <= 2 / (x$R + 1) * (1 + 1e-9))
}

pick <- function(rows, part, term, group = NULL) {
  kept <- rows$part == part & rows$term == term
  if (!is.null(group)) kept <- kept & rows$group %in% group
  rows[kept, ]
}

each_count <- function(counts) gsub(" ", "", format_counts(counts))

in_each <- function(x, counts) {
  paste0(each_count(counts), " (", format_percent(counts$x / counts$n), ") of ", x$groups, collapse = " and ")
}

minus <- function(x) paste(x$groups[[2]], "minus", x$groups[[1]])
over <- function(x) paste(x$groups[[2]], "over", x$groups[[1]])

# --- the paragraphs -------------------------------------------------------------------------------------

format_comparison_receptors <- function(x, rows) {
  found <- x$parts$hormone_receptors
  if (is.null(found)) return(NULL)
  paste0(
    "Hormone receptors. ", found$event, " in ", in_each(x, found$counts), ": difference, ", minus(x), ", ",
    points_text(x, pick(rows, "hormone_receptors", "risk_difference")), "."
  )
}

format_comparison_response <- function(x, rows) {
  found <- x$parts$response
  if (is.null(found)) return(NULL)
  more <- function(part, words) {
    row <- pick(rows, part, "risk_difference")
    if (nrow(row)) paste0(" ", words, " it is ", points_text(x, row), ".")
  }
  paste0(
    "Response (", found$event, "). ", in_each(x, found$counts), ": difference, ", minus(x), ", ",
    points_text(x, pick(rows, "response", "risk_difference")), ".",
    more("response_by_centre", "Within centres"),
    more("response_adjusted", paste0(
      "Adjusted for ", toString(x$adjust), " (g-computation, ", count_of(sum(x$parts$response_adjusted$cells$n), "patient"), ")"
    ))
  )
}

format_comparison_therapy <- function(x, rows) {
  found <- x$parts$therapy
  if (is.null(found)) return(NULL)
  within <- vapply(x$groups, function(group) {
    paste("in", group, points_text(x, pick(rows, "therapy", "risk_difference", group)))
  }, "")
  contrast <- pick(rows, "therapy", "interaction_risk_difference")
  ratios <- pick(rows, "therapy", "interaction_odds_ratio")
  paste0(
    "Therapy. Response with ", found$groups[[2]], " minus ", found$groups[[1]], ": ", paste(within, collapse = ", "),
    ". Difference of these differences ", points_text(x, contrast),
    if (nrow(ratios)) paste0("; ratio of the odds ratios ", ratio_text(x, ratios)), "."
  )
}

format_comparison_claim <- function(x) {
  found <- x$parts$claim
  if (is.null(found)) return(NULL)
  therapy <- x$parts$therapy$groups
  paste0(
    "Claim: no improvement with ", therapy[[2]], " in ", x$groups[[2]], ", margin ", claim_margin(found), ": ",
    toupper(found$verdict), ". ", toupper(substr(found$reason, 1, 1)), substring(found$reason, 2)
  )
}

format_comparison_loss <- function(x, rows) {
  found <- x$parts$loss
  if (is.null(found)) return(NULL)
  difference <- pick(rows, "loss", "risk_difference")
  untested <- sum(found$losses$untested)
  paste0(
    "HER2 loss after therapy (", loss_words(found), "). ",
    paste0(each_count(data.frame(x = found$losses$lost, n = found$losses$tested)), " of ", found$losses$group,
      collapse = " and "
    ), " re-tested",
    if (nrow(difference)) paste0(": difference, ", minus(x), ", ", points_text(x, difference)), ".",
    if (untested > 0) paste0(" ", untested, untested_words(found), " never re-tested.")
  )
}

logrank_text <- function(row) if (is.na(row$p.value)) "" else paste0(" (log-rank p ", format_p(row$p.value), ")")

# "at 3 years 87.5% of HER2 3+ and 84.1% of HER2-mod are free of an event"
survival_text <- function(time, at, unit) {
  own <- at[at$method == time, ]
  shown <- ifelse(is.na(own$estimate), "(not known)", format_percent(own$estimate))
  paste0(
    "at ", if (is.null(unit)) paste0(time, ": ") else paste(sub("time ", "", time), unit, ""),
    paste(shown, "of", own$group, collapse = " and "), " are free of an event"
  )
}

# Whether those never re-tested had anything left may not be known.
untested_words <- function(found) {
  cells <- found$cells[is.na(found$cells$after), ]
  unknown <- if (any(is.na(cells$residual) & cells$n > 0)) ", or not known to have none,"
  paste0(" with residual disease", unknown, " were")
}

format_comparison_survival <- function(x, rows) {
  found <- x$parts$survival
  if (is.null(found)) return(NULL)
  counts <- group_counts(found$cells, found$groups)
  adjusted <- pick(rows, "survival_adjusted", "hazard_ratio")
  therapy <- pick(rows, "survival_therapy", "interaction_hazard_ratio")
  at <- pick(rows, "survival", "survival")
  paste0(
    "Survival. Events in ", in_each(x, counts),
    if (nrow(at)) paste0("; ", paste(vapply(unique(at$method), survival_text, "", at = at, unit = x$unit), collapse = "; ")),
    ": hazard ratio, ", over(x), ", ", ratio_text(x, pick(rows, "survival", "hazard_ratio")),
    logrank_text(pick(rows, "survival", "logrank")), "; mean up to ", format_plain(found$tau),
    if (!is.null(x$unit)) paste0(" ", x$unit), ", ", minus(x), ", ",
    # A reader must not take the estimate alone for a result.
    sub("interval)", "interval: see the note)", ratio_text(x, pick(rows, "survival", "rmst_difference")), fixed = TRUE), ".",
    if (nrow(adjusted)) {
      paste0(
        " Adjusted for ", toString(x$adjust), " (", count_of(x$parts$survival_adjusted$given$n, "patient"),
        ") the hazard ratio is ", ratio_text(x, adjusted), "."
      )
    },
    if (nrow(therapy)) {
      paste0(" Ratio of the hazard ratios of therapy, ", over(x), ", ", ratio_text(x, therapy), ".")
    }
  )
}
