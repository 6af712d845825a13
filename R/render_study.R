# The report of the founding study: one HTML file that needs nothing beside it.

#' Write the report of the founding study
#'
#' Runs [reproduce_study()] and writes an HTML report: the claims with printed and recomputed
#' figures, the effects, the printed p = 0.287 among the tests, how far an imbalance in hormone
#' receptor status or an unmeasured confounder could matter, and the session. The file holds its
#' pictures and styles and can be sent or printed as it is.
#'
#' @param output Where to write, a name ending in `.html`. The folder must exist; a file of that
#'   name is replaced.
#' @param study What [reproduce_study()] returned.
#' @param quiet Whether to keep knitr and pandoc silent.
#' @return The path of the report, invisibly.
#' @section Errors:
#' `her2mod_error_input` when rmarkdown, ggplot2 or pandoc is missing (the message says what to
#' install), when the folder does not exist, or when `study` is something else.
#' @seealso [reproduce_study()]
#' @examplesIf requireNamespace("rmarkdown", quietly = TRUE) && rmarkdown::pandoc_available()
#' \donttest{
#' report <- render_study(tempfile(fileext = ".html"))
#' }
#' @export
render_study <- function(output = "her2mod-study.html", study = reproduce_study(), quiet = TRUE) {
  output <- check_output(output)
  check_flag(quiet, "quiet")
  check_report_tools()
  if (!inherits(study, "her2_claims") || !is_whole(study)) {
    abort_input(c("{.arg study} must be what {.fn reproduce_study} returns.",
      x = "It is {.obj_type_friendly {study}}."
    ), arg = "study")
  }
  source <- system.file("rmarkdown", "study", package = "her2mod", mustWork = TRUE)
  write_report(file.path(source, "study.Rmd"), list(study = study), output, quiet)
  invisible(output)
}

# Renders a document of the package with its parameters to one file.
write_report <- function(source, params, output, quiet, call = rlang::caller_env()) {
  # knitr and pandoc write beside their source: they get a copy in a folder of their own.
  folder <- tempfile("her2mod-report-")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE), add = TRUE)
  file.copy(list.files(dirname(source), full.names = TRUE), folder)
  rendered <- rmarkdown::render(
    file.path(folder, basename(source)),
    output_format = "html_document", output_file = "report.html", params = params,
    envir = new.env(parent = globalenv()), quiet = quiet
  )
  if (!file.copy(rendered, output, overwrite = TRUE)) {
    abort_input(c("The report could not be written.", x = "{.file {output}}"),
      arg = "output", value = output, call = call
    )
  }
}

check_output <- function(output, call = rlang::caller_env()) {
  if (!is.character(output) || length(output) != 1 || is.na(output) ||
    !grepl("[.]html?$", output, ignore.case = TRUE)) {
    abort_input(c(
      "{.arg output} must be one file name ending in {.val .html}.",
      x = "It is {.val {output}}."
    ), arg = "output", value = output, call = call)
  }
  if (!dir.exists(dirname(output))) {
    abort_input(c("The folder of {.arg output} does not exist.", x = "{.file {dirname(output)}}"),
      arg = "output", value = output, call = call
    )
  }
  output
}

check_report_tools <- function(call = rlang::caller_env()) {
  packages <- c("rmarkdown", "knitr", "ggplot2")
  absent <- packages[!vapply(packages, requireNamespace, NA, quietly = TRUE)]
  if (length(absent)) {
    abort_input(c("The report needs the package{?s} {.pkg {absent}}.",
      i = "Install with {.code install.packages(c({toString(dQuote(absent, FALSE))}))}."
    ), missing = absent, call = call)
  }
  if (!rmarkdown::pandoc_available("1.12.3")) {
    abort_input(c("The report needs pandoc, which was not found.",
      i = "It is at {.url https://pandoc.org/installing.html} (Debian package {.pkg pandoc})."
    ), missing = "pandoc", call = call)
  }
}
