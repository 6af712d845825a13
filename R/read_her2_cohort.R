#' Read patient rows from a file
#'
#' CSV and other delimited text, Excel (with package readxl), SAS, SPSS and Stata (with package haven), by the
#' ending of the file's name, and on to [her2_cohort()].
#'
#' Delimited text: the separator is a comma, semicolon or tab, whichever the first line has most of; with
#' semicolons a comma is the decimal sign, and a column whose points all stand before three digits ("12.500") stays text, as
#' they may be thousands. A column of numbers becomes numbers, unless one has a leading zero, as
#' in identifiers ("007"). Empty fields, `NA` and `.` are missing. A row with more or fewer fields than the
#' header is an error.
#'
#' @param path The file: `.csv`, `.tsv`, `.txt` (also with `.gz`), `.xlsx`, `.xls`, `.sas7bdat`, `.xpt`, `.sav`,
#'   `.dta`.
#' @param ... Roles and other arguments of [her2_cohort()]; the columns' names bare or quoted.
#' @param sheet Of an Excel file, its name or number.
#' @param encoding Of delimited text, for example `"GB18030"` or `"latin1"`.
#' @return `read_her2_cohort()` a [her2_cohort()]; `read_patient_rows()` the data frame alone, for a look at its
#'   columns or for [her2_classify()] first.
#' @section Errors: `her2mod_error_input`: no such file, an unknown ending, a package that is not installed;
#'   `her2mod_error_data`: text that is not a table.
#' @examples
#' path <- tempfile(fileext = ".csv")
#' writeLines(c("id;her2;pcr;time;status", "007;HER2 3+;1;2,5;0", "008;HER2-mod;0;1,75;1"), path)
#' read_her2_cohort(path)
#' read_patient_rows(path)
#' @export
read_her2_cohort <- function(path, ..., sheet = 1, encoding = "UTF-8") {
  rows <- read_patient_rows(path, sheet, encoding)
  # The roles are names of columns, which only her2_cohort() knows how to read.
  roles <- as.list(substitute(list(...)))[-1]
  eval(as.call(c(list(quote(her2mod::her2_cohort), rows), roles)), parent.frame())
}

#' @rdname read_her2_cohort
#' @export
read_patient_rows <- function(path, sheet = 1, encoding = "UTF-8") {
  check_file(path)
  ending <- tolower(sub(".*[.]", "", sub("[.](gz|bz2|xz)$", "", path, ignore.case = TRUE)))
  rows <- switch(ending,
    csv = , tsv = , txt = , tab = read_delimited(path, encoding),
    xlsx = , xls = as.data.frame(
      read_by("readxl", path, function(package) package$read_excel(path, sheet = sheet, guess_max = 1e5))
    ),
    sas7bdat = read_by("haven", path, function(package) package$read_sas(path)),
    xpt = read_by("haven", path, function(package) package$read_xpt(path)),
    sav = read_by("haven", path, function(package) package$read_sav(path)),
    dta = read_by("haven", path, function(package) package$read_dta(path))
  )
  if (is.null(rows)) {
    abort_input(c("The ending of {.arg path} is not known.", x = "It is {.val {ending}}.",
      i = "Known are csv, tsv, txt, xlsx, xls, sas7bdat, xpt, sav and dta."
    ), arg = "path", value = path)
  }
  plain_rows(rows)
}

check_file <- function(path, call = rlang::caller_env()) {
  if (!is.character(path) || length(path) != 1 || is.na(path)) {
    abort_input(c("{.arg path} must be the name of one file.", x = "It is {.obj_type_friendly {path}}."),
      arg = "path", call = call
    )
  }
  if (!file.exists(path) || dir.exists(path)) {
    abort_input(c("There is no such file.", x = "{.arg path} is {.file {path}}."), arg = "path", value = path, call = call)
  }
}

read_by <- function(package, path, read, call = rlang::caller_env()) {
  namespace <- with_package(package, call)
  tryCatch(read(namespace), error = function(e) {
    abort_data(c("{.pkg {package}} could not read {.file {path}}.", x = escape_braces(conditionMessage(e))),
      arg = "path", call = call, parent = NA
    )
  })
}

with_package <- function(package, call = rlang::caller_env()) {
  if (!requireNamespace(package, quietly = TRUE)) {
    abort_input(c("To read this file needs the package {.pkg {package}}.",
      i = "{.code install.packages(\"{package}\")}"
    ), arg = "path", call = call)
  }
  asNamespace(package)
}

read_delimited <- function(path, encoding, call = rlang::caller_env(2)) {
  lines <- read_lines(path, encoding, call)
  first <- lines[1]
  if (is.na(first)) abort_data("There is nothing to read in {.file {path}}.", arg = "path", call = call)
  marks <- c(",", ";", "\t")
  sep <- marks[[which.max(vapply(marks, count_of_mark, 0L, text = first))]]
  header <- trimmed(scan(text = first, what = "", sep = sep, quote = "\"", quiet = TRUE, encoding = "UTF-8"))
  refuse_ragged(lines, path, sep, length(header), call)
  # Names given apart: with a header of its own a row of one field too many would be taken for row names.
  rows <- tryCatch(
    utils::read.table(
      text = lines, header = FALSE, skip = 1, col.names = header, sep = sep, quote = "\"", colClasses = "character",
      check.names = FALSE, comment.char = "", na.strings = c("", "NA", "."), strip.white = TRUE, encoding = "UTF-8"
    ),
    error = function(e) {
      abort_data(c("{.file {path}} is not a table of fields separated by {.val {sep}}.", x = conditionMessage(e)),
        arg = "path", call = call, parent = NA
      )
    }
  )
  rows[] <- lapply(rows, read_field, decimal = if (sep == ";") "," else ".")
  rows
}

# A row with twice the fields would be taken for two.
refuse_ragged <- function(lines, path, sep, n, call) {
  connection <- textConnection(lines, encoding = "UTF-8")
  on.exit(close(connection))
  # NA: a line within quotes that goes on.
  found <- utils::count.fields(connection, sep = sep, quote = "\"", comment.char = "")
  odd <- which(!is.na(found) & found != n)
  if (length(odd)) {
    others <- if (length(odd) > 1) paste0("; ", count_of(length(odd) - 1, "more line is", "more lines are"), " wrong")
    abort_data(c(
      "Every row of {.file {path}} must have {n} fields, as its header.",
      x = "Line {odd[[1]]} has {found[[odd[[1]]]]}{others}."
    ), arg = "path", rows = odd, call = call)
  }
}

# In UTF-8 whatever the session's own encoding, in which signs could be lost.
read_lines <- function(path, encoding, call = rlang::caller_env()) {
  bytes <- readLines(path, warn = FALSE)
  lines <- tryCatch(iconv(bytes, encoding, "UTF-8"), error = function(e) {
    abort_input(c("The encoding is not known here.", x = "{.arg encoding} is {.val {encoding}}."),
      arg = "encoding", value = encoding, call = call, parent = NA
    )
  })
  odd <- which(is.na(lines))
  if (length(odd)) {
    abort_data(c(
      "{.file {path}} is not text in {encoding}.", x = "The first line that is not is line {odd[[1]]}.",
      i = "Say which it is, for example {.code encoding = \"GB18030\"} or {.code encoding = \"latin1\"}."
    ), arg = "encoding", rows = odd, call = call)
  }
  sub("\r$", "", sub("^\ufeff", "", lines))
}

count_of_mark <- function(mark, text) nchar(text) - nchar(gsub(mark, "", text, fixed = TRUE))

# Text to numbers where all of a column are, and none has a leading zero.
read_field <- function(x, decimal = ".") {
  seen <- unique(x[!is.na(x)])
  if (length(seen) == 0) return(x)
  if (all(seen %in% c("TRUE", "FALSE"))) return(x == "TRUE")
  # "12.500" may be 12,500 where a comma is the decimal sign, unless a point elsewhere in the column is one.
  points <- seen[grepl(".", seen, fixed = TRUE)]
  if (decimal == "," && length(points) && all(grepl("^-?[1-9][0-9]{0,2}([.][0-9]{3})+$", points))) return(x)
  plain <- if (decimal == ",") sub("^(-?[0-9]+),([0-9]+)$", "\\1.\\2", seen) else seen
  number <- "^-?([1-9][0-9]*|0)?([.][0-9]+)?([eE][-+]?[0-9]+)?$"
  if (!all(grepl(number, plain) & grepl("[0-9]", plain)) || any(nchar(gsub("[^0-9]", "", plain)) > 15)) return(x)
  as.double(plain)[match(x, seen)]
}
