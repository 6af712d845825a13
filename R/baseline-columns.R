# What the columns of a Table 1 are: their types, labels, and which cannot be shown.

baseline_types <- c("continuous", "ordered", "binary", "categorical")

# A column's name as a string, a bare name, or a one-sided formula. `asked` is what was written, and where.
read_column_name <- function(asked, data, arg, call = rlang::caller_env()) {
  quoted <- rlang::quo_get_expr(asked)
  if (is.symbol(quoted) && as.character(quoted) %in% names(data)) return(as.character(quoted))
  value <- tryCatch(eval(quoted, rlang::quo_get_env(asked)), error = function(e) {
    abort_input(c(
      "{.arg {arg}} must name a column of {.arg data}.", x = conditionMessage(e)
    ), arg = arg, call = call, parent = NA)
  })
  if (is.null(value)) return(NULL)
  if (rlang::is_formula(value, lhs = FALSE) && is.symbol(rlang::f_rhs(value))) value <- as.character(rlang::f_rhs(value))
  check_choice(value, names(data), arg, call = call)
}

# Which columns are asked for: names, a one-sided formula of them, or NULL for all others.
read_vars <- function(vars, data, taken, call = rlang::caller_env()) {
  if (is.null(vars)) return(setdiff(names(data), taken))
  if (rlang::is_formula(vars, lhs = FALSE)) vars <- formula_names(rlang::f_rhs(vars), call)
  check_choice(vars, names(data), "vars", several = TRUE, call = call)
  twice <- unique(vars[duplicated(vars)])
  if (length(twice)) abort_input(c("{.arg vars} must be different columns.", x = "Twice: {.val {twice}}."),
    arg = "vars", call = call
  )
  if (any(vars %in% taken)) {
    abort_input(c(
      "{.arg vars} cannot hold the column of groups or of strata.", x = "It has {.val {intersect(vars, taken)}}."
    ), arg = "vars", value = vars, call = call)
  }
  vars
}

# a + b + `c d` as names.
formula_names <- function(rhs, call) {
  if (is.symbol(rhs)) return(as.character(rhs))
  if (rlang::is_call(rhs, "+", n = 2)) return(c(formula_names(rhs[[2]], call), formula_names(rhs[[3]], call)))
  abort_input(c("{.arg vars} as a formula must be names of columns, joined by {.code +}.",
    x = "It has {.code {rlang::as_label(rhs)}}."
  ), arg = "vars", call = call)
}

# Why a column cannot be shown, or NULL. `asked`: it was named.
unusable_column <- function(x, asked) {
  if (!is.null(dim(x)) && !(is.matrix(x) && ncol(x) == 1)) return("a matrix or data frame")
  if (inherits(x, "Surv")) return("survival times (compare_survival() compares them)")
  if (inherits(x, c("Date", "POSIXt"))) return("dates (take the difference from one of them, in days)")
  if (is.list(x)) return("a list")
  if (!is.numeric(x) && !is.logical(x) && !is.character(x) && !is.factor(x) && !inherits(x, "difftime")) {
    return(paste("of class", class(x)[[1]]))
  }
  if (is.numeric(x) || is.logical(x) || inherits(x, "difftime")) return(NULL)
  different <- if (is.factor(x)) nlevels(x) else length(unique(x[!is.na(x)]))
  if (different > most_levels) return(paste(different, "different texts, with room for", most_levels))
  if (!asked && is.character(x) && different > 10 && different == sum(!is.na(x))) return("a different text for every patient")
  NULL
}

most_levels <- 200

# Those that can be shown. What was asked for and cannot be is an error that lists all of it; of all columns they are
# left out, which is said.
usable_columns <- function(data, vars, asked, call = rlang::caller_env()) {
  why <- lapply(stats::setNames(nm = vars), function(name) unusable_column(data[[name]], asked))
  why <- unlist(why[!vapply(why, is.null, NA)])
  if (length(why) == 0) return(list(vars = vars, left_out = character()))
  listed <- paste0(names(why), ": ", why)
  if (asked) {
    listed <- stats::setNames(escape_braces(listed), rep("x", length(why)))
    abort_input(c("These of {.arg vars} cannot be shown in a table.", listed),
      arg = "vars", value = names(why), call = call
    )
  }
  if (length(why) == length(vars)) {
    abort_data(c("No column of {.arg data} can be shown in a table.",
      stats::setNames(escape_braces(listed), rep("x", length(why)))
    ), call = call)
  }
  list(vars = setdiff(vars, names(why)), left_out = why)
}

# Names of columns may hold braces, which cli would read.
escape_braces <- function(x) gsub("}", "}}", gsub("{", "{{", x, fixed = TRUE), fixed = TRUE)

default_type <- function(x) {
  if (is.logical(x)) return("binary")
  if (is.ordered(x)) return(if (nlevels(x) == 2) "binary" else "ordered")
  if (is.factor(x)) return(if (nlevels(x) == 2) "binary" else "categorical")
  if (is.character(x)) return(if (length(unique(x[!is.na(x)])) == 2) "binary" else "categorical")
  if (is.numeric(x) && !all(is.na(x)) && all(x %in% c(0, 1, NA))) return("binary")
  "continuous"
}

# A named vector that says something of some columns.
check_by_name <- function(x, arg, vars, choices = NULL, call = rlang::caller_env()) {
  if (is.null(x)) return(NULL)
  if (!is.null(choices)) check_choice(unname(unlist(x)), choices, arg, several = TRUE, call = call)
  unknown <- setdiff(names(x), vars)
  if (is.null(names(x)) || length(unknown) || anyDuplicated(names(x))) {
    abort_input(c(
      "{.arg {arg}} must have names that are columns of the table, each once.",
      x = if (is.null(names(x))) "It has no names." else "It has {.val {if (length(unknown)) unknown else names(x)}}."
    ), arg = arg, value = x, call = call)
  }
  unlist(x)
}

# A variable of the table: `value` as codes from 1 of `levels`, or as numbers; NA where it is missing.
read_variable <- function(x, name, type, label, missing_as, call = rlang::caller_env()) {
  if (is.matrix(x)) dim(x) <- NULL
  if (is.null(type)) type <- default_type(x)
  label <- if (!is.null(label)) label else own_label(x, name)
  if (type == "continuous") return(continuous_variable(x, name, label, call))
  levelled <- as_levels(x)
  if (missing_as == "category" && anyNA(levelled$code)) {
    levelled$levels <- c(levelled$levels, missing_level(levelled$levels))
    levelled$code[is.na(levelled$code)] <- length(levelled$levels)
    if (type == "binary") type <- "categorical"
    if (type == "ordered") type <- "categorical"
  }
  if (length(levelled$levels) > most_levels) {
    abort_input(c("{.field {name}} has {length(levelled$levels)} levels, and there is room for {most_levels}.",
      i = "Is it a measurement? Then {.code types = c({name} = \"continuous\")}."
    ), arg = name, call = call)
  }
  if (type == "binary" && length(levelled$levels) != 2) {
    abort_input(c("{.field {name}} must have two levels to be {.val binary}.",
      x = "It has {.val {first_of(levelled$levels, 6)}}."
    ), arg = "types", call = call)
  }
  list(
    name = name, label = label, type = type, code = levelled$code, levels = levelled$levels,
    # Yes or no needs one row; of two named levels the second is shown, by its name.
    yes_no = type == "binary" && is.logical(x)
  )
}

# Numbers, or codes of levels.
values_of <- function(variable) if (variable$type == "continuous") variable$value else variable$code

missing_level <- function(levels) if ("Missing" %in% levels) "Missing (no value)" else "Missing"

continuous_variable <- function(x, name, label, call) {
  if (is.factor(x) || is.character(x)) {
    abort_input(c("{.field {name}} must be numbers to be {.val continuous}.", x = "It is {.obj_type_friendly {x}}."),
      arg = "types", call = call
    )
  }
  unit <- if (inherits(x, "difftime")) attr(x, "units")
  value <- as.double(x)
  infinite <- sum(is.infinite(value))
  if (infinite > 0) {
    abort_data(c(
      "{.field {name}} must be finite.", x = "{count_of(infinite, 'value')} {cli::qty(infinite)}{?is/are} infinite.",
      i = "What is not known is {.code NA}."
    ), arg = name, call = call)
  }
  value[is.nan(value)] <- NA
  if (!is.null(unit)) label <- paste0(label, ", ", unit)
  list(name = name, label = label, type = "continuous", value = value, few = few_values(value))
}

# Codes of categories that were left as numbers look like this: how many values, or NA.
few_values <- function(value) {
  different <- unique(first_of(value[!is.na(value)], 10000))
  few <- length(different) > 1 && length(different) <= 5 && sum(!is.na(value)) > 20 && all(different == floor(different))
  if (few) length(different) else NA_integer_
}

few_values_of <- function(variables) {
  numbers <- variables[vapply(variables, `[[`, "", "type") == "continuous"]
  few <- stats::setNames(vapply(numbers, `[[`, 0L, "few"), vapply(numbers, `[[`, "", "label"))
  few[!is.na(few)]
}

# Levels in their order, those without patients included; text sorted; FALSE before TRUE.
as_levels <- function(x) {
  if (is.logical(x)) return(list(code = as.integer(x) + 1L, levels = c("no", "yes")))
  if (is.factor(x)) {
    # addNA() makes a level of what is missing.
    levels <- levels(x)
    code <- as.integer(x)
    if (anyNA(levels)) {
      code[is.na(levels)[code]] <- NA
      levels <- levels[!is.na(levels)]
    }
    return(list(code = code, levels = levels))
  }
  if (is.numeric(x) && all(x %in% c(0, 1, NA))) return(list(code = as.integer(x) + 1L, levels = c("0", "1")))
  values <- sort(unique(x[!is.na(x)]))
  list(code = match(x, values), levels = as.character(values))
}

# haven and others keep a variable's label with it.
own_label <- function(x, name) {
  label <- attr(x, "label", exact = TRUE)
  usable <- is.character(label) && length(label) == 1 && !is.na(label) && nzchar(trimmed(label))
  # Headers of spreadsheets hold line breaks.
  if (usable) gsub("\\s+", " ", trimmed(label)) else name
}

# Patients without a group (or a stratum) are dropped and counted.
baseline_groups <- function(data, by, ref, strata, call = rlang::caller_env()) {
  group <- as_vector(data[[by]])
  if (is.list(group)) abort_input("{.arg by} must not be a list column.", arg = "by", call = call)
  stratum <- if (!is.null(strata)) as_vector(data[[strata]])
  known <- !is.na(group)
  if (!is.null(stratum)) known <- known & !is.na(stratum)
  if (!any(known)) {
    abort_data(c("No rows are left to compare.", i = "{count_of(length(known), 'row')} had no group or stratum."), call = call)
  }
  all <- all(known)
  read <- read_groups(if (all) group else group[known], by, ref, c(2, Inf), call = call)
  centre <- read_strata(if (all) stratum else stratum[known], call)
  list(
    code = read$code, groups = read$levels, kept = if (all) NULL else known,
    stratum = centre$code, strata = centre$levels, n_dropped = sum(!known)
  )
}
