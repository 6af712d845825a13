# What a `her2_boot` can do.

#' @export
format.her2_boot <- function(x, ...) {
  x$groups <- spoken_levels(x$groups, x$group_name)
  rows <- x$intervals
  decimals <- decimals_for(rows$conf.high - rows$conf.low)
  show <- function(v) format_effect(x$statistic, v, decimals)
  c(
    paste0("Bootstrap intervals: ", format_estimand(x$statistic, x$groups)),
    format_group_counts(x, reference_of(x$statistic, x$groups)),
    paste0(
      "  estimate ", show(x$estimate), "; standard error ", format_number(x$std.error, 3),
      if (x$statistic$scale == "log") " (of the logarithm)",
      if (x$method != "exact" && x$failures[["infinite"]] > 0) " (of the finite replicates alone)"
    ),
    format_columns(c(
      list(rows$type, format_interval(rows$conf.low, rows$conf.high, show), paste("p", format_boot_p(x, rows))),
      if (x$method != "exact") list(format_end_errors(rows))
    )),
    format_hazard_ratios(x),
    paste0("  ", format(100 * x$conf.level), "%, ", alternative_words[[x$alternative]], "; ", format_resampling(x)),
    format_few_clusters(x),
    format_boot_failures(x)
  )
}

# The least p that so many replicates can show has no Monte Carlo error.
format_boot_p <- function(x, rows) {
  least <- x$method != "exact" & rows$type != "norm" & is.na(rows$mc.error.p) & isTRUE(x$R >= fewest_with_error)
  format_least_p(rows$p.value, least)
}

# So few that their number shows in the coverage.
few_clusters <- 20

format_few_clusters <- function(x) {
  if (is.null(x$clusters)) return(NULL)
  cohort <- x$job$cohort
  together <- isTRUE(cpp_mixed_clusters(cohort))
  n <- if (together) length(x$clusters) else min(tapply(cohort$cluster, cohort$group, function(own) length(unique(own))))
  few_clusters_line(n, if (!together) " in a group")
}

# Of a model with a sandwich over clusters.
model_clusters_line <- function(x) {
  few_clusters_line(if (isTRUE(x$robust) && !is.null(x$given$rows$cluster)) x$given$clusters)
}

# `n`: NULL where there are no clusters.
few_clusters_line <- function(n, where = NULL) {
  if (is.null(n) || n >= few_clusters) return(NULL)
  paste0(
    "  few clusters (", n, where, "): the variance is underestimated, and intervals are too narrow (doi:10.1162/rest.90.3.414)"
  )
}

# Of a log hazard ratio the hazard ratio too.
format_hazard_ratios <- function(x) {
  if (x$statistic$name != "log_hazard_ratio") return(NULL)
  rows <- x$intervals
  c(
    paste0("  as hazard ratio ", format_number(exp(x$estimate)), ", ", format_direction(x$groups, "log")),
    format_columns(list(rows$type, format_interval(exp(rows$conf.low), exp(rows$conf.high))))
  )
}

format_end_errors <- function(rows) {
  paste0(
    "Monte Carlo error ", format_number(rows$mc.error.low, 2), ", ", format_number(rows$mc.error.high, 2),
    "; of p ", format_number(rows$mc.error.p, 2)
  )
}

# The groups, what is known of them, and the rows that were dropped: the head of every comparison.
format_group_counts <- function(x, reference) {
  n_strata <- length(x$strata)
  note <- ifelse(length(x$groups) > 1 & x$groups %in% reference, " (reference)", "")
  c(
    format_columns(c(list(paste0(x$groups, note)), describe_groups(x))),
    paste0(
      if (x$endpoint == "binary") "  event: " else "  response: ", x$event,
      if (n_strata) paste0("; ", count_of(n_strata, "stratum", "strata")),
      if (!is.null(x$clusters)) paste0("; ", count_of(length(x$clusters), "cluster")),
      data_remarks(x)
    )
  )
}

# Columns of text, a row a group.
describe_groups <- function(x) {
  counts <- group_counts(x$cells, x$groups)
  if (x$endpoint == "binary") return(list(format_counts(counts), format_percent(counts$x / counts$n)))
  n <- paste("n =", format(counts$n, big.mark = ",", scientific = FALSE, trim = TRUE))
  if (x$endpoint == "survival") {
    return(list(n, paste("events", format(counts$x, big.mark = ",", scientific = FALSE, trim = TRUE))))
  }
  if (x$endpoint != "numeric") return(list(n))
  rows <- if (is.null(x$rows)) x$job$cohort else x$rows
  of_group <- function(f) {
    vapply(seq_along(x$groups) - 1, function(g) {
      chosen <- rows$group == g
      values <- rows$response[chosen]
      f(if (is.null(rows$frequency)) values else rep(values, rows$frequency[chosen]))
    }, 0)
  }
  list(
    n, paste("mean", format_number(of_group(mean))), paste("SD", format_number(of_group(stats::sd))),
    paste("median", format_number(of_group(stats::median)))
  )
}

format_resampling <- function(x) {
  within <- c(if (length(x$groups) > 1) "group", if (length(x$strata)) "stratum")
  what <- if (is.null(x$clusters)) "patients" else "whole clusters"
  if (!is.null(x$clusters) && isTRUE(cpp_mixed_clusters(x$job$cohort))) {
    within <- setdiff(within, "group")
    what <- "whole clusters (which hold several groups)"
  }
  resampled <- paste0(
    if (x$scheme == "fractional") "fractional weights of " else if (x$scheme == "balanced") "balanced resampling of ",
    what, if (x$scheme == "ordinary") " resampled",
    if (length(within)) paste0(" within ", paste(within, collapse = " and "))
  )
  if (x$method == "exact") return(paste0(resampled, "; exact bootstrap distribution, no Monte Carlo error"))
  paste0(
    resampled, "; R = ", format(x$R, big.mark = ",", scientific = FALSE), ", seed ",
    format(x$seed, scientific = FALSE)
  )
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
    format_failures(shares, x$R, "left out", x$statistic)
  }
  c(if (length(lines)) paste0("  ", lines), if (length(x$notes)) paste0("  ", x$notes))
}

# The ledger of a Monte Carlo run in words; `fate` is what became of an undefined value.
format_failures <- function(shares, R, fate, statistic) {
  counts <- round(shares * R)
  if (sum(counts) == 0) return("failed replicates: none")
  said <- c(
    undefined = paste0("undefined (", fate, ")"),
    empty_group = paste0("without a patient of one group (", fate, ")"),
    infinite = paste("with", infinite_words(statistic), "(kept in order)")
  )
  shown <- intersect(names(said), names(counts)[counts > 0])
  paste("failed replicates:", paste(counts[shown], said[shown], collapse = ", "))
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
#' @return `tidy()`: one row an interval or test, with columns term, estimate, std.error (where replicates are infinite,
#'   of the finite ones alone, and the print says so), statistic,
#'   p.value, conf.low, conf.high, method, alternative, and the Monte Carlo errors (of p `NA` where p
#'   is the smallest that R replicates can show: at most this). `glance()`: one row with the reference
#'   (`NA` for three or more groups, and for test statistics) and the other groups, n, events, R, seed
#'   and failures.
#' @name tidy-her2mod
#' @export
tidy.her2_boot <- function(x, ...) {
  data.frame(
    term = x$statistic$name, estimate = x$estimate, std.error = x$std.error,
    statistic = NA_real_, p.value = x$intervals$p.value,
    conf.low = x$intervals$conf.low, conf.high = x$intervals$conf.high,
    method = x$intervals$type, alternative = x$alternative,
    mc.error.low = x$intervals$mc.error.low, mc.error.high = x$intervals$mc.error.high,
    mc.error.p = x$intervals$mc.error.p
  )
}

#' @rdname tidy-her2mod
#' @export
glance.her2_boot <- function(x, ...) {
  reference <- reference_of(x$statistic, x$groups)
  data.frame(
    reference = reference, other = other_groups(x$groups, reference), n = sum(x$cells$n),
    events = sum(x$cells$x), strata = max(1L, length(x$strata)),
    clusters = if (is.null(x$clusters)) NA_integer_ else length(x$clusters), method = x$method,
    scheme = x$scheme, R = x$R, seed = x$seed, undefined = x$failures[["undefined"]],
    infinite = x$failures[["infinite"]], empty_group = x$failures[["empty_group"]],
    n_dropped = x$n_dropped
  )
}

# None of three or more groups, nor of those that a test statistic asks about: they are all alike.
reference_of <- function(statistic, groups) {
  if (length(groups) > 2 || statistic$role == "test") NA_character_ else groups[[1]]
}

other_groups <- function(groups, reference) {
  if (length(groups) == 1) NA_character_ else paste(setdiff(groups, reference), collapse = ", ")
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

# From what the object holds: the data it was made from may have changed since.
boot_at_level <- function(object, level, call = rlang::caller_env()) {
  wanted <- wanted_of(object)
  wanted$conf.level <- check_level(level, object$alternative, call)
  run <- if (object$method == "exact") {
    boot_exact(object, object$statistic, wanted, call)
  } else {
    run_of(object)
  }
  new_boot(object, run, wanted, call)
}

wanted_of <- function(object) {
  c(list(type = object$intervals$type), object[c("conf.level", "alternative", "scheme", "call")])
}

# The run behind a result with replicates.
run_of <- function(object) {
  observed <- observed_of(object$job)
  run <- list(
    job = object$job, statistic = object$statistic, estimate = observed[[1]],
    estimate_error = if (length(observed) > 1) observed[[2]] else NA_real_,
    acceleration = object$acceleration
  )
  summarise_run(run, list(
    values = cbind(object$replicates, object$replicate_errors), failures = round(object$failures * object$R)
  ))
}
