# One data set's bootstrap and its intervals, by the steps of boot_ci() without its reading of formula and data. Read by
# survival_coverage.R and effects_coverage.R, each of which shows on some data sets that boot_ci() gives the same.

# Data sets a cell, of them beside package boot, and of them through boot_ci() itself; replicates; patients an arm.
arguments <- as.integer(commandArgs(TRUE))
sets <- c(arguments, 5000L)[[1]]
reference_sets <- c(arguments[-1], 400L)[[1]]
published_sets <- min(20L, sets)
resamples <- 1999
reference_resamples <- 999
sizes <- c(10, 20, 50, 100)

core <- asNamespace("her2mod")
types <- c("bca", "perc", "basic", "norm", "stud")
# As boot_ci() has it, to the last bit.
tail <- (1 - 0.95) / 2

# Rows in boot_ci()'s order: the draws belong to places.
as_cohort <- function(group, response, event = NULL) {
  by <- order(group, response, if (is.null(event)) group else event)
  cohort <- list(group = group[by], response = response[by], n_groups = 2L, n_strata = 1L)
  cohort$event <- event[by]
  cohort
}

boot_run <- function(cohort, statistic, seed, resamples) {
  job <- core$new_job("bootstrap", cohort, statistic, NULL, seed, outputs = 2L)
  observed <- core$evaluate_job(job)
  run <- list(
    job = job, statistic = statistic, estimate = observed[[1]], estimate_error = observed[[2]],
    acceleration = core$acceleration_of(job, NULL)
  )
  core$summarise_run(run, core$run_job(job, 1, resamples, 1L))
}

# boot_ci() stops where more than 5% of the bootstrap samples have no value, or more than half no finite one.
is_refused <- function(run) {
  undefined <- core$undefined_share(run)
  is.nan(run$estimate) || undefined > 0.05 || undefined + run$failures[["infinite"]] > 0.5
}

# Two ends a type, on the analysis scale; NA where there is no interval. Wald's beside them.
ends_of <- function(run) {
  wald <- run$estimate + c(-1, 1) * stats::qnorm(1 - tail) * run$estimate_error
  if (!is.finite(run$estimate)) wald[] <- NA
  if (is_refused(run)) return(cbind(matrix(NA_real_, 2, 5, dimnames = list(NULL, types)), wald = wald))
  sorted <- core$sort_replicates(core$settle_replicates(run))
  ends <- vapply(types, function(type) as.double(core$one_interval(type, sorted, tail)), c(0, 0))
  ends[is.nan(ends)] <- NA
  cbind(ends, wald = wald)
}

# NA where there is no interval.
holds <- function(ends, truth) ends[1, ] <= truth & truth <= ends[2, ]

# Coverage of each type in %, of the intervals that there are, and the share of data sets without one.
summarise_held <- function(held) {
  list(covered = 100 * rowMeans(held, na.rm = TRUE), none = 100 * rowMeans(is.na(held)))
}

# Whether boot_ci() gives the same ends, to the last bit.
is_published <- function(run, formula, data, resamples) {
  public <- suppressWarnings(tryCatch(
    boot_ci(formula, data, run$statistic, types, R = resamples, seed = run$seed, method = "monte_carlo", threads = 1,
      progress = FALSE
    )$intervals,
    her2mod_error = function(e) data.frame(conf.low = rep(NA_real_, 5), conf.high = NA_real_)
  ))
  ends <- core$to_display(run$statistic, ends_of(run)[, types])
  identical(as.double(ends[1, ]), public$conf.low) && identical(as.double(ends[2, ]), public$conf.high)
}

# A second implementation: package boot on the same data sets. `value(rows)` gives the estimate and its variance. Where it
# has no finite value boot leaves the replicate out.
boot_package_holds <- function(data, value, truth, resamples) {
  drawn <- boot::boot(data, function(d, i) value(d[i, ]), R = resamples, strata = data$g)
  drawn$t[!is.finite(drawn$t[, 1]), ] <- NA
  # It warns where BCa ends at the outermost replicate.
  found <- suppressWarnings(boot::boot.ci(drawn, type = c("bca", "perc", "basic", "stud"), index = 1:2))
  ends <- cbind(
    bca = found$bca[4:5], perc = found$percent[4:5], basic = found$basic[4:5],
    # With index = 1:2 boot.ci() would take the estimate's own variance.
    norm = boot::boot.ci(drawn, type = "norm", index = 1)$normal[2:3], stud = found$student[4:5]
  )
  holds(ends, truth)
}

# Of the data sets that one interval holds and the other does not, each way with chance 1/2: McNemar's standardised difference.
mcnemar <- function(ours, other) {
  differ <- sum(ours != other)
  if (differ == 0) 0 else (sum(ours) - sum(other)) / sqrt(differ)
}

# --- tables --------------------------------------------------------------------------------------------------------------

line <- function(cells) paste0("| ", paste(cells, collapse = " | "), " |")
rule <- function(n) line(rep("---", n))
# The share of data sets without an interval in brackets, where it shows.
covered_cells <- function(found) {
  none <- ifelse(found$none < 0.05, "", paste0(" (", sprintf("%.1f", found$none), ")"))
  paste0(sprintf("%.1f", found$covered), none)
}
