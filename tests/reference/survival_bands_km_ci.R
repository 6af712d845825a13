# Simultaneous bands of a Kaplan-Meier curve from package km.ci, for tests/cpp/test_survival_band.cpp,
# which holds them: entries of the tables of critical values of Klein and Moeschberger (1997), tables C.3
# and C.4, that km.ci keeps, and limits of the bands of survival::ovarian.
#
# Made with km.ci 0.5-6, survival 3.5-3, R 4.2.2:
#   Rscript tests/reference/survival_bands_km_ci.R
#
# km.ci interpolates between the entries, and its equal-precision ("epband") entries are Nair's
# approximation, so the limits come with the critical value that km.ci used: it is what its plain limits
# say, as (upper - S) / (S sqrt(v)) or (upper - S) sqrt(n) / (S (1 + n v)).

suppressPackageStartupMessages(library(km.ci))
library(survival)
stopifnot(packageVersion("km.ci") == "0.5.6")

for (level in c("90", "95", "99")) {
  table <- get(paste0("critical.value.hall.", level))
  for (at in list(c(0, 0.5), c(0, 0.98), c(0.1, 0.6), c(0.3, 0.4), c(0.58, 0.9))) {
    entry <- table[round((at[[2]] - 0.1) / 0.02) + 1, round(at[[1]] / 0.02) + 1]
    cat(sprintf("hall.%s, %g, %g: %.4f\n", level, at[[1]], at[[2]], as.numeric(entry)))
  }
}
for (at in list(c(0.1, 0.6), c(0.3, 0.4), c(0.04, 0.96))) {
  entry <- critical.value.nair.95[round((at[[2]] - 0.1) / 0.02) + 1, round((at[[1]] - 0.02) / 0.02) + 1]
  cat(sprintf("nair.95, %g, %g: %.4f\n", at[[1]], at[[2]], as.numeric(entry)))
}

fit <- survfit(Surv(futime, fustat) ~ 1, ovarian)
n <- fit$n
v <- fit$std.err^2
limits <- lapply(c("hall-wellner", "loghall", "epband", "logep"), function(method) {
  km.ci(fit, conf.level = 0.95, tl = 59, tu = 563, method = method)
})
for (time in c(268, 431)) {
  i <- match(time, fit$time)
  s <- fit$surv[[i]]
  # Where the upper limit is not cut at 1.
  at <- match(563, limits[[1]]$time)
  j <- match(563, fit$time)
  k <- (limits[[1]]$upper[at] / fit$surv[[j]] - 1) * sqrt(n) / (1 + n * v[[j]])
  at <- match(563, limits[[3]]$time)
  c <- (limits[[3]]$upper[at] / fit$surv[[j]] - 1) / sqrt(v[[j]])
  cat(sprintf("time %g, S %.12g, v %.12g, n %g, k %.10g, c %.10g\n", time, s, v[[i]], n, k, c))
  for (one in limits) {
    row <- match(time, one$time)
    cat(sprintf("  %.12g %.12g\n", one$lower[row], one$upper[row]))
  }
}
