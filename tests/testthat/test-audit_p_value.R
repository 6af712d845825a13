agreeing <- function(audit) audit$test[audit$agrees %in% TRUE]
p_of <- function(audit, test) audit$p.value[audit$test == test]

# Ma L and others 2025, doi:10.4143/crt.2024.1200, prints p = 0.287 for dual 13/68 against single
# 6/49. The p-values to compare with are those of R's own tests.
test_that("the founding study's p = 0.287 is given by no unadjusted test", {
  audit <- audit_p_value(c(single = 6, dual = 13), c(single = 49, dual = 68), p = "0.287")
  expect_s3_class(audit, c("her2_audit", "data.frame"), exact = TRUE)
  expect_named(audit, c("solution", "test", "p.value", "agrees", "truncated"))
  expect_setequal(audit$test, proportion_test_methods())
  expect_length(agreeing(audit), 0)
  expect_false(any(audit$truncated, na.rm = TRUE))
  expect_match(attr(audit, "verdict"), "not reproduced by any")
  table <- matrix(c(6, 43, 13, 55), 2)
  expect_equal(p_of(audit, "pearson"), chisq.test(table, correct = FALSE)$p.value)
  expect_equal(p_of(audit, "yates"), chisq.test(table)$p.value)
  expect_equal(p_of(audit, "fisher"), fisher.test(table)$p.value)
})

test_that("the founding study's p < 0.001 for pCR follows from every test", {
  counts <- recover_counts(c(ihc3 = "46.07", mod = "16.24"), total = 575)
  audit <- audit_p_value(counts, p = "p<0.001")
  direct <- audit_p_value(c(ihc3 = 211, mod = 19), c(ihc3 = 458, mod = 117), p = "<0.001")
  expect_identical(audit$p.value, direct$p.value)
  expect_true(all(audit$agrees[!is.na(audit$p.value)]))
  table <- data.frame(solution = 1L, x1 = 211, n1 = 458, x2 = 19, n2 = 117)
  expect_equal(attr(audit, "tables"), table)
})

# Which of the common tests agree, by hand from R's chisq.test and fisher.test, and for unpooled z
# from the normal tail of the difference over its unpooled standard error.
test_that("published p-values agree with the tests that give them", {
  known <- published_cohorts()
  for (i in which(!is.na(known$p))) {
    row <- known[i, ]
    audit <- audit_p_value(c(row$x1, row$x2), c(row$n1, row$n2), p = row$p)
    table <- rbind(c(row$x1, row$x2), c(row$n1 - row$x1, row$n2 - row$x2))
    rate <- c(row$x1 / row$n1, row$x2 / row$n2)
    z <- diff(rate) / sqrt(sum(rate * (1 - rate) / c(row$n1, row$n2)))
    p <- c(
      pearson = chisq.test(table, correct = FALSE)$p.value,
      yates = chisq.test(table)$p.value,
      fisher = fisher.test(table)$p.value,
      `unpooled-z` = 2 * pnorm(-abs(z))
    )
    printed <- as.numeric(sub("^[<=]*", "", row$p))
    expected <- switch(sub("[0-9.]+$", "", row$p),
      "<" = p < printed, "<=" = p <= printed, abs(p - printed) < 0.0005
    )
    found <- audit$agrees[match(names(p), audit$test)]
    expect_equal(found, unname(expected), info = row$study)
  }
})

# Zhang 2026, doi:10.3389/fonc.2026.1799768: 132/252 against 16/56, printed "<0.001": Pearson .0013,
# Yates .0021, Fisher .0017; only the unpooled z gives .0005. 74/160 against 58/92, printed 0.008:
# the unpooled z is .0086, which is .008 only if digits were cut off. 9/34 against 7/22: none.
test_that("Zhang's p-values are judged by every test", {
  pcr <- audit_p_value(c(132, 16), c(252, 56), p = "<0.001")
  usual <- c("pearson", "yates", "n-1", "lr", "wald", "fisher", "fisher-midp")
  expect_false(any(pcr$agrees[pcr$test %in% usual]))
  expect_true(pcr$agrees[pcr$test == "unpooled-z"])
  expect_match(attr(pcr, "verdict"), "unpooled-z")
  therapy <- audit_p_value(c(74, 58), c(160, 92), p = "0.008")
  therapy <- therapy[therapy$test %in% c(usual, "unpooled-z"), ]
  expect_false(any(therapy$agrees))
  expect_identical(therapy$test[therapy$truncated], "unpooled-z")
  expect_false(any(audit_p_value(c(9, 7), c(34, 22), p = "0.774")$agrees[1:4]))
})

test_that("the verdict tells apart tests that agree on all tables and on some", {
  # By hand (chisq.test): 5/10 against 1/10, p = .0509; 6/10 against 1/10, p = .0191
  counts <- data.frame(
    solution = rep(1:2, each = 2), outcome = "pcr", group = c("a", "b"),
    x = c(5, 1, 6, 1), n = 10
  )
  some <- audit_p_value(counts, p = "<0.05")
  expect_equal(some$solution, rep(1:2, each = length(unique(some$test))))
  expect_equal(some$agrees[some$test == "pearson"], c(FALSE, TRUE))
  expect_match(attr(some, "verdict"), "on some of the 2 tables by: .*pearson")
  all <- audit_p_value(counts, p = "<0.06")
  expect_match(attr(all, "verdict"), "by: [^;]*pearson[^;]* on all 2 tables")
  none <- audit_p_value(counts, p = ">0.99")
  expect_match(attr(none, "verdict"), "not reproduced by any .* on any of the 2 tables")
})

test_that("the verdict never calls a printed value wrong, and cautions", {
  audit <- audit_p_value(c(6, 13), c(49, 68), p = "0.287")
  text <- paste(format(audit), collapse = " ")
  expect_no_match <- function(pattern) expect_false(grepl(pattern, text, ignore.case = TRUE))
  expect_no_match("wrong|error|incorrect|mistake")
  expect_match(text, "unadjusted")
  expect_match(text, "adjusted or stratified.*missing.*one-sided")
  expect_output(print(audit), "Verdict")
})

test_that("what is not a printed p-value is refused", {
  bad <- list(
    0.287, NULL, NA, NA_character_, character(), c("0.1", "0.2"), "", "p", "abc", "0", "1", "<1",
    "1.5", "-0.1", "<0.000", "0,05", "n.s.", "0.05*", list("0.05")
  )
  for (p in bad) {
    error <- expect_error(audit_p_value(c(6, 13), c(49, 68), p = p), class = "her2mod_error_input")
    expect_equal(error$arg, "p")
  }
  expect_error(audit_p_value(c(6, 13), c(49, 68)), class = "her2mod_error_input")
})

test_that("counts are checked at the door", {
  refused <- function(arg, x, n) {
    error <- expect_error(audit_p_value(x, n, p = "0.287"), class = "her2mod_error_input")
    expect_equal(error$arg, arg)
  }
  refused("x", c(6, 50.5), c(49, 68))
  refused("x", c(-1, 3), c(49, 68))
  refused("x", c(NA, 3), c(49, 68))
  refused("x", c(50, 3), c(49, 68))
  refused("x", 6, c(49, 68))
  refused("x", c(1, 2, 3), c(49, 68))
  refused("x", c("6", "13"), c(49, 68))
  refused("n", c(6, 13), NULL)
  refused("n", c(0, 13), c(0, 68))
  refused("n", c(6, 13), c(49, Inf))
  refused("n", c(6, 13), 49)
  refused("n", c(a = 6, b = 13), c(a = 49, c = 68))
})

test_that("names match x with n, whatever their order", {
  one <- audit_p_value(c(a = 6, b = 13), c(b = 68, a = 49), p = "0.287")
  two <- audit_p_value(c(6, 13), c(49, 68), p = "0.287")
  expect_equal(one$p.value, two$p.value)
  expect_equal(attr(one, "groups"), c("a", "b"))
})

test_that("a data frame may be a tibble, and needs an outcome when it has several", {
  skip_if_not_installed("tibble")
  counts <- recover_counts(
    list(
      pcr = c(ihc3 = "46.07", mod = "16.24"),
      hr_positive = c(ihc3 = "48.7", mod = "76.1")
    ),
    total = 575
  )
  error <- expect_error(audit_p_value(counts, p = "<0.001"), class = "her2mod_error_input")
  expect_equal(error$arg, "outcome")
  expect_error(audit_p_value(counts, p = "<0.001", outcome = "os"), class = "her2mod_error_input")
  audit <- audit_p_value(tibble::as_tibble(counts), p = "<0.001", outcome = "hr_positive")
  direct <- audit_p_value(c(223, 89), c(458, 117), p = "<0.001")
  expect_identical(audit$p.value, direct$p.value)
})

test_that("a data frame that can't be audited is refused", {
  refused <- function(class, x, ...) expect_error(audit_p_value(x, ..., p = "0.04"), class = class)
  percent <- c(mod = "17", ihc3 = "67")
  none <- recover_counts(percent, n = c(mod = 76, ihc3 = 455), events = c(mod = 12))
  refused("her2mod_error_data", none)
  three <- recover_counts(c(a = "50", b = "50", c = "50"), n = c(a = 2, b = 2, c = 2))
  refused("her2mod_error_input", three)
  two <- recover_counts(c(a = "50", b = "50"), n = c(a = 2, b = 2))
  refused("her2mod_error_input", two, n = c(2, 2))
  refused("her2mod_error_input", data.frame(x = 1:2, n = 3:4))
  refused("her2mod_error_input", transform(as.data.frame(two), x = c(3, 1)))
  refused("her2mod_error_input", transform(as.data.frame(two), n = c(NA, 2)))
  expect_error(
    audit_p_value(c(1, 1), c(2, 2), p = "0.04", outcome = "pcr"),
    class = "her2mod_error_input"
  )
})

test_that("solutions that share a table share its p-values", {
  counts <- recover_counts(
    list(p = c(a = "50", b = "10"), q = c(a = "50", b = "1")),
    n = c(a = 200, b = 60)
  )
  solutions <- unique(counts$solution)
  expect_gt(length(solutions), 1)
  audit <- audit_p_value(counts, p = "<0.001", outcome = "p")
  expect_equal(unique(audit$solution), solutions)
  first <- counts$x[counts$outcome == "p" & counts$group == "a"]
  pearson <- p_of(audit, "pearson")
  expect_true(all(tapply(pearson, first, function(p) length(unique(p)) == 1)))
})

test_that("slow tests are left out for many or large tables, and the print says so", {
  audit <- audit_p_value(c(50000, 40000), c(1e5, 1e5), p = "<0.001")
  left_out <- attr(audit, "left_out")
  expect_gt(length(left_out), 0)
  expect_false(any(left_out %in% audit$test))
  expect_true(all(left_out %in% c("barnard", "barnard-unpooled", "boschloo")))
  expect_match(format(audit), "Left out", all = FALSE)
  expect_match(format(audit), left_out[1], all = FALSE)
})

test_that("tables without events agree with p = 1 and nothing else", {
  audit <- audit_p_value(c(0, 0), c(10, 12), p = "1.00")
  expect_true(audit$agrees[audit$test == "fisher"])
  expect_false(any(audit_p_value(c(0, 0), c(10, 12), p = "<0.05")$agrees, na.rm = TRUE))
})

test_that("part of an audit is a plain data frame", {
  audit <- audit_p_value(c(6, 13), c(49, 68), p = "0.287")
  expect_identical(class(audit[1:2, ]), "data.frame")
  expect_identical(class(as.data.frame(audit)), "data.frame")
})

test_that("tables too large for the unconditional tests are audited with the others", {
  # 5201^2 tables are more than the core goes through; 10^7 patients would take it minutes.
  for (n in list(c(5200, 5200), c(1, 1e7))) {
    audit <- audit_p_value(c(1, 120), n, p = "0.5")
    expect_setequal(attr(audit, "left_out"), c("barnard", "barnard-unpooled", "boschloo"))
    expect_true("fisher" %in% audit$test)
  }
})
