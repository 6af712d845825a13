# Interrupts (helper-interrupt.R), and what progress leaves alone. The package promises 0.2 s
# (proofs/interrupt.R measures them); machines that run tests are noisy, so 1 s fails here.

expect_quick_interrupt <- function(busy, n = 1000, delay = 0.5) {
  skip_on_cran()
  skip_on_os("windows")
  seen <- interrupt_process(busy, n, delay)
  expect_identical(seen$state, "interrupted")
  expect(
    seen$seconds >= 0 && seen$seconds < 1,
    sprintf("From the signal to the handler: %.3f s.", seen$seconds)
  )
  # R is healthy: the same numbers as a process that nobody interrupted.
  expect_identical(seen$again, interrupt_reference())
}

test_that("a bootstrap stops, on one thread and on two", {
  expect_quick_interrupt(quote(
    boot_ci(y ~ g, rows, "mean_difference", type = "perc", R = 1e7, seed = 1, threads = 1)
  ))
  expect_quick_interrupt(quote(
    boot_ci(y ~ g, rows, "mean_difference", type = "perc", R = 1e7, seed = 1, threads = 2)
  ))
})

test_that("a bootstrap whose replicates are n times dearer stops", {
  expect_quick_interrupt(quote(
    boot_ci(y ~ g, rows, "win_probability", type = "stud", R = 1e6, seed = 1, threads = 2)
  ))
})

test_that("a permutation test stops", {
  expect_quick_interrupt(quote(
    perm_test(y ~ g, rows, "median_difference", R = 1e7, seed = 1, threads = 1)
  ))
})

test_that("a custom statistic stops", {
  expect_quick_interrupt(quote(
    boot_ci(y ~ g, rows, stat_custom(function(data, weights) sum(weights * data$y) / sum(weights)),
      type = "perc", R = 1e6, seed = 1
    )
  ))
})

test_that("a run that shows progress stops", {
  expect_quick_interrupt(quote(
    boot_ci(y ~ g, rows, "mean_difference",
      type = "perc", R = 1e7, seed = 1, threads = 2, progress = TRUE
    )
  ))
})

# Each of these is one call that goes on for seconds: R itself has no chance in between.

test_that("an exact permutation test stops", {
  expect_quick_interrupt(
    quote(perm_test(y ~ g, rows, "mean_difference", method = "exact")), n = 100, delay = 1
  )
  expect_quick_interrupt(
    quote(repeat perm_test(y ~ g, rows, "mean_difference", method = "exact")), n = 5000
  )
})

test_that("an exact bootstrap of quantiles in strata stops", {
  expect_quick_interrupt(quote({
    rows$s <- rep(1:4, each = 5000)
    boot_ci(y ~ g, rows, "median_difference", type = "perc", method = "exact", strata = s)
  }), n = 20000, delay = 1.5)
})

test_that("an exact bootstrap of means in strata stops", {
  expect_quick_interrupt(quote({
    rows$s <- rep(1:50, each = 400)
    boot_ci(y ~ g, rows, "mean_difference", type = "perc", method = "exact", strata = s)
  }), n = 20000, delay = 1.5)
})

test_that("an exact score interval of large groups stops", {
  expect_quick_interrupt(quote(
    compare_proportions(c(900, 1000), c(3000, 3000), methods = "exact-score")
  ))
})

# --- progress -----------------------------------------------------------------------------------

rows <- interrupt_rows()
boot_replicates <- function(R = 2500, ...) {
  boot_ci(y ~ g, rows, "mean_difference", type = "perc", R = R, seed = 3, ...)$replicates
}
perm_replicates <- function(R = 2500, ...) {
  perm_test(y ~ g, rows, "median_difference", R = R, seed = 3, ...)$replicates
}

# The lines that cli's logger writes of the bars that `code` shows, however short they are.
progress_lines <- function(code) {
  old <- options(cli.progress_handlers_force = "logger", cli.progress_show_after = 0)
  on.exit(options(old))
  utils::capture.output(suppressMessages(invisible(code)))
}

test_that("progress is shown where it is asked for, and not where nobody watches", {
  expect_match(progress_lines(boot_replicates(progress = TRUE)), "/2500 ", all = FALSE)
  expect_match(progress_lines(perm_replicates(progress = TRUE)), "/2500 ", all = FALSE)
  old <- options(her2mod.progress = NULL)
  on.exit(options(old))
  rlang::local_interactive(FALSE)
  expect_identical(progress_lines(boot_replicates()), character())
  expect_identical(progress_lines(perm_replicates()), character())
})

test_that("in an interactive session progress is on, but not while it knits", {
  skip_on_cran()
  skip_on_os("windows")
  skip_if_not_installed("knitr")
  folder <- tempfile("knit")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  input <- file.path(folder, "report.Rmd")
  writeLines(c("```{r}", "inside <- her2mod:::resolve_progress(NULL)", "```"), input)
  session <- c(
    paste0(".libPaths(", deparse1(c(dirname(find.package("her2mod")), .libPaths())), ")"),
    "outside <- her2mod:::resolve_progress(NULL)",
    paste0("invisible(knitr::knit(", deparse1(input), ", tempfile(), quiet = TRUE))"),
    paste0("saveRDS(c(outside, inside), ", deparse1(file.path(folder, "seen")), ")")
  )
  system2(file.path(R.home("bin"), "R"), c("--interactive", "--vanilla", "--no-readline", "-q"),
    input = session, stdout = FALSE, stderr = FALSE, env = "TESTTHAT=false"
  )
  expect_identical(readRDS(file.path(folder, "seen")), c(TRUE, FALSE))
})

test_that("progress = TRUE changes no number", {
  for (threads in 1:2) {
    lines <- progress_lines({
      boot <- boot_replicates(threads = threads, progress = TRUE)
      perm <- perm_replicates(threads = threads, progress = TRUE)
    })
    expect_gt(length(lines), 0)
    expect_identical(boot, boot_replicates(threads = threads, progress = FALSE))
    expect_identical(perm, perm_replicates(threads = threads, progress = FALSE))
  }
  # Fewer replicates than a bar has steps, and one.
  for (R in c(1, 7, 49, 51)) {
    progress_lines(shown <- perm_replicates(R, progress = TRUE))
    expect_identical(shown, perm_replicates(R, progress = FALSE))
  }
})
