# The founding study, claim by claim: each printed figure beside the same figure computed from the
# counts behind the print, and what the counts tell beyond it. No count is typed in here: all come
# from recover_counts() on the printed percentages.

#' Reproduce the founding study, claim by claim
#'
#' Recovers the counts behind the percentages printed in the abstract of Ma and others (2025),
#' computes every printed figure again, and says of each whether it agrees at its printed digits,
#' how it was computed, or why it cannot be. From the same counts it then computes what the abstract
#' leaves out.
#'
#' @details
#' A row's `status` is one of
#' * `"used as input"`: the printed figure is what the computation starts from;
#' * `"reproduced"`: the recomputed figure is the printed one at its printed digits (for a p-value:
#'   by all tests; `"reproduced by some tests"` otherwise);
#' * `"not reproduced by an unadjusted test"`: none of the tests tried gives the printed p-value. An
#'   adjusted analysis, missing values or another test could; this is no verdict on the paper;
#' * `"cannot be recomputed"`: a figure is printed, but not what it was computed from;
#' * `"no figure printed"`.
#'
#' That percentages are reproduced means that whole-number counts exist which give all of them, and
#' that there is one such table only. It cannot mean that the counts are right.
#'
#' Beyond the abstract, in attributes:
#' * `counts`: the recovered tables ([recover_counts()]), `her2` and `therapy`;
#' * `comparisons`: a [compare_proportions()] for each comparison, and `effects`, the difference and
#'   the ratios of each with exact intervals (what `tidy()` returns);
#' * `audits`: an [audit_p_value()] for each printed p-value;
#' * `bounds`: the [adjustment_bounds()] on the HR-adjusted difference in pCR, over all joint
#'   tables, and over those in which HR+ tumours respond no more often than HR- ones;
#' * `e_values`: the [e_value()] of both pCR comparisons, on the risk ratio;
#' * `detectable`: the [detectable_difference()] of dual against single therapy.
#'
#' No random numbers are used.
#'
#' @param conf.level Confidence level of the intervals.
#' @return A data frame of class `her2_claims`, one row a printed figure, or a claim without one:
#'   `id`, `figure`, `claim`, `outcome`, `groups`, `printed`, `recomputed`, `agrees` (`NA` where
#'   there is nothing to compare), `status`, `how`. `tidy()` gives the effects, `glance()` one row
#'   with the number of rows of each kind, `as.data.frame()` the rows without the rest.
#' @references Ma L and others (2025), see [ma2025_claims].
#' @seealso [render_study()] for the report.
#' @examples
#' study <- reproduce_study()
#' study
#' tidy(study)
#' attr(study, "bounds")
#' @export
reproduce_study <- function(conf.level = 0.95) {
  conf.level <- check_probability(conf.level, "conf.level")
  claims <- her2mod::ma2025_claims
  counts <- study_counts(claims)
  tables <- study_tables(counts)
  comparisons <- lapply(tables, function(t) {
    compare_proportions(t$x, t$n, conf.level = conf.level, methods = "all")
  })
  audits <- lapply(rlang::set_names(names(tables)), function(id) {
    audit_p_value(tables[[id]]$x, tables[[id]]$n, p = claims$p_value[claims$id == id])
  })
  effects <- study_effects(comparisons, claims)
  rows <- lapply(seq_len(nrow(claims)), function(i) claim_rows(claims[i, ], tables, audits))
  rows <- do.call(rbind, rows)
  structure(rows,
    class = c("her2_claims", "data.frame"), rows = nrow(rows), conf.level = conf.level, call = match.call(),
    counts = counts, comparisons = comparisons, audits = audits, effects = effects,
    bounds = adjustment_bounds(
      tables$pcr$x, tables$pcr$n, tables$hr_status$x, c("none", "no_more_often"), "HR+"
    ),
    e_values = study_e_values(effects),
    detectable = detectable_difference(
      tables$pcr_by_therapy$n, tables$pcr_by_therapy$x[[1]] / tables$pcr_by_therapy$n[[1]]
    )
  )
}

# --- Counts behind the print --------------------------------------------------

printed_percent <- function(claims, id) {
  row <- claims[claims$id == id, ]
  rlang::set_names(c(row$percent_reference, row$percent_other), c(row$reference, row$other))
}

# The therapies were given within HER2-mod, so the first table's size is the second one's total.
study_counts <- function(claims) {
  outcomes <- rlang::set_names(c("hr_status", "pcr"))
  total <- as.double(claims$printed[claims$id == "patients"])
  her2 <- recover_counts(lapply(outcomes, printed_percent, claims = claims), total = total)
  therapy <- recover_counts(
    list(pcr_by_therapy = printed_percent(claims, "pcr_by_therapy")),
    total = her2$n[her2$group == claims$other[claims$id == "pcr"]][[1]]
  )
  list(her2 = her2, therapy = therapy)
}

study_tables <- function(counts) {
  all <- rbind(as.data.frame(counts$her2), as.data.frame(counts$therapy))
  lapply(split(all, factor(all$outcome, unique(all$outcome))), function(rows) {
    list(x = rlang::set_names(rows$x, rows$group), n = rlang::set_names(rows$n, rows$group))
  })
}

# --- Rows ---------------------------------------------------------------------

claim_rows <- function(claim, tables, audits) {
  table <- tables[[claim$id]]
  if (claim$id == "patients") return(size_row(claim, tables$pcr$n))
  if (!is.null(table)) {
    return(rbind(percent_row(claim, table), p_row(claim, table, audits[[claim$id]])))
  }
  needs <- sub("^nothing: ", "", claim$recomputable)
  if (is.na(claim$p_value)) {
    return(claim_row(claim, "none", "-", "-", NA, "no figure printed", needs))
  }
  claim_row(claim, "p-value", claim$p_value, "-", NA, "cannot be recomputed", needs)
}

claim_row <- function(claim, figure, printed, recomputed, agrees, status, how) {
  groups <- if (is.na(claim$other)) "-" else paste(claim$other, "against", claim$reference)
  data.frame(
    id = claim$id, figure = figure, claim = claim$claim, outcome = claim$outcome, groups = groups,
    printed = printed, recomputed = recomputed, agrees = agrees, status = status, how = how
  )
}

size_row <- function(claim, n) {
  recomputed <- paste(paste(names(n), n), collapse = ", ")
  claim_row(claim, "count", claim$printed, recomputed, NA, "used as input",
    "the only group sizes with this total that give the printed percentages"
  )
}

percent_row <- function(claim, table) {
  printed <- c(claim$percent_reference, claim$percent_other)
  digits <- nchar(sub("^[0-9]+[.]?", "", printed))
  # sprintf() rounds the double, which is never on a tie here: x/n would have to be a multiple of
  # half a printed unit.
  again <- sprintf("%.*f", digits, 100 * table$x / table$n)
  agrees <- all(again == printed)
  claim_row(claim, "percentages",
    paste0(printed, "%", collapse = " vs "),
    paste0(table$x, "/", table$n, " = ", again, "%", collapse = " vs "),
    agrees, if (agrees) "reproduced" else "not reproduced",
    "counts recovered from the printed percentages; no other table fits"
  )
}

p_row <- function(claim, table, audit) {
  status <- p_status(audit$agrees)
  range <- range(audit$p.value, na.rm = TRUE)
  number <- function(p) if (p < 0.001) format(p, digits = 2) else sprintf("%.3f", p)
  recomputed <- if (status == "reproduced" && startsWith(claim$p_value, "<")) {
    paste("p at most", number(range[[2]]))
  } else {
    paste("p from", number(range[[1]]), "to", number(range[[2]]))
  }
  recomputed <- paste(recomputed, "over", nrow(audit), "tests")
  claim_row(claim, "p-value", claim$p_value, recomputed, status == "reproduced", status,
    paste("unadjusted two-sided tests on",
      paste0(table$x, "/", table$n, collapse = " and ")
    )
  )
}

p_status <- function(agrees) {
  agrees <- agrees %in% TRUE
  if (all(agrees)) return("reproduced")
  if (any(agrees)) "reproduced by some tests" else "not reproduced by an unadjusted test"
}

# --- Beyond the abstract ------------------------------------------------------

# One exact method an effect; the full list is in the comparisons.
study_methods <- c(
  risk_difference = "exact-score", risk_ratio = "exact-score", odds_ratio = "fisher-conditional"
)

study_effects <- function(comparisons, claims) {
  one <- function(id) {
    claim <- claims[claims$id == id, ]
    comparison <- comparisons[[id]]
    rows <- comparison$estimates
    rows <- rows[rows$method == study_methods[rows$term] & rows$term %in% names(study_methods), ]
    data.frame(
      id = id, outcome = claim$outcome, reference = claim$reference, other = claim$other,
      x0 = comparison$counts$x[[1]], n0 = comparison$counts$n[[1]],
      x1 = comparison$counts$x[[2]], n1 = comparison$counts$n[[2]],
      rows[c("term", "estimate", "conf.low", "conf.high", "statistic", "p.value", "method", "alternative")]
    )
  }
  effects <- do.call(rbind, lapply(names(comparisons), one))
  row.names(effects) <- NULL
  effects
}

study_e_values <- function(effects) {
  rows <- effects[effects$term == "risk_ratio" & effects$id != "hr_status", ]
  cbind(rows["id"], e_value(rows$estimate, rows$conf.low, rows$conf.high), row.names = NULL)
}
