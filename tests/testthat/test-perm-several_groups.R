# The log-rank family of three groups or more.

colon3 <- survival::colon[survival::colon$etype == 2, c("time", "status", "rx", "extent")]
colon3$extent <- factor(colon3$extent)

# coin's scores "mid-ranks" take d/y off at each event time, tied or not: Nelson's and Aalen's hazard, which
# makes a group's sum its observed less expected events; "average-scores" averages over broken ties.
coin_form <- function(formula, data, block = NULL, ties = "mid-ranks") {
  scores <- function(x) {
    coin::trafo(x, surv_trafo = function(y) coin::logrank_trafo(y, ties.method = ties), block = block)
  }
  coin::statistic(coin::independence_test(formula, data, ytrafo = scores, teststat = "quadratic"))[[1]]
}

test_that("the statistic is coin's quadratic form of log-rank scores", {
  skip_if_not_installed("coin")
  x <- perm_test(Surv(time, status) ~ rx, colon3, "logrank", R = 99, seed = 1)
  expect_equal(x$statistic[[1]], coin_form(survival::Surv(time, status) ~ rx, colon3), tolerance = 1e-10)
  tied <- transform(colon3, time = ceiling(time / 200))
  x <- perm_test(Surv(time, status) ~ rx, tied, "logrank", R = 99, seed = 1)
  expect_equal(x$statistic[[1]], coin_form(survival::Surv(time, status) ~ rx, tied), tolerance = 1e-10)
  other <- coin_form(survival::Surv(time, status) ~ rx, tied, ties = "average-scores")
  expect_gt(abs(x$statistic[[1]] - other), 1e-3)
  x <- perm_test(Surv(time, status) ~ rx | extent, tied, "logrank", R = 99, seed = 1)
  peer <- coin_form(survival::Surv(time, status) ~ rx | extent, tied, tied$extent)
  expect_equal(x$statistic[[1]], peer, tolerance = 1e-10)
})

test_that("studentised it is survdiff()'s chi-squared, in every replicate", {
  for (block in c(FALSE, TRUE)) {
    formula <- if (block) Surv(time, status) ~ rx | extent else Surv(time, status) ~ rx
    peer <- if (block) Surv(time, event) ~ group + strata(stratum) else Surv(time, event) ~ group
    x <- perm_test(formula, colon3, stat_logrank(studentised = TRUE), R = 9, seed = 2)
    for (b in c(2, 9)) {
      expect_equal(x$replicates[[b]], survival::survdiff(peer, replicate_data(x, b))$chisq, tolerance = 1e-9)
    }
  }
})

test_that("it is a test statistic: large is extreme, and it says so", {
  x <- perm_test(Surv(time, status) ~ rx, colon3, "logrank", R = 999, seed = 3)
  expect_identical(x$p.value, (sum(x$replicates >= x$observed * (1 - 1e-7)) + 1) / 1000)
  expect_identical(x$alternative, "greater")
  expect_match(format(x)[[1]], "log-rank statistic, between Obs, Lev, Lev+5FU", fixed = TRUE)
  y <- perm_test(Surv(time, status) ~ rx, colon3, stat_fleming_harrington(0, 1, studentised = TRUE), R = 9, seed = 3)
  expect_match(format(y)[[1]], "FH(0, 1) chi-squared", fixed = TRUE)
  expect_error(
    perm_test(Surv(time, status) ~ rx, colon3, "logrank", alternative = "less"), class = "her2mod_error_input"
  )
  expect_error(boot_ci(Surv(time, status) ~ rx, colon3, "logrank"), class = "her2mod_error_data")
})

test_that("of few patients every arrangement is listed: the p-value of a loop over them", {
  d <- data.frame(
    time = c(3, 5, 5, 8, 9, 12, 2), status = c(1, 1, 0, 1, 1, 0, 1), g = factor(rep(c("a", "b", "c"), c(2, 2, 3)))
  )
  x <- perm_test(Surv(time, status) ~ g, d, "logrank", "exact")
  score <- vapply(seq_len(7), function(i) {
    ts <- unique(d$time[d$status == 1])
    hazard <- vapply(ts, function(t) sum(d$time == t & d$status == 1) / sum(d$time >= t), 0)
    d$status[[i]] - sum(hazard[ts <= d$time[[i]]])
  }, 0)
  form <- function(g) sum(tapply(score, g, sum)^2 / table(g)) / (sum(score^2) / 6)
  codes <- as.matrix(expand.grid(rep(list(1:3), 7)))
  codes <- codes[apply(codes, 1, function(g) identical(tabulate(g, 3), c(2L, 2L, 3L))), ]
  values <- apply(codes, 1, form)
  expect_equal(x$observed, form(d$g), tolerance = 1e-12)
  expect_identical(length(values), 210L)
  expect_equal(x$p.value, mean(values >= x$observed - 1e-9), tolerance = 1e-12)
})

test_that("two groups stay signed, and no events give no answer", {
  two <- droplevels(colon3[colon3$rx != "Lev", ])
  x <- perm_test(Surv(time, status) ~ rx, two, "logrank")
  expect_lt(x$observed, 0)
  expect_match(x$method, "Exact")
  none <- transform(colon3, status = 0)
  expect_warning(x <- perm_test(Surv(time, status) ~ rx, none, "logrank"), class = "her2mod_warning_no_information")
  expect_true(is.na(x$p.value))
})
