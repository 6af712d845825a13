# What a `her2_bands` can do.

#' @export
format.her2_bands <- function(x, ...) {
  own <- x$critical
  key <- function(rows) paste(rows$term, rows$group)
  difference <- own$term == "survival_difference"
  c(
    paste0(
      "Simultaneous ", format_level(x), " bands (", x$type, ", ", x$scale, " scale",
      if (any(difference)) "; the difference plain", ") of ", x$survival$event
    ),
    format_columns(list(
      ifelse(difference, paste(own$group, "minus", x$survival$groups[[1]]), own$group),
      paste("from", format_number(own$from), "to", format_number(own$to)),
      paste("critical value", format_number(own$critical)),
      paste(tabulate(match(key(x$bands), key(own)), nrow(own)), "times")
    )),
    if (!is.null(x$p.value)) {
      paste0(
        "  the curves are one: largest difference ", format_number(x$statistic), " standard errors, p ",
        format_p(x$p.value), " (Monte Carlo ", format_interval(x$p.interval[[1]], x$p.interval[[2]]), ")"
      )
    },
    if (!is.null(x$R)) {
      paste0("  R = ", format(x$R, big.mark = ",", scientific = FALSE), ", seed ", format(x$seed, scientific = FALSE))
    },
    if (isTRUE(x$survival$simulated)) paste0("  ", simulated_remark(TRUE))
  )
}

#' @export
print.her2_bands <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @rdname survival_bands
#' @param ... Not used.
#' @export
tidy.her2_bands <- function(x, ...) x$bands

#' @rdname survival_bands
#' @export
glance.her2_bands <- function(x, ...) {
  cells <- x$survival$cells
  or_none <- function(value) if (is.null(value)) NA_real_ else value
  data.frame(
    type = x$type, scale = x$scale, n = sum(cells$n), events = sum(cells$x), statistic = or_none(x$statistic),
    p.value = or_none(x$p.value), R = or_none(x$R), seed = or_none(x$seed), conf.level = x$conf.level,
    n_dropped = x$survival$n_dropped
  )
}

#' @export
as.data.frame.her2_bands <- function(x, ...) tidy(x)
