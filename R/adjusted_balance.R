# How alike the groups are before and after weighting.

# A row a covariate, or a level of one: means of the groups and standardised differences, other minus reference. The
# divisor is that before weighting.
balance_table <- function(cohort, weight, names, levelled = list()) {
  n <- frequency_of(cohort)
  columns <- balance_columns(stats::setNames(cohort$covariates, names), levelled)
  rows <- lapply(names(columns), function(name) {
    before <- group_moments(columns[[name]], cohort$group, n)
    after <- group_moments(columns[[name]], cohort$group, n * weight)
    spread <- sqrt(mean(before$variance))
    data.frame(
      covariate = name, reference.before = before$mean[[1]], other.before = before$mean[[2]],
      difference.before = over_spread(diff(before$mean), spread), reference.after = after$mean[[1]],
      other.after = after$mean[[2]], difference.after = over_spread(diff(after$mean), spread)
    )
  })
  do.call(rbind, rows)
}

# The columns of the design, but of a factor whether a patient has the level: contrasts are the model's, and no patient
# has a polynomial. Of two levels one says all.
balance_columns <- function(columns, levelled) {
  shown <- lapply(seq_along(columns), function(j) columns[j])
  for (term in levelled) {
    # Contrasts may take several levels for one.
    if (anyDuplicated(term$coding)) next
    code <- match(do.call(paste, unname(columns[term$columns])), do.call(paste, asplit(term$coding, 2)))
    of <- seq_along(term$names)
    if (length(of) == 2) of <- 2
    shares <- lapply(of, function(level) as.double(code == level))
    shown[term$columns] <- list(NULL)
    shown[[term$columns[[1]]]] <- stats::setNames(shares, term$names[of])
  }
  do.call(c, shown)
}

# Groups that do not vary are either alike or infinitely apart.
over_spread <- function(difference, spread) {
  if (isTRUE(difference == 0)) 0 else difference / spread
}

# p(1 - p) of 0/1 columns, s^2 of numbers.
group_moments <- function(x, group, weight) {
  binary <- all(x %in% c(0, 1))
  of <- function(g) {
    w <- weight[group == g]
    v <- x[group == g]
    mean <- sum(w * v) / sum(w)
    variance <- sum(w * (v - mean)^2) / if (binary) sum(w) else sum(w) - 1
    c(mean, variance)
  }
  both <- vapply(0:1, of, c(0, 0))
  list(mean = both[1, ], variance = both[2, ])
}

# A row a group: patients, range of the propensity, the largest weight over the mean weight, and how many
# patients of equal weight would tell as much.
weighting_table <- function(cohort, weight, propensity, groups) {
  n <- frequency_of(cohort)
  rows <- lapply(seq_along(groups), function(g) {
    own <- cohort$group == g - 1
    w <- weight[own]
    data.frame(
      group = groups[[g]], n = sum(n[own]), propensity.min = min(propensity[own]),
      propensity.max = max(propensity[own]), max.weight = max(w) / (sum(n[own] * w) / sum(n[own])),
      effective.n = sum(n[own] * w)^2 / sum(n[own] * w^2)
    )
  })
  do.call(rbind, rows)
}

#' @rdname adjusted_effect
#' @param x,object A `her2_adjusted`.
#' @param ... Not used.
#' @return `balance()`: a data frame with a row a covariate, or a level of one.
#' @export
balance <- function(x, ...) UseMethod("balance")

#' @export
balance.default <- function(x, ...) {
  abort_input(c("{.arg x} must be a result of {.fn adjusted_effect}.", x = "It is {.obj_type_friendly {x}}."),
    arg = "x"
  )
}

#' @export
balance.her2_adjusted <- function(x, ...) x$balance
