# Ends of the table and of the sizes, by hand or by base R 4.2.2.

test_that("no events anywhere: the difference is bounded, the ratios are not, p is 1", {
  rows <- tidy(compare_proportions(c(0, 0), c(10, 20)))
  by <- function(term, column) rows[rows$term == term, column]
  expect_true(all(by("risk_difference", "estimate") == 0))
  expect_true(all(is.na(c(by("risk_ratio", "estimate"), by("odds_ratio", "estimate")))))
  for (term in c("risk_ratio", "odds_ratio")) {
    expect_true(all(by(term, "conf.low") == 0))
    expect_true(all(by(term, "conf.high") == Inf))
  }
  p <- rows[rows$term == "test", ]
  expect_true(all(p$p.value == 1))
})

test_that("a ratio with one zero keeps its limit", {
  up <- tidy(compare_proportions(c(0, 3), c(10, 10)))
  down <- tidy(compare_proportions(c(3, 0), c(10, 10)))
  ratios <- up$term %in% c("risk_ratio", "odds_ratio")
  expect_true(all(up$estimate[ratios] == Inf & up$conf.high[ratios] == Inf))
  expect_true(all(down$estimate[ratios] == 0 & down$conf.low[ratios] == 0))
  expect_identical(
    unlist(up[up$method %in% "katz", c("conf.low", "conf.high")]), c(conf.low = 0, conf.high = Inf)
  )
  expect_identical(
    unlist(up[up$method %in% "woolf", c("conf.low", "conf.high", "p.value")]),
    c(conf.low = 0, conf.high = Inf, p.value = NA)
  )
})

test_that("all against none: an estimated variance of 0 leaves no Wald p, and the print says so", {
  found <- compare_proportions(c(0, 5), c(5, 5))
  wald <- tidy(found)[tidy(found)$method == "wald" & tidy(found)$term == "risk_difference", ]
  expect_identical(c(wald$estimate, wald$conf.low, wald$conf.high, wald$statistic), c(1, 1, 1, Inf))
  expect_identical(wald$p.value, NA_real_)
  expect_true(any(grepl("variance is 0", format(found), fixed = TRUE)))
  # Fisher by hand: 2 / choose(10, 5); Barnard: the two extreme tables at p = 1/2
  expect_equal(row_of(0, 5, 5, 5, "test", "fisher")$p.value, 2 / choose(10, 5), tolerance = 1e-12)
  expect_equal(row_of(0, 5, 5, 5, "test", "barnard")$p.value, 2 / 2^10, tolerance = 1e-9)
})

test_that("one patient against one", {
  equal <- tidy(compare_proportions(c(1, 1), c(1, 1)))
  expect_true(all(equal$p.value[equal$term == "test"] == 1))
  apart <- tidy(compare_proportions(c(0, 1), c(1, 1)))
  # The two tables that are apart, at p = 1/2: 2 * 1/4.
  for (method in c("barnard", "barnard-unpooled", "boschloo")) {
    expect_equal(
      apart$p.value[apart$method == method], if (method == "boschloo") 1 else 0.5, tolerance = 1e-9
    )
  }
  expect_true(all(apart$estimate[apart$term == "risk_difference"] == 1))
})

# By hand: with all events on both sides and d < 0 the likelihood is largest at p0 = 1, so
# S^2 = n1 |d| / (1 + d) and d = -z^2 / (n1 + z^2); the other end with n0. z^2 times N/(N-1) for MN.
test_that("score limits where everyone has the event", {
  for (sizes in list(c(4, 9), c(50, 60), c(1, 400), c(5, 1e6), c(1e6, 1e6))) {
    for (method in c("mee", "miettinen-nurminen")) {
      n <- sum(sizes)
      z2 <- qnorm(0.975)^2 * if (method == "mee") 1 else n / (n - 1)
      row <- row_of(sizes[[1]], sizes[[1]], sizes[[2]], sizes[[2]], "risk_difference", method)
      label <- paste(method, sizes[[1]], sizes[[2]])
      expect_equal(
        row$conf.low, -z2 / (sizes[[2]] + z2), tolerance = 1e-7, label = paste(label, "low")
      )
      expect_equal(
        row$conf.high, z2 / (sizes[[1]] + z2), tolerance = 1e-7, label = paste(label, "high")
      )
    }
  }
})

test_that("a million patients a group: all default methods, close to the normal limit", {
  found <- compare_proportions(c(ref = 300000, oth = 301000), c(1e6, 1e6))
  rows <- tidy(found)
  expect_setequal(
    found$omitted$method,
    c("exact-score", "exact-score-central", "barnard", "barnard-unpooled", "boschloo")
  )
  expect_true(all(is.finite(rows$conf.low[rows$term != "test"])))
  # Wald by hand; everything else agrees with it to the third digit of the half width.
  half <- qnorm(0.975) * sqrt(0.3 * 0.7 / 1e6 + 0.301 * 0.699 / 1e6)
  differences <- rows[rows$term == "risk_difference", ]
  expect_lt(
    max(abs(differences$conf.low - (0.001 - half)), abs(differences$conf.high - (0.001 + half))),
    1.2e-6
  )
  p <- rows$p.value[!is.na(rows$p.value)]
  expect_lt(diff(range(p)), 1e-3)
  expect_equal(rows$p.value[rows$method == "fisher"],
    fisher.test(rbind(c(301000, 699000), c(300000, 700000)))$p.value,
    tolerance = 1e-6
  )
  lines <- format(found)
  expect_match(
    lines[grepl("boschloo", lines)], "exact-score \\(risk difference\\).*boschloo \\(test\\)"
  )
  # There is no asking for what cannot be computed.
  expect_identical(unique(found$omitted$why), "impossible")
  expect_false(any(grepl("Ask with", lines)))
  expect_identical(
    tidy(compare_proportions(c(ref = 300000, oth = 301000), c(1e6, 1e6), methods = "all")), rows
  )
})

test_that("sizes beyond a method are refused, not answered", {
  for (method in c("boschloo", "barnard", "exact-score", "exact-score-central")) {
    expect_error(
      compare_proportions(c(1, 2), c(1e6, 1e6), methods = method), class = "her2mod_error_input"
    )
  }
  expect_error(compare_proportions(c(1, 2), c(1e8, 10)), class = "her2mod_error_input")
})
