# RESULTS.md.

show_seconds <- function(seconds) {
  unit <- findInterval(seconds, c(1e-6, 1e-3, 1)) + 1
  paste(show_ratio(seconds * c(1e9, 1e6, 1e3, 1)[unit]), c("ns", "us", "ms", "s")[unit])
}

show_ratio <- function(ratio) sub("\\.$", "", formatC(ratio, digits = 3, format = "fg", flag = "#", big.mark = ","))

show_met <- function(met) ifelse(is.na(met), "", ifelse(met, "yes", "**no**"))

markdown <- function(table) {
  row <- function(cells) paste0("| ", paste(trimws(cells), collapse = " | "), " |")
  c(row(names(table)), paste0("|", strrep("---|", ncol(table))), apply(table, 1, row))
}

comparison_table <- function(rows) {
  markdown(data.frame(
    work = rows$work, n = format_count(rows$n), against = rows$peer, per = rows$per,
    ours = show_seconds(rows$ours), peer = show_seconds(rows$theirs), ratio = show_ratio(rows$ratio),
    required = ifelse(is.na(rows$required), "", paste0(">= ", format_count(rows$required))), met = show_met(rows$met),
    "ours gives" = rows$ours_gives, "peer gives" = rows$peer_gives, difference = rows$difference,
    repeats = rows$repeats, check.names = FALSE
  ))
}

format_count <- function(x) vapply(x, format, "", big.mark = ",", scientific = FALSE, trim = TRUE)

engine_table <- function(engine) {
  number <- function(x) formatC(x, digits = 2, format = "f")
  markdown(data.frame(
    what = engine$what, n = format_count(engine$n), "median of pairs" = number(engine$value),
    range = paste(number(engine$low), "to", number(engine$high)), required = engine$required,
    met = show_met(engine$met), detail = engine$detail, check.names = FALSE
  ))
}

memory_table <- function(memory) {
  megabytes <- function(x) paste(format_count(round(x)), "MB")
  markdown(data.frame(
    who = memory$who, n = format_count(memory$n), R = memory$R, "peak before the call" = megabytes(memory$before),
    "peak after it" = megabytes(memory$after), "taken by the call" = megabytes(memory$after - memory$before),
    check.names = FALSE
  ))
}

# A sentence on all that is required.
verdict <- function(rows, engine) {
  name <- function(x) paste0(x$work, ", n = ", format_count(x$n), ", ", x$peer, " (", show_ratio(x$ratio), ")")
  asked <- rows[!is.na(rows$required), ]
  missed <- c(
    vapply(which(!asked$met), function(i) name(asked[i, ]), ""),
    vapply(which(!engine$met), function(i) paste0(engine$what[[i]], ", n = ", format_count(engine$n[[i]])), "")
  )
  all <- nrow(asked) + NROW(engine)
  c(
    paste0("Required figures met in this run: ", all - length(missed), " of ", all, "."),
    if (length(missed)) paste0("Not met: ", paste(missed, collapse = "; "), ".")
  )
}

# What must hold of the numbers themselves.
agreement_note <- function(rows) {
  z <- suppressWarnings(as.double(sub("z = ", "", rows$difference)))
  far <- which(z > 4)
  paste0(
    "Monte Carlo results differ by at most z = ", formatC(max(z, na.rm = TRUE), digits = 1, format = "f"),
    if (length(far)) paste0("; **beyond 4: ", paste(rows$work[far], rows$peer[far], collapse = "; "), "**"), "."
  )
}

# What ours does once a call, where that can be felt.
setup_note <- function(rows) {
  slow <- unique(rows[!is.na(rows$setup) & rows$setup > 0.01, c("work", "n", "setup")])
  if (nrow(slow) == 0) return(NULL)
  each <- paste0(slow$work, ", n = ", format_count(slow$n), ": ", show_seconds(slow$setup))
  paste0("Once a call of ours, beside the replicates: ", paste(each, collapse = "; "), ".")
}

reading_notes <- c(
  paste(
    "All timed in one run (the peers in Python first), one thread; medians; ratio is peer over ours. Repeats: of ours,",
    "of the peer's. Time a replicate is that of a run of R replicates less that of a run of two, so that what is done",
    "once a call counts on no side; R is such that it lasts a quarter of a second (in several calls of a million where",
    "replicates are quick), or a few where one lasts longer. Time a call is all of it, from R or Python. R's garbage is collected before",
    "a timing, not in it (`--min-vsize`), on either side, where a timing does not take more than 1.5 GB of vectors."
  ),
  paste(
    "Differences: z is the difference in Monte Carlo standard errors (of standard errors: the normal quantile of their",
    "F test). p-values of replicates are one-sided."
  ),
  paste(
    "Data are simulated (lognormal, 458 against 117, or the same shares of 100,000); events are 211/458 against 19/117",
    "and the same shares. boot with d[i, ] takes rows of the data frame, as its users write it, and is what the",
    "requirement is of; v[i] takes columns. scipy runs with its default batch (all replicates at once) and with the",
    "quickest of 10, 100 and 1000; the requirement is of both."
  )
)

memory_note <- paste(
  "boot keeps all indices, whole numbers of 4 bytes: n R 4 bytes, and copies while it draws them; at n = 1,000,000",
  "and R = 9,999 the indices alone are 40 GB. Ours does not grow with R, but for 8 bytes a replicate."
)

report <- function(rows, engine, memory, notes, picture) {
  paragraphs <- function(lines) as.vector(rbind(lines, ""))
  c(
    "# This package against its peers", "",
    paragraphs(c("Made by `make bench`.", paste(verdict(rows, engine), collapse = " "), agreement_note(rows))),
    comparison_table(rows), "",
    if (!is.null(picture)) c(paste0("![Ratio of times by work, with what is required](", basename(picture), ")"), ""),
    if (!is.null(engine)) c("## Engine", "", engine_table(engine), ""),
    if (!is.null(memory)) c("## Memory", "", memory_table(memory), "", memory_note, ""),
    "## Notes", "", paragraphs(c(reading_notes, setup_note(rows), notes))
  )
}
