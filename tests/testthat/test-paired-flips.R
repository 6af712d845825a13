how <- list(R = 999, seed = 1, threads = NULL, progress = FALSE)

small_tables <- function() {
  set.seed(20250810)
  lapply(1:8, function(i) {
    table <- matrix(0, 3, 3)
    changes <- sample(which(row(table) != col(table)), 9, TRUE)
    for (at in changes) table[at] <- table[at] + 1
    table + diag(c(4, 2, 3))
  })
}

test_that("exact tests are those of every flip", {
  for (table in small_tables()) {
    expect_equal(exact_bowker(table), naive_flip_p(table, naive_bowker), tolerance = 1e-10)
    expect_equal(exact_stuart_maxwell(table), naive_flip_p(table, naive_stuart_maxwell), tolerance = 1e-10)
    scores <- c(0, 1, 3)
    change <- function(t) abs(sum(t * outer(scores, scores, function(a, b) b - a)))
    expect_equal(score_flip_test(table, scores, how)$p.value, naive_flip_p(table, change), tolerance = 1e-10)
  }
})

test_that("with two classes they are the exact McNemar test", {
  table <- matrix(c(3, 2, 9, 5), 2)
  p <- stats::binom.test(2, 11)$p.value
  expect_equal(exact_bowker(table), p)
  expect_equal(exact_stuart_maxwell(table), p)
  expect_equal(score_flip_test(table, 0:1, how)$p.value, p)
})

test_that("classes that no change connects", {
  table <- matrix(0, 4, 4)
  table[1, 2] <- 4
  table[4, 3] <- 3
  # All on one side in both parts: 2 of 2^4 and 2 of 2^3.
  expect_equal(exact_stuart_maxwell(table), 4 / 128)
  expect_equal(exact_bowker(table), 4 / 128)
})

test_that("Monte Carlo finds the exact p, the same for any number of threads", {
  table <- small_tables()[[1]]
  for (name in c("bowker", "stuart-maxwell")) {
    exact <- if (name == "bowker") exact_bowker(table) else exact_stuart_maxwell(table)
    test <- monte_carlo_flips(name, table, modifyList(how, list(R = 4999)))
    # Five standard errors of the binomial.
    expect_lt(abs(test$p.value - exact), 5 * sqrt(exact * (1 - exact) / 4999) + 1 / 5000)
    expect_true(test$p.interval[[1]] <= test$p.value && test$p.value <= test$p.interval[[2]])
    again <- monte_carlo_flips(name, table, modifyList(how, list(R = 4999, threads = 1)))
    expect_identical(again$p.value, test$p.value)
  }
})

test_that("where there are too many values the test is Monte Carlo, and says so", {
  # Forty changes between each two of six classes: more than 2 million values.
  table <- matrix(20, 6, 6)
  table[1, 2] <- 30
  expect_null(exact_stuart_maxwell(table))
  expect_null(exact_bowker(matrix(sample(10:99, 36), 6)))
  found <- flip_test("stuart-maxwell", table, how)
  expect_equal(found$method, "stuart-maxwell-monte-carlo")
  expect_equal(found$seed, 1)
  expect_null(flip_test("stuart-maxwell", 1000 * table, how))
  asymptotic <- stuart_maxwell_test(table)$p.value
  expect_lt(abs(found$p.value - asymptotic), 0.08)
})
