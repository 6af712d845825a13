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

# Simulated rows, as if they were a study's.
unmarked <- function(x) {
  data.frame(lapply(x, function(column) {
    comment(column) <- NULL
    column
  }))
}

# A comparison as boot_ci() and perm_test() read it.
rows_of <- function(formula, data, strata = NULL, weights = NULL, subset = NULL, cluster = NULL,
                    na.action = na.omit, ref = NULL, endpoint = "binary", n_groups = c(2, 2)) {
  quoted <- list(
    subset = substitute(subset), strata = substitute(strata), cluster = substitute(cluster),
    weights = substitute(weights)
  )
  comparison_data(formula, data, quoted, na.action, ref, endpoint, n_groups)
}

# Our condition, which names the argument (or the column) at fault.
refused <- function(code, arg, kind = "input") {
  error <- testthat::expect_error(code, class = paste0("her2mod_error_", kind))
  testthat::expect_identical(error$arg, arg)
}

# Columns of a core cohort from patient rows: g (a factor) and y, and where they are there centre,
# cluster and w, how many patients a row stands for; covariate1, ...; of times, event and entry.
cohort_of <- function(rows) {
  centre <- factor(if (is.null(rows[["centre"]])) rep("one", nrow(rows)) else rows$centre)
  cohort <- list(
    group = as.integer(rows$g) - 1L, stratum = as.integer(centre) - 1L,
    frequency = if (is.null(rows[["w"]])) rep(1, nrow(rows)) else as.double(rows$w),
    response = as.double(rows$y), n_groups = nlevels(rows$g), n_strata = nlevels(centre)
  )
  if (!is.null(rows[["event"]])) cohort$event <- as.integer(rows$event)
  if (!is.null(rows[["entry"]])) cohort$entry <- as.double(rows$entry)
  covariates <- grep("^covariate[0-9]+$", names(rows), value = TRUE)
  if (length(covariates)) cohort$covariates <- unname(lapply(rows[covariates], as.double))
  if (!is.null(rows[["cluster"]])) {
    cluster <- factor(rows$cluster)
    cohort$cluster <- as.integer(cluster) - 1L
    cohort$n_clusters <- nlevels(cluster)
  }
  cohort
}

# What the core gets: which statistic, with which numbers, on which cohort.
job_of <- function(cohort, name, parameters = double()) {
  list(
    cohort = cohort, statistic = name, parameters = as.double(parameters), scheme = "ordinary",
    jackknife_error = FALSE
  )
}

# value and standard error (analysis scale; NA where the statistic has none) at weights and labels.
evaluate <- function(cohort, name, weight = cohort$frequency, label = cohort$group,
                     parameters = double()) {
  result <- cpp_evaluate(job_of(cohort, name, parameters), weight, label)
  list(
    value = result$values[[1]],
    error = if (length(result$values) > 1) result$values[[2]] else NA_real_,
    reason = result$reason
  )
}
