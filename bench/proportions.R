# Exact tests of two proportions. One definition a row.

proportion_cases <- list(
  study = c(x0 = 211, n0 = 458, x1 = 19, n1 = 117),
  level = c(x0 = 211, n0 = 458, x1 = 42, n1 = 117),
  square = c(x0 = 230, n0 = 512, x1 = 262, n1 = 512)
)

case_title <- function(case) {
  k <- proportion_cases[[case]]
  paste0(k[["x0"]], "/", k[["n0"]], " vs ", k[["x1"]], "/", k[["n1"]])
}

case_size <- function(case) sum(proportion_cases[[case]][c("n0", "n1")])

our_proportion_test <- function(test, case, alternative = "two.sided") {
  k <- proportion_cases[[case]]
  per_call(function() {
    her2mod:::proportion_test_p_values(
      k[["x0"]], k[["n0"]], k[["x1"]], k[["n1"]], test, alternative
    )[[1]]
  })
}

proportion_row <- function(test, alternative, case, peer, theirs) {
  work <- paste0(test, " (", alternative, "), ", case_title(case))
  comparison("exact tests of proportions", work, case_size(case), peer,
    our_proportion_test(test, case, alternative), theirs, "exact")
}

proportion_rows <- function(scipy, quick) {
  compared <- list(
    c("boschloo", "less", "study"), c("boschloo", "less", "level"), c("barnard", "two.sided", "study"),
    c("barnard", "two.sided", "level"), c("barnard", "two.sided", "square"), c("fisher", "two.sided", "study")
  )
  with_scipy <- lapply(compared, function(what) {
    peers <- scipy_peers(scipy, paste(what[[1]], what[[3]], sep = "_"), case_size(what[[3]]))
    do.call(rbind, lapply(names(peers), function(peer) {
      proportion_row(what[[1]], what[[2]], what[[3]], peer, peers[[peer]])
    }))
  })
  do.call(rbind, c(with_scipy, if (!quick) exact_package_rows()))
}

exact_package_rows <- function() {
  if (!has_peer("Exact")) return(NULL)
  named <- c(boschloo = "boschloo", barnard = "z-pooled")
  lapply(names(named), function(test) {
    proportion_row(test, "two.sided", "level", peer_name("Exact"), exact_package_test(named[[test]], "level"))
  })
}

exact_package_test <- function(test, case) {
  k <- proportion_cases[[case]]
  counts <- matrix(c(k[["x0"]], k[["n0"]] - k[["x0"]], k[["x1"]], k[["n1"]] - k[["x1"]]), 2)
  per_slow_call(function() {
    Exact::exact.test(counts, method = test, to.plot = FALSE, model = "Binomial", cond.row = FALSE,
      useStoredCSM = FALSE)$p.value
  })
}

# --- beside the table -----------------------------------------------------------------------------

fisher_core_microseconds <- function() {
  program <- compile("fisher.cpp")
  if (is.null(program)) NA else as.double(system2(program, stdout = TRUE))
}

# Seconds to find every table behind two percentages of a million patients.
recover_seconds <- function() {
  per_call(function() nrow(recover_counts(c(a = "46.07", b = "16.24"), total = 1e6, total_events = 3e5)), 3)$seconds
}

# Barnard's p by brute force: the tables with |z| as large, on 50,000 values of the common proportion. It can only
# fall short of the supremum.
grid_barnard <- function(case) {
  k <- proportion_cases[[case]]
  x0 <- 0:k[["n0"]]
  x1 <- 0:k[["n1"]]
  pooled_z <- function(a, b) {
    p <- (a + b) / (k[["n0"]] + k[["n1"]])
    z <- (b / k[["n1"]] - a / k[["n0"]]) / sqrt(p * (1 - p) * (1 / k[["n0"]] + 1 / k[["n1"]]))
    abs(ifelse(is.nan(z), 0, z))
  }
  inside <- outer(x0, x1, pooled_z) >= pooled_z(k[["x0"]], k[["x1"]]) * (1 - 1e-7)
  p <- sin(seq(0.5, 49999.5) / 50000 * pi / 2)^2
  f0 <- vapply(p, function(q) stats::dbinom(x0, k[["n0"]], q), double(length(x0)))
  f1 <- vapply(p, function(q) stats::dbinom(x1, k[["n1"]], q), double(length(x1)))
  max(colSums(f0 * (inside %*% f1)))
}

proportion_notes <- function() {
  c(
    paste0(
      "Fisher's test in the core (211/458 against 19..48/117), without R: ", fisher_core_microseconds(),
      " microseconds a table. recover_counts() of two percentages with two digits, a million patients and their ",
      "events: ", format(recover_seconds(), digits = 2), " s."
    ),
    paste0(
      "p-values of exact tests that differ mean that a search over the common proportion missed the supremum. By ",
      "brute force (50,000 points in R) Barnard's p at ", case_title("level"), " is at least ",
      format(grid_barnard("level"), digits = 8), "."
    )
  )
}
