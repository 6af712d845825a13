# References: the step-down algorithms as Ge, Dudoit and Speed (2003, Test 12:1, boxes 2 and 4)
# write them, in base R, with the same arrangements seen as labels; statistics from
# helper-numeric.R.

# The arrangements are dealt to the rows sorted by stratum, group and row of the data.
arranged <- function(data, by, strata = NULL, cluster = NULL, R = 199, seed = 1) {
  g <- factor(data[[by]])
  centre <- if (is.null(strata)) rep(1, nrow(data)) else data[[strata]]
  sorted <- order(centre, g)
  rows <- data.frame(g = g, y = 0, centre = centre)
  if (!is.null(cluster)) rows$cluster <- data[[cluster]]
  labels <- cpp_permutation_labels(cohort_of(rows[sorted, ]), seed, 1, R)
  list(data = data[sorted, ], g = g[sorted], centre = centre[sorted], labels = labels)
}

# T - centre and standard error: of the data, and of every arrangement.
naive_values <- function(a, outcome, name) {
  y <- as.double(a$data[[outcome]])
  named <- levels(a$g)
  at <- function(label) {
    found <- naive_statistic(name, data.frame(y = y, g = factor(named[label + 1], named)))
    c(found$value, found$error)
  }
  # T at the expected sum: with strata it need not be that of no effect.
  other <- a$g == named[[2]]
  score <- if (name == "win_probability") rank(y) else y
  expected <- sum(ave(score, a$centre) * ave(as.double(other), a$centre))
  centre <- switch(name,
    risk_difference = naive_at_sum(y, sum(other), "mean_difference", expected),
    median_difference = middle(a, outcome, name),
    naive_at_sum(y, sum(other), name, expected)
  )
  values <- cbind(at(as.integer(other)), apply(a$labels, 2, at))
  list(distance = values[1, ] - centre, error = values[2, ])
}

# Of a statistic that is no function of a sum: 0, or with strata in which the groups' shares differ the median over the
# 999 arrangements of seed 1.
middle <- function(a, outcome, name) {
  share <- tapply(as.integer(a$g), a$centre, mean)
  if (max(share) - min(share) < 1e-9) return(0)
  many <- cpp_permutation_labels(cohort_of(data.frame(g = a$g, y = 0, centre = a$centre)), 1, 1, 999)
  named <- levels(a$g)
  y <- as.double(a$data[[outcome]])
  stats::median(apply(many, 2, function(label) {
    naive_statistic(name, data.frame(y = y, g = factor(named[label + 1], named)))$value
  }))
}

# A p-value for every value of T - centre, the first of them observed: by perm_test()'s exact null distribution, or by rank
# among them.
naive_p <- function(away, test, alternative) {
  if (test$method == "Exact permutation test") {
    null <- tidy(null_distribution(test))
    possible <- null$value - test$centre
    far <- switch(alternative, two.sided = abs, greater = identity, less = function(v) -v)
    p <- vapply(far(away), function(d) sum(null$probability[far(possible) >= d - 1e-9]), 0)
    return(c(test$p.value, p[-1]))
  }
  if (is.null(test$tail)) {
    return(naive_raw_p(cbind(switch(alternative, two.sided = abs(away), greater = away, less = -away)))[, 1])
  }
  pmin(1, 2 * ifelse(away < 0, naive_raw_p(cbind(-away)), naive_raw_p(cbind(away))))
}

naive_westfall_young <- function(data, outcomes, by, names, method,
                                 alternative = "two.sided", strata = NULL, cluster = NULL, ...) {
  a <- arranged(data, by, strata, cluster, ...)
  values <- Map(function(outcome, name) naive_values(a, outcome, name), outcomes, names)
  if (method == "max_t") {
    t <- vapply(values, function(v) {
      away <- switch(alternative, two.sided = abs(v$distance), greater = v$distance, less = -v$distance)
      # No distance is no evidence.
      ifelse(abs(away) < 1e-12, 0, away / v$error)
    }, double(ncol(a$labels) + 1))
    return(list(p.value = apply(t, 2, function(v) naive_raw_p(cbind(v))[[1]]), p.adjusted = naive_max_t(t)))
  }
  data$all <- 1
  data$st <- data[[if (is.null(strata)) "all" else strata]]
  data$cl <- if (is.null(cluster)) seq_len(nrow(data)) else data[[cluster]]
  p <- mapply(function(outcome, name, v) {
    test <- perm_test(stats::reformulate(by, outcome), data, name,
      strata = st, cluster = cl, alternative = alternative, R = 9, seed = 1
    )
    naive_p(v$distance, test, alternative)
  }, outcomes, names, values)
  raw <- unname(p[1, ])
  bounded <- pmax(naive_max_t(-p), raw)
  bounded[order(raw)] <- cummax(bounded[order(raw)])
  list(p.value = raw, p.adjusted = unname(bounded))
}

set.seed(51)
n <- 36
trial <- data.frame(
  arm = sample(rep(c("A", "B"), c(20, 16))), pain = round(rnorm(n), 1), sleep = rlnorm(n),
  alive = rbinom(n, 1, 0.6), centre = sample(rep(1:3, 12)), id = rep(1:18, each = 2)
)
trial$gait <- trial$pain + round(rnorm(n, ifelse(trial$arm == "B", 1.2, 0), 0.7), 1)
trial$ward <- c("A", "B")[c(1, 2, 2, 1, 1, 2, 1, 1, 2, 2, 1, 2, 1, 2, 1, 1, 2, 2)][trial$id]
numeric_outcomes <- c("pain", "sleep", "gait")

adjust <- function(..., R = 199, seed = 1) westfall_young(..., R = R, seed = seed, progress = FALSE)
expect_adjusted <- function(found, expected, label) {
  expect_equal(found$p.value, unname(expected$p.value), label = label)
  expect_equal(found$p.adjusted, unname(expected$p.adjusted), label = label)
}

test_that("adjusted p-values are those of the definition", {
  for (method in c("min_p", "max_t")) {
    for (alternative in alternatives) {
      label <- paste(method, alternative)
      expect_adjusted(
        adjust(trial, numeric_outcomes, "arm", method = method, alternative = alternative),
        naive_westfall_young(
          trial, numeric_outcomes, "arm", rep("mean_difference", 3), method, alternative
        ), label
      )
      # Binary and numeric outcomes, each with a statistic of its own, within strata.
      outcomes <- c("sleep", "alive", "pain", "gait")
      names <- c("median_difference", "risk_difference", "mean_difference", "win_probability")
      expect_adjusted(
        adjust(trial, outcomes, "arm", as.list(names),
          method = method, alternative = alternative, strata = "centre"
        ),
        naive_westfall_young(
          trial, outcomes, "arm", names, method, alternative, strata = "centre"
        ), label
      )
    }
    # Clusters as wholes.
    expect_adjusted(
      adjust(trial, numeric_outcomes, "ward", method = method, cluster = "id"),
      naive_westfall_young(
        trial, numeric_outcomes, "ward", rep("mean_difference", 3), method, cluster = "id"
      ), paste(method, "clusters")
    )
  }
  # A character vector of statistics is a list of them.
  expect_equal(
    adjust(trial, c("pain", "alive"), "arm", c("mean_difference", "risk_difference")),
    adjust(trial, c("pain", "alive"), "arm", list(stat_mean_difference(), stat_risk_difference()))
  )
})

test_that("labels are permuted within clusters that hold both groups", {
  pairs <- trial
  pairs$arm <- c("A", "B")[1 + (seq_len(n) + (pairs$id %% 3 == 0)) %% 2]
  expect_true(all(table(pairs$id, pairs$arm) == 1))
  # A cluster is a stratum.
  within <- adjust(pairs, numeric_outcomes, "arm", cluster = "id")
  expect_adjusted(within, adjust(pairs, numeric_outcomes, "arm", strata = "id"), "pairs")
})

test_that("one outcome is the permutation test with the same seed", {
  # perm_test() sorts rows by response too.
  sorted <- trial[order(trial$arm, trial$gait), ]
  for (alternative in alternatives) {
    for (method in c("min_p", "max_t")) {
      found <- adjust(sorted, "gait", "arm", method = method, alternative = alternative)
      one <- perm_test(gait ~ arm, sorted, "mean_difference", alternative = alternative)
      if (method == "min_p") expect_identical(found$p.value, one$p.value)
      expect_equal(found$estimate, one$statistic[[1]])
      expect_identical(found$p.adjusted, found$p.value)
    }
    # Medians are permuted.
    found <- adjust(sorted, "gait", "arm", "median_difference", alternative = alternative)
    drawn <- perm_test(gait ~ arm, sorted, "median_difference", alternative = alternative, R = 199, seed = 1)
    expect_identical(found$p.value, drawn$p.value)
    expect_identical(found$mc.error, sqrt(found$p.value * (1 - found$p.value) / 199))
  }
  # Ratios are shown as ratios.
  ratio <- adjust(trial, "sleep", "arm", "mean_ratio")
  means <- tapply(trial$sleep, trial$arm, mean)
  expect_equal(ratio$estimate, means[["B"]] / means[["A"]])
  back <- adjust(trial, "sleep", "arm", "mean_ratio", ref = "B")
  expect_equal(back$estimate, means[["A"]] / means[["B"]])
})

test_that("adjusted p-values are at least the raw ones and at most Holm's, nearly", {
  # Holm (1979) bounds min_p if raw p-values are uniform; their grid is 1/200.
  found <- adjust(trial, numeric_outcomes, "arm")
  expect_true(all(found$p.adjusted >= found$p.value))
  expect_true(all(found$p.adjusted <= p.adjust(found$p.value, "holm") + 3 / 200))
  # Copies of one outcome need no adjustment.
  copies <- transform(trial, again = gait * 10 + 3, more = -gait)
  for (method in c("min_p", "max_t")) {
    same <- adjust(copies, c("gait", "again", "more"), "arm", method = method)
    expect_equal(same$p.adjusted, rep(same$p.adjusted[[1]], 3))
    expect_equal(same$p.value, rep(same$p.value[[1]], 3))
    if (method == "min_p") expect_equal(same$p.adjusted, same$p.value)
  }
})

test_that("the order of columns, threads, and other columns change nothing", {
  found <- adjust(trial, numeric_outcomes, "arm", threads = 1)
  back <- adjust(trial[rev(names(trial))], rev(numeric_outcomes), "arm", threads = 2)
  expect_equal(as.data.frame(back)[3:1, ], as.data.frame(found), ignore_attr = TRUE)
  strange <- trial
  names(strange)[names(strange) == "gait"] <- "gait (m/s)"
  strange$T <- strange$c <- 0
  found <- adjust(strange, "gait (m/s)", "arm")
  expect_identical(found$p.value, adjust(trial, "gait", "arm")$p.value)
  if (requireNamespace("tibble", quietly = TRUE)) {
    expect_equal(
      adjust(tibble::as_tibble(trial), numeric_outcomes, "arm"),
      adjust(trial, numeric_outcomes, "arm")
    )
  }
})

test_that("rows with a missing outcome are dropped and counted", {
  gaps <- trial
  gaps$pain[[3]] <- NA
  gaps$sleep[[5]] <- NaN
  gaps$arm[[9]] <- NA
  gaps$id[[11]] <- NA
  found <- adjust(gaps, numeric_outcomes, "arm")
  expect_equal(attr(found, "n_dropped"), 3)
  expect_equal(attr(found, "n"), n - 3)
  complete <- adjust(trial[-c(3, 5, 9), ], numeric_outcomes, "arm")
  expect_equal(found$p.adjusted, complete$p.adjusted)
  expect_true(any(grepl("3 rows with missing values dropped", format(found), fixed = TRUE)))
})

# 0.1 has no exact double: sums of it in different orders differ by rounding.
test_that("an outcome without any difference is no evidence", {
  for (value in c(0.1, 0.3, 1e5 / 3, 0)) {
    for (method in c("min_p", "max_t")) {
      for (alternative in alternatives) {
        constant <- transform(trial, same = value)
        found <- adjust(
          constant, c("same", "gait"), "arm", method = method, alternative = alternative
        )
        expect_identical(found$p.value[[1]], 1)
        expect_identical(found$p.adjusted[[1]], 1)
        # Constant within strata: every arrangement gives one value.
        steps <- transform(trial, same = value * centre)
        found <- adjust(
          steps, c("same", "gait"), "arm",
          method = method, alternative = alternative, strata = "centre"
        )
        expect_identical(found$p.value[[1]], 1)
        expect_identical(found$p.adjusted[[1]], 1)
      }
    }
  }
})

test_that("test statistics and distances are extreme where they are large", {
  three <- transform(trial, arm = rep(c("a", "b", "c"), 12), grade = rep(c("x", "y", "y", "z"), 9))
  found <- adjust(three, c("gait", "grade"), "arm", list("kruskal_wallis", "chi_squared"))
  for (i in 1:2) {
    a <- arranged(three, "arm")
    value <- list(naive_kruskal_wallis, naive_chi_squared)[[i]]
    at <- function(label) {
      column <- a$data[[c("gait", "grade")[[i]]]]
      value(data.frame(y = column, g = factor(label)))[[1]]
    }
    t <- c(at(as.integer(a$g)), apply(a$labels, 2, at))
    expect_equal(found$p.value[[i]], mean(t >= t[[1]] - 1e-9))
  }
  expect_error(
    adjust(three, "grade", "arm", "chi_squared", alternative = "less"),
    class = "her2mod_error_input"
  )
})

test_that("a statistic of one's own", {
  own <- stat_custom(function(data, weights) {
    column <- intersect(c("pain", "gait"), names(data))
    mean(data[[column[[1]]]][data$arm == "B"]) - mean(data[[column[[1]]]][data$arm == "A"])
  })
  found <- adjust(trial[c("arm", "gait")], "gait", "arm", own)
  expect_equal(found$p.value, naive_raw_p(cbind(abs(naive_values(arranged(trial, "arm"), "gait", "mean_difference")$distance)))[[1]])
})

test_that("p-values within strata in which groups' shares differ are those of perm_test()", {
  # The other group is in centre 2: two-sided p is twice the tail.
  shifted <- transform(trial, arm = ifelse(centre == 2, "B", arm), gait = gait + 3 * (centre == 2))
  found <- adjust(shifted, c("gait", "pain"), "arm", "median_difference", strata = "centre", R = 999)
  one <- perm_test(gait ~ arm, shifted[order(shifted$centre, shifted$arm, shifted$gait), ], "median_difference",
    strata = centre
  )
  expect_false(is.null(one$tail))
  expect_match(one$method, "Exact")
  expect_equal(found$p.value[[1]], one$p.value)
  expect_identical(found$mc.error[[1]], 0)
  # More patients than can be listed are drawn, and the error is that of twice a share.
  more <- shifted[rep(seq_len(n), 3), ]
  drawn <- adjust(more, c("gait", "pain"), "arm", "median_difference", strata = "centre", R = 999)
  share <- drawn$p.value[[1]] / 2
  expect_equal(drawn$mc.error[[1]], 2 * sqrt(share * (1 - share) / 999))
})

test_that("statistics without a value in some arrangements, and customs without an error, have their exact p", {
  set.seed(9)
  for (i in 1:42) {
    d <- data.frame(a = rnorm(10), b = rnorm(10), g = rep(c("A", "B"), 5))
    d$b <- d$b + (d$g == "B")
  }
  # No value where the other group holds neither of two patients
  own <- stat_custom(function(data, weights) {
    x <- data$a[data$g == "B"]
    if (any(x == max(data$a[1:2]))) mean(x) - mean(data$a[data$g == "A"]) else NaN
  })
  names <- list("own", "mean_difference")
  chosen <- combn(10, 5)
  of <- function(i) {
    a <- if (max(d$a[1:2]) %in% d$a[i]) abs(mean(d$a[i]) - mean(d$a[-i])) else Inf
    c(a, abs(mean(d$b[i]) - mean(d$b[-i])))
  }
  t <- t(apply(chosen, 2, of))
  seen <- which(apply(chosen, 2, function(i) setequal(i, which(d$g == "B"))))
  expected <- naive_min_p(rbind(t[seen, ], t[-seen, ]))
  found <- westfall_young(d, c("a", "b"), "g", list(own, "mean_difference"), R = 225, seed = 1)
  expect_equal(found$p.value, naive_raw_p(rbind(t[seen, ], t[-seen, ]))[1, ])
  expect_true(all(abs(found$p.adjusted - expected) < 4 * found$mc.error.adjusted + 1e-9))
  expect_equal(westfall_young(d, c("a", "b"), "g", list(own, "mean_difference"), R = 252, seed = 1)$p.adjusted, expected)
})

test_that("a list of statistics with names is matched by them", {
  found <- adjust(trial, c("pain", "alive"), "arm", list(alive = "risk_difference", pain = "median_difference"))
  expect_equal(found, adjust(trial, c("pain", "alive"), "arm", list("median_difference", "risk_difference")), ignore_attr = TRUE)
  expect_error(
    adjust(trial, c("pain", "alive"), "arm", list(a = "risk_difference", pain = "median_difference")),
    class = "her2mod_error_input"
  )
})

# Exchangeable outcomes: to reject where Holm's of exact p-values would, too, was above the level (7.2 in 1,000 data sets more).
test_that("the adjusted p holds its level under the complete null, not cut at Holm's", {
  set.seed(4)
  n <- 400
  smallest <- replicate(n, {
    d <- data.frame(a = sample(1e5, 12) / 7, b = sample(1e5, 12) / 7, g = rep(0:1, each = 6))
    # 924 arrangements, 19 of them drawn
    min(westfall_young(d, c("a", "b"), "g", "win_probability", R = 19, progress = FALSE)$p.adjusted)
  })
  expect_lt(mean(smallest <= 0.05), 0.05 + 3 * sqrt(0.05 * 0.95 / n))
  expect_true(all(smallest >= 1 / 20 - 1e-12))
})

test_that("the least adjusted p that R can show is shown as a bound", {
  apart <- data.frame(a = c(rnorm(20), rnorm(20, 9)), b = rnorm(40), g = rep(c("x", "y"), each = 20))
  found <- adjust(apart, c("a", "b"), "g")
  expect_equal(found$p.adjusted[[1]], 1 / 200)
  expect_match(format(found)[[2]], "adjusted p <= 0.00500", fixed = TRUE)
})

test_that("the result is a data frame that says how it was made", {
  found <- adjust(trial, numeric_outcomes, "arm")
  expect_s3_class(found, c("her2_westfall_young", "data.frame"), exact = TRUE)
  expect_identical(
    names(found), c("outcome", "statistic", "estimate", "p.value", "p.adjusted", "mc.error", "mc.error.adjusted")
  )
  expect_identical(found$outcome, numeric_outcomes)
  lines <- format(found)
  expect_match(lines[[1]], "step-down min p), A, B", fixed = TRUE)
  expect_match(lines[[4]], "gait .*mean difference .* p .* adjusted p ")
  expect_match(lines[[5]], "36 patients; two-sided; R = 199, seed 1; in brackets the Monte Carlo error", fixed = TRUE)
  expect_output(returned <- withVisible(print(found)), "Westfall-Young")
  expect_false(returned$visible)
  set.seed(7)
  free <- adjust(trial, "gait", "arm", seed = NULL)
  set.seed(7)
  expect_identical(adjust(trial, "gait", "arm", seed = NULL), free)
  # What is left of it is a plain data frame.
  expect_s3_class(found[1:2, ], "data.frame", exact = TRUE)
  expect_s3_class(as.data.frame(found), "data.frame", exact = TRUE)
  expect_identical(tidy(found), as.data.frame(found))
  expect_output(print(found[1:2, ]), "sleep")
  expect_output(print(found["p.value"]), "p.value")
})

test_that("wrong input is refused", {
  refused <- function(..., arg, data = trial) {
    error <- expect_error(adjust(data, ...), class = "her2mod_error_input")
    expect_identical(error$arg, arg)
  }
  refused("none", "arm", arg = "outcomes")
  refused(character(), "arm", arg = "outcomes")
  refused(c("pain", "pain"), "arm", arg = "outcomes")
  refused("pain", "none", arg = "by")
  refused("pain", c("arm", "ward"), arg = "by")
  refused("pain", "arm", strata = "none", arg = "strata")
  refused("pain", "arm", cluster = 3, arg = "cluster")
  refused("pain", "arm", method = "holm", arg = "method")
  refused("pain", "arm", alternative = "both", arg = "alternative")
  refused("pain", "arm", "log_rank", arg = "statistic")
  refused(numeric_outcomes, "arm", c("mean_difference", "mean_ratio"), arg = "statistic")
  refused("pain", "arm", "kruskal_wallis", method = "max_t", arg = "method")
  refused("pain", "arm", "risk_difference", arg = "pain")
  for (R in list(0, 1.5, NA)) refused("pain", "arm", R = R, arg = "R")
  refused("pain", "arm", seed = "1", arg = "seed")
  refused("pain", "arm", data = as.list(trial), arg = "data")
  expect_error(adjust(trial[trial$arm == "A", ], "pain", "arm"), class = "her2mod_error_data")
  expect_error(
    adjust(transform(trial, pain = Inf), "pain", "arm"), class = "her2mod_error_data"
  )
  expect_error(adjust(trial, "pain", "arm", "mean_ratio"), class = "her2mod_error_data")
  expect_error(adjust(trial[0, ], "pain", "arm"), class = "her2mod_error_data")
  # No standard error of a ratio 0/0.
  expect_error(
    adjust(transform(trial, zero = 0), c("zero", "sleep"), "arm", "mean_ratio"),
    class = "her2mod_error"
  )
})

test_that("an infinite ratio has a p-value by min p, and by max t a clear error", {
  rows <- data.frame(g = rep(c("a", "b"), each = 12), rare = rep(c(0, 1, 0), c(12, 6, 6)), some = rep(0:1, 12))
  found <- adjust(rows, c("rare", "some"), "g", "odds_ratio", R = 999)
  expect_true(all(is.finite(found$p.value)) && found$p.value[[1]] < 0.05)
  expect_error(adjust(rows, c("rare", "some"), "g", "odds_ratio", method = "max_t"), "rare", class = "her2mod_error_data")
})

test_that("a tau beyond follow-up is refused for one outcome among several too", {
  # a is followed to 6, and dies out; b to 9, censored
  few <- data.frame(size = 1:7, g = rep(c("a", "b"), c(4, 3)))
  few$dfs <- Surv(c(2, 4, 6, 5, 4, 7, 9), c(1, 1, 1, 0, 1, 1, 0))
  both <- function(tau) {
    westfall_young(few, c("dfs", "size"), "g", list(stat_rmst_difference(tau), "mean_difference"), R = 99, seed = 1)
  }
  refused(both(9.5), "tau")
  expect_s3_class(both(9), "her2_westfall_young")
})

test_that("a tau beyond the last time of all is restricted to it, and the print says of which outcome", {
  few <- data.frame(size = 1:7, g = rep(c("a", "b"), c(4, 3)))
  few$dfs <- Surv(c(2, 4, 6, 5, 4, 7, 9), c(1, 1, 1, 0, 1, 1, 1))
  both <- function(tau) {
    westfall_young(few, c("dfs", "size"), "g", list(stat_rmst_difference(tau), "mean_difference"), R = 99, seed = 1)
  }
  expect_warning(x <- both(50), class = "her2mod_warning_tau")
  expect_equal(tidy(x), tidy(both(9)))
  expect_true("  dfs: tau = 50 is beyond the last time, 9: restricted to it" %in% format(x))
})
