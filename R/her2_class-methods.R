# What a `her2_class` can do beyond a factor: rows keep their reasons.

#' @export
`[.her2_class` <- function(x, ..., drop = FALSE) {
  y <- NextMethod()
  if (!inherits(y, "her2_class")) return(y)
  reasons <- attr(x, "reasons")
  structure(y, reasons = take_rows(reasons, seq_along(x)[...]))
}

#' @export
rep.her2_class <- function(x, ...) x[rep(seq_along(x), ...)]

#' @export
droplevels.her2_class <- function(x, ...) {
  y <- NextMethod()
  structure(y, class = c("her2_class", "factor"), reasons = attr(x, "reasons"))
}

# tibbles take rows by these.
#' @exportS3Method vctrs::vec_proxy
vec_proxy.her2_class <- function(x, ...) {
  do.call(new_rows, c(list(.code = as.integer(x)), as.list(attr(x, "reasons"))))
}

#' @exportS3Method vctrs::vec_restore
vec_restore.her2_class <- function(x, to, ...) {
  structure(x$.code, levels = levels(to), class = c("her2_class", "factor"), reasons = do.call(new_rows, as.list(x)[-1]))
}

# A value put in by hand has no reason here: what results is a factor.
#' @export
`[<-.her2_class` <- function(x, ..., value) {
  y <- factor(x, levels(x), ordered = FALSE)
  y[...] <- value
  y
}

#' @rdname her2_classify
#' @export
her2_reasons <- function(x) {
  if (!inherits(x, "her2_class")) {
    abort_input(c("{.arg x} must be a result of {.fn her2_classify}.", x = "It is {.obj_type_friendly {x}}."), arg = "x")
  }
  reasons <- attr(x, "reasons")
  if (length(reasons[[1]]) != length(x)) {
    abort_data("The reasons are those of other rows: {length(reasons[[1]])} for {length(x)} tumours.", arg = "x")
  }
  data.frame(row = seq_along(x), class = as.character(x), reasons)
}

warn_tumours <- function(x) {
  reasons <- attr(x, "reasons")
  torn <- which(reasons$kind == "contradiction")
  if (length(torn) > 0) {
    where <- paste0(toString(first_of(torn, 5)), if (length(torn) > 5) ", ...")
    warn_her2(c(
      "IHC and ISH contradict each other in {count_of(length(torn), 'tumour')} ({cli::qty(length(torn))}row{?s} {where}).",
      i = "{.code her2_reasons(x)} lists them, and what was made of them."
    ), "contradiction", rows = torn)
  }
  bad <- which(!is.na(reasons$unread))
  if (length(bad) > 0) {
    kinds <- unique(reasons$unread[bad])
    warn_her2(c(
      "Results of {count_of(length(bad), 'tumour')} were not read, first in row {bad[[1]]}.",
      rlang::set_names(sprintf("{kinds[[%d]]}", seq_len(min(4, length(kinds)))), "x"),
      i = "{.code her2_reasons(x)} lists them; {.arg read} says what a text of {.arg ihc} means."
    ), "unread", rows = bad, values = kinds)
  }
}

#' @export
print.her2_class <- function(x, ...) {
  writeLines(format_her2_class(x))
  invisible(x)
}

# Not format(): that of a factor is each tumour's class, which data frames print.
format_her2_class <- function(x) {
  reasons <- attr(x, "reasons")
  counts <- table(x)
  lines <- c(
    paste0("HER2 class of ", count_of(length(x), "tumour")),
    format_columns(list(
      c(names(counts), "not classified"), format(c(as.vector(counts), sum(is.na(x))), big.mark = ",", trim = TRUE)
    ))
  )
  c(
    lines,
    list_tumours("not classified", x, is.na(x) & reasons$kind != "contradiction", reasons$reason),
    list_tumours("contradictions", x, reasons$kind == "contradiction", reasons$reason),
    list_tumours("not read", x, !is.na(reasons$unread), reasons$unread),
    "her2_reasons(x) has the reason for each row."
  )
}

# The different texts with their counts and first rows.
list_tumours <- function(title, x, which, text, most = 8) {
  if (!any(which)) return(NULL)
  rows <- split(seq_along(x)[which], factor(text[which], unique(text[which])))
  rows <- rows[order(-lengths(rows))]
  shown <- first_of(rows, most)
  where <- vapply(shown, function(r) paste0(toString(first_of(r, 5)), if (length(r) > 5) ", ..."), "")
  made <- as.character(x)[vapply(shown, `[[`, 1L, 1)]
  made <- if (title == "contradictions") paste0(", here ", ifelse(is.na(made), "not classified", made)) else ""
  c(
    paste0(title, ":"),
    paste0(
      "  ", format(lengths(shown), big.mark = ",", trim = TRUE), " ", names(shown), made,
      " (row", ifelse(lengths(shown) > 1, "s ", " "), where, ")"
    ),
    if (length(rows) > most) paste0("  ... and ", count_of(length(rows) - most, "more text", "more texts"))
  )
}
