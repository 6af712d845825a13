# Called by engine.R in a fresh process: peak resident memory in megabytes, with the data but before the call, and
# after it. Arguments: ours or boot, n, R.

peak <- function() {
  line <- grep("^VmHWM", readLines("/proc/self/status"), value = TRUE)
  as.double(gsub("[^0-9]", "", line)) / 1024
}

arguments <- commandArgs(TRUE)
n <- as.double(arguments[[2]])
R <- as.double(arguments[[3]])
suppressPackageStartupMessages(library(if (arguments[[1]] == "ours") "her2mod" else "boot", character.only = TRUE))
set.seed(1)
d <- data.frame(v = rlnorm(n), g = factor(rep(c("a", "b"), round(n * c(458, 117) / 575))))
before <- peak()
if (arguments[[1]] == "ours") {
  found <- boot_ci(v ~ g, d, "mean_difference", type = "perc", method = "monte_carlo", R = R, seed = 1, threads = 1)
} else {
  found <- boot(d, function(d, i) {
    v <- d$v[i]
    g <- d$g[i]
    mean(v[g == "b"]) - mean(v[g == "a"])
  }, R, strata = d$g)
}
cat(before, peak(), "\n")
