test_that("files are written where they should be", {
  found <- baseline_of(few_patients(), g)
  folder <- tempfile("tables")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE), add = TRUE)
  html <- file.path(folder, "t.html")
  expect_identical(write_table(found, html), html)
  lines <- readLines(html, encoding = "UTF-8")
  expect_match(lines[[1]], "<!DOCTYPE html>")
  md <- file.path(folder, "t.md")
  write_table(found, md, title = "")
  expect_false(any(grepl("^\\*\\*Baseline", readLines(md, encoding = "UTF-8"))))
  skip_if_not(requireNamespace("rmarkdown", quietly = TRUE) && rmarkdown::pandoc_available())
  docx <- file.path(folder, "t.docx")
  old <- setwd(folder)
  on.exit(setwd(old), add = TRUE, after = FALSE)
  write_table(found, "t.docx", title = "Patients")
  expect_true(file.exists(docx))
  inside <- utils::unzip(docx, "word/document.xml", exdir = folder)
  document <- paste(readLines(inside, warn = FALSE, encoding = "UTF-8"), collapse = "")
  for (text in c("Patients", "size, mean (SD)", "Fisher", "w:tblHeader")) expect_true(grepl(text, document, fixed = TRUE))
})

test_that("wrong paths and titles are refused", {
  found <- baseline_of(few_patients(), g, "size")
  for (path in list("t.pdf", "t", NA_character_, 3, c("a.html", "b.html"), "/no/such/folder/t.html")) {
    expect_error(write_table(found, path), class = "her2mod_error_input")
  }
  expect_error(write_table(found, tempfile(fileext = ".html"), title = 3), class = "her2mod_error_input")
  expect_error(write_table(1, "t.html"), class = "her2mod_error_input")
})

test_that("a chunk's result is a table in each kind of document", {
  skip_if_not_installed("knitr")
  found <- baseline_of(few_patients(), g)
  old <- knitr::opts_knit$get("rmarkdown.pandoc.to")
  on.exit(knitr::opts_knit$set(rmarkdown.pandoc.to = old))
  shown <- function(to) {
    knitr::opts_knit$set(rmarkdown.pandoc.to = to)
    as.character(knitr::knit_print(found))
  }
  expect_match(shown("html"), "<table class=\"her2-baseline\">", fixed = TRUE)
  expect_match(shown("docx"), "<w:tbl>", fixed = TRUE)
  expect_match(shown("latex"), "| size, mean (SD)", fixed = TRUE)
})

test_that("numbers have a minus that no line breaks after", {
  expect_identical(typeset("-1.2 (-3 to -0.4)"), "\u22121.2 (\u22123 to \u22120.4)")
  expect_identical(typeset("D-penicil (n = 3)"), "D-penicil (n\u00a0=\u00a03)")
})
