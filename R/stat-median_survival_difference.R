#' Difference in median survival
#'
#' The difference of the medians of the Kaplan-Meier curves, other minus reference. The median is the
#' first time with S below 0.5; where the curve stands at 0.5, the middle of that step
#' (as `quantile()` of [survival::survfit()] has it). Where a curve stays above 0.5 its median is later
#' than all follow-up: the difference is `Inf` if that is the other group's, `-Inf` if it is the
#' reference's, undefined if both have none. Such replicates keep their place in the order, so an
#' interval that ends at `Inf` says that the data set no limit there.
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @examples
#' stat_median_survival_difference()
#' @export
stat_median_survival_difference <- function() new_her2_stat("median_survival_difference")
