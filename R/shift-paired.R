# The paired tests of a shift: in each group, and in all patients together.

# Square table of the re-tested: of one group by number, or of all.
pair_table <- function(x, group = NULL) {
  cells <- x$cells[!is.na(x$cells$after), ]
  if (!is.null(group)) cells <- cells[cells$group == group, ]
  k <- length(x$levels)
  table <- matrix(0, k, k, dimnames = list(before = x$levels, after = x$levels))
  at <- cbind(cells$before, cells$after)
  for (i in seq_len(nrow(cells))) table[at[i, , drop = FALSE]] <- table[at[i, , drop = FALSE]] + cells$n[[i]]
  table
}

paired_rows <- function(x, options) {
  tables <- lapply(seq_along(x$groups), pair_table, x = x)
  names(tables) <- x$groups
  if (length(tables) > 1) tables <- c(tables, list(all = pair_table(x)))
  tables <- tables[vapply(tables, sum, 0) > 0]
  found <- Map(paired_tests_of, tables, names(tables), MoreArgs = list(x = x, options = options))
  list(
    rows = do.call(rbind, unname(lapply(found, `[[`, "rows"))),
    monte_carlo = do.call(rbind, unname(lapply(found, `[[`, "monte_carlo")))
  )
}

paired_tests_of <- function(table, group, x, options) {
  positive <- x$levels %in% x$definition$positive
  gained <- sum(table[!positive, positive])
  lost <- sum(table[positive, !positive])
  n <- sum(table)
  flips <- list(
    symmetry = flip_test("bowker", table, options$how),
    marginal_homogeneity = flip_test("stuart-maxwell", table, options$how),
    score_change = score_flip_test(table, x$definition$scores, options$how)
  )
  score <- score_change(table, x$definition$scores)
  chi <- function(term, method, test) {
    shift_row(term, group, method, statistic = test$statistic, df = test$df, p.value = test$p.value)
  }
  flip <- function(term, estimate = NA) {
    test <- flips[[term]]
    if (!is.null(test)) shift_row(term, group, test$method, estimate, p.value = test$p.value)
  }
  tests <- mcnemar_tests(gained, lost)
  rows <- rbind(
    shift_row("positive_change", group, "tango", (gained - lost) / n, tango_interval(gained, lost, n, options$conf.level),
      statistic = tango_z(gained, lost, n, 0), p.value = tests$p.value[[1]]
    ),
    do.call(rbind, lapply(seq_len(nrow(tests)), function(i) {
      shift_row("mcnemar", group, tests$method[[i]],
        statistic = tests$statistic[[i]], df = if (is.na(tests$statistic[[i]])) NA else 1, p.value = tests$p.value[[i]]
      )
    })),
    chi("symmetry", "bowker", bowker_test(table)), flip("symmetry"),
    chi("marginal_homogeneity", "stuart-maxwell", stuart_maxwell_test(table)), flip("marginal_homogeneity"),
    shift_row("score_change", group, "scores", score$estimate, statistic = score$statistic, p.value = score$p.value),
    flip("score_change", score$estimate)
  )
  drawn <- Filter(function(test) !is.null(test$seed), flips)
  list(rows = rows, monte_carlo = do.call(rbind, lapply(drawn, function(test) {
    data.frame(group = group, method = test$method, low = test$p.interval[[1]], high = test$p.interval[[2]], seed = test$seed)
  })))
}
