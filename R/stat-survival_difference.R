#' Survival difference at a time
#'
#' \eqn{S_1(t) - S_0(t)} of the groups' Kaplan-Meier curves, other minus reference, with Greenwood's
#' standard error (\doi{10.1080/01621459.1958.10501452}). In a replicate whose follow-up ends before t
#' the curve stays at its last value.
#'
#' @param time The time t, in the units of the response; within the follow-up of both groups.
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @examples
#' stat_survival_difference(time = 36)
#' @export
stat_survival_difference <- function(time) {
  time <- check_time(time, "time")
  new_her2_stat("survival_difference", list(time = time), paste("survival difference at", format(time)))
}
