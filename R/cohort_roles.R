# From columns to roles: each is read into one type, and what stands in the way is written down.

# A problem or note about some rows of a column; NULL where there are none.
remark_on <- function(role, column, problem, rows = integer(), values = NULL) {
  if (is.logical(rows)) rows <- which(rows)
  shown <- if (!is.null(values)) toString(dQuote(first_of(unique(values), 5), FALSE))
  where <- if (length(rows)) {
    many <- if (length(rows) > 10) paste0(", ... (", length(rows), " in all)")
    paste0("row", if (length(rows) > 1) "s", " ", toString(first_of(rows, 10)), many)
  }
  out <- data.frame(role = role, column = column, problem = problem, values = paste(c(shown, where), collapse = " in "))
  out$rows <- list(rows)
  out
}

no_remarks <- function() remark_on("", "", "")[0, ]

remark_where <- function(bad, role, column, problem, values) {
  if (!any(bad)) return(NULL)
  shown <- if (is.numeric(values)) signif(values, 6) else values
  remark_on(role, column, problem, bad, as.character(shown)[bad])
}

# All roles of the rows: the columns as they are kept, problems and notes.
read_roles <- function(rows, roles) {
  problems <- list()
  notes <- list()
  for (role in setdiff(names(roles), "covariates")) {
    column <- roles[[role]]
    read <- role_reader(role, column)(rows[[column]], role, column)
    problems <- c(problems, list(read$problems))
    notes <- c(notes, list(read$notes))
    target <- column
    if (is_cnsr(role, column)) {
      target <- utils::tail(make.unique(c(names(rows), "status")), 1)
      roles[[role]] <- target
    }
    if (!is.null(read$value)) rows[[target]] <- read$value
  }
  rows <- read_labelled_columns(rows, match(roles$covariates, names(rows)))
  problems <- c(problems, lapply(roles$covariates, function(column) covariate_problems(rows[[column]], column)))
  list(
    rows = rows, roles = roles, problems = do.call(rbind, c(list(no_remarks()), problems)),
    notes = do.call(rbind, c(list(no_remarks()), notes, joint_notes(rows, roles)))
  )
}

is_cnsr <- function(role, column) role == "status" && grepl("^cnsr$", column, ignore.case = TRUE)

role_reader <- function(role, column) {
  switch(role,
    id = role_id, her2 = , therapy = , centre = role_group, hr = role_hr, response = role_response, time = role_time,
    status = if (is_cnsr(role, column)) role_cnsr else role_status, ihc_before = , ihc_after = role_ihc
  )
}

# The numbers of a column, without haven's labels.
bare_value <- function(x) {
  if (is.factor(x) || inherits(x, c("Date", "POSIXt", "difftime"))) return(x)
  if (is.object(x) || !is.null(attr(x, "labels"))) x <- unclass(x)
  if (is.atomic(x)) as.vector(x) else x
}

not_a_column <- function(x, role, column) {
  if ((is.atomic(x) || is.factor(x)) && is.null(dim(x))) return(NULL)
  remark_on(role, column, paste("must be a plain column, and is", class(x)[[1]]))
}

role_id <- function(x, role, column) {
  odd <- not_a_column(x, role, column)
  if (!is.null(odd)) return(list(problems = odd))
  text <- trimmed(plain_text(bare_value(x)))
  none <- is.na(text) | text == ""
  twice <- !none & (duplicated(text) | duplicated(text, fromLast = TRUE))
  list(value = text, problems = rbind(
    if (any(none)) remark_on(role, column, "patients without an identifier", none),
    remark_where(twice, role, column, "patients with several rows", text)
  ))
}

# Named groups in the order of their levels, labels or the alphabet. Blank text is missing.
role_group <- function(x, role, column, most = 20) {
  odd <- not_a_column(x, role, column)
  if (!is.null(odd)) return(list(problems = odd))
  torn <- if (inherits(x, "her2_class")) attr(x, "reasons")$kind == "contradiction"
  notes <- if (any(torn)) remark_on(role, column, "IHC and ISH contradict each other: see her2_reasons()", torn)
  if (is.factor(x)) return(list(value = x, notes = notes))
  labels <- attr(x, "labels", exact = TRUE)
  if (is.numeric(x) && is.null(labels) && length(unique(x)) > most && role != "centre") {
    what <- paste("must name groups, and has", length(unique(x)), "different numbers")
    return(list(problems = remark_on(role, column, what)))
  }
  text <- trimmed(plain_text(x))
  text[text == ""] <- NA
  if (role == "her2") text <- spelled_as_class(text)
  order <- if (is.null(labels)) unique(text[order(bare_value(x), method = "radix")]) else c(names(labels), text)
  levels <- intersect(unique(order), text[!is.na(text)])
  if (role == "therapy" && is.null(labels)) levels <- levels[order(!her2_ascii(levels) %in% lesser_therapies)]
  list(value = factor(text, levels))
}

# "her2-mod" and "HER2-mod" are one class.
spelled_as_class <- function(text) {
  class <- match(her2_ascii(text), her2_ascii(her2_scale))
  ifelse(is.na(class), text, her2_scale[class])
}

# Words of what another therapy is compared with, whatever the alphabet says.
lesser_therapies <- c(
  "single", "mono", "monotherapy", "single agent", "single blockade", "control", "placebo", "none", "no", "standard"
)

role_hr <- function(x, role, column) {
  value <- bare_value(x)
  coded <- is.null(attr(x, "labels")) && (is.logical(value) || (is.numeric(value) && all(value %in% c(0, 1, NA))))
  if (coded) return(list(value = factor(as.integer(value), 0:1, c("HR-", "HR+"))))
  read <- role_group(x, role, column)
  if (!is.null(read$problems)) return(read)
  # "Unknown" is no third kind.
  unknown <- grepl(no_result, her2_ascii(levels(read$value)))
  if (any(unknown) && sum(!unknown) == 2) read$value <- droplevels(read$value, exclude = levels(read$value)[unknown])
  positive <- hr_positive_level(read$value)
  # HR- comes first, so that HR+ is what is counted.
  if (!is.na(positive)) read$value <- factor(read$value, c(setdiff(levels(read$value), positive), positive))
  read
}

# Of words that name a response or none; what is not among them is never guessed.
response_words <- list(
  "TRUE" = c(
    "yes", "y", "true", "t", "1", "pcr", "ja", "si", "oui", "\u662f", "cr", "complete", "complete response",
    "complete remission", "pathological complete response", "pathologic complete response", "achieved", "responder",
    "response", "ypt0", "ypt0 ypn0", "ypt0/is", "rcb-0", "rcb 0", "rcb0", "\u5b8c\u5168\u7f13\u89e3",
    "\u75c5\u7406\u5b8c\u5168\u7f13\u89e3", "\u8fbe\u5230"
  ),
  "FALSE" = c(
    "no", "n", "false", "f", "0", "non-pcr", "no pcr", "non pcr", "rd", "nein", "non", "\u5426", "no cr", "non-cr",
    "non cr", "residual", "residual disease", "residual tumor", "residual tumour", "incomplete", "incomplete response",
    "partial response", "pr", "sd", "pd", "not achieved", "non-responder", "nonresponder", "no response", "ypt1", "ypt2",
    "ypt3", "ypt4", "rcb-1", "rcb-2", "rcb-3", "rcb-i", "rcb-ii", "rcb-iii", "rcb i", "rcb ii", "rcb iii",
    "\u672a\u7f13\u89e3", "\u672a\u8fbe\u5230", "\u6b8b\u7559"
  )
)

response_says <- function(text) {
  words <- her2_ascii(text)
  ifelse(words %in% response_words[["TRUE"]], TRUE, ifelse(words %in% response_words[["FALSE"]], FALSE, NA))
}

# Which of two levels is the response: what their words say, or, if neither is known, the second of an order that somebody
# chose. NA where both say something: then each value is read by itself. 0 where nothing tells: the order is the
# alphabet's, or a number stands for it.
response_level <- function(levels) {
  says <- response_says(levels)
  if (!anyNA(says)) return(NA_integer_)
  if (any(grepl("^[0-9.]+$", levels))) return(0L)
  if (all(is.na(says))) return(if (is.unsorted(tolower(levels))) 2L else 0L)
  known <- which(!is.na(says))
  if (says[[known]]) known else 3L - known
}

unknown_response <- paste(
  "its levels do not say which is the response: make it logical, as with response == \"the level\", or order the levels,",
  "the response last"
)

role_response <- function(x, role, column) {
  odd <- not_a_column(x, role, column)
  if (!is.null(odd)) return(list(problems = odd))
  torn <- torn_labels(x, role, column, response_says)
  if (!is.null(torn)) return(list(problems = torn))
  if (is.factor(x) && nlevels(x) == 2) {
    event <- response_level(levels(x))
    if (event %in% 0) return(list(problems = remark_on(role, column, unknown_response, values = levels(x))))
    if (!is.na(event)) return(list(value = as.integer(x) == event))
  }
  text <- as.character(bare_value(x))
  text <- ifelse(is.na(text), "", her2_ascii(text))
  text[text == ""] <- NA
  value <- response_says(text)
  bad <- is.na(value) & !is.na(text)
  wanted <- "must be logical, 0/1, yes/no, or a factor with two levels"
  list(value = value, problems = remark_where(bad, role, column, wanted, x))
}

# Labels of haven's that say the opposite of the values 0 and 1, by which a column is read. `one`: what 1 stands for.
torn_labels <- function(x, role, column, says, one = "yes") {
  labels <- attr(x, "labels", exact = TRUE)
  if (!is.numeric(labels) || is.null(names(labels))) return(NULL)
  said <- says(names(labels))
  against <- !is.na(said) & ((labels == 0 & said) | (labels == 1 & !said))
  if (!any(against)) return(NULL)
  what <- paste0("is read by its values, 1 for ", one, ", of which its labels say the opposite")
  remark_on(role, column, what, values = paste(as.vector(labels), names(labels), sep = " = "))
}

event_says <- function(text) {
  words <- her2_ascii(text)
  event <- c("event", "relapse", "relapsed", "recurrence", "recurred", "progression", "progressed", "dead", "death", "died",
    "deceased", "yes")
  none <- c("censored", "alive", "living", "no event", "no relapse", "no recurrence", "disease free", "disease-free",
    "event free", "none", "no")
  ifelse(words %in% event, TRUE, ifelse(words %in% none, FALSE, NA))
}

role_time <- function(x, role, column) {
  odd <- not_a_column(x, role, column)
  if (!is.null(odd)) return(list(problems = odd))
  value <- bare_value(x)
  if (inherits(value, "difftime")) value <- as.double(value)
  if (!is.numeric(value)) return(list(problems = time_as_text(x, role, column)))
  value <- as.double(value)
  bad <- is.nan(value) | (!is.na(value) & (value < 0 | is.infinite(value)))
  list(value = value, problems = remark_where(bad, role, column, "times must be finite and not negative", value))
}

# Which entries keep times from being numbers.
time_as_text <- function(x, role, column) {
  text <- her2_ascii(as.character(x))
  there <- !is.na(x) & text != ""
  odd <- there & !grepl(number_text, text)
  if (any(there) && !any(odd)) {
    return(remark_on(role, column, paste("numbers kept as text:", as_numbers(x), "makes them numbers")))
  }
  what <- if (all(odd == there)) paste("must be numbers, and is", class(x)[[1]]) else "no numbers among times: all are text"
  remark_on(role, column, what, odd, as.character(x)[odd])
}

role_status <- function(x, role, column) {
  torn <- torn_labels(x, role, column, event_says)
  if (!is.null(torn)) return(list(problems = torn))
  value <- bare_value(x)
  ok <- is.logical(value) | (is.numeric(value) & value %in% c(0, 1, NA))
  if (all(ok)) {
    value <- as.integer(value)
    doubt <- grepl("cens", column, ignore.case = TRUE)
    notes <- if (doubt) remark_on(role, column, "is 1 the event? It sounds like an indicator of censoring")
    return(list(value = value, notes = notes))
  }
  list(problems = remark_where(!ok & !is.na(x), role, column, "must be logical or 0/1, 1 for the event", plain_text(x)))
}

role_cnsr <- function(x, role, column) {
  torn <- torn_labels(x, role, column, function(text) !event_says(text), "censored")
  if (!is.null(torn)) return(list(problems = torn))
  value <- bare_value(x)
  bad <- if (is.numeric(value)) !is.na(value) & (value < 0 | value != floor(value)) else !is.na(value)
  if (any(bad)) {
    return(list(problems = remark_where(bad, role, column, "must be 0 for an event, 1 or more for censored", plain_text(x))))
  }
  list(value = as.integer(value == 0))
}

ihc_classes <- c("0", "1+", "2+", "3+")

role_ihc <- function(x, role, column) {
  odd <- not_a_column(x, role, column)
  if (!is.null(odd)) return(list(problems = odd))
  read <- read_ihc(x)
  score <- ifelse(read$told == "equivocal", 2L, read$score)
  lost <- is.na(score) & read$told != "missing"
  list(
    value = factor(ihc_classes[score + 1L], ihc_classes, ordered = TRUE),
    notes = remark_where(lost, role, column, "IHC that does not tell a score, taken as missing", plain_text(x))
  )
}

covariate_problems <- function(x, column) {
  odd <- not_a_column(x, "covariates", column)
  if (!is.null(odd)) return(odd)
  value <- bare_value(x)
  if (is.character(value) || is.factor(value)) return(numbers_as_text(x, column))
  if (!is.numeric(value)) return(NULL)
  remark_where(is.nan(value) | is.infinite(value), "covariates", column, "must be finite", value)
}

number_text <- "^[-+]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)(e[-+]?[0-9]+)?$"

# A measurement that one entry like "<50" made text would be a group for each number. Few numbers are codes; a factor of
# numbers alone is meant.
numbers_as_text <- function(x, column) {
  if (!is.null(attr(x, "labels", exact = TRUE))) return(NULL)
  text <- her2_ascii(as.character(x))
  there <- !is.na(x) & text != ""
  number <- there & grepl(number_text, text)
  odd <- there & !number
  many <- length(unique(text[number])) > if (is.factor(x)) 20 else 6
  if (!many || sum(number) <= sum(odd) || (is.factor(x) && !any(odd))) return(NULL)
  if (any(odd)) return(remark_where(odd, "covariates", column, "no numbers among numbers: all are text", as.character(x)))
  remark_on("covariates", column, paste(
    "numbers kept as text:", as_numbers(x), "makes them numbers, factor() says they name groups"
  ))
}

# Of a factor as.numeric() would give the codes.
as_numbers <- function(x) {
  if (any(grepl(",", as.character(x), fixed = TRUE))) return('as.numeric(sub(",", ".", x))')
  if (is.factor(x)) "as.numeric(as.character(x))" else "as.numeric(x)"
}

# What two roles together make strange.
joint_notes <- function(rows, roles) {
  of <- function(role) if (is.null(roles[[role]])) NULL else rows[[roles[[role]]]]
  pair <- function(a, b, problem, odd) {
    x <- of(a)
    y <- of(b)
    if (is.null(x) || is.null(y)) return(NULL)
    found <- odd(x, y)
    if (!any(found)) NULL else remark_on(a, roles[[a]], problem, found)
  }
  list(
    pair("time", "status", "a time without a status", function(t, s) !is.na(t) & is.na(s)),
    pair("status", "time", "a status without a time", function(s, t) !is.na(s) & is.na(t)),
    pair("ihc_after", "response", "IHC after therapy of patients with complete response", function(after, pcr) {
      !is.na(after) & pcr %in% TRUE
    })
  )
}
