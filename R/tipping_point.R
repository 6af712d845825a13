# What missing outcomes would have to be to change the conclusion about two proportions: every way in which they
# could have turned out is a table, and every table has a p-value.

#' Tipping points of two proportions with missing outcomes
#'
#' Some patients' outcomes are missing: nobody re-tested them, or follow-up was lost. `tipping_point()` asks of every
#' number of events that they could have had, in either group, what the test would then say, and how far from the
#' observed rates they would have to be for the conclusion to change.
#'
#' @details
#' With \eqn{x_g} events of \eqn{n_g} observed patients and \eqn{u_g} missing ones, the table of
#' \eqn{x_g + m_g} events of \eqn{n_g + u_g} patients is tested for all \eqn{m_0 = 0..u_0},
#' \eqn{m_1 = 0..u_1}. The conclusion is one of three: no difference shown (p of at least `alpha`, or no p), more events
#' in the other group, or more in the reference. It changes where it is not that of the observed patients alone.
#'
#' *Same rate* is the table in which the missing have their group's observed rate,
#' \eqn{m_g = u_g x_g/n_g} rounded (halves up): what one gets if they are missing at random within groups. The other
#' rows say how many events more or fewer than that, in both groups together (`"nearest"`) or in one while the other has
#' its own rate (`"fewer"`, `"more"`), lead to another conclusion than same rate does. Whether that is
#' plausible is a clinical question; the share of tables that change the conclusion is no probability.
#'
#' @param x Counts of events among the observed, reference first; names become group names. Or a formula such as
#'   `lost ~ her2`: rows whose response is missing are the missing outcomes.
#' @param n Numbers of patients observed, in the order of `x`, or with its names.
#' @param missing Numbers of patients whose outcome is missing, likewise.
#' @param data,subset,weights,ref As in [compare_proportions()].
#' @param alpha The two-sided level: p < `alpha` shows a difference.
#' @param test The name of a test, one of those of [compare_proportions()].
#' @param ... Not used.
#' @return An object of class `her2_tipping`. [generics::tidy()] gives one row a question (`what`), with `m0`, `m1` (events
#'   among the missing, reference and other), `change` (in how many outcomes that differs from same rate), `estimate`
#'   (risk difference, other minus reference), `p.value`, `conclusion`, `changes`; `NA` where nothing changes the
#'   conclusion. `tidy(x, "grid")` gives every table, `tidy(x, "boundary")` for every `m0` the ranges of `m1` with
#'   one conclusion.
#' @section Errors:
#' `her2mod_error_input` for counts that are not whole numbers of at least 0, events above patients, and names that do not
#' match; `her2mod_error_data` for more than 4 million tables (20,000 for Barnard's and Boschloo's tests).
#' @seealso [her2_shift()]; [adjustment_bounds()] and [e_value()] for confounding.
#' @examples
#' # HER2 loss after therapy (doi:10.1097/MD.0000000000034903); the missing are made up
#' tipping_point(c(single = 11, dual = 21), n = c(125, 119), missing = c(12, 15))
#' @export
tipping_point <- function(x, ...) UseMethod("tipping_point")

#' @rdname tipping_point
#' @export
tipping_point.default <- function(x, n, missing, ref = NULL, alpha = 0.05, test = "fisher", ...) {
  check_no_dots(...)
  counts <- check_counts(x, n)
  counts$missing <- check_missing_counts(missing, counts$group)
  counts <- counts[match(put_first(counts$group, ref), counts$group), ]
  new_tipping(counts, alpha, test, list(event = "events", missing = "missing"),
    call = generic_call(match.call(), "tipping_point")
  )
}

#' @rdname tipping_point
#' @export
tipping_point.formula <- function(x, data = NULL, subset = NULL, weights = NULL, ref = NULL, alpha = 0.05,
                                  test = "fisher", ...) {
  check_no_dots(...)
  quoted <- list(subset = substitute(subset), weights = substitute(weights))
  columns <- model_columns(x, data, quoted, NULL)
  if (!is.null(columns$strata) || is.matrix(columns$response)) {
    abort_input(c("{.arg x} must be like {.code lost ~ her2}, one row a patient.",
      i = "Counts go in by {.code tipping_point(x, n, missing)}."
    ), arg = "x")
  }
  known <- !is.na(columns$group) & (if (is.null(columns$weights)) TRUE else !is.na(columns$weights))
  if (!any(known)) abort_data("No rows are left: {.field {columns$group_name}} is missing everywhere.")
  groups <- read_groups(columns$group[known], columns$group_name, ref)
  weights <- read_frequencies(columns$weights[known])
  if (is.null(weights)) weights <- rep(1, sum(known))
  response <- columns$response[known]
  observed <- !is.na(response)
  read <- read_binary(response[observed], columns$response_name)
  total <- function(value, rows) {
    as.vector(tapply(value, factor(groups$code[rows], 0:1), sum, default = 0))
  }
  counts <- data.frame(
    group = groups$levels, x = total(read$value * weights[observed], observed), n = total(weights[observed], observed),
    missing = total(weights[!observed], !observed)
  )
  if (any(counts$n == 0)) abort_data("Group {.val {counts$group[counts$n == 0]}} has no observed outcome.")
  new_tipping(counts, alpha, test, list(event = paste0("events (", read$label, ")"), missing = "missing"),
    n_dropped = sum(!known), simulated = is_simulated(data),
    call = generic_call(match.call(), "tipping_point")
  )
}

check_missing_counts <- function(missing, groups, arg = "missing", call = rlang::caller_env()) {
  if (!is.numeric(missing) || length(missing) != length(groups) || any(!is.finite(missing)) || any(missing < 0) ||
    any(missing != floor(missing))) {
    abort_input(c("{.arg {arg}} must be {length(groups)} whole number{?s} of at least 0, one a group.",
      x = "It is {.val {missing}}."
    ), arg = arg, value = missing, call = call)
  }
  if (is.null(names(missing))) return(as.double(missing))
  if (!setequal(names(missing), groups)) {
    abort_input(c("{.arg {arg}} must name the same groups.",
      x = "They are {.val {groups}}, and it names {.val {names(missing)}}."
    ), arg = arg, value = missing, call = call)
  }
  as.double(missing[groups])
}

# The most tables whose p-values take some seconds.
most_tipping_tables <- function(test) if (test %in% slow_tests()) 2e4 else 4e6

# `counts`: group, x, n, missing; the reference first. `words`: what events and missing outcomes are called.
new_tipping <- function(counts, alpha, test, words, n_dropped = 0, simulated = FALSE, call = NULL,
                        error_call = rlang::caller_env()) {
  alpha <- check_probability(alpha, "alpha", call = error_call)
  test <- check_choice(test, proportion_test_methods(), "test", call = error_call)
  tables <- prod(counts$missing + 1)
  if (tables > most_tipping_tables(test)) {
    abort_data(c("There are too many ways in which the missing could have turned out.",
      x = "They are {format(tables, big.mark = ',')} tables; {.val {test}} can test
        {format(most_tipping_tables(test), big.mark = ',')}.",
      i = if (test %in% slow_tests()) "{.code test = \"fisher\"} is quicker."
    ), call = error_call)
  }
  rownames(counts) <- NULL
  x <- list(
    counts = counts, alpha = alpha, test = test, words = words, n_dropped = n_dropped, simulated = simulated, call = call
  )
  x$observed <- tipping_cells(x, 0, 0, observed_only = TRUE)
  ways <- expand.grid(m0 = seq(0, counts$missing[[1]]), m1 = seq(0, counts$missing[[2]]))
  x$grid <- tipping_cells(x, ways$m0, ways$m1)
  x$grid$changes <- x$grid$conclusion != x$observed$conclusion
  x$same_rate <- floor(counts$missing * counts$x / counts$n + 0.5)
  x$points <- tipping_points(x)
  structure(x, class = "her2_tipping")
}

conclusions_of <- function(groups) c("no difference shown", paste("more in", rev(groups)))

# p-value, difference and conclusion with m0 and m1 events among the missing.
tipping_cells <- function(x, m0, m1, observed_only = FALSE) {
  counts <- x$counts
  n <- counts$n + if (observed_only) 0 else counts$missing
  x0 <- counts$x[[1]] + m0
  x1 <- counts$x[[2]] + m1
  p <- as.vector(proportion_test_p_values(x0, n[[1]], x1, n[[2]], x$test))
  difference <- x1 / n[[2]] - x0 / n[[1]]
  shown <- !is.na(p) & p < x$alpha
  labels <- conclusions_of(counts$group)
  data.frame(
    m0 = m0, m1 = m1, estimate = difference, p.value = p,
    conclusion = factor(ifelse(!shown, labels[[1]], ifelse(difference > 0, labels[[2]], labels[[3]])), labels)
  )
}

# --- the rows of tidy() -------------------------------------------------------------------------------------

tipping_points <- function(x) {
  grid <- x$grid
  same <- x$same_rate
  groups <- x$counts$group
  distance <- abs(grid$m0 - same[[1]]) + abs(grid$m1 - same[[2]])
  row <- function(what, group, at) {
    found <- if (length(at)) grid[at[[1]], ] else grid[NA_integer_, ]
    data.frame(what = what, group = group, found[c("m0", "m1")],
      change = if (length(at)) distance[[at[[1]]]] else NA_real_,
      found[c("estimate", "p.value", "conclusion", "changes")]
    )
  }
  at_same <- lapply(1:2, function(g) grid[[c("m0", "m1")[[g]]]] == same[[g]])
  start <- which(at_same[[1]] & at_same[[2]])
  # Those nearest to same rate that fulfil `of` and conclude otherwise; the first is shown.
  nearest <- function(of) {
    at <- which(of & grid$conclusion != grid$conclusion[[start]])
    at[distance[at] == min(c(distance[at], Inf))]
  }
  one_group <- lapply(1:2, function(g) {
    m <- grid[[c("m0", "m1")[[g]]]]
    rbind(
      row("fewer", groups[[g]], nearest(at_same[[3 - g]] & m < same[[g]])),
      row("more", groups[[g]], nearest(at_same[[3 - g]] & m > same[[g]]))
    )
  })
  most <- x$counts$missing
  rows <- rbind(
    row("same rate", NA, start),
    row("least difference", NA, which(grid$m0 == most[[1]] & grid$m1 == 0)),
    row("greatest difference", NA, which(grid$m0 == 0 & grid$m1 == most[[2]])),
    row("nearest", NA, nearest(TRUE)), do.call(rbind, one_group)
  )
  rownames(rows) <- NULL
  rows
}

# For each m0 the ranges of m1 with one conclusion.
tipping_boundary <- function(x) {
  pieces <- lapply(split(x$grid, x$grid$m0), function(column) {
    runs <- rle(as.integer(column$conclusion))
    last <- cumsum(runs$lengths)
    data.frame(
      m0 = column$m0[[1]], from = column$m1[last - runs$lengths + 1], to = column$m1[last],
      conclusion = column$conclusion[last], changes = column$changes[last]
    )
  })
  boundary <- do.call(rbind, unname(pieces))
  rownames(boundary) <- NULL
  boundary
}
