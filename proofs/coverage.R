# Coverage and size of every interval and test of two proportions, by full enumeration: no
# simulation, no Monte Carlo error.
#   make proofs       (or: Rscript proofs/coverage.R, with the package installed; some minutes)
# Writes proofs/COVERAGE.md. Proportions run over .01, .02, ..., .99.

library(her2mod)

grid <- (1:99) / 100
core <- asNamespace("her2mod")
methods <- core$proportion_methods()
methods$index <- seq_len(nrow(methods))

# For every table of a design: one matrix (n0 + 1) x (n1 + 1) of each column, for each method.
all_tables <- function(n0, n1, rows, level = 0.95) {
  cells <- expand.grid(x0 = 0:n0, x1 = 0:n1)
  found <- lapply(seq_len(nrow(cells)), function(i) {
    core$cpp_two_proportions(cells$x0[[i]], n0, cells$x1[[i]], n1, level, "two.sided", rows)
  })
  values <- simplify2array(found)
  function(method, column) matrix(values[match(method, rows), column, ], n0 + 1)
}

masses <- function(n) vapply(grid, function(p) stats::dbinom(0:n, n, p), double(n + 1))

# Probability of `inside(p0, p1)`, a matrix of tables that depends on the effect alone.
coverage <- function(low, high, effect, n0, n1) {
  f0 <- masses(n0)
  f1 <- masses(n1)
  pairs <- expand.grid(i = seq_along(grid), j = seq_along(grid))
  value <- effect(grid[pairs$i], grid[pairs$j])
  # Effects that are equal up to rounding share their matrix.
  key <- signif(value, 12)
  covered <- double(nrow(pairs))
  for (at in split(seq_len(nrow(pairs)), key)) {
    v <- value[at[[1]]]
    inside <- (low <= v + 1e-12) & (high >= v - 1e-12)
    inside[is.na(inside)] <- FALSE
    covered[at] <- colSums(f0[, pairs$i[at], drop = FALSE] * (inside %*% f1[, pairs$j[at], drop = FALSE]))
  }
  covered
}

effects <- list(
  risk_difference = function(p0, p1) p1 - p0,
  risk_ratio = function(p0, p1) p1 / p0,
  odds_ratio = function(p0, p1) p1 * (1 - p0) / (p0 * (1 - p1))
)

summarise <- function(design, term, method, values, what) {
  data.frame(
    design = design, term = term, method = method, what = what,
    mean = sprintf("%.4f", mean(values)),
    extreme = sprintf("%.4f", if (what == "size") max(values) else min(values))
  )
}

one_sample <- function(n) {
  rows <- methods[methods$term == "proportion" & methods$group == 1, ]
  table <- all_tables(n, 1, rows$index)
  f <- masses(n)
  do.call(rbind, lapply(seq_len(nrow(rows)), function(i) {
    low <- table(rows$index[[i]], 2)[, 1]
    high <- table(rows$index[[i]], 3)[, 1]
    inside <- outer(low, grid, `<=`) & outer(high, grid, `>=`)
    summarise(paste("n =", n), "proportion", rows$method[[i]], colSums(f * inside), "coverage")
  }))
}

two_sample <- function(n0, n1) {
  rows <- methods[methods$term %in% names(effects), ]
  table <- all_tables(n0, n1, rows$index)
  design <- paste0(n0, "/", n1)
  do.call(rbind, lapply(seq_len(nrow(rows)), function(i) {
    values <- coverage(table(rows$index[[i]], 2), table(rows$index[[i]], 3), effects[[rows$term[[i]]]], n0, n1)
    summarise(design, rows$term[[i]], rows$method[[i]], values, "coverage")
  }))
}

sizes <- function(n0, n1, level = 0.05) {
  rows <- methods[methods$term == "test", ]
  table <- all_tables(n0, n1, rows$index)
  f0 <- masses(n0)
  f1 <- masses(n1)
  do.call(rbind, lapply(seq_len(nrow(rows)), function(i) {
    rejected <- table(rows$index[[i]], 5) <= level
    rejected[is.na(rejected)] <- FALSE
    summarise(paste0(n0, "/", n1), "test", rows$method[[i]], colSums(f0 * (rejected %*% f1)), "size")
  }))
}

designs <- list(c(10, 10), c(20, 20), c(30, 30), c(10, 30))
table <- rbind(
  do.call(rbind, lapply(c(5, 10, 20, 30), one_sample)),
  do.call(rbind, lapply(designs, function(n) two_sample(n[[1]], n[[2]]))),
  do.call(rbind, lapply(designs, function(n) sizes(n[[1]], n[[2]])))
)
lines <- c(
  "# Coverage of nominal 95% intervals, size of nominal 5% tests", "",
  "By full enumeration of all tables, proportions .01, .02, ..., .99 (`make proofs`). `extreme` is the smallest",
  "coverage or the largest size over the proportions. A ratio or odds ratio that is undefined (no events in either",
  "group) has the interval (0, Inf) and covers. A test without a p-value (variance 0) does not reject.", "",
  paste0("| ", paste(names(table), collapse = " | "), " |"), paste0("|", strrep("---|", ncol(table))),
  apply(table, 1, function(r) paste0("| ", paste(r, collapse = " | "), " |"))
)
writeLines(lines, "proofs/COVERAGE.md")
writeLines(lines)
