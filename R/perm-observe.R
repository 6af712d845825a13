# A test before its null distribution is known; and where there is nothing to know, as no arrangement
# changes anything.

# The test before its null distribution is known: T, the centre, and the job that permutes.
observe_test <- function(compared, statistic, wanted, call = rlang::caller_env()) {
  cohort <- perm_cohort(compared)
  impute <- wanted$follow_up == "impute"
  job <- new_job(if (impute) "imputation" else "permutation", cohort, statistic, compared, NA_real_)
  observed <- evaluate_job(job, call = call)[[1]]
  linear <- if (is_custom(statistic) || impute) NULL else call_core(cpp_linear_form(job), call)
  centre <- null_centre(job, statistic, linear, wanted$alternative)
  list(
    job = job, statistic = statistic, observed = observed, linear = linear, centre = centre,
    tail = if (identical(wanted$stop, "none")) observed_tail(observed, centre, job, linear, wanted$alternative),
    rounding = null_rounding(job, statistic, linear),
    compared = compared, within = permuted_within(compared, cohort)
  )
}

# T at the expected sum, if the groups' sizes are always the same.
null_centre <- function(job, statistic, linear, alternative) {
  if (knows_centre(job, linear)) return(linear$centre)
  if (alternative != "two.sided") return(NA_real_)
  if (!is_confounded(job$cohort)) return(statistic$null)
  middle_of_null(job)
}

# Of a skewed distribution around another middle than the statistic's null value distances say little: there the
# two-sided p is twice that of the tail in which the observed value lies.
observed_tail <- function(observed, centre, job, linear, alternative) {
  if (alternative != "two.sided" || knows_centre(job, linear) || !is_confounded(job$cohort) || is.nan(observed)) return(NULL)
  if (observed < centre) "less" else "greater"
}

knows_centre <- function(job, linear) !is.null(linear) && keeps_sizes(job$cohort)

# Whether the groups' shares differ between strata: then even under the null hypothesis groups differ as strata do.
is_confounded <- function(cohort) {
  if (is.null(cohort$stratum) || cohort$n_strata < 2) return(FALSE)
  counts <- table(cohort$stratum, cohort$group)
  shares <- counts / rowSums(counts)
  any(abs(sweep(shares, 2, colSums(counts) / sum(counts))) > 1e-9)
}

# The median over random arrangements, always the same ones: which labels were observed has no part in it.
middle_of_null <- function(job, R = 999) {
  job$seed <- 1
  how <- within_session(list(threads = 1, progress = FALSE))
  values <- run_ranges(job, 1, R, how, NULL)$values[, 1]
  stats::median(values, na.rm = TRUE)
}

# Not where clusters of different sizes are relabelled.
keeps_sizes <- function(cohort) {
  if (is.null(cohort$cluster)) return(TRUE)
  size <- tabulate(cohort$cluster + 1)
  stratum <- stratum_of(cohort)[match(seq_along(size) - 1, cohort$cluster)]
  all(tapply(size, stratum, function(s) length(unique(s)) == 1))
}

# By how much equal values of T may differ, as their sums are formed in different orders: what is
# relative to the distance from the centre says nothing at the centre.
null_rounding <- function(job, statistic, linear) {
  if (!is.null(linear)) return(linear$rounding)
  # Newton's steps end this near to the root, wherever they begin.
  if (statistic$name == "log_hazard_ratio") return(1e-10)
  # Products of the same shares in another order, times a time.
  if (statistic$endpoint == "survival") return(32 * .Machine$double.eps * max(1, job$cohort$response))
  if (statistic$endpoint != "numeric" || statistic$role == "test") return(0)
  y <- job$cohort$response
  unit <- if (statistic$name == "standardised_difference") stats::sd(y) else 1
  if (unit > 0) 32 * .Machine$double.eps * max(abs(y)) / unit else 0
}

permuted_within <- function(compared, cohort) {
  if (is.null(compared$clusters)) return(if (length(compared$strata)) "strata" else "the whole sample")
  if (is.null(cohort$cluster)) return("clusters")
  if (length(compared$strata)) "strata, clusters as wholes" else "the whole sample, clusters as wholes"
}

# Nothing that a permutation changes, or nothing that it could be compared with.
is_degenerate <- function(test) {
  cohort <- test$job$cohort
  unchanged <- function(column) {
    if (is.null(cohort$stratum)) return(min(column) == max(column))
    all(tapply(column, cohort$stratum, function(v) length(unique(v)) == 1))
  }
  columns <- cohort[intersect(c("response", "event", "entry"), names(cohort))]
  constant <- is.null(test$job$custom) && all(vapply(columns, unchanged, NA))
  constant || unchanged(cohort$group) || is.nan(test$observed)
}

certain_test <- function(test) {
  c(test, list(
    p.value = 1, p.interval = c(1, 1), how = "exact",
    note = if (is.nan(test$observed)) {
      "the statistic has no value in these data"
    } else {
      "every arrangement gives the same value"
    },
    null = list_null(test$observed, 1)
  ))
}

unknown_test <- function(test, why) {
  c(test, list(
    p.value = NA_real_, p.interval = c(NA_real_, NA_real_), how = "exact", note = why,
    null = list_null(double(), double())
  ))
}
