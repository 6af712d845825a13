#' Risk difference
#'
#' \eqn{p_1 - p_0}, \eqn{p_g = x_g/n_g} the share of group g with the event, other minus reference, with Wald's standard
#' error \eqn{\sqrt{p_0(1-p_0)/n_0 + p_1(1-p_1)/n_1}} (\doi{10.1080/00031305.2000.10474560}). Between -1 and 1,
#' without unit.
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: From [boot_ci()] and [perm_test()]: `her2mod_error_input` where the response is not binary,
#'   `her2mod_error_data` where there are not exactly two groups.
#' @examples
#' stat_risk_difference()
#' @export
stat_risk_difference <- function() new_her2_stat("risk_difference")
