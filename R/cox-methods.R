# What a `her2_cox` can do.

#' @export
coef.her2_cox <- function(object, ...) object$coefficients

#' @export
vcov.her2_cox <- function(object, ...) object$variance

#' @export
nobs.her2_cox <- function(object, ...) object$given$events

#' @export
logLik.her2_cox <- function(object, ...) {
  structure(object$loglik[[2]], df = object$rank, nobs = object$given$events, class = "logLik")
}

#' @export
confint.her2_cox <- function(object, parm, level = object$conf.level, ...) {
  if (object$interval == "profile" && !isTRUE(all.equal(level, object$conf.level))) {
    abort_input(c(
      "The profile intervals have level {.val {object$conf.level}}.",
      i = "Fit again with {.code conf.level = {level}}."
    ), arg = "level")
  }
  ends <- cox_interval(object, check_probability(level, "level"))
  ends <- cbind(ends$low, ends$high)
  tail <- (1 - level) / 2
  dimnames(ends) <- list(names(object$coefficients), paste(format(100 * c(tail, 1 - tail), trim = TRUE), "%"))
  if (missing(parm)) ends else ends[parm, , drop = FALSE]
}

cox_error <- function(object) sqrt(unname(diag(object$variance)))

cox_interval <- function(object, level = object$conf.level) {
  if (object$interval == "profile") return(list(low = object$profile[, 1], high = object$profile[, 2]))
  b <- unname(object$coefficients)
  half <- stats::qnorm((1 + level) / 2) * cox_error(object)
  # An infinite estimate has no standard error, and no Wald interval.
  list(low = ifelse(is.finite(b), b - half, NA), high = ifelse(is.finite(b), b + half, NA))
}

# Wald's chi-squared of all coefficients with a variance; NA where one is infinite, or the fit came to no end.
wald_test <- function(object) {
  b <- object$coefficients
  if (object$end %in% c("infinite", "unsettled") || all(is.na(b))) return(NA_real_)
  known <- !is.na(b)
  drop(b[known] %*% solve(object$variance[known, known, drop = FALSE], b[known]))
}

# That all effects are 0: likelihood ratio, Wald (with its statistic as given) and score.
model_tests <- function(object, wald, settled) {
  ratio <- 2 * max(0, object$loglik[[2]] - object$loglik[[1]])
  firth <- object$penalty == "firth"
  ratio_name <- if (firth) "penalised-likelihood-ratio" else "likelihood-ratio"
  method <- c(ratio_name, if (object$robust) "robust-wald" else "wald", "score")
  statistic <- c(ratio, wald, object$score_test)
  if (object$rank == 0 || !settled) statistic[] <- NA
  rows <- data.frame(method = method, statistic = statistic, df = object$rank)
  if (firth) rows <- rows[rows$method != "score", ]
  rows$p.value <- stats::pchisq(rows$statistic, rows$df, lower.tail = FALSE)
  rows
}

cox_tests <- function(object) model_tests(object, wald_test(object), object$end != "unsettled")

# Rows of the coefficients, called `term`, and of the tests of all of them.
model_rows <- function(x, term, tests) {
  b <- unname(x$coefficients)
  error <- cox_error(x)
  ends <- cox_interval(x)
  profile <- x$interval == "profile"
  statistic <- if (profile) x$profile[, 3] else ifelse(is.finite(b), b / error, NA)
  p <- if (profile) stats::pchisq(statistic, 1, lower.tail = FALSE) else 2 * stats::pnorm(-abs(statistic))
  effects <- data.frame(
    term = term, method = cox_method(x), group = names(x$coefficients), estimate = b, std.error = error,
    conf.low = ends$low, conf.high = ends$high, statistic = statistic, df = if (profile) 1 else NA_real_, p.value = p
  )
  rbind(effects, data.frame(
    term = "test", method = tests$method, group = NA_character_, estimate = NA_real_, std.error = NA_real_,
    conf.low = NA_real_, conf.high = NA_real_, statistic = tests$statistic, df = as.double(tests$df),
    p.value = tests$p.value
  ))
}

#' @rdname cox_regression
#' @param x,object A `her2_cox`.
#' @param ... Not used.
#' @details
#' `tidy()` has columns `term` (`"log_hazard_ratio"`, or `"test"` for the tests that all coefficients are 0),
#' `method`, `group` (the coefficient, as `coef()` names it), `time` (`NA`), `estimate` (log hazard ratio),
#' `std.error`, `conf.low`, `conf.high`, `statistic` (z of Wald's test; chi-squared of a likelihood-ratio
#' test and of the tests of all), `df`, `p.value` and `alternative`.
#' @export
tidy.her2_cox <- function(x, ...) {
  rows <- model_rows(x, "log_hazard_ratio", cox_tests(x))
  two_sided(data.frame(rows[c("term", "method", "group")], time = NA_real_, rows[-(1:3)]))
}

cox_method <- function(x) {
  paste0(if (x$penalty == "firth") "firth-", if (x$robust) "robust-", x$interval)
}

#' @rdname cox_regression
#' @export
glance.her2_cox <- function(x, ...) {
  data.frame(
    n = x$given$n, events = x$given$events, strata = max(1L, length(x$given$strata)),
    clusters = if (is.null(x$given$rows$cluster)) NA_integer_ else x$given$clusters, ties = x$ties,
    penalty = x$penalty, robust = x$robust, loglik.null = x$loglik[[1]], loglik = x$loglik[[2]], df = x$rank,
    monotone = x$end == "infinite", n_dropped = x$given$n_dropped
  )
}

#' @rdname cox_regression
#' @param type `"dfbeta"`: by how much one unit of a row's weight moves each coefficient, to first order; a
#'   row each. `"schoenfeld"`: covariates of each death minus their mean at risk; a row each, with the times
#'   as row names.
#' @export
residuals.her2_cox <- function(object, type = c("dfbeta", "schoenfeld"), ...) {
  type <- check_option(type, c("dfbeta", "schoenfeld"), "type")
  core <- cox_residuals(object)
  out <- core[[type]]
  colnames(out) <- names(object$coefficients)
  if (type == "schoenfeld") rownames(out) <- object$given$rows$time[core$death + 1L]
  out
}

cox_residuals <- function(object) {
  cpp_cox_residuals(object$given$rows, cox_options(object$given, object$ties, object$penalty))
}

#' @export
as.data.frame.her2_cox <- function(x, ...) tidy(x)

#' @export
summary.her2_cox <- function(object, ...) object

#' @export
format.her2_cox <- function(x, ...) {
  given <- x$given
  c(
    paste0(
      "Cox regression", if (x$penalty == "firth") " with Firth's penalty", ": hazard ratios of ",
      given$label
    ),
    paste0("  ", format_cox_counts(given)),
    paste0("  ties: ", if (x$ties == "efron") "Efron" else "Breslow", "; ", format_cox_variance(x)),
    "",
    format_columns(cox_table(x)),
    "",
    paste0("  all together: ", format_cox_tests(x)),
    format_cox_notes(x)
  )
}

# Rows of one patient are named by clusters, or seen by their times.
may_be_parts <- function(rows) {
  !is.null(rows$cluster) || (!is.null(rows$entry) && looks_split(rows$entry, rows$time, rows$event, rows$stratum))
}

format_cox_counts <- function(given) {
  paste0(
    count_of(given$n, if (may_be_parts(given$rows)) "row" else "patient"), ", ", count_of(given$events, "event"),
    if (!is.null(given$rows$cluster)) paste0(", ", count_of(given$clusters, "cluster")),
    if (length(given$strata) > 1) paste0(", ", count_of(length(given$strata), "stratum", "strata")),
    if (!is.null(given$rows$entry)) ", left-truncated (at risk from entry on)",
    if (!given$whole) ", sampling weights",
    data_remarks(given)
  )
}

format_cox_variance <- function(x) {
  level <- paste0(format(100 * x$conf.level), "% intervals by ")
  paste0(
    if (x$interval == "profile") {
      paste0(level, "profile ", if (x$penalty == "firth") "penalised ", "likelihood")
    } else {
      paste0(level, "Wald's method")
    },
    if (x$robust) paste0(", robust (sandwich) standard errors", if (x$given$clusters > 0) " by cluster")
  )
}

cox_table <- function(x) {
  rows <- tidy(x)
  rows <- rows[rows$term == "log_hazard_ratio", ]
  list(
    c("", fitted_meaning(x)),
    c("hazard ratio", format_number(exp(rows$estimate))),
    c("interval", ifelse(is.na(rows$conf.low), "none", format_interval(exp(rows$conf.low), exp(rows$conf.high)))),
    c("p", ifelse(is.na(rows$p.value), "NA", format_p(rows$p.value)))
  )
}

format_cox_tests <- function(x) {
  titles <- c("likelihood-ratio" = "likelihood ratio", "penalised-likelihood-ratio" = "penalised likelihood ratio",
    wald = "Wald", "robust-wald" = "robust Wald", score = "score")
  tests <- cox_tests(x)
  tests <- tests[!is.na(tests$statistic), ]
  if (nrow(tests) == 0) return("no test")
  paste0(
    paste0(titles[tests$method], " ", format_number(tests$statistic), ", p ", format_p(tests$p.value), collapse = "; "),
    " (chi-squared, ", x$rank, if (x$rank == 1) " degree" else " degrees", " of freedom)"
  )
}

format_cox_notes <- function(x) {
  infinite <- names(which(is.infinite(x$coefficients)))
  unknown <- setdiff(names(which(is.na(x$coefficients))), x$open)
  c(
    model_clusters_line(x),
    if (length(infinite)) {
      paste0("  monotone likelihood: ", toString(infinite), " has no finite estimate; see `penalty = \"firth\"`")
    },
    if (length(x$open)) paste0("  monotone likelihood: it leaves ", toString(x$open), " open, without an estimate"),
    if (x$end == "no_events") {
      "  nobody has an event: nothing can be estimated"
    } else if (length(unknown)) {
      paste0("  not estimated (constant, or dependent on others): ", toString(unknown))
    },
    if (x$end == "unsettled") "  the fit did not settle: do not use its estimates"
  )
}

#' @export
print.her2_cox <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}
