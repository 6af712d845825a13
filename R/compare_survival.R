#' Compare survival between groups
#'
#' Kaplan-Meier curves, medians, restricted means and survival at chosen times of each group, the
#' log-rank family of tests, and the effects of two groups: hazard ratio, differences and ratio of
#' restricted means, survival differences. All effects are of the other group over, or minus, the
#' reference.
#'
#' @section Estimates:
#' * Survival: Kaplan and Meier (\doi{10.1080/01621459.1958.10501452}) with Greenwood's variance
#'   \eqn{S^2 \sum d/(y(y - d))} and pointwise limits on the scale `conf.type`.
#' * Median: the first time with S below 0.5; where the curve stands at 0.5 the middle of that step, to
#'   the end of follow-up if it is the last. Its limits are where the pointwise limits fall to 0.5
#'   (\doi{10.2307/2530286}). `NA`: not reached.
#' * Median follow-up: the reverse Kaplan-Meier estimate (\doi{10.1016/0197-2456(96)00075-X}).
#' * Restricted mean up to `tau`: the area under the curve, with the variance of
#'   Klein and Moeschberger (\doi{10.1007/b97377}, section 4.5). By default `tau` is the last time that
#'   all groups were followed to. It may lie beyond a group's last time only if that was an event.
#' * Hazard ratio: Cox's model with the group alone, Efron's ties, within strata, Wald interval and p-value; the log-rank test
#'   is another test of it, and with few events the two may disagree.
#'
#' Times are in the units of the response. Times that differ by rounding alone are tied, by the rule of
#' [survival::aeqSurv()].
#'
#' @section Tests:
#' Two-sided, asymptotic, risk sets within strata. For weights see [stat_logrank()] and
#' [stat_fleming_harrington()]; `fh(1,0)` is what [survival::survdiff()] calls rho = 1, and not Peto
#' and Peto's test. The statistic is chi-squared, its degrees of freedom the rank of the scores' variance: one less than
#' the groups, or fewer where no event finds some of them at risk together. With two groups `estimate` and `std.error` are the
#' score of the other group, above 0 where it has more events than expected.
#' Exact and permutation versions: [perm_test()]; bootstrap intervals of the effects: [boot_ci()].
#'
#' @section MaxCombo:
#' Of two groups the largest |Z| of FH(0,0), FH(0,1), FH(1,0) and FH(1,1)
#' (\doi{10.1080/19466315.2019.1697738}), of more the largest of their chi-squared statistics, \eqn{Q_w = Z_w'V_w^-Z_w} of the
#' vector \eqn{Z_w} of the groups' observed less expected events with weights w. Its p-value is
#' \eqn{P(\max_w Q_w \ge q)} with all scores jointly normal; their covariance is the hypergeometric one with
#' \eqn{w_k w_l} in place of \eqn{w^2} (\doi{10.1177/1536867X1601600308}), singular, as FH(0,0) = FH(0,1) + FH(1,0), and taken
#' on its rank. The print says which of the four it is. A test without variance (FH(0,1) where all events fall on one time) has
#' no say. Where groups are not at risk together for long enough for all tests to have the same degrees of freedom, the smallest
#' of the p-values takes the place of the largest statistic, which then is that test's.
#' `p.error` of the result is how far off this p-value may be: of two groups less than \eqn{10^{-6}} of it; of more about
#' \eqn{10^{-3}} of it (three standard errors of the integral's nodes, which are fixed, so that the same data have the same p).
#' The print shows it.
#'
#' @section Small groups: All tests are asymptotic, and reject too often in small groups. At a nominal 5%, in simulations:
#' the log-rank test 7.3% with 5 against 5 patients, 5.2% with 50 against 50; FH(0,1), which looks at the end of the curves,
#' 10 to 11% where a group has 5; MaxCombo 9.6% and the difference of restricted means (up to the default tau) 7.8% with 5
#' against 45. [perm_test()] of the same statistics is exact where follow-up is equal. All sizes: `proofs/SURVIVAL_SIZE.md`
#' in the sources.
#'
#' @section Effects:
#' Differences and ratios have Wald's intervals and p-values. Where one of the two curves has a variance of 0 (nobody in the
#' group has had the event by then, or the curve has fallen to 0), the data do not show how far off it is: differences and
#' ratios then have their estimate, no standard error, interval or p-value (`NA`), and a warning. [perm_test()] with
#' [stat_rmst_difference()] or [stat_survival_difference()] is valid there.
#' With three or more groups hazard ratios are those of one model; `NA` where no event finds a group at risk together with the
#' reference, nor with a group that links them, and where neither of the two has an event.
#'
#' @section Errors: `her2mod_error_input` where formula, `times`, `weights`, `trend` or an option cannot be meant, a
#'   status is not 0/1 or logical, or `tau` lies beyond a group's follow-up (field `largest`); `her2mod_error_data` for
#'   times that are negative or not finite, an entry that is not before its time, and where no rows or one group are
#'   left. Warnings:
#'   * `her2mod_warning_degenerate` where something cannot be estimated;
#'   * `her2mod_warning_flipped` where a status sounds like censoring;
#'   * `her2mod_warning_survival_column` where the response was made before the formula saw it, and `Surv()` may have changed
#'     it: rows with a time and no status, or all with an event;
#'   * `her2mod_warning_split_rows` where rows look like parts of patients (each late entry goes on where a row was
#'     censored, or where one of its group and stratum ended, as with events that recur, and chance would do that in less
#'     than 1%): counts are then of rows, without a median follow-up;
#'   * `her2mod_warning_t_star` where `t_star` makes no difference.
#'
#' @inheritParams boot_ci
#' @param formula A formula such as `Surv(time, status) ~ group`: status 0/1 or logical, 1 or TRUE for
#'   the event (1/2 is never guessed: write `status == 2`); `Surv(start, stop, status)` with delayed
#'   entry; [Surv_CNSR()] for ADaM data. `~ 1` describes one sample. `| block` gives strata.
#' @param times Times at which survival is wanted.
#' @param tau The time up to which means are restricted.
#' @param strata A factor: tests and hazard ratios use risk sets within its levels. Curves, and what is
#'   read off them, are of all patients.
#' @param weights Whole numbers: how many patients each row stands for.
#' @param conf.type The scale of the limits of S: `"log-log"`, `"log"`, `"plain"` or `"arcsine"`.
#' @param trend With three or more groups, a score for each (named, or in the order of the groups): adds
#'   the log-rank test for trend.
#' @param t_star With a time, adds the modestly weighted log-rank test of delayed effects, with weights
#'   \eqn{1/\max(S(t-), S(t^*))} (\doi{10.1002/sim.8186}). Before the first event it makes them 1, those of the log-rank
#'   test; after the last event time but one it bounds none of them: both get a warning with the times.
#' @return An object of class `her2_survival`. `curves` holds each group's curve at all of its times, `p.error` the error of
#'   MaxCombo's p-value.
#'   [generics::tidy()] gives one row an estimate, with columns term (survival, median, rmst,
#'   rmst_difference, rmst_ratio, survival_difference, log_hazard_ratio, test), method, group (of an
#'   effect the other group), time, estimate, std.error (of a ratio, of its logarithm), conf.low,
#'   conf.high, statistic, df, p.value; `tidy(x, "curves")` one row a group and time.
#' @seealso [cox_regression()], [cumulative_incidence()], [boot_ci()], [perm_test()]
#' @examples
#' lung <- survival::lung
#' lung$sex <- factor(lung$sex, labels = c("male", "female"))
#' compare_survival(Surv(time, status == 2) ~ sex, lung, times = c(180, 365))
#' # ADaM: the time in AVAL; CNSR is 0 for an event, 1 or more for censored
#' adtte <- with(lung, data.frame(SEX = sex, AVAL = time, CNSR = ifelse(status == 2, 0, 1)))
#' compare_survival(Surv_CNSR(AVAL, CNSR) ~ SEX, adtte)
#' @export
compare_survival <- function(formula, data = NULL, times = NULL, tau = NULL, subset = NULL,
                             na.action = stats::na.omit, strata = NULL, weights = NULL, ref = NULL,
                             conf.level = 0.95, conf.type = c("log-log", "log", "plain", "arcsine"),
                             trend = NULL, t_star = NULL) {
  conf.level <- check_probability(conf.level, "conf.level")
  conf.type <- check_option(conf.type, c("log-log", "log", "plain", "arcsine"), "conf.type")
  quoted <- list(subset = substitute(subset), strata = substitute(strata), weights = substitute(weights))
  compared <- comparison_data(formula, data, quoted, na.action, ref, "survival", c(1, Inf))
  cohort <- rows_cohort(compared, NULL)
  if (!is.null(t_star)) t_star <- check_time(t_star, "t_star")
  tests <- survival_tests(t_star)
  raw <- call_core(cpp_survival(cohort, as.matrix(tests[c("family", "rho", "gamma", "t_star")])))
  curves <- stats::setNames(raw$curves, compared$groups)
  start <- stats::setNames(first_entry(compared$rows, length(compared$groups)), compared$groups)
  wanted <- list(
    times = snap_times(check_times_wanted(times), times_of(curves)), tau = choose_tau(tau, curves), start = start,
    conf.level = conf.level, conf.type = conf.type, trend = check_trend(trend, compared$groups)
  )
  split <- !is.null(cohort$entry) && looks_split(cohort$entry, cohort$response, cohort$event, cell_of(cohort))
  follow_up <- vapply(curves, median_follow_up, 0)
  if (split) follow_up[] <- NA_real_
  result <- c(
    list(curves = curves, follow_up = follow_up, split = split),
    wanted[c("tau", "start", "conf.level", "conf.type", "trend")], list(call = match.call()), kept_of(compared, NULL)
  )
  result$rows <- NULL
  result$cohort <- cohort
  effects <- if (length(curves) > 1) survival_effects(raw, cohort, compared$groups, wanted)
  tested <- if (length(curves) > 1) survival_test_rows(raw$tests, tests, compared$groups, wanted$trend)
  result$estimates <- rbind(group_estimates(curves, wanted), effects$rows, tested$rows)
  result$p.error <- tested$p.error
  result$notes <- c(
    survival_notes(result, effects$log_hazard_ratio, start),
    if (length(curves) > 1) warn_modest(cohort, cohort$n_strata, t_star)
  )
  structure(result, class = "her2_survival")
}

# Group and stratum in one number.
cell_of <- function(cohort) stratum_of(cohort) * (max(cohort$group) + 1) + cohort$group

check_times_wanted <- function(times, call = rlang::caller_env()) {
  if (is.null(times)) return(double())
  if (!is.numeric(times) || any(!is.finite(times)) || any(times < 0)) {
    abort_input(c("{.arg times} must be finite numbers, not negative.", x = "They are {.val {first_of(times, 5)}}."),
      arg = "times", value = times, call = call
    )
  }
  sort(unique(as.double(times)))
}

times_of <- function(curves) unlist(lapply(curves, `[[`, "time"), use.names = FALSE)

# The last time that all groups were followed to, or one within what the curves allow.
choose_tau <- function(tau, curves, call = rlang::caller_env()) {
  if (is.null(tau)) return(min(vapply(curves, follow_up_of, 0)))
  tau <- snap_times(check_time(tau, "tau", call), times_of(curves))
  largest <- min(vapply(curves, last_usable, 0))
  if (tau > largest) abort_beyond("tau", tau, largest, call)
  tau
}

check_trend <- function(trend, groups, call = rlang::caller_env()) {
  if (is.null(trend)) return(NULL)
  if (!is.null(names(trend)) && setequal(names(trend), groups)) trend <- trend[groups]
  named <- is.null(names(trend)) || identical(names(trend), groups)
  if (!is.numeric(trend) || length(trend) != length(groups) || any(!is.finite(trend)) || length(groups) < 3 || !named ||
    length(unique(trend)) == 1) {
    abort_input(c(
      "{.arg trend} must be one finite score a group (of three or more), not all equal, named as the groups or not.",
      x = "The groups are {.val {groups}}."
    ), arg = "trend", value = trend, call = call)
  }
  as.double(trend)
}

# --- rows of the table of estimates ---------------------------------------------------------------

estimate_row <- function(term, method, group, time = NA_real_, estimate = NA_real_, std.error = NA_real_,
                         conf.low = NA_real_, conf.high = NA_real_, statistic = NA_real_, df = NA_real_,
                         p.value = NA_real_) {
  data.frame(term, method, group, time, estimate, std.error, conf.low, conf.high, statistic, df, p.value)
}

group_estimates <- function(curves, wanted) {
  z <- stats::qnorm((1 + wanted$conf.level) / 2)
  rows <- lapply(names(curves), function(group) {
    curve <- curves[[group]]
    known <- wanted$times[wanted$times <= last_usable(curve)]
    s <- survival_at(curve, wanted$times, wanted$conf.level, wanted$conf.type)
    # A curve is known from its group's first entry to its last time.
    s[!wanted$times %in% known | wanted$times < wanted$start[[group]], ] <- NA_real_
    median <- survival_quantile(curve, 0.5, wanted$conf.level, wanted$conf.type)
    rmst <- if (wanted$start[[group]] > 0) c(NA_real_, NA_real_) else restricted_mean_at(curve, wanted$tau)
    half <- if (rmst[[2]] %in% 0) NA_real_ else z * rmst[[2]]
    rbind(
      if (nrow(s)) {
        estimate_row("survival", wanted$conf.type, group, wanted$times, s$estimate, s$std.error,
          s$conf.low, s$conf.high
        )
      },
      estimate_row("median", wanted$conf.type, group, NA_real_, median[[1]], NA_real_, median[[2]], median[[3]]),
      estimate_row("rmst", "kaplan-meier", group, wanted$tau, rmst[[1]], rmst[[2]],
        max(0, rmst[[1]] - half), min(wanted$tau, rmst[[1]] + half)
      )
    )
  })
  do.call(rbind, rows)
}
