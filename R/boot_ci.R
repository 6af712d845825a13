#' Bootstrap confidence intervals
#'
#' Intervals for the effect of a group on a response, other minus (or over) reference, each with the
#' p-value that inverts it. Patients (or clusters) are resampled within each group and stratum, so
#' group and stratum sizes stay as observed. For risks and for quantiles the bootstrap distribution
#' is known exactly, and by default no replicates are drawn.
#'
#' @section Intervals:
#' With T the estimate, T* its bootstrap distribution, z the normal quantile; ratios are analysed as
#' logarithms and shown as ratios.
#'
#' * `perc`: quantiles of T*.
#' * `basic`: 2T less those quantiles, ends swapped.
#' * `norm`: \eqn{2T - E(T^*) \pm z\,sd(T^*)}, where T* is finite.
#' * `stud`: \eqn{T - SE\,q}, with q the quantiles of \eqn{(T^* - T)/SE^*} and the statistic's own
#'   standard error; where it has none, and with clusters, the jackknife's, computed in every
#'   replicate, at n times the cost (there is none for fractional weights). A [stat_custom()] that
#'   returns a standard error keeps its own, with clusters too.
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
#' @section p-values: `p.value` is below \eqn{\alpha} exactly when the interval of level \eqn{1 - \alpha} excludes the value
#' of no effect, for every \eqn{\alpha} that R can show: by replicates it is at least 2/(R + 1) two-sided, never 0, and
#' shown as `<=` there; but for `"norm"`, which is a normal tail. Of an exact bootstrap distribution that does not reach the
#' value of no effect it is 0: the bootstrap has nothing to say of such tails, and [perm_test()] has. (An extreme
#' acceleration can make BCa intervals of different levels overlap instead of holding each other; p is then never below an
#' \eqn{\alpha} whose interval holds no effect.) A distance, which is never below its null value, has none.
#'
#' @section Schemes:
#' * `"ordinary"`: with replacement, as many as there are.
#' * `"balanced"`: the same, but over each round of (at most) 100 replicates every patient is drawn
#'   equally often (\doi{10.1093/biomet/73.3.555}). R should be a multiple of the round.
#' * `"fractional"`: random positive (Dirichlet) weights, so that no patient and no level is ever
#'   lost (\doi{10.1214/aos/1176345338}).
#'
#' With `cluster =` whole clusters are drawn: within group and stratum where each lies in one group,
#' within stratum where they hold several. `weights =` are case weights: patients that a row stands
#' for. With few clusters (fewer than 20, say; where each lies in one group, in either group) the variance is underestimated,
#' intervals are too narrow and p-values too small (Cameron, Gelbach and Miller 2008, \doi{10.1162/rest.90.3.414}, call five
#' to thirty few); the print says so. Strata are never pooled, however small; a patient alone in group and
#' stratum is in every sample.
#'
#' @section Exact distributions:
#' Risks: sums over two binomials. Quantiles and medians: order statistics of multinomial samples
#' (\doi{10.1111/1467-9868.00221}). Means and mean ratios, when `method = "exact"` asks for it: the
#' convolution of all draws by Fourier transform; responses that are not on a lattice are rounded to
#' one, and the print bounds what that does to an end.
#'
#' @section Monte Carlo error: Of an interval's end, and of its p-value, the delete-a-group jackknife over 20 groups of
#' replicates. Where replicates around an end are tied (medians, few patients) leaving groups out moves nothing, though
#' other replicates might: there it is at least a quarter of the distance between the quantiles two binomial standard errors
#' of the rank to either side.
#'
#' @section Degenerate replicates: Where every group, in every stratum, has one patient (or cluster) only, resampling
#' changes nothing: an error. A group that has one only is named in a warning, as its variation cannot be seen. So is a
#' group of which all or none have the event (of survival data: nobody by `tau`, `time` or the end): every sample has it as
#' it is, and the intervals, which leave out how far off it may be, are too narrow. [compare_proportions()] (and of survival
#' [perm_test()]) are made for that.
#'
#' A ratio of 0 or `Inf` keeps its place in the order of the replicates; 0/0 and a group without
#' patients have none and are left out. All are counted by reason in `failures` and in the print,
#' with one warning. More than 5% without a value, or more than 50% of those, 0 and `Inf` together,
#' is an error. The standard error uses the
#' finite values, and so does `norm`, which is `NA` when more than 5% are not. Where the BCa adjustment
#' does not exist (data without variation), the percentile interval is given instead, and said.
#'
#' @param formula `response ~ group`, `response ~ group | stratum`, or
#'   `cbind(event, n - event) ~ group`. What the response must be depends on the statistic: binary
#'   (logical, 0/1, or a factor whose second level is the event), numeric, categorical, or a survival time:
#'   `Surv(time, status)` with status 0/1 or logical, `Surv(start, stop, status)`, or [Surv_CNSR()] for ADaM data. The first
#'   level of `group` is the reference, unless `ref` says otherwise. `response ~ 1` is one sample,
#'   for [stat_custom()].
#' @param data A data frame.
#' @param statistic A name from [statistics()], a `stat_*()`, or a [stat_custom()].
#' @param type Any of `"bca"`, `"perc"`, `"basic"`, `"norm"`, `"stud"`, or `"all"`.
#' @param method `"auto"` uses the exact bootstrap distribution of risks and, where that takes about a
#'   second at most and `"stud"` is not asked for, of quantiles: up to 20,000 rows in one or two strata,
#'   2,000 in three or four; it draws replicates where `precision` is given. `"exact"` asks for the
#'   exact distribution; `"monte_carlo"` draws R replicates.
#' @param R Number of replicates.
#' @param seed A whole number. `NULL` takes one from R's generator. The same seed gives the same
#'   numbers with any number of threads or workers, and the first replicates of a longer run.
#' @param subset,na.action As in R's modelling functions; the number of rows dropped is printed.
#' @param strata A factor to resample within (or write it after `|`).
#' @param cluster What is resampled as a whole: centres, or patients with several lesions.
#' @param weights Whole numbers: how many patients each row stands for.
#' @param ref The reference group.
#' @param conf.level Confidence level; above 0.5 for a one-sided interval.
#' @param alternative `"two.sided"`, or `"less"` or `"greater"` for an interval with one end.
#' @param scheme `"ordinary"`, `"balanced"` or `"fractional"`.
#' @param precision The Monte Carlo standard error that every end of the intervals may have, on the
#'   scale that is printed: R grows until it is reached, at most to `getOption("her2mod.max_R", 1e7)`.
#' @param threads Number of threads; by default `getOption("her2mod.threads", 2)`.
#' @param progress Whether to show progress; by default in interactive sessions.
#' @param backend `"local"`, or `"future"` for the workers of [future::plan()]; by default
#'   `getOption("her2mod.backend", "local")`. The numbers are the same.
#' @return An object of class `her2_boot`. [generics::tidy()] gives one row an interval with columns
#'   term, estimate, std.error, statistic (`NA`), p.value, conf.low, conf.high, method,
#'   alternative, mc.error.low, mc.error.high and mc.error.p (the Monte Carlo standard errors of the
#'   two ends and of the p-value, 0 when exact; `NA` of a p-value that is the smallest that R can show).
#'   `replicates` holds T* on the analysis scale.
#' @section Errors: `her2mod_error_input` where an argument cannot be meant, the response does not fit the statistic, the
#'   statistic is one for tests of several groups, its `tau` or `time` is beyond follow-up, or `method = "exact"` has no
#'   exact distribution; `her2mod_error_data` where there are not two groups, patients or clusters are too few to resample,
#'   or values are infinite or, with another `na.action`, missing; `her2mod_error_numeric` where too many replicates have no
#'   value (field `share`), or a [stat_custom()] fails. Warnings: `her2mod_warning_degenerate` (replicates without a value,
#'   intervals that were left out or changed, a group that no sample changes; field `failures`),
#'   `her2mod_warning_no_information` (survival data that say nothing of a difference: all is `NA`; field `reason`),
#'   `her2mod_warning_single_unit`, `her2mod_warning_t_star` ([stat_logrank()]), `her2mod_warning_tau`
#'   ([stat_rmst_difference()]), and of survival times `her2mod_warning_flipped` and `her2mod_warning_survival_column` as of
#'   [compare_survival()].
#' @seealso [extend()], [replicate_data()], [perm_test()], [compare_proportions()]
#' @examples
#' # pCR by anti-HER2 therapy in IHC 2+/ISH+, from counts (doi:10.4143/crt.2024.1200)
#' pcr <- data.frame(therapy = c("single", "dual"), event = c(6, 13), n = c(49, 68))
#' boot_ci(cbind(event, n - event) ~ therapy, pcr, ref = "single", type = c("bca", "perc"))
#' boot_ci(cbind(event, n - event) ~ therapy, pcr,
#'   ref = "single",
#'   statistic = "risk_ratio", method = "monte_carlo", R = 999, seed = 1
#' )
#' # tumour size after therapy, simulated, two lesions in some patients
#' lesions <- data.frame(
#'   patient = c(1, 1, 2, 3, 4, 4, 5, 6, 7, 8, 8, 9), arm = rep(c("single", "dual"), c(6, 6)),
#'   mm = c(23, 31, 18, 40, 26, 35, 12, 29, 17, 9, 21, 14)
#' )
#' boot_ci(mm ~ arm, lesions, "mean_difference", cluster = patient, ref = "single", R = 999, seed = 1)
#' @export
boot_ci <- function(formula, data = NULL, statistic = "risk_difference", type = "bca",
                    method = c("auto", "exact", "monte_carlo"), R = 9999, seed = NULL,
                    subset = NULL, na.action = stats::na.omit, strata = NULL, cluster = NULL,
                    weights = NULL, ref = NULL, conf.level = 0.95,
                    alternative = c("two.sided", "less", "greater"),
                    scheme = c("ordinary", "balanced", "fractional"), precision = NULL,
                    threads = NULL, progress = NULL, backend = NULL) {
  statistic <- as_statistic(statistic)
  check_effect(statistic)
  type <- choose_types(type)
  method <- check_option(method, c("auto", "exact", "monte_carlo"), "method")
  alternative <- check_option(alternative, alternatives, "alternative")
  conf.level <- check_level(conf.level, alternative)
  scheme <- check_option(scheme, c("ordinary", "balanced", "fractional"), "scheme")
  precision <- check_precision(precision)
  how <- resampling_options(R, seed, threads, progress, backend)
  quoted <- list(
    subset = substitute(subset), strata = substitute(strata), cluster = substitute(cluster),
    weights = substitute(weights)
  )
  wanted <- list(
    type = type, conf.level = conf.level, alternative = alternative, scheme = scheme,
    call = match.call()
  )
  boot_of(formula, data, quoted, na.action, ref, statistic, wanted, how, method, precision)
}

# From checked arguments to the result. `quoted`: the expressions of subset, strata, cluster and weights.
boot_of <- function(formula, data, quoted, na.action, ref, statistic, wanted, how, method = "monte_carlo",
                    precision = NULL, call = rlang::caller_env()) {
  quoted$adjust <- statistic$adjust
  compared <- comparison_data(
    formula, data, quoted, na.action, ref, statistic$endpoint, group_range(statistic), !is.null(statistic$adjust), call
  )
  check_resamplable(compared, call)
  statistic <- check_follow_up(compared, statistic, call)
  if (use_exact(method, compared, statistic, wanted, precision, call)) {
    run <- boot_exact(compared, statistic, wanted, call)
    return(new_boot(compared, run, wanted, call))
  }
  run <- boot_monte_carlo(compared, statistic, wanted, how, call)
  if (!is.null(precision)) run <- run_to_precision(run, wanted, how, precision, call)
  new_boot(compared, run, wanted, call)
}

# `wanted`: type, conf.level, alternative, scheme, call.
new_boot <- function(compared, run, wanted, error_call = rlang::caller_env()) {
  statistic <- run$statistic
  nothing <- no_information(run$job, statistic, run$estimate)
  if (!is.null(nothing)) {
    warn_no_information(statistic, nothing)
    intervals <- no_intervals(wanted$type, nothing)
    run$std.error <- NA_real_
  } else {
    refuse_degenerate(run, error_call)
    intervals <- boot_intervals(run, wanted$type, tail_of(wanted), wanted$alternative)
    intervals$notes <- c(run$notes, still_note(compared, statistic), intervals$notes)
    report_degenerate(run, intervals)
  }
  structure(
    c(
      list(
        statistic = statistic, estimate = to_display(statistic, run$estimate),
        std.error = run$std.error, intervals = intervals$table,
        notes = c(statistic$restricted, run$remarks, intervals$notes)
      ),
      wanted[c("conf.level", "alternative", "scheme", "call")],
      fields_of(run, c(
        "method", "replicates", "replicate_errors", "R", "seed", "failures", "acceleration", "mid_share", "job"
      )),
      kept_of(compared, run$job)
    ),
    class = "her2_boot"
  )
}

# Those that there are: `[` would make nameless ones of the others.
fields_of <- function(from, fields) from[intersect(fields, names(from))]

tail_of <- function(wanted) {
  (1 - wanted$conf.level) / if (wanted$alternative == "two.sided") 2 else 1
}

interval_types <- c("bca", "perc", "basic", "norm", "stud")

choose_types <- function(type, call = rlang::caller_env()) {
  type <- check_choice(type, c(interval_types, "all"), "type", several = TRUE, call = call)
  if ("all" %in% type) interval_types else unique(type)
}

# --- one run: the estimate, and the bootstrap distribution as numbers or as a function ----------

# What both routes know before resampling.
boot_basis <- function(compared, statistic, wanted, seed = NA_real_, call = rlang::caller_env()) {
  job <- new_job("bootstrap", boot_cohort(compared), statistic, compared, seed, scheme = wanted$scheme)
  if ("stud" %in% wanted$type) job <- studentize(job, statistic)
  observed <- evaluate_job(job, call = call)
  refuse_unfitted(statistic, observed[[1]], call)
  if (is_custom(statistic) && "stud" %in% wanted$type) {
    job <- studentize_custom(job, observed)
    observed <- observed_of(job, call)
  }
  list(
    job = job, statistic = statistic, estimate = observed[[1]],
    estimate_error = if (length(observed) > 1) observed[[2]] else NA_real_,
    acceleration = if ("bca" %in% wanted$type) acceleration_of(job, call) else NA_real_
  )
}

# Of the data themselves, as of a replicate: with its standard error where replicates have one.
observed_of <- function(job, call = rlang::caller_env()) {
  if (is.null(job$custom)) return(evaluate_job(job, call = call))
  custom_replicate(job, frequency_of(job$cohort), "the data", call)
}

# The standard error of each replicate: in closed form, or by the jackknife where there is none or
# where clusters make the closed form wrong. The jackknife takes out whole copies, which fractional
# weights are not.
studentize <- function(job, statistic) {
  if (is_custom(statistic)) return(job)
  job$jackknife_error <- statistic$outputs < 2 || !is.null(job$cohort$cluster)
  if (job$jackknife_error && job$scheme == "fractional") {
    job$jackknife_error <- FALSE
    return(job)
  }
  job$outputs <- 2L
  job
}

# A custom statistic's own standard error, or else the jackknife's.
studentize_custom <- function(job, observed) {
  job$outputs <- length(observed)
  if (job$outputs == 2 || job$scheme == "fractional") return(job)
  job$outputs <- 2L
  job$custom$units <- jackknife_units(job$cohort)
  job
}

acceleration_of <- function(job, call) {
  if (is.null(job$custom)) return(call_core(cpp_jackknife(job, 1L), call)$acceleration)
  left_out <- custom_leave_one_out(job, call)
  call_core(cpp_acceleration(job$cohort, left_out), call)
}

boot_monte_carlo <- function(compared, statistic, wanted, how, call = rlang::caller_env()) {
  run <- boot_basis(compared, statistic, wanted, resolve_seed(how$seed), call)
  drawn <- run_ranges(run$job, 1, how$R, how, call)
  summarise_run(run, drawn)
}

# From values and failures, all that the intervals ask for.
summarise_run <- function(run, drawn) {
  R <- nrow(drawn$values)
  replicates <- drawn$values[, 1]
  finite <- finite_of(replicates)
  run[c("method", "R", "seed")] <- list("monte_carlo", R, run$job$seed)
  run$replicates <- replicates
  run$replicate_errors <- if (ncol(drawn$values) > 1) drawn$values[, 2]
  run$failures <- drawn$failures / R
  run$mean <- mean(finite)
  run$std.error <- stats::sd(finite)
  run$order <- order(replicates, method = "radix")
  run$mid_share <- summarise_replicates(replicates[run$order], run$estimate, 0.5)$mid_share
  run$remarks <- scheme_remarks(run)
  run
}

# What the print says, but nothing to be warned of.
scheme_remarks <- function(run) {
  if (run$job$scheme != "balanced") return(NULL)
  round <- call_core(cpp_balanced_round(run$job$cohort))
  if (run$R %% round == 0) return(NULL)
  paste0(
    "balanced: in rounds of ", round, " replicates; the last round is not complete (R = ",
    format(run$R, scientific = FALSE), ")."
  )
}
