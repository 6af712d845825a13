# Printed facts of published cohorts: percentages and group sizes as the papers give them, counts as
# printed or as derived by hand from them. `p` is the printed p-value of the comparison.
# Ma 2025 doi:10.4143/crt.2024.1200; Zhang 2026 doi:10.3389/fonc.2026.1799768; Wang 2025
# doi:10.3389/fonc.2025.1673234; Chen 2023 doi:10.1016/j.breast.2023.07.008 (PMID 37517155);
# Atallah 2023 doi:10.1038/s41416-023-02426-4; Zhao 2020 doi:10.1016/j.prp.2020.153155; Xu 2022,
# Yan 2021, Krystel-Whittemore 2019 and Rakha 2021 from secondary tables.
published_cohorts <- function() {
  cohort <- function(study, x, n, percent, p) {
    data.frame(
      study = study, x1 = x[1], n1 = n[1], x2 = x[2], n2 = n[2],
      percent1 = percent[1], percent2 = percent[2], p = p
    )
  }
  rbind(
    cohort("Ma", c(211, 19), c(458, 117), c("46.07", "16.24"), "<0.001"),
    cohort("Ma, dual and single", c(13, 6), c(68, 49), c("19.12", "12.24"), "0.287"),
    cohort("Zhang", c(132, 16), c(252, 56), c("52.4", "28.6"), "<0.001"),
    cohort("Zhang, 3+, single and dual", c(74, 58), c(160, 92), c("46.2", "63.0"), "0.008"),
    cohort("Zhang, 2+, single and dual", c(9, 7), c(34, 22), c("26.5", "31.8"), "0.774"),
    cohort("Wang", c(78, 3), c(134, 27), c("58.21", "11.11"), NA),
    cohort("Chen", c(119, 15), c(188, 36), c("63.3", "41.67"), "<=0.05"),
    cohort("Xu", c(67, 6), c(140, 27), c("47.9", "22.2"), "0.014"),
    cohort("Yan", c(99, 11), c(239, 57), c("41.4", "19.3"), "0.003"),
    cohort("Rakha", c(79, 35), c(146, 180), c("54", "19"), "<0.001"),
    cohort("Atallah", c(88, 35), c(155, 162), c("57", "22"), "<0.001"),
    cohort("Zhao", c(40, 9), c(50, 26), c("80", "34"), "<0.001")
  )
}

# Rounding by long division: quotient, remainder, and what to do with the remainder. The package
# compares with the ends of an interval instead.
long_division_units <- function(x, n, digits, rule) {
  quotient <- (100 * 10^digits * x) %/% n
  remainder <- (100 * 10^digits * x) %% n
  up <- switch(rule,
    half_up = 2 * remainder >= n,
    half_even = 2 * remainder > n | (2 * remainder == n & quotient %% 2 == 1),
    down = FALSE
  )
  quotient + up
}

# The digits of a count of units: "1607" with two behind the point is "16.07".
print_units <- function(units, digits) {
  text <- formatC(units, width = digits + 1, flag = "0", format = "d", big.mark = "")
  if (digits == 0) return(text)
  cut <- nchar(text) - digits
  paste0(substr(text, 1, cut), ".", substring(text, cut + 1))
}

# The naive twin of recover_counts(): every size and every count, printed by long division.
naive_tables <- function(percent, n, total, events, total_events, rules, largest = max(n, total)) {
  groups <- names(percent[[1]])
  sizes <- expand.grid(rep(list(seq_len(largest)), length(groups)))
  for (g in seq_along(groups)) {
    if (groups[g] %in% names(n)) sizes <- sizes[sizes[[g]] == n[[groups[g]]], , drop = FALSE]
  }
  if (!is.null(total)) sizes <- sizes[rowSums(sizes) == total, , drop = FALSE]
  found <- character()
  for (i in seq_len(nrow(sizes))) {
    size <- unlist(sizes[i, ])
    for (rule in rules) {
      per_outcome <- lapply(names(percent), function(o) {
        x <- as.matrix(expand.grid(lapply(size, function(m) 0:m)))
        keep <- rep(TRUE, nrow(x))
        for (g in seq_along(groups)) {
          text <- percent[[o]][[groups[g]]]
          digits <- nchar(sub("^[^.]*[.]?", "", text))
          units <- as.numeric(sub(".", "", text, fixed = TRUE))
          keep <- keep & long_division_units(x[, g], size[g], digits, rule) == units
          known <- events[[o]]
          if (groups[g] %in% names(known)) keep <- keep & x[, g] == known[[groups[g]]]
        }
        if (o %in% names(total_events)) keep <- keep & rowSums(x) == total_events[[o]]
        apply(x[keep, , drop = FALSE], 1, paste, collapse = ",")
      })
      tables <- do.call(paste, c(expand.grid(per_outcome), sep = "|"))
      if (all(lengths(per_outcome) > 0)) {
        found <- c(found, paste(paste(size, collapse = ","), tables, rule, sep = ":"))
      }
    }
  }
  sort(found)
}

as_naive <- function(counts, groups) {
  if (nrow(counts) == 0) return(character())
  rows <- lapply(split(as.data.frame(counts), counts$solution), function(one) {
    x <- tapply(one$x, factor(one$outcome, unique(one$outcome)), paste, collapse = ",")
    paste(paste(one$n[seq_along(groups)], collapse = ","), paste(x, collapse = "|"),
      strsplit(one$rounding[1], ", ")[[1]],
      sep = ":"
    )
  })
  sort(unlist(rows, use.names = FALSE))
}

random_problem <- function() {
  groups <- letters[seq_len(sample(3, 1, prob = c(1, 3, 2)))]
  outcomes <- c("p", "q")[seq_len(sample(2, 1))]
  most <- if (length(groups) == 3) 6 else if (length(groups) == 2) 12 else 16
  size <- setNames(sample(most, length(groups), replace = TRUE), groups)
  rule <- sample(c("half_up", "half_even", "down"), 1)
  x <- lapply(setNames(nm = outcomes), function(o) vapply(size, function(m) sample(0:m, 1), 1))
  percent <- lapply(x, function(count) {
    digits <- sample(c(0, 0, 0, 1, 2), 1)
    units <- long_division_units(count, size, digits, rule)
    # Now and then a misprint, so that some problems have no answer
    if (runif(1) < 0.25) units <- pmax(0, units - 1)
    setNames(print_units(units, digits), groups)
  })
  some <- function(values) values[runif(length(values)) < 0.2]
  n <- some(size)
  total <- if (runif(1) < 0.7) sum(size)
  if (is.null(total)) n <- size
  list(
    percent = percent, n = if (length(n)) n, total = total,
    events = Filter(length, lapply(x, some)),
    total_events = if (runif(1) < 0.3) some(vapply(x, sum, 1))
  )
}

table_of <- function(counts) {
  counts <- as.data.frame(counts)
  counts[c("outcome", "group", "x", "n")]
}
