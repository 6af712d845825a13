# Run by R CMD check. `make check` and `make test` name a file for the results in HER2MOD_TEST_RESULTS, so that the
# expectations are counted in the one run, also when some of them fail.
library(testthat)
library(her2mod)

results_file <- Sys.getenv("HER2MOD_TEST_RESULTS")
if (nzchar(results_file)) {
  results <- as.data.frame(test_check("her2mod", stop_on_failure = FALSE))
  write.csv(results[c("file", "test", "passed", "failed", "skipped", "error")], results_file, row.names = FALSE)
  if (any(results$failed > 0 | results$error)) stop("tests failed", call. = FALSE)
} else {
  test_check("her2mod")
}
