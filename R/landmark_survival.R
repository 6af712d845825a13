#' Survival by response, counted from landmarks
#'
#' Does a response (pCR) go with longer survival? Patients can only be responders if they live, without the
#' event, to the assessment. An analysis that counts them as responders from baseline therefore gives them
#' time in which they could not fail, and makes the response look better than it is: immortal-time bias.
#' `landmark_survival()` gives the analyses without that bias (landmarks, and the time-dependent Cox model),
#' and says how large it would have been.
#'
#' @section Analyses:
#' T is the time from baseline, X when the response became known (`response_time`), Z whether it is one.
#' Each hazard ratio is of the response over no response: below 1, responders have fewer events.
#' * `landmark`: patients with T > L, in two groups: Z and X <= L (response known), and all others, among
#'   them those who are not assessed yet, and responders to be. Time counts from L. Patients with T <= L
#'   are left out, and counted. Anderson, Cain and Gelber (1983), \doi{10.1200/JCO.1983.1.11.710}.
#' * `from response`: the assessed with T > X, by Z, time counted from X (surgery). Those who were never
#'   assessed are left out, and counted.
#' * `time-dependent`: everybody, from baseline, by Cox's model with h(t | Z) = h0(t) exp(b Z 1(X < t)): a
#'   responder counts as without response in (0, X], and as responder in (X, T].
#' * `naive`: everybody, from baseline, by Z: biased, and shown for that reason only.
#'
#' Hazard ratios are Cox's with Efron's ties and Wald intervals, within `strata`; tests are log-rank tests;
#' restricted means and survival differences are of Kaplan-Meier curves, as in [compare_survival()], whose
#' result for each landmark is in `comparisons`. The window of restricted means is `tau`, counted from the
#' landmark; by default the longest that both groups of every landmark were followed for.
#'
#' A landmark analysis speaks of patients who live to the landmark. Response is not randomised: none of the
#' four says that making a patient respond prolongs life.
#'
#' @section Immortal-time bias:
#' \deqn{B = b_{naive} - b_{time-dependent}}{B = b(naive) - b(time-dependent)}
#' and exp(B) is the ratio of the hazard ratios: 0.8 means that the naive hazard ratio is 20% too low. Its
#' interval is the percentile interval over `R` bootstrap samples of patients (within strata), in each of
#' which both models are fitted to the same patients. The immortal time is the sum of X over responders,
#' in the unit of the data, and its share of the responders' time (Suissa 2008, \doi{10.1093/aje/kwm324}).
#'
#' @section Who counts as what:
#' A patient without `response_time` was never assessed (no surgery), stays in the reference group, and is
#' never dropped as missing, even if the response is `NA`. With one number for all, who has T below it and
#' no response was never assessed. An assessed patient with a missing response is handled by `na.action`.
#' A response that becomes known at the very end of a patient's time is none yet for the time-dependent
#' model and for landmarks.
#'
#' @inheritParams compare_survival
#' @param formula `Surv(time, status) ~ response` ([Surv_CNSR()] for ADaM data): the time from baseline (diagnosis, start of
#'   therapy), and
#'   the response as it was ever classified: a factor (first level: no response), logical, or 0/1.
#'   `| block` gives strata.
#' @param response_time When the response became known, from baseline: a column, or one number for all.
#'   `NA` where never assessed.
#' @param landmarks Times from baseline. By default the quantiles 25%, 50%, 75%, 90% and 100% of the
#'   response times that were observed.
#' @param tau How long from the landmark on restricted means are taken.
#' @param times Times from the landmark on at which survival is compared.
#' @param ref The level that means no response.
#' @param R Number of bootstrap samples for the bias; 0 for none.
#' @param seed A whole number. `NULL` takes one from R's generator.
#' @return An object of class `her2_landmark`. [generics::tidy()] gives one row an estimate: term
#'   (log_hazard_ratio, test, rmst_difference, survival_difference, immortal_time_bias), method (cox, logrank,
#'   kaplan-meier, greenwood, percentile), group, time (the landmark), estimate, std.error, conf.low, conf.high,
#'   statistic, df, p.value, analysis (landmark, from response, time-dependent, naive), horizon (tau or the time
#'   from the landmark on), n, events, and the reason where there is no estimate or no interval;
#'   `tidy(x, "counts")` who is in each group, and who is left out.
#' @section Errors: `her2mod_error_data`: a response without its time; a response time after the patient's own time; no
#'   landmark at which both groups have patients. `her2mod_error_input`: negative response times; landmarks beyond
#'   follow-up, start and stop times. A landmark at which a group is empty has `NA` and a reason.
#'   `her2mod_warning_degenerate` says which analyses have no hazard ratio.
#' @seealso [compare_survival()], [cox_regression()]
#' @examples
#' # Stanford heart transplants: the classic of immortal time. Survival in days by transplant.
#' jasa <- survival::jasa
#' jasa$wait.time[jasa$transplant == 0] <- NA
#' landmark_survival(Surv(futime, fustat) ~ transplant, jasa, response_time = wait.time,
#'   landmarks = c(15, 30, 60, 90), R = 199, seed = 1)
#' @export
landmark_survival <- function(formula, data = NULL, response_time, landmarks = NULL, tau = NULL, times = NULL,
                              subset = NULL, na.action = stats::na.omit, strata = NULL, ref = NULL,
                              conf.level = 0.95, R = 999, seed = NULL) {
  call <- rlang::current_env()
  conf.level <- check_probability(conf.level, "conf.level")
  wanted <- list(
    conf.level = conf.level, times = check_times_wanted(times), tau = if (!is.null(tau)) check_time(tau, "tau")
  )
  how <- list(R = check_count(R, "R"), seed = if (!is.null(seed)) resolve_seed(seed))
  quoted <- list(
    subset = substitute(subset), strata = substitute(strata),
    response_time = if (!missing(response_time)) substitute(response_time)
  )
  d <- landmark_data(formula, data, quoted, na.action, ref, check_landmarks(landmarks), call)
  refuse_late_landmarks(d$landmarks, d$rows, call)
  d$landmarks <- choose_landmarks(d$landmarks, d$rows)
  wanted$tau <- choose_window(wanted$tau, d, call)
  found <- c(lapply(d$landmarks, analyse_from, d = d, wanted = wanted), list(analyse_from(d, NA_real_, wanted)))
  refuse_no_landmark(found[seq_along(d$landmarks)], call)
  result <- new_landmark(d, found, wanted, how)
  result$by_default <- is.null(landmarks)
  result$call <- match.call()
  warn_landmark(result)
  result
}

new_landmark <- function(d, found, wanted, how) {
  jobs <- baseline_jobs(d)
  baseline <- baseline_estimates(d, jobs, wanted)
  bias <- immortal_bias(baseline, d, jobs, how, wanted$conf.level)
  rows <- do.call(rbind, lapply(found, analysis_rows, other = d$groups[[2]], tau = wanted$tau))
  names(found) <- c(landmark_names(d$landmarks), "response")
  estimates <- rbind(rows, baseline, bias_row(bias, d))
  rownames(estimates) <- NULL
  known <- d$rows$known
  structure(list(
    estimates = estimates,
    counts = do.call(rbind, c(lapply(unname(found), `[[`, "counts"), list(baseline_counts(d, jobs)))),
    comparisons = lapply(found, `[[`, "comparison"), landmarks = d$landmarks, tau = wanted$tau,
    immortal = immortal_time(d$rows), bias = bias, n = nrow(d$rows), events = sum(d$rows$event),
    groups = d$groups, responders = sum(d$rows$ever), never_assessed = sum(is.infinite(known)),
    never_events = sum(d$rows$event[is.infinite(known)]),
    known = stats::quantile(known[is.finite(known)], c(0, 0.5, 1), names = FALSE),
    conf.level = wanted$conf.level, strata = d$strata, event = d$label, group_name = d$group_name,
    n_dropped = d$n_dropped, simulated = d$simulated
  ), class = "her2_landmark")
}

# Each by itself: format() would give all of them the decimals of one.
landmark_names <- function(landmarks) vapply(landmarks, format, "", digits = 15)

# A window given must fit one landmark at least.
choose_window <- function(tau, d, call) {
  if (is.null(tau)) return(common_window(d, d$landmarks))
  largest <- vapply(d$landmarks, function(at) {
    kept <- d$rows$time > at
    response <- factor(d$rows$ever == 1 & d$rows$known <= at, c(FALSE, TRUE))[kept]
    if (any(table(response) == 0)) return(-Inf)
    frame <- data.frame(time = time_since(at, kept, d$rows), event = d$rows$event[kept], response = response)
    largest_window(frame)
  }, 0)
  if (any(largest > -Inf) && tau > max(largest)) abort_beyond("tau", tau, max(largest), call)
  tau
}

refuse_no_landmark <- function(found, call) {
  reasons <- vapply(found, `[[`, "", "reason")
  if (!anyNA(reasons)) {
    at <- vapply(found, `[[`, 0, "at")
    abort_data(c(
      "At no landmark do both groups have patients at risk.",
      x = "{.val {first_of(paste0(format(at, trim = TRUE), ': ', reasons), 4)}}."
    ), arg = "landmarks", call = call)
  }
}

# One warning for all that has no hazard ratio; but where only responses have times nobody expects one from
# the assessment on.
warn_landmark <- function(x) {
  rows <- hazard_rows(x)
  rows <- rows[!is.na(rows$reason) & !(rows$analysis == "from response" & is.na(rows$estimate)), ]
  notes <- c(if (nrow(rows)) paste0(sub(": BIASED", "", analysis_titles(rows)), ": ", rows$reason, "."), x$bias$notes)
  if (length(notes)) {
    warn_her2(c("Not everything could be estimated:", stats::setNames(notes, rep("i", length(notes)))), "degenerate")
  }
}
