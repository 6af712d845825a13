# How long things take: elapsed seconds, medians of repeats.

# Each timing lasts about so many seconds, and is repeated so often.
timings <- new.env()
timings$seconds <- 0.25
timings$runs <- 5

shorten_timings <- function() {
  timings$seconds <- 0.02
  timings$runs <- 2
}

clock <- function() as.double(Sys.time())

# R collects garbage when results have filled its memory, and that takes as long as the session holds objects, which says
# nothing of either side. `make bench` sets memory aside; what is there is collected before, not in between.
collect <- function() invisible(gc())

timed <- function(call) {
  start <- clock()
  value <- call()
  list(seconds = clock() - start, value = value)
}

# Seconds a call: the median over `runs` batches, each long enough for the clock.
per_call <- function(call, runs = timings$runs, at_least = 0.05) {
  value <- call()
  times <- vapply(seq_len(runs), function(i) {
    collect()
    start <- clock()
    calls <- 0
    repeat {
      call()
      calls <- calls + 1
      taken <- clock() - start
      if (taken >= at_least) return(taken / calls)
    }
  }, 0)
  list(seconds = stats::median(times), runs = runs, value = value)
}

# The same for what is too slow to be called once more than it is timed.
per_slow_call <- function(call, runs = 1) {
  done <- lapply(seq_len(runs), function(i) timed(call))
  list(seconds = stats::median(vapply(done, `[[`, 0, "seconds")), runs = runs, value = done[[1]]$value)
}

# Seconds a replicate of `run(R)`, which makes R of them: the median over `runs` of long runs less short ones, so that
# what is done once a call (`setup`, in seconds) counts on no side. `summary` of the last run's values is not timed.
per_replicate <- function(run, summary, runs = timings$runs, at_least = timings$seconds) {
  long <- enough_replicates(run, at_least)
  # Each call with the memory of those before it, as in a session that does more than this.
  seconds_of <- function(R) {
    mean(vapply(seq_len(long$calls), function(i) {
      collect()
      timed(function() run(R))$seconds
    }, 0))
  }
  times <- vapply(seq_len(runs), function(i) c(few = seconds_of(few), R = seconds_of(long$R)), double(2))
  seconds <- stats::median(times["R", ] - times["few", ]) / (long$R - few)
  list(seconds = seconds, runs = runs, R = long$R, setup = stats::median(times["few", ]) - few * seconds,
    value = summary(run(long$R)))
}

# The replicates of a short run; the most of a long one, as nobody asks for more, and memory would be what is timed.
few <- 2
most <- 1e6

# R replicates, in one call or several, that last `at_least` seconds more than a few do. The first call is not counted:
# it loads what is used. The shorter of two counts, as what comes in between only adds.
enough_replicates <- function(run, at_least) {
  run(few)
  shorter <- function(R) {
    first <- timed(function() run(R))$seconds
    if (first > at_least) first else min(first, timed(function() run(R))$seconds)
  }
  short <- shorter(few)
  R <- few + 1
  repeat {
    R <- min(most, few + (R - few) * 4)
    more <- shorter(R) - short
    if (R >= most || more >= at_least / 4) break
  }
  wanted <- few + ceiling((R - few) * at_least / more)
  list(R = min(most, max(R, wanted)), calls = min(20, max(1, round(wanted / most))))
}
