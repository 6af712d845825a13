#' Log hazard ratio
#'
#' b of Cox's model \eqn{h(t) = h_0(t) e^{bz}} (\doi{10.1111/j.2517-6161.1972.tb00899.x}), z 1 in the other group and 0 in
#' the reference: the logarithm of the hazard ratio, other over reference, without unit. It is the maximum of the partial
#' likelihood with Efron's rule for ties (\doi{10.1080/01621459.1977.10480613}; the formula is in [cox_regression()]), risk
#' sets within strata; its standard error is \eqn{1/\sqrt{I(b)}}, I the information. Prints add the hazard ratio. `-Inf` or
#' `Inf` where one group has no events that count.
#' Beyond 5,000 rows BCa's acceleration comes from the infinitesimal jackknife. [cox_regression()] adjusts for
#' covariates.
#'
#' @param adjust A formula of covariates, such as `~ age + grade`, that Cox's model has beside the group;
#'   every replicate fits them anew. One whose likelihood is monotone in covariates has the log hazard ratio of the limit,
#'   and none where any would do (NaN, counted as undefined). Interactions are allowed, [survival::strata()] terms are not: give
#'   strata to [boot_ci()] or [perm_test()]. Rows with missing covariates are dropped like others.
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: `her2mod_error_input` where `adjust` is not a one-sided formula of covariates, or has `strata()`.
#'   From [boot_ci()] and [perm_test()] also where the response is no survival time or its status not 0/1;
#'   `her2mod_error_data` for times that are negative or not finite, infinite covariates, covariates that determine the
#'   group, and where there are not exactly two groups. `her2mod_warning_no_information`, and `NA`, where nobody has an
#'   event or no event finds both groups at risk; `her2mod_warning_collinear` where covariates determine another.
#' @examples
#' stat_log_hazard_ratio()
#' stat_log_hazard_ratio(adjust = ~ age + grade)
#' @export
stat_log_hazard_ratio <- function(adjust = NULL) {
  if (is.null(adjust)) return(new_her2_stat("log_hazard_ratio"))
  check_adjust(adjust)
  title <- paste("log hazard ratio adjusted for", rlang::expr_text(rlang::f_rhs(adjust)))
  statistic <- new_her2_stat("log_hazard_ratio", title = title)
  statistic$adjust <- adjust
  statistic
}
