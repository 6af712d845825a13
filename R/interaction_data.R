# From `y ~ therapy * her2 + covariates` to rows with a therapy (0, 1), a modifier (0, 1, ...), a response and
# covariates. As elsewhere `group` is who is compared, the therapy, and `stratum` within what: the modifier.

interaction_formula_help <- c(i = "Write {.code pcr ~ therapy * her2}: whose effect, and between which groups it may differ.")

# The two variables of the one interaction, in the order in which they stand, and the other terms.
interaction_terms <- function(formula, data, call) {
  if (!rlang::is_formula(formula, lhs = TRUE)) {
    abort_input(c("{.arg formula} must have two sides.", x = "It is {.code {rlang::as_label(formula)}}.",
      interaction_formula_help), arg = "formula", call = call)
  }
  if (!is.null(data) && !is.data.frame(data)) {
    abort_input(c("{.arg data} must be a data frame.", x = "It is {.obj_type_friendly {data}}."), arg = "data", call = call)
  }
  if (rlang::is_call(rlang::f_rhs(formula), "|")) {
    abort_input(c("Strata after {.code |} are not read here.",
      i = "Add {.code strata(centre)} (survival), or the variable as a covariate."), arg = "formula", call = call)
  }
  terms <- cox_terms(formula, data, call)
  order <- attr(terms, "order")
  factors <- attr(terms, "factors")
  if (sum(order > 1) != 1 || max(order) != 2) {
    abort_input(c("{.arg formula} must have one interaction, of two variables.",
      x = "It has {sum(order > 1)}{if (any(order > 2)) ', of more than two' else ''}.",
      interaction_formula_help), arg = "formula", call = call)
  }
  pair <- rownames(factors)[factors[, order == 2] > 0]
  if (!all(pair %in% attr(terms, "term.labels"))) {
    abort_input(c("Both variables of the interaction must be in {.arg formula} themselves, too.",
      interaction_formula_help), arg = "formula", call = call)
  }
  others <- setdiff(attr(terms, "term.labels"), c(pair, attr(terms, "term.labels")[order == 2]))
  # Columns of the model frame have no backticks where their terms do.
  plain <- gsub("^`|`$", "", pair)
  list(terms = terms, therapy = plain[[1]], modifier = plain[[2]], others = others)
}

# A list of what is compared: rows, cells, groups (therapies), strata (levels of the modifier), names, counts.
# `all_cells`: whether each level must have patients of both therapies.
interaction_data <- function(formula, data, quoted, na.action, ref, call = rlang::caller_env(), all_cells = TRUE) {
  parts <- interaction_terms(formula, data, call)
  read <- cox_frame(formula, data, quoted, na.action, call)
  frame <- read$frame
  if (nrow(frame) == 0) {
    abort_data(c("No rows are left to compare.", i = "{count_of(read$n_dropped, 'row')} had missing values."), call = call)
  }
  ref <- check_references(ref, parts, call)
  therapy <- read_therapy(frame[[parts$therapy]], parts$therapy, ref[[parts$therapy]], call)
  modifier <- read_modifier(frame[[parts$modifier]], parts$modifier, ref[[parts$modifier]], call, if (all_cells) 2 else 1)
  rows <- new_rows(
    group = therapy$code, stratum = modifier$code, frequency = read_frequencies(frame[["(weights)"]], call)
  )
  covariates <- interaction_covariates(frame, read$terms, parts, call)
  rows[covariate_names(covariates$columns)] <- covariates$columns
  rows$block <- covariates$block
  endpoint <- if (inherits(frame[[1]], "Surv")) "survival" else "binary"
  response <- list(response = as_vector(frame[[1]]), response_name = read$response_name)
  got <- read_response(response, endpoint, rows, call)
  rows <- rows_of_patients(got$rows)
  x <- list(
    endpoint = endpoint, rows = rows, groups = therapy$levels, strata = modifier$levels, event = got$label,
    therapy = parts$therapy, modifier = parts$modifier, covariates = names(covariates$columns),
    adjusted = parts$others, n_dropped = read$n_dropped
  )
  if (endpoint == "binary" && !is.null(rows$block)) {
    abort_input(c("{.code strata()} is for survival times.", i = "Add the variable itself as a covariate."),
      arg = "formula", call = call)
  }
  x$cells <- interaction_cells(x)
  if (all_cells) refuse_empty_cells(x, call)
  x
}

check_references <- function(ref, parts, call) {
  if (is.null(ref)) return(list())
  ref <- as.list(ref)
  if (is.null(names(ref)) || length(setdiff(names(ref), c(parts$therapy, parts$modifier)))) {
    abort_input(c("{.arg ref} must name the variables: {.code c({parts$therapy} = \"...\", {parts$modifier} = \"...\")}.",
      x = "It names {.val {names(ref)}}."), arg = "ref", call = call)
  }
  ref
}

read_therapy <- function(x, name, ref, call) {
  n <- length(read_labels(x)$levels)
  if (n > 2) {
    abort_data(c("{.field {name}} must have exactly two levels: its effect is one number.",
      x = "It has {n}: {.val {first_of(read_labels(x)$levels, 6)}}.",
      i = "Choose two with {.arg subset}, and compare pair by pair.",
      i = "The variable whose effect is compared stands first: {.code {name} * ...}."
    ), arg = name, call = call)
  }
  read_groups(x, name, ref, c(2, 2), call = call)
}

read_modifier <- function(x, name, ref, call, fewest = 2) {
  levels <- read_labels(x)$levels
  n <- length(levels)
  if (n == 1 && fewest == 1) return(list(code = integer(length(x)), levels = levels))
  if (is.numeric(x) && n > 12) {
    abort_data(c("{.field {name}} must be groups between which the effect may differ.",
      x = "It is a number with {n} different values.", i = "Cut it into groups: {.code cut(x, breaks)}."
    ), arg = name, call = call)
  }
  read_groups(x, name, ref, c(2, Inf), call = call)
}

# Columns of the design of the other terms, and strata() as codes.
interaction_covariates <- function(frame, terms, parts, call) {
  block <- read_cox_strata(frame, terms, call)$code
  strata <- names(frame)[strata_variables(terms)]
  plain <- setdiff(parts$others, strata)
  if (length(plain) == 0) return(list(columns = list(), block = block))
  one_side <- stats::reformulate(plain)
  environment(one_side) <- environment(terms)
  kept <- stats::terms(one_side)
  variables <- vapply(as.list(attr(kept, "variables"))[-1], function(v) paste(deparse(v, 500L), collapse = ""), "")
  own <- structure(as.list(frame)[variables], class = "data.frame",
    row.names = .set_row_names(nrow(frame)), terms = kept)
  list(columns = cox_design(own, kept, call)$columns, block = block)
}

# Events and patients of every therapy in every level of the modifier, those without patients too.
interaction_cells <- function(x) {
  cells <- count_cells(x$rows, 2L, length(x$strata), x$endpoint)
  full <- expand.grid(group = 0:1, stratum = seq_along(x$strata) - 1L)
  at <- match(paste(full$stratum, full$group), paste(cells$stratum, cells$group))
  data.frame(
    stratum = full$stratum, group = full$group,
    x = ifelse(is.na(at), 0, cells$x[at]), n = ifelse(is.na(at), 0, cells$n[at])
  )
}

refuse_empty_cells <- function(x, call) {
  empty <- x$cells[x$cells$n == 0, ]
  if (nrow(empty) == 0) return(invisible())
  abort_data(c(
    "Each level of {.field {x$modifier}} must have patients with both of {.field {x$therapy}}.",
    x = "{.val {x$strata[empty$stratum[[1]] + 1]}} has nobody with {.val {x$groups[empty$group[[1]] + 1]}}.",
    i = "Leave it out with {.arg subset}."
  ), arg = x$modifier, call = call)
}

# One row a level of the modifier.
interaction_tables <- function(cells) {
  of <- function(group) cells[cells$group == group, ]
  data.frame(x0 = of(0)$x, n0 = of(0)$n, x1 = of(1)$x, n1 = of(1)$n)
}
