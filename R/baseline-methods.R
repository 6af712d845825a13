# What a `her2_baseline` can do.

#' @export
format.her2_baseline <- function(x, ...) {
  table <- baseline_table(x)
  columns <- table$columns
  columns$p <- marked(columns$p, table$mark)
  label <- c("", paste0(strrep("  ", table$indent), table$label))
  lines <- format_columns(c(list(label), Map(c, names(columns), columns)), indent = "")
  width <- max(nchar(lines, "width"))
  rule <- strrep("-", width)
  under <- c(paste(names(table$marks), table$marks), baseline_notes(x))
  c(baseline_title(x), lines[[1]], rule, lines[-1], rule, strwrap(under, max(80, width) + 1, exdent = 2))
}

# The letter stands in a place of its own, so that the numbers stay aligned.
marked <- function(p, mark) {
  width <- max(nchar(mark))
  if (width == 0) return(p)
  paste0(p, " ", formatC(mark, width = -width))
}

baseline_title <- function(x) {
  paste0(
    "Baseline characteristics by ", x$group_name, ": ", count_of(sum(x$n), "patient"), "; ", if (length(x$groups) == 2) {
      paste0(x$groups[[2]], " against ", x$groups[[1]], " (reference)")
    } else {
      count_of(length(x$groups), "group")
    },
    if (isTRUE(x$simulated)) paste0("; ", simulated_remark(x$simulated))
  )
}

#' @export
print.her2_baseline <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @export
as.data.frame.her2_baseline <- function(x, ...) {
  table <- baseline_table(x)
  test <- unname(table$marks[table$mark])
  columns <- c(
    list(Characteristic = paste0(strrep("  ", table$indent), table$label)), table$columns,
    list(test = ifelse(is.na(test), "", test))
  )
  structure(columns, class = "data.frame", row.names = .set_row_names(length(table$label)))
}

#' @param x A `her2_baseline`.
#' @param table `"tests"`, a row a variable, or `"summaries"`, a row a (variable, level, group); `group` is `NA` of all
#'   patients together.
#' @rdname compare_baseline
#' @export
tidy.her2_baseline <- function(x, table = c("tests", "summaries"), ...) {
  check_no_dots(...)
  table <- check_option(table, c("tests", "summaries"), "table")
  if (table == "summaries") return(x$summaries)
  x$tests
}

#' @rdname compare_baseline
#' @export
glance.her2_baseline <- function(x, ...) {
  data.frame(
    reference = x$groups[[1]], groups = length(x$groups), n = sum(x$n), variables = nrow(x$tests),
    strata = max(1L, x$n_strata), R = x$R, seed = x$seed, adjust = x$adjust, n_dropped = x$n_dropped
  )
}

#' @export
summary.her2_baseline <- function(object, ...) object
