# From SIGINT to the handler in R: the package promises 0.2 s. Each line is one kind of work, repeated
# without end in a process of its own and interrupted at a random moment, 20 times.
#   Rscript proofs/interrupt.R [times]     (with the package installed; about 20 minutes)
# Writes proofs/INTERRUPT.md. To be run on an idle machine: what other processes take is counted.

library(her2mod)
source("tests/testthat/helper-interrupt.R")

times <- as.integer(c(commandArgs(TRUE), "20")[[1]])

mean_of <- quote(stat_custom(function(data, weights) sum(weights * data$y) / sum(weights)))
boot <- function(statistic, ...) as.call(list(quote(boot_ci), quote(y ~ g), quote(rows), statistic, ...))
perm <- function(statistic, ...) as.call(list(quote(perm_test), quote(y ~ g), quote(rows), statistic, ...))

# n, the share of a second or the seconds within which the interrupt comes, and the work.
work <- list(
  list("bootstrap, 1 thread", 1e3, 1, boot("mean_difference", type = "perc", R = 1e7, threads = 1)),
  list("bootstrap, 2 threads", 1e3, 1, boot("mean_difference", type = "perc", R = 1e7, threads = 2)),
  list("bootstrap, 2 threads, progress shown", 1e3, 1,
    boot("mean_difference", type = "perc", R = 1e7, threads = 2, progress = TRUE)
  ),
  list("bootstrap-t by the jackknife, 2 threads", 1e3, 1,
    boot("win_probability", type = "stud", R = 1e6, threads = 2)
  ),
  list("bootstrap of a custom statistic", 1e3, 1, boot(mean_of, type = "perc", R = 1e6)),
  list("permutation, 1 thread", 1e3, 1, perm("median_difference", R = 1e7, threads = 1)),
  list("permutation, 2 threads", 1e3, 1, perm("median_difference", R = 1e7, threads = 2)),
  list("exact permutation test, 100 patients, a single call of 13 s", 100, 12,
    perm("mean_difference", method = "exact")
  ),
  list("exact permutation test, 20,000 patients", 2e4, 3, perm("mean_difference", method = "exact")),
  list("exact bootstrap of means, 2,000 patients", 2e3, 3,
    boot("mean_difference", type = "perc", method = "exact")
  ),
  list("exact bootstrap of means, 20,000 patients in 20 strata", 2e4, 3,
    boot("mean_difference", type = "perc", method = "exact", strata = quote(rep_len(1:20, length(y))))
  ),
  list("exact bootstrap of medians, 20,000 patients", 2e4, 3, boot("median_difference", type = "bca")),
  list("exact bootstrap of medians, 20,000 patients in 4 strata", 2e4, 10,
    boot("median_difference", type = "perc", method = "exact", strata = quote(rep_len(1:4, length(y))))
  ),
  list("exact bootstrap-t of risks, 3,000 patients", 3e3, 1,
    quote(boot_ci(y > 3000 ~ g, rows, "risk_difference", type = "stud"))
  ),
  list("exact score interval, 6,000 patients", 10, 3,
    quote(compare_proportions(c(900, 1000), c(3000, 3000), methods = "exact-score"))
  ),
  list("Boschloo's test, 10,000 patients", 10, 1,
    quote(compare_proportions(c(1900, 2000), c(5000, 5000), methods = "boschloo"))
  ),
  list("p-values of 10^6 tables", 10, 3, quote(exact_power(c(999, 999), 0.3, 0.4))),
  list("bootstrap of means, 10^6 patients", 1e6, 6, boot("mean_difference", type = "perc", R = 50)),
  list("bootstrap of medians, 10^6 patients", 1e6, 10, boot("median_difference", type = "perc", R = 50))
)

set.seed(1)
rows <- lapply(work, function(w) {
  busy <- call("repeat", w[[4]])
  seen <- lapply(seq_len(times), function(i) {
    interrupt_process(busy, w[[2]], delay = 0.3 + stats::runif(1) * w[[3]])
  })
  stopifnot(
    vapply(seen, `[[`, "", "state") == "interrupted",
    vapply(seen, function(s) identical(s$again, interrupt_reference()), NA)
  )
  seconds <- vapply(seen, `[[`, 0, "seconds")
  line <- data.frame(
    work = w[[1]], median = sprintf("%.3f", stats::median(seconds)), maximum = sprintf("%.3f", max(seconds)),
    within = sum(seconds < 0.2)
  )
  message(paste(line, collapse = "  "))
  line
})
table <- do.call(rbind, rows)
names(table) <- c("work", "median, s", "maximum, s", paste("below 0.2 s, of", times))

lines <- c(
  "# From Ctrl-C to R's handler", "",
  paste0(
    "`Rscript proofs/interrupt.R`: SIGINT to a process that repeats the work without end, at a random moment, ",
    times, " times each."
  ),
  "After each interrupt the same process computed a bootstrap whose replicates were identical to those of an",
  "undisturbed one.", "",
  paste0("| ", paste(names(table), collapse = " | "), " |"), paste0("|", strrep("---|", ncol(table))),
  apply(table, 1, function(r) paste0("| ", paste(r, collapse = " | "), " |"))
)
writeLines(lines, "proofs/INTERRUPT.md")
writeLines(lines)
