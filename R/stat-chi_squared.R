#' Pearson's chi-squared statistic
#'
#' Are the levels of a categorical variable spread alike over two or more groups?
#' \eqn{\sum (O - E)^2/E} over the cells of the table of groups by levels
#' (\doi{10.1080/14786440009463897}). A test statistic: large values speak against equal groups, and
#' there is no interval.
#'
#' With strata it is Cochran, Mantel and Haenszel's statistic of general association (Landis, Heyman and Koch 1978,
#' \doi{10.2307/1402373}; that of [stats::mantelhaen.test()]): the counts' distance from what is expected within strata, in
#' their covariance. It takes at most 300 degrees of freedom, (groups - 1)(levels - 1).
#'
#' @return A `her2_stat`, for `statistic =` of [perm_test()].
#' @section Errors: From [perm_test()]: `her2mod_error_input` where the response is not categorical (a factor, text,
#'   logical or whole numbers) or has more than 200 levels, `her2mod_error_data` where there is one group. [boot_ci()]
#'   refuses it (`her2mod_error_input`).
#' @examples
#' stat_chi_squared()
#' @export
stat_chi_squared <- function() new_her2_stat("chi_squared")
