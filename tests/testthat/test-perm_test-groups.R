# Several groups. References: every order of the labels listed (helper-perm.R); coin 1.4-2.

test_that("several groups: the share of replicates is that of all orders of the labels", {
  rows <- data.frame(
    y = c(3, 1, 4, 1, 5, 9, 2), g = factor(c("a", "b", "c", "a", "b", "c", "c")),
    centre = rep(1:2, 3:4)
  )
  within <- function() {
    first <- naive_orders(as.character(rows$g[1:3]))
    second <- naive_orders(as.character(rows$g[4:7]))
    pick <- expand.grid(seq_len(ncol(first)), seq_len(ncol(second)))
    rbind(first[, pick[[1]]], second[, pick[[2]]])
  }
  for (name in c("kruskal_wallis", "chi_squared")) {
    for (formula in list(y ~ g, y ~ g | centre)) {
      value <- function(labels) {
        data <- data.frame(y = rows$y, g = factor(labels))
        if (length(formula[[3]]) > 1) data$centre <- rows$centre
        (if (name == "chi_squared") naive_chi_squared else naive_kruskal_wallis)(data)[[1]]
      }
      orders <- if (length(formula[[3]]) > 1) within() else naive_orders(as.character(rows$g))
      t <- apply(orders, 2, value)
      p <- naive_tail(t, value(rows$g), 0, "greater")
      label <- paste(name, deparse1(formula))
      expect_equal(perm_test(formula, rows, name)$p.value, p, label = label)
      drawn <- drawn_test(formula, rows, statistic = name, R = 4999)
      expect_lte(abs(drawn$exceeding / 4999 - p), 5 * sqrt(p * (1 - p) / 4999))
      expect_setequal(round(drawn$replicates, 8), round(t, 8))
    }
  }
})

# coin 1.4-2: both are Monte Carlo, so five joint standard errors.
test_that("coin agrees on several groups, in 1, 4 and 10 strata", {
  skip_if_not_installed("coin")
  set.seed(21)
  R <- 9999
  for (strata in c(1, 4, 10)) {
    n <- 80
    rows <- data.frame(
      g = factor(sample(c("a", "b", "c"), n, TRUE)), block = factor(rep_len(seq_len(strata), n))
    )
    rows$y <- round(rnorm(n) + 0.4 * (rows$g == "b"), 1)
    rows$k <- factor(sample(1:3, n, TRUE, c(5, 3, 2)))
    coin_p <- function(test) {
      as.double(coin::pvalue(test(distribution = coin::approximate(nresample = R))))
    }
    near <- function(p, coins, label) {
      expect_lt(abs(p - coins), 5 * sqrt(2 * coins * (1 - coins) / R) + 1 / R, label = label)
    }
    within <- function(y) if (strata == 1) reformulate("g", y) else reformulate("g | block", y)
    test <- coin::kruskal_test(within("y"), rows)
    near(drawn_test(within("y"), rows, statistic = "kruskal_wallis", R = R)$p.value,
      coin_p(function(...) coin::kruskal_test(within("y"), rows, ...)), paste("kruskal", strata))
    expect_equal(evaluate(cohort_of(transform(rows, centre = block)), "kruskal_wallis")$value,
      as.double(coin::statistic(test)), tolerance = 1e-12)
    near(drawn_test(within("k"), rows, statistic = "chi_squared", R = R)$p.value,
      coin_p(function(...) (if (strata == 1) coin::chisq_test else coin::cmh_test)(within("k"), rows, ...)),
      paste("chi-squared", strata))
    pair <- droplevels(rows[rows$g != "c", ])
    near(
      drawn_test(y ~ g | block, pair, statistic = "mean_difference", R = R)$p.value,
      coin_p(function(...) coin::oneway_test(y ~ g | block, pair, ...)), paste("blocks", strata)
    )
  }
})
