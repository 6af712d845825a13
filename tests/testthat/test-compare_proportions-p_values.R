# The p-value in an interval's row: that of a test, by hand, or of its naive twin
# (helper-two_proportions.R).

test_that("p-values beside intervals are those of the named tests", {
  pairs <- c(
    "risk_difference:wald" = "unpooled-z", "risk_difference:mee" = "pearson",
    "risk_difference:miettinen-nurminen" = "n-1", "risk_difference:exact-score" = "barnard",
    "risk_ratio:koopman" = "pearson", "risk_ratio:miettinen-nurminen" = "n-1",
    "risk_ratio:exact-score" = "barnard",
    "odds_ratio:woolf" = "wald", "odds_ratio:cornfield" = "pearson",
    "odds_ratio:miettinen-nurminen" = "n-1", "odds_ratio:fisher-conditional" = "fisher-central"
  )
  tables <- some_tables[seq(1, nrow(some_tables), 7), ]
  for (alternative in alternatives) {
    found <- table_results(tables, seq_len(nrow(proportion_methods())), alternative = alternative)
    for (interval in names(pairs)) {
      same <- close_to(
        found[, interval, "p.value"], found[, paste0("test:", pairs[[interval]]), "p.value"], 1e-12
      )
      expect_no_table(!same, tables, paste(interval, alternative))
    }
    expect_true(
      all(is.na(found[, grep("bootstrap|proportion", dimnames(found)$method), "p.value"]))
    )
  }
})

test_that("p of katz, agresti-caffo and mid-p by hand", {
  # log(13 * 49 / (6 * 68)) over its standard error
  z <- log(13 * 49 / (6 * 68)) / sqrt(1 / 13 - 1 / 68 + 1 / 6 - 1 / 49)
  expect_equal(
    row_of(6, 49, 13, 68, "risk_ratio", "katz")$p.value, 2 * pnorm(-z), tolerance = 1e-12
  )
  z <- (14 / 70 - 7 / 51) / sqrt(14 * 56 / 70^3 + 7 * 44 / 51^3)
  expect_equal(
    row_of(6, 49, 13, 68, "risk_difference", "agresti-caffo")$p.value, 2 * pnorm(-z),
    tolerance = 1e-12
  )
  tails <- naive_fisher(6, 49, 13, 68)
  expect_equal(row_of(6, 49, 13, 68, "odds_ratio", "midp-conditional")$p.value,
    2 * (tails[["greater"]] - tails[["observed"]] / 2),
    tolerance = 1e-11
  )
})

test_that("p of newcombe is the level at which its interval touches 0", {
  tables <- subset(some_tables, x1 / n1 != x0 / n0)
  for (method in c("newcombe", "newcombe-cc")) {
    found <- table_results(tables, which(proportion_methods()$method == method))
    p <- found[, 1, "p.value"]
    expect_true(all(p > 0 & p <= 1))
    wilson <- if (method == "newcombe") "wilson" else "wilson-cc"
    touching <- t(mapply(function(x0, n0, x1, n1, p) {
      naive_newcombe(x0, n0, x1, n1, p / 2, wilson)
    }, tables$x0, tables$n0, tables$x1, tables$n1, pmin(p, 0.999)))
    near <- ifelse(tables$x1 / tables$n1 > tables$x0 / tables$n0, touching[, 1], -touching[, 2])
    # With the continuity correction some intervals hold 0 at every level: then p = 1.
    expect_no_table(ifelse(p > 0.999, near > 1e-3, abs(near) > 1e-7), tables, method)
  }
})
