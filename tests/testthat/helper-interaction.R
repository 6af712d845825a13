# Counts of interactions, and slow twins of what is computed from them.

# Zhang H et al. 2026 (doi:10.3389/fonc.2026.1799768): pCR with single and dual anti-HER2 therapy
zhang_counts <- function() {
  data.frame(
    her2 = factor(rep(c("3+", "2+ISH+"), each = 2), c("3+", "2+ISH+")),
    therapy = factor(rep(c("single", "dual"), 2), c("single", "dual")),
    pcr = c(74, 58, 9, 7), n = c(160, 92, 34, 22)
  )
}

# One row a combination, of x0/n0 and x1/n1 in groups a, b, ...
counts_of <- function(x0, n0, x1, n1) {
  k <- length(x0)
  data.frame(
    her2 = factor(rep(letters[1:k], 2)), therapy = factor(rep(c("no", "yes"), each = k)),
    event = c(x0, x1), n = c(n0, n1)
  )
}

interaction_of <- function(x0, n0, x1, n1, ...) {
  test_interaction(cbind(event, n - event) ~ therapy * her2, counts_of(x0, n0, x1, n1), ...)
}

# One row a patient.
as_rows <- function(counts, event = "event") {
  long <- rbind(cbind(counts, y = 1, times = counts[[event]]), cbind(counts, y = 0, times = counts$n - counts[[event]]))
  long[rep(seq_len(nrow(long)), long$times), c("her2", "therapy", "y")]
}

pick <- function(x, measure, method, term = "interaction", group = NULL) {
  rows <- tidy(x)
  rows <- rows[rows$measure == measure & rows$method == method & rows$term == term, ]
  if (is.null(group)) rows else rows[rows$group %in% group, ]
}

binomial_loglik <- function(x, n, p) sum(stats::dbinom(x, n, p, log = TRUE))

# p1 at p0 under the effect eta.
twin_p1 <- function(measure, p0, eta) {
  switch(measure,
    risk_difference = p0 + eta, risk_ratio = p0 * exp(eta), odds_ratio = stats::plogis(stats::qlogis(p0) + eta)
  )
}

# The most likely p0 of one table at eta, by a search over [0, 1].
twin_fit <- function(measure, table, eta) {
  loglik <- function(p0) {
    p1 <- twin_p1(measure, p0, eta)
    if (p1 < 0 || p1 > 1) return(-1e10)
    max(-1e10, binomial_loglik(c(table$x0, table$x1), c(table$n0, table$n1), c(p0, p1)))
  }
  range <- switch(measure, risk_difference = c(max(0, -eta), min(1, 1 - eta)), risk_ratio = c(0, min(1, exp(-eta))), c(0, 1))
  found <- stats::optimize(loglik, range, maximum = TRUE, tol = 1e-12)
  c(p0 = found$maximum, loglik = found$objective)
}

# Every distribution that a pair of tables can have given margins and the sum of x1, at theta.
twin_conditional <- function(x0, n0, x1, n1, theta) {
  all <- every_table(x0, n0, x1, n1)
  weight <- all$probability * exp(theta * (all$tables[, 2] - x1[[2]]))
  list(t = all$tables[, 2], probability = weight / sum(weight))
}

every_table <- function(x0, n0, x1, n1) {
  ranges <- Map(function(x0, n0, x1, n1) max(0, x0 + x1 - n0):min(n1, x0 + x1), x0, n0, x1, n1)
  all <- as.matrix(expand.grid(unname(ranges)))
  all <- all[rowSums(all) == sum(x1), , drop = FALSE]
  weight <- apply(all, 1, function(t) prod(choose(n1, t) * choose(n0, x0 + x1 - t)))
  list(tables = all, probability = weight / sum(weight))
}
