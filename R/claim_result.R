# From the data of a claim to its result.

new_claim <- function(x, wanted, call) {
  measure <- wanted$measure
  contrast <- wanted$claim == "differs between groups"
  of_group <- function(k) claim_effect(x, k, measure, wanted$conf.level, wanted$tau, 1)
  own <- if (contrast) {
    claim_contrast(x, wanted$group, measure, wanted$conf.level, wanted$tau)
  } else {
    of_group(wanted$group)
  }
  turned <- turn_effect(own, wanted$turn)
  ends <- turned$intervals
  verdict <- claim_verdict(wanted$claim, ends$low[[1]], ends$high[[1]], wanted$margin)
  result <- list(
    claim = wanted$claim, verdict = verdict, margin = wanted$margin, margin_given = wanted$margin_given, unit = wanted$unit,
    measure = measure, turn = wanted$turn,
    effect = own, turned = turned, tests = margin_tests(turned, wanted$margin),
    other_verdicts = vapply(seq_len(nrow(ends))[-1], function(i) {
      if (is.na(ends$low[[i]])) return(NA_character_)
      claim_verdict(wanted$claim, ends$low[[i]], ends$high[[i]], wanted$margin)
    }, ""),
    groups = x$groups, strata = x$strata, group = wanted$group, therapy = x$therapy, modifier = x$modifier,
    event = x$event, cells = x$cells, adjusted = x$adjusted, n_dropped = x$n_dropped, tau = wanted$tau,
    conf.level = wanted$conf.level, power = wanted$power, simulated = wanted$simulated, call = call,
    detectable = if (!contrast) claim_detectable(x, wanted, own),
    notes = if (measure == "rmst_difference") {
      certain_cells_note(certain_cells(x, cell_curves(x), wanted$tau), wanted$tau)
    }
  )
  if (length(x$strata) > 1) {
    effects <- lapply(seq_along(x$strata), of_group)
    result$interaction <- claim_interaction(x, wanted)
    result$shrunken <- claim_shrunken(x, effects, wanted)
    result$effects <- effects
  }
  result$reason <- claim_reason(result)
  structure(result, class = "her2_claim")
}

# One-sided p-values of an effect of which larger is better.
margin_tests <- function(turned, margin) {
  inferior <- turned$p(-margin, "upper")
  improvement <- turned$p(margin, "lower")
  data.frame(
    test = c("no difference", "non-inferior", "no improvement that matters", "equivalent"),
    p.value = c(min(1, 2 * min(turned$p(0, "lower"), turned$p(0, "upper"))), inferior, improvement,
      max(inferior, improvement)),
    sides = c("two-sided", "one-sided", "one-sided", "two one-sided")
  )
}

# What the sample could have shown: on the shown scale, towards the better and the worse.
claim_detectable <- function(x, wanted, own) {
  alpha <- 1 - wanted$conf.level
  exact <- if (wanted$measure == "risk_difference") {
    t <- claim_tables(x, wanted$group)
    if ((t$n0 + 1) * (t$n1 + 1) <= most_power_tables[["quick"]]) {
      detectable_difference(c(t$n0, t$n1), t$x0 / t$n0, wanted$power, alpha)
    }
  }
  if (!is.null(exact)) {
    return(list(low = exact$difference[[1]], high = exact$difference[[2]], how = "exact, Fisher's mid-p test"))
  }
  if (!is.finite(own$std.error)) return(NULL)
  size <- (stats::qnorm(1 - alpha / 2) + stats::qnorm(wanted$power)) * own$std.error
  list(low = -size, high = size, how = "by the standard error")
}

claim_interaction <- function(x, wanted) {
  methods <- switch(wanted$measure,
    risk_difference = c("score", "newcombe", "wald"), hazard_ratio = c("likelihood-ratio", "wald"), "wald"
  )
  how <- list(conf.level = wanted$conf.level, methods = methods, tau = wanted$tau)
  new_interaction(x, wanted$measure, how, wanted$simulated, NULL)
}

default_prior_sd <- list(risk_difference = c(0.05, 0.1, 0.2), hazard_ratio = c(0.1, 0.25, 0.5))

# NULL where an effect is not finite, or nothing says how far true effects lie apart.
claim_shrunken <- function(x, effects, wanted) {
  estimate <- stats::setNames(vapply(effects, `[[`, 0, "estimate"), x$strata)
  error <- vapply(effects, `[[`, 0, "std.error")
  if (any(!is.finite(estimate)) || any(!is.finite(error)) || any(error == 0)) return(NULL)
  prior.sd <- wanted$prior.sd
  if (is.null(prior.sd) && length(estimate) == 2) prior.sd <- default_prior_sd[[wanted$measure]]
  if (is.null(prior.sd) && length(estimate) == 2) return(NULL)
  shrink_effects(estimate, error, prior.sd, conf.level = wanted$conf.level)
}

# --- in words ---------------------------------------------------------------------------------------------------

# The margin as text. It decides the verdict, so it is printed as it was given, with all its digits; of a ratio in the
# direction of improvement, or of deterioration (`worse`).
claim_margin <- function(x, worse = FALSE) {
  if (x$measure == "risk_difference") return(paste(all_digits(100 * x$margin_given), "points"))
  if (x$measure == "rmst_difference") {
    return(paste(all_digits(x$margin_given), if (is.null(x$unit)) "units of time" else x$unit))
  }
  paste(if (is_contrast(x)) "a ratio of hazard ratios of" else "a hazard ratio of", margin_ratio(x, worse))
}

# As given or, in the other direction, the inverse with a decimal more than was given, at least three, and no fewer than
# the limits have.
margin_ratio <- function(x, worse, decimals = claim_decimals(x)) {
  above <- (x$turn == 1) != worse
  if (above == (x$margin_given > 1)) return(all_digits(x$margin_given))
  all_digits(round(1 / x$margin_given, max(3, decimals, decimals_of(x$margin_given) + 1)))
}

all_digits <- function(value) format(value, digits = 15, scientific = FALSE)

decimals_of <- function(value) nchar(sub("^[^.]*[.]?", "", all_digits(value)))

# On the shown scale, so that no limit changes its side of 0 or of a margin by rounding.
claim_decimals <- function(x) {
  show <- claim_shown(x)
  ends <- show(unlist(x$effect$intervals[c("low", "high")]))
  marks <- show(c(0, x$margin, -x$margin))
  if (x$measure != "hazard_ratio") return(decimals_that_keep(ends, marks, 1))
  printed <- function(decimals) {
    both <- vapply(c(x$turn < 0, x$turn > 0), function(worse) as.double(margin_ratio(x, worse, decimals)), 0)
    c(1, both)
  }
  decimals_that_keep(ends, marks, 2, printed = printed)
}

claim_shown <- function(x) {
  switch(x$measure, risk_difference = function(v) 100 * v, hazard_ratio = exp, identity)
}

claim_reason <- function(x) {
  what <- switch(x$claim, "no improvement" = , improvement = "an improvement", "no difference" = "a difference",
    "a difference between groups")
  ends <- x$turned$intervals[1, ]
  reason <- verdict_reason(x$claim, ends$low, ends$high, x$margin, what, claim_that_matters(x, what))
  paste0(toupper(substr(reason, 1, 1)), substring(reason, 2))
}

claim_that_matters <- function(x, what) {
  if (x$measure != "hazard_ratio") return(paste(what, "of", claim_margin(x), "or more"))
  if (!is_two_sided(x$claim)) return(paste(what, "to", claim_margin(x), "or better"))
  paste(what, "as large as", claim_margin(x), "or", margin_ratio(x, worse = TRUE))
}
