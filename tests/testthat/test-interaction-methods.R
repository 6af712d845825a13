# Text and tables of an interaction.

test_that("the print says the question, the scale, the direction and the numbers", {
  found <- test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, zhang_counts())
  text <- format(found)
  expect_identical(text[[1]], "Interaction: does the effect of dual against single differ by her2?")
  for (line in c(
    "3\\+ \\(reference\\) +58/92 +74/160", "in all 148/308", "Additive scale: risk difference, dual minus single",
    "Difference of differences, 2\\+ISH\\+ minus 3\\+", "Multiplicative scale: odds ratio, dual over single",
    "Ratio of ratios, 2\\+ISH\\+ over 3\\+", "score +-0.1145", "ask different questions", "no test of a difference"
  )) {
    expect_true(any(grepl(line, text)), info = line)
  }
  expect_output(print(found), "Additive scale")
})

test_that("no p-value of an effect within a group is printed", {
  text <- format(test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, zhang_counts()))
  expect_false(any(grepl("within", text) & grepl("p [=<]", text)))
})

test_that("levels that are numbers are printed with the variable's name; dropped rows and covariates are told", {
  gbsg <- survival::gbsg
  gbsg$meno[1:3] <- NA
  text <- format(test_interaction(Surv(rfstime, status) ~ hormon * meno + nodes, gbsg))
  expect_true(any(grepl("effect of hormon 1 against hormon 0 differ by meno", text)))
  expect_true(any(grepl("adjusted for nodes; 3 rows with missing values dropped", text)))
})

test_that("tidy, glance, coef and confint", {
  found <- test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, zhang_counts())
  expect_named(tidy(found), c(
    "measure", "term", "method", "group", "estimate", "std.error", "statistic", "df", "p.value", "conf.low", "conf.high",
    "alternative"
  ))
  expect_identical(as.data.frame(found), tidy(found))
  expect_identical(glance(found)$n, c(308, 308))
  expect_identical(names(coef(found)), c("risk_difference:2+ISH+", "odds_ratio:2+ISH+"))
  expect_identical(rownames(confint(found))[[1]], "risk_difference:2+ISH+:score")
  expect_error(confint(found, level = 0.9), class = "her2mod_error_input")
})

test_that("counts of 0 are explained", {
  text <- format(interaction_of(c(3, 2), c(10, 8), c(0, 5), c(9, 12), effect = "odds_ratio"))
  expect_true(any(grepl("No p-value for wald (odds ratio)", text, fixed = TRUE)))
  expect_true(any(grepl("A ratio of 0, Inf or NA in a", text)))
})

test_that("simulated data are called so", {
  counts <- zhang_counts()
  class(counts) <- c("her2_simulated", class(counts))
  expect_true(any(grepl("simulated data", format(test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, counts)))))
})
