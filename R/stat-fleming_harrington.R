#' Fleming-Harrington score
#'
#' The log-rank score \eqn{U = \sum w (d_1 - d y_1/y)} of [stat_logrank()], and its standard error, with weights
#' \eqn{w = S(t-)^\rho (1 - S(t-))^\gamma} of the Kaplan-Meier curve of all groups together, of the stratum
#' (\doi{10.1002/9781118150672}); \eqn{0^0 = 1}. \eqn{\gamma > 0} weighs late differences, \eqn{\rho > 0} early ones.
#' FH(1, 0) is not Peto and Peto's test, see [stat_logrank()].
#'
#' @param rho,gamma The exponents, not negative.
#' @inheritParams stat_logrank
#' @return A `her2_stat`, for `statistic =` of [perm_test()] and [boot_ci()].
#' @section Errors: `her2mod_error_input` where an exponent is negative or not finite. From [perm_test()] and
#'   [boot_ci()] as of [stat_logrank()].
#' @examples
#' stat_fleming_harrington(rho = 0, gamma = 1)
#' @export
stat_fleming_harrington <- function(rho, gamma, studentised = FALSE) {
  rho <- check_exponent(rho, "rho")
  gamma <- check_exponent(gamma, "gamma")
  studentised <- check_flag(studentised, "studentised")
  new_her2_stat(
    "fleming_harrington", list(rho = rho, gamma = gamma, studentised = as.double(studentised)),
    paste0(if (studentised) "studentised ", "FH(", format(rho), ", ", format(gamma), ") score")
  )
}

check_exponent <- function(x, arg, call = rlang::caller_env()) {
  ok <- is.numeric(x) && length(x) == 1 && is.finite(x) && x >= 0
  if (!ok) {
    abort_input(c("{.arg {arg}} must be one finite number of at least 0.", x = "It is {.val {x}}."),
      arg = arg, value = x, call = call
    )
  }
  as.double(x)
}
