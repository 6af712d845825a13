# What a `her2_claims` can do: text and tables.

#' @export
format.her2_claims <- function(x, ...) {
  if (!is_whole(x)) return(format(as_plain(x), ...))
  effects <- attr(x, "effects")
  c(
    "Ma and others 2025, doi:10.4143/crt.2024.1200: printed and recomputed",
    format_claim_rows(x),
    "  Percentages are in the order IHC 3+ vs HER2-mod, and single vs dual.",
    "", "Beyond the abstract, from the same counts",
    vapply(split(effects, seq_len(nrow(effects))), format_study_effect, "", USE.NAMES = FALSE),
    paste0(
      "  Intervals: ", format(100 * attr(x, "conf.level")), "%, exact; no random numbers were used."
    ),
    "", format_e_values(attr(x, "e_values")),
    "", format(attr(x, "detectable")),
    "", format(attr(x, "bounds"))
  )
}

# What was printed and what became of it on one line; what was computed below it.
format_claim_rows <- function(x) {
  name <- ifelse(x$figure == "none", x$id, paste0(x$id, ", ", x$figure))
  heads <- paste0("  ", format(name), "  ", format(x$printed), "  ", x$status)
  below <- ifelse(x$recomputed == "-", "", paste0("      ", x$recomputed))
  lines <- as.vector(rbind(heads, below))
  lines[lines != ""]
}

#' @export
print.her2_claims <- function(x, ...) show_whole(x, ...)

format_study_effect <- function(row) {
  difference <- row$term == "risk_difference"
  number <- if (difference) format_fixed else format_number
  paste0(
    "  ", row$outcome, ", ",
    format_direction(c(row$reference, row$other), if (difference) "identity" else "log"), ": ",
    tolower(term_titles[[row$term]]), " ", number(row$estimate), " (",
    format_interval(row$conf.low, row$conf.high, number), "; ", row$method, ")"
  )
}

format_e_values <- function(e) {
  c(
    "Unmeasured confounding: E-value of the risk ratio, and of its limit nearest 1",
    format_columns(list(e$id, format_number(e$e.value, 3), format_number(e$e.value.limit, 3)))
  )
}

#' @export
tidy.her2_claims <- function(x, ...) attr(x, "effects")

#' @export
glance.her2_claims <- function(x, ...) {
  data.frame(
    rows = nrow(x), agree = sum(x$agrees %in% TRUE), disagree = sum(x$agrees %in% FALSE),
    not_comparable = sum(is.na(x$agrees)), no_figure = sum(x$status == "no figure printed")
  )
}

#' @export
`[.her2_claims` <- function(x, ...) as_plain(NextMethod())

#' @export
as.data.frame.her2_claims <- function(x, ...) as_plain(x)
