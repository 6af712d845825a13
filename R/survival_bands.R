#' Simultaneous confidence bands of survival curves
#'
#' A pointwise interval holds S at one time with its level. A band holds the whole curve, from one time
#' to another, at once; and a band of the difference of two curves tests whether they are one.
#'
#' With n patients of a group, Greenwood's sum \eqn{v(t) = \sum d/(y(y - d))} of d events among y at risk, and
#' \eqn{x(t) = nv/(1 + nv)}, the process \eqn{\sqrt n (\hat S - S)(1 - x)/\hat S} tends to a Brownian bridge B in x.
#' The bands are \eqn{\hat S \pm w\hat S}:
#' * `"hall-wellner"`: \eqn{w = k(1 + nv)/\sqrt n}, k the quantile of \eqn{\sup |B(x)|} over the range of x
#'   (\doi{10.1093/biomet/67.1.133});
#' * `"equal-precision"`: \eqn{w = c\sqrt v}, c that of \eqn{\sup |B(x)|/\sqrt{x(1 - x)}}
#'   (\doi{10.1080/00401706.1984.10487964}): the pointwise limits, made wider by one factor;
#' * `"bootstrap"`: \eqn{w = c\sqrt v}, c the quantile, number \eqn{(R + 1)} times the level rounded up, of the
#'   studentised supremum over replicates S* of the curve (Akritas 1986, JASA 81:1032): on the plain scale
#'   \eqn{\sup |S^* - \hat S|/(S^*\sqrt{v^*})}, on the others the same of the transformed curves, each over its own
#'   standard error there. Times at which a replicate's curve is at 0 or 1 do not count: there it has no limits.
#'   Patients are drawn within their group and stratum, as in [boot_ci()].
#'
#' k and c of the first two are exact, not read from a table (whose equal-precision values are approximate). With
#' delayed entry n is the number of patients too: the limit holds whatever n, which then only shapes the
#' Hall-Wellner band.
#'
#' @section Scales:
#' `"plain"` is as above. `"log-log"` is \eqn{\hat S} to the power \eqn{\exp(\pm w/\log \hat S)} and `"arcsine"`
#' \eqn{\sin^2(\arcsin \sqrt{\hat S} \pm \frac w2 \sqrt{\hat S/(1 - \hat S)})}, with the same critical values (Borgan
#' and Liestoel 1990, Scand J Stat 17:35), but those of the bootstrap, which are of their own scale.
#' Limits are cut to 0 and 1; where \eqn{\hat S} is still 1 these two have
#' none. A limit may rise again late on, where few are at risk: it is left so. The difference is on the plain scale.
#'
#' @section Coverage:
#' Simulated 95% bands of 50, 100 and 200 patients, 30% of them censored (`proofs/BANDS.md` of the sources; Monte
#' Carlo standard error 0.5), held the whole curve in 94.2 to 96.0% (`"hall-wellner"`, every scale);
#' `"equal-precision"` in 95.0 to 96.5% (arcsine), 93.3 to 96.1% (log-log) and 90.6 to 94.2% (plain); `"bootstrap"` in
#' 93.4 to 95.8% (arcsine), 94.0 to 98.2% (plain) and 89.3 to 93.8% (log-log). **On the log-log scale the bootstrap's
#' bands are too narrow at these sizes: take the arcsine scale for them**, and avoid plain bands of equal precision.
#' The band of the difference held it in 95.5, 95.3 and 94.8%. Pointwise limits hold the whole curve in about half of
#' the sets.
#'
#' @section The difference:
#' The bootstrap of two groups has the band \eqn{\hat D \pm c\,s} of \eqn{D = S_1 - S_0}, the other group's minus
#' the reference's, \eqn{s^2 = \hat S_0^2 v_0 + \hat S_1^2 v_1} and c the quantile of \eqn{\sup |D^* - \hat D|/s^*}. The
#' p-value of the hypothesis that the curves are one on the range is \eqn{(b + 1)/(R + 1)}, b the replicates
#' whose supremum is at least \eqn{\sup |\hat D|/s}. It is at most 1 less the level where, and only where, the band
#' leaves zero out somewhere.
#'
#' @section Range:
#' By default each curve's band goes, `"hall-wellner"`, from its first event time to its last with
#' \eqn{\hat S > 0}; else over its event times with x from 0.05 to 0.95: at its very ends a curve has no band of
#' equal precision. `from` and `to` may be anywhere in the follow-up where \eqn{\hat S > 0} and, `"hall-wellner"` apart,
#' the first event has come. The bootstrap takes for all groups the range that they share. The wider the range,
#' the wider the band; it is to be chosen before the data are seen.
#'
#' @param x A result of [compare_survival()].
#' @param type Which band.
#' @param from,to The range of times.
#' @param conf.level The level of the band.
#' @param scale `"log-log"`, `"arcsine"` or `"plain"`.
#' @param R,seed,threads Of the bootstrap: as in [boot_ci()].
#' @return An object of class `her2_bands` with `bands`, `critical` (a row a band: its range and critical value) and,
#'   with a difference, `statistic`, `p.value` and its Monte Carlo interval `p.interval`. [generics::tidy()] gives
#'   `bands`: one row a group (or difference) for `from` and each event time in the range, whose limits hold to
#'   the next: term, method, group, time, estimate, conf.low, conf.high.
#' @section Errors: `her2mod_error_input` where `x` is not of [compare_survival()], `from` is after `to`, or either
#'   lies where the curves have no band; `her2mod_error_data` where a curve is nowhere between 0 and 1, or groups share
#'   no range. `her2mod_warning_few_replicates` where `R` is too small for the level.
#' @seealso [autoplot-bands]
#' @examples
#' veteran <- survival::veteran
#' veteran$trt <- factor(veteran$trt, labels = c("standard", "test"))
#' x <- compare_survival(Surv(time, status) ~ trt, veteran)
#' survival_bands(x, "equal-precision")
#' survival_bands(x, "bootstrap", R = 999, seed = 1)
#' @export
survival_bands <- function(x, type = c("hall-wellner", "equal-precision", "bootstrap"), from = NULL, to = NULL,
                           conf.level = 0.95, scale = c("log-log", "arcsine", "plain"), R = 9999, seed = NULL,
                           threads = NULL) {
  if (!inherits(x, "her2_survival")) {
    abort_input(c("{.arg x} must be a result of {.fn compare_survival}.", x = "It is {.obj_type_friendly {x}}."),
      arg = "x"
    )
  }
  type <- check_option(type, c("hall-wellner", "equal-precision", "bootstrap"), "type")
  conf.level <- check_probability(conf.level, "conf.level")
  scale <- check_option(scale, c("log-log", "arcsine", "plain"), "scale")
  ranges <- band_ranges(x, type, check_range_end(from, "from"), check_range_end(to, "to"))
  found <- if (type == "bootstrap") {
    drawn <- list(R = check_count(R, "R", min = 1), seed = resolve_seed(seed), threads = resolve_threads(threads))
    bootstrap_bands(x, ranges[[1]], conf.level, scale, drawn)
  } else {
    analytic_bands(x, type, ranges, conf.level, scale)
  }
  structure(
    c(found, list(type = type, conf.level = conf.level, scale = scale, survival = x, call = match.call())),
    class = "her2_bands"
  )
}

# --- ranges ---------------------------------------------------------------------------------------

check_range_end <- function(x, arg, call = rlang::caller_env()) {
  if (is.null(x)) return(NULL)
  if (!is.numeric(x) || length(x) != 1 || !is.finite(x) || x < 0) {
    abort_input(c("{.arg {arg}} must be one finite number, not negative.", x = "It is {.val {x}}."),
      arg = arg, value = x, call = call
    )
  }
  as.double(x)
}

# c(from, to) of each group.
band_ranges <- function(x, type, from, to, call = rlang::caller_env()) {
  n <- group_counts(x$cells, x$groups)$n
  ranges <- lapply(seq_along(x$groups), function(g) {
    refuse_beyond_curve(x$groups[[g]], x$curves[[g]], type, from, to, call)
    usual <- if (is.null(from) || is.null(to)) usual_range(x$groups[[g]], x$curves[[g]], n[[g]], type, call)
    c(if (is.null(from)) usual[[1]] else from, if (is.null(to)) usual[[2]] else to)
  })
  if (type == "bootstrap") {
    ends <- do.call(rbind, ranges)
    ranges[] <- list(c(max(ends[, 1]), min(ends[, 2])))
  }
  wrong <- Find(function(range) range[[1]] > range[[2]], ranges)
  if (!is.null(wrong)) refuse_backwards(wrong, from, to, call)
  ranges
}

refuse_backwards <- function(range, from, to, call) {
  if (is.null(from) && is.null(to)) {
    abort_data(c(
      "The curves share no range: one starts at {.val {range[[1]]}}, another ends at {.val {range[[2]]}}.",
      i = "The bands of other types have a range for each curve."
    ), call = call)
  }
  abort_input(c(
    "A band must start before it ends.",
    x = "This one would go from {.val {range[[1]]}} to {.val {range[[2]]}}.",
    i = "By default {.arg from} and {.arg to} are where a curve's usual range ends, or for the bootstrap all curves'."
  ), arg = if (is.null(to)) "from" else "to", call = call)
}

# Where the curve is known, is above 0 and has a standard error.
refuse_beyond_curve <- function(group, curve, type, from, to, call) {
  above <- curve$survival > 0
  events <- curve$time[curve$n.event > 0 & above]
  if (length(events) == 0) {
    abort_data("There is no band of {.val {group}}: at no event time is its curve between 0 and 1.",
      group = group, call = call
    )
  }
  # The Hall-Wellner band may start before the first event, but must not end there.
  early <- if (type == "hall-wellner") to else from
  if (!is.null(early) && early < events[[1]]) {
    arg <- if (type == "hall-wellner") "to" else "from"
    abort_input(c(
      "{.arg {arg}} must not be before the first event of a group.",
      x = "It is {.val {early}}; the first event of {.val {group}} is at {.val {events[[1]]}}."
    ), arg = arg, value = early, call = call)
  }
  falls <- curve$time[!above]
  too_late <- if (length(falls)) to >= falls[[1]] else to > follow_up_of(curve)
  if (!is.null(to) && too_late) {
    why <- if (length(falls)) "falls to 0 at {.val {falls[[1]]}}" else "is known to {.val {follow_up_of(curve)}}"
    abort_input(c(
      "{.arg to} must be within the follow-up, and before a curve is at 0.",
      x = paste0("It is {.val {to}}; that of {.val {group}} ", why, ".")
    ), arg = "to", value = to, call = call)
  }
}

usual_range <- function(group, curve, n, type, call) {
  edge <- if (type == "hall-wellner") 0 else 0.05
  known <- curve$n.event > 0 & curve$survival > 0
  x <- n * curve$greenwood[known] / (1 + n * curve$greenwood[known])
  times <- curve$time[known]
  inside <- times[x >= edge & x <= 1 - edge]
  if (length(inside) == 0) {
    abort_data(c(
      "The curve of {.val {group}} has no event time with x from 0.05 to 0.95.",
      x = "Its {cli::qty(length(times))}event time{?s} {?has/have} x = {.val {format_number(first_of(x, 5))}}.",
      i = "Give {.arg from} and {.arg to}, or take the Hall-Wellner band."
    ), group = group, call = call)
  }
  range(inside)
}

# --- bands ----------------------------------------------------------------------------------------

# The start of the range and the event times in it: there the limits change.
band_times <- function(curves, range) {
  times <- unlist(lapply(curves, function(curve) curve$time[curve$n.event > 0]))
  sort(unique(c(range[[1]], times[times >= range[[1]] & times <= range[[2]]])))
}

band_rows <- function(term, method, group, time, estimate, low, high) {
  data.frame(term, method, group, time, estimate, conf.low = low, conf.high = high)
}

critical_row <- function(term, group, range, critical) {
  data.frame(term, group, from = range[[1]], to = range[[2]], critical)
}

# S and Greenwood's sum from each of `times` on.
curve_values <- function(curve, times) {
  place <- places(curve, times) + 1
  list(survival = c(1, curve$survival)[place], greenwood = c(0, curve$greenwood)[place])
}

analytic_bands <- function(x, type, ranges, conf.level, scale, call = rlang::caller_env()) {
  n <- group_counts(x$cells, x$groups)$n
  parts <- lapply(seq_along(x$groups), function(g) {
    times <- band_times(x$curves[g], ranges[[g]])
    at <- curve_values(x$curves[[g]], times)
    band <- call_core(cpp_survival_band(
      times, at$survival, at$greenwood, n[[g]], times[[1]], times[[length(times)]], conf.level,
      type == "equal-precision", scale
    ), call)
    none <- is.nan(band$low)
    band$low[none] <- band$high[none] <- NA_real_
    list(
      rows = band_rows("survival", type, x$groups[[g]], times, at$survival, band$low, band$high),
      critical = critical_row("survival", x$groups[[g]], ranges[[g]], band$critical)
    )
  })
  list(bands = do.call(rbind, lapply(parts, `[[`, "rows")), critical = do.call(rbind, lapply(parts, `[[`, "critical")))
}

bootstrap_bands <- function(x, range, conf.level, scale, drawn, call = rlang::caller_env()) {
  largest <- curve_suprema(x, range, scale, drawn, call)
  place <- ceiling((drawn$R + 1) * conf.level - 1e-9)
  if (place > drawn$R) {
    needed <- ceiling(1 / (1 - conf.level) - 1e-9) - 1
    warn_her2(c(
      "R = {format(drawn$R, scientific = FALSE)} is too small for this level: the largest replicate is critical.",
      i = "R of at least {format(needed, digits = 15)} is needed."
    ), "few_replicates")
  }
  critical <- apply(largest, 2, function(column) sort(column)[[min(place, drawn$R)]])
  rows <- lapply(seq_along(x$groups), function(g) {
    times <- band_times(x$curves[g], range)
    at <- curve_values(x$curves[[g]], times)
    limits <- limits_within(at$survival, at$greenwood, critical[[g]], scale)
    band_rows("survival", "bootstrap", x$groups[[g]], times, at$survival, limits$low, limits$high)
  })
  found <- list(
    bands = do.call(rbind, rows),
    critical = do.call(rbind, Map(critical_row, "survival", x$groups, list(range), critical[seq_along(x$groups)])),
    R = drawn$R, seed = drawn$seed
  )
  if (length(x$groups) == 2) found <- add_difference_band(found, x, range, critical[[3]], largest[, 3])
  rownames(found$critical) <- NULL
  found
}

# Their numbers in the core.
curve_scales <- c(plain = 0, `log-log` = 1, arcsine = 2)

# A row a replicate: how far each curve is off at most, and the difference, in the replicate's standard errors.
curve_suprema <- function(x, range, scale, drawn, call) {
  groups <- length(x$groups)
  times <- band_times(x$curves, c(0, range[[2]]))
  # What holds at `from` was reached at the last event before.
  start <- max(times[times <= range[[1]]])
  job <- structure(list(
    kind = "bootstrap", cohort = sorted_cohort(x$cohort), statistic = "curve_supremum",
    parameters = c(start, range[[2]], curve_scales[[scale]]), outputs = as.integer(groups + (groups == 2)), scheme = "ordinary",
    jackknife_error = FALSE, seed = drawn$seed, draws = drawn_as
  ), class = "her2_job")
  run_job(job, 1, drawn$R, drawn$threads, call)$values
}

# So that the order of the data does not matter.
sorted_cohort <- function(cohort) {
  columns <- intersect(c("group", "stratum", "response", "event", "entry", "frequency"), names(Filter(length, cohort)))
  sorted <- do.call(order, unname(cohort[columns]))
  cohort[columns] <- lapply(cohort[columns], function(column) column[sorted])
  cohort$row <- NULL
  cohort
}

add_difference_band <- function(found, x, range, critical, largest) {
  times <- band_times(x$curves, range)
  d <- survival_differences(x$curves, x$groups[[2]], list(times = times, conf.level = x$conf.level))
  # As the replicates have it: the error of the curve that is known, where the other one is at 1 or at 0.
  d$std.error <- sqrt(Reduce(`+`, lapply(x$curves, function(curve) {
    s <- survival_at(curve, times, x$conf.level, "plain")
    ifelse(s$estimate == 0, 0, s$std.error)^2
  })))
  found$bands <- rbind(found$bands, band_rows("survival_difference", "bootstrap", x$groups[[2]], times, d$estimate,
    pmax(-1, d$estimate - critical * d$std.error), pmin(1, d$estimate + critical * d$std.error)
  ))
  found$critical <- rbind(found$critical, critical_row("survival_difference", x$groups[[2]], range, critical))
  found$statistic <- max(abs(d$estimate) / d$std.error)
  p <- cpp_monte_carlo_p(sum(largest >= found$statistic * (1 - 1e-7)), length(largest), 0.95)
  found[c("p.value", "p.interval")] <- list(p[["p.value"]], unname(p[c("conf.low", "conf.high")]))
  found
}
