# What a claim's result brings beside the verdict.

test_that("TOST is the larger of two one-sided tests", {
  found <- check_claim("no difference", c(200, 205), c(400, 400), margin = 0.1)
  p <- stats::setNames(found$tests$p.value, found$tests$test)
  expect_identical(p[["equivalent"]], max(p[["non-inferior"]], p[["no improvement that matters"]]))
  expect_identical(found$verdict, "supported")
})

test_that("the detectable difference is exact where it can be, and else by the standard error", {
  found <- check_claim("no improvement", c(6, 13), c(49, 68), margin = 0.1)
  exact <- detectable_difference(c(49, 68), 6 / 49)
  expect_equal(c(found$detectable$low, found$detectable$high), exact$difference)
  large <- check_claim("no improvement", c(600, 1300), c(4900, 6800), margin = 0.1)
  error <- sqrt(600 * 4300 / 4900^3 + 1300 * 5500 / 6800^3)
  expect_equal(large$detectable$high, (stats::qnorm(0.975) + stats::qnorm(0.8)) * error)
})

test_that("a prior that is given is used, and none is made up for restricted means", {
  found <- check_claim("no improvement", cbind(pcr, n - pcr) ~ therapy * her2, data = zhang_counts(), margin = 0.1,
    group = "2+ISH+", prior.sd = 0.07)
  expect_equal(unique(found$shrunken$prior.sd), 0.07)
  gbsg <- survival::gbsg
  of <- function(...) {
    check_claim("improvement", Surv(rfstime, status) ~ hormon * meno, data = gbsg, group = 1, margin = 60, tau = 1500,
      effect = "rmst_difference", ...)
  }
  expect_null(of()$shrunken)
  expect_equal(unique(of(prior.sd = 30)$shrunken$prior.sd), 30)
})

test_that("no events, or only events, still have a verdict", {
  none <- check_claim("no difference", c(0, 0), c(100, 120), margin = 0.1)
  expect_identical(none$verdict, "supported")
  few <- check_claim("no difference", c(0, 0), c(5, 4), margin = 0.1)
  expect_identical(few$verdict, "inconclusive")
  expect_identical(check_claim("improvement", c(0, 4), c(5, 4), margin = 0.1)$verdict, "supported")
})

test_that("without an event, in both therapies or in one, a restricted mean shows nothing", {
  # nobody of 12 has an event
  d <- data.frame(g = factor(rep(c("s", "d"), each = 6), c("s", "d")), t = seq(1, 6, length = 12), s = 0)
  of <- function(claim, ...) check_claim(claim, effect = "rmst_difference", margin = 0.5, ...)
  for (claim in c("no improvement", "improvement", "no difference")) {
    expect_warning(found <- of(claim, Surv(t, s) ~ g, data = d), class = "her2mod_warning_degenerate")
    expect_identical(found$verdict, "inconclusive")
    expect_identical(found$effect$estimate, 0)
    expect_true(all(is.na(found$tests$p.value)) && is.na(found$effect$intervals$low) && is.null(found$detectable))
  }
  # 0 of 6 against 10 of 30
  some <- data.frame(
    t = c(1:6 / 2 + 3, 1:30 / 5), s = rep(c(0, 1, 0), c(6, 10, 20)), g = factor(rep(c("d", "s"), c(6, 30)), c("s", "d"))
  )
  expect_warning(found <- of("improvement", Surv(t, s) ~ g, data = some), "perm_test", class = "her2mod_warning_degenerate")
  expect_identical(found$verdict, "inconclusive")
  cohort <- simulate_cohort(60, seed = 9)
  for (group in c("HER2-mod", "HER2 3+")) {
    expect_warning(found <- of("no improvement", Surv(time, status) ~ therapy * her2, data = cohort, group = group),
      "HER2-mod", class = "her2mod_warning_degenerate")
    expect_identical(is.na(found$effect$intervals$low), group == "HER2-mod")
  }
  expect_true(any(grepl("(no interval), no p", format(found), fixed = TRUE)))
})

test_that("a hazard ratio that no event speaks of supports nothing; other groups keep their intervals", {
  cohort <- simulate_cohort(60, seed = 9)
  expect_warning(
    found <- check_claim("no improvement", Surv(time, status) ~ therapy * her2, data = cohort, group = "HER2-mod",
      margin = 0.8),
    "HER2-mod", class = "her2mod_warning_degenerate"
  )
  expect_identical(found$verdict, "inconclusive")
  expect_true(is.na(found$effect$estimate) && all(is.na(found$tests$p.value)))
  d <- survival::gbsg
  d$status[d$grade == 1] <- 0
  expect_warning(
    found <- check_claim("no improvement", Surv(rfstime, status) ~ hormon * grade, data = d, group = "2", margin = 0.8),
    class = "her2mod_warning_degenerate"
  )
  peer <- survival::coxph(survival::Surv(rfstime, status) ~ hormon:grade + grade, transform(d, grade = factor(grade)),
    subset = grade != "1")
  expect_equal(found$effect$estimate, stats::coef(peer)[["hormon:grade2"]], tolerance = 1e-6)
  expect_false(anyNA(found$effect$intervals))
  expect_warning(check_claim("improvement", Surv(rfstime, status) ~ hormon, data = transform(d, status = 0), margin = 0.8),
    class = "her2mod_warning_degenerate")
})
