#' The statistics of the package
#'
#' Each name can be given as `statistic =` to [boot_ci()] and [perm_test()], and has a constructor
#' `stat_<name>()`.
#'
#' @return A data frame: name, title, endpoint (what the response must be), scale (`"log"`: the
#'   statistic is evaluated as its logarithm and shown as the ratio), sign (-1: swapping the two
#'   groups turns the value round, on that scale; 1: it leaves the value as it is).
#' @examples
#' statistics()
#' @export
statistics <- function() cpp_statistics()
