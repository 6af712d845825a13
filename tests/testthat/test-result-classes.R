# Every class of results x every method that the design asks for. A class that gets a print() method must be here, with an
# example, or among those that are no results.

no_results <- c(
  her2_class = "a factor", her2_cohort = "patient rows", her2_stat = "a specification", her2_job = "work to do",
  summary.her2_cohort = "a summary"
)

asked_of_all <- c(
  "format", "print", "summary", "tidy", "glance", "as.data.frame", "confint", "coef", "update", "autoplot", "plot"
)

# Where a class cannot: our error, or for coef() R's NULL of what has no coefficients.
refused <- list(
  confint = c("her2_perm", "her2_null", "her2_zph", "her2_tipping", "her2_bounds", "her2_counts", "her2_audit",
    "her2_detectable", "her2_westfall_young"),
  no_coef = c("her2_null", "her2_zph", "her2_tipping", "her2_bounds", "her2_counts", "her2_audit", "her2_detectable",
    "her2_westfall_young"),
  # Tables of counts, designs and p-values: there is no picture of them.
  no_picture = c("her2_counts", "her2_detectable", "her2_westfall_young")
)

# Tables of estimates have the design's columns.
with_estimates <- c(
  "her2_proportions", "her2_proportions_stratified", "her2_boot", "her2_adjusted", "her2_perm", "her2_survival",
  "her2_baseline", "her2_shift", "her2_interaction", "her2_claim", "her2_comparison", "her2_logistic", "her2_cox",
  "her2_cuminc", "her2_landmark", "her2_subgroups", "her2_zph"
)
design_columns <- c(
  "term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high", "method", "alternative"
)

# Made in the environment in which update() makes them again.
x <- simulate_cohort(200, effects = list(dfs_rate = 0.3), seed = 1)
x$known <- pmin(x$time, 0.2)
pair <- c(single = 6, dual = 13)
of <- c(49, 68)
curves <- compare_survival(Surv(time, status) ~ her2, x)
hazards <- cox_regression(Surv(time, status) ~ her2 + hr, x)
permuted <- perm_test(pcr ~ her2, x, "risk_difference")
examples <- suppressWarnings(list(
  her2_proportions = compare_proportions(pcr ~ her2, x),
  her2_proportions_stratified = compare_proportions(pcr ~ her2 | hr, x),
  her2_boot = boot_ci(pcr ~ her2, x, "risk_difference", R = 99, seed = 1),
  her2_adjusted = adjusted_effect(pcr ~ her2, x, ~hr, R = 99, seed = 1),
  her2_perm = permuted, her2_null = null_distribution(permuted),
  her2_survival = curves, her2_bands = survival_bands(curves, "equal-precision"),
  her2_cox = hazards, her2_zph = test_proportional_hazards(hazards),
  her2_cuminc = cumulative_incidence(Surv(time, status) ~ her2, x),
  her2_landmark = landmark_survival(Surv(time, status) ~ pcr, x, response_time = known, landmarks = 0.5, R = 19, seed = 1),
  her2_baseline = compare_baseline(x, by = her2, vars = c("age", "hr"), R = 99, seed = 1),
  her2_shift = her2_shift(ihc_before, ihc_after, her2, data = x),
  her2_interaction = test_interaction(pcr ~ therapy * her2, x),
  her2_claim = check_claim("no improvement", pcr ~ therapy * her2, data = x, group = "HER2-mod", margin = 0.1),
  her2_subgroups = subgroup_effects(pcr ~ therapy, x, c("her2", "hr")),
  her2_comparison = compare_her2(x, adjust = "hr", R = 99, seed = 1),
  her2_logistic = logistic_regression(pcr ~ her2 + hr, x),
  her2_tipping = tipping_point(pair, of, missing = c(3, 4)),
  her2_bounds = adjustment_bounds(pair, of, z = c(20, 30)),
  her2_audit = audit_p_value(pair, of, p = "0.287"),
  her2_counts = recover_counts(c(ihc3 = "46.07", mod = "16.24"), total = 575),
  her2_detectable = detectable_difference(of, 0.12), her2_claims = reproduce_study(),
  her2_westfall_young = westfall_young(x, c("pcr", "age"), "her2", c("risk_difference", "mean_difference"), R = 99, seed = 1)
))

test_that("no class of results is forgotten", {
  registered <- getNamespaceInfo("her2mod", "S3methods")
  printed <- registered[registered[, 1] == "print", 2]
  # An adjusted effect prints as a bootstrap result.
  expect_setequal(c(printed, "her2_adjusted"), c(names(examples), names(no_results)))
  for (class in names(examples)) expect_s3_class(examples[[class]], class)
})

# What a method gives, its warnings of small examples aside; an error is one of ours.
ask <- function(method, object) {
  tryCatch(suppressWarnings(method(object)), her2mod_error_input = identity)
}
is_refusal <- function(found) inherits(found, "her2mod_error_input")

test_that("every class has text, a summary, tables", {
  for (class in names(examples)) {
    object <- examples[[class]]
    expect_type(format(object), "character")
    expect_identical(capture.output(print(object)), unname(format(object)), info = class)
    expect_no_error(summary(object))
    expect_s3_class(tidy(object), "data.frame")
    expect_identical(nrow(glance(object)) >= 1, TRUE, info = class)
    expect_s3_class(as.data.frame(object), "data.frame")
  }
})

test_that("tables of estimates have the columns of the design", {
  for (class in with_estimates) {
    expect_identical(setdiff(design_columns, names(tidy(examples[[class]]))), character(), info = class)
  }
  expect_identical(unique(tidy(examples$her2_comparison)$alternative), "two.sided")
  # Where its part has one, a headline has a standard error and a statistic.
  rows <- tidy(examples$her2_comparison)
  expect_equal(rows$std.error[rows$part == "survival_adjusted"], tidy(hazards)$std.error[[1]])
  expect_true(any(is.finite(rows$statistic)))
})

test_that("intervals and estimates have names, or are refused with our error", {
  for (class in names(examples)) {
    ends <- ask(confint, examples[[class]])
    expect_identical(is_refusal(ends), class %in% refused$confint, info = class)
    if (!is_refusal(ends)) {
      expect_identical(anyDuplicated(rownames(ends)), 0L, info = class)
      expect_true(all(ends[, 1] <= ends[, 2], na.rm = TRUE), info = class)
    }
    estimates <- ask(coef, examples[[class]])
    expect_identical(is.null(estimates), class %in% refused$no_coef, info = class)
    expect_identical(anyDuplicated(names(estimates)), 0L, info = class)
  }
})

test_that("update() makes the same result again", {
  for (class in names(examples)) {
    again <- suppressWarnings(update(examples[[class]]))
    expect_identical(format(again), format(examples[[class]]), info = class)
  }
  expect_equal(update(examples$her2_baseline, conf.level = 0.9)$wanted$conf.level, 0.9)
  expect_equal(update(examples$her2_tipping, alpha = 0.1)$alpha, 0.1)
  expect_identical(names(coef(update(examples$her2_logistic, . ~ . + age)))[[4]], "age")
  expect_identical(names(coef(update(hazards, . ~ . - hr))), "her2HER2-mod")
  of_rows <- tipping_point(y ~ g, data.frame(y = c(0, 1, 1, NA), g = c("a", "a", "b", "b")))
  expect_equal(update(of_rows, alpha = 0.2)$alpha, 0.2)
})

test_that("every class has a picture, and says in it that its data are simulated", {
  skip_if_not_installed("ggplot2")
  pdf(NULL)
  on.exit(dev.off())
  for (class in setdiff(names(examples), refused$no_picture)) {
    picture <- ggplot2::autoplot(examples[[class]])
    expect_s3_class(picture, "ggplot")
    expect_no_error(suppressWarnings(plot(examples[[class]])))
    if (any(grepl("simulated data", format(examples[[class]])))) {
      expect_match(tolower(picture$labels$caption), "simulated data", info = class)
    }
  }
})
