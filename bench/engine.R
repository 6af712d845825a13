# What the engine costs over what it cannot do without, what a second thread brings, and how much memory is taken.

engine_row <- function(what, n, values, required, met, detail) {
  data.frame(what = what, n = n, value = stats::median(values), low = min(values), high = max(values),
    required = required, met = met(stats::median(values)), detail = detail)
}

# A replicate against opening its stream and drawing its indices (floor.cpp), one after the other.
floor_row <- function(what, job, sizes, most) {
  program <- compile("floor.cpp")
  if (is.null(program)) return(NULL)
  run <- function(R) her2mod:::evaluate_range(job, 1, R, threads = 1)
  R <- enough_replicates(run, timings$seconds)$R
  pairs <- vapply(seq_len(timings$runs + 2), function(i) {
    floor <- as.double(system2(program, c(sizes, R), stdout = TRUE))
    c(ours = timed(function() run(R))$seconds / R, floor = floor)
  }, double(2))
  engine_row(paste(what, "replicate over its floor"), sum(sizes), pairs["ours", ] / pairs["floor", ],
    paste("<=", most), function(value) value <= most,
    paste0(show_seconds(stats::median(pairs["ours", ])), " against ", show_seconds(stats::median(pairs["floor", ]))))
}

floor_rows <- function(designs) {
  means <- lapply(designs, function(design) {
    floor_row("mean-difference", our_bootstrap_job(design$rows, y ~ g, "mean_difference"), design$sizes, 2)
  })
  rows <- survival_design()
  rmst <- our_bootstrap_job(rows, Surv(time, status) ~ g, stat_rmst_difference(survival_tau))
  do.call(rbind, c(means, list(floor_row("RMST-difference", rmst, table(rows$g), 4))))
}

thread_rows <- function(designs, R = 2e5) {
  if (cores() < 2) return(NULL)
  job <- our_bootstrap_job(designs$small$rows, y ~ g, "mean_difference")
  run <- function(threads) timed(function() her2mod:::evaluate_range(job, 1, R, threads = threads)$values)
  same <- TRUE
  ratio <- vapply(seq_len(2 * timings$runs - 1), function(i) {
    one <- run(1)
    two <- run(2)
    same <<- same && identical(one$value, two$value)
    one$seconds / two$seconds
  }, 0)
  engine_row("one thread over two, 200,000 replicates", designs$small$n, ratio, ">= 1.7", function(value) value >= 1.7,
    if (same) "the same numbers, bit for bit" else "THE NUMBERS DIFFER")
}

# --- memory: the peak of a fresh process, before the call and after it ------------------------------

peak_megabytes <- function(who, n, R) {
  Sys.setenv(R_LIBS = paste(.libPaths(), collapse = .Platform$path.sep))
  out <- system2(file.path(R.home("bin"), "Rscript"), c("bench/peak.R", who, format(n, scientific = FALSE), R),
    stdout = TRUE, stderr = FALSE)
  as.double(strsplit(out[[length(out)]], " ")[[1]])
}

memory_rows <- function(n = 1e6) {
  if (!file.exists("/proc/self/status")) return(NULL)
  who <- c(ours = 100, boot = if (has_peer("boot")) 20)
  peaks <- vapply(names(who), function(name) peak_megabytes(name, n, who[[name]]), double(2))
  name_of <- function(name) if (name == "ours") "ours, boot_ci()" else paste0(peer_name(name), ", v[i]")
  data.frame(who = vapply(names(who), name_of, ""), n = n, R = who, before = peaks[1, ], after = peaks[2, ])
}
