#' Ratio of restricted mean survival times
#'
#' \eqn{\int_0^\tau S_1 / \int_0^\tau S_0}, other over reference, evaluated as its logarithm with the
#' delta method's standard error (\doi{10.1200/JCO.2014.55.2208}).
#'
#' @inheritParams stat_rmst_difference
#' @param studentised Whether to divide the logarithm of the ratio by its standard error, as of each permutation: see
#'   [stat_rmst_difference()].
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @examples
#' stat_rmst_ratio(tau = 60)
#' @export
stat_rmst_ratio <- function(tau, studentised = FALSE) {
  tau <- check_time(tau, "tau")
  stat <- new_her2_stat("rmst_ratio", list(tau = tau), paste0("RMST ratio (tau = ", format(tau), ")"))
  over_error(stat, studentised)
}
