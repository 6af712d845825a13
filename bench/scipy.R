# Runs bench/peers.py with the first Python that has scipy. What it prints: a line a row of the table.

# NULL without scipy; else a data frame with columns work, n, seconds, runs, R, value, how, and its attribute "version".
scipy_times <- function(designs, quick) {
  folder <- tempfile()
  dir.create(folder)
  for (design in designs) write_design(design, folder)
  Sys.setenv(OMP_NUM_THREADS = 1, OPENBLAS_NUM_THREADS = 1, MKL_NUM_THREADS = 1)
  on.exit(Sys.unsetenv(c("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")))
  found <- Filter(nzchar, unique(c(Sys.which("python3"), "/usr/bin/python3")))
  for (python in found) {
    arguments <- c("bench/peers.py", folder, if (quick) "quick")
    if (!has_scipy(python)) next
    out <- system2(python, arguments, stdout = TRUE)
    if (!is.null(attr(out, "status"))) stop("bench/peers.py failed", call. = FALSE)
    return(read_times(out))
  }
  NULL
}

has_scipy <- function(python) system2(python, c("-c", "'import scipy'"), stdout = FALSE, stderr = FALSE) == 0

# values_<n>_<group>.txt, one number a line.
write_design <- function(design, folder) {
  for (group in levels(design$rows$g)) {
    path <- file.path(folder, paste0("values_", sprintf("%d", design$n), "_", group, ".txt"))
    writeLines(formatC(design$rows$y[design$rows$g == group], digits = 17, format = "g"), path)
  }
}

read_times <- function(out) {
  times <- utils::read.delim(text = out[-1], header = FALSE, stringsAsFactors = FALSE,
    col.names = c("work", "n", "seconds", "runs", "R", "value", "how"), na.strings = "nan")
  times$how[is.na(times$how)] <- ""
  structure(times, version = sub("scipy\t", "", out[[1]]))
}

# What comparison() wants of the rows of one work, each by its name; an empty list where there are none.
scipy_peers <- function(scipy, work, n) {
  found <- lapply(which(scipy$work == work & scipy$n == n), function(i) as.list(scipy[i, ]))
  names(found) <- vapply(found, function(row) {
    paste(c(paste("scipy", attr(scipy, "version")), if (nzchar(row$how)) row$how), collapse = ", ")
  }, "")
  found
}
