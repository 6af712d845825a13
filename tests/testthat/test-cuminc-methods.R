shown <- function(...) {
  rows <- data.frame(
    time = c(1, 2, 3, 4, 1, 2, 3, 4),
    state = factor(c(1, 2, 1, 0, 2, 0, 1, 0), labels = c("alive", "relapse", "death")),
    arm = rep(c("old", "new"), each = 4), centre = rep(1:2, 4)
  )
  cumulative_incidence(Surv(time, state) ~ arm, rows, ref = "old", ...)
}

test_that("the print says groups, events, incidences, differences in words, and each test once", {
  text <- paste(format(shown(times = c(2, 3))), collapse = "\n")
  expect_match(text, "Cumulative incidence: Surv(time, state) by arm", fixed = TRUE)
  expect_match(text, "old (reference)  n = 4  relapse 2  death 1  censored 1", fixed = TRUE)
  expect_match(text, "new              n = 4  relapse 1  death 1  censored 2", fixed = TRUE)
  # At 2: one of four relapsed in the old arm, and nobody in the new one, whose variance of 0 is no certainty.
  expect_match(text, "old  at 2  25.0%", fixed = TRUE)
  expect_match(text, "new minus old  at 2  -25.0 points +\\(no interval\\) +p NA")
  expect_match(text, "Aalen-Johansen; 95% pointwise log-log intervals, Aalen's variance", fixed = TRUE)
  expect_equal(lengths(regmatches(text, gregexpr("chi-squared", text))), 2)
  expect_output(print(shown()), "Gray's test of equal incidence")
})

test_that("the print says strata, rho, and what was dropped", {
  rows <- survival::pbc
  rows$state <- factor(rows$status, 0:2)
  x <- cumulative_incidence(Surv(time, state) ~ trt | sex, rows,
    times = 9999, rho = 1, variance = "jackknife"
  )
  text <- paste(format(x), collapse = "\n")
  expect_match(text, "jackknife; tests within 2 strata; 106 rows with missing values dropped", fixed = TRUE)
  expect_match(text, "beyond follow-up", fixed = TRUE)
  expect_match(text, "rho = 1", fixed = TRUE)
  expect_equal(unique(tidy(x)$method), c("jackknife", "wald", "gray(1)"))
})

test_that("tidy and glance have their columns", {
  x <- shown(times = 2)
  expect_named(tidy(x), c(
    "term", "method", "group", "cause", "time", "estimate", "std.error", "conf.low", "conf.high",
    "statistic", "df", "p.value", "alternative"
  ))
  expect_equal(unique(tidy(x)$term), c("cumulative_incidence", "cumulative_incidence_difference", "test"))
  expect_identical(as.data.frame(x), tidy(x))
  expect_named(tidy(x, "curves"), c(
    "group", "cause", "time", "n.risk", "n.event", "n.censor", "estimate", "std.error", "conf.low", "conf.high"
  ))
  expect_equal(unlist(glance(x)[c("n", "events", "causes", "strata")], use.names = FALSE), c(8, 5, 2, 1))
  expect_error(tidy(x, "all"), class = "her2mod_error_input")
})

test_that("a group that starts late is named as the print names it", {
  late <- data.frame(from = c(0, 0, 1, 1, 1), t = c(2, 3, 4, 5, 6), e = c(1, 0, 1, 1, 0), g = c(0, 0, 1, 1, 1))
  expect_warning(x <- cumulative_incidence(Surv(from, t, e) ~ g, late), "Nobody in g 1", class = "her2mod_warning_degenerate")
  expect_match(format(x), "Nobody in g 1 is at risk at time 0", all = FALSE)
})
