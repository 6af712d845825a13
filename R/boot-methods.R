# What a `her2_boot` can do.

#' @export
format.her2_boot <- function(x, ...) {
  rows <- x$intervals
  decimals <- decimals_for(rows$conf.high - rows$conf.low)
  show <- function(v) format_effect(x$statistic, v, decimals)
  c(
    paste0("Bootstrap intervals: ", x$statistic$title, ", ", format_direction(x$groups, x$statistic$scale)),
    format_group_counts(x),
    paste0(
      "  estimate ", show(x$estimate), "; standard error ", format_number(x$std.error, 3),
      if (x$statistic$scale == "log") " (of the logarithm)"
    ),
    format_columns(list(
      rows$type, format_interval(rows$conf.low, rows$conf.high, show),
      if (x$method == "exact") "" else paste0("Monte Carlo error ", format_number(rows$mc.error.low, 2), ", ", format_number(rows$mc.error.high, 2))
    )),
    paste0("  ", format(100 * x$conf.level), "%, ", alternative_words[[x$alternative]], "; ", format_resampling(x)),
    format_boot_failures(x)
  )
}

# The groups, their events, and the rows that were dropped: the head of every comparison.
format_group_counts <- function(x) {
  counts <- group_counts(x$cells, x$groups)
  c(
    format_columns(list(
      paste0(counts$group, c(" (reference)", "")), format_counts(counts),
      format_percent(counts$x / counts$n)
    )),
    paste0(
      "  event: ", x$event,
      if (length(x$strata)) paste0("; ", count_of(length(x$strata), "stratum", "strata")),
      if (x$n_dropped > 0) paste0("; ", count_of(x$n_dropped, "row"), " with missing values dropped")
    )
  )
}

format_resampling <- function(x) {
  within <- paste0("resampled within group", if (length(x$strata)) " and stratum")
  if (x$method == "exact") return(paste0(within, "; exact bootstrap distribution, no Monte Carlo error"))
  paste0(within, "; R = ", format(x$R, big.mark = ",", scientific = FALSE), ", seed ", format(x$seed, scientific = FALSE))
}

format_boot_failures <- function(x) {
  shares <- x$failures
  lines <- if (x$method == "exact") {
    # A share that no one could meet is not worth a line.
    if (any(shares > 1e-6)) {
      paste0(signif(100 * shares[["infinite"]], 2), "% of the distribution is a ratio of 0 or Inf, ",
        signif(100 * shares[["undefined"]], 2), "% is undefined (left out)")
    }
  } else {
    counts <- round(shares * x$R)
    if (sum(counts) == 0) "failed replicates: none" else {
      paste0("failed replicates: ", counts[["undefined"]], " undefined (left out), ", counts[["infinite"]], " with a ratio of 0 or Inf")
    }
  }
  c(if (length(lines)) paste0("  ", lines), if (length(x$notes)) paste0("  ", x$notes))
}

#' @export
print.her2_boot <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' Tidy a bootstrap or permutation result
#'
#' @param x A `her2_boot` or `her2_perm`.
#' @param ... Not used.
#' @return `tidy()`: one row an interval or test, with columns term, estimate, std.error, statistic,
#'   p.value, conf.low, conf.high, method, alternative, and the Monte Carlo errors. `glance()`: one
#'   row with n, events, R, seed and failures.
#' @name tidy-her2mod
#' @export
tidy.her2_boot <- function(x, ...) {
  data.frame(
    term = x$statistic$name, estimate = x$estimate, std.error = x$std.error,
    statistic = NA_real_, p.value = NA_real_,
    conf.low = x$intervals$conf.low, conf.high = x$intervals$conf.high,
    method = x$intervals$type, alternative = x$alternative,
    mc.error.low = x$intervals$mc.error.low, mc.error.high = x$intervals$mc.error.high
  )
}

#' @rdname tidy-her2mod
#' @export
glance.her2_boot <- function(x, ...) {
  data.frame(
    reference = x$groups[[1]], other = x$groups[[2]], n = sum(x$cells$n), events = sum(x$cells$x),
    strata = max(1L, length(x$strata)), method = x$method, R = x$R, seed = x$seed,
    undefined = x$failures[["undefined"]], infinite = x$failures[["infinite"]],
    n_dropped = x$n_dropped
  )
}

#' @export
as.data.frame.her2_boot <- function(x, ...) tidy(x)

#' @export
summary.her2_boot <- function(object, ...) object

#' @export
coef.her2_boot <- function(object, ...) stats::setNames(object$estimate, object$statistic$name)

#' @export
confint.her2_boot <- function(object, parm, level = object$conf.level, ...) {
  if (!isTRUE(all.equal(level, object$conf.level))) {
    # In the caller's frame, where the call's variables are, and from the same replicates.
    call <- object$call
    call$conf.level <- level
    if (object$method == "monte_carlo") call$seed <- object$seed
    object <- eval(call, parent.frame())
  }
  limits <- as.matrix(object$intervals[c("conf.low", "conf.high")])
  rownames(limits) <- object$intervals$type
  if (missing(parm)) limits else limits[parm, , drop = FALSE]
}
