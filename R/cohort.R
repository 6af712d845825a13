# What the core gets of a comparison: the columns of a cohort.

# Patients n, and x events where the endpoint is binary, by stratum and group; both from 0.
count_cells <- function(rows, n_groups, n_strata, endpoint = "binary") {
  n_strata <- max(1L, n_strata)
  key <- factor(rows$stratum * n_groups + rows$group, levels = seq_len(n_strata * n_groups) - 1L)
  sum_by <- function(v) {
    total <- rowsum(c(v, rep(0, nlevels(key))), c(as.character(key), levels(key)))
    as.double(total[levels(key), ])
  }
  cells <- data.frame(
    stratum = rep(seq_len(n_strata) - 1L, each = n_groups),
    group = rep(seq_len(n_groups) - 1L, n_strata),
    x = if (endpoint == "binary") sum_by(rows$response * rows$frequency) else NA_real_,
    n = sum_by(rows$frequency)
  )
  cells[cells$n > 0, ]
}

# Counts of the groups, strata added up.
group_counts <- function(cells, groups) {
  total <- function(v) as.double(tapply(v, factor(cells$group, seq_along(groups) - 1), sum))
  data.frame(group = groups, x = total(cells$x), n = total(cells$n))
}

# The cohort that is resampled.
boot_cohort <- function(compared) {
  if (is.null(compared$rows)) return(core_cohort(compared$cells))
  # Group by group, and by response, so that a replicate reads memory in order. What a custom
  # statistic reads is not known here: its rows keep the order of the data.
  by <- c("group", "stratum", if (compared$endpoint != "custom") c("response", "cluster", "frequency"))
  rows_cohort(compared, function(rows) sort_rows(rows, by))
}

# The cohort whose labels are permuted, one row a patient. Clusters of one group each are relabelled
# as wholes; where they hold several, labels are permuted within them: they are strata.
perm_cohort <- function(compared) {
  if (is.null(compared$rows)) return(core_cohort(compared$cells, expand = TRUE))
  rows <- compared$rows
  compared$rows <- rows[rep(seq_len(nrow(rows)), rows$frequency), ]
  compared$rows$frequency <- 1
  cohort <- rows_cohort(compared, function(rows) {
    sort_rows(rows, c("stratum", "group", "response", "cluster"))
  })
  if (is.null(cohort$cluster) || !cpp_mixed_clusters(cohort)) return(cohort)
  within_clusters(cohort)
}

within_clusters <- function(cohort) {
  sorted <- order(cohort$cluster)
  by_row <- c("group", "stratum", "frequency", "response", "cluster", "row")
  cohort[by_row] <- lapply(cohort[by_row], function(column) column[sorted])
  cohort$stratum <- cohort$cluster
  cohort$n_strata <- cohort$n_clusters
  cohort$cluster <- cohort$n_clusters <- NULL
  cohort
}

# By all that the core sees, so that the order of the data does not matter.
sort_rows <- function(rows, by) {
  rows[do.call(order, unname(as.list(rows[intersect(by, names(rows))]))), ]
}

# `row` is not the core's: it says which row of the data a row is.
rows_cohort <- function(compared, sorted) {
  rows <- sorted(compared$rows)
  cohort <- list(
    group = as.integer(rows$group), stratum = as.integer(rows$stratum),
    frequency = as.double(rows$frequency), response = as.double(rows$response),
    n_groups = length(compared$groups), n_strata = max(1L, length(compared$strata)),
    row = rows$row
  )
  if (!is.null(rows$cluster)) {
    cohort$cluster <- as.integer(rows$cluster)
    cohort$n_clusters <- length(compared$clusters)
  }
  cohort
}

# One row a (stratum, group, event) with its frequency, or one row a patient.
core_cohort <- function(cells, expand = FALSE) {
  long <- rbind(
    data.frame(cells[c("stratum", "group")], response = 1, frequency = cells$x),
    data.frame(cells[c("stratum", "group")], response = 0, frequency = cells$n - cells$x)
  )
  long <- long[long$frequency > 0, ]
  long <- long[order(long$stratum, long$group, -long$response), ]
  if (expand) {
    long <- long[rep(seq_len(nrow(long)), long$frequency), ]
    long$frequency <- 1
  }
  list(
    group = as.integer(long$group), stratum = as.integer(long$stratum),
    frequency = as.double(long$frequency), response = as.double(long$response),
    n_groups = 2L, n_strata = as.integer(max(cells$stratum) + 1L)
  )
}
