# What is resampled: patients or clusters, too few of them, and groups that no sample changes.

check_resamplable <- function(compared, call = rlang::caller_env()) {
  n <- sum(compared$cells$n)
  if (n <= length(compared$groups)) {
    abort_data(c("There are too few patients to resample.", x = "There {?is/are} {n}."), call = call)
  }
  n_clusters <- length(compared$clusters)
  if (!is.null(compared$clusters) && n_clusters < 2) {
    abort_data(c("There are too few clusters to resample.", x = "There is {n_clusters}."), call = call)
  }
  units <- units_resampled(compared)
  what <- if (is.null(compared$clusters)) "patient" else "cluster"
  if (max(units$n) < 2) {
    abort_data(c("Resampling changes nothing: each group, in each stratum, has one {what} only."), call = call)
  }
  alone <- compared$groups[vapply(units$group, function(g) all(units$n[units$group == g] < 2), NA)]
  if (length(alone) && length(compared$groups) > 1) {
    warn_her2(c("{.val {unique(alone)}} has one {what} only (in each stratum): how much it may vary cannot be seen.",
      i = "Intervals and p-values leave that out, and are too small."), "single_unit")
  }
}

# Groups that every sample leaves as they are: all or none of their patients have the event (of survival data: none by the
# time that is looked at). Resampling does not show how far off they may be.
still_groups <- function(compared, statistic) {
  if (compared$endpoint == "survival") {
    limit <- unlist(statistic$parameters[c("tau", "time")])
    seen <- compared$rows
    if (is.null(seen)) seen <- compared$job$cohort
    counted <- seen$event == 1 & seen$response <= if (length(limit)) limit[[1]] else Inf
    return(compared$groups[!seq_along(compared$groups) %in% (seen$group[counted] + 1)])
  }
  if (compared$endpoint != "binary") return(character())
  counts <- group_counts(compared$cells, compared$groups)
  # One of a single patient has a warning of its own.
  counts$group[counts$n > 1 & (counts$x == 0 | counts$x == counts$n)]
}

still_note <- function(compared, statistic) {
  still <- still_groups(compared, statistic)
  survival <- compared$endpoint == "survival"
  if (length(still) == 0) return(NULL)
  still_text(spoken_levels(compared$groups, compared$group_name)[match(still, compared$groups)], survival)
}

still_text <- function(names, survival) {
  paste0(
    toString(names), ": ", if (survival) "nobody has the event by then" else "all or none have the event",
    ", in every sample. The intervals leave out what this may vary, and are too narrow; ",
    if (survival) "perm_test()" else "compare_proportions()", " does not."
  )
}

# How many patients, or clusters, are drawn from, by group and stratum; clusters of several groups are drawn as wholes.
units_resampled <- function(compared) {
  cells <- compared$cells
  if (is.null(compared$clusters)) return(data.frame(group = cells$group + 1, n = cells$n))
  rows <- compared$rows
  of <- unique(data.frame(stratum = stratum_of(rows), group = rows$group, cluster = rows$cluster))
  if (anyDuplicated(of[c("stratum", "cluster")])) of$group <- 0L
  counts <- as.data.frame(table(of$stratum, of$group), responseName = "n")
  counts <- counts[counts$n > 0, ]
  data.frame(group = if (all(of$group == 0)) 1 else as.integer(as.character(counts$Var2)) + 1, n = counts$n)
}
