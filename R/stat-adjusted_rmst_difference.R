#' Adjusted difference in restricted mean survival time
#'
#' The effect of the group on the mean survival time up to \eqn{\tau}, in the units of time, if both groups had the
#' covariates of one population. The models behind it are fitted anew in every replicate.
#'
#' * `"ipw"` and `"overlap"`: the areas under Kaplan-Meier curves of weighted patients (\doi{10.1002/sim.2174}),
#'   with the weights of [stat_adjusted_risk_difference()]. Censoring must not depend on prognosis within a group.
#' * `"g_computation"`: the mean over the population's patients of the area under each one's curve by Cox's model of
#'   group and covariates, \eqn{\exp(-H(t) e^{x'b})}, H by Efron's rule. Hazards must be proportional; censoring
#'   may depend on the covariates.
#'
#' Curves and models are of all patients: strata keep resampling within them, and do not change the estimate. In a
#' replicate whose follow-up ends before \eqn{\tau} a curve stays at its last value. Entry times are not taken.
#'
#' @inheritParams stat_adjusted_risk_difference
#' @param tau The time \eqn{\tau}, in the units of the response; within the follow-up of both groups. Beyond the last time
#'   of all, which is taken where both groups' curves are at 0 there, it is restricted to that time, with a warning.
#' @param estimator `"g_computation"`, `"ipw"` or `"overlap"`.
#' @param firth Firth's penalty in the model of the weights.
#' @return A `her2_stat`, for `statistic =` of [boot_ci()].
#' @section Errors: `her2mod_error_input` where `adjust` is not a one-sided formula of covariates, or has `strata()`, for an
#'   unknown `estimator` or `target`, a `target` with `"overlap"`, `firth` with `"g_computation"`, and a `tau` that is not
#'   positive and finite. From [boot_ci()] also where `tau` is beyond a group's follow-up, the response is no survival time
#'   or has entry times; `her2mod_warning_tau` where `tau` was restricted; otherwise as [stat_adjusted_risk_difference()].
#' @seealso [adjusted_effect()]
#' @examples
#' stat_adjusted_rmst_difference(~ age + grade, tau = 60, estimator = "overlap")
#' @export
stat_adjusted_rmst_difference <- function(adjust, tau, estimator = c("g_computation", "ipw", "overlap"),
                                          target = c("all", "reference", "other"), firth = FALSE) {
  tau <- check_time(tau, "tau")
  estimator <- check_option(estimator, c("g_computation", "ipw", "overlap"), "estimator")
  if (isTRUE(firth) && estimator == "g_computation") {
    abort_input("{.arg firth} is for the model of weights: Cox's model has no penalty here.", arg = "firth")
  }
  adjusted_stat("adjusted_rmst_difference", adjust, estimator, target, FALSE, firth, tau)
}
