#' Win probability
#'
#' \eqn{P(Y_1 > Y_0) + P(Y_1 = Y_0)/2} for a patient of the other group and one of the reference: the
#' Mann-Whitney statistic as a share of all pairs, 0.5 where neither group tends to higher values.
#' Its permutation test is Wilcoxon's rank-sum test. Standard error by DeLong's variance of the two
#' groups' placements (\doi{10.2307/2531595}).
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: From [boot_ci()] and [perm_test()]: `her2mod_error_input` where the response is not numeric,
#'   `her2mod_error_data` where it is infinite or there are not exactly two groups.
#' @examples
#' stat_win_probability()
#' @export
stat_win_probability <- function() new_her2_stat("win_probability")
