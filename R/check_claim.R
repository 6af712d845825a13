#' Is "no improvement in this group" what the data say?
#'
#' "No significant improvement" is read as "no improvement", though often the study was too small to tell. `check_claim()`
#' asks where the confidence interval lies relative to zero and to the smallest difference that matters, and answers
#' *supported*, *inconclusive* or *contradicted*; beside that equivalence and non-inferiority tests, what a sample of this
#' size could detect, the interaction, and the effects of the groups shrunken towards each other.
#'
#' @section Verdict:
#' Let \[L, U\] be the confidence interval of the improvement (or of the contrast, for `"differs between groups"`) and M
#' the margin. The verdict follows from these numbers alone, unrounded:
#'
#' | **interval** | **no improvement** | **improvement** | **no difference** | **differs between groups** |
#' |---|---|---|---|---|
#' | U < 0, L > -M | supported | contradicted | supported | contradicted |
#' | U < 0, L <= -M | supported | contradicted | contradicted | supported |
#' | L <= 0 <= U < M, L > -M | supported | contradicted | supported | contradicted |
#' | L <= 0 <= U < M, L <= -M | supported | contradicted | inconclusive | inconclusive |
#' | L <= 0, U >= M | inconclusive | inconclusive | inconclusive | inconclusive |
#' | L > 0, U < M | supported | contradicted | supported | contradicted |
#' | L > 0, U >= M | contradicted | supported | contradicted | supported |
#'
#' So "no improvement" means none that matters: an improvement that is shown (L > 0) but is surely smaller than M
#' supports it, and the reason says so. "Improvement" is its opposite, as is "differs between groups" of "no difference".
#' An infinite end decides nothing by itself, the other end may; without an interval the claim is inconclusive (where nobody
#' has an event, for one: see [test_interaction()], Zero cells). For `"differs between groups"` with three or more groups the
#' contrast is that of `group` against the reference group.
#'
#' @section Effects and tests:
#' * `"risk_difference"` (binary): the interval of Miettinen and Nurminen decides, and the tests are its own: Farrington
#'   and Manning's z (\doi{10.1002/sim.4780091208}) with the variance times \eqn{N/(N-1)}. Newcombe's interval stands
#'   beside it; where it would give another verdict, the print says so. A contrast has the score interval of
#'   [test_interaction()].
#' * `"hazard_ratio"`: Cox's model, with groups that of [test_interaction()], which has all groups and in each its own
#'   effect; the margin is a ratio, such as 0.8 (or 1.25, the same). The profile-likelihood interval decides, and the
#'   tests are signed roots of likelihood-ratio statistics, also where the estimate is infinite; Wald's stands beside it.
#' * `"rmst_difference"`: difference of restricted means up to `tau`, with Wald's interval and tests; the margin is a time.
#'
#' Each test against the margin is one-sided at \eqn{(1 - level)/2}, which is what the two-sided interval decides:
#' * *non-inferior*: a deterioration of M or more is rejected, L > -M;
#' * *no improvement that matters*: an improvement of M or more is rejected, U < M;
#' * *equivalent* (two one-sided tests): both, p is the larger one. The usual 5% TOST is `conf.level = 0.9`.
#'
#' The detectable difference is that of [detectable_difference()] (Fisher's mid-p test, exact, from the reference
#' therapy's proportion), or where its tables are too many, and for survival, \eqn{(z_{1-\alpha/2} + z_{power})} times
#' the standard error. It describes the sample, not the result.
#'
#' Shrinkage is [shrink_effects()] with `prior.sd`, or with three or more groups the maximum likelihood estimate. With
#' two groups and none given, a range is shown: 0.05, 0.1 and 0.2 for risk differences, 0.1, 0.25 and 0.5 for
#' log hazard ratios; for restricted means it must be given.
#'
#' @inheritParams test_interaction
#' @param claim What is claimed: `"no improvement"`, `"improvement"`, `"no difference"` or `"differs between groups"`.
#' @param x Counts of events, reference therapy first; names become names of therapies. Or a formula: `pcr ~ therapy`
#'   or `Surv(time, status) ~ therapy` ([Surv_CNSR()] for ADaM data), or with the groups `pcr ~ therapy * her2`.
#' @param n Group sizes, with counts.
#' @param margin The smallest difference that matters, above 0: a difference in proportions (0.1 is ten percentage
#'   points), a hazard ratio other than 1, or a time. There is no default: no statistic can say what matters to patients.
#' @param group With `therapy * her2`, the group that the claim is about.
#' @param effect `"risk_difference"`, `"hazard_ratio"` or `"rmst_difference"`. By default the first two.
#' @param better Is a `"higher"` or a `"lower"` effect an improvement? By default higher (more responses, longer
#'   times), for hazard ratios lower.
#' @param power The power for the detectable difference.
#' @param prior.sd The standard deviation between the groups' true effects, for shrinkage; see there.
#' @return An object of class `her2_claim`: `verdict`, `reason`, and more. [generics::tidy()] gives rows with columns term
#'   (`"effect"`, `"test"`, `"interaction"`, `"shrunken"`), method, group, estimate, std.error, statistic, p.value, conf.low,
#'   conf.high, margin, alternative; [generics::glance()] one row. Estimates are on the scale that is shown (hazard ratios
#'   as such, their standard errors of the logarithm), in the direction other over, or minus, reference; so is the
#'   margin: what is better by it, and for non-inferiority what is worse by it.
#' @section Errors: `her2mod_error_input` where the margin is missing or cannot be one, or no group is named;
#'   otherwise as [test_interaction()].
#' @seealso [test_interaction()], [compare_proportions()], [detectable_difference()]
#' @examples
#' # Ma 2025 (doi:10.4143/crt.2024.1200): pCR in 2+ISH+ with single and dual anti-HER2 therapy
#' check_claim("no improvement", c(single = 6, dual = 13), c(49, 68), margin = 0.10)
#'
#' # Zhang 2026 (doi:10.3389/fonc.2026.1799768), with 3+ beside it
#' zhang <- data.frame(
#'   her2 = c("3+", "3+", "2+ISH+", "2+ISH+"), therapy = c("single", "dual", "single", "dual"),
#'   pcr = c(74, 58, 9, 7), n = c(160, 92, 34, 22)
#' )
#' check_claim("differs between groups", cbind(pcr, n - pcr) ~ therapy * her2, data = zhang,
#'   ref = c(therapy = "single", her2 = "3+"), margin = 0.10
#' )
#' @export
check_claim <- function(claim, x, n = NULL, data = NULL, margin = NULL, group = NULL, effect = NULL, better = NULL,
                        tau = NULL, subset = NULL, na.action = stats::na.omit, weights = NULL, ref = NULL,
                        conf.level = 0.95, power = 0.8, prior.sd = NULL) {
  claim <- check_choice(if (missing(claim)) NULL else claim, claims_known, "claim")
  conf.level <- check_probability(conf.level, "conf.level")
  power <- check_probability(power, "power")
  if (!is.null(prior.sd)) prior.sd <- check_prior_sd(prior.sd)
  quoted <- list(subset = substitute(subset), weights = substitute(weights))
  x <- claim_data(x, n, data, quoted, na.action, ref)
  measure <- claim_measure(effect, x)
  refuse_tau(tau, measure)
  wanted <- list(
    claim = claim, measure = measure, margin = check_margin(margin, measure), margin_given = margin,
    unit = attr(data, "unit"), turn = claim_turn(better, measure),
    group = claim_group(group, claim, x), conf.level = conf.level, power = power, prior.sd = prior.sd,
    simulated = is_simulated(data)
  )
  if (measure == "rmst_difference") wanted$tau <- choose_cell_tau(tau, x, cell_curves(x), rlang::current_env())
  result <- new_claim(x, wanted, match.call())
  warn_certain_cells(result$notes)
  result
}

# Counts, one therapy variable, or therapy * group, as interaction_data() has them; without groups in one stratum.
claim_data <- function(x, n, data, quoted, na.action, ref, call = rlang::caller_env()) {
  if (!rlang::is_formula(x)) {
    refuse_rows_of_counts(data, quoted, call)
    counts <- check_counts(x, n, call)
    counts <- counts[match(put_first(counts$group, unlist(ref), call), counts$group), ]
    cells <- data.frame(stratum = 0L, group = 0:1, x = counts$x, n = counts$n)
    return(list(
      endpoint = "binary", cells = cells, groups = counts$group, strata = "all patients", event = "events",
      therapy = "therapy", modifier = NULL, adjusted = NULL, n_dropped = 0
    ))
  }
  if (!is.null(n)) abort_input("{.arg n} goes with counts, not with a formula.", arg = "n", call = call)
  crossed <- rlang::is_formula(x, lhs = TRUE) && any(c("*", ":") %in% all.names(rlang::f_rhs(x)))
  if (crossed) return(interaction_data(x, data, quoted, na.action, ref, call))
  parts <- split_formula(x, call)
  endpoint <- if (is_survival_formula(x, data)) "survival" else "binary"
  compared <- comparison_data(x, data, quoted, na.action, unlist(ref), endpoint, by_row = TRUE, call = call)
  rows <- compared$rows
  rows$stratum <- integer(nrow(rows))
  cells <- compared$cells
  list(
    endpoint = endpoint, rows = rows, cells = cells[order(cells$group), ], groups = compared$groups,
    strata = "all patients", event = compared$event, therapy = rlang::as_label(parts$group), modifier = NULL,
    adjusted = NULL, n_dropped = compared$n_dropped
  )
}

refuse_rows_of_counts <- function(data, quoted, call) {
  given <- c(data = !is.null(data), subset = !is.null(quoted$subset), weights = !is.null(quoted$weights))
  if (!any(given)) return(invisible())
  abort_input(c("{.arg {names(which(given))}} {?goes/go} with a formula, not with counts.",
    i = "The counts themselves are {.arg x} and {.arg n}."), arg = names(which(given))[[1]], call = call)
}

is_survival_formula <- function(formula, data) {
  left <- rlang::f_lhs(formula)
  named <- rlang::is_call(left) && any(names(survival_readers()) %in% all.names(left))
  named || (is.symbol(left) && inherits(data[[as.character(left)]], "Surv"))
}

claim_measure <- function(effect, x, call = rlang::caller_env()) {
  fitting <- if (x$endpoint == "survival") c("hazard_ratio", "rmst_difference") else "risk_difference"
  measure <- if (is.null(effect)) fitting[[1]] else check_choice(effect, fitting, "effect", call = call)
  if (length(x$adjusted) && measure != "hazard_ratio") {
    abort_input(c("Only the hazard ratio is adjusted for covariates here.",
      x = "The formula has {.val {x$adjusted}}."), arg = "x", call = call)
  }
  measure
}

# On the analysis scale, above 0.
check_margin <- function(margin, measure, call = rlang::caller_env()) {
  example <- switch(measure,
    risk_difference = "{.code margin = 0.10} is ten percentage points",
    hazard_ratio = "{.code margin = 0.8} is a hazard lower by a fifth",
    rmst_difference = "{.code margin = 3} is three units of time"
  )
  hint <- c(i = paste0("It is the smallest difference that matters, for clinicians and patients to say: ", example, "."),
    i = "Without it no result can support \"no improvement\".")
  if (is.null(margin)) abort_input(c("{.arg margin} is missing, and is never guessed.", hint), arg = "margin", call = call)
  ok <- is.numeric(margin) && length(margin) == 1 && is.finite(margin) && margin > 0 &&
    switch(measure, risk_difference = margin < 1, hazard_ratio = margin != 1, TRUE)
  if (!ok) {
    wanted <- switch(measure,
      risk_difference = "a proportion between 0 and 1, both excluded", hazard_ratio = "a ratio above 0 other than 1",
      rmst_difference = "a time above 0"
    )
    percent <- measure == "risk_difference" && is.numeric(margin) && length(margin) == 1 && is.finite(margin) && margin >= 1
    abort_input(c("{.arg margin} must be {wanted}.", x = "It is {.val {margin}}.",
      i = if (percent) "Write percentage points as a proportion: {.code margin = {margin / 100}}.", hint
    ), arg = "margin", value = margin, call = call)
  }
  if (measure == "hazard_ratio") abs(log(margin)) else as.double(margin)
}

claim_turn <- function(better, measure, call = rlang::caller_env()) {
  if (is.null(better)) better <- if (measure == "hazard_ratio") "lower" else "higher"
  if (check_choice(better, c("higher", "lower"), "better", call = call) == "higher") 1 else -1
}

# The place of the group that the claim is about.
claim_group <- function(group, claim, x, call = rlang::caller_env()) {
  k <- length(x$strata)
  if (claim == "differs between groups") {
    if (k < 2) {
      abort_input(c("{.val {claim}} needs groups.", i = "Write {.code pcr ~ therapy * her2}."), arg = "claim", call = call)
    }
    if (is.null(group) && k == 2) return(2L)
  }
  if (k == 1) {
    if (!is.null(group)) {
      abort_input("{.arg group} is for formulas with groups: {.code therapy * her2}.", arg = "group", call = call)
    }
    return(1L)
  }
  if (is.null(group)) {
    abort_input(c("{.arg group} is missing: which group is the claim about?", i = "One of {.val {x$strata}}."),
      arg = "group", call = call)
  }
  at <- match(check_choice(as.character(group), x$strata, "group", call = call), x$strata)
  if (claim == "differs between groups" && at == 1) {
    abort_input(c("{.arg group} must differ from the reference group, {.val {x$strata[[1]]}}.",
      i = "Choose the reference with {.arg ref}."), arg = "group", call = call)
  }
  at
}
