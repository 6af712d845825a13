# Bootstrap intervals of an interaction: in each level of the modifier patients are drawn within therapies, and
# replicate i of a contrast is the effect of one level's replicate i minus that of the reference level's.

bootstrap_types <- c("bootstrap-bca" = "bca", "bootstrap-percentile" = "perc")

interaction_statistic <- function(x, measure, tau) {
  if (by_g_computation(x, measure)) {
    adjust <- stats::reformulate(x$adjusted)
    return(adjusted_stat(paste0("adjusted_", measure), adjust, "g_computation", "all", FALSE, FALSE,
      if (measure == "rmst_difference") tau
    ))
  }
  switch(measure,
    hazard_ratio = as_statistic("log_hazard_ratio"),
    rmst_difference = stat_rmst_difference(tau),
    as_statistic(measure)
  )
}

# No model has one adjusted difference, or risk ratio: they are standardised within each level.
by_g_computation <- function(x, measure) length(x$adjusted) > 0 & !measure %in% c("odds_ratio", "hazard_ratio")

# Rows of the contrasts, and what happened on the way; with covariates also of the effects within levels.
boot_interactions <- function(x, measure, wanted, call) {
  statistic <- interaction_statistic(x, measure, wanted$tau)
  if (x$endpoint == "survival") statistic <- restrict_tau(statistic, max(x$rows$response))
  seed <- resolve_seed(wanted$how$seed)
  warn_still_cells(x, statistic)
  drawn <- lapply(seq_along(x$strata), function(k) {
    # Independent streams: the levels' seeds follow one another.
    draw_level(x, k, statistic, (seed + k - 1) %% 2^53, wanted$how, call)
  })
  types <- bootstrap_types[intersect(wanted$methods, names(bootstrap_types))]
  found <- lapply(seq_along(x$strata)[-1], function(g) {
    boot_rows(contrast_of(drawn[[1]], drawn[[g]]), "interaction", x$strata[[g]], statistic, measure, types, wanted, call)
  })
  if (by_g_computation(x, measure)) {
    found <- c(found, lapply(seq_along(x$strata), function(k) {
      boot_rows(drawn[[k]], "effect", x$strata[[k]], statistic, measure, types[1], wanted, call)
    }))
  }
  rows <- do.call(rbind, lapply(found, `[[`, "rows"))
  if (by_g_computation(x, measure) && length(x$strata) > 2) {
    spread <- vapply(drawn, function(level) stats::var(finite_of(level$values)), 0)
    rows <- rbind(wald_homogeneity(measure, "bootstrap-wald", vapply(drawn, `[[`, 0, "estimate"), diag(spread)), rows)
  }
  list(rows = rows, errors = do.call(rbind, lapply(found, `[[`, "errors")), R = wanted$how$R, seed = seed)
}

boot_rows <- function(drawn, term, level, statistic, measure, types, wanted, call) {
  run <- interaction_run(drawn, term, statistic, measure)
  refuse_degenerate(run, call)
  intervals <- boot_intervals(run, unname(types), (1 - wanted$conf.level) / 2, "two.sided")
  report_degenerate(run, intervals)
  rows <- interaction_row(measure, term, names(types), level, run$estimate, run$std.error, p.value = intervals$table$p.value)
  rows[c("conf.low", "conf.high")] <- intervals$table[c("conf.low", "conf.high")]
  errors <- intervals$table[c("mc.error.low", "mc.error.high", "mc.error.p")]
  of <- if (term == "effect") paste("within", level) else level
  list(rows = rows, errors = cbind(measure = measure, group = level, of = of, method = names(types), errors))
}

# As in boot_ci(), of therapies within levels.
warn_still_cells <- function(x, statistic) {
  names <- lapply(seq_along(x$strata), function(k) {
    own <- list(
      endpoint = x$endpoint, groups = x$groups, cells = x$cells[x$cells$stratum == k - 1, ],
      rows = take_rows(x$rows, x$rows$stratum == k - 1)
    )
    still <- still_groups(own, statistic)
    if (length(still)) paste(still, "in", x$strata[[k]])
  })
  names <- unlist(names)
  if (length(names)) warn_her2(c(i = still_text(names, x$endpoint == "survival")), "degenerate")
}

# One level as a comparison of its two therapies.
level_cohort <- function(x, k, adjusted) {
  rows <- take_rows(x$rows, x$rows$stratum == k - 1)
  covariates <- if (adjusted) covariates_in(rows)
  rows <- rows[intersect(names(rows), c("group", "frequency", "response", "event", "entry", covariates))]
  compared <- list(endpoint = x$endpoint, groups = x$groups, rows = if (adjusted || x$endpoint != "binary") rows)
  own <- x$cells[x$cells$stratum == k - 1, ]
  own$stratum <- 0L
  compared$cells <- own
  boot_cohort(compared)
}

draw_level <- function(x, k, statistic, seed, how, call) {
  job <- new_job("bootstrap", level_cohort(x, k, is_adjusted(statistic)), statistic, NULL, seed)
  estimate <- evaluate_job(job, call = call)[[1]]
  refuse_unfitted(statistic, estimate, call, paste(x$modifier, x$strata[[k]]))
  run <- run_ranges(job, 1, how$R, how, call)
  list(estimate = estimate, values = run$values[, 1], failures = run$failures, influence = cell_influence(job, call))
}

# Jackknife values of influence on the effect, of the two therapies as samples of their own, over their sizes: sums
# of squares and of cubes.
cell_influence <- function(job, call) {
  left_out <- call_core(cpp_jackknife(job, 1L), call)$values
  weight <- frequency_of(job$cohort)
  sums <- vapply(split(seq_along(left_out), job$cohort$group), function(rows) {
    n <- sum(weight[rows])
    l <- (n - 1) / n * (sum(weight[rows] * left_out[rows]) / n - left_out[rows])
    c(sum(weight[rows] * l^2), sum(weight[rows] * l^3))
  }, c(0, 0))
  rowSums(sums)
}

# One level against another, on the analysis scale.
contrast_of <- function(reference, other) {
  list(
    estimate = other$estimate - reference$estimate, values = other$values - reference$values,
    influence = other$influence + c(1, -1) * reference$influence, failures = reference$failures
  )
}

# The run of a contrast or of a level's effect, as boot_intervals() takes it.
interaction_run <- function(drawn, term, statistic, measure) {
  # A hazard ratio is shown, of which the engine has the logarithm.
  statistic$scale <- if (is_ratio(measure)) "log" else "identity"
  statistic$title <- paste(if (term == "effect") "effect" else "interaction", "on the", measure_titles[[measure]])
  statistic$limits <- c(-Inf, Inf)
  values <- drawn$values
  failures <- 0 * drawn$failures
  failures[["undefined"]] <- mean(is.nan(values))
  failures[["infinite"]] <- mean(is.infinite(values))
  run <- list(
    job = list(scheme = "ordinary"), method = "monte_carlo", statistic = statistic, R = length(values),
    replicates = values, estimate = drawn$estimate, estimate_error = NA_real_,
    acceleration = drawn$influence[[2]] / (6 * drawn$influence[[1]]^1.5), failures = failures,
    mean = mean(finite_of(values)), std.error = stats::sd(finite_of(values))
  )
  run$order <- order(values, method = "radix")
  run$mid_share <- summarise_replicates(values[run$order], run$estimate, 0.5)$mid_share
  run
}
