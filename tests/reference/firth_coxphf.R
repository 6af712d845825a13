# Firth's penalised Cox regression from package coxphf, for tests/testthat/test-cox_regression-firth.R.
#
# Made with coxphf 1.13.4, survival 3.5-3, R 4.2.2:
#   Rscript tests/reference/firth_coxphf.R > tests/testthat/fixtures/firth_coxphf.csv
#
# coxphf knows Breslow's ties only. Its limits and p-values are by penalised profile likelihood; `test` is
# twice the difference of its penalised log-likelihoods.

suppressPackageStartupMessages({
  library(survival)
  library(coxphf)
})
stopifnot(packageVersion("coxphf") == "1.13.4")

# Nobody of the group without events dies: the likelihood is monotone.
spared <- transform(veteran, spared = as.numeric(status == 0 & karno >= 60))
separated <- data.frame(time = 1:6, status = c(1, 1, 1, 0, 0, 0), x = c(1, 1, 1, 0, 0, 0))
cases <- list(
  spared = list(Surv(time, status) ~ spared + trt + age, spared),
  separated = list(Surv(time, status) ~ x, separated),
  ovarian = list(Surv(futime, fustat) ~ age + rx + ecog.ps, ovarian),
  veteran = list(Surv(time, status) ~ trt + karno + diagtime + age, veteran),
  heart = list(Surv(start, stop, event) ~ age + year + surgery, heart[heart$stop > heart$start, ])
)
cat("case,covariate,estimate,std.error,conf.low,conf.high,p.value,test\n")
for (case in names(cases)) {
  fit <- coxphf(cases[[case]][[1]], data = cases[[case]][[2]], maxit = 5000, maxstep = 0.1, epsilon = 1e-11, gconv = 1e-9)
  cat(sprintf(
    "%s,%s,%.12g,%.12g,%.12g,%.12g,%.12g,%.12g\n", case, names(fit$coefficients), fit$coefficients,
    sqrt(diag(fit$var)), log(fit$ci.lower), log(fit$ci.upper), fit$prob, 2 * diff(fit$loglik)
  ), sep = "")
}
