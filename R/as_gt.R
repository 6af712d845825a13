#' A table of package gt
#'
#' `as_gt()` makes a table of package gt, which is styled further with gt's functions and written by its `gtsave()` as HTML,
#' Word, LaTeX or RTF. The tests' names are footnotes of gt's own, so that marks and names stay together when footnotes are
#' added. [write_table()] needs no such package, and in Word keeps numbers in one piece.
#'
#' Package gtsummary has a function of this name. Where her2mod was attached last, `as_gt()` hands gtsummary's tables over to
#' it; where gtsummary was, write `her2mod::as_gt()` for a result of [compare_baseline()].
#'
#' @param x A result of [compare_baseline()], or a table of package gtsummary.
#' @param title The title; `NULL` says what is compared, `""` is none.
#' @param ... Not used; of a table of gtsummary: passed on.
#' @return An object of class `gt_tbl`.
#' @seealso [as_flextable-her2mod]
#' @examplesIf requireNamespace("gt", quietly = TRUE)
#' data(cancer, package = "survival")
#' lung$sex <- factor(lung$sex, 1:2, c("male", "female"))
#' as_gt(compare_baseline(lung, sex, c("age", "wt.loss"), seed = 1))
#' @export
as_gt <- function(x, ...) UseMethod("as_gt")

#' @export
as_gt.default <- function(x, ...) {
  abort_input(c("{.arg x} must be a result of {.fn compare_baseline}.", x = "It is {.obj_type_friendly {x}}."), arg = "x")
}

# gtsummary's as_gt() is no generic: where ours is found first, its tables would not be shown without this.
#' @export
as_gt.gtsummary <- function(x, ...) {
  need_for_gt("gtsummary")
  gtsummary::as_gt(x, ...)
}

#' @rdname as_gt
#' @export
as_gt.her2_baseline <- function(x, title = NULL, ...) {
  check_no_dots(...)
  title <- check_title(title, x)
  need_for_gt("gt")
  table <- baseline_table(x)
  shown <- gt_style(gt_cells(table))
  if (nzchar(title)) shown <- gt::opt_align_table_header(gt::tab_header(shown, title), "left")
  shown <- gt_tests(shown, table)
  for (note in baseline_notes(x)) shown <- gt::tab_source_note(shown, note)
  shown
}

need_for_gt <- function(package, call = rlang::caller_env()) {
  if (!requireNamespace(package, quietly = TRUE)) {
    abort_input(c("This table needs the package {.pkg {package}}.", i = "{.code install.packages(\"{package}\")}"),
      arg = "x", call = call
    )
  }
}

# Labels are gt's stub, the headers of the rows. Spaces indent them, as gt's own indentation is lost in Word and RTF.
gt_cells <- function(table) {
  keys <- gt_keys(table)
  label <- paste0(strrep("\u00a0", 4 * table$indent), table$label)
  rows <- structure(c(list(label), lapply(table$columns, typeset)),
    names = c("label", keys), class = "data.frame", row.names = .set_row_names(length(label))
  )
  shown <- gt::gt(rows, rowname_col = "label")
  shown <- gt::cols_label(shown, .list = as.list(stats::setNames(typeset(names(table$columns)), keys)))
  gt::cols_align(shown, "right", columns = keys)
}

# Lines as in the other tables; at 13 pixels most tables fit between the margins of a page. An interval stays in one line, and
# the second line of a long label stands further right than any first one.
gt_style <- function(shown) {
  shown <- gt::tab_style(shown, gt::cell_text(whitespace = "nowrap"), gt::cells_body())
  gt::tab_options(shown,
    table.font.size = gt::px(13), data_row.padding = gt::px(3), table_body.hlines.style = "none", stub.border.style = "none",
    table.additional_css = "tbody .gt_stub { padding-left: calc(2.5em + 5px) !important; text-indent: -2.5em; }"
  )
}

# gt wants names of its own for columns: groups may be called alike.
gt_keys <- function(table) paste0("column", seq_along(table$columns))

gt_tests <- function(shown, table) {
  p <- gt_keys(table)[[match("p", names(table$columns))]]
  for (mark in names(table$marks)) {
    where <- gt::cells_body(columns = p, rows = which(table$mark == mark))
    shown <- gt::tab_footnote(shown, table$marks[[mark]], where, placement = "right")
  }
  # gt gives the marks in the order of the rows, as test_marks() does. A single one it would take for the name of a series.
  gt::opt_footnote_marks(shown, make_marks(length(table$marks) + 26))
}
