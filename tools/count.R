# Counts what a runner did. The last line is "<passed> <failed> <skipped>"; lines before it say what failed.
#   Rscript tools/count.R testthat <results of tests/testthat.R> <folder of the test files>
#   Rscript tools/count.R rcheck <00check.log>
#   Rscript tools/count.R gtest <xml or stamp file>...
# A result that is missing or empty is a failure: a runner that died must not look like one that found nothing.

report <- function(passed, failed, skipped = 0L) cat(passed, failed, skipped, sep = " ", "\n")
say <- function(...) cat("  ", ..., "\n", sep = "")

count_testthat <- function(path, folder) {
  if (!file.exists(path)) {
    say("testthat left no results: it died before its end")
    return(report(0L, 1L))
  }
  results <- read.csv(path, stringsAsFactors = FALSE)
  bad <- results$failed + results$error
  for (i in which(bad > 0)) say(results$file[i], ": ", results$test[i])
  # Every file must have said something, or tests could get lost unnoticed.
  silent <- setdiff(list.files(folder, "^test.*[.][rR]$"), results$file)
  for (file in silent) say(file, ": no expectation was run")
  none <- sum(results$passed) == 0L
  if (none) say("testthat: no expectation passed")
  report(sum(results$passed), sum(bad) + length(silent) + none, sum(results$skipped))
}

# Notes that are not of our own making: the item, and all that it may say.
# Most such notes are kept away by the environment that tools/check sets; these cannot be.
allowed_notes <- list(
  # CRAN has never seen the package.
  c("checking CRAN incoming feasibility", "^(Maintainer: .*|New submission|)$"),
  # Debian's BH holds no headers: it leads to Debian's Boost, which the compiler finds by itself.
  c("checking DESCRIPTION meta-information", "^'LinkingTo' for .BH. is unused as it has no 'include' directory$"),
  # The machine cannot ask a time server.
  c("checking for future file timestamps", "^unable to verify current time$")
)

allowed <- function(block) {
  any(vapply(allowed_notes, function(note) {
    startsWith(block[1], paste("*", note[1])) && all(grepl(note[2], trimws(block[-1])))
  }, NA))
}

# The worst status in a block of the log, which opens with "* checking ..." and may close with the status alone.
block_status <- function(block) {
  pattern <- "^(?:\\* .*[.]{3})?\\s*(?:\\[[^]]*\\]\\s*)?(OK|NONE|INFO|SKIPPED|Note_to_CRAN_maintainers|NOTE|WARNING|ERROR)$"
  found <- sub(pattern, "\\1", grep(pattern, block, value = TRUE, perl = TRUE), perl = TRUE)
  for (worst in c("ERROR", "WARNING", "NOTE")) if (worst %in% found) return(worst)
  if (length(found)) "OK" else "no result"
}

count_rcheck <- function(path) {
  if (!file.exists(path)) {
    say("R CMD check left no log")
    return(report(0L, 1L))
  }
  log <- readLines(path, encoding = "UTF-8", warn = FALSE)
  status <- grep("^Status: ", log, value = TRUE)
  blocks <- split(log, cumsum(grepl("^(\\* |Status: )", log)))
  items <- Filter(function(block) startsWith(block[1], "* checking "), blocks)
  state <- vapply(items, block_status, "")
  excused <- state == "NOTE" & vapply(items, allowed, NA)
  bad <- state != "OK" & !excused
  for (block in items[excused]) say("not of our own making: ", paste(trimws(block), collapse = " "))
  for (block in items[bad]) cat("  ", block, sep = "\n  ")
  failed <- sum(bad)

  # The status line is R's own sum, against which ours is held.
  expected <- if (any(excused)) sprintf("Status: %d NOTE%s", sum(excused), if (sum(excused) > 1L) "s" else "") else "Status: OK"
  if (failed == 0L && !identical(status, expected)) {
    say("R CMD check says \"", paste(status, collapse = " "), "\", expected \"", expected, "\"")
    failed <- 1L
  }
  report(sum(state == "OK"), failed, sum(excused))
}

count_gtest <- function(paths) {
  total <- c(passed = 0L, failed = 0L, skipped = 0L)
  if (!length(paths)) {
    say("no C++ tests")
    total["failed"] <- 1L
  }
  for (path in paths) {
    if (!file.exists(path)) {
      say(path, ": missing, so it did not compile or died")
      total["failed"] <- total["failed"] + 1L
    } else if (endsWith(path, ".ok")) {
      total["passed"] <- total["passed"] + 1L
    } else {
      xml <- readLines(path, warn = FALSE)
      head <- grep("<testsuites ", xml, fixed = TRUE, value = TRUE)[1]
      attribute <- function(name) as.integer(sub(sprintf(".* %s=\"([0-9]+)\".*", name), "\\1", head))
      tests <- attribute("tests")
      bad <- attribute("failures") + attribute("errors")
      idle <- attribute("disabled") + sum(grepl("<testcase .* result=\"skipped\"", xml))
      if (bad > 0L) say(path, ": ", bad, " failed")
      if (tests - idle == 0L) {
        say(path, ": no test was run")
        bad <- bad + 1L
        tests <- tests + 1L
      }
      total <- total + c(tests - bad - idle, bad, idle)
    }
  }
  report(total[["passed"]], total[["failed"]], total[["skipped"]])
}

arguments <- commandArgs(TRUE)
switch(arguments[1],
  testthat = count_testthat(arguments[2], arguments[3]),
  rcheck = count_rcheck(arguments[2]),
  gtest = count_gtest(arguments[-1]),
  stop("unknown runner: ", arguments[1])
)
