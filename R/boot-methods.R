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
      if (x$method == "exact") {
        ""
      } else {
        paste0(
          "Monte Carlo error ", format_number(rows$mc.error.low, 2), ", ",
          format_number(rows$mc.error.high, 2)
        )
      }
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
    format_failures(shares, x$R, "left out")
  }
  c(if (length(lines)) paste0("  ", lines), if (length(x$notes)) paste0("  ", x$notes))
}

# The ledger of a Monte Carlo run in words; `fate` is what became of an undefined value.
format_failures <- function(shares, R, fate) {
  counts <- round(shares * R)
  if (sum(counts) == 0) return("failed replicates: none")
  paste0(
    "failed replicates: ", counts[["undefined"]], " undefined (", fate, "), ",
    counts[["infinite"]], " with a ratio of 0 or Inf (kept in order)"
  )
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
  if (!isTRUE(all.equal(level, object$conf.level))) object <- boot_at_level(object, level)
  limits <- as.matrix(object$intervals[c("conf.low", "conf.high")])
  rownames(limits) <- object$intervals$type
  if (missing(parm)) return(limits)
  limits[check_choice(parm, rownames(limits), "parm", several = TRUE), , drop = FALSE]
}

# From the counts that the object holds and, where it has replicates, its seed: the data it was made
# from may have changed since.
boot_at_level <- function(object, level, call = rlang::caller_env()) {
  level <- check_level(level, object$alternative, call)
  run <- if (object$method == "exact") {
    boot_exact(object, object$statistic)
  } else {
    boot_monte_carlo(object, object$statistic, resampling_options(object$R, object$seed, NULL, FALSE))
  }
  new_boot(object[compared_fields], run, object$intervals$type, level, object$alternative, object$call)
}
