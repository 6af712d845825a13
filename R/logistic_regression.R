#' Logistic regression
#'
#' Fits logit P(event | x) = a + x'b, with several covariates, factors and interactions, weights and clusters,
#' by maximum likelihood or by Firth's penalised likelihood.
#'
#' Each coefficient b is a log odds ratio given the other covariates: of a factor's level over its first level,
#' of `TRUE` over `FALSE`, or of one unit more of a number. The print says which. It is not the odds ratio that
#' standardised risks have, nor a risk ratio: [adjusted_effect()] gives those.
#'
#' **Weights.** Where all are whole, a weight w means that the row stands for w patients. Where not all are
#' whole they are sampling weights, and `robust` is `TRUE` unless told otherwise. Rows of weight 0 are left out.
#'
#' **Robust** variances are the sandwich: the sum over clusters (without `cluster`, over patients) of squared
#' sums of I^-1 x (y - p), without a correction for few clusters. They and Wald's test change, the
#' likelihood-ratio and the score test do not.
#'
#' **Separation.** Where a combination of covariates is above 0 for events only and below 0 for the others only,
#' the likelihood has no maximum and an estimate is `-Inf` or `Inf`. That is proved, not guessed from a large
#' number: in the direction in which the fit runs off nobody is on the wrong side. A warning of class
#' `her2mod_warning_separated` says so; there is no Wald interval, but `interval = "profile"` gives one with one
#' finite end, and `firth = TRUE` a finite estimate. A coefficient that is infinite in that direction, but whose profile
#' likelihood is at the supremum on both sides of 0, because others run off, is left open by the data: it is `NA`, and the
#' warning names it (field `open`).
#'
#' **Firth's penalty** adds half the logarithm of the determinant of the information (Jeffreys' prior) to the
#' log-likelihood. Standard errors are from the information at the estimate, and the likelihood-ratio test is of
#' the penalised likelihood, the determinant that of the whole model. Intervals and p-values are by default
#' profiles of it, which Heinze and Schemper advise. Mean fitted probabilities are then not the share of events:
#' they are pulled towards 1/2.
#'
#' Covariates that are constant, or depend on those before them, have the estimate `NA` and a warning (class
#' `her2mod_warning_collinear`); so has everything where nobody, or everybody, has the event
#' (`her2mod_warning_no_events`), but for Firth's penalty.
#'
#' @param formula `pcr ~ her2 + age`. The response is logical, 0/1, a factor whose second level is the event, or
#'   `cbind(event, n - event)`. Terms may be numbers, factors, text, logical, functions of them, and interactions.
#' @param data A data frame.
#' @param firth Firth's penalty?
#' @param subset Which rows to use, an expression in `data`.
#' @param na.action What to do with missing values; the number of rows dropped is kept and printed.
#' @param cluster Which patients belong together; implies `robust`.
#' @param weights How many patients each row stands for, or sampling weights; see Details.
#' @param robust Robust standard errors? By default with `cluster`, and with weights that are not whole.
#' @param conf.level Confidence level of the intervals.
#' @param interval `"wald"`: estimate and standard error; `"profile"`: what the likelihood-ratio test does not
#'   reject. By default `"wald"`, and `"profile"` with Firth's penalty.
#' @return An object of class `her2_logistic`. [tidy()] gives its estimates and tests, [glance()] one row about
#'   the fit; `coef()`, `vcov()`, `confint()`, `logLik()`, `predict()` and `as.data.frame()` work. The
#'   log-likelihood is that of patients one by one, without binomial coefficients.
#' @section Errors: `her2mod_error_input` for arguments and formulas that are not understood (offsets, `strata()`
#'   and models without an intercept among them); `her2mod_error_data` for infinite covariates.
#' @references
#' Albert A, Anderson JA (1984), \doi{10.1093/biomet/71.1.1}. Firth D (1993), \doi{10.1093/biomet/80.1.27}.
#' Heinze G, Schemper M (2002), \doi{10.1002/sim.1047}. Venzon DJ, Moolgavkar SH (1988), \doi{10.2307/2347496}.
#' @seealso [adjusted_effect()], [cox_regression()]
#' @examples
#' # infertility after abortions, from datasets
#' logistic_regression(case ~ spontaneous + induced + age, datasets::infert)
#' # nobody without x has the event
#' few <- data.frame(x = rep(c(FALSE, TRUE), c(6, 8)), y = rep(c(0, 1, 0), c(6, 5, 3)))
#' logistic_regression(y ~ x, few, firth = TRUE)
#' @export
logistic_regression <- function(formula, data = NULL, firth = FALSE, subset = NULL,
                                na.action = getOption("na.action"), cluster = NULL, weights = NULL, robust = NULL,
                                conf.level = 0.95, interval = c("wald", "profile")) {
  call <- rlang::current_env()
  quoted <- list(subset = substitute(subset), cluster = substitute(cluster), weights = substitute(weights))
  firth <- check_flag(firth, "firth", call)
  conf.level <- check_probability(conf.level, "conf.level", call = call)
  if (!is.null(robust)) robust <- check_flag(robust, "robust", call)
  given <- logistic_rows(logistic_frame(formula, data, quoted, na.action, call), call)
  interval <- if (missing(interval)) {
    if (firth && !isTRUE(robust) && is.null(given$rows$cluster) && given$whole) "profile" else "wald"
  } else {
    check_option(interval, c("wald", "profile"), "interval", call)
  }
  robust <- cox_robust(robust, given, if (firth) "firth" else "none", interval, call, "firth = TRUE")
  fit <- fit_logistic(given, firth, robust, interval, conf.level, call)
  fit$simulated <- is_simulated(data)
  fit$call <- match.call()
  warn_logistic(fit)
  fit
}

refused_in_logistic <- c(
  strata = "Conditional likelihood is not fitted: a stratum can be a covariate, as a factor."
)

logistic_frame <- function(formula, data, quoted, na.action, call) {
  read <- cox_frame(formula, data, quoted, na.action, call, what = "logistic_regression")
  if (length(strata_variables(read$terms)) > 0) {
    abort_input(c("The formula has a term {.code strata()}.", i = refused_in_logistic[["strata"]]),
      arg = "formula", call = call
    )
  }
  if (attr(read$terms, "intercept") == 0) {
    abort_input("{.fn logistic_regression} fits models with an intercept only.", arg = "formula", call = call)
  }
  read
}

# The rows as the core takes them, and what they are called.
logistic_rows <- function(read, call) {
  kept <- weighted_frame(read, call)
  frame <- kept$frame
  weights <- kept$weights
  cluster <- read_clusters(frame[["(cluster)"]], NULL, weights, call)
  rows <- new_rows(group = integer(nrow(frame)), frequency = weights, at = seq_len(nrow(frame)))
  response <- read_response(
    list(response = as_vector(frame[[1]]), response_name = read$response_name), "binary", rows, call
  )
  rows <- response$rows
  if (!is.null(rows$frequency)) rows <- take_rows(rows, rows$frequency > 0)
  if (nrow(rows) == 0) abort_data("The rows stand for no patients.", arg = "formula", call = call)
  design <- cox_design(frame, read$terms, call)
  trials <- if (is.null(rows$frequency)) rep(1, nrow(rows)) else rows$frequency
  whole <- all(trials == floor(trials))
  list(
    rows = list(
      trials = trials, events = trials * rows$response, cluster = cluster$code[rows$at],
      covariates = unname(lapply(design$columns, function(x) x[rows$at]))
    ),
    names = c("(Intercept)", names(design$columns)), meaning = c("intercept", design$meaning), whole = whole,
    clusters = length(cluster$levels), n = if (whole) sum(trials) else nrow(rows),
    events = if (whole) sum(trials * rows$response) else sum(rows$response), n_dropped = read$n_dropped,
    label = response$label, terms = stats::delete.response(read$terms), levels = design_levels(frame, read$terms)
  )
}

# What predict() needs to make the same columns of other rows.
design_levels <- function(frame, terms) stats::.getXlevels(stats::delete.response(terms), droplevels_of(frame))

fit_logistic <- function(given, firth, robust, interval, conf.level, call) {
  options <- list(
    firth = firth, whole = given$whole, robust = robust, n_clusters = given$clusters,
    drop = if (interval == "profile") stats::qchisq(conf.level, 1) / 2
  )
  core <- call_core(cpp_logistic_fit(given$rows, options), call = call)
  open <- undetermined_coefficients(core, given$rows$covariates, function(j, at) {
    call_core(cpp_logistic_ratio(given$rows, options, j - 1L, at), call)
  })
  limit <- core$coefficients
  core$coefficients[open] <- NA
  if (!is.null(options$drop)) core$profile[open, ] <- NA
  named <- function(matrix) {
    matrix[is.nan(matrix)] <- NA
    structure(matrix, dimnames = list(given$names, given$names))
  }
  structure(list(
    coefficients = stats::setNames(ifelse(is.nan(core$coefficients), NA, core$coefficients), given$names),
    variance = named(if (robust) core$robust else core$variance), naive = if (robust) named(core$variance),
    end = core$end, loglik = core$loglik, score_test = core$score_test, rank = core$rank, profile = core$profile,
    firth = firth, penalty = if (firth) "firth" else "none", robust = robust, interval = interval,
    conf.level = conf.level, given = given, open = given$names[open],
    # In the direction in which the fit ran off: what it leaves open is there, too.
    limit = limit
  ), class = "her2_logistic")
}

warn_logistic <- function(fit) {
  if (fit$end == "constant") {
    who <- if (fit$given$events == 0) "Nobody" else "Everybody"
    warn_her2("{who} has the event: no odds ratio can be estimated.", "no_events")
    return(invisible())
  }
  unknown <- setdiff(names(which(is.na(fit$coefficients))), fit$open)
  if (length(unknown) > 0 && fit$end != "unsettled") {
    warn_her2(c(
      "{cli::qty(length(unknown))}No estimate for {.field {unknown}}.",
      i = "{cli::qty(length(unknown))}{?It is/They are} constant, or {?depends/depend} on other covariates."
    ), "collinear", covariates = unknown)
  }
  infinite <- names(which(is.infinite(fit$coefficients)))
  open <- fit$open
  if (length(infinite) + length(open) > 0) {
    warn_her2(c(
      if (length(infinite)) {
        paste0(
          "The covariates separate the events: {cli::qty(length(infinite))}the estimate{?s} of {.field {infinite}} ",
          "{?is/are} infinite."
        )
      } else {
        "The covariates separate the events."
      },
      x = if (length(open)) "That leaves {.field {open}} open: {cli::qty(length(open))}{?it has/they have} no estimate.",
      i = "Try {.code firth = TRUE}, or {.code interval = \"profile\"} for the end that is finite."
    ), "separated", covariates = infinite, open = open)
  }
  if (fit$end == "unsettled") warn_her2("The fit did not settle: do not use its estimates.", "unsettled")
  warn_profile(fit)
}
