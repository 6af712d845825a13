# Columns as package haven reads them from SAS, SPSS and Stata files: numbers or text with labels of some values, and
# several kinds of missing values.

is_labelled <- function(x) {
  inherits(x, "haven_labelled") || (is.atomic(x) && !is.factor(x) && !is.null(names(attr(x, "labels", exact = TRUE))))
}

# What the file calls missing (tagged, or user-defined: 999 = "unknown") is missing, and its labels are gone.
without_file_missing <- function(x) {
  if (!is_labelled(x)) return(x)
  labels <- attr(x, "labels", exact = TRUE)
  value <- as.vector(unclass(x))
  gone <- is.na(value) | is_user_missing(x, value)
  value[gone] <- NA
  bare <- as.vector(unclass(labels))
  structure(value,
    class = setdiff(oldClass(x), "haven_labelled_spss"), label = attr(x, "label", exact = TRUE),
    labels = labels[!(is.na(bare) | is_user_missing(x, bare))]
  )
}

is_user_missing <- function(x, value) {
  range <- attr(x, "na_range", exact = TRUE)
  within <- if (is.null(range)) FALSE else !is.na(value) & value >= range[[1]] & value <= range[[2]]
  within | value %in% attr(x, "na_values", exact = TRUE)
}

# What names groups or is a covariate: a factor of the labels, in the order of their values, where every value has one;
# a plain vector otherwise. The column's own label stays.
read_labelled <- function(x) {
  if (!is_labelled(x)) return(x)
  x <- without_file_missing(x)
  labels <- sort(attr(x, "labels", exact = TRUE))
  value <- as.vector(unclass(x))
  there <- unique(value[!is.na(value)])
  if (length(there) && all(there %in% labels)) {
    labels <- labels[labels %in% there]
    value <- factor(names(labels)[match(value, labels)], unique(names(labels)))
  }
  structure(value, label = attr(x, "label", exact = TRUE))
}

# Of these columns only those that are labelled are touched: columns of 10^6 rows are not copied.
read_labelled_columns <- function(data, columns = seq_along(data), read = read_labelled) {
  for (j in columns) if (is_labelled(data[[j]])) data[[j]] <- read(data[[j]])
  data
}

# Of a model frame all but the response and weights.
read_labelled_frame <- function(frame) {
  read_labelled_columns(frame, setdiff(seq_along(frame)[-1], match("(weights)", names(frame))))
}
