# A table as Office Open XML in pandoc's Markdown: pandoc's own tables in Word break numbers in two.

# In twentieths of a point: the width between the margins of pandoc's page; a character, a digit, and the edges of a cell.
word_width <- 9360
word_character <- 90
word_digit <- 102
word_edges <- 130

word_table <- function(x, title) {
  table <- baseline_table(x)
  columns <- c(list(c("", table$label)), Map(function(name, text) typeset(c(name, text)), names(table$columns), table$columns))
  marks <- rep(list(""), length(columns))
  p <- match("p", names(table$columns)) + 1
  marks[[p]] <- c("", table$mark)
  written <- columns
  written[[p]] <- paste0(columns[[p]], marks[[p]])
  widths <- word_widths(written, table$indent)
  rows <- vapply(seq_along(columns[[1]]), function(i) {
    cells <- vapply(seq_along(columns), function(j) {
      word_cell(columns[[j]][[i]], widths[[j]], right = j > 1, indent = if (i > 1 && j == 1) table$indent[[i - 1]] else 0,
        head = i == 1, mark = if (length(marks[[j]]) > 1) marks[[j]][[i]] else ""
      )
    }, "")
    paste0("<w:tr><w:trPr><w:cantSplit/>", if (i == 1) "<w:tblHeader/>", "</w:trPr>", paste(cells, collapse = ""), "</w:tr>")
  }, "")
  under <- c(word_note(table$marks, names(table$marks)), word_note(baseline_notes(x)))
  c(
    if (nzchar(title)) c(paste0("**", escape_markdown(title), "**"), ""), "```{=openxml}",
    paste0(
      "<w:tbl><w:tblPr><w:tblW w:w=\"", sum(widths), "\" w:type=\"dxa\"/><w:tblBorders>", word_border("top", 12),
      word_border("bottom", 12), "</w:tblBorders><w:tblLayout w:type=\"fixed\"/>",
      "<w:tblCellMar><w:left w:w=\"50\" w:type=\"dxa\"/>",
      "<w:right w:w=\"50\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>",
      paste0("<w:gridCol w:w=\"", widths, "\"/>", collapse = ""), "</w:tblGrid>"
    ),
    rows, "</w:tbl>", under, "```", ""
  )
}

# As wide as their longest text where there is room, and never narrower than its longest word.
word_widths <- function(columns, indent) {
  longest <- function(text) max(nchar(text, "width"), 1)
  all <- vapply(columns, function(text) longest(text) * word_character + word_edges, 0)
  words <- vapply(columns, function(text) longest(unlist(strsplit(text, " "))) * word_digit + word_edges, 0)
  all <- pmax(all, words)
  if (any(indent > 0)) all[[1]] <- all[[1]] + word_indent
  if (sum(all) <= word_width) return(round(all))
  room <- max(0, word_width - sum(words)) / sum(all - words)
  round(words + room * (all - words))
}

word_indent <- 220

word_border <- function(side, size) {
  paste0("<w:", side, " w:val=\"single\" w:sz=\"", size, "\" w:space=\"0\" w:color=\"222222\"/>")
}

word_run <- function(text, head = FALSE, superscript = FALSE) {
  if (!nzchar(text)) return("")
  paste0(
    "<w:r><w:rPr>", if (head) "<w:b/>", "<w:sz w:val=\"16\"/>", if (superscript) "<w:vertAlign w:val=\"superscript\"/>",
    "</w:rPr><w:t xml:space=\"preserve\">", escape_html(text), "</w:t></w:r>"
  )
}

# Of the paragraph itself: an empty one has a height, too.
word_size <- "<w:rPr><w:sz w:val=\"16\"/></w:rPr>"

word_cell <- function(text, width, right, indent, head, mark) {
  paste0(
    "<w:tc><w:tcPr><w:tcW w:w=\"", width, "\" w:type=\"dxa\"/>",
    if (head) paste0("<w:tcBorders>", word_border("bottom", 6), "</w:tcBorders><w:vAlign w:val=\"bottom\"/>"), "</w:tcPr>",
    "<w:p><w:pPr><w:spacing w:before=\"20\" w:after=\"20\"/>",
    if (indent > 0) paste0("<w:ind w:left=\"", word_indent * indent, "\"/>"),
    if (right) "<w:jc w:val=\"right\"/>", word_size, "</w:pPr>",
    word_run(text, head), word_run(mark, superscript = TRUE), "</w:p></w:tc>"
  )
}

word_note <- function(text, mark = rep("", length(text))) {
  vapply(seq_along(text), function(i) {
    paste0(
      "<w:p><w:pPr><w:spacing w:before=\"20\" w:after=\"20\"/></w:pPr>", word_run(mark[[i]], superscript = TRUE),
      word_run(paste0(if (nzchar(mark[[i]])) " ", text[[i]])), "</w:p>"
    )
  }, "")
}
