#' Difference in restricted mean survival time
#'
#' \eqn{\int_0^\tau S_1 - \int_0^\tau S_0}, other minus reference, in the units of time: the
#' difference of the areas under the Kaplan-Meier curves up to \eqn{\tau}
#' (\doi{10.1200/JCO.2014.55.2208}), with the standard error from Greenwood's sums. In a replicate
#' whose follow-up ends before \eqn{\tau} the curve stays at its last value.
#'
#' @param tau The time \eqn{\tau}, in the units of the response; within the follow-up of both groups.
#' @param studentised Whether to divide the difference by its standard error, as of each permutation: a
#'   permutation test of it is valid for large groups also where they were followed for different lengths
#'   of time, but not for small ones. See Unequal follow-up in [perm_test()].
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @examples
#' stat_rmst_difference(tau = 60)
#' @export
stat_rmst_difference <- function(tau, studentised = FALSE) {
  tau <- check_time(tau, "tau")
  stat <- new_her2_stat("rmst_difference", list(tau = tau), paste0("RMST difference (tau = ", format(tau), ")"))
  over_error(stat, studentised)
}
