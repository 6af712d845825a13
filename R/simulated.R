# Data that simulate_cohort() made say so wherever they show: prints and captions ask here.

is_simulated <- function(data) inherits(data, "her2_simulated")

# Rows that were changed, joined or made plain are still simulated. (`[` and rbind() keep the class by themselves.)
mark_rows <- function(rows) {
  class(rows) <- c("her2_simulated", setdiff(class(rows), "her2_simulated"))
  rows
}

#' @export
as.data.frame.her2_simulated <- function(x, ...) if (inherits(x, "her2_cohort")) NextMethod() else x

#' @export
transform.her2_simulated <- function(`_data`, ...) mark_rows(NextMethod())

#' @export
merge.her2_simulated <- function(x, y, ...) mark_rows(NextMethod())

# A line for a print or a caption, or nothing.
simulated_remark <- function(simulated) if (isTRUE(simulated)) "simulated data"

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
