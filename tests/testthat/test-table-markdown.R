test_that("the table has as many bars in each line, and marks are escaped", {
  rows <- few_patients()
  rows$site <- c("A*_x_", "C|D", "$e")[match(rows$site, c("a", "b", "c"))]
  lines <- markdown_table(baseline_of(rows, g), "Title")
  expect_identical(lines[[1]], "**Title**")
  table <- grep("^\\|", lines, value = TRUE)
  bars <- lengths(regmatches(table, gregexpr("(?<!\\\\)\\|", table, perl = TRUE)))
  expect_length(unique(bars), 1)
  expect_true(any(grepl("A\\*\\_x\\_", table, fixed = TRUE)))
  expect_true(any(grepl("C\\|D", table, fixed = TRUE)))
  expect_true(any(grepl("\\$e", table, fixed = TRUE)))
  expect_match(table[[2]], "^\\|:-+\\|-+:")
})
