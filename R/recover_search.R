# Every choice of group sizes that leaves a table, then the counts within each choice.

# --- Sizes --------------------------------------------------------------------

# The largest size that the other figures allow a group; Inf when nothing bounds it. Any rule's
# lower end is at least half a unit below the figure, which serves all of them.
size_bound <- function(figures, g) {
  if (!is.na(figures$n[[g]])) return(figures$n[[g]])
  from_total <- figures$total - sum(figures$n[-g], is.na(figures$n[-g]), na.rm = TRUE)
  events <- pmin(figures$events[g, ], figures$total_events, na.rm = TRUE)
  low <- pmax(2 * figures$units[g, ] - 1, 0)
  from_events <- floor(ifelse(low > 0, events * 200 * 10^figures$digits[g, ] / low, NA)) + 1
  max(0, min(from_total, from_events, figures$cap, na.rm = TRUE))
}

# With a total of patients and of events, a group's rate and those of the others leave its size
# little room: with N patients and T events, T lies between n rate + (N - n) rate of the others at
# their lowest and the same at their highest. One patient of slack serves every rounding rule.
size_ends <- function(figures, g, bound) {
  ends <- c(if (length(figures$n) == 1) max(1, figures$total, na.rm = TRUE) else 1, bound)
  linked <- !is.na(figures$total_events) & !is.na(figures$total) & length(figures$n) > 1
  for (o in which(linked)) {
    scale <- 200 * 10^max(figures$digits[, o])
    unit <- scale / (200 * 10^figures$digits[, o])
    low <- ifelse(is.na(figures$units[, o]), 0, pmax(2 * figures$units[, o] - 1, 0) * unit)
    high <- ifelse(is.na(figures$units[, o]), scale, (2 * figures$units[, o] + 2) * unit)
    spare <- scale * figures$total_events[[o]]
    ends <- narrow(ends, low[[g]] - min(low[-g]), spare - min(low[-g]) * figures$total)
    ends <- narrow(ends, max(high[-g]) - high[[g]], max(high[-g]) * figures$total - spare)
  }
  ends
}

# Sizes with slope * n <= limit.
narrow <- function(ends, slope, limit) {
  if (slope > 0) ends[[2]] <- min(ends[[2]], floor(limit / slope) + 1)
  if (slope < 0) ends[[1]] <- max(ends[[1]], ceiling(limit / slope) - 1)
  ends
}

# Sizes at which every percentage of the group can be printed, with the counts that do it.
size_candidates <- function(figures, g, rule) {
  bound <- size_bound(figures, g)
  check_exact(figures$digits, bound, figures$call)
  ends <- if (is.na(figures$n[[g]])) size_ends(figures, g, bound) else figures$n[[g]] * c(1, 1)
  check_search_size(ends[[2]] - ends[[1]] + 1, figures$call)
  candidates <- list(n = ends[[1]] + seq_len(max(0, ends[[2]] - ends[[1]] + 1)) - 1)
  for (o in seq_along(figures$outcomes)) {
    range <- cell_range(figures, g, o, candidates$n, rule)
    keep <- which(range$low <= range$high)
    candidates <- list(
      n = candidates$n[keep],
      low = cbind(candidates$low[keep, , drop = FALSE], range$low[keep]),
      high = cbind(candidates$high[keep, , drop = FALSE], range$high[keep])
    )
  }
  candidates
}

cell_range <- function(figures, g, o, n, rule) {
  range <- list(low = 0 * n, high = n)
  if (!is.na(figures$units[g, o])) {
    range <- count_range(n, percent_bounds(figures$units[g, o], figures$digits[g, o], rule))
  }
  events <- figures$events[g, o]
  if (is.na(events)) return(range)
  list(low = pmax(range$low, events), high = pmin(range$high, events))
}

# Every choice of sizes that leaves a table: a list with `n` (matrix choice x group) and `low` and
# `high` (a matrix choice x group for each outcome).
search_sizes <- function(figures, rule) {
  groups <- seq_along(figures$n)
  candidates <- lapply(groups, function(g) size_candidates(figures, g, rule))
  if (any(lengths(lapply(candidates, `[[`, "n")) == 0)) return(NULL)
  # The groups with the fewest candidates first: the search branches least.
  queue <- order(lengths(lapply(candidates, `[[`, "n")))
  chosen <- matrix(0L, 1, length(groups))
  none <- matrix(0, 1, length(figures$outcomes))
  sums <- list(n = 0, low = none, high = none)
  for (i in seq_along(queue)) {
    candidate <- candidates[[queue[i]]]
    window <- size_window(candidate, sums, candidates[queue[-seq_len(i)]], figures)
    check_search_size(sum(window$count), figures$call)
    row <- rep(seq_along(window$count), window$count)
    pick <- sequence(window$count, window$first)
    chosen <- chosen[row, , drop = FALSE]
    chosen[, queue[i]] <- pick
    sums <- list(
      n = sums$n[row] + candidate$n[pick],
      low = sums$low[row, , drop = FALSE] + candidate$low[pick, , drop = FALSE],
      high = sums$high[row, , drop = FALSE] + candidate$high[pick, , drop = FALSE]
    )
    if (length(row) == 0) return(NULL)
  }
  look_up <- function(what) {
    by_group <- lapply(groups, function(g) what(candidates[[g]])[chosen[, g]])
    matrix(unlist(by_group), ncol = length(groups))
  }
  list(
    n = look_up(function(candidate) candidate$n),
    low = lapply(seq_along(figures$outcomes), function(o) look_up(function(cand) cand$low[, o])),
    high = lapply(seq_along(figures$outcomes), function(o) look_up(function(cand) cand$high[, o]))
  )
}

# The run of candidates from which the groups still to come can complete the totals. Sizes and both
# ends of the counts rise together along the candidates, so it is one run; for the last group it is
# exact, and nothing need be thrown away afterwards.
size_window <- function(candidate, sums, rest, figures) {
  first <- rep(1L, length(sums$n))
  last <- rep(length(candidate$n), length(sums$n))
  extreme <- function(what, f) sum(vapply(rest, function(r) f(what(r)), 0))
  at_least <- function(bound, values) findInterval(bound, values, left.open = TRUE) + 1L
  if (!is.na(figures$total)) {
    spare <- figures$total - sums$n
    first <- pmax(first, at_least(spare - extreme(function(r) r$n, max), candidate$n))
    last <- pmin(last, findInterval(spare - extreme(function(r) r$n, min), candidate$n))
  }
  for (o in which(!is.na(figures$total_events))) {
    need <- figures$total_events[[o]] - extreme(function(r) r$high[, o], max) - sums$high[, o]
    room <- figures$total_events[[o]] - extreme(function(r) r$low[, o], min) - sums$low[, o]
    first <- pmax(first, at_least(need, candidate$high[, o]))
    last <- pmin(last, findInterval(room, candidate$low[, o]))
  }
  list(first = first, count = pmax(last - first + 1L, 0L))
}

# --- Counts within sizes ------------------------------------------------------

# The counts of group g given those of the groups before it (`taken`), one range a row.
open_range <- function(low, high, g, total, taken) {
  if (is.na(total)) return(list(low = low[, g], high = high[, g]))
  later <- seq_len(ncol(low)) > g
  list(
    low = pmax(low[, g], total - taken - rowSums(high[, later, drop = FALSE])),
    high = pmin(high[, g], total - taken - rowSums(low[, later, drop = FALSE]))
  )
}

# Tables under one rule: `n` (matrix table x group) and `x` (a matrix table x group an outcome).
tables_under <- function(figures, rule, earlier, max_tables) {
  sizes <- search_sizes(figures, rule)
  if (is.null(sizes)) return(NULL)
  row <- seq_len(nrow(sizes$n))
  x <- list()
  for (o in seq_along(figures$outcomes)) {
    found <- matrix(0, length(row), 0)
    for (g in seq_along(figures$groups)) {
      range <- open_range(sizes$low[[o]][row, , drop = FALSE], sizes$high[[o]][row, , drop = FALSE],
        g, figures$total_events[[o]], rowSums(found)
      )
      count <- range$high - range$low + 1
      check_table_count(sum(count), max_tables, sizes, figures)
      again <- rep(seq_along(row), count)
      x <- lapply(x, function(m) m[again, , drop = FALSE])
      found <- cbind(found[again, , drop = FALSE], sequence(count, range$low))
      row <- row[again]
    }
    x[[o]] <- found
  }
  tables <- list(n = sizes$n[row, , drop = FALSE], x = x)
  known <- Reduce(`|`, lapply(earlier, explains, tables = tables, figures = figures), FALSE)
  keep_tables(tables, which(!rep_len(known, length(row))))
}

search_limit <- 5e6

check_search_size <- function(size, call) {
  if (size > search_limit) {
    abort_data(c(
      "The search is too large: {format(size, big.mark = ',')} choices of group sizes to look at.",
      x = "The limit is {format(search_limit, big.mark = ',')}.",
      i = "Give {.arg total_events}, known sizes, or percentages with more digits."
    ), size = size, limit = search_limit, call = call)
  }
}

check_table_count <- function(count, limit, sizes, figures) {
  if (count <= limit) return(invisible())
  # A total of events fixes one group's count once the others are chosen.
  size <- sum(Reduce(`*`, lapply(seq_along(figures$outcomes), function(o) {
    width <- as.data.frame(sizes$high[[o]] - sizes$low[[o]] + 1)
    Reduce(`*`, width) / if (is.na(figures$total_events[[o]])) 1 else do.call(pmax, width)
  })))
  abort_data(c(
    "Too many tables fit: up to {format(size, big.mark = ',', digits = 3)}.",
    x = "The limit is {format(limit, big.mark = ',')} ({.arg max_tables}).",
    i = "Give {.arg n} or {.arg total_events}, or percentages with more digits."
  ), size = size, limit = limit, call = figures$call)
}

keep_tables <- function(tables, rows) {
  list(
    n = tables$n[rows, , drop = FALSE],
    x = lapply(tables$x, function(x) x[rows, , drop = FALSE])
  )
}

# Does a rule explain every percentage of a table?
explains <- function(rule, tables, figures) {
  fits <- rep(TRUE, nrow(tables$n))
  for (o in seq_along(figures$outcomes)) {
    for (g in seq_along(figures$groups)) {
      fits <- fits & is_printed_as(
        tables$x[[o]][, g], tables$n[, g], figures$units[g, o], figures$digits[g, o], rule
      )
    }
  }
  fits
}
