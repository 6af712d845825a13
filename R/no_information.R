# Survival data that say nothing of a difference between groups: the answer is NA, with a warning.

# Why, in words, or NULL. `observed`: the statistic's value.
no_information <- function(job, statistic, observed) {
  if (statistic$endpoint != "survival") return(NULL)
  if (!any(job$cohort$event == 1)) return("nobody has an event")
  if (!compares_at_risk(job, statistic, observed)) {
    if (!is.null(statistic$adjust) && has_unadjusted_value(job)) {
      return(paste(
        "the covariates leave it open: they put the events in order, determine the group, or their model could not be fitted"
      ))
    }
    return("the events tell nothing of a difference: zero log-rank variance")
  }
  if (is.nan(observed)) return("it has no value in these data")
  NULL
}

# Whether a test of the log-rank family has a variance, and Cox's likelihood a slope. Other statistics
# do not compare patients at risk.
compares_at_risk <- function(job, statistic, observed) {
  if (statistic$role == "test" || statistic$name == "log_hazard_ratio") return(!is.nan(observed))
  if (!statistic$name %in% of_any_groups) return(TRUE)
  # the last number says whether to studentise
  job$parameters[length(job$parameters)] <- 0
  job$jackknife_error <- FALSE
  call_core(cpp_evaluate(job))$values[[2]] > 0
}

has_unadjusted_value <- function(job) {
  job$cohort$covariates <- NULL
  !is.nan(call_core(cpp_evaluate(job))$values[[1]])
}

warn_no_information <- function(statistic, why) {
  warn_her2(c("There is no answer from the {statistic$title}.", i = why), "no_information", reason = why)
}
