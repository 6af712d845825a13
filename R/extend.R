#' More replicates, or one of them
#'
#' `extend()` adds replicates to a result: it is identical to the result of one run of that length.
#' `replicate_data()` shows the resampled (or permuted) data of one replicate.
#'
#' @param x A `her2_boot` or `her2_perm` with replicates.
#' @param R The number of replicates to have in the end.
#' @param parts Where the further replicates were evaluated elsewhere: a list of what
#'   [evaluate_range()] gave, in any order, that covers them exactly.
#' @param threads,progress,backend As in [boot_ci()].
#' @return `extend()` a result of the same class; `replicate_data()` a data frame with one row a row that is compared:
#'   stratum, group (after a permutation the dealt one), response (after an imputation the imputed time and event; none of a
#'   [stat_custom()]), cluster, the `row` of the data where there is one, and `weight`, how often it counts.
#' @section Errors: `her2mod_error_input` where `x` is no such result, is exact (it has no replicates), sequential, or
#'   was made by a version of the package whose seeds give other draws; where `R` is not above the replicates that there
#'   are, `b` is not one of them, or `parts` do not cover the further ones, each once, or are of another job.
#' @examples
#' pcr <- data.frame(therapy = c("single", "dual"), event = c(6, 13), n = c(49, 68))
#' short <- boot_ci(cbind(event, n - event) ~ therapy, pcr,
#'   ref = "single", method = "monte_carlo", R = 499, seed = 1
#' )
#' extend(short, R = 1999)
#' replicate_data(short, 17)
#' @export
extend <- function(x, R, parts = NULL, threads = NULL, progress = NULL, backend = NULL) {
  check_replicates(x)
  R <- check_count(R, "R", min = 1)
  if (R <= x$R) {
    abort_input(c("{.arg R} must be above the {x$R} replicates that there are.", x = "It is {R}."), arg = "R")
  }
  if (!is.null(x$stop)) {
    abort_input(c(
      "A sequential test cannot be extended.",
      x = if (x$stop$stopped) "It has stopped." else "It has not stopped within R = {x$R}.",
      i = "Its p-value is valid because of a rule that was fixed before; test again with a larger {.arg R}."
    ), arg = "x")
  }
  how <- resampling_options(R, x$seed, threads, progress, backend)
  more <- if (is.null(parts)) {
    run_ranges(x$job, x$R + 1, R, how)
  } else {
    join_parts(ordered_ranges(parts, x$job, x$R + 1, R))
  }
  lengthened(x, more)
}

lengthened <- function(x, more) UseMethod("lengthened")

#' @export
lengthened.her2_boot <- function(x, more) {
  run <- run_of(x)
  new_boot(x, summarise_run(run, add_ranges(run, more)), wanted_of(x))
}

#' @export
lengthened.her2_perm <- function(x, more) {
  wanted <- x[c("alternative", "midp", "call")]
  test <- c(x[c("job", "observed", "centre", "tail", "rounding", "within", "note", "follow_up")], list(statistic = x$spec))
  failures <- round(x$failures * x$R) + more$failures
  test <- summarise_test(test, wanted, c(x$replicates, more$values[, 1]), failures)
  if (!is.null(x$conf.int)) {
    wanted$conf.level <- attr(x$conf.int, "conf.level")
    test <- invert_test(test, wanted, resampling_options(test$R, test$job$seed, NULL, FALSE, NULL))
  }
  new_perm(x, test, wanted)
}

#' @rdname extend
#' @param b The number of the replicate, from 1 to R.
#' @export
replicate_data <- function(x, b) {
  check_replicates(x)
  b <- check_count(b, "b", min = 1, max = x$R)
  cohort <- x$job$cohort
  permuted <- x$job$kind != "bootstrap"
  if (x$job$kind == "imputation") {
    imputed <- lapply(call_core(cpp_imputed_rows(cohort, x$job$seed, b, 1)), function(v) v[, 1])
    cohort[c("response", "event")] <- imputed[c("time", "event")]
    drawn <- imputed$label
  } else {
    drawn <- draw_replicates(x$job, b, 1)[, 1]
  }
  label <- if (permuted) drawn else cohort$group
  place <- place_of(x, cohort)
  rows <- data.frame(
    stratum = if (length(x$strata)) x$strata[place$stratum + 1] else NA_character_,
    group = factor(x$groups[label + 1], levels = x$groups)
  )
  # A custom statistic reads the data's own columns.
  if (x$endpoint == "survival") {
    rows[c("entry", "time", "event")] <- cohort[c("entry", "response", "event")]
  } else if (x$endpoint != "custom") {
    rows$response <- cohort$response
  }
  if (!is.null(place$cluster)) rows$cluster <- x$clusters[place$cluster + 1]
  rows$row <- cohort$row
  rows$weight <- if (permuted) frequency_of(cohort) else drawn
  rows
}

# Stratum and cluster of each row; where labels are permuted within clusters, these are its strata.
place_of <- function(x, cohort) {
  if (is.null(x$clusters)) return(list(stratum = stratum_of(cohort)))
  cluster <- if (is.null(cohort$cluster)) cohort$stratum else cohort$cluster
  list(stratum = stratum_of(x$rows)[match(cluster, x$rows$cluster)], cluster = cluster)
}
