# From a bootstrap run to its intervals. Everything here is on the analysis scale until the table
# is made. A run is either a set of replicates or the exact distribution as functions.

# Quantiles q of T* from below and above: c(low, high).
run_quantiles <- function(run, below, above) {
  if (run$method == "exact") {
    at <- run$quantiles(below, above)
    return(c(at$low, at$high))
  }
  summarise_replicates(run$replicates, run$estimate, c(below, 1 - above))$quantiles
}

# Quantiles of the replicates that are defined, and the share of them below the estimate.
summarise_replicates <- function(replicates, estimate, probabilities) {
  defined <- replicates[!is.nan(replicates)]
  if (length(defined) == 0) {
    return(list(quantiles = rep(NA_real_, length(probabilities)), mid_share = NA_real_))
  }
  cpp_replicate_summary(defined, estimate, probabilities)
}

# Quantiles of (T* - T) / SE*; an infinite T* counts as infinitely far, by its sign.
studentized_quantiles <- function(run, tail) {
  if (run$method == "exact") return(unname(run$studentized(tail)))
  distance <- run$replicates - run$estimate
  distance[abs(distance) < 1e-13] <- 0
  t <- ifelse(is.infinite(distance), distance, distance / run$replicate_errors)
  summarise_replicates(t, 0, c(tail, 1 - tail))$quantiles
}

# One interval as c(low, high), with `note` where it is not what its name says.
one_interval <- function(type, run, tail) {
  switch(type,
    perc = run_quantiles(run, tail, tail),
    basic = 2 * run$estimate - rev(run_quantiles(run, tail, tail)),
    norm = norm_interval(run, tail),
    stud = stud_interval(run, tail),
    bca = bca_interval(run, tail)
  )
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
  q <- tryCatch(studentized_quantiles(run, tail), her2mod_error_numeric = function(e) {
    structure(c(NA_real_, NA_real_), note = paste0(
      "stud: not computed, as its exact distribution is too large to list; ",
      "method = \"monte_carlo\" gives it."
    ))
  })
  structure(run$estimate - run$estimate_error * rev(q), note = attr(q, "note"))
}

bca_interval <- function(run, tail) {
  a <- run$acceleration
  note <- NULL
  if (!is.finite(a)) {
    a <- 0
    note <- "bca: a leave-one-out value is infinite; the acceleration was taken as 0."
  }
  tails <- cpp_bca_tails(run$mid_share, a, tail)
  if (anyNA(tails)) {
    tails <- c(below = tail, above = tail)
    note <- paste0(
      "bca: no bias correction exists (the bootstrap distribution lies on one side of the estimate, ",
      "or is one point); the percentile interval is given."
    )
  }
  structure(run_quantiles(run, tails[["below"]], tails[["above"]]), note = note, tails = tails)
}

# Rows type, conf.low, conf.high, mc.error.low, mc.error.high on the display scale, and notes.
boot_intervals <- function(run, types, tail, alternative) {
  limits <- function(run) {
    ends <- lapply(types, one_interval, run = run, tail = tail)
    list(
      ends = vapply(ends, function(e) to_display(run$statistic, e[1:2]), c(0, 0)),
      notes = unlist(lapply(ends, attr, "note"))
    )
  }
  found <- limits(run)
  ends <- found$ends
  ends[is.nan(ends)] <- NA
  open <- open_limits(run$statistic)
  if (alternative == "less") ends[1, ] <- open[[1]]
  if (alternative == "greater") ends[2, ] <- open[[2]]
  errors <- matrix(0, 2, length(types))
  if (run$method == "monte_carlo") {
    errors <- monte_carlo_error(run, function(part) limits(part)$ends)
    errors[ends == matrix(open, 2, length(types)) & is.na(errors)] <- NA
    if (alternative == "less") errors[1, ] <- 0
    if (alternative == "greater") errors[2, ] <- 0
  }
  list(
    table = data.frame(
      type = types, conf.low = ends[1, ], conf.high = ends[2, ],
      mc.error.low = errors[1, ], mc.error.high = errors[2, ]
    ),
    notes = c(found$notes, no_interval_of_its_name(run, types, ends), too_few_replicates(run, types, tail))
  )
}

# Data without variation, and a bootstrap-t that has no bound.
no_interval_of_its_name <- function(run, types, ends) {
  if (isTRUE(run$std.error == 0)) {
    return(paste0(
      "the data do not vary: every bootstrap sample gives the estimate",
      if ("stud" %in% types) ", and stud has no interval", "."
    ))
  }
  unbounded <- run$statistic$scale == "identity" && any(is.infinite(ends[, types == "stud"]))
  if (unbounded) "stud: a standard error of 0 in too many bootstrap samples leaves an end without bound."
}

# The parameter's own limits, for the open end of a one-sided interval.
open_limits <- function(statistic) if (statistic$scale == "log") c(0, Inf) else c(-1, 1)

# Standard errors of numbers computed from replicates, by the delete-a-group jackknife: 20 groups
# of replicates, each left out once (Shao, Tu 1995, doi:10.1007/978-1-4612-0795-5, section 2.3).
monte_carlo_error <- function(run, compute, groups = 20) {
  if (run$R < 2 * groups) return(compute(run) * NA)
  group <- rep_len(seq_len(groups), run$R)
  left_out <- lapply(seq_len(groups), function(g) compute(keep_replicates(run, group != g)))
  values <- simplify2array(left_out)
  spread <- sweep(values, 1:2, apply(values, 1:2, mean))
  sqrt((groups - 1) / groups * apply(spread^2, 1:2, sum))
}

keep_replicates <- function(run, kept) {
  run$replicates <- run$replicates[kept]
  run$replicate_errors <- run$replicate_errors[kept]
  finite <- run$replicates[is.finite(run$replicates)]
  run$mean <- mean(finite)
  run$std.error <- stats::sd(finite)
  run$mid_share <- summarise_replicates(run$replicates, run$estimate, 0.5)$mid_share
  run
}

# An end beyond the outermost order statistic is only that order statistic.
too_few_replicates <- function(run, types, tail) {
  if (run$method == "exact" || !any(types != "norm")) return(NULL)
  tails <- tail
  if ("bca" %in% types) tails <- c(tails, attr(bca_interval(run, tail), "tails"))
  # 1 / ((1 - 0.9) / 2) is 20, not 20.000000000000004.
  needed <- ceiling(1 / min(tails) - 1e-9) - 1
  if (run$R >= needed) return(NULL)
  paste0(
    "R = ", run$R, " is too small for this level: an end is an extreme order statistic; R of at least ",
    needed, " is needed."
  )
}

# An error where much of the distribution is undefined, or most of it is not a number.
refuse_degenerate <- function(run, call = rlang::caller_env()) {
  undefined <- run$failures[["undefined"]]
  not_finite <- undefined + run$failures[["infinite"]]
  if (undefined <= 0.05 && not_finite <= 0.5) return(invisible())
  what <- if (undefined > 0.05) "undefined (0/0)" else "0, Inf or undefined"
  share <- if (undefined > 0.05) undefined else not_finite
  abort_her2(c(
    "The {run$statistic$title} is {what} in {format_percent(share)} of the bootstrap samples.",
    i = "With so few events bootstrap the risk difference, or use {.fn compare_proportions}."
  ), "numeric", share = share, call = call)
}

# One warning for all that is degenerate.
report_degenerate <- function(run, intervals) {
  undefined <- run$failures[["undefined"]]
  infinite <- run$failures[["infinite"]]
  # Exact probabilities are never quite 0; these are ones that a replicate could meet.
  rare <- if (run$method == "exact") 1e-6 else 0
  notes <- c(
    if (undefined > rare) format_share(undefined, run, "undefined (0/0) and left out"),
    if (infinite > rare) format_share(infinite, run, "a ratio of 0 or Inf"),
    intervals$notes
  )
  if (length(notes)) {
    warn_her2(c("Degenerate bootstrap:", stats::setNames(notes, rep("i", length(notes)))), "degenerate",
      failures = run$failures
    )
  }
}

format_share <- function(share, run, what) {
  amount <- if (run$method == "exact") {
    paste0(signif(100 * share, 2), "% of the distribution is")
  } else {
    paste(format(round(share * run$R), big.mark = ","), "of", format(run$R, big.mark = ","), "replicates:")
  }
  paste0(amount, " ", what, ".")
}
