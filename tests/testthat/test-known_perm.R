# Published exact permutation tests, each with its source in fixtures/known_perm.csv; those of the
# shared collection (area perm) that the package computes are checked too where the file is there.
# Not computed here: perm.logrank:* (test-known_survival.R), spearman.exact:R (no group labels).

# The data of an entry as rows: the source's x (or M) is the other group.
known_perm_rows <- function(method, env) {
  paired <- function(d) {
    pair <- rep(seq_along(d), 2)
    data.frame(y = c(rep(0, length(d)), d), g = rep(c("ref", "oth"), each = length(d)), pair = pair)
  }
  rows <- switch(method,
    perm.paired.exact = paired(env$d),
    signrank.exact = paired(with(env, sign(x - y) * rank(abs(x - y)))),
    perm.strat.exact = with(env, data.frame(
      y = y, g = ifelse(g == "M", "oth", "ref"), centre = stratum
    )),
    # Ansari and Bradley's scores, the mean of tied ones.
    ansari.exact.ties = with(env, {
      all <- c(x, y)
      score <- pmin(seq_along(all), rev(seq_along(all)))[rank(all, ties.method = "first")]
      data.frame(y = ave(score, all), g = rep(c("oth", "ref"), c(length(x), length(y))))
    }),
    with(env, data.frame(y = c(x, y), g = rep(c("oth", "ref"), c(length(x), length(y)))))
  )
  rows$g <- factor(rows$g, c("ref", "oth"))
  rows
}

known_perm_statistics <- c(
  perm.meandiff.exact = "mean_difference", perm.paired.exact = "mean_difference",
  signrank.exact = "mean_difference", perm.strat.exact = "mean_difference",
  wilcoxon.exact.ties = "win_probability", ansari.exact.ties = "mean_difference"
)

# What is not a p-value of ours: test statistics, and SAS's doubled smaller tail.
known_perm_left_out <- list(ansari.exact.ties = "p_two")

known_perm_value <- function(method, data, quantity) {
  env <- new.env()
  eval(parse(text = data), env)
  rows <- known_perm_rows(method, env)
  test <- function(...) {
    statistic <- known_perm_statistics[[method]]
    if (!is.null(rows$pair)) return(perm_test(y ~ g, rows, statistic, cluster = pair, ...))
    if (!is.null(rows$centre)) return(perm_test(y ~ g | centre, rows, statistic, ...))
    perm_test(y ~ g, rows, statistic, ...)
  }
  if (quantity == "n_perm") {
    drawn <- test(method = "monte_carlo", R = 1, seed = 1)
    return(cpp_arrangements(resampling_job(drawn)$cohort))
  }
  alternative <- switch(quantity,
    p_two = "two.sided", p_less = "less", p_greater = , p_M_greater = "greater"
  )
  test(method = "exact", alternative = alternative)$p.value
}

test_that("literature values of exact permutation tests", {
  known <- read.csv(test_path("fixtures", "known_perm.csv"))
  installed <- vapply(known$needs, function(p) p == "" || requireNamespace(p, quietly = TRUE), NA)
  for (i in which(installed)) {
    k <- known[i, ]
    value <- known_perm_value(k$method, k$data, k$quantity)
    expect_known(value, k$expected, k$tol, "abs", k$id, k$quantity, k$source)
  }
})

# Fisher (1935), Design of Experiments, section 21: 863 of the 32768 ways to give the differences
# their signs have a sum of at least Darwin's 314.
test_that("Darwin's pairs, by hand", {
  d <- c(49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48)
  p <- known_perm_value("perm.paired.exact", paste("d <-", deparse1(d)), "p_greater")
  expect_equal(32768 * p, 863, tolerance = 1e-12)
})

test_that("every exact permutation test of the shared collection that this package computes", {
  file <- known_answers_file()
  skip_if(length(file) == 0, "known_answers.R lies in no folder `shared` above the tests")
  known <- Filter(function(k) k$area == "perm", read_known_answers(file))
  mapped <- Filter(function(k) k$method %in% names(known_perm_statistics), known)
  expect_gte(length(mapped), 7)
  for (k in mapped) {
    if (!all(vapply(k$needs, requireNamespace, NA, quietly = TRUE))) next
    ours <- grep("^p_|^n_perm$", names(k$expected), value = TRUE)
    for (quantity in setdiff(ours, known_perm_left_out[[k$method]])) {
      value <- known_perm_value(k$method, k$data, quantity)
      expect_known(value, k$expected[[quantity]], k$tol, k$tol_type, k$id, quantity, k$source)
    }
  }
  left <- setdiff(names(known), names(mapped))
  expect_true(all(grepl("^perm[.]logrank|^spearman", left)), label = toString(left))
})
