# This package and its peers, timed in one run: one table, one picture.
#   make bench        (or: Rscript bench/run.R, with the package installed; some minutes)
#   Rscript bench/run.R quick [folder]      a look at whether everything runs: short timings, the slow peers left out
# Writes RESULTS.md and RESULTS.png into bench/, a quick run into `folder` (by default a temporary one). Peers that
# are not installed are left out, and said. For figures to keep, the machine must do nothing else.

library(her2mod)

topics <- c("timing", "comparison", "data", "compile", "scipy", "proportions", "bootstrap", "permutation", "survival", "adjusted",
  "engine", "machine", "table", "plot")
for (topic in topics) source(file.path("bench", paste0(topic, ".R")))

arguments <- commandArgs(TRUE)
quick <- "quick" %in% arguments
if (quick) shorten_timings()
folder <- if (!quick) "bench" else if (length(arguments) > 1) arguments[[2]] else tempdir()

busy <- if (quick) load_average() else wait_until_idle()
designs <- simulated_designs()
scipy <- scipy_times(designs, quick)
rows <- rbind(
  proportion_rows(scipy, quick), bootstrap_rows(designs, scipy), bca_rows(designs, quick),
  permutation_rows(designs, scipy), exact_null_rows(designs, quick), survival_rows(quick), adjusted_rows()
)
engine <- rbind(floor_rows(designs), thread_rows(designs))
memory <- if (!quick) memory_rows()

picture <- write_plot(rows, file.path(folder, "RESULTS.png"))
notes <- c(proportion_notes(), bca_notes(designs), machine_notes(busy, scipy))
lines <- report(rows, engine, memory, notes, picture)
writeLines(lines, file.path(folder, "RESULTS.md"))
writeLines(lines)
