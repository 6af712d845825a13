smd_by_hand <- function(a, b) (mean(b) - mean(a)) / sqrt((var(a) + var(b)) / 2)

test_that("standardised differences are those by hand", {
  rows <- few_patients()
  found <- baseline_of(rows, g)
  smd <- function(term) baseline_row(found, term)$standardised_difference
  expect_equal(smd("size"), smd_by_hand(1:6, 4:9))
  expect_equal(smd("hr"), (4 / 6 - 2 / 6) / sqrt((4 / 6 * 2 / 6 + 2 / 6 * 4 / 6) / 2))
  # Levels 1, 2, 3 are 2, 2, 2 and 0, 2, 4 of six; one level left out (Yang and Dalton 2012).
  p0 <- c(2, 2) / 6
  p1 <- c(0, 2) / 6
  s <- (diag(p0) - tcrossprod(p0) + diag(p1) - tcrossprod(p1)) / 2
  expect_equal(smd("grade"), sqrt(drop(t(p1 - p0) %*% solve(s) %*% (p1 - p0))))
  expect_equal(smd("site"), 0)
})

# kaz-yos/tableone issue 114: groups without a common level were called balanced.
test_that("disjoint levels are infinitely far apart", {
  rows <- data.frame(
    g = rep(c("a", "b"), each = 6), three = factor(rep(c("u", "v", "w", "x"), 3)[c(1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4)]),
    two = rep(c("no", "yes"), each = 6), number = rep(1:2, each = 6)
  )
  found <- baseline_of(rows, g)
  expect_identical(tidy(found)$standardised_difference, c(Inf, Inf, Inf))
  expect_true(any(grepl("Inf", format(found))))
})

test_that("of several groups the pair furthest apart counts", {
  rows <- data.frame(g = rep(c("a", "b", "c"), each = 5), x = c(1:5, 2:6, 11:15), s = rep(c("u", "v", "u", "v", "w"), 3))
  found <- baseline_row(baseline_of(rows, g), "x")
  expect_equal(found$standardised_difference, smd_by_hand(1:5, 11:15))
  expect_identical(found$furthest_apart, "c against a")
  expect_true(is.na(found$estimate))
})

test_that("intervals are those of their methods", {
  rows <- survival::gbsg
  rows$hormon <- factor(rows$hormon, 0:1, c("none", "tamoxifen"))
  found <- baseline_of(rows, hormon, c("meno", "size", "grade"), summary = "median", types = c(grade = "ordered"))
  ends <- function(row) c(row$conf.low, row$conf.high)
  counts <- table(rows$hormon, rows$meno)
  events <- c(none = counts[1, 2], tamoxifen = counts[2, 2])
  peer <- tidy(compare_proportions(events, rowSums(counts), methods = "miettinen-nurminen"))
  expect_equal(ends(baseline_row(found, "meno")), ends(peer[peer$term == "risk_difference", ]))
  newcombe <- baseline_of(rows, hormon, "meno", interval = "newcombe")
  peer <- tidy(compare_proportions(events, rowSums(counts), methods = "newcombe"))
  expect_equal(ends(tidy(newcombe)), ends(peer))
  size <- baseline_row(found, "size")
  expect_equal(size$estimate, diff(tapply(rows$size, rows$hormon, median))[[1]])
  expect_equal(ends(size), ends(tidy(boot_ci(size ~ hormon, rows, "median_difference", type = "perc"))))
  # Mann and Whitney's U by stats, DeLong's error by its definition.
  by <- split(rows$grade, rows$hormon)
  wins <- outer(by[[2]], by[[1]], function(b, a) (b > a) + (b == a) / 2)
  grade <- baseline_row(found, "grade")
  expect_equal(grade$estimate, mean(wins))
  error <- sqrt(var(rowMeans(wins)) / nrow(wins) + var(colMeans(wins)) / ncol(wins))
  expect_equal(ends(grade), mean(wins) + c(-1, 1) * qnorm(0.975) * error)
})

test_that("many patients' medians have Maritz and Jarrett's interval", {
  rows <- data.frame(g = rep(c("a", "b"), 3000), x = (seq_len(6000) * 7919) %% 5003)
  row <- tidy(baseline_of(rows, g, summary = "median", adjust = "none", method = "asymptotic"))
  by <- split(rows$x, rows$g)
  expected <- naive_quantile_difference(by[[1]], by[[2]], 0.5)
  expect_equal(c(row$estimate, row$std.error), expected)
  expect_equal(row$conf.high, expected[[1]] + qnorm(0.975) * expected[[2]])
  expect_identical(row$interval, "Maritz-Jarrett")
})

test_that("where nothing varies there is no interval", {
  rows <- data.frame(g = rep(c("a", "b"), each = 4), x = rep(c(1, 2), each = 4), o = ordered(rep(c(1, 2, 3), c(4, 2, 2))))
  found <- baseline_of(rows, g, summary = "mean")
  expect_identical(tidy(found)$conf.low, c(NA_real_, NA_real_))
  expect_equal(tidy(found)$estimate, c(1, 1))
})
