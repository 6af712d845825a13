# The interval of a risk difference by inverting its exact permutation test: no shift, as responses
# are 0 or 1, but tables of potential responses; see inst/include/her2mod/exact/relabelling_interval.hpp.

invert_risk_difference <- function(test, wanted, call = rlang::caller_env()) {
  check_relabelled_patients(test$compared, call)
  cells <- test$compared$cells
  of <- function(group) colSums(cells[cells$group == group, c("x", "n")])
  ends <- tryCatch(
    call_core(cpp_relabelling_interval(
      of(0)[["x"]], of(0)[["n"]], of(1)[["x"]], of(1)[["n"]], wanted$conf.level, wanted$alternative
    ), call),
    her2mod_error_numeric = function(e) abort_relabelling(e, sum(cells$n), call)
  )
  test$conf.int <- structure(ends, conf.level = wanted$conf.level)
  test
}

# What is asked for that it cannot be had with.
check_relabelling <- function(wanted, method, call = rlang::caller_env()) {
  other <- if (method == "monte_carlo") {
    "method = \"monte_carlo\""
  } else if (wanted$stop != "none") {
    paste0("stop = \"", wanted$stop, "\"")
  } else if (wanted$midp) {
    "midp = TRUE"
  }
  if (is.null(other)) return(invisible())
  abort_input(c(
    "{.arg conf.int} of a risk difference inverts the exact permutation test.",
    x = "It cannot go with {.code {other}}."
  ), arg = "conf.int", call = call)
}

check_relabelled_patients <- function(compared, call) {
  why <- if (!is.null(compared$rows)) {
    "Clusters are relabelled as wholes, or within."
  } else if (length(compared$strata) > 1) {
    "Labels are permuted within {length(compared$strata)} strata."
  }
  if (is.null(why)) return(invisible())
  abort_input(c(
    "{.arg conf.int} of a risk difference is for patients who are all relabelled at random.",
    x = why
  ), arg = "conf.int", call = call)
}

# Mostly too many tables of potential responses to search.
abort_relabelling <- function(error, n, call) {
  abort_her2(c(
    "{.arg conf.int} of a risk difference is out of reach here, with {n} patients.",
    i = "{.fn compare_proportions} has intervals for a comparison of populations of any size."
  ), "numeric", parent = error, call = call)
}
