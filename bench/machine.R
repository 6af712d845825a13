# Who is here, and on what.

has_peer <- function(name) requireNamespace(name, quietly = TRUE)

peer_name <- function(name) paste(name, utils::packageVersion(name))

# What is required of a peer goes by its kind: "boot" is boot as its users write it; NA of the faster way, and others.
peer_kind <- function(peer) {
  kinds <- c(boot = "^boot .*d\\[i, \\]$", scipy = "^scipy ", coin = "^coin ", rbinom = "rbinom")
  c(names(kinds)[vapply(kinds, grepl, NA, x = peer)], NA)[[1]]
}

cores <- function() parallel::detectCores()

processor <- function() {
  if (!file.exists("/proc/cpuinfo")) return(unname(Sys.info()[["machine"]]))
  models <- grep("model name", readLines("/proc/cpuinfo"), value = TRUE)
  if (length(models)) trimws(sub(".*:", "", models[[1]])) else unname(Sys.info()[["machine"]])
}

# Of the last minute; NA where it is not told.
load_average <- function() {
  if (!file.exists("/proc/loadavg")) return(NA_real_)
  as.double(strsplit(readLines("/proc/loadavg"), " ")[[1]][[1]])
}

# What came before the run (an installation, say) has its share in the load of the last minute.
wait_until_idle <- function(most_seconds = 240) {
  until <- Sys.time() + most_seconds
  while (isTRUE(load_average() > 0.2) && Sys.time() < until) Sys.sleep(5)
  load_average()
}

machine_notes <- function(busy, scipy) {
  peers <- c("boot", "coin", "exactRankTests", "Exact", "ggplot2")
  absent <- c(if (is.null(scipy)) "scipy", peers[!vapply(peers, has_peer, NA)])
  c(
    if (length(absent)) paste0("Not installed, so left out: ", toString(absent), "."),
    paste0(
      "her2mod ", utils::packageVersion("her2mod"), " (built ", built("her2mod"), "); ", R.version.string, "; ",
      compiler_version(), ", ", compiler(), " ", compiler_flags(), "; ", processor(), ", ", cores(), " cores; ",
      format(Sys.Date()), "."
    ),
    paste0(
      "Load average before the run: ", busy, ".",
      if (isTRUE(busy > 0.5)) " **The machine was not idle: these are not figures to keep.**"
    )
  )
}

built <- function(package) trimws(strsplit(utils::packageDescription(package)$Built, ";")[[1]][[3]])

compiler_version <- function() {
  system2(strsplit(compiler(), " ")[[1]][[1]], "--version", stdout = TRUE)[[1]]
}
