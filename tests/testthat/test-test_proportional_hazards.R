# Against survival::cox.zph().

cases <- list(
  list(Surv(futime, fustat) ~ age + ecog.ps, survival::ovarian),
  list(Surv(time, status) ~ trt + celltype + karno + strata(prior), survival::veteran),
  list(Surv(start, stop, event) ~ age + year + surgery, survival::heart),
  list(Surv(rfstime, status) ~ factor(grade) * hormon + pgr, survival::gbsg)
)

test_that("tests are those of cox.zph(), by every transform and both ways to treat ties", {
  for (case in cases) {
    for (ties in c("efron", "breslow")) {
      ours <- cox_regression(case[[1]], case[[2]], ties = ties)
      theirs <- peer_cox(case[[1]], case[[2]], ties = ties)
      for (transform in c("km", "identity", "rank", "log")) {
        found <- test_proportional_hazards(ours, transform)
        known <- survival::cox.zph(theirs, transform)$table
        expect_equal(found$tests$statistic, unname(known[, "chisq"]), tolerance = 1e-8)
        expect_identical(found$tests$df, unname(known[, "df"]))
        expect_equal(found$tests$p.value, unname(known[, "p"]), tolerance = 1e-8)
        expect_identical(found$tests$group, c(rownames(known)[-nrow(known)], "global"))
      }
    }
  }
})

test_that("scaled residuals are those of cox.zph()", {
  for (case in cases[c(1, 2, 4)]) {
    found <- as.data.frame(test_proportional_hazards(cox_regression(case[[1]], case[[2]])))
    known <- survival::cox.zph(peer_cox(case[[1]], case[[2]]), terms = FALSE)
    expect_equal(found$residual, as.double(known$y), tolerance = 1e-8)
    expect_equal(found$transformed, rep(known$x, ncol(known$y)), tolerance = 1e-12)
    expect_identical(found$time, rep(known$time, ncol(known$y)))
    expect_equal(unique(found$variance), unname(diag(known$var)), tolerance = 1e-8)
  }
})

test_that("weights that are not whole are cox.zph()'s in the tests", {
  colon <- survival::colon
  ours <- cox_regression(Surv(time, status) ~ rx + sex + age, colon, weights = 0.5 + perfor)
  theirs <- peer_cox(Surv(time, status) ~ rx + sex + age, colon, weights = 0.5 + perfor)
  expect_equal(
    test_proportional_hazards(ours)$tests$statistic, unname(survival::cox.zph(theirs)$table[, "chisq"]),
    tolerance = 1e-8
  )
})

# The scale of sampling weights is nobody's business: scaled residuals are about the coefficient.
test_that("scaled residuals do not depend on the scale of sampling weights", {
  d <- survival::ovarian
  one <- test_proportional_hazards(cox_regression(Surv(futime, fustat) ~ age, d, weights = 0.5 + rx))
  two <- test_proportional_hazards(cox_regression(Surv(futime, fustat) ~ age, d, weights = 0.35 + 0.7 * rx))
  expect_equal(as.data.frame(one)$residual, as.data.frame(two)$residual, tolerance = 1e-9)
})

test_that("covariates without an estimate are left out", {
  d <- transform(survival::ovarian, double = 2 * age)
  fit <- suppressWarnings(cox_regression(Surv(futime, fustat) ~ age + double + ecog.ps, d))
  plain <- cox_regression(Surv(futime, fustat) ~ age + ecog.ps, d)
  expect_equal(tidy(test_proportional_hazards(fit)), tidy(test_proportional_hazards(plain)), tolerance = 1e-8)
})

test_that("tidy() has a row a term, and the print says what was tested", {
  test <- test_proportional_hazards(cox_regression(Surv(time, status) ~ celltype + karno, survival::veteran), "log")
  rows <- tidy(test)
  expect_named(rows, c(
    "term", "method", "group", "time", "estimate", "std.error", "conf.low", "conf.high", "statistic", "df", "p.value",
    "alternative"
  ))
  expect_identical(rows$group, c("celltype", "karno", "global"))
  expect_identical(rows$df, c(3, 1, 4))
  expect_identical(unique(rows$method), "zph-log")
  text <- format(test)
  expect_match(text, "logarithm of time", all = FALSE)
  expect_match(text, "137 patients, 128 events", all = FALSE)
  expect_match(text, "^ *global .* 4 ", all = FALSE)
})

test_that("what cannot be tested is refused", {
  d <- data.frame(time = 1:6, status = c(1, 1, 1, 0, 0, 0), x = c(1, 1, 1, 0, 0, 0))
  monotone <- suppressWarnings(cox_regression(Surv(time, status) ~ x, d))
  expect_error(test_proportional_hazards(monotone), class = "her2mod_error_data")
  expect_error(
    test_proportional_hazards(cox_regression(Surv(time, status) ~ x, d, penalty = "firth")),
    class = "her2mod_error_input"
  )
  expect_error(test_proportional_hazards(lm(time ~ x, d)), class = "her2mod_error_input")
  fit <- cox_regression(Surv(futime - 59, fustat) ~ age, survival::ovarian)
  expect_error(test_proportional_hazards(fit, "log"), class = "her2mod_error_data")
  expect_error(test_proportional_hazards(fit, "sqrt"), class = "her2mod_error_input")
})
