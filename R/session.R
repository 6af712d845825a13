# What a run takes from the session: seed, threads, progress.

# A given seed is used as it is and leaves .Random.seed alone; NULL takes one key from R's own
# generator, so that set.seed() governs.
resolve_seed <- function(seed, call = rlang::caller_env()) {
  if (is.null(seed)) return(as.double(sample.int(.Machine$integer.max, 1)))
  check_count(seed, "seed", min = 0, max = 2^53, call = call)
}

# Never more than the machine has, nor than OMP_THREAD_LIMIT allows.
resolve_threads <- function(threads, call = rlang::caller_env()) {
  if (is.null(threads)) threads <- getOption("her2mod.threads", 2L)
  threads <- check_count(threads, "threads", min = 1, call = call)
  limit <- suppressWarnings(as.integer(Sys.getenv("OMP_THREAD_LIMIT", "")))
  as.integer(max(1, min(threads, cpp_hardware_threads(), limit, na.rm = TRUE)))
}

resolve_progress <- function(progress, call = rlang::caller_env()) {
  if (is.null(progress)) progress <- getOption("her2mod.progress", rlang::is_interactive())
  check_flag(progress, "progress", call = call)
}

resolve_backend <- function(backend, call = rlang::caller_env()) {
  if (is.null(backend)) backend <- getOption("her2mod.backend", "local")
  backend <- check_choice(backend, c("local", "future"), "backend", call = call)
  if (backend == "future" && !requireNamespace("future", quietly = TRUE)) {
    abort_input("{.code backend = \"future\"} needs the package {.pkg future}.", arg = "backend", call = call)
  }
  backend
}

# Checked whatever the method, so that a wrong argument is never passed over. The seed is taken from
# R's generator only where it is used.
resampling_options <- function(R, seed, threads, progress, backend = "local", call = rlang::caller_env()) {
  if (!is.null(seed)) seed <- resolve_seed(seed, call)
  list(
    R = check_count(R, "R", min = 1, call = call), seed = seed,
    threads = resolve_threads(threads, call), progress = resolve_progress(progress, call),
    backend = resolve_backend(backend, call)
  )
}
