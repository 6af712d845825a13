# The interval of a risk difference by inverting its exact permutation test. References: every table
# of potential responses, listed in base R with the multivariate hypergeometric law; every one of
# choose(n, n1) labellings (CRAN RI2by2 1.4, Perm.CI(table, 0.05, 2e5)); Li and Ding (2016).

relabelled <- function(x0, n0, x1, n1, ...) {
  counts <- data.frame(g = factor(c("ref", "oth"), c("ref", "oth")), x = c(x0, x1), n = c(n0, n1))
  perm_test(cbind(x, n - x) ~ g, counts, conf.int = TRUE, ...)
}

ends_of <- function(...) as.vector(relabelled(...)$conf.int)

# Potential tables as rows: how many respond in both groups, only in "oth", only in "ref", in none.
potential_tables <- function(n) {
  rows <- expand.grid(both = 0:n, gained = 0:n, lost = 0:n)
  rows <- rows[rowSums(rows) <= n, ]
  rows$neither <- n - rowSums(rows)
  rows
}

# The labellings of a potential table that put n1 patients into "oth": how many there of each kind,
# their probability, and the table seen.
labellings <- function(row, n1) {
  n <- sum(row)
  x <- expand.grid(both = 0:row$both, gained = 0:row$gained, lost = 0:row$lost)
  x$neither <- n1 - rowSums(x)
  x <- x[x$neither >= 0 & x$neither <= row$neither, ]
  ways <- choose(row$both, x$both) * choose(row$gained, x$gained) *
    choose(row$lost, x$lost) * choose(row$neither, x$neither)
  data.frame(
    x1 = x$both + x$gained, x0 = row$both - x$both + row$lost - x$lost, p = ways / choose(n, n1)
  )
}

naive_interval <- function(x0, n0, x1, n1, alternative, level) {
  n <- n0 + n1
  tables <- potential_tables(n)
  difference <- function(x0, x1) x1 / n1 - x0 / n0
  kept <- vapply(seq_len(nrow(tables)), function(i) {
    law <- labellings(tables[i, ], n1)
    if (!any(law$x0 == x0 & law$x1 == x1)) return(FALSE)
    tau <- (tables$gained[[i]] - tables$lost[[i]]) / n
    extreme <- naive_extreme(difference(law$x0, law$x1), difference(x0, x1), tau, alternative)
    sum(law$p[extreme]) > 1 - level + 1e-12
  }, NA)
  range(((tables$gained - tables$lost) / n)[kept])
}

naive_extreme <- function(t, seen, tau, alternative) {
  switch(alternative,
    two.sided = abs(t - tau) >= abs(seen - tau) - 1e-9,
    greater = t >= seen - 1e-9,
    less = t <= seen + 1e-9
  )
}

test_that("the interval is that of all tables of potential responses", {
  shown <- list(
    c(3, 8, 5, 6), c(0, 9, 4, 5), c(6, 6, 1, 7), c(2, 3, 4, 11), c(0, 6, 0, 4), c(1, 1, 2, 9)
  )
  for (s in shown) for (alternative in alternatives) for (level in c(0.95, 0.8)) {
    expect_equal(
      ends_of(s[[1]], s[[2]], s[[3]], s[[4]], alternative = alternative, conf.level = level),
      naive_interval(s[[1]], s[[2]], s[[3]], s[[4]], alternative, level),
      label = paste(c(s, alternative, level), collapse = " ")
    )
  }
})

# RI2by2 keeps p >= 0.05, not p > 0.05; no p is 0.05 here. Rows: responders and others of "oth", of
# "ref"; limits times n.
test_that("the interval is RI2by2's, and that of Li and Ding", {
  peer <- rbind(
    c(8, 2, 3, 7, 0, 15), c(5, 3, 1, 6, 0, 11), c(2, 6, 8, 0, -14, -5), c(3, 1, 0, 5, 1, 8),
    c(1, 4, 4, 1, -8, 0), c(2, 1, 2, 6, -2, 8)
  )
  # Table I, column 3, as printed in the tests of independent implementations of the paper.
  paper <- rbind(c(1, 1, 1, 13, -1, 14), c(2, 6, 8, 0, -14, -5), c(6, 0, 11, 3, -4, 8))
  for (i in seq_len(nrow(peer) + nrow(paper))) {
    r <- rbind(peer, paper)[i, ]
    found <- ends_of(r[[3]], r[[3]] + r[[4]], r[[1]], r[[1]] + r[[2]])
    expect_equal(found * sum(r[1:4]), r[5:6], label = toString(r))
  }
})

# The sharp hypothesis of no effect is one of the tables, and its p the test's.
test_that("it holds 0 where the test of no effect is not rejected", {
  inside <- 0
  for (x1 in 0:9) for (alternative in alternatives) for (level in c(0.95, 0.7)) {
    found <- relabelled(6, 14, x1, 9, alternative = alternative, conf.level = level)
    if (found$p.value > 1 - level) {
      inside <- inside + 1
      expect_lte(found$conf.int[[1]], 0)
      expect_gte(found$conf.int[[2]], 0)
    }
  }
  expect_gt(inside, 20)
})

test_that("a wider level holds a narrower one; one open end is what the data allow", {
  ends <- vapply(c(0.5, 0.8, 0.95, 0.999), function(level) {
    ends_of(26, 40, 4, 15, conf.level = level)
  }, double(2))
  expect_true(all(diff(ends[1, ]) <= 0) && all(diff(ends[2, ]) >= 0))
  # At most: all of the 40 would respond in "oth", none of the 15 in "ref".
  expect_equal(ends_of(26, 40, 4, 15, alternative = "greater")[[2]], (4 + 40 - 26) / 55)
  expect_equal(ends_of(26, 40, 4, 15, alternative = "less")[[1]], (4 - 26 - 15) / 55)
})

test_that("swapped groups and swapped responses mirror it; rows and counts agree", {
  found <- ends_of(211, 458, 19, 117)
  expect_identical(ends_of(19, 117, 211, 458), -rev(found))
  expect_identical(ends_of(247, 458, 98, 117), -rev(found))
  rows <- data.frame(
    y = rep(c(1, 0, 1, 0), c(3, 5, 5, 1)),
    g = factor(rep(c("ref", "oth"), c(8, 6)), c("ref", "oth"))
  )
  expect_identical(as.vector(perm_test(y ~ g, rows, conf.int = TRUE)$conf.int), ends_of(3, 8, 5, 6))
  # One stratum is none.
  rows$centre <- 1
  expect_identical(
    as.vector(perm_test(y ~ g | centre, rows, conf.int = TRUE)$conf.int), ends_of(3, 8, 5, 6)
  )
})

test_that("the interval and what it is about are in the print and in tidy()", {
  found <- relabelled(3, 8, 5, 6)
  ends <- formatC(found$conf.int, digits = 4, format = "f")
  text <- format(found)
  line <- paste("  95% interval by inverting the test", ends[[1]], "to", ends[[2]], "(exact)")
  at <- match(line, text)
  expect_false(is.na(at))
  expect_match(text[[at + 1]], "average effect of the label on these 14 patients", fixed = TRUE)
  expect_match(text[[at + 1]], "compare_proportions()", fixed = TRUE)
  table <- tidy(found)
  expect_identical(c(table$conf.low, table$conf.high), as.vector(found$conf.int))
  expect_identical(attr(found$conf.int, "conf.level"), 0.95)
  expect_output(stats:::print.htest(found), "95 percent confidence interval")
})

test_that("what it is not for is refused, with a reason", {
  rows <- data.frame(y = rep(0:1, 8), g = rep(c("a", "b"), each = 8), half = rep(1:2, each = 4))
  rows$id <- rep(1:8, 2)
  refused <- function(..., reason) {
    error <- expect_error(
      perm_test(..., data = rows, conf.int = TRUE, R = 99, seed = 1), reason,
      class = "her2mod_error_input"
    )
    expect_identical(error$arg, "conf.int")
  }
  refused(y ~ g, method = "monte_carlo", reason = "monte_carlo")
  refused(y ~ g, stop = "gandy", reason = "gandy")
  refused(y ~ g, midp = TRUE, reason = "midp")
  refused(y ~ g | half, reason = "2 strata")
  refused(y ~ g, cluster = id, reason = "Clusters")
  error <- expect_error(relabelled(1000, 6000, 1100, 6000), class = "her2mod_error_numeric")
  expect_match(conditionMessage(error), "compare_proportions")
})
