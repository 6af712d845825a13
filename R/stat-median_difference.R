#' Median difference
#'
#' The difference of the two sample medians, other minus reference, in the units of the response; the
#' median of an even number of values is their midpoint. Standard error as in
#' [stat_quantile_difference()].
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @examples
#' stat_median_difference()
#' @export
stat_median_difference <- function() new_her2_stat("median_difference")
