#' A table of package gt or flextable
#'
#' For tables that are styled further, or combined with others. `as_gt()` makes a gt table (package gt, which writes HTML, Word,
#' LaTeX and PNG), and [compare_baseline()] results have a method of flextable's `as_flextable()` (Word, PowerPoint, HTML).
#' [write_table()] needs neither package.
#'
#' @param x A result of [compare_baseline()].
#' @param title The title; `NULL` says what is compared, `""` is none.
#' @param ... Not used.
#' @return An object of class `gt_tbl`, or of class `flextable`.
#' @examplesIf requireNamespace("flextable", quietly = TRUE)
#' data(cancer, package = "survival")
#' lung$sex <- factor(lung$sex, 1:2, c("male", "female"))
#' flextable::as_flextable(compare_baseline(lung, sex, c("age", "wt.loss"), seed = 1))
#' @export
as_gt <- function(x, ...) UseMethod("as_gt")

#' @export
as_gt.default <- function(x, ...) {
  abort_input(c("{.arg x} must be a result of {.fn compare_baseline}.", x = "It is {.obj_type_friendly {x}}."), arg = "x")
}

#' @rdname as_gt
#' @export
as_gt.her2_baseline <- function(x, title = NULL, ...) {
  check_no_dots(...)
  title <- check_title(title, x)
  if (!requireNamespace("gt", quietly = TRUE)) {
    abort_input(c("A gt table needs the package gt.", i = "{.fn write_table} writes HTML and Word without it."), arg = "x")
  }
  table <- baseline_table(x)
  rows <- as.data.frame(x)
  rows$test <- NULL
  rows$Characteristic <- table$label
  shown <- gt::gt(rows)
  if (nzchar(title)) shown <- gt::tab_header(shown, title = title)
  shown <- gt::cols_label(shown, Characteristic = "")
  shown <- gt::cols_align(shown, "right", columns = -1)
  shown <- gt::cols_align(shown, "left", columns = 1)
  levels <- which(table$indent > 0)
  if (length(levels)) {
    shown <- gt::tab_style(shown, gt::cell_text(indent = gt::px(16)), gt::cells_body(columns = 1, rows = levels))
  }
  for (mark in names(table$marks)) {
    where <- gt::cells_body(columns = "p", rows = which(table$mark == mark))
    shown <- gt::tab_footnote(shown, footnote = table$marks[[mark]], locations = where)
  }
  shown <- gt::opt_footnote_marks(shown, "letters")
  for (note in baseline_notes(x)) shown <- gt::tab_source_note(shown, note)
  shown
}

#' @rdname as_gt
#' @exportS3Method flextable::as_flextable
as_flextable.her2_baseline <- function(x, title = NULL, ...) {
  check_no_dots(...)
  title <- check_title(title, x)
  table <- baseline_table(x)
  columns <- c(list(label = table$label), table$columns)
  # flextable wants syntactic names, and headers apart.
  keys <- c("label", paste0("column", seq_along(table$columns)))
  rows <- structure(columns, names = keys, class = "data.frame", row.names = .set_row_names(length(table$label)))
  shown <- flextable::flextable(rows)
  shown <- flextable::set_header_labels(shown, values = as.list(stats::setNames(c("", names(table$columns)), keys)))
  shown <- flextable::align(shown, j = keys[-1], align = "right", part = "all")
  levels <- which(table$indent > 0)
  if (length(levels)) shown <- flextable::padding(shown, i = levels, j = "label", padding.left = 20)
  p <- keys[[1 + match("p", names(table$columns))]]
  for (i in which(table$mark != "")) {
    shown <- flextable::append_chunks(shown, i = i, j = p, flextable::as_sup(table$mark[[i]]))
  }
  shown <- flextable::add_footer_lines(shown, c(paste(names(table$marks), table$marks), baseline_notes(x)))
  if (nzchar(title)) shown <- flextable::align(flextable::add_header_lines(shown, title), i = 1, align = "left", part = "header")
  # At 8 points most tables fit between the margins of a page.
  flextable::set_table_properties(flextable::fontsize(shown, size = 8, part = "all"), width = 1, layout = "autofit")
}
