# Whether the groups of a survival comparison were followed alike, which a plain permutation test
# assumes, and what is done if not.

# NULL without times. The test of censoring is the log-rank test with the indicator reversed.
compare_follow_up <- function(cohort, statistic, how) {
  if (statistic$endpoint != "survival") return(NULL)
  cohort$event <- 1L - cohort$event
  test <- call_core(cpp_survival(cohort, matrix(0, 1, 4)))$tests
  df <- cohort$n_groups - 1
  untested <- all(test$variance[[1]] == 0)
  chi <- if (untested) NA_real_ else test$chi_squared[[1]]
  list(
    how = how, statistic = chi, df = df, p.value = stats::pchisq(chi, df, lower.tail = FALSE),
    entry.p.value = compare_entry(cohort),
    censored = sum(cohort$event),
    within_strata = how == "impute" && cohort$n_strata > 1 && cpp_censoring_within_strata(cohort)
  )
}

# With delayed entry also who enters late: Kruskal and Wallis' test of the entry times. NULL without.
compare_entry <- function(cohort) {
  if (is.null(cohort$entry)) return(NULL)
  if (min(cohort$entry) == max(cohort$entry)) return(1)
  stats::kruskal.test(cohort$entry, cohort$group)$p.value
}

# The studentised log-rank test keeps its level; studentised differences of curves do not with few patients, see
# proofs/PERMUTATION_SURVIVAL.md.
warn_follow_up <- function(follow_up, statistic) {
  if (is.null(follow_up)) return(invisible())
  late <- isTRUE(follow_up$entry.p.value < 0.05)
  unequal <- late || isTRUE(follow_up$p.value < 0.05)
  allowed <- is_studentised(statistic) && statistic$name %in% of_any_groups
  if (!unequal || follow_up$how == "impute" || allowed) return(invisible())
  warn_her2(c(
    if (late) {
      "The groups did not enter alike: p {format_p(follow_up$entry.p.value)} (Kruskal-Wallis test of entry times)."
    } else {
      "The groups were not followed alike: p {format_p(follow_up$p.value)} (log-rank test of censoring)."
    },
    i = if (is_studentised(statistic)) {
      "With few patients at risk the studentised difference may reject too often or too rarely."
    } else {
      paste0(
        "Plain permutation assumes equal {if (late) 'entry' else 'censoring'}: ",
        "the test may reject too often or too rarely."
      )
    },
    i = if (late) {
      "Use {.code stat_logrank(studentised = TRUE)}."
    } else {
      "Use {.code follow_up = \"impute\"}, or {.code stat_logrank(studentised = TRUE)}."
    }
  ), "follow_up", p.value = follow_up$p.value)
}

is_studentised <- function(statistic) isTRUE(statistic$parameters$studentised == 1)

# What imputation does not go with.
check_imputation <- function(compared, statistic, wanted, method, call = rlang::caller_env()) {
  if (wanted$follow_up == "equal") return(invisible())
  why <- if (statistic$endpoint != "survival") {
    "The {statistic$title} is not a statistic of survival times."
  } else if (method == "exact") {
    "With {.code method = \"exact\"} nothing is drawn."
  } else if (!is.null(compared$clusters)) {
    "Patients are imputed one by one, not in clusters."
  } else if (!is.null(statistic$adjust)) {
    "The adjusted log hazard ratio is not fitted to imputed times."
  } else if (!is.null(compared$rows$entry)) {
    "The times are left-truncated: {.code Surv(start, stop, status)}."
  }
  if (is.null(why)) return(invisible())
  abort_input(c("{.code follow_up = \"impute\"} draws times of the event and of censoring.", x = why),
    arg = "follow_up", call = call
  )
}

format_follow_up <- function(follow_up) {
  test <- if (follow_up$censored == 0) {
    "nobody is censored"
  } else if (is.na(follow_up$p.value)) {
    "censoring cannot be compared"
  } else {
    paste("censoring compared between groups: p", format_p(follow_up$p.value))
  }
  paste0(
    "follow-up: ", test,
    if (!is.null(follow_up$entry.p.value)) paste0("; entry times: p ", format_p(follow_up$entry.p.value)),
    if (follow_up$how == "impute") {
      paste0("; imputed for patients who change group, censoring by group", if (follow_up$within_strata) " and stratum")
    }
  )
}
