#' A statistic of your own
#'
#' Any function of the data can be resampled: with the same seeds, schemes and intervals as the
#' statistics of the package, but slower, since it runs in R on the main thread.
#'
#' The two-sided p-value of [perm_test()] counts the arrangements whose value is at least as far from
#' `null` as that of the data: a ratio that is not given as its logarithm needs `null = 1`. Within strata in which the
#' groups' shares differ it is twice the tail, as for all statistics that are no function of a sum.
#'
#' `fun` sees the rows in the order of the data. Those of a statistic of the package are sorted by
#' their response within groups and strata, so the same seed gives it other draws, unless the data are
#' sorted alike.
#'
#' @param fun A function of `data` and `weights` that returns the estimate, or the estimate and its
#'   standard error: each time or never. (Without one, `stud` intervals take the jackknife's, which
#'   calls `fun` n times a replicate.) `data` holds the rows of the user's data frame that are
#'   compared, all columns; in [perm_test()] with the permuted groups. `weights` says how often each
#'   row counts: whole numbers, or fractions with `scheme = "fractional"`. With all weights 1 it must
#'   give the estimate.
#' @param title What it estimates, in words.
#' @param scale `"log"` if `fun` returns the logarithm of a ratio: results are shown as the ratio.
#' @param null The value of no effect, on the scale of `fun`, for p-values.
#' @param limits The smallest and largest value that the parameter can have, on that scale.
#' @return A `her2_stat`, for `statistic =` of [boot_ci()] and [perm_test()].
#' @section Errors: `her2mod_error_input` where `fun` is no function of two arguments, or `title`, `null` or `limits` is
#'   not as above. From [boot_ci()] and [perm_test()] also where there is no `data`, or `fun` returns anything but one
#'   number or two (for `stud`, always as many); `her2mod_error_numeric` where it fails, which says at which replicate.
#' @examples
#' # one sample: the ratio of two means (boot's city data, 10 of the 49 cities)
#' city <- data.frame(
#'   u = c(138, 93, 61, 179, 48, 37, 29, 23, 30, 2),
#'   x = c(143, 104, 69, 260, 75, 63, 50, 48, 111, 50)
#' )
#' growth <- stat_custom(
#'   function(data, weights) sum(weights * data$x) / sum(weights * data$u),
#'   title = "ratio of means", null = 1
#' )
#' boot_ci(x ~ 1, city, growth, R = 999, seed = 1)
#' @export
stat_custom <- function(fun, title = "custom statistic", scale = c("identity", "log"), null = 0,
                        limits = c(-Inf, Inf)) {
  if (!is.function(fun) || length(formals(args(fun))) < 2) {
    abort_input("{.arg fun} must be a function of {.arg data} and {.arg weights}.", arg = "fun")
  }
  scale <- check_option(scale, c("identity", "log"), "scale")
  if (!is.character(title) || length(title) != 1 || is.na(title)) {
    abort_input(c("{.arg title} must be one text.", x = "It is {.val {title}}."), arg = "title")
  }
  if (!is.numeric(null) || length(null) != 1 || is.na(null)) {
    abort_input(c("{.arg null} must be one number.", x = "It is {.val {null}}."), arg = "null")
  }
  if (!is.numeric(limits) || length(limits) != 2 || anyNA(limits) || limits[[1]] >= limits[[2]]) {
    abort_input(c("{.arg limits} must be two increasing numbers.", x = "It is {.val {limits}}."), arg = "limits")
  }
  structure(
    list(
      name = "custom", title = title, endpoint = "custom", role = "effect", scale = scale,
      sign = NA_integer_, null = as.double(null), limits = as.double(limits), outputs = NA_integer_,
      parameters = list(), fun = fun
    ),
    class = "her2_stat"
  )
}
