# Twins: glm() and sums over patients (helper-adjusted.R); direct standardisation by hand.

adjusting <- ~ hr + grade + age
core_rows <- function(rows) {
  x <- stats::model.matrix(~ hr + grade + age, rows)[, -1]
  colnames(x) <- sprintf("covariate%d", 1:4)
  data.frame(g = rows$g, y = rows$pcr, x)
}
all_choices <- expand.grid(
  estimator = c("g_computation", "ipw", "overlap", "doubly_robust"), target = c("all", "reference", "other"),
  interactions = c(FALSE, TRUE), stringsAsFactors = FALSE
)
all_choices <- subset(all_choices, !(estimator == "overlap" & target != "all") &
  !(interactions & estimator %in% c("ipw", "overlap")))

test_that("each estimator, for each population, is glm()'s by hand; so are its replicates", {
  rows <- confounded_rows()
  plain <- core_rows(rows)
  for (i in seq_len(nrow(all_choices))) {
    choice <- all_choices[i, ]
    statistic <- stat_adjusted_risk_difference(adjusting, choice$estimator, choice$target, choice$interactions)
    boot <- boot_ci(pcr ~ g, rows, statistic, type = "perc", R = 49, seed = 3)
    numbers <- unlist(statistic$parameters)
    expect_equal(boot$estimate, naive_adjusted("adjusted_risk_difference", plain, numbers)[[1]], tolerance = 1e-10)
    for (b in c(1, 49)) {
      drawn <- replicate_data(boot, b)
      again <- plain[rep(drawn$row, drawn$weight), ]
      expect_equal(
        boot$replicates[[b]], naive_adjusted("adjusted_risk_difference", again, numbers)[[1]], tolerance = 1e-9
      )
    }
  }
})

test_that("g-computation is glm() and predict()", {
  rows <- confounded_rows(seed = 8)
  boot <- boot_ci(pcr ~ g, rows, stat_adjusted_risk_difference(adjusting), type = "perc", R = 49, seed = 3)
  fit <- stats::glm(pcr ~ g + hr + grade + age, stats::binomial(), rows, control = stats::glm.control(epsilon = 1e-14))
  risk <- function(level) {
    mean(stats::predict(fit, transform(rows, g = factor(level, levels(rows$g))), type = "response"))
  }
  expect_equal(boot$estimate, risk("HER2-mod") - risk("IHC 3+"), tolerance = 1e-10)
})

# Counts by stratum, of which the saturated models' answers are ratios.
table_rows <- function() {
  counts <- expand.grid(y = 1:0, g = c("ref", "oth"), stage = c("I", "II", "III"))
  counts$n <- 10 * c(5, 20, 9, 6, 11, 30, 8, 12, 3, 25, 2, 14)
  counts$g <- factor(counts$g, c("ref", "oth"))
  counts
}

test_that("with one categorical covariate, saturated, all are direct standardisation, exactly", {
  counts <- table_rows()
  size <- with(counts, tapply(n, list(stage, g), sum))
  risk <- with(counts[counts$y == 1, ], tapply(n, list(stage, g), sum)) / size
  standard <- list(all = rowSums(size), reference = size[, "ref"], other = size[, "oth"])
  for (target in names(standard)) {
    direct <- colSums(risk * standard[[target]]) / sum(standard[[target]])
    for (estimator in c("g_computation", "ipw", "doubly_robust")) {
      saturated <- estimator != "ipw"
      for (effect in c("risk_difference", "risk_ratio", "odds_ratio")) {
        make <- get(paste0("stat_adjusted_", effect))
        boot <- boot_ci(y ~ g, counts, make(~stage, estimator, target, saturated),
          weights = n, type = "perc", R = 49, seed = 1
        )
        expected <- switch(effect, risk_difference = direct[["oth"]] - direct[["ref"]],
          risk_ratio = direct[["oth"]] / direct[["ref"]],
          odds_ratio = direct[["oth"]] / (1 - direct[["oth"]]) / (direct[["ref"]] / (1 - direct[["ref"]]))
        )
        expect_equal(boot$estimate, expected, tolerance = 1e-10, label = paste(effect, estimator, target))
      }
    }
  }
  # overlap weights: a stratum counts n1 n0 / (n1 + n0), as in Mantel and Haenszel's risk difference
  h <- size[, "oth"] * size[, "ref"] / rowSums(size)
  boot <- boot_ci(y ~ g, counts, stat_adjusted_risk_difference(~stage, "overlap"), weights = n, type = "perc", R = 49, seed = 1)
  expect_equal(boot$estimate, sum(h * (risk[, "oth"] - risk[, "ref"])) / sum(h), tolerance = 1e-10)
})

test_that("doubly robust weights put right what the outcome model leaves out", {
  # without interactions the outcome model is wrong; weights by stage are right
  counts <- table_rows()
  by <- function(estimator) {
    boot_ci(y ~ g, counts, stat_adjusted_risk_difference(~stage, estimator), weights = n, type = "perc", R = 49, seed = 1)$estimate
  }
  expect_equal(by("doubly_robust"), by("ipw"), tolerance = 1e-10)
  expect_gt(abs(by("g_computation") - by("ipw")), 1e-4)
})

test_that("separation in a replicate is counted; in the data it is an error with a way out", {
  few <- data.frame(
    g = factor(rep(c("ref", "oth"), c(42, 32)), c("ref", "oth")), rare = rep(c(0, 1, 0, 1), c(36, 6, 27, 5)),
    y = c(rep(0:1, c(26, 10)), 1, 0, 1, 1, 0, 1, rep(0:1, c(12, 15)), 0, 1, 1, 0, 1)
  )
  boot <- suppressWarnings(
    boot_ci(y ~ g, few, stat_adjusted_risk_difference(~rare), type = "perc", R = 399, seed = 1),
    classes = "her2mod_warning_degenerate"
  )
  separated <- vapply(seq_len(399), function(b) {
    drawn <- replicate_data(boot, b)
    again <- few[rep(drawn$row, drawn$weight), ]
    # only the rare can be separated: all of them, in either group, with the event or without
    length(unique(again$y[again$rare == 1])) == 1
  }, NA)
  expect_identical(is.nan(boot$replicates), separated)
  expect_gt(sum(separated), 0)
  expect_identical(round(boot$failures[["undefined"]] * 399), sum(separated) + 0)
  expect_true(any(grepl("undefined", format(boot))))
  few$y[few$rare == 1] <- 1
  error <- expect_error(boot_ci(y ~ g, few, stat_adjusted_risk_difference(~rare), R = 99), class = "her2mod_error_data")
  expect_match(paste(cli::ansi_strip(conditionMessage(error)), collapse = " "), "firth")
  boot <- boot_ci(y ~ g, few, stat_adjusted_risk_difference(~rare, firth = TRUE), type = "perc", R = 99, seed = 1)
  fit <- logistic_regression(y ~ g + rare, few, firth = TRUE)
  risk <- function(level) mean(predict(fit, transform(few, g = level))$estimate)
  expect_equal(boot$estimate, risk("oth") - risk("ref"), tolerance = 1e-9)
  expect_false(anyNA(boot$replicates))
})

test_that("a group that the covariates determine has no effect", {
  rows <- confounded_rows()
  rows$same <- as.integer(rows$g)
  for (estimator in c("g_computation", "ipw", "overlap")) {
    expect_error(
      boot_ci(pcr ~ g, rows, stat_adjusted_risk_difference(~same, estimator), R = 99), class = "her2mod_error_data"
    )
  }
})

test_that("of many patients each is left out to first order", {
  rows <- confounded_rows(6000, seed = 4)
  for (i in which(all_choices$target != "reference" & all_choices$interactions == (all_choices$estimator == "doubly_robust"))) {
    choice <- all_choices[i, ]
    statistic <- stat_adjusted_odds_ratio(adjusting, choice$estimator, choice$target, choice$interactions)
    boot <- suppressWarnings(boot_ci(pcr ~ g, rows, statistic, type = "bca", R = 9, seed = 1))
    without <- cpp_jackknife(boot$job, 1L)$values
    one_out <- function(i) {
      evaluate_job(boot$job, replace(rep(1, nrow(rows)), i, 0))[[1]]
    }
    move <- log(boot$estimate) - without
    for (i in c(1, 999, 4000, 6000)) {
      expect_lt(abs(without[[i]] - one_out(i)), 0.02 * abs(move[[i]]) + 1e-3 * stats::sd(move))
    }
    expect_lt(abs(mean(move)), 1e-8 * 6000 * stats::sd(move))
  }
})

test_that("clusters and strata are resampled, whatever the order of rows", {
  rows <- confounded_rows()
  run <- function(rows, ...) {
    boot_ci(pcr ~ g, rows, stat_adjusted_risk_difference(adjusting, "ipw"), type = "perc", R = 99, seed = 2, ...)
  }
  by_centre <- run(rows, cluster = centre)
  expect_true(any(grepl("8 clusters", format(by_centre))))
  expect_false(identical(by_centre$intervals, run(rows)$intervals))
  expect_equal(by_centre$estimate, run(rows)$estimate, tolerance = 1e-12)
  expect_equal(run(rows, strata = grade)$estimate, run(rows)$estimate, tolerance = 1e-12)
  set.seed(1)
  expect_identical(run(rows[sample(nrow(rows)), ])$intervals, run(rows)$intervals)
  expect_identical(run(rows, threads = 1)$replicates, run(rows, threads = 2)$replicates)
})

test_that("bad choices are refused", {
  bad <- function(...) expect_error(stat_adjusted_risk_difference(...), class = "her2mod_error_input")
  bad(y ~ x)
  bad("age")
  bad(~1)
  bad(~.)
  bad(~ age + strata(centre))
  bad(~age, "matching")
  bad(~age, "overlap", "other")
  bad(~age, target = "somebody")
  bad(~age, "ipw", interactions = TRUE)
  bad(~age, firth = 2)
  expect_error(perm_test(pcr ~ g, confounded_rows(), stat_adjusted_risk_difference(~age)), class = "her2mod_error_input")
  holes <- confounded_rows()
  holes$age[1:3] <- NA
  boot <- boot_ci(pcr ~ g, holes, stat_adjusted_risk_difference(~age), type = "perc", R = 49, seed = 1)
  expect_identical(glance(boot)$n_dropped, 3L)
})
