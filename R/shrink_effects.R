#' Shrink the effects of subgroups towards each other
#'
#' The effects seen in several subgroups scatter more than the true ones do. The normal-normal model says how far to
#' draw each back to their common mean, in closed form.
#'
#' @details
#' Effects \eqn{d_k} with standard errors \eqn{s_k} are taken as normal around true effects, and these as normal around
#' a common mean with standard deviation \eqn{\tau}, `prior.sd`. With \eqn{w_k = 1/(s_k^2 + \tau^2)},
#' \eqn{m = \sum w_k d_k / \sum w_k} and \eqn{B_k = s_k^2/(s_k^2 + \tau^2)}
#' \deqn{\tilde d_k = (1 - B_k) d_k + B_k m, \quad var = (1 - B_k) s_k^2 + B_k^2 / \sum w_k,}{
#' d~_k = (1 - B_k) d_k + B_k m, var = (1 - B_k) s_k^2 + B_k^2 / sum w_k,}
#' the posterior with a flat prior on m. \eqn{\tau = 0} is one effect for all, a large one leaves them as they are.
#'
#' Without `prior.sd`, three or more effects estimate it (empirical Bayes): `"ml"`, by maximum likelihood, or `"dl"`, by
#' DerSimonian and Laird's moments (\doi{10.1016/0197-2456(86)90046-2}). The intervals then leave out that it is
#' estimated, and are somewhat narrow. Two effects cannot estimate it: it must be given, and several values show how much
#' hangs on it.
#'
#' @param estimate Effects on a scale on which they are about normal: differences, or logarithms of ratios. Names
#'   become group names.
#' @param std.error Their standard errors.
#' @param prior.sd The standard deviation between true effects, on the same scale; several are allowed.
#' @param method How to estimate it where it is not given.
#' @param conf.level Level of the intervals.
#' @return A data frame, one row a group and prior standard deviation: group, estimate, std.error, shrunken,
#'   shrunken.error, conf.low, conf.high, weight (\eqn{1 - B_k}, that of the group's own data), mean, prior.sd and
#'   method (`"given"`, `"ml"` or `"dl"`).
#' @section Errors: `her2mod_error_input` where an effect or standard error is not finite, or two effects come without
#'   `prior.sd`.
#' @examples
#' # pCR, dual minus single, in 3+ and 2+ISH+ (doi:10.3389/fonc.2026.1799768)
#' shrink_effects(c("3+" = 0.168, "2+ISH+" = 0.053), c(0.064, 0.125), prior.sd = c(0.05, 0.1, 0.2))
#' @export
shrink_effects <- function(estimate, std.error, prior.sd = NULL, method = c("ml", "dl"), conf.level = 0.95) {
  method <- check_option(method, c("ml", "dl"), "method")
  conf.level <- check_probability(conf.level, "conf.level")
  groups <- if (is.null(names(estimate))) paste("group", seq_along(estimate)) else names(estimate)
  finite <- function(x) is.numeric(x) && length(x) > 1 && all(is.finite(x))
  if (!finite(estimate)) {
    abort_input(c("{.arg estimate} must be two or more finite numbers.", x = "It is {.val {estimate}}."),
      arg = "estimate", value = estimate)
  }
  if (!finite(std.error) || length(std.error) != length(estimate) || any(std.error <= 0)) {
    abort_input(c("{.arg std.error} must be a positive finite number for each effect.", x = "It is {.val {std.error}}."),
      arg = "std.error", value = std.error)
  }
  estimate <- as.double(unname(estimate))
  std.error <- as.double(unname(std.error))
  if (!is.null(prior.sd)) {
    prior.sd <- check_prior_sd(prior.sd)
    method <- "given"
  } else if (length(estimate) < 3) {
    abort_input(c("{.arg prior.sd} is missing: two effects cannot say how far true effects lie apart.",
      i = "Give several, such as {.code c(0.05, 0.1, 0.2)} for differences in proportion."), arg = "prior.sd")
  } else {
    prior.sd <- between_sd(estimate, std.error, method)
  }
  rows <- lapply(prior.sd, shrink_with, groups = groups, estimate = estimate, std.error = std.error,
    z = stats::qnorm((1 + conf.level) / 2))
  data.frame(do.call(rbind, rows), method = method)
}

check_prior_sd <- function(x, call = rlang::caller_env()) {
  if (!is.numeric(x) || length(x) == 0 || any(!is.finite(x)) || any(x < 0)) {
    abort_input(c("{.arg prior.sd} must be finite numbers of at least 0.", x = "It is {.val {x}}."),
      arg = "prior.sd", value = x, call = call)
  }
  as.double(x)
}

shrink_with <- function(tau, groups, estimate, std.error, z) {
  v <- std.error^2
  weight <- 1 / (v + tau^2)
  mean <- sum(weight * estimate) / sum(weight)
  b <- v / (v + tau^2)
  shrunken <- (1 - b) * estimate + b * mean
  error <- sqrt((1 - b) * v + b^2 / sum(weight))
  data.frame(
    group = groups, estimate = estimate, std.error = std.error, shrunken = shrunken, shrunken.error = error,
    conf.low = shrunken - z * error, conf.high = shrunken + z * error, weight = 1 - b, mean = mean, prior.sd = tau
  )
}

between_sd <- function(estimate, std.error, method) {
  v <- std.error^2
  if (method == "dl") {
    w <- 1 / v
    q <- sum(w * (estimate - sum(w * estimate) / sum(w))^2)
    return(sqrt(max(0, (q - length(v) + 1) / (sum(w) - sum(w^2) / sum(w)))))
  }
  # Twice the negative log-likelihood, the mean profiled out; it may have its minimum at 0.
  lost <- function(tau) {
    w <- 1 / (v + tau^2)
    sum(log(v + tau^2)) + sum(w * (estimate - sum(w * estimate) / sum(w))^2)
  }
  # Beyond the spread of the estimates the likelihood falls.
  grid <- seq(0, 2 * diff(range(estimate)) + 1e-12, length.out = 200)
  best <- which.min(vapply(grid, lost, 0))
  around <- grid[c(max(1, best - 1), min(200, best + 1))]
  found <- stats::optimize(lost, around, tol = 1e-10)
  if (found$objective < lost(0) - 1e-12) found$minimum else 0
}
