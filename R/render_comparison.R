#' Write the report of a comparison of HER2 groups
#'
#' Writes what [compare_her2()] found as one HTML file: the results paragraph, the table of characteristics, each part (with
#' a picture where it has one), what was not done and why, and the session. RStudio offers the same document as a starting
#' point for your own under *File > New File > R Markdown > From Template*.
#'
#' @param comparison What [compare_her2()] returned.
#' @inheritParams render_study
#' @return The path of the report, invisibly.
#' @section Errors:
#' `her2mod_error_input` when rmarkdown, ggplot2 or pandoc is missing (the message says what to install), when the folder does
#' not exist, or when `comparison` is something else.
#' @examplesIf requireNamespace("rmarkdown", quietly = TRUE) && rmarkdown::pandoc_available()
#' \donttest{
#' comparison <- compare_her2(simulate_cohort(300, seed = 1), adjust = "hr", R = 499, seed = 1)
#' report <- render_comparison(comparison, tempfile(fileext = ".html"))
#' }
#' @export
render_comparison <- function(comparison, output = "her2-comparison.html", quiet = TRUE) {
  output <- check_output(output)
  check_flag(quiet, "quiet")
  if (!inherits(comparison, "her2_comparison")) {
    abort_input(c("{.arg comparison} must be what {.fn compare_her2} returns.",
      x = "It is {.obj_type_friendly {comparison}}."
    ), arg = "comparison")
  }
  check_report_tools()
  write_report(comparison_template(), list(comparison = comparison), output, quiet)
  invisible(output)
}

comparison_template <- function() {
  system.file("rmarkdown", "templates", "her2_comparison", "skeleton", "skeleton.Rmd", package = "her2mod", mustWork = TRUE)
}
