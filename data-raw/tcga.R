# Writes inst/extdata/tcga_counts.csv and tcga_estimates.csv, the tables that vignettes/tcga.Rmd keeps, from the
# public files:
#   nationwidechildrens.org_clinical_patient_brca.txt (TCGA-BRCA, Genomic Data Commons, BCR Biotab, open access)
#   brca_tcga_clinical_data.tsv (cBioPortal, study brca_tcga, clinical data: disease-free and overall survival)
# Counts and estimates only: no patient's row is kept. Run from the package's folder, package installed:
#   Rscript data-raw/tcga.R <folder with the two files>
library(her2mod)

folder <- commandArgs(TRUE)[[1]]
patients <- read_tcga_biotab(file.path(folder, "nationwidechildrens.org_clinical_patient_brca.txt"))
patients$class <- suppressWarnings(her2_classify(patients$her2_ihc_score, patients$her2_fish_status))
# HR+: ER or PR positive; HR-: both negative.
receptors <- patients[c("er_status_by_ihc", "pr_status_by_ihc")]
patients$hr <- ifelse(rowSums(receptors == "Positive", na.rm = TRUE) > 0, "HR+",
  ifelse(rowSums(receptors == "Negative", na.rm = TRUE) == 2, "HR-", NA)
)
first_letters <- function(x, pattern) ifelse(grepl(pattern, x), substr(x, 1, 2), NA)
patients$stage <- sub("[ABC]$", "", sub("^Stage ", "", patients$ajcc_pathologic_tumor_stage))
patients$stage[patients$stage %in% "X"] <- NA
patients$T <- first_letters(patients$ajcc_tumor_pathologic_pt, "^T[1-4]")
patients$N <- first_letters(patients$ajcc_nodes_pathologic_pn, "^N[0-3]")
patients$menopause <- sub(" .*", "", patients$menopause_status)
patients$menopause[!patients$menopause %in% c("Pre", "Peri", "Post")] <- NA
histologies <- c("Infiltrating Ductal Carcinoma" = "ductal", "Infiltrating Lobular Carcinoma" = "lobular")
patients$histology <- histologies[patients$histological_type]
patients$histology[is.na(patients$histology) & !is.na(patients$histological_type)] <- "other"
age_groups <- c("below 40", "40-49", "50-59", "60-69", "70 and above")
patients$age_group <- cut(patients$age_at_diagnosis, c(0, 39, 49, 59, 69, Inf), age_groups)
called <- function(x) ifelse(x %in% c("Positive", "Negative"), x, NA)
patients$ER <- called(patients$er_status_by_ihc)
patients$PR <- called(patients$pr_status_by_ihc)

two <- patients[patients$class %in% c("HER2 3+", "HER2-mod"), ]
two$her2 <- factor(as.character(two$class), c("HER2 3+", "HER2-mod"))

count <- function(rows, variable, by) {
  counts <- as.data.frame(table(level = addNA(rows[[variable]], ifany = TRUE), her2 = rows[[by]], useNA = "ifany"))
  counts$level <- ifelse(is.na(counts$level), "not known", as.character(counts$level))
  data.frame(variable = variable, counts[c("her2", "level")], n = counts$Freq)
}
sums <- function(variable, her2, level) {
  aggregate(n ~ variable + her2 + level, data.frame(variable = variable, her2 = her2, level = level, n = 1), sum)
}
reasons <- her2_reasons(patients$class)
class <- ifelse(is.na(reasons$class), "not classified", reasons$class)
torn <- reasons$kind == "contradiction"
clear <- !reasons$kind[match(two$bcr_patient_barcode, patients$bcr_patient_barcode)] %in% "contradiction"
known <- !is.na(two$hr)
described <- c("hr", "ER", "PR", "age_group", "menopause", "stage", "T", "N", "histology")
counts <- rbind(
  sums("class", "all", ifelse(class == "not classified", paste("not classified:", reasons$reason), class)),
  sums("contradiction", class[torn], reasons$reason[torn]),
  do.call(rbind, lapply(described, count, rows = two, by = "her2")),
  sums("hr without contradictions", two$her2[clear & known], two$hr[clear & known]),
  sums("hr by site", two$her2[known], paste(two$tissue_source_site, two$hr)[known]),
  sums("hr in all classes", class[!is.na(patients$hr)], patients$hr[!is.na(patients$hr)])
)
write.csv(counts, "inst/extdata/tcga_counts.csv", row.names = FALSE)

# --- survival and age ---------------------------------------------------------------------------------

follow_up <- read_patient_rows(file.path(folder, "brca_tcga_clinical_data.tsv"))
# -01: primary tumours; a patient may have other samples too.
follow_up <- follow_up[grepl("-01$", follow_up[["Sample ID"]]), ]
two <- merge(two, follow_up, by.x = "bcr_patient_barcode", by.y = "Patient ID", all.x = TRUE)
two$dfs <- two[["Disease Free (Months)"]] / 12
two$recurred <- unname(c(DiseaseFree = 0, "Recurred/Progressed" = 1)[two[["Disease Free Status"]]])
two$os <- two[["Overall Survival (Months)"]] / 12
two$died <- unname(c(LIVING = 0, DECEASED = 1)[two[["Overall Survival Status"]]])
two$her2 <- factor(two$her2, c("HER2 3+", "HER2-mod"))

columns <- c("outcome", "term", "method", "group", "time", "estimate", "conf.low", "conf.high", "p.value", "n", "events")
row_of <- function(outcome, rows, n = NA, events = NA) {
  rows$outcome <- outcome
  for (absent in setdiff(columns, names(rows))) rows[[absent]] <- NA
  if (!all(is.na(n))) rows$n <- n
  if (!all(is.na(events))) rows$events <- events
  rows[columns]
}
survival_rows <- function(outcome, formula) {
  compared <- compare_survival(formula, two, times = c(1, 3, 5))
  rows <- tidy(compared)
  rows <- rows[rows$term %in% c("survival", "survival_difference", "rmst", "rmst_difference", "log_hazard_ratio") |
    rows$method == "logrank", ]
  at <- match(rows$group, compared$groups)
  counts <- her2mod:::group_counts(compared$cells, compared$groups)
  rows$n <- NA
  of_group <- rows$term %in% c("survival", "rmst")
  rows$n[of_group] <- counts$n[at[of_group]]
  rows$events <- ifelse(of_group, counts$x[at], NA)
  follow <- data.frame(term = "median follow-up", method = "reverse Kaplan-Meier", group = compared$groups,
    estimate = compared$follow_up, n = counts$n, events = counts$x
  )
  ratio <- tidy(boot_ci(formula, two, "log_hazard_ratio", R = 9999, seed = 1))
  test <- suppressWarnings(perm_test(formula, two, "logrank", R = 99999, seed = 1))
  rbind(
    row_of(outcome, rows, rows$n, rows$events), row_of(outcome, follow, follow$n, follow$events),
    row_of(outcome, data.frame(ratio[c("term", "estimate", "conf.low", "conf.high")], method = "bootstrap bca")),
    row_of(outcome, data.frame(term = "test", method = "permutation logrank", p.value = test$p.value))
  )
}
age <- age_at_diagnosis ~ her2
of_age <- tidy(boot_ci(age, two, "mean_difference", R = 9999, seed = 1))
age_test <- perm_test(age, two, "mean_difference")
means <- data.frame(
  term = "mean", method = "mean", group = levels(two$her2), n = as.vector(table(two$her2)),
  estimate = as.vector(tapply(two$age_at_diagnosis, two$her2, mean))
)
estimates <- rbind(
  row_of("age", means, means$n),
  row_of("age", data.frame(of_age[c("term", "estimate", "conf.low", "conf.high")], method = "bootstrap bca")),
  row_of("age", data.frame(term = "test", method = "permutation mean difference", p.value = age_test$p.value)),
  survival_rows("disease-free survival", Surv(dfs, recurred) ~ her2),
  survival_rows("overall survival", Surv(os, died) ~ her2)
)
numbers <- vapply(estimates, is.numeric, NA)
estimates[numbers] <- lapply(estimates[numbers], signif, 6)
write.csv(estimates, "inst/extdata/tcga_estimates.csv", row.names = FALSE, na = "")
