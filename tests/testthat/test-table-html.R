test_that("every row has a cell for every column, and text stays text", {
  rows <- few_patients()
  rows$site <- c("A & <B>", "C|D", "e_f")[match(rows$site, c("a", "b", "c"))]
  found <- baseline_of(rows, g)
  lines <- html_table(found, "A <title>")
  body <- grep("^<tr><th scope", lines, value = TRUE)
  table <- baseline_table(found)
  expect_length(body, length(table$label))
  expect_true(all(lengths(regmatches(body, gregexpr("<td>", body))) == length(table$columns)))
  expect_true(any(grepl("A &amp; &lt;B&gt;", body, fixed = TRUE)))
  expect_true(any(grepl("<caption>A &lt;title&gt;</caption>", lines, fixed = TRUE)))
  expect_true(any(grepl("<sup>b</sup> Fisher's exact test", lines, fixed = TRUE)))
  if (requireNamespace("xml2", quietly = TRUE)) {
    page <- xml2::read_html(paste(html_page(found, ""), collapse = "\n"))
    expect_length(xml2::xml_find_all(page, "//tbody/tr"), length(table$label))
  }
})
