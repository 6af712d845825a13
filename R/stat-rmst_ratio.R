#' Ratio of restricted mean survival times
#'
#' \eqn{m_1/m_0}, \eqn{m_g = \int_0^\tau S_g}, other over reference, without unit: the ratio of the areas under the
#' Kaplan-Meier curves up to \eqn{\tau}, evaluated as its logarithm with the delta method's standard error
#' \eqn{\sqrt{v_0/m_0^2 + v_1/m_1^2}} (\doi{10.1200/JCO.2014.55.2208}), v as of [stat_rmst_difference()]. In a replicate
#' whose follow-up ends before \eqn{\tau} the curve stays at its last value.
#'
#' @inheritParams stat_rmst_difference
#' @param studentised Whether to divide the logarithm of the ratio by its standard error, as of each permutation: see
#'   [stat_rmst_difference()].
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: `her2mod_error_input` for a `tau` that is not positive and finite. From [boot_ci()] and
#'   [perm_test()] also where it is beyond a group's follow-up (field `largest`), unless that ended with an event and
#'   left nobody, or the response is no survival time or its status not 0/1; `her2mod_error_data` for times that are
#'   negative or not finite, where delayed entry leaves nobody of a group at risk at time 0, and where there are not
#'   exactly two groups. `her2mod_warning_tau` (fields `tau`, `largest`) where `tau` was restricted;
#'   `her2mod_warning_no_information`, and `NA`, where nobody has an event.
#' @examples
#' stat_rmst_ratio(tau = 60)
#' @export
stat_rmst_ratio <- function(tau, studentised = FALSE) {
  tau <- check_time(tau, "tau")
  stat <- new_her2_stat("rmst_ratio", list(tau = tau), paste("RMST ratio", tau_words(tau)))
  over_error(stat, studentised)
}
