# A replicate depends on data, statistic, seed and number alone: the same bits in any pieces, on any
# number of threads, in any process.

rows <- data.frame(
  y = c(23, 31, 18, 40, 26, 35, 18, 22, 29, 17, 9, 21, 25, 14, 17, 30, 12, 8, 26, 19),
  g = factor(rep(c("ref", "oth"), c(9, 11)), c("ref", "oth")), centre = rep(c("a", "b"), 10)
)
rows$k <- paste(rows$g, rep(1:5, 4))
permuted <- function(...) perm_test(..., method = "monte_carlo", R = 39, seed = 3, progress = FALSE)

# One job of each way to draw.
jobs <- suppressWarnings(lapply(list(
  ordinary = monte_carlo(y ~ g | centre, rows, "mean_difference", "stud", R = 9),
  balanced = monte_carlo(y ~ g, rows, "median_difference", "norm", R = 9, scheme = "balanced"),
  fractional = monte_carlo(y ~ g, rows, "win_probability", "stud", R = 9, scheme = "fractional"),
  clusters = monte_carlo(y ~ g, rows, "mean_ratio", "stud", R = 9, cluster = k),
  counts = monte_carlo(y ~ g, patient_rows(2, 12, 5, 14), "odds_ratio", "stud", R = 9),
  permutation = permuted(y ~ g | centre, rows, "mean_difference"),
  permuted_counts = permuted(y ~ g, patient_rows(6, 49, 13, 68)),
  permuted_clusters = permuted(y ~ g, rows, "median_difference", cluster = k),
  groups = permuted(y ~ k, rows, "kruskal_wallis")
), resampling_job))

core <- function(job, first, count, threads) {
  run <- if (job$kind == "bootstrap") cpp_bootstrap else cpp_permutation
  run(job, job$seed, first, count, job$outputs, threads)
}

for (name in names(jobs)) {
  test_that(paste(name, "- 1, 2, 3 and 8 threads, one range or twenty, give the same bits"), {
    job <- jobs[[name]]
    n <- 3001
    one <- core(job, 1, n, 1)
    expect_identical(dim(one$values), c(3001L, job$outputs))
    expect_gt(length(unique(one$values[, 1])), 5)
    # resolve_threads() would cut 8 threads down to those of the machine; the core does not
    for (threads in c(2, 3, 8)) expect_identical(core(job, 1, n, threads), one)
    set.seed(12)
    ends <- c(0, sort(sample(n - 1, 19)), n)
    parts <- lapply(
      sample(20), function(i) evaluate_range(job, ends[[i]] + 1, ends[[i + 1]] - ends[[i]])
    )
    joined <- join_parts(ordered_ranges(parts, job, 1, n))
    expect_identical(joined$values, one$values)
    expect_identical(joined$failures, one$failures)
    # far along the stream
    far <- 2^40
    expect_identical(core(job, far, 130, 1)$values[70:130, ], core(job, far + 69, 61, 3)$values[, ])
    expect_false(identical(core(job, far, 10, 1)$values, core(job, 1, 10, 1)$values))
  })
}

test_that("a range says what it is, and its replicates are those of the result", {
  x <- monte_carlo(y ~ g, rows, "mean_difference", "stud", R = 99)
  job <- resampling_job(x)
  part <- evaluate_range(job, 20, 30)
  expect_s3_class(part, "her2_range")
  expect_identical(part$values[, 1], x$replicates[20:49])
  expect_identical(part$values[, 2], x$replicate_errors[20:49])
  expect_identical(part$failures, c(empty_group = 0, undefined = 0, infinite = 0))
  expect_output(
    print(job), "<resampling job> bootstrap of mean_difference, 20 patients, seed 1", fixed = TRUE
  )
  expect_output(returned <- withVisible(print(job)))
  expect_false(returned$visible)
})

test_that("a job travels through a file, and is small", {
  x <- monte_carlo(y ~ g | centre, rows, "mean_difference", "perc", R = 99999)
  job <- resampling_job(x)
  expect_lt(length(serialize(job, NULL)), 5000)
  file <- tempfile(fileext = ".rds")
  on.exit(unlink(file))
  for (version in 2:3) {
    saveRDS(job, file, version = version)
    part <- evaluate_range(readRDS(file), 100000, 10)
    expect_identical(extend(x, 100009, list(part))$replicates[100000:100009], part$values[, 1])
  }
})

test_that("ranges that make no sense are refused", {
  job <- jobs$ordinary
  refused <- function(..., arg) {
    error <- expect_error(evaluate_range(...), class = "her2mod_error_input")
    expect_identical(error$arg, arg)
  }
  refused(unclass(job), 1, 10, arg = "job")
  refused(rows, 1, 10, arg = "job")
  for (bad in list(0, -1, 1.5, NA, "1", Inf, 1:2)) refused(job, bad, 10, arg = "first")
  for (bad in list(0, -1, 1.5, NA, "1", Inf, 1:2)) refused(job, 1, bad, arg = "count")
  refused(job, 1, 10, threads = 0, arg = "threads")
  for (bad in list(1, NULL, rows)) {
    error <- expect_error(resampling_job(bad), class = "her2mod_error_input")
    expect_identical(error$arg, "x")
  }
})

test_that("run_ranges joins the pieces of a progress bar to the same numbers, each once", {
  job <- jobs$ordinary
  for (R in c(1, 2, 49, 50, 51, 999)) {
    how <- list(R = R, threads = 1L, progress = FALSE, backend = "local")
    silent <- run_ranges(job, 1, R, how)
    expect_identical(silent$values, core(job, 1, R, 1)$values)
    how$progress <- TRUE
    expect_identical(suppressMessages(run_ranges(job, 1, R, how)), silent)
    later <- suppressMessages(run_ranges(job, 101, 100 + R, how))
    expect_identical(later$values, core(job, 101, R, 1)$values)
  }
})

# --- workers --------------------------------------------------------------------------------------

with_plan <- function(..., code) {
  before <- future::plan(...)
  on.exit(future::plan(before))
  force(code)
}

# Workers that find the package where this session has it, as R CMD check does, too.
local_workers <- function(n) future::makeClusterPSOCK(n, rscript_libs = .libPaths())

test_that("a future plan gives the bits of a local run", {
  skip_on_cran()
  skip_if_not_installed("future")
  own <- stat_custom(function(data, weights) helper(sum(weights * data$y)))
  helper <- function(x) x + offset
  offset <- 5
  fits <- function(backend) {
    set.seed(6)
    list(
      boot_ci(
        y ~ g | centre, rows, "mean_difference", "all", R = 499, backend = backend, progress = FALSE
      ),
      boot_ci(y ~ g, rows, "median_difference", "norm",
        R = 300, seed = 2, scheme = "balanced", backend = backend, progress = FALSE
      ),
      boot_ci(y ~ g, rows, own, "perc", R = 99, seed = 2, backend = backend, progress = FALSE),
      suppressWarnings(
        boot_ci(y ~ g, rows, "mean_difference", "norm", R = 1, seed = 2, backend = backend)
      ),
      perm_test(y ~ g, rows, "mean_difference",
        method = "monte_carlo", R = 499, backend = backend, progress = FALSE
      ),
      extend(monte_carlo(
        y ~ g, rows, "mean_ratio", "perc", R = 99
      ), 599, backend = backend, progress = FALSE)
    )
  }
  local <- fits("local")
  same <- function() {
    found <- fits("future")
    for (i in seq_along(local)) {
      expect_identical(unclass(without_call(found[[i]])), unclass(without_call(local[[i]])))
    }
  }
  with_plan(future::sequential, code = same())
  with_plan(future::multisession, workers = 2, code = same())
  workers <- local_workers(2)
  on.exit(parallel::stopCluster(workers))
  with_plan(future::cluster, workers = workers, code = {
    same()
    before <- options(her2mod.backend = "future")
    on.exit(options(before), add = TRUE)
    by_option <- boot_ci(y ~ g, rows, "mean_difference", "norm", R = 99, seed = 1, progress = FALSE)
    options(before)
    expect_identical(
      by_option$replicates, monte_carlo(y ~ g, rows, "mean_difference", "norm", R = 99)$replicates
    )
    shown <- suppressMessages(boot_ci(y ~ g, rows, "mean_difference", "norm",
      R = 99, seed = 1, progress = TRUE, backend = "future"
    ))
    expect_identical(shown$replicates, by_option$replicates)
  })
})

test_that("a custom statistic takes along what it uses; its errors are its own", {
  skip_on_cran()
  skip_if_not_installed("future")
  # in the global environment, where functions of a script look
  names <- c("job", "first", "count", "threads", "fun", "range")
  for (name in names) assign(name, match(name, names), envir = globalenv())
  on.exit(rm(list = names, envir = globalenv()))
  f <- function(data, weights) {
    job + 10 * first + 100 * count + 1000 * threads + 1e4 * fun + 1e5 * range + sum(weights)
  }
  environment(f) <- globalenv()
  fit <- function(backend) {
    suppressWarnings(boot_ci(y ~ 1, rows, stat_custom(f), "perc",
      R = 9, seed = 1, backend = backend, progress = FALSE
    ))$replicates
  }
  with_plan(future::multisession, workers = 2, code = {
    expect_identical(fit("future"), rep(654321 + 20, 9))
    bad <- stat_custom(function(data, weights) {
      if (weights[[1]] > 1) stop("too heavy") else sum(weights * data$y)
    })
    error <- expect_error(
      boot_ci(y ~ g, rows, bad, "perc", R = 99, seed = 1, backend = "future", progress = FALSE),
      class = "her2mod_error_numeric"
    )
    expect_match(conditionMessage(error), "too heavy")
  })
})

# A worker that kills itself: never the session.
deadly <- function(once) {
  session <- Sys.getpid()
  flag <- tempfile()
  stat_custom(function(data, weights) {
    if (Sys.getpid() != session && !(once && file.exists(flag))) {
      file.create(flag)
      tools::pskill(Sys.getpid(), 9)
      Sys.sleep(10)
    }
    sum(weights * data$y)
  })
}

test_that("what is lost with a worker is evaluated again, nothing lost or doubled", {
  skip_on_cran()
  skip_on_os("windows")
  skip_if_not_installed("future")
  once <- deadly(once = TRUE)
  local <- boot_ci(y ~ g, rows, once, "perc", R = 99, seed = 1, progress = FALSE)
  with_plan(future::multisession, workers = 2, code = {
    found <- boot_ci(
      y ~ g, rows, once, "perc", R = 99, seed = 1, backend = "future", progress = FALSE
    )
    expect_true(file.exists(environment(once$fun)$flag))
    expect_identical(without_call(found), without_call(local))
    # the plan that was set is still there, with workers that work
    expect_identical(future::nbrOfWorkers(), c(2))
    expect_false(future::value(future::future(Sys.getpid())) == Sys.getpid())
  })
})

test_that("a worker that always dies is an error that says so", {
  skip_on_cran()
  skip_on_os("windows")
  skip_if_not_installed("future")
  always <- deadly(once = FALSE)
  with_plan(future::multisession, workers = 2, code = {
    error <- expect_error(
      boot_ci(y ~ g, rows, always, "perc", R = 99, seed = 1, backend = "future", progress = FALSE),
      class = "her2mod_error_numeric"
    )
    expect_match(conditionMessage(error), "Their worker died 3 times")
    expect_identical(error$range[[1]], 1)
    # the session goes on
    plain <- boot_ci(
      y ~ g, rows, "mean_difference", "perc", R = 99, seed = 1, backend = "future", progress = FALSE
    )
    expect_identical(
      plain$replicates, monte_carlo(y ~ g, rows, "mean_difference", "perc", R = 99)$replicates
    )
  })
})

test_that("a backend that there is not is refused", {
  for (bad in list("slurm", NA, 1, c("local", "future"))) {
    error <- expect_error(
      boot_ci(y ~ g, rows, "mean_difference", backend = bad), class = "her2mod_error_input"
    )
    expect_identical(error$arg, "backend")
  }
})

test_that("a result of other draws is neither continued nor replayed", {
  rows <- data.frame(y = c(1, 4, 2, 8, 5, 7, 9, 3), g = rep(c("a", "b"), 4))
  old <- boot_ci(y ~ g, rows, "mean_difference", "perc", R = 99, seed = 1)
  job <- resampling_job(old)
  old$job$draws <- NULL
  expect_error(replicate_data(old, 1), "another version", class = "her2mod_error_input")
  expect_error(extend(old, 199), "another version", class = "her2mod_error_input")
  expect_error(resampling_job(old), "another version", class = "her2mod_error_input")
  job$draws <- 1L
  expect_error(evaluate_range(job, 1, 10), "another version", class = "her2mod_error_input")
})
