# Claims of Ma 2025 (doi:10.4143/crt.2024.1200) and Zhang 2026 (doi:10.3389/fonc.2026.1799768), and what is refused.

ma <- function(claim, margin = 0.1, ...) check_claim(claim, c(single = 6, dual = 13), c(49, 68), margin = margin, ...)

test_that("dual against single in 2+/ISH+ is inconclusive: from -7 to +20 points", {
  found <- ma("no improvement")
  expect_identical(found$verdict, "inconclusive")
  newcombe <- tidy(found)
  newcombe <- newcombe[newcombe$method == "newcombe", ]
  # Newcombe (1998), method 10, by hand from Wilson's limits
  wilson <- function(x, n) stats::prop.test(x, n, correct = FALSE)$conf.int
  l0 <- wilson(6, 49)
  l1 <- wilson(13, 68)
  d <- 13 / 68 - 6 / 49
  expect_equal(newcombe$conf.low, d - sqrt((13 / 68 - l1[[1]])^2 + (l0[[2]] - 6 / 49)^2), tolerance = 1e-9)
  expect_identical(round(100 * c(newcombe$conf.low, newcombe$conf.high)), c(-7, 20))
  for (claim in c("improvement", "no difference")) expect_identical(ma(claim)$verdict, "inconclusive")
  # With a margin that the interval excludes it is supported.
  expect_identical(ma("no improvement", 0.25)$verdict, "supported")
})

test_that("therapies in the other order, or the other outcome, have the same verdict", {
  for (counts in list(c(6, 13), c(2, 40), c(20, 22), c(30, 3))) {
    for (margin in c(0.05, 0.15, 0.3)) {
      for (claim in claims_known[1:3]) {
        one <- check_claim(claim, counts, c(49, 68), margin = margin)
        swapped <- check_claim(claim, rev(counts), c(68, 49), margin = margin, better = "lower")
        other <- check_claim(claim, c(49, 68) - counts, c(49, 68), margin = margin, better = "lower")
        expect_identical(swapped$verdict, one$verdict)
        expect_identical(other$verdict, one$verdict)
        expect_equal(swapped$tests$p.value, one$tests$p.value, tolerance = 1e-6)
      }
    }
  }
})

test_that("verdicts, intervals and tests agree, over all small tables", {
  for (x0 in seq(0, 20, 4)) {
    for (x1 in seq(0, 24, 3)) {
      for (margin in c(0.05, 0.2)) {
        found <- check_claim("no difference", c(x0, x1), c(20, 24), margin = margin, conf.level = 0.9)
        p <- stats::setNames(found$tests$p.value, found$tests$test)
        ends <- found$effect$intervals[1, ]
        expect_identical(ends$low > -margin, p[["non-inferior"]] < 0.05)
        expect_identical(ends$high < margin, p[["no improvement that matters"]] < 0.05)
        expect_identical(ends$low > 0 || ends$high < 0, p[["no difference"]] < 0.1)
        if (p[["equivalent"]] < 0.05) expect_identical(found$verdict, "supported")
      }
    }
  }
})

test_that("groups: interaction, shrinkage, and the group that is meant", {
  of <- function(claim, ...) check_claim(claim, cbind(pcr, n - pcr) ~ therapy * her2, data = zhang_counts(), margin = 0.1, ...)
  found <- of("differs between groups")
  expect_identical(found$verdict, "inconclusive")
  own <- of("no improvement", group = "2+ISH+")
  expect_equal(own$effect$estimate, 7 / 22 - 9 / 34)
  expect_identical(of("improvement", group = "3+")$verdict, "supported")
  expect_equal(unique(own$shrunken$prior.sd), c(0.05, 0.1, 0.2))
  expect_equal(own$interaction$p.value, pick(test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, zhang_counts()),
    "risk_difference", "score")$p.value)
  # Groups in the other order: the contrast turns, the verdict stays.
  expect_identical(of("differs between groups", ref = c(her2 = "2+ISH+"))$verdict, found$verdict)
  expect_error(of("no improvement"), "group", class = "her2mod_error_input")
  expect_error(of("no improvement", group = "1+"), class = "her2mod_error_input")
  expect_error(of("differs between groups", group = "3+"), "reference", class = "her2mod_error_input")
})

test_that("the margin is asked for", {
  expect_error(check_claim("no improvement", c(6, 13), c(49, 68)), "never guessed", class = "her2mod_error_input")
  for (bad in list(0, -0.1, 1, 10, NA, "0.1", c(0.1, 0.2))) {
    expect_error(ma("no improvement", bad), "margin", class = "her2mod_error_input")
  }
  expect_error(ma("no improvement", 10), "0.1", class = "her2mod_error_input")
  gbsg <- survival::gbsg
  expect_error(check_claim("improvement", Surv(rfstime, status) ~ hormon, data = gbsg, margin = 1),
    class = "her2mod_error_input")
})

test_that("survival claims: hazard ratios either way up, restricted means", {
  gbsg <- survival::gbsg
  of <- function(...) check_claim("improvement", Surv(rfstime, status) ~ hormon, data = gbsg, ...)
  down <- of(margin = 0.8)
  up <- of(margin = 1 / 0.8)
  expect_equal(down$tests, up$tests, tolerance = 1e-12)
  expect_identical(down$verdict, "supported")
  # In the other direction the hazard ratio is above 1, and better = "higher" makes that good again.
  turned <- of(margin = 0.8, ref = "1", better = "higher")
  expect_identical(turned$verdict, "supported")
  means <- of(effect = "rmst_difference", tau = 1500, margin = 60)
  expect_identical(means$verdict, "supported")
  expect_identical(glance(means)$measure, "rmst_difference")
})

test_that("what does not fit is refused", {
  expect_error(check_claim("better", c(6, 13), c(49, 68), margin = 0.1), "claim", class = "her2mod_error_input")
  expect_error(check_claim(x = c(6, 13), n = c(49, 68), margin = 0.1), "claim", class = "her2mod_error_input")
  expect_error(ma("differs between groups"), "groups", class = "her2mod_error_input")
  expect_error(ma("improvement", group = "3+"), "group", class = "her2mod_error_input")
  expect_error(ma("improvement", effect = "hazard_ratio"), "effect", class = "her2mod_error_input")
  expect_error(check_claim("improvement", y ~ therapy, n = 5, data = data.frame(y = 1, therapy = 1), margin = 0.1),
    "formula", class = "her2mod_error_input")
  expect_error(ma("improvement", data = data.frame(a = 1)), "formula", class = "her2mod_error_input")
  expect_error(ma("improvement", weights = c(1, 2)), "formula", class = "her2mod_error_input")
  expect_error(ma("improvement", tau = 3), "restricted means", class = "her2mod_error_input")
  expect_error(check_claim("improvement", c(6, 50), c(49, 40), margin = 0.1), class = "her2mod_error_input")
})
