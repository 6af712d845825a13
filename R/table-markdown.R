# A table as pandoc's Markdown, from which it makes most things.

# What pandoc would read as a mark is text.
escape_markdown <- function(text) gsub("([\\\\`*_{}<>|$~^#@\\[\\]])", "\\\\\\1", text, perl = TRUE)

markdown_table <- function(x, title) {
  table <- baseline_table(x)
  space <- "\u00a0"
  cells <- lapply(table$columns, function(text) escape_markdown(typeset(text)))
  cells$p <- paste0(cells$p, ifelse(table$mark == "", "", paste0("^", table$mark, "^")))
  label <- paste0(strrep(space, 4 * table$indent), escape_markdown(table$label))
  # The dashes are the columns' widths, where the table is as wide as the page.
  columns <- c(list(c(space, label)), Map(c, escape_markdown(typeset(names(cells))), cells))
  widths <- pmax(3, vapply(columns, function(column) max(nchar(column, "width")), 0L))
  padded <- Map(function(column, width) format(column, width = width), columns, widths)
  lines <- paste0("| ", do.call(paste, c(unname(padded), sep = " | ")), " |")
  dashes <- paste0(c(":", rep("-", length(widths) - 1)), strrep("-", widths - 1), c("-", rep(":", length(widths) - 1)))
  rule <- paste0("|", paste0(dashes, collapse = "|"), "|")
  c(
    if (nzchar(title)) c(paste0("**", escape_markdown(title), "**"), ""),
    lines[[1]], rule, lines[-1], "",
    under_markdown(table, x)
  )
}

# A line each: a backslash ends it.
under_markdown <- function(table, x) {
  lines <- c(
    paste0("^", names(table$marks), "^ ", escape_markdown(table$marks), recycle0 = TRUE), escape_markdown(baseline_notes(x))
  )
  c(paste0(lines[-length(lines)], "\\", recycle0 = TRUE), lines[[length(lines)]], "")
}
