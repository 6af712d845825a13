# The log-rank family against survival::survdiff, naive twins and the literature.

# From the definition, a loop over event times within strata.
naive_weight <- function(method, time, s_before, y, d, peto) {
  switch(method,
    logrank = 1, gehan = y, `tarone-ware` = sqrt(y), `peto-peto` = peto, `modified peto-peto` = peto * y / (y + 1),
    `fh(0,1)` = 1 - s_before, `fh(1,0)` = s_before, `fh(1,1)` = s_before * (1 - s_before)
  )
}
naive_logrank <- function(d, method) {
  g <- as.integer(factor(d$g))
  k <- max(g)
  score <- numeric(k)
  variance <- matrix(0, k, k)
  for (own in split(data.frame(d, code = g), d$block)) {
    s <- peto <- 1
    for (t in sort(unique(own$time[own$status == 1]))) {
      at_risk <- own$time >= t
      y <- sum(at_risk)
      events <- sum(own$time == t & own$status == 1)
      y_g <- vapply(seq_len(k), function(i) sum(at_risk & own$code == i), 0)
      d_g <- vapply(seq_len(k), function(i) sum(own$time == t & own$status == 1 & own$code == i), 0)
      peto <- peto * (1 - events / (y + 1))
      w <- naive_weight(method, t, s, y, events, peto)
      score <- score + w * (d_g - events * y_g / y)
      if (y > 1) {
        spread <- events * (y - events) / (y - 1)
        variance <- variance + w^2 * spread * (diag(y_g / y, k) - outer(y_g / y, y_g / y))
      }
      s <- s * (1 - events / y)
    }
  }
  list(score = score, variance = variance, chi = drop(score[-1] %*% solve(variance[-1, -1], score[-1])))
}

test_that("every test is the naive twin's, stratified and not, of two groups and three", {
  methods <- survival_tests()$method
  for (name in c("lung", "veteran", "colon")) {
    d <- stats::na.omit(survival_sets()[[name]])
    for (strata in c(FALSE, TRUE)) {
      if (!strata) d$block <- 1
      x <- compare_survival(Surv(time, status) ~ g, d, strata = block)
      rows <- tidy(x)[tidy(x)$term == "test", ]
      for (method in methods) {
        twin <- naive_logrank(d, method)
        row <- rows[rows$method == method, ]
        expect_equal(row$statistic, twin$chi, tolerance = 1e-10)
        expect_equal(row$df, length(twin$score) - 1)
        if (length(twin$score) == 2) {
          expect_equal(row$estimate, twin$score[[2]], tolerance = 1e-10)
          expect_equal(row$std.error, sqrt(twin$variance[2, 2]), tolerance = 1e-10)
        }
      }
    }
  }
})

test_that("log-rank and FH(1, 0) are survdiff's rho = 0 and 1", {
  for (d in survival_sets()) {
    for (rho in 0:1) {
      method <- c("logrank", "fh(1,0)")[[rho + 1]]
      plain <- survival::survdiff(Surv(time, status) ~ g, d, rho = rho)
      x <- compare_survival(Surv(time, status) ~ g, d)
      expect_equal(estimate_of(x, "test", "statistic", method = method), plain$chisq, tolerance = 1e-9)
      expect_equal(estimate_of(x, "test", "p.value", method = method),
        stats::pchisq(plain$chisq, length(plain$n) - 1, lower.tail = FALSE), tolerance = 1e-8
      )
      within <- survival::survdiff(Surv(time, status) ~ g + strata(block), d, rho = rho)
      x <- compare_survival(Surv(time, status) ~ g | block, d)
      expect_equal(estimate_of(x, "test", "statistic", method = method), within$chisq, tolerance = 1e-9)
    }
  }
})

test_that("Freireich's data and others of the literature", {
  x <- compare_survival(Surv(time, status) ~ arm, remission)
  # Klein and Moeschberger; SAS; U 10.2505, V 6.25696
  expect_equal(estimate_of(x, "test", method = "logrank"), 10.2505, tolerance = 1e-5)
  expect_equal(estimate_of(x, "test", "std.error", method = "logrank")^2, 6.25696, tolerance = 1e-6)
  expect_equal(estimate_of(x, "test", "statistic", method = "logrank"), 16.79294, tolerance = 1e-6)
  # Peto-Peto is not FH(1, 0)
  expect_equal(estimate_of(x, "test", "statistic", method = "peto-peto"), 14.084139, tolerance = 1e-6)
  expect_false(isTRUE(all.equal(
    estimate_of(x, "test", "statistic", method = "fh(1,0)"), 14.084139, tolerance = 1e-3
  )))
  # MaxCombo: z and p by integration on the covariance's rank
  expect_equal(estimate_of(x, "test", "statistic", method = "maxcombo"), 4.09791910477, tolerance = 1e-10)
  expect_equal(estimate_of(x, "test", "p.value", method = "maxcombo"), 1.09867072e-4, tolerance = 1e-5)
  expect_identical(maxcombo_winner(tidy(x)), "logrank")

  # Bland and Altman 2004, BMJ 328:1073
  d <- data.frame(
    time = c(
      6, 13, 21, 30, 37, 38, 49, 50, 63, 79, 86, 98, 202, 219, 31, 47, 80, 82, 82, 149,
      10, 10, 12, 13, 14, 15, 16, 17, 18, 20, 24, 24, 25, 28, 30, 33, 35, 37, 40, 40, 46, 48, 76, 81, 82, 91, 112, 181,
      34, 40, 70
    ),
    status = rep(c(1, 0, 1, 0), c(14, 6, 28, 3)), g = rep(c("astrocytoma", "glioblastoma"), c(20, 31))
  )
  x <- compare_survival(Surv(time, status) ~ g, d)
  expect_equal(estimate_of(x, "test", "statistic", method = "logrank"), 7.49659416854, tolerance = 1e-11)
  expect_equal(estimate_of(x, "test", "p.value", method = "logrank"), 0.006181578637, tolerance = 1e-9)
})

test_that("modest weights are bounded by those at t*", {
  d <- data.frame(remission, block = 1)
  d$g <- d$arm
  # by the definition: 1 / max(S(t-), S(t*)) of the pooled curve
  pooled <- summary(survival::survfit(Surv(time, status) ~ 1, d))
  before <- c(1, pooled$surv[-length(pooled$surv)])
  w <- 1 / pmax(before, pooled$surv[max(which(pooled$time <= 10))])
  terms <- vapply(pooled$time, function(t) {
    y <- c(sum(d$time >= t), sum(d$time >= t & d$g == "placebo"))
    e <- c(sum(d$time == t & d$status == 1), sum(d$time == t & d$status == 1 & d$g == "placebo"))
    share <- y[[2]] / y[[1]]
    c(e[[2]] - e[[1]] * share, e[[1]] * share * (1 - share) * (y[[1]] - e[[1]]) / max(1, y[[1]] - 1))
  }, c(0, 0))
  x <- compare_survival(Surv(time, status) ~ arm, remission, t_star = 10)
  expect_equal(estimate_of(x, "test", method = "modest(10)"), sum(w * terms[1, ]), tolerance = 1e-10)
  expect_equal(estimate_of(x, "test", "std.error", method = "modest(10)"), sqrt(sum(w^2 * terms[2, ])), tolerance = 1e-10)
})

test_that("the trend test is Tarone's", {
  d <- stats::na.omit(survival_sets()$colon)
  d$block <- 1
  twin <- naive_logrank(d, "logrank")
  score <- c(0, 1, 3)
  z <- sum(score * twin$score) / sqrt(drop(score %*% twin$variance %*% score))
  x <- compare_survival(Surv(time, status) ~ g, d, trend = score)
  expect_equal(estimate_of(x, "test", "statistic", method = "logrank trend"), z^2, tolerance = 1e-10)
  named <- compare_survival(Surv(time, status) ~ g, d, trend = stats::setNames(rev(score), rev(levels(d$g))))
  expect_equal(tidy(named), tidy(x))
  expect_error(compare_survival(Surv(time, status) ~ g, d, trend = 1:2), class = "her2mod_error_input")
  expect_error(compare_survival(Surv(time, status) ~ arm, remission, trend = 1:2), class = "her2mod_error_input")
})

test_that("degenerate tests", {
  one_event <- data.frame(time = 1:4, status = c(1, 0, 0, 0), g = c("a", "a", "b", "b"))
  # by hand: d = 1, y = 4, y_b = 2: U = -1/2, V = 1/4
  x <- suppressWarnings(compare_survival(Surv(time, status) ~ g, one_event))
  expect_equal(estimate_of(x, "test", method = "logrank"), -0.5, tolerance = 1e-14)
  expect_equal(estimate_of(x, "test", "std.error", method = "logrank"), 0.5, tolerance = 1e-14)
  expect_equal(estimate_of(x, "test", "p.value", method = "logrank"), 0.317310507862914, tolerance = 1e-12)

  none <- transform(one_event, status = 0)
  expect_warning(x <- compare_survival(Surv(time, status) ~ g, none), class = "her2mod_warning_degenerate")
  tests <- tidy(x)[tidy(x)$term == "test", ]
  expect_true(all(is.na(tests$statistic) & is.na(tests$p.value)))

  last_only <- transform(one_event, status = c(0, 0, 0, 1))
  expect_warning(x <- compare_survival(Surv(time, status) ~ g, last_only), class = "her2mod_warning_degenerate")
  expect_identical(estimate_of(x, "test", method = "logrank"), 0)
  expect_true(is.na(estimate_of(x, "test", "p.value", method = "logrank")))

  alone <- data.frame(time = 1:4, status = 1, g = c("b", "a", "a", "a"))
  x <- suppressWarnings(compare_survival(Surv(time, status) ~ g, alone))
  # by hand: only the first risk set holds both: U = 3/4, V = 3/16
  expect_equal(estimate_of(x, "test", "statistic", method = "logrank"), 3, tolerance = 1e-12)
})

test_that("a part of MaxCombo without variance has no say", {
  # all events at one time: FH(0, 1) and FH(1, 1) have a weight of 0, the others of 1
  d <- data.frame(t = c(5, 5, 5, 5, 7, 8, 9, 9), e = rep(1:0, each = 4), g = c("a", "a", "a", "b", "b", "b", "b", "a"))
  expect_no_warning(x <- compare_survival(Surv(t, e) ~ g, d))
  # by hand: U = 1 - 4 * 4/8, V = 4 * (1/4) * 4/7
  expect_equal(estimate_of(x, "test", "statistic", method = "maxcombo"), 1 / sqrt(4 / 7), tolerance = 1e-12)
  expect_equal(
    estimate_of(x, "test", "p.value", method = "maxcombo"), estimate_of(x, "test", "p.value", method = "logrank"),
    tolerance = 1e-10
  )
})

test_that("scores of a trend go by name, and must differ", {
  bad <- function(trend) {
    expect_error(compare_survival(Surv(time, status) ~ g, survival_sets()$colon, trend = trend), class = "her2mod_error_input")
  }
  bad(c(Obs = 1, Lev = 2, other = 3))
  bad(c(1, 1, 1))
})
