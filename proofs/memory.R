# Peak resident memory of a bootstrap of 10^6 simulated patients, each run in a fresh R session, against
# the data frame and the replicates.
#   Rscript proofs/memory.R [R]     (with the package installed; Linux; R = 200 by default, 10000 takes minutes)
# The goal: the peak, less that of a session that has only loaded the package, is at most 3 times the
# data frame with the replicates.

R <- as.numeric(c(commandArgs(TRUE), "200")[[1]])

run <- function(body) {
  script <- tempfile(fileext = ".R")
  on.exit(unlink(script))
  writeLines(c(
    paste0(".libPaths(", deparse1(.libPaths()), ")"), "library(her2mod)", body,
    # The largest resident set of the process so far, in MB.
    "status <- grep(\"^VmHWM\", readLines(\"/proc/self/status\"), value = TRUE)",
    "cat(\"\\npeak\", as.numeric(gsub(\"[^0-9]\", \"\", status)) / 1024)",
    "if (exists(\"rows\")) cat(\" data\", as.numeric(object.size(rows)) / 2^20)",
    "if (exists(\"x\")) cat(\" result\", as.numeric(object.size(x)) / 2^20)"
  ), script)
  said <- system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", shQuote(script)), stdout = TRUE, stderr = FALSE)
  words <- strsplit(said[[length(said)]], " ")[[1]]
  at <- function(name) as.numeric(c(words[match(name, words) + 1], NA)[[1]])
  c(peak = at("peak"), data = at("data"), result = at("result"))
}

simulate <- function(group) {
  c("set.seed(1)", "n <- 1e6", paste0("rows <- data.frame(y = rnorm(n), g = ", group, ")"))
}
groups <- c(
  factor = "factor(rep(c(\"ref\", \"oth\"), n / 2))", character = "rep(c(\"ref\", \"oth\"), n / 2)"
)

session <- run(character())[["peak"]]
replicates <- R * 8 / 2^20
cat(sprintf("session with the package: %.0f MB; R = %.0f, replicates %.2f MB\n", session, R, replicates))
for (kind in names(groups)) {
  made <- run(simulate(groups[[kind]]))
  for (threads in 1:2) {
    used <- run(c(simulate(groups[[kind]]), paste0(
      "x <- boot_ci(y ~ g, rows, \"mean_difference\", type = \"perc\", method = \"monte_carlo\", R = ",
      format(R, scientific = FALSE), ", seed = 1, threads = ", threads, ")"
    )))
    cat(sprintf(
      paste0(
        "%-9s %d thread%s: data %.1f MB, peak above the session %.0f MB (making the data %.0f), ",
        "%.1f times; result %.0f MB\n"
      ),
      kind, threads, if (threads > 1) "s" else " ", used[["data"]], used[["peak"]] - session,
      made[["peak"]] - session, (used[["peak"]] - session) / (used[["data"]] + replicates), used[["result"]]
    ))
  }
}
