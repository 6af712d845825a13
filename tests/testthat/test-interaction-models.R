# Models against stats::glm(), survival::coxph() and survival::survfit().

patients <- function() {
  gbsg <- survival::gbsg
  gbsg$grade <- factor(gbsg$grade)
  gbsg$hormon <- factor(gbsg$hormon, labels = c("no", "yes"))
  gbsg$early <- gbsg$rfstime < 730 & gbsg$status == 1
  gbsg
}

test_that("adjusted odds ratios are those of stats::glm()", {
  gbsg <- patients()
  found <- test_interaction(early ~ hormon * grade + log(nodes) + meno, gbsg)
  full <- stats::glm(early ~ hormon * grade + log(nodes) + meno, stats::binomial(), gbsg,
    control = stats::glm.control(epsilon = 1e-12))
  less <- stats::update(full, . ~ . - hormon:grade)
  products <- c("hormonyes:grade2", "hormonyes:grade3")
  wald <- pick(found, "odds_ratio", "wald")
  expect_equal(log(wald$estimate), unname(stats::coef(full)[products]), tolerance = 1e-6)
  expect_equal(wald$std.error, unname(sqrt(diag(stats::vcov(full)))[products]), tolerance = 1e-6)
  expect_equal(pick(found, "odds_ratio", "likelihood-ratio", "test")$statistic, less$deviance - full$deviance,
    tolerance = 1e-6)
  b <- stats::coef(full)[products]
  expect_equal(pick(found, "odds_ratio", "wald", "test")$statistic,
    drop(b %*% solve(stats::vcov(full)[products, products], b)), tolerance = 1e-6)
  within <- pick(found, "odds_ratio", "wald", "effect")
  expect_equal(log(within$estimate), unname(stats::coef(full)[["hormonyes"]] + c(0, b)), tolerance = 1e-6)
  # At a profile end the deviance is a quantile above the smallest.
  end <- log(pick(found, "odds_ratio", "likelihood-ratio", group = "2")$conf.low)
  held <- stats::glm(early ~ hormon + grade + log(nodes) + meno + I((hormon == "yes") * (grade == "3")),
    stats::binomial(), gbsg, offset = end * (hormon == "yes") * (grade == "2"))
  expect_equal(held$deviance - full$deviance, stats::qchisq(0.95, 1), tolerance = 1e-4)
})

test_that("without covariates a model and the counts agree", {
  counts <- zhang_counts()
  rows <- test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, counts, "odds_ratio")
  x <- interaction_data(cbind(pcr, n - pcr) ~ therapy * her2, counts, list(), stats::na.omit, NULL)
  fit <- model_interactions(x, "odds_ratio", list(methods = model_methods, conf.level = 0.95),
    logistic_interaction(x, list(conf.level = 0.95)))
  for (method in model_methods) {
    own <- fit[fit$method == method & fit$term == "interaction", ]
    expect_equal(own$conf.low, pick(rows, "odds_ratio", method)$conf.low, tolerance = 1e-5)
    expect_equal(own$p.value, pick(rows, "odds_ratio", method)$p.value, tolerance = 1e-6)
  }
})

test_that("hazard ratios are those of survival::coxph()", {
  gbsg <- patients()
  # survival:: in front would make it a covariate.
  strata <- survival::strata
  found <- test_interaction(Surv(rfstime, status) ~ hormon * grade + nodes + strata(meno), gbsg, "hazard_ratio")
  full <- survival::coxph(survival::Surv(rfstime, status) ~ hormon * grade + nodes + strata(meno), gbsg)
  less <- survival::coxph(survival::Surv(rfstime, status) ~ hormon + grade + nodes + strata(meno), gbsg)
  products <- c("hormonyes:grade2", "hormonyes:grade3")
  wald <- pick(found, "hazard_ratio", "wald")
  expect_equal(log(wald$estimate), unname(stats::coef(full)[products]), tolerance = 1e-6)
  expect_equal(wald$std.error, unname(sqrt(diag(stats::vcov(full)))[5:6]), tolerance = 1e-6)
  expect_equal(found$p.value, stats::anova(less, full)[["Pr(>|Chi|)"]][[2]], tolerance = 1e-6)
  # The one-degree-of-freedom test of a product
  without <- survival::coxph(survival::Surv(rfstime, status) ~ hormon + grade + nodes + I((hormon == "yes") *
    (grade == "3")) + strata(meno), gbsg)
  lr <- pick(found, "hazard_ratio", "likelihood-ratio", group = "2")
  expect_equal(lr$statistic, 2 * (full$loglik[[2]] - without$loglik[[2]]), tolerance = 1e-6)
})

test_that("restricted means are those of survival::survfit()", {
  gbsg <- patients()
  found <- test_interaction(Surv(rfstime, status) ~ hormon * meno, gbsg, "rmst_difference", tau = 1500)
  fit <- survival::survfit(survival::Surv(rfstime, status) ~ hormon + meno, gbsg)
  # Rows: no/0, no/1, yes/0, yes/1
  table <- summary(fit, rmean = 1500)$table
  mean <- table[, "rmean"]
  error <- table[, "se(rmean)"]
  wald <- pick(found, "rmst_difference", "wald")
  expect_equal(wald$estimate, unname(mean[[4]] - mean[[2]] - (mean[[3]] - mean[[1]])), tolerance = 1e-8)
  expect_equal(wald$std.error, sqrt(sum(error^2)), tolerance = 1e-8)
  expect_error(test_interaction(Surv(rfstime, status) ~ hormon * meno, gbsg, tau = 1e5), "follow-up",
    class = "her2mod_error_input")
})

test_that("separated data give an infinite ratio with a finite profile end", {
  rows <- as_rows(counts_of(c(3, 2), c(10, 8), c(0, 5), c(9, 12)))
  rows$age <- (seq_len(nrow(rows)) * 7) %% 11
  found <- test_interaction(y ~ therapy * her2 + age, rows)
  lr <- pick(found, "odds_ratio", "likelihood-ratio")
  expect_identical(c(lr$estimate, lr$conf.high), c(Inf, Inf))
  expect_true(lr$conf.low > 0 && is.finite(lr$p.value))
  expect_true(is.na(pick(found, "odds_ratio", "wald")$p.value))
  gbsg <- patients()
  gbsg$status[gbsg$grade == 1 & gbsg$hormon == "yes"] <- 0
  monotone <- test_interaction(Surv(rfstime, status) ~ hormon * grade, gbsg, "hazard_ratio")
  expect_true(all(is.finite(pick(monotone, "hazard_ratio", "likelihood-ratio")$p.value)))
  gbsg$status <- 0
  expect_warning(test_interaction(Surv(rfstime, status) ~ hormon * grade, gbsg, "hazard_ratio"),
    class = "her2mod_warning_degenerate")
})

test_that("a model's p-values and intervals agree", {
  gbsg <- patients()
  for (level in c(0.3, 0.5, 0.95)) {
    for (formula in list(early ~ hormon * grade + nodes, Surv(rfstime, status) ~ hormon * grade + nodes)) {
      rows <- tidy(test_interaction(formula, gbsg, conf.level = level))
      rows <- rows[rows$term == "interaction", ]
      expect_identical(rows$conf.low > 1 | rows$conf.high < 1, rows$p.value < 1 - level)
    }
  }
})

test_that("with delayed entry hazard ratios are compared, restricted means are not", {
  gbsg <- patients()
  gbsg$entry <- ifelse(gbsg$meno == 1, 10, 0)
  late <- gbsg[gbsg$rfstime > 20, ]
  found <- test_interaction(Surv(entry, rfstime, status) ~ hormon * meno, late)
  expect_identical(found$measures, "hazard_ratio")
  full <- survival::coxph(survival::Surv(entry, rfstime, status) ~ hormon * meno, late)
  expect_equal(log(pick(found, "hazard_ratio", "wald")$estimate), unname(stats::coef(full)[[3]]), tolerance = 1e-6)
  expect_error(test_interaction(Surv(entry, rfstime, status) ~ hormon * meno, late, "rmst_difference"), "time 0",
    class = "her2mod_error_data")
})

test_that("covariates of any unit: seconds since 1970, dates written as numbers", {
  gbsg <- patients()
  gbsg$seconds <- 1.6e9 + 86400 * seq_len(nrow(gbsg)) * 1.3
  gbsg$day <- 20200100 + gbsg$age
  gbsg$z1 <- as.vector(scale(gbsg$seconds))
  gbsg$z2 <- as.vector(scale(gbsg$day))
  own <- test_interaction(early ~ hormon * meno + seconds + day, gbsg)
  scaled <- stats::glm(early ~ hormon * meno + z1 + z2, stats::binomial(), gbsg,
    control = stats::glm.control(epsilon = 1e-12))
  expect_equal(log(pick(own, "odds_ratio", "wald")$estimate), stats::coef(scaled)[["hormonyes:meno"]], tolerance = 1e-5)
  less <- stats::update(scaled, . ~ . - hormon:meno)
  expect_equal(pick(own, "odds_ratio", "likelihood-ratio")$statistic, less$deviance - scaled$deviance, tolerance = 1e-5)
})

test_that("a level in which a therapy has no events disturbs no other", {
  gbsg <- patients()
  gbsg$early[gbsg$meno == 0 & gbsg$hormon == "yes"] <- FALSE
  gbsg$status[gbsg$meno == 0 & gbsg$hormon == "yes"] <- 0
  own <- test_interaction(early ~ hormon * meno + nodes, gbsg)
  within <- pick(own, "odds_ratio", "wald", "effect")
  kept <- gbsg[!(gbsg$meno == 0 & gbsg$hormon == "yes"), ]
  limit <- stats::glm(early ~ I((hormon == "yes") * meno) + meno + nodes, stats::binomial(), kept,
    control = stats::glm.control(epsilon = 1e-12))
  expect_identical(within$estimate[[1]], 0)
  expect_equal(log(within$estimate[[2]]), stats::coef(limit)[[2]], tolerance = 1e-6)
  expect_equal(within$std.error[[2]], sqrt(stats::vcov(limit)[[2, 2]]), tolerance = 1e-6)
  expect_identical(pick(own, "odds_ratio", "likelihood-ratio")$estimate, Inf)
  hazard <- pick(test_interaction(Surv(rfstime, status) ~ hormon * meno, gbsg, "hazard_ratio"), "hazard_ratio", "wald",
    "effect")
  peer <- survival::coxph(survival::Surv(rfstime, status) ~ I((hormon == "yes") * meno) + meno, kept)
  expect_equal(log(hazard$estimate[[2]]), stats::coef(peer)[[1]], tolerance = 1e-6)
})

test_that("covariates without an estimate, or with an infinite one, are named", {
  gbsg <- patients()
  gbsg$copy <- 2 * gbsg$nodes
  expect_warning(test_interaction(early ~ hormon * meno + nodes + copy, gbsg), "copy", class = "her2mod_warning_collinear")
  gbsg$tells <- ifelse(gbsg$early, 0, 1) * (gbsg$nodes > 5)
  expect_warning(test_interaction(early ~ hormon * meno + tells, gbsg), "tells", class = "her2mod_warning_separated")
})

test_that("a variance of 0 is no certainty", {
  row <- pick(interaction_of(c(0, 5), c(5, 5), c(5, 5), c(5, 5)), "risk_difference", "wald")
  expect_true(is.na(row$std.error) && is.na(row$conf.low) && is.na(row$p.value))
})

# 60 simulated patients; nobody of the 11 of HER2-mod has an event: 0 of 8 with dual, 0 of 3 with single therapy.
few <- function() simulate_cohort(60, seed = 9)

test_that("a group in which nobody has an event has no hazard ratio, and the contrast none", {
  expect_warning(x <- test_interaction(Surv(time, status) ~ therapy * her2, few(), "hazard_ratio"), "HER2-mod",
    class = "her2mod_warning_degenerate")
  rows <- tidy(x)
  unknown <- rows[rows$term == "interaction" | rows$group %in% "HER2-mod", ]
  expect_true(all(is.na(unknown[c("estimate", "std.error", "p.value", "conf.low", "conf.high")])))
  # that of the other group is of its patients alone
  peer <- survival::coxph(survival::Surv(time, status) ~ therapy, few(), subset = her2 == "HER2 3+")
  expect_equal(log(pick(x, "hazard_ratio", "wald", "effect", "HER2 3+")$estimate), unname(stats::coef(peer)), tolerance = 1e-6)
  expect_false(any(grepl("Inf to|to Inf", format(x))))
})

test_that("with a silent group the others are compared as without it, whichever is the reference", {
  d <- survival::gbsg
  d$status[d$grade == 1] <- 0
  d$early <- d$rfstime < 500 & d$grade != 1
  kept <- d[d$grade != 1, ]
  fit <- function(formula) survival::coxph(formula, kept)
  lost <- 2 * (fit(survival::Surv(rfstime, status) ~ hormon * grade)$loglik[[2]] -
    fit(survival::Surv(rfstime, status) ~ hormon + grade)$loglik[[2]])
  for (ref in c("1", "2")) {
    x <- suppressWarnings(test_interaction(Surv(rfstime, status) ~ hormon * grade, d, "hazard_ratio", ref = c(grade = ref)))
    test <- pick(x, "hazard_ratio", "likelihood-ratio", "test")
    expect_equal(c(test$statistic, test$df), c(lost, 1), tolerance = 1e-6)
  }
  expect_equal(pick(x, "hazard_ratio", "likelihood-ratio", group = "3")$statistic, lost, tolerance = 1e-6)
  expect_true(is.na(pick(x, "hazard_ratio", "likelihood-ratio", group = "1")$estimate))
  odds <- suppressWarnings(test_interaction(early ~ hormon * grade + nodes, d))
  expect_identical(is.na(pick(odds, "odds_ratio", "wald", "effect")$estimate), c(TRUE, FALSE, FALSE))
})

test_that("a combination without events leaves restricted means without interval and contrast", {
  expect_warning(x <- test_interaction(Surv(time, status) ~ therapy * her2, few(), "rmst_difference"), "dual in HER2-mod",
    class = "her2mod_warning_degenerate")
  within <- pick(x, "rmst_difference", "wald", "effect", "HER2-mod")
  expect_identical(within$estimate, 0)
  contrast <- pick(x, "rmst_difference", "wald")
  expect_false(is.na(contrast$estimate))
  expect_true(all(is.na(rbind(within, contrast)[c("std.error", "p.value", "conf.low", "conf.high")])))
  expect_true(any(grepl("No standard error of the restricted mean", format(x))))
  # one cell is enough: 0 of 8 with dual therapy, 1 of 3 with single
  one <- few()
  one$status[which(one$her2 == "HER2-mod" & one$therapy == "single")[[1]]] <- 1L
  expect_warning(x <- test_interaction(Surv(time, status) ~ therapy * her2, one, "rmst_difference", tau = 3),
    "perm_test", class = "her2mod_warning_degenerate")
  expect_true(is.na(pick(x, "rmst_difference", "wald")$p.value))
})
