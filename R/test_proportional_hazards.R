#' Are hazards proportional?
#'
#' Tests of whether the hazard ratios of a Cox model change with time: the score test of the coefficient of
#' x g(t), term by term and of all together, as `cox.zph()` of package survival (version 3 and later) does it.
#'
#' g is `"km"`: 1 - S(t-), with the Kaplan-Meier curve of all patients; `"identity"`: t; `"rank"`: the rank of t
#' among all times; `"log"`: the logarithm of t, for which no time may be 0. A factor or an interaction is one
#' term, with as many degrees of freedom as it has coefficients.
#'
#' The scaled Schoenfeld residuals b + d V r, with d the deaths, V the variance of the estimates and r the
#' Schoenfeld residuals of a death, are about the coefficient at its time (Grambsch and Therneau 1994). With
#' robust variances, V is still the inverse of the information.
#'
#' @param fit A [cox_regression()] without penalty, all of whose estimates are finite or `NA` (then left out).
#' @param transform g: `"km"`, `"identity"`, `"rank"` or `"log"`.
#' @return An object of class `her2_zph`. `tidy()` has a row for each term, and one `global`: columns `term`
#'   (`"test"`), `method`, `group`, `time` (`NA`), `estimate`, `std.error`, `conf.low`, `conf.high` (all `NA`),
#'   `statistic` (chi-squared), `df`, `p.value`. `as.data.frame()` gives the scaled residuals: `group`, `time`,
#'   `transformed` time, `residual`, its `variance` under
#'   the model, `weight`. `autoplot()` draws them, each coefficient in a panel, with a smooth
#'   (a natural cubic spline with 4 degrees of freedom) and its pointwise band under proportional hazards.
#' @section Errors: `her2mod_error_input` where `fit` is not of [cox_regression()], or has Firth's penalty;
#'   `her2mod_error_data` where an estimate is infinite, or all are `NA`, and where `"log"` meets a time of 0.
#' @references
#' Grambsch PM, Therneau TM (1994), \doi{10.1093/biomet/81.3.515}. Schoenfeld D (1982),
#' \doi{10.1093/biomet/69.1.239}.
#' @examples
#' fit <- cox_regression(Surv(futime, fustat) ~ age + ecog.ps, survival::ovarian)
#' test_proportional_hazards(fit)
#' @export
test_proportional_hazards <- function(fit, transform = c("km", "identity", "rank", "log")) {
  if (!inherits(fit, "her2_cox")) {
    abort_input(c("{.arg fit} must be made by {.fn cox_regression}.", x = "It is {.obj_type_friendly {fit}}."),
      arg = "fit"
    )
  }
  transform <- check_option(transform, c("km", "identity", "rank", "log"), "transform")
  refuse_zph(fit)
  given <- keep_covariates(fit$given, !is.na(fit$coefficients))
  g <- transform_times(given, transform)
  options <- cox_options(given, fit$ties, fit$penalty)
  core <- call_core(cpp_cox_zph(given$rows, options, centred_at_events(g, given)))
  residuals <- cpp_cox_residuals(given$rows, options)
  structure(list(
    tests = zph_tests(core, given$term), transform = transform, given = given,
    residuals = scaled_schoenfeld(residuals, core$plain, fit, given, g),
    estimates = fit$coefficients[given$names], conf.level = fit$conf.level, call = match.call()
  ), class = "her2_zph")
}

refuse_zph <- function(fit, call = rlang::caller_env()) {
  if (fit$penalty != "none") {
    abort_input("Proportional hazards are tested without Firth's penalty.", arg = "fit", call = call)
  }
  if (fit$end == "infinite" || all(is.na(fit$coefficients)) || fit$end == "unsettled") {
    abort_data("The model has no finite estimate, so its hazard ratio cannot be followed over time.",
      arg = "fit", call = call
    )
  }
}

keep_covariates <- function(given, keep) {
  given$rows$covariates <- given$rows$covariates[keep]
  for (of in c("names", "term", "meaning")) given[[of]] <- given[[of]][keep]
  given
}

# How many patients a row stands for; sampling weights count rows, as survival does it.
copies_of <- function(given) {
  w <- given$rows$frequency
  if (is.null(w) || !given$whole) rep(1, length(given$rows$time)) else w
}

transform_times <- function(given, transform, call = rlang::caller_env()) {
  time <- given$rows$time
  if (transform == "log" && min(time) <= 0) {
    abort_data("A time of 0 has no logarithm.", i = "Choose another {.arg transform}.", arg = "transform", call = call)
  }
  copies <- copies_of(given)
  switch(transform, identity = time, log = log(time), rank = mid_ranks(time, copies), km = died_before(given, copies))
}

# rank(rep(time, copies)), once a row.
mid_ranks <- function(time, copies) {
  at <- sort(unique(time))
  tied <- as.double(rowsum(copies, match(time, at), reorder = TRUE))
  (cumsum(tied) - (tied - 1) / 2)[match(time, at)]
}

# 1 - S(t-), strata together.
died_before <- function(given, copies) {
  time <- given$rows$time
  at <- sort(unique(time))
  total <- function(values, from) {
    sums <- numeric(length(at))
    sums[sort(unique(from))] <- rowsum(values, from, reorder = TRUE)
    sums
  }
  place <- match(time, at)
  at_risk <- rev(cumsum(rev(total(copies, place))))
  if (!is.null(given$rows$entry)) {
    # Not yet at risk at the times up to the entry.
    up_to <- findInterval(given$rows$entry, at)
    late <- up_to > 0
    if (any(late)) at_risk <- at_risk - rev(cumsum(rev(total(copies[late], up_to[late]))))
  }
  dead <- total(copies * given$rows$event, place)
  survival <- cumprod(1 - ifelse(dead > 0, dead / at_risk, 0))
  (1 - c(1, survival[-length(survival)]))[place]
}

# Shifts of g change no test, but large ones its digits.
centred_at_events <- function(g, given) g - stats::weighted.mean(g, copies_of(given) * given$rows$event)

zph_tests <- function(core, term) {
  terms <- unique(term)
  all <- seq_along(core$score)
  one <- function(columns) {
    information <- rbind(
      cbind(core$plain, core$once[, columns, drop = FALSE]),
      cbind(core$once[columns, , drop = FALSE], core$twice[columns, columns, drop = FALSE])
    )
    u <- c(numeric(length(all)), core$score[columns])
    drop(u %*% solve_scaled(information, u))
  }
  parts <- c(lapply(terms, function(t) which(term == t)), list(all))
  statistic <- vapply(parts, one, 0)
  df <- lengths(parts)
  data.frame(group = c(terms, "global"), statistic = statistic, df = as.double(df),
    p.value = stats::pchisq(statistic, df, lower.tail = FALSE)
  )
}

# Covariates of very different units make an ill-conditioned matrix of a good one. A coefficient whose g does
# not vary where it matters leaves it singular: NA.
solve_scaled <- function(matrix, right) {
  d <- sqrt(diag(matrix))
  solved <- tryCatch(solve(matrix / tcrossprod(d), right / d), error = function(e) right * NA)
  solved / d
}

# A row for each coefficient and death. `variance` is that of a scaled residual under the model.
scaled_schoenfeld <- function(core, information, fit, given, g) {
  row <- core$death + 1L
  weight <- weights_of(given)[row]
  scaled <- sum(weight) * t(solve_scaled(information, t(core$schoenfeld)))
  variance <- sum(weight) * diag(solve_scaled(information, diag(nrow(information))))
  b <- fit$coefficients[given$names]
  of_each <- function(x) rep(unname(x), each = length(row))
  data.frame(
    group = factor(of_each(given$names), given$names), time = rep(given$rows$time[row], length(b)),
    transformed = rep(g[row], length(b)), residual = as.double(scaled) + of_each(b),
    variance = of_each(variance), weight = rep(weight, length(b))
  )
}

weights_of <- function(given) {
  if (is.null(given$rows$frequency)) rep(1, length(given$rows$time)) else given$rows$frequency
}

#' @export
format.her2_zph <- function(x, ...) {
  tests <- x$tests
  c(
    "Proportional hazards: score tests of a change of hazard ratios with time",
    paste0("  ", format_cox_counts(x$given)),
    paste0("  against ", zph_titles[[x$transform]]),
    "",
    format_columns(list(
      c("", tests$group), c("chi-squared", format_number(tests$statistic)), c("df", format(tests$df)),
      c("p", ifelse(is.na(tests$p.value), "NA", format_p(tests$p.value)))
    ))
  )
}

zph_titles <- c(
  km = "1 - Kaplan-Meier (transform \"km\")", identity = "time (transform \"identity\")",
  rank = "the rank of time (transform \"rank\")", log = "the logarithm of time (transform \"log\")"
)

#' @export
print.her2_zph <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @rdname test_proportional_hazards
#' @param x A `her2_zph`.
#' @param ... Not used.
#' @export
tidy.her2_zph <- function(x, ...) {
  data.frame(
    term = "test", method = paste0("zph-", x$transform), group = x$tests$group, time = NA_real_,
    estimate = NA_real_, std.error = NA_real_, conf.low = NA_real_, conf.high = NA_real_,
    statistic = x$tests$statistic, df = x$tests$df, p.value = x$tests$p.value,
    alternative = "two.sided"
  )
}

#' @rdname test_proportional_hazards
#' @export
glance.her2_zph <- function(x, ...) {
  all <- x$tests[x$tests$group == "global", ]
  data.frame(
    transform = x$transform, statistic = all$statistic, df = all$df, p.value = all$p.value, n = x$given$n,
    events = x$given$events, n_dropped = x$given$n_dropped
  )
}

#' @export
as.data.frame.her2_zph <- function(x, ...) x$residuals

#' @export
summary.her2_zph <- function(object, ...) object
