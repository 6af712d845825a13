# Counts by stratum: from the cells of a formula's data, or from an array.

# One row a stratum, also where one group has no patients in it.
strata_of_cells <- function(compared) {
  cells <- compared$cells
  count <- function(column, group) {
    own <- cells[cells$group == group, ]
    found <- own[[column]][match(seq_along(compared$strata) - 1, own$stratum)]
    ifelse(is.na(found), 0, found)
  }
  data.frame(
    stratum = compared$strata, x0 = count("x", 0), n0 = count("n", 0), x1 = count("x", 1), n1 = count("n", 1)
  )
}

# groups x outcomes x strata, as table(group, event, centre).
strata_of_array <- function(counts, ref, outcome, call = rlang::caller_env()) {
  if (!identical(dim(counts)[1:2], c(2L, 2L)) || dim(counts)[[3]] < 1) {
    abort_input(c("An array of counts must have 2 groups, 2 outcomes and the strata, in this order.",
      x = "Its dimensions are {.val {dim(counts)}}."
    ), arg = "x", call = call)
  }
  if (!is.numeric(counts) || any(!is.finite(counts)) || any(counts < 0) || any(counts != floor(counts))) {
    bad <- unique(counts[!is.finite(counts) | counts < 0 | counts != floor(counts)])
    abort_input(c("An array of counts must hold whole numbers of at least 0.",
      x = "It has {.val {first_of(bad, 3)}}."
    ), arg = "x", value = bad, call = call)
  }
  named <- function(dimension, otherwise) {
    names <- dimnames(counts)[[dimension]]
    if (is.null(names)) otherwise else names
  }
  groups <- named(1, c("group 1", "group 2"))
  outcomes <- named(2, c("outcome 1", "outcome 2"))
  event <- event_of_array(outcomes, outcome, call)
  rows <- match(put_first(groups, ref, call), groups)
  empty <- rowSums(counts) == 0
  if (any(empty)) abort_data("Group {.val {groups[empty]}} has no patients.", call = call)
  at <- function(row, column) as.vector(counts[row, column, ])
  strata <- data.frame(
    stratum = named(3, paste("stratum", seq_len(dim(counts)[[3]]))),
    x0 = at(rows[[1]], event), n0 = at(rows[[1]], 1) + at(rows[[1]], 2),
    x1 = at(rows[[2]], event), n1 = at(rows[[2]], 1) + at(rows[[2]], 2)
  )
  dimension_name <- names(dimnames(counts))[3]
  list(
    strata = strata[strata$n0 + strata$n1 > 0, ], groups = groups[rows], event = outcomes[[event]],
    stratum_name = if (is.null(dimension_name) || dimension_name %in% c(NA, "")) "stratum" else dimension_name
  )
}

event_of_array <- function(outcomes, outcome, call) {
  if (is.numeric(outcome) && length(outcome) == 1 && outcome %in% 1:2) return(as.integer(outcome))
  match(check_choice(outcome, outcomes, "outcome", call = call), outcomes)
}
