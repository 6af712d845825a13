test_that("a permutation that can change nothing has p = 1", {
  for (events in list(c(0, 0), c(5, 7))) {
    rows <- patient_rows(events[[1]], 5, events[[2]], 7)
    for (method in c("exact", "monte_carlo")) {
      for (alternative in alternatives) {
        found <- perm_test(
          y ~ g, rows, method = method, alternative = alternative, R = 99, seed = 1,
          progress = FALSE
        )
        expect_identical(found$p.value, 1)
        expect_identical(found$p.interval, c(1, 1))
      }
    }
    # ratios 0/0 or 1 alike
    expect_identical(p_of(y ~ g, rows, "odds_ratio"), 1)
  }
  # within strata: every stratum is constant although the whole is not
  rows <- centre_rows(list(a = c(3, 3, 2, 2), b = c(0, 4, 0, 5)))
  expect_identical(p_of(y ~ g | centre, rows), 1)
  expect_lt(p_of(y ~ g, rows, alternative = "two.sided"), 1 + 1e-12)
})
