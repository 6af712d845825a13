# MaxCombo of three groups and more: loops over event times, plain Monte Carlo of the normal vector, survival::survdiff.

combo_weights <- list(
  logrank = function(s) 1, `fh(0,1)` = function(s) 1 - s, `fh(1,0)` = function(s) s, `fh(1,1)` = function(s) s * (1 - s)
)

# Scores of all weights and groups, weight after weight, and their covariance. `d` has time, status, g and
# perhaps entry and block.
naive_combo <- function(d) {
  k <- nlevels(d$g)
  if (is.null(d$entry)) d$entry <- -1
  if (is.null(d$block)) d$block <- 1
  score <- numeric(4 * k)
  covariance <- matrix(0, 4 * k, 4 * k)
  for (own in split(d, d$block)) {
    s <- 1
    for (t in sort(unique(own$time[own$status == 1]))) {
      at_risk <- table(own$g[own$entry < t & own$time >= t])
      events <- table(own$g[own$time == t & own$status == 1])
      y <- sum(at_risk)
      e <- sum(events)
      w <- vapply(combo_weights, function(f) f(s), 0)
      score <- score + as.vector(outer(as.vector(events - e * at_risk / y), w))
      share <- as.vector(at_risk / y)
      one <- e * (if (y > 1) (y - e) / (y - 1) else 0) * (diag(share) - outer(share, share))
      covariance <- covariance + kronecker(outer(w, w), one)
      s <- s * (1 - e / y)
    }
  }
  list(score = score, covariance = covariance, k = k)
}

form_of <- function(z, v) {
  e <- eigen(v, symmetric = TRUE)
  keep <- e$values > 1e-10 * e$values[[1]]
  list(df = sum(keep), chi = colSums((crossprod(e$vectors[, keep, drop = FALSE], z))^2 / e$values[keep]))
}
combo_forms <- function(z, naive) {
  lapply(seq_len(4), function(w) {
    at <- (w - 1) * naive$k + seq_len(naive$k)
    v <- naive$covariance[at, at]
    if (max(abs(v)) < 1e-12) NULL else form_of(as.matrix(z)[at, , drop = FALSE], v)
  })
}
smallest_p <- function(forms) {
  forms <- Filter(Negate(is.null), forms)
  do.call(pmin, lapply(forms, function(f) stats::pchisq(f$chi, f$df, lower.tail = FALSE)))
}
# The p-value and its standard error.
simulated_combo_p <- function(naive, seen, n = 40000) {
  e <- eigen(naive$covariance, symmetric = TRUE)
  z <- e$vectors %*% (sqrt(pmax(e$values, 0)) * matrix(stats::rnorm(n * length(e$values)), ncol = n))
  p <- mean(smallest_p(combo_forms(z, naive)) <= seen)
  c(p, sqrt(p * (1 - p) / n))
}

combo_of <- function(x) {
  rows <- tidy(x)
  list(row = rows[rows$method == "maxcombo", ], parts = rows[rows$method %in% names(combo_weights), ], error = x$p.error)
}

veteran_cells <- function() {
  d <- survival::veteran
  data.frame(time = d$time, status = d$status, g = d$celltype, block = d$prior)
}

test_that("the twin's covariance is survdiff's, of one weight", {
  d <- veteran_cells()
  d$block <- NULL
  own <- naive_combo(d)
  for (rho in 0:1) {
    peer <- survival::survdiff(Surv(time, status) ~ g, d, rho = rho)
    at <- 8 * rho + 1:4
    expect_equal(own$covariance[at, at], peer$var, tolerance = 1e-12, ignore_attr = TRUE)
    expect_equal(own$score[at], peer$obs - peer$exp, tolerance = 1e-12, ignore_attr = TRUE)
  }
})

test_that("p is that of the simulated normal vector: three and four groups, strata, late entry, weights", {
  set.seed(31)
  colon <- stats::na.omit(survival_sets()$colon)
  late <- transform(colon, entry = ifelse(seq_along(time) %% 3 == 0, time / 2, 0))
  cells <- veteran_cells()
  cases <- list(
    list(Surv(time, status) ~ g, transform(colon, block = 1)),
    list(Surv(time, status) ~ g | block, colon),
    list(Surv(entry, time, status) ~ g | block, late),
    list(Surv(time, status) ~ g, transform(cells, g = rev(g)[order(time)], block = 1)),
    list(Surv(time, status) ~ g | block, transform(cells, status = status * (time > 20)))
  )
  for (case in cases) {
    x <- suppressWarnings(do.call(compare_survival, unname(case)))
    naive <- naive_combo(case[[2]])
    found <- combo_of(x)
    chi <- vapply(combo_forms(naive$score, naive), `[[`, 0, "chi")
    expect_equal(found$row$statistic, max(chi), tolerance = 1e-9)
    expect_identical(maxcombo_winner(tidy(x)), names(combo_weights)[[which.max(chi)]])
    expect_true(is.na(found$row$df) && is.na(found$row$estimate))
    p <- simulated_combo_p(naive, smallest_p(combo_forms(naive$score, naive)))
    expect_lt(abs(found$row$p.value - p[[1]]), 4 * p[[2]] + found$error + 1e-4)
    expect_lt(found$error, 2e-3 * found$row$p.value)
    expect_gte(found$row$p.value, min(found$parts$p.value))
    expect_lte(found$row$p.value, 4 * min(found$parts$p.value))
  }
})

test_that("a row of weight 3 is three rows, and the same data have the same p", {
  d <- veteran_cells()
  d$n <- rep_len(1:3, nrow(d))
  once <- combo_of(compare_survival(Surv(time, status) ~ g, d, weights = n))
  long <- combo_of(compare_survival(Surv(time, status) ~ g, d[rep(seq_len(nrow(d)), d$n), ]))
  expect_equal(once$row$statistic, long$row$statistic, tolerance = 1e-12)
  expect_equal(once$row$p.value, long$row$p.value, tolerance = 1e-9)
  expect_identical(combo_of(compare_survival(Surv(time, status) ~ g, d, weights = n)), once)
})

test_that("of two groups the quadratic forms are the largest |Z|, to its accuracy", {
  for (d in survival_sets()[c("lung", "veteran", "gbsg")]) {
    x <- compare_survival(Surv(time, status) ~ g, d)
    tests <- survival_tests()
    raw <- cpp_survival(x$cohort, as.matrix(tests[c("family", "rho", "gamma", "t_star")]))$tests
    parts <- match(maxcombo_parts, tests$method)
    seen <- combo_of(x)
    p <- cpp_form_maximum(as.double(raw$joint[parts, parts]), 4L, min(seen$parts$p.value))
    expect_equal(p[[1]], seen$row$p.value, tolerance = 1e-9)
    expect_lte(seen$error, 1e-6 * seen$row$p.value)
  }
})

test_that("weights that coincide are one test", {
  # one event; and all events at one time, with others left: FH(0, 1) and FH(1, 1) have no weight
  one <- data.frame(time = c(1, 2, 3, 4, 5, 6), status = c(1, 0, 0, 0, 0, 0), g = rep(c("a", "b", "c"), 2))
  tied <- data.frame(time = rep(c(5, 9), each = 6), status = rep(1:0, each = 6), g = rep(c("a", "a", "b", "c"), 3))
  for (d in list(one, tied)) {
    x <- suppressWarnings(compare_survival(Surv(time, status) ~ g, d))
    found <- combo_of(x)
    expect_equal(found$row$p.value, found$parts$p.value[found$parts$method == "logrank"], tolerance = 1e-12)
    expect_identical(found$error, 0)
  }
  # by hand: shares 1/3, d = 1, so U = (2/3, -1/3, -1/3) and U' V- U = 2 with 2 df
  x <- suppressWarnings(compare_survival(Surv(time, status) ~ g, one))
  expect_equal(combo_of(x)$row$statistic, 2, tolerance = 1e-12)
  expect_equal(combo_of(x)$row$p.value, exp(-1), tolerance = 1e-12)
})

test_that("a group without events, and a group that is never at risk with the others", {
  set.seed(32)
  d <- transform(veteran_cells(), status = status * (g != "large"))
  d$block <- NULL
  naive <- naive_combo(d)
  found <- combo_of(suppressWarnings(compare_survival(Surv(time, status) ~ g, d)))
  expect_equal(found$row$statistic, max(vapply(combo_forms(naive$score, naive), `[[`, 0, "chi")), tolerance = 1e-9)

  # the third group enters when the others have left: the two-group test, exactly
  pair <- data.frame(entry = 0, survival_sets()$veteran[c("time", "status", "g")])
  third <- transform(pair[1:20, ], entry = 2000, time = 2000 + time, g = 3)
  two <- combo_of(compare_survival(Surv(entry, time, status) ~ g, pair))
  three <- combo_of(suppressWarnings(compare_survival(Surv(entry, time, status) ~ g, rbind(pair, third))))
  expect_equal(three$row$statistic, two$row$statistic^2, tolerance = 1e-9)
  expect_equal(three$row$p.value, two$row$p.value, tolerance = 1e-6)
  expect_identical(three$parts$df, rep(1, 4))
})

test_that("of tests with different degrees of freedom the smallest p-value counts", {
  set.seed(33)
  # c is at risk at the first event only, where FH(0, 1) and FH(1, 1) have no weight
  d <- data.frame(time = c(1, rep(1.5, 7), 2:25), status = c(1, rep(0, 7), rep(1, 24)))
  d$g <- factor(c(rep("c", 8), rep(c("a", "b", "a", "b", "b", "a"), c(5, 1, 6, 5, 4, 3))))
  expect_warning(x <- compare_survival(Surv(time, status) ~ g, d), class = "her2mod_warning_degenerate")
  found <- combo_of(x)
  expect_identical(found$parts$df, c(2, 1, 2, 1))
  winner <- which.min(found$parts$p.value)
  expect_identical(found$row$statistic, found$parts$statistic[[winner]])
  naive <- naive_combo(d)
  p <- simulated_combo_p(naive, min(found$parts$p.value))
  expect_lt(abs(found$row$p.value - p[[1]]), 4 * p[[2]] + found$error)
  expect_match(format(x), "maxcombo: .*chi-squared of the smallest p", all = FALSE)
})

test_that("the print names the winner and the error of p", {
  x <- compare_survival(Surv(time, status) ~ g, survival_sets()$colon)
  expect_match(format(x), "maxcombo: fh\\(1,1\\) +largest chi-squared 12.79 +p = 0.00338 \\(within [0-9.e-]+\\)$", all = FALSE)
  none <- suppressWarnings(compare_survival(Surv(time, status) ~ g, transform(survival_sets()$colon, status = 0)))
  expect_true(is.na(combo_of(none)$row$p.value) && is.na(none$p.error))
})
