sexes <- function(...) compare_proportions(aperm(UCBAdmissions, c(2, 1, 3)), outcome = "Admitted", ...)

test_that("the print says groups, strata, estimands and direction", {
  text <- paste(format(sexes()), collapse = "\n")
  for (part in c(
    "6 strata \\(Dept\\): Female against Male \\(reference\\)", "512/825 \\(62.1%\\)",
    "Mean risk difference within Dept, Female minus Male", "Common odds ratio given Dept, Female over Male",
    "Tests of no effect in any Dept", "z = 1.235", "chi-squared = 18.826  df = 5"
  )) expect_match(text, part)
  expect_output(print(sexes(methods = "cmh")), "p = 0.217")
})

test_that("many strata are counted", {
  set.seed(5)
  x <- compare_proportions(strata_array(random_strata(20, 9)), methods = "test")
  expect_match(format(x), "and 8 more", all = FALSE)
  expect_equal(nrow(tidy(x, "strata")), 20)
})

test_that("tidy, glance, coef and confint", {
  x <- sexes(methods = c("risk_difference", "odds_ratio", "cmh"))
  expect_named(tidy(x), c(
    "term", "method", "estimate", "std.error", "conf.low", "conf.high", "statistic", "df", "p.value", "alternative"
  ))
  expect_equal(glance(x)$n1, 1835)
  expect_equal(glance(x)$informative, 6)
  expect_named(coef(x), c("risk_difference", "odds_ratio"))
  expect_equal(rownames(confint(x, "sato")), "risk_difference:sato")
  narrow <- confint(x, "sato", level = 0.5)
  expect_equal(narrow, confint(sexes(conf.level = 0.5), "sato"))
  expect_equal(as.data.frame(x), tidy(x))
  expect_identical(summary(x), x)
})

test_that("the strata's own effects are those of each alone", {
  strata <- tidy(sexes(), "strata")
  alone <- tidy(compare_proportions(c(512, 89), c(825, 108), methods = c("miettinen-nurminen", "fisher-conditional")))
  difference <- alone[alone$term == "risk_difference", ]
  expect_equal(strata$risk_difference.low[[1]], difference$conf.low)
  odds <- alone[alone$method == "fisher-conditional", ]
  expect_equal(strata$odds_ratio.high[[1]], odds$conf.high)
  expect_equal(sum(strata$weight), 1)
  expect_equal(sum(strata$weight * strata$risk_difference), coef(sexes())[["risk_difference"]])
})

test_that("notes name the strata that say less", {
  tab <- array(c(0, 0, 6, 5, 3, 0, 3, 6, 6, 2, 0, 4, 2, 5, 0, 0), c(2, 2, 4))
  text <- format(compare_proportions(tab))
  expect_match(text, "No events; these contribute to the risk difference only: stratum 4", all = FALSE)
  expect_match(text, "Events only; .*: stratum 1", all = FALSE)
  expect_match(text, "No inverse-variance mean of the risk difference, risk ratio, odds ratio", all = FALSE)
})

test_that("simulated data are called so", {
  rows <- data.frame(y = c(1, 0, 1, 0), g = c("a", "b"), s = "u")
  class(rows) <- c("her2_simulated", class(rows))
  expect_match(format(compare_proportions(y ~ g | s, rows)), "simulated data", all = FALSE)
})
