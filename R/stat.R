# A statistic as a value: its registry name and what the registry says of it. Constructors are
# stat_<name>(), one file each.

new_her2_stat <- function(name, parameters = list()) {
  registered <- cpp_statistics()
  row <- registered[registered$name == name, ]
  structure(
    list(
      name = name, title = row$title, endpoint = row$endpoint, scale = row$scale,
      parameters = parameters
    ),
    class = "her2_stat"
  )
}

# A name or a her2_stat.
as_statistic <- function(statistic, call = rlang::caller_env()) {
  if (inherits(statistic, "her2_stat")) return(statistic)
  known <- cpp_statistics()$name
  new_her2_stat(check_choice(statistic, known, "statistic", call = call))
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
null_effect <- function(statistic) to_display(statistic, 0)

# A difference has decimals, a ratio significant digits.
format_effect <- function(statistic, value, decimals = 4) {
  if (statistic$scale == "log") format_number(value) else format_fixed(value, decimals)
}
