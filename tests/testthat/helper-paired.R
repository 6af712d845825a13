# Naive twins of paired tests.

# A table's discordant pairs, one row each: the classes before and after.
discordant_pairs <- function(table) {
  at <- which(row(table) != col(table) & table > 0, arr.ind = TRUE)
  at[rep(seq_len(nrow(at)), table[at]), , drop = FALSE]
}

# Every way to swap the classes of the discordant pairs: the tables.
all_flips <- function(table) {
  pairs <- discordant_pairs(table)
  flips <- as.matrix(expand.grid(rep(list(c(FALSE, TRUE)), nrow(pairs))))
  lapply(seq_len(nrow(flips)), function(i) {
    flipped <- pairs
    flipped[flips[i, ], ] <- flipped[flips[i, ], 2:1]
    out <- diag(diag(table))
    for (j in seq_len(nrow(flipped))) out[flipped[j, 1], flipped[j, 2]] <- out[flipped[j, 1], flipped[j, 2]] + 1
    out
  })
}

# Moore-Penrose, so that a singular covariance needs no choice of classes.
naive_stuart_maxwell <- function(table) {
  d <- rowSums(table) - colSums(table)
  v <- -(table + t(table))
  diag(v) <- rowSums(table) + colSums(table) - 2 * diag(table)
  e <- eigen(v, symmetric = TRUE)
  good <- e$values > 1e-9 * max(e$values, 1)
  sum((crossprod(e$vectors[, good, drop = FALSE], d))^2 / e$values[good])
}

naive_bowker <- function(table) {
  up <- table[upper.tri(table)]
  down <- t(table)[upper.tri(table)]
  sum(((up - down)^2 / (up + down))[up + down > 0])
}

naive_flip_p <- function(table, statistic) {
  values <- vapply(all_flips(table), statistic, 0)
  mean(values >= statistic(table) - 1e-9)
}

# Tango (1998): the score with the nuisance parameter found by search.
naive_tango <- function(gained, lost, n, level) {
  z <- function(delta) {
    log_likelihood <- function(q) {
      # P(lost) = q, P(gained) = q + delta, the rest concordant.
      term <- function(count, p) if (count == 0) 0 else count * log(pmax(p, 1e-300))
      term(gained, q + delta) + term(lost, q) + term(n - gained - lost, 1 - 2 * q - delta)
    }
    range <- c(max(0, -delta), (1 - delta) / 2)
    q <- stats::optimize(log_likelihood, range, maximum = TRUE, tol = 1e-13)$maximum
    ends <- vapply(range, log_likelihood, 0)
    if (max(ends) >= log_likelihood(q)) q <- range[[which.max(ends)]]
    (gained - lost - n * delta) / sqrt(n * (2 * q + delta * (1 - delta)))
  }
  at <- stats::qnorm((1 + level) / 2)
  estimate <- (gained - lost) / n
  small <- 1e-9
  end <- function(target, low, high) {
    if (high - low < 3 * small) return(low)
    f <- function(delta) z(delta) - target
    stats::uniroot(f, c(low + small, high - small), tol = 1e-11)$root
  }
  c(if (estimate <= -1) -1 else end(at, -1, estimate), if (estimate >= 1) 1 else end(-at, estimate, 1))
}
