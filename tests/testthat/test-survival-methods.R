# What a `her2_survival` prints and gives.

test_that("tidy() has one row an estimate, and the columns that are promised", {
  x <- compare_survival(Surv(time, status) ~ arm, remission, times = c(10, 20))
  rows <- tidy(x)
  expect_identical(names(rows), c(
    "term", "method", "group", "time", "estimate", "std.error", "conf.low", "conf.high", "statistic", "df", "p.value",
    "alternative"
  ))
  expect_identical(as.vector(table(rows$term)[c(
    "survival", "median", "rmst", "log_hazard_ratio", "rmst_difference", "rmst_ratio", "survival_difference", "test"
  )]), c(4L, 2L, 2L, 1L, 1L, 1L, 2L, 9L))
  expect_identical(rows$method[rows$term == "test"], c(
    "logrank", "gehan", "tarone-ware", "peto-peto", "modified peto-peto", "fh(0,1)", "fh(1,0)", "fh(1,1)", "maxcombo"
  ))
  expect_identical(as.data.frame(x), rows)
  expect_identical(summary(x), x)
  curves <- tidy(x, "curves")
  expect_identical(names(curves), c(
    "group", "time", "n.risk", "n.event", "n.censor", "estimate", "std.error", "conf.low", "conf.high",
    "cumulative_hazard", "cumulative_hazard_error"
  ))
  expect_identical(glance(x)[c("reference", "other", "n", "events")],
    data.frame(reference = "6-MP", other = "placebo", n = 42, events = 30)
  )
})

test_that("coef(), confint() and nobs() are those of the effects", {
  x <- compare_survival(Surv(time, status) ~ arm, remission, times = c(10, 20))
  rows <- tidy(x)
  names <- c("log_hazard_ratio", "rmst_difference", "rmst_ratio", "survival_difference(10)", "survival_difference(20)")
  effects <- rows[rows$term %in% sub("\\(.*", "", names), ]
  expect_identical(coef(x), stats::setNames(effects$estimate, names))
  expect_equal(unname(confint(x)), unname(as.matrix(effects[c("conf.low", "conf.high")])))
  expect_identical(dimnames(confint(x)), list(names, c("2.5 %", "97.5 %")))
  expect_identical(nobs(x), 30)
  # another level is that of another call
  y <- compare_survival(Surv(time, status) ~ arm, remission, times = c(10, 20), conf.level = 0.8)
  expect_equal(confint(x, level = 0.8), confint(y), tolerance = 1e-12)
  # hazard ratio: coxph's
  cox <- survival::coxph(survival::Surv(time, status) ~ arm, remission)
  expect_equal(unname(confint(x, "log_hazard_ratio", level = 0.9)), unname(confint(cox, level = 0.9)), tolerance = 1e-7)
  expect_error(confint(x, "hazard"), class = "her2mod_error_input")
  expect_error(confint(x, level = 2), class = "her2mod_error_input")
  expect_error(coef(x, what = 1), class = "her2mod_error_input")
  one <- compare_survival(Surv(time, status) ~ 1, remission, times = 10)
  wide <- compare_survival(Surv(time, status) ~ 1, remission, times = 10, conf.level = 0.99)
  expect_identical(names(coef(one)), c("survival(10)", "median", "rmst"))
  expect_equal(confint(one, level = 0.99), confint(wide), tolerance = 1e-12)
  three <- compare_survival(Surv(time, status) ~ celltype, survival::veteran)
  expect_true("log_hazard_ratio:adeno" %in% names(coef(three)))
})

test_that("quantile() knows no other arguments", {
  x <- compare_survival(Surv(time, status) ~ arm, remission)
  expect_error(quantile(x, 0.5, conf.int = FALSE), class = "her2mod_error_input")
  expect_error(quantile(x, numeric()), class = "her2mod_error_input")
  expect_error(quantile(x, 1.5), class = "her2mod_error_input")
})

test_that("the print says groups, directions, units, each test once", {
  x <- compare_survival(Surv(time, status) ~ arm, remission, times = 10)
  text <- format(x)
  has <- function(pattern) expect_true(any(grepl(pattern, text)), info = pattern)
  has("6-MP \\(reference\\) +n = 21 +events 9 +median follow-up 25.00 +median survival 23.00 +\\(13.00 to not reached\\)")
  has("placebo +n = 21 +events 21 +median follow-up not reached +median survival 8.000 +\\(4.000 to 11.00\\)")
  has("hazard ratio +placebo over 6-MP +4.817 +\\(2.147 to 10.81\\)")
  has("RMST difference +placebo minus 6-MP +-9.243")
  has("above 0 if placebo has more events than expected")
  has("logrank +score 10.25 +chi-squared 16.79 +df 1 +p < 0.0001")
  has("maxcombo: logrank +largest \\|Z\\| 4.098 +p = 0.000110")
  has("tau = 23")
  expect_length(grep("logrank +score", text), 1)
  expect_output(print(x), "Survival: Surv\\(time, status\\) by arm")
  one <- format(compare_survival(Surv(time, status) ~ 1, remission))
  expect_false(any(grepl("hazard ratio|logrank", one)))
  strata <- compare_survival(Surv(time, status) ~ g | block, survival_sets()$veteran)
  expect_true(any(grepl("tests and hazard ratio within 4 strata, all else without them", format(strata))))
})

test_that("each effect has its test: a hazard ratio Wald's, whatever the log-rank test says", {
  # All at one time: survival 3.5's coxph() has z -1.750793776, p .0800, its survdiff() p .0404.
  tied <- data.frame(t = 5, s = c(1, 0, 1, 1, 1, 0, 1, 0), g = rep(c("a", "b"), 4))
  x <- compare_survival(Surv(t, s) ~ g, tied)
  expect_match(grep("hazard ratio", format(x), value = TRUE), "0.1352 +\\(0.01438 to 1.270\\) +Wald p = 0.0800$")
  expect_match(grep("logrank +score", format(x), value = TRUE), "p = 0.0404$")
  only_b <- data.frame(t = 1:6, s = rep(0:1, each = 3), g = rep(c("a", "b"), each = 3))
  infinite <- suppressWarnings(compare_survival(Surv(t, s) ~ g, only_b))
  expect_match(grep("hazard ratio +b", format(infinite), value = TRUE), "no Wald p$")
  v <- transform(survival::veteran, celltype = factor(celltype, c("large", "adeno", "smallcell", "squamous")))
  rows <- grep("hazard ratio ", format(compare_survival(Surv(time, status) ~ celltype, v)), value = TRUE)
  # the p-values of survival's coxph, as format_p() writes them
  peer <- summary(survival::coxph(survival::Surv(time, status) ~ celltype, v))$coefficients[, "Pr(>|z|)"]
  expect_identical(sub(".* (p [=<] .*)$", "\\1", rows), paste("p", format_p(unname(peer))))
  within <- format(compare_survival(Surv(time, status) ~ celltype | prior, v))
  expect_true(any(grepl("tests and hazard ratios within 2 strata", within)))
})

test_that("notes say what they speak of, and of whom by the names of the print", {
  expect_warning(
    text <- format(compare_survival(Surv(time, status) ~ trt, survival::veteran, times = c(100, 2000))), "no interval",
    class = "her2mod_warning_degenerate"
  )
  # everybody has died before 2000; nothing is amiss at 100
  note <- grep("note", text, value = TRUE)
  expect_match(note, "with one of 0: survival at 2000 (trt 1, trt 2).", fixed = TRUE)
  expect_length(note, 1)
  late <- data.frame(from = c(0, 0, 1, 1, 1), t = c(2, 3, 4, 5, 6), e = c(1, 0, 1, 1, 0), g = c(0, 0, 1, 1, 1))
  expect_warning(x <- compare_survival(Surv(from, t, e) ~ g, late, times = c(0.5, 2, 9)), "Nobody in g 1",
    class = "her2mod_warning_degenerate"
  )
  text <- format(x)
  expect_true(any(grepl("Nobody in g 1 is at risk at time 0", text)))
  expect_true(any(grepl("g 1 +at 0.5 +before its first entry", text)))
  expect_true(any(grepl("g 1 +at 9 +beyond what is known", text)))
  expect_true(any(grepl("survival difference at 9 +g 1 minus g 0 +not known +no interval +no p", text)))
})

test_that("at time 0 that all are alive is no matter of few patients; scores stand apart from groups", {
  x <- compare_survival(Surv(time, status) ~ trt, survival::veteran, times = 0)
  expect_false(any(grepl("note", format(x))))
  # of four patients one has the event at time 0
  at_once <- data.frame(t = c(0, 1, 2, 3, 1, 2, 3, 4), e = 1, g = rep(c("a", "b"), each = 4))
  text <- format(compare_survival(Surv(t, e) ~ g, at_once, times = 0))
  expect_true(any(grepl("a +at 0 +75.0%", text)))
  v <- transform(survival::veteran, dose = (seq_along(time) - 1) %% 3)
  text <- format(compare_survival(Surv(time, status) ~ dose, v, trend = c(0, 1, 5)))
  expect_true(any(grepl("trend scores: dose 0 (0), dose 1 (1), dose 2 (5);", text, fixed = TRUE)))
  expect_warning(
    x <- compare_survival(Surv(t + 1, t + 2, e) ~ 1, at_once), "Nobody is at risk at time 0",
    class = "her2mod_warning_degenerate"
  )
})

test_that("rows that stand for several patients are counted so, and the print says so", {
  d <- transform(remission, w = rep(1:2, 21))
  weighted <- format(compare_survival(Surv(time, status) ~ arm, d, weights = w))
  expect_true(any(grepl("6-MP (reference)  n = 31", weighted, fixed = TRUE)))
  expect_true(any(grepl("n counts the patients that rows stand for", weighted)))
  expect_false(any(grepl("stand for", format(compare_survival(Surv(time, status) ~ arm, d)))))
})
