#' Simultaneous confidence bands of survival curves
#'
#' A pointwise interval holds S at one time with its level. A band holds the whole curve, from one time
#' to another, at once; and a band of the difference of two curves tests whether they are one.
#'
#' With n patients, \eqn{v(t)} Greenwood's sum and \eqn{x = nv/(1 + nv)}:
#' * `"hall-wellner"`: \eqn{\hat S \pm k (1 + nv)/\sqrt n\, \hat S} (\doi{10.1093/biomet/67.1.133});
#' * `"equal-precision"`: \eqn{\hat S \pm c \sqrt v\, \hat S} (\doi{10.1080/00401706.1984.10487964}):
#'   the pointwise limits, made wider by one factor;
#' * `"bootstrap"`: \eqn{\hat S \pm c \sqrt v\, \hat S} with c the quantile of
#'   \eqn{\sup |S^* - \hat S| / (\hat S \sqrt v)} over bootstrap replicates; of two groups also the band of
#'   the difference, with \eqn{\sup |D^* - \hat D|}, and the p-value \eqn{(b + 1)/(R + 1)} of the hypothesis that
#'   the curves are one, b the replicates with \eqn{\sup |D^* - \hat D|} at least \eqn{\sup |\hat D|}, all in
#'   standard errors.
#'
#' k and c of the first two are exact quantiles of the suprema of a Brownian bridge. They and the limits may be taken
#' on the log-log or arcsine scale (Borgan and Liestoel 1990), the bootstrap's on the plain one.
#'
#' @param x A result of [compare_survival()].
#' @param type Which band.
#' @param from,to The range of times. By default all event times for `"hall-wellner"`; for the others
#'   those with x from 0.05 to 0.95 in every group: at its very ends a curve has no band of equal precision.
#' @param conf.level The level of the band.
#' @param scale `"log-log"`, `"arcsine"` or `"plain"`.
#' @param R,seed,threads As in [boot_ci()].
#' @return An object of class `her2_bands`; [generics::tidy()] gives one row a group (or difference) and event
#'   time in the range: term, method, group, time, estimate, conf.low, conf.high.
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
    abort_input(c("{.arg x} must be a result of {.fn compare_survival}.", x = "It is {.obj_type_friendly {x}}."), arg = "x")
  }
  type <- check_option(type, c("hall-wellner", "equal-precision", "bootstrap"), "type")
  conf.level <- check_probability(conf.level, "conf.level")
  scale <- check_option(scale, c("log-log", "arcsine", "plain"), "scale")
  range <- band_range(x, type, from, to)
  found <- if (type == "bootstrap") {
    bootstrap_bands(x, range, conf.level, check_count(R, "R", min = 1), seed, resolve_threads(threads))
  } else {
    analytic_bands(x, type, range, conf.level, scale)
  }
  structure(
    c(found, list(
      type = type, from = range[[1]], to = range[[2]], conf.level = conf.level,
      scale = if (type == "bootstrap") "plain" else scale, survival = x
    )),
    class = "her2_bands"
  )
}

# The range that is wanted, within the event times of every group at which the band exists.
band_range <- function(x, type, from, to, call = rlang::caller_env()) {
  edge <- if (type == "hall-wellner") 0 else 0.05
  ends <- vapply(names(x$curves), function(group) {
    curve <- x$curves[[group]]
    n <- sum(x$cells$n[x$cells$group == match(group, x$groups) - 1])
    position <- n * curve$greenwood / (1 + n * curve$greenwood)
    known <- curve$time[curve$n.event > 0 & curve$survival > 0 & position >= edge & position <= 1 - edge]
    if (length(known) == 0) {
      abort_data("Group {.val {group}} has no event time at which there is a band.", call = call)
    }
    range(known)
  }, c(0, 0))
  range <- c(if (is.null(from)) max(ends[1, ]) else from, if (is.null(to)) min(ends[2, ]) else to)
  ok <- is.numeric(range) && all(is.finite(range)) && range[[1]] <= range[[2]]
  if (!ok || range[[1]] < max(ends[1, ]) && type != "hall-wellner" || range[[2]] > min(ends[2, ])) {
    abort_input(c(
      "The band's range must lie from {.val {max(ends[1, ])}} to {.val {min(ends[2, ])}}.",
      x = "It is {.val {range}}."
    ), arg = if (is.null(from)) "to" else "from", call = call)
  }
  range
}

band_rows <- function(term, method, group, time, estimate, low, high) {
  data.frame(term, method, group, time, estimate, conf.low = low, conf.high = high)
}

in_band <- function(curve, range) which(curve$n.event > 0 & curve$time >= range[[1]] & curve$time <= range[[2]])

analytic_bands <- function(x, type, range, conf.level, scale) {
  parts <- lapply(names(x$curves), function(group) {
    curve <- x$curves[[group]]
    n <- sum(x$cells$n[x$cells$group == match(group, x$groups) - 1])
    band <- call_core(cpp_survival_band(
      curve$time, curve$survival, curve$greenwood, n, range[[1]], range[[2]], conf.level, type == "equal-precision", scale
    ))
    at <- in_band(curve, range)
    list(
      critical = band$critical,
      rows = band_rows("survival", type, group, curve$time[at], curve$survival[at], band$low[at], band$high[at])
    )
  })
  list(
    bands = do.call(rbind, lapply(parts, `[[`, "rows")),
    critical = stats::setNames(vapply(parts, `[[`, 0, "critical"), names(x$curves))
  )
}

bootstrap_bands <- function(x, range, conf.level, R, seed, threads) {
  groups <- length(x$groups)
  outputs <- groups + (groups == 2)
  seed <- resolve_seed(seed)
  job <- structure(list(
    kind = "bootstrap", cohort = x$cohort, statistic = "curve_supremum", parameters = as.double(range),
    outputs = as.integer(outputs), scheme = "ordinary", jackknife_error = FALSE, seed = seed, draws = drawn_as
  ), class = "her2_job")
  largest <- run_job(job, 1, R, threads)$values
  critical <- apply(largest, 2, stats::quantile, conf.level, type = 1, names = FALSE)
  rows <- lapply(seq_len(groups), function(g) {
    curve <- x$curves[[g]]
    at <- in_band(curve, range)
    s <- curve$survival[at]
    half <- critical[[g]] * s * sqrt(curve$greenwood[at])
    band_rows("survival", "bootstrap", x$groups[[g]], curve$time[at], s, pmax(0, s - half), pmin(1, s + half))
  })
  found <- list(
    bands = do.call(rbind, rows), critical = stats::setNames(critical[seq_len(groups)], x$groups), R = R, seed = seed
  )
  if (groups == 2) found <- add_difference_band(found, x, range, critical[[3]], largest[, 3])
  found
}

add_difference_band <- function(found, x, range, critical, largest) {
  difference <- curve_difference(x)
  at <- difference$time >= range[[1]] & difference$time <= range[[2]]
  d <- difference[at, ]
  band <- band_rows("survival_difference", "bootstrap", x$groups[[2]], d$time, d$estimate,
    pmax(-1, d$estimate - critical * d$std.error), pmin(1, d$estimate + critical * d$std.error)
  )
  observed <- max(abs(d$estimate / d$std.error)[d$std.error > 0])
  found$bands <- rbind(found$bands, band)
  found$critical <- c(found$critical, difference = critical)
  found$statistic <- observed
  found$p.value <- (sum(largest >= observed * (1 - 1e-7)) + 1) / (length(largest) + 1)
  found
}

#' @export
format.her2_bands <- function(x, ...) {
  names <- names(x$critical)
  c(
    paste0("Simultaneous ", format(100 * x$conf.level), "% bands (", x$type, ", ", x$scale, " scale) of ", x$survival$event),
    paste0("  for all event times from ", format_number(x$from), " to ", format_number(x$to)),
    format_columns(list(
      ifelse(names == "difference", format_direction(x$survival$groups, "identity"), names),
      paste("critical value", format_number(x$critical)),
      paste0(tabulate(match(band_of(x), names), length(names)), " times")
    )),
    if (!is.null(x$p.value)) {
      paste0(
        "  the curves are one: largest difference ", format_number(x$statistic), " standard errors, p ", format_p(x$p.value)
      )
    },
    if (!is.null(x$R)) {
      paste0("  R = ", format(x$R, big.mark = ",", scientific = FALSE), ", seed ", format(x$seed, scientific = FALSE))
    }
  )
}

band_of <- function(x) ifelse(x$bands$term == "survival", x$bands$group, "difference")

#' @export
print.her2_bands <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @rdname survival_bands
#' @param ... Not used.
#' @export
tidy.her2_bands <- function(x, ...) x$bands

#' @export
as.data.frame.her2_bands <- function(x, ...) tidy(x)
