# The exact ratio of odds ratios against all tables written out.

two_tables <- list(
  list(x0 = c(9, 3), n0 = c(34, 12), x1 = c(7, 6), n1 = c(22, 11)),
  list(x0 = c(1, 2), n0 = c(5, 6), x1 = c(4, 1), n1 = c(7, 8)),
  list(x0 = c(6, 1), n0 = c(12, 9), x1 = c(5, 9), n1 = c(10, 12))
)

twin_p <- function(case, kind, theta) {
  all <- do.call(twin_conditional, c(case, theta = theta))
  observed <- all$probability[all$t == case$x1[[2]]]
  if (kind == "zelen") return(min(1, sum(all$probability[all$probability <= observed * (1 + 1e-7)])))
  min(1, 2 * sum(all$probability[all$t <= case$x1[[2]]]), 2 * sum(all$probability[all$t >= case$x1[[2]]]))
}

test_that("p and the ends are those of all tables", {
  for (case in two_tables) {
    tables <- as.data.frame(case)
    for (kind in c("zelen", "exact-central")) {
      for (level in c(0.5, 0.9, 0.95)) {
        found <- exact_contrast(tables, kind, level)
        expect_equal(found$p, twin_p(case, kind, 0), tolerance = 1e-10)
        grid <- seq(-8, 8, by = 0.02)
        accepted <- grid[vapply(grid, twin_p, 0, case = case, kind = kind) > 1 - level]
        expect_lt(abs(found$low - min(accepted)), 0.02)
        expect_lt(abs(found$high - max(accepted)), 0.02)
      }
    }
  }
})

test_that("Zelen's p is that of the test of homogeneity, and the estimate solves its equation", {
  for (case in two_tables) {
    found <- exact_contrast(as.data.frame(case), "zelen", 0.95)
    expect_equal(found$p, do.call(homogeneity_tests, c(case, methods = "zelen"))$p.value, tolerance = 1e-10)
    all <- do.call(twin_conditional, c(case, theta = found$estimate))
    expect_equal(sum(all$t * all$probability), case$x1[[2]], tolerance = 1e-8)
  }
})

test_that("p is below alpha exactly when the interval excludes 1", {
  for (case in two_tables) {
    tables <- as.data.frame(case)
    for (kind in c("zelen", "exact-central")) {
      p <- exact_contrast(tables, kind, 0.95)$p
      if (p == 1) next
      for (level in 1 - p * c(0.99, 1.01)) {
        found <- exact_contrast(tables, kind, min(max(level, 1e-6), 1 - 1e-6))
        expect_identical(found$low > 0 || found$high < 0, p < 1 - level)
      }
    }
  }
})

test_that("ends of the margins are infinite, and margins that fix everything say nothing", {
  extreme <- exact_contrast(data.frame(x0 = c(3, 0), n0 = c(6, 5), x1 = c(0, 4), n1 = c(5, 5)), "zelen", 0.95)
  expect_identical(c(extreme$estimate, extreme$high), c(Inf, Inf))
  expect_true(is.finite(extreme$low))
  nothing <- exact_contrast(data.frame(x0 = c(0, 2), n0 = c(6, 5), x1 = c(0, 4), n1 = c(5, 5)), "zelen", 0.95)
  expect_identical(nothing, list(estimate = NA_real_, low = -Inf, high = Inf, p = 1))
})
