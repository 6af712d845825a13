# Peak resident memory of a bootstrap of 10^6 simulated patients, each run in a fresh R session, against
# the data frame and the replicates.
#   Rscript proofs/memory.R [R]     (with the package installed; Linux; R = 200 by default, 10000 takes minutes)
# The goal: the peak, less that of a session that has run one small bootstrap, is at most 3 times the
# data frame with the replicates. Then the same run step by step, each step's peak by itself.
# Writes proofs/MEMORY.md.

R <- as.numeric(c(commandArgs(TRUE), "200")[[1]])

# What is loaded or compiled on first use is the session's.
warm <- c(
  "small <- data.frame(y = c(3, 1, 4, 1, 5, 9), g = rep(c(\"a\", \"b\"), 3))",
  "x <- suppressWarnings(boot_ci(y ~ g, small, \"mean_difference\", \"perc\", \"monte_carlo\", R = 99, seed = 1))",
  "rm(x); invisible(gc())"
)

run <- function(body) {
  script <- tempfile(fileext = ".R")
  on.exit(unlink(script))
  writeLines(c(
    paste0(".libPaths(", deparse1(.libPaths()), ")"), "library(her2mod)", warm, body,
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
  # Without factor(), which itself takes more than the bootstrap of what it makes.
  factor = "structure(rep(1:2, n / 2), levels = c(\"ref\", \"oth\"), class = \"factor\")", character = "rep(c(\"ref\", \"oth\"), n / 2)",
  logical = "rep(c(FALSE, TRUE), n / 2)", integer = "rep(1:2, n / 2)"
)

# What each step needs above the session, with what the steps before have left, and what it leaves.
steps <- function(group, threads) {
  script <- tempfile(fileext = ".R")
  on.exit(unlink(script))
  step <- function(name, code) c(
    "invisible(gc()); cat(\"5\", file = \"/proc/self/clear_refs\")", code, "top <- status(\"VmHWM\")",
    paste0("invisible(gc()); cat(sprintf(\"  %-16s peak %4.0f, after it %4.0f MB\\n\", \"", name, "\", ",
      "top - session, status(\"VmRSS\") - session))")
  )
  writeLines(c(
    paste0(".libPaths(", deparse1(.libPaths()), ")"), "library(her2mod)", "core <- asNamespace(\"her2mod\")",
    "status <- function(what) {",
    "  line <- grep(paste0(\"^\", what), readLines(\"/proc/self/status\"), value = TRUE)",
    "  as.numeric(gsub(\"[^0-9]\", \"\", line)) / 1024",
    "}",
    warm, "session <- status(\"VmRSS\")",
    step("the data", simulate(group)),
    step("reading", "compared <- core$comparison_data(y ~ g, rows, list(), stats::na.omit, endpoint = \"numeric\")"),
    step("sorting", "cohort <- core$boot_cohort(compared)"),
    "job <- core$new_job(\"bootstrap\", cohort, stat_mean_difference(), compared, 1)",
    step("the estimate", "estimate <- core$evaluate_job(job)"),
    step("the replicates", paste0("run <- core$run_job(job, 1, ", format(R, scientific = FALSE), ", ", threads, "L)"))
  ), script)
  system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", shQuote(script)), stdout = TRUE, stderr = FALSE)
}

lines <- utils::capture.output({
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
  for (threads in 1:2) {
    cat(sprintf("step by step, factor, %d thread%s:\n", threads, if (threads > 1) "s" else ""))
    cat(steps(groups[["factor"]], threads), sep = "\n")
  }
})
writeLines(c(
  "# Memory of a bootstrap of a million patients", "",
  "`Rscript proofs/memory.R`: the largest resident set of a fresh process, by Linux. The data are simulated.",
  "What a step leaves is measured after R has collected its garbage; the peak of a whole run is with it.", "",
  "```", lines, "```"
), "proofs/MEMORY.md")
writeLines(lines)
