# Stratified score intervals and tests from package ratesci, for tests/testthat/test-stratified-score.R.
#
# Made with ratesci 1.1.1, R 4.2.2:
#   Rscript tests/reference/stratified_ratesci.R > tests/testthat/fixtures/stratified_ratesci.csv
#
# Mantel-Haenszel weights, no correction for skewness; `correct`: with the factor N/(N-1) on each stratum's variance.
# Group 1 is compared with group 2.

suppressPackageStartupMessages(library(ratesci))
stopifnot(packageVersion("ratesci") == "1.1.1")

cases <- list(
  # Gart (1985), four strata
  gart = data.frame(x1 = c(4, 2, 4, 1), n1 = c(16, 16, 18, 15), x0 = c(5, 3, 10, 3), n0 = c(79, 87, 90, 82)),
  # strata with zero cells
  sparse = data.frame(x1 = c(0, 3, 5, 1, 2), n1 = c(4, 5, 6, 7, 3), x0 = c(1, 0, 2, 2, 0), n0 = c(6, 5, 8, 4, 5)),
  # a large negative difference
  large = data.frame(x1 = c(30, 12), n1 = c(120, 60), x0 = c(70, 45), n0 = c(130, 66))
)
cat("case,term,correct,estimate,lower,upper,z,p.value\n")
for (case in names(cases)) for (term in c("risk_difference", "risk_ratio")) for (correct in c(TRUE, FALSE)) {
  k <- cases[[case]]
  found <- scoreci(k$x1, k$n1, k$x0, k$n0,
    contrast = if (term == "risk_difference") "RD" else "RR", stratified = TRUE, weighting = "MH", skew = FALSE,
    bcf = correct, precis = 9, random = FALSE, warn = FALSE
  )
  e <- found$estimates[1, ]
  p <- found$pval[1, ]
  cat(case, term, correct, format(e[["est"]], digits = 10), format(e[["lower"]], digits = 10),
    format(e[["upper"]], digits = 10), format(p[["scorenull"]], digits = 10), format(p[["pval2sided"]], digits = 10),
    sep = ","
  )
  cat("\n")
}
