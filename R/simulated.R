# Data that simulate_cohort() made say so wherever they show: prints and captions ask here.

# The class is what R's own functions keep. Others make a new object of the columns (a tibble, a data.table, grouped rows):
# the table and each of its columns have the mark as their comment too, which is an attribute that no print shows and no
# model minds.

simulated_words <- "simulated data"

is_simulated <- function(data) {
  says <- function(x) simulated_words %in% comment(x)
  inherits(data, "her2_simulated") || says(data) || (is.list(data) && any(vapply(unclass(data), says, NA)))
}

say_simulated <- function(x) {
  if (!simulated_words %in% comment(x)) comment(x) <- c(comment(x), simulated_words)
  x
}

# Rows that were changed, joined or made plain are still simulated.
mark_rows <- function(rows) {
  own <- attributes(rows)
  rows <- lapply(unclass(rows), say_simulated)
  own$class <- c("her2_simulated", setdiff(own$class, "her2_simulated"))
  attributes(rows) <- own
  say_simulated(rows)
}

# Columns lose their attributes where rows are taken.
#' @export
`[.her2_simulated` <- function(x, ...) {
  y <- NextMethod()
  if (is.data.frame(y)) mark_rows(y) else y
}

#' @export
as.data.frame.her2_simulated <- function(x, ...) if (inherits(x, "her2_cohort")) NextMethod() else x

#' @export
transform.her2_simulated <- function(`_data`, ...) mark_rows(NextMethod())

#' @export
merge.her2_simulated <- function(x, y, ...) mark_rows(NextMethod())

# A line for a print or a caption, or nothing.
simulated_remark <- function(simulated) if (isTRUE(simulated)) simulated_words

# What a print says of the data of a result: how many rows were left out, and whether they are simulated.
data_remarks <- function(x) {
  remarks <- c(
    if (x$n_dropped > 0) paste(count_of(x$n_dropped, "row"), "with missing values dropped"),
    simulated_remark(x$simulated)
  )
  paste0("; ", remarks, recycle0 = TRUE, collapse = "")
}

# The same in a picture, below what its caption says already.
mark_simulated <- function(picture, simulated) {
  if (!isTRUE(simulated)) return(picture)
  remark <- simulated_remark(simulated)
  substr(remark, 1, 1) <- toupper(substr(remark, 1, 1))
  picture + ggplot2::labs(caption = paste(c(picture$labels$caption, paste0(remark, ".")), collapse = "\n"))
}
