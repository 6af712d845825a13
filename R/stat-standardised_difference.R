#' Standardised difference
#'
#' The difference of two means in units of a standard deviation, other minus reference.
#'
#' * `form = "hedges"`: \eqn{g = J (\bar y_1 - \bar y_0)/s}, s pooled with \eqn{f = n_0 + n_1 - 2}
#'   degrees of freedom, \eqn{J = \Gamma(f/2) / (\sqrt{f/2}\,\Gamma((f-1)/2))}
#'   (\doi{10.3102/10769986006002107}); standard error
#'   \eqn{J\sqrt{1/n_0 + 1/n_1 + d^2/(2f)}}, \eqn{d = g/J}.
#' * `form = "balance"`: \eqn{(\bar y_1 - \bar y_0)/\sqrt{(s_0^2 + s_1^2)/2}}, as tables of baseline
#'   balance use it; for a response of 0 and 1 (or logical) \eqn{s^2 = p(1-p)}
#'   (\doi{10.1002/sim.3697}); standard error \eqn{\sqrt{1/n_0 + 1/n_1 + d^2/(2(n_0 + n_1))}}.
#'
#' `Inf` where the groups differ without any spread. For more than two levels see
#' [stat_standardised_distance()].
#'
#' @param form `"hedges"` or `"balance"`.
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: `her2mod_error_input` for another `form`. From [boot_ci()] and [perm_test()] also where the response
#'   is not numeric; `her2mod_error_data` where it is infinite or there are not exactly two groups.
#' @examples
#' stat_standardised_difference("balance")
#' @export
stat_standardised_difference <- function(form = c("hedges", "balance")) {
  form <- check_option(form, c("hedges", "balance"), "form")
  title <- if (form == "hedges") "standardised difference (Hedges' g)" else "standardised difference (balance form)"
  new_her2_stat("standardised_difference", list(balance = as.double(form == "balance")), title)
}
