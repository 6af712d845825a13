with_env <- function(name, value, code) {
  before <- Sys.getenv(name, NA)
  on.exit(
    if (is.na(before)) Sys.unsetenv(name) else do.call(
      Sys.setenv, as.list(stats::setNames(before, name))
    )
  )
  if (is.na(value)) Sys.unsetenv(name) else do.call(
    Sys.setenv, as.list(stats::setNames(value, name))
  )
  force(code)
}
with_option <- function(name, value, code) {
  before <- options(stats::setNames(list(value), name))
  on.exit(options(before))
  force(code)
}

test_that("a given seed is used as it is and leaves R's generator alone", {
  set.seed(1)
  before <- .Random.seed
  expect_identical(resolve_seed(7), 7)
  expect_identical(resolve_seed(2^53), 2^53)
  expect_identical(.Random.seed, before)
})

test_that("without a seed, one key comes from R's generator", {
  set.seed(1)
  first <- resolve_seed(NULL)
  second <- resolve_seed(NULL)
  set.seed(1)
  expect_identical(resolve_seed(NULL), first)
  expect_false(first == second)
  expect_identical(first, round(first))
})

test_that("seeds that are no whole number are refused", {
  for (bad in list(-1, 0.5, NA, "1", 2^54, Inf, 1:2)) {
    error <- expect_error(resolve_seed(bad), class = "her2mod_error_input")
    expect_identical(error$arg, "seed")
  }
})

test_that("threads: the option by default, never more than the machine or OMP_THREAD_LIMIT allow", {
  machine <- cpp_hardware_threads()
  expect_gte(machine, 1)
  with_env("OMP_THREAD_LIMIT", NA, {
    expect_identical(resolve_threads(1), 1L)
    expect_identical(resolve_threads(100000), as.integer(machine))
    with_option("her2mod.threads", NULL, expect_identical(resolve_threads(NULL), min(2L, machine)))
    with_option("her2mod.threads", 1, expect_identical(resolve_threads(NULL), 1L))
  })
  with_env("OMP_THREAD_LIMIT", "1", expect_identical(resolve_threads(100000), 1L))
  # Not a number is no limit; a number below 1 still leaves one thread.
  with_env("OMP_THREAD_LIMIT", "many", expect_identical(resolve_threads(1), 1L))
  for (nonsense in c("0", "-1")) with_env(
    "OMP_THREAD_LIMIT", nonsense, expect_identical(resolve_threads(2), 1L)
  )
})

test_that("threads that are no whole number of at least 1 are refused, also from the option", {
  for (bad in list(0, -1, 1.5, NA, "2", Inf, 1:2)) {
    error <- expect_error(resolve_threads(bad), class = "her2mod_error_input")
    expect_identical(error$arg, "threads")
    with_option(
      "her2mod.threads", bad, expect_error(resolve_threads(NULL), class = "her2mod_error_input")
    )
  }
})

test_that("progress is a flag, by default only in interactive sessions", {
  expect_true(resolve_progress(TRUE))
  expect_false(resolve_progress(FALSE))
  with_option(
    "her2mod.progress", NULL,
    with_option("rlang_interactive", FALSE, expect_false(resolve_progress(NULL)))
  )
  with_option("her2mod.progress", TRUE, expect_true(resolve_progress(NULL)))
  for (bad in list(NA, "yes", 1)) {
    error <- expect_error(resolve_progress(bad), class = "her2mod_error_input")
    expect_identical(error$arg, "progress")
    with_option(
      "her2mod.progress", bad, expect_error(resolve_progress(NULL), class = "her2mod_error_input")
    )
  }
})

test_that("the options of a run are checked together, and no seed is drawn before it is needed", {
  set.seed(1)
  before <- .Random.seed
  how <- resampling_options(99, NULL, 1, FALSE)
  expect_identical(
    how, list(R = 99, seed = NULL, threads = 1L, progress = FALSE, backend = "local")
  )
  expect_identical(.Random.seed, before)
  expect_identical(resampling_options(99, 5L, 1, FALSE)$seed, 5)
  wrong <- list(
    list(R = 0), list(seed = "a"), list(threads = 0), list(progress = NA), list(backend = "cloud")
  )
  for (bad in wrong) {
    options <- utils::modifyList(list(R = 99, seed = 1, threads = 1, progress = FALSE), bad)
    error <- expect_error(do.call(resampling_options, options), class = "her2mod_error_input")
    expect_identical(error$arg, names(bad))
  }
})

test_that("the backend: the option by default, one of two", {
  with_option("her2mod.backend", NULL, expect_identical(resolve_backend(NULL), "local"))
  expect_identical(resolve_backend("local"), "local")
  for (bad in list("slurm", NA, 1, c("local", "future"))) {
    error <- expect_error(resolve_backend(bad), class = "her2mod_error_input")
    expect_identical(error$arg, "backend")
    with_option(
      "her2mod.backend", bad, expect_error(resolve_backend(NULL), class = "her2mod_error_input")
    )
  }
  skip_if_not_installed("future")
  with_option("her2mod.backend", "future", expect_identical(resolve_backend(NULL), "future"))
})

test_that("without progress a run is silent", {
  rows <- patient_rows(6, 49, 13, 68)
  expect_silent(boot_ci(y ~ g, rows, method = "monte_carlo", R = 999, seed = 1, progress = FALSE))
  expect_silent(perm_test(y ~ g, rows, method = "monte_carlo", R = 999, seed = 1, progress = FALSE))
})
