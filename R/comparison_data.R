# From a formula and a data frame to a validated comparison: response, group, stratum, cluster,
# frequency. What a response may be is in read_response.R, what the core gets of it in cohort.R.

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
  if (identical(rhs, 1)) rhs <- NULL
  if (!is.null(rhs) && (length(all.vars(rhs)) == 0 || "." %in% all.vars(rhs) ||
    rlang::is_call(rhs, several_terms))) {
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
  if (!is.null(data)) data <- read_labelled_columns(data, read = without_file_missing)
  refuse_quoted_names(quoted, call)
  parts <- split_formula(formula, call)
  if (!is.null(parts$block) && !is.null(quoted$strata)) {
    abort_input("Give strata either after {.code |} or as {.arg strata}, not both.",
      arg = "strata", call = call
    )
  }
  group <- if (is.null(parts$group)) 1 else parts$group
  plain <- rlang::new_formula(strict_response(parts$response), group, env = parts$env)
  frame_call <- as.call(c(
    list(quote(stats::model.frame), formula = plain, data = data,
      subset = quoted$subset, na.action = stats::na.pass,
      drop.unused.levels = FALSE
    ),
    list(strata = if (is.null(parts$block)) quoted$strata else parts$block),
    list(cluster = quoted$cluster, weights = quoted$weights, response_time = quoted$response_time),
    covariate_variables(quoted$adjust),
    # Which rows of the data are kept.
    list(row = if (!is.null(data)) seq_len(nrow(data)))
  ))
  frame_call <- frame_call[!vapply(as.list(frame_call), is.null, NA)]
  frame <- tryCatch(eval(frame_call, parts$env), error = function(e) {
    if (inherits(e, "her2mod_error")) stop(e)
    abort_input(c("The variables could not be read.", x = conditionMessage(e)),
      arg = "formula", call = call, parent = NA
    )
  })
  frame <- read_labelled_frame(frame)
  n_all <- nrow(frame)
  question_response(frame[[1]], parts$response, call)
  kept <- drop_missing(frame, na.action, call)
  design <- if (!is.null(quoted$adjust)) covariate_columns(kept, quoted$adjust, call)
  list(
    response = as_vector(kept[[1]]),
    group = if (!is.null(parts$group)) kept[[2]],
    strata = kept[["(strata)"]],
    cluster = kept[["(cluster)"]],
    weights = kept[["(weights)"]],
    covariates = design$columns, levelled = design$levelled,
    response_time = kept[["(response_time)"]],
    row = kept[["(row)"]],
    response_name = rlang::as_label(parts$response),
    group_name = if (!is.null(parts$group)) rlang::as_label(parts$group),
    n_rows = nrow(kept),
    n_dropped = n_all - nrow(kept),
    simulated = is_simulated(data) || is_simulated(frame)
  )
}

# Evaluated in the data, as R's modelling functions do: a text would be the same stratum for everybody.
refuse_quoted_names <- function(quoted, call) {
  for (name in c("strata", "cluster", "weights")) {
    if (!rlang::is_string(quoted[[name]])) next
    abort_input("{.arg {name}} must be a variable, not its name as text: {.code {name} = {quoted[[name]]}}.",
      arg = name, value = quoted[[name]], call = call
    )
  }
}

# The variables of a formula of covariates, as further columns of the model frame: covariate1, ...
covariate_variables <- function(adjust) {
  if (is.null(adjust)) return(NULL)
  variables <- as.list(attr(stats::terms(adjust), "variables"))[-1]
  stats::setNames(variables, paste0("covariate", seq_along(variables)))
}

# The columns of their design, and how levels are coded there.
covariate_columns <- function(kept, adjust, call) {
  variables <- covariate_variables(adjust)
  frame <- as.list(kept)[paste0("(", names(variables), ")")]
  names(frame) <- vapply(variables, function(v) paste(deparse(v, 500L), collapse = ""), "")
  # As model.frame() leaves them: log(x) is not evaluated again.
  terms <- stats::terms(adjust)
  frame <- structure(frame, class = "data.frame", row.names = .set_row_names(nrow(kept)), terms = terms)
  cox_design(frame, terms, call)
}

# A matrix of one column is a vector.
as_vector <- function(x) {
  if (is.matrix(x) && ncol(x) == 1) dim(x) <- NULL
  x
}

# NULL keeps all rows, as in R's modelling functions; na.fail and its kin raise our condition.
drop_missing <- function(frame, na.action, call) {
  if (is.null(na.action)) return(frame)
  handler <- tryCatch(match.fun(na.action), error = function(e) {
    abort_input("{.arg na.action} must be a function such as {.fn na.omit}.", arg = "na.action", call = call)
  })
  # Where nothing is missing R's own keep every row, but copy all columns to do so.
  of_r <- any(vapply(list(stats::na.omit, stats::na.exclude, stats::na.fail), identical, NA, handler))
  if (of_r && !any(vapply(frame, has_missing, NA))) return(frame)
  tryCatch(handler(frame), error = function(e) {
    abort_data(c("There are missing values.", x = conditionMessage(e)), arg = "na.action", call = call, parent = NA)
  })
}

# anyNA() of a factor asks is.na() of every row first, and of a Surv of every row's columns.
has_missing <- function(x) {
  if (is.factor(x)) return(sum(tabulate(x, nlevels(x))) < length(x))
  anyNA(if (inherits(x, "Surv")) unclass(x) else x)
}

# Group codes from 0, the reference first. Levels without rows are left out; characters are sorted.
# `n_groups`: how many are allowed, c(fewest, most).
read_groups <- function(group, name, ref = NULL, n_groups = c(2, 2), n_rows = length(group),
                        call = rlang::caller_env()) {
  if (is.null(group)) return(one_group(n_rows, n_groups, call))
  labels <- read_labels(group)
  if (is.numeric(group) && length(labels$label) > 10) {
    abort_input(c(
      "{.field {name}} must name groups.",
      x = "It is numeric with {length(labels$label)} different values."
    ), arg = name, call = call)
  }
  if (has_missing(group)) {
    abort_data("{.field {name}} has missing values.", arg = name, call = call)
  }
  levels <- labels$levels
  if (length(levels) < max(2, n_groups[[1]]) || length(levels) > n_groups[[2]]) {
    wanted <- if (n_groups[[2]] == 2) "exactly two groups" else "at least two groups"
    abort_data(c(
      "{.field {name}} must have {wanted}.",
      x = "It has {length(levels)}: {.val {first_of(levels, 6)}}{if (length(levels) > 6) ', ...'}.",
      i = if (length(levels) > 2) "Choose two with {.arg subset}."
    ), arg = name, levels = levels, call = call)
  }
  levels <- put_first(levels, ref, call)
  list(code = level_codes(labels, levels), levels = levels)
}

one_group <- function(n_rows, n_groups, call) {
  if (n_groups[[1]] > 1) {
    abort_input(c(
      "The right side of {.arg formula} must name one grouping variable.",
      x = "It is {.code 1}.",
      i = "Only {.fn stat_custom} takes one sample."
    ), arg = "formula", call = call)
  }
  list(code = integer(n_rows), levels = "all")
}

put_first <- function(levels, ref, call = rlang::caller_env()) {
  if (is.null(ref)) return(levels)
  ref <- check_choice(as.character(ref), levels, "ref", call = call)
  c(ref, setdiff(levels, ref))
}

# What names groups, strata or clusters, as as.factor() reads it, but without a text for every row (10^6
# of them are a copy of the data): `label[code]` is each row's, and `levels` are those with rows, in order.
read_labels <- function(x) {
  x <- read_labelled(x)
  if (!is.atomic(x) || (is.object(x) && !is.factor(x))) x <- as.factor(x)
  if (is.factor(x)) {
    return(list(code = x, label = levels(x), levels = levels(x)[tabulate(x, nlevels(x)) > 0]))
  }
  # Where there are few values, all are among the first rows.
  values <- unique(x[seq_len(min(1000, length(x)))])
  code <- match(x, values)
  if (anyNA(code)) {
    values <- unique(x)
    code <- match(x, values)
  }
  label <- as.character(values)
  list(code = code, label = label, levels = unique(label[order(values)]))
}

# The place of each row's label among `levels`, from 0.
level_codes <- function(labels, levels = labels$levels) (match(labels$label, levels) - 1L)[labels$code]

# Codes are NULL where there are no strata: all rows are in one.
read_strata <- function(strata, call = rlang::caller_env()) {
  if (is.null(strata)) return(NULL)
  if (has_missing(strata)) abort_data("The strata have missing values.", arg = "strata", call = call)
  labels <- read_labels(strata)
  list(code = level_codes(labels), levels = labels$levels)
}

# Each cluster with patients a code from 0; NULL where every patient stands for himself.
read_clusters <- function(cluster, strata, frequency, call = rlang::caller_env()) {
  if (is.null(cluster)) return(NULL)
  if (has_missing(cluster)) abort_data("The clusters have missing values.", arg = "cluster", call = call)
  used <- if (is.null(frequency)) rep(TRUE, length(cluster)) else frequency > 0
  labels <- read_labels(cluster)
  levels <- labels$levels[labels$levels %in% labels$label[unique(labels$code[used])]]
  code <- level_codes(labels, levels)
  if (is.null(strata)) return(list(code = code, levels = levels))
  spread <- tapply(strata[used], code[used], function(s) length(unique(s)) > 1)
  if (any(spread)) {
    abort_data(c(
      "A cluster must lie within one stratum.",
      x = "{.val {first_of(levels[spread], 4)}} {?has/have} rows in several.",
      i = "Name the clusters apart, for example {.code interaction(strata, cluster)}."
    ), arg = "cluster", call = call)
  }
  list(code = code, levels = levels)
}

# NULL where every row is one patient.
read_frequencies <- function(weights, call = rlang::caller_env()) {
  if (is.null(weights)) return(NULL)
  if (!is.numeric(weights) || any(!is.finite(weights)) || any(weights < 0) ||
    any(weights != floor(weights))) {
    abort_input(c(
      "{.arg weights} must be whole numbers: how many patients each row stands for.",
      x = if (is.numeric(weights)) {
        "They include {.val {first_of(setdiff(weights, seq(0, 10)), 3)}}."
      } else {
        "They are {.obj_type_friendly {weights}}."
      }
    ), arg = "weights", call = call)
  }
  if (all(weights == 1)) NULL else as.double(weights)
}

# What results keep of a comparison. Where there is a job its cohort has the rows; but where labels are
# permuted within clusters not their strata.
kept_of <- function(compared, job) {
  if (!is.null(job) && is.null(compared$clusters)) compared$rows <- NULL
  fields_of(compared, c(
    "endpoint", "cells", "rows", "data", "groups", "strata", "clusters", "event", "group_name", "n_dropped",
    "simulated", "covariates", "levelled"
  ))
}

# The validated comparison: for a binary endpoint without clusters `cells` counts patients by
# stratum, group and event, and stands for all of the rows; otherwise `rows` has one row a row of
# the data that stands for patients, without a column of strata or frequencies where there are none;
# `by_row`: in any case. `n_dropped` rows had missing values.
comparison_data <- function(formula, data, quoted, na.action, ref = NULL, endpoint = "binary",
                            n_groups = c(2, 2), by_row = FALSE, call = rlang::caller_env()) {
  columns <- model_columns(formula, data, quoted, na.action, call)
  if (columns$n_rows == 0) {
    abort_data(c("No rows are left to compare.",
      i = "{count_of(columns$n_dropped, 'row')} had missing values."
    ), call = call)
  }
  group <- read_groups(columns$group, columns$group_name, ref, n_groups, columns$n_rows, call)
  strata <- read_strata(columns$strata, call)
  frequency <- read_frequencies(columns$weights, call)
  cluster <- read_clusters(columns$cluster, strata$code, frequency, call)
  rows <- new_rows(
    group = group$code, stratum = strata$code, frequency = frequency, cluster = cluster$code,
    row = columns$row
  )
  rows[covariate_names(columns$covariates)] <- columns$covariates
  read <- read_response(columns, endpoint, rows, call)
  rows <- read$rows
  compared <- list(
    endpoint = endpoint, groups = group$levels, strata = strata$levels, clusters = cluster$levels,
    event = read$label, group_name = columns$group_name, n_dropped = columns$n_dropped,
    simulated = columns$simulated
  )
  # What the columns of the design are called.
  if (!is.null(columns$covariates)) {
    question_covariates(columns$covariates, group$code, columns$group_name, call)
    compared$covariates <- names(columns$covariates)
    compared$levelled <- columns$levelled
  }
  compared$cells <- count_cells(rows, length(compared$groups), length(strata$levels), endpoint)
  refuse_empty_groups(compared$cells, compared$groups, call)
  if (endpoint == "custom") compared$data <- as.data.frame(data)
  if (by_row || endpoint != "binary" || !is.null(cluster)) compared$rows <- rows_of_patients(rows)
  compared
}

# A group that its covariates determine has no effect given them; a covariate that others determine adds nothing.
question_covariates <- function(covariates, group, group_name, call) {
  unit <- function(x) {
    x <- x - mean(x)
    length <- sqrt(sum(x^2))
    if (length > 0) x / length else x
  }
  columns <- vapply(covariates, unit, double(length(group)))
  decomposed <- qr(crossprod(columns), tol = 1e-9)
  used <- sort(decomposed$pivot[seq_len(decomposed$rank)])
  one <- columns[, used, drop = FALSE]
  own <- unit(group)
  share <- crossprod(one, own)
  # Covariates that are all constant explain nothing.
  unexplained <- if (length(used)) 1 - sum(share * solve(crossprod(one), share)) else 1
  if (unexplained < 1e-9) {
    abort_data(c(
      "The covariates determine {.field {group_name}}: given them there is nothing to compare.",
      i = "Leave out the covariate that goes with the groups."
    ), arg = "adjust", call = call)
  }
  lost <- setdiff(seq_along(covariates), used)
  if (length(lost)) {
    warn_her2(c("{cli::qty(length(lost))}{.field {names(covariates)[lost]}} add{?s/} nothing to the covariates before.",
      i = "{cli::qty(length(lost))}{?It is/They are} constant, or {?depends/depend} on them."
    ), "collinear", covariates = names(covariates)[lost])
  }
}

covariate_names <- function(covariates) sprintf("covariate%d", seq_along(covariates))

rows_of_patients <- function(rows) {
  if (is.null(rows$frequency) || min(rows$frequency) > 0) rows else take_rows(rows, rows$frequency > 0)
}

# A data frame of the columns that are not NULL, of one length. data.frame() would check and copy them.
new_rows <- function(...) {
  columns <- list(...)
  columns <- columns[!vapply(columns, is.null, NA)]
  structure(columns, class = "data.frame", row.names = .set_row_names(length(columns[[1]])))
}

# Rows of a data frame, by number or by a logical for each. `[` would also copy and check their names.
take_rows <- function(rows, which) do.call(new_rows, lapply(rows, function(column) column[which]))

refuse_empty_groups <- function(cells, groups, call) {
  empty <- !(seq_along(groups) - 1) %in% cells$group
  if (any(empty)) {
    abort_data("Group {.val {groups[empty]}} has no patients.", call = call)
  }
}
