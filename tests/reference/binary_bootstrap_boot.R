# Bootstrap intervals of two groups from package boot, for tests/testthat/test-boot_ci.R.
#
# Made with boot 1.3-28.1, R 4.2.2:
#   Rscript tests/reference/binary_bootstrap_boot.R > tests/testthat/fixtures/binary_bootstrap_boot.csv
#
# boot resamples patient rows within strata = group (and centre); R = 100,000. `mc.error` is the
# Monte Carlo standard error of an end: the standard deviation of the end over 20 blocks of
# replicates, divided by sqrt(20). boot's BCa is not used: it counts ties as not below (so that
# coding pCR or non-pCR changes the interval) and does not centre the jackknife.

library(boot)
stopifnot(packageVersion("boot") == "1.3.28.1")

R <- 100000
blocks <- 20
types <- c(perc = "percent", basic = "basic", norm = "normal", stud = "student")

patients <- function(group, x, n, centre = "one") {
  data.frame(group = group, centre = centre, event = rep(1:0, c(x, n - x)))
}

# x1/n1 against x0/n0, analysis scale.
difference <- function(x0, n0, x1, n1) {
  p0 <- x0 / n0
  p1 <- x1 / n1
  c(p1 - p0, p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1)
}
log_ratio <- function(x0, n0, x1, n1) c(log(x1 / n1) - log(x0 / n0), 1 / x0 - 1 / n0 + 1 / x1 - 1 / n1)
log_odds <- function(x0, n0, x1, n1) {
  c(log(x1 / (n1 - x1)) - log(x0 / (n0 - x0)), sum(1 / c(x0, n0 - x0, x1, n1 - x1)))
}

cases <- list(
  # Ma 2025 (doi:10.4143/crt.2024.1200): dual against single therapy; 2+/ISH+ against 3+
  dual = rbind(patients("reference", 6, 49), patients("other", 13, 68)),
  her2 = rbind(patients("reference", 211, 458), patients("other", 19, 117)),
  # constructed: two centres of different sizes and risks
  centres = rbind(
    patients("reference", 4, 20, "a"), patients("other", 9, 16, "a"),
    patients("reference", 12, 30, "b"), patients("other", 25, 40, "b")
  )
)
runs <- list(
  list(case = "dual", statistic = "risk_difference", f = difference),
  list(case = "her2", statistic = "risk_difference", f = difference),
  list(case = "her2", statistic = "risk_ratio", f = log_ratio),
  list(case = "her2", statistic = "odds_ratio", f = log_odds),
  list(case = "centres", statistic = "risk_difference", f = difference),
  list(case = "centres", statistic = "odds_ratio", f = log_odds)
)

cat("case,statistic,type,level,end,value,mc.error\n")
set.seed(20250701)
for (run in runs) {
  rows <- cases[[run$case]]
  other <- rows$group == "other"
  count <- function(rows, i) {
    e <- rows$event[i]
    g <- other[i]
    run$f(sum(e[!g]), sum(!g), sum(e[g]), sum(g))
  }
  drawn <- boot(rows, count, R = R, strata = interaction(rows$group, rows$centre))
  stopifnot(all(is.finite(drawn$t)))
  for (level in c(0.95, 0.8)) {
    ends <- function(keep) {
      part <- drawn
      part$t <- drawn$t[keep, ]
      part$R <- length(keep)
      found <- boot.ci(part, conf = level, type = c("norm", "basic", "perc", "stud"))
      vapply(types, function(type) utils::tail(as.vector(found[[type]]), 2), c(0, 0))
    }
    all_of_them <- ends(seq_len(R))
    by_block <- simplify2array(lapply(seq_len(blocks), function(b) ends(which(seq_len(R) %% blocks == b - 1))))
    error <- apply(by_block, 1:2, sd) / sqrt(blocks)
    for (type in names(types)) {
      cat(sprintf(
        "%s,%s,%s,%s,%s,%.10g,%.3g\n", run$case, run$statistic, type, level, c("low", "high"),
        all_of_them[, type], error[, type]
      ), sep = "")
    }
  }
}
