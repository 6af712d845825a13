# What the core gets of a comparison: the columns of a cohort.

# Without these columns every row is one patient, and all are in one stratum.
frequency_of <- function(rows) if (is.null(rows$frequency)) rep(1, length(rows$group)) else rows$frequency
stratum_of <- function(rows) if (is.null(rows$stratum)) integer(length(rows$group)) else rows$stratum

# Patients n, and x events where the endpoint has some, by stratum and group; both from 0.
count_cells <- function(rows, n_groups, n_strata, endpoint = "binary") {
  n_strata <- max(1L, n_strata)
  if (endpoint == "survival") rows$response <- as.double(rows$event)
  counts <- cpp_count_cells(rows, n_groups, n_strata)
  cells <- new_rows(
    stratum = rep(seq_len(n_strata) - 1L, each = n_groups),
    group = rep(seq_len(n_groups) - 1L, n_strata),
    x = if (endpoint %in% c("binary", "survival")) counts$x else rep(NA_real_, n_groups * n_strata),
    n = counts$n
  )
  take_rows(cells, cells$n > 0)
}

# Counts of the groups, strata added up.
group_counts <- function(cells, groups) {
  total <- function(v) as.double(tapply(v, factor(cells$group, seq_along(groups) - 1), sum))
  data.frame(group = groups, x = total(cells$x), n = total(cells$n))
}

# The cohort that is resampled; a result with replicates has it.
boot_cohort <- function(compared) {
  if (!is.null(compared$job)) return(compared$job$cohort)
  if (is.null(compared$rows)) return(core_cohort(compared$cells))
  # Group by group, and by response, so that a replicate reads memory in order. What a custom
  # statistic reads is not known here: its rows keep the order of the data.
  by <- c("group", "stratum", if (compared$endpoint != "custom") {
    c("response", "event", "entry", "cluster", "frequency", covariates_in(compared$rows))
  })
  rows_cohort(compared, by)
}

# The cohort whose labels are permuted, one row a patient. Clusters of one group each are relabelled
# as wholes; where they hold several, labels are permuted within them: they are strata.
perm_cohort <- function(compared) {
  refuse_crowds(compared)
  if (is.null(compared$rows)) return(core_cohort(compared$cells, expand = TRUE))
  times <- compared$rows$frequency
  if (!is.null(times)) {
    compared$rows <- take_rows(compared$rows, rep(seq_along(times), times))
    compared$rows$frequency <- NULL
  }
  by <- c("stratum", "group", "response", "event", "entry", "cluster", covariates_in(compared$rows))
  cohort <- rows_cohort(compared, by, once = is.null(times))
  if (is.null(cohort$cluster) || !cpp_mixed_clusters(cohort)) return(cohort)
  within_clusters(cohort)
}

# Labels are dealt out patient by patient.
refuse_crowds <- function(compared, most = 2e8, call = rlang::caller_env(3)) {
  n <- sum(compared$cells$n)
  if (n <= most) return(invisible())
  abort_data(c("Labels of {.val {format(n, big.mark = ',')}} patients do not fit into memory.",
    i = "At most {format(most, big.mark = ',', scientific = FALSE)}; {.fn compare_proportions} takes any number of patients."
  ), call = call)
}

within_clusters <- function(cohort) {
  warn_pure_clusters(cohort)
  sorted <- order(cohort$cluster)
  by_row <- intersect(c("group", "frequency", "response", "event", "entry", "cluster", "row"), names(cohort))
  cohort[by_row] <- lapply(cohort[by_row], function(column) column[sorted])
  if (!is.null(cohort$covariates)) cohort$covariates <- lapply(cohort$covariates, function(column) column[sorted])
  cohort$stratum <- cohort$cluster
  cohort$n_strata <- cohort$n_clusters
  cohort$cluster <- cohort$n_clusters <- NULL
  cohort
}

# Within clusters those of one group have nothing to relabel.
warn_pure_clusters <- function(cohort) {
  kinds <- unique(data.frame(cluster = cohort$cluster, group = cohort$group))
  pure <- sum(tabulate(kinds$cluster + 1) == 1)
  if (pure == 0) return(invisible())
  warn_her2(c(
    "{pure} of {cohort$n_clusters} clusters have patients of one group only, and say nothing here.",
    i = "Some cluster holds several groups, so labels are permuted within clusters; in those {pure} nothing changes.",
    i = "Clusters that are treated as wholes must hold one group each: look for wrong codes."
  ), "pure_clusters", pure = pure, clusters = cohort$n_clusters)
}

covariates_in <- function(rows) grep("^covariate[0-9]+$", names(rows), value = TRUE)

# Sorted by all that the core sees, so that the order of the data does not matter (or, with NULL, as they
# are). `row` is not the core's: it says which row of the data a row is; `once`: no two are the same.
rows_cohort <- function(compared, by, once = TRUE) {
  rows <- compared$rows
  if (!is.null(by)) rows <- take_sorted(rows, cpp_row_order(unname(as.list(rows[intersect(by, names(rows))]))), once)
  cohort <- list(
    group = as.integer(rows$group), response = as.double(rows$response),
    n_groups = length(compared$groups), n_strata = max(1L, length(compared$strata)), row = rows$row
  )
  cohort$stratum <- rows$stratum
  cohort$frequency <- rows$frequency
  cohort$event <- rows$event
  cohort$entry <- rows$entry
  adjusted <- covariates_in(rows)
  if (length(adjusted)) cohort$covariates <- unname(as.list(rows[adjusted]))
  if (!is.null(rows$cluster)) {
    cohort$cluster <- rows$cluster
    cohort$n_clusters <- length(compared$clusters)
  }
  cohort
}

# Where no row was left out or stands for several, which rows of the data they are is the order itself, and not held twice.
# (Their numbers grow, so that the last is as large as there are rows only if all are there.)
take_sorted <- function(rows, order, once) {
  n <- length(order)
  whole <- once && n > 0 && !is.null(rows$row) && rows$row[[n]] == n
  if (whole) rows$row <- NULL
  rows <- take_rows(rows, order)
  if (whole) rows$row <- order
  rows
}

# One row a (stratum, group, event) with its frequency, or one row a patient.
core_cohort <- function(cells, expand = FALSE) {
  long <- rbind(
    data.frame(cells[c("stratum", "group")], response = 1, frequency = cells$x),
    data.frame(cells[c("stratum", "group")], response = 0, frequency = cells$n - cells$x)
  )
  long <- long[long$frequency > 0, ]
  long <- long[order(long$stratum, long$group, -long$response), ]
  n_strata <- as.integer(max(cells$stratum) + 1L)
  cohort <- list(group = as.integer(long$group), response = as.double(long$response))
  if (n_strata > 1) cohort$stratum <- as.integer(long$stratum)
  if (expand) {
    cohort <- lapply(cohort, rep, times = long$frequency)
  } else {
    cohort$frequency <- as.double(long$frequency)
  }
  c(cohort, list(n_groups = 2L, n_strata = n_strata))
}
