# From a formula and a data frame to the columns that the core reads: response, group, stratum,
# frequency. Two groups and a binary endpoint; other endpoints will add their own response reader.

# Operators that make several terms of a formula.
several_terms <- c("+", "-", "*", "/", ":", "^", "%in%")

# `y ~ group | block` is coin's way to write strata; both ways end in one factor.
split_formula <- function(formula, call = rlang::caller_env()) {
  if (!rlang::is_formula(formula, lhs = TRUE)) {
    abort_input(c(
      "{.arg formula} must have two sides, like {.code pcr ~ her2}.",
      x = "It is {.code {rlang::as_label(formula)}}."
    ), arg = "formula", call = call)
  }
  rhs <- rlang::f_rhs(formula)
  block <- NULL
  if (rlang::is_call(rhs, "|", n = 2)) {
    block <- rhs[[3]]
    rhs <- rhs[[2]]
  }
  if (length(all.vars(rhs)) == 0 || "." %in% all.vars(rhs) || rlang::is_call(rhs, several_terms)) {
    abort_input(c(
      "The right side of {.arg formula} must name one grouping variable.",
      x = "It is {.code {rlang::as_label(rhs)}}.",
      i = "Write strata as {.code y ~ group | block} or {.code strata =}."
    ), arg = "formula", call = call)
  }
  if (rlang::is_call(block, several_terms)) {
    abort_input(c(
      "What follows {.code |} in {.arg formula} must be one variable.",
      x = "It is {.code {rlang::as_label(block)}}.",
      i = "Write {.code interaction(a, b)} for strata by two variables."
    ), arg = "formula", call = call)
  }
  list(response = rlang::f_lhs(formula), group = rhs, block = block, env = rlang::f_env(formula))
}

# `quoted` holds the expressions of subset, strata and weights, evaluated in the data as R's
# modelling functions do.
model_columns <- function(formula, data, quoted, na.action, call = rlang::caller_env()) {
  if (!is.null(data) && !is.data.frame(data)) {
    abort_input(c(
      "{.arg data} must be a data frame.",
      x = "It is {.obj_type_friendly {data}}."
    ), arg = "data", call = call)
  }
  parts <- split_formula(formula, call)
  if (!is.null(parts$block) && !is.null(quoted$strata)) {
    abort_input("Give strata either after {.code |} or as {.arg strata}, not both.",
      arg = "strata", call = call
    )
  }
  plain <- rlang::new_formula(parts$response, parts$group, env = parts$env)
  frame_call <- as.call(c(
    list(quote(stats::model.frame), formula = plain, data = data,
      subset = quoted$subset, na.action = stats::na.pass,
      drop.unused.levels = FALSE
    ),
    list(strata = if (is.null(parts$block)) quoted$strata else parts$block),
    list(weights = quoted$weights)
  ))
  frame_call <- frame_call[!vapply(as.list(frame_call), is.null, NA)]
  frame <- tryCatch(eval(frame_call, parts$env), error = function(e) {
    abort_input(c("The variables could not be read.", x = conditionMessage(e)),
      arg = "formula", call = call, parent = NA
    )
  })
  n_all <- nrow(frame)
  kept <- drop_missing(frame, na.action, call)
  list(
    response = stats::model.response(kept),
    group = kept[[2]],
    strata = kept[["(strata)"]],
    weights = kept[["(weights)"]],
    response_name = rlang::as_label(parts$response),
    group_name = rlang::as_label(parts$group),
    n_rows = nrow(kept),
    n_dropped = n_all - nrow(kept)
  )
}

# NULL keeps all rows, as in R's modelling functions; na.fail and its kin raise our condition.
drop_missing <- function(frame, na.action, call) {
  if (is.null(na.action)) return(frame)
  handler <- tryCatch(match.fun(na.action), error = function(e) {
    abort_input("{.arg na.action} must be a function such as {.fn na.omit}.", arg = "na.action", call = call)
  })
  tryCatch(handler(frame), error = function(e) {
    abort_data(c("There are missing values.", x = conditionMessage(e)), arg = "na.action", call = call, parent = NA)
  })
}

# Group codes from 0, the reference first. Levels without rows are left out; characters are sorted.
read_groups <- function(group, name, ref = NULL, call = rlang::caller_env()) {
  if (is.numeric(group) && length(unique(group)) > 10) {
    abort_input(c(
      "{.field {name}} must name groups.",
      x = "It is numeric with {length(unique(group))} different values."
    ), arg = name, call = call)
  }
  if (anyNA(group)) {
    abort_data("{.field {name}} has missing values.", arg = name, call = call)
  }
  labels <- droplevels(as.factor(group))
  levels <- levels(labels)
  if (length(levels) != 2) {
    abort_data(c(
      "{.field {name}} must have exactly two groups.",
      x = "It has {length(levels)}: {.val {first_of(levels, 6)}}.",
      i = "Choose two with {.arg subset}."
    ), arg = name, levels = levels, call = call)
  }
  levels <- put_first(levels, ref, call)
  list(code = match(as.character(labels), levels) - 1L, levels = levels)
}

put_first <- function(levels, ref, call = rlang::caller_env()) {
  if (is.null(ref)) return(levels)
  ref <- check_choice(as.character(ref), levels, "ref", call = call)
  c(ref, setdiff(levels, ref))
}

# 0/1 events, and what counts as one. Accepts logical, 0/1, and a factor whose second level is the
# event; never guesses from other codings.
read_binary <- function(response, name, call = rlang::caller_env()) {
  if (anyNA(response)) {
    abort_data("{.field {name}} has missing values.", arg = name, call = call)
  }
  if (is.logical(response)) return(list(event = as.double(response), label = name))
  if (is.factor(response) && nlevels(response) == 2) {
    label <- paste(name, "=", levels(response)[[2]])
    return(list(event = as.double(response) - 1, label = label))
  }
  if (is.numeric(response) && is.null(dim(response)) && all(response %in% c(0, 1))) {
    return(list(event = as.double(response), label = name))
  }
  abort_input(c(
    "{.field {name}} must be a binary endpoint: logical, 0/1, or a factor with two levels.",
    x = "It is {.obj_type_friendly {response}} with values {.val {first_of(unique(as.vector(response)), 4)}}.",
    i = "Make the event explicit, for example {.code {name} == \"yes\"}."
  ), arg = name, call = call)
}

read_strata <- function(strata, n, call = rlang::caller_env()) {
  if (is.null(strata)) return(list(code = integer(n), levels = NULL))
  if (anyNA(strata)) abort_data("The strata have missing values.", arg = "strata", call = call)
  labels <- droplevels(as.factor(strata))
  list(code = as.integer(labels) - 1L, levels = levels(labels))
}

read_frequencies <- function(weights, n, call = rlang::caller_env()) {
  if (is.null(weights)) return(rep(1, n))
  if (!is.numeric(weights) || any(!is.finite(weights)) || any(weights < 0) ||
    any(weights != floor(weights))) {
    abort_input(c(
      "{.arg weights} must be whole numbers: how many patients each row stands for.",
      x = "They include {.val {first_of(setdiff(weights, seq(0, 10)), 3)}}."
    ), arg = "weights", call = call)
  }
  as.double(weights)
}

# What comparison_data() returns and results keep.
compared_fields <- c("cells", "groups", "strata", "event", "group_name", "n_dropped")

# The validated comparison: `cells` counts patients by stratum, group and event, and stands for all
# of the rows; `n_dropped` rows had missing values.
comparison_data <- function(formula, data, quoted, na.action, ref = NULL,
                            call = rlang::caller_env()) {
  columns <- model_columns(formula, data, quoted, na.action, call)
  if (columns$n_rows == 0) {
    abort_data(c("No rows are left to compare.",
      i = "{count_of(columns$n_dropped, 'row')} had missing values."
    ), call = call)
  }
  group <- read_groups(columns$group, columns$group_name, ref, call)
  strata <- read_strata(columns$strata, columns$n_rows, call)
  frequency <- read_frequencies(columns$weights, columns$n_rows, call)
  if (is.matrix(columns$response) && ncol(columns$response) == 2) {
    long <- expand_counts(columns$response, group$code, strata$code, frequency, call)
    named <- colnames(columns$response)[1]
    label <- if (is.null(named) || is.na(named) || named == "") columns$response_name else named
    event <- list(event = long$event, label = label)
    group$code <- long$group
    strata$code <- long$strata
    frequency <- long$frequency
  } else {
    event <- read_binary(columns$response, columns$response_name, call)
  }
  cells <- count_cells(strata$code, group$code, event$event, frequency, length(strata$levels))
  sizes <- tapply(cells$n, factor(cells$group, 0:1), sum)
  if (any(is.na(sizes) | sizes == 0)) {
    abort_data("Group {.val {group$levels[is.na(sizes) | sizes == 0]}} has no patients.", call = call)
  }
  list(
    cells = cells, groups = group$levels, strata = strata$levels, event = event$label,
    group_name = columns$group_name, n_dropped = columns$n_dropped
  )
}

# cbind(event, n - event) rows become two rows each, weighted by their counts.
expand_counts <- function(counts, group, strata, frequency, call) {
  if (any(!is.finite(counts)) || any(counts < 0) || any(counts != floor(counts))) {
    abort_input(c(
      "The counts in {.code cbind(event, n - event)} must be whole numbers of at least 0.",
      i = "Are there more events than patients?"
    ), arg = "formula", call = call)
  }
  list(
    event = rep(c(1, 0), each = nrow(counts)),
    group = rep(group, 2),
    strata = rep(strata, 2),
    frequency = c(counts[, 1], counts[, 2]) * rep(frequency, 2)
  )
}

# x events of n patients by stratum and group; groups and strata from 0.
count_cells <- function(strata, group, event, frequency, n_strata) {
  n_strata <- max(1L, n_strata)
  key <- factor(strata * 2L + group, levels = seq_len(2L * n_strata) - 1L)
  sum_by <- function(v) {
    total <- as.vector(rowsum(c(v, rep(0, nlevels(key))), c(as.character(key), levels(key)))[levels(key), ])
    as.double(total)
  }
  cells <- data.frame(
    stratum = rep(seq_len(n_strata) - 1L, each = 2), group = rep(0:1, n_strata),
    x = sum_by(event * frequency), n = sum_by(frequency)
  )
  cells[cells$n > 0, ]
}

# Counts of the two groups, strata added up.
group_counts <- function(cells, groups) {
  total <- function(v) as.double(tapply(v, factor(cells$group, 0:1), sum))
  data.frame(group = groups, x = total(cells$x), n = total(cells$n))
}

# The columns of a core cohort: one row a (stratum, group, event) with its frequency, or, for
# permutation, one row a patient.
core_cohort <- function(cells, expand = FALSE) {
  long <- rbind(
    data.frame(cells[c("stratum", "group")], response = 1, frequency = cells$x),
    data.frame(cells[c("stratum", "group")], response = 0, frequency = cells$n - cells$x)
  )
  long <- long[long$frequency > 0, ]
  long <- long[order(long$stratum, long$group, -long$response), ]
  if (expand) {
    long <- long[rep(seq_len(nrow(long)), long$frequency), ]
    long$frequency <- 1
  }
  list(
    group = as.integer(long$group), stratum = as.integer(long$stratum),
    frequency = as.double(long$frequency), response = as.double(long$response),
    n_groups = 2L, n_strata = as.integer(max(cells$stratum) + 1L)
  )
}
