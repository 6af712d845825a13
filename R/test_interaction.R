#' Does the effect of a therapy differ between groups?
#'
#' Tests of interaction with the interval of the contrast: how much larger the effect of a therapy is in one HER2
#' group than in another. A significant effect in one group and none in the other is no evidence that the effects
#' differ; this is the test of that.
#'
#' @section Scales:
#' Whether effects differ depends on how they are measured: equal odds ratios at different baseline risks are unequal
#' differences. So the measure is part of the question, and the print names it:
#' * *additive*: `"risk_difference"`, `"rmst_difference"`; the contrast is the difference of two differences;
#' * *multiplicative*: `"risk_ratio"`, `"odds_ratio"`, `"hazard_ratio"`; the contrast is the ratio of two ratios.
#'
#' By default a binary response gets the risk difference and the odds ratio, a survival response the hazard ratio and
#' the difference in restricted means, one for each scale. With covariates it gets the odds ratio or the hazard ratio
#' alone: a model gives one adjusted ratio, but no one adjusted difference. Adjusted differences and risk ratios, where
#' `effect` asks for them, are standardised (g-computation, see [stat_adjusted_risk_difference()]): in each group a model of
#' its own, averaged over the covariates of its own patients, with the bootstrap's intervals and p-values. So groups may
#' differ in such effects because their patients differ.
#'
#' Each effect is of the other therapy against the reference, each contrast of the other HER2 group against the
#' reference group. References are the first levels, or `ref =`.
#'
#' @section Methods:
#' With \eqn{d_k} the effect in group k (a difference, or a logarithm):
#' * `wald`: \eqn{d_k - d_1} over its standard error \eqn{\sqrt{v_k + v_1}}, from unpooled proportions, Woolf's and
#'   Katz' variances, Greenwood's sums, or a model. All groups together:
#'   \eqn{(Cd)'(CVC')^{-1}Cd}{(Cd)' (C V C')^-1 Cd}.
#' * `likelihood-ratio`: the log-likelihood lost by a common effect, doubled; the interval holds the contrasts that
#'   lose less than the quantile of chi-squared (profile likelihood). Of odds ratios it is that of a logistic model with
#'   therapy, group and their product; of hazard ratios that of Cox's.
#' * `score`: Pearson's statistic at the most likely proportions with a common effect: Gart and Nam's test
#'   (\doi{10.2307/2532084}); the interval holds the contrasts that it does not reject. Exists where a cell is 0.
#' * `newcombe` (difference): from the Wilson limits of the four proportions, \eqn{\delta - \sqrt{\sum (distance\ to\
#'   limit)^2}}, Newcombe's square-and-add for two differences; p by root search.
#' * `breslow-day`, `tarone` (odds ratio): against the Mantel-Haenszel odds ratio, without and with Tarone's
#'   correction (\doi{10.1093/biomet/72.1.91}); tests only, without an interval.
#' * `zelen` (odds ratio): exact, given all margins and the number of events with the therapy in all groups
#'   (\doi{10.1093/biomet/58.1.129}); p sums the tables at most as likely as the observed, ties within 1e-7. With two
#'   groups the interval is what it does not reject (the outermost values, where there are gaps), and the estimate the
#'   conditional one. `exact-central` doubles the smaller tail.
#' * `bootstrap-bca`, `bootstrap-percentile`: patients are drawn within each combination of group and therapy. The
#'   streams of the groups have the seeds `seed`, `seed + 1`, ...; the acceleration is that of several samples. A hazard
#'   ratio is then one of a model for each group alone. With covariates it is for what is standardised, and with more than
#'   two groups `bootstrap-wald` tests all of them, by the bootstrap's variances.
#'
#' Each p-value is of the test that the interval beside it inverts: p < 1 - `conf.level` exactly when the interval
#' excludes no interaction.
#'
#' There is no permutation test here. Permuting therapies within groups is a test of no effect in any group, and
#' permuting groups within therapies one of no difference between groups at all: both reject where effects are equal.
#'
#' Restricted means are compared up to `tau`, by default the last time to which all combinations were followed.
#' Hazard ratios come from one Cox model (Efron's ties) in which the groups' baseline hazards are proportional.
#'
#' @section Zero cells:
#' A contrast of infinite ratios is 0, `Inf` or `NA`, and has no Wald test; likelihood-ratio, score and exact methods
#' have one. Groups without events, or without anything else, say nothing of an odds ratio and take no part. In a model,
#' too, a group in which nobody of either therapy has an event has no ratio (`NA`), nor has a contrast with it.
#'
#' A restricted mean of a combination in which nobody has had the event by `tau` (or everybody at once) has a variance of
#' 0, which is no certainty: what is compared with it has no standard error, interval or p-value, and there is a warning.
#'
#' @inheritParams boot_ci
#' @param formula `pcr ~ therapy * her2`, `cbind(event, n - event) ~ therapy * her2` or
#'   `Surv(time, status) ~ therapy * her2` ([Surv_CNSR()] for ADaM data): first the variable whose effect is compared
#'   (two levels), then the groups (two or more). Covariates follow after `+`; for survival also `strata(centre)`.
#' @param effect Which effects: `"risk_difference"`, `"risk_ratio"`, `"odds_ratio"`, `"hazard_ratio"`,
#'   `"rmst_difference"`. See Scales for the default.
#' @param methods Names of methods; by default all but the bootstrap, which stands alone for what is standardised (BCa).
#' @param tau The time up to which means are restricted.
#' @param ref Reference levels by variable, as `c(therapy = "single", her2 = "3+")`.
#' @param R,seed,threads,progress,backend For the bootstrap, as in [boot_ci()].
#' @return An object of class `her2_interaction`. Where one effect is asked for it is an `htest`, too, whose p-value is
#'   that of the method named first. [generics::tidy()] gives one row an estimate or test, with columns measure,
#'   term (`"test"`: all groups; `"interaction"`: a contrast; `"effect"`: the effect in one group), method, group,
#'   estimate, std.error (of a ratio, of its logarithm), statistic, df, p.value, conf.low, conf.high, alternative;
#'   [generics::glance()] one row a measure, with its first test.
#'
#'   A warning `her2mod_warning_tau` says where bootstrap replicates stop at the last time of all, before `tau`.
#'
#'   Errors: `her2mod_error_input` where the formula has not one interaction of two variables, or an effect does not fit
#'   the response; `her2mod_error_data` where a variable has too few or too many levels, or a combination no patients.
#' @references
#' Altman DG, Bland JM (2003). Interaction revisited: the difference between two estimates. *BMJ* 326:219.
#' \doi{10.1136/bmj.326.7382.219}
#' @seealso [check_claim()] for the verdict on "no improvement in this group", [subgroup_effects()] for many subgroups.
#' @examples
#' # pCR with single and dual anti-HER2 therapy (doi:10.3389/fonc.2026.1799768)
#' zhang <- data.frame(
#'   her2 = c("3+", "3+", "2+ISH+", "2+ISH+"), therapy = c("single", "dual", "single", "dual"),
#'   pcr = c(74, 58, 9, 7), n = c(160, 92, 34, 22)
#' )
#' found <- test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, zhang,
#'   ref = c(therapy = "single", her2 = "3+")
#' )
#' found
#' tidy(found)
#'
#' gbsg <- survival::gbsg
#' test_interaction(Surv(rfstime / 30.44, status) ~ hormon * meno + nodes, gbsg)
#' @export
test_interaction <- function(formula, data = NULL, effect = NULL, methods = NULL, tau = NULL, subset = NULL,
                             na.action = stats::na.omit, weights = NULL, ref = NULL, conf.level = 0.95,
                             R = 9999, seed = NULL, threads = NULL, progress = NULL, backend = NULL) {
  conf.level <- check_probability(conf.level, "conf.level")
  how <- resampling_options(R, seed, threads, progress, backend)
  quoted <- list(subset = substitute(subset), weights = substitute(weights))
  x <- interaction_data(formula, data, quoted, na.action, ref)
  measures <- choose_measures(effect, x)
  refuse_tau(tau, measures)
  wanted <- list(
    conf.level = conf.level, methods = choose_interaction_methods(methods, measures, x), how = how, tau = tau
  )
  result <- new_interaction(x, measures, wanted, is_simulated(data), match.call())
  warn_certain_cells(result$notes)
  result
}

new_interaction <- function(x, measures, wanted, simulated, call, error_call = rlang::caller_env()) {
  curves <- if ("rmst_difference" %in% measures) cell_curves(x)
  if (!is.null(curves)) wanted$tau <- choose_cell_tau(wanted$tau, x, curves, error_call)
  boot <- NULL
  rows <- lapply(measures, function(measure) {
    own <- measure_rows(x, measure, curves, wanted, error_call)
    if (!any(bootstrapped(x, measure) %in% wanted$methods)) return(own)
    run <- boot_interactions(x, measure, wanted, error_call)
    boot <<- list(R = run$R, seed = run$seed, errors = rbind(boot$errors, run$errors))
    rbind(own, run$rows)
  })
  estimates <- order_by_method(do.call(rbind, rows), wanted$methods)
  kept <- x[setdiff(names(x), "rows")]
  result <- structure(
    c(kept, list(
      estimates = estimates, measures = measures, conf.level = wanted$conf.level, tau = wanted$tau, boot = boot,
      simulated = simulated, call = call,
      notes = if (!is.null(curves) && length(x$adjusted) == 0) {
        certain_cells_note(certain_cells(x, curves, wanted$tau), wanted$tau)
      }
    )),
    class = "her2_interaction"
  )
  if (length(measures) == 1) as_interaction_htest(result) else result
}

measure_rows <- function(x, measure, curves, wanted, call) {
  if (by_g_computation(x, measure)) return(NULL)
  if (measure == "hazard_ratio") return(model_interactions(x, measure, wanted, cox_interaction(x, wanted)))
  if (measure == "rmst_difference") return(mean_interactions(x, curves, wanted$tau, wanted))
  if (length(x$adjusted)) return(model_interactions(x, measure, wanted, logistic_interaction(x, wanted)))
  rbind(count_interactions(x, measure, wanted), count_effects(x, measure, wanted))
}

# Within measure and term in the order in which methods were asked for.
order_by_method <- function(rows, methods) {
  term <- match(rows$term, c("test", "interaction", "effect"))
  rows <- rows[order(match(rows$measure, unique(rows$measure)), term, match(rows$method, methods)), ]
  row.names(rows) <- NULL
  rows
}

choose_measures <- function(effect, x, call = rlang::caller_env()) {
  fitting <- if (x$endpoint == "survival") {
    c("hazard_ratio", "rmst_difference")
  } else {
    c("risk_difference", "risk_ratio", "odds_ratio")
  }
  adjusted <- length(x$adjusted) > 0
  if (is.null(effect)) {
    if (adjusted) return(intersect(fitting, c("hazard_ratio", "odds_ratio")))
    if (x$endpoint == "survival" && starts_late(x)) return("hazard_ratio")
    return(setdiff(fitting, "risk_ratio"))
  }
  effect <- check_choice(effect, names(measure_titles), "effect", several = TRUE, call = call)
  if (length(setdiff(effect, fitting))) {
    abort_input(c("{.arg effect} must fit the response, which is {x$endpoint}: some of {.val {fitting}}.",
      x = "It has {.val {setdiff(effect, fitting)}}."), arg = "effect", value = effect, call = call)
  }
  if (!is.null(x$rows$block) && "rmst_difference" %in% effect) {
    abort_input(c("{.fn strata} are of the hazard ratio's model alone.",
      x = "{.arg effect} has {.val rmst_difference}.", i = "Add the variable itself as a covariate."
    ), arg = "effect", value = effect, call = call)
  }
  unique(effect)
}

# A tau that nothing would use.
refuse_tau <- function(tau, measures, call = rlang::caller_env()) {
  if (is.null(tau) || "rmst_difference" %in% measures) return(invisible())
  abort_input(c("{.arg tau} belongs to restricted means.",
    x = "The effect is {.val {measures}}.", i = "Ask for {.code effect = \"rmst_difference\"}."
  ), arg = "tau", value = tau, call = call)
}

choose_interaction_methods <- function(methods, measures, x, call = rlang::caller_env()) {
  of_measure <- lapply(measures, function(measure) {
    if (by_g_computation(x, measure)) return(names(bootstrap_types)[[1]])
    if (measure == "rmst_difference") return("wald")
    if (measure == "hazard_ratio" || length(x$adjusted)) return(model_methods)
    count_methods[[measure]]
  })
  closed <- unique(unlist(of_measure))
  if (is.null(methods)) return(closed)
  boot <- lapply(measures, bootstrapped, x = x)
  methods <- unique(check_choice(methods, unique(c(closed, unlist(boot))), "methods", several = TRUE, call = call))
  without <- !mapply(function(own, boot) any(methods %in% c(own, boot)), of_measure, boot)
  if (any(without)) {
    abort_input(c("None of {.arg methods} is for the effect {.val {measures[without]}}.",
      i = "There {.val {of_measure[[which(without)[[1]]]]}} can be chosen."
    ), arg = "methods", value = methods, call = call)
  }
  methods
}

# Bootstrap methods that there are. With covariates a model's ratio is not of the groups one by one.
bootstrapped <- function(x, measure) {
  if (length(x$adjusted) == 0 || by_g_computation(x, measure)) names(bootstrap_types)
}

# The first test of all groups, or with two groups the first contrast.
first_test <- function(x, measure) {
  rows <- x$estimates[x$estimates$measure == measure & x$estimates$term != "effect", ]
  if (length(x$strata) == 2) rows <- rows[order(rows$term != "interaction"), ]
  rows[1, ]
}

as_interaction_htest <- function(x) {
  test <- first_test(x, x$measures)
  x$statistic <- c(statistic = test$statistic)
  if (!is.na(test$df)) x$parameter <- c(df = test$df)
  x$p.value <- test$p.value
  if (test$term == "interaction") {
    x$estimate <- stats::setNames(test$estimate, paste(if (is_ratio(x$measures)) "ratio of" else "difference of",
      paste0(measure_titles[[x$measures]], "s")))
    x$conf.int <- structure(c(test$conf.low, test$conf.high), conf.level = x$conf.level)
  }
  x$alternative <- "two.sided"
  x$method <- paste0("Interaction on the ", measure_titles[[x$measures]], ", ", test$method)
  x$data.name <- paste0(x$event, " by ", x$therapy, " and ", x$modifier)
  class(x) <- c("her2_interaction", "htest")
  x
}
