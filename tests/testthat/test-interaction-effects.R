# Interactions from counts: hand-worked, against base R, and p-values against intervals.

test_that("Zhang 2026 by hand: difference of differences and ratio of odds ratios", {
  found <- test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, zhang_counts(), effect = names(count_methods))
  # 7/22 - 9/34 - (58/92 - 74/160); sum of p(1 - p)/n
  difference <- 7 / 22 - 9 / 34 - (58 / 92 - 74 / 160)
  error <- sqrt(7 * 15 / 22^3 + 9 * 25 / 34^3 + 58 * 34 / 92^3 + 74 * 86 / 160^3)
  wald <- pick(found, "risk_difference", "wald")
  expect_equal(c(wald$estimate, wald$std.error), c(difference, error))
  expect_equal(wald$conf.low, difference - stats::qnorm(0.975) * error)
  expect_equal(wald$p.value, 2 * stats::pnorm(-abs(difference / error)))
  ratio <- (7 * 25 / (9 * 15)) / (58 * 86 / (74 * 34))
  woolf <- sqrt(sum(1 / c(7, 15, 9, 25, 58, 34, 74, 86)))
  odds <- pick(found, "odds_ratio", "wald")
  expect_equal(c(odds$estimate, odds$std.error), c(ratio, woolf))
  expect_equal(odds$conf.high, ratio * exp(stats::qnorm(0.975) * woolf))
  risks <- pick(found, "risk_ratio", "wald")
  expect_equal(risks$estimate, (7 / 22) / (9 / 34) / ((58 / 92) / (74 / 160)))
  expect_equal(risks$std.error, sqrt(sum(1 / c(7, 9, 58, 74) - 1 / c(22, 34, 92, 160))))
})

test_that("the likelihood-ratio test and its interval are those of stats::glm()", {
  counts <- zhang_counts()
  found <- pick(test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, counts, "odds_ratio"), "odds_ratio",
    "likelihood-ratio")
  full <- stats::glm(cbind(pcr, n - pcr) ~ therapy * her2, stats::binomial(), counts)
  less <- stats::update(full, . ~ therapy + her2)
  test <- stats::anova(less, full, test = "LRT")
  expect_equal(found$statistic, test$Deviance[[2]], tolerance = 1e-7)
  expect_equal(found$p.value, test[["Pr(>Chi)"]][[2]], tolerance = 1e-7)
  # At the ends the deviance of a model with that interaction as offset is the quantile above the full one's.
  product <- with(counts, (therapy == "dual") * (her2 == "2+ISH+"))
  for (end in log(c(found$conf.low, found$conf.high))) {
    held <- stats::glm(cbind(pcr, n - pcr) ~ therapy + her2, stats::binomial(), counts, offset = end * product)
    expect_equal(held$deviance - full$deviance, stats::qchisq(0.95, 1), tolerance = 1e-5)
  }
})

test_that("with three groups each test has two degrees of freedom and glm's value", {
  counts <- counts_of(c(74, 9, 6), c(160, 34, 49), c(58, 7, 13), c(92, 22, 68))
  found <- test_interaction(cbind(event, n - event) ~ therapy * her2, counts)
  full <- stats::glm(cbind(event, n - event) ~ therapy * her2, stats::binomial(), counts)
  less <- stats::update(full, . ~ therapy + her2, control = stats::glm.control(epsilon = 1e-14))
  lr <- pick(found, "odds_ratio", "likelihood-ratio", "test")
  expect_equal(c(lr$statistic, lr$df), c(less$deviance - full$deviance, 2), tolerance = 1e-7)
  # Rao's score test of the terms added
  expect_equal(pick(found, "odds_ratio", "score", "test")$statistic,
    stats::anova(less, full, test = "Rao")$Rao[[2]], tolerance = 1e-6)
  # Cochran's Q of three risk differences
  d <- with(counts, event[4:6] / n[4:6] - event[1:3] / n[1:3])
  v <- with(counts, event * (n - event) / n^3)
  w <- 1 / (v[1:3] + v[4:6])
  expect_equal(pick(found, "risk_difference", "wald", "test")$statistic, sum(w * (d - sum(w * d) / sum(w))^2))
  expect_equal(pick(found, "odds_ratio", "wald", "test")$df, 2)
  expect_setequal(found$estimates$group[found$estimates$term == "interaction"], c("b", "c"))
})

test_that("the score test of a difference agrees with a search over everything", {
  x <- list(x0 = c(2, 1), n0 = c(9, 7), x1 = c(6, 3), n1 = c(8, 10))
  tables <- as.data.frame(x)
  found <- pick(do.call(interaction_of, x), "risk_difference", "score")
  loglik <- function(d) twin_fit("risk_difference", tables[1, ], d)[["loglik"]] +
    twin_fit("risk_difference", tables[2, ], d)[["loglik"]]
  d <- stats::optimize(loglik, c(-0.9, 0.9), maximum = TRUE, tol = 1e-10)$maximum
  p0 <- vapply(1:2, function(k) twin_fit("risk_difference", tables[k, ], d)[["p0"]], 0)
  pearson <- sum(((x$x0 - x$n0 * p0)^2 / (x$n0 * p0 * (1 - p0)))) +
    sum((x$x1 - x$n1 * (p0 + d))^2 / (x$n1 * (p0 + d) * (1 - p0 - d)))
  expect_equal(found$statistic, pearson, tolerance = 1e-5)
})

test_that("newcombe adds the squares of what the four Wilson limits leave", {
  tables <- data.frame(x0 = c(74, 9), n0 = c(160, 34), x1 = c(58, 7), n1 = c(92, 22))
  wilson <- function(x, n) stats::prop.test(x, n, correct = FALSE)$conf.int
  l <- mapply(wilson, c(tables$x0, tables$x1), c(tables$n0, tables$n1))
  p <- c(tables$x0 / tables$n0, tables$x1 / tables$n1)
  # -(p1 - p0) of the first table, + of the second: signs 1, -1, -1, 1
  d <- sum(c(1, -1, -1, 1) * p)
  low <- d - sqrt((p[[1]] - l[1, 1])^2 + (l[2, 2] - p[[2]])^2 + (l[2, 3] - p[[3]])^2 + (p[[4]] - l[1, 4])^2)
  expect_equal(newcombe_contrast(tables, stats::qnorm(0.975))[[1]], low, tolerance = 1e-10)
})

test_that("p is below alpha exactly when the interval of every method excludes no interaction", {
  small <- expand.grid(x0 = c(0, 2, 5), y0 = c(0, 1, 4), x1 = c(0, 3, 6), y1 = c(0, 2, 4))[seq(2, 81, by = 5), ]
  # p-values on both sides of both alphas occur.
  seen <- 0
  for (i in seq_len(nrow(small))) {
    t <- small[i, ]
    for (level in c(0.5, 0.9)) {
      rows <- tidy(interaction_of(c(t$x0, t$y0), c(5, 4), c(t$x1, t$y1), c(6, 4), effect = names(count_methods),
        conf.level = level))
      rows <- rows[rows$term == "interaction" & !is.na(rows$p.value), ]
      null <- ifelse(rows$measure == "risk_difference", 0, 1)
      clear <- abs(rows$p.value - (1 - level)) > 1e-6
      excluded <- rows$conf.low > null | rows$conf.high < null
      bad <- clear & (excluded != (rows$p.value < 1 - level))
      expect(!any(bad), paste("tables", toString(t), toString(rows$method[bad]), toString(rows$measure[bad])))
      expect_true(all(rows$p.value >= 0 & rows$p.value <= 1))
      seen <- seen + sum(rows$p.value < 1 - level)
    }
  }
  expect_gt(seen, 30)
})

test_that("p meets alpha at the level 1 - p", {
  for (method in c("score", "likelihood-ratio", "newcombe", "wald", "zelen", "exact-central")) {
    of <- function(level) {
      x <- interaction_of(c(2, 6), c(11, 12), c(9, 3), c(13, 10), methods = method, conf.level = level,
        effect = if (method == "newcombe") "risk_difference" else "odds_ratio")
      list(p = x$p.value, ends = x$conf.int, null = if (method == "newcombe") 0 else 1)
    }
    p <- of(0.95)$p
    wide <- of(1 - p * 0.999)
    narrow <- of(1 - p * 1.001)
    expect_true(wide$ends[[1]] <= wide$null && wide$ends[[2]] >= wide$null)
    expect_false(narrow$ends[[1]] <= narrow$null && narrow$ends[[2]] >= narrow$null)
  }
})

test_that("swapping therapies, groups or outcomes turns the contrast and leaves p", {
  x <- list(x0 = c(3, 8), n0 = c(15, 14), x1 = c(9, 5), n1 = c(17, 12))
  one <- tidy(do.call(interaction_of, c(x, list(effect = c("risk_difference", "odds_ratio")))))
  one <- one[one$term == "interaction", ]
  groups <- tidy(do.call(interaction_of, c(x, list(ref = c(her2 = "b")))))
  therapies <- tidy(do.call(interaction_of, c(x, list(ref = c(therapy = "yes")))))
  none <- tidy(interaction_of(x$n0 - x$x0, x$n0, x$n1 - x$x1, x$n1))
  for (other in list(groups, therapies, none)) {
    other <- other[other$term == "interaction", ]
    expect_equal(other$p.value, one$p.value, tolerance = 1e-6)
    ratio <- one$measure == "odds_ratio"
    expect_equal(other$conf.low[ratio], 1 / one$conf.high[ratio], tolerance = 1e-5)
    expect_equal(other$conf.low[!ratio], -one$conf.high[!ratio], tolerance = 1e-6)
  }
})

test_that("cells of 0 leave honest answers", {
  found <- interaction_of(c(3, 2), c(10, 8), c(0, 5), c(9, 12), effect = "odds_ratio")
  wald <- pick(found, "odds_ratio", "wald")
  expect_identical(c(wald$estimate, wald$conf.low, wald$conf.high, wald$p.value), c(Inf, 0, Inf, NA))
  lr <- pick(found, "odds_ratio", "likelihood-ratio")
  expect_true(lr$conf.low > 0 && lr$conf.high == Inf && lr$p.value < 1)
  nobody <- interaction_of(c(0, 2), c(10, 8), c(0, 5), c(9, 12))
  score <- pick(nobody, "odds_ratio", "score")
  expect_identical(c(score$conf.low, score$conf.high), c(0, Inf))
  expect_equal(score$p.value, 1, tolerance = 1e-6)
  none <- interaction_of(c(0, 0), c(10, 8), c(0, 0), c(9, 12))
  expect_true(all(tidy(none)$p.value %in% c(NA, 1) | abs(tidy(none)$p.value - 1) < 1e-6))
  expect_false(anyNA(pick(none, "risk_difference", "score")[c("conf.low", "conf.high")]))
})

test_that("large counts keep their precision", {
  found <- interaction_of(c(30000, 20000), c(500000, 400000), c(33000, 20500), c(510000, 390000))
  rows <- tidy(found)
  rows <- rows[rows$measure == "risk_difference" & rows$term == "interaction", ]
  expect_lt(diff(range(rows$conf.low)), 1e-5)
  expect_lt(diff(range(log(rows$p.value))), 0.01)
})
