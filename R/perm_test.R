#' Permutation test of a group difference
#'
#' Tests that the response is exchangeable between the groups (within strata): given the responses
#' and the group sizes of each stratum, every way to deal out the group labels is equally likely.
#' For statistics that are a function of one group's sum (risks, means, mean ratio, Hedges' g, win
#' probability) the p-value is exact by default, and for all others where there are few patients.
#'
#' @section p-values:
#' T is the statistic (ratios as logarithms), T* its value in a random arrangement, and \eqn{T_E}
#' the centre: for those statistics T at the expected sum of the group, 0 without strata for a
#' difference; for the others the value of no effect.
#'
#' * `"two.sided"`: \eqn{P(|T^* - T_E| \ge |T - T_E|)}
#' * `"greater"`: \eqn{P(T^* \ge T)}; `"less"`: \eqn{P(T^* \le T)}
#' * test statistics of several groups, and distances: \eqn{P(T^* \ge T)}
#'
#' Where the groups' shares differ between strata, groups differ as the strata do, also without any effect. There the
#' two-sided p of a statistic without \eqn{T_E} from a sum (medians, restricted means, one of your own) is twice that of the
#' tail in which T lies, seen from the median of T* over 999 arrangements that are always the same. Tests of several groups
#' then compare whole groups and have little power: ask for two groups, or for the log-rank test.
#'
#' Clusters that hold one group each are relabelled as wholes. If some hold several, labels are permuted within clusters,
#' and those of one group say nothing: a warning counts them.
#'
#' Values within a relative 1e-7 of \eqn{|T - T_E|}, or within rounding, count as tied. Where every
#' arrangement gives the same value p = 1; where nobody has an event, or a log-rank variance is 0, p is
#' `NA`, with a warning. `midp = TRUE` counts half the probability of the values tied with T (its Monte Carlo interval is
#' Clopper and Pearson's with ties counted by half, an approximation).
#'
#' Exact p-values come from the list of all arrangements, for any statistic of few patients; from a
#' lattice of sums, where the responses (or ranks) are whole multiples of a step; or from the
#' characteristic function of the sums of any numbers: `p.interval` then holds certified bounds, close
#' enough for the printed digits, and `p.value` is the upper one.
#' `method = "auto"` takes the exact way when it fits about 2 seconds and 300 MB (and at most 50,000
#' patients), and Monte Carlo otherwise; the print says which, and why.
#'
#' A Monte Carlo p-value is \eqn{(b + 1)/(R + 1)} with b the arrangements at least as extreme
#' (\doi{10.2202/1544-6115.1585}), never 0; `p.interval` is the exact 95% (Clopper-Pearson) interval
#' for the p-value that an unlimited R would give.
#'
#' @section Sequential stopping:
#' `stop = "besag_clifford"` ends after `h` = 20 extreme arrangements, p = h / (their number); it is a
#' valid p-value (\doi{10.1093/biomet/78.2.301}). `stop = "gandy"` ends when it is clear on which
#' side of `alpha` p lies, with a probability of at most 0.001 of the wrong side
#' (\doi{10.1198/jasa.2009.tm08368}). R is then the most that is drawn.
#'
#' @section Confidence intervals:
#' `conf.int = TRUE` inverts the test, with the same arrangements, of the mean difference (a shift of
#' the other group's responses) or of the mean ratio (a factor): the values that a one-sided test at
#' half the error probability does not reject on either side
#' (Garthwaite 1996, \doi{10.2307/2532852}). Beside an exact p all arrangements are used where there are at most R or
#' 100,000; otherwise random ones, and `attr(conf.int, "mc.error")` holds the ends' Monte Carlo errors. The two-sided p is of
#' the distance from \eqn{T_E}, whichever tail, so that with skewed responses it and the interval may disagree on no effect:
#' the print then says so. There are none where clusters of different sizes are relabelled, nor of mid-p.
#'
#' Of a risk difference it is exact, and about these patients: each may respond in both groups, in
#' neither, or only in one of them, and the interval is for the average effect of the label on those
#' n patients, \eqn{\tau} = (only in the other group - only in the reference) / n, as if the labels
#' had been dealt at random. Every table of these four counts that could have given the data has its
#' own test: the p above, at \eqn{T_E = \tau}. The interval goes from the smallest to the largest
#' \eqn{\tau} of the tables with p > 1 - `conf.level` (Rigdon and Hudgens 2015,
#' \doi{10.1002/sim.6384}; Li and Ding 2016, \doi{10.1002/sim.6764}); one-sided, to the last
#' \eqn{\tau} that is possible with the data. No effect on anybody is one of the tables, so 0 lies
#' inside whenever the test of it has p > 1 - `conf.level`; 0 may lie inside when p is smaller, by
#' tables where some gain and some lose. As T alone is tested, also tables with much higher risks
#' than those seen are kept: with few events it is wide. For a comparison of populations from which
#' the patients were sampled use [compare_proportions()]. There is none with strata, clusters,
#' mid-p or Monte Carlo, nor where its search would take more than about 10 seconds (from some 3,000
#' patients on, if groups and risks are even) or for more than 10,000 patients.
#'
#' @section Unequal follow-up:
#' Labels of survival times are exchangeable only if, without an effect, the groups are also followed for
#' equally long. If not, plain permutation may reject too often or too rarely: in simulations at a nominal 5%,
#' in 1% with 10 patients of short against 40 of long follow-up, in 6% with 40 against 10. The result's `follow_up`
#' and the print hold the p-value of the log-rank test of censoring (the indicator reversed, within strata);
#' below 0.05 there is a warning of class `her2mod_warning_follow_up`. That it is not below proves nothing, least
#' of all with few patients.
#'
#' `follow_up = "impute"` is the imputation and permutation of Wang, Lagakos and Gray (2010,
#' \doi{10.1093/biostatistics/kxq021}; their method that permutes the groups). In each replicate labels are
#' permuted. A patient who keeps his group keeps his time. One who changes keeps the time of his event if it
#' was seen, and else gets one from the Kaplan-Meier curve of all patients (of his stratum) beyond his
#' time of censoring; he gets a time of censoring from the reverse Kaplan-Meier curve of his new group (of his
#' stratum where every stratum has 20 patients of each group, otherwise of all strata); and what comes
#' first is seen. Where a curve does not come to 0 what is left is later than everything: who has neither event nor
#' censoring is censored at the (stratum's) last time. It assumes that censoring does not depend on prognosis within a
#' group, and is approximate, as curves are estimated; with nobody censored it is plain permutation. It
#' is Monte Carlo, takes every survival statistic, and neither clusters nor left truncation.
#'
#' A studentised statistic ([stat_logrank()], [stat_fleming_harrington()], [stat_survival_difference()],
#' [stat_rmst_difference()], [stat_rmst_ratio()] with `studentised = TRUE`) is divided by its own standard error in
#' each permutation.
#' Its test is exact if follow-up is equal, and asymptotically valid (for large groups) if it is not
#' (Janssen 1997, \doi{10.1016/S0167-7152(97)00043-6}; of restricted means Ditzhaus, Yu and Xu
#' 2023, \doi{10.1002/sim.9720}). With few patients the studentised log-rank test
#' keeps its level in simulations; the studentised difference of restricted means does not (12% with 10 against
#' 40 patients and \eqn{\tau} at the end of the shorter follow-up), and imputation does.
#' All sizes: `proofs/PERMUTATION_SURVIVAL.md` in the sources.
#'
#' @section Several groups:
#' With three groups or more `"logrank"` and `"fleming_harrington"` are \eqn{U'V^-U}, where U are the groups' sums of
#' scores (observed less expected events) and V is their permutation covariance within strata, without strata
#' \eqn{\sum_g U_g^2/n_g / (\sum_i a_i^2/(n - 1))} over the patients' scores a (coin's quadratic form with the scores
#' it calls mid-ranks). Studentised, V is the hypergeometric covariance: the chi-squared of [survival::survdiff()].
#' `"maxcombo"` is the largest of such studentised forms.
#'
#' [stat_kruskal_wallis()] and [stat_chi_squared()] are compared within strata in the same way, so that strata in which
#' the groups have different shares neither hide a difference nor make one.
#'
#' @section Clusters and pairs:
#' With `cluster =`, clusters that lie in one group each are relabelled as wholes; where clusters
#' hold several groups, labels are permuted within them. So paired data are `cluster = pair`: the
#' labels of each pair are swapped or not, which flips the sign of its difference. Statistics that compare within strata
#' (the log-rank family, log hazard ratio, Kruskal-Wallis, chi-squared) then compare within clusters: a stratified log-rank
#' test with a stratum a pair, and not the statistic that [boot_ci()] has of these clusters; the print says so. Where clusters
#' of different sizes are relabelled the test is Monte Carlo, and \eqn{T_E} the value of no effect.
#'
#' @inheritParams boot_ci
#' @param strata A factor to permute within (or write it after `|`).
#' @param cluster Which rows belong together; see Clusters and pairs.
#' @param alternative `"two.sided"`, `"less"` or `"greater"`, for other minus (over) reference.
#' @param method `"auto"`, `"exact"`, or `"monte_carlo"`, which permutes R times.
#' @param midp Whether to give the mid-p-value.
#' @param stop,alpha The sequential rule of a Monte Carlo test, and the level that it decides about.
#' @param conf.int,conf.level Whether to invert the test (of a risk difference, mean difference or
#'   mean ratio), and the confidence level.
#' @param follow_up Of survival times: `"equal"` permutes them as they are; `"impute"` allows for groups that
#'   were followed for different lengths of time. See Unequal follow-up.
#' @return An object of classes `her2_perm` and `htest`; `p.value` is a plain number. `null` is the
#'   null distribution, see [null_distribution()]; `observed` and `centre` are T and \eqn{T_E}, on
#'   the analysis scale. `follow_up`, of survival times: `how`, and the test of censoring (`statistic`, `df`,
#'   `p.value`).
#' @section Errors: `her2mod_error_input` where an argument cannot be meant, the response does not fit the statistic,
#'   its `tau` or `time` is beyond follow-up, `method = "exact"` has no exact distribution, or options exclude each
#'   other (`conf.int`, `midp`, `stop`, `follow_up`); `her2mod_error_data` where there are too few groups or too many,
#'   or values are infinite or, with another `na.action`, missing; `her2mod_error_numeric` where the interval of a risk
#'   difference is out of reach. Warnings: `her2mod_warning_no_information` (p is `NA`; field `reason`),
#'   `her2mod_warning_follow_up`, `her2mod_warning_confounded_strata`, `her2mod_warning_pure_clusters`,
#'   `her2mod_warning_t_star` ([stat_logrank()]), `her2mod_warning_tau` ([stat_rmst_difference()]), and of survival times
#'   `her2mod_warning_flipped` and
#'   `her2mod_warning_survival_column` as of [compare_survival()].
#' @seealso [boot_ci()], [compare_proportions()] for Fisher's, Barnard's and Boschloo's tests,
#'   [westfall_young()] for several outcomes.
#' @examples
#' pcr <- data.frame(therapy = c("single", "dual"), event = c(6, 13), n = c(49, 68))
#' perm_test(cbind(event, n - event) ~ therapy, pcr, ref = "single", conf.int = TRUE)
#' mouse <- data.frame(
#'   days = c(94, 197, 16, 38, 99, 141, 23, 52, 104, 146, 10, 50, 31, 40, 27, 46),
#'   arm = rep(c("treated", "control"), c(7, 9))
#' )
#' perm_test(days ~ arm, mouse, "mean_difference", alternative = "greater")
#' perm_test(days ~ arm, mouse, "median_difference", R = 999, seed = 1)
#' @export
perm_test <- function(formula, data = NULL, statistic = "risk_difference",
                      method = c("auto", "exact", "monte_carlo"), R = 9999, seed = NULL,
                      subset = NULL, na.action = stats::na.omit, strata = NULL, cluster = NULL,
                      weights = NULL, ref = NULL, alternative = c("two.sided", "less", "greater"),
                      midp = FALSE, stop = c("none", "besag_clifford", "gandy"), alpha = 0.05,
                      conf.int = FALSE, conf.level = 0.95, follow_up = c("equal", "impute"),
                      threads = NULL, progress = NULL, backend = NULL) {
  statistic <- as_statistic(statistic)
  refuse_permuted_adjustment(statistic)
  method <- check_option(method, c("auto", "exact", "monte_carlo"), "method")
  wanted <- list(
    alternative = perm_alternative(statistic, alternative), midp = check_flag(midp, "midp"),
    stop = check_option(stop, c("none", "besag_clifford", "gandy"), "stop"),
    alpha = check_probability(alpha, "alpha"), conf.int = check_flag(conf.int, "conf.int"),
    conf.level = check_probability(conf.level, "conf.level"),
    follow_up = check_option(follow_up, c("equal", "impute"), "follow_up"), call = match.call()
  )
  check_invertible(wanted, statistic, method)
  check_stop(wanted, method)
  how <- resampling_options(R, seed, threads, progress, backend)
  quoted <- list(
    subset = substitute(subset), strata = substitute(strata), cluster = substitute(cluster),
    weights = substitute(weights), adjust = statistic$adjust
  )
  compared <- comparison_data(
    formula, data, quoted, na.action, ref, statistic$endpoint, perm_group_range(statistic)
  )
  statistic <- within_strata(for_groups(statistic, length(compared$groups)), compared)
  wanted$alternative <- perm_alternative(statistic, alternative)
  statistic <- check_follow_up(compared, statistic)
  check_imputation(compared, statistic, wanted, method)
  test <- observe_test(compared, statistic, wanted)
  test$follow_up <- compare_follow_up(test$job$cohort, statistic, wanted$follow_up)
  nothing <- no_information(test$job, statistic, test$observed)
  if (is.null(nothing)) {
    warn_follow_up(test$follow_up, statistic)
    warn_confounded(test)
  }
  test <- if (!is.null(nothing)) {
    warn_no_information(statistic, nothing)
    unknown_test(test, nothing)
  } else if (is_degenerate(test)) {
    certain_test(test)
  } else if (method == "monte_carlo" || wanted$stop != "none" || wanted$follow_up == "impute") {
    monte_carlo_test(test, wanted, how)
  } else {
    exact_test(test, wanted, how, method)
  }
  if (wanted$conf.int) test <- invert_test(test, wanted, how)
  new_perm(compared, test, wanted)
}

# Of whole groups, without regard to strata.
warn_confounded <- function(test) {
  whole <- test$statistic$name == "standardised_distance"
  if (!whole || is_degenerate(test) || !is_confounded(test$job$cohort)) return(invisible())
  warn_her2(c(
    "The groups' shares differ between strata, and the {test$statistic$title} compares whole groups.",
    i = "Its p-value is valid, but the differences between strata hide those between groups.",
    i = "{.val chi_squared} compares them within strata."
  ), "confounded_strata")
}

# Distances and test statistics are extreme when they are large.
perm_alternative <- function(statistic, alternative, call = rlang::caller_env()) {
  alternative <- check_option(alternative, alternatives, "alternative", call)
  if (!isTRUE(statistic$sign == 1)) return(alternative)
  if (alternative == "less") {
    abort_input(c(
      "{.arg alternative} cannot be {.val less} for the {statistic$title}.",
      i = "Only large values speak against equal groups."
    ), arg = "alternative", call = call)
  }
  "greater"
}

check_invertible <- function(wanted, statistic, method, call = rlang::caller_env()) {
  if (!wanted$conf.int) return(invisible())
  if (statistic$name == "risk_difference") return(check_relabelling(wanted, method, call))
  if (wanted$midp) {
    abort_input(c("{.arg conf.int} inverts the ordinary test.", x = "{.code midp = TRUE} asks for the mid-p-value's."),
      arg = "conf.int", call = call)
  }
  if (!statistic$name %in% names(inverted_by)) {
    abort_input(c(
      "{.arg conf.int} inverts the test of a risk difference, a mean difference or a mean ratio.",
      x = "The statistic is {.val {statistic$name}}.",
      i = if (statistic$endpoint == "binary") "{.fn compare_proportions} inverts exact tests of risks."
    ), arg = "conf.int", call = call)
  }
}

# A sequential test is Monte Carlo, and its p-value that of its rule.
check_stop <- function(wanted, method, call = rlang::caller_env()) {
  if (wanted$stop == "none") return(invisible())
  other <- if (method == "exact") "method = \"exact\"" else if (wanted$midp) "midp = TRUE"
  if (!is.null(other)) {
    abort_input(c(
      "{.arg stop} ends a Monte Carlo test by the number of extreme arrangements.",
      x = "It cannot go with {.code {other}}."
    ), arg = "stop", call = call)
  }
}

new_perm <- function(compared, test, wanted) {
  statistic <- test$statistic
  effect <- to_display(statistic, test$observed)
  monte_carlo <- test$how == "monte_carlo"
  imputed <- if (identical(test$follow_up$how, "impute")) " with imputed follow-up"
  structure(
    c(
      list(
        statistic = stats::setNames(effect, statistic$title),
        p.value = test$p.value,
        estimate = stats::setNames(effect, format_estimand(statistic, compared$groups)),
        null.value = stats::setNames(null_effect(statistic), statistic$title),
        alternative = wanted$alternative,
        method = if (monte_carlo) paste0("Monte Carlo permutation test", imputed) else "Exact permutation test",
        data.name = paste(compared$event, "by", compared$group_name)
      ),
      if (!is.null(test$conf.int)) list(conf.int = test$conf.int),
      list(
        p.interval = test$p.interval, exceeding = test$exceeding,
        R = if (monte_carlo) test$R else NA_real_, seed = if (monte_carlo) test$job$seed else NA_real_,
        replicates = test$replicates, null = test$null, observed = test$observed,
        centre = test$centre, tail = test$tail, rounding = test$rounding, failures = test$failures, spec = statistic,
        midp = wanted$midp,
        stop = test$stop, by = test$by, note = test$note, within = test$within, follow_up = test$follow_up,
        job = if (monte_carlo) test$job, call = wanted$call
      ),
      kept_of(compared, if (monte_carlo) test$job)
    ),
    class = c("her2_perm", "htest")
  )
}
