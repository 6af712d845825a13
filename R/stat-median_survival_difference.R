#' Difference in median survival
#'
#' \eqn{m_1 - m_0}, other minus reference, in the units of time, of the medians of the groups' Kaplan-Meier curves
#' (\doi{10.1080/01621459.1958.10501452}) \eqn{S_g}:
#' * \eqn{m_g = \min\{t: S_g(t) < 0.5\}};
#' * where the curve stands at 0.5 (within 1.5e-8) from one event on, the middle between that time and the next at which it
#'   falls, or the group's last time if there is none, as `quantile()` of [survival::survfit()] has it;
#' * \eqn{m_g = \infty} where the curve stays above 0.5: the median is later than all follow-up.
#'
#' So the difference is `Inf` where only the other group has no median, `-Inf` where only the reference has none: such
#' replicates keep their place in the order, and an interval that ends at `Inf` says that the data set no limit there.
#' Where neither has one it is undefined, and the replicate is left out; [boot_ci()] counts both kinds, and says from which
#' share on they are an error. There is no standard error: `type = "stud"` takes the jackknife's.
#'
#' Replicates resample patients with their times and status (Efron 1981, \doi{10.2307/2287832}), or permute the
#' groups. Curves are of all patients of a group: strata keep resampling within them, and do not change the estimate.
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: From [boot_ci()] and [perm_test()]: `her2mod_error_input` where the response is no survival time or
#'   its status not 0/1, `her2mod_error_data` for times that are negative or not finite and where there are not exactly
#'   two groups. `her2mod_warning_no_information`, and `NA`, where nobody has an event or neither median is reached.
#' @examples
#' stat_median_survival_difference()
#' @export
stat_median_survival_difference <- function() new_her2_stat("median_survival_difference")
