# What a `her2_cohort` can do.

# Rows and columns keep the roles that are still there; notes are about all rows.
#' @export
`[.her2_cohort` <- function(x, ...) {
  y <- NextMethod()
  if (is.data.frame(y)) keep_roles(y, x) else y
}

#' @export
transform.her2_cohort <- function(`_data`, ...) {
  y <- NextMethod()
  class(y) <- class(`_data`)
  keep_roles(y, `_data`)
}

# What `y`, made from the cohort `x`, has of it.
keep_roles <- function(y, x) {
  roles <- lapply(attr(x, "roles"), intersect, names(y))
  attr(y, "roles") <- roles[lengths(roles) > 0]
  attr(y, "unit") <- attr(x, "unit")
  attr(y, "found") <- intersect(attr(x, "found"), names(attr(y, "roles")))
  attr(y, "seed") <- attr(x, "seed")
  # Notes name rows by their numbers.
  attr(y, "notes") <- if (identical(attr(y, "row.names"), attr(x, "row.names"))) attr(x, "notes")
  y
}

#' @export
as.data.frame.her2_cohort <- function(x, ...) {
  simulated <- is_simulated(x)
  attributes(x) <- list(names = names(x), row.names = attr(x, "row.names"), class = "data.frame")
  if (simulated) mark_rows(x) else x
}

#' @rdname her2_cohort
#' @export
cohort_roles <- function(x) {
  if (!inherits(x, "her2_cohort")) {
    abort_input(c("{.arg x} must be a {.cls her2_cohort}.", x = "It is {.obj_type_friendly {x}}."), arg = "x")
  }
  attr(x, "roles")
}

# The column of a role, or NULL.
role_column <- function(x, role) {
  column <- attr(x, "roles")[[role]]
  if (is.null(column)) NULL else x[[column]]
}

#' @rdname her2_cohort
#' @param object A `her2_cohort`.
#' @param ... Not used.
#' @export
summary.her2_cohort <- function(object, ...) {
  her2 <- role_column(object, "her2")
  if (is.null(her2)) abort_data("The column of the HER2 class is gone: there is nothing to sum up by.", arg = "object")
  her2 <- droplevels(as.factor(her2))
  label <- factor(ifelse(is.na(her2), "not known", as.character(her2)), c(levels(her2), if (anyNA(her2)) "not known"))
  groups <- split(seq_along(label), label)
  counts <- lapply(names(groups), function(group) count_group(group, groups[[group]], object))
  structure(list(
    groups = do.call(rbind, counts),
    therapy = role_table(object, "therapy", label), ihc_before = role_table(object, "ihc_before", label),
    ihc_after = role_table(object, "ihc_after", label), missing = missing_by_role(object),
    n = nrow(object), centres = length(unique(stats::na.omit(role_column(object, "centre")))),
    roles = attr(object, "roles"), found = attr(object, "found"), unit = attr(object, "unit"),
    notes = attr(object, "notes"), simulated = is_simulated(object),
    hr_level = hr_positive_level(role_column(object, "hr")), hr = role_table(object, "hr", label),
    seed = attr(object, "seed")
  ), class = "summary.her2_cohort")
}

# The level that says positive: HR+ and the like, else none.
hr_positive_level <- function(hr) {
  if (is.null(hr)) return(NA_character_)
  levels <- levels(hr)
  # Of several levels more than one can be positive; 1/2 is not guessed.
  if (length(levels) != 2 || ("1" %in% levels && !"0" %in% levels)) return(NA_character_)
  says <- function(...) grepl(paste(..., sep = "|"), her2_ascii(levels), perl = TRUE)
  yes <- her2_ascii(levels) %in% response_words[["TRUE"]]
  positive <- levels[(yes | says("\\+|pos|yes", her2_words$positive)) & !says("neg|-$", her2_words$negative)]
  if (length(positive) == 1) positive else NA_character_
}

count_group <- function(group, rows, x) {
  of <- function(role) role_column(x, role)[rows]
  hr <- of("hr")
  positive <- hr_positive_level(hr)
  known <- function(v) if (is.null(v)) NA_integer_ else sum(!is.na(v))
  both <- !is.na(of("time")) & !is.na(of("status"))
  data.frame(
    group = group, n = length(rows),
    hr_positive = if (is.na(positive)) NA_integer_ else sum(hr == positive, na.rm = TRUE), hr_known = known(hr),
    responses = if (is.null(of("response"))) NA_integer_ else sum(of("response"), na.rm = TRUE),
    response_known = known(of("response")),
    events = if (length(both)) sum(of("status")[both]) else NA_integer_,
    followed = if (length(both)) sum(both) else NA_integer_,
    follow_up = if (any(both)) follow_up_median(of("time")[both], of("status")[both]) else NA_real_, row.names = NULL
  )
}

follow_up_median <- function(time, status) {
  frame <- data.frame(time = time, status = status)
  withCallingHandlers(
    unname(compare_survival(Surv(time, status) ~ 1, frame)$follow_up),
    her2mod_warning = function(w) invokeRestart("muffleWarning")
  )
}

role_table <- function(x, role, by) {
  value <- role_column(x, role)
  if (is.null(value)) NULL else table(by, value, useNA = "ifany")
}

missing_by_role <- function(x) {
  roles <- unlist(attr(x, "roles"))
  counts <- vapply(roles, function(column) sum(is.na(x[[column]])), 0L)
  data.frame(role = sub("^covariates.*", "covariate", names(roles)), column = unname(roles), missing = unname(counts))
}

#' @export
tidy.summary.her2_cohort <- function(x, ...) x$groups

#' @export
tidy.her2_cohort <- function(x, ...) summary(x)$groups

#' @export
glance.her2_cohort <- function(x, ...) {
  s <- summary(x)
  data.frame(
    n = s$n, groups = sum(s$groups$group != "not known"), centres = s$centres, events = sum(s$groups$events),
    responses = sum(s$groups$responses), simulated = s$simulated
  )
}

#' @export
format.summary.her2_cohort <- function(x, ...) {
  c(
    paste0(
      "HER2 cohort: ", count_of(x$n, "patient"), if (x$centres > 0) paste0(", ", count_of(x$centres, "centre")),
      if (x$simulated) paste0("; ", simulated_remark(TRUE)),
      if (!is.null(x$seed)) paste0(" (seed ", format(x$seed, scientific = FALSE), ")")
    ),
    if (x$n > 0) format_cohort_groups(x), format_roles(x), format_notes(x$notes)
  )
}

format_cohort_groups <- function(x) {
  g <- x$groups
  share <- function(x, n) ifelse(n %in% 0, "none known", paste0(x, "/", n, " (", format_percent(x / n), ")"))
  columns <- list(
    c("", g$group), c("n", format(g$n, big.mark = ",")), c(x$hr_level, share(g$hr_positive, g$hr_known)),
    c("response", share(g$responses, g$response_known)), c("events/followed", paste0(g$events, "/", g$followed)),
    c("median follow-up", ifelse(is.na(g$follow_up), "not reached", format_number(g$follow_up, 3)))
  )
  followed <- !is.null(x$roles$time) && !is.null(x$roles$status)
  there <- c(TRUE, TRUE, !is.na(x$hr_level), !is.null(x$roles$response), followed, followed)
  c(
    format_columns(columns[there]),
    if (followed) {
      paste0("  follow-up by reverse Kaplan-Meier", if (!is.null(x$unit)) paste0(", times in ", x$unit))
    },
    # Counted above where there is one level to count.
    if (is.na(x$hr_level)) format_role_table(x$hr, "HR"),
    format_role_table(x$therapy, "therapy"), format_role_table(x$ihc_before, "IHC before"),
    format_role_table(x$ihc_after, "IHC after"), format_missing(x$missing)
  )
}

page_text <- function(text) strwrap(text, 110, indent = 2, exdent = 4)

format_role_table <- function(counts, title) {
  if (is.null(counts)) return(NULL)
  values <- ifelse(is.na(colnames(counts)), "missing", colnames(counts))
  if (length(values) > 8) return(paste0("  ", title, ": ", length(values), " different values"))
  cells <- apply(counts, 1, function(row) paste(values[row > 0], row[row > 0], collapse = ", "))
  page_text(paste0(title, ": ", paste(rownames(counts), cells, sep = ": ", collapse = "; ")))
}

format_missing <- function(missing) {
  some <- missing[missing$missing > 0, ]
  if (nrow(some) == 0) return("  missing: none in any role")
  page_text(paste0("missing: ", paste(some$column, format(some$missing, big.mark = ",", trim = TRUE), collapse = ", ")))
}

format_roles <- function(x) {
  columns <- vapply(x$roles, toString, "")
  same <- columns == names(columns)
  text <- ifelse(same, columns, paste(names(columns), "=", columns))
  c(
    page_text(paste0("roles: ", paste(text, collapse = "; "))),
    if (length(x$found)) page_text(paste0("found by name: ", toString(x$found)))
  )
}

format_notes <- function(notes) {
  if (is.null(notes) || nrow(notes) == 0) return(NULL)
  page_text(paste0("note: ", notes$column, ": ", notes$problem, ifelse(notes$values == "", "", paste0(": ", notes$values))))
}

#' @export
print.summary.her2_cohort <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @export
print.her2_cohort <- function(x, ...) {
  # Columns taken out of a cohort may leave no HER2 class.
  if (is.null(role_column(x, "her2"))) {
    print(as.data.frame(x), ...)
    if (is_simulated(x)) writeLines(simulated_remark(TRUE))
    return(invisible(x))
  }
  writeLines(c(format(summary(x)), "as.data.frame(x) has the rows."))
  invisible(x)
}
