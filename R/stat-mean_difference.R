#' Mean difference
#'
#' \eqn{\bar y_1 - \bar y_0}, other minus reference, in the units of the response, with standard
#' error \eqn{\sqrt{s_0^2/n_0 + s_1^2/n_1}} (Welch, \doi{10.1093/biomet/29.3-4.350}).
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: From [boot_ci()] and [perm_test()]: `her2mod_error_input` where the response is not numeric,
#'   `her2mod_error_data` where it is infinite or there are not exactly two groups.
#' @examples
#' stat_mean_difference()
#' @export
stat_mean_difference <- function() new_her2_stat("mean_difference")
