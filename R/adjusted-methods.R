# What a `her2_adjusted` can do beside what a `her2_boot` does.

#' @export
format.her2_adjusted <- function(x, ...) {
  lines <- NextMethod()
  x$groups <- spoken_levels(x$groups, x$group_name)
  survival <- x$endpoint == "survival"
  show <- if (survival) format_number else format_percent
  sections <- c(
    paste0("  ", format_adjusted_estimand(x$statistic, x$groups)),
    paste0(
      "  adjusted ", if (survival) "means: " else "risks: ", paste(x$groups, show(x$means), collapse = ", "),
      "; without adjustment the effect is ", format_effect(x$statistic, x$crude)
    ),
    format_weighting(x),
    format_balance(x)
  )
  append(lines, sections, after = 1)
}

format_weighting <- function(x) {
  if (anyNA(x$propensity)) return("  the covariates separate the groups: no propensities, no weights")
  range <- paste0("fitted chance of ", x$groups[[2]], ": ",
    format_interval(min(x$propensity), max(x$propensity), format_number))
  if (x$statistic$estimator == "g_computation") return(paste0("  ", range))
  w <- x$weighting
  c(
    paste0("  ", range),
    paste0(
      "  weights: effective n ", paste(w$group, format_number(w$effective.n, 3), "of", w$n, collapse = ", "),
      "; largest over mean ", paste(format_number(w$max.weight, 3), collapse = ", ")
    )
  )
}

format_balance <- function(x) {
  worst <- function(d) {
    known <- which(!is.na(d))
    if (length(known) == 0) return("unknown")
    j <- known[[which.max(abs(d[known]))]]
    paste0(format_fixed(abs(d[[j]]), 3), " (", x$balance$covariate[[j]], ")")
  }
  after <- if (x$statistic$estimator == "g_computation") "under inverse probability weights" else "after weighting"
  paste0(
    "  largest standardised difference: before ", worst(x$balance$difference.before), ", ", after, " ",
    worst(x$balance$difference.after)
  )
}

#' @rdname adjusted_effect
#' @details
#' `tidy()` has the columns of a `her2_boot`'s, and `estimator`, `population`, `mean.reference`, `mean.other` (the
#' adjusted risks or means) and `crude`. `glance()` adds the ranges of propensities and weights.
#' @export
tidy.her2_adjusted <- function(x, ...) {
  rows <- NextMethod()
  rows$estimator <- x$statistic$estimator
  rows$population <- if (x$statistic$estimator == "overlap") "overlap" else x$statistic$target
  rows$mean.reference <- x$means[[1]]
  rows$mean.other <- x$means[[2]]
  rows$crude <- x$crude
  rows
}

#' @rdname adjusted_effect
#' @export
glance.her2_adjusted <- function(x, ...) {
  row <- NextMethod()
  row$propensity.min <- min(x$propensity)
  row$propensity.max <- max(x$propensity)
  row$max.weight <- max(x$weighting$max.weight)
  row$effective.n.reference <- x$weighting$effective.n[[1]]
  row$effective.n.other <- x$weighting$effective.n[[2]]
  row$worst.before <- max(abs(x$balance$difference.before))
  row$worst.after <- max(abs(x$balance$difference.after))
  row
}
