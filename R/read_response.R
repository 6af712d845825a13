# What a response may be, by the kind of endpoint: `rows` gets a column `response` of doubles, and
# `label` says in words what it is.

read_response <- function(columns, endpoint, rows, call = rlang::caller_env()) {
  response <- columns$response
  name <- columns$response_name
  if (inherits(response, "Surv") && !endpoint %in% c("survival", "custom")) {
    abort_input(c(
      "{.field {name}} holds survival times, which this is not for.",
      i = "Survival statistics are {.val logrank}, {.code stat_rmst_difference(tau)} and others: {.fn statistics}."
    ), arg = "formula", call = call)
  }
  if (endpoint == "binary" && is.matrix(response) && ncol(response) == 2) {
    named <- colnames(response)[1]
    label <- if (is.null(named) || is.na(named) || named == "") name else named
    return(list(rows = expand_counts(response, rows, call), label = label))
  }
  if (endpoint == "survival") return(survival_rows(response, name, rows, call))
  read <- switch(endpoint,
    binary = read_binary(response, name, call),
    numeric = read_numeric(response, name, call),
    categorical = read_categories(response, name, call),
    custom = list(value = rep(0, nrow(rows)), label = name)
  )
  rows$response <- read$value
  list(rows = rows, label = read$label)
}

refuse_missing <- function(response, name, call) {
  if (has_missing(response)) abort_data("{.field {name}} has missing values.", arg = name, call = call)
}

# 0/1 events, and what counts as one. Accepts logical, 0/1, and a factor whose second level is the
# event; never guesses from other codings.
read_binary <- function(response, name, call = rlang::caller_env()) {
  refuse_missing(response, name, call)
  plain <- is.null(dim(response))
  if (is.logical(response) && plain) return(list(value = as.double(response), label = name))
  if (is.factor(response) && nlevels(response) == 2) {
    label <- paste(name, "=", levels(response)[[2]])
    return(list(value = as.double(response) - 1, label = label))
  }
  if (is.numeric(response) && plain && all(response %in% c(0, 1))) {
    return(list(value = as.double(response), label = name))
  }
  abort_input(c(
    "{.field {name}} must be a binary endpoint: logical, 0/1, or a factor with two levels.",
    x = "It is {.obj_type_friendly {response}} with values {.val {first_of(unique(as.vector(response)), 4)}}.",
    i = "Make the event explicit, for example {.code {name} == \"yes\"}.",
    i = if (is.numeric(response)) {
      "Numbers are compared by {.code statistic = \"mean_difference\"} and others of {.fn statistics}."
    }
  ), arg = name, call = call)
}

# Finite numbers; logical as 0 and 1. A factor or text is never read as numbers.
read_numeric <- function(response, name, call = rlang::caller_env()) {
  ok <- (is.numeric(response) || is.logical(response) || inherits(response, "difftime")) &&
    !is.factor(response) && is.null(dim(response))
  if (!ok) {
    abort_input(c(
      "{.field {name}} must be a numeric endpoint.",
      x = "It is {.obj_type_friendly {response}}.",
      i = if (is.ordered(response)) "Statistics of ranks take the codes of its order: {.code as.integer({name})}.",
      i = "{.fn statistics} lists what each statistic is for."
    ), arg = name, call = call)
  }
  refuse_missing(response, name, call)
  value <- as.double(response)
  if (any(is.infinite(c(min(value), max(value))))) {
    infinite <- sum(is.infinite(value))
    abort_data(c(
      "{.field {name}} must be finite.",
      x = "{count_of(infinite, 'value')} {cli::qty(infinite)}{?is/are} infinite."
    ), arg = name, call = call)
  }
  list(value = value, label = name)
}

# Codes from 0 of the levels that occur.
read_categories <- function(response, name, call = rlang::caller_env()) {
  countable <- is.factor(response) || is.character(response) || is.logical(response) ||
    (is.numeric(response) && all(response %% 1 == 0, na.rm = TRUE) && !any(is.infinite(response)))
  if (!countable || !is.null(dim(response)) || length(unique(response)) > 200) {
    abort_input(c(
      "{.field {name}} must be categorical: a factor, text, logical, or whole numbers, with at most 200 levels.",
      x = "It is {.obj_type_friendly {response}} with {length(unique(as.vector(response)))} different values."
    ), arg = name, call = call)
  }
  refuse_missing(response, name, call)
  list(value = as.double(level_codes(read_labels(response))), label = name)
}

# cbind(event, n - event) rows become two rows each, weighted by their counts.
expand_counts <- function(counts, rows, call) {
  if (any(!is.finite(counts)) || any(counts < 0) || any(counts != floor(counts))) {
    abort_input(c(
      "The counts in {.code cbind(event, n - event)} must be whole numbers of at least 0.",
      i = "Are there more events than patients?"
    ), arg = "formula", call = call)
  }
  frequency <- c(counts[, 1], counts[, 2]) * frequency_of(rows)
  long <- rbind(rows, rows)
  long$response <- rep(c(1, 0), each = nrow(counts))
  long$frequency <- frequency
  long
}
