# The effects that a claim is about, in each group: estimate, intervals, and tests against a margin. All on the
# analysis scale, and turned so that larger is better.

# `turn`: 1 where a larger effect is better, -1 where a smaller one is.
claim_effect <- function(x, k, measure, conf.level, tau, turn) {
  own <- switch(measure,
    risk_difference = claim_difference(x, k, conf.level),
    hazard_ratio = claim_hazard_ratio(x, k, conf.level),
    rmst_difference = claim_mean(x, k, conf.level, tau)
  )
  turn_effect(own, turn)
}

# p(value, tail): of the hypothesis that the effect is `value` or more ("lower" tail), or `value` or less ("upper").
turn_effect <- function(own, turn) {
  if (turn == 1) return(own)
  other <- c(lower = "upper", upper = "lower")
  intervals <- own$intervals
  intervals[c("low", "high")] <- -intervals[c("high", "low")]
  p <- own$p
  list(
    estimate = -own$estimate, std.error = own$std.error, intervals = intervals,
    p = function(value, tail) p(-value, other[[tail]])
  )
}

claim_tables <- function(x, k) as.list(interaction_tables(x$cells)[k, ])

# Miettinen and Nurminen's score method decides; Newcombe's stands beside it.
claim_difference <- function(x, k, conf.level) {
  t <- claim_tables(x, k)
  all <- proportion_methods()
  index <- which(all$term == "risk_difference" & all$method %in% c("miettinen-nurminen", "newcombe"))
  rows <- comparison_rows(data.frame(group = x$groups, x = c(t$x0, t$x1), n = c(t$n0, t$n1)), conf.level, "two.sided", index)
  rows <- rows[order(rows$method != "miettinen-nurminen"), ]
  list(
    estimate = t$x1 / t$n1 - t$x0 / t$n0, std.error = sqrt(effect_variance("risk_difference", t)),
    intervals = data.frame(method = rows$method, low = rows$conf.low, high = rows$conf.high),
    p = function(value, tail) stats::pnorm(score_z(t, value), lower.tail = tail == "lower")
  )
}

# Farrington and Manning's z with Miettinen and Nurminen's factor N / (N - 1).
score_z <- function(table, value) {
  if (abs(value) >= 1) return(-sign(value) * Inf)
  fit <- fit_under_difference(table, value)
  n <- table$n0 + table$n1
  variance <- (fit$p0 * (1 - fit$p0) / table$n0 + fit$p1 * (1 - fit$p1) / table$n1) * n / (n - 1)
  difference <- table$x1 / table$n1 - table$x0 / table$n0 - value
  if (difference == 0) 0 else difference / sqrt(variance)
}

# Within group k, of the model that has all groups: as test_interaction().
claim_hazard_ratio <- function(x, k, conf.level) {
  silent <- says_nothing(x)
  # With groups the interaction's model warns.
  if (length(x$strata) == 1 && silent) warn_silent(x$strata)
  if (silent[[k]]) return(no_claim())
  # The others' likelihood is the same without a silent group, and has a maximum where it would be the reference.
  x <- keep_levels(x, which(!silent))
  k <- sum(!silent[seq_len(k)])
  one <- length(x$strata) == 1
  design <- interaction_design(x)
  if (!one) design <- nested_design(x, design)
  cox_claim(x, design, if (one) "therapy" else within_names(x)[[k]], conf.level)
}

no_claim <- function() {
  list(
    estimate = NA_real_, std.error = NA_real_,
    intervals = data.frame(method = c("likelihood-ratio", "wald"), low = NA_real_, high = NA_real_),
    p = function(value, tail) NA_real_
  )
}

# The likelihood-ratio interval decides, which may have one end where the estimate is infinite; Wald's stands beside it.
cox_claim <- function(x, design, name, conf.level) {
  fit <- fit_interaction_cox(x, design, list(conf.level = conf.level), "profile")
  at <- match(name, names(design))
  estimate <- fit$coefficients[[name]]
  ends <- fit$profile[at, ]
  wald <- wald_claim(estimate, sqrt(fit$variance[at, at]), conf.level)
  signed_root <- function(value) {
    if (is.na(estimate)) return(NA_real_)
    options <- cox_options(fit$given, "efron", "none")
    statistic <- tryCatch(call_core(cpp_cox_ratio(fit$given$rows, options, at - 1L, value)),
      her2mod_error_numeric = function(e) NA_real_
    )
    sign(estimate - value) * sqrt(statistic)
  }
  list(
    estimate = estimate, std.error = wald$std.error,
    intervals = rbind(data.frame(method = "likelihood-ratio", low = ends[[1]], high = ends[[2]]), wald$intervals),
    p = function(value, tail) stats::pnorm(signed_root(value), lower.tail = tail == "lower")
  )
}

claim_mean <- function(x, k, conf.level, tau) {
  means <- mean_difference(cell_curves(x)[2 * k - 1:0], tau)
  wald_claim(means$estimate, means$std.error, conf.level)
}

wald_claim <- function(estimate, std.error, conf.level) {
  half <- stats::qnorm((1 + conf.level) / 2) * std.error
  if (!is.finite(estimate)) std.error <- half <- NA_real_
  list(
    estimate = unname(estimate), std.error = unname(std.error),
    intervals = data.frame(method = "wald", low = unname(estimate - half), high = unname(estimate + half)),
    p = function(value, tail) stats::pnorm((unname(estimate) - value) / unname(std.error), lower.tail = tail == "lower")
  )
}

# How much larger the effect is in group k than in the reference group, by the same rule.
claim_contrast <- function(x, k, measure, conf.level, tau) {
  if (measure == "risk_difference") {
    tables <- interaction_tables(x$cells)[c(1, k), ]
    ends <- contrast_interval("score", measure, tables, conf.level)
    newcombe <- newcombe_contrast(tables, stats::qnorm((1 + conf.level) / 2))
    estimate <- diff(observed_effect(measure, tables))
    signed <- function(value) {
      if (abs(value) >= 2) return(-sign(value) * Inf)
      sign(estimate - value) * sqrt(restricted_statistic("score", measure, tables, c(0, value)))
    }
    return(list(
      estimate = estimate, std.error = sqrt(sum(effect_variance(measure, tables))),
      intervals = data.frame(method = c("score", "newcombe"), low = c(ends[["low"]], newcombe[[1]]),
        high = c(ends[["high"]], newcombe[[2]])),
      p = function(value, tail) stats::pnorm(signed(value), lower.tail = tail == "lower")
    ))
  }
  if (measure == "hazard_ratio") {
    if (any(says_nothing(x)[c(1, k)])) return(no_claim())
    return(cox_claim(x, interaction_design(x), product_names(x)[[k - 1]], conf.level))
  }
  pair <- lapply(c(1, k), function(j) claim_mean(x, j, conf.level, tau))
  wald_claim(pair[[2]]$estimate - pair[[1]]$estimate, sqrt(pair[[1]]$std.error^2 + pair[[2]]$std.error^2), conf.level)
}
