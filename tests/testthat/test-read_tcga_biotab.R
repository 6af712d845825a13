biotab <- function(body, header = NULL) {
  path <- tempfile(fileext = ".txt")
  if (is.null(header)) {
    header <- c("barcode\tihc\tdays_to\tsite", "barcode\tihc_level\tdays\ttissue_site",
      "CDE_ID:1\tCDE_ID:2\tCDE_ID:\tCDE_ID:4")
  }
  writeLines(c(header, body), path)
  path
}

test_that("header rows, codes and types are read from a made-up file", {
  x <- read_tcga_biotab(biotab(c(
    "made-up-1\t3+\t-120\t01", "made-up-2\t[Not Available]\t[Not Applicable]\t02", "made-up-3\t2+\t[Not Available]\t10",
    "made-up-4\t0\t5.5\t"
  )))
  expect_s3_class(x, "data.frame", exact = TRUE)
  expect_identical(dim(x), c(4L, 4L))
  expect_identical(x$ihc, c("3+", NA, "2+", "0"))
  expect_identical(x$days_to, c(-120, NA, NA, 5.5))
  expect_identical(x$site, c("01", "02", "10", NA))
  expect_identical(attr(x, "cde"), data.frame(
    column = c("barcode", "ihc", "days_to", "site"), element = c("barcode", "ihc_level", "days", "tissue_site"),
      cde = c("1", "2", "", "4")
  ))
  codes <- attr(x, "codes")
  expect_identical(codes$n[codes$column == "ihc" & codes$code == "[Not Available]"], 1L)
  expect_identical(sum(codes$n), 4L)
})

test_that("a file of another kind is refused", {
  expect_error(read_tcga_biotab(biotab(character(), c("a\tb", "1\t2"))), class = "her2mod_error_data")
  expect_error(read_tcga_biotab(biotab(character(), c("a\tb", "1\t2", "3\t4"))), "CDE_ID", class = "her2mod_error_data")
  e <- expect_error(read_tcga_biotab(biotab("a\tb\tc")), "4 fields", class = "her2mod_error_data")
  expect_identical(e$rows, 4L)
  expect_error(read_tcga_biotab(tempfile()), class = "her2mod_error_input")
  expect_identical(nrow(read_tcga_biotab(biotab(character()))), 0L)
})

test_that("the patients' file of TCGA-BRCA gives its known counts", {
  patients <- tcga_patients()
  expect_identical(dim(patients)[[1]], 1097L)
  expect_false(anyDuplicated(patients$bcr_patient_barcode) > 0)
  # Counted in the file by awk: score 3+ 90; score 2+ with FISH positive 36; 3+ with FISH negative 5; 1+ with FISH positive 3.
  expect_identical(sum(patients$class %in% "HER2 3+"), 90L)
  expect_identical(sum(patients$class %in% "HER2-mod"), 36L)
  reasons <- her2_reasons(patients$class)
  expect_identical(as.vector(table(reasons$class[reasons$kind == "contradiction"], useNA = "always")), c(5L, 3L))
  expect_true(all(is.na(reasons$unread)))
  hr <- table(factor(patients$class, c("HER2 3+", "HER2-mod")), patients$hr)
  expect_identical(as.vector(hr[, c("HR-", "HR+")]), c(29L, 2L, 60L, 34L))
  # stats::chisq.test() without correction and stats::fisher.test(), R 4.2.2; printed as .0015 and .0011.
  expect_equal(stats::chisq.test(hr, correct = FALSE)$p.value, 0.0015, tolerance = 0.03)
  expect_equal(stats::fisher.test(hr)$p.value, 0.0011, tolerance = 0.04)
  two <- patients[patients$class %in% c("HER2 3+", "HER2-mod"), ]
  ours <- tidy(compare_proportions(hr == "HR+" ~ class, two, ref = "HER2 3+", methods = c("pearson", "fisher")))
  expect_equal(ours$p.value, c(stats::chisq.test(hr, correct = FALSE)$p.value, stats::fisher.test(hr)$p.value))
  expect_true(all(is.finite(patients$age_at_diagnosis[!is.na(patients$age_at_diagnosis)])))
  expect_type(patients$her2_copy_number, "character")
})

test_that("status 'Positive' is no score of 3+, as the help page says", {
  patients <- tcga_patients()
  scored <- patients$her2_ihc_score[patients$her2_status_by_ihc %in% "Positive" & !is.na(patients$her2_ihc_score)]
  expect_identical(as.vector(table(scored)), c(11L, 27L, 85L))
})

test_that("the tables that the vignette keeps are those of the files", {
  patients <- tcga_patients()
  counts <- utils::read.csv(system.file("extdata", "tcga_counts.csv", package = "her2mod"))
  kept <- function(variable, her2,
    level) counts$n[counts$variable == variable & counts$her2 == her2 & counts$level == level]
  for (class in c("HER2-0", "HER2-low", "HER2-mod", "HER2 3+", "equivocal")) {
    expect_identical(kept("class", "all", class), sum(patients$class %in% class), info = class)
  }
  expect_identical(sum(counts$n[counts$variable == "class"]), nrow(patients))
  for (class in c("HER2-mod", "HER2 3+")) {
    own <- patients[patients$class %in% class, ]
    for (hr in c("HR-", "HR+")) expect_identical(kept("hr", class, hr), sum(own$hr %in% hr), info = class)
    expect_identical(kept("stage", class, "II"), sum(grepl("^Stage II[AB]?$", own$ajcc_pathologic_tumor_stage)))
    expect_identical(kept("N", class, "N0"), sum(grepl("^N0", own$ajcc_nodes_pathologic_pn)))
    expect_identical(kept("T", class, "T2"), sum(grepl("^T2", own$ajcc_tumor_pathologic_pt)))
    expect_identical(kept("age_group", class, "below 40"), sum(own$age_at_diagnosis < 40))
  }
  by_site <- counts[counts$variable == "hr by site", ]
  expect_identical(sum(by_site$n), 125L)
})

test_that("the survival that the vignette keeps is that of package survival", {
  patients <- tcga_patients()
  follow_up <- read_patient_rows(skip_without_tcga("brca_tcga_clinical_data.tsv"))
  follow_up <- follow_up[grepl("-01$", follow_up[["Sample ID"]]), ]
  two <- patients[patients$class %in% c("HER2 3+", "HER2-mod"), ]
  at <- match(two$bcr_patient_barcode, follow_up[["Patient ID"]])
  two$mod <- two$class == "HER2-mod"
  estimates <- utils::read.csv(system.file("extdata", "tcga_estimates.csv", package = "her2mod"))
  check <- function(outcome, time, event) {
    time <- time / 12
    kept <- estimates[estimates$outcome == outcome, ]
    cox <- survival::coxph(survival::Surv(time, event) ~ two$mod)
    row <- kept[kept$term == "log_hazard_ratio" & kept$method == "cox", ]
    expect_equal(row$estimate, unname(stats::coef(cox)), tolerance = 1e-5)
    expect_equal(c(row$conf.low, row$conf.high), as.vector(stats::confint(cox)), tolerance = 1e-5)
    logrank <- survival::survdiff(survival::Surv(time, event) ~ two$mod)
    expect_equal(kept$p.value[kept$method == "logrank"], stats::pchisq(logrank$chisq, 1, lower.tail = FALSE),
      tolerance = 1e-5)
    km <- summary(survival::survfit(survival::Surv(time, event) ~ two$mod, conf.type = "log-log"), times = c(1, 3, 5))
    rows <- kept[kept$term == "survival", ]
    expect_equal(rows$estimate, km$surv, tolerance = 1e-5)
    expect_equal(c(rows$conf.low, rows$conf.high), c(km$lower, km$upper), tolerance = 1e-5)
  }
  check("disease-free survival", follow_up[["Disease Free (Months)"]][at],
    follow_up[["Disease Free Status"]][at] == "Recurred/Progressed")
  check("overall survival", follow_up[["Overall Survival (Months)"]][at],
    follow_up[["Overall Survival Status"]][at] == "DECEASED")
})
