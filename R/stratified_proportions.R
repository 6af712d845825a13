# Two groups within strata (centres): common effects and tests, each method by its name. What the methods
# compute is in stratified-*.R.

#' @rdname compare_proportions
#' @name stratified_proportions
#' @usage NULL
#' @section Strata:
#' With `strata =`, `y ~ group | centre` or a 2 x 2 x K array the groups are compared within strata, and the
#' result is a `her2_proportions_stratified`. With \eqn{x_{1k}/n_{1k}}, \eqn{x_{0k}/n_{0k}} in stratum k, and
#' \eqn{N_k = n_{0k} + n_{1k}}:
#'
#' * `risk_difference`: the mean of the strata's differences, with weights \eqn{w_k = n_{1k} n_{0k}/N_k}
#'   (Mantel-Haenszel); it needs no common difference to be a mean.
#'   * `sato`: with Sato's standard error (1989, Biometrics 45:1323), right for few large strata and for many
#'     small ones; `greenland-robins`: with the strata's binomial variances added, for large strata
#'     (\doi{10.2307/2530643}).
#'   * `miettinen-nurminen`, `mee`: the differences that the score test does not reject,
#'     \eqn{z(\delta) = \sum w_k (p_{1k} - p_{0k} - \delta) / \sqrt{\sum w_k^2 V_k(\delta)}} with the same weights,
#'     \eqn{V_k} at the estimates restricted to \eqn{\delta}, with and without \eqn{N_k/(N_k - 1)}
#'     (\doi{10.1002/sim.4780040211}). At \eqn{\delta = 0} the former's z is `cmh`'s.
#'   * `inverse-variance`: weights are the inverse estimated variances (a common difference is assumed).
#' * `risk_ratio`, assumed common: `greenland-robins` (Mantel-Haenszel estimate), `miettinen-nurminen` (the
#'   score \eqn{p_{1k} - \theta p_{0k}} with the weights above; the estimate is Mantel-Haenszel's), `inverse-variance`.
#' * `odds_ratio`, assumed common given the stratum: `robins-breslow-greenland` (Mantel-Haenszel estimate; Robins,
#'   Breslow and Greenland 1986, Biometrics 42:311), `inverse-variance` (Woolf), `fisher-conditional` and
#'   `midp-conditional` (conditional
#'   maximum likelihood, with exact tails, whole or with half of the observed sum's probability).
#' * `test`, of no effect in any stratum: `cmh`, `cmh-cc` (Cochran-Mantel-Haenszel without and with continuity
#'   correction, which takes 1/2 off the distance but not beyond 0; a signed z, its square is the chi-squared),
#'   `cmh-exact` (conditional on all margins; two-sided sums what is at most as likely as the observed sum),
#'   `cmh-midp` (less half of the observed sum's probability).
#' * `homogeneity`, of the odds ratio over strata: `breslow-day`, `tarone` (Breslow-Day's with Tarone's
#'   correction, \doi{10.1093/biomet/72.1.91}), `zelen` (exact, by enumeration).
#'   With fewer than two strata that can say anything, p = 1.
#'
#' A stratum without patients of one group says nothing about a difference; one without events, or with events
#' only, nothing about an odds ratio or to a test, although its difference of 0 counts in a risk difference. Such
#' strata stay in the result, contribute nothing there, and are listed in the print. Where a stratum has a zero
#' cell `inverse-variance` does not exist (`NA`): nothing is added to it.
#'
#' In an array the first dimension is the group (reference first), the second the outcome (the event
#' last, as in `table(group, event, centre)`, or as `event` names it), the third the stratum.
NULL

stratified_terms <- c("risk_difference", "risk_ratio", "odds_ratio", "test", "homogeneity")

stratified_methods <- data.frame(
  term = rep(stratified_terms, c(5, 3, 4, 4, 3)),
  method = c(
    "sato", "greenland-robins", "miettinen-nurminen", "mee", "inverse-variance",
    "greenland-robins", "miettinen-nurminen", "inverse-variance",
    "robins-breslow-greenland", "fisher-conditional", "midp-conditional", "inverse-variance",
    "cmh", "cmh-cc", "cmh-exact", "cmh-midp",
    "breslow-day", "tarone", "zelen"
  )
)

# `strata`: one row a stratum with stratum, x0, n0, x1, n1.
new_stratified <- function(strata, groups, conf.level, alternative, methods, event, stratum_name, n_dropped, simulated,
                           call, group_name = NULL, error_call = rlang::caller_env()) {
  conf.level <- check_level(conf.level, alternative, error_call)
  chosen <- stratified_methods
  if (!is.null(methods)) {
    check_choice(methods, unique(c("all", unlist(chosen))), "methods", several = TRUE, call = error_call)
    kept <- chosen$term %in% methods | chosen$method %in% methods
    if (!"all" %in% methods) chosen <- chosen[kept, ]
  }
  strata$says <- what_stratum_says(strata)
  if (all(strata$says == "one group")) {
    abort_data(c("No stratum has patients of both groups.",
      x = "{.val {groups[[1]]}} and {.val {groups[[2]]}} are never in the same of the {nrow(strata)} strata."
    ), call = error_call)
  }
  rows <- stratified_rows(strata, conf.level, alternative, chosen)
  structure(
    list(
      estimates = rows, strata = strata, groups = groups, conf.level = conf.level, alternative = alternative,
      chosen = chosen, event = event, stratum_name = stratum_name,
      group_name = group_name, n_dropped = n_dropped, simulated = simulated, call = call
    ),
    class = "her2_proportions_stratified"
  )
}

# "one group", "no events", "only events", or "" where the stratum contributes to everything.
what_stratum_says <- function(strata) {
  events <- strata$x0 + strata$x1
  ifelse(strata$n0 == 0 | strata$n1 == 0, "one group",
    ifelse(events == 0, "no events", ifelse(events == strata$n0 + strata$n1, "only events", ""))
  )
}

stratified_rows <- function(strata, conf.level, alternative, chosen) {
  k <- as.list(strata[strata$says != "one group", c("x0", "n0", "x1", "n1")])
  exact <- chosen$method %in% c("fisher-conditional", "midp-conditional", "cmh-exact", "cmh-midp")
  shared <- list(k = k, conf.level = conf.level, alternative = alternative)
  if (any(exact)) shared$conditional <- conditional_results(k, conf.level, alternative)
  if (any(chosen$term == "homogeneity")) {
    shared$homogeneity <- homogeneity_tests(k$x0, k$n0, k$x1, k$n1, chosen$method[chosen$term == "homogeneity"])
  }
  rows <- Map(stratified_row, chosen$term, chosen$method, MoreArgs = list(shared = shared))
  rows <- do.call(rbind, unname(rows))
  rows$alternative <- ifelse(rows$term == "homogeneity", "two.sided", alternative)
  rows
}

conditional_results <- function(k, conf.level, alternative) {
  given <- conditional_strata(k)
  near <- if (given$low < given$high) near_distribution(given)
  list(
    log_odds = conditional_log_odds(given), s = sum(k$x1), p = conditional_p_values(given, near),
    exact = conditional_limits(given, near, conf.level, alternative, 1),
    midp = conditional_limits(given, near, conf.level, alternative, 1 / 2)
  )
}

stratified_row <- function(term, method, shared) {
  row <- function(estimate = NA, std.error = NA, limits = c(NA, NA), statistic = NA, df = NA, p.value = NA) {
    data.frame(
      term = term, method = method, estimate = as.double(estimate), std.error = as.double(std.error),
      conf.low = as.double(limits[[1]]), conf.high = as.double(limits[[2]]), statistic = as.double(statistic),
      df = as.double(df), p.value = as.double(p.value)
    )
  }
  values <- switch(term,
    risk_difference = , risk_ratio = , odds_ratio = if (grepl("conditional$", method)) {
      conditional_interval(method, shared)
    } else if (method %in% c("miettinen-nurminen", "mee")) {
      score_interval(term, method, shared)
    } else {
      normal_interval(term, method, shared)
    },
    test = stratified_test(method, shared),
    homogeneity = homogeneity_test(method, shared)
  )
  do.call(row, values)
}

# Estimate and standard error; of ratios on the log scale.
normal_interval <- function(term, method, shared) {
  k <- shared$k
  found <- if (method == "inverse-variance") {
    inverse_variance(k, term)
  } else {
    switch(term,
      risk_difference = c(
        estimate = mh_difference(k),
        error = if (method == "sato") sato_error(k) else greenland_robins_error(k)
      ),
      risk_ratio = mh_log_risk_ratio(k),
      odds_ratio = mh_log_odds_ratio(k)
    )
  }
  estimate <- found[["estimate"]]
  error <- found[["error"]]
  ratio <- term != "risk_difference"
  outer <- if (ratio) c(0, Inf) else c(-1, 1)
  half <- stats::qnorm(error_at_end(shared$conf.level, shared$alternative), lower.tail = FALSE) * error
  limits <- estimate + c(-half, half)
  limits <- if (ratio) exp(limits) else pmin(1, pmax(-1, limits))
  # Infinite logarithms leave no standard error: as woolf and katz, all that is possible.
  if (ratio && is.na(error) && method != "inverse-variance") limits <- outer
  if (!anyNA(limits)) limits <- one_sided_ends(limits, shared$alternative, outer)
  z <- if (is.na(error) || error == 0) NA else estimate / error
  list(
    estimate = if (ratio) exp(estimate) else estimate, std.error = error, limits = limits, statistic = z,
    p.value = if (is.na(z)) NA else z_p_value(z, shared$alternative)
  )
}

score_interval <- function(term, method, shared) {
  k <- shared$k
  correct <- method == "miettinen-nurminen"
  null <- if (term == "risk_ratio") 1 else 0
  z <- stratified_z(k, null, term, correct)
  list(
    estimate = if (term == "risk_ratio") exp(mh_log_risk_ratio(k)[["estimate"]]) else mh_difference(k),
    limits = stratified_score_limits(k, term, correct, shared$conf.level, shared$alternative),
    statistic = z, p.value = z_p_value(z, shared$alternative)
  )
}

conditional_interval <- function(method, shared) {
  found <- shared$conditional
  exact <- method == "fisher-conditional"
  list(
    estimate = exp(found$log_odds), limits = if (exact) found$exact else found$midp,
    p.value = conditional_p(found$p, shared$alternative, midp = !exact, central = TRUE)
  )
}

# The interval inverts two one-sided tests, and its p doubles the smaller; the test sums what is at most as likely.
conditional_p <- function(p, alternative, midp, central) {
  less <- if (midp) p[["observed"]] / 2 else 0
  # A single possible table says nothing; an interval's one-sided mid-p keeps its definition, as with one stratum.
  if (p[["observed"]] == 1) return(if (central && midp && alternative != "two.sided") 0.5 else 1)
  if (alternative != "two.sided") return(p[[alternative]] - less)
  if (central) return(min(1, 2 * (min(p[["less"]], p[["greater"]]) - less)))
  p[["two.sided"]] - less
}

stratified_test <- function(method, shared) {
  if (method %in% c("cmh", "cmh-cc")) {
    z <- cmh_z(shared$k, correct = method == "cmh-cc")
    p <- if (z == 0 && shared$alternative == "two.sided") 1 else z_p_value(z, shared$alternative)
    # Nothing varies given the margins.
    if (cmh_score(shared$k)[["variance"]] == 0) p <- 1
    return(list(statistic = z, p.value = p))
  }
  found <- shared$conditional
  list(
    statistic = found$s,
    p.value = conditional_p(found$p, shared$alternative, midp = method == "cmh-midp", central = FALSE)
  )
}

homogeneity_test <- function(method, shared) {
  found <- shared$homogeneity[shared$homogeneity$method == method, ]
  if (method == "zelen") return(list(p.value = found$p.value))
  as.list(found[c("statistic", "df", "p.value")])
}
