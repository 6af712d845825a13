# The integer tables behind printed percentages: what was printed becomes `figures` (a list of
# matrices group x outcome and vectors, NA where nothing was printed), sizes are searched first,
# then the counts within each choice of sizes.

#' Recover the counts behind printed percentages
#'
#' Papers print "46.07% vs 16.24% of 575 patients" and leave out the counts. Rounded percentages,
#' a total and whole numbers often leave only one table. `recover_counts()` finds every table that
#' fits, or says which printed figure can't hold.
#'
#' @param percent The printed percentages: a character vector named by group, so that the digits
#'   are kept (`c(ihc3 = "46.07", mod = "16.24%")`), or a named list of such vectors, one an
#'   outcome, which share the group sizes.
#' @param n Known group sizes, a numeric vector named by group. A group that is absent or `NA` is
#'   unknown.
#' @param total The sum of the group sizes.
#' @param events Known counts of events, a numeric vector named by group; for several outcomes a
#'   list of such vectors, named by outcome.
#' @param total_events The sum of the events over the groups: one number, or for several outcomes
#'   a numeric vector named by outcome.
#' @param rounding How the percentages may have been rounded. `"half_up"`: 46.25 becomes 46.3;
#'   `"half_even"`: 46.25 becomes 46.2 and 46.35 becomes 46.4; `"down"`: digits are cut off. With
#'   several rules (the default: all three) a table fits when *one* of them explains *all* its
#'   percentages; rules are never mixed within a table, and the column `rounding` names those that
#'   explain it.
#' @param max_tables Stop with an error when more tables than this fit.
#'
#' @details
#' A percentage printed as \eqn{P} with \eqn{d} digits behind its point fits \eqn{x} of \eqn{n}
#' when, with \eqn{u = 10^{-d}}{u = 10^-d}, \eqn{100 x / n} lies in \eqn{[P - u/2, P + u/2)}
#' (`"half_up"`), in \eqn{[P - u/2, P + u/2]} if the last digit of \eqn{P} is even and in
#' \eqn{(P - u/2, P + u/2)} if it is odd (`"half_even"`), or in \eqn{[P, P + u)} (`"down"`). The
#' comparison is made on whole numbers, so ties are exact. Every group has at least one patient.
#'
#' All three rules are tried by default because papers don't state theirs, and because this costs
#' the founding study nothing: its figures leave one table under any one rule and under all three.
#' A paper that mixes rules is not covered; give such figures with fewer digits.
#'
#' The sizes must be bounded: by `total`, by `n`, or by `events` or `total_events` with a
#' percentage above zero.
#'
#' @return A data frame of class `her2_counts`, one row a solution, outcome and group, with columns
#'   `solution`, `outcome` (`"outcome"` when `percent` is a plain vector), `group`, `x` (events),
#'   `n` (patients), `percent` (as printed) and `rounding`. `attr(, "unique")` is `TRUE` when one
#'   table is left. When none is, the data frame has no rows and `attr(, "conflict")` is a data
#'   frame of the figures that can't hold: each row is a printed figure without which a table would
#'   fit, and `needed`, what it would then have to be. Rows with the same `set` go together. If
#'   no single figure explains it, groups are looked at alone, then pairs of figures are left out.
#'
#' @section Errors:
#' `her2mod_error_input` for percentages that are not text, not between 0 and 100 or not named, for
#' counts that are not whole, for more events than patients, and when nothing bounds the sizes.
#' `her2mod_error_data` (fields `size`, `limit`) when the search or its result would be too large.
#'
#' @references
#' Brown NJL, Heathers JAJ (2017). The GRIM test. *Social Psychological and Personality Science*
#' 8(4):363-369. \doi{10.1177/1948550616673876}
#'
#' Ma L and others (2025). *Cancer Research and Treatment*. \doi{10.4143/crt.2024.1200}
#'
#' @seealso [audit_p_value()] for the tests that give a printed p-value on these tables.
#' @export
#' @examples
#' # Two percentages and a total leave one table
#' recover_counts(c(ihc3 = "46.07", mod = "16.24"), total = 575)
#'
#' # Outcomes of the same groups
#' recover_counts(
#'   list(
#'     pcr = c(ihc3 = "46.07", mod = "16.24"),
#'     hr_positive = c(ihc3 = "48.7", mod = "76.1")
#'   ),
#'   total = 575
#' )
#'
#' # 12 of 76 is not 17%
#' recover_counts(c(mod = "17"), n = c(mod = 76), events = c(mod = 12))
recover_counts <- function(percent, n = NULL, total = NULL, events = NULL, total_events = NULL,
                           rounding = c("half_up", "half_even", "down"), max_tables = 1e6) {
  figures <- read_figures(percent, n, total, events, total_events)
  rules <- unique(check_choice(rounding, rounding_rules, "rounding", several = TRUE))
  max_tables <- check_count(max_tables, "max_tables", min = 1)
  check_bounded(figures)
  tables <- lapply(seq_along(rules), function(i) {
    # A table that an earlier rule also explains has been found already.
    tables_under(figures, rules[[i]], rules[seq_len(i - 1)], max_tables)
  })
  structure(new_counts(figures, tables, rules), call = match.call())
}

# --- Result -------------------------------------------------------------------

new_counts <- function(figures, found, rules) {
  found <- found[!vapply(found, is.null, TRUE)]
  tables <- list(
    n = do.call(rbind, lapply(found, `[[`, "n")),
    x = lapply(seq_along(figures$outcomes), function(o) {
      do.call(rbind, lapply(found, function(t) t$x[[o]]))
    })
  )
  count <- NROW(tables$n)
  cells <- length(figures$units)
  if (count > 0) {
    columns <- do.call(cbind, c(list(tables$n), tables$x))
    tables <- keep_tables(tables, do.call(order, as.data.frame(columns)))
  }
  by_cell <- function(x) as.vector(aperm(array(x, c(count, dim(figures$units))), c(2, 3, 1)))
  counts <- data.frame(
    solution = rep(seq_len(count), each = cells),
    outcome = rep(rep(figures$outcomes, each = length(figures$groups)), count),
    group = rep(figures$groups, count * length(figures$outcomes)),
    x = by_cell(as.double(unlist(tables$x))),
    n = by_cell(rep(as.double(tables$n), length(figures$outcomes))),
    percent = rep(as.vector(figures$text), count),
    rounding = rep(explaining_rules(tables, figures, rules, count), each = cells)
  )
  structure(counts,
    class = c("her2_counts", "data.frame"),
    unique = count == 1, rows = nrow(counts), rules = rules,
    conflict = if (count == 0) find_conflict(figures, rules)
  )
}

explaining_rules <- function(tables, figures, rules, count) {
  if (count == 0) return(character())
  fits <- vapply(rules, explains, logical(count), tables = tables, figures = figures)
  fits <- matrix(fits, ncol = length(rules))
  code <- drop(fits %*% 2^(seq_along(rules) - 1))
  labels <- vapply(seq_len(2^length(rules) - 1), function(bits) {
    toString(rules[bitwAnd(bits, 2^(seq_along(rules) - 1)) > 0])
  }, "")
  labels[code]
}

# Part of the table is no longer the answer to the question: a plain data frame.
#' @export
`[.her2_counts` <- function(x, ...) as_plain(NextMethod())

#' @export
as.data.frame.her2_counts <- function(x, ...) as_plain(x)

as_plain <- function(x) {
  if (!is.data.frame(x)) return(x)
  kept <- c("names", "row.names")
  attributes(x) <- c(attributes(x)[kept], class = "data.frame")
  x
}

# A tool that keeps attributes may have taken rows away: then the words would no longer hold.
is_whole <- function(x) identical(attr(x, "rows"), nrow(x))

show_whole <- function(x, ...) {
  if (is_whole(x)) writeLines(format(x, ...)) else print(as_plain(x), ...)
  invisible(x)
}

#' @export
format.her2_counts <- function(x, ..., max_shown = 5) {
  count <- length(unique(x$solution))
  if (!is_whole(x)) return(format(as_plain(x), ...))
  rules <- paste("Rounding tried:", toString(attr(x, "rules")))
  if (count == 0) {
    return(c("No table fits the printed figures.", rules, format_conflict(attr(x, "conflict"))))
  }
  many <- function(number) format(number, big.mark = ",")
  head <- if (count == 1) {
    "One table fits the printed figures: the counts are unique."
  } else {
    paste(many(count), "tables fit the printed figures: the counts are not unique.")
  }
  shown <- as_plain(x)[x$solution <= max_shown, , drop = FALSE]
  label <- sprintf("%s %.0f/%.0f", shown$group, shown$x, shown$n)
  outcome <- ifelse(shown$outcome == "outcome", "", paste0(shown$outcome, ", "))
  key <- paste0(shown$solution, ": ", outcome)
  lines <- tapply(label, factor(key, unique(key)), paste, collapse = "; ")
  rounding <- shown$rounding[!duplicated(key)]
  c(
    head, rules, paste0("  ", names(lines), lines, "  [", rounding, "]"),
    if (count > max_shown) paste("  ... and", many(count - max_shown), "more")
  )
}

#' @export
print.her2_counts <- function(x, ...) show_whole(x, ...)

#' @export
tidy.her2_counts <- function(x, ...) as_plain(x)

#' @export
glance.her2_counts <- function(x, ...) {
  data.frame(
    tables = length(unique(x$solution)), unique = isTRUE(attr(x, "unique")),
    rules = toString(attr(x, "rules"))
  )
}
