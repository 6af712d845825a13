# The call of a result that is a data frame is an attribute, where getCall() does not look: update() asks it.

attribute_call <- function(x, ...) attr(x, "call")

#' @export
getCall.her2_counts <- attribute_call
#' @export
getCall.her2_audit <- attribute_call
#' @export
getCall.her2_detectable <- attribute_call
#' @export
getCall.her2_westfall_young <- attribute_call
#' @export
getCall.her2_claims <- attribute_call
