#' @keywords internal
#' @useDynLib her2mod, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom generics tidy glance
#' @importFrom rlang .data
"_PACKAGE"

#' @export
generics::tidy

#' @export
generics::glance
