# Effects of each other group against the reference.

survival_effects <- function(raw, cohort, groups, wanted) {
  curves <- stats::setNames(raw$curves, groups)
  hazard <- if (length(groups) > 2) joint_hazard_ratios(cohort, groups, raw$tests) else two_group_ratio(raw)
  rows <- lapply(seq_along(groups)[-1], function(g) {
    pair <- curves[c(1, g)]
    other <- groups[[g]]
    rbind(
      wald_row("log_hazard_ratio", "cox", other, NA_real_, hazard$estimate[[g - 1]], hazard$std.error[[g - 1]], wanted),
      mean_effects(pair, other, wanted),
      survival_differences(pair, other, wanted)
    )
  })
  list(rows = do.call(rbind, rows), log_hazard_ratio = hazard$estimate)
}

# An estimate with a normal interval; of a ratio both on the logarithm's scale, shown as the ratio.
wald_row <- function(term, method, group, time, estimate, std.error, wanted, show = identity) {
  std.error <- known_error(std.error)
  half <- stats::qnorm((1 + wanted$conf.level) / 2) * std.error
  z <- estimate / std.error
  z[is.nan(z)] <- NA_real_
  estimate_row(term, method, group, time, show(estimate), std.error, show(estimate - half), show(estimate + half),
    statistic = z, p.value = 2 * stats::pnorm(-abs(z))
  )
}

mean_effects <- function(pair, other, wanted) {
  m <- mean_difference(pair, wanted$tau)
  if (any(wanted$start[names(pair)] > 0)) m[] <- NA_real_
  rbind(
    wald_row("rmst_difference", "kaplan-meier", other, wanted$tau, m$estimate, m$std.error, wanted),
    wald_row("rmst_ratio", "kaplan-meier", other, wanted$tau, m$log_ratio, m$ratio_error, wanted, exp)
  )
}

# Where both curves are known.
survival_differences <- function(pair, other, wanted) {
  if (length(wanted$times) == 0) return(NULL)
  at <- lapply(pair, survival_at, wanted$times, wanted$conf.level, "plain")
  error <- sqrt(Reduce(`+`, lapply(at, function(s) known_error(s$std.error)^2)))
  difference <- at[[2]]$estimate - at[[1]]$estimate
  unknown <- wanted$times > min(vapply(pair, last_usable, 0)) | wanted$times < max(0, wanted$start[names(pair)])
  difference[unknown] <- error[unknown] <- NA_real_
  rows <- wald_row("survival_difference", "greenwood", other, wanted$times, difference, error, wanted)
  rows$conf.low <- pmax(rows$conf.low, -1)
  rows$conf.high <- pmin(rows$conf.high, 1)
  rows
}

two_group_ratio <- function(raw) {
  found <- raw$log_hazard_ratio
  found[is.nan(found)] <- NA_real_
  list(estimate = found[[1]], std.error = found[[2]])
}

# Of each other group against the reference, in one model: the groups as covariates of 0 and 1.
joint_hazard_ratios <- function(cohort, groups, tests) {
  indicators <- lapply(seq_along(groups)[-1] - 1, function(g) as.double(cohort$group == g))
  given <- list(
    time = cohort$response, event = cohort$event, entry = cohort$entry, frequency = cohort$frequency,
    stratum = cohort$stratum, cluster = NULL, covariates = indicators
  )
  options <- cox_options(list(whole = TRUE), "efron", "none")
  fit <- call_core(cpp_cox_fit(given, options))
  estimate <- fit$coefficients
  events <- tapply(cohort$event, factor(cohort$group, seq_along(groups) - 1), sum)
  # Of two groups without an event no event tells how their hazards compare.
  estimate[is.nan(estimate) | !met_at_events(tests) | (events[[1]] == 0 & events[-1] == 0)] <- NA_real_
  ratio_at <- function(j, at) call_core(cpp_cox_ratio(given, options, j - 1L, at))
  estimate[undetermined_coefficients(fit, given$covariates, ratio_at)] <- NA_real_
  list(estimate = estimate, std.error = ifelse(is.finite(estimate), sqrt(diag(fit$variance)), NA_real_))
}

# Of each other group: whether it is compared with the reference, at events for which both, or others between them,
# are at risk. Otherwise the log-rank variance has a direction of its own in which the two differ and nothing is known.
met_at_events <- function(tests) {
  solved <- eigen(tests$variance[[1]], symmetric = TRUE)
  unknown <- solved$vectors[, solved$values <= 1e-12 * max(abs(solved$values)), drop = FALSE]
  vapply(seq_len(nrow(unknown))[-1], function(g) all(abs(unknown[g, ] - unknown[1, ]) < 1e-6), NA)
}

# What the estimates leave unsaid; what leaves a test or an effect without a value is a warning too.
survival_notes <- function(result, log_hazard_ratio, start) {
  result <- spoken_groups(result)
  names(start) <- result$groups
  counts <- group_counts(result$cells, result$groups)
  tests <- rows_of(result, "test")
  degenerate <- if (sum(counts$x) == 0) {
    "Nobody has an event: there is nothing to test."
  } else if (any(is.infinite(log_hazard_ratio))) {
    paste0(
      "The likelihood is monotone: the hazard ratio is 0 or Inf, and has no Wald interval",
      if (anyNA(log_hazard_ratio)) {
        paste0("; that of ", toString(result$groups[-1][is.na(log_hazard_ratio)]), " is left open, and not known")
      },
      ". ",
      "cox_regression(penalty = \"firth\") and perm_test() are made for this."
    )
  } else if (anyNA(tests$statistic[tests$method == "logrank"])) {
    "The log-rank variance is 0: the events tell nothing of a difference between the groups."
  } else if (anyNA(log_hazard_ratio)) {
    paste0(
      "No event finds ", toString(result$groups[-1][is.na(log_hazard_ratio)]), " at risk together with ", result$groups[[1]],
      ", nor with a group that links them: there is no hazard ratio."
    )
  }
  late <- names(start)[start > 0]
  if (length(late)) {
    degenerate <- c(degenerate, paste0(
      "Nobody", if (length(start) > 1) paste(" in", toString(late)),
      " is at risk at time 0: its curve starts at the first entry (",
      toString(format_plain(start[late])), ") and is of patients who lived so long; it has no restricted mean."
    ))
  }
  certain <- certain_notes(result, counts)
  # Of one group nothing is left without a value.
  warned <- c(degenerate, if (length(result$groups) > 1) certain)
  if (length(warned)) warn_her2(stats::setNames(warned, rep("i", length(warned))), "degenerate")
  c(degenerate, split_note(result), certain)
}

split_note <- function(result) {
  if (!result$split) return(NULL)
  rows <- result$cohort
  note <- if (looks_cut(rows$entry, rows$response, rows$event)) {
    paste0(
      "The rows look like parts of patients, each late one going on where one was censored: n counts rows, and there is no ",
      "median follow-up. Curves, tests and numbers at risk hold if no patient is in two groups at once."
    )
  } else {
    paste0(
      "The rows look like parts of patients, each late one going on where one ended, also with an event: n counts rows, and ",
      "there is no median follow-up. Of events that recur the curves are not of patients, and tests and errors take each ",
      "event for another patient's: cox_regression(cluster = ) allows for patients with several."
    )
  }
  warn_her2(c(i = note), "split_rows")
  note
}

# Groups whose restricted mean, or survival at a time, has a standard error of 0, or none at S = 0.
certain_notes <- function(result, counts) {
  rows <- result$estimates[result$estimates$term %in% c("rmst", "survival"), ]
  without <- counts$group[counts$x == 0]
  certain <- !is.na(rows$estimate) & (rows$std.error %in% 0 | (rows$term == "survival" & rows$estimate == 0))
  # At time 0 nobody could have had an event before.
  certain <- certain & !(rows$term == "survival" & rows$time == 0 & rows$estimate == 1)
  rows <- rows[certain & !rows$group %in% without, ]
  what <- ifelse(rows$term == "rmst", "restricted mean", paste("survival at", format_plain(rows$time)))
  by_what <- vapply(unique(what), function(one) paste0(one, " (", toString(rows$group[what == one]), ")"), "")
  notes <- c(
    if (length(without)) {
      paste0("No event in ", toString(without), ": its curve stays at 1, with a standard error of 0 that says nothing.")
    },
    if (length(by_what)) paste0("Without a standard error, or with one of 0: ", paste(by_what, collapse = ", "), ".")
  )
  if (length(notes) == 0 || length(result$groups) == 1) return(notes)
  statistics <- c(
    if (length(without) || any(rows$term == "rmst")) paste0("stat_rmst_difference(", format_plain(result$tau), ")"),
    if (any(rows$term == "survival")) "stat_survival_difference()"
  )
  consequence <- no_error_consequence("Differences and ratios with these", paste(statistics, collapse = " or "), sum(counts$x))
  notes[[length(notes)]] <- paste(notes[[length(notes)]], consequence)
  notes
}
