# Coverage of bootstrap intervals of the log hazard ratio and of the difference of restricted means, by simulation.
#   make proofs-survival   (or: Rscript proofs/survival_coverage.R [data sets a cell] [of them beside package boot])
# Writes proofs/SURVIVAL_COVERAGE.md; about ten minutes on one core. All data are simulated. Nobody has published anchors:
# package boot on the same data sets, with the estimates of package survival and of plain R, stands in for them.

library(her2mod)
source("proofs/boot_run.R")

tau <- 1
last_censoring <- 4

# Times of n patients of group g: the reference's rate is 1.
draw <- list(
  "exponential, HR 1" = function(n, g) stats::rexp(n),
  "exponential, HR 0.5" = function(n, g) stats::rexp(n, 0.5^g),
  "lognormal, longer by exp(0.5)" = function(n, g) stats::rlnorm(n, 0.5 * g),
  "exponential, HR 0.5, rounded up to quarters" = function(n, g) stats::rexp(n, 0.5^g)
)
survival <- list(
  function(t, g) exp(-t), function(t, g) exp(-0.5^g * t), function(t, g) 1 - stats::plnorm(t, 0.5 * g),
  # Alive until a rounded-up time is alive at the last quarter before.
  function(t, g) exp(-0.5^g * floor(4 * t) / 4)
)
restricted_mean <- list(
  function(g) 1 - exp(-tau), function(g) (1 - exp(-0.5^g * tau)) / 0.5^g,
  function(g) exp(0.5 * g + 0.5) * stats::pnorm(log(tau) - 0.5 * g - 1) + tau * (1 - stats::plnorm(tau, 0.5 * g)),
  function(g) sum(exp(-0.5^g * seq(0, tau - 0.25, 0.25))) / 4
)
# The closed forms are the areas under the curves.
for (k in seq_along(draw)) for (g in 0:1) {
  area <- stats::integrate(function(t) survival[[k]](t, g), 0, tau, subdivisions = 1000L, rel.tol = 1e-6)$value
  stopifnot(abs(area - restricted_mean[[k]](g)) < 1e-5)
}

cells <- rbind(
  expand.grid(n = sizes, scenario = 1:2, statistic = "log_hazard_ratio", stringsAsFactors = FALSE),
  expand.grid(n = sizes, scenario = 1:4, statistic = "rmst_difference", stringsAsFactors = FALSE)
)
statistic_of <- function(cell) {
  if (cell$statistic == "rmst_difference") stat_rmst_difference(tau) else stat_log_hazard_ratio()
}
truth_of <- function(cell) {
  if (cell$statistic == "log_hazard_ratio") return(c(0, log(0.5))[[cell$scenario]])
  restricted_mean[[cell$scenario]](1) - restricted_mean[[cell$scenario]](0)
}

draw_set <- function(cell) {
  group <- rep(0:1, each = cell$n)
  time <- c(draw[[cell$scenario]](cell$n, 0), draw[[cell$scenario]](cell$n, 1))
  end <- stats::runif(2 * cell$n) * last_censoring
  if (cell$scenario == 4) {
    time <- ceiling(4 * time) / 4
    end <- ceiling(4 * end) / 4
  }
  as_cohort(group, pmin(time, end), as.integer(time <= end))
}

# boot_ci() refuses tau beyond a group's follow-up, unless that ends with an event.
is_followed <- function(cohort) {
  all(vapply(0:1, function(g) {
    own <- cohort$group == g
    last <- max(cohort$response[own])
    last >= tau || all(cohort$event[own & cohort$response == last] == 1)
  }, NA))
}

none <- stats::setNames(rep(NA, 6), c(types, "wald"))
one_set <- function(cell, seed) {
  cohort <- draw_set(cell)
  if (cell$statistic == "rmst_difference" && !is_followed(cohort)) return(c(none, infinite = NA))
  run <- boot_run(cohort, statistic_of(cell), seed, resamples)
  c(holds(ends_of(run), truth_of(cell)), infinite = is.infinite(run$estimate))
}
coverage_of <- function(k) {
  set.seed(3000 + k)
  held <- vapply(seq_len(sets), function(i) one_set(cells[k, ], k * 1e6 + i), logical(7))
  c(summarise_held(held[1:6, , drop = FALSE]), infinite = 100 * mean(held[7, ] %in% TRUE))
}

# --- the same numbers from boot_ci(), and from other packages ---------------------------------------------------------

as_data <- function(cohort) data.frame(time = cohort$response, status = cohort$event, g = factor(cohort$group))
published_of <- function(k) {
  set.seed(4000 + k)
  sum(vapply(seq_len(published_sets), function(i) {
    cohort <- draw_set(cells[k, ])
    if (cells$statistic[[k]] == "rmst_difference" && !is_followed(cohort)) return(TRUE)
    run <- boot_run(cohort, statistic_of(cells[k, ]), i, 199)
    is_published(run, Surv(time, status) ~ g, as_data(cohort), 199)
  }, NA))
}

# A coefficient that runs away is infinite.
cox_value <- function(rows) {
  x <- cbind(as.double(rows$g == 1))
  fit <- suppressWarnings(survival::coxph.fit(x, survival::Surv(rows$time, rows$status), NULL, NULL, NULL,
    survival::coxph.control(), NULL, "efron", NULL
  ))
  b <- fit$coefficients[[1]]
  if (abs(b) > 10) c(sign(b) * Inf, NA) else c(b, fit$var[[1]])
}
plain_mean <- function(time, event) {
  at <- sort(unique(time[event == 1 & time < tau]))
  if (length(at) == 0) return(c(tau, 0))
  y <- colSums(outer(time, at, ">="))
  d <- colSums(outer(time[event == 1], at, "=="))
  area <- rev(cumsum(rev(cumprod(1 - d / y) * diff(c(at, tau)))))
  c(at[[1]] + area[[1]], sum(ifelse(y > d, area^2 * d / (y * (y - d)), 0)))
}
rmst_value <- function(rows) {
  other <- rows$g == 1
  a <- plain_mean(rows$time[other], rows$status[other])
  b <- plain_mean(rows$time[!other], rows$status[!other])
  c(a[[1]] - b[[1]], a[[2]] + b[[2]])
}

beside_boot <- function(statistic) {
  k <- which(cells$statistic == statistic & cells$scenario == 2 & cells$n == 20)
  set.seed(5000 + k)
  value <- if (statistic == "rmst_difference") rmst_value else cox_value
  both <- vapply(seq_len(reference_sets), function(i) {
    cohort <- draw_set(cells[k, ])
    if (statistic == "rmst_difference" && !is_followed(cohort)) return(matrix(NA, 5, 2))
    run <- boot_run(cohort, statistic_of(cells[k, ]), 9e6 + i, reference_resamples)
    truth <- truth_of(cells[k, ])
    cbind(
      holds(ends_of(run), truth)[types], boot_package_holds(as_data(cohort), value, truth, reference_resamples)[types]
    )
  }, matrix(NA, 5, 2))
  known <- which(colSums(is.na(both[, 1, ])) == 0)
  both <- both[, , known]
  list(
    sets = length(known), ours = 100 * rowMeans(both[, 1, ]), other = 100 * rowMeans(both[, 2, ]),
    differ = rowSums(both[, 1, ] != both[, 2, ]),
    z = vapply(1:5, function(j) mcnemar(both[j, 1, ], both[j, 2, ]), 0)
  )
}

# --- the report --------------------------------------------------------------------------------------------------------

found <- lapply(seq_len(nrow(cells)), coverage_of)
published <- sum(vapply(seq_len(nrow(cells)), published_of, 0L))
beside <- lapply(c(log_hazard_ratio = "log_hazard_ratio", rmst_difference = "rmst_difference"), beside_boot)

titles <- c("BCa", "percentile", "basic", "normal", "studentized", "Wald")
cell_lines <- function(statistic, infinite) {
  these <- which(cells$statistic == statistic)
  body <- vapply(these, function(k) {
    line(c(
      names(draw)[[cells$scenario[[k]]]], cells$n[[k]], covered_cells(found[[k]]),
      if (infinite) sprintf("%.2f", found[[k]]$infinite)
    ))
  }, "")
  names <- c("survival times", "n an arm", titles, if (infinite) "estimate infinite, % of data sets")
  c(line(names), rule(length(names)), body)
}
beside_lines <- function(statistic, label) {
  b <- beside[[statistic]]
  paste0("| ", paste(
    label, titles[1:5], b$sets, sprintf("%.1f", b$ours), sprintf("%.1f", b$other), b$differ, sprintf("%+.1f", b$z), sep = " | "
  ), " |")
}
thousands <- function(x) format(x, big.mark = ",", scientific = FALSE)

writeLines(c(
  "# Coverage of bootstrap intervals of survival effects, nominal 95%, in %",
  "",
  paste0(
    "Written by `make proofs-survival` (`Rscript proofs/survival_coverage.R ", sets, " ", reference_sets, "`). Simulated data:"
  ),
  paste0("censoring is uniform on 0 to ", last_censoring, ", the reference's rate is 1. ", thousands(sets),
    " data sets a cell, ", thousands(resamples), " replicates each: Monte Carlo"),
  paste0("standard error ", sprintf("%.2f", 100 * sqrt(0.95 * 0.05 / sets)), " points at 95, ",
    sprintf("%.2f", 100 * sqrt(0.9 * 0.1 / sets)), " at 90."),
  "",
  "A figure is of the intervals that there are. In brackets, where it is 0.05 or more, the % of data sets without one:",
  "`boot_ci()` stops where more than 5% of the bootstrap samples have no value or more than half no finite one, gives no",
  "normal interval where more than 5% are infinite, and takes no tau beyond a group's follow-up. Where the estimate itself is",
  "infinite (one group has all early events) an interval that `boot_ci()` gives counts like others, and Wald has none.",
  "",
  "## Log hazard ratio (Cox's model with the group alone, Efron's ties)", "",
  cell_lines("log_hazard_ratio", TRUE), "",
  "Cox's model sees the order of the times alone: other distributions with proportional hazards differ in censoring only.",
  "Basic and normal intervals of few patients are too wide: samples drawn from 10 an arm differ more than new patients would",
  "(HR 1, 1,500 data sets apart from these: bootstrap standard errors of 0.66 on average, estimates' own deviation 0.60).",
  "",
  paste0("## Difference of restricted means up to ", tau), "",
  cell_lines("rmst_difference", FALSE), "",
  "The true values are closed forms: (1 - exp(-rate tau))/rate; of rounded times the sum of steps; of lognormal times",
  "exp(m + 1/2) pnorm(log(tau) - m - 1) + tau S(tau).",
  "",
  "## Beside package boot", "",
  paste0("The same data sets (exponential, HR 0.5, 20 an arm), `boot::boot()` and `boot.ci()` of boot ",
    packageVersion("boot"), " with `survival::coxph.fit()`, and"),
  paste0("with restricted means written out in R; ", reference_resamples,
    " replicates each, other draws; seeds 5000 + cell (", paste(which(cells$scenario == 2 & cells$n == 20), collapse = " and "),
    "). Differ: data sets that one of"),
  "the two intervals holds and the other does not; z: their difference in standard errors (McNemar).", "",
  line(c("effect", "interval", "data sets", "her2mod", "boot", "differ", "z")), rule(7),
  beside_lines("log_hazard_ratio", "log hazard ratio"), beside_lines("rmst_difference", "RMST difference"), "",
  paste0(
    "`boot_ci()` gives the ends that are counted here, to the last bit, in ", published, " of ", published_sets * nrow(cells),
    " data sets (", published_sets, " a cell, R = 199)."
  ),
  "",
  paste0("R ", getRversion(), ", her2mod ", packageVersion("her2mod"), "; ", round(sum(proc.time()[1:2]) / 60, 1),
    " minutes of one core.")
), "proofs/SURVIVAL_COVERAGE.md")
cat(readLines("proofs/SURVIVAL_COVERAGE.md"), sep = "\n")
