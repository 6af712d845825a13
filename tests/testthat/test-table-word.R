test_that("the table is well-formed, and marks are escaped", {
  rows <- few_patients()
  rows$site <- c("A & <B>", "C", "D")[match(rows$site, c("a", "b", "c"))]
  lines <- word_table(baseline_of(rows, g), "")
  xml <- paste(lines[lines != "```{=openxml}" & lines != "```"], collapse = "")
  expect_match(xml, "A &amp; &lt;B&gt;", fixed = TRUE)
  tags <- function(name) lengths(regmatches(xml, gregexpr(paste0("<", name, "[ >]"), xml)))
  closed <- function(name) lengths(regmatches(xml, gregexpr(paste0("</", name, ">"), xml)))
  for (name in c("w:tbl", "w:tr", "w:tc", "w:p", "w:r", "w:t", "w:tcPr", "w:pPr")) {
    expect_identical(tags(name), closed(name), label = name)
  }
  expect_identical(tags("w:tr"), 11L)
})

test_that("columns fit between the margins and hold their longest word", {
  short <- word_widths(list(c("ab", "cd"), "1"), 0)
  expect_lt(sum(short), word_width)
  long <- word_widths(list(strrep("word ", 60), strrep("more ", 60), "0.0177"), 0)
  expect_lte(sum(long), word_width + 3)
  expect_gte(long[[3]], 6 * word_digit)
})
