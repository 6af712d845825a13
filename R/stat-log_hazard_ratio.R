#' Log hazard ratio
#'
#' The logarithm of the hazard ratio, other over reference, of Cox's model with the group alone; Efron's
#' rule for ties (\doi{10.1080/01621459.1977.10480613}), risk sets within strata, standard error from the
#' information. Prints add the hazard ratio. `-Inf` or `Inf` where one group has no events that count.
#' Beyond 5,000 rows BCa's acceleration comes from the infinitesimal jackknife. [cox_regression()] adjusts for
#' covariates.
#'
#' @param adjust A formula of covariates, such as `~ age + grade`, that Cox's model has beside the group;
#'   every replicate fits them anew. Interactions are allowed, [survival::strata()] terms are not: give
#'   strata to [boot_ci()] or [perm_test()]. Rows with missing covariates are dropped like others.
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
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
