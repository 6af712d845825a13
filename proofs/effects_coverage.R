# Coverage of bootstrap intervals of mean differences and ratios, by simulation, and of pCR differences, by enumeration.
#   make proofs   (or: Rscript proofs/effects_coverage.R [data sets a cell] [of them beside package boot], package installed)
# Writes proofs/EFFECTS_COVERAGE.md; about ten minutes on one core. All data are simulated. resampling.R has one mean, with
# published anchors; there are none for these: theory where it knows the coverage, and package boot, stand in for them.

library(her2mod)
source("proofs/boot_run.R")


# n values of group g, and their mean. A ratio of means takes no negative ones.
draw <- list(
  normal = function(n, g) stats::rnorm(n, 6 + g), exponential = function(n, g) (1 + g) * stats::rexp(n),
  lognormal = function(n, g) (1 + g) * stats::rlnorm(n), tied = function(n, g) stats::rpois(n, 2 + g)
)
mean_of <- list(
  normal = function(g) 6 + g, exponential = function(g) 1 + g, lognormal = function(g) (1 + g) * exp(0.5),
  tied = function(g) 2 + g
)
described <- c(
  normal = "normal, N(6, 1) and N(7, 1)", exponential = "exponential, means 1 and 2",
  lognormal = "lognormal, the other twice the reference", tied = "tied: Poisson, means 2 and 3"
)

cells <- expand.grid(
  n = sizes, scenario = names(draw), statistic = c("mean_difference", "mean_ratio"), stringsAsFactors = FALSE
)
statistic_of <- function(cell) if (cell$statistic == "mean_ratio") stat_mean_ratio() else stat_mean_difference()
# On the analysis scale: of a ratio the logarithm.
truth_of <- function(cell) {
  means <- vapply(0:1, mean_of[[cell$scenario]], 0)
  if (cell$statistic == "mean_ratio") log(means[[2]] / means[[1]]) else means[[2]] - means[[1]]
}
draw_set <- function(cell) {
  y <- c(draw[[cell$scenario]](cell$n, 0), draw[[cell$scenario]](cell$n, 1))
  as_cohort(rep(0:1, each = cell$n), as.double(y))
}

one_set <- function(cell, seed) {
  run <- boot_run(draw_set(cell), statistic_of(cell), seed, resamples)
  holds(ends_of(run), truth_of(cell))
}
coverage_of <- function(k) {
  set.seed(6000 + k)
  summarise_held(vapply(seq_len(sets), function(i) one_set(cells[k, ], k * 1e6 + i), logical(6)))
}

# Of normal values with one variance, n in each of two groups, the distance in Welch's standard errors is t with 2(n - 1)
# degrees of freedom. The normal interval is z sqrt((n - 1)/n) of those standard errors wide, with ever more replicates.
theory <- function(n) {
  100 * (2 * stats::pt(stats::qnorm(0.975) * c(norm = sqrt((n - 1) / n), wald = 1), 2 * (n - 1)) - 1)
}

# --- the same numbers from boot_ci(), and from package boot -----------------------------------------------------------------

as_data <- function(cohort) data.frame(y = cohort$response, g = factor(cohort$group))
published_of <- function(k) {
  set.seed(7000 + k)
  sum(vapply(seq_len(published_sets), function(i) {
    cohort <- draw_set(cells[k, ])
    is_published(boot_run(cohort, statistic_of(cells[k, ]), i, 199), y ~ g, as_data(cohort), 199)
  }, NA))
}

values <- list(
  mean_difference = function(rows) {
    y <- split(rows$y, rows$g)
    c(mean(y[[2]]) - mean(y[[1]]), sum(vapply(y, function(v) stats::var(v) / length(v), 0)))
  },
  mean_ratio = function(rows) {
    y <- split(rows$y, rows$g)
    c(log(mean(y[[2]]) / mean(y[[1]])), sum(vapply(y, function(v) stats::var(v) / length(v) / mean(v)^2, 0)))
  }
)
beside_boot <- function(statistic) {
  k <- which(cells$statistic == statistic & cells$scenario == "lognormal" & cells$n == 20)
  set.seed(8000 + k)
  truth <- truth_of(cells[k, ])
  both <- vapply(seq_len(reference_sets), function(i) {
    cohort <- draw_set(cells[k, ])
    ours <- holds(ends_of(boot_run(cohort, statistic_of(cells[k, ]), 9e6 + i, reference_resamples)), truth)[types]
    cbind(ours, boot_package_holds(as_data(cohort), values[[statistic]], truth, reference_resamples)[types])
  }, matrix(NA, 5, 2))
  list(
    ours = 100 * rowMeans(both[, 1, ]), other = 100 * rowMeans(both[, 2, ]), differ = rowSums(both[, 1, ] != both[, 2, ]),
    z = vapply(1:5, function(j) mcnemar(both[j, 1, ], both[j, 2, ]), 0)
  )
}

# --- pCR: every table, its exact bootstrap, its probability -------------------------------------------------------

# Chances of a pCR in reference and other group: those of the founding study, none, and rare ones.
chances <- list(c(0.46, 0.16), c(0.3, 0.3), c(0.1, 0.05))

table_ends <- function(x0, x1, n) {
  data <- data.frame(g = factor(0:1), x = c(x0, x1), n = n)
  found <- suppressWarnings(
    boot_ci(cbind(x, n - x) ~ g, data, "risk_difference", type = types, method = "exact", progress = FALSE)
  )$intervals
  rbind(found$conf.low, found$conf.high)
}
# Ends are differences of shares: what rounding leaves is no distance.
pcr_coverage <- function(n) {
  tables <- expand.grid(x0 = 0:n, x1 = 0:n)
  ends <- mapply(table_ends, tables$x0, tables$x1, n)
  low <- ends[c(TRUE, FALSE), ]
  high <- ends[c(FALSE, TRUE), ]
  lapply(chances, function(p) {
    probability <- stats::dbinom(tables$x0, n, p[[1]]) * stats::dbinom(tables$x1, n, p[[2]])
    held <- low <= p[[2]] - p[[1]] + 1e-9 & p[[2]] - p[[1]] - 1e-9 <= high
    known <- !is.na(held)
    held[!known] <- FALSE
    list(covered = 100 * drop(held %*% probability) / drop(known %*% probability), none = 100 * drop(!known %*% probability))
  })
}

# --- the report ------------------------------------------------------------------------------------------------------------

found <- lapply(seq_len(nrow(cells)), coverage_of)
published <- sum(vapply(seq_len(nrow(cells)), published_of, 0L))
beside <- lapply(c(mean_difference = "mean_difference", mean_ratio = "mean_ratio"), beside_boot)
pcr <- lapply(sizes, pcr_coverage)

titles <- c("BCa", "percentile", "basic", "normal", "studentized", "Wald")
normal_difference <- which(cells$scenario == "normal" & cells$statistic == "mean_difference")
with_theory <- function(k) {
  shown <- covered_cells(found[[k]])
  if (k %in% normal_difference) {
    shown[c(4, 6)] <- paste0(shown[c(4, 6)], " [", sprintf("%.1f", theory(cells$n[[k]])), "]")
  }
  shown
}
cell_lines <- function(statistic) {
  body <- vapply(which(cells$statistic == statistic), function(k) {
    line(c(described[[cells$scenario[[k]]]], cells$n[[k]], with_theory(k)))
  }, "")
  c(line(c("values", "n an arm", titles)), rule(8), body)
}
distances <- unlist(lapply(normal_difference, function(k) {
  expected <- theory(cells$n[[k]])
  (found[[k]]$covered[c("norm", "wald")] - expected) / sqrt(expected * (100 - expected) / sets)
}))
pcr_lines <- unlist(lapply(seq_along(chances), function(j) {
  vapply(seq_along(sizes), function(i) {
    line(c(paste(rev(chances[[j]]), collapse = " against "), sizes[[i]], covered_cells(pcr[[i]][[j]])))
  }, "")
}))
beside_lines <- function(statistic, label) {
  b <- beside[[statistic]]
  paste0("| ", paste(
    label, titles[1:5], sprintf("%.1f", b$ours), sprintf("%.1f", b$other), b$differ, sprintf("%+.1f", b$z), sep = " | "
  ), " |")
}
error_of <- function(percent) sprintf("%.2f", sqrt(percent * (100 - percent) / sets))
thousands <- function(x) format(x, big.mark = ",", scientific = FALSE)

writeLines(c(
  "# Coverage of bootstrap intervals of two groups' means and pCR, nominal 95%, in %",
  "",
  paste0("Written by `Rscript proofs/effects_coverage.R ", sets, " ", reference_sets, "` (`make proofs`). Simulated data, ",
    thousands(sets)),
  paste0("data sets a cell, ", thousands(resamples), " replicates each: Monte Carlo standard error ", error_of(95),
    " points at 95, ", error_of(90), " at 90."),
  "In round brackets, where it is 0.05 or more, the % of data sets without an interval; the figure is of the others.",
  "",
  "## Difference of means", "", cell_lines("mean_difference"), "",
  "In square brackets what theory gives: of normal values P(|t| < z sqrt((n - 1)/n)) and P(|t| < z), t with 2(n - 1)",
  paste0("degrees of freedom. The figures are ", paste(sprintf("%+.1f", distances), collapse = ", "),
    " standard errors from it (normal and Wald, row by row)."),
  "",
  "## Ratio of means (intervals on the logarithm's scale)", "", cell_lines("mean_ratio"), "",
  "## Difference of pCR rates, by enumeration", "",
  "Every table of n and n patients with its exact bootstrap: no Monte Carlo error at all.", "",
  line(c("chance of a pCR, other against reference", "n an arm", titles[1:5])), rule(7), pcr_lines, "",
  "## Beside package boot", "",
  paste0("The same ", thousands(reference_sets), " data sets (lognormal, 20 an arm), `boot::boot()` and `boot.ci()` of boot ",
    packageVersion("boot"), "; ", reference_resamples),
  paste0("replicates each, other draws; seeds 8000 + cell (",
    paste(which(cells$scenario == "lognormal" & cells$n == 20), collapse = " and "), "). Differ: data sets that one of"),
  "the two intervals holds and the other does not; z: their difference in standard errors (McNemar).", "",
  line(c("effect", "interval", "her2mod", "boot", "differ", "z")), rule(6),
  beside_lines("mean_difference", "mean difference"), beside_lines("mean_ratio", "mean ratio"), "",
  paste0("`boot_ci()` gives the ends that are counted here, to the last bit, in ", published, " of ",
    published_sets * nrow(cells), " data sets (", published_sets, " a cell, R = 199)."),
  "",
  paste0("R ", getRversion(), ", her2mod ", packageVersion("her2mod"), "; ", round(sum(proc.time()[1:2]) / 60, 1),
    " minutes of one core.")
), "proofs/EFFECTS_COVERAGE.md")
cat(readLines("proofs/EFFECTS_COVERAGE.md"), sep = "\n")
