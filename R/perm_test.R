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
#' Values within a relative 1e-7 of \eqn{|T - T_E|}, or within rounding, count as tied. Where every
#' arrangement gives the same value p = 1. `midp = TRUE` counts half the probability of the values
#' tied with T.
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
#' (Garthwaite 1996, \doi{10.2307/2532852}). They use Monte Carlo arrangements. There are none where
#' clusters of different sizes are relabelled.
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
#' @section Clusters and pairs:
#' With `cluster =`, clusters that lie in one group each are relabelled as wholes; where clusters
#' hold several groups, labels are permuted within them. So paired data are `cluster = pair`: the
#' labels of each pair are swapped or not, which flips the sign of its difference. Where clusters of
#' different sizes are relabelled the test is Monte Carlo, and \eqn{T_E} the value of no effect.
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
#' @return An object of classes `her2_perm` and `htest`; `p.value` is a plain number. `null` is the
#'   null distribution, see [null_distribution()]; `observed` and `centre` are T and \eqn{T_E}, on
#'   the analysis scale.
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
                      conf.int = FALSE, conf.level = 0.95, threads = NULL, progress = NULL,
                      backend = NULL) {
  statistic <- as_statistic(statistic)
  method <- check_option(method, c("auto", "exact", "monte_carlo"), "method")
  wanted <- list(
    alternative = perm_alternative(statistic, alternative), midp = check_flag(midp, "midp"),
    stop = check_option(stop, c("none", "besag_clifford", "gandy"), "stop"),
    alpha = check_probability(alpha, "alpha"), conf.int = check_flag(conf.int, "conf.int"),
    conf.level = check_probability(conf.level, "conf.level"), call = match.call()
  )
  check_invertible(wanted, statistic, method)
  check_stop(wanted, method)
  how <- resampling_options(R, seed, threads, progress, backend)
  quoted <- list(
    subset = substitute(subset), strata = substitute(strata), cluster = substitute(cluster),
    weights = substitute(weights)
  )
  compared <- comparison_data(
    formula, data, quoted, na.action, ref, statistic$endpoint,
    pmax(group_range(statistic), c(2, 2))
  )
  test <- observe_test(compared, statistic, wanted)
  test <- if (is_degenerate(test)) {
    certain_test(test)
  } else if (method == "monte_carlo" || wanted$stop != "none") {
    monte_carlo_test(test, wanted, how)
  } else {
    exact_test(test, wanted, how, method)
  }
  if (wanted$conf.int) test <- invert_test(test, wanted, how)
  new_perm(compared, test, wanted)
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

# The test before its null distribution is known: T, the centre, and the job that permutes.
observe_test <- function(compared, statistic, wanted, call = rlang::caller_env()) {
  cohort <- perm_cohort(compared)
  job <- new_job("permutation", cohort, statistic, compared, NA_real_)
  observed <- evaluate_job(job, call = call)[[1]]
  linear <- if (is_custom(statistic)) NULL else call_core(cpp_linear_form(job), call)
  list(
    job = job, statistic = statistic, observed = observed, linear = linear,
    centre = null_centre(job, statistic, linear, wanted$alternative),
    rounding = null_rounding(job, statistic, linear),
    compared = compared, within = permuted_within(compared, cohort)
  )
}

# T at the expected sum, if the groups' sizes are always the same.
null_centre <- function(job, statistic, linear, alternative) {
  if (!is.null(linear) && keeps_sizes(job$cohort)) return(linear$centre)
  if (alternative == "two.sided") statistic$null else NA_real_
}

# Not where clusters of different sizes are relabelled.
keeps_sizes <- function(cohort) {
  if (is.null(cohort$cluster)) return(TRUE)
  size <- tabulate(cohort$cluster + 1)
  stratum <- stratum_of(cohort)[match(seq_along(size) - 1, cohort$cluster)]
  all(tapply(size, stratum, function(s) length(unique(s)) == 1))
}

# By how much equal values of T may differ, as their sums are formed in different orders: what is
# relative to the distance from the centre says nothing at the centre.
null_rounding <- function(job, statistic, linear) {
  if (!is.null(linear)) return(linear$rounding)
  if (statistic$endpoint != "numeric" || statistic$role == "test") return(0)
  y <- job$cohort$response
  unit <- if (statistic$name == "standardised_difference") stats::sd(y) else 1
  if (unit > 0) 32 * .Machine$double.eps * max(abs(y)) / unit else 0
}

permuted_within <- function(compared, cohort) {
  if (is.null(compared$clusters)) return(if (length(compared$strata)) "strata" else "the whole sample")
  if (is.null(cohort$cluster)) return("clusters")
  if (length(compared$strata)) "strata, clusters as wholes" else "the whole sample, clusters as wholes"
}

# Nothing that a permutation changes, or nothing that it could be compared with.
is_degenerate <- function(test) {
  cohort <- test$job$cohort
  unchanged <- function(column) {
    if (is.null(cohort$stratum)) return(min(column) == max(column))
    all(tapply(column, cohort$stratum, function(v) length(unique(v)) == 1))
  }
  constant <- is.null(test$job$custom) && unchanged(cohort$response)
  constant || unchanged(cohort$group) || is.nan(test$observed)
}

certain_test <- function(test) {
  c(test, list(
    p.value = 1, p.interval = c(1, 1), how = "exact",
    note = if (is.nan(test$observed)) {
      "the statistic has no value in these data"
    } else {
      "every arrangement gives the same value"
    },
    null = list_null(test$observed, 1)
  ))
}

# --- exact ------------------------------------------------------------------------------------

exact_test <- function(test, wanted, how, method, call = rlang::caller_env()) {
  why_not <- no_exact_null(test)
  if (is.null(why_not) && is_binary(test)) return(exact_counts(test, wanted))
  if (is.null(why_not)) {
    found <- exact_sums(test, wanted, method, call)
    if (!is.null(found)) return(found)
    why_not <- "the exact null distribution would take more than about 2 seconds or 300 MB"
  }
  found <- enumerated_test(test, wanted, how, method, call)
  if (!is.null(found)) return(found)
  why_not <- paste0(why_not, ", and there are too many arrangements to list")
  if (method == "exact") {
    abort_input(c("There is no exact permutation distribution here.", x = "{why_not}."),
      arg = "method", call = call
    )
  }
  test$note <- why_not
  monte_carlo_test(test, wanted, how, call)
}

is_binary <- function(test) test$statistic$endpoint == "binary" && is.null(test$compared$rows)

# Why there is none, or NULL.
no_exact_null <- function(test) {
  if (is.null(test$linear)) return(paste("the", test$statistic$title, "is not a function of one group's sum"))
  if (!keeps_sizes(test$job$cohort)) "clusters of different sizes are permuted as wholes"
}

# Counts: the convolution of the strata's hypergeometric distributions.
exact_counts <- function(test, wanted) {
  table <- count_null(test$compared$cells, test$statistic)
  extreme <- as_extreme(table$value, test, wanted$alternative)
  p <- sum(table$probability[extreme])
  if (wanted$midp) {
    tied <- extreme & as_tied(table$value, test, wanted$alternative)
    p <- p - sum(table$probability[tied]) / 2
  }
  p <- min(1, p)
  c(test, list(
    p.value = p, p.interval = c(p, p), how = "exact", by = "all tables with these margins",
    null = list_null(table$value, table$probability, table$x1)
  ))
}

# The distribution of the other group's events, and the statistic at each.
count_null <- function(cells, statistic) {
  by <- split(cells, cells$stratum)
  size <- function(group) vapply(by, function(s) sum(s$n[s$group == group]), 0)
  n0 <- size(0)
  n1 <- size(1)
  events <- vapply(by, function(s) sum(s$x), 0)
  table <- call_core(cpp_permutation_null(n0, n1, events))
  table$value <- vapply(table$x1, function(x1) {
    evaluate_counts(statistic, sum(events) - x1, sum(n0), x1, sum(n1))
  }, 0)
  table
}

# A statistic at a table of counts: one row a cell, weighted.
evaluate_counts <- function(statistic, x0, n0, x1, n1) {
  cells <- list(
    group = c(0L, 0L, 1L, 1L), stratum = rep(0L, 4), frequency = rep(1, 4),
    response = c(1, 0, 1, 0), n_groups = 2L, n_strata = 1L
  )
  job <- list(cohort = cells, statistic = statistic$name, parameters = double())
  call_core(cpp_evaluate(job, c(x0, n0 - x0, x1, n1 - x1), cells$group))$values[[1]]
}

# Sums of responses or ranks. NULL where it takes too long.
exact_sums <- function(test, wanted, method, call) {
  if (method == "auto" && length(test$job$cohort$group) > most_planned) return(NULL)
  found <- call_core(cpp_linear_test(test$job, wanted$alternative, wanted$midp, method == "exact"), call)
  if (is.null(found)) return(NULL)
  c(test, list(
    p.value = found$p[[2]], p.interval = found$p, how = "exact", by = found$by, null = sum_null(found)
  ))
}

# Patients from which on it would take longer than replicates, if only to find out.
most_planned <- 50000

# `test`: observed, centre and rounding.
as_extreme <- function(value, test, alternative) {
  slack <- tie_slack(test)
  switch(alternative,
    two.sided = abs(value - test$centre) >= abs(test$observed - test$centre) - slack,
    greater = value >= test$observed - slack,
    less = value <= test$observed + slack
  )
}

as_tied <- function(value, test, alternative) {
  distance <- if (alternative == "two.sided") {
    abs(value - test$centre) - abs(test$observed - test$centre)
  } else {
    value - test$observed
  }
  abs(distance) <= tie_slack(test) | (is.infinite(value) & value == test$observed)
}

tie_slack <- function(test) {
  scale <- abs(test$observed - if (is.na(test$centre)) 0 else test$centre)
  if (is.infinite(scale)) 0 else 1e-7 * scale + test$rounding
}

# --- Monte Carlo ------------------------------------------------------------------------------

monte_carlo_test <- function(test, wanted, how, call = rlang::caller_env()) {
  test$job$seed <- resolve_seed(how$seed)
  if (wanted$stop != "none") return(sequential_test(test, wanted, how, call))
  drawn <- run_ranges(test$job, 1, how$R, how, call)
  summarise_test(test, wanted, drawn$values[, 1], drawn$failures)
}

summarise_test <- function(test, wanted, replicates, failures) {
  R <- length(replicates)
  counts <- count_extreme(test, wanted, replicates)
  p <- cpp_monte_carlo_p(counts[["extreme"]], R, 0.95)
  test[c("p.value", "p.interval")] <- list(p[["p.value"]], unname(p[c("conf.low", "conf.high")]))
  if (wanted$midp) test$p.value <- cpp_monte_carlo_midp(counts[["extreme"]] - counts[["tied"]], counts[["tied"]], R)
  test$how <- "monte_carlo"
  test$exceeding <- counts[["extreme"]]
  test$R <- R
  test$replicates <- replicates
  test$failures <- failures / R
  test$null <- replicate_null(replicates)
  test
}

# A value that does not exist speaks against nothing: it counts as extreme.
is_exceeding <- function(test, wanted, replicates) {
  extreme <- as_extreme(replicates, test, wanted$alternative)
  extreme | is.na(extreme)
}

count_extreme <- function(test, wanted, replicates) {
  extreme <- is_exceeding(test, wanted, replicates)
  tied <- as_tied(replicates, test, wanted$alternative)
  c(extreme = sum(extreme), tied = sum(extreme & tied, na.rm = TRUE))
}

# A thousand at a time, until the rule says stop; the replicates after that do not count.
sequential_test <- function(test, wanted, how, call) {
  values <- double()
  repeat {
    first <- length(values) + 1
    last <- min(how$R, length(values) + 1000)
    values <- c(values, run_ranges(test$job, first, last, how, call)$values[, 1])
    exceeding <- is_exceeding(test, wanted, values)
    rule <- call_core(cpp_sequential(wanted$stop, exceeding, wanted$alpha, besag_clifford_h), call)
    if (rule$stopped || last == how$R) break
  }
  used <- values[seq_len(rule$used)]
  test <- summarise_test(test, wanted, used, count_failures(used))
  test$stop <- list(rule = wanted$stop, alpha = wanted$alpha, stopped = rule$stopped, verdict = rule$verdict)
  if (rule$stopped) test[c("p.value", "p.interval")] <- stopped_p(test, wanted, rule)
  test
}

besag_clifford_h <- 20L

# Exact limits for p when the number of extreme arrangements was fixed, not that of all. Gandy's rule
# says on which side of alpha p is; its estimate is kept from being 0.
stopped_p <- function(test, wanted, rule) {
  used <- rule$used
  if (wanted$stop == "besag_clifford") {
    h <- besag_clifford_h
    low <- stats::qbeta(0.025, h, used - h + 1)
    high <- if (used > h) stats::qbeta(0.975, h, used - h) else 1
    return(list(rule$p, c(low, high)))
  }
  side <- if (rule$verdict == "below") c(0, wanted$alpha) else c(wanted$alpha, 1)
  list(max(rule$p, 1 / (used + 1)), side)
}

new_perm <- function(compared, test, wanted) {
  statistic <- test$statistic
  effect <- to_display(statistic, test$observed)
  monte_carlo <- test$how == "monte_carlo"
  structure(
    c(
      list(
        statistic = stats::setNames(effect, statistic$title),
        p.value = test$p.value,
        estimate = stats::setNames(effect, format_estimand(statistic, compared$groups)),
        null.value = stats::setNames(null_effect(statistic), statistic$title),
        alternative = wanted$alternative,
        method = if (monte_carlo) "Monte Carlo permutation test" else "Exact permutation test",
        data.name = paste(compared$event, "by", compared$group_name)
      ),
      if (!is.null(test$conf.int)) list(conf.int = test$conf.int),
      list(
        p.interval = test$p.interval, exceeding = test$exceeding,
        R = if (monte_carlo) test$R else NA_real_, seed = if (monte_carlo) test$job$seed else NA_real_,
        replicates = test$replicates, null = test$null, observed = test$observed,
        centre = test$centre, rounding = test$rounding, failures = test$failures, spec = statistic, midp = wanted$midp,
        stop = test$stop, by = test$by, note = test$note, within = test$within,
        job = if (monte_carlo) test$job, call = wanted$call
      ),
      kept_of(compared, if (monte_carlo) test$job)
    ),
    class = c("her2_perm", "htest")
  )
}

#' @export
lengthened.her2_perm <- function(x, more) {
  wanted <- x[c("alternative", "midp", "call")]
  test <- c(x[c("job", "observed", "centre", "rounding", "within", "note")], list(statistic = x$spec))
  failures <- round(x$failures * x$R) + more$failures
  test <- summarise_test(test, wanted, c(x$replicates, more$values[, 1]), failures)
  if (!is.null(x$conf.int)) {
    wanted$conf.level <- attr(x$conf.int, "conf.level")
    test <- invert_test(test, wanted, resampling_options(test$R, test$job$seed, NULL, FALSE, NULL))
  }
  new_perm(x, test, wanted)
}
