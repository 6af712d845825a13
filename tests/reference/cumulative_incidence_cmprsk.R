# Cumulative incidences with Aalen's variance, and Gray's tests, from package cmprsk, for
# tests/testthat/test-cumulative_incidence.R.
#
# Made with cmprsk 2.2-12, survival 3.5-3 (its data), R 4.2.2:
#   Rscript tests/reference/cumulative_incidence_cmprsk.R > \
#     tests/testthat/fixtures/cumulative_incidence_cmprsk.csv
#
# kind "test": value is the statistic, extra its degrees of freedom; "estimate": incidence at the time,
# and its variance.

suppressPackageStartupMessages({
  library(cmprsk)
  library(survival)
})
stopifnot(packageVersion("cmprsk") == "2.2.12")

mgus <- transform(mgus2,
  time = ifelse(pstat == 1, ptime, futime), state = ifelse(pstat == 1, 1, 2 * death)
)
cases <- list(
  mgus2_sex = list(data = mgus, group = "sex", times = c(60, 120, 240)),
  pbc_trt = list(data = pbc, group = "trt", times = c(1000, 3000)),
  pbc_edema = list(data = pbc, group = "edema", times = c(1000, 3000)),
  pbc_edema_sex = list(data = pbc, group = "edema", strata = "sex", times = numeric())
)
cat("case,rho,kind,group,cause,time,value,extra\n")
for (name in names(cases)) {
  case <- cases[[name]]
  rows <- case$data
  if (is.null(rows$state)) rows$state <- rows$status
  rows <- rows[!is.na(rows[[case$group]]), ]
  strata <- if (is.null(case$strata)) rep(1, nrow(rows)) else rows[[case$strata]]
  for (rho in c(0, 1)) {
    fit <- cuminc(rows$time, rows$state, rows[[case$group]], strata, rho = rho)
    for (cause in rownames(fit$Tests)) {
      cat(sprintf("%s,%g,test,,%s,,%.15g,%g\n", name, rho, cause, fit$Tests[cause, "stat"], fit$Tests[cause, "df"]))
    }
    if (rho != 0 || length(case$times) == 0) next
    at <- timepoints(fit, case$times)
    for (curve in rownames(at$est)) {
      parts <- strsplit(curve, " ")[[1]]
      cat(sprintf("%s,0,estimate,%s,%s,%g,%.15g,%.15g\n", name, parts[[1]], parts[[2]], case$times,
        at$est[curve, ], at$var[curve, ]
      ), sep = "")
    }
  }
}
