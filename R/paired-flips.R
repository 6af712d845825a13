# The same tests without large samples. Under the null hypothesis each patient's two classes could have come in either
# order: of the changes between two classes, those that went up are Binomial(changed, 1/2), independently.

# Exact where no step has more values than this.
most_flip_values <- 2e6

# P(T* >= T): a list with p.value and method; NULL where there are too many values.
exact_bowker <- function(table) {
  edges <- discordant_classes(table)
  if (nrow(edges) == 0) return(1)
  value <- 0
  mass <- 1
  for (e in seq_len(nrow(edges))) {
    changed <- edges$up[[e]] + edges$down[[e]]
    up <- seq(0, changed)
    own <- (2 * up - changed)^2 / changed
    if (length(value) * length(own) > most_flip_values) return(NULL)
    added <- as.vector(outer(value, own, `+`))
    # Values that differ by rounding are one.
    summed <- rowsum(as.vector(outer(mass, stats::dbinom(up, changed, 0.5))), signif(added, 12))
    value <- as.double(rownames(summed))
    mass <- summed[, 1]
  }
  flip_tail(value, mass, bowker_statistic(edges$up, edges$up + edges$down))
}

# The differences of the margins are a point of a lattice; `key` numbers the points, and a change moves it by a
# constant.
exact_stuart_maxwell <- function(table) {
  edges <- discordant_classes(table)
  if (nrow(edges) == 0) return(1)
  k <- nrow(table)
  most <- rowSums(table) + colSums(table) - 2 * diag(table)
  place <- c(1, cumprod(2 * most + 1))[seq_len(k)]
  key <- sum(most * place)
  mass <- 1
  for (e in seq_len(nrow(edges))) {
    changed <- edges$up[[e]] + edges$down[[e]]
    if (length(key) * (changed + 1) > most_flip_values) return(NULL)
    up <- seq(0, changed)
    moved <- as.vector(outer(key, (2 * up - changed) * (place[[edges$i[[e]]]] - place[[edges$j[[e]]]]), `+`))
    order <- unique(moved)
    mass <- as.vector(rowsum(as.vector(outer(mass, stats::dbinom(up, changed, 0.5))), match(moved, order)))
    key <- order
  }
  d <- vapply(seq_len(k), function(i) (key %/% place[[i]]) %% (2 * most[[i]] + 1) - most[[i]], key)
  d <- matrix(d, ncol = k)
  form <- stuart_maxwell_form(table)
  own <- d[, form$kept, drop = FALSE]
  flip_tail(rowSums((own %*% form$inverse) * own), mass, stuart_maxwell_test(table)$statistic)
}

flip_tail <- function(value, mass, observed) min(1, sum(mass[value >= observed - 1e-7 * max(observed, 1e-7)]))

# --- through the engine ---------------------------------------------------------------------------------------

# Two rows a discordant pair, before and after, in this order.
pair_rows <- function(table) {
  at <- which(table > 0 & row(table) != col(table), arr.ind = TRUE)
  pairs <- at[rep(seq_len(nrow(at)), table[at]), , drop = FALSE]
  data.frame(
    class = as.vector(t(pairs)), time = factor(rep(c("before", "after"), nrow(pairs)), c("before", "after")),
    pair = rep(seq_len(nrow(pairs)), each = 2)
  )
}

# The two statistics of a table as functions of the rows whose labels are permuted within pairs.
flip_statistic <- function(name, table) {
  k <- nrow(table)
  form <- stuart_maxwell_form(table)
  changed <- table + t(table)
  value <- function(data, weights) {
    kept <- data$time[c(TRUE, FALSE)] == "before"
    first <- data$class[c(TRUE, FALSE)]
    second <- data$class[c(FALSE, TRUE)]
    before <- ifelse(kept, first, second)
    after <- ifelse(kept, second, first)
    if (name == "stuart-maxwell") return(quadratic_value(tabulate(before, k) - tabulate(after, k), form))
    seen <- matrix(tabulate(before + k * (after - 1), k * k), k)
    up <- seen[upper.tri(seen)]
    among <- changed[upper.tri(changed)]
    bowker_statistic(up[among > 0], among[among > 0])
  }
  stat_custom(value, title = name)
}

# perm_test() of the rows with labels swapped within pairs. `cluster` is an expression to it.
paired_perm_test <- function(formula, rows, statistic, how, ...) {
  do.call(perm_test, c(
    list(formula, rows, statistic, cluster = quote(pair), R = how$R, seed = how$seed, threads = how$threads,
      progress = how$progress
    ), list(...)
  ))
}

monte_carlo_flips <- function(name, table, how) {
  paired_perm_test(class ~ time, pair_rows(table), flip_statistic(name, table), how,
    method = "monte_carlo", alternative = "greater"
  )
}

# The most flips that are drawn, changes times R: some seconds.
most_flips <- 2e7

# Exact where it can be, else Monte Carlo (p.interval is its); NULL where there are so many changes that it would take
# long, and the chi-squared is as good.
flip_test <- function(name, table, how) {
  exact <- if (name == "bowker") exact_bowker(table) else exact_stuart_maxwell(table)
  if (!is.null(exact)) return(list(method = paste0(name, "-exact"), p.value = exact))
  if ((sum(table) - sum(diag(table))) * how$R > most_flips) return(NULL)
  test <- monte_carlo_flips(name, table, how)
  list(
    method = paste0(name, "-monte-carlo"), p.value = test$p.value, p.interval = test$p.interval, seed = test$seed
  )
}

# The sum of scores: through the engine's paired form, exact where the engine can be; NULL beyond the patients that it
# takes the exact way for.
score_flip_test <- function(table, scores, how) {
  if (sum(table) - sum(diag(table)) > 25000) return(NULL)
  rows <- pair_rows(table)
  rows$score <- scores[rows$class]
  if (length(unique(rows$score)) < 2) return(list(method = "scores-exact", p.value = 1))
  test <- paired_perm_test(score ~ time, rows, "mean_difference", how)
  monte_carlo <- !is.na(test$R)
  list(
    method = if (monte_carlo) "scores-monte-carlo" else "scores-exact", p.value = test$p.value,
    p.interval = if (monte_carlo) test$p.interval, seed = if (monte_carlo) test$seed
  )
}
