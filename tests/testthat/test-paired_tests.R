# From an entry of the reference collection to the functions that answer it: rows are before, columns after.
known_paired_value <- function(method, data, quantity) {
  env <- new.env()
  eval(parse(text = data), env)
  if (method == "rd.paired.tango") {
    tab <- env$tab
    level <- if (is.null(env$level)) 0.95 else env$level
    limits <- tango_interval(tab[["b"]], tab[["c"]], sum(tab), level)
    return(limits[[match(quantity, c("lower", "upper"))]])
  }
  if (method != "mcnemar") {
    found <- if (method == "bowker") bowker_test(env$tab) else stuart_maxwell_test(env$tab)
    return(found[[switch(quantity, chisq = "statistic", df = "df", p = "p.value")]])
  }
  found <- mcnemar_tests(env$tab[1, 2], env$tab[2, 1])
  row <- found[found$method == switch(quantity,
    chisq = , p = "mcnemar", chisq_cc = , p_cc = "mcnemar-cc", p_exact = "mcnemar-exact", p_midp = "mcnemar-midp"
  ), ]
  if (grepl("^chisq", quantity)) row$statistic else row$p.value
}

test_that("published paired tests", {
  known <- read.csv(test_path("fixtures", "known_paired.csv"))
  for (i in seq_len(nrow(known))) {
    k <- known[i, ]
    value <- known_paired_value(k$method, k$data, k$quantity)
    expect_known(value, k$expected, k$tol, k$tol_type, k$id, k$quantity, k$source)
  }
})

test_that("every reference value of the shared collection with area paired", {
  file <- known_answers_file()
  skip_if(length(file) == 0, "known_answers.R lies in no folder `shared` above the tests")
  known <- Filter(function(k) k$area == "paired" || k$id == "hostile:mcnemar.bc0", read_known_answers(file))
  expect_gte(length(known), 10)
  for (k in known) {
    for (quantity in names(k$expected)) {
      value <- known_paired_value(k$method, k$data, quantity)
      expect_known(value, k$expected[[quantity]], k$tol, k$tol_type, k$id, quantity, k$source)
    }
  }
})

test_that("no discordant pair: p = 1, without a word", {
  expect_silent(found <- mcnemar_tests(0, 0))
  expect_equal(found$p.value, rep(1, 4))
  table <- diag(c(4, 3, 2))
  expect_silent({
    expect_equal(bowker_test(table)$p.value, 1)
    expect_equal(stuart_maxwell_test(table)$p.value, 1)
    expect_equal(score_change(table, 0:2)$p.value, 1)
    expect_equal(exact_bowker(table), 1)
    expect_equal(exact_stuart_maxwell(table), 1)
  })
})

test_that("McNemar's as base R's", {
  for (counts in list(c(3, 12), c(7, 7), c(0, 5), c(1, 0))) {
    table <- matrix(c(10, counts, 20), 2)
    found <- mcnemar_tests(counts[[2]], counts[[1]])
    p <- stats::setNames(found$p.value, found$method)
    expect_equal(p[["mcnemar"]], stats::mcnemar.test(table, correct = FALSE)$p.value)
    # mcnemar.test corrects no difference of 0.
    expect_equal(p[["mcnemar-cc"]], stats::mcnemar.test(table, correct = TRUE)$p.value)
    expect_equal(p[["mcnemar-exact"]], stats::binom.test(counts[[1]], sum(counts))$p.value)
  }
  # Half of the observed on both sides: twice the one-sided mid-p.
  expect_equal(mcnemar_tests(5, 1)$p.value[[4]], 2 * (1 + 6 / 2) / 64)
  expect_equal(mcnemar_tests(3, 3)$p.value[[4]], 1)
})

test_that("Tango's interval is that of the likelihood searched", {
  cases <- list(c(0, 0, 20), c(0, 5, 30), c(8, 1, 25), c(4, 4, 9), c(0, 12, 12), c(12, 0, 12), c(1, 0, 1))
  for (n in cases) {
    expect_equal(tango_interval(n[[1]], n[[2]], n[[3]], 0.95), naive_tango(n[[1]], n[[2]], n[[3]], 0.95),
      tolerance = 1e-5, info = paste(n, collapse = " ")
    )
  }
  expect_equal(tango_z(8, 1, 25, 0)^2, 49 / 9)
})

test_that("Bowker's as base R's where every pair of classes changed", {
  table <- matrix(c(20, 10, 5, 3, 30, 15, 1, 5, 40), 3, byrow = TRUE)
  peer <- stats::mcnemar.test(table)
  expect_equal(unlist(bowker_test(table)), c(peer$statistic, peer$parameter, peer$p.value), ignore_attr = TRUE)
})

test_that("Stuart and Maxwell's as coin's, and with a singular covariance", {
  table <- matrix(c(20, 10, 5, 3, 30, 15, 1, 5, 40), 3, byrow = TRUE)
  if (requireNamespace("coin", quietly = TRUE)) {
    peer <- coin::mh_test(as.table(table))
    expect_equal(stuart_maxwell_test(table)$statistic, as.double(coin::statistic(peer)), tolerance = 1e-8)
    expect_equal(stuart_maxwell_test(table)$p.value, as.double(coin::pvalue(peer)), tolerance = 1e-8)
  }
  set.seed(20250809)
  for (i in 1:20) {
    sparse <- matrix(rbinom(16, 3, 0.2), 4)
    found <- stuart_maxwell_test(sparse)
    expect_equal(found$statistic, naive_stuart_maxwell(sparse), tolerance = 1e-8)
  }
  # Two parts that no change connects: two degrees of freedom, not three.
  parts <- matrix(0, 4, 4)
  parts[1, 2] <- 5
  parts[4, 3] <- 3
  expect_equal(stuart_maxwell_test(parts)$df, 2)
  expect_equal(stuart_maxwell_test(parts)$statistic, 8)
  # A class that nobody has.
  empty <- rbind(cbind(table, 0), 0)
  expect_equal(stuart_maxwell_test(empty), stuart_maxwell_test(table))
})

test_that("with two classes all are McNemar's", {
  table <- matrix(c(9, 4, 11, 6), 2)
  chi_squared <- mcnemar_tests(11, 4)$statistic[[1]]
  expect_equal(bowker_test(table)$statistic, chi_squared)
  expect_equal(stuart_maxwell_test(table)$statistic, chi_squared)
  expect_equal(score_change(table, 0:1)$statistic^2, chi_squared)
})

test_that("the mean change of scores by hand", {
  # One patient 0 to 2, two 1 to 0, three the same: changes 2, -1, -1, 0, 0, 0.
  table <- matrix(0, 3, 3)
  table[1, 3] <- 1
  table[2, 1] <- 2
  table[2, 2] <- 3
  found <- score_change(table, c(0, 1, 2))
  expect_equal(found$estimate, 0)
  expect_equal(score_change(table, c(0, 1, 4)), list(
    estimate = 2 / 6, statistic = 2 / sqrt(16 + 2), p.value = 2 * stats::pnorm(-2 / sqrt(18))
  ))
})
