# Effects against survival::coxph and survfit, survRM2's published example, and by hand.

test_that("hazard ratios are coxph's, of two groups and three, within strata, with delayed entry", {
  for (d in survival_sets()) {
    for (strata in c(FALSE, TRUE)) {
      d$g <- factor(d$g)
      fit <- if (strata) {
        survival::coxph(Surv(time, status) ~ g + strata(block), d, eps = 1e-11, toler.chol = 1e-12)
      } else {
        survival::coxph(Surv(time, status) ~ g, d, eps = 1e-11, toler.chol = 1e-12)
      }
      if (!strata) d$block <- factor(1)
      x <- compare_survival(Surv(time, status) ~ g, d, strata = block)
      expect_equal(estimate_of(x, "log_hazard_ratio"), unname(stats::coef(fit)), tolerance = 1e-8)
      expect_equal(estimate_of(x, "log_hazard_ratio", "std.error"), sqrt(unname(diag(fit$var))), tolerance = 1e-8)
      limits <- unname(stats::confint(fit))
      expect_equal(estimate_of(x, "log_hazard_ratio", "conf.low"), limits[, 1], tolerance = 1e-7)
      expect_equal(estimate_of(x, "log_hazard_ratio", "conf.high"), limits[, 2], tolerance = 1e-7)
      expect_equal(estimate_of(x, "log_hazard_ratio", "p.value"),
        unname(summary(fit)$coefficients[, "Pr(>|z|)"]), tolerance = 1e-7
      )
    }
  }
  heart <- survival::heart
  fit <- survival::coxph(Surv(start, stop, event) ~ transplant, heart, eps = 1e-11, toler.chol = 1e-12)
  x <- suppressWarnings(compare_survival(Surv(start, stop, event) ~ transplant, heart))
  expect_equal(estimate_of(x, "log_hazard_ratio"), unname(stats::coef(fit)), tolerance = 1e-8)
})

test_that("restricted means are survfit's, and their effects the delta method's", {
  for (d in survival_sets()[c("lung", "veteran", "gbsg", "colon")]) {
    tau <- 365
    x <- compare_survival(Surv(time, status) ~ g, d, tau = tau)
    fit <- survival::survfit(Surv(time, status) ~ g, d)
    peer <- summary(fit, rmean = tau)$table
    expect_equal(estimate_of(x, "rmst"), unname(peer[, "rmean"]), tolerance = 1e-10)
    expect_equal(estimate_of(x, "rmst", "std.error"), unname(peer[, "se(rmean)"]), tolerance = 1e-10)
    m <- unname(peer[, "rmean"])
    se <- unname(peer[, "se(rmean)"])
    expect_equal(estimate_of(x, "rmst_difference"), m[-1] - m[1], tolerance = 1e-9)
    expect_equal(estimate_of(x, "rmst_difference", "std.error"), sqrt(se[-1]^2 + se[1]^2), tolerance = 1e-9)
    expect_equal(estimate_of(x, "rmst_ratio"), m[-1] / m[1], tolerance = 1e-9)
    expect_equal(estimate_of(x, "rmst_ratio", "std.error"),
      sqrt((se[-1] / m[-1])^2 + (se[1] / m[1])^2), tolerance = 1e-9
    )
  }
})

test_that("survRM2's example: pbc, tau = 10 years", {
  # printed by survRM2's vignette (Uno and others), arm 1 against arm 0
  d <- survival::pbc[1:312, ]
  d$years <- d$time / 365.25
  d$arm <- factor(ifelse(d$trt == 1, "1", "0"))
  x <- compare_survival(Surv(years, status == 2) ~ arm, d, tau = 10)
  printed <- function(value, expected) expect_lt(max(abs(value - expected)), 0.00051)
  printed(estimate_of(x, "rmst"), c(7.283, 7.146))
  printed(estimate_of(x, "rmst", "std.error"), c(0.295, 0.283))
  printed(unlist(tidy(x)[tidy(x)$term == "rmst_difference", c("estimate", "conf.low", "conf.high")]), c(-0.137, -0.939, 0.665))
  printed(estimate_of(x, "rmst_difference", "p.value"), 0.738)
  printed(unlist(tidy(x)[tidy(x)$term == "rmst_ratio", c("estimate", "conf.low", "conf.high")]), c(0.981, 0.878, 1.096))
})

test_that("survival differences are Wald's with Greenwood's errors", {
  d <- survival_sets()$gbsg
  times <- c(365, 1000)
  x <- compare_survival(Surv(time, status) ~ g, d, times = times)
  s <- summary(survival::survfit(Surv(time, status) ~ g, d), times = times)
  difference <- s$surv[3:4] - s$surv[1:2]
  se <- sqrt(s$std.err[3:4]^2 + s$std.err[1:2]^2)
  expect_equal(estimate_of(x, "survival_difference"), difference, tolerance = 1e-12)
  expect_equal(estimate_of(x, "survival_difference", "std.error"), se, tolerance = 1e-12)
  expect_equal(estimate_of(x, "survival_difference", "conf.low"), difference - stats::qnorm(0.975) * se, tolerance = 1e-12)
  expect_equal(estimate_of(x, "survival_difference", "p.value"), 2 * stats::pnorm(-abs(difference / se)), tolerance = 1e-10)
})

test_that("a group without events: an infinite ratio is said, and a warning", {
  d <- transform(remission, status = ifelse(arm == "placebo", 0, status))
  expect_warning(x <- compare_survival(Surv(time, status) ~ arm, d), class = "her2mod_warning_degenerate")
  expect_identical(estimate_of(x, "log_hazard_ratio"), -Inf)
  expect_true(is.na(estimate_of(x, "log_hazard_ratio", "conf.low")))
  expect_true(any(grepl("monotone", format(x))))
  expect_true(any(grepl("No event in placebo", format(x))))
  # RMST of a group without events is tau, with no error
  expect_identical(estimate_of(x, "rmst", group = "placebo"), 23)
  expect_identical(estimate_of(x, "rmst", "std.error", group = "placebo"), 0)
  three <- transform(survival_sets()$colon, status = ifelse(g == "Lev", 0, status))
  expect_warning(x <- compare_survival(Surv(time, status) ~ g, three), class = "her2mod_warning_degenerate")
  expect_identical(estimate_of(x, "log_hazard_ratio", group = "Lev"), -Inf)
  expect_true(is.finite(estimate_of(x, "log_hazard_ratio", group = "Lev+5FU")))
})

test_that("tau: the default, beyond a last event, and not beyond a censored end", {
  x <- compare_survival(Surv(time, status) ~ arm, remission)
  expect_identical(glance(x)$tau, 23)
  # placebo's last patient had the event at 23: its curve is known to be 0 from there on
  long <- compare_survival(Surv(time, status) ~ arm, remission, tau = 35)
  expect_equal(estimate_of(long, "rmst", group = "placebo"), mean(remission$time[22:42]), tolerance = 1e-12)
  # the shared collection's reference (rmst:6MP)
  x <- compare_survival(Surv(time, status) ~ arm, remission, tau = 20)
  expect_equal(estimate_of(x, "rmst"), c(16.116526611, 8.428571429), tolerance = 1e-9)
  expect_equal(estimate_of(x, "rmst", "std.error"), c(1.251560196, 1.268082683), tolerance = 1e-9)
  expect_equal(estimate_of(x, "rmst_difference"), -7.687955182, tolerance = 1e-9)
  error <- expect_error(compare_survival(Surv(time, status) ~ arm, remission, tau = 36), class = "her2mod_error_input")
  expect_identical(error$largest, 35)
  expect_match(conditionMessage(error), "35")
})

test_that("a curve that starts late has no restricted mean, and is not compared before it starts", {
  d <- data.frame(
    s = rep(c(0, 5), each = 4), t = c(1, 2, 3, 9, 6, 7, 8, 9), e = c(1, 1, 1, 0, 1, 1, 0, 0), g = rep(c("a", "b"), each = 4)
  )
  expect_warning(
    x <- compare_survival(Surv(s, t, e) ~ g, d, tau = 4, times = c(4, 7)), class = "her2mod_warning_degenerate"
  )
  expect_true(is.na(estimate_of(x, "rmst", group = "b")))
  expect_true(is.na(estimate_of(x, "rmst_difference")) && is.na(estimate_of(x, "rmst_difference", "p.value")))
  expect_identical(is.na(estimate_of(x, "survival_difference")), c(TRUE, FALSE))
  # by hand: at 7 a has 1/4 of its patients, b 2 of 4
  expect_equal(estimate_of(x, "survival_difference", time = 7), 0.25, tolerance = 1e-14)
  # at risk just before 4: one of a, nobody of b yet
  expect_true(any(grepl("^  a +at 4 .* at risk 1$", format(x))) && any(grepl("^  b +at 4 .* at risk 0$", format(x))))
  for (statistic in list(stat_rmst_difference(4), stat_survival_difference(7))) {
    expect_error(boot_ci(Surv(s, t, e) ~ g, d, statistic, R = 9), class = "her2mod_error_data")
    expect_error(perm_test(Surv(s, t, e) ~ g, d, statistic, R = 9), class = "her2mod_error_data")
  }
})

test_that("a standard error of 0 by too few events is said", {
  set.seed(1)
  d <- data.frame(t = c(rexp(20, 0.1), 2), e = 1, g = rep(c("a", "b"), c(20, 1)))
  expect_warning(x <- compare_survival(Surv(t, e) ~ g, d, tau = 10), "perm_test", class = "her2mod_warning_degenerate")
  expect_true(any(grepl("with one of 0: restricted mean (b).", format(x), fixed = TRUE)))
  expect_true(is.na(estimate_of(x, "rmst_difference", "conf.low")))
  expect_false(any(grepl("standard error of 0", format(compare_survival(Surv(time, status) ~ arm, remission)))))
})

test_that("times are those of the data where they differ by rounding alone", {
  third <- 0.1 + 0.2
  d <- data.frame(t = c(third, third, 0.5, 0.6, 0.1, third, 0.7, 0.9), e = c(1, 1, 1, 0, 1, 0, 1, 0), g = rep(c("a", "b"), each = 4))
  x <- compare_survival(Surv(t, e) ~ g, d, times = 0.3)
  # by hand: 2 of 4 and 3 of 4 are left
  expect_equal(estimate_of(x, "survival"), c(0.5, 0.75), tolerance = 1e-14)
  # nobody of the first group has the event before 0.3
  expect_warning(early <- compare_survival(Surv(t, e) ~ g, d, tau = 0.3), class = "her2mod_warning_degenerate")
  expect_identical(glance(early)$tau, third)
  incidence <- tidy(cumulative_incidence(Surv(t, e) ~ g, d, times = 0.3))
  expect_equal(incidence$estimate[incidence$term == "cumulative_incidence"], c(0.5, 0.25), tolerance = 1e-14)
})

# --- groups that are never at risk together -------------------------------------------------------------------

test_that("a hazard ratio of groups that no event finds at risk together is unknown; df is the rank", {
  lung <- survival::lung
  d <- data.frame(time = lung$time, e = as.integer(lung$status == 2), g = ifelse(lung$ph.karno < 80, "low", "high"))
  d <- rbind(d[!is.na(d$g), ], data.frame(time = 1, e = 0, g = rep("early", 4)))
  d$g <- factor(d$g, c("early", "high", "low"))
  expect_warning(x <- compare_survival(Surv(time, e) ~ g, d), "at risk together", class = "her2mod_warning_degenerate")
  hazard <- x$estimates[x$estimates$term == "log_hazard_ratio", ]
  expect_true(all(is.na(unlist(hazard[c("estimate", "std.error", "conf.low", "p.value")]))))
  peer <- survival::survdiff(survival::Surv(time, e) ~ g, d)
  own <- x$estimates[x$estimates$method == "logrank", ]
  expect_equal(own$statistic, peer$chisq, tolerance = 1e-8)
  expect_equal(own$df, sum(peer$exp > 0) - 1)
  # The other way round the two that meet are compared, and only the early ones are unknown.
  expect_warning(x <- compare_survival(Surv(time, e) ~ g, d, ref = "high"), class = "her2mod_warning_degenerate")
  hazard <- x$estimates[x$estimates$term == "log_hazard_ratio", ]
  fit <- survival::coxph(survival::Surv(time, e) ~ g, droplevels(d[d$g != "early", ]))
  expect_equal(hazard$estimate[hazard$group == "low"], stats::coef(fit)[["glow"]], tolerance = 1e-8)
  expect_true(is.na(hazard$estimate[hazard$group == "early"]))
})

test_that("within strata that keep groups apart, chi-squared is the sum of the strata's", {
  v <- survival::veteran
  v$site <- ifelse(v$celltype %in% c("squamous", "smallcell"), 1, 2)
  expect_warning(x <- compare_survival(Surv(time, status) ~ celltype, v, strata = site), "adeno, large",
    class = "her2mod_warning_degenerate")
  hazard <- x$estimates[x$estimates$term == "log_hazard_ratio", ]
  expect_identical(is.na(hazard$estimate), c(FALSE, TRUE, TRUE))
  of_site <- function(k) survival::survdiff(survival::Surv(time, status) ~ celltype, droplevels(v[v$site == k, ]))$chisq
  own <- x$estimates[x$estimates$method == "logrank", ]
  expect_equal(c(own$statistic, own$df), c(of_site(1) + of_site(2), 2), tolerance = 1e-8)
})

test_that("a standard error of 0 gives no interval and no p", {
  d <- data.frame(t = c(1, 2, 3, 4, 10, 10, 10, 10), e = rep(1:0, each = 4), g = rep(c("a", "b"), each = 4))
  x <- suppressWarnings(compare_survival(Surv(t, e) ~ g, d, times = 5, tau = 10))
  difference <- x$estimates[x$estimates$term == "survival_difference", ]
  expect_equal(difference$estimate, 1)
  expect_true(all(is.na(difference[c("conf.low", "conf.high", "statistic", "p.value")])))
  expect_false(any(x$estimates$p.value %in% 0))
  d$e <- 0
  x <- suppressWarnings(compare_survival(Surv(t, e) ~ g, d))
  expect_true(all(is.na(x$estimates$conf.low[x$estimates$term == "rmst_difference"])))
})

test_that("a group without events by then leaves differences and ratios without interval and p-value", {
  # 0 of 6 against 10 of 30
  d <- data.frame(
    t = c(1:6 / 2 + 3, 1:30 / 5), e = rep(c(0, 1, 0), c(6, 10, 20)), g = rep(c("few", "many"), c(6, 30))
  )
  expect_warning(x <- compare_survival(Surv(t, e) ~ g, d, times = c(0, 1), tau = 6), "stat_rmst_difference(6)",
    fixed = TRUE, class = "her2mod_warning_degenerate")
  means <- summary(survival::survfit(Surv(t, e) ~ g, d), rmean = 6)$table[, "rmean"]
  expect_equal(estimate_of(x, "rmst_difference"), unname(diff(means)), tolerance = 1e-10)
  expect_equal(estimate_of(x, "rmst_ratio"), unname(means[[2]] / means[[1]]), tolerance = 1e-10)
  # by hand: at 1, five of 30 have had the event
  expect_equal(estimate_of(x, "survival_difference", time = 1), -1 / 6, tolerance = 1e-12)
  for (term in c("rmst_difference", "rmst_ratio", "survival_difference")) {
    for (column in c("std.error", "conf.low", "conf.high", "p.value")) expect_true(all(is.na(estimate_of(x, term, column))))
  }
  expect_true(all(is.na(confint(x, level = 0.9)[c("rmst_difference", "survival_difference(1)"), ])))
  # The same where the events of the group come after tau, or where it falls to 0 at once.
  late <- transform(d, e = ifelse(g == "few" & t == 6, 1, e))
  x <- suppressWarnings(compare_survival(Surv(t, e) ~ g, late, tau = 5))
  expect_true(is.na(estimate_of(x, "rmst_difference", "p.value")))
  at_once <- transform(d, t = ifelse(g == "few", 3, t), e = ifelse(g == "few", 1, e))
  x <- suppressWarnings(compare_survival(Surv(t, e) ~ g, at_once, tau = 6, times = 4))
  expect_true(is.na(estimate_of(x, "rmst_difference", "p.value")) && is.na(estimate_of(x, "survival_difference", "p.value")))
})

test_that("equal restricted means differ by 0, not by rounding", {
  d <- data.frame(t = c(seq(0.1, 6.3, length.out = 25), 0.7 * 1:9), e = 0, g = rep(c("a", "b"), c(25, 9)))
  x <- suppressWarnings(compare_survival(Surv(t, e) ~ g, d, tau = 6.3))
  expect_identical(c(estimate_of(x, "rmst_difference"), estimate_of(x, "rmst_ratio")), c(0, 1))
})

test_that("of two of three groups without events the hazard ratio is not known", {
  d <- data.frame(t = rep(1:10, 3), e = rep(c(0, 0, 1), each = 10), g = rep(c("a", "b", "c"), each = 10))
  x <- suppressWarnings(compare_survival(Surv(t, e) ~ g, d))
  expect_identical(estimate_of(x, "log_hazard_ratio"), c(NA, Inf))
  # against the one with events both are below all bounds
  x <- suppressWarnings(compare_survival(Surv(t, e) ~ g, d, ref = "c"))
  expect_identical(estimate_of(x, "log_hazard_ratio"), c(-Inf, -Inf))
})

test_that("rows that are parts of patients are seen, late entries of patients are not", {
  lung <- survival::lung
  lung$event <- as.integer(lung$status == 2)
  Surv <- survival::Surv
  parts <- survival::survSplit(Surv(time, event) ~ sex, lung, cut = c(100, 200), start = "from", event = "ev")
  expect_warning(x <- compare_survival(Surv(from, time, ev) ~ sex, parts, times = 0), class = "her2mod_warning_split_rows")
  expect_true(all(is.na(x$follow_up)))
  expect_identical(at_risk_at(x, 1, 0), sum(lung$sex == 1) + 0)
  expect_true(any(grepl("rows: .*median follow-up not known", format(x))))
  whole <- compare_survival(Surv(time, event) ~ sex, lung)
  expect_equal(x$estimates$statistic[x$estimates$method == "logrank"],
    whole$estimates$statistic[whole$estimates$method == "logrank"], tolerance = 1e-10)
  # One end in 50 times up to 5: .02 at each.
  expect_true(looks_split(c(0, 5, 0, 0), c(5, 9, 7.1, 7.2), c(0, 1, 0, 0)))
  expect_false(looks_split(c(0, 5, 5, 0), c(5, 9, 7.1, 7.2), c(0, 1, 0, 0)))
  # One in 2.5 times, .33: it may be chance.
  expect_false(looks_split(c(0, 5, 0), c(5, 9, 7), c(0, 1, 0)))
  # An event there: events that recur are told where chance is below .01.
  expect_false(looks_split(c(0, 5, 0, 0), c(5, 9, 7.1, 7.2), c(1, 1, 0, 0)))
  expect_false(looks_split(c(0, 0), c(5, 9), c(1, 0)))
})

test_that("a hazard ratio that a monotone likelihood leaves open is not known", {
  # As in test-cox_regression.R: l(b, c) = c - log(2 + 3 e^b + 3 e^c).
  d <- data.frame(
    t = c(2, 3, 5, 8, 3, 5, 7, 7, 3, 5, 6, 6), s = c(0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0), g = rep(c("a", "b", "c"), each = 4)
  )
  expect_warning(x <- compare_survival(Surv(t, s) ~ g, d), "that of b is left open", class = "her2mod_warning_degenerate")
  expect_identical(x$estimates$estimate[x$estimates$term == "log_hazard_ratio"], c(NA, Inf))
})

test_that("rows of events that recur are seen", {
  # ?survival::cgd: 128 patients, of whom some have several infections, in 203 rows
  cgd <- survival::cgd
  expect_warning(
    x <- compare_survival(Surv(tstart, tstop, status) ~ treat, cgd), "events that recur",
    class = "her2mod_warning_split_rows"
  )
  expect_true(all(is.na(x$follow_up)))
  expect_match(grep("placebo", format(x), value = TRUE)[[1]], "rows: 120 +events 56 +median follow-up not known")
  expect_warning(
    compare_survival(Surv(tstart, tstop, status) ~ treat, cgd, strata = hos.cat), class = "her2mod_warning_split_rows"
  )
  cox <- cox_regression(Surv(tstart, tstop, status) ~ treat + age, cgd)
  expect_match(paste(format(cox), collapse = " "), "203 rows, 76 events", fixed = TRUE)
  # a row less, and what went on after it is a late entry of its own
  expect_no_warning(compare_survival(Surv(tstart, tstop, status) ~ treat, cgd[-1, ]), class = "her2mod_warning_split_rows")
})

test_that("late entries on whole days that meet the ends of others are not taken for events that recur", {
  late <- c(3, 8, 20)
  # 1000 patients in one year: on almost every day somebody has an event
  ends <- rep(1:365, length.out = 1000)
  expect_false(looks_split(c(rep(0, 1000), late), c(ends, late + 30), rep(1, 1003)))
  # ends on 3 of the first 20 days: that three enter on such days is no chance, (1 - exp(-3/20))^3 = .003
  expect_true(looks_split(c(0, 0, 0, 0, late), c(late, 51, late + 30), rep(1, 7)))
  # a late entry in 200 patients followed for whole months: in most of them somebody is censored
  expect_false(looks_split(c(rep(0, 200), 7), c(rep(1:40, 5), 30), c(rep(0, 200), 1)))
  # but in none 20 are, other than by a cut
  expect_true(looks_split(c(rep(0, 220), rep(7, 20)), c(rep(1:40, 5), rep(7, 20), rep(30, 20)), rep(0:1, c(220, 20))))
  # of the other group they are no ends
  expect_false(looks_split(c(0, 0, 0, 0, late), c(late, 51, late + 30), rep(1, 7), rep(0:1, c(4, 3))))
})
