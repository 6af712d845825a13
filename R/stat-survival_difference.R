#' Survival difference at a time
#'
#' \eqn{S_1(t) - S_0(t)} of the groups' Kaplan-Meier curves, other minus reference, on the scale -1 to 1, with Greenwood's
#' standard error \eqn{\sqrt{S_0^2 G_0 + S_1^2 G_1}}, \eqn{G = \sum d/(y(y - d))} over the group's times up to t with d
#' events among y at risk (\doi{10.1080/01621459.1958.10501452}). In a replicate whose follow-up ends before t
#' the curve stays at its last value. Strata keep resampling within them, and do not change the estimate.
#'
#' @param time The time t, in the units of the response; within the follow-up of both groups.
#' @param studentised Whether to divide the difference by its standard error, as of each permutation: a
#'   permutation test of it is valid for large groups also where they were followed for different lengths
#'   of time, but not for small ones. See Unequal follow-up in [perm_test()].
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: `her2mod_error_input` for a `time` that is not positive and finite. From [boot_ci()] and
#'   [perm_test()] also where it is beyond a group's follow-up (field `largest`), unless that ended with an event and
#'   left nobody, or the response is no survival time or its status not 0/1; `her2mod_error_data` for times that are
#'   negative or not finite, where delayed entry leaves nobody of a group at risk at time 0, and where there are not
#'   exactly two groups. `her2mod_warning_no_information`, and `NA`, where nobody has an event.
#' @examples
#' stat_survival_difference(time = 36)
#' @export
stat_survival_difference <- function(time, studentised = FALSE) {
  time <- check_time(time, "time")
  stat <- new_her2_stat("survival_difference", list(time = time), paste("survival difference at", format(time)))
  over_error(stat, studentised)
}
