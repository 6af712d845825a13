# What a Table 1 says of each variable in each group: counts, or where the values lie.

# One row a (variable, level, group); `group` NA is all patients together.
baseline_summaries <- function(variables, design, overall) {
  rows <- lapply(variables, function(variable) {
    of <- if (variable$type == "continuous") summarise_numbers else summarise_levels
    by_group <- of(variable, design$code + 1L, length(design$groups), design$groups)
    if (overall) rbind(by_group, of(variable, rep(1L, length(design$code)), 1L, NA_character_)) else by_group
  })
  do.call(rbind, rows)
}

summarise_numbers <- function(variable, group, n_groups, names) {
  known <- !is.na(variable$value)
  by <- split(variable$value[known], factor(group[known], seq_len(n_groups)))
  of_each <- function(what) unname(vapply(by, function(v) if (length(v)) what(v) else NA_real_, 0))
  at <- function(prob) of_each(function(v) stats::quantile(v, prob, names = FALSE))
  n <- unname(lengths(by))
  data.frame(
    term = variable$name, level = NA_character_, group = names, n = as.double(n),
    missing = tabulate(group, n_groups) - as.double(n), count = NA_real_, proportion = NA_real_,
    mean = of_each(mean), sd = of_each(function(v) if (length(v) > 1) stats::sd(v) else NA_real_),
    median = at(0.5), q1 = at(0.25), q3 = at(0.75), min = of_each(min), max = of_each(max)
  )
}

# Shares are of the patients whose level is known.
summarise_levels <- function(variable, group, n_groups, names) {
  counts <- count_levels(variable, group, n_groups)
  n <- colSums(counts)
  k <- length(variable$levels)
  if (k == 0) {
    counts <- matrix(NA_real_, 1, n_groups)
    k <- 1
  }
  each <- rep(seq_len(n_groups), each = k)
  data.frame(
    term = variable$name, level = rep(if (length(variable$levels)) variable$levels else NA_character_, n_groups),
    group = names[each], n = n[each], missing = (tabulate(group, n_groups) - n)[each],
    count = as.vector(counts), proportion = as.vector(counts) / ifelse(n > 0, n, NA)[each],
    mean = NA_real_, sd = NA_real_, median = NA_real_, q1 = NA_real_, q3 = NA_real_, min = NA_real_, max = NA_real_
  )
}

# Levels by groups (from 1).
count_levels <- function(variable, group, n_groups) {
  k <- length(variable$levels)
  known <- !is.na(variable$code)
  cell <- variable$code[known] + k * (group[known] - 1L)
  matrix(as.double(tabulate(cell, k * n_groups)), k, n_groups)
}
