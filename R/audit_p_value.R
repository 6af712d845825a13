# Which two-proportion tests give a printed p-value, over every table left possible.

#' Audit a printed p-value
#'
#' Computes p under every two-proportion test of the package for the given counts, or for every
#' table that [recover_counts()] left possible, and says which of them agree with the printed p at
#' its printed digits.
#'
#' @param x The counts of events in two groups, reference first; or the data frame that
#'   [recover_counts()] returns, whose first group is the reference.
#' @param n The group sizes. When both `x` and `n` have names, they are matched by name. Left out
#'   when `x` is a data frame.
#' @param p The printed p-value as text, so that its digits are kept: `"0.287"`, `"p = 0.040"`,
#'   `"<0.001"`, `">=0.05"`.
#' @param outcome Which outcome of a data frame with several.
#'
#' @details
#' With `=`, a test agrees when its p-value, rounded half up to the printed digits, is the printed
#' one; `truncated` says whether it would be if the digits beyond were cut off instead. With `<`,
#' `<=`, `>` or `>=` it agrees when the inequality holds, and so does `truncated`.
#'
#' Disagreement does not show that the printed value is wrong: an adjusted or stratified analysis,
#' missing values, or a one-sided test could have given it. The verdict therefore speaks of
#' unadjusted tests, two-sided as all of them are.
#'
#' The unconditional exact tests (Barnard, Boschloo) are left out when the tables are many or large;
#' the print and `attr(, "left_out")` say so.
#'
#' @return A data frame of class `her2_audit`, one row a solution and test, with columns `solution`,
#'   `test`, `p.value`, `agrees` and `truncated`. Attributes: `p` (as printed), `verdict` (one
#'   sentence), `tables` (a data frame `solution`, `x1`, `n1`, `x2`, `n2`), `groups` and `left_out`.
#'
#' @section Errors:
#' `her2mod_error_input` for a p-value that is not text or not between 0 and 1, for counts that are
#' negative, not whole, missing or above `n`, and for other than two groups. `her2mod_error_data`
#' when [recover_counts()] left no table.
#'
#' @seealso [recover_counts()]
#' @export
#' @examples
#' # The founding study prints p = 0.287 for dual against single therapy within HER2-mod
#' audit_p_value(c(single = 6, dual = 13), c(single = 49, dual = 68), p = "0.287")
#'
#' # Over every table behind printed percentages
#' counts <- recover_counts(c(ihc3 = "46.07", mod = "16.24"), total = 575)
#' audit_p_value(counts, p = "<0.001")
audit_p_value <- function(x, n = NULL, p, outcome = NULL) {
  call <- rlang::current_env()
  if (missing(p)) abort_p(NULL, call)
  printed <- parse_p(p, call)
  tables <- if (is.data.frame(x)) {
    tables_of_counts(x, n, outcome, call)
  } else {
    table_of_vectors(x, n, outcome, call)
  }
  structure(new_audit(tables, printed), call = match.call())
}

# --- The tables ---------------------------------------------------------------

# A list: `groups`, and `tables`, a data frame solution, x1, n1, x2, n2.
table_of_vectors <- function(x, n, outcome, call) {
  if (!is.null(outcome)) {
    abort_audit("{.arg outcome} needs {.arg x} to be a data frame.", "outcome", outcome, call)
  }
  for (arg in c("x", "n")) {
    value <- get(arg)
    if (!is.numeric(value) || length(value) != 2) {
      abort_audit("{.arg {arg}} must be two whole numbers, one for each group.", arg, value, call)
    }
    for (one in value) check_count(one, arg, min = as.numeric(arg == "n"), call = call)
  }
  if (!is.null(names(x)) && !is.null(names(n))) {
    if (anyDuplicated(names(x)) || !setequal(names(x), names(n))) {
      abort_audit("{.arg n} must have the same names as {.arg x}, each once.", "n", names(n), call)
    }
    n <- n[names(x)]
  }
  if (any(x > n)) abort_audit("{.arg x} must not exceed {.arg n}.", "x", x[x > n], call)
  groups <- if (!is.null(names(x))) names(x) else names(n)
  list(
    groups = if (is.null(groups)) c("1", "2") else groups,
    tables = data.frame(solution = 1L, x1 = x[[1]], n1 = n[[1]], x2 = x[[2]], n2 = n[[2]])
  )
}

tables_of_counts <- function(counts, n, outcome, call) {
  absent <- setdiff(c("solution", "outcome", "group", "x", "n"), names(counts))
  if (length(absent) > 0) {
    abort_audit("{.arg x} must have the columns of {.fn recover_counts}.", "x", absent, call)
  }
  if (!is.null(n)) abort_audit("{.arg n} must be left out: {.arg x} holds the sizes.", "n", n, call)
  if (nrow(counts) == 0) {
    abort_data(c(
      "There is no table to audit.",
      i = "Print the result of {.fn recover_counts}: it says which figure can't hold."
    ), call = call)
  }
  outcomes <- unique(counts$outcome)
  if (is.null(outcome) && length(outcomes) == 1) outcome <- outcomes
  check_choice(outcome, outcomes, "outcome", call = call)
  counts <- counts[counts$outcome == outcome, ]
  groups <- unique(as.character(counts$group))
  if (length(groups) != 2) abort_audit("{.arg x} must have exactly two groups.", "x", groups, call)
  by_group <- lapply(groups, function(g) counts[counts$group == g, ])
  first <- by_group[[1]]
  second <- by_group[[2]][match(first$solution, by_group[[2]]$solution), ]
  tables <- data.frame(
    solution = first$solution, x1 = first$x, n1 = first$n, x2 = second$x, n2 = second$n
  )
  check_tables(as.matrix(tables), call)
  list(groups = groups, tables = tables)
}

check_tables <- function(tables, call) {
  bad <- !is.finite(tables) | tables < 0 | tables != floor(tables)
  bad[, c("n1", "n2")] <- bad[, c("n1", "n2")] | tables[, c("n1", "n2")] < 1
  bad[, c("x1", "x2")] <- bad[, c("x1", "x2")] | tables[, c("x1", "x2")] > tables[, c("n1", "n2")]
  if (anyNA(bad) || any(bad)) {
    abort_audit(
      "{.arg x} must hold whole counts, no larger than their group.", "x", tables[which(bad)], call
    )
  }
}

abort_audit <- function(message, arg, value, call) {
  abort_input(c(message, x = "It is {.val {value}}."), arg = arg, value = value, call = call,
    .envir = rlang::current_env())
}

# --- The tests ----------------------------------------------------------------

# The time of the unconditional tests grows with the cells (x1, x2) of a table's sample space and a
# fixed part for each table; measured, this much of both takes about three seconds, with no more
# patients a table than this.
slow_limit <- 3e7
slow_fixed <- 1e4
slow_patients <- 1e4

affordable_tests <- function(tables) {
  cells <- (tables$n1 + 1) * (tables$n2 + 1)
  slow <- sum(cells + slow_fixed) > slow_limit || any(cells > most_tables) ||
    any(tables$n1 + tables$n2 > slow_patients)
  if (slow) setdiff(proportion_test_methods(), slow_tests()) else proportion_test_methods()
}

new_audit <- function(tables, printed) {
  # Solutions that differ in another outcome only share their table: compute it once.
  shared <- tables$tables[c("x1", "n1", "x2", "n2")]
  once <- which(!duplicated(shared))
  distinct <- shared[once, ]
  tests <- affordable_tests(distinct)
  p <- proportion_test_p_values(distinct$x1, distinct$n1, distinct$x2, distinct$n2, methods = tests)
  agrees <- p_agrees(p, printed)
  dim(agrees) <- dim(p)
  at <- match(do.call(paste, shared), do.call(paste, distinct))
  by_row <- function(m) as.vector(t(m[at, , drop = FALSE]))
  audit <- data.frame(
    solution = rep(tables$tables$solution, each = ncol(p)),
    test = rep(colnames(p), length(at)),
    p.value = by_row(p),
    agrees = by_row(agrees),
    truncated = by_row(matrix(p_agrees(p, printed, truncate = TRUE), nrow(p)))
  )
  structure(audit,
    class = c("her2_audit", "data.frame"),
    rows = nrow(audit), p = printed$text, groups = tables$groups, tables = tables$tables,
    left_out = setdiff(proportion_test_methods(), tests),
    verdict = verdict_of(p, agrees, printed)
  )
}

# One sentence; it speaks of what the tests reproduce, never of what is right.
verdict_of <- function(p, agrees, printed) {
  by_all <- colnames(p)[colSums(!agrees | is.na(agrees)) == 0]
  by_some <- setdiff(colnames(p)[colSums(agrees, na.rm = TRUE) > 0], by_all)
  if (length(by_all) + length(by_some) == 0) return(verdict_none(p, printed))
  tables <- if (nrow(p) > 1) sprintf(" on all %d tables", nrow(p)) else ""
  parts <- c(
    if (length(by_all) > 0) paste0(" by: ", toString(by_all), tables),
    if (length(by_some) > 0) sprintf(" on some of the %d tables by: %s", nrow(p), toString(by_some))
  )
  paste0("p ", printed$text, " is reproduced", paste(parts, collapse = ";"), ".")
}

verdict_none <- function(p, printed) {
  closest <- which.min(abs(log(p) - log(max(printed$value, .Machine$double.xmin))))
  if (length(closest) == 0) return("No test has a p-value for these tables.")
  sprintf(
    "p %s is not reproduced by any of the %d unadjusted tests tried%s (closest: %s, p = %s).",
    printed$text, ncol(p), if (nrow(p) > 1) sprintf(" on any of the %d tables", nrow(p)) else "",
    colnames(p)[(closest - 1) %/% nrow(p) + 1], format_beyond(p[closest], printed$digits)
  )
}

# One digit more than was printed, so that a near miss can be seen; never as 0.
format_beyond <- function(p, digits) {
  digits <- min(max(digits + 1, 3), 15)
  small <- ifelse(!is.na(p) & p < 1e-15, "<1e-15", format(p, digits = 2))
  ifelse(!is.na(p) & p < 10^-digits, small, sprintf("%.*f", as.integer(digits), p))
}

# --- Showing ------------------------------------------------------------------

#' @export
`[.her2_audit` <- function(x, ...) as_plain(NextMethod())

#' @export
as.data.frame.her2_audit <- function(x, ...) as_plain(x)

#' @export
format.her2_audit <- function(x, ...) {
  if (!is_whole(x)) return(format(as_plain(x), ...))
  digits <- parse_p(attr(x, "p"))$digits
  one <- function(test) format_test(as_plain(x)[x$test == test, ], digits)
  c(
    sprintf("Printed p %s against unadjusted two-sided tests of two proportions", attr(x, "p")),
    paste0("  ", format_tables(attr(x, "tables"), attr(x, "groups"))),
    vapply(unique(x$test), one, "", USE.NAMES = FALSE),
    if (length(attr(x, "left_out")) > 0) {
      sprintf("Left out, too slow for tables so many or large: %s.", toString(attr(x, "left_out")))
    },
    paste("Verdict:", attr(x, "verdict")),
    paste(
      "Caution: an adjusted or stratified analysis, missing values or a one-sided test",
      "could have given another p."
    )
  )
}

format_test <- function(rows, digits) {
  ends <- if (all(is.na(rows$p.value))) NA else range(rows$p.value, na.rm = TRUE)
  p <- unique(vapply(ends, format_beyond, "", digits = digits))
  agrees <- sum(rows$agrees, na.rm = TRUE)
  cut_off <- sum(rows$truncated & !rows$agrees, na.rm = TRUE)
  one <- nrow(rows) == 1
  text <- c("-", "agrees")[(agrees > 0) + 1]
  if (!one) text <- sprintf("agrees on %d of %d", agrees, nrow(rows))
  more <- if (one) "would" else paste(cut_off, "more")
  if (cut_off > 0) text <- sprintf("%s  (%s if digits were cut off, not rounded)", text, more)
  sprintf("  %-17s p %s  %s", rows$test[1], paste(p, collapse = " to "), text)
}

format_tables <- function(tables, groups) {
  if (nrow(tables) > 1) {
    return(sprintf("%d solutions, %s against %s", nrow(tables), groups[2], groups[1]))
  }
  one <- function(group, x, n) sprintf("%s %.0f/%.0f", group, x, n)
  paste(one(groups[2], tables$x2, tables$n2), "against", one(groups[1], tables$x1, tables$n1))
}

#' @export
print.her2_audit <- function(x, ...) show_whole(x, ...)

#' @export
tidy.her2_audit <- function(x, ...) as_plain(x)

#' @export
glance.her2_audit <- function(x, ...) {
  data.frame(
    p = attr(x, "p"), tables = length(unique(x$solution)), tests = length(unique(x$test)),
    agreeing = length(unique(x$test[x$agrees %in% TRUE])), verdict = attr(x, "verdict")
  )
}
