#' Cox regression
#'
#' Fits Cox's proportional hazards model, h(t | x) = h0(t) exp(x'b), with several covariates, factors
#' and interactions, strata, clusters, weights and left truncation, by partial likelihood or by Firth's
#' penalised likelihood.
#'
#' With \eqn{r_i = e^{x_i'b}}, D the d patients who die at a time, and Y those at risk then in the same stratum, the
#' logarithm of the partial likelihood is the sum over the times of death of
#' \deqn{\sum_{i \in D} x_i'b - \sum_{l=0}^{d-1} \log\Big(\sum_{i \in Y} r_i - \frac{l}{d} \sum_{i \in D} r_i\Big)}{
#'   sum over D of x'b - sum over l = 0 .. d - 1 of log(sum over Y of r - l/d sum over D of r)}
#' by Efron; by Breslow without \eqn{l/d}.
#'
#' Each coefficient b is a log hazard ratio: of a factor's level over its first level, of `TRUE` over `FALSE`,
#' or of one unit more of a number. The print says which.
#'
#' **Tied deaths** are handled by Efron's or Breslow's likelihood. Times that differ by rounding alone are
#' ties, by the rule of [survival::Surv()]'s users.
#'
#' **Weights.** Where all are whole, a weight w means that the row stands for w patients, and the result is
#' that of w rows, ties included (coxph() of package survival gives tied deaths of weighted rows another
#' likelihood with Efron's method). Where not all are whole they are sampling weights: the log-likelihood
#' is coxph()'s, and `robust` is `TRUE` unless told otherwise. Rows of weight 0 are left out.
#'
#' **Robust** variances are the sandwich of Lin and Wei: the sum over clusters (without `cluster`, over
#' patients) of squared sums of dfbeta. They and Wald's test change, the likelihood-ratio and the score
#' test do not.
#'
#' **Monotone likelihood.** Where a group, or a combination of covariates, has no events, or only its
#' members have some, the likelihood has no maximum and the estimate is `-Inf` or `Inf`. That is proved,
#' not guessed from a large number: in the direction in which the fit runs off, every death has the largest
#' x'b of all at risk. A warning of class `her2mod_warning_monotone` says so; there is no Wald interval, but
#' `interval = "profile"` gives one with one finite end, and `penalty = "firth"` a finite estimate. A coefficient of that
#' direction whose profile likelihood is at the supremum on both sides of 0, because others run off, is left open by
#' the data: it is `NA`, and the warning names it (field `open`).
#'
#' **Firth's penalty** adds half the logarithm of the determinant of the information (Jeffreys' prior) to the
#' log-likelihood. Standard errors are from the information at the estimate. With `interval = "profile"` the
#' interval and the p-value are those of the penalised likelihood ratio, which Heinze and Schemper advise.
#'
#' Covariates that are constant, or depend on those before them, have the estimate `NA` and a warning
#' (class `her2mod_warning_collinear`); so has everything where there are no events
#' (`her2mod_warning_no_events`).
#'
#' @param formula `Surv(time, status) ~ her2 + age` (status 0/1 or logical; [Surv_CNSR()] for ADaM data), or
#'   `Surv(entry, time, status) ~ ...` where patients are under observation from `entry` on. Terms may be
#'   numbers, factors, text, logical, functions of them, interactions, and `strata()`.
#' @param data A data frame.
#' @param ties `"efron"` or `"breslow"`.
#' @param subset Which rows to use, an expression in `data`.
#' @param na.action What to do with missing values; the number of rows dropped is kept and printed.
#' @param strata Strata with baseline hazards of their own, beside `strata()` in the formula.
#' @param cluster Which patients belong together; implies `robust`.
#' @param weights How many patients each row stands for, or sampling weights; see Details.
#' @param robust Robust standard errors? By default with `cluster`, and with weights that are not whole.
#' @param penalty `"none"` or `"firth"`.
#' @param conf.level Confidence level of the intervals.
#' @param interval `"wald"`: estimate and standard error; `"profile"`: what the likelihood-ratio test does
#'   not reject.
#' @return An object of class `her2_cox`. [tidy()] gives its estimates and tests, [glance()] one row about the
#'   fit; `coef()`, `vcov()`, `confint()`, `logLik()`, `residuals()` and `as.data.frame()` work.
#' @section Errors: `her2mod_error_input` for arguments and formulas that are not understood (offsets, `tt()` and
#'   frailties among them), and a status that is not 0/1 or logical; `her2mod_error_data` for infinite covariates and
#'   times that are negative or not finite. Warnings: `her2mod_warning_monotone`, `her2mod_warning_collinear` and
#'   `her2mod_warning_no_events` as above, `her2mod_warning_unsettled` where the fit was not settled,
#'   `her2mod_warning_flipped` and `her2mod_warning_survival_column` as of [compare_survival()].
#' @references
#' Cox DR (1972), \doi{10.1111/j.2517-6161.1972.tb00899.x}. Efron B (1977),
#' \doi{10.1080/01621459.1977.10480613}. Breslow N (1974), \doi{10.2307/2529620}. Lin DY, Wei LJ (1989),
#' \doi{10.1080/01621459.1989.10478874}. Bryson MC, Johnson ME (1981), \doi{10.1080/00401706.1981.10487683}.
#' Heinze G, Schemper M (2001), \doi{10.1111/j.0006-341X.2001.00114.x}. Venzon DJ, Moolgavkar SH (1988),
#' \doi{10.2307/2347496}.
#' @seealso [test_proportional_hazards()]
#' @examples
#' gbsg <- survival::gbsg
#' cox_regression(Surv(rfstime / 30.44, status) ~ hormon + size + strata(grade), gbsg)
#' @export
cox_regression <- function(formula, data = NULL, ties = c("efron", "breslow"), subset = NULL,
                           na.action = getOption("na.action"), strata = NULL, cluster = NULL, weights = NULL,
                           robust = NULL, penalty = c("none", "firth"), conf.level = 0.95,
                           interval = c("wald", "profile")) {
  call <- rlang::current_env()
  quoted <- list(
    subset = substitute(subset), strata = substitute(strata), cluster = substitute(cluster),
    weights = substitute(weights)
  )
  ties <- check_option(ties, c("efron", "breslow"), "ties", call)
  penalty <- check_option(penalty, c("none", "firth"), "penalty", call)
  interval <- check_option(interval, c("wald", "profile"), "interval", call)
  conf.level <- check_probability(conf.level, "conf.level", call = call)
  if (!is.null(robust)) robust <- check_flag(robust, "robust", call)
  given <- cox_rows(cox_frame(formula, data, quoted, na.action, call), call)
  robust <- cox_robust(robust, given, penalty, interval, call)
  fit <- fit_cox(given, ties, penalty, robust, interval, conf.level, call)
  fit$call <- match.call()
  warn_cox(fit)
  fit
}

# The rows as the core takes them, and what they are called.
cox_rows <- function(read, call) {
  kept <- weighted_frame(read, call)
  frame <- kept$frame
  weights <- kept$weights
  response <- read_survival(frame[[1]], read$response_name, call)
  design <- cox_design(frame, read$terms, call)
  strata <- read_cox_strata(frame, read$terms, call)
  whole <- is.null(weights) || all(weights == floor(weights))
  cluster <- read_clusters(frame[["(cluster)"]], NULL, NULL, call)
  n <- if (is.null(weights) || !whole) nrow(frame) else sum(weights)
  list(
    rows = list(
      time = response$time, event = response$event, entry = response$entry, frequency = weights,
      stratum = strata$code, cluster = cluster$code, covariates = unname(design$columns)
    ),
    names = names(design$columns), term = design$term, meaning = design$meaning, whole = whole,
    strata = strata$levels, clusters = length(cluster$levels), n = n,
    events = if (is.null(weights) || !whole) sum(response$event) else sum(weights * response$event),
    n_dropped = read$n_dropped, simulated = read$simulated, label = response$label
  )
}

cox_robust <- function(robust, given, penalty, interval, call, firth = "penalty = \"firth\"") {
  clustered <- !is.null(given$rows$cluster)
  wanted <- if (is.null(robust)) clustered || !given$whole else robust
  if (clustered && !wanted) {
    abort_input("With {.arg cluster} variances are robust: {.code robust = FALSE} cannot be.",
      arg = "robust", call = call
    )
  }
  if (wanted && (penalty == "firth" || interval == "profile")) {
    other <- if (penalty == "firth") firth else "interval = \"profile\""
    abort_input(c(
      "There is no robust variance with {.code {other}}.",
      i = "Leave {.arg cluster} and {.arg robust} out, or weights that are not whole."
    ), arg = "robust", call = call)
  }
  wanted
}

cox_options <- function(given, ties, penalty, robust = FALSE, drop = NULL) {
  list(ties = ties, penalty = penalty, whole = given$whole, robust = robust, n_clusters = given$clusters, drop = drop)
}

fit_cox <- function(given, ties, penalty, robust, interval, conf.level, call) {
  drop <- if (interval == "profile") stats::qchisq(conf.level, 1) / 2
  options <- cox_options(given, ties, penalty, robust, drop)
  core <- call_core(cpp_cox_fit(given$rows, options), call = call)
  open <- undetermined_coefficients(core, given$rows$covariates, function(j, at) {
    call_core(cpp_cox_ratio(given$rows, options, j - 1L, at), call)
  })
  # What the limit of a monotone likelihood does not determine.
  if (core$end == "infinite") open <- sort(union(open, which(is.nan(core$coefficients) & !core$dependent)))
  core$coefficients[open] <- NA
  if (!is.null(drop)) core$profile[open, ] <- NA
  named <- function(matrix) {
    matrix[is.nan(matrix)] <- NA
    structure(matrix, dimnames = list(given$names, given$names))
  }
  structure(list(
    coefficients = stats::setNames(ifelse(is.nan(core$coefficients), NA, core$coefficients), given$names),
    variance = named(if (robust) core$robust else core$variance), naive = if (robust) named(core$variance),
    end = core$end, loglik = core$loglik, score_test = core$score_test, rank = core$rank, profile = core$profile,
    ties = ties, penalty = penalty, robust = robust, interval = interval, conf.level = conf.level,
    given = given, open = given$names[open]
  ), class = "her2_cox")
}

# Which of the infinite coefficients are so in the direction that was found, but need not be: where others run off, the
# likelihood comes as near to its supremum with this one on either side of 0.
undetermined_coefficients <- function(core, covariates, ratio_at) {
  # An intercept has no covariate.
  first <- length(core$coefficients) - length(covariates)
  infinite <- which(is.infinite(core$coefficients))
  if (length(covariates) < 2 || !is.finite(core$loglik[[2]])) return(integer())
  infinite <- infinite[infinite > first]
  flat <- vapply(infinite, function(j) {
    far <- 5 / diff(range(covariates[[j - first]]))
    all(ratio_at(j, c(-far, far)) < 1e-6)
  }, NA)
  infinite[flat]
}

warn_cox <- function(fit) {
  if (fit$end == "no_events") {
    warn_her2("Nobody has an event: no hazard ratio can be estimated.", "no_events")
    return(invisible())
  }
  unknown <- setdiff(names(which(is.na(fit$coefficients))), fit$open)
  if (length(unknown) > 0) {
    warn_her2(c(
      "{cli::qty(length(unknown))}No estimate for {.field {unknown}}.",
      i = paste0(
        "{cli::qty(length(unknown))}{?It is/They are} constant among those at risk or {?depends/depend} ",
        "on other covariates."
      )
    ), "collinear", covariates = unknown)
  }
  if (fit$end == "infinite") warn_monotone(fit)
  if (fit$end == "unsettled") {
    warn_her2("The fit did not settle: do not use its estimates.", "unsettled")
  }
  warn_profile(fit)
}

warn_monotone <- function(fit) {
  infinite <- names(which(is.infinite(fit$coefficients)))
  open <- fit$open
  warn_her2(c(
    if (length(infinite)) {
      paste0(
        "The likelihood is monotone: {cli::qty(length(infinite))}the hazard ratio{?s} of {.field {infinite}} ",
        "{?is/are} 0 or infinite."
      )
    } else {
      "The likelihood is monotone: it has no maximum."
    },
    x = if (length(open)) "It leaves {.field {open}} open: {cli::qty(length(open))}{?it has/they have} no estimate.",
    i = "Try {.code penalty = \"firth\"}, or {.code interval = \"profile\"} for the end that is finite."
  ), "monotone", covariates = infinite, open = open)
}
