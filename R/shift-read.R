# HER2 classes before and after therapy as written in data, to counts: one row a combination of group, class before,
# class after (NA: never re-tested) and residual disease.

her2_scale <- c("HER2-0", "HER2-ultralow", "HER2-low", "HER2-mod", "HER2 3+")

# An ordered factor, whose levels are all of the scale's.
as_classes <- function(x, name, call = rlang::caller_env()) {
  if (is.ordered(x)) return(x)
  if (is.logical(x) && !all(is.na(x))) {
    return(factor(ifelse(x, "positive", "negative"), c("negative", "positive"), ordered = TRUE))
  }
  text <- trimws(plain_text(without_file_missing(x)))
  # her2_classify() calls a class that is not known "equivocal".
  text[text %in% c("", "equivocal")] <- NA
  if (all(text %in% c(her2_scale, NA)) && !all(is.na(text))) return(factor(text, her2_scale, ordered = TRUE))
  read <- read_ihc(text)
  odd <- unique(text[!read$told %in% c("score", "missing")])
  if (length(odd) == 0) return(factor(ihc_classes[read$score + 1L], ihc_classes, ordered = TRUE))
  abort_input(c(
    "{.field {name}} must hold HER2 classes in an order that is known.",
    x = "It has {.val {first_of(odd, 5)}}.",
    i = "IHC ({.val {ihc_classes}} or 0 to 3), {.val {her2_scale}}, or an ordered factor:
      {.code factor(x, levels, ordered = TRUE)}."
  ), arg = name, value = odd, call = call)
}

# The classes of both, in one order. Text and numbers that are all missing take the other's.
common_classes <- function(before, after, call = rlang::caller_env()) {
  nothing <- function(x) !is.ordered(x) && all(is.na(x))
  before <- if (nothing(before)) before else as_classes(before, "before", call)
  if (!nothing(after)) after <- as_classes(after, "after", call)
  if (nothing(before)) abort_data("{.arg before} is missing everywhere.", arg = "before", call = call)
  levels <- if (nothing(after)) levels(before) else merge_levels(levels(before), levels(after), call)
  if ("HER2-ultralow" %in% setdiff(levels, c(as.character(before), as.character(after))) &&
    identical(levels, her2_scale)) {
    levels <- setdiff(levels, "HER2-ultralow")
  }
  list(before = match(as.character(before), levels), after = match(as.character(after), levels), levels = levels)
}

merge_levels <- function(a, b, call) {
  longer <- if (length(a) >= length(b)) a else b
  shorter <- if (length(a) >= length(b)) b else a
  places <- match(shorter, longer)
  if (anyNA(places) || is.unsorted(places)) {
    abort_input(c("{.arg before} and {.arg after} must have the same classes in the same order.",
      x = "{.arg before} has {.val {a}}, {.arg after} has {.val {b}}."
    ), arg = "after", call = call)
  }
  longer
}

# `columns`: before, after, by, residual, as read from the data.
read_shift_rows <- function(columns, ref, call = rlang::caller_env()) {
  n <- length(columns$before)
  for (name in c("after", "by", "residual")) {
    if (!is.null(columns[[name]]) && length(columns[[name]]) != n) {
      abort_input(c("{.arg {name}} must be as long as {.arg before}.",
        x = "They have {length(columns[[name]])} and {n} values."
      ), arg = name, call = call)
    }
  }
  if (n == 0) abort_data("There are no rows.", call = call)
  classes <- common_classes(columns$before, columns$after, call)
  residual <- read_residual(columns$residual, classes$after, n, call)
  kept <- !is.na(classes$before) & (if (is.null(columns$by)) TRUE else !is.na(columns$by))
  if (!any(kept)) abort_data("No row has both a class before and a group.", call = call)
  groups <- shift_groups(columns$by[kept], ref, call)
  rows <- data.frame(
    group = groups$code + 1L, before = classes$before[kept], after = classes$after[kept], residual = residual[kept]
  )
  list(cells = count_rows(rows), levels = classes$levels, groups = groups$levels, n_dropped = n - sum(kept))
}

# One group is allowed, and no grouping.
shift_groups <- function(by, ref, call) {
  if (is.null(by)) return(list(code = 0L, levels = "all"))
  labels <- read_labels(by)
  if (length(labels$levels) == 1) return(list(code = level_codes(labels), levels = put_first(labels$levels, ref, call)))
  read_groups(by, "by", ref, c(2, Inf), call = call)
}

# TRUE where there was residual disease to re-test, FALSE at pCR, NA unknown.
read_residual <- function(residual, after, n, call) {
  if (is.null(residual)) return(ifelse(is.na(after), NA, TRUE))
  if (is.numeric(residual) && all(residual %in% c(0, 1, NA))) residual <- residual == 1
  if (!is.logical(residual)) {
    abort_input(c("{.arg residual} must be TRUE or FALSE for each patient: residual disease, or pCR.",
      x = "It is {.obj_type_friendly {residual}}."
    ), arg = "residual", call = call)
  }
  odd <- which(!is.na(after) & residual %in% FALSE)
  if (length(odd)) {
    abort_data(c("Without residual disease there is nothing to re-test.",
      x = "{count_of(length(odd), 'row')} {cli::qty(length(odd))}{?has/have} {.code residual = FALSE} and a class
        {.arg after}: row{?s} {first_of(odd, 6)}."
    ), arg = "residual", rows = odd, call = call)
  }
  ifelse(is.na(after), residual, TRUE)
}

count_rows <- function(rows) {
  key <- do.call(paste, rows)
  first <- !duplicated(key)
  cells <- rows[first, ]
  cells$n <- as.vector(table(factor(key, unique(key))))
  cells <- cells[order(cells$group, cells$before, cells$after), ]
  rownames(cells) <- NULL
  cells
}

# before x after, or before x after x group.
read_shift_table <- function(counts, ref, call = rlang::caller_env()) {
  if (is.matrix(counts)) counts <- array(counts, c(dim(counts), 1), c(shift_names(counts), list("all")))
  k <- dim(counts)[[1]]
  if (length(dim(counts)) != 3 || dim(counts)[[2]] != k || k < 2) {
    abort_input(c("A table of counts must be square, before in the rows and after in the columns.",
      x = "Its dimensions are {.val {dim(counts)}}."
    ), arg = "before", call = call)
  }
  if (!is.numeric(counts) || any(!is.finite(counts)) || any(counts < 0) || any(counts != floor(counts))) {
    bad <- counts[!is.finite(counts) | counts < 0 | counts != floor(counts)]
    abort_input(c("A table must hold whole numbers of at least 0.", x = "It has {.val {first_of(unique(bad), 3)}}."),
      arg = "before", value = bad, call = call
    )
  }
  if (sum(counts) == 0) abort_data("The table is empty.", arg = "before", call = call)
  names <- shift_names(counts)
  if (!identical(names[[1]], names[[2]])) {
    abort_input(c("Rows and columns of the table must be the same classes in the same order.",
      x = "Rows are {.val {names[[1]]}}, columns {.val {names[[2]]}}."
    ), arg = "before", call = call)
  }
  groups <- dimnames(counts)[[3]]
  if (is.null(groups)) groups <- paste("group", seq_len(dim(counts)[[3]]))
  at <- which(counts > 0, arr.ind = TRUE)
  present <- groups[sort(unique(at[, 3]))]
  levels <- put_first(present, ref, call)
  cells <- data.frame(
    group = match(groups[at[, 3]], levels), before = at[, 1], after = at[, 2], residual = TRUE,
    n = as.double(counts[at])
  )
  list(cells = cells[order(cells$group), ], levels = names[[1]], groups = levels, n_dropped = 0)
}

shift_names <- function(counts) {
  lapply(1:2, function(i) {
    names <- dimnames(counts)[[i]]
    if (is.null(names)) as.character(seq_len(dim(counts)[[i]])) else names
  })
}

# Which classes count as positive: IHC 2+ and 3+, however written, HER2-mod and HER2 3+, else the highest.
positive_classes <- function(positive, levels, call = rlang::caller_env()) {
  if (is.null(positive)) {
    score <- sub("\\+$", "", levels)
    ihc <- all(score %in% 0:3) && (any(levels != score) || "0" %in% levels)
    known <- if (ihc) levels[score %in% 2:3] else intersect(levels, c("HER2-mod", "HER2 3+"))
    if (length(known) == 0) return(levels[[length(levels)]])
    if (length(known) == length(levels)) {
      abort_input(c("All classes that there are count as positive.",
        x = "They are {.val {levels}}.", i = "Say {.arg positive}, or give a table (or factor) with all classes."
      ), arg = "positive", call = call)
    }
    return(known)
  }
  positive <- check_choice(as.character(positive), levels, "positive", several = TRUE, call = call)
  if (all(levels %in% positive)) {
    abort_input(c("{.arg positive} must leave out at least one class.", x = "It has all: {.val {levels}}."),
      arg = "positive", call = call
    )
  }
  levels[levels %in% positive]
}

shift_scores <- function(scores, levels, call = rlang::caller_env()) {
  if (is.null(scores)) return(seq_along(levels) - 1)
  if (!is.numeric(scores) || length(scores) != length(levels) || any(!is.finite(scores)) || is.unsorted(scores)) {
    abort_input(c("{.arg scores} must be {length(levels)} finite numbers, not falling: one for each of {.val {levels}}.",
      x = "It is {.val {scores}}."
    ), arg = "scores", call = call)
  }
  as.double(scores)
}
