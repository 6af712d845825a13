# Permutations of the mean difference, and its exact null distribution. p-values of replicates are one-sided: the other
# group's mean as large as observed, (1 + number) / (1 + R).

share_as_large <- function(observed) {
  function(values) (1 + sum(values >= observed - 1e-9 * abs(observed))) / (1 + length(values))
}

mean_difference_of <- function(rows) mean(rows$y[rows$g == "b"]) - mean(rows$y[rows$g == "a"])

our_permutations <- function(rows) {
  job <- resampling_job(perm_test(y ~ g, rows, "mean_difference", method = "monte_carlo", R = 99, seed = 1))
  as_large <- share_as_large(mean_difference_of(rows))
  per_replicate(function(R) her2mod:::evaluate_range(job, 1, R, threads = 1), function(range) as_large(range$values))
}

# Its p-value is number / R.
coin_permutations <- function(rows) {
  run <- function(R) {
    coin::oneway_test(y ~ g, rows, distribution = coin::approximate(nresample = R), alternative = "less")
  }
  per_replicate(run, function(test) as.double(coin::pvalue(test)))
}

# An expert's: the sum of the smaller group says it all.
base_permutations <- function(rows) {
  y <- rows$y
  n1 <- sum(rows$g == "b")
  run <- function(R) vapply(seq_len(R), function(r) sum(y[sample.int(length(y), n1)]), 0)
  per_replicate(run, share_as_large(sum(y[rows$g == "b"])))
}

permutation_rows <- function(designs, scipy) {
  do.call(rbind, lapply(designs, function(design) {
    ours <- our_permutations(design$rows)
    peers <- c(
      if (has_peer("coin")) stats::setNames(list(coin_permutations(design$rows)), peer_name("coin")),
      scipy_peers(scipy, "permutation_mean", design$n),
      list("base R, sample.int()" = base_permutations(design$rows))
    )
    replicate_rows("permutation", "permutation, mean difference", design$n, ours, peers, "p", c(coin = 10, scipy = 40))
  }))
}

# --- exact ---------------------------------------------------------------------------------------------

# exactRankTests takes whole scores, and rounds others to 0, ..., n: both get these. Ours is timed on the responses as
# they are, too.
exact_null_rows <- function(designs, quick) {
  if (quick || !has_peer("exactRankTests")) return(NULL)
  rows <- designs$small$rows
  rows$score <- round((rows$y - min(rows$y)) / (max(rows$y) - min(rows$y)) * nrow(rows))
  theirs <- per_slow_call(function() {
    exactRankTests::perm.test(rows$score[rows$g == "b"], rows$score[rows$g == "a"], exact = TRUE)$p.value
  })
  ours <- function(formula) {
    per_call(function() perm_test(formula, rows, "mean_difference", method = "exact")$p.value)
  }
  row <- function(work, mine, required) {
    comparison("permutation", work, designs$small$n, peer_name("exactRankTests"), mine, theirs, "exact", required)
  }
  rbind(
    row("exact null, whole scores", ours(score ~ g), 50), row("exact null, ours unrounded", ours(y ~ g), NA)
  )
}
