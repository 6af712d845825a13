#' Survival difference at a time
#'
#' \eqn{S_1(t) - S_0(t)} of the groups' Kaplan-Meier curves, other minus reference, with Greenwood's
#' standard error (\doi{10.1080/01621459.1958.10501452}). In a replicate whose follow-up ends before t
#' the curve stays at its last value.
#'
#' @param time The time t, in the units of the response; within the follow-up of both groups.
#' @param studentised Whether to divide the difference by its standard error, as of each permutation: a
#'   permutation test of it is valid for large groups also where they were followed for different lengths
#'   of time, but not for small ones. See Unequal follow-up in [perm_test()].
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @examples
#' stat_survival_difference(time = 36)
#' @export
stat_survival_difference <- function(time, studentised = FALSE) {
  time <- check_time(time, "time")
  stat <- new_her2_stat("survival_difference", list(time = time), paste("survival difference at", format(time)))
  over_error(stat, studentised)
}
