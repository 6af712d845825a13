# A statistic as a value: its registry name and what the registry says of it. Constructors are
# stat_<name>(), one file each.

# The core's registry, asked for once a session.
known <- new.env(parent = emptyenv())
registered_statistics <- function() {
  if (is.null(known$statistics)) known$statistics <- cpp_statistics()
  known$statistics
}

# `parameters`: the numbers that the core's constructor takes, named.
new_her2_stat <- function(name, parameters = list(), title = NULL) {
  registered <- registered_statistics()
  row <- lapply(registered, `[[`, match(name, registered$name))
  structure(
    list(
      name = name, title = if (is.null(title)) row$title else title, endpoint = row$endpoint,
      role = row$role, scale = row$scale, sign = row$sign, null = row$null,
      limits = c(row$lowest, row$highest), outputs = row$outputs, parameters = parameters
    ),
    class = "her2_stat"
  )
}

# A statistic over its standard error, if it shall be so.
over_error <- function(stat, studentised, call = rlang::caller_env()) {
  if (!check_flag(studentised, "studentised", call)) return(stat)
  stat$parameters$studentised <- 1
  stat$title <- paste("studentised", stat$title)
  stat$outputs <- 1L
  stat$limits <- c(-Inf, Inf)
  # Of a ratio it is the logarithm over its standard error.
  stat$scale <- "identity"
  stat
}

# A name or a her2_stat. A name stands for the constructor without arguments.
as_statistic <- function(statistic, call = rlang::caller_env()) {
  if (inherits(statistic, "her2_stat")) return(statistic)
  if (is.function(statistic)) {
    abort_input(c(
      "{.arg statistic} must be a name or a {.code stat_*()}.",
      x = "It is a function.",
      i = "Give a function of your own as {.code stat_custom(fun)}."
    ), arg = "statistic", call = call)
  }
  registered <- registered_statistics()
  name <- check_choice(statistic, registered$name, "statistic", call = call)
  if (name %in% needs_arguments) {
    needed <- gsub(", ", " = , ", registered$parameter[registered$name == name])
    abort_input("{.val {name}} needs an argument: write {.code stat_{name}({needed} = )}.",
      arg = "statistic", call = call
    )
  }
  do.call(paste0("stat_", name), list())
}

needs_arguments <- c(
  "quantile_difference", "survival_difference", "rmst_difference", "rmst_ratio", "fleming_harrington",
  "adjusted_risk_difference", "adjusted_risk_ratio", "adjusted_odds_ratio", "adjusted_rmst_difference"
)

is_custom <- function(statistic) statistic$name == "custom"

# How many groups it compares: c(fewest, most).
group_range <- function(statistic) {
  if (is_custom(statistic)) return(c(1, Inf))
  if (statistic$role == "test") c(2, Inf) else c(2, 2)
}

check_effect <- function(statistic, call = rlang::caller_env()) {
  if (statistic$role == "test") {
    abort_input(c(
      "{.arg statistic} must be an effect of two groups.",
      x = "{.val {statistic$name}} is a test statistic: it has no confidence interval.",
      i = "{.fn perm_test} takes it."
    ), arg = "statistic", call = call)
  }
}

#' @export
format.her2_stat <- function(x, ...) {
  paste0("<statistic> ", x$title, " (", x$name, "), ", x$endpoint, " endpoint, ", x$scale, " scale")
}

#' @export
print.her2_stat <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

# From the analysis scale to the scale that users read.
to_display <- function(statistic, value) if (statistic$scale == "log") exp(value) else value

# The value of "no effect" on the display scale.
null_effect <- function(statistic) to_display(statistic, statistic$null)

# A difference has decimals, a ratio significant digits.
format_effect <- function(statistic, value, decimals = 4) {
  if (statistic$scale == "log") format_number(value) else format_fixed(value, decimals)
}

# What is estimated, of which group against which, in words.
format_estimand <- function(statistic, groups) {
  if (length(groups) == 1) return(statistic$title)
  direction <- if (statistic$name == "win_probability") {
    paste0("P(", groups[[2]], " above ", groups[[1]], "), ties counting half")
  } else if (statistic$role == "test" || length(groups) > 2 || isTRUE(statistic$sign == 1)) {
    paste("between", paste(groups, collapse = ", "))
  } else {
    format_direction(groups, statistic$scale)
  }
  paste0(statistic$title, ", ", direction)
}
