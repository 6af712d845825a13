# Survival: replicates of curves and of Cox's model, permutations of log-rank tests, and estimates of a million rows.

# Simulated: exponential, hazard ratio 0.75, about half of the patients censored; five covariates, of which two matter.
survival_design <- function(n = c(458, 117), seed = 20241200) {
  set.seed(seed)
  g <- factor(rep(c("a", "b"), n))
  x <- matrix(stats::rnorm(5 * sum(n)), ncol = 5, dimnames = list(NULL, paste0("x", 1:5)))
  hazard <- 0.05 * ifelse(g == "b", 0.75, 1) * exp(0.3 * x[, 1] - 0.2 * x[, 2])
  event <- stats::rexp(sum(n), hazard)
  censored <- stats::runif(sum(n), 0, 40)
  rows <- data.frame(time = pmin(event, censored), status = as.integer(event <= censored), g = g, x)
  # Group by group, as the peers' strata want them, and by time, as an expert's loop does.
  rows[order(rows$g, rows$time), ]
}
survival_tau <- 20

# --- ours --------------------------------------------------------------------------------------------

survival_replicates <- function(rows, statistic, how = c("bootstrap", "permutation"), summary = NULL) {
  formula <- Surv(time, status) ~ g
  result <- if (match.arg(how) == "bootstrap") {
    boot_ci(formula, rows, statistic, type = "perc", R = 99, seed = 1)
  } else {
    perm_test(formula, rows, statistic, method = "monte_carlo", R = 99, seed = 1)
  }
  job <- resampling_job(result)
  run <- function(R) her2mod:::evaluate_range(job, 1, R, threads = 1)$values
  per_replicate(run, if (is.null(summary)) stats::sd else summary(result))
}

# One-sided shares of permutations: as many events, or as large a statistic, as observed.
observed_share <- function(result) share_as_large(result$observed)

# --- bootstrap -----------------------------------------------------------------------------------------

boot_survival <- function(rows, statistic, runs = 3) {
  run <- function(R) boot::boot(rows, statistic, R, strata = rows$g)$t[, 1]
  per_replicate(run, stats::sd, runs = min(runs, timings$runs))
}

rmst_by_survfit <- function(d, i) {
  means <- summary(survival::survfit(survival::Surv(time, status) ~ g, d[i, ]), rmean = survival_tau)$table[, "rmean"]
  means[[2]] - means[[1]]
}

cox_by_coxph <- function(formula) {
  function(d, i) stats::coef(survival::coxph(formula, d[i, ]))[[1]]
}

# An expert's: sorted once, a bootstrap sample as weights, the curve by cumulative sums.
base_rmst_bootstrap <- function(rows) {
  groups <- lapply(split(rows, rows$g), function(d) {
    inside <- pmin(d$time, survival_tau)
    list(n = nrow(d), event = d$status, first = inside[[1]], width = diff(c(inside, survival_tau)))
  })
  one <- function(g) {
    w <- tabulate(sample.int(g$n, g$n, TRUE), g$n)
    at_risk <- rev(cumsum(rev(w)))
    s <- cumprod(1 - w * g$event / pmax(at_risk, 1))
    g$first + sum(s * g$width)
  }
  per_replicate(function(R) vapply(seq_len(R), function(r) one(groups$b) - one(groups$a), 0), stats::sd)
}

# coxph() without its formula; the quickest that R users write.
coxph_fit_bootstrap <- function(rows, covariates) {
  x <- cbind(as.double(rows$g == "b"), as.matrix(rows[covariates]))
  y <- survival::Surv(rows$time, rows$status)
  groups <- split(seq_len(nrow(rows)), rows$g)
  control <- survival::coxph.control()
  one <- function() {
    i <- unlist(lapply(groups, function(own) own[sample.int(length(own), replace = TRUE)]), use.names = FALSE)
    survival::coxph.fit(x[i, , drop = FALSE], y[i], NULL, NULL, NULL, control, NULL, "efron", NULL, FALSE)$coefficients[[1]]
  }
  per_replicate(function(R) vapply(seq_len(R), function(r) one(), 0), stats::sd)
}

survival_bootstrap_rows <- function(rows) {
  n <- nrow(rows)
  row <- function(work, ours, peers, required) {
    Map(function(name, peer, ratio) comparison("survival", work, n, name, ours, peer, "se", ratio, "replicate"),
      names(peers), peers, required)
  }
  with_boot <- function(statistic) if (has_peer("boot")) list(boot_survival(rows, statistic))
  adjusted <- survival::Surv(time, status) ~ g + x1 + x2 + x3 + x4 + x5
  rmst <- survival_replicates(rows, stat_rmst_difference(survival_tau))
  alone <- survival_replicates(rows, "log_hazard_ratio")
  five <- survival_replicates(rows, stat_log_hazard_ratio(adjust = ~ x1 + x2 + x3 + x4 + x5))
  versions <- c(survfit = paste(peer_name("boot"), "+ survfit"), coxph = paste(peer_name("boot"), "+ coxph"))
  do.call(rbind, c(
    row("bootstrap, RMST difference", rmst, c(
      stats::setNames(with_boot(rmst_by_survfit), versions[["survfit"]][has_peer("boot")]),
      list("base R, cumulative sums" = base_rmst_bootstrap(rows))
    ), c(3000[has_peer("boot")], 60)),
    row("bootstrap, log hazard ratio", alone, c(
      stats::setNames(with_boot(cox_by_coxph(survival::Surv(time, status) ~ g)), versions[["coxph"]][has_peer("boot")]),
      list("coxph.fit loop" = coxph_fit_bootstrap(rows, character()))
    ), c(1000[has_peer("boot")], 60)),
    row("bootstrap, log hazard ratio, 5 covariates", five, c(
      stats::setNames(with_boot(cox_by_coxph(adjusted)), versions[["coxph"]][has_peer("boot")]),
      list("coxph.fit loop" = coxph_fit_bootstrap(rows, paste0("x", 1:5)))
    ), c(100[has_peer("boot")], 6))
  ))
}

# --- permutation -----------------------------------------------------------------------------------------

coin_logrank <- function(rows) {
  # coin's statistic is of the first group.
  run <- function(R) {
    coin::logrank_test(survival::Surv(time, status) ~ g, rows, distribution = coin::approximate(nresample = R),
      alternative = "greater")
  }
  per_replicate(run, function(test) as.double(coin::pvalue(test)))
}

# Observed less expected events of the other group.
survdiff_loop <- function(rows) {
  score <- function(g) {
    found <- survival::survdiff(survival::Surv(rows$time, rows$status) ~ g)
    found$obs[[2]] - found$exp[[2]]
  }
  run <- function(R) vapply(seq_len(R), function(r) score(sample(rows$g)), 0)
  per_replicate(run, share_as_large(score(rows$g)), runs = min(3, timings$runs))
}

survfit_loop <- function(rows) {
  difference <- function(g) {
    fit <- survival::survfit(survival::Surv(rows$time, rows$status) ~ g)
    means <- summary(fit, rmean = survival_tau)$table[, "rmean"]
    means[[2]] - means[[1]]
  }
  run <- function(R) vapply(seq_len(R), function(r) difference(sample(rows$g)), 0)
  per_replicate(run, share_as_large(difference(rows$g)), runs = min(3, timings$runs))
}

# An expert's: pooled numbers and weights once, then cumulative sums and two matrix products.
base_maxcombo <- function(rows) {
  rows <- rows[order(rows$time), ]
  n <- nrow(rows)
  y <- n:1
  s <- cumprod(c(1, 1 - rows$status / y))[seq_len(n)]
  w <- cbind(1, 1 - s, s, s * (1 - s))[rows$status == 1, ]
  at <- which(rows$status == 1)
  y <- y[at]
  one <- function(g) {
    y1 <- rev(cumsum(rev(g)))[at]
    share <- y1 / y
    score <- crossprod(w, g[at] - share)
    variance <- crossprod(w^2, share * (1 - share))
    max(abs(score) / sqrt(variance))
  }
  g <- as.double(rows$g == "b")
  run <- function(R) vapply(seq_len(R), function(r) one(g[sample.int(n)]), 0)
  per_replicate(run, share_as_large(one(g)))
}

survival_permutation_rows <- function(rows) {
  row <- function(work, ours, name, peer, ratio) {
    comparison("survival", work, nrow(rows), name, ours, peer, "p", ratio, "replicate")
  }
  logrank <- survival_replicates(rows, "logrank", "permutation", observed_share)
  rmst <- survival_replicates(rows, stat_rmst_difference(survival_tau), "permutation", observed_share)
  maxcombo <- survival_replicates(rows, "maxcombo", "permutation", observed_share)
  rbind(
    if (has_peer("coin")) row("permutation, log-rank", logrank, peer_name("coin"), coin_logrank(rows), 10),
    row("permutation, log-rank", logrank, "survdiff loop", survdiff_loop(rows), 1500),
    row("permutation, RMST difference", rmst, "survfit loop", survfit_loop(rows), 3000),
    row("permutation, MaxCombo of 4", maxcombo, "base R, cumulative sums", base_maxcombo(rows), 80)
  )
}

# exactRankTests takes whole scores: it gets the log-rank scores rounded to 0, ..., n, and so do we; ours is timed on
# the scores as they are, too.
exact_logrank_rows <- function(rows, quick) {
  if (quick || !has_peer("exactRankTests")) return(NULL)
  exact <- perm_test(Surv(time, status) ~ g, rows, "logrank", method = "exact")
  cumulative <- cumsum(rows$status[order(rows$time)] / nrow(rows):1)
  score <- rows$status - cumulative[rank(rows$time)]
  rows$score <- round((score - min(score)) / diff(range(score)) * nrow(rows))
  theirs <- per_slow_call(function() {
    exactRankTests::perm.test(rows$score[rows$g == "b"], rows$score[rows$g == "a"], exact = TRUE)$p.value
  })
  row <- function(work, run, required) {
    comparison("survival", work, nrow(rows), peer_name("exactRankTests"), per_call(run), theirs, "exact", required)
  }
  rbind(
    row("exact null, whole log-rank scores", function() perm_test(score ~ g, rows, "mean_difference", method = "exact")$p.value, 50),
    row("exact log-rank null, ours unrounded", function() perm_test(Surv(time, status) ~ g, rows, "logrank", method = "exact")$p.value, 50)
  )
}

# --- a million rows --------------------------------------------------------------------------------------

# Each in a session of its own (bench/large.R), which collects garbage when R does: memory that has never been used is dear,
# and there would be no end of it here, where some is set aside.
large_survival_rows <- function(quick, n = if (quick) 1e4 else 1e6) {
  row <- function(work, gives, name, what, ratio) {
    comparison("survival", work, n, name, large_run("ours", what, n), large_run("peer", what, n), gives, ratio)
  }
  rbind(
    row("curves and log-rank tests", "chi_squared", "survfit + survdiff", "curves", 10),
    row("Cox, group and 5 covariates", "exact", "coxph", "cox", 8)
  )
}

large_run <- function(who, what, n) {
  said <- system2(file.path(R.home("bin"), "Rscript"), c("bench/large.R", who, what, format(n, scientific = FALSE)), stdout = TRUE)
  found <- as.double(strsplit(said[[length(said)]], " ")[[1]])
  list(seconds = found[[1]], runs = found[[2]], value = found[[3]])
}

survival_rows <- function(quick) {
  rows <- survival_design()
  rbind(
    survival_bootstrap_rows(rows), survival_permutation_rows(rows), exact_logrank_rows(rows, quick), large_survival_rows(quick)
  )
}
