#' Tables in HTML and in Word
#'
#' `write_table()` writes a table to a file of its own: `.html` (one file, nothing else needed), `.docx` (by pandoc, through the
#' package rmarkdown), or `.md` (pandoc's Markdown). In R Markdown a [compare_baseline()] result that is printed at the end of a
#' chunk is a table, whatever the output is.
#'
#' @param x A result of [compare_baseline()].
#' @param path Where to: a file name that ends in `.html`, `.htm`, `.docx` or `.md`. An existing file is replaced.
#' @param title The caption; `NULL` says what is compared, `""` is none.
#' @param ... Not used.
#' @return `path`, invisibly.
#' @seealso [as_gt()] and [as_flextable-her2mod] for tables that are styled further.
#' @examples
#' data(cancer, package = "survival")
#' lung$sex <- factor(lung$sex, 1:2, c("male", "female"))
#' file <- tempfile(fileext = ".html")
#' write_table(compare_baseline(lung, sex, c("age", "wt.loss"), seed = 1), file)
#' unlink(file)
#' @export
write_table <- function(x, path, title = NULL, ...) UseMethod("write_table")

#' @export
write_table.default <- function(x, path, title = NULL, ...) {
  abort_input(c("{.arg x} must be a result of {.fn compare_baseline}.", x = "It is {.obj_type_friendly {x}}."), arg = "x")
}

#' @export
write_table.her2_baseline <- function(x, path, title = NULL, ...) {
  check_no_dots(...)
  kind <- check_path(path)
  title <- check_title(title, x)
  switch(kind,
    html = write_utf8(html_page(x, title), path),
    md = write_utf8(markdown_table(x, title), path),
    docx = write_docx(x, title, path)
  )
  invisible(path)
}

check_path <- function(path, call = rlang::caller_env()) {
  ok <- is.character(path) && length(path) == 1 && !is.na(path)
  kind <- if (ok) sub("^htm$", "html", tolower(tools::file_ext(path)))
  if (!ok || !kind %in% c("html", "docx", "md")) {
    abort_input(c("{.arg path} must be one file name that ends in .html, .docx or .md.", x = "It is {.val {path}}."),
      arg = "path", call = call
    )
  }
  if (!dir.exists(dirname(path))) {
    abort_input("{.arg path} is in a folder that does not exist: {.file {dirname(path)}}.", arg = "path", call = call)
  }
  kind
}

check_title <- function(title, x, call = rlang::caller_env()) {
  if (is.null(title)) return(baseline_title(x))
  if (!is.character(title) || length(title) != 1 || is.na(title)) {
    abort_input(c("{.arg title} must be one text.", x = "It is {.val {title}}."), arg = "title", call = call)
  }
  title
}

#' @exportS3Method knitr::knit_print
knit_print.her2_baseline <- function(x, ...) {
  title <- baseline_title(x)
  to <- knitr::pandoc_to()
  lines <- if (knitr::is_html_output(excludes = "markdown")) {
    c("```{=html}", "<style>", html_style, "</style>", html_table(x, title), "```")
  } else if (identical(to, "docx")) {
    word_table(x, title)
  } else {
    markdown_table(x, title)
  }
  knitr::asis_output(paste(c("", lines, ""), collapse = "\n"))
}

# What is read from paper has a minus, which no line breaks after, and groups' sizes in one piece.
typeset <- function(text) {
  text <- gsub("(^|[ (])-(?=[0-9I])", "\\1\u2212", text, perl = TRUE)
  gsub(" (n = ", " (n\u00a0=\u00a0", text, fixed = TRUE)
}

# In UTF-8 wherever R runs.
write_utf8 <- function(lines, path) {
  file <- file(path, "wb")
  on.exit(close(file))
  writeLines(enc2utf8(lines), file, useBytes = TRUE)
}

write_docx <- function(x, title, path, call = rlang::caller_env()) {
  if (!requireNamespace("rmarkdown", quietly = TRUE) || !rmarkdown::pandoc_available()) {
    abort_input(c("A Word file needs the package rmarkdown and pandoc.",
      i = "{.code write_table(x, \"table.html\")} needs neither."),
      arg = "path", call = call
    )
  }
  source <- tempfile(fileext = ".md")
  on.exit(unlink(source))
  write_utf8(word_table(x, title), source)
  # pandoc runs in another folder.
  output <- file.path(normalizePath(dirname(path)), basename(path))
  rmarkdown::pandoc_convert(source, to = "docx", from = "markdown", output = output)
}
