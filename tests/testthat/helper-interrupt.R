# A real interrupt, SIGINT, to a real R process that is busy; also for proofs/interrupt.R. Both
# clocks are of one machine.

# The rows that the process has, too: 1000, without random numbers.
interrupt_rows <- function(n = 1000) {
  i <- seq_len(n)
  data.frame(y = (i * 7919) %% 100003 / 17, g = rep(c("ref", "oth"), length.out = n))
}

# A run after the interrupt, and the same here.
interrupt_reference <- function() {
  boot_ci(y ~ g, interrupt_rows(), "mean_difference",
    type = "perc", method = "monte_carlo", R = 999, seed = 1, progress = FALSE
  )$replicates
}

# Runs the expression `busy`, in which `rows` are n rows, in a process of its own, and interrupts it
# `delay` seconds after it began. Gives `state` ("interrupted", "finished", or the error), `seconds`
# from the signal to the handler, and `again`, the reference as computed afterwards.
interrupt_process <- function(busy, n = 1000, delay = 0.5, patience = 60) {
  folder <- tempfile("interrupt")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  source <- file.path(folder, "busy.R")
  writeLines(c(
    paste0(".libPaths(", deparse1(c(dirname(find.package("her2mod")), .libPaths())), ")"),
    "library(her2mod)",
    paste("interrupt_rows <-", deparse1(interrupt_rows, "\n")),
    paste("interrupt_reference <-", deparse1(interrupt_reference, "\n")),
    paste("folder <-", deparse1(folder)),
    # A file that is there is complete.
    "tell <- function(x, name) {",
    "  saveRDS(x, file.path(folder, \"unfinished\"))",
    "  file.rename(file.path(folder, \"unfinished\"), file.path(folder, name))",
    "}",
    paste("rows <- interrupt_rows(", n, ")"),
    "tell(Sys.getpid(), \"ready\")",
    "state <- tryCatch({",
    deparse1(busy, "\n"),
    "\"finished\"",
    "}, interrupt = function(i) \"interrupted\", error = function(e) conditionMessage(e))",
    "caught <- as.numeric(Sys.time())",
    "tell(list(state = state, caught = caught, again = interrupt_reference()), \"out\")"
  ), source)
  # R takes SIGINT back even where its parent ignores it.
  system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", shQuote(source)),
    wait = FALSE, stdout = FALSE, stderr = FALSE
  )
  pid <- await_file(file.path(folder, "ready"), patience)
  on.exit(tools::pskill(pid, tools::SIGKILL), add = TRUE, after = FALSE)
  Sys.sleep(delay)
  sent <- as.numeric(Sys.time())
  tools::pskill(pid, tools::SIGINT)
  out <- await_file(file.path(folder, "out"), patience)
  c(out["state"], seconds = out$caught - sent, out["again"])
}

await_file <- function(path, patience) {
  began <- Sys.time()
  while (!file.exists(path)) {
    if (difftime(Sys.time(), began, units = "secs") > patience) {
      stop("No ", basename(path), " from the other process within ", patience, " seconds.")
    }
    Sys.sleep(0.01)
  }
  readRDS(path)
}
