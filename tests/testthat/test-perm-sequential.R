# Sequential stopping. References: loops in base R over the replicates, as the papers define the
# rules (Besag and Clifford 1991; Gandy 2009); binomial tails by pbinom (R 4.2.2).

set.seed(1)
z <- rnorm(40)
shifted <- function(by) numeric_rows(z + rep(c(0, by), each = 20), rep(0:1, each = 20))
none <- shifted(0)
clear <- shifted(2)

sequential <- function(rows, stop, ..., R = 9999, seed = 1) {
  perm_test(y ~ g, rows, "mean_difference", stop = stop, ..., method = "monte_carlo", R = R,
    seed = seed, progress = FALSE
  )
}
fixed <- function(rows, ..., R = 9999, seed = 1) {
  perm_test(y ~ g, rows, "mean_difference", ..., method = "monte_carlo", R = R, seed = seed,
    progress = FALSE
  )
}

# Whether each replicate is at least as extreme; without strata the centre is 0.
exceeds <- function(test) {
  t <- test$replicates
  seen <- test$observed
  switch(test$alternative,
    two.sided = abs(t) >= abs(seen) - 1e-9, greater = t >= seen - 1e-9, less = t <= seen + 1e-9
  )
}

# The limit at which a binomial tail is 2.5%, by bisection.
solve_p <- function(f) stats::uniroot(f, c(0, 1), tol = 1e-14)$root

test_that("Besag and Clifford's test stops at the 20th extreme arrangement", {
  cases <- list(
    list(none, "two.sided"), list(none, "greater"), list(none, "less"),
    list(shifted(1), "two.sided")
  )
  for (case in cases) {
    all <- fixed(case[[1]], alternative = case[[2]])
    l <- 0
    extreme <- 0
    for (one in exceeds(all)) {
      l <- l + 1
      extreme <- extreme + one
      if (extreme == 20) break
    }
    expect_identical(extreme, 20)
    found <- sequential(case[[1]], "besag_clifford", alternative = case[[2]])
    expect_equal(found$R, l)
    expect_identical(found$p.value, 20 / l)
    expect_identical(found$replicates, all$replicates[seq_len(l)])
    expect_equal(found$exceeding, 20)
    # The number of trials up to the 20th success: P(N <= l) and P(N >= l) are 2.5%.
    expect_equal(found$p.interval, c(
      solve_p(function(p) pbinom(19, l, p, lower.tail = FALSE) - 0.025),
      solve_p(function(p) pbinom(19, l - 1, p) - 0.025)
    ), tolerance = 1e-8)
    expect_true(any(grepl("stopped at 20 extreme arrangements", format(found), fixed = TRUE)))
  }
})

test_that("all of the first 20 extreme: p = 1, up to 1", {
  rows <- numeric_rows(c(.2, .1, .5, .5, .1, .1, .6, .5), rep(0:1, each = 4))
  found <- sequential(rows, "besag_clifford")
  expect_equal(found$R, 20)
  expect_identical(found$p.value, 1)
  expect_equal(found$p.interval, c(0.025^(1 / 20), 1))
})

test_that("a test that does not stop is the test of all replicates", {
  for (stop in c("besag_clifford", "gandy")) {
    R <- if (stop == "gandy") 3 else 499
    found <- sequential(clear, stop, R = R)
    all <- fixed(clear, R = R)
    expect_false(found$stop$stopped)
    expect_identical(found$p.value, all$p.value)
    expect_identical(found$p.interval, all$p.interval)
    expect_identical(found$replicates, all$replicates)
    expect_true(any(grepl("not stopped; p is that of all replicates", format(found), fixed = TRUE)))
  }
  expect_identical(sequential(clear, "gandy", R = 3)$stop$verdict, "open")
})

# Gandy's boundaries from their definition: with p = alpha, the chance of having met each by n is at
# most epsilon n / (1000 + n), epsilon = 0.001.
naive_gandy <- function(exceeding, alpha, epsilon = 1e-3) {
  open <- 1 # P(not stopped, S_n = 0, 1, ...)
  low <- 0 # of which S_n = low is the first
  above <- below <- 0
  s <- 0
  for (n in seq_along(exceeding)) {
    open <- c(open * (1 - alpha), 0) + c(0, open * alpha)
    allowed <- epsilon * n / (1000 + n)
    values <- low + seq_along(open) - 1
    # U = min{j: above + P(S >= j) <= allowed}, L = max{j: below + P(S <= j) <= allowed}
    upper <- min(c(values, max(values) + 1)[above + rev(cumsum(c(0, rev(open)))) <= allowed])
    lower <- max(c(low - 1, values)[below + cumsum(c(0, open)) <= allowed])
    s <- s + exceeding[[n]]
    if (s >= upper) return(list(used = n, s = s, verdict = "above"))
    if (s <= lower) return(list(used = n, s = s, verdict = "below"))
    above <- above + sum(open[values >= upper])
    below <- below + sum(open[values <= lower])
    kept <- values > lower & values < upper
    open <- open[kept]
    low <- lower + 1
  }
  list(used = length(exceeding), s = s, verdict = "open")
}

test_that("Gandy's test stops where its boundaries say, and on the right side", {
  for (alpha in c(0.05, 0.01, 0.3)) {
    for (rows in list(none, clear, shifted(0.8))) {
      all <- fixed(rows)
      expected <- naive_gandy(exceeds(all), alpha)
      found <- sequential(rows, "gandy", alpha = alpha)
      expect_identical(found$stop$verdict, expected$verdict)
      expect_equal(found$R, expected$used)
      expect_equal(found$exceeding, expected$s)
      expect_identical(found$replicates, all$replicates[seq_len(expected$used)])
      if (expected$verdict == "open") next
      # p is S / n, but never 0; what is known of it is its side of alpha.
      expect_equal(found$p.value, max(expected$s / expected$used, 1 / (expected$used + 1)))
      side <- if (expected$verdict == "below") c(0, alpha) else c(alpha, 1)
      expect_identical(found$p.interval, side)
    }
  }
  exact <- perm_test(y ~ g, clear, "mean_difference")$p.value
  expect_lt(exact, 1e-4)
  below <- sequential(clear, "gandy")
  expect_identical(below$stop$verdict, "below")
  expect_gt(below$p.value, 0)
  expect_lt(below$p.value, 0.05)
  expect_true(any(grepl("p is at most 0.05", format(below), fixed = TRUE)))
  expect_true(any(grepl("the p shown is an estimate", format(below), fixed = TRUE)))
  expect_gt(perm_test(y ~ g, none, "mean_difference")$p.value, 0.1)
  above <- sequential(none, "gandy")
  expect_identical(above$stop$verdict, "above")
  expect_true(any(grepl("p is above 0.05", format(above), fixed = TRUE)))
})

# Replicates are drawn a thousand at a time; what is drawn after the stop does not count.
test_that("the answer does not depend on R, threads or where the thousands end", {
  rows <- shifted(1)
  all <- fixed(rows, R = 9999)
  expected <- which(cumsum(exceeds(all)) == 20)[[1]]
  expect_gt(expected, 1000)
  same <- function(a, b) {
    fields <- c("p.value", "p.interval", "R", "replicates", "exceeding", "stop")
    expect_identical(a[fields], b[fields])
  }
  for (stop in c("besag_clifford", "gandy")) {
    one <- sequential(rows, stop, threads = 1)
    same(sequential(rows, stop, threads = 2), one)
    same(sequential(rows, stop, R = one$R), one)
    same(sequential(rows, stop, R = one$R + 1), one)
  }
  expect_equal(sequential(rows, "besag_clifford")$R, expected)
})

# P(p <= a) <= a: with p exact below a level, p sequential is too, on average over seeds.
test_that("Besag and Clifford's p is a valid p-value", {
  y <- c(1, 2, 4, 8, 16, 32)
  deals <- naive_deals(rep(c(TRUE, FALSE), each = 3))
  p <- unlist(lapply(1:15, function(seed) {
    apply(rbind(seq_len(20), deals), 2, function(column) {
      sequential(numeric_rows(y, column[-1]), "besag_clifford",
        alternative = "greater", R = 99, seed = 100 * seed + column[[1]]
      )$p.value
    })
  }))
  for (a in c(0.1, 0.2, 0.3, 0.5)) expect_lte(mean(p <= a), a + 4 * sqrt(a * (1 - a) / length(p)))
})

test_that("what does not go with stopping is refused", {
  error <- expect_error(extend(sequential(none, "gandy"), 20000), class = "her2mod_error_input")
  expect_identical(error$arg, "x")
  unstopped <- sequential(clear, "besag_clifford", R = 99)
  expect_error(extend(unstopped, 999), class = "her2mod_error_input")
  refused <- function(..., arg = "stop") {
    error <- expect_error(
      perm_test(y ~ g, none, "mean_difference", ...), class = "her2mod_error_input"
    )
    expect_identical(error$arg, arg)
  }
  refused(stop = "gandy", method = "exact")
  refused(stop = "besag_clifford", midp = TRUE)
  refused(stop = "early")
  for (alpha in list(0, 1, -0.1, NA, "a", c(0.1, 0.2))) {
    refused(stop = "gandy", alpha = alpha, arg = "alpha")
  }
})

test_that("where nothing can change there is nothing to stop", {
  for (stop in c("besag_clifford", "gandy")) {
    found <- perm_test(y ~ g, numeric_rows(rep(1, 6), rep(0:1, 3)), "mean_difference", stop = stop)
    expect_identical(found$p.value, 1)
    expect_true(any(grepl("every arrangement gives the same value", format(found), fixed = TRUE)))
  }
})

test_that("a test with a stopping rule is Monte Carlo, whatever could be exact", {
  found <- perm_test(y ~ g, none, "mean_difference", stop = "gandy", seed = 1)
  expect_match(found$method, "Monte Carlo")
  expect_identical(found$p.value, sequential(none, "gandy")$p.value)
})
