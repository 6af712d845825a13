# Argument checks, made once at the door. Each returns the checked value in the type the rest of
# the package uses, or raises `her2mod_error_input` with the argument's name and the value seen.

check_probability <- function(x, arg, open = TRUE, call = rlang::caller_env()) {
  ok <- is.numeric(x) && length(x) == 1 && !is.na(x) &&
    (if (open) x > 0 && x < 1 else x >= 0 && x <= 1)
  if (!ok) {
    abort_input(c(
      "{.arg {arg}} must be one number between 0 and 1{if (open) ', both excluded' else ''}.",
      x = "It is {.val {x}}."
    ), arg = arg, value = x, call = call)
  }
  as.double(x)
}

# The confidence level, and the error probability at each end that the alternative leaves it. Below
# 50% a one-sided interval would not even hold the estimate.
check_level <- function(x, alternative, call = rlang::caller_env()) {
  x <- check_probability(x, "conf.level", call = call)
  if (alternative != "two.sided" && x <= 0.5) {
    abort_input(c(
      "{.arg conf.level} of a one-sided interval must be above 0.5.",
      x = "It is {.val {x}}."
    ), arg = "conf.level", value = x, call = call)
  }
  x
}

check_count <- function(x, arg, min = 0, max = 2^31 - 1, call = rlang::caller_env()) {
  ok <- is.numeric(x) && length(x) == 1 && is.finite(x) && x >= min && x <= max && x == floor(x)
  if (!ok) {
    abort_input(c(
      "{.arg {arg}} must be one whole number of at least {min}{if (is.numeric(x) && any(x > max, na.rm = TRUE)) {
        paste(' and at most', format(max, big.mark = ',', scientific = FALSE))
      }}.",
      x = "It is {.val {x}}."
    ), arg = arg, value = x, call = call)
  }
  as.double(x)
}

# A time within follow-up, which the data decide.
check_time <- function(x, arg, call = rlang::caller_env()) {
  ok <- is.numeric(x) && length(x) == 1 && is.finite(x) && x > 0
  if (!ok) {
    abort_input(c("{.arg {arg}} must be one positive finite number.", x = "It is {.val {x}}."),
      arg = arg, value = x, call = call
    )
  }
  as.double(x)
}

check_flag <- function(x, arg, call = rlang::caller_env()) {
  if (!is.logical(x) || length(x) != 1 || is.na(x)) {
    abort_input(c("{.arg {arg}} must be TRUE or FALSE.", x = "It is {.val {x}}."),
      arg = arg, value = x, call = call
    )
  }
  x
}

# As many values as a message can show.
first_of <- function(x, most) x[seq_len(min(length(x), most))]

# An argument that no method knows would otherwise be ignored.
check_no_dots <- function(..., call = rlang::caller_env()) {
  if (...length() > 0) {
    unknown <- names(list(...))
    if (is.null(unknown)) unknown <- rep("", ...length())
    abort_input(c("There are arguments that are not known.", x = "They are {.arg {unknown}}."),
      arg = unknown, call = call
    )
  }
}

# The one option of an argument whose default lists them all, the first being meant.
check_option <- function(x, options, arg, call = rlang::caller_env()) {
  if (identical(x, options)) return(options[[1]])
  check_choice(x, options, arg, call = call)
}

alternatives <- c("two.sided", "less", "greater")

# Choose from names, all that match exactly; an unknown one is told with what exists.
check_choice <- function(x, choices, arg, several = FALSE, call = rlang::caller_env()) {
  bad <- if (is.character(x)) setdiff(x, choices) else x
  if (!is.character(x) || length(bad) > 0 || length(x) == 0 || (!several && length(x) != 1)) {
    abort_input(c(
      "{.arg {arg}} must be {if (several) 'some of' else 'one of'} {.val {choices}}.",
      x = "It has {.val {bad}}."
    ), arg = arg, value = x, call = call)
  }
  x
}
