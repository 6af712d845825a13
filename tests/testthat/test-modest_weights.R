# A t* that says nothing is told. By hand: events at 2, 4, 6 of a, 4, 7 of b; censored at 5 and at 9.
few <- data.frame(
  time = c(2, 4, 6, 5, 4, 7, 9), status = c(1, 1, 1, 0, 1, 1, 0), g = rep(c("a", "b"), c(4, 3))
)
row_of <- function(x, method) tidy(x)[tidy(x)$method %in% method, c("estimate", "std.error", "statistic", "p.value")]

test_that("between the first event and the last but one t* is used without a word", {
  for (t in c(2, 3, 4, 6)) {
    expect_no_warning(x <- compare_survival(Surv(time, status) ~ g, few, t_star = t))
    expect_false(any(grepl("t_star", format(x))))
  }
  # S = 1, 6/7, 4/7, 8/21 before 2, 4, 6, 7. At 2: U = 0 - 3/7; at 4 of 6 (3 of b) two die: 1 - 2 * 3/6; at 6 of 3 (2 of b) one:
  # 0 - 2/3; at 7 nobody of a is left. With t* = 2 no weight is above 1/S(2) = 7/6, with t* = 4 none above 7/4.
  score <- function(t) row_of(compare_survival(Surv(time, status) ~ g, few, t_star = t), paste0("modest(", t, ")"))$estimate
  expect_equal(score(2), -3 / 7 - 7 / 6 * 2 / 3, tolerance = 1e-12)
  expect_equal(score(4), -3 / 7 - 7 / 4 * 2 / 3, tolerance = 1e-12)
})

test_that("before the first event it is the log-rank test", {
  expect_warning(x <- compare_survival(Surv(time, status) ~ g, few, t_star = 1.5),
    "before the first event (at 2)", fixed = TRUE, class = "her2mod_warning_t_star"
  )
  expect_equal(row_of(x, "modest(1.5)"), row_of(x, "logrank"), ignore_attr = TRUE)
  # by hand: the scores above, each of weight 1
  expect_equal(row_of(x, "modest(1.5)")$estimate, -3 / 7 - 2 / 3, tolerance = 1e-12)
  expect_true(any(grepl("t_star = 1.5 is before the first event (at 2)", format(x), fixed = TRUE)))
  # 0.3 is not before 0.1 + 0.2
  tenths <- transform(few, time = time * 0.1 + 0.1)
  tenths$time[[1]] <- 0.1 + 0.2
  expect_no_warning(compare_survival(Surv(time, status) ~ g, tenths, t_star = 0.3))
})

test_that("after the last event but one it is 1/S(t-), and the figures are told", {
  # by hand: nobody of a is at risk at 7, so the weight there does not count, and t* = 4 gives the same
  last <- row_of(compare_survival(Surv(time, status) ~ g, few, t_star = 6), "modest(6)")
  for (t in c(6.5, 7, 8, 9, 1000)) {
    expect_warning(x <- compare_survival(Surv(time, status) ~ g, few, t_star = t), class = "her2mod_warning_t_star")
    expect_equal(row_of(x, paste0("modest(", t, ")")), last, ignore_attr = TRUE)
  }
  expect_equal(last$estimate, -3 / 7 - 7 / 4 * 2 / 3, tolerance = 1e-12)
  note <- grep("t_star = 1000", format(x), value = TRUE)
  expect_match(note, "from 6 on (the last event time but one)", fixed = TRUE)
  expect_match(note, "The last event is at 7, follow-up ends at 9.", fixed = TRUE)
  warned <- expect_warning(compare_survival(Surv(time, status) ~ g, few, t_star = 1000), class = "her2mod_warning_t_star")
  expect_identical(warned$t_star, 1000)
})

test_that("with strata each has its own weights", {
  # s has events at 1 and 3 (from 1 on t* says no more), t at 5, 6, 8 (from 6 on)
  d <- data.frame(
    time = c(1, 3, 4, 5, 6, 8, 9, 10), status = c(1, 1, 0, 1, 1, 1, 0, 0), g = rep(c("a", "b"), 4),
    site = rep(c("s", "t"), c(3, 5))
  )
  said <- function(t) compare_survival(Surv(time, status) ~ g | site, d, t_star = t)
  expect_warning(said(0.5), "before the first event of every stratum", class = "her2mod_warning_t_star")
  for (t in c(1, 2, 4.5, 6)) expect_no_warning(said(t))
  expect_warning(said(6.5), "from 6 on", class = "her2mod_warning_t_star")
  # one event in each: weights of 1
  alone <- data.frame(time = c(2, 3, 5, 6), status = c(1, 0, 1, 0), g = c("a", "b", "b", "a"), site = c("s", "s", "t", "t"))
  expect_warning(x <- compare_survival(Surv(time, status) ~ g | site, alone, t_star = 4),
    "All events are at one time, within each stratum", class = "her2mod_warning_t_star"
  )
  expect_equal(row_of(x, "modest(4)"), row_of(x, "logrank"), ignore_attr = TRUE)
})

test_that("resampling says the same", {
  late <- stat_logrank("modest", t_star = 40)
  expect_warning(x <- perm_test(Surv(time, status) ~ g, few, late), "from 6 on", class = "her2mod_warning_t_star")
  expect_equal(x$p.value, perm_test(Surv(time, status) ~ g, few, stat_logrank("modest", t_star = 6))$p.value)
  early <- stat_logrank("modest", t_star = 1)
  expect_warning(x <- perm_test(Surv(time, status) ~ g, few, early), "at 2", class = "her2mod_warning_t_star")
  expect_equal(x$p.value, perm_test(Surv(time, status) ~ g, few, "logrank")$p.value)
  suppressWarnings(expect_warning(
    boot_ci(Surv(time, status) ~ g, few, late, type = "perc", R = 99, seed = 1), class = "her2mod_warning_t_star"
  ))
  few$dfs <- with(few, Surv(time, status))
  expect_warning(westfall_young(few, "dfs", "g", late, R = 99, seed = 1), class = "her2mod_warning_t_star")
  expect_no_warning(perm_test(Surv(time, status) ~ g, few, "logrank"))
  several <- transform(few, g = c("a", "b", "c", "a", "b", "c", "a"))
  expect_warning(perm_test(Surv(time, status) ~ g, several, late), "from 6 on", class = "her2mod_warning_t_star")
})

test_that("where nobody has an event that is what is told", {
  none <- transform(few, status = 0)
  expect_warning(x <- compare_survival(Surv(time, status) ~ g, none, t_star = 100), class = "her2mod_warning_degenerate")
  expect_false(any(grepl("t_star", format(x))))
  # one sample has no test
  expect_no_warning(compare_survival(Surv(time, status) ~ 1, few, t_star = 100))
})
