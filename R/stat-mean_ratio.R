#' Mean ratio
#'
#' \eqn{\bar y_1 / \bar y_0}, other over reference, of responses of at least 0, evaluated as its
#' logarithm with standard error \eqn{\sqrt{s_0^2/(n_0 \bar y_0^2) + s_1^2/(n_1 \bar y_1^2)}}
#' (\doi{10.1186/1471-2288-8-32}). 0 or `Inf` where one mean is 0, undefined where both are.
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: From [boot_ci()] and [perm_test()]: `her2mod_error_input` where the response is not numeric,
#'   `her2mod_error_data` where it is negative or infinite, or there are not exactly two groups.
#' @examples
#' stat_mean_ratio()
#' @export
stat_mean_ratio <- function() new_her2_stat("mean_ratio")
