#' Difference in restricted mean survival time
#'
#' \eqn{\int_0^\tau S_1 - \int_0^\tau S_0}, other minus reference, in the units of time: the
#' difference of the areas under the Kaplan-Meier curves up to \eqn{\tau}
#' (\doi{10.1200/JCO.2014.55.2208}). The standard error is \eqn{\sqrt{v_0 + v_1}}, in each group
#' \eqn{v = \sum_{t < \tau} (\int_t^\tau S)^2 d/(y(y - d))} over the times t with d events among y at risk. In a replicate
#' whose follow-up ends before \eqn{\tau} the curve stays at its last value. Strata keep resampling within them, and do not
#' change the estimate.
#'
#' @param tau The time \eqn{\tau}, in the units of the response; within the follow-up of both groups. Beyond the last time
#'   of all, which is taken where both curves are at 0 there, it is restricted to that time: the estimate is the same, and
#'   replicates are not extended beyond what was observed.
#' @param studentised Whether to divide the difference by its standard error, as of each permutation: a
#'   permutation test of it is valid for large groups also where they were followed for different lengths
#'   of time, but not for small ones. See Unequal follow-up in [perm_test()].
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: `her2mod_error_input` for a `tau` that is not positive and finite. From [boot_ci()] and
#'   [perm_test()] also where it is beyond a group's follow-up (field `largest`), unless that ended with an event and
#'   left nobody, or the response is no survival time or its status not 0/1; `her2mod_error_data` for times that are
#'   negative or not finite, where delayed entry leaves nobody of a group at risk at time 0, and where there are not
#'   exactly two groups. `her2mod_warning_tau` (fields `tau`, `largest`) where `tau` was restricted;
#'   `her2mod_warning_no_information`, and `NA`, where nobody has an event.
#' @examples
#' stat_rmst_difference(tau = 60)
#' @export
stat_rmst_difference <- function(tau, studentised = FALSE) {
  tau <- check_time(tau, "tau")
  stat <- new_her2_stat("rmst_difference", list(tau = tau), paste("RMST difference", tau_words(tau)))
  over_error(stat, studentised)
}
