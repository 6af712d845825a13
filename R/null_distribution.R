#' The null distribution of a permutation test
#'
#' What the statistic would be if the groups were exchangeable: the list of its values with their
#' probabilities where the test is exact, the replicates where it is Monte Carlo, and a grid where
#' the sums were evaluated by their characteristic function. The bounds are certified of the test's p-value; what the grid
#' answers is near to it, within about a percent, and in tails beyond it 0.
#'
#' @param x A `her2_perm`.
#' @param null A `her2_null`.
#' @param q Values of the statistic, on the analysis scale (ratios as logarithms).
#' @param p Probabilities.
#' @param lower.tail Whether P(T* <= q), or P(T* >= q).
#' @return `null_distribution()` an object of class `her2_null`, which can be plotted with the
#'   observed value marked. `null_p()` gives probabilities (of a Monte Carlo test the share of
#'   replicates), `null_q()` the smallest value with P(T* <= value) >= p, `null_density()` the
#'   probability of single values, `null_support()` all values.
#' @section Errors: `her2mod_error_input` where `x` or `null` is none, `q` are no numbers or `p` no probabilities;
#'   `her2mod_error_data` where the statistic has no value in the data, or the test no p-value.
#' @examples
#' mouse <- data.frame(
#'   days = c(94, 197, 16, 38, 99, 141, 23, 52, 104, 146, 10, 50, 31, 40, 27, 46),
#'   arm = rep(c("treated", "control"), c(7, 9))
#' )
#' null <- null_distribution(perm_test(days ~ arm, mouse, "mean_difference"))
#' null_p(null, 30, lower.tail = FALSE)
#' null_q(null, c(0.025, 0.975))
#' @export
null_distribution <- function(x) {
  if (!inherits(x, "her2_perm")) {
    abort_input(c("{.arg x} must be a result of {.fn perm_test}.", x = "It is {.obj_type_friendly {x}}."), arg = "x")
  }
  if (is.nan(x$observed)) {
    abort_data("There is no null distribution: the {x$spec$title} has no value in these data.")
  }
  if (length(x$null$value) == 0 && is.na(x$p.value)) {
    abort_data(c("There is no null distribution.", x = "No p-value: {x$note}."))
  }
  structure(
    c(x$null, list(observed = x$observed, centre = x$centre, rounding = x$rounding,
      title = x$spec$title, alternative = x$alternative, scale = x$spec$scale, simulated = x$simulated,
      call = match.call()
    )),
    class = "her2_null"
  )
}

# --- makers: `value` increasing, `probability`; `kind` exact, grid or replicates ------------------

list_null <- function(value, probability, x1 = NULL) {
  if (is.unsorted(value, na.rm = TRUE)) {
    sorted <- order(value)
    value <- value[sorted]
    probability <- probability[sorted]
    x1 <- x1[sorted]
  }
  list(kind = "exact", value = value, probability = probability, x1 = x1)
}

sum_null <- function(found) {
  null <- list_null(found$value, found$probability)
  if (!found$exact) null$kind <- "grid"
  null
}

# Values that are equally likely; those that do not exist have their share too.
replicate_null <- function(replicates, kind = "replicates") {
  value <- sort(replicates)
  list(kind = kind, value = value, probability = rep(1 / length(replicates), length(value)))
}

# --- questions ------------------------------------------------------------------------------------

check_null <- function(null, call = rlang::caller_env()) {
  if (!inherits(null, "her2_null")) {
    abort_input(c(
      "{.arg null} must be a null distribution.", x = "It is {.obj_type_friendly {null}}.",
      i = "{.fn null_distribution} makes one."
    ), arg = "null", call = call)
  }
}

check_values <- function(q, call = rlang::caller_env()) {
  if (!is.numeric(q)) {
    abort_input(c("{.arg q} must be numbers.", x = "It is {.obj_type_friendly {q}}."), arg = "q", call = call)
  }
}

null_slack <- function(null) {
  scale <- max(abs(range(null$value[is.finite(null$value)])), 0)
  1e-9 * scale
}

#' @rdname null_distribution
#' @export
null_p <- function(null, q, lower.tail = TRUE) {
  check_null(null)
  check_values(q)
  check_flag(lower.tail, "lower.tail")
  slack <- null_slack(null)
  if (lower.tail) {
    total <- c(0, cumsum(null$probability))
    at <- findInterval(q + slack, null$value)
    return(pmin(1, total[at + 1]))
  }
  total <- c(rev(cumsum(rev(null$probability))), 0)
  at <- findInterval(q - slack, null$value, left.open = TRUE)
  pmin(1, total[at + 1])
}

#' @rdname null_distribution
#' @export
null_q <- function(null, p) {
  check_null(null)
  if (!is.numeric(p) || anyNA(p) || any(p < 0 | p > 1)) {
    abort_input("{.arg p} must be probabilities.", arg = "p")
  }
  total <- cumsum(null$probability)
  at <- findInterval(p * (1 - 1e-12), total, left.open = TRUE) + 1
  null$value[pmin(at, length(null$value))]
}

#' @rdname null_distribution
#' @export
null_density <- function(null, q) {
  check_null(null)
  check_values(q)
  slack <- null_slack(null)
  vapply(q, function(one) {
    if (is.na(one)) return(NA_real_)
    first <- findInterval(one - slack, null$value, left.open = TRUE) + 1
    last <- findInterval(one + slack, null$value)
    if (last >= first) sum(null$probability[first:last]) else 0
  }, 0)
}

#' @rdname null_distribution
#' @export
null_support <- function(null) {
  check_null(null)
  null$value[first_of_tied(null$value, null_slack(null))]
}

# Sorted values that differ by rounding are one.
first_of_tied <- function(value, slack) c(TRUE, diff(value) > slack)[seq_along(value)] %in% TRUE

null_kinds <- c(
  exact = "exact", grid = "on a grid, from its characteristic function", replicates = "Monte Carlo replicates"
)

#' @export
format.her2_null <- function(x, ...) {
  seen <- range(x$value)
  c(
    paste0("Null distribution: ", x$title, if (x$scale == "log") " (logarithm)", ", ", null_kinds[[x$kind]]),
    paste0(
      "  ", count_of(length(null_support(x)), "value"), " from ", format_number(seen[[1]]), " to ",
      format_number(seen[[2]]), "; observed ", format_number(x$observed)
    ),
    paste0(
      "  P(T* <= observed) ", format_p(null_p(x, x$observed)), ", P(T* >= observed) ",
      format_p(null_p(x, x$observed, lower.tail = FALSE))
    ),
    if (isTRUE(x$simulated)) paste0("  ", simulated_remark(TRUE))
  )
}

#' @export
print.her2_null <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @rdname null_distribution
#' @param ... Not used.
#' @details `tidy()` gives `value` and `probability`, `glance()` one row with the observed value and its probabilities.
#' @export
tidy.her2_null <- function(x, ...) {
  check_no_dots(...)
  data.frame(value = x$value, probability = x$probability)
}

#' @rdname null_distribution
#' @export
glance.her2_null <- function(x, ...) {
  check_no_dots(...)
  data.frame(
    kind = x$kind, values = length(null_support(x)), observed = x$observed, p.low = null_p(x, x$observed),
    p.high = null_p(x, x$observed, lower.tail = FALSE), alternative = x$alternative
  )
}

#' @export
as.data.frame.her2_null <- function(x, ...) tidy(x)

#' @export
summary.her2_null <- function(object, ...) object

# Probability in at most 60 cells of equal width: for a picture.
null_histogram <- function(null, cells = 60) {
  finite <- is.finite(null$value)
  if (!any(finite)) abort_data("There is nothing to draw: all values of the {null$title} are infinite.")
  value <- null$value[finite]
  first <- first_of_tied(value, null_slack(null))
  if (sum(first) <= cells) {
    values <- value[first]
    heights <- rowsum(null$probability[finite], cumsum(first))[, 1]
    width <- if (length(values) > 1) max(min(diff(values)), diff(range(values)) / 150) else 1
    return(data.frame(value = values, probability = heights, width = width))
  }
  edges <- seq(min(value), max(value), length.out = cells + 1)
  cell <- findInterval(value, edges, all.inside = TRUE)
  heights <- as.vector(tapply(null$probability[finite], factor(cell, seq_len(cells)), sum, default = 0))
  data.frame(value = (edges[-1] + edges[-length(edges)]) / 2, probability = heights, width = diff(edges)[[1]])
}

#' @export
plot.her2_null <- function(x, ...) {
  bars <- null_histogram(x)
  xlim <- range(bars$value - bars$width, bars$value + bars$width, x$observed[is.finite(x$observed)])
  graphics::plot(NULL,
    xlim = xlim, ylim = c(0, max(bars$probability)), main = "", ylab = "probability",
    xlab = paste0(x$title, if (x$scale == "log") " (logarithm)", ", groups exchangeable")
  )
  graphics::rect(bars$value - bars$width / 2, 0, bars$value + bars$width / 2, bars$probability,
    col = "#BBCCEE", border = "white"
  )
  graphics::abline(v = x$observed, lwd = 2, col = "#AA3377")
  graphics::mtext(paste("observed", format_number(x$observed)), at = x$observed, col = "#AA3377")
  invisible(x)
}
