test_that("the report holds the paragraph, the pictures and the warning that data are simulated", {
  skip_if_not_installed("rmarkdown")
  skip_if_not_installed("ggplot2")
  skip_if_not(rmarkdown::pandoc_available("1.12.3"), "pandoc is not installed")
  skip_on_cran()
  x <- compare_her2(simulate_cohort(200, seed = 8), adjust = "hr", R = 99, seed = 42)
  folder <- tempfile()
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  path <- file.path(folder, "report.html")
  expect_invisible(render_comparison(x, path))
  expect_equal(list.files(folder), "report.html")
  html <- paste(readLines(path, encoding = "UTF-8", warn = FALSE), collapse = "\n")
  # The head holds scripts.
  html <- sub(".*<body[^>]*>", "", html)
  shown <- gsub("\\s+", " ", gsub("&lt;", "<", gsub("&gt;", ">", gsub("<[^>]*>", "", html))))
  expect_match(shown, "HER2 comparison: HER2-mod against HER2 3+ (reference); simulated data", fixed = TRUE)
  expect_match(shown, "These are simulated data", fixed = TRUE)
  expect_gte(length(gregexpr("<img[^>]*src=\"data:image/png", html)[[1]]), 5)
  expect_false(grepl("Error in ", shown, fixed = TRUE))
})

test_that("the template is where R Markdown looks for it", {
  folder <- system.file("rmarkdown", "templates", "her2_comparison", package = "her2mod")
  expect_true(file.exists(file.path(folder, "template.yaml")))
  expect_true(file.exists(comparison_template()))
})

test_that("what is no comparison is refused before any work", {
  expect_error(render_comparison(mtcars, tempfile(fileext = ".html")), class = "her2mod_error_input")
  expect_error(render_comparison(mtcars, "report.pdf"), class = "her2mod_error_input")
})
