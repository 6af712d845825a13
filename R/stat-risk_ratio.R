#' Risk ratio
#'
#' \eqn{p_1 / p_0}, \eqn{p_g = x_g/n_g} the share of group g with the event, other over reference,
#' evaluated as its logarithm with standard error
#' \eqn{\sqrt{1/x_0 - 1/n_0 + 1/x_1 - 1/n_1}} (\doi{10.2307/2530610}). 0 or `Inf` where one group has
#' no events, undefined where neither has.
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: From [boot_ci()] and [perm_test()]: `her2mod_error_input` where the response is not binary,
#'   `her2mod_error_data` where there are not exactly two groups.
#' @examples
#' stat_risk_ratio()
#' @export
stat_risk_ratio <- function() new_her2_stat("risk_ratio")
