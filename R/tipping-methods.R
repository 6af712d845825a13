# What a `her2_tipping` can do: text and tidy tables.

#' @export
format.her2_tipping <- function(x, ...) {
  counts <- x$counts
  c(
    paste0(
      "Tipping points of the difference between two proportions: ", counts$group[[2]], " against ",
      counts$group[[1]], " (reference)"
    ),
    format_columns(list(
      counts$group, paste(format_counts(counts), "observed"), format_percent(counts$x / counts$n),
      paste(counts$missing, x$words$missing), paste("same rate:", x$same_rate)
    )),
    paste0(
      "  ", x$words$event, "; test: ", x$test, ", two-sided; a difference is shown where p < ", x$alpha,
      if (x$n_dropped > 0) paste0("; ", count_of(x$n_dropped, "row"), " without a group dropped"),
      if (x$simulated) paste0("; ", simulated_remark(TRUE))
    ),
    "", format_tipping_lines(x)
  )
}

#' @export
print.her2_tipping <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

format_tipping_lines <- function(x) {
  observed <- x$observed
  c(
    paste0(
      "Observed patients alone: ", observed$conclusion, " (p ", format_p(observed$p.value), ", difference ",
      format_fixed(observed$estimate), ", ", format_direction(x$counts$group, "identity"), ")."
    ),
    if (sum(x$counts$missing) == 0) "Nobody is missing." else c(tipping_sentences(x), tipping_share(x))
  )
}

tipping_sentences <- function(x) {
  rows <- x$points
  at <- function(row) paste0(format_events(x, row), ": ", row$conclusion, ", p ", format_p(row$p.value))
  named <- function(what) rows[rows$what == what, ]
  same <- named("same rate")
  nearest <- named("nearest")
  c(
    paste0(
      "If the ", x$words$missing, " had their group's rate, ", at(same),
      if (same$changes) ": that alone changes the conclusion", "."
    ),
    paste0("Extremes: ", at(named("least difference")), "; ", at(named("greatest difference")), "."),
    if (is.na(nearest$m0)) {
      paste0("Nothing that the ", x$words$missing, " could have been leads to another conclusion.")
    } else {
      c(
        paste0(
          "Nearest other conclusion: ", at(nearest), "; ", count_of(nearest$change, "outcome"), " away from that."
        ),
        one_group_sentences(x)
      )
    }
  )
}

# "6 of 20 in HER2 3+ and 3 of 10 in HER2-mod".
format_events <- function(x, row) {
  paste0(c(row$m0, row$m1), " of ", x$counts$missing, " in ", x$counts$group, collapse = " and ")
}

one_group_sentences <- function(x) {
  rows <- x$points[x$points$what %in% c("fewer", "more") & !is.na(x$points$m0), ]
  if (nrow(rows) == 0) return("In one group alone nothing leads to it while the other has its own rate.")
  vapply(seq_len(nrow(rows)), function(i) {
    row <- rows[i, ]
    g <- match(row$group, x$counts$group)
    needed <- row[[c("m0", "m1")[[g]]]]
    further <- needed != (if (row$what == "more") x$counts$missing[[g]] else 0) && tips_for_good(x, row, g)
    paste0(
      "In ", row$group, " alone: ", needed, if (further) paste(" or", row$what), " of ", x$counts$missing[[g]],
      " instead of ", x$same_rate[[g]], " (", row$conclusion, ")."
    )
  }, "")
}

# Whether everything beyond a row's number leads away from the conclusion of same rate too: p-values of exact tests may go
# up and down.
tips_for_good <- function(x, row, g) {
  own <- x$grid[[c("m0", "m1")[[g]]]]
  at <- x$grid[[c("m1", "m0")[[g]]]] == x$same_rate[[3 - g]]
  beyond <- if (row$what == "more") own >= row[[c("m0", "m1")[[g]]]] else own <= row[[c("m0", "m1")[[g]]]]
  all(x$grid$conclusion[at & beyond] != x$points$conclusion[x$points$what == "same rate"])
}

tipping_share <- function(x) {
  paste0(
    format(sum(x$grid$changes), big.mark = ","), " of ", count_of(nrow(x$grid), "possible table"),
    " change the conclusion (no probability)."
  )
}

#' Tidy tipping points
#'
#' @param x A `her2_tipping`, from [tipping_point()].
#' @param what `"points"`, `"grid"` (every table), or `"boundary"` (for every `m0` the ranges of `m1` with one
#'   conclusion).
#' @param ... Not used.
#' @return `tidy()`: a data frame, see [tipping_point()]. `glance()`: one row, with the observed conclusion, its p-value
#'   and the numbers of tables.
#' @export
tidy.her2_tipping <- function(x, what = c("points", "grid", "boundary"), ...) {
  check_no_dots(...)
  switch(check_option(what, c("points", "grid", "boundary"), "what"),
    points = x$points, grid = x$grid, boundary = tipping_boundary(x)
  )
}

#' @rdname tidy.her2_tipping
#' @export
glance.her2_tipping <- function(x, ...) {
  data.frame(
    reference = x$counts$group[[1]], other = x$counts$group[[2]], conclusion = as.character(x$observed$conclusion),
    p.value = x$observed$p.value, test = x$test, alpha = x$alpha, tables = nrow(x$grid), changing = sum(x$grid$changes),
    n_dropped = x$n_dropped
  )
}

#' @export
as.data.frame.her2_tipping <- function(x, ...) x$points

#' @export
summary.her2_tipping <- function(object, ...) object
