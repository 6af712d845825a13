# Exact tests of counts. References: every arrangement listed (helper-perm.R); stats::fisher.test
# one-sided and stats::dhyper (R 4.2.2); coin 1.4-2 (fixtures/permutation_coin.csv, made by
# tests/reference/permutation_coin.R).

test_that("exact p-values are those of every arrangement listed", {
  designs <- list(
    list(a = c(1, 4, 3, 4)), list(a = c(2, 7, 4, 5)),
    list(a = c(0, 5, 3, 6)), list(a = c(3, 6, 3, 6)),
    list(a = c(5, 5, 2, 7)), list(a = c(0, 1, 4, 9)),
    list(a = c(1, 3, 2, 4), b = c(0, 2, 3, 5)), list(
      a = c(2, 2, 1, 3), b = c(1, 4, 2, 2), c = c(0, 1, 1, 2)
    ),
    list(a = c(1, 3, 2, 3), b = c(1, 2, 0, 1)), list(a = c(1, 1, 0, 4), b = c(2, 5, 3, 3))
  )
  for (design in designs) {
    rows <- centre_rows(design)
    for (name in c("risk_difference", "risk_ratio", "odds_ratio")) {
      for (alternative in alternatives) {
        expect_equal(p_of(y ~ g | centre, rows, name, alternative = alternative),
          naive_permutation_p(rows, name, alternative),
          tolerance = 1e-10, label = paste(name, alternative, toString(unlist(design)))
        )
      }
    }
  }
})

test_that("every small table: the difference without strata is Fisher's one-sided test", {
  for (i in seq_len(nrow(tables <- all_tables(c(2, 5), 4)))) {
    t <- tables[i, ]
    rows <- patient_rows(t$x0, t$n0, t$x1, t$n1)
    counts <- rbind(c(t$x1, t$n1 - t$x1), c(t$x0, t$n0 - t$x0))
    for (alternative in c("less", "greater")) {
      expect_equal(
        p_of(y ~ g, rows, alternative = alternative),
        fisher.test(counts, alternative = alternative)$p.value, tolerance = 1e-9
      )
    }
  }
})

# The three effects order the tables of fixed margins in the same way.
test_that("one-sided p does not depend on the effect", {
  rows <- patient_rows(6, 49, 13, 68)
  p <- vapply(
    c("risk_difference", "risk_ratio", "odds_ratio"),
    function(name) p_of(y ~ g, rows, name, alternative = "greater"), 0
  )
  expect_equal(unname(p), rep(p[[1]], 3), tolerance = 1e-12)
})

# P(|X - E X| >= |x - E X|) for the difference without strata, by dhyper.
test_that("two-sided p counts arrangements at least as far from the expected table", {
  for (t in list(c(6, 49, 13, 68), c(211, 458, 19, 117), c(1, 7, 4, 5), c(3, 30, 30, 60))) {
    rows <- do.call(patient_rows, as.list(t))
    m <- t[[1]] + t[[3]]
    k <- max(0, m - t[[2]]):min(m, t[[4]])
    mass <- dhyper(k, t[[4]], t[[2]], m)
    centre <- m * t[[4]] / (t[[2]] + t[[4]])
    expect_equal(
      p_of(y ~ g, rows), sum(mass[abs(k - centre) >= abs(t[[3]] - centre) - 1e-9]),
      tolerance = 1e-10
    )
  }
})

test_that("coin agrees: exactly without strata, within its Monte Carlo error with them", {
  peer <- read.csv(test_path("fixtures", "permutation_coin.csv"))
  # The designs of the script.
  cases <- list(
    dual = list(one = c(6, 49, 13, 68)), small = list(one = c(1, 7, 4, 5)),
    centres = list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40))
  )
  for (i in seq_len(nrow(peer))) {
    p <- p_of(
      y ~ g | centre, centre_rows(cases[[peer$case[[i]]]]), alternative = peer$alternative[[i]]
    )
    expect_lt(
      abs(p - peer$p.value[[i]]), 4 * peer$mc.error[[i]] + 1e-9,
      label = paste(peer$case[[i]], peer$alternative[[i]])
    )
  }
})

test_that("the exact null distribution adds to 1 and has the hypergeometric mean and variance", {
  null <- perm_test(
    y ~ g | centre, centre_rows(list(a = c(4, 20, 9, 16), b = c(12, 30, 22, 40)))
  )$null
  expect_equal(sum(null$probability), 1, tolerance = 1e-12)
  mean <- 13 * 16 / 36 + 34 * 40 / 70
  variance <- 13 * 16 * 20 * 23 / (36^2 * 35) + 34 * 40 * 30 * 36 / (70^2 * 69)
  expect_equal(sum(null$probability * null$x1), mean, tolerance = 1e-11)
  expect_equal(sum(null$probability * (null$x1 - mean)^2), variance, tolerance = 1e-10)
})

test_that("a thousand strata and ten thousand patients are exact", {
  set.seed(8)
  centre <- rep(1:1000, each = 10)
  rows <- data.frame(
    centre, g = factor(rep(c("ref", "oth"), 5000), c("ref", "oth")), y = rbinom(10000, 1, 0.3)
  )
  found <- perm_test(y ~ g | centre, rows)
  # by the normal limit with the hypergeometric moments
  m <- tapply(rows$y, centre, sum)
  x1 <- sum(rows$y[rows$g == "oth"])
  z <- (x1 - sum(m) / 2) / sqrt(sum(m * (10 - m) * 25 / (100 * 9)))
  expect_lt(
    abs(found$p.value - 2 * pnorm(-abs(z) + 0.5 / sqrt(sum(m * (10 - m) * 25 / 900)))), 2e-3
  )
})
