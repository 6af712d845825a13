#' Resampling on many machines
#'
#' A range of replicates is a value: each replicate depends on the data, the statistic, the seed and
#' its number alone. So ranges can be evaluated anywhere, in any order, and joined to what one long
#' run would have given, bit for bit.
#'
#' `resampling_job()` takes out of a result what travels: the compared columns, the statistic and the
#' seed, not the replicates. `evaluate_range()` gives the numbers of a range, on any machine that has
#' this package. [extend()] joins them to the result; it refuses ranges that overlap, leave a gap, or
#' belong to another job. With `backend = "future"` [boot_ci()] and [perm_test()] do all of this
#' themselves, on the workers of [future::plan()].
#'
#' @param x A `her2_boot` or `her2_perm` with replicates.
#' @param job A `her2_job`.
#' @param first,count The range: replicates `first` to `first + count - 1`.
#' @param threads Number of threads; by default `getOption("her2mod.threads", 2)`.
#' @return `resampling_job()` an object of class `her2_job`, `evaluate_range()` one of class
#'   `her2_range` with `values` (a row a replicate) and `failures`.
#' @section Errors: `her2mod_error_input` where `x` is no such result, is exact (it has no replicates), or was made by a
#'   version of the package whose seeds give other draws; where `job` is none, or a range is not of whole numbers from 1
#'   on. With `backend = "future"`, `her2mod_error_numeric` (field `range`) where the worker of a range died three
#'   times.
#' @seealso `vignette("scaling", package = "her2mod")`
#' @examples
#' lesions <- data.frame(
#'   arm = rep(c("single", "dual"), c(6, 7)),
#'   size = c(23, 31, 18, 40, 26, 35, 12, 29, 17, 9, 21, 25, 14)
#' )
#' short <- boot_ci(size ~ arm, lesions, "mean_difference", ref = "single", R = 99, seed = 1)
#' job <- resampling_job(short)
#' parts <- list(evaluate_range(job, 600, 400), evaluate_range(job, 100, 500))
#' extend(short, 999, parts)
#' @export
resampling_job <- function(x) {
  check_replicates(x)
  x$job
}

check_replicates <- function(x, call = rlang::caller_env()) {
  if (!inherits(x, c("her2_boot", "her2_perm"))) {
    abort_input(c(
      "{.arg x} must be a result of {.fn boot_ci} or {.fn perm_test}.",
      x = "It is {.obj_type_friendly {x}}."
    ), arg = "x", call = call)
  }
  if (is.null(x$job)) {
    abort_input(c(
      "{.arg x} must have replicates.",
      x = "It is exact: there is nothing to extend or to replay.",
      i = "{.code method = \"monte_carlo\"} draws replicates."
    ), arg = "x", call = call)
  }
  check_draws(x$job, "x", call)
}

check_draws <- function(job, arg, call = rlang::caller_env()) {
  if (identical(job$draws, drawn_as)) return(invisible())
  abort_input(c(
    "{.arg {arg}} was made by another version of the package.",
    x = "The same seed gives other draws now: no replicate of it can be replayed, and none added.",
    i = "Make it again, or use the version that it was made with."
  ), arg = arg, call = call)
}

# To be changed with the draws that a seed gives: a result of other draws cannot be continued.
drawn_as <- 3L

# kind: "bootstrap", "permutation", "shared_permutation" or "imputation". `outputs`: 1, or 2 with standard errors. A custom
# statistic brings its function and the data it sees.
new_job <- function(kind, cohort, statistic, compared, seed, outputs = 1L, scheme = "ordinary",
                    jackknife_error = FALSE) {
  job <- list(
    kind = kind, cohort = cohort, statistic = statistic$name,
    parameters = as.double(unlist(statistic$parameters)), outputs = as.integer(outputs),
    scheme = scheme, jackknife_error = jackknife_error, seed = seed, draws = drawn_as
  )
  if (is_custom(statistic)) job$custom <- custom_view(statistic, cohort, compared)
  structure(job, class = "her2_job")
}

#' @export
format.her2_job <- function(x, ...) {
  paste0(
    "<resampling job> ", x$kind, " of ", x$statistic, ", ",
    count_of(sum(frequency_of(x$cohort)), "patient"), ", seed ", format(x$seed, scientific = FALSE)
  )
}

#' @export
print.her2_job <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

# What tells one job from another: all but the function's environment; and the version, as another
# one may draw other numbers.
job_key <- function(job) {
  job$custom$fun <- if (!is.null(job$custom)) deparse(job$custom$fun)
  rlang::hash(list(unclass(job), getNamespaceVersion("her2mod")))
}

#' @rdname resampling_job
#' @export
evaluate_range <- function(job, first, count, threads = NULL) {
  if (!inherits(job, "her2_job")) {
    abort_input(c(
      "{.arg job} must be a {.cls her2_job}.",
      x = "It is {.obj_type_friendly {job}}.", i = "{.fn resampling_job} makes one."
    ), arg = "job")
  }
  check_draws(job, "job")
  first <- check_count(first, "first", min = 1, max = 2^53)
  count <- check_count(count, "count", min = 1)
  run <- run_job(job, first, count, resolve_threads(threads))
  structure(
    list(first = first, count = count, values = run$values, failures = run$failures, key = job_key(job)),
    class = "her2_range"
  )
}

run_job <- function(job, first, count, threads, call = rlang::caller_env()) {
  if (!is.null(job$custom)) return(run_custom(job, first, count, call))
  call_core(switch(job$kind,
    bootstrap = cpp_bootstrap(job, job$seed, first, count, job$outputs, threads),
    permutation = cpp_permutation(job, job$seed, first, count, job$outputs, threads),
    shared_permutation = cpp_shared_permutation(job, job$seed, first, count, job$outputs, threads),
    imputation = cpp_imputation(job, job$seed, first, count, job$outputs, threads),
    enumeration = cpp_enumeration(job, first, count, job$outputs, threads)
  ), call)
}

# The statistic as observed (or at other weights): value and, where replicates have one, standard error.
evaluate_job <- function(job, weight = NULL, call = rlang::caller_env()) {
  if (is.null(job$custom)) return(call_core(cpp_evaluate(job, weight, NULL, job$outputs), call)$values)
  if (is.null(weight)) weight <- frequency_of(job$cohort)
  call_custom(job$custom, weight, NULL, "the data", call)
}

# Replicates first to last, in one range; in several to show progress, or for the workers of a
# future plan: the numbers are the same.
run_ranges <- function(job, first, last, how, call = rlang::caller_env()) {
  if (how$backend == "future") return(run_on_workers(job, first, last, how, call))
  R <- last - first + 1
  # In between ranges R sees interrupts and other events; a custom statistic's weights take memory.
  pieces <- if (how$progress) min(R, 50) else 1
  ends <- first - 1 + round(seq(0, R, length.out = pieces + 1))
  parts <- vector("list", pieces)
  if (how$progress) bar <- start_bar("Replicates", R)
  for (i in seq_len(pieces)) {
    parts[[i]] <- run_job(job, ends[[i]] + 1, ends[[i + 1]] - ends[[i]], how$threads, call)
    if (how$progress) move_bar(bar, ends[[i + 1]] - first + 1)
  }
  join_parts(parts)
}

join_parts <- function(parts) {
  if (length(parts) == 1) return(parts[[1]][c("values", "failures")])
  list(
    values = do.call(rbind, lapply(parts, `[[`, "values")),
    failures = Reduce(`+`, lapply(parts, `[[`, "failures"))
  )
}

# The workers of a future plan. What is lost with a worker is sent again, twice at most.
run_on_workers <- function(job, first, last, how, call, attempts = 3) {
  R <- last - first + 1
  pieces <- min(R, 4 * future::nbrOfWorkers())
  if (!is.finite(pieces)) pieces <- min(R, 100)
  ends <- first - 1 + round(seq(0, R, length.out = pieces + 1))
  if (how$progress) bar <- start_bar("Ranges", pieces)
  needs <- needs_of(job)
  parts <- vector("list", pieces)
  for (attempt in seq_len(attempts)) {
    unfinished <- which(vapply(parts, is.null, NA))
    if (length(unfinished) == 0) break
    if (attempt > 1) renew_workers()
    sent <- lapply(unfinished, function(i) {
      range <- list(first = ends[[i]] + 1, count = ends[[i + 1]] - ends[[i]])
      send_range(c(list(job = job, threads = how$threads), range), needs)
    })
    for (k in seq_along(unfinished)) {
      part <- sent[[k]]
      if (inherits(part, "Future")) part <- unless_lost(future::value(part))
      if (inherits(part, "FutureError")) {
        lost <- conditionMessage(part)
      } else {
        parts[[unfinished[[k]]]] <- part
        if (how$progress) move_bar(bar)
      }
    }
  }
  unfinished <- which(vapply(parts, is.null, NA))
  if (length(unfinished) > 0) abort_lost(ends[[unfinished[[1]]]] + 1, ends[[unfinished[[1]] + 1]], attempts, lost, call)
  join_parts(ordered_ranges(parts, job, first, last, call))
}

# An interrupt that comes while cli draws is taken when it has drawn: stopped in between, it fails.
start_bar <- function(name, total, frame = rlang::caller_env()) {
  suspendInterrupts(cli::cli_progress_bar(name, total = total, .envir = frame))
}
move_bar <- function(bar, set = NULL, frame = rlang::caller_env()) {
  suspendInterrupts(cli::cli_progress_update(set = set, id = bar, .envir = frame))
}

# A future, or, where it cannot even be sent, why. The names are ones that no custom statistic uses.
send_range <- function(her2mod_sent, needs) {
  unless_lost(future::future(
    her2mod::evaluate_range(her2mod_sent$job, her2mod_sent$first, her2mod_sent$count, her2mod_sent$threads),
    globals = c(list(her2mod_sent = her2mod_sent), needs$globals), packages = needs$packages, seed = NULL
  ))
}

# What a custom statistic uses of the session: variables and attached packages.
needs_of <- function(job) {
  if (is.null(job$custom)) return(NULL)
  her2mod_fun <- job$custom$fun
  needs <- future::getGlobalsAndPackages(quote(her2mod_fun), envir = rlang::current_env())
  globals <- as.list(needs$globals)
  list(globals = globals[setdiff(names(globals), "her2mod_fun")], packages = needs$packages)
}

# Errors of the statistic pass; that of a worker is a value.
unless_lost <- function(expr) tryCatch(expr, FutureError = identity)

# A plan keeps workers that have died: setting it anew starts others in their place.
renew_workers <- function() {
  stack <- future::plan("list")
  future::plan(future::sequential)
  future::plan(stack)
}

abort_lost <- function(first, last, attempts, lost, call) {
  abort_her2(c(
    "Replicates {first} to {last} could not be evaluated.",
    x = "Their worker died {attempts} times: {lost}"
  ), "numeric", range = c(first, last), call = call)
}

# Parts of one job in the order of their replicates: all of first to last, each replicate once.
ordered_ranges <- function(parts, job, first, last, call = rlang::caller_env()) {
  ok <- is.list(parts) && all(vapply(parts, inherits, NA, "her2_range"))
  if (!ok) {
    abort_input("{.arg parts} must be a list of what {.fn evaluate_range} returns.", arg = "parts", call = call)
  }
  if (any(vapply(parts, `[[`, "", "key") != job_key(job))) {
    abort_input(c("A range belongs to another job.",
      i = "Data, statistic, seed and scheme must be the result's own."
    ), arg = "parts", call = call)
  }
  starts <- vapply(parts, `[[`, 0, "first")
  parts <- parts[order(starts)]
  starts <- sort(starts)
  ends <- starts + vapply(parts, `[[`, 0, "count") - 1
  expected <- c(first, ends[-length(ends)] + 1)
  if (length(parts) == 0 || any(starts != expected) || ends[[length(ends)]] != last) {
    abort_input(c(
      "The ranges must cover replicates {first} to {last}, each once.",
      x = if (length(parts)) "They are {.val {first_of(paste(starts, ends, sep = ' to '), 5)}}." else "There are none."
    ), arg = "parts", call = call)
  }
  parts
}
