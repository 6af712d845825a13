# A table as HTML, with a style of its own.

escape_html <- function(text) {
  text <- gsub("&", "&amp;", text, fixed = TRUE)
  gsub(">", "&gt;", gsub("<", "&lt;", text, fixed = TRUE), fixed = TRUE)
}

html_table <- function(x, title) {
  table <- baseline_table(x)
  cells <- lapply(table$columns, function(text) escape_html(typeset(text)))
  names(cells) <- names(table$columns)
  cells$p <- paste0(cells$p, ifelse(table$mark == "", "", paste0("<sup>", table$mark, "</sup>")))
  label <- paste0("<th scope=\"row\"", ifelse(table$indent > 0, " class=\"level\"", ""), ">", escape_html(table$label), "</th>")
  body <- do.call(paste0, c(list("<tr>", label), lapply(unname(cells), function(cell) paste0("<td>", cell, "</td>")), "</tr>"))
  head <- paste0("<th scope=\"col\">", escape_html(typeset(names(cells))), "</th>", collapse = "")
  c(
    "<div class=\"her2-scroll\">", "<table class=\"her2-baseline\">",
    if (nzchar(title)) paste0("<caption>", escape_html(title), "</caption>"),
    "<thead>", paste0("<tr><th></th>", head, "</tr>"), "</thead>", "<tbody>", body, "</tbody>", "</table>", "</div>",
    paste0("<p class=\"her2-note\"><sup>", names(table$marks), "</sup> ", escape_html(table$marks), "</p>", recycle0 = TRUE),
    paste0("<p class=\"her2-note\">", escape_html(baseline_notes(x)), "</p>", recycle0 = TRUE)
  )
}

html_style <- c(
  ".her2-scroll { overflow-x: auto; margin: 1em 0 0.5em 0; }",
  "table.her2-baseline { border-collapse: collapse; font-size: 0.88em; }",
  "table.her2-baseline { border-top: 2px solid #222; border-bottom: 2px solid #222; }",
  ".her2-baseline caption { text-align: left; color: inherit; font-weight: 600; padding-bottom: 0.6em; }",
  ".her2-baseline th, .her2-baseline td { padding: 0.2em 0.5em; text-align: right; font-variant-numeric: tabular-nums; }",
  ".her2-baseline td { white-space: nowrap; }",
  ".her2-baseline thead th { border-bottom: 1px solid #222; vertical-align: bottom; }",
  ".her2-baseline tbody th { text-align: left; font-weight: 400; }",
  ".her2-baseline th.level { padding-left: 2.2em; }",
  ".her2-note { font-size: 0.85em; color: #444; margin: 0.25em 0; max-width: 70em; }",
  "sup { line-height: 0; margin-left: 0.15em; }"
)

html_page <- function(x, title) {
  c(
    "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
    paste0("<title>", escape_html(if (nzchar(title)) title else "Table"), "</title>"),
    "<style>",
    "body { font-family: system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; color: #222; margin: 2em; }", html_style,
    "</style>", "</head>", "<body>", html_table(x, title), "</body>", "</html>"
  )
}
