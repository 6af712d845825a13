# Score tests at a margin against a search, and against the compiled interval that they invert.

test_that("the score z at a margin is Farrington and Manning's with Miettinen and Nurminen's factor", {
  tables <- list(
    list(x0 = 6, n0 = 49, x1 = 13, n1 = 68), list(x0 = 0, n0 = 10, x1 = 3, n1 = 12), list(x0 = 74, n0 = 160, x1 = 58, n1 = 92)
  )
  for (t in tables) {
    n <- t$n0 + t$n1
    for (margin in c(-0.3, -0.1, 0, 0.1, 0.25)) {
      twin <- twin_fit("risk_difference", t, margin)
      p0 <- twin[["p0"]]
      p1 <- p0 + margin
      z <- (t$x1 / t$n1 - t$x0 / t$n0 - margin) / sqrt((p0 * (1 - p0) / t$n0 + p1 * (1 - p1) / t$n1) * n / (n - 1))
      expect_equal(score_z(t, margin), z, tolerance = 1e-5)
    }
    row <- row_of(t$x0, t$n0, t$x1, t$n1, "risk_difference", "miettinen-nurminen")
    expect_equal(score_z(t, row$conf.low), stats::qnorm(0.975), tolerance = 1e-5)
    expect_equal(score_z(t, row$conf.high), -stats::qnorm(0.975), tolerance = 1e-5)
    expect_equal(2 * stats::pnorm(-abs(score_z(t, 0))), row$p.value, tolerance = 1e-8)
  }
})

test_that("an end of the margin is where its one-sided test is at half of alpha", {
  t <- list(x0 = 6, n0 = 49, x1 = 13, n1 = 68)
  own <- claim_difference(claim_data(c(6, 13), c(49, 68), NULL, list(), NULL, NULL), 1, 0.9)
  expect_equal(own$p(own$intervals$low[[1]], "upper"), 0.05, tolerance = 1e-5)
  expect_equal(own$p(own$intervals$high[[1]], "lower"), 0.05, tolerance = 1e-5)
  turned <- turn_effect(own, -1)
  expect_equal(turned$p(turned$intervals$low[[1]], "upper"), 0.05, tolerance = 1e-5)
  expect_equal(turned$estimate, -own$estimate)
})

test_that("hazard ratios of a group are those of survival's model of all groups, tests and interval agree", {
  gbsg <- survival::gbsg
  x <- interaction_data(Surv(rfstime, status) ~ hormon * meno, gbsg, list(), stats::na.omit, NULL)
  own <- claim_hazard_ratio(x, 2, 0.95)
  gbsg$in0 <- gbsg$hormon * (gbsg$meno == 0)
  gbsg$in1 <- gbsg$hormon * (gbsg$meno == 1)
  nested <- survival::coxph(survival::Surv(rfstime, status) ~ in0 + in1 + meno, gbsg)
  expect_equal(own$estimate, stats::coef(nested)[["in1"]], tolerance = 1e-7)
  expect_equal(own$std.error, sqrt(stats::vcov(nested)[[2, 2]]), tolerance = 1e-7)
  # The signed root of the likelihood ratio at 0.8
  held <- survival::coxph(survival::Surv(rfstime, status) ~ in0 + meno + offset(log(0.8) * in1), gbsg)
  root <- sign(own$estimate - log(0.8)) * sqrt(2 * (nested$loglik[[2]] - held$loglik[[2]]))
  expect_equal(own$p(log(0.8), "lower"), stats::pnorm(root), tolerance = 1e-6)
  expect_equal(own$p(own$intervals$low[[1]], "upper"), 0.025, tolerance = 1e-5)
  expect_equal(own$p(own$intervals$high[[1]], "lower"), 0.025, tolerance = 1e-5)
  within <- pick(test_interaction(Surv(rfstime, status) ~ hormon * meno, gbsg, "hazard_ratio"), "hazard_ratio", "wald",
    "effect", "1")
  expect_equal(exp(unlist(own$intervals[2, c("low", "high")], use.names = FALSE)), c(within$conf.low, within$conf.high))
})

test_that("an infinite hazard ratio has one end and tests", {
  gbsg <- survival::gbsg
  gbsg$status[gbsg$meno == 0 & gbsg$hormon == 1] <- 0
  found <- check_claim("improvement", Surv(rfstime, status) ~ hormon * meno, data = gbsg, margin = 0.8, group = "0")
  ends <- found$effect$intervals
  expect_identical(c(found$effect$estimate, ends$low[[1]]), c(-Inf, -Inf))
  expect_true(ends$high[[1]] < log(0.8) && is.na(ends$low[[2]]))
  expect_identical(found$verdict, "supported")
  # The coefficient of those without events at its limit: they leave the partial likelihood's numerators and sums.
  gbsg$in1 <- gbsg$hormon * (gbsg$meno == 1)
  limit <- survival::coxph(survival::Surv(rfstime, status) ~ in1 + meno, gbsg, subset = !(meno == 0 & hormon == 1))
  held <- survival::coxph(survival::Surv(rfstime, status) ~ in1 + meno, gbsg)
  p <- stats::pchisq(2 * (limit$loglik[[2]] - held$loglik[[2]]), 1, lower.tail = FALSE)
  expect_equal(found$tests$p.value[[1]], p, tolerance = 1e-5)
  # The other group is not disturbed.
  other <- check_claim("improvement", Surv(rfstime, status) ~ hormon * meno, data = gbsg, margin = 0.8, group = "1")
  expect_equal(other$effect$estimate, stats::coef(limit)[["in1"]], tolerance = 1e-6)
})

test_that("restricted means of a group are those of its patients alone", {
  gbsg <- survival::gbsg
  x <- interaction_data(Surv(rfstime, status) ~ hormon * meno, gbsg, list(), stats::na.omit, NULL)
  mean <- claim_mean(x, 2, 0.95, 1500)
  table <- summary(survival::survfit(survival::Surv(rfstime, status) ~ hormon, gbsg, subset = meno == 1), rmean = 1500)$table
  expect_equal(mean$estimate, table[[2, "rmean"]] - table[[1, "rmean"]], tolerance = 1e-8)
})

test_that("a contrast has the interval of test_interaction(), and tests that agree with it", {
  counts <- zhang_counts()
  x <- interaction_data(cbind(pcr, n - pcr) ~ therapy * her2, counts, list(), stats::na.omit, NULL)
  own <- claim_contrast(x, 2, "risk_difference", 0.95, NULL)
  row <- pick(test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, counts), "risk_difference", "score")
  expect_equal(c(own$intervals$low[[1]], own$intervals$high[[1]]), c(row$conf.low, row$conf.high))
  expect_equal(own$p(row$conf.low, "upper"), 0.025, tolerance = 1e-4)
  expect_equal(own$p(row$conf.high, "lower"), 0.025, tolerance = 1e-4)
})
