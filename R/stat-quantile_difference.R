#' Quantile difference
#'
#' The difference of the two sample quantiles at `prob`, other minus reference, in the units of the
#' response: R's default definition (type 7, \doi{10.1080/00031305.1996.10473566}). The standard
#' error is Maritz and Jarrett's in the form of Harrell and Davis
#' (\doi{10.1080/01621459.1978.10480027}, \doi{10.1093/biomet/69.3.635}): the standard deviation of
#' the group's ordered values under Beta((n + 1) prob, (n + 1)(1 - prob)) weights.
#'
#' @param prob The probability, between 0 and 1.
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: `her2mod_error_input` for a `prob` that is not between 0 and 1. From [boot_ci()] and [perm_test()]
#'   also where the response is not numeric; `her2mod_error_data` where it is infinite or there are not exactly two
#'   groups.
#' @examples
#' stat_quantile_difference(prob = 0.75)
#' @export
stat_quantile_difference <- function(prob) {
  prob <- check_probability(prob, "prob")
  new_her2_stat("quantile_difference", list(prob = prob), paste(format(prob), "quantile difference"))
}
