# The log-rank family from its scores and variances.

# Families of weights as the core numbers them, and the names that results give them; with `t_star` the
# modestly weighted test too.
survival_tests <- function(t_star = NULL) {
  fh <- fleming_harrington_pairs
  tests <- data.frame(
    method = c("logrank", "gehan", "tarone-ware", "peto-peto", "modified peto-peto", fh_name(fh$rho, fh$gamma)),
    family = c(0:4, rep(5, nrow(fh))), rho = c(rep(0, 5), fh$rho), gamma = c(rep(0, 5), fh$gamma), t_star = 0
  )
  if (is.null(t_star)) return(tests)
  rbind(tests, data.frame(
    method = paste0("modest(", format_plain(t_star), ")"), family = logrank_families[["modest"]], rho = 0, gamma = 0,
    t_star = t_star
  ))
}

# Beside the log-rank test, FH(0,0), the parts of MaxCombo.
fleming_harrington_pairs <- data.frame(rho = c(0, 1, 1), gamma = c(1, 0, 1))
maxcombo_parts <- c("logrank", "fh(0,1)", "fh(1,0)", "fh(1,1)")

fh_name <- function(rho, gamma) paste0("fh(", format_plain(rho), ",", format_plain(gamma), ")")
format_plain <- function(x) vapply(x, format, "", digits = 6)

# `rows`, one a test: chi-squared and, of two groups, the score U of the other group (log-rank: observed
# less expected events) with its standard error. `p.error`: how far off MaxCombo's p-value may be.
survival_test_rows <- function(raw, tests, groups, trend) {
  two <- length(groups) == 2
  of_other <- function(v) if (two) v[[length(v)]] else NA_real_
  score <- vapply(raw$score, of_other, 0)
  error <- sqrt(vapply(raw$variance, of_other, 0))
  # What rounding leaves of no variance is none.
  none <- vapply(raw$variance, function(v) all(abs(v) <= 1e-12 * max(abs(raw$variance[[1]]))), NA)
  # Nor is what rounding leaves of a score that is 0 a difference.
  score[abs(score) < 1e-12 * error] <- 0
  chi <- ifelse(none, NA_real_, if (two) (score / error)^2 else raw$chi_squared)
  # Groups that are never at risk together have no difference to test.
  df <- ifelse(none, NA_real_, if (two) 1 else as.double(raw$df))
  rows <- estimate_row("test", tests$method, NA_character_,
    estimate = score, std.error = error, statistic = chi, df = df, p.value = stats::pchisq(chi, df, lower.tail = FALSE)
  )
  maxcombo <- maxcombo_test(raw, rows, length(groups))
  list(rows = rbind(rows, maxcombo$row, if (!is.null(trend)) trend_row(raw, trend)), p.error = maxcombo$p.error)
}

# Tarone's test for trend over scores of the groups, from the log-rank scores
# (Tarone RE 1975, doi:10.1093/biomet/62.3.679).
trend_row <- function(raw, trend) {
  score <- sum(trend * raw$score[[1]])
  error <- sqrt(drop(trend %*% raw$variance[[1]] %*% trend))
  chi <- if (error > 0) (score / error)^2 else NA_real_
  estimate_row("test", "logrank trend", NA_character_,
    estimate = score, std.error = error, statistic = chi, df = 1, p.value = stats::pchisq(chi, 1, lower.tail = FALSE)
  )
}

# MaxCombo's parts that have variance: one without (FH(0, 1) where all events fall on one time) has no say.
maxcombo_rows <- function(rows) {
  parts <- match(maxcombo_parts, rows$method)
  parts[!is.na(rows$statistic[parts])]
}

# The part that MaxCombo's statistic is that of: of the smallest p-value.
maxcombo_winner <- function(rows) {
  parts <- rows[maxcombo_rows(rows), ]
  utils::head(parts$method[order(parts$p.value, -parts$statistic)], 1)
}

# The largest |Z| of two groups, or the largest chi-squared of more, with the joint normal distribution of
# all scores. Where not all chi-squared have the same degrees of freedom it is that of the smallest p-value.
maxcombo_test <- function(raw, rows, n_groups) {
  parts <- maxcombo_rows(rows)
  largest <- rows$statistic[match(maxcombo_winner(rows), rows$method)]
  if (length(parts) == 0) return(list(row = maxcombo_row(NA_real_, NA_real_), p.error = NA_real_))
  scores <- as.vector(outer(seq_len(n_groups - 1), (n_groups - 1) * (parts - 1), `+`))
  covariance <- raw$joint[scores, scores, drop = FALSE]
  if (n_groups == 2) largest <- sqrt(largest)
  p <- if (n_groups == 2) {
    call_core(cpp_normal_maximum(as.double(stats::cov2cor(covariance)), largest, TRUE))
  } else {
    call_core(cpp_form_maximum(as.double(covariance), length(parts), min(rows$p.value[parts])))
  }
  list(row = maxcombo_row(largest, p[[1]]), p.error = p[[2]])
}

maxcombo_row <- function(largest, p) {
  estimate_row("test", "maxcombo", NA_character_, statistic = largest, p.value = p)
}
