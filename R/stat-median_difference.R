#' Median difference
#'
#' \eqn{m_1 - m_0}, the difference of the two sample medians, other minus reference, in the units of the response; the
#' median of an even number of values is the midpoint of the two in the middle. Standard error as in
#' [stat_quantile_difference()] with `prob = 0.5` (\doi{10.1080/01621459.1978.10480027}).
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: From [boot_ci()] and [perm_test()]: `her2mod_error_input` where the response is not numeric,
#'   `her2mod_error_data` where it is infinite or there are not exactly two groups.
#' @examples
#' stat_median_difference()
#' @export
stat_median_difference <- function() new_her2_stat("median_difference")
