# What adjustment for a binary covariate could have given, when a paper prints the margins only:
# the smallest and the largest adjusted difference over every joint table behind them.

#' Sharp bounds on a covariate-adjusted difference from margins
#'
#' A paper often prints how many patients of each group had the event, and how many carried a
#' covariate (hormone receptor status, say), but not both together. The adjusted difference then
#' cannot be computed, yet it can be enclosed: `adjustment_bounds()` looks at every joint table that
#' has these margins and returns the smallest and the largest adjusted difference among them. The
#' bounds are *sharp*: each is the value of a table that exists, and that table is returned.
#'
#' @section Measures:
#' With \eqn{x_{gk}} events of \eqn{n_{gk}} patients in group g (0 reference, 1 other) and stratum k
#' of the covariate, and \eqn{N_k = n_{0k} + n_{1k}}:
#'
#' * `mantel_haenszel`: the Mantel-Haenszel risk difference (\doi{10.2307/2530643})
#'   \deqn{\frac{\sum_k w_k (x_{1k}/n_{1k} - x_{0k}/n_{0k})}{\sum_k w_k}, \quad
#'     w_k = \frac{n_{1k} n_{0k}}{N_k}.}{sum w (x1/n1 - x0/n0) / sum w, w = n1 n0 / N.}
#'   A stratum that one of the groups lacks has weight 0 and contributes nothing.
#' * `standardised`: the difference standardised to the covariate mix of both groups together,
#'   \deqn{\sum_k \frac{N_k}{\sum_j N_j} (x_{1k}/n_{1k} -
#'     x_{0k}/n_{0k}).}{sum N/sum(N) (x1/n1 - x0/n0).}
#'   A table in which a group lacks a stratum that the other has leaves it undefined; such tables
#'   are counted and left out of the bounds.
#'
#' @section Conditions:
#' `"none"` admits every joint table. `"no_more_often"` admits those in which the covariate's
#' carriers have the event no more often than the others, *in either group*;
#' `"no_less_often"` those in which they have it no less often. A group without carriers, or with
#' carriers only, meets both.
#'
#' @section What the bounds do not say:
#' They are bounds on point estimates, not confidence intervals: sampling error comes on top. They
#' adjust for this covariate alone, as two classes. And not every table within the conditions need
#' be likely.
#'
#' @param x Counts of events in two groups, reference first; names become group names.
#' @param n Group sizes, in the order of `x`, or with its names.
#' @param z Counts of patients with the covariate, in the order of `x`, or with its names.
#' @param conditions Which joint tables to admit; one row of bounds each.
#' @param covariate What to call the covariate in the print and on the axis.
#' @return An object of class `her2_bounds`, a list: `bounds` (what [generics::tidy()] returns: one
#'   row a condition and measure, with `term`, `condition`, `lower`, `upper`, the number of `tables`
#'   admitted and of those `undefined`), `extremes` (the tables that attain the bounds:
#'   one row a group and stratum, with `x` of `n`), `crude` (the unadjusted difference, the same in
#'   every table), `counts` and `covariate`. All on the scale 0 to 1, other minus reference.
#' @section Errors:
#' `her2mod_error_input` for counts that are negative, not whole or above the group's size, and for
#' names that do not match.
#' @references
#' Greenland S, Robins JM (1985). Estimation of a common effect parameter from sparse follow-up
#' data. *Biometrics* 41(1):55-68. \doi{10.2307/2530643}
#' @seealso [e_value()] for a confounder of which nothing is known.
#' @examples
#' # Could hormone receptor status explain the gap in pCR? (doi:10.4143/crt.2024.1200)
#' adjustment_bounds(
#'   x = c("IHC 3+" = 211, "HER2-mod" = 19), n = c(458, 117), z = c(223, 89),
#'   conditions = c("none", "no_more_often"), covariate = "HR+"
#' )
#' @export
adjustment_bounds <- function(x, n, z, conditions = "none", covariate = "covariate") {
  counts <- check_margins(x, n, z)
  known <- names(bound_conditions)
  conditions <- unique(check_choice(conditions, known, "conditions", several = TRUE))
  if (!is.character(covariate) || length(covariate) != 1 || is.na(covariate)) {
    abort_input(c("{.arg covariate} must be one name.", x = "It is {.val {covariate}}."),
      arg = "covariate", value = covariate
    )
  }
  found <- lapply(conditions, function(condition) {
    lapply(names(bound_measures), bound_measure, counts = counts, condition = condition)
  })
  found <- unlist(found, recursive = FALSE)
  structure(
    list(
      bounds = do.call(rbind, lapply(found, `[[`, "bounds")),
      extremes = do.call(rbind, lapply(found, `[[`, "extremes")),
      crude = counts$x[[2]] / counts$n[[2]] - counts$x[[1]] / counts$n[[1]],
      counts = counts, covariate = covariate, call = match.call()
    ),
    class = "her2_bounds"
  )
}

check_margins <- function(x, n, z, call = rlang::caller_env()) {
  if (missing(z)) {
    abort_input("{.arg z} is missing: how many of each group have the covariate.",
      arg = "z", call = call
    )
  }
  counts <- check_counts(x, n, call)
  whole <- is.numeric(z) && length(z) == 2 && all(is.finite(z)) && all(z == floor(z) & z >= 0)
  if (!whole) {
    abort_input(c("{.arg z} must be two whole numbers of at least 0.", x = "It is {.val {z}}."),
      arg = "z", value = z, call = call
    )
  }
  if (!is.null(names(z))) {
    if (!setequal(names(z), counts$group)) {
      abort_input(c("{.arg z} must name the groups of {.arg x}.",
        x = "It names {.val {names(z)}}, {.arg x} {.val {counts$group}}."
      ), arg = "z", value = names(z), call = call)
    }
    z <- z[counts$group]
  }
  if (any(z > counts$n)) {
    abort_input(c("A group cannot have more carriers of the covariate than patients.",
      x = "{.arg z} is {.val {unname(z)}}, {.arg n} is {.val {counts$n}}."
    ), arg = "z", value = z, call = call)
  }
  counts$z <- as.double(unname(z))
  counts
}

# Whole-number comparisons of a/z with (x - a)/(n - z), so that equal rates are equal; `a` are the
# events among the carriers.
bound_conditions <- list(
  none = function(a, x, n, z) rep(TRUE, length(a)),
  no_more_often = function(a, x, n, z) a * (n - z) <= (x - a) * z,
  no_less_often = function(a, x, n, z) a * (n - z) >= (x - a) * z
)

# The weight of each stratum, from its sizes in the two groups; NULL where the measure is undefined.
bound_measures <- list(
  mantel_haenszel = function(n0, n1) {
    w <- ifelse(n0 + n1 > 0, n0 * n1 / (n0 + n1), 0)
    if (sum(w) > 0) w / sum(w)
  },
  standardised = function(n0, n1) {
    if (all((n0 > 0) == (n1 > 0))) (n0 + n1) / sum(n0 + n1)
  }
)

# Events among the carriers of one group, in every table that its margins and the condition allow.
admitted_events <- function(group, condition) {
  a <- seq(max(0, group$x + group$z - group$n), min(group$x, group$z))
  a[bound_conditions[[condition]](a, group$x, group$n, group$z)]
}

# A group's part of the adjusted difference for each number of events among its carriers. An empty
# stratum has weight 0 wherever the measure is defined.
weighted_risk <- function(a, group, weight) {
  part <- function(x, n, w) if (w > 0) w * x / n else 0 * x
  part(a, group$z, weight[[1]]) + part(group$x - a, group$n - group$z, weight[[2]])
}

# Given the margins, the tables of the two groups are free of each other and so are their parts of
# the difference: the extremes of all pairs of tables are pairs of extremes.
bound_measure <- function(measure, counts, condition) {
  groups <- split(counts, seq_len(2))
  a <- lapply(groups, admitted_events, condition = condition)
  tables <- prod(lengths(a))
  carriers <- counts$z
  others <- counts$n - counts$z
  weight <- bound_measures[[measure]](c(carriers[[1]], others[[1]]), c(carriers[[2]], others[[2]]))
  if (is.null(weight)) return(list(bounds = bound_row(measure, condition, NA, NA, tables, tables)))
  risk <- Map(weighted_risk, a, groups, list(weight))
  at <- list(
    lower = c(which.max(risk[[1]]), which.min(risk[[2]])),
    upper = c(which.min(risk[[1]]), which.max(risk[[2]]))
  )
  value <- vapply(at, function(i) risk[[2]][[i[[2]]]] - risk[[1]][[i[[1]]]], 0)
  extremes <- lapply(names(at), function(end) {
    events <- c(a[[1]][[at[[end]][[1]]]], a[[2]][[at[[end]][[2]]]])
    data.frame(
      term = measure, condition = condition, bound = end, value = value[[end]],
      group = rep(counts$group, each = 2), carrier = c(TRUE, FALSE),
      x = as.vector(rbind(events, counts$x - events)), n = as.vector(rbind(carriers, others))
    )
  })
  list(
    bounds = bound_row(measure, condition, value[["lower"]], value[["upper"]], tables, 0),
    extremes = do.call(rbind, extremes)
  )
}

bound_row <- function(measure, condition, lower, upper, tables, undefined) {
  data.frame(
    term = measure, condition = condition, lower = as.double(lower), upper = as.double(upper),
    tables = tables, undefined = undefined
  )
}

# --- Showing ------------------------------------------------------------------

bound_titles <- c(
  mantel_haenszel = "Mantel-Haenszel difference", standardised = "standardised difference"
)

condition_words <- function(condition, covariate) {
  words <- c(
    none = "any joint table",
    no_more_often = paste("events no more often with", covariate, "than without, in either group"),
    no_less_often = paste("events no less often with", covariate, "than without, in either group")
  )
  unname(words[condition])
}

#' @export
format.her2_bounds <- function(x, ...) {
  counts <- x$counts
  plain <- function(part) format(part, scientific = FALSE)
  of <- function(part) paste0(plain(part), "/", plain(counts$n))
  blocks <- lapply(unique(x$bounds$condition), function(condition) {
    rows <- x$bounds[x$bounds$condition == condition, ]
    range <- format_interval(rows$lower, rows$upper, format_fixed)
    range[rows$undefined > 0] <- "undefined in every table"
    words <- condition_words(condition, x$covariate)
    c(
      "", paste0(words, ": ", count_of(rows$tables[[1]], "table")),
      format_columns(list(bound_titles[rows$term], range))
    )
  })
  c(
    paste0("Adjusted difference within the margins: ", format_direction(counts$group, "identity")),
    format_columns(list(
      counts$group, paste("events", of(counts$x)), paste(x$covariate, of(counts$z))
    )),
    paste0("  unadjusted difference ", format_fixed(x$crude)),
    unlist(blocks), "",
    "Bounds on the point estimate, not a confidence interval; adjusted for this covariate alone."
  )
}

#' @export
print.her2_bounds <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @export
tidy.her2_bounds <- function(x, ...) x$bounds

#' @export
as.data.frame.her2_bounds <- function(x, ...) x$bounds

#' @export
glance.her2_bounds <- function(x, ...) {
  data.frame(
    reference = x$counts$group[[1]], other = x$counts$group[[2]], crude = x$crude,
    covariate = x$covariate, tables = max(x$bounds$tables)
  )
}
