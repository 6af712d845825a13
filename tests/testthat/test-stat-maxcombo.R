test_that("zmax of Freireich's, ovarian and veteran data", {
  # known_answers.R: by brute force
  peers <- peer_data()
  known <- list(
    list(freireich, 4.09791910477), list(peers$ovarian, 1.29801949587),
    list(peers$veteran, 0.93338603639)
  )
  for (k in known) {
    rows <- k[[1]][names(k[[1]]) != "centre"]
    expect_equal(evaluate_survival("maxcombo", rows)$value, k[[2]], tolerance = 1e-10)
  }
})

test_that("it is the largest of its parts, each by its own variance", {
  rows <- peer_data()$gbsg
  z <- mapply(function(rho, gamma) {
    evaluate_survival("fleming_harrington", rows, c(rho, gamma, 1))$value
  }, c(0, 0, 1, 1), c(0, 1, 0, 1))
  expect_equal(evaluate_survival("maxcombo", rows)$value, max(abs(z)), tolerance = 1e-13)
  expect_equal(evaluate_survival("maxcombo", rows, c(0, 1))$value, abs(z[[2]]), tolerance = 1e-13)
})

test_that("its permutation test lists every arrangement of few patients", {
  rows <- nine_patients
  test <- perm_test(Surv(y, event) ~ g, rows, "maxcombo", method = "exact")
  z <- naive_null(rows, "maxcombo", naive_deals(rows$g == "oth"))
  seen <- naive_statistic("maxcombo", rows)$value
  expect_equal(test$p.value, mean(z >= seen - 1e-9), tolerance = 1e-12)
  expect_identical(test$alternative, "greater")
  refused(perm_test(Surv(y, event) ~ g, rows, "maxcombo", alternative = "less"), "alternative")
  refused(boot_ci(Surv(y, event) ~ g, rows, "maxcombo"), "statistic")
})

test_that("of several groups it lists every arrangement of few patients", {
  rows <- survival_rows_of(c(3, 5, 5, 8, 9, 12, 2), c(1, 1, 0, 1, 1, 0, 1), rep(FALSE, 7))
  rows$g <- factor(rep(c("a", "b", "c"), c(2, 2, 3)))
  test <- perm_test(Surv(y, event) ~ g, rows, "maxcombo", method = "exact")
  values <- apply(naive_orders(as.character(rows$g)), 2, function(given) {
    naive_maxcombo(replace(rows, "g", list(factor(given))))
  })
  expect_equal(unname(test$statistic), naive_maxcombo(rows), tolerance = 1e-10)
  expect_equal(test$p.value, mean(values >= naive_maxcombo(rows) - 1e-9), tolerance = 1e-12)
  expect_identical(test$alternative, "greater")
})

# Of large groups; the difference is that of 1,999 arrangements.
test_that("its permutation test of several groups agrees with the asymptotic one", {
  d <- survival_sets()$colon
  test <- perm_test(Surv(time, status) ~ g, d[d$time < 1500, ], "maxcombo", R = 1999, seed = 1, follow_up = "equal")
  x <- compare_survival(Surv(time, status) ~ g, d[d$time < 1500, ])
  p <- estimate_of(x, "test", "p.value", method = "maxcombo")
  expect_equal(unname(test$statistic), estimate_of(x, "test", "statistic", method = "maxcombo"), tolerance = 1e-9)
  expect_lt(abs(test$p.value - p), 5 * sqrt(p * (1 - p) / 2000))
  expect_match(format(test)[[1]], "MaxCombo chi-squared, between Obs, Lev, Lev+5FU", fixed = TRUE)
  own <- perm_test(Surv(time, status) ~ g, d, stat_maxcombo(c(0, 1), c(0.5, 0)), R = 9, seed = 1)
  expect_match(format(own)[[1]], "MaxCombo chi-squared of FH(0, 0.5), FH(1, 0), between", fixed = TRUE)
})

test_that("the constructor", {
  expect_length(stat_maxcombo()$parameters, 0)
  two <- stat_maxcombo(rho = c(0, 1), gamma = c(0.5, 0))
  expect_identical(two$parameters$pairs, c(0, 0.5, 1, 0))
  expect_identical(two$title, "MaxCombo of FH(0, 0.5), FH(1, 0)")
  refused(stat_maxcombo(rho = 1, gamma = c(0, 1)), "rho")
  refused(stat_maxcombo(rho = double(), gamma = double()), "rho")
  refused(stat_maxcombo(rho = -1, gamma = 0), "rho")
})
