#' Bootstrap confidence intervals
#'
#' Intervals for the effect of a group on a binary endpoint, other minus (or over) reference.
#' Patients are resampled with replacement within each group (and stratum), so group sizes stay as
#' observed. For these statistics the bootstrap distribution is known exactly, a sum over two
#' binomials, and by default no replicates are drawn.
#'
#' @section Intervals:
#' With T the estimate, T* its bootstrap distribution, z the normal quantile; ratios are analysed as
#' logarithms and shown as ratios.
#'
#' * `perc`: quantiles of T*.
#' * `basic`: 2T less those quantiles, ends swapped.
#' * `norm`: \eqn{2T - E(T^*) \pm z\,sd(T^*)}, where T* is finite.
#' * `stud`: \eqn{T - SE\,q}, with q the quantiles of \eqn{(T^* - T)/SE^*} and the closed-form
#'   standard errors of [stat_risk_difference()] and its kin.
#' * `bca`: quantiles of T* at \eqn{\Phi(z_0 + (z_0 \pm z)/(1 - a(z_0 \pm z)))}, with
#'   \eqn{z_0 = \Phi^{-1}(P(T^*<T) + P(T^*=T)/2)} (ties count half, so that coding pCR or non-pCR
#'   mirrors the exact interval; replicates of the two codings are different draws) and the
#'   acceleration a from the jackknife, centred within each group and
#'   stratum; it does not need R > n.
#'
#' Davison and Hinkley (1997), \doi{10.1017/CBO9780511802843}; Efron (1987),
#' \doi{10.1080/01621459.1987.10478410}.
#'
#' Exact quantiles are the inverse distribution function from either end:
#' \eqn{\min\{t: P(T^* \le t) \ge q\}} and \eqn{\max\{t: P(T^* \ge t) \ge q\}}. Monte Carlo quantiles
#' are the order statistic (R + 1)q, interpolated on the normal scale.
#'
#' @section Degenerate replicates:
#' A ratio of 0 or `Inf` keeps its place in the order of the replicates; 0/0 has none and is left
#' out. Both are counted by reason in `failures` and in the print, with one warning. More than 5% of
#' 0/0, or more than 50% of 0/0, 0 and `Inf` together, is an error. The standard error uses the
#' finite values, and so does `norm`, which is `NA` when more than 5% are not. Where the BCa adjustment
#' does not exist (data without variation), the percentile interval is given instead, and said.
#'
#' @param formula `response ~ group`, `response ~ group | stratum`, or
#'   `cbind(event, n - event) ~ group`. The response is logical, 0/1, or a factor whose second level
#'   is the event. The first level of `group` is the reference, unless `ref` says otherwise.
#' @param data A data frame.
#' @param statistic A name from [statistics()] or a `stat_*()`.
#' @param type Any of `"bca"`, `"perc"`, `"basic"`, `"norm"`, `"stud"`, or `"all"`.
#' @param method `"auto"` and `"exact"` use the exact bootstrap distribution, `"monte_carlo"` draws
#'   R replicates.
#' @param R Number of replicates, for `"monte_carlo"`.
#' @param seed A whole number. `NULL` takes one from R's generator. The same seed gives the same
#'   numbers with any number of threads, and the first replicates of a longer run.
#' @param subset,na.action As in R's modelling functions; the number of rows dropped is printed.
#' @param strata A factor to resample within (or write it after `|`).
#' @param weights Whole numbers: how many patients each row stands for.
#' @param ref The reference group.
#' @param conf.level Confidence level; above 0.5 for a one-sided interval.
#' @param alternative `"two.sided"`, or `"less"` or `"greater"` for an interval with one end.
#' @param threads Number of threads; by default `getOption("her2mod.threads", 2)`.
#' @param progress Whether to show progress; by default in interactive sessions.
#' @return An object of class `her2_boot`. [generics::tidy()] gives one row an interval with columns
#'   term, estimate, std.error, statistic, p.value (both `NA`), conf.low, conf.high, method,
#'   alternative, mc.error.low and mc.error.high (the Monte Carlo standard errors of the two ends, 0
#'   when exact). `replicates` holds T* on the analysis scale.
#' @seealso [perm_test()], [compare_proportions()]
#' @examples
#' # pCR by anti-HER2 therapy in IHC 2+/ISH+, from counts (doi:10.4143/crt.2024.1200)
#' pcr <- data.frame(therapy = c("single", "dual"), event = c(6, 13), n = c(49, 68))
#' boot_ci(cbind(event, n - event) ~ therapy, pcr, ref = "single", type = c("bca", "perc"))
#' boot_ci(cbind(event, n - event) ~ therapy, pcr,
#'   ref = "single",
#'   statistic = "risk_ratio", method = "monte_carlo", R = 999, seed = 1
#' )
#' @export
boot_ci <- function(formula, data = NULL, statistic = "risk_difference", type = "bca",
                    method = c("auto", "exact", "monte_carlo"), R = 9999, seed = NULL,
                    subset = NULL, na.action = stats::na.omit, strata = NULL, weights = NULL,
                    ref = NULL, conf.level = 0.95,
                    alternative = c("two.sided", "less", "greater"), threads = NULL,
                    progress = NULL) {
  statistic <- as_statistic(statistic)
  type <- choose_types(type)
  method <- check_option(method, c("auto", "exact", "monte_carlo"), "method")
  alternative <- check_option(alternative, alternatives, "alternative")
  conf.level <- check_level(conf.level, alternative)
  how <- resampling_options(R, seed, threads, progress)
  quoted <- list(subset = substitute(subset), strata = substitute(strata), weights = substitute(weights))
  compared <- comparison_data(formula, data, quoted, na.action, ref)
  check_resamplable(compared$cells)

  run <- if (method == "monte_carlo") {
    boot_monte_carlo(compared, statistic, how)
  } else {
    boot_exact(compared, statistic)
  }
  new_boot(compared, run, type, conf.level, alternative, match.call())
}

new_boot <- function(compared, run, type, conf.level, alternative, call,
                     error_call = rlang::caller_env()) {
  refuse_degenerate(run, error_call)
  statistic <- run$statistic
  tail <- (1 - conf.level) / if (alternative == "two.sided") 2 else 1
  intervals <- boot_intervals(run, type, tail, alternative)
  report_degenerate(run, intervals)
  structure(
    c(
      list(
        statistic = statistic, estimate = to_display(statistic, run$estimate),
        std.error = run$std.error, intervals = intervals$table, notes = intervals$notes,
        conf.level = conf.level, alternative = alternative, call = call
      ),
      run[c("method", "replicates", "R", "seed", "failures", "acceleration", "mid_share")],
      compared
    ),
    class = "her2_boot"
  )
}

interval_types <- c("bca", "perc", "basic", "norm", "stud")

choose_types <- function(type, call = rlang::caller_env()) {
  type <- check_choice(type, c(interval_types, "all"), "type", several = TRUE, call = call)
  if ("all" %in% type) interval_types else unique(type)
}

check_resamplable <- function(cells, call = rlang::caller_env()) {
  if (sum(cells$n) <= 2) {
    abort_data(c("There are too few patients to resample.", x = "There are {sum(cells$n)}."),
      call = call
    )
  }
}

# --- one run: the estimate, and the bootstrap distribution as numbers or as a function ----------

# What both routes know before resampling.
boot_basis <- function(compared, statistic) {
  cohort <- core_cohort(compared$cells)
  observed <- call_core(cpp_evaluate(cohort, statistic$name, cohort$frequency, cohort$group))
  left_out <- call_core(cpp_jackknife(cohort, statistic$name))
  list(
    cohort = cohort, statistic = statistic, estimate = observed$values[[1]],
    estimate_error = observed$values[[2]], acceleration = left_out$acceleration
  )
}

boot_monte_carlo <- function(compared, statistic, how) {
  run <- boot_basis(compared, statistic)
  seed <- resolve_seed(how$seed)
  drawn <- run_ranges(function(first, count) {
    call_core(cpp_bootstrap(run$cohort, statistic$name, seed, first, count, how$threads))
  }, how$R, how$progress)
  replicates <- drawn$values[, 1]
  finite <- replicates[is.finite(replicates)]
  c(run, list(
    method = "monte_carlo", R = how$R, seed = seed, replicates = replicates,
    replicate_errors = drawn$values[, 2],
    failures = drawn$failures[c("undefined", "infinite")] / how$R,
    mean = mean(finite), std.error = stats::sd(finite),
    mid_share = summarise_replicates(replicates, run$estimate, 0.5)$mid_share
  ))
}

boot_exact <- function(compared, statistic) {
  run <- boot_basis(compared, statistic)
  cells <- compared$cells
  samples <- list(
    x0 = cells$x[cells$group == 0], n0 = cells$n[cells$group == 0],
    x1 = cells$x[cells$group == 1], n1 = cells$n[cells$group == 1]
  )
  quantiles <- function(below, above) {
    call_core(rlang::inject(cpp_ideal_bootstrap(
      statistic = statistic$name, !!!samples, estimate = run$estimate, below = below, above = above
    )))
  }
  moments <- quantiles(double(), double())
  c(run, list(
    method = "exact", R = NA_real_, seed = NA_real_, replicates = NULL,
    failures = c(undefined = moments$undefined, infinite = moments$infinite),
    mean = moments$mean, std.error = moments$standard_error, mid_share = moments$mid_share,
    quantiles = quantiles,
    studentized = function(tail) {
      call_core(rlang::inject(cpp_ideal_studentized(
        statistic = statistic$name, !!!samples, estimate = run$estimate, tail = tail
      )))
    }
  ))
}
