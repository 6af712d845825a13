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
  repeat {
    error <- largest_end_error(run, wanted)
    if (is.na(error) || error <= precision) return(run)
    if (run$R >= most_replicates()) {
      run$notes <- c(run$notes, paste0(
        "precision: an end's Monte Carlo error is still ", format_number(error, 2), " at R = ",
        format(run$R, big.mark = ",", scientific = FALSE), ", the option her2mod.max_R."
      ))
      return(run)
    }
    wish <- ceiling(1.1 * run$R * (error / precision)^2 / 1000) * 1000 - 1
    R <- min(max(wish, run$R + 1000), 4 * run$R, most_replicates())
    run <- lengthen(run, R, how, call)
  }
}

# The same run with replicates R + 1, ... added.
lengthen <- function(run, R, how, call) {
  more <- run_ranges(run$job, run$R + 1, R, how, call)
  summarise_run(run, add_ranges(run, more))
}

# Values and failures of a run and of the replicates that follow.
add_ranges <- function(run, more) {
  list(
    values = rbind(cbind(run$replicates, run$replicate_errors), more$values),
    failures = run$failures * run$R + more$failures
  )
}

largest_end_error <- function(run, wanted) {
  table <- boot_intervals(run, wanted$type, tail_of(wanted), wanted$alternative)$table
  errors <- c(table$mc.error.low, table$mc.error.high)
  if (all(is.na(errors))) NA_real_ else max(errors, na.rm = TRUE)
}
