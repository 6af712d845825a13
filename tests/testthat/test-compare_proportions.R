# What compare_proportions() takes and returns. Its numbers are in the other
# test-compare_proportions-*.R; printed values of papers in test-known_answers.R.

test_that("counts that are none are refused with the argument's name", {
  refused <- function(x, n, arg) {
    error <- expect_error(compare_proportions(x, n), class = "her2mod_error_input")
    expect_identical(error$arg, arg)
  }
  for (x in list(
    c(-1, 2), c(1.5, 2), c(NA, 2), c(Inf, 2), c(NaN, 1), 3, 1:3, c("1", "2"), c(TRUE, FALSE), NULL,
    list(1, 2)
  )) {
    refused(x, c(10, 10), "x")
  }
  for (n in list(
    c(0, 10), c(10, -1), c(10.5, 10), c(NA, 10), c(Inf, 10), 10, c("10", "10"), NULL
  )) {
    refused(c(1, 2), n, "n")
  }
  refused(c(11, 2), c(10, 10), "x")
  refused(c(1, 2), arg = "n")
  refused(c(a = 1, a = 2), c(10, 10), "x")
  refused(c(a = 1, 2), c(10, 10), "x")
  refused(c(a = 1, b = 2), c(a = 10, c = 10), "n")
})

test_that("options that are none are refused with the argument's name", {
  refused <- function(..., arg) {
    error <- expect_error(
      compare_proportions(c(1, 2), c(10, 10), ...), class = "her2mod_error_input"
    )
    expect_identical(error$arg, arg)
  }
  for (level in list(0, 1, NA, "0.95", 95, c(0.9, 0.95), NULL)) refused(
    conf.level = level, arg = "conf.level"
  )
  for (alternative in list("both", "two", NA_character_, 1)) refused(
    alternative = alternative, arg = "alternative"
  )
  for (methods in list("newcomb", character(), 1, NA_character_, c("newcombe", "magic"))) refused(
    methods = methods, arg = "methods"
  )
  refused(ref = "group 3", arg = "ref")
  refused(conf.lvel = 0.9, arg = "conf.lvel")
  # Half of the error on one side only would not hold the estimate.
  refused(alternative = "greater", conf.level = 0.5, arg = "conf.level")
  expect_equal(
    compare_proportions(c(1, 2), c(10, 10), conf.level = 0.3, methods = "newcombe")$conf.level, 0.3
  )
})

test_that("names are matched by name, the first is the reference unless ref says otherwise", {
  plain <- compare_proportions(c(single = 6, dual = 13), c(49, 68), methods = "newcombe")
  expect_equal(plain$counts, data.frame(group = c("single", "dual"), x = c(6, 13), n = c(49, 68)))
  by_name <- compare_proportions(
    c(single = 6, dual = 13), c(dual = 68, single = 49), methods = "newcombe"
  )
  expect_identical(tidy(by_name), tidy(plain))
  expect_identical(
    tidy(compare_proportions(c(6, 13), c(single = 49, dual = 68), methods = "newcombe")),
    tidy(plain)
  )
  ref <- compare_proportions(
    c(dual = 13, single = 6), c(68, 49), ref = "single", methods = "newcombe"
  )
  expect_identical(tidy(ref), tidy(plain))
  expect_identical(compare_proportions(c(1, 2), c(5, 5))$counts$group, c("group 1", "group 2"))
  expect_equal(tidy(plain)$estimate, 13 / 68 - 6 / 49)
})

test_that("formula and counts are the same comparison", {
  from_counts <- tidy(compare_proportions(c(ref = 2, oth = 3), c(5, 4)))
  rows <- patient_rows(2, 5, 3, 4)
  expect_identical(tidy(compare_proportions(y ~ g, rows)), from_counts)
  rows$pcr <- factor(rows$y, labels = c("no", "yes"))
  expect_identical(tidy(compare_proportions(pcr ~ g, rows)), from_counts)
  table <- data.frame(g = c("ref", "oth"), e = c(2, 3), n = c(5, 4))
  expect_identical(tidy(compare_proportions(cbind(e, n - e) ~ g, table, ref = "ref")), from_counts)
  expect_identical(
    tidy(compare_proportions(y ~ g, rbind(rows, rows), subset = 1:18 <= 9)), from_counts
  )
  weighted <- data.frame(g = rep(c("ref", "oth"), 2), y = rep(1:0, each = 2), w = c(2, 3, 3, 1))
  expect_identical(
    tidy(compare_proportions(y ~ g, weighted, weights = w, ref = "ref")), from_counts
  )
  expect_error(compare_proportions(y ~ g | y + g, rows), class = "her2mod_error_input")
  expect_error(compare_proportions(as.character(y) ~ g, rows), class = "her2mod_error_input")
  expect_error(compare_proportions(y ~ g, rows[rows$g == "ref", ]), class = "her2mod_error_data")
})

test_that("missing rows are dropped, counted and printed", {
  rows <- patient_rows(2, 5, 3, 4)
  rows$y[c(1, 9)] <- NA
  found <- compare_proportions(y ~ g, rows, methods = "newcombe")
  expect_equal(found$n_dropped, 2)
  expect_equal(found$counts$n, c(4, 3))
  expect_true(any(grepl("2 rows with missing values dropped", format(found), fixed = TRUE)))
})

test_that("a million rows of patients", {
  n <- 1e6
  rows <- data.frame(g = rep(c("a", "b"), n / 2), y = rep(c(1, 0, 0, 1, 0, 0, 0, 0), n / 8))
  # of every 8 rows: group a at odd places, events at places 1 (a) and 4 (b)
  found <- compare_proportions(y ~ g, rows, methods = "pearson")
  expect_equal(
    found$counts, data.frame(group = c("a", "b"), x = c(125000, 125000), n = c(5e5, 5e5))
  )
})

test_that("methods are chosen by name, by term, or all", {
  rows <- function(methods) tidy(compare_proportions(c(1, 2), c(10, 10), methods = methods))
  expect_identical(rows("newcombe")$method, "newcombe")
  expect_identical(
    rows("miettinen-nurminen")$term, c("risk_difference", "risk_ratio", "odds_ratio")
  )
  expect_identical(unique(rows("test")$term), "test")
  expect_identical(rows(c("fisher", "wilson"))$method, c("wilson", "wilson", "fisher"))
  expect_identical(nrow(rows("all")), nrow(proportion_methods()))
  expect_identical(rows("all"), rows(NULL))
})

test_that("what would be slow is left out by default and named", {
  slow <- compare_proportions(c(100, 150), c(3000, 3000))
  expect_true(all(c("barnard", "exact-score") %in% slow$omitted$method))
  expect_false("barnard" %in% tidy(slow)$method)
  expect_identical(unique(slow$omitted$why), "slow")
  expect_true(any(grepl("Left out as slow.*Ask with methods = \"exact-score\"", format(slow))))
  quick <- compare_proportions(c(10, 15), c(60, 60))
  expect_identical(nrow(quick$omitted), 0L)
})
