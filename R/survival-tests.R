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

# One row a test: chi-squared and, of two groups, the score U of the other group (log-rank: observed
# less expected events) with its standard error.
test_rows <- function(raw, tests, groups, trend) {
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
  rbind(rows, if (two) maxcombo_row(raw, rows), if (!is.null(trend)) trend_row(raw, trend))
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

# The largest |Z| of MaxCombo's parts, with their joint normal distribution.
maxcombo_row <- function(raw, rows) {
  # A part without variance (FH(0, 1) where all events fall on one time) has no say.
  parts <- match(maxcombo_parts, rows$method)
  parts <- parts[!is.na(rows$statistic[parts])]
  largest <- if (length(parts)) sqrt(max(rows$statistic[parts])) else NA_real_
  p <- if (is.na(largest)) NA_real_ else maximum_p(largest, stats::cov2cor(raw$between[parts, parts]))
  estimate_row("test", "maxcombo", NA_character_, statistic = largest, p.value = p)
}

maximum_p <- function(largest, correlation) {
  call_core(cpp_normal_maximum(as.double(correlation), largest, TRUE))[[1]]
}

# The part that MaxCombo's statistic is that of.
maxcombo_winner <- function(rows) {
  parts <- rows[rows$method %in% maxcombo_parts, ]
  parts$method[which.max(parts$statistic)]
}
