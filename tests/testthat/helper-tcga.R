# The public files lie outside the package, in a folder `shared/data` beside or above the source tree.
tcga_file <- function(name) {
  above <- vapply(1:9, function(i) paste(rep("..", i), collapse = "/"), "")
  folder <- if (nzchar(Sys.getenv("HER2MOD_SHARED"))) file.path(Sys.getenv("HER2MOD_SHARED"), "data")
  places <- file.path(c(folder, file.path(above, "shared", "data")), name)
  utils::head(places[file.exists(places)], 1)
}

skip_without_tcga <- function(name) {
  path <- tcga_file(name)
  testthat::skip_if(length(path) == 0, paste("the public file", name, "is not here"))
  path
}

tcga_patients <- function() {
  patients <- read_tcga_biotab(skip_without_tcga("nationwidechildrens.org_clinical_patient_brca.txt"))
  patients$class <- suppressWarnings(her2_classify(patients$her2_ihc_score, patients$her2_fish_status))
  er <- patients$er_status_by_ihc
  pr <- patients$pr_status_by_ihc
  patients$hr <- ifelse(er %in% "Positive" | pr %in% "Positive", "HR+",
    ifelse(er %in% "Negative" & pr %in% "Negative", "HR-", NA))
  patients
}
