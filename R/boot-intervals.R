# From a bootstrap run to its intervals. Everything here is on the analysis scale until the table
# is made. A run is either a set of replicates or the exact distribution as functions.

# Quantiles q of T* from below and above: c(low, high).
run_quantiles <- function(run, below, above) {
  if (run$method == "exact") {
    at <- run$ask(below, above, double())
    return(c(at$low, at$high))
  }
  summarise_replicates(run$replicates, run$estimate, c(below, 1 - above))$quantiles
}

# Quantiles of the replicates that are defined, and the share of them below the estimate.
summarise_replicates <- function(replicates, estimate, probabilities) {
  replicates <- defined_of(replicates)
  if (length(replicates) == 0) {
    return(list(quantiles = rep(NA_real_, length(probabilities)), mid_share = NA_real_))
  }
  cpp_replicate_summary(replicates, estimate, probabilities)
}

# Replicates that have a value, and those that have a finite one; mostly all do, and nothing is copied.
defined_of <- function(replicates) if (anyNA(replicates)) replicates[!is.nan(replicates)] else replicates
finite_of <- function(replicates) {
  finite <- is.finite(replicates)
  if (all(finite)) replicates else replicates[finite]
}

# (T* - T) / SE* of the replicates; an infinite T* counts as infinitely far, by its sign.
studentized_replicates <- function(run) {
  distance <- run$replicates - run$estimate
  # A distance that is only rounding is none, in whatever units.
  finite <- finite_of(run$replicates)
  distance[abs(distance) < 1e-13 * max(abs(finite), abs(run$estimate))] <- 0
  ifelse(is.infinite(distance), distance, distance / run$replicate_errors)
}

studentized_quantiles <- function(run, tail) {
  if (run$method == "exact") return(unname(run$studentized(tail, 0)[c("low", "high")]))
  summarise_replicates(studentized_replicates(run), 0, c(tail, 1 - tail))$quantiles
}

# One interval as c(low, high), with `note` where it is not what its name says.
one_interval <- function(type, run, tail) {
  ends <- switch(type,
    perc = run_quantiles(run, tail, tail),
    basic = 2 * run$estimate - rev(run_quantiles(run, tail, tail)),
    norm = norm_interval(run, tail),
    stud = stud_interval(run, tail),
    bca = bca_interval(run, tail)
  )
  if (run$method == "exact") settle(ends, run$statistic$null, null_width(type, run)) else ends
}

# Whether an interval holds no effect must not hang on rounding: what differs from a value by no more
# than `width` is that value.
settle <- function(x, at, width) {
  near <- which(abs(x - at) <= width)
  if (length(near)) x[near] <- at
  x
}

# Replicates that are the null value but for rounding, or whose mirror image in the estimate is.
settle_replicates <- function(run) {
  null <- run$statistic$null
  if (run$method == "exact" || !is.finite(run$estimate)) return(run)
  finite <- finite_of(run$replicates)
  width <- 1e-12 * max(abs(finite), abs(run$estimate), abs(null))
  run$replicates <- settle(settle(run$replicates, null, width), 2 * run$estimate - null, width)
  run
}

# As wide as the exact p-value of the type takes values for tied with the null value.
null_width <- function(type, run) {
  null <- run$statistic$null
  switch(type,
    perc = , bca = run$tie_width(null), basic = run$tie_width(2 * run$estimate - null),
    stud = 1e-12 * (run$estimate_error + abs(run$estimate - null)), 0
  )
}

# Sorted once, as all that is asked of them asks for their order; `place` is where each one was.
sort_replicates <- function(run) {
  if (run$method == "exact") return(run)
  by <- if (is.null(run$order)) order(run$replicates, method = "radix") else run$order
  run$replicates <- run$replicates[by]
  run$replicate_errors <- run$replicate_errors[by]
  run$place <- by
  run
}

norm_interval <- function(run, tail) {
  if (sum(run$failures) > 0.05) {
    return(structure(c(NA_real_, NA_real_), note = paste0(
      "norm: not computed, as ", format_percent(sum(run$failures)), " of the bootstrap samples have no finite value."
    )))
  }
  2 * run$estimate - run$mean + c(-1, 1) * stats::qnorm(tail, lower.tail = FALSE) * run$std.error
}

stud_interval <- function(run, tail) {
  if (is.null(run$replicate_errors) && run$method != "exact") {
    return(structure(c(NA_real_, NA_real_), note =
      "stud: not computed, as the jackknife gives no standard error of fractional weights."
    ))
  }
  if (!is.finite(run$estimate_error)) {
    return(structure(c(NA_real_, NA_real_), note =
      "stud: not computed, as the estimate has no standard error in these data (one patient in a group?)."
    ))
  }
  q <- tryCatch(studentized_quantiles(run, tail), her2mod_error_numeric = function(e) {
    structure(c(NA_real_, NA_real_), note = paste0(
      "stud: not computed, as its exact distribution is not known or too large to list; ",
      "method = \"monte_carlo\" gives it."
    ))
  })
  structure(run$estimate - run$estimate_error * rev(q), note = attr(q, "note"))
}

# A distance of 0: next to no replicate is below it, which is no sign of bias.
at_least_value <- function(run) {
  isTRUE(run$statistic$sign == 1) && run$estimate <= run$statistic$limits[[1]] + 1e-12
}

bca_interval <- function(run, tail) {
  a <- run$acceleration
  note <- NULL
  if (!is.finite(a)) {
    a <- 0
    note <- "bca: a leave-one-out value is infinite; the acceleration was taken as 0."
  }
  tails <- cpp_bca_tails(run$mid_share, a, tail)
  if (at_least_value(run)) {
    tails <- c(below = tail, above = tail)
    note <- "bca: the estimate is the smallest value that a distance can have; the percentile interval is given."
  }
  if (anyNA(tails)) {
    tails <- c(below = tail, above = tail)
    note <- paste0(
      "bca: no bias correction exists (the bootstrap distribution lies on one side of the estimate, ",
      "or is one point); the percentile interval is given."
    )
  }
  # A tail that underflows is still a tail: its quantile is the outermost value that there is.
  tails <- pmax(tails, 1e-300)
  structure(run_quantiles(run, tails[["below"]], tails[["above"]]), note = note, tails = tails)
}

# The p-value that inverts an interval: below alpha exactly when the interval of level 1 - alpha
# excludes the value of no effect.
interval_p <- function(type, run, alternative) {
  null <- run$statistic$null
  # A distance is never below its null value, so no interval excludes it by what p would mean.
  if (isTRUE(run$statistic$sign == 1) || !has_p(type, run)) return(NA_real_)
  if (type == "norm") return(cpp_norm_p(run$estimate, run$mean, run$std.error, null, alternative))
  acceleration <- if (is.finite(run$acceleration)) run$acceleration else 0
  if (run$method == "exact") return(exact_p(type, run, null, acceleration, alternative))
  values <- if (type == "stud") studentized_replicates(run) else run$replicates
  cpp_replicate_p(
    type, defined_of(values), run$estimate, run$estimate_error, run$mid_share, acceleration, null,
    alternative
  )
}

has_p <- function(type, run) {
  if (!is.finite(run$estimate) && type != "perc") return(FALSE)
  switch(type,
    norm = undefined_share(run) + run$failures[["infinite"]] <= 0.05,
    stud = is.finite(run$estimate_error) && (run$method == "exact" || !is.null(run$replicate_errors)),
    TRUE
  )
}

exact_p <- function(type, run, null, acceleration, alternative) {
  shares <- if (type == "stud") {
    tryCatch(
      as.list(run$studentized(0.5, (run$estimate - null) / run$estimate_error)),
      her2mod_error_numeric = function(e) list(at_most = NA_real_, at_least = NA_real_)
    )
  } else {
    run$ask(double(), double(), if (type == "basic") 2 * run$estimate - null else null)
  }
  cpp_share_p(type, shares$at_most, shares$at_least, run$mid_share, acceleration, alternative)
}

# The share of the distribution that has no value.
undefined_share <- function(run) run$failures[["undefined"]] + run$failures[["empty_group"]]

# Rows type, conf.low, conf.high, p.value and the Monte Carlo errors of the three, on the display
# scale, and notes.
boot_intervals <- function(run, types, tail, alternative) {
  run <- settle_replicates(run)
  sorted <- sort_replicates(run)
  found <- lapply(types, one_interval, run = sorted, tail = tail)
  p <- vapply(types, interval_p, 0, run = sorted, alternative = alternative)
  # Two ends and a p-value a type.
  ends <- rbind(vapply(found, function(e) to_display(run$statistic, e[1:2]), c(0, 0)), unname(p))
  ends[is.nan(ends)] <- NA
  # A distance is never negative, whatever a normal or mirrored distribution says.
  if (isTRUE(run$statistic$sign == 1)) ends[1:2, ] <- pmax(ends[1:2, ], open_limits(run$statistic)[[1]])
  ends[3, is.na(ends[1, ]) & is.na(ends[2, ])] <- NA
  own_ends <- ends
  open <- open_limits(run$statistic)
  if (alternative == "less") ends[1, ] <- open[[1]]
  if (alternative == "greater") ends[2, ] <- open[[2]]
  errors <- matrix(0, 3, length(types))
  if (run$method == "monte_carlo") {
    errors <- monte_carlo_error(sorted, types, tail, alternative)
    if (alternative == "less") errors[1, ] <- 0
    if (alternative == "greater") errors[2, ] <- 0
    errors[is.na(ends)] <- NA
    floor <- vapply(types, smallest_p, 0, run = sorted, alternative = alternative)
    errors[3, which(ends[3, ] <= floor)] <- NA
  }
  list(
    table = new_rows(
      type = types, conf.low = ends[1, ], conf.high = ends[2, ], p.value = ends[3, ],
      mc.error.low = errors[1, ], mc.error.high = errors[2, ], mc.error.p = errors[3, ]
    ),
    notes = c(
      unlist(lapply(found, attr, "note")), no_interval_of_its_name(run, types, own_ends, alternative),
      too_few_replicates(run, types, c(tail, unlist(lapply(found, attr, "tails"))))
    )
  )
}

# The same where the data hold no answer.
no_intervals <- function(types, why) {
  columns <- c("conf.low", "conf.high", "p.value", "mc.error.low", "mc.error.high", "mc.error.p")
  list(
    table = data.frame(type = types, matrix(NA_real_, length(types), 6, dimnames = list(NULL, columns))),
    notes = paste0("no interval: ", why, ".")
  )
}

# Data without variation, and a bootstrap-t that has no bound.
no_interval_of_its_name <- function(run, types, ends, alternative) {
  if (isTRUE(run$std.error == 0)) {
    return(paste0(
      "every bootstrap sample gives the estimate: the data do not vary, or the statistic does not see it",
      if ("stud" %in% types) ", and stud has no interval", "."
    ))
  }
  wanted <- switch(alternative, two.sided = 1:2, less = 2L, greater = 1L)
  unbounded <- run$statistic$scale == "identity" && any(is.infinite(ends[wanted, types == "stud"]))
  if (unbounded) "stud: a standard error of 0 in too many bootstrap samples leaves an end without bound."
}

# The parameter's own limits, for the open end of a one-sided interval.
open_limits <- function(statistic) to_display(statistic, statistic$limits)

# By the delete-a-group jackknife: replicates 1, 21, 41, ... are left out, then 2, 22, 42, ..., and so
# on. A column a type. The replicates are sorted.
monte_carlo_error <- function(run, types, tail, alternative, groups = 20L) {
  if (run$R < fewest_with_error) return(matrix(NA_real_, 3, length(types)))
  acceleration <- if (is.finite(run$acceleration)) run$acceleration else 0
  vapply(types, function(type) {
    if (type == "stud" && is.null(run$replicate_errors)) return(rep(NA_real_, 3))
    # Where a distance is 0, the percentile interval stands for BCa.
    kind <- if (type == "bca" && at_least_value(run)) "perc" else type
    replicates <- if (type == "stud") studentized_replicates(run) else run$replicates
    cpp_interval_errors(
      kind, replicates, run$place, groups, run$estimate, run$estimate_error, acceleration, run$statistic$null, tail,
      alternative, run$statistic$scale == "log"
    )
  }, double(3), USE.NAMES = FALSE)
}

fewest_with_error <- 40

# The smallest p-value that so many replicates can show: it only says "at most this", so it has no
# Monte Carlo error.
smallest_p <- function(type, run, alternative) {
  if (type == "norm") return(-Inf)
  values <- if (type == "stud") studentized_replicates(run) else run$replicates
  (if (alternative == "two.sided") 2 else 1) / (length(defined_of(values)) + 1)
}

# An end beyond the outermost order statistic is only that order statistic. `tails`: of all ends.
too_few_replicates <- function(run, types, tails) {
  if (run$method == "exact" || !any(types != "norm")) return(NULL)
  # 1 / ((1 - 0.9) / 2) is 20, not 20.000000000000004.
  needed <- ceiling(1 / min(tails) - 1e-9) - 1
  if (run$R >= needed) return(NULL)
  paste0(
    "R = ", format(run$R, scientific = FALSE), " is too small for this level: an end is an extreme order ",
    "statistic; R of at least ", format(needed, digits = 15), " is needed."
  )
}

# An error where much of the distribution is undefined, or most of it is not a number.
refuse_degenerate <- function(run, call = rlang::caller_env()) {
  undefined <- undefined_share(run)
  not_finite <- undefined + run$failures[["infinite"]]
  if (undefined <= 0.05 && not_finite <= 0.5) return(invisible())
  adjusted <- is_adjusted(run$statistic)
  binary <- run$statistic$endpoint == "binary" && !adjusted
  no_value <- if (binary) "undefined (0/0)" else if (adjusted) "undefined (a model could not be fitted)" else "undefined"
  beyond <- if (run$statistic$scale == "log") "0, Inf or undefined" else "infinite or undefined"
  what <- if (undefined > 0.05) no_value else beyond
  share <- if (undefined > 0.05) undefined else not_finite
  abort_her2(c(
    "The {run$statistic$title} is {what} in {format_percent(share)} of the bootstrap samples.",
    i = if (binary) "With so few events bootstrap the risk difference, or use {.fn compare_proportions}.",
    i = if (adjusted) {
      "Few patients separate groups or events: take fewer covariates, or {.code firth = TRUE} where it is offered."
    },
    i = if (run$failures[["empty_group"]] > 0) {
      "Samples without a patient of one group: {format_percent(run$failures[['empty_group']])}."
    }
  ), "numeric", share = share, call = call)
}

# One warning for all that is degenerate.
report_degenerate <- function(run, intervals) {
  undefined <- run$failures[["undefined"]]
  empty <- run$failures[["empty_group"]]
  infinite <- run$failures[["infinite"]]
  # Exact probabilities are never quite 0; these are ones that a replicate could meet.
  rare <- if (run$method == "exact") 1e-6 else 0
  notes <- c(
    if (undefined > rare) {
      adjusted <- is_adjusted(run$statistic)
      binary <- run$statistic$endpoint == "binary" && !adjusted
      why <- if (binary) " (0/0)" else if (adjusted) " (a model could not be fitted)"
      format_share(undefined, run, paste0("undefined", why, " and left out"))
    },
    if (empty > rare) format_share(empty, run, "a group without patients, left out"),
    if (infinite > rare) format_share(infinite, run, infinite_words(run$statistic)),
    intervals$notes
  )
  if (length(notes)) {
    warn_her2(c("Degenerate bootstrap:", stats::setNames(notes, rep("i", length(notes)))), "degenerate",
      failures = run$failures
    )
  }
}

infinite_words <- function(statistic) {
  if (statistic$scale == "log") "a ratio of 0 or Inf" else "an infinite value"
}

format_share <- function(share, run, what) {
  amount <- if (run$method == "exact") {
    paste0(signif(100 * share, 2), "% of the distribution is")
  } else {
    paste(format(round(share * run$R), big.mark = ","), "of", format(run$R, big.mark = ","), "replicates:")
  }
  paste0(amount, " ", what, ".")
}
