#' Log hazard ratio
#'
#' The logarithm of the hazard ratio, other over reference, of Cox's model with the group alone; Efron's
#' rule for ties (\doi{10.1080/01621459.1977.10480613}), risk sets within strata, standard error from the
#' information. Prints add the hazard ratio. `-Inf` or `Inf` where one group has no events that count. [cox_regression()] adjusts for
#' covariates.
#'
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @examples
#' stat_log_hazard_ratio()
#' @export
stat_log_hazard_ratio <- function() new_her2_stat("log_hazard_ratio")
