#' Risk difference
#'
#' \eqn{p_1 - p_0}, other minus reference, with standard error
#' \eqn{\sqrt{p_0(1-p_0)/n_0 + p_1(1-p_1)/n_1}}. Between -1 and 1, without unit.
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @examples
#' stat_risk_difference()
#' @export
stat_risk_difference <- function() new_her2_stat("risk_difference")
