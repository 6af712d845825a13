# Effects adjusted for covariates: bootstrap replicates that fit their logistic models anew.

# Simulated: five covariates, of which two go with the group and three with the event.
adjusted_design <- function(n = c(458, 117), seed = 20241200) {
  set.seed(seed)
  g <- factor(rep(c("a", "b"), n))
  x <- matrix(stats::rnorm(5 * sum(n)), ncol = 5, dimnames = list(NULL, paste0("x", 1:5)))
  x[, 1:2] <- x[, 1:2] + 0.5 * (g == "b")
  score <- -0.2 - 1.2 * (g == "b") - 0.6 * x[, 1] + 0.3 * x[, 2] + 0.3 * x[, 3]
  data.frame(y = stats::rbinom(sum(n), 1, stats::plogis(score)), g = g, x)
}
adjusted_covariates <- ~ x1 + x2 + x3 + x4 + x5

adjusted_replicates <- function(rows, ...) {
  statistic <- stat_adjusted_risk_difference(adjusted_covariates, ...)
  job <- resampling_job(boot_ci(y ~ g, rows, statistic, type = "perc", R = 99, seed = 1))
  per_replicate(function(R) her2mod:::evaluate_range(job, 1, R, threads = 1)$values, stats::sd)
}

# As R users write it.
standardised_by_glm <- function(d, i) {
  d <- d[i, ]
  fit <- stats::glm(y ~ g + x1 + x2 + x3 + x4 + x5, stats::binomial(), d)
  risk <- function(level) {
    d$g <- factor(level, c("a", "b"))
    mean(stats::predict(fit, d, type = "response"))
  }
  risk("b") - risk("a")
}

# An expert's: glm() without its formula, and a matrix product.
glm_fit_bootstrap <- function(rows) {
  x <- cbind(1, as.double(rows$g == "b"), as.matrix(rows[paste0("x", 1:5)]))
  groups <- split(seq_len(nrow(rows)), rows$g)
  one <- function() {
    i <- unlist(lapply(groups, function(own) own[sample.int(length(own), replace = TRUE)]), use.names = FALSE)
    z <- x[i, ]
    b <- stats::glm.fit(z, rows$y[i], family = stats::binomial())$coefficients
    z[, 2] <- 1
    in_b <- mean(stats::plogis(z %*% b))
    z[, 2] <- 0
    in_b - mean(stats::plogis(z %*% b))
  }
  per_replicate(function(R) vapply(seq_len(R), function(r) one(), 0), stats::sd)
}

adjusted_rows <- function() {
  rows <- adjusted_design()
  ours <- adjusted_replicates(rows)
  row <- function(name, peer, required) {
    comparison(
      "adjusted", "bootstrap, g-computation risk difference, 5 covariates", nrow(rows), name, ours, peer, "se",
      required, "replicate"
    )
  }
  rbind(
    if (has_peer("boot")) {
      peer <- per_replicate(function(R) boot::boot(rows, standardised_by_glm, R, strata = rows$g)$t[, 1], stats::sd,
        runs = min(3, timings$runs)
      )
      row(paste(peer_name("boot"), "+ glm + predict"), peer, 100)
    },
    row("glm.fit loop", glm_fit_bootstrap(rows), NA_real_)
  )
}
