# Coverage of bootstrap intervals and size of permutation tests, by simulation.
#   make proofs        (or: Rscript proofs/resampling.R [data sets a cell], with the package installed)
# Writes proofs/RESAMPLING.md. All data are simulated. The anchors are an independent simulation's
# figures (10,000 data sets a cell, 1,999 resamples): an interval is right when it hits those.

library(her2mod)

arguments <- commandArgs(TRUE)
sets <- if (length(arguments)) as.integer(arguments[[1]]) else 10000L
resamples <- 1999

anchors <- read.table(header = TRUE, text = "
distribution n   t    norm basic perc bca  stud
normal      10  94.9 90.9 90.7 90.5 90.0 95.2
normal      20  95.0 92.8 92.7 92.9 92.8 95.0
normal      50  95.2 94.4 94.4 94.5 94.4 95.1
exponential 10  90.3 86.0 84.4 86.5 87.9 94.1
exponential 20  91.8 89.8 88.7 90.4 91.4 94.6
exponential 50  93.6 92.7 92.2 93.1 93.7 95.2
exponential 100 94.4 94.0 93.6 94.0 94.0 94.5
lognormal   20  86.7 84.7 82.7 85.8 87.3 92.2
lognormal   100 91.8 91.4 90.1 92.1 92.5 93.9
")
draw <- list(normal = stats::rnorm, exponential = stats::rexp, lognormal = stats::rlnorm)
truth <- c(normal = 0, exponential = 1, lognormal = exp(0.5))
types <- c("norm", "basic", "perc", "bca", "stud")

# The mean of one sample is its difference from a group of zeros.
mean_run <- function(y, seed) {
  n <- length(y)
  cohort <- list(
    group = rep(0:1, c(2, n)), stratum = integer(n + 2), frequency = rep(1, n + 2),
    response = c(0, 0, sort(y)), n_groups = 2L, n_strata = 1L
  )
  job <- her2mod:::new_job("bootstrap", cohort, stat_mean_difference(), NULL, seed, outputs = 2L)
  observed <- her2mod:::evaluate_job(job)
  run <- list(
    job = job, statistic = stat_mean_difference(), estimate = observed[[1]],
    estimate_error = observed[[2]], acceleration = her2mod:::acceleration_of(job, NULL)
  )
  her2mod:::summarise_run(run, her2mod:::run_job(job, 1, resamples, 1L))
}

covers <- function(y, mu, seed) {
  run <- mean_run(y, seed)
  held <- vapply(types, function(type) {
    ends <- her2mod:::one_interval(type, run, 0.025)
    ends[[1]] <= mu && mu <= ends[[2]]
  }, NA)
  t <- stats::t.test(y)$conf.int
  c(t = t[[1]] <= mu && mu <= t[[2]], held)
}

coverage_of <- function(distribution, n, cell) {
  set.seed(1000 + cell)
  held <- vapply(seq_len(sets), function(i) {
    covers(draw[[distribution]](n), truth[[distribution]], cell * 1e6 + i)
  }, logical(6))
  100 * rowMeans(held)
}

coverage <- t(mapply(coverage_of, anchors$distribution, anchors$n, seq_len(nrow(anchors))))
expected <- as.matrix(anchors[c("t", types)])
# Four standard errors of the difference of two simulations' shares.
share <- expected / 100
tolerance <- 400 * sqrt(share * (1 - share) * (1 / sets + 1 / 10000))
within <- abs(coverage - expected) <= tolerance

# --- size of permutation tests ------------------------------------------------------------------

levels <- c(0.01, 0.05, 0.10)
designs <- expand.grid(
  strata = c(1, 4, 10), share = c(0.5, 0.1), values = c("continuous", "tied"), stringsAsFactors = FALSE
)

null_data <- function(strata, share, values) {
  n <- 40
  stratum <- rep(seq_len(strata), length.out = n)
  y <- stats::rexp(n) + stratum
  if (values == "tied") y <- floor(y)
  group <- rep(0, n)
  group[sample(n, n * share)] <- 1
  data.frame(y = y, g = factor(group), s = factor(stratum))
}

one_size <- function(design, i, method) {
  data <- null_data(design$strata, design$share, design$values)
  test <- perm_test(y ~ g | s, data, "mean_difference", method = method, R = 199, seed = i, progress = FALSE)
  test$p.value
}

size_of <- function(row, method) {
  set.seed(2000 + row)
  p <- vapply(seq_len(ceiling(sets / 4)), function(i) one_size(designs[row, ], i, method), 0)
  vapply(levels, function(a) mean(p <= a), 0)
}

sizes <- lapply(c(exact = "exact", monte_carlo = "monte_carlo"), function(method) {
  t(vapply(seq_len(nrow(designs)), size_of, levels, method = method))
})
size_limit <- levels + 4 * sqrt(levels * (1 - levels) / ceiling(sets / 4))
size_ok <- vapply(sizes, function(s) all(t(s) <= size_limit), NA)

# --- the report -----------------------------------------------------------------------------------

table_lines <- function(columns) {
  c(
    paste0("| ", paste(names(columns), collapse = " | "), " |"),
    paste0("|", paste(rep("---", length(columns)), collapse = "|"), "|"),
    do.call(paste, c(list("|"), lapply(unname(columns), paste, "|"), sep = " "))
  )
}
shown <- matrix(paste0(
  formatC(coverage, digits = 1, format = "f"), " (", formatC(expected, digits = 1, format = "f"), ")",
  ifelse(within, "", " **off**")
), nrow(coverage), dimnames = list(NULL, colnames(expected)))
coverage_table <- c(list("distribution, n" = paste(anchors$distribution, anchors$n)), as.list(as.data.frame(shown)))
size_table <- function(s) {
  c(
    list(strata = designs$strata, "share in group" = designs$share, responses = designs$values),
    stats::setNames(as.list(as.data.frame(formatC(s, digits = 4, format = "f"))), paste("P(p <=", levels, ")"))
  )
}
writeLines(c(
  "# Resampling, by simulation",
  "",
  paste0(
    "Made by `Rscript proofs/resampling.R ", sets, "` with her2mod ", packageVersion("her2mod"), ", ", R.version.string, "."
  ),
  "",
  "## Coverage of nominal 95% intervals for a mean, % (in brackets: the anchor)",
  "",
  paste0(
    sets, " simulated data sets a cell, ", resamples, " replicates. A figure is marked **off** when it differs from its ",
    "anchor by more than four standard errors of the difference. Off: ", sum(!within), " of ", length(within), "."
  ),
  "", table_lines(coverage_table), "",
  "## Size of permutation tests of a mean difference",
  "",
  paste0(
    ceiling(sets / 4), " simulated data sets a row, 40 patients, groups exchangeable within strata that differ. Limits, ",
    "alpha and four standard errors: ", paste(formatC(size_limit, digits = 4, format = "f"), collapse = ", "), ". ",
    if (all(size_ok)) "All within." else "**Not all within.**"
  ),
  "", "Exact:", "", table_lines(size_table(sizes$exact)), "", "Monte Carlo, R = 199:", "",
  table_lines(size_table(sizes$monte_carlo))
), "proofs/RESAMPLING.md")
cat("off anchors:", sum(!within), "of", length(within), "; sizes within:", all(size_ok), "\n")
