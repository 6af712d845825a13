# Simulated by hand: 24 patients 3+, 16 patients 2+ before therapy.
shift_rows <- function() {
  data.frame(
    pre = rep(c("3+", "2+"), c(24, 16)),
    post = rep(c("3+", "2+", "1+", NA, "2+", "1+", "0", NA), c(14, 3, 2, 5, 7, 4, 2, 3)),
    her2 = rep(c("HER2 3+", "HER2-mod"), c(24, 16)),
    res = rep(c(TRUE, NA, FALSE, TRUE, NA, FALSE), c(19, 1, 4, 13, 1, 2))
  )
}

# Published losses: facts typed from shared/data/her2_loss.csv, doi:10.1097/MD.0000000000034903 (Ren 2023):
# 21 of 119 with dual and 11 of 125 with single antibodies, chi-squared 4.188, p = .041.
test_that("published losses: the chi-squared that was printed", {
  x <- her2_shift(lost = c(single = 11, dual = 21), tested = c(125, 119), methods = c("pearson", "newcombe"))
  rows <- tidy(x)
  pearson <- rows[rows$method == "pearson", ]
  expect_equal(round(pearson$statistic^2, 3), 4.188)
  expect_equal(round(pearson$p.value, 3), 0.041)
})

test_that("published losses: rates with the intervals of binom.test", {
  # doi:10.1038/s41523-022-00477-z (70 of 845), doi:10.1158/1078-0432.CCR-09-1735 (8 of 25), doi:10.1177/17588359261451850
  # (63 of 152).
  published <- data.frame(lost = c(70, 8, 63), tested = c(845, 25, 152), percent = c(8.3, 32.0, 41.4))
  for (i in seq_len(nrow(published))) {
    k <- published[i, ]
    row <- tidy(her2_shift(lost = k$lost, tested = k$tested))
    row <- row[row$method == "clopper-pearson", ]
    expect_equal(round(100 * row$estimate, 1), k$percent)
    expect_equal(c(row$conf.low, row$conf.high), as.vector(stats::binom.test(k$lost, k$tested)$conf.int), tolerance = 1e-7)
  }
})

test_that("losses by group, by either definition", {
  x <- her2_shift(pre, post, by = her2, data = shift_rows())
  expect_equal(tidy(x, "loss"), data.frame(
    group = c("HER2 3+", "HER2-mod"), lost = c(2, 6), tested = c(19, 13), untested = c(5, 3), no_residual = 0
  ))
  lower <- her2_shift(pre, post, by = her2, data = shift_rows(), loss = "lower")
  expect_equal(lower$losses$lost, c(5, 6))
  only3 <- her2_shift(pre, post, by = her2, data = shift_rows(), positive = "3+")
  expect_equal(only3$losses$lost, c(5, 0))
  expect_equal(only3$losses$tested, c(19, 0))
  expect_length(only3$comparisons, 0)
  expect_match(format(only3), "nobody re-tested", all = FALSE)
})

test_that("residual disease keeps pCR out of what could be re-tested", {
  x <- her2_shift(pre, post, by = her2, data = shift_rows(), residual = res)
  expect_equal(x$losses$untested, c(1, 1))
  expect_equal(x$losses$no_residual, c(4, 2))
  bounds <- tidy(x, "bounds")
  at <- function(term, population, group) {
    bounds[bounds$term == term & bounds$population == population & bounds$group == group, ]
  }
  expect_equal(at("loss_rate", "re-testable", "HER2 3+")[c("lower", "upper")], data.frame(lower = 2 / 20, upper = 3 / 20),
    ignore_attr = TRUE
  )
  expect_equal(at("loss_rate", "all", "HER2-mod")[c("lower", "upper")], data.frame(lower = 6 / 16, upper = 9 / 16),
    ignore_attr = TRUE
  )
  difference <- at("loss_risk_difference", "all", "HER2-mod")
  expect_equal(c(difference$lower, difference$upper), c(6 / 16 - 7 / 24, 9 / 16 - 2 / 24))
  newcombe <- tidy(compare_proportions(c(7, 6), c(24, 16), methods = "newcombe"))
  expect_equal(difference$conf.low, newcombe$conf.low)
  expect_equal(x$tipping[[1]]$counts$missing, c(1, 1))
})

test_that("groups are compared as compare_proportions does it", {
  x <- her2_shift(pre, post, by = her2, data = shift_rows())
  alone <- tidy(compare_proportions(c(2, 6), c(19, 13), methods = c("newcombe", "fisher")))
  rows <- tidy(x)
  for (method in c("newcombe", "fisher")) {
    expect_equal(rows$p.value[rows$method == method], alone$p.value[alone$method == method])
  }
  turned <- tidy(her2_shift(pre, post, by = her2, data = shift_rows(), ref = "HER2-mod"))
  at <- function(rows) rows$estimate[rows$method == "newcombe"]
  expect_equal(at(turned), -at(rows))
})

test_that("three groups: each against the reference, and any difference", {
  x <- her2_shift(lost = c(a = 1, b = 5, c = 4), tested = c(12, 14, 10))
  expect_named(x$comparisons, c("b", "c"))
  row <- tidy(x)
  row <- row[row$method == "chi-squared-exact", ]
  table <- cbind(c(1, 5, 4), c(11, 9, 6))
  expect_equal(row$statistic, suppressWarnings(stats::chisq.test(table, correct = FALSE))$statistic[[1]])
  # Every table with the margins, by its multivariate hypergeometric probability.
  all <- expand.grid(a = 0:10, b = 0:10)
  all$c <- 10 - all$a - all$b
  all <- all[all$c >= 0 & all$c <= 10, ]
  mass <- choose(12, all$a) * choose(14, all$b) * choose(10, all$c) / choose(36, 10)
  chi <- function(x) sum((x - 10 * c(12, 14, 10) / 36)^2 / c(12, 14, 10))
  values <- apply(all, 1, chi)
  expect_equal(row$p.value, sum(mass[values >= chi(c(1, 5, 4)) - 1e-9]), tolerance = 1e-7)
})

test_that("published counts and rows give the same losses", {
  x <- her2_shift(pre, post, by = her2, data = shift_rows())
  y <- her2_shift(lost = c("HER2 3+" = 2, "HER2-mod" = 6), tested = c(19, 13), untested = c(5, 3))
  shared <- function(x) tidy(x)[grepl("^loss", tidy(x)$term), ]
  expect_equal(shared(y), shared(x))
  expect_equal(tidy(y, "bounds"), tidy(x, "bounds"))
  expect_equal(nrow(tidy(y, "shift")), 0)
})

test_that("a square table, alone or by group", {
  rows <- shift_rows()[!is.na(shift_rows()$post), ]
  x <- her2_shift(pre, post, by = her2, data = rows)
  levels <- c("0", "1+", "2+", "3+")
  y <- her2_shift(table(factor(rows$pre, levels), factor(rows$post, levels), rows$her2))
  expect_equal(tidy(y), tidy(x))
  z <- her2_shift(matrix(c(9, 4, 11, 6), 2))
  expect_equal(z$losses$lost, 4)
  expect_equal(z$losses$tested, 10)
})

test_that("what cannot be is refused", {
  refused <- function(..., class = "her2mod_error_input") expect_error(her2_shift(...), class = class)
  refused()
  refused("3+")
  refused(shift_rows())
  refused(c("3+", "2+"), c("3+"))
  refused(c("x", "y"), c("x", "y"))
  refused(0:4, 0:4)
  refused(matrix(1:6, 2))
  refused(matrix(c(1, -1, 2, 3), 2))
  refused(matrix(0, 2, 2), class = "her2mod_error_data")
  refused(lost = 5, tested = 4)
  refused(lost = c(1, 2), tested = c(4, 4), untested = 1)
  refused(lost = 1.5, tested = 4)
  refused("3+", "2+", lost = 1, tested = 2)
  refused("3+", "2+", untested = 2)
  refused("3+", "2+", residual = FALSE, class = "her2mod_error_data")
  refused("3+", "2+", residual = "no")
  refused("3+", "2+", positive = "4+")
  refused("3+", "2+", positive = c("0", "1+", "2+", "3+"))
  refused("3+", "2+", scores = c(1, 2))
  refused(NA, "3+", class = "her2mod_error_data")
  refused(character(), character(), class = "her2mod_error_data")
})

test_that("nobody re-tested: rates are unknown, bounds are everything", {
  x <- her2_shift(c("3+", "3+", "2+"), c(NA, NA, NA), by = c("a", "a", "b"))
  expect_equal(x$losses$tested, c(0, 0))
  expect_equal(tidy(x, "bounds")$upper[1:2], c(1, 1))
  expect_match(format(x), "No paired tests: nobody was re-tested", all = FALSE)
})

test_that("columns may be named by text, and a tibble will do", {
  skip_if_not_installed("tibble")
  x <- her2_shift("pre", "post", by = "her2", data = tibble::as_tibble(shift_rows()))
  expect_equal(tidy(x), tidy(her2_shift(pre, post, by = her2, data = shift_rows())))
})

test_that("a registry keeps its result: only what takes too long is left out, and said", {
  x <- her2_shift(lost = c(a = 300, b = 500), tested = c(9000, 9000), untested = c(5000, 6000))
  expect_length(x$tipping, 0)
  expect_match(format(x), "No tipping points: there are too many ways", all = FALSE)
  counts <- matrix(c(90000, 20000, 30000, 80000), 2)
  rows <- tidy(her2_shift(counts))
  expect_equal(rows$statistic[rows$method == "scores"]^2, (30000 - 20000)^2 / 50000)
  expect_false("scores-exact" %in% rows$method)
})

test_that("arguments that would be ignored are refused", {
  refused <- function(...) expect_error(her2_shift(...), class = "her2mod_error_input")
  refused(lost = c(a = 1, b = 2), tested = c(5, 6), positive = "3+")
  refused(lost = c(a = 1, b = 2), tested = c(5, 6), by = nowhere)
  refused(lost = c(a = 1, b = 2), tested = c(5, 6), loss = "lower")
  square <- table(factor(c(2, 3), 0:3), factor(c(1, 3), 0:3))
  refused(square, by = c("a", "b"))
  refused(c(3, 2), c(3, 1), methods = "nonsense")
  refused(c(3, 2), c(3, 1), test = "nonsense")
  refused(c(3, 2), c(3, 1), alpha = 17)
})
