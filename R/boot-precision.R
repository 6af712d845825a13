# More replicates until the ends of the intervals are known as precisely as asked.

check_precision <- function(x, call = rlang::caller_env()) {
  if (is.null(x)) return(NULL)
  if (!is.numeric(x) || length(x) != 1 || is.na(x) || x <= 0) {
    abort_input(c(
      "{.arg precision} must be one positive number: the largest Monte Carlo standard error of an interval's end.",
      x = "It is {.val {x}}."
    ), arg = "precision", call = call)
  }
  as.double(x)
}

most_replicates <- function() getOption("her2mod.max_R", 1e7)

# The error falls as 1/sqrt(R): the next R is the one that should do, at most four times the last.
run_to_precision <- function(run, wanted, how, precision, call = rlang::caller_env()) {
  most <- most_replicates()
  if (run$R < min(fewest_with_error, most)) run <- lengthen(run, min(999, most), how, call)
  repeat {
    errors <- end_errors(run, wanted)
    error <- max(errors, 0, na.rm = TRUE)
    if (error <= precision || run$R >= most) break
    wish <- ceiling(1.1 * run$R * (error / precision)^2 / 1000) * 1000 - 1
    R <- min(max(wish, run$R + 1000), 4 * run$R, most)
    run <- lengthen(run, R, how, call)
  }
  run$notes <- c(run$notes, precision_notes(run, errors, error, precision))
  run
}

precision_notes <- function(run, errors, error, precision) {
  R <- format(run$R, big.mark = ",", scientific = FALSE)
  c(
    if (error > precision) {
      paste0(
        "precision: an end's Monte Carlo error is still ", format_number(error, 2), " at R = ", R,
        ", the option her2mod.max_R."
      )
    },
    if (anyNA(errors)) paste0("precision: the Monte Carlo error of an end is not known at R = ", R, ".")
  )
}

# The same run with replicates R + 1, ... added.
lengthen <- function(run, R, how, call) {
  more <- run_ranges(run$job, run$R + 1, R, how, call)
  summarise_run(run, add_ranges(run, more))
}

# Values and failures of a run and of the replicates that follow. A share times R is whole but for
# rounding.
add_ranges <- function(run, more) {
  list(
    values = rbind(cbind(run$replicates, run$replicate_errors), more$values),
    failures = round(run$failures * run$R) + more$failures
  )
}

# The Monte Carlo errors of the ends that the intervals have.
end_errors <- function(run, wanted) {
  table <- boot_intervals(run, wanted$type, tail_of(wanted), wanted$alternative)$table
  ends <- c(table$conf.low, table$conf.high)
  c(table$mc.error.low, table$mc.error.high)[!is.na(ends)]
}
