# Unequal follow-up: seen, warned of, and imputed.

set.seed(41)
followed <- local({
  n <- 60
  g <- rep(c("short", "long"), each = n / 2)
  time <- round(rexp(n), 2) + 0.01
  end <- round(ifelse(g == "short", 1, 4) * runif(n), 2) + 0.01
  data.frame(g = factor(g, c("long", "short")), block = factor(rep_len(1:3, n)),
    time = pmin(time, end), status = as.integer(time <= end))
})
alike <- transform(followed, status = 1L)
logrank_of <- function(rows) {
  fit <- survival::survdiff(survival::Surv(time, event) ~ group, rows)
  fit$obs[[2]] - fit$exp[[2]]
}

test_that("censoring is compared as survdiff() compares the reversed indicator", {
  for (block in c(FALSE, TRUE)) {
    formula <- if (block) Surv(time, status) ~ g | block else Surv(time, status) ~ g
    peer <- if (block) Surv(time, 1 - status) ~ g + strata(block) else Surv(time, 1 - status) ~ g
    expected <- survival::survdiff(peer, followed)
    expect_warning(x <- perm_test(formula, followed, "logrank"), class = "her2mod_warning_follow_up")
    expect_equal(x$follow_up$statistic, expected$chisq, tolerance = 1e-10)
    expect_equal(x$follow_up$p.value, stats::pchisq(expected$chisq, 1, lower.tail = FALSE), tolerance = 1e-10)
    expect_identical(x$follow_up$how, "equal")
    expect_match(format(x), "censoring compared between groups: p", all = FALSE)
  }
})

test_that("the warning carries p, and comes only where the test assumes equal censoring", {
  w <- tryCatch(perm_test(Surv(time, status) ~ g, followed, "logrank"), warning = identity)
  expect_s3_class(w, "her2mod_warning")
  expect_lt(w$p.value, 0.05)
  expect_match(conditionMessage(w), "follow_up = \"impute\"", fixed = TRUE)
  expect_no_warning(perm_test(Surv(time, status) ~ g, followed, "logrank", follow_up = "impute", R = 99, seed = 1))
  for (statistic in list(stat_logrank(studentised = TRUE), stat_fleming_harrington(0, 1, studentised = TRUE))) {
    expect_no_warning(x <- perm_test(Surv(time, status) ~ g, followed, statistic, R = 99, seed = 1))
    expect_lt(x$follow_up$p.value, 0.05)
  }
  # studentised differences of curves keep their level only where many are at risk
  expect_warning(
    perm_test(Surv(time, status) ~ g, followed, stat_rmst_difference(0.5, studentised = TRUE), R = 99, seed = 1),
    "few patients at risk", class = "her2mod_warning_follow_up"
  )
  expect_no_warning(x <- perm_test(Surv(time, status) ~ g, alike, "logrank"))
  expect_true(is.na(x$follow_up$p.value))
  expect_match(format(x), "nobody is censored", all = FALSE)
  expect_null(perm_test(time ~ g, followed, "mean_difference")$follow_up)
})

test_that("with nobody censored imputation is plain permutation, bit for bit", {
  statistics <- list(
    stat_logrank(), stat_maxcombo(), stat_rmst_difference(0.8), stat_median_survival_difference()
  )
  for (statistic in statistics) {
    plain <- perm_test(Surv(time, status) ~ g | block, alike, statistic, "monte_carlo", R = 499, seed = 3)
    imputed <- perm_test(Surv(time, status) ~ g | block, alike, statistic, follow_up = "impute", R = 499, seed = 3)
    expect_equal(imputed$replicates, plain$replicates, tolerance = 1e-12)
    expect_identical(imputed$p.value, plain$p.value)
  }
})

test_that("each replicate is the statistic of its data, by survdiff()", {
  x <- perm_test(Surv(time, status) ~ g, followed, "logrank", follow_up = "impute", R = 99, seed = 4)
  for (b in c(1, 17, 99)) {
    rows <- replicate_data(x, b)
    expect_equal(logrank_of(rows), x$replicates[[b]], tolerance = 1e-10)
    original <- followed[rows$row, ]
    stays <- rows$group == original$g
    expect_identical(rows$time[stays], original$time[stays])
    expect_identical(rows$event[stays], original$status[stays])
    expect_true(any(rows$time[!stays] != original$time[!stays]))
    expect_identical(c(table(rows$group)), c(table(followed$g)))
  }
  expect_identical(x$p.value, (sum(abs(x$replicates) >= abs(x$observed) * (1 - 1e-7)) + 1) / 100)
})

# The algorithm as its paper says it, with survfit()'s curves and sample().
slow_imputation <- function(d) {
  label <- sample(d$g)
  curve <- function(time, status) summary(survival::survfit(survival::Surv(time, status) ~ 1))
  draw <- function(fit, after) {
    mass <- -diff(c(1, fit$surv, 0)) * c(fit$time > after, TRUE)
    c(fit$time, Inf)[sample.int(length(mass), 1, prob = mass)]
  }
  all <- curve(d$time, d$status)
  # Events before censorings of the same time: a moment later for these.
  censoring <- lapply(split(d, d$g), function(s) curve(s$time + 1e-6 * (1 - s$status), 1 - s$status))
  for (i in which(label != d$g)) {
    t <- if (d$status[[i]] == 1) d$time[[i]] else draw(all, d$time[[i]])
    c <- draw(censoring[[label[[i]]]], -1)
    d$status[[i]] <- as.integer(t <= c && is.finite(t))
    d$time[[i]] <- if (d$status[[i]] == 1) t else if (is.finite(c)) c - 1e-6 else max(d$time)
  }
  d$g <- label
  d
}

test_that("replicates have the distribution of a slow twin's", {
  set.seed(42)
  slow <- replicate(1500, {
    d <- slow_imputation(followed)
    c(logrank_of(data.frame(time = d$time, event = d$status, group = d$g)), mean(d$status))
  })
  x <- perm_test(Surv(time, status) ~ g, followed, "logrank", follow_up = "impute", R = 20000, seed = 5)
  # p is uniform if both are of one distribution: one in 10,000 fails
  expect_gt(suppressWarnings(stats::ks.test(slow[1, ], x$replicates)$p.value), 1e-4)
  raw <- cpp_imputed_rows(x$job$cohort, 5, 1, 1500)
  events <- colMeans(raw$event)
  expect_lt(abs(mean(slow[2, ]) - mean(events)), 4 * sqrt(stats::var(slow[2, ]) / 1500 + stats::var(events) / 1500))
})

test_that("ranges, threads and extend() give one and the same result", {
  run <- function(R, ...) {
    perm_test(Surv(time, status) ~ g | block, followed, "logrank", follow_up = "impute", R = R, seed = 6, ...)
  }
  short <- run(99)
  long <- run(499, threads = 1)
  expect_identical(run(499, threads = 2)$replicates, long$replicates)
  extended <- extend(short, 499)
  expect_identical(extended[c("replicates", "p.value", "follow_up")], long[c("replicates", "p.value", "follow_up")])
  part <- evaluate_range(resampling_job(short), 300, 200)
  expect_identical(part$values[, 1], long$replicates[300:499])
  expect_match(format(long), "with imputed follow-up", all = FALSE)
  expect_match(format(long), "imputed for patients who change group, censoring by group$", all = FALSE)
})

test_that("censoring is imputed by stratum where every stratum has 20 of each group", {
  large <- rbind(followed, followed, followed)
  large$block <- rep(1:2, length.out = nrow(large))
  x <- perm_test(Surv(time, status) ~ g | block, large, "logrank", follow_up = "impute", R = 99, seed = 1)
  expect_true(x$follow_up$within_strata)
  expect_match(format(x), "censoring by group and stratum", all = FALSE)
})

test_that("what imputation does not go with is refused", {
  refused <- function(...) expect_error(perm_test(..., follow_up = "impute"), class = "her2mod_error_input")
  refused(time ~ g, followed, "mean_difference")
  refused(Surv(time, status) ~ g, followed, "logrank", method = "exact")
  refused(Surv(time, status) ~ g, followed, "logrank", cluster = rep(1:30, 2))
  refused(Surv(time / 2, time, status) ~ g, followed, "logrank")
  expect_error(perm_test(Surv(time, status) ~ g, followed, "logrank", follow_up = "no"), class = "her2mod_error_input")
})

test_that("a studentised difference is the difference over its standard error, by survfit()", {
  fit <- survival::survfit(survival::Surv(time, status) ~ g, followed)
  at <- summary(fit, times = 0.5)
  run <- function(statistic) {
    suppressWarnings(perm_test(Surv(time, status) ~ g, followed, statistic, R = 99, seed = 1))
  }
  x <- run(stat_survival_difference(0.5, studentised = TRUE))
  expect_equal(x$observed, diff(at$surv) / sqrt(sum(at$std.err^2)), tolerance = 1e-10)
  area <- summary(fit, rmean = 0.5)$table
  x <- run(stat_rmst_difference(0.5, studentised = TRUE))
  expect_equal(x$observed, diff(area[, "rmean"])[[1]] / sqrt(sum(area[, "se(rmean)"]^2)), tolerance = 1e-10)
  rows <- replicate_data(x, 7)
  area <- summary(survival::survfit(survival::Surv(time, event) ~ group, rows), rmean = 0.5)$table
  expect_equal(x$replicates[[7]], diff(area[, "rmean"])[[1]] / sqrt(sum(area[, "se(rmean)"]^2)), tolerance = 1e-10)
})

test_that("groups that enter at different times are noticed", {
  set.seed(3)
  g <- rep(c("a", "b"), each = 50)
  entry <- ifelse(g == "a", 0, stats::runif(100, 2, 8))
  d <- data.frame(entry, time = entry + stats::rexp(100, 0.3), event = 1, g)
  expect_warning(test <- perm_test(Surv(entry, time, event) ~ g, d, "logrank"), class = "her2mod_warning_follow_up")
  expect_equal(test$follow_up$entry.p.value, stats::kruskal.test(entry, factor(g))$p.value)
  expect_true(any(grepl("entry times: p < 0.0001", format(test))))
  expect_no_warning(perm_test(Surv(entry, time, event) ~ g, d, stat_logrank(studentised = TRUE), R = 99, seed = 1))
})

test_that("survival times are refused by statistics that are not for them, with a class", {
  for (statistic in c("risk_difference", "odds_ratio", "mean_difference", "chi_squared")) {
    expect_error(perm_test(Surv(time, status) ~ trt, survival::veteran, statistic), class = "her2mod_error_input")
  }
})
