# Permutation p-values from package coin, for tests/testthat/test-perm-exact-counts.R.
#
# Made with coin 1.4-2, R 4.2.2:
#   Rscript tests/reference/permutation_coin.R > tests/testthat/fixtures/permutation_coin.csv
#
# Without strata: coin's exact distribution of the linear statistic (shift algorithm). With strata coin
# has no exact distribution of two samples: its Monte Carlo one, with 2,000,000 resamples; `mc.error` is
# the binomial standard error of its p. coin's alternative "greater" is about the first factor level, so
# the other group comes first.

suppressPackageStartupMessages(library(coin))
stopifnot(packageVersion("coin") == "1.4.2")

patients <- function(group, x, n, centre = "one") {
  data.frame(group = group, centre = centre, event = rep(1:0, c(x, n - x)))
}
cases <- list(
  dual = rbind(patients("reference", 6, 49), patients("other", 13, 68)),
  small = rbind(patients("reference", 1, 7), patients("other", 4, 5)),
  centres = rbind(
    patients("reference", 4, 20, "a"), patients("other", 9, 16, "a"),
    patients("reference", 12, 30, "b"), patients("other", 22, 40, "b")
  )
)
cat("case,alternative,p.value,mc.error\n")
set.seed(20250702)
for (case in names(cases)) {
  rows <- cases[[case]]
  rows$group <- factor(rows$group, levels = c("other", "reference"))
  rows$centre <- factor(rows$centre)
  stratified <- nlevels(rows$centre) > 1
  for (alternative in c("two.sided", "less", "greater")) {
    test <- if (stratified) {
      independence_test(event ~ group | centre, rows, alternative = alternative,
        distribution = approximate(nresample = 2000000)
      )
    } else {
      independence_test(event ~ group, rows, alternative = alternative, distribution = "exact")
    }
    p <- as.numeric(pvalue(test))
    cat(sprintf("%s,%s,%.12g,%.3g\n", case, alternative, p, if (stratified) sqrt(p * (1 - p) / 2e6) else 0))
  }
}
