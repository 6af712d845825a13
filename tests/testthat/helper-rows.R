# Data frames for the formula interface.

# One row a patient: x0 of n0 in "ref", x1 of n1 in "oth".
patient_rows <- function(x0, n0, x1, n1) {
  data.frame(
    g = factor(rep(c("ref", "oth"), c(n0, n1)), levels = c("ref", "oth")),
    y = c(rep(1:0, c(x0, n0 - x0)), rep(1:0, c(x1, n1 - x1)))
  )
}

# The same in several centres, one list element each: c(x0, n0, x1, n1).
centre_rows <- function(centres) {
  rows <- lapply(names(centres), function(name) {
    cbind(do.call(patient_rows, as.list(unname(centres[[name]]))), centre = name)
  })
  do.call(rbind, rows)
}

# Columns of a core cohort from patient rows.
cohort_of <- function(rows) {
  centre <- factor(if (is.null(rows$centre)) rep("one", nrow(rows)) else rows$centre)
  list(
    group = as.integer(rows$g) - 1L, stratum = as.integer(centre) - 1L,
    frequency = rep(1, nrow(rows)), response = as.double(rows$y), n_groups = 2L,
    n_strata = nlevels(centre)
  )
}

# value and standard error (analysis scale) of a statistic at weights and labels.
evaluate <- function(cohort, name, weight = cohort$frequency, label = cohort$group) {
  result <- cpp_evaluate(cohort, name, weight, label)
  list(
    value = result$values[1, 1], error = result$values[1, 2], reason = as.character(result$reasons)
  )
}
