#' The statistics of the package
#'
#' Each name can be given as `statistic =` to [boot_ci()] and [perm_test()], and has a constructor
#' `stat_<name>()`.
#'
#' @return A data frame: name, title, endpoint (what the response must be: binary, numeric,
#'   categorical or survival), role (`"effect"` of two groups, with an interval; or `"test"` of two or more),
#'   scale (`"log"`: the statistic is evaluated as its logarithm and shown as the ratio), sign (-1:
#'   swapping the two groups turns the value round about `null`; 1: it leaves the value as it is),
#'   null (the value of no effect), lowest and highest (the parameter's limits), all three on that
#'   scale; outputs (2: it comes with a standard error), parameter (what its constructor asks for).
#' @seealso [stat_custom()] for a function of your own.
#' @examples
#' statistics()
#' @export
statistics <- function() cpp_statistics()
