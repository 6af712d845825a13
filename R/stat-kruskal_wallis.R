#' Kruskal-Wallis statistic
#'
#' Do any of two or more groups tend to higher values?
#' \eqn{H = \sum_g n_g(\bar r_g - \bar r)^2 / (\sum_i (r_i - \bar r)^2/(n - 1))} over mid-ranks r,
#' which corrects for ties (\doi{10.1080/01621459.1952.10483441}). A test statistic: large values
#' speak against equal groups, and there is no interval.
#'
#' With strata it is \eqn{U'V^-U}, where \eqn{U_g = \sum_s \sum_{i \in s, g} (r_i - \bar r_s)} over strata s, with ranks
#' among all rows, and V is the covariance of U where labels are permuted within strata (Strasser and Weber 1999,
#' Math Methods Stat 8:220), as in coin's `kruskal_test(y ~ g | block)`. So groups are compared within strata, whatever their
#' shares there.
#'
#' @return A `her2_stat`, for `statistic =` of [perm_test()].
#' @section Errors: From [perm_test()]: `her2mod_error_input` where the response is not numeric, `her2mod_error_data`
#'   where it is infinite or there is one group. [boot_ci()] refuses it (`her2mod_error_input`).
#' @examples
#' stat_kruskal_wallis()
#' @export
stat_kruskal_wallis <- function() new_her2_stat("kruskal_wallis")
