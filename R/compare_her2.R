#' The analysis plan of a HER2 subgroup study
#'
#' Runs on a cohort what the founding study (\doi{10.4143/crt.2024.1200}) ran on its 575 patients, with every interval
#' and with the test of interaction that its question needs: baseline, hormone receptors, response (also within centres,
#' and adjusted), therapy by HER2 group, HER2 loss after therapy, and survival. What the cohort has no columns for is left
#' out, with the reason.
#'
#' @section Parts:
#' `x$parts` holds each part as its function returned it, to be printed, tidied or drawn like any other:
#' * `baseline`: [compare_baseline()] of hormone receptors, therapy and covariates.
#' * `hormone_receptors`, `response`: [compare_proportions()]; the print shows the difference with the Miettinen-Nurminen
#'   interval, and the p-value of the score test that it inverts.
#' * `response_by_centre`: the same within centres (Mantel-Haenszel weights).
#' * `response_adjusted`: [adjusted_effect()], g-computation of the risk difference with the covariates in `adjust`.
#' * `therapy`: [test_interaction()] of response by therapy and HER2 group.
#' * `claim`: [check_claim()] of "no improvement" by the other therapy in the other HER2 group, if a `margin` is given.
#' * `loss`: [her2_shift()] by HER2 group.
#' * `survival`: [compare_survival()] by HER2 group; `survival_adjusted`: [cox_regression()] with the
#'   covariates; `survival_therapy`: [test_interaction()] of the hazard ratio.
#'
#' Nothing is adjusted for the number of questions: the plan states them all. Within the baseline table p-values are
#' adjusted over its variables.
#'
#' @param cohort A [her2_cohort()].
#' @param groups Two HER2 classes, the reference first; by default `"HER2 3+"` and `"HER2-mod"` where the cohort has
#'   them, else its first two. Patients of other classes are left out, and counted.
#' @param adjust Names of the columns to adjust for; by default hormone receptors and the covariates. `NULL`: none.
#' @param margin The smallest difference in response (a share, such as 0.1) that would matter between therapies; without
#'   it no verdict on "no improvement" is given.
#' @param ref The therapy that the other is compared with; by default the first level.
#' @param times Times at which survival is wanted.
#' @param tau The time up to which means are restricted; see [compare_survival()].
#' @param conf.level Confidence level.
#' @param R,seed,threads,progress For the parts that resample, see [boot_ci()].
#' @return An object of class `her2_comparison`. Its print is the results paragraph in numbers. [generics::tidy()] gives one
#'   row a headline, with columns part, term, group, method, estimate, std.error, statistic (`NA` where a part's method has
#'   none), conf.low, conf.high, p.value, alternative; `coef()` and `confint()` read it. Shares and their
#'   differences are on the scale 0 to 1. `x$left_out` names the parts that were not done, with the reasons.
#' @section Errors:
#' `her2mod_error_input` when `cohort` is not a [her2_cohort()], or `groups` or `adjust` are not in it;
#' `her2mod_error_data` when one of the groups has no patients. What stops one part does not
#' stop the others: it is said in `left_out`.
#' @seealso [render_comparison()] for the report
#' @examples
#' compare_her2(simulate_cohort(300, seed = 1), adjust = "hr", R = 199, seed = 1)
#' @export
compare_her2 <- function(cohort, groups = NULL, adjust = default_adjustment(cohort), margin = NULL, ref = NULL,
                         times = NULL, tau = NULL, conf.level = 0.95, R = 9999, seed = NULL, threads = NULL, progress = NULL) {
  check_cohort(cohort)
  conf.level <- check_probability(conf.level, "conf.level")
  if (!is.null(margin)) margin <- check_probability(margin, "margin")
  how <- resampling_options(R, seed, threads, progress, NULL)
  how$seed <- resolve_seed(how$seed)
  roles <- cohort_roles(cohort)
  groups <- choose_her2_groups(groups, cohort[[roles$her2]])
  adjust <- check_adjustment(adjust, cohort)
  compared <- with_reference(in_groups(cohort, roles$her2, groups), roles$therapy, ref)
  same <- everybodys(adjust, compared)
  adjust <- if (length(same) < length(adjust)) setdiff(adjust, same)
  plan <- list(
    roles = roles, groups = groups, adjust = adjust, margin = margin, times = times, tau = tau,
    conf.level = conf.level, how = how
  )
  done <- run_parts(compared, plan)
  if (length(same)) {
    what <- paste0("Not adjusted for ", toString(same), ": everybody has the same value.")
    done$notes <- c(list(adjustment = what), done$notes)
  }
  structure(
    list(
      parts = done$parts, left_out = done$left_out, notes = done$notes, groups = groups,
      n = table(compared[[roles$her2]])[groups], others = nrow(cohort) - nrow(compared),
      centres = if (!is.null(roles$centre)) length(unique(stats::na.omit(compared[[roles$centre]]))),
      roles = roles, adjust = adjust, unit = attr(cohort, "unit"), conf.level = conf.level, R = how$R, seed = how$seed,
      simulated = is_simulated(cohort), call = match.call()
    ),
    class = "her2_comparison"
  )
}

with_reference <- function(cohort, therapy, ref, call = rlang::caller_env()) {
  if (is.null(ref)) return(cohort)
  if (is.null(therapy)) abort_input("{.arg ref} is a therapy, and the cohort has no such column.", arg = "ref", call = call)
  given <- as.factor(cohort[[therapy]])
  check_choice(ref, levels(given), "ref", call = call)
  cohort[[therapy]] <- stats::relevel(given, ref)
  cohort
}

check_cohort <- function(cohort, call = rlang::caller_env()) {
  if (!inherits(cohort, "her2_cohort")) {
    abort_input(c("{.arg cohort} must be a {.cls her2_cohort}.",
      x = "It is {.obj_type_friendly {cohort}}.", i = "{.fn her2_cohort} makes one of a data frame."
    ), arg = "cohort", call = call)
  }
  if (is.null(cohort_roles(cohort)$her2)) {
    abort_input("{.arg cohort} has no column with the HER2 class.", arg = "cohort", call = call)
  }
}

default_adjustment <- function(cohort) {
  if (!inherits(cohort, "her2_cohort")) return(NULL)
  unlist(cohort_roles(cohort)[c("hr", "covariates")], use.names = FALSE)
}

check_adjustment <- function(adjust, cohort, call = rlang::caller_env()) {
  if (is.null(adjust)) return(NULL)
  check_choice(adjust, names(cohort), "adjust", several = TRUE, call = call)
  roles <- cohort_roles(cohort)
  outcome <- intersect(adjust, unlist(roles[c("her2", "response", "time", "status", "ihc_after")]))
  if (length(outcome)) {
    abort_input(c("{.arg adjust} must name covariates.", x = "{.val {outcome}} {?is/are} compared, or came after therapy."),
      arg = "adjust", value = outcome, call = call
    )
  }
  unique(adjust)
}

# Columns that tell nobody from anybody else.
everybodys <- function(columns, rows) {
  Filter(function(name) length(unique(stats::na.omit(as_vector(rows[[name]])))) < 2, columns)
}

choose_her2_groups <- function(groups, her2, call = rlang::caller_env()) {
  her2 <- as.factor(her2)
  there <- levels(her2)[tabulate(her2, nlevels(her2)) > 0]
  usual <- c("HER2 3+", "HER2-mod")
  if (length(there) < 2) {
    abort_data(c("{.arg cohort} must have patients of two HER2 classes.", x = "It has {length(there)}: {.val {there}}."),
      arg = "cohort", call = call
    )
  }
  if (is.null(groups)) groups <- if (all(usual %in% there)) usual else first_of(there, 2)
  if (!is.character(groups) || length(groups) != 2 || anyNA(groups) || groups[[1]] == groups[[2]]) {
    abort_input(c("{.arg groups} must name two HER2 classes, the reference first.", x = "They are {.val {groups}}."),
      arg = "groups", value = groups, call = call
    )
  }
  absent <- setdiff(groups, there)
  if (length(absent)) {
    abort_data(c("There are no patients of {.val {absent}}.", i = "The cohort has {.val {there}}."),
      arg = "groups", value = absent, call = call
    )
  }
  groups
}

# The patients of the two groups, the reference first.
in_groups <- function(cohort, column, groups) {
  class <- as.character(cohort[[column]])
  kept <- cohort[class %in% groups, ]
  kept[[column]] <- factor(as.character(kept[[column]]), groups)
  kept
}
