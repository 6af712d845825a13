#' Effects adjusted for covariates
#'
#' How the group changes a risk, or the mean survival time up to a limit, if both groups had the covariates of
#' one population: a marginal (standardised) effect, with bootstrap intervals whose every replicate fits the
#' models anew. It shows what was adjusted: the covariates' balance before and after weighting, and how extreme
#' the weights are.
#'
#' [stat_adjusted_risk_difference()] and [stat_adjusted_rmst_difference()] have the formulas; this function runs
#' [boot_ci()] with them.
#'
#' @section Estimand:
#' "All patients": the effect if everybody, of both groups, were in the one group against the other. With
#' `target` it is the effect in patients like those of one group. With `estimator = "overlap"` it is the effect in
#' those whose covariates make either group likely: not in all patients. A HER2 group cannot be assigned; the
#' effect then is a comparison of groups made alike in these covariates, no more, and is causal only if they
#' hold all that matters.
#'
#' @section Positivity:
#' Every patient must have had a chance of being in either group. The print holds the range of the fitted
#' propensities, the largest weight (as a multiple of its group's mean weight) and the effective sample size,
#' \eqn{(\sum w)^2 / \sum w^2}, in each group. Where a propensity is below `trim` or above 1 - `trim` there is a
#' warning of class `her2mod_warning_positivity`. Nobody is left out, and no weight is cut.
#'
#' @section Balance:
#' `balance()` gives for each covariate the means of the groups, for each level of a factor (ordered or not, whatever its
#' contrasts in the models; of two levels the second) their shares, and the
#' standardised difference, other minus reference, before and after weighting; the divisor is the root of the
#' mean of the groups' variances before weighting, both times (\doi{10.1002/sim.3697}). For g-computation, which
#' has no weights, `after` shows what inverse probability weights would do. Below 0.1 is usually taken for balanced.
#' `ggplot2::autoplot(x, what = "balance")` draws it (a love plot).
#'
#' @inheritParams boot_ci
#' @inheritParams stat_adjusted_risk_difference
#' @param formula `response ~ group`, or `Surv(time, status) ~ group` ([Surv_CNSR()] for ADaM data) for
#'   `"rmst_difference"`. The first level of `group` is the reference, unless `ref` says otherwise.
#' @param effect What is compared.
#' @param tau Of `"rmst_difference"`: up to when; see [stat_adjusted_rmst_difference()].
#' @param estimator How: `"g_computation"`, `"ipw"`, `"overlap"` or `"doubly_robust"` (not for survival).
#' @param strata A factor to resample within (or write it after `|`); it does not adjust: name it in `adjust` too.
#' @param cluster What is resampled as a whole: centres. With fewer than 20, say, the variance is underestimated (see
#'   [boot_ci()], Schemes); the print says so.
#' @param weights Whole numbers: how many patients each row stands for.
#' @param trim The chance of either group below which a warning is given.
#' @return An object of classes `her2_adjusted` and `her2_boot`; `means` holds the groups' adjusted risks (or
#'   means), `crude` the effect without adjustment, `propensity` the fitted chance of the other group for each
#'   row of `job$cohort`, `balance` and `weighting` the tables described above.
#' @section Errors: `her2mod_error_input` where `adjust` is missing, `tau` is missing for restricted means or given for
#'   others, `trim` is no probability, or `balance()` gets anything else; otherwise as
#'   [stat_adjusted_risk_difference()], [stat_adjusted_rmst_difference()] and [boot_ci()]. `her2mod_warning_positivity`
#'   where the covariates separate the groups, or patients have a chance of a group below `trim` (fields `n`, `range`).
#' @seealso [logistic_regression()], [e_value()] for confounders that were not measured.
#' @references Hernan MA, Robins JM (2020), Causal Inference: What If, Chapman & Hall/CRC. Austin PC (2009),
#'   \doi{10.1002/sim.3697}.
#' @examples
#' # infertility after induced abortions, from datasets
#' women <- transform(datasets::infert, induced = factor(induced > 0, labels = c("never", "induced")))
#' x <- adjusted_effect(case ~ induced, women, ~ age + parity + education, R = 499, seed = 1)
#' x
#' balance(x)
#' @export
adjusted_effect <- function(formula, data = NULL, adjust,
                            effect = c("risk_difference", "risk_ratio", "odds_ratio", "rmst_difference"),
                            estimator = c("g_computation", "ipw", "overlap", "doubly_robust"), tau = NULL,
                            target = c("all", "reference", "other"), interactions = FALSE, firth = FALSE,
                            type = "bca", R = 9999, seed = NULL, subset = NULL, na.action = stats::na.omit,
                            strata = NULL, cluster = NULL, weights = NULL, ref = NULL, conf.level = 0.95,
                            alternative = c("two.sided", "less", "greater"),
                            scheme = c("ordinary", "balanced", "fractional"), trim = 0.02, precision = NULL,
                            threads = NULL, progress = NULL, backend = NULL) {
  call <- rlang::current_env()
  effect <- check_option(effect, c("risk_difference", "risk_ratio", "odds_ratio", "rmst_difference"), "effect", call)
  trim <- check_probability(trim, "trim", open = FALSE, call = call)
  if (missing(adjust)) {
    abort_input("{.arg adjust} must name the covariates, like {.code ~ age + stage + hr}.", arg = "adjust", call = call)
  }
  statistic <- effect_statistic(effect, adjust, estimator, tau, target, interactions, firth, call)
  alternative <- check_option(alternative, alternatives, "alternative", call)
  wanted <- list(
    type = choose_types(type, call), conf.level = check_level(conf.level, alternative, call), alternative = alternative,
    scheme = check_option(scheme, c("ordinary", "balanced", "fractional"), "scheme", call), call = match.call()
  )
  precision <- check_precision(precision, call)
  how <- resampling_options(R, seed, threads, progress, backend, call)
  quoted <- list(
    subset = substitute(subset), strata = substitute(strata), cluster = substitute(cluster),
    weights = substitute(weights)
  )
  x <- boot_of(formula, data, quoted, na.action, ref, statistic, wanted, how, precision = precision, call = call)
  describe_adjustment(x, trim)
}

effect_statistic <- function(effect, adjust, estimator, tau, target, interactions, firth, call) {
  survival <- effect == "rmst_difference"
  if (survival != !is.null(tau)) {
    abort_input(c(
      "{.arg tau} belongs to {.code effect = \"rmst_difference\"}, and must be given there.",
      x = "{.arg effect} is {.val {effect}}, and {.arg tau} is {if (is.null(tau)) 'not given' else tau}."
    ), arg = "tau", call = call)
  }
  if (!survival) {
    make <- switch(effect, risk_difference = stat_adjusted_risk_difference, risk_ratio = stat_adjusted_risk_ratio,
      odds_ratio = stat_adjusted_odds_ratio
    )
    return(make(adjust, estimator, target, interactions, firth))
  }
  estimator <- check_option(estimator, adjusted_estimators, "estimator", call)
  if (estimator == "doubly_robust" || isTRUE(interactions)) {
    abort_input(c(
      "An adjusted RMST difference has neither a doubly robust estimator nor interactions.",
      i = "Its estimators are {.val g_computation}, {.val ipw} and {.val overlap}."
    ), arg = if (isTRUE(interactions)) "interactions" else "estimator", call = call)
  }
  stat_adjusted_rmst_difference(adjust, tau, estimator, target, firth)
}

# What was adjusted, of the rows as they are.
describe_adjustment <- function(x, trim) {
  cohort <- x$job$cohort
  x$means <- stats::setNames(call_core(cpp_adjusted_means(x$job)), x$groups)
  x$crude <- crude_effect(x)
  x$propensity <- fit_propensity(cohort, identical(x$statistic$parameters$firth, 1))
  weight <- row_weights(x)
  x$balance <- balance_table(cohort, weight, x$covariates, x$levelled)
  x$weighting <- weighting_table(cohort, weight, x$propensity, x$groups)
  x$trim <- trim
  class(x) <- c("her2_adjusted", class(x))
  warn_positivity(x)
  x
}

crude_effect <- function(x) {
  job <- x$job
  job$statistic <- sub("adjusted_", "", job$statistic)
  job$parameters <- if (x$endpoint == "survival") x$statistic$parameters$tau else double()
  job$jackknife_error <- FALSE
  job$outputs <- 1L
  job$cohort$covariates <- NULL
  to_display(x$statistic, evaluate_job(job)[[1]])
}

# The chance of the other group given the covariates; NA where they separate the groups.
fit_propensity <- function(cohort, firth) {
  frequency <- frequency_of(cohort)
  fit <- cpp_logistic_fit(
    list(trials = frequency, events = frequency * cohort$group, covariates = cohort$covariates, cluster = NULL),
    list(firth = firth, whole = TRUE, robust = FALSE, n_clusters = 0, drop = NULL)
  )
  if (fit$end != "finite") return(rep(NA_real_, length(frequency)))
  design <- cbind(1, do.call(cbind, cohort$covariates))
  stats::plogis(linear_predictor(design, fit$coefficients))
}

# As balancing_weight() in stat/adjustment.hpp; those of g-computation would be inverse probabilities.
row_weights <- function(x) {
  e <- x$propensity
  other <- x$job$cohort$group == 1
  own <- ifelse(other, e, 1 - e)
  if (x$statistic$estimator == "overlap") return(1 - own)
  switch(x$statistic$target,
    all = 1 / own,
    reference = ifelse(other, (1 - own) / own, 1),
    other = ifelse(other, 1, (1 - own) / own)
  )
}

warn_positivity <- function(x) {
  e <- x$propensity
  if (anyNA(e)) {
    warn_her2(c(
      "The covariates separate the groups: somebody could not have been in the other one.",
      i = "G-computation then rests on the outcome model alone. There are no weights, and no balance after them."
    ), "positivity")
    return(invisible())
  }
  n <- frequency_of(x$job$cohort)
  beyond <- sum(n[e < x$trim | e > 1 - x$trim])
  if (beyond > 0) {
    warn_her2(c(
      paste0(
        "{count_of(beyond, 'patient')} {cli::qty(beyond)}{?has/have} a fitted chance of one group below ",
        "{format_percent(x$trim)}."
      ),
      i = paste0(
        "Smallest {signif(min(e), 2)}, largest {1 - signif(1 - max(e), 2)}, of being {x$groups[[2]]}. Weights may be extreme;",
        " {.code estimator = \"overlap\"} does not need them."
      )
    ), "positivity", n = beyond, range = range(e))
  }
}
