#' A table of package flextable
#'
#' [compare_baseline()] results have a method of flextable's `as_flextable()`, for tables that are styled further, or go into
#' PowerPoint or a Word document that package officer writes. [write_table()] needs neither package.
#'
#' @param x A result of [compare_baseline()].
#' @param title The title; `NULL` says what is compared, `""` is none.
#' @param ... Not used.
#' @return An object of class `flextable`.
#' @examplesIf requireNamespace("flextable", quietly = TRUE)
#' data(cancer, package = "survival")
#' lung$sex <- factor(lung$sex, 1:2, c("male", "female"))
#' flextable::as_flextable(compare_baseline(lung, sex, c("age", "wt.loss"), seed = 1))
#' @name as_flextable-her2mod
#' @exportS3Method flextable::as_flextable
as_flextable.her2_baseline <- function(x, title = NULL, ...) {
  check_no_dots(...)
  title <- check_title(title, x)
  table <- baseline_table(x)
  # flextable wants syntactic names, and headers apart.
  keys <- c("label", paste0("column", seq_along(table$columns)))
  rows <- structure(c(list(table$label), lapply(table$columns, typeset)),
    names = keys, class = "data.frame", row.names = .set_row_names(length(table$label))
  )
  shown <- flextable::flextable(rows)
  headers <- as.list(stats::setNames(c("", typeset(names(table$columns))), keys))
  shown <- flextable::set_header_labels(shown, values = headers)
  shown <- flextable::align(shown, j = keys[-1], align = "right", part = "all")
  levels <- which(table$indent > 0)
  if (length(levels)) shown <- flextable::padding(shown, i = levels, j = "label", padding.left = 20)
  p <- keys[[1 + match("p", names(table$columns))]]
  for (i in which(table$mark != "")) {
    shown <- flextable::append_chunks(shown, i = i, j = p, flextable::as_sup(table$mark[[i]]))
  }
  shown <- flextable::add_footer_lines(shown, c(paste(names(table$marks), table$marks, recycle0 = TRUE), baseline_notes(x)))
  if (nzchar(title)) {
    shown <- flextable::align(flextable::add_header_lines(shown, title), i = 1, align = "left", part = "header")
  }
  # At 8 points most tables fit between the margins of a page.
  flextable::set_table_properties(flextable::fontsize(shown, size = 8, part = "all"), width = 1, layout = "autofit")
}
