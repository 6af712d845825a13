test_that("the report holds every claim, and needs nothing beside it", {
  skip_if_not_installed("rmarkdown")
  skip_if_not_installed("ggplot2")
  skip_if_not(rmarkdown::pandoc_available("1.12.3"), "pandoc is not installed")
  skip_on_cran()
  folder <- tempfile()
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  path <- file.path(folder, "report.html")
  expect_invisible(render_study(path))
  # One file only: whatever knitr and pandoc wrote on the way is gone.
  expect_equal(list.files(folder), "report.html")
  html <- paste(readLines(path, encoding = "UTF-8", warn = FALSE), collapse = "\n")
  shown <- gsub("\\s+", " ", gsub("<[^>]*>", "", html))
  for (claim in ma2025_claims$claim) expect_true(grepl(claim, shown, fixed = TRUE), label = claim)
  for (text in c("not reproduced by an unadjusted test", "no figure printed", "nothing here is simulated",
    "no random numbers were used", "4,240 joint tables")) {
    expect_match(shown, gsub(" ", "\\\\s+", text), label = text)
  }
  expect_equal(length(gregexpr("<img src=\"data:image/png", html, fixed = TRUE)[[1]]), 3)
  # Links lead to publishers only.
  expect_false(grepl("(src|href)=\"(?!data:|https://doi|#)[^\"]", html, perl = TRUE))
  expect_equal(lengths(regmatches(html, gregexpr("alt=\"Picture: ", html))), 3)
})

test_that("bad requests are refused before any work", {
  expect_error(render_study("report.pdf"), class = "her2mod_error_input")
  expect_error(render_study(c("a.html", "b.html")), class = "her2mod_error_input")
  expect_error(render_study(file.path(tempfile(), "a.html")), class = "her2mod_error_input")
  expect_error(render_study(tempfile(fileext = ".html"), quiet = NA), class = "her2mod_error_input")
})

test_that("a study that is none is refused", {
  skip_if_not_installed("rmarkdown")
  skip_if_not_installed("ggplot2")
  skip_if_not(rmarkdown::pandoc_available("1.12.3"), "pandoc is not installed")
  expect_error(render_study(tempfile(fileext = ".html"), study = mtcars), class = "her2mod_error_input")
})
