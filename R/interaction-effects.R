# Rows of estimates and tests of an interaction. On the analysis scale an effect is a difference or a logarithm;
# `show` makes it what users read.

measure_titles <- c(
  risk_difference = "risk difference", risk_ratio = "risk ratio", odds_ratio = "odds ratio",
  hazard_ratio = "hazard ratio", rmst_difference = "restricted mean difference"
)
is_ratio <- function(measure) !measure %in% c("risk_difference", "rmst_difference")
measure_scale <- function(measure) ifelse(is_ratio(measure), "multiplicative", "additive")

interaction_row <- function(measure, term, method, group, estimate = NA_real_, std.error = NA_real_, low = NA_real_,
                            high = NA_real_, statistic = NA_real_, df = NA_real_, p.value = NA_real_) {
  show <- if (is_ratio(measure)) exp else identity
  nan_to_na <- function(x) ifelse(is.nan(x), NA_real_, as.double(unname(x)))
  data.frame(
    measure = measure, term = term, method = method, group = group, estimate = nan_to_na(show(estimate)),
    std.error = nan_to_na(std.error), statistic = nan_to_na(statistic), df = as.double(df),
    p.value = nan_to_na(p.value), conf.low = nan_to_na(show(low)), conf.high = nan_to_na(show(high)),
    alternative = "two.sided", row.names = NULL
  )
}

wald_interaction <- function(measure, term, method, group, estimate, std.error, wanted) {
  std.error <- known_error(std.error)
  half <- stats::qnorm((1 + wanted$conf.level) / 2) * std.error
  z <- estimate / std.error
  known <- is.finite(z)
  # A ratio of 0 or Inf has no standard error: nothing is excluded. One that is not known has no interval.
  open <- is_ratio(measure) & is.infinite(estimate)
  interaction_row(measure, term, method, group, estimate, ifelse(is.finite(std.error), std.error, NA),
    ifelse(open, -Inf, estimate - half), ifelse(open, Inf, estimate + half),
    ifelse(known, z, NA), NA, ifelse(known, 2 * stats::pnorm(-abs(z)), NA)
  )
}

# Wald's test that all effects are equal; NA where it has none.
wald_homogeneity <- function(measure, method, estimate, variance) {
  k <- length(estimate)
  contrasts <- cbind(-1, diag(k - 1))
  difference <- drop(contrasts %*% estimate)
  middle <- contrasts %*% variance %*% t(contrasts)
  usable <- all(is.finite(c(difference, middle))) && rcond(middle) > 1e-14
  statistic <- if (usable) sum(difference * solve(middle, difference)) else NA_real_
  chi_squared_row(measure, method, statistic, k - 1)
}

chi_squared_row <- function(measure, method, statistic, df) {
  p <- if (df > 0) stats::pchisq(statistic, df, lower.tail = FALSE) else 1
  interaction_row(measure, "test", method, NA_character_, statistic = statistic, df = df, p.value = p)
}

# --- counts -----------------------------------------------------------------------------------------------

effect_variance <- function(measure, tables) {
  p0 <- tables$x0 / tables$n0
  p1 <- tables$x1 / tables$n1
  switch(measure,
    risk_difference = p0 * (1 - p0) / tables$n0 + p1 * (1 - p1) / tables$n1,
    risk_ratio = (1 - p0) / tables$x0 + (1 - p1) / tables$x1,
    odds_ratio = 1 / tables$x0 + 1 / (tables$n0 - tables$x0) + 1 / tables$x1 + 1 / (tables$n1 - tables$x1)
  )
}

count_methods <- list(
  risk_difference = c("score", "newcombe", "wald", "likelihood-ratio"),
  risk_ratio = c("score", "wald", "likelihood-ratio"),
  odds_ratio = c("score", "wald", "likelihood-ratio", "breslow-day", "tarone", "zelen", "exact-central")
)

count_interactions <- function(x, measure, wanted) {
  tables <- interaction_tables(x$cells)
  methods <- intersect(wanted$methods, count_methods[[measure]])
  contrasts <- lapply(setdiff(methods, c("breslow-day", "tarone")), function(method) {
    lapply(seq_along(x$strata)[-1], function(g) {
      count_contrast(measure, method, tables[c(1, g), ], x$strata[[g]], wanted)
    })
  })
  several <- length(x$strata) > 2
  tested <- setdiff(methods, c("newcombe", "exact-central"))
  if (!several) tested <- intersect(tested, c("breslow-day", "tarone"))
  rbind(
    if (several) test_rows_of(tested, measure, tables),
    if (length(contrasts)) do.call(rbind, unlist(contrasts, recursive = FALSE)),
    if (!several) test_rows_of(tested, measure, tables)
  )
}

test_rows_of <- function(methods, measure, tables) {
  if (length(methods)) do.call(rbind, lapply(methods, count_homogeneity, measure = measure, tables = tables))
}

# Of the level `group` against the reference level: two tables.
count_contrast <- function(measure, method, tables, group, wanted) {
  estimate <- diff(observed_effect(measure, tables))
  std.error <- sqrt(sum(effect_variance(measure, tables)))
  row <- function(...) interaction_row(measure, "interaction", method, group, ...)
  switch(method,
    wald = wald_interaction(measure, "interaction", method, group, estimate, std.error, wanted),
    score = , "likelihood-ratio" = {
      ends <- contrast_interval(method, measure, tables, wanted$conf.level)
      statistic <- restricted_statistic(method, measure, tables)
      row(estimate, NA, ends[["low"]], ends[["high"]], statistic, 1, stats::pchisq(statistic, 1, lower.tail = FALSE))
    },
    newcombe = {
      z <- stats::qnorm((1 + wanted$conf.level) / 2)
      ends <- newcombe_contrast(tables, z)
      z0 <- newcombe_contrast_z(tables)
      row(estimate, NA, ends[[1]], ends[[2]], z0, NA, 2 * stats::pnorm(-abs(z0)))
    },
    zelen = , "exact-central" = {
      found <- exact_contrast(tables, method, wanted$conf.level)
      row(found$estimate, NA, found$low, found$high, NA, NA, found$p)
    }
  )
}

count_homogeneity <- function(measure, method, tables) {
  if (method %in% c("breslow-day", "tarone", "zelen")) {
    found <- with(tables, homogeneity_tests(x0, n0, x1, n1, method))
    return(interaction_row(measure, "test", method, NA_character_, statistic = found$statistic, df = found$df,
      p.value = found$p.value
    ))
  }
  if (method == "wald") {
    return(wald_homogeneity(measure, method, observed_effect(measure, tables), diag(effect_variance(measure, tables))))
  }
  # Levels without an event (for odds ratios also with nothing else) say nothing of a ratio.
  events <- tables$x0 + tables$x1
  if (is_ratio(measure)) tables <- tables[events > 0 & (measure == "risk_ratio" | events < tables$n0 + tables$n1), ]
  if (nrow(tables) < 2) return(chi_squared_row(measure, method, 0, 0))
  chi_squared_row(measure, method, restricted_statistic(method, measure, tables), nrow(tables) - 1)
}

# --- the difference of two differences, from the Wilson limits of four proportions ------------------------------

wilson_limits <- function(x, n, z) {
  middle <- (x + z^2 / 2) / (n + z^2)
  half <- z * sqrt(x * (n - x) / n + z^2 / 4) / (n + z^2)
  list(low = ifelse(x == 0, 0, middle - half), high = ifelse(x == n, 1, middle + half))
}

# Newcombe's square-and-add, with four proportions: each may be as far off as its own limit.
newcombe_contrast <- function(tables, z) {
  w0 <- wilson_limits(tables$x0, tables$n0, z)
  w1 <- wilson_limits(tables$x1, tables$n1, z)
  p0 <- tables$x0 / tables$n0
  p1 <- tables$x1 / tables$n1
  # Of each table's difference: how far down, how far up.
  down <- (p1 - w1$low)^2 + (w0$high - p0)^2
  up <- (w1$high - p1)^2 + (p0 - w0$low)^2
  estimate <- diff(p1 - p0)
  c(max(-2, estimate - sqrt(down[[2]] + up[[1]])), min(2, estimate + sqrt(up[[2]] + down[[1]])))
}

# The z at which the interval's end is 0, with the estimate's sign.
newcombe_contrast_z <- function(tables) {
  estimate <- diff(observed_effect("risk_difference", tables))
  if (estimate == 0) return(0)
  end <- function(z) newcombe_contrast(tables, z)[[if (estimate > 0) 1 else 2]]
  if (sign(end(38)) == sign(estimate)) return(sign(estimate) * 38)
  sign(estimate) * stats::uniroot(end, c(0, 38), tol = 1e-12)$root
}

# --- effects within each level -----------------------------------------------------------------------------

within_methods <- c(risk_difference = "newcombe", risk_ratio = "koopman", odds_ratio = "cornfield")

count_effects <- function(x, measure, wanted) {
  tables <- interaction_tables(x$cells)
  method <- within_methods[[measure]]
  all <- proportion_methods()
  index <- which(all$term == measure & all$method == method)
  rows <- lapply(seq_along(x$strata), function(k) {
    counts <- data.frame(group = x$groups, x = c(tables$x0[[k]], tables$x1[[k]]), n = c(tables$n0[[k]], tables$n1[[k]]))
    found <- comparison_rows(counts, wanted$conf.level, "two.sided", index)
    out <- interaction_row(measure, "effect", method, x$strata[[k]], statistic = found$statistic, p.value = found$p.value)
    out[c("estimate", "conf.low", "conf.high")] <- found[c("estimate", "conf.low", "conf.high")]
    out
  })
  do.call(rbind, rows)
}
