# Firth's penalised logistic regression from packages logistf and brglm2, for tests/testthat/test-logistic_regression.R.
#
# Made with logistf 1.26.1, brglm2 0.9, R 4.2.2:
#   Rscript tests/reference/firth_logistf.R > tests/testthat/fixtures/firth_logistf.csv
#
# Limits and p-values are by penalised profile likelihood; `test` is twice the difference of the penalised
# log-likelihoods, the null model's determinant being that of the whole model. Standard errors are brglm2's, from
# the inverse of the information, as Heinze and Schemper (2002) have them; logistf 1.26 takes the information of the
# data with the pseudo-observations that Firth's penalty amounts to, which is larger.

suppressPackageStartupMessages({
  library(logistf)
  library(brglm2)
})
stopifnot(packageVersion("logistf") == "1.26.1", packageVersion("brglm2") == "0.9")

separated <- data.frame(x = rep(0:1, c(6, 8)), y = rep(c(0, 1, 0), c(6, 5, 3)))
women <- datasets::infert
cases <- list(
  separated = list(y ~ x, separated),
  infert = list(case ~ spontaneous + induced + age + parity, women),
  births = list(low ~ age + lwt + factor(race) + smoke + ptl + ht + ui, MASS::birthwt),
  # all who smoke and have hypertension have the event
  spared = list(low ~ smoke * ht + age, transform(MASS::birthwt, low = ifelse(smoke == 1 & ht == 1, 1, low)))
)
# logistf() itself sets how close the estimates and the profile limits come.
control <- logistf.control(maxit = 10000, maxstep = 0.5, lconv = 1e-13, gconv = 1e-10, xconv = 1e-10)
limits <- logistpl.control(maxit = 10000, maxstep = 0.5, lconv = 1e-12, xconv = 1e-10)
cat("case,covariate,estimate,std.error,conf.low,conf.high,p.value,test\n")
for (case in names(cases)) {
  formula <- cases[[case]][[1]]
  fit <- logistf(formula, data = cases[[case]][[2]], control = control, plcontrol = limits, flic = FALSE)
  test <- 2 * (fit$loglik[["full"]] - fit$loglik[["null"]])
  other <- glm(formula, binomial, cases[[case]][[2]], method = "brglmFit", epsilon = 1e-12, maxit = 10000)
  stopifnot(all.equal(coef(other), fit$coefficients, tolerance = 1e-7))
  cat(sprintf(
    "%s,%s,%.12g,%.12g,%.12g,%.12g,%.12g,%.12g\n", case, names(fit$coefficients), fit$coefficients,
    sqrt(diag(vcov(other))), fit$ci.lower, fit$ci.upper, fit$prob, test
  ), sep = "")
}
