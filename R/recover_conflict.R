# When no table fits: which printed figure can't hold, and what it would have to be. Each figure is
# left out in turn and the search made again; then groups alone, then pairs of figures.

find_conflict <- function(figures, rules) {
  items <- printed_items(figures)
  rows <- leave_out_each(figures, split(items, seq_len(nrow(items))), rules)
  scope <- "figure"
  if (nrow(rows) == 0) {
    scope <- "group"
    alone <- lapply(seq_along(figures$groups), function(g) conflict_alone(figures, g, rules))
    rows <- do.call(rbind, alone)
    if (NROW(rows) == 0) {
      scope <- "pair"
      rows <- leave_out_each(figures, item_pairs(figures, items), rules)
    }
  }
  row.names(rows) <- NULL
  structure(rows, scope = scope)
}

# All pairs, or none when trying them would take minutes.
item_pairs <- function(figures, items) {
  pairs <- which(upper.tri(diag(nrow(items))), arr.ind = TRUE)
  bounds <- vapply(seq_along(figures$n), function(g) size_bound(figures, g), 0)
  if (nrow(pairs) * sum(bounds) > 1e6) return(list())
  lapply(seq_len(nrow(pairs)), function(i) items[pairs[i, ], ])
}

# A group that cannot stand on its own needs no other group to refute it; if one figure does not
# explain that either, then each of its outcomes.
conflict_alone <- function(figures, g, rules, outcomes = seq_along(figures$outcomes)) {
  alone <- figures
  for (part in c("text", "units", "digits", "events")) {
    alone[[part]] <- figures[[part]][g, outcomes, drop = FALSE]
  }
  alone$groups <- figures$groups[g]
  alone$outcomes <- figures$outcomes[outcomes]
  alone$n <- figures$n[g]
  alone$total <- NA
  alone$total_events <- rep(NA, length(outcomes))
  stands <- is.infinite(size_bound(alone, 1)) ||
    any(vapply(rules, function(rule) !is.null(search_sizes(alone, rule)), TRUE))
  if (stands) return(NULL)
  items <- printed_items(alone)
  rows <- leave_out_each(alone, split(items, seq_len(nrow(items))), rules)
  if (nrow(rows) > 0 || length(outcomes) == 1) return(rows)
  do.call(rbind, lapply(outcomes, function(o) conflict_alone(figures, g, rules, o)))
}

printed_items <- function(figures) {
  cell <- function(figure, values) {
    at <- which(!is.na(matrix(values, nrow = NROW(values))), arr.ind = TRUE)
    data.frame(figure = rep(figure, nrow(at)), g = at[, 1], o = at[, 2])
  }
  total_events <- cell("total_events", figures$total_events)
  total_events[c("g", "o")] <- total_events[c("o", "g")]
  rbind(
    cell("percent", figures$units), cell("n", figures$n), cell("events", figures$events),
    cell("total", figures$total), total_events
  )
}

leave_out_each <- function(figures, sets, rules) {
  rows <- lapply(seq_along(sets), function(i) {
    needed <- lapply(rules, function(rule) needed_under(figures, sets[[i]], rule))
    needed <- matrix(unlist(needed), ncol = length(rules))
    do.call(rbind, lapply(seq_len(nrow(needed)), function(k) {
      conflict_rows(figures, sets[[i]][k, ], needed[k, ], rules, i)
    }))
  })
  empty <- conflict_rows(figures, data.frame(figure = "total", g = 1, o = 1), "", rules[1], 0)
  do.call(rbind, c(list(empty), rows))
}

# What each left-out figure would have to be under a rule, as text: "" where no table fits even so,
# NA where that is too much to search.
needed_under <- function(figures, items, rule) {
  without <- figures
  for (i in seq_len(nrow(items))) {
    item <- items[i, ]
    part <- if (item$figure == "percent") "units" else item$figure
    if (part %in% c("units", "events")) {
      without[[part]][item$g, item$o] <- NA
    } else {
      without[[part]][if (part == "n") item$g else item$o] <- NA
    }
  }
  # Where the left-out figure was the only bound, look well beyond the printed sizes.
  without$cap <- 2 * max(500, figures$n, figures$total, na.rm = TRUE)
  sizes <- tryCatch(search_sizes(without, rule), her2mod_error = function(e) NA_character_)
  if (!is.list(sizes)) return(rep(if (is.null(sizes)) "" else sizes, nrow(items)))
  vapply(split(items, seq_len(nrow(items))), function(item) {
    needed_text(without, figures, item, sizes, rule)
  }, "")
}

needed_text <- function(without, figures, item, sizes, rule) {
  g <- item$g
  o <- item$o
  if (item$figure == "n") return(format_runs(sizes$n[, g], given = figures$n[[g]]))
  if (item$figure == "total") return(format_runs(rowSums(sizes$n), given = figures$total))
  low <- sizes$low[[o]]
  high <- sizes$high[[o]]
  if (item$figure == "total_events") {
    return(format_runs(rowSums(low), rowSums(high), figures$total_events[[o]]))
  }
  # The group put first, so that the others are all still to come.
  turn <- c(g, seq_along(figures$groups)[-g])
  range <- open_range(
    low[, turn, drop = FALSE], high[, turn, drop = FALSE], 1, without$total_events[[o]], 0
  )
  if (item$figure == "events") return(format_runs(range$low, range$high, figures$events[g, o]))
  needed_percent(range, sizes$n[, g], figures$units[g, o], figures$digits[g, o], rule)
}

needed_percent <- function(range, n, given, digits, rule) {
  count <- range$high - range$low + 1
  # Counts side by side can skip a printed percentage, unless there are very many of them.
  if (sum(count) <= 1e5) {
    n <- rep(n, count)
    range$low <- range$high <- sequence(count, range$low)
  }
  units <- lapply(range, percent_units, n = n, digits = digits, rule = rule)
  text <- format_runs(units$low, units$high, given, function(u) format_units(u, digits))
  if (length(n) > 1) return(text)
  exact <- sprintf("%.*f", as.integer(digits) + 1L, 100 * range$low / n)
  sprintf("%s (%.0f/%.0f = %s%%)", text, range$low, n, exact)
}

# Whole numbers as runs, "69 to 72, 75"; of many, those nearest to the figure given.
format_runs <- function(from, to = from, given, label = function(x) sprintf("%.0f", x)) {
  by_start <- order(from)
  from <- from[by_start]
  reach <- cummax(to[by_start])
  new <- c(TRUE, from[-1] > reach[-length(reach)] + 1)
  start <- from[new]
  end <- reach[c(which(new)[-1] - 1, length(reach))]
  near <- sort(order(pmax(start - given, given - end))[seq_len(min(3, length(start)))])
  runs <- ifelse(start == end, label(start), paste(label(start), "to", label(end)))
  paste0(paste(runs[near], collapse = ", "), if (length(runs) > length(near)) " (the nearest)")
}

# One row for each answer, naming the rules that give it.
conflict_rows <- function(figures, item, needed, rules, set) {
  given <- switch(item$figure,
    percent = figures$text[item$g, item$o],
    events = figures$events[item$g, item$o],
    n = figures$n[[item$g]],
    total = figures$total,
    total_events = figures$total_events[[item$o]]
  )
  answers <- setdiff(needed, "")
  several <- function(x) rep(x, length(answers))
  no_outcome <- item$figure %in% c("n", "total")
  no_group <- item$figure %in% c("total", "total_events")
  data.frame(
    set = several(set),
    figure = several(item$figure),
    outcome = several(if (no_outcome) NA else figures$outcomes[item$o]),
    group = several(if (no_group) NA else figures$groups[item$g]),
    given = several(format(given, scientific = FALSE)),
    needed = answers,
    rounding = vapply(answers, function(a) toString(rules[needed %in% a]), "", USE.NAMES = FALSE)
  )
}

conflict_heads <- c(
  figure = "One of these figures can't hold; if the others do, it has to be:",
  group = "More than one figure can't hold. Looked at alone, one of each group's has to be:",
  pair = "More than one figure can't hold. If the others do, these pairs have to be:"
)

format_conflict <- function(conflict) {
  if (NROW(conflict) == 0) return("More than one figure can't hold; it can't be told which.")
  of <- function(x, before) ifelse(is.na(x) | x == "outcome", "", paste0(before, x))
  lines <- sprintf(
    "  %s%s%s: printed %s, needed %s  [%s]", conflict$figure, of(conflict$group, " of "),
    of(conflict$outcome, ", "), conflict$given,
    ifelse(is.na(conflict$needed), "not searched, too large", conflict$needed), conflict$rounding
  )
  if (attr(conflict, "scope") == "pair") lines <- paste0("  pair ", conflict$set, ":", lines)
  c(conflict_heads[[attr(conflict, "scope")]], lines)
}
