# Columns: outcomes; the first row is the observed one. Large is extreme.
naive_max_t <- function(t, tie = 1e-9) {
  order <- order(-t[1, ])
  p <- numeric(ncol(t))
  for (j in seq_along(order)) {
    largest <- apply(t[, order[j:length(order)], drop = FALSE], 1, max)
    p[order[[j]]] <- mean(largest >= t[1, order[[j]]] - tie)
  }
  p[order] <- cummax(p[order])
  p
}

naive_raw_p <- function(t, tie = 1e-9) {
  apply(t, 2, function(column) vapply(column, function(v) mean(column >= v - tie), 0))
}

naive_min_p <- function(t) naive_max_t(-naive_raw_p(t))
