# The margins of the founding study: reproduce_study() recovers them from the printed percentages.
study_margins <- function() {
  tables <- study_tables(study_counts(her2mod::ma2025_claims))
  lapply(tables, function(t) list(x = unname(t$x), n = unname(t$n)))
}

test_that("exact margins are the founding study's, whatever the seed", {
  wanted <- study_margins()
  for (seed in 1:3) {
    x <- simulate_cohort(margins = "exact", seed = seed)
    expect_identical(as.vector(table(x$her2)), as.integer(wanted$pcr$n))
    expect_identical(as.vector(table(x$her2[x$pcr])), as.integer(wanted$pcr$x))
    expect_identical(as.vector(table(x$her2[x$hr == "HR+"])), as.integer(wanted$hr_status$x))
    mod <- x[x$her2 == "HER2-mod", ]
    expect_identical(as.vector(table(mod$therapy)), as.integer(wanted$pcr_by_therapy$n))
    expect_identical(as.vector(table(mod$therapy[mod$pcr])), as.integer(wanted$pcr_by_therapy$x))
  }
})

test_that("the HR-adjusted difference of exact margins is within the bounds of the study", {
  bounds <- attr(reproduce_study(), "bounds")$bounds
  adjusted <- function(x) {
    x1 <- table(x$her2, x$hr, x$pcr)[, , "TRUE"]
    n <- table(x$her2, x$hr)
    w <- n[2, ] * n[1, ] / colSums(n)
    sum(w * (x1[2, ] / n[2, ] - x1[1, ] / n[1, ])) / sum(w)
  }
  mh <- bounds[bounds$term == "mantel_haenszel", ]
  for (or in c(0.05, 0.5, 1, 4)) {
    value <- adjusted(simulate_cohort(effects = list(hr_or = c(or, or)), margins = "exact", seed = 1))
    # At 1 the nearest table may have an odds ratio just above.
    row <- mh[mh$condition == if (or < 1) "no_more_often" else "none", ]
    expect_gte(value, row$lower - 1e-12)
    expect_lte(value, row$upper + 1e-12)
  }
})

test_that("columns are those that others build on", {
  x <- simulate_cohort(100, seed = 1)
  expect_s3_class(x, c("her2_simulated", "her2_cohort", "data.frame"), exact = TRUE)
  expect_identical(names(x), c(
    "id", "centre", "her2", "hr", "therapy", "pcr", "age", "stage", "grade", "ki67", "ihc_before", "ihc_after",
    "time", "status"
  ))
  expect_identical(levels(x$her2), c("HER2 3+", "HER2-mod"))
  expect_identical(levels(x$hr), c("HR-", "HR+"))
  expect_identical(levels(x$therapy), c("single", "dual"))
  expect_type(x$pcr, "logical")
  expect_true(is.ordered(x$stage) && is.ordered(x$ihc_before) && is.ordered(x$ihc_after))
  expect_identical(levels(x$ihc_after), c("0", "1+", "2+", "3+"))
  expect_true(all(is.na(x$ihc_after[x$pcr])))
  expect_true(all(x$ihc_before == ifelse(x$her2 == "HER2-mod", "2+", "3+")))
  expect_true(all(x$time > 0 & x$time <= 7) && all(x$status %in% 0:1))
  expect_false(anyDuplicated(x$id) > 0)
  # What her2_cohort() would find in it is what it says of itself.
  again <- her2_cohort(as.data.frame(x), covariates = c(age, stage, grade, ki67))
  expect_identical(cohort_roles(again), cohort_roles(x))
  expect_true(is_simulated(again))
})

test_that("a seed makes the same rows and leaves R's generator alone; without one set.seed() governs", {
  expect_identical(simulate_cohort(60, seed = 3), simulate_cohort(60, seed = 3))
  expect_false(identical(simulate_cohort(60, seed = 3)$time, simulate_cohort(60, seed = 4)$time))
  set.seed(9)
  before <- .Random.seed
  simulate_cohort(60, seed = 3)
  expect_identical(.Random.seed, before)
  set.seed(9)
  a <- simulate_cohort(60)
  b <- simulate_cohort(60)
  set.seed(9)
  expect_identical(simulate_cohort(60), a)
  expect_false(identical(a$time, b$time))
  expect_identical(simulate_cohort(60, seed = attr(a, "seed"))$time, a$time)
  kind <- RNGkind("Wichmann-Hill")
  on.exit(RNGkind(kind[[1]]))
  expect_identical(simulate_cohort(60, seed = 3)$time, {
    RNGkind(kind[[1]])
    simulate_cohort(60, seed = 3)$time
  })
})

test_that("effects are met in the long run", {
  n <- 40000
  x <- simulate_cohort(n, seed = 11)
  # Within 4 standard errors of what was asked for.
  near <- function(found, p, m) expect_lt(abs(found - p), 4 * sqrt(p * (1 - p) / m))
  near(mean(x$her2 == "HER2-mod"), 117 / 575, n)
  for (class in levels(x$her2)) {
    own <- x[x$her2 == class, ]
    near(mean(own$hr == "HR+"), c("HER2 3+" = 223 / 458, "HER2-mod" = 89 / 117)[[class]], nrow(own))
    near(mean(own$pcr), c("HER2 3+" = 211 / 458, "HER2-mod" = 19 / 117)[[class]], nrow(own))
    left <- own$ihc_after[!own$pcr]
    near(mean(is.na(left)), 0.1, length(left))
    lost <- left[!is.na(left)]
    near(mean(lost <= "1+"), c("HER2 3+" = 0.1, "HER2-mod" = 0.3)[[class]], length(lost))
    fit <- stats::glm(pcr ~ therapy + hr + centre, stats::binomial(), own)
    found <- summary(fit)$coefficients[c("therapydual", "hrHR+"), ]
    wanted <- log(c(c("HER2 3+" = 2, "HER2-mod" = (13 / 55) / (6 / 43))[[class]], 0.5))
    expect_true(all(abs(found[, 1] - wanted) < 4 * found[, 2]), info = class)
  }
  cox <- survival::coxph(survival::Surv(time,
    status) ~ her2 + pcr + therapy + hr + as.integer(stage) + strata(centre), x)
  found <- summary(cox)$coefficients
  expect_true(all(abs(found[, "coef"] - log(c(1.3, 0.4, 0.8, 0.8, 1.6))) < 4 * found[, "se(coef)"]))
})

test_that("missing values come where and as often as asked", {
  x <- simulate_cohort(5000, missing = c(ki67 = 0.2, pcr = 0.1), seed = 1)
  expect_lt(abs(mean(is.na(x$ki67)) - 0.2), 4 * sqrt(0.2 * 0.8 / 5000))
  expect_lt(abs(mean(is.na(x$pcr)) - 0.1), 4 * sqrt(0.1 * 0.9 / 5000))
  expect_false(anyNA(x$stage))
  expect_true(anyNA(simulate_cohort(500, missing = 0.1, seed = 1)$stage))
  expect_equal(simulate_cohort(500, missing = 1, seed = 1)$grade, factor(rep(NA, 500), 1:3, ordered = TRUE),
    ignore_attr = "comment")
})

test_that("what cannot be is told", {
  expect_error(simulate_cohort(1), class = "her2mod_error_input")
  expect_error(simulate_cohort(100, effects = list(pCR = 1)), class = "her2mod_error_input")
  expect_error(simulate_cohort(100, effects = list(0.3)), class = "her2mod_error_input")
  expect_error(simulate_cohort(100, effects = list(pcr = 0.3)), "2 numbers", class = "her2mod_error_input")
  expect_error(simulate_cohort(100, effects = list(pcr = c(0.3, 1.2))), class = "her2mod_error_input")
  expect_error(simulate_cohort(100, effects = list(dfs_hr = c(mod = -1))), class = "her2mod_error_input")
  expect_error(simulate_cohort(100, effects = list(follow_up = c(5, 1))), class = "her2mod_error_input")
  expect_error(simulate_cohort(100, missing = 2), class = "her2mod_error_input")
  expect_error(simulate_cohort(100, missing = c(id = 0.1)), class = "her2mod_error_input")
  expect_error(simulate_cohort(100, missing = c(pcr = 0.1), margins = "exact"), class = "her2mod_error_input")
  expect_error(simulate_cohort(100, centres = 200), class = "her2mod_error_input")
  expect_error(simulate_cohort(100, seed = -1), class = "her2mod_error_input")
})

test_that("effects by name or by order, and part of them", {
  both <- check_effects(list(pcr = c("HER2-mod" = 0.2, "HER2 3+" = 0.5)))
  expect_identical(both$pcr, c("HER2 3+" = 0.5, "HER2-mod" = 0.2))
  expect_identical(check_effects(list(dfs_hr = c(pcr = 1)))$dfs_hr, c(mod = 1.3, pcr = 1, dual = 0.8,
    hr_positive = 0.8, stage = 1.6))
  expect_identical(check_effects(list())$loss, c("HER2 3+" = 0.1, "HER2-mod" = 0.3))
  none <- simulate_cohort(50, effects = list(pcr = c(0, 1), mod_share = 0.5), seed = 1)
  expect_equal(none$pcr, none$her2 == "HER2-mod", ignore_attr = "comment")
  one <- simulate_cohort(50, effects = list(mod_share = 0), centres = 1, seed = 1)
  expect_identical(as.vector(table(one$her2)), c(50L, 0L))
})

test_that("the print says that the data are simulated, and with which seed", {
  out <- capture.output(print(simulate_cohort(80, seed = 42)))
  expect_match(out[[1]], "80 patients, 8 centres; simulated data (seed 42)", fixed = TRUE)
  expect_match(capture.output(print(simulate_cohort(80, seed = 42)["age"])), "simulated data", all = FALSE)
})
