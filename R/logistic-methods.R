# What a `her2_logistic` can do.

#' @export
coef.her2_logistic <- function(object, ...) object$coefficients

#' @export
vcov.her2_logistic <- function(object, ...) object$variance

#' @export
nobs.her2_logistic <- function(object, ...) object$given$n

#' @export
logLik.her2_logistic <- function(object, ...) {
  structure(object$loglik[[2]], df = object$rank + 1, nobs = object$given$n, class = "logLik")
}

#' @export
confint.her2_logistic <- confint.her2_cox

# Wald's chi-squared of all effects with a variance; NA where one is infinite.
logistic_wald <- function(object) {
  b <- object$coefficients[-1]
  if (any(is.infinite(b)) || all(is.na(b))) return(NA_real_)
  known <- names(which(!is.na(b)))
  # Fewer clusters than effects: their sandwich has no inverse.
  tryCatch(drop(b[known] %*% solve(object$variance[known, known, drop = FALSE], b[known])), error = function(e) NA_real_)
}

# That all effects are 0.
logistic_tests <- function(object) {
  model_tests(object, logistic_wald(object), !object$end %in% c("constant", "unsettled"))
}

#' @rdname logistic_regression
#' @param x,object A `her2_logistic`.
#' @param ... Not used.
#' @details
#' `tidy()` has columns `term` (`"log_odds"` of the intercept, `"log_odds_ratio"`, or `"test"` for the tests that
#' all effects are 0), `method`, `group` (the coefficient, as `coef()` names it), `estimate`, `std.error`,
#' `conf.low`, `conf.high`, `statistic` (z of Wald's test; chi-squared of a likelihood-ratio test and of the
#' tests of all), `df`, `p.value` and `alternative`.
#' @export
tidy.her2_logistic <- function(x, ...) {
  term <- c("log_odds", rep("log_odds_ratio", length(x$coefficients) - 1))
  two_sided(model_rows(x, term, logistic_tests(x)))
}

#' @rdname logistic_regression
#' @export
glance.her2_logistic <- function(x, ...) {
  data.frame(
    n = x$given$n, events = x$given$events,
    clusters = if (is.null(x$given$rows$cluster)) NA_integer_ else x$given$clusters, penalty = x$penalty,
    robust = x$robust, loglik.null = x$loglik[[1]], loglik = x$loglik[[2]], df = x$rank,
    separated = x$end == "separated", n_dropped = x$given$n_dropped
  )
}

#' @export
as.data.frame.her2_logistic <- function(x, ...) tidy(x)

#' @export
summary.her2_logistic <- function(object, ...) object

#' @rdname logistic_regression
#' @param newdata A data frame with the covariates; by default the rows that were fitted.
#' @param type `"response"`: probabilities; `"link"`: their log odds.
#' @details
#' `predict()` gives a data frame with `estimate`, `std.error` (of the log odds) and the ends of Wald's interval,
#' a row a row; `NA` where a row has missing covariates, and of `newdata` where it has covariates that separation leaves open
#' (of the rows fitted the chances are known all the same). Other coefficients that are `NA` count as 0.
#' @export
predict.her2_logistic <- function(object, newdata = NULL, type = c("response", "link"), ...) {
  type <- check_option(type, c("response", "link"), "type")
  design <- if (is.null(newdata)) {
    do.call(cbind, c(list(rep(1, length(object$given$rows$trials))), object$given$rows$covariates))
  } else {
    new_design(object, newdata)
  }
  link <- linear_predictor(design, object$limit)
  open <- names(object$coefficients) %in% object$open
  if (!is.null(newdata)) link[rowSums(design[, open, drop = FALSE] != 0) > 0] <- NA
  known <- !is.na(object$coefficients)
  half_variance <- design[, known, drop = FALSE] %*% object$variance[known, known, drop = FALSE]
  error <- sqrt(rowSums(half_variance * design[, known, drop = FALSE]))
  half <- stats::qnorm((1 + object$conf.level) / 2) * error
  show <- if (type == "response") stats::plogis else identity
  data.frame(estimate = show(link), std.error = error, conf.low = show(link - half), conf.high = show(link + half))
}

new_design <- function(object, newdata, call = rlang::caller_env()) {
  if (!is.data.frame(newdata)) {
    abort_input(c("{.arg newdata} must be a data frame.", x = "It is {.obj_type_friendly {newdata}}."),
      arg = "newdata", call = call
    )
  }
  newdata <- read_labelled_columns(newdata, match(intersect(names(object$given$levels), names(newdata)), names(newdata)))
  frame <- tryCatch(
    stats::model.frame(object$given$terms, newdata, na.action = stats::na.pass, xlev = object$given$levels),
    error = function(e) {
      abort_input(c("{.arg newdata} does not have the model's covariates.", x = conditionMessage(e)),
        arg = "newdata", call = call, parent = NA
      )
    }
  )
  stats::model.matrix(object$given$terms, frame)
}

# x'b, where infinite coefficients count only if x is not 0; NA where two of them pull apart.
linear_predictor <- function(design, b) {
  infinite <- which(is.infinite(b))
  link <- drop(design[, is.finite(b), drop = FALSE] %*% b[is.finite(b)])
  for (j in infinite) link <- link + ifelse(design[, j] == 0, 0, design[, j] * b[[j]])
  link[is.nan(link)] <- NA
  unname(link)
}

#' @export
format.her2_logistic <- function(x, ...) {
  given <- x$given
  c(
    paste0("Logistic regression", if (x$firth) " with Firth's penalty", ": odds ratios of ", given$label),
    paste0("  ", format_logistic_counts(given)),
    paste0("  ", format_cox_variance(x)),
    "",
    format_columns(logistic_table(x)),
    "",
    paste0("  all together: ", format_logistic_tests(x)),
    format_logistic_notes(x)
  )
}

format_logistic_counts <- function(given) {
  paste0(
    count_of(given$n, "patient"), ", ", count_of(given$events, "event"),
    if (!is.null(given$rows$cluster)) paste0(", ", count_of(given$clusters, "cluster")),
    if (!given$whole) ", sampling weights",
    if (given$n_dropped > 0) paste0("; ", count_of(given$n_dropped, "row"), " with missing values dropped")
  )
}

logistic_table <- function(x) {
  rows <- tidy(x)
  rows <- rows[rows$term == "log_odds_ratio", ]
  list(
    c("given the others", fitted_meaning(x)[-1]),
    c("odds ratio", format_number(exp(rows$estimate))),
    c("interval", ifelse(is.na(rows$conf.low), "none", format_interval(exp(rows$conf.low), exp(rows$conf.high)))),
    c("p", ifelse(is.na(rows$p.value), "NA", format_p(rows$p.value)))
  )
}

format_logistic_tests <- function(x) {
  titles <- c("likelihood-ratio" = "likelihood ratio", "penalised-likelihood-ratio" = "penalised likelihood ratio",
    wald = "Wald", "robust-wald" = "robust Wald", score = "score")
  tests <- logistic_tests(x)
  tests <- tests[!is.na(tests$statistic), ]
  if (nrow(tests) == 0) return("no test")
  paste0(
    paste0(titles[tests$method], " ", format_number(tests$statistic), ", p ", format_p(tests$p.value), collapse = "; "),
    " (chi-squared, ", x$rank, if (x$rank == 1) " degree" else " degrees", " of freedom)"
  )
}

format_logistic_notes <- function(x) {
  infinite <- names(which(is.infinite(x$coefficients)))
  unknown <- setdiff(names(which(is.na(x$coefficients))), x$open)
  notes <- c(
    if (length(infinite)) {
      paste0("the covariates separate the events: ", toString(infinite), " has no finite estimate; see `firth = TRUE`")
    },
    if (length(x$open)) {
      paste0("the covariates separate the events, which leaves ", toString(x$open), " open, without an estimate")
    },
    if (x$end == "constant") {
      "nobody, or everybody, has the event: nothing can be estimated"
    } else if (length(unknown) && x$end != "unsettled") {
      paste0("not estimated (constant, or dependent on others): ", toString(unknown))
    },
    if (x$end == "unsettled") "the fit did not settle: do not use its estimates",
    simulated_remark(x$simulated)
  )
  c(model_clusters_line(x), if (length(notes)) paste0("  ", notes))
}

#' @export
print.her2_logistic <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}
