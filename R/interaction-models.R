# Interactions in models: logistic for odds ratios with covariates, Cox for hazard ratios; and of restricted means.

# Columns of the design: the therapy, the levels of the modifier, their products with the therapy, covariates.
interaction_design <- function(x) {
  rows <- x$rows
  levels <- seq_along(x$strata)[-1] - 1L
  modifier <- lapply(levels, function(k) as.double(rows$stratum == k))
  therapy <- as.double(rows$group)
  products <- lapply(modifier, function(m) m * therapy)
  covariates <- as.list(rows[covariates_in(rows)])
  design <- c(list(therapy), modifier, products, covariates)
  names(design) <- c("therapy", sprintf("modifier%d", levels), product_names(x), names(covariates))
  design
}

product_names <- function(x) sprintf("product%d", seq_along(x$strata)[-1] - 1L)

# The same model with the therapy's effect in every level, in place of one effect and products.
nested_design <- function(x, design) {
  within <- lapply(seq_along(x$strata), function(k) as.double(x$rows$stratum == k - 1) * design$therapy)
  names(within) <- within_names(x)
  c(within, design[!names(design) %in% c("therapy", product_names(x))])
}

within_names <- function(x) paste0("within", seq_along(x$strata))

# Groups in which nobody of either therapy has an event (or, of a binary response, everybody) say nothing of a ratio. Their
# coefficients run off to wherever the search for the maximum began, so they are taken for unknown, not for infinite.
says_nothing <- function(x) {
  t <- interaction_tables(x$cells)
  events <- t$x0 + t$x1
  events == 0 | (x$endpoint == "binary" & events == t$n0 + t$n1)
}

# `fit_design(design, interval)` fits a Cox or logistic model. Contrasts, with profile likelihood, and the effects
# within the levels, each from the parametrisation in which it is a coefficient, so that an infinite one spoils no other.
fit_interaction <- function(x, fit_design) {
  design <- interaction_design(x)
  products <- product_names(x)
  full <- fit_design(design, "profile")
  nested <- fit_design(nested_design(x, design), "wald")
  within <- within_names(x)
  lost_without <- function(names) {
    max(0, 2 * (full$loglik[[2]] - fit_design(design[setdiff(names(design), names)], "wald")$loglik[[2]]))
  }
  profile <- full$profile[match(products, names(full$coefficients)), , drop = FALSE]
  no_statistic <- which(is.na(profile[, 3]) & !is.na(full$coefficients[products]))
  for (g in no_statistic) profile[g, 3] <- lost_without(products[[g]])
  silent <- says_nothing(x)
  # A silent group's own coefficient is infinite for that reason alone; so are all of them where it is the reference.
  modifiers <- sprintf("modifier%d", seq_along(silent)[-1] - 1L)
  warn_interaction_model(full, x, c("therapy", products, modifiers[silent[-1] | silent[[1]]]))
  if (any(silent) && !all(silent)) warn_silent(spoken_levels(x$strata, x$modifier)[silent])
  found <- list(
    effects = unname(nested$coefficients[within]),
    effects_variance = unname(nested$variance[within, within, drop = FALSE]), contrasts = unname(full$coefficients[products]),
    error = sqrt(unname(diag(full$variance)[products])), profile = profile, lost = lost_without(products)
  )
  without_silent_groups(found, silent)
}

warn_silent <- function(groups) {
  warn_her2("In {.val {groups}} nobody (or everybody) has an event: there is no ratio.", "degenerate", groups = groups)
}

without_silent_groups <- function(found, silent) {
  found$effects[silent] <- found$effects_variance[silent, ] <- found$effects_variance[, silent] <- NA_real_
  found$contrasts[silent[-1] | silent[[1]]] <- found$error[silent[-1] | silent[[1]]] <- NA_real_
  # The others can be compared with each other still.
  found$df <- max(0, sum(!silent) - 1)
  found
}

# What the table of effects does not show.
warn_interaction_model <- function(fit, x, shown) {
  if (fit$end %in% c("no_events", "constant")) {
    return(warn_her2("Nobody or everybody has an event: no ratio can be estimated.", "degenerate"))
  }
  if (fit$end == "unsettled") warn_her2("The fit did not settle: do not use its estimates.", "unsettled")
  unknown <- spoken_coefficients(names(which(is.na(fit$coefficients))), x)
  if (length(unknown)) {
    warn_her2(c("{cli::qty(length(unknown))}No estimate for {.field {unknown}}.",
      i = "{cli::qty(length(unknown))}{?It is/They are} constant, or {?depends/depend} on what stands before."
    ), "collinear", covariates = unknown)
  }
  infinite <- setdiff(names(which(is.infinite(fit$coefficients))), c(shown, "(Intercept)"))
  infinite <- spoken_coefficients(infinite, x)
  if (length(infinite)) {
    warn_her2(c("{cli::qty(length(infinite))}The estimate{?s} of {.field {infinite}} {?is/are} infinite.",
      i = "The covariates separate those with events from those without."
    ), "separated", covariates = infinite)
  }
}

# As the user knows them.
spoken_coefficients <- function(names, x) {
  levels <- x$strata[-1]
  own <- c(
    therapy = x$therapy, stats::setNames(paste(x$modifier, levels), sprintf("modifier%d", seq_along(levels))),
    stats::setNames(paste0(x$therapy, ":", x$modifier, " ", levels), product_names(x)),
    stats::setNames(as.character(x$covariates), covariate_names(x$covariates))
  )
  ifelse(names %in% names(own), own[names], names)
}

model_interactions <- function(x, measure, wanted, fit) {
  k <- length(x$strata)
  methods <- intersect(wanted$methods, model_methods)
  effects <- wald_interaction(measure, "effect", "wald", x$strata, fit$effects, sqrt(diag(fit$effects_variance)), wanted)
  rows <- lapply(methods, function(method) {
    contrasts <- lapply(seq_len(k - 1), function(g) model_contrast(x, measure, method, g, fit, wanted))
    test <- if (k > 2 && method == "wald") {
      wald_homogeneity(measure, method, fit$effects, fit$effects_variance)
    } else if (k > 2) {
      chi_squared_row(measure, method, if (fit$df > 0) fit$lost else NA_real_, max(1, fit$df))
    }
    rbind(test, do.call(rbind, contrasts))
  })
  # Tests of all levels first.
  rows <- do.call(rbind, rows)
  rbind(rows[rows$term == "test", ], rows[rows$term != "test", ], effects)
}

model_methods <- c("likelihood-ratio", "wald")

model_contrast <- function(x, measure, method, g, fit, wanted) {
  group <- x$strata[[g + 1]]
  b <- fit$contrasts[[g]]
  if (method == "wald") return(wald_interaction(measure, "interaction", method, group, b, fit$error[[g]], wanted))
  if (is.na(b)) return(interaction_row(measure, "interaction", method, group))
  found <- fit$profile[g, ]
  interaction_row(measure, "interaction", method, group, b, NA, found[[1]], found[[2]], found[[3]], 1,
    stats::pchisq(found[[3]], 1, lower.tail = FALSE)
  )
}

logistic_interaction <- function(x, wanted) {
  weight <- frequency_of(x$rows)
  fit_interaction(x, function(design, interval) {
    given <- list(
      rows = list(trials = weight, events = weight * x$rows$response, cluster = NULL, covariates = unname(design)),
      names = c("(Intercept)", names(design)), whole = TRUE, clusters = 0L
    )
    fit_logistic(given, FALSE, FALSE, interval, wanted$conf.level, rlang::caller_env())
  })
}

cox_interaction <- function(x, wanted) {
  fit_interaction(x, function(design, interval) fit_interaction_cox(x, design, wanted, interval))
}

# Efron's ties. Each row stands for its frequency of patients.
fit_interaction_cox <- function(x, design, wanted, interval) {
  rows <- x$rows
  given <- list(
    rows = list(
      time = rows$response, event = rows$event, entry = rows$entry, frequency = rows$frequency,
      stratum = rows$block, cluster = NULL, covariates = unname(design)
    ),
    names = names(design), whole = TRUE, clusters = 0L
  )
  fit_cox(given, "efron", "none", FALSE, interval, wanted$conf.level, rlang::caller_env())
}

# --- restricted means -----------------------------------------------------------------------------------------

# The Kaplan-Meier curve of each therapy (columns) in each level of the modifier (rows), and tau within all of them.
cell_curves <- function(x) {
  cohort <- list(
    group = as.integer(2 * x$rows$stratum + x$rows$group), response = as.double(x$rows$response),
    n_groups = 2L * length(x$strata), n_strata = 1L, frequency = x$rows$frequency, event = x$rows$event,
    entry = x$rows$entry
  )
  call_core(cpp_survival(cohort[!vapply(cohort, is.null, NA)], matrix(0, 1, 4)))$curves
}

# Whether in some cell nobody is at risk from time 0 on.
starts_late <- function(x) {
  cells <- list(entry = x$rows$entry, group = 2 * x$rows$stratum + x$rows$group)
  any(first_entry(cells, 2 * length(x$strata)) > 0)
}

choose_cell_tau <- function(tau, x, curves, call) {
  if (starts_late(x)) {
    abort_data("With delayed entry a restricted mean needs patients at risk from time 0 on in every group.", call = call)
  }
  choose_tau(tau, curves, call)
}

mean_interactions <- function(x, curves, tau, wanted) {
  measure <- "rmst_difference"
  found <- lapply(seq_along(x$strata), function(k) mean_difference(curves[2 * k - 1:0], tau))
  estimate <- vapply(found, `[[`, 0, "estimate")
  error <- vapply(found, `[[`, 0, "std.error")
  effects <- wald_interaction(measure, "effect", "wald", x$strata, estimate, error, wanted)
  if (!"wald" %in% wanted$methods) return(effects)
  rbind(
    if (length(x$strata) > 2) wald_homogeneity(measure, "wald", estimate, diag(error^2)),
    wald_interaction(measure, "interaction", "wald", x$strata[-1], unrounded(estimate[-1] - estimate[[1]], tau),
      sqrt(error[-1]^2 + error[[1]]^2), wanted
    ),
    effects
  )
}

# The combinations of therapy and group whose restricted mean has a variance of 0, by name, and the events in their groups.
certain_cells <- function(x, curves, tau) {
  certain <- vapply(curves, function(curve) is.na(known_error(restricted_mean_at(curve, tau)[[2]])), NA)
  cells <- outer(spoken_levels(x$groups, x$therapy), spoken_levels(x$strata, x$modifier), paste, sep = " in ")
  strata <- unique((which(certain) - 1) %/% 2)
  list(names = as.vector(cells)[certain], events = sum(x$cells$x[x$cells$stratum %in% strata]))
}

# Said in the print, and by warn_certain_cells() once in the call that the user made.
certain_cells_note <- function(cells, tau) {
  if (length(cells$names) == 0) return(NULL)
  limit <- format_plain(tau)
  paste0(
    "No standard error of the restricted mean of ", toString(cells$names),
    ": nobody, or everybody at once, has had the event by ", limit, ". ", no_error_consequence("Differences with it",
      paste0("stat_rmst_difference(", limit, "), of the therapies within a group"), cells$events)
  )
}

warn_certain_cells <- function(note) {
  if (!is.null(note)) warn_her2(c(i = note), "degenerate")
}
