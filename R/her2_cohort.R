#' Patient rows of a HER2 study
#'
#' Says which column of a data frame holds what (its *role*), checks every role, and keeps the rows as a data frame
#' that knows its roles. All problems are reported at once, with row numbers and values. Nothing is dropped.
#'
#' @section Roles:
#' | role | what | kept as |
#' |---|---|---|
#' | `id` | patient, one row each | text |
#' | `her2` | HER2 class, as of [her2_classify()] | factor |
#' | `therapy` | what was given | factor |
#' | `response` | pathological complete response: logical, 0/1, yes/no, or a factor: see below | logical |
#' | `time` | time to event or end of follow-up | number |
#' | `status` | 1 or `TRUE` for the event, 0 or `FALSE` for censored | 0/1 |
#' | `hr` | hormone receptor status; 0/1 or logical becomes `HR-`, `HR+` | factor |
#' | `centre` | hospital | factor |
#' | `ihc_before`, `ihc_after` | IHC before and after therapy, as [her2_classify()] reads it | ordered factor 0, 1+, 2+, 3+ |
#' | `covariates` | any further columns, of the data's own types | unchanged, but for labels: see below |
#'
#' Text in `therapy` has single, mono, control, placebo, none or standard first, as its reference, else the alphabet's order.
#' Of `hr` with two levels the positive one, by its words, comes last. Positive and negative, yes and no are read in the
#' languages of [her2_classify()].
#'
#' A role is given as the name of a column, bare or quoted (`covariates` as several, `c(age, stage)`), or `NULL` for
#' none. Roles that are not given are looked for by name: the role's own name, and the usual names of ADaM data
#' (`USUBJID`, `TRT01P`, `TRTP`, `TRT01A`, `AVAL`, `CNSR`, `SITEID`); the print says which columns they were
#' found in. Of a column `CNSR` 0 is the event (see [Surv_CNSR()]): the cohort gets a further column `status` of
#' the usual meaning. ADTTE data with several parameters need `paramcd`.
#'
#' Of a response with two levels the words decide (pCR, complete response, residual disease, RCB-II, ...); where neither is
#' known it is the last of an order that is not the alphabet's, and else a problem: nothing is guessed.
#'
#' Columns labelled by haven are read by their labels (`time`, `status` and `response` by their values; labels that say
#' the opposite are a problem); covariates become factors of their labels where every value has one. What an SPSS, SAS or
#' Stata file declares missing is missing. Tibbles become data frames, and columns without a role stay as they are.
#'
#' @section Problems and notes:
#' *Problems* stop with an error: columns that do not exist; patients without an identifier, or twice; negative,
#' infinite or NaN times; a status or response that is not as above (1/2 is never guessed); a group column with
#' more than 20 numbers; infinite covariates, and covariates of many numbers that are text, as of one entry `"<50"`: each number
#' would be a group. *Notes* are kept and printed: IHC that was not read (and is `NA`),
#' a time without a status or a status without a time, IHC after therapy of a patient with complete response,
#' contradictions of [her2_classify()].
#'
#' @param data A data frame with one row a patient.
#' @param id,her2,therapy,response,time,status,hr,centre,ihc_before,ihc_after,covariates Columns, see Roles.
#' @param paramcd With a column `PARAMCD`: which parameter's rows to use, for example `"DFS"`.
#' @param unit The unit of `time`, for prints; by default what a column `AVALU` says.
#' @param x A `her2_cohort`.
#' @return `her2_cohort()`: a data frame of class `her2_cohort` with attribute `roles` (a named list of column
#'   names), kept when rows or columns are taken. `summary()`: counts by HER2 class, and missing values by role;
#'   [generics::tidy()] gives the former, one row a class: `group`, `n`, `hr_positive`, `hr_known`, `responses`,
#'   `response_known`, `events`, `followed`, `follow_up` (median, reverse Kaplan-Meier). `cohort_roles()`: the
#'   roles. `as.data.frame()`: the rows as a plain data frame.
#' @section Errors: `her2mod_error_data` with field `problems`, a data frame: `role`, `column`, `problem`,
#'   `rows`, `values`. `her2mod_error_input` for columns that do not exist.
#' @seealso [read_her2_cohort()], [read_tcga_biotab()], [simulate_cohort()]
#' @examples
#' rows <- data.frame(
#'   patient = c("A1", "A2", "A3", "B1"), ihc = c("3+", "2+", "3+", "2+"),
#'   fish = c(NA, "positive", NA, "amplified"), pcr = c(1, 0, 0, NA),
#'   years = c(3.1, 2.4, 1.9, 4.0), relapse = c(0, 1, 0, 0)
#' )
#' rows$class <- her2_classify(rows$ihc, rows$fish)
#' cohort <- her2_cohort(rows,
#'   id = patient, her2 = class, response = pcr, time = years, status = relapse,
#'   ihc_before = ihc, unit = "years"
#' )
#' cohort
#' # ADaM: CNSR = 1 is censored
#' adtte <- data.frame(
#'   USUBJID = 1:3, TRT01P = "T-DXd", AVAL = c(1, 2, 3), CNSR = c(0, 1, 1), her2 = "HER2-mod"
#' )
#' her2_cohort(adtte)
#' @export
her2_cohort <- function(data, id, her2, therapy, response, time, status, hr, centre, ihc_before, ihc_after,
                        covariates, paramcd = NULL, unit = NULL) {
  if (!is.data.frame(data)) {
    abort_input(c("{.arg data} must be a data frame.", x = "It is {.obj_type_friendly {data}}."), arg = "data")
  }
  # As written by the caller, also through the dots of a wrapper.
  here <- environment()
  given <- lapply(stats::setNames(nm = role_names), function(role) eval(call("substitute", as.name(role)), here))
  given <- given[!vapply(given, identical, NA, quote(expr = ))]
  simulated <- is_simulated(data)
  rows <- plain_rows(data)
  refuse_twice(names(rows))
  named <- lapply(given, name_columns, columns = names(rows), env = parent.frame())
  rows <- choose_parameter(rows, paramcd)
  roles <- find_roles(named, names(rows))
  refuse_absent(roles, names(rows))
  read <- read_roles(rows, roles)
  units <- time_units(rows, roles$time)
  problems <- rbind(read$problems, if (length(units) > 1) {
    remark_on("time", roles$time, "times in several units: convert them to one, and AVALU with them", values = units)
  })
  if (nrow(problems) > 0) abort_problems(problems, paramcd)
  if (is.null(unit) && length(units)) unit <- units
  new_cohort(read$rows, read$roles, unit, read$notes, setdiff(names(roles), names(named)), simulated)
}

role_names <- c(
  "id", "her2", "therapy", "response", "time", "status", "hr", "centre", "ihc_before", "ihc_after", "covariates"
)

# What a role's column is called where nobody says it; in lower case, the first that is there.
usual_names <- list(
  id = c("id", "patient_id", "usubjid", "subjid"), her2 = c("her2", "her2_class", "her2_group"),
  therapy = c("therapy", "trt01p", "trtp", "trt01a", "trta"), response = c("response", "pcr"), time = c("time", "aval"),
  status = c("status", "cnsr"), hr = c("hr", "hr_status"), centre = c("centre", "center", "siteid"),
  ihc_before = "ihc_before", ihc_after = "ihc_after"
)

new_cohort <- function(rows, roles, unit, notes, found, simulated) {
  cohort <- structure(rows,
    class = c("her2_cohort", "data.frame"), roles = roles, unit = unit, notes = notes, found = found
  )
  if (simulated) mark_rows(cohort) else cohort
}

# The column names an argument stands for: bare names are those of columns, all else is evaluated.
name_columns <- function(expr, columns, env, call = rlang::caller_env(2)) {
  mask <- as.list(rlang::set_names(columns))
  # A name that is no column's stands for a column that is missing, unless it is that of a text.
  if (is.symbol(expr) && !as.character(expr) %in% columns) {
    text <- get0(as.character(expr), envir = env)
    if (!is.character(text) && !(is.null(text) && exists(as.character(expr), envir = env))) return(as.character(expr))
  }
  value <- tryCatch(eval(expr, mask, env), error = function(e) {
    abort_input(c("A role must be the name of a column, or several of them.",
      x = "{.code {rlang::as_label(expr)}} could not be read: {conditionMessage(e)}",
      i = "The columns are {.val {first_of(columns, 30)}}."
    ), arg = "data", call = call, parent = NA)
  })
  if (!is.null(value) && !is.character(value)) {
    abort_input(c("A role must be the name of a column.",
      x = "{.code {rlang::as_label(expr)}} is {.obj_type_friendly {value}}."
    ), arg = "data", call = call)
  }
  unname(value)
}

# What the data say of the unit of times: ADaM's AVALU, or that of a difftime.
time_units <- function(rows, column) {
  if (is.null(column)) return(NULL)
  if (inherits(rows[[column]], "difftime")) return(attr(rows[[column]], "units"))
  if (tolower(column) != "aval" || !"AVALU" %in% names(rows)) return(NULL)
  unit <- trimmed(plain_text(rows$AVALU)[!is.na(rows[[column]])])
  unit <- unit[!is.na(unit) & unit != ""]
  unit[!duplicated(tolower(unit))]
}

plain_rows <- function(data) {
  rows <- lapply(as.list(data), without_file_missing)
  structure(rows, names = names(data), class = "data.frame", row.names = .set_row_names(nrow(data)))
}

refuse_twice <- function(columns, call = rlang::caller_env()) {
  twice <- unique(columns[duplicated(columns)])
  if (length(twice)) abort_input("{.arg data} has several columns named {.val {twice}}.", arg = "data", call = call)
}

# ADTTE has the rows of each parameter below each other.
choose_parameter <- function(rows, paramcd, call = rlang::caller_env()) {
  if (!"PARAMCD" %in% names(rows)) {
    if (is.null(paramcd)) return(rows)
    abort_input("{.arg paramcd} is given, but {.arg data} has no column {.field PARAMCD}.", arg = "paramcd", call = call)
  }
  parameter <- plain_text(rows$PARAMCD)
  known <- unique(parameter[!is.na(parameter)])
  if (is.null(paramcd) && length(known) <= 1) return(rows)
  if (is.null(paramcd)) {
    abort_input(c("{.field PARAMCD} has several parameters: {.val {first_of(known, 8)}}.",
      i = "Choose one, for example {.code paramcd = \"{known[[1]]}\"}."
    ), arg = "paramcd", call = call)
  }
  check_choice(paramcd, known, "paramcd", call = call)
  take_rows(rows, which(parameter == paramcd))
}

# Those given, then those found by name. A column has one role.
find_roles <- function(given, columns) {
  roles <- given[!vapply(given, is.null, NA)]
  for (role in setdiff(names(usual_names), names(given))) {
    at <- match(usual_names[[role]], tolower(columns))
    at <- at[!is.na(at)]
    at <- at[!columns[at] %in% unlist(roles)]
    if (length(at)) roles[[role]] <- columns[[at[[1]]]]
  }
  roles[intersect(role_names, names(roles))]
}

refuse_absent <- function(roles, columns, call = rlang::caller_env()) {
  absent <- roles[!vapply(roles, function(r) all(r %in% columns), NA)]
  if (length(absent)) {
    what <- paste0(names(absent), " = ", vapply(absent, function(r) toString(setdiff(r, columns)), ""))
    abort_input(c("Columns that {.arg data} does not have: {.val {what}}.",
      i = "It has {.val {first_of(columns, 30)}}."
    ), arg = names(absent), call = call)
  }
  several <- names(roles)[lengths(roles) > 1 & names(roles) != "covariates"]
  if (length(several)) abort_input("{.arg {several}} must be one column.", arg = several, call = call)
  if (is.null(roles$her2)) {
    abort_input(c("No column for {.arg her2}: say which holds the HER2 class.",
      i = "{.fn her2_classify} makes it from IHC and ISH.",
      i = "The columns are {.val {first_of(columns, 30)}}."
    ), arg = "her2", call = call)
  }
  twice <- unique(unlist(roles)[duplicated(unlist(roles))])
  if (length(twice)) abort_input("A column has one role; {.val {twice}} has several.", arg = "data", call = call)
}

abort_problems <- function(problems, paramcd, call = rlang::caller_env()) {
  lines <- sprintf(
    "%s (column %s): %s%s", problems$role, problems$column, problems$problem,
    ifelse(problems$values == "", "", paste0(": ", problems$values))
  )
  abort_data(c(
    "{count_of(length(lines), 'problem')} in the data.",
    rlang::set_names(sprintf("{lines[[%d]]}", seq_along(lines)), "x"),
    i = if (!is.null(paramcd)) "Rows are counted among those of {.val {paramcd}}.",
    i = "The field {.field problems} of this error has the rows."
  ), problems = problems, call = call)
}
