# How strong an unmeasured confounder would have to be: the E-value, a function of numbers only.

#' E-value: the confounding that could explain an effect away
#'
#' How strongly an unmeasured confounder would have to be associated with both the group and the
#' outcome, each on the risk ratio scale and beyond the measured covariates, to move the estimate to
#' no effect; and the same for the confidence limit closest to no effect.
#'
#' @details
#' For a risk ratio \eqn{RR \ge 1}
#' \deqn{E = RR + \sqrt{RR (RR - 1)},}{E = RR + sqrt(RR (RR - 1)),}
#' and for \eqn{RR < 1} the same of \eqn{1/RR}. The limit's E-value is that of the limit closest to
#' 1, and is 1 when the interval includes 1: then no confounding is needed to reach "no effect".
#'
#' An odds ratio is near the risk ratio when the outcome is rare in both groups (below some 15%).
#' `common = FALSE` takes the odds ratio as it is, which is right for such outcomes only. When the
#' outcome is common, `common = TRUE` first takes its square root, an approximation of the risk
#' ratio. Where the risk ratio itself is known, use that: it needs neither.
#'
#' An E-value has no unit and no threshold. It speaks of one kind of bias, confounding, and a
#' confounder weaker than that on one side has to be stronger on the other.
#'
#' @param estimate Risk ratios or odds ratios, 0 or larger (`Inf` is allowed).
#' @param conf.low,conf.high Their confidence limits; `NULL` or `NA` where there is none. Only the
#'   limit closest to 1 is used.
#' @param measure `"risk_ratio"` or `"odds_ratio"`.
#' @param common For an odds ratio: is the outcome common, so that the square root is to be used?
#' @return A data frame, one row an estimate: `measure`, `estimate`, `conf.low`, `conf.high`,
#'   `e.value`, `e.value.limit` (`NA` without the limit) and `scale`, which says what stood for the
#'   risk ratio.
#' @section Errors:
#' `her2mod_error_input` for negative ratios, limits of another length, an estimate outside its
#' interval, and `common = TRUE` with a risk ratio.
#' @references
#' VanderWeele TJ, Ding P (2017). Sensitivity analysis in observational research: introducing the
#' E-value. *Annals of Internal Medicine* 167(4):268-274. \doi{10.7326/M16-2607}
#' @seealso [adjustment_bounds()] for a confounder whose margins are known.
#' @examples
#' # The authors' own example
#' e_value(3.9, 1.8, 8.7)
#'
#' # pCR in IHC 2+/ISH+ over IHC 3+ (doi:10.4143/crt.2024.1200)
#' pcr <- compare_proportions(c(ihc3 = 211, mod = 19), c(458, 117), methods = "risk_ratio")
#' with(tidy(pcr)[1, ], e_value(estimate, conf.low, conf.high))
#' @export
e_value <- function(estimate, conf.low = NULL, conf.high = NULL,
                    measure = c("risk_ratio", "odds_ratio"), common = FALSE) {
  measure <- check_option(measure, c("risk_ratio", "odds_ratio"), "measure")
  check_flag(common, "common")
  if (common && measure == "risk_ratio") {
    abort_input(c("{.arg common} is for odds ratios.",
      i = "A risk ratio needs no approximation, however common the outcome."
    ), arg = "common", value = common)
  }
  if (is.null(estimate)) abort_input("{.arg estimate} is missing.", arg = "estimate")
  estimate <- check_ratios(estimate, "estimate", length(estimate))
  low <- check_ratios(conf.low, "conf.low", length(estimate))
  high <- check_ratios(conf.high, "conf.high", length(estimate))
  outside <- which(low > estimate | high < estimate)
  if (length(outside)) {
    at <- outside[[1]]
    abort_input(c("{.arg estimate} must lie within its interval.",
      x = "It is {.val {estimate[at]}}, its interval {.val {c(low[at], high[at])}}."
    ), arg = "estimate", value = estimate[at])
  }
  as_risk_ratio <- if (common) sqrt else identity
  data.frame(
    measure = rep(measure, length(estimate)),
    estimate = estimate, conf.low = low, conf.high = high,
    e.value = confounding_needed(as_risk_ratio(estimate)),
    e.value.limit = confounding_needed(as_risk_ratio(limit_near_one(estimate, low, high))),
    scale = rep(e_value_scale(measure, common), length(estimate))
  )
}

e_value_scale <- function(measure, common) {
  if (measure == "risk_ratio") return("risk ratio")
  if (common) "square root of the odds ratio" else "odds ratio as risk ratio (rare outcome)"
}

check_ratios <- function(x, arg, length, call = rlang::caller_env()) {
  if (is.null(x)) return(rep(NA_real_, length))
  # NA alone is logical, and says no more than that there is no limit.
  if (is.logical(x) && all(is.na(x))) x <- as.double(x)
  if (!is.numeric(x) || length(x) != length || any(x < 0, na.rm = TRUE)) {
    abort_input(c(
      "{.arg {arg}} must be {length} ratio{?s} of at least 0.",
      x = "It is {.val {x}}."
    ), arg = arg, value = x, call = call)
  }
  as.double(unname(x))
}

# The limit on the estimate's side of 1, drawn back to 1 where the interval includes it.
limit_near_one <- function(estimate, low, high) {
  ifelse(estimate > 1, pmax(low, 1), ifelse(estimate < 1, pmin(high, 1), 1))
}

confounding_needed <- function(ratio) {
  ratio <- ifelse(ratio < 1, 1 / ratio, ratio)
  ratio + sqrt(ratio * (ratio - 1))
}
