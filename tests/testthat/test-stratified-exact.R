test_that("conditional p-values, estimate and limits are those of the enumerated tables", {
  set.seed(20250802)
  for (i in 1:25) {
    k <- random_strata(sample(2:4, 1), 6)
    given <- conditional_strata(k)
    near <- if (given$low < given$high) near_distribution(given)
    found <- conditional_p_values(given, near)
    naive <- naive_common_odds(k, 0.025)
    for (name in names(found)) expect_equal(found[[name]], min(1, naive[[name]]), tolerance = 1e-10, info = name)
    if (given$low == given$high) next
    expect_equal(exp(conditional_log_odds(given)), naive$estimate, tolerance = 1e-8)
    limits <- conditional_limits(given, near, 0.95, "two.sided", 1)
    expect_equal(limits, naive$limits, tolerance = 1e-8)
    midp <- conditional_limits(given, near, 0.95, "two.sided", 1 / 2)
    expect_equal(midp, naive_common_odds(k, 0.025, 1 / 2)$limits, tolerance = 1e-8)
  }
})

test_that("one-sided limits", {
  k <- list(x0 = c(2, 3), n0 = c(8, 9), x1 = c(5, 6), n1 = c(9, 7))
  given <- conditional_strata(k)
  near <- near_distribution(given)
  naive <- naive_common_odds(k, 0.05)$limits
  expect_equal(conditional_limits(given, near, 0.95, "greater", 1), c(naive[[1]], Inf), tolerance = 1e-8)
  expect_equal(conditional_limits(given, near, 0.95, "less", 1), c(0, naive[[2]]), tolerance = 1e-8)
})

test_that("far in the tail p keeps its digits", {
  # One table: P(X >= 60) of a hypergeometric is phyper's, about 1e-25.
  k <- list(x0 = 5, n0 = 100, x1 = 75, n1 = 100)
  given <- conditional_strata(k)
  p <- conditional_p_values(given, near_distribution(given))
  expected <- stats::phyper(74, 100, 100, 80, lower.tail = FALSE)
  expect_lt(expected, 1e-20)
  expect_equal(p[["greater"]], expected, tolerance = 1e-10)
  expect_equal(p[["two.sided"]], 2 * expected, tolerance = 1e-10)
  # Two strata like it: the sum over both, from the list of all tables.
  twice <- lapply(k, rep, 2)
  given <- conditional_strata(twice)
  p <- conditional_p_values(given, near_distribution(given))
  m <- stats::dhyper(0:80, 100, 100, 80)
  both <- outer(m, m)
  sums <- outer(0:80, 0:80, `+`)
  expect_equal(p[["greater"]], sum(both[sums >= 150]), tolerance = 1e-10)
})

test_that("complete separation of large groups has limits", {
  k <- list(x0 = 0, n0 = 1000, x1 = 1000, n1 = 1000)
  given <- conditional_strata(k)
  limits <- conditional_limits(given, near_distribution(given), 0.95, "two.sided", 1)
  expect_equal(limits[[2]], Inf)
  # X = 1000 - j has mass proportional to choose(1000, j)^2 / psi^j, nearly (1e6 / psi)^j / j!^2, whose sum over j is
  # Bessel's I0 of twice the root.
  ratio <- stats::uniroot(function(l) 1 / besselI(2 * sqrt(l), 0) - 0.025, c(1, 50), tol = 1e-10)$root
  expect_equal(log(limits[[1]]), log(1e6 / ratio), tolerance = 1e-3)
})
