# The decision table of check_claim()'s help page, row by row.

test_that("the verdict is that of the decision table", {
  # margin 0.1; interval; verdict on no improvement, no difference
  table <- list(
    list(c(-0.05, -0.01), "supported", "supported"),
    list(c(-0.30, -0.01), "supported", "contradicted"),
    list(c(-0.05, 0.05), "supported", "supported"),
    list(c(-0.30, 0.05), "supported", "inconclusive"),
    list(c(-0.05, 0.20), "inconclusive", "inconclusive"),
    list(c(-0.30, 0.20), "inconclusive", "inconclusive"),
    list(c(0.01, 0.05), "supported", "supported"),
    list(c(0.01, 0.20), "contradicted", "contradicted"),
    list(c(0.15, 0.20), "contradicted", "contradicted"),
    # On the very edge an end includes the value.
    list(c(0, 0.10), "inconclusive", "inconclusive"),
    list(c(-0.10, 0), "supported", "inconclusive")
  )
  opposite <- c(supported = "contradicted", contradicted = "supported", inconclusive = "inconclusive")
  for (row in table) {
    ends <- row[[1]]
    expect_identical(claim_verdict("no improvement", ends[[1]], ends[[2]], 0.1), row[[2]])
    expect_identical(claim_verdict("no difference", ends[[1]], ends[[2]], 0.1), row[[3]])
    expect_identical(claim_verdict("improvement", ends[[1]], ends[[2]], 0.1), opposite[[row[[2]]]])
    expect_identical(claim_verdict("differs between groups", ends[[1]], ends[[2]], 0.1), opposite[[row[[3]]]])
    # What is two-sided does not depend on the sign.
    expect_identical(claim_verdict("no difference", -ends[[2]], -ends[[1]], 0.1), row[[3]])
  }
})

test_that("without an interval nothing is concluded", {
  for (claim in claims_known) expect_identical(claim_verdict(claim, NA, NA, 0.1), "inconclusive")
  expect_match(verdict_reason("improvement", NA, NA, 0.1, "an improvement", "one that matters"), "no interval")
})

test_that("of an interval with one infinite end the other decides, where it can", {
  expect_identical(claim_verdict("no improvement", -Inf, 0.01, 0.1), "supported")
  expect_identical(claim_verdict("no difference", -Inf, 0.01, 0.1), "inconclusive")
  expect_identical(claim_verdict("no difference", -Inf, -0.01, 0.1), "contradicted")
  expect_identical(claim_verdict("improvement", 0.2, Inf, 0.1), "supported")
  expect_identical(claim_verdict("improvement", -0.2, Inf, 0.1), "inconclusive")
  for (claim in claims_known) expect_identical(claim_verdict(claim, -Inf, Inf, 0.1), "inconclusive")
})

test_that("the reason says what the interval holds", {
  reason <- function(low, high, claim = "no improvement") {
    verdict_reason(claim, low, high, 0.1, "an improvement", "an improvement of 0.1 or more")
  }
  expect_match(reason(-0.05, 0.2), "cannot tell")
  expect_match(reason(-0.05, 0.05), "0.1 or more is excluded")
  expect_match(reason(0.01, 0.05), "too small to matter")
  expect_match(reason(0.01, 0.2), "0.1 or more is not excluded")
  expect_match(reason(-0.05, 0.05, "no difference"), "either way")
  # All of it beyond the margin: 10 and 40 of 50, 0.421 to 0.734
  expect_match(reason(0.421, 0.734, "improvement"), "nothing smaller: an improvement of 0.1 or more is shown")
  expect_match(reason(-0.734, -0.421, "no difference"), "nothing smaller")
  expect_no_match(reason(-0.734, -0.421, "no improvement"), "shown")
})

test_that("rounding keeps every limit on its side", {
  limits <- list(c(-0.04, 9.96), c(0.003, 10.0004), c(-10.00002, 3), c(0, 10), c(5, Inf), c(1e-8, 4))
  for (ends in limits) {
    decimals <- decimals_that_keep(ends, c(0, 10, -10))
    for (mark in c(0, 10, -10)) {
      finite <- ends[is.finite(ends)]
      expect_identical(sign(round(finite, decimals) - mark), sign(finite - mark))
    }
  }
  expect_identical(decimals_that_keep(c(-7.4, 20), c(0, 10, -10)), 1L)
})
