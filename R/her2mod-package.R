#' @keywords internal
#' @useDynLib her2mod, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom generics tidy glance
#' @importFrom rlang .data
#' @importFrom stats getCall coef confint nobs predict quantile residuals vcov
#' @importFrom survival Surv
"_PACKAGE"

#' @export
generics::tidy

# In formulas it is read strictly (read_survival.R).
#' @export
survival::Surv

#' @export
generics::glance
