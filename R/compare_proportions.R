#' Compare two proportions by every named method
#'
#' Risk difference, risk ratio, odds ratio, the two proportions themselves, and tests of equality,
#' each by several methods that have a name. Effects are always *other group minus (or over)
#' reference group*; the first count, or the first factor level, is the reference unless `ref` says
#' otherwise.
#'
#' @section Methods:
#' With \eqn{p_0 = x_0/n_0} (reference), \eqn{p_1 = x_1/n_1}, \eqn{N = n_0 + n_1} and z the normal
#' quantile of the level:
#'
#' * `risk_difference`, \eqn{p_1 - p_0}; no interval reaches beyond -1 or 1:
#'   * `wald`: \eqn{\pm z\sqrt{p_0q_0/n_0 + p_1q_1/n_1}}.
#'   * `agresti-caffo`: Wald after adding one event and one non-event to each group
#'     (\doi{10.1080/00031305.2000.10474560}).
#'   * `newcombe`, `newcombe-cc`: from the Wilson limits of the two groups, without and with
#'     continuity correction (Newcombe 1998, Stat Med 17:873, methods 10 and 11).
#'   * `mee`, `miettinen-nurminen`: the differences that the score test does not reject, without and
#'     with the factor \eqn{N/(N-1)} on the variance (\doi{10.1002/sim.4780040211}).
#'   * `exact-score`: unconditional exact, inverting one two-sided score test
#'     (\doi{10.1111/j.0006-341X.2001.00963.x}); `exact-score-central` inverts two one-sided ones
#'     (\doi{10.1111/j.0006-341X.1999.01202.x}). The effects that such a test accepts may have gaps;
#'     an end is the outermost accepted effect, found by branch and bound, not on a grid.
#'   * `bootstrap-exact-percentile`, `bootstrap-exact-bca`: quantiles of the bootstrap distribution
#'     itself, without replicates; see [boot_ci()].
#' * `risk_ratio`, \eqn{p_1/p_0}: `katz` (log scale, \doi{10.2307/2530610}), `koopman` (score,
#'   \doi{10.2307/2531405}), `miettinen-nurminen` (score with \eqn{N/(N-1)}), `exact-score`,
#'   `exact-score-central`.
#' * `odds_ratio`: `woolf` (log scale), `cornfield` (score), `miettinen-nurminen` (score with
#'   \eqn{N/(N-1)}), `fisher-conditional` (conditional maximum likelihood and exact tails),
#'   `midp-conditional` (the same with half of the observed table's probability,
#'   \doi{10.1214/ss/1177011454}).
#' * `proportion`, one row a group: `wilson`, `wilson-cc`, `clopper-pearson`, `jeffreys`,
#'   `agresti-coull`, `midp` (\doi{10.1214/ss/1009213286}).
#' * `test`:
#'   * `pearson`, `yates`, `n-1` (Pearson times \eqn{(N-1)/N}, \doi{10.1002/sim.2832}), `lr`
#'     (likelihood ratio), `unpooled-z`, `wald` (log odds ratio over its standard error). The
#'     statistic is a signed z; its square is the chi-square.
#'   * `fisher`: two-sided p sums the tables at most as likely as the observed one;
#'     `fisher-central` doubles the smaller one-sided p; `fisher-midp` is `fisher` less half of the
#'     observed table's probability (1 where the margins allow one table only).
#'   * `barnard`, `barnard-unpooled`: the largest probability, over the common proportion, of the
#'     tables with |z| at least as large (z with pooled or unpooled variance; a table with unpooled
#'     variance 0 and different proportions counts as infinitely far).
#'   * `boschloo`: the same for the tables whose Fisher p is at most as large.
#'
#'   In sums over tables, ties are values within a relative 1e-7. The maximum over the common
#'   proportion is found by branch and bound to a relative 1e-10.
#'
#' The `p.value` in an interval's row belongs to the test that the interval inverts (for `newcombe`,
#' found by root search); it is `NA` for `proportion` and `bootstrap-exact`. For `exact-score` the
#' p is `barnard`'s.
#'
#' @section Zero cells:
#' A risk ratio or odds ratio of 0 or `Inf` is reported as such, its `katz` or `woolf` interval as
#' (0, Inf); with no events at all, or only events, it is `NA`, with interval (0, Inf), and every
#' test has p = 1. An estimated variance of 0 leaves `wald` and `unpooled-z` without a p-value
#' (`NA`), which the print says. Nothing is added to any cell unless the method's definition does.
#' p-values below about 1e-290 underflow to 0; prints say "< 0.0001".
#'
#' @param x Counts of events, reference group first; names become group names. Or a formula such as
#'   `pcr ~ her2`, `cbind(event, n - event) ~ her2` or, within centres, `pcr ~ her2 | centre`. Or an array of
#'   counts, 2 groups x 2 outcomes x K strata; see Strata.
#' @param n Group sizes, in the order of `x`, or with its names.
#' @param data A data frame, for the formula.
#' @param subset An expression: the rows of `data` to use.
#' @param na.action What to do with missing values; the number of rows dropped is printed.
#' @param weights Whole numbers: how many patients each row of `data` stands for.
#' @param ref The reference group, by name.
#' @param strata A factor (or write it after `|`): groups are compared within its levels. See Strata.
#' @param outcome Of an array: which of the two outcomes is the event, by name or number.
#' @param conf.level Confidence level; above 0.5 for a one-sided interval.
#' @param alternative `"two.sided"`, or `"less"` or `"greater"` for other minus reference; one-sided
#'   intervals have one end at the limit of the parameter.
#' @param methods Names of methods, of terms, or `"all"`. By default all that finish within about a
#'   second; the print names what was left out. The unconditional exact methods exist up to 26
#'   million tables, \eqn{(n_0 + 1)(n_1 + 1)}.
#' @param ... Not used.
#' @return An object of class `her2_proportions`. [generics::tidy()] gives one row a (term, method)
#'   with columns term, group, method, estimate, conf.low, conf.high, statistic, p.value,
#'   alternative. Proportions and differences are on the scale 0 to 1.
#'
#'   With strata, an object of class `her2_proportions_stratified`; `tidy()` gives one row a (term, method) with
#'   columns term, method, estimate, std.error (of ratios on the log scale), conf.low, conf.high, statistic, df,
#'   p.value, alternative, and `tidy(x, "strata")` one row a stratum.
#' @examples
#' # pCR with single and dual anti-HER2 therapy in IHC 2+/ISH+ (doi:10.4143/crt.2024.1200)
#' dual <- compare_proportions(c(single = 6, dual = 13), c(49, 68))
#' dual
#' tidy(dual)
#' compare_proportions(c(single = 6, dual = 13), c(49, 68), methods = c("newcombe", "fisher"))
#'
#' # within strata: admission and sex at six departments (datasets)
#' compare_proportions(aperm(UCBAdmissions, c(2, 1, 3)),
#'   outcome = "Admitted", methods = c("sato", "cmh", "tarone")
#' )
#' @export
compare_proportions <- function(x, ...) UseMethod("compare_proportions")

#' @rdname compare_proportions
#' @export
compare_proportions.default <- function(x, n, ref = NULL, conf.level = 0.95,
                                        alternative = c("two.sided", "less", "greater"),
                                        methods = NULL, outcome = 2, ...) {
  check_no_dots(...)
  alternative <- check_option(alternative, alternatives, "alternative")
  if (length(dim(x)) == 3) {
    read <- strata_of_array(x, ref, outcome)
    return(new_stratified(read$strata, read$groups, conf.level, alternative, methods,
      event = read$event, stratum_name = read$stratum_name, n_dropped = 0, simulated = FALSE,
      call = generic_call(match.call())
    ))
  }
  counts <- check_counts(x, n)
  counts <- counts[match(put_first(counts$group, ref), counts$group), ]
  new_comparison(counts, conf.level, alternative, methods, event = NULL,
    n_dropped = 0, call = generic_call(match.call())
  )
}

#' @rdname compare_proportions
#' @export
compare_proportions.formula <- function(x, data = NULL, subset = NULL, na.action = stats::na.omit,
                                        weights = NULL, ref = NULL, conf.level = 0.95,
                                        alternative = c("two.sided", "less", "greater"),
                                        methods = NULL, strata = NULL, ...) {
  check_no_dots(...)
  quoted <- list(subset = substitute(subset), strata = substitute(strata), weights = substitute(weights))
  compared <- comparison_data(x, data, quoted, na.action, ref)
  alternative <- check_option(alternative, alternatives, "alternative")
  call <- generic_call(match.call())
  if (!is.null(compared$strata)) {
    block <- split_formula(x)$block
    return(new_stratified(strata_of_cells(compared), compared$groups, conf.level, alternative, methods,
      event = compared$event, stratum_name = rlang::as_label(if (is.null(block)) quoted$strata else block),
      n_dropped = compared$n_dropped, simulated = compared$simulated, call = call, group_name = compared$group_name
    ))
  }
  new_comparison(group_counts(compared$cells, compared$groups), conf.level, alternative, methods,
    event = compared$event, n_dropped = compared$n_dropped, simulated = compared$simulated, call = call,
    group_name = compared$group_name
  )
}

# The call that update() can repeat: match.call() names the method, which is not exported.
generic_call <- function(call, generic = "compare_proportions") {
  call[[1]] <- as.name(generic)
  call
}

# One row a group, reference first.
check_counts <- function(x, n, call = rlang::caller_env()) {
  if (missing(n)) abort_input("{.arg n} is missing: the size of each group.", arg = "n", call = call)
  whole <- function(v) is.numeric(v) && length(v) == 2 && all(is.finite(v)) && all(v == floor(v))
  if (!whole(x) || any(x < 0)) {
    abort_input(c("{.arg x} must be two whole numbers of at least 0.", x = "It is {.val {x}}."),
      arg = "x", value = x, call = call
    )
  }
  if (!whole(n) || any(n < 1)) {
    abort_input(c("{.arg n} must be two whole numbers of at least 1.", x = "It is {.val {n}}."),
      arg = "n", value = n, call = call
    )
  }
  if (!is.null(names(x)) && !is.null(names(n))) {
    if (!setequal(names(x), names(n))) {
      abort_input(c("{.arg x} and {.arg n} must name the same groups.",
        x = "They name {.val {names(x)}} and {.val {names(n)}}."
      ), arg = "n", call = call)
    }
    n <- n[names(x)]
  }
  if (any(x > n)) {
    abort_input(c("A group cannot have more events than patients.",
      x = "{.arg x} is {.val {unname(x)}}, {.arg n} is {.val {unname(n)}}."
    ), arg = "x", value = x, call = call)
  }
  groups <- if (!is.null(names(x))) names(x) else if (!is.null(names(n))) names(n) else c("group 1", "group 2")
  if (anyDuplicated(groups) || any(groups == "")) {
    abort_input("The two groups need two different names.", arg = "x", value = groups, call = call)
  }
  data.frame(group = groups, x = as.double(x), n = as.double(n))
}

new_comparison <- function(counts, conf.level, alternative, methods, event, n_dropped, call, simulated = FALSE,
                           group_name = NULL, error_call = rlang::caller_env()) {
  conf.level <- check_level(conf.level, alternative, error_call)
  chosen <- choose_methods(methods, counts$n, error_call)
  structure(
    list(
      estimates = comparison_rows(counts, conf.level, alternative, chosen$index, error_call),
      counts = counts, conf.level = conf.level, alternative = alternative, index = chosen$index,
      omitted = chosen$omitted, event = event, group_name = group_name, n_dropped = n_dropped, simulated = simulated,
      call = call
    ),
    class = "her2_proportions"
  )
}

# The table of tidy(), for rows `index` of proportion_methods().
comparison_rows <- function(counts, conf.level, alternative, index, call = rlang::caller_env()) {
  chosen <- proportion_methods()[index, ]
  rows <- call_core(cpp_two_proportions(
    counts$x[[1]], counts$n[[1]], counts$x[[2]], counts$n[[2]], conf.level, alternative, index
  ), call = call)
  data.frame(
    term = chosen$term, group = counts$group[chosen$group], method = chosen$method, rows,
    alternative = alternative, row.names = NULL
  )
}

# A method's work grows with the number of 2x2 tables of the two sizes, or with the patients. Up to
# these numbers it finishes within about a second (measured at 450 and 2000 a group).
quick_limits <- data.frame(
  cost = c("small", "tables", "searches"), tables = c(Inf, 4e6, 2e5), patients = c(Inf, 1e4, 1000)
)

# Beyond this the core refuses the unconditional methods.
most_tables <- 2.6e7

# Rows of proportion_methods(), and those left out with the reason.
choose_methods <- function(methods, n, call) {
  all <- proportion_methods()
  quick <- quick_limits[match(all$cost, quick_limits$cost), ]
  slow <- prod(n + 1) > quick$tables | sum(n) > quick$patients
  impossible <- all$cost != "small" & prod(n + 1) > most_tables
  if (is.null(methods)) {
    left_out <- slow
  } else {
    known <- unique(c("all", all$term, all$method))
    check_choice(methods, known, "methods", several = TRUE, call = call)
    # What is named is tried, and the core says why it can't be; "all" and a term mean what can be.
    left_out <- impossible & !all$method %in% methods
  }
  wanted <- is.null(methods) | "all" %in% methods | all$term %in% methods | all$method %in% methods
  omitted <- data.frame(all[c("term", "method")], why = ifelse(impossible, "impossible", "slow"))
  list(index = which(wanted & !left_out), omitted = omitted[wanted & left_out, ])
}
