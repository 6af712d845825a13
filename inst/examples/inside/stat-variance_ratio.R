#' Variance ratio
#'
#' \eqn{s_1^2 / s_0^2}, other over reference, with divisors \eqn{n_g - 1}. Analysed as its
#' logarithm: 0 or `Inf` where the responses of one group do not vary.
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @examples
#' stat_variance_ratio()
#' @export
stat_variance_ratio <- function() new_her2_stat("variance_ratio")
