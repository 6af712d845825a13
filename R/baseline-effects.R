# How far the groups are apart: standardised differences, and the effect with its interval.

# Of two groups other minus reference, a distance for several levels; of more groups the pair that is furthest apart.
baseline_smd <- function(variable, design) {
  n_groups <- length(design$groups)
  pairs <- utils::combn(n_groups, 2, simplify = FALSE)
  values <- vapply(pairs, function(pair) pair_smd(variable, design, pair), 0)
  if (n_groups == 2) return(list(value = values, pair = NA_character_))
  if (all(is.na(values))) return(list(value = NA_real_, pair = NA_character_))
  widest <- which.max(abs(values))
  list(value = abs(values[[widest]]), pair = paste(rev(design$groups[pairs[[widest]]]), collapse = " against "))
}

pair_smd <- function(variable, design, pair) {
  if (variable$type == "continuous") {
    rows <- which(!is.na(variable$value) & (design$code == pair[[1]] - 1L | design$code == pair[[2]] - 1L))
    return(smd_of(
      (design$code[rows] == pair[[2]] - 1L) + 0L, variable$value[rows], stat_standardised_difference("balance")
    ))
  }
  counts <- count_levels(variable, design$code + 1L, length(design$groups))[, pair, drop = FALSE]
  k <- nrow(counts)
  statistic <- if (variable$type == "binary") stat_standardised_difference("balance") else stat_standardised_distance()
  smd_of(rep(0:1, each = k), rep(seq_len(k) - 1, 2), statistic, as.vector(counts))
}

# NA where a group has nobody, or one number only.
smd_of <- function(group, response, statistic, frequency = NULL) {
  if (!is.null(frequency)) {
    seen <- frequency > 0
    group <- group[seen]
    response <- response[seen]
    frequency <- frequency[seen]
  }
  if (!all(0:1 %in% group)) return(NA_real_)
  cohort <- list(group = group, response = as.double(response), n_groups = 2L, n_strata = 1L)
  cohort$frequency <- frequency
  if (is.null(frequency) && min(tabulate(group + 1L, 2)) < 2) return(NA_real_)
  value <- evaluate_job(new_job("permutation", cohort, statistic, NULL, NA_real_))[[1]]
  if (is.nan(value)) NA_real_ else value
}

no_effect <- function() {
  data.frame(effect = NA_character_, estimate = NA_real_, std.error = NA_real_, conf.low = NA_real_,
    conf.high = NA_real_, interval = NA_character_
  )
}

effect_row <- function(effect, estimate, error, low, high, interval) {
  data.frame(
    effect = effect, estimate = estimate, std.error = error, conf.low = low, conf.high = high,
    interval = if (is.na(low)) NA_character_ else interval
  )
}

# The effect of two groups in the units of the variable; none of several levels.
baseline_effect <- function(variable, design, wanted) {
  if (length(design$groups) != 2 || variable$type == "categorical") return(no_effect())
  known <- !is.na(values_of(variable))
  n <- tabulate(design$code[known] + 1L, 2)
  if (min(n) == 0) return(no_effect())
  switch(variable$type,
    binary = risk_effect(variable, design, wanted),
    ordered = win_effect(variable$code[known], design$code[known], wanted),
    continuous = {
      of <- if (variable$summary == "median") median_effect else mean_effect
      of(variable$value[known], design$code[known], wanted)
    }
  )
}

risk_effect <- function(variable, design, wanted) {
  counts <- count_levels(variable, design$code + 1L, 2)
  methods <- proportion_methods()
  index <- which(methods$term == "risk_difference" & methods$method == wanted$interval)
  table <- data.frame(group = design$groups, x = counts[2, ], n = colSums(counts))
  row <- comparison_rows(table, wanted$conf.level, "two.sided", index)
  effect_row("risk difference", row$estimate, NA_real_, row$conf.low, row$conf.high, wanted$interval)
}

# Welch (1947): two variances, t with Satterthwaite's degrees of freedom.
mean_effect <- function(value, group, wanted) {
  by <- split(value, group)
  squared <- vapply(by, function(v) if (length(v) > 1) stats::var(v) / length(v) else NA_real_, 0)
  estimate <- mean(by[[2]]) - mean(by[[1]])
  error <- sqrt(sum(squared))
  freedom <- sum(squared)^2 / sum(squared^2 / (lengths(by) - 1))
  half <- if (is.finite(freedom)) stats::qt((1 + wanted$conf.level) / 2, freedom) * error else NA_real_
  effect_row("mean difference", estimate, error, estimate - half, estimate + half, "Welch")
}

# The exact bootstrap up to here, where it takes a fraction of a second.
most_bootstrapped <- 5000

# Medians: quantiles of the exact bootstrap distribution, or Maritz and Jarrett's standard error of many patients.
median_effect <- function(value, group, wanted) {
  statistic <- stat_median_difference()
  cohort <- list(group = group, response = value, n_groups = 2L, n_strata = 1L)
  found <- evaluate_job(new_job("permutation", cohort, statistic, NULL, NA_real_, outputs = 2L))
  if (length(value) > most_bootstrapped) {
    half <- stats::qnorm((1 + wanted$conf.level) / 2) * found[[2]]
    return(effect_row("median difference", found[[1]], found[[2]], found[[1]] - half, found[[1]] + half, "Maritz-Jarrett"))
  }
  if (min(tabulate(group + 1L, 2)) < 2) {
    return(effect_row("median difference", found[[1]], NA_real_, NA_real_, NA_real_, NA_character_))
  }
  boot <- boot_ci(value ~ group, data.frame(value, group), statistic,
    type = "perc", method = "exact", conf.level = wanted$conf.level, progress = FALSE
  )
  row <- tidy(boot)
  effect_row("median difference", row$estimate, row$std.error, row$conf.low, row$conf.high, "exact bootstrap percentile")
}

# P(other above reference), ties counting half, with DeLong's standard error. Where every pair goes one way there is none.
win_effect <- function(code, group, wanted) {
  cohort <- list(group = group, response = as.double(code), n_groups = 2L, n_strata = 1L)
  found <- evaluate_job(new_job("permutation", cohort, stat_win_probability(), NULL, NA_real_, outputs = 2L))
  known <- is.finite(found[[2]]) && found[[2]] > 0
  half <- if (known) stats::qnorm((1 + wanted$conf.level) / 2) * found[[2]] else NA_real_
  effect_row("win probability", found[[1]], if (known) found[[2]] else NA_real_,
    max(0, found[[1]] - half), min(1, found[[1]] + half), "DeLong"
  )
}
