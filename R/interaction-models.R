# Interactions in models: logistic for odds ratios with covariates, Cox for hazard ratios; and of restricted means.

# Columns of the design: the therapy, the levels of the modifier, their products with the therapy, covariates.
interaction_design <- function(x) {
  rows <- x$rows
  levels <- seq_along(x$strata)[-1] - 1
  modifier <- lapply(levels, function(k) as.double(rows$stratum == k))
  therapy <- as.double(rows$group)
  products <- lapply(modifier, function(m) m * therapy)
  covariates <- as.list(rows[covariates_in(rows)])
  design <- c(list(therapy), modifier, products, covariates)
  names(design) <- c("therapy", paste0("modifier", levels), product_names(x), names(covariates))
  design
}

product_names <- function(x) paste0("product", seq_along(x$strata)[-1] - 1)

# A fit gives the coefficients of the therapy and of its products, their variance, `contrasts`: the products' again, Inf
# where infinite; `ratio(g)`: the ends of the profile likelihood interval of product g and its likelihood-ratio
# statistic; and `lost`: that statistic of all products together.
model_interactions <- function(x, measure, wanted, fit) {
  k <- length(x$strata)
  b <- fit$coefficients
  products <- 1 + seq_len(k - 1)
  estimate <- c(b[[1]], b[[1]] + b[products])
  turn <- cbind(1, rbind(0, diag(k - 1)))
  variance <- turn %*% fit$variance %*% t(turn)
  # An infinite coefficient may be that of one level only.
  endless <- !is.na(diag(variance)) & diag(variance) > 1e6
  estimate[endless] <- sign(estimate[endless]) * Inf
  methods <- intersect(wanted$methods, model_methods)
  effects <- wald_interaction(measure, "effect", "wald", x$strata, estimate, sqrt(diag(variance)), wanted)
  rows <- lapply(methods, function(method) {
    contrasts <- lapply(seq_len(k - 1), function(g) model_contrast(x, measure, method, g, fit, wanted))
    test <- if (k > 2 && method == "wald") {
      wald_homogeneity(measure, method, estimate, variance)
    } else if (k > 2) {
      chi_squared_row(measure, method, fit$lost, k - 1)
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
  error <- sqrt(fit$variance[g + 1, g + 1])
  if (method == "wald") return(wald_interaction(measure, "interaction", method, group, b, error, wanted))
  if (is.na(b)) return(interaction_row(measure, "interaction", method, group))
  found <- fit$ratio(g)
  interaction_row(measure, "interaction", method, group, b, NA, found[[1]], found[[2]], found[[3]], 1,
    stats::pchisq(found[[3]], 1, lower.tail = FALSE)
  )
}

# --- logistic -----------------------------------------------------------------------------------------------

logistic_interaction <- function(x, wanted) {
  design <- cbind(intercept = 1, do.call(cbind, interaction_design(x)))
  weight <- frequency_of(x$rows)
  full <- fit_with_offset(design, x$rows$response, weight)
  kept <- c("therapy", product_names(x))
  fit_without <- function(names, offset = NULL) {
    kept <- !colnames(design) %in% names
    fit_with_offset(design[, kept, drop = FALSE], x$rows$response, weight, offset, full$coefficients[kept])
  }
  profile <- function(g, value) {
    name <- product_names(x)[[g]]
    max(0, fit_without(name, value * design[, name])$deviance - full$deviance)
  }
  ratio <- function(g) profile_ratio(profile, g, full$coefficients[[product_names(x)[[g]]]], wanted$conf.level)
  list(
    coefficients = stats::setNames(full$coefficients[kept], kept), variance = full$variance[kept, kept, drop = FALSE],
    contrasts = endless_products(full$coefficients[product_names(x)], profile), ratio = ratio,
    lost = max(0, fit_without(product_names(x))$deviance - full$deviance)
  )
}

# Of a coefficient: where twice the log-likelihood lost comes to the quantile, and what is lost at 0.
profile_ratio <- function(profile, g, estimate, conf.level, far = 25) {
  above <- function(value) profile(g, value) - stats::qchisq(conf.level, 1)
  start <- max(-far, min(far, estimate))
  c(search_end(above, start, -far, -Inf), search_end(above, start, far, Inf), profile(g, 0))
}

# By Newton's method with Levenberg's damping, which climbs also where stats::glm.fit() does not settle: separated
# responses, and coefficients that are held far away. Columns that depend on those before them have no coefficient.
fit_with_offset <- function(design, response, weight, offset = NULL, start = NULL) {
  names <- colnames(design)
  decomposed <- qr(design)
  used <- sort(decomposed$pivot[seq_len(decomposed$rank)])
  # Far out the likelihood is flat: from there nothing is found.
  start <- start[used]
  if (is.null(start) || anyNA(start) || any(abs(start) > 8)) start <- numeric(length(used))
  found <- climb_logistic(design[, used, drop = FALSE], response, weight, if (is.null(offset)) 0 else offset, start)
  coefficients <- stats::setNames(rep(NA_real_, length(names)), names)
  coefficients[used] <- found$coefficients
  variance <- matrix(NA_real_, length(names), length(names), dimnames = list(names, names))
  variance[used, used] <- tryCatch(solve(found$information), error = function(e) NA_real_)
  list(coefficients = coefficients, variance = variance, deviance = -2 * found$loglik)
}

climb_logistic <- function(design, response, weight, offset, b, most = 500) {
  sign <- ifelse(response == 1, 1, -1)
  loglik_at <- function(b) sum(weight * stats::plogis(sign * (drop(design %*% b) + offset), log.p = TRUE))
  b <- unname(b)
  loglik <- loglik_at(b)
  damping <- 1e-3
  for (i in seq_len(most)) {
    p <- stats::plogis(drop(design %*% b) + offset)
    slope <- crossprod(design, weight * (response - p))
    information <- crossprod(design, weight * p * (1 - p) * design)
    repeat {
      step <- tryCatch(solve(information + damping * diag(ncol(design)), slope), error = function(e) NULL)
      better <- if (is.null(step)) -Inf else loglik_at(b + drop(step))
      if (better >= loglik || damping > 1e12) break
      damping <- 10 * damping
    }
    if (better < loglik) break
    gain <- better - loglik
    b <- b + drop(step)
    loglik <- better
    damping <- damping / 30
    if (gain <= 1e-13 * (1 + abs(loglik)) && damping < 1e-6) break
  }
  list(coefficients = b, information = information, loglik = loglik)
}

# Where the likelihood no longer falls further out, the estimate is there.
endless_products <- function(b, profile) {
  for (g in which(abs(b) > 10)) if (profile(g, sign(b[[g]]) * 30) < 1e-6) b[[g]] <- sign(b[[g]]) * Inf
  b
}

# --- Cox ----------------------------------------------------------------------------------------------------

cox_interaction <- function(x, wanted) {
  design <- interaction_design(x)
  # Where several coefficients run off together there is no profile.
  full <- tryCatch(fit_interaction_cox(x, design, wanted, "profile"),
    her2mod_error_numeric = function(e) fit_interaction_cox(x, design, wanted, "wald")
  )
  kept <- c("therapy", product_names(x))
  without <- fit_interaction_cox(x, design[setdiff(names(design), product_names(x))], wanted, "wald")
  at <- match(product_names(x), names(design))
  list(
    coefficients = full$coefficients[kept], variance = full$variance[kept, kept, drop = FALSE],
    contrasts = full$coefficients[product_names(x)],
    ratio = function(g) {
      if (!is.null(full$profile)) return(full$profile[at[[g]], ])
      less <- fit_interaction_cox(x, design[-at[[g]]], wanted, "wald")
      c(NA, NA, max(0, 2 * (full$loglik[[2]] - less$loglik[[2]])))
    },
    lost = max(0, 2 * (full$loglik[[2]] - without$loglik[[2]])), end = full$end
  )
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
  means <- vapply(curves, restricted_mean_at, c(0, 0), tau = tau)
  other <- 2 * seq_along(x$strata)
  estimate <- means[1, other] - means[1, other - 1]
  variance <- means[2, other]^2 + means[2, other - 1]^2
  effects <- wald_interaction(measure, "effect", "wald", x$strata, estimate, sqrt(variance), wanted)
  if (!"wald" %in% wanted$methods) return(effects)
  rbind(
    if (length(x$strata) > 2) wald_homogeneity(measure, "wald", estimate, diag(variance)),
    wald_interaction(measure, "interaction", "wald", x$strata[-1], estimate[-1] - estimate[[1]],
      sqrt(variance[-1] + variance[[1]]), wanted
    ),
    effects
  )
}
