#' Standardised distance of a categorical variable
#'
#' The standardised difference of tables of baseline balance for any number of levels,
#' \eqn{\sqrt{(p_1 - p_0)' S^+ (p_1 - p_0)}} with p the shares of the levels,
#' \eqn{S = (S_0 + S_1)/2}, \eqn{S_g = \mathrm{diag}(p_g) - p_g p_g'} and \eqn{S^+} the generalised
#' inverse (Yang and Dalton 2012, SAS Global Forum, paper 335). With two levels it is the absolute
#' value of [stat_standardised_difference()] in its balance form. Never negative; `Inf` where a set
#' of levels tells the groups apart, as disjoint levels do. Equal groups have an expected value
#' above 0.
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: From [boot_ci()] and [perm_test()]: `her2mod_error_input` where the response is not categorical (a
#'   factor, text, logical or whole numbers) or has more than 200 levels, `her2mod_error_data` where there are not
#'   exactly two groups.
#' @examples
#' stat_standardised_distance()
#' @export
stat_standardised_distance <- function() new_her2_stat("standardised_distance")
