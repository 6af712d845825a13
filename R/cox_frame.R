# From a formula and a data frame to what a Cox (or logistic) model is fitted to: the core's columns, and
# what the columns of the design mean.

# Terms that survival's coxph() knows and this model does not.
refused_terms <- c(
  offset = "An offset is not taken.", cluster = "Name clusters by {.code cluster =}.",
  tt = "Time-dependent coefficients are not fitted: split the times, {.code Surv(start, stop, status)}.",
  frailty = "Frailties are not fitted: {.code cluster =} gives variances for patients that belong together.",
  pspline = "Smooth terms are not fitted.", ridge = "Ridge penalties are not fitted."
)

# `quoted`: the expressions of subset, strata, cluster and weights. `what`: the function it is for.
cox_frame <- function(formula, data, quoted, na.action, call = rlang::caller_env(), what = "cox_regression") {
  if (!rlang::is_formula(formula, lhs = TRUE)) {
    like <- if (what == "cox_regression") "Surv(time, status) ~ her2 + age" else "pcr ~ her2 + age"
    abort_input(c("{.arg formula} must have two sides, like {.code {like}}."),
      arg = "formula", call = call
    )
  }
  if (!is.null(data) && !is.data.frame(data)) {
    abort_input(c("{.arg data} must be a data frame.", x = "It is {.obj_type_friendly {data}}."),
      arg = "data", call = call
    )
  }
  if (!is.null(data)) data <- read_labelled_columns(data, read = without_file_missing)
  refuse_quoted_names(quoted, call)
  strict <- formula
  rlang::f_lhs(strict) <- strict_response(rlang::f_lhs(formula))
  terms <- cox_terms(strict, data, call, what)
  frame <- cox_model_frame(terms, data, quoted, call)
  frame <- read_labelled_frame(frame)
  question_response(frame[[1]], rlang::f_lhs(formula), call)
  kept <- drop_missing(frame, na.action, call)
  list(
    frame = kept, terms = with_prediction(terms, frame), n_dropped = nrow(frame) - nrow(kept),
    simulated = is_simulated(data) || is_simulated(frame),
    response_name = rlang::as_label(rlang::f_lhs(formula))
  )
}

# With what scale(), poly() or ns() found in these rows, so that predict() makes the same columns of others.
with_prediction <- function(terms, frame) {
  attr(terms, "predvars") <- attr(attr(frame, "terms"), "predvars")
  terms
}

cox_terms <- function(formula, data, call, what = "cox_regression") {
  terms <- tryCatch(
    stats::terms(formula, specials = c("strata", names(refused_terms)), data = data),
    error = function(e) {
      abort_input(c("The formula could not be read.", x = conditionMessage(e)),
        arg = "formula", call = call, parent = NA
      )
    }
  )
  if (rlang::is_call(rlang::f_rhs(formula), "|")) {
    abort_input(c(
      "{.fn {what}} does not read {.code |} in {.arg formula}.",
      i = if (what == "cox_regression") {
        "Write strata as {.code + strata(block)} or {.code strata = block}."
      } else {
        "A block can be a covariate, as a factor."
      }
    ), arg = "formula", call = call)
  }
  specials <- attr(terms, "specials")
  for (name in names(refused_terms)) {
    if (!is.null(specials[[name]]) || (name == "offset" && !is.null(attr(terms, "offset")))) {
      abort_input(c("The formula has a term {.code {name}()}.", i = refused_terms[[name]]),
        arg = "formula", call = call
      )
    }
  }
  if (any(vapply(strata_variables(terms), function(v) any(attr(terms, "order")[in_terms(terms, v)] > 1), NA))) {
    abort_input(c(
      "{.code strata()} must be a term of its own.",
      i = "Effects that differ between strata: {.code x:group + strata(group)}."
    ), arg = "formula", call = call)
  }
  terms
}

# The variables of a formula that are strata(), by their place in the model frame.
strata_variables <- function(terms) {
  i <- attr(terms, "specials")$strata
  # survival::strata(x) is no special: R looks for the name alone.
  also <- which(vapply(as.list(attr(terms, "variables"))[-1], is_strata_call, NA))
  sort(union(i, also))
}

is_strata_call <- function(x) rlang::is_call(x, "strata", ns = c("", "survival"))

in_terms <- function(terms, variable) which(attr(terms, "factors")[variable, ] > 0)

cox_model_frame <- function(terms, data, quoted, call) {
  frame_call <- as.call(c(
    list(quote(stats::model.frame), formula = terms, data = data, subset = quoted$subset,
      na.action = quote(stats::na.pass), drop.unused.levels = FALSE
    ),
    list(strata = quoted$strata, cluster = quoted$cluster, weights = quoted$weights)
  ))
  frame_call <- frame_call[!vapply(as.list(frame_call), is.null, NA)]
  env <- cox_environment(environment(terms))
  environment(frame_call$formula) <- env
  tryCatch(eval(frame_call, env), error = function(e) {
    if (inherits(e, "her2mod_error")) rlang::cnd_signal(e)
    abort_input(c("The variables could not be read.", x = conditionMessage(e)),
      arg = "formula", call = call, parent = NA
    )
  })
}

# strata() is found without library(survival).
cox_environment <- function(env) {
  inside <- new.env(parent = env)
  inside$strata <- survival::strata
  inside
}

# --- rows ---------------------------------------------------------------------------------------------

# Whole weights are patients; others are sampling weights.
read_cox_weights <- function(weights, call = rlang::caller_env()) {
  if (is.null(weights)) return(NULL)
  if (!is.numeric(weights) || any(!is.finite(weights)) || any(weights < 0)) {
    abort_input(c(
      "{.arg weights} must be numbers of at least 0.",
      x = "They include {.val {first_of(weights[!is.finite(weights) | weights < 0], 3)}}."
    ), arg = "weights", call = call)
  }
  as.double(weights)
}

# strata() terms and `strata =` together, as codes and labels.
read_cox_strata <- function(frame, terms, call) {
  by <- c(lapply(strata_variables(terms), function(v) frame[[v]]), list(frame[["(strata)"]]))
  by <- by[!vapply(by, is.null, NA)]
  if (length(by) == 0) return(NULL)
  read_strata(if (length(by) == 1) by[[1]] else interaction(by, drop = TRUE, sep = ", "), call)
}

# --- covariates ---------------------------------------------------------------------------------------

# The design without its intercept: a list of columns, the term of each, and what each compares.
cox_design <- function(frame, terms, call = rlang::caller_env()) {
  strata <- strata_variables(terms)
  drop <- unlist(lapply(strata, function(v) in_terms(terms, v)))
  labels <- attr(terms, "term.labels")
  # Without an intercept a factor would get a column for every level.
  attr(terms, "intercept") <- 1L
  kept <- setdiff(seq_along(labels), drop)
  if (length(kept) == 0) {
    abort_input("The right side of {.arg formula} must name a covariate.", arg = "formula", call = call)
  }
  design <- plain_design(frame, labels[kept])
  if (is.null(design)) design <- matrix_design(frame, terms, drop, call)
  for (name in names(design$columns)) check_covariate(design$columns[[name]], name, call)
  design
}

# Numeric columns need no model matrix, whose copy of 10^6 rows takes longer than the fit.
plain_design <- function(frame, labels) {
  columns <- lapply(labels, function(label) frame[[label]])
  plain <- vapply(columns, function(x) is.numeric(x) && is.null(dim(x)) && !is.object(x), NA)
  if (!all(plain)) return(NULL)
  list(
    columns = stats::setNames(lapply(columns, as.double), labels), term = labels,
    meaning = paste("one unit more of", labels)
  )
}

matrix_design <- function(frame, terms, drop, call) {
  used <- if (length(drop)) stats::drop.terms(stats::delete.response(terms), drop) else stats::delete.response(terms)
  attr(used, "intercept") <- 1L
  frame <- droplevels_of(frame)
  refuse_one_level(frame[intersect(gsub("^`|`$", "", attr(used, "term.labels")), names(frame))], call)
  x <- tryCatch(stats::model.matrix(used, frame), error = function(e) {
    abort_data(c("The covariates make no design.", x = conditionMessage(e)), arg = "formula", call = call, parent = NA)
  })
  assign <- attr(x, "assign")
  labels <- attr(used, "term.labels")
  contrasts <- attr(x, "contrasts")
  keep <- which(assign > 0)
  list(
    columns = stats::setNames(lapply(keep, function(j) unname(x[, j])), colnames(x)[keep]),
    term = labels[assign[keep]],
    meaning = vapply(keep, function(j) column_meaning(colnames(x)[[j]], labels[[assign[[j]]]], frame, contrasts), ""),
    levelled = lapply(intersect(labels, names(contrasts)), function(label) {
      term_levels(x[, keep, drop = FALSE], which(labels[assign[keep]] == label), frame[[label]], label)
    })
  )
}

refuse_one_level <- function(columns, call) {
  named <- vapply(columns, function(x) is.factor(x) || is.character(x), NA)
  same <- names(which(vapply(columns[named], function(x) length(unique(x[!is.na(x)])) < 2, NA)))
  if (length(same) == 0) return(invisible())
  abort_data(c("A covariate must have two values or more.",
    x = "Everybody who is left has the same value of {.field {same}}.", i = "Leave {cli::qty(same)}{?it/them} out."
  ), arg = same, call = call)
}

# How a factor's levels are coded, whatever its contrasts: its columns of the design, and a row of them for each level.
term_levels <- function(x, columns, factor, label) {
  factor <- as.factor(factor)
  coding <- unname(x[match(levels(factor), factor), columns, drop = FALSE])
  list(columns = columns, names = paste0(label, levels(factor)), coding = coding)
}

droplevels_of <- function(frame) {
  for (j in which(vapply(frame, is.factor, NA))) frame[[j]] <- droplevels(frame[[j]])
  frame
}

# What a hazard ratio is of: a level over the reference, or one unit more.
column_meaning <- function(column, label, frame, contrasts) {
  x <- frame[[label]]
  if (is.null(x)) return(paste("interaction", column))
  if (is.numeric(x) && is.null(dim(x))) return(paste("one unit more of", label))
  if (is.logical(x)) return(paste0(label, ": TRUE over FALSE"))
  if (is.numeric(x)) return(column)
  trend <- c(.L = "linear", .Q = "quadratic", .C = "cubic")[sub(".*(?=[.])", "", column, perl = TRUE)]
  if (is.ordered(x) && identical(contrasts[[label]], "contr.poly") && !is.na(trend)) {
    return(paste0(label, ": ", trend, " trend over its levels"))
  }
  levels <- if (is.factor(x)) levels(x) else sort(unique(as.character(x)))
  level <- substring(column, nchar(label) + 1)
  treatment <- identical(contrasts[[label]], "contr.treatment")
  if (treatment && level %in% levels) paste0(label, ": ", level, " over ", levels[[1]]) else column
}

# A level without an estimate is held at the reference's hazard or odds: the other levels are over both. One that the
# likelihood leaves open is not held.
fitted_meaning <- function(fit) {
  meaning <- fit$given$meaning
  compared <- regmatches(meaning, regexec("^(.*): (.*) over (.*)$", meaning))
  of <- vapply(compared, function(part) if (length(part)) part[[2]] else NA_character_, "")
  lost <- is.na(fit$coefficients) & !is.na(of) & !names(fit$coefficients) %in% fit$open
  for (j in which(!lost & of %in% of[lost])) {
    with <- vapply(compared[lost & of %in% of[[j]]], `[[`, "", 3)
    meaning[[j]] <- paste0(meaning[[j]], " with ", toString(with))
  }
  meaning
}

check_covariate <- function(x, name, call) {
  if (anyNA(x)) abort_data("Covariate {.field {name}} has missing values.", arg = name, call = call)
  if (length(x) && any(is.infinite(range(x)))) {
    abort_data(c(
      "Covariates must be finite.",
      x = "{.field {name}} has {count_of(sum(is.infinite(x)), 'infinite value')}."
    ), arg = name, call = call)
  }
}

# The rows that count, and their weights (`NULL`: each counts once).
weighted_frame <- function(read, call) {
  frame <- read$frame
  weights <- read_cox_weights(frame[["(weights)"]], call)
  if (!is.null(weights) && any(weights == 0)) {
    frame <- frame[weights > 0, , drop = FALSE]
    weights <- weights[weights > 0]
  }
  if (nrow(frame) == 0) {
    abort_data(c("No rows are left to fit.", i = "{count_of(read$n_dropped, 'row')} had missing values."), call = call)
  }
  list(frame = frame, weights = weights)
}

# Of a logistic or Cox model.
warn_profile <- function(fit) {
  if (is.null(fit$profile) || fit$end == "unsettled") return(invisible())
  lost <- names(fit$coefficients)[!is.na(fit$coefficients) & rowSums(is.na(fit$profile)) > 0]
  if (length(lost) == 0) return(invisible())
  warn_her2(c(
    "{cli::qty(length(lost))}The profile likelihood{?s} of {.field {lost}} could not be followed to an end.",
    i = "What is {.val {NA}} of {cli::qty(length(lost))}{?its interval/their intervals} is unknown, not infinite."
  ), "unsettled", covariates = lost)
}
