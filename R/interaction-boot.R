# Bootstrap intervals of an interaction: in each level of the modifier patients are drawn within therapies, and
# replicate i of a contrast is the effect of one level's replicate i minus that of the reference level's.

bootstrap_types <- c("bootstrap-bca" = "bca", "bootstrap-percentile" = "perc")

interaction_statistic <- function(measure, tau) {
  switch(measure,
    hazard_ratio = as_statistic("log_hazard_ratio"),
    rmst_difference = stat_rmst_difference(tau),
    as_statistic(measure)
  )
}

# The contrasts' rows and what happened on the way.
boot_interactions <- function(x, measure, wanted, call) {
  statistic <- restrict_tau(interaction_statistic(measure, wanted$tau), max(x$rows$response))
  seed <- resolve_seed(wanted$how$seed)
  warn_still_cells(x, statistic)
  drawn <- lapply(seq_along(x$strata), function(k) {
    # Independent streams: the levels' seeds follow one another.
    draw_level(x, k, statistic, (seed + k - 1) %% 2^53, wanted$how, call)
  })
  types <- bootstrap_types[intersect(wanted$methods, names(bootstrap_types))]
  contrasts <- lapply(seq_along(x$strata)[-1], function(g) {
    run <- contrast_run(drawn[[1]], drawn[[g]], statistic, measure)
    refuse_degenerate(run, call)
    intervals <- boot_intervals(run, unname(types), (1 - wanted$conf.level) / 2, "two.sided")
    report_degenerate(run, intervals)
    rows <- interaction_row(measure, "interaction", names(types), x$strata[[g]], run$estimate, run$std.error,
      p.value = intervals$table$p.value
    )
    rows[c("conf.low", "conf.high")] <- intervals$table[c("conf.low", "conf.high")]
    errors <- intervals$table[c("mc.error.low", "mc.error.high", "mc.error.p")]
    list(rows = rows, errors = cbind(measure = measure, group = x$strata[[g]], method = names(types), errors))
  })
  list(
    rows = do.call(rbind, lapply(contrasts, `[[`, "rows")), errors = do.call(rbind, lapply(contrasts, `[[`, "errors")),
    R = wanted$how$R, seed = seed
  )
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
level_cohort <- function(x, k) {
  rows <- take_rows(x$rows, x$rows$stratum == k - 1)
  rows <- rows[intersect(names(rows), c("group", "frequency", "response", "event", "entry"))]
  compared <- list(endpoint = x$endpoint, groups = x$groups, rows = if (x$endpoint != "binary") rows)
  own <- x$cells[x$cells$stratum == k - 1, ]
  own$stratum <- 0L
  compared$cells <- own
  boot_cohort(compared)
}

draw_level <- function(x, k, statistic, seed, how, call) {
  job <- new_job("bootstrap", level_cohort(x, k), statistic, NULL, seed)
  run <- run_ranges(job, 1, how$R, how, call)
  list(
    estimate = evaluate_job(job, call = call)[[1]], values = run$values[, 1], failures = run$failures,
    influence = cell_influence(job, call)
  )
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

# The run of a contrast, as boot_intervals() takes it, on the analysis scale.
contrast_run <- function(reference, other, statistic, measure) {
  # A hazard ratio is shown, of which the engine has the logarithm.
  statistic$scale <- if (is_ratio(measure)) "log" else "identity"
  statistic$title <- paste("interaction on the", measure_titles[[measure]])
  statistic$limits <- c(-Inf, Inf)
  values <- other$values - reference$values
  squares <- other$influence[[1]] + reference$influence[[1]]
  undefined <- is.nan(values)
  failures <- 0 * reference$failures
  failures[["undefined"]] <- mean(undefined)
  failures[["infinite"]] <- mean(is.infinite(values))
  run <- list(
    job = list(scheme = "ordinary"), method = "monte_carlo", statistic = statistic, R = length(values),
    replicates = values, estimate = other$estimate - reference$estimate, estimate_error = NA_real_,
    acceleration = (other$influence[[2]] - reference$influence[[2]]) / (6 * squares^1.5),
    failures = failures, mean = mean(values[is.finite(values)]), std.error = stats::sd(values[is.finite(values)])
  )
  run$order <- order(values, method = "radix")
  run$mid_share <- summarise_replicates(values[run$order], run$estimate, 0.5)$mid_share
  run
}
