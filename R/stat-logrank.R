#' Log-rank score
#'
#' Observed less expected events of the other group, \eqn{U = \sum w (d_1 - d y_1/y)} over event times
#' (within strata), with d events among y at risk, \eqn{d_1} and \eqn{y_1} of them in the other group; its standard error is
#' the root of the hypergeometric variance \eqn{V = \sum w^2 d (y_1/y)(1 - y_1/y)(y - d)/(y - 1)}. Its permutation
#' test is the permutation log-rank test; permutations leave the risk sets as they are, so U is a sum
#' of scores, and the test is exact where others are.
#'
#' Weights w: `"logrank"` 1; `"gehan"` y; `"tarone-ware"` \eqn{\sqrt y}; `"peto-peto"`
#' \eqn{\tilde S = \prod (1 - d/(y + 1))}; `"modified peto-peto"` \eqn{\tilde S y/(y + 1)}; `"modest"`
#' \eqn{1/\max(S(t-), S(t^*))} (\doi{10.1002/sim.8186}). S is the Kaplan-Meier curve of all groups
#' together, of the stratum. See [stat_fleming_harrington()] for \eqn{S^\rho (1 - S)^\gamma}.
#'
#' With three groups or more [perm_test()] takes the quadratic form of all scores; see Several groups there.
#'
#' @param weight Which weight.
#' @param t_star The time \eqn{t^*} of the modest weight, in the units of the response. Before the first event all weights
#'   are 1; after the last event time but one they are \eqn{1/S(t-)}, whatever \eqn{t^*}: both get a warning.
#' @param studentised Whether to divide U by \eqn{\sqrt V}, as of each permutation: the permutation test is
#'   then valid for large groups also where they were followed for different lengths of time. See Unequal
#'   follow-up in [perm_test()].
#' @return A `her2_stat`, for `statistic =` of [perm_test()] and [boot_ci()].
#' @section Errors: `her2mod_error_input` for an unknown `weight`, and for `t_star` without `"modest"` or the other way
#'   round. From [perm_test()] and [boot_ci()] also where the response is no survival time or its status not 0/1;
#'   `her2mod_error_data` for times that are negative or not finite, where there is one group and, of [boot_ci()], where
#'   there are more than two. `her2mod_warning_no_information`, and `NA`, where nobody has an event or V is 0;
#'   `her2mod_warning_t_star` where `t_star` makes no difference.
#' @references Klein JP, Moeschberger ML (2003) Survival Analysis, section 7.3, \doi{10.1007/b97377}.
#' @examples
#' stat_logrank()
#' stat_logrank("gehan")
#' @export
stat_logrank <- function(weight = c("logrank", "gehan", "tarone-ware", "peto-peto", "modified peto-peto", "modest"),
                         t_star = NULL, studentised = FALSE) {
  weight <- check_option(weight, names(logrank_families), "weight")
  studentised <- check_flag(studentised, "studentised")
  if ((weight == "modest") != !is.null(t_star)) {
    abort_input("{.arg t_star} goes with {.code weight = \"modest\"}, which needs it.", arg = "t_star")
  }
  if (!is.null(t_star)) t_star <- check_time(t_star, "t_star")
  if (weight == "logrank" && !studentised) return(new_her2_stat("logrank"))
  numbers <- list(
    family = logrank_families[[weight]], rho = 0, gamma = 0, t_star = if (is.null(t_star)) 0 else t_star,
    studentised = as.double(studentised)
  )
  new_her2_stat("logrank", numbers, paste0(
    if (studentised) "studentised ", weight, " score", if (!is.null(t_star)) paste0(" (t* = ", format(t_star), ")"),
    if (!studentised) " (observed minus expected events)"
  ))
}

# Their numbers in the core.
logrank_families <- c(
  logrank = 0, gehan = 1, `tarone-ware` = 2, `peto-peto` = 3, `modified peto-peto` = 4, modest = 6
)
