dual <- compare_proportions(c(single = 6, dual = 13), c(49, 68))

test_that("tidy is one row a term and method, with plain columns", {
  rows <- tidy(dual)
  expect_identical(names(rows), c(
    "term", "group", "method", "estimate", "std.error", "conf.low", "conf.high", "statistic", "p.value",
    "alternative"
  ))
  expect_identical(nrow(rows), nrow(proportion_methods()))
  expect_type(rows$p.value, "double")
  expect_null(attributes(rows$p.value))
  expect_identical(rows$group[rows$term == "proportion"][1:2], c("single", "dual"))
  expect_true(all(is.na(rows$group[rows$term != "proportion"])))
  expect_true(all(is.na(rows$estimate[rows$term == "test"])))
  expect_identical(unique(rows$alternative), "two.sided")
  expect_identical(as.data.frame(dual), rows)
  expect_identical(summary(dual), dual)
})

test_that("glance is one row with the counts", {
  expect_identical(glance(dual), data.frame(
    reference = "single", other = "dual", x0 = 6, n0 = 49, x1 = 13, n1 = 68, conf.level = 0.95,
    alternative = "two.sided", n_dropped = 0
  ))
})

test_that("the print says who is compared with whom, the counts, the level and the direction", {
  lines <- format(dual)
  expect_output(
    returned <- withVisible(print(dual)), "Two proportions: dual against single (reference)",
    fixed = TRUE
  )
  expect_false(returned$visible)
  expect_identical(returned$value, dual)
  has <- function(text) expect_true(any(grepl(text, lines, fixed = TRUE)), label = text)
  has("dual against single (reference)")
  has("6/49  12.2%")
  has("13/68  19.1%")
  has("two-sided, 95% intervals")
  has("Risk difference, dual minus single")
  has("Risk ratio, dual over single")
  has("Odds ratio, dual over single")
  # Values that a reader can check: Pearson .320, Fisher .447 (DESIGN.md), difference 6.87 points.
  expect_match(lines[grepl("^  pearson", lines)], "z = 0.994 +p = 0.320$")
  expect_match(lines[grepl("^  fisher ", lines)], "p = 0.447$")
  expect_match(lines[grepl("^  newcombe ", lines)], "0.0687 +-0.0733 to 0.1956 +p = 0.322$")
  # No p is printed as 0 where it is small.
  far <- format(compare_proportions(c(a = 211, b = 19), c(458, 117)))
  expect_true(any(grepl("p < 0.0001", far, fixed = TRUE)))
  expect_false(any(grepl("p = 0.0000", far, fixed = TRUE)))
})

test_that("the print shows the event, one-sided ends, and only the terms asked for", {
  rows <- patient_rows(2, 5, 3, 4)
  rows$pcr <- factor(rows$y, labels = c("no", "yes"))
  one <- format(
    compare_proportions(
      pcr ~ g, rows, alternative = "greater", conf.level = 0.9, methods = "newcombe"
    )
  )
  expect_true(
    any(grepl("events (pcr = yes); one-sided (greater), 90% intervals", one, fixed = TRUE))
  )
  expect_true(any(grepl("to 1.0000", one, fixed = TRUE)))
  expect_false(any(grepl("Odds ratio|Tests", one)))
})

test_that("what has no value is explained", {
  none <- format(compare_proportions(c(0, 0), c(3, 4)))
  expect_true(any(grepl("No estimate of the risk ratio, odds ratio: 0/0.", none, fixed = TRUE)))
  zero <- format(compare_proportions(c(0, 2), c(3, 4)))
  expect_true(any(grepl("No p-value for wald", zero, fixed = TRUE)))
  apart <- format(compare_proportions(c(0, 4), c(3, 4)))
  expect_true(any(grepl("the estimated variance is 0", apart, fixed = TRUE)))
  expect_false(any(grepl("No p-value|No estimate|Left out", format(dual))))
})

test_that("coef has one estimate a term, the unconditional one", {
  expect_equal(coef(dual), c(
    risk_difference = 13 / 68 - 6 / 49, risk_ratio = (13 / 68) / (6 / 49),
    odds_ratio = (13 * 43) / (6 * 55)
  ))
  expect_identical(
    names(coef(compare_proportions(c(1, 2), c(5, 5), methods = "fisher"))), character()
  )
})

test_that("confint has one row an interval, and another level on request", {
  limits <- confint(dual)
  rows <- tidy(dual)
  rows <- rows[rows$term != "test", ]
  expect_identical(colnames(limits), c("conf.low", "conf.high"))
  expect_equal(unname(limits[, 1]), rows$conf.low)
  expect_identical(
    rownames(limits)[1:3],
    c("proportion:wilson:single", "proportion:wilson:dual", "proportion:wilson-cc:single")
  )
  expect_identical(confint(dual, "newcombe"), limits["risk_difference:newcombe", , drop = FALSE])
  expect_identical(nrow(confint(dual, "odds_ratio")), 5L)
  at_80 <- compare_proportions(c(single = 6, dual = 13), c(49, 68), conf.level = 0.8)
  expect_identical(confint(dual, level = 0.8), confint(at_80))
  expect_error(confint(dual, level = 2), class = "her2mod_error_input")
})

test_that("confint does not need the data, which may have changed", {
  events <- c(single = 6, dual = 13)
  object <- compare_proportions(events, c(49, 68), methods = "newcombe")
  events <- c(single = 0, dual = 0)
  expect_equal(unname(confint(object, level = 0.8)[1, ]),
    naive_newcombe(6, 49, 13, 68, 0.1, "wilson"),
    tolerance = 1e-12
  )
  rm(events)
  expect_silent(confint(object, level = 0.8))
  expect_error(confint(object, "wald"), class = "her2mod_error_input")
})

# The call holds names of the caller's variables, not their values.
test_that("confint and update find the variables of the function that made the result", {
  inside <- function() {
    events <- c(single = 6, dual = 13)
    sizes <- c(49, 68)
    object <- compare_proportions(events, sizes, methods = "newcombe")
    list(confint(object, level = 0.8), update(object, conf.level = 0.8))
  }
  found <- inside()
  expected <- compare_proportions(
    c(single = 6, dual = 13), c(49, 68), methods = "newcombe", conf.level = 0.8
  )
  expect_identical(found[[1]], confint(expected))
  expect_identical(tidy(found[[2]]), tidy(expected))
  # Variables whose names are those of confint()'s own arguments.
  level <- c(1, 5)
  object <- c(10, 12)
  made <- compare_proportions(level, object, methods = "newcombe")
  expect_identical(
    confint(made, level = 0.8), confint(
      compare_proportions(c(1, 5), c(10, 12), methods = "newcombe", conf.level = 0.8)
    )
  )
  rows <- patient_rows(2, 5, 3, 4)
  by_formula <- compare_proportions(y ~ g, rows, methods = "newcombe")
  expect_identical(
    tidy(update(by_formula, alternative = "less")),
    tidy(compare_proportions(y ~ g, rows, methods = "newcombe", alternative = "less"))
  )
})
