# Exact score intervals, against the p of their naive twin (helper-two_proportions.R).

exact_cases <- data.frame(
  x0 = c(1, 0, 2, 0, 5, 7, 2), n0 = c(5, 8, 3, 4, 8, 9, 3),
  x1 = c(4, 1, 2, 0, 0, 1, 0), n1 = c(6, 8, 5, 6, 8, 7, 3)
)
exact_p <- function(t, effect, side, term, method, tie = 1e-9) {
  score <- if (term == "risk_difference") score_difference else score_ratio
  naive_exact_score(
    t$x0, t$n0, t$x1, t$n1, effect, if (method == "exact-score") "two.sided" else side, score, tie
  )
}

test_that("exact-score limits are the outermost effects that the test does not reject", {
  for (i in seq_len(nrow(exact_cases))) {
    t <- exact_cases[i, ]
    for (term in c("risk_difference", "risk_ratio")) {
      for (method in c("exact-score", "exact-score-central")) {
        row <- row_of(t$x0, t$n0, t$x1, t$n1, term, method)
        alpha <- if (method == "exact-score") 0.05 else 0.025
        scale <- if (term == "risk_difference") identity else log
        back <- if (term == "risk_difference") identity else exp
        ends <- scale(c(row$conf.low, row$conf.high))
        far <- if (term == "risk_difference") c(-1, 1) + c(1, -1) * 1e-6 else ends + c(-4, 4)
        for (end in 1:2) {
          # Effects that are too low are rejected by tables on the upper side.
          p <- function(at, tie = 1e-9) {
            exact_p(t, back(at), if (end == 1) "greater" else "less", term, method, tie)
          }
          if (is.infinite(ends[[end]]) || abs(back(ends[[end]])) == 1) next
          outside <- seq(ends[[end]], far[[end]], length.out = 12)[-1]
          outside[[1]] <- ends[[end]] + (if (end == 1) -1 else 1) * 1e-6
          rejected <- vapply(outside, p, 0) <= alpha * (1 + 1e-6)
          # An end may be a single effect at which tables tie; the package ties within 1e-7.
          accepted <- p(
            ends[[end]] + (if (end == 1) 1e-9 else -1e-9), tie = 2e-7
          ) >= alpha * (1 - 1e-6)
          label <- sprintf("%d/%d %d/%d %s %s end %d", t$x1, t$n1, t$x0, t$n0, term, method, end)
          expect_true(all(rejected), label = paste(label, "outside rejected"))
          expect_true(accepted, label = paste(label, "end accepted"))
        }
      }
    }
  }
})

# An accepted effect beyond a gap of rejected ones: p by the naive twin.
test_that("a gap among the accepted effects does not end an exact interval", {
  expect_gt(
    exact_p(
      data.frame(x0 = 0, n0 = 8, x1 = 1, n1 = 8), -0.269, "greater", "risk_difference",
      "exact-score"
    ),
    0.05
  )
  expect_lte(row_of(0, 8, 1, 8, "risk_difference", "exact-score")$conf.low, -0.269)
})

test_that("an exact interval that has no limit on one side says so", {
  expect_identical(row_of(0, 4, 0, 6, "risk_ratio", "exact-score")$conf.high, Inf)
  expect_identical(row_of(0, 4, 3, 6, "risk_ratio", "exact-score-central")$conf.high, Inf)
  expect_identical(row_of(3, 4, 0, 6, "risk_ratio", "exact-score-central")$conf.low, 0)
})
