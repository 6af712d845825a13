fit <- cox_regression(
  Surv(time, status) ~ celltype + karno + I(prior > 0) + strata(trt), survival::veteran
)

test_that("tidy() has the columns and rows that survival results share", {
  rows <- tidy(fit)
  expect_named(rows, c(
    "term", "method", "group", "time", "estimate", "std.error", "conf.low", "conf.high", "statistic", "df", "p.value",
    "alternative"
  ))
  expect_identical(rows$term, rep(c("log_hazard_ratio", "test"), c(5, 3)))
  expect_identical(rows$group[1:5], names(coef(fit)))
  expect_identical(rows$method, c(rep("wald", 5), "likelihood-ratio", "wald", "score"))
  # Wald's formulas from estimate and error.
  expect_equal(rows$conf.high[1:5], unname(coef(fit) + qnorm(0.975) * sqrt(diag(vcov(fit)))), tolerance = 1e-12)
  expect_equal(rows$p.value[1:5], unname(2 * pnorm(-abs(coef(fit) / sqrt(diag(vcov(fit)))))), tolerance = 1e-12)
  expect_identical(as.data.frame(fit), rows)
})

test_that("the tests of all coefficients are coxph()'s", {
  theirs <- peer_cox(Surv(time, status) ~ celltype + karno + I(prior > 0) + strata(trt), survival::veteran)
  known <- summary(theirs)
  rows <- tidy(fit)[6:8, ]
  expect_equal(rows$statistic[c(1, 3)], unname(c(known$logtest[[1]], known$sctest[[1]])), tolerance = 1e-8)
  expect_equal(rows$statistic[[2]], unname(theirs$wald.test), tolerance = 1e-8)
  expect_identical(rows$df, c(5, 5, 5))
  expect_equal(rows$p.value[c(1, 3)], unname(c(known$logtest[[3]], known$sctest[[3]])), tolerance = 1e-8)
  expect_equal(as.double(logLik(fit)), as.double(logLik(theirs)), tolerance = 1e-10)
  expect_equal(AIC(fit), AIC(theirs), tolerance = 1e-10)
})

test_that("robust and Firth fits name their methods", {
  robust <- cox_regression(Surv(time, status) ~ karno, survival::veteran, robust = TRUE)
  expect_identical(tidy(robust)$method, c("robust-wald", "likelihood-ratio", "robust-wald", "score"))
  firth <- cox_regression(Surv(time, status) ~ karno, survival::veteran, penalty = "firth", interval = "profile")
  expect_identical(tidy(firth)$method, c("firth-profile", "penalised-likelihood-ratio", "wald"))
})

test_that("glance() says what was fitted", {
  g <- glance(fit)
  expect_identical(nrow(g), 1L)
  expect_equal(c(g$n, g$events, g$strata, g$df, g$n_dropped), c(137, 128, 2, 5, 0))
  expect_identical(c(g$ties, g$penalty), c("efron", "none"))
  expect_false(g$monotone)
})

test_that("confint() takes coefficients by name and another level", {
  expect_equal(unname(confint(fit, "karno", level = 0.5)[1, ]),
    unname(coef(fit)["karno"] + c(-1, 1) * qnorm(0.75) * sqrt(vcov(fit)["karno", "karno"])),
    tolerance = 1e-12
  )
  profile <- cox_regression(Surv(time, status) ~ karno, survival::veteran, interval = "profile")
  expect_error(confint(profile, level = 0.5), class = "her2mod_error_input")
})

test_that("the print says which level over which, sizes, ties and variances", {
  text <- format(fit)
  expect_match(text, "137 patients, 128 events, 2 strata", all = FALSE)
  expect_match(text, "celltype: smallcell over squamous", all = FALSE, fixed = TRUE)
  expect_match(text, "one unit more of karno", all = FALSE)
  expect_match(text, "I(prior > 0): TRUE over FALSE", all = FALSE, fixed = TRUE)
  expect_match(text, "ties: Efron", all = FALSE)
  expect_identical(sum(lengths(regmatches(text, gregexpr("likelihood ratio", text)))), 1L)
  clustered <- format(cox_regression(
    Surv(time, status) ~ rx * sex, survival::colon, cluster = id, ties = "breslow"
  ))
  expect_match(clustered, "929 clusters", all = FALSE)
  expect_match(clustered, "robust (sandwich) standard errors by cluster", all = FALSE, fixed = TRUE)
  expect_match(clustered, "interaction rxLev:sex", all = FALSE)
  lung <- format(cox_regression(Surv(time, status == 2) ~ ph.ecog, survival::lung))
  expect_match(lung, "1 row with missing values dropped", all = FALSE)
})

test_that("the print says monotone likelihoods and what was not estimated", {
  d <- data.frame(time = 1:6, status = c(1, 1, 1, 0, 0, 0), x = c(1, 1, 1, 0, 0, 0), one = 1)
  text <- format(suppressWarnings(cox_regression(Surv(time, status) ~ x + one, d)))
  expect_match(text, "monotone likelihood: x", all = FALSE)
  expect_match(text, "not estimated .*: one", all = FALSE)
  expect_match(text, "Inf +none +NA", all = FALSE)
  d$status <- 0
  text <- format(suppressWarnings(cox_regression(Surv(time, status) ~ x, d)))
  expect_match(text, "nobody has an event", all = FALSE)
})

test_that("a level without an estimate is named with the reference", {
  d <- data.frame(time = c(5, 8, 9, 12, 15, 3, 4, 7, 11, 1, 1), e = c(rep(1, 9), 0, 0))
  d$g <- factor(rep(c("high", "low", "early"), c(5, 4, 2)), c("early", "high", "low"))
  fit <- suppressWarnings(cox_regression(Surv(time, e) ~ g, d))
  expect_identical(fitted_meaning(fit), c("g: high over early with low", "g: low over early"))
  # Those with the event at 0 are never at risk with the others: high is over low alone.
  peer <- survival::coxph(survival::Surv(time, e) ~ relevel(droplevels(g), "low"), d[d$g != "early", ])
  expect_equal(fit$coefficients[["ghigh"]], stats::coef(peer)[[1]], tolerance = 1e-8)
  expect_identical(fitted_meaning(suppressWarnings(cox_regression(Surv(time, e) ~ time, d))), "one unit more of time")
})
