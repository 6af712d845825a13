#' Read a clinical file of TCGA
#'
#' The Cancer Genome Atlas distributes its clinical data as tab-delimited "biotab" files with three header rows:
#' column names, names of the data elements, and their CDE numbers. This reads one, turns the codes for absent
#' values (`[Not Available]`, `[Not Applicable]`, `[Not Evaluated]`, `[Unknown]`, `[Discrepancy]` and any other
#' text in brackets) into `NA`, and columns that hold numbers alone into numbers.
#'
#' The files are public: the Genomic Data Commons (<https://portal.gdc.cancer.gov>) has them under project
#' TCGA-BRCA, data category Clinical, data format BCR Biotab; that of the patients is
#' `nationwidechildrens.org_clinical_patient_brca.txt`.
#'
#' @param path The file.
#' @return A data frame with one row a patient (or follow-up, in such a file), and attributes `cde`, a data frame
#'   of `column`, `element` and `cde`, and `codes`, how often each code stood for an absent value, by column.
#' @section Errors: `her2mod_error_data` where the file has not the three header rows, or a row has not as many
#'   fields; `her2mod_error_input` where it does not exist.
#' @seealso [her2_classify()], [her2_cohort()], `vignette("tcga")`
#' @examples
#' path <- tempfile(fileext = ".txt")
#' writeLines(c(
#'   "bcr_patient_barcode\ther2_ihc_score\ther2_fish_status\tage_at_diagnosis",
#'   "bcr_patient_barcode\ther2_immunohistochemistry_level_result\ther2_status\tage",
#'   "CDE_ID:2003301\tCDE_ID:2178402\tCDE_ID:2854089\tCDE_ID:2006657",
#'   "made-up-1\t3+\t[Not Evaluated]\t55", "made-up-2\t2+\tPositive\t[Not Available]"
#' ), path)
#' patients <- read_tcga_biotab(path)
#' patients
#' her2_classify(patients$her2_ihc_score, patients$her2_fish_status)
#' @export
read_tcga_biotab <- function(path) {
  check_file(path)
  lines <- read_lines(path, "UTF-8")
  lines <- lines[lines != ""]
  fields <- strsplit(paste0(lines, "\t|"), "\t", fixed = TRUE)
  fields <- lapply(fields, function(f) f[-length(f)])
  refuse_other_files(fields, path)
  body <- fields[-(1:3)]
  columns <- lapply(seq_along(fields[[1]]), function(j) vapply(body, `[[`, "", j))
  names(columns) <- fields[[1]]
  absent <- lapply(columns, function(x) grepl("^\\[.*\\]$", x) | x == "")
  codes <- count_codes(columns, absent)
  columns <- Map(function(x, none) read_field(replace(trimmed(x), none, NA)), columns, absent)
  structure(columns,
    class = "data.frame", row.names = .set_row_names(length(body)),
    cde = data.frame(column = fields[[1]], element = fields[[2]], cde = sub("^CDE_ID:", "", fields[[3]])), codes = codes
  )
}

refuse_other_files <- function(fields, path, call = rlang::caller_env()) {
  header <- length(fields) >= 3 && all(startsWith(fields[[3]], "CDE_ID:"))
  if (!header) {
    abort_data(c(
      "{.file {path}} is not a clinical file of TCGA.",
      x = "Its third row should say {.val CDE_ID:} in every column.",
      i = "{.fn read_patient_rows} reads tables with one header row."
    ), arg = "path", call = call)
  }
  n <- length(fields[[1]])
  odd <- which(lengths(fields) != n)
  if (length(odd)) {
    abort_data(c(
      "Every row of {.file {path}} must have {n} fields, as its header.",
      x = "Row {odd[[1]]} has {length(fields[[odd[[1]]]])}."
    ), arg = "path", rows = odd, call = call)
  }
  twice <- unique(fields[[1]][duplicated(fields[[1]])])
  if (length(twice)) abort_data("{.file {path}} has several columns named {.val {twice}}.", arg = "path", call = call)
}

# A row a column and code.
count_codes <- function(columns, absent) {
  counts <- Map(function(x, none) table(x[none]), columns, absent)
  counts <- counts[lengths(counts) > 0]
  rows <- Map(function(column, n) data.frame(column = column, code = names(n), n = as.vector(n)), names(counts), counts)
  if (length(rows) == 0) return(data.frame(column = character(), code = character(), n = integer()))
  do.call(rbind, c(unname(rows)))
}
