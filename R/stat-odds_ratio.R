#' Odds ratio
#'
#' \eqn{p_1(1-p_0) / (p_0(1-p_1))}, \eqn{p_g} the share of group g with the event, other over reference,
#' evaluated as its logarithm with standard error the root of the sum of the four reciprocal counts
#' (\doi{10.1111/j.1469-1809.1955.tb01348.x}). 0 or `Inf` where one count is 0, undefined where both
#' groups have no events, or only events.
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: From [boot_ci()] and [perm_test()]: `her2mod_error_input` where the response is not binary,
#'   `her2mod_error_data` where there are not exactly two groups.
#' @examples
#' stat_odds_ratio()
#' @export
stat_odds_ratio <- function() new_her2_stat("odds_ratio")
