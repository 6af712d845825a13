# What a `her2_perm` can do.

#' @export
format.her2_perm <- function(x, ...) {
  exact <- is.na(x$R)
  c(
    paste0(x$method, ": ", x$spec$title, ", ", format_direction(x$groups, x$spec$scale)),
    format_group_counts(x),
    paste0("  estimate ", format_effect(x$spec, x$statistic[[1]], decimals_for(abs(x$statistic[[1]])))),
    paste0(
      "  p ", format_p(x$p.value), ", ", alternative_words[[x$alternative]],
      if (!exact) {
        paste0(
          "; 95% Monte Carlo interval ", format_number(x$p.interval[[1]], 3), " to ",
          format_number(x$p.interval[[2]], 3)
        )
      }
    ),
    paste0(
      "  permuted within ", if (length(x$strata)) "strata" else "the whole sample", "; ",
      if (exact) {
        "exact null distribution, no Monte Carlo error"
      } else {
        paste0(
          x$exceeding, " of R = ", format(x$R, big.mark = ",", scientific = FALSE),
          " at least as extreme, seed ", format(x$seed, scientific = FALSE), "; ", format_failures(x$failures, x$R, "counted as extreme")
        )
      }
    )
  )
}

#' @export
print.her2_perm <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @rdname tidy-her2mod
#' @export
tidy.her2_perm <- function(x, ...) {
  data.frame(
    term = x$spec$name, estimate = x$statistic[[1]], std.error = NA_real_,
    statistic = x$statistic[[1]], p.value = x$p.value, conf.low = NA_real_, conf.high = NA_real_,
    method = x$method, alternative = x$alternative,
    p.low = x$p.interval[[1]], p.high = x$p.interval[[2]]
  )
}

#' @rdname tidy-her2mod
#' @export
glance.her2_perm <- function(x, ...) {
  data.frame(
    reference = x$groups[[1]], other = x$groups[[2]], n = sum(x$cells$n), events = sum(x$cells$x),
    strata = max(1L, length(x$strata)), R = x$R, seed = x$seed,
    undefined = if (is.null(x$failures)) NA_real_ else x$failures[["undefined"]],
    infinite = if (is.null(x$failures)) NA_real_ else x$failures[["infinite"]],
    n_dropped = x$n_dropped
  )
}

#' @export
as.data.frame.her2_perm <- function(x, ...) tidy(x)

#' @export
summary.her2_perm <- function(object, ...) object

#' @export
coef.her2_perm <- function(object, ...) stats::setNames(object$statistic[[1]], object$spec$name)
