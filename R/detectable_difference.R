# The exact power of a test of two proportions, and the difference it can detect.

#' Exact power, and the detectable difference, of a test of two proportions
#'
#' `exact_power()` adds up the probabilities of every pair of counts that the test rejects.
#' `detectable_difference()` finds the true proportion nearest to `p0`, below and above it, from
#' which on the test has the asked-for power: what a study of this size could have seen.
#'
#' @details
#' For true proportions \eqn{p_0} (reference) and \eqn{p_1} and group sizes \eqn{n_0}, \eqn{n_1},
#' \deqn{power = \sum_{x_0, x_1} \Pr(x_0; n_0, p_0) \Pr(x_1; n_1, p_1)
#'   1\{p(x_0, x_1) < \alpha\}}{power = sum of Pr(x0) Pr(x1) over the tables with p(x0, x1) < alpha}
#' with binomial probabilities and the two-sided p-value of the named test, whichever way the
#' difference points. A table without a p-value (`NA`) is not a rejection. There is no Monte Carlo
#' and no normal approximation in the sum.
#'
#' As a function of \eqn{p_1} the power need not rise steadily. The detectable proportion is the
#' one nearest to `p0` where it first reaches `power`, looked for on a grid of 1/2000 and then by
#' [stats::uniroot()] to 1e-9.
#'
#' A detectable difference describes the design. It is not evidence about this study's result, for
#' which the confidence interval speaks.
#'
#' @param n The sizes of the two groups, reference first; names become group names.
#' @param p0 The true proportion in the reference group.
#' @param p1 The true proportion in the other group; several are allowed.
#' @param power The power asked for.
#' @param alpha The two-sided level: p < `alpha` rejects.
#' @param test The name of a test, one of those of [compare_proportions()].
#' @return `exact_power()`: the power, one number for each `p1`. `detectable_difference()`: a data
#'   frame of class `her2_detectable`, one row a side (`below`, `above`), with `p0`, `p1` (`NA`
#'   where not even 0 or 1 gives the power), `difference` (`p1 - p0`), `power` reached there, `size`
#'   (the rejection probability at `p1 = p0`), `test`, `alpha`, `n0` and `n1`. Proportions are on the
#'   scale 0 to 1.
#' @section Errors:
#' `her2mod_error_input` for arguments out of range; `her2mod_error_data` when the tables are too
#' many to look at: more than 20,000 for Barnard's and Boschloo's tests, 4 million for the others.
#' @references
#' Lydersen S, Fagerland MW, Laake P (2009). Recommended tests for association in 2 x 2 tables.
#' *Statistics in Medicine* 28(7):1159-1175. \doi{10.1002/sim.3531}
#' @seealso [compare_proportions()] for the tests.
#' @examples
#' # 49 patients on single and 68 on dual therapy (doi:10.4143/crt.2024.1200)
#' detectable_difference(c(single = 49, dual = 68), p0 = 6 / 49)
#' exact_power(c(49, 68), p0 = 6 / 49, p1 = c(0.2, 0.3, 0.4))
#' @export
detectable_difference <- function(n, p0, power = 0.8, alpha = 0.05, test = "fisher-midp") {
  design <- check_design(n, p0, alpha, test)
  power <- check_probability(power, "power")
  rejected <- rejection_by_count(design)
  p1 <- vapply(c(0, 1), detectable_proportion, 0,
    rejected = rejected, p0 = design$p0, power = power
  )
  structure(
    data.frame(
      side = c("below", "above"), p0 = design$p0, p1 = p1, difference = p1 - design$p0,
      power = power_at(rejected, p1), size = power_at(rejected, design$p0),
      test = design$test, alpha = design$alpha, n0 = design$n[[1]], n1 = design$n[[2]]
    ),
    class = c("her2_detectable", "data.frame"), groups = design$groups, asked = power,
    call = match.call()
  )
}

#' @rdname detectable_difference
#' @export
exact_power <- function(n, p0, p1, alpha = 0.05, test = "fisher-midp") {
  design <- check_design(n, p0, alpha, test)
  if (!is.numeric(p1) || anyNA(p1) || any(p1 < 0 | p1 > 1)) {
    abort_input(c("{.arg p1} must be proportions between 0 and 1.", x = "It is {.val {p1}}."),
      arg = "p1", value = p1
    )
  }
  power_at(rejection_by_count(design), as.double(p1))
}

# Tables that a test can judge within about ten seconds (measured with 50 patients a group).
most_power_tables <- c(quick = 4e6, slow = 2e4)

check_design <- function(n, p0, alpha, test, call = rlang::caller_env()) {
  if (!is.numeric(n) || length(n) != 2) {
    abort_input(c("{.arg n} must be two whole numbers, reference first.", x = "It is {.val {n}}."),
      arg = "n", value = n, call = call
    )
  }
  for (one in n) check_count(one, "n", min = 1, call = call)
  p0 <- check_probability(p0, "p0", open = FALSE, call = call)
  alpha <- check_probability(alpha, "alpha", call = call)
  test <- check_choice(test, proportion_test_methods(), "test", call = call)
  limit <- most_power_tables[[if (test %in% slow_tests()) "slow" else "quick"]]
  if (prod(n + 1) > limit) {
    abort_data(c(
      "The {.val {test}} test has too many tables to look at: {count_of(prod(n + 1), 'table')}.",
      x = "The limit is {count_of(limit, 'table')}.",
      i = if (test %in% slow_tests()) "{.val fisher-midp} is close to it and quicker."
    ), size = prod(n + 1), limit = limit, call = call)
  }
  groups <- if (is.null(names(n))) c("reference", "other") else names(n)
  list(n = as.double(unname(n)), p0 = p0, alpha = alpha, test = test, groups = groups)
}

# The probability, over the reference group's counts, that the test rejects given each count of the
# other group: all that the power needs to know, as p0 is fixed.
rejection_by_count <- function(design) {
  x0 <- 0:design$n[[1]]
  x1 <- 0:design$n[[2]]
  p <- proportion_test_p_values(
    rep(x0, times = length(x1)), design$n[[1]], rep(x1, each = length(x0)), design$n[[2]],
    methods = design$test
  )
  rejects <- matrix(!is.na(p) & p < design$alpha, length(x0))
  drop(stats::dbinom(x0, design$n[[1]], design$p0) %*% rejects)
}

power_at <- function(rejected, p1) {
  size <- length(rejected) - 1
  vapply(p1, function(p) sum(stats::dbinom(0:size, size, p) * rejected), 0)
}

# From p0 to `end` (0 or 1): the first place where the power is reached.
detectable_proportion <- function(end, rejected, p0, power) {
  if (p0 == end) return(NA_real_)
  steps <- ceiling(2000 * abs(end - p0)) + 1
  grid <- seq(p0, end, length.out = max(steps, 2))
  reached <- which(power_at(rejected, grid) >= power)
  if (length(reached) == 0) return(NA_real_)
  first <- reached[[1]]
  if (first == 1) return(p0)
  missing_power <- function(p) power_at(rejected, p) - power
  bracket <- sort(grid[first - 1:0])
  stats::uniroot(missing_power, bracket, tol = 1e-9)$root
}

#' @export
format.her2_detectable <- function(x, ...) {
  groups <- attr(x, "groups")
  if (is.null(groups) || nrow(x) != 2) return(format(as_plain(x), ...))
  asked <- format_percent(attr(x, "asked"), 0)
  line <- function(row) {
    if (is.na(row$p1)) return(paste0("  ", row$side, ": ", asked, " power is not reached"))
    paste0(
      "  ", row$side, ": ", groups[[2]], " ", format_percent(row$p1), ", a difference of ",
      format_fixed(100 * row$difference, 1), " percentage points"
    )
  }
  c(
    paste0("Detectable with ", asked, " power: ", groups[[2]], " minus ", groups[[1]]),
    paste0(
      "  ", x$n1[[1]], " against ", x$n0[[1]], " patients, ", groups[[1]], " at ",
      format_percent(x$p0[[1]]), ", ", x$test[[1]], " p < ", format(x$alpha[[1]])
    ),
    line(x[1, ]), line(x[2, ]),
    paste0("  exact rejection probability without a difference: ", format_percent(x$size[[1]], 2))
  )
}

#' @export
print.her2_detectable <- function(x, ...) {
  if (is.null(attr(x, "groups"))) print(as_plain(x), ...) else writeLines(format(x, ...))
  invisible(x)
}

#' @export
`[.her2_detectable` <- function(x, ...) as_plain(NextMethod())

#' @export
as.data.frame.her2_detectable <- function(x, ...) as_plain(x)

#' @export
tidy.her2_detectable <- function(x, ...) as_plain(x)

#' @export
glance.her2_detectable <- function(x, ...) {
  as_plain(x)[1, c("n0", "n1", "p0", "test", "alpha", "size")]
}
