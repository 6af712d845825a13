#' MaxCombo statistic
#'
#' The largest \eqn{|U|/\sqrt V} of several Fleming-Harrington tests (\doi{10.1080/19466315.2019.1697738}),
#' each studentised by its own variance, in every replicate anew; risk sets within strata. Of three groups or more
#' the largest of their chi-squared statistics, the quadratic forms of [compare_survival()], where its asymptotic p-value is,
#' too.
#'
#' @param rho,gamma The exponents of the tests, vectors of one length.
#' @return A `her2_stat`, for `statistic =` of [perm_test()].
#' @seealso [stat_fleming_harrington()]
#' @examples
#' stat_maxcombo()
#' @export
stat_maxcombo <- function(rho = c(0, 0, 1, 1), gamma = c(0, 1, 0, 1)) {
  if (length(rho) != length(gamma) || length(rho) == 0) {
    abort_input("{.arg rho} and {.arg gamma} must have one length.", arg = "rho")
  }
  rho <- vapply(rho, check_exponent, 0, arg = "rho")
  gamma <- vapply(gamma, check_exponent, 0, arg = "gamma")
  usual <- identical(c(rho, gamma), c(0, 0, 1, 1, 0, 1, 0, 1))
  if (usual) return(new_her2_stat("maxcombo"))
  tests <- paste0("FH(", rho, ", ", gamma, ")", collapse = ", ")
  new_her2_stat("maxcombo", list(pairs = as.double(rbind(rho, gamma))), paste("MaxCombo of", tests))
}
