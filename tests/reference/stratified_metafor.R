# Mantel-Haenszel effects with their standard errors from package metafor, for
# tests/testthat/test-stratified-mantel_haenszel.R.
#
# Made with metafor 3.8-1, R 4.2.2:
#   Rscript tests/reference/stratified_metafor.R > tests/testthat/fixtures/stratified_metafor.csv
#
# Risk difference with Sato's standard error, log risk ratio with Greenland and Robins', log odds ratio with Robins,
# Breslow and Greenland's. No zero cell is changed. Group 1 is compared with group 2.

suppressPackageStartupMessages(library(metafor))
stopifnot(packageVersion("metafor") == "3.8.1")

cases <- list(
  gart = data.frame(x1 = c(4, 2, 4, 1), n1 = c(16, 16, 18, 15), x0 = c(5, 3, 10, 3), n0 = c(79, 87, 90, 82)),
  sparse = data.frame(x1 = c(0, 3, 5, 1, 2), n1 = c(4, 5, 6, 7, 3), x0 = c(1, 0, 2, 2, 0), n0 = c(6, 5, 8, 4, 5)),
  large = data.frame(x1 = c(30, 12), n1 = c(120, 60), x0 = c(70, 45), n0 = c(130, 66))
)
cat("case,term,estimate,std.error\n")
for (case in names(cases)) for (term in c("risk_difference", "risk_ratio", "odds_ratio")) {
  k <- cases[[case]]
  # It warns of the strata's own infinite ratios, which the common effect does not use.
  found <- suppressWarnings(rma.mh(
    ai = k$x1, n1i = k$n1, ci = k$x0, n2i = k$n0,
    measure = c(risk_difference = "RD", risk_ratio = "RR", odds_ratio = "OR")[[term]], add = 0, to = "none",
    drop00 = FALSE
  ))
  cat(case, term, format(as.double(found$beta), digits = 12), format(found$se, digits = 12), sep = ",")
  cat("\n")
}
