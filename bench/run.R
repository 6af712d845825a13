# Exact tests of two proportions: this package and its peers, timed in one run.
#   make bench        (or: Rscript bench/run.R, with the package installed)
# Writes bench/RESULTS.md. Peers that are not installed are left out, and said.

library(her2mod)

# Seconds: the median over `runs` batches, each long enough for the clock.
median_seconds <- function(call, runs = 5, at_least = 0.05) {
  value <- call()
  times <- vapply(seq_len(runs), function(i) {
    repeats <- 0
    start <- proc.time()[["elapsed"]]
    repeat {
      call()
      repeats <- repeats + 1
      taken <- proc.time()[["elapsed"]] - start
      if (taken >= at_least) return(taken / repeats)
    }
  }, 0)
  list(seconds = stats::median(times), p = value)
}

cases <- list(
  study = c(x0 = 211, n0 = 458, x1 = 19, n1 = 117),
  level = c(x0 = 211, n0 = 458, x1 = 42, n1 = 117),
  square = c(x0 = 230, n0 = 512, x1 = 262, n1 = 512)
)
titles <- c(
  study = "211/458 vs 19/117", level = "211/458 vs 42/117", square = "230/512 vs 262/512"
)

ours <- function(test, case, alternative = "two.sided") {
  k <- cases[[case]]
  median_seconds(function() {
    her2mod:::proportion_test_p_values(
      k[["x0"]], k[["n0"]], k[["x1"]], k[["n1"]], test, alternative
    )[[1]]
  })
}

scipy_times <- function() {
  found <- Filter(nzchar, unique(c(Sys.which("python3"), "/usr/bin/python3")))
  for (python in found) {
    out <- suppressWarnings(system2(python, "bench/peers.py", stdout = TRUE, stderr = FALSE))
    if (length(out) == 1 && startsWith(out, "{")) return(parse_flat_json(out))
  }
  NULL
}

# {"name": {"seconds": s, "p": p}, ...}: enough for what peers.py prints.
parse_flat_json <- function(text) {
  version <- sub('.*"version": "([^"]*)".*', "\\1", text)
  entry <- '"([a-z_]+)": \\{"seconds": ([0-9.e-]+), "p": ([0-9.e-]+)\\}'
  hits <- regmatches(text, gregexpr(entry, text))[[1]]
  times <- lapply(hits, function(h) {
    list(seconds = as.double(sub(entry, "\\2", h)), p = as.double(sub(entry, "\\3", h)))
  })
  list(version = version, times = stats::setNames(times, sub(entry, "\\1", hits)))
}

exact_time <- function(test, case) {
  k <- cases[[case]]
  counts <- matrix(c(k[["x0"]], k[["n0"]] - k[["x0"]], k[["x1"]], k[["n1"]] - k[["x1"]]), 2)
  median_seconds(function() {
    Exact::exact.test(counts, method = test, to.plot = FALSE, model = "Binomial",
      cond.row = FALSE, useStoredCSM = FALSE)$p.value
  }, runs = 1, at_least = 0)
}

fisher_core_microseconds <- function() {
  program <- tempfile()
  built <- system2("g++", c("-std=c++17", "-O2", "-Iinst/include", "bench/fisher.cpp", "-o", program))
  if (built != 0) return(NA)
  as.double(system2(program, stdout = TRUE))
}

# Seconds to find every table behind two percentages of a million patients.
recover_seconds <- function() {
  median_seconds(function() {
    nrow(recover_counts(c(a = "46.07", b = "16.24"), total = 1e6, total_events = 3e5))
  }, runs = 3)
}

milliseconds <- function(seconds) formatC(1000 * seconds, digits = 3, format = "g", flag = "#")

# Barnard's p by brute force: the tables with |z| as large, on 50,000 values of the common
# proportion. It can only fall short of the supremum.
grid_barnard <- function(case) {
  k <- cases[[case]]
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

row <- function(work, peer, mine, theirs) {
  data.frame(
    work = work, peer = peer, ours_ms = milliseconds(mine$seconds),
    peer_ms = milliseconds(theirs$seconds), ratio = round(theirs$seconds / mine$seconds),
    p_ours = format(mine$p, digits = 8), p_peer = format(theirs$p, digits = 8)
  )
}

rows <- list()
scipy <- scipy_times()
comparisons <- list(
  c("boschloo", "study"), c("boschloo", "level"), c("barnard", "study"), c("barnard", "level"),
  c("barnard", "square"), c("fisher", "study")
)
for (pair in comparisons) {
  theirs <- scipy$times[[paste(pair, collapse = "_")]]
  if (is.null(theirs)) next
  side <- if (pair[[1]] == "boschloo") "less" else "two.sided"
  rows <- c(rows, list(row(paste0(pair[[1]], " (", side, "), ", titles[[pair[[2]]]]),
    paste("scipy", scipy$version), ours(pair[[1]], pair[[2]], side), theirs)))
}
if (requireNamespace("Exact", quietly = TRUE)) {
  named <- c(boschloo = "boschloo", barnard = "z-pooled")
  for (test in names(named)) {
    rows <- c(rows, list(row(paste0(test, " (two.sided), ", titles[["level"]]),
      paste("Exact", utils::packageVersion("Exact")), ours(test, "level"), exact_time(named[[test]], "level"))))
  }
}
table <- do.call(rbind, rows)

absent <- c(if (is.null(scipy)) "scipy", if (!requireNamespace("Exact", quietly = TRUE)) "Exact")
processor <- grep("model name", readLines("/proc/cpuinfo"), value = TRUE)
lines <- c(
  "# Exact tests of two proportions against their peers", "",
  "Made by `make bench`: all timed in one run, medians; ratio is peer over ours. Ours is timed from R,",
  "call overhead included.", "",
  paste0("| ", paste(names(table), collapse = " | "), " |"),
  paste0("|", strrep("---|", ncol(table))),
  apply(table, 1, function(r) paste0("| ", paste(trimws(r), collapse = " | "), " |")), "",
  paste0(
    "Fisher's test in the core (211/458 against 19..48/117), without R: ",
    fisher_core_microseconds(), " microseconds a table."
  ), "",
  paste0(
    "recover_counts() of two percentages with two digits, a million patients and their events: ",
    format(recover_seconds()$seconds, digits = 2), " s."
  ), "",
  "One definition a row, so p-values that differ mean that a search over the common proportion missed the",
  paste0(
    "supremum. By brute force (50,000 points in R) Barnard's p at ", titles[["level"]], " is at least ",
    format(grid_barnard("level"), digits = 8), "."
  ), "",
  if (length(absent)) paste("Not installed, so left out:", toString(absent)),
  paste0(
    R.version.string, "; her2mod ", utils::packageVersion("her2mod"), "; ",
    if (length(processor)) trimws(sub(".*:", "", processor[[1]])), "; ", format(Sys.Date())
  )
)
writeLines(lines, "bench/RESULTS.md")
writeLines(lines)
