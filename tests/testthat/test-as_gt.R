# What gt shows, read from its HTML. A mark stands beside the text of its cell, and is read apart.

gt_page <- function(shown) xml2::read_html(gt::as_raw_html(shown, inline_css = FALSE))

text_at <- function(node, path) vapply(xml2::xml_find_all(node, path), xml2::xml_text, "")

gt_marks <- "//*[contains(@class, 'gt_footnote_marks')]"

# One row a row of the table: the label, the cells.
gt_body <- function(shown) {
  page <- gt_page(shown)
  xml2::xml_remove(xml2::xml_find_all(page, gt_marks))
  do.call(rbind, lapply(xml2::xml_find_all(page, "//tbody/tr"), text_at, "./th | ./td"))
}

# The footer has a line a footnote, which starts with its mark, and then a line a note.
gt_lines <- function(shown) trimws(text_at(gt_page(shown), "//tfoot/tr"))

# Patients with what a writer must leave as it is.
odd_patients <- function() {
  rows <- few_patients()
  rows$site <- c("A & <B>", "*C*|D", "e_f_g")[match(rows$site, c("a", "b", "c"))]
  rows$size[c(2, 9)] <- NA
  rows
}

# As another form has them: the table of R Markdown, of which what stands for a mark of Markdown is text.
markdown_body <- function(x) {
  lines <- grep("^\\|", markdown_table(x, ""), value = TRUE)
  cells <- strsplit(gsub("^\\| | \\|$", "", lines), " | ", fixed = TRUE)
  plain <- function(text) gsub("\\\\([[:punct:]])", "\\1", gsub("\\^[a-z]\\^", "", trimws(text, "right", "[ ]")))
  do.call(rbind, lapply(cells[-2], plain))
}

test_that("a table of gt has the headers and the cells that R Markdown shows", {
  skip_if_not_installed("gt")
  skip_if_not_installed("xml2")
  for (found in list(baseline_of(odd_patients(), g), baseline_of(odd_patients(), site, overall = TRUE, adjust = "none"))) {
    shown <- as_gt(found)
    expect_s3_class(shown, "gt_tbl")
    expected <- markdown_body(found)
    expect_true("\u00a0\u00a0\u00a0\u00a0missing, n" %in% expected[, 1])
    expect_identical(gt_body(shown), expected[-1, ])
    headers <- text_at(gt_page(shown), "//thead/tr[contains(@class, 'gt_col_headings')]/th")
    expect_identical(headers[-1], expected[1, -1])
    expect_identical(trimws(headers[[1]]), "")
  }
})

test_that("labels are headers on the left, numbers are on the right", {
  skip_if_not_installed("gt")
  skip_if_not_installed("xml2")
  found <- baseline_of(odd_patients(), g)
  class_of <- function(path) {
    rows <- xml2::xml_find_all(gt_page(as_gt(found)), "//tbody/tr")
    unlist(lapply(rows, function(row) xml2::xml_attr(xml2::xml_find_all(row, path), "class")))
  }
  table <- baseline_table(found)
  expect_identical(grepl("gt_left.*gt_stub", class_of("./*[1]")), rep(TRUE, length(table$label)))
  expect_identical(grepl("gt_right", class_of("./*[position() > 1]")), rep(TRUE, length(table$label) * length(table$columns)))
})

test_that("marks lead to the names of the tests, and the notes stand under them", {
  skip_if_not_installed("gt")
  skip_if_not_installed("xml2")
  rows <- odd_patients()
  rows$er <- rev(rows$hr)
  # Several tests, of which one stands in two rows, and one alone.
  for (vars in list(c("size", "hr", "grade", "site", "er"), "hr")) {
    found <- baseline_of(rows, g, vars)
    table <- baseline_table(found)
    shown <- as_gt(found)
    lines <- xml2::xml_find_all(gt_page(shown), "//tbody/tr")
    p <- 1 + match("p", names(table$columns))
    marks <- vapply(lines, function(line) paste(text_at(line, paste0("./*[", p, "]", gt_marks)), collapse = ""), "")
    expect_identical(marks, table$mark)
    expect_length(text_at(gt_page(shown), paste0("//tbody", gt_marks)), sum(table$mark != ""))
    expect_identical(gt_lines(shown), c(paste(names(table$marks), table$marks), baseline_notes(found)))
  }
})

test_that("a title is above the table, or none; simulated patients are called so", {
  skip_if_not_installed("gt")
  skip_if_not_installed("xml2")
  title_of <- function(shown) trimws(text_at(gt_page(shown), "//*[contains(@class, 'gt_title')]"))
  found <- baseline_of(simulate_cohort(60, seed = 1), her2, c("age", "grade"))
  expect_identical(title_of(as_gt(found)), baseline_title(found))
  expect_match(title_of(as_gt(found)), "simulated data")
  expect_identical(tail(gt_lines(as_gt(found)), 1), "Simulated data.")
  expect_identical(title_of(as_gt(found, title = "A <title>")), "A <title>")
  expect_length(title_of(as_gt(found, title = "")), 0)
})

test_that("it is written as Word, LaTeX and RTF", {
  skip_if_not_installed("gt")
  shown <- as_gt(baseline_of(few_patients(), g))
  for (written in list(gt::as_word(shown), as.character(gt::as_latex(shown)), gt::as_rtf(shown))) {
    expect_match(written, "Fisher's exact test", fixed = TRUE)
  }
})

test_that("arguments are checked, whether gt is there or not", {
  found <- baseline_of(few_patients(), g, "size")
  expect_error(as_gt(found, title = 1), class = "her2mod_error_input")
  expect_error(as_gt(found, titel = "a"), class = "her2mod_error_input")
  expect_error(as_gt(few_patients()), "compare_baseline", class = "her2mod_error_input")
})

test_that("it says which package is missing", {
  expect_error(need_for_gt("no.such.package"), "no.such.package", class = "her2mod_error_input")
  expect_silent(need_for_gt("stats"))
  found <- baseline_of(few_patients(), g, "size")
  if (!requireNamespace("gt", quietly = TRUE)) {
    expect_error(as_gt(found), "needs the package gt", class = "her2mod_error_input")
  }
  if (!requireNamespace("gtsummary", quietly = TRUE)) {
    table <- structure(list(), class = c("tbl_summary", "gtsummary"))
    expect_error(as_gt(table), "needs the package gtsummary", class = "her2mod_error_input")
  }
})

test_that("tables of gtsummary go to its own function, with its arguments", {
  skip_if_not_installed("gtsummary")
  table <- gtsummary::tbl_summary(few_patients(), by = g)
  expect_s3_class(as_gt(table), "gt_tbl")
  expect_identical(names(as_gt(table, include = "gt", return_calls = TRUE)), "gt")
})
