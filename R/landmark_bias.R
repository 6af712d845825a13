# Immortal time: how much of it there is, and what it does to the naive hazard ratio.

# Time before a response is known: the naive analysis counts it to the responders, none of whom can
# have had the event in it. `share`: of all of the responders' time.
immortal_time <- function(rows) {
  responders <- rows[rows$ever == 1, ]
  total <- sum(responders$known)
  list(time = total, responders = nrow(responders), of = sum(responders$time), share = total / sum(responders$time))
}

# Naive minus time-dependent log hazard ratio, with a percentile interval over bootstrap samples of
# patients, in each of which both are fitted to the same patients.
immortal_bias <- function(estimates, d, jobs, how, conf.level) {
  of <- function(name) estimates$estimate[estimates$analysis == name & estimates$term == "log_hazard_ratio"]
  estimate <- of("naive") - of("time-dependent")
  if (!is.finite(estimate) || how$R == 0) {
    return(list(estimate = if (is.finite(estimate)) estimate else NA_real_, R = 0))
  }
  seed <- resolve_seed(how$seed)
  both <- bias_replicates(d, jobs, how$R, seed)
  c(list(estimate = estimate, R = how$R, seed = seed), bias_interval(both[, 1] - both[, 2], estimate, seed, conf.level))
}

# R by 2: the naive and the time-dependent log hazard ratio. Weights are made for some replicates at a
# time, so that memory does not grow with R.
bias_replicates <- function(d, jobs, R, seed) {
  n <- nrow(d$rows)
  patients <- list(group = integer(n), response = double(n), n_groups = 1L, n_strata = max(1L, length(d$strata)))
  patients$stratum <- d$rows$stratum
  of <- jobs$of
  naive <- jobs$naive
  dependent <- jobs$dependent
  out <- matrix(NA_real_, R, 2)
  step <- max(1, floor(1e6 / n))
  for (first in seq(1, R, by = step)) {
    count <- min(step, R - first + 1)
    weights <- cpp_bootstrap_weights(patients, "ordinary", seed, first, count)
    for (b in seq_len(count)) {
      w <- weights[, b]
      out[first + b - 1, ] <- c(
        cpp_evaluate(naive, w, NULL, 1L)$values, cpp_evaluate(dependent, w[of], NULL, 1L)$values
      )
    }
  }
  out
}

# Replicates without a finite difference, as a group has no event in them, are counted; above 5% there is
# no interval.
bias_interval <- function(replicates, estimate, seed, conf.level) {
  failed <- sum(!is.finite(replicates))
  none <- list(std.error = NA_real_, conf.low = NA_real_, conf.high = NA_real_, p.value = NA_real_,
    mc.error = c(NA_real_, NA_real_), failed = failed, replicates = replicates
  )
  if (failed > 0.05 * length(replicates)) {
    none$notes <- paste0(
      "No interval of the bias: in ", failed, " of ", length(replicates),
      " bootstrap samples a hazard ratio is 0, Inf or undefined."
    )
    return(none)
  }
  replicates <- replicates[is.finite(replicates)]
  run <- list(
    statistic = stat_log_hazard_ratio(), estimate = estimate, estimate_error = NA_real_, acceleration = 0,
    job = list(scheme = "ordinary", seed = seed)
  )
  no_failures <- c(empty_group = 0, undefined = 0, infinite = 0)
  run <- summarise_run(run, list(values = cbind(replicates), failures = no_failures))
  found <- boot_intervals(run, "perc", (1 - conf.level) / 2, "two.sided")
  list(
    std.error = run$std.error, conf.low = found$table$conf.low, conf.high = found$table$conf.high,
    p.value = found$table$p.value, mc.error = c(found$table$mc.error.low, found$table$mc.error.high), failed = failed,
    replicates = replicates, notes = found$notes
  )
}

bias_row <- function(bias, d) {
  given <- function(name) if (is.null(bias[[name]])) NA_real_ else bias[[name]]
  row <- estimate_row("immortal_time_bias", "percentile", d$groups[[2]],
    estimate = bias$estimate, std.error = given("std.error"), conf.low = given("conf.low"),
    conf.high = given("conf.high"), p.value = given("p.value")
  )
  cbind(row,
    analysis = "naive - time-dependent", horizon = NA_real_, n = nrow(d$rows), events = sum(d$rows$event),
    reason = NA_character_
  )
}
