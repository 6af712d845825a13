# A Table 1 as text: the cells that every output shows, and what stands under them.

# The rows of one variable: `label`, `indent`, a column a group, and in the first row effect, smd, p, adjusted, mark.
baseline_rows <- function(x, i, marks) {
  shown <- x$shown[[i]]
  of <- x$summaries[x$summaries$term == shown$name, ]
  columns <- split(of, factor(match(of$group, x$groups, nomatch = length(x$groups) + 1), seq_len(n_columns(x))))
  body <- if (shown$type == "continuous") number_rows(x, shown, columns) else level_rows(x, shown, columns)
  missing <- vapply(columns, function(column) column$missing[[1]], 0)
  if (any(missing > 0)) body <- rbind(body, text_row("missing, n", 1, count_text(missing)))
  test <- x$tests[i, ]
  first <- function(text) c(text, rep("", nrow(body) - 1))
  body$effect <- first(effect_text(x, test))
  body$smd <- first(decimals_text(test$standardised_difference, 3, x$wanted$rounding))
  body$p <- first(p_text(test$p.value))
  least <- is_least_adjusted(test$p.adjusted, if (x$adjust == "westfall_young") x$R else NA)
  body$adjusted <- first(paste0(if (isTRUE(least)) "<= ", p_text(test$p.adjusted)))
  body$mark <- first(if (is.na(test$method)) "" else names(marks)[match(test$method, marks)])
  body
}

n_columns <- function(x) length(x$groups) + x$wanted$overall

text_row <- function(label, indent, cells) {
  row <- data.frame(label = label, indent = indent)
  row$cells <- matrix(cells, 1)
  row
}

number_rows <- function(x, shown, columns) {
  digits <- digits_of(x, shown$name)
  number <- function(v) decimals_text(v, digits, x$wanted$rounding)
  cells <- function(one) vapply(columns, function(column) if (column$n > 0) one(column) else no_text, "")
  mean <- cells(function(v) if (is.na(v$sd)) number(v$mean) else paste0(number(v$mean), " (", number(v$sd), ")"))
  median <- cells(function(v) paste0(number(v$median), " (", number(v$q1), " to ", number(v$q3), ")"))
  if (shown$summary == "mean") return(text_row(paste0(shown$label, ", mean (SD)"), 0, mean))
  if (shown$summary == "median") return(text_row(paste0(shown$label, ", median (quartiles)"), 0, median))
  rbind(
    text_row(shown$label, 0, rep("", length(columns))), text_row("mean (SD)", 1, mean),
    text_row("median (quartiles)", 1, median)
  )
}

level_rows <- function(x, shown, columns) {
  cell <- function(k) {
    vapply(columns, function(column) {
      if (column$n[[1]] == 0) return(no_text)
      paste0(count_text(column$count[[k]]), " (", percent_text(x, column$proportion[[k]]), ")")
    }, "")
  }
  if (shown$type == "binary") {
    label <- if (shown$yes_no) shown$label else paste0(shown$label, ": ", shown$levels[[2]])
    return(text_row(paste0(label, ", n (%)"), 0, cell(2)))
  }
  head <- text_row(paste0(shown$label, ", n (%)"), 0, rep("", length(columns)))
  levels <- lapply(seq_along(shown$levels), function(k) text_row(shown$levels[[k]], 1, cell(k)))
  do.call(rbind, c(list(head), levels))
}

# A cell without anybody.
no_text <- "-"

count_text <- function(n) format(n, big.mark = ",", scientific = FALSE, trim = TRUE)

percent_text <- function(x, p) paste0(decimals_text(100 * p, x$wanted$digits_percent, x$wanted$rounding), "%")

p_text <- function(p) if (is.na(p)) "" else sub("^= ", "", format_p(p))

# Decimals, with ties as asked. What a computer holds for 2.675 is a little less: half up means what is written.
decimals_text <- function(x, digits, rounding) {
  if (length(x) == 0 || is.na(x)) return("")
  if (is.infinite(x)) return(format(x))
  if (rounding == "half_up") {
    scaled <- abs(x) * 10^digits
    x <- sign(x) * floor(scaled + 0.5 + 1e-9 * max(1, scaled * 1e-3)) / 10^digits
  }
  format_fixed(x, digits)
}

# One digit more than the standard deviation's first, about.
digits_of <- function(x, name) {
  digits <- x$wanted$digits
  if (!is.null(digits) && is.null(names(digits))) return(digits[[1]])
  if (name %in% names(digits)) return(digits[[name]])
  spread <- x$summaries$sd[x$summaries$term == name]
  spread <- spread[is.finite(spread) & spread > 0]
  if (length(spread) == 0) return(1)
  min(10, max(0, ceiling(1.5 - log10(max(spread)))))
}

effect_text <- function(x, test) {
  if (is.na(test$estimate)) return("")
  risk <- test$effect == "risk difference"
  win <- test$effect == "win probability"
  digits <- if (risk) x$wanted$digits_percent else if (win) 2 else digits_of(x, test$term)
  width <- test$conf.high - test$conf.low
  # Of very many patients the interval needs more decimals than the summaries.
  free <- !risk && is.null(x$wanted$digits) && is.finite(width) && width > 0
  if (free) digits <- min(10, max(digits, ceiling(0.5 - log10(width))))
  number <- function(v) decimals_text(if (risk) 100 * v else v, digits, x$wanted$rounding)
  interval <- if (!is.na(test$conf.low)) paste0(" (", number(test$conf.low), " to ", number(test$conf.high), ")")
  paste0(if (win) "P = ", number(test$estimate), interval, if (risk) " pp")
}

# The tests by their letters, in the order of the table.
test_marks <- function(x) {
  methods <- unique(x$tests$method[!is.na(x$tests$method)])
  stats::setNames(methods, make_marks(length(methods)))
}

make_marks <- function(n) c(letters, paste0(rep(letters, each = 26), letters))[seq_len(n)]

# All of it: `header`, and `rows` as columns of text; `right`: which of them are numbers.
baseline_table <- function(x) {
  marks <- test_marks(x)
  body <- do.call(rbind, lapply(seq_along(x$shown), baseline_rows, x = x, marks = marks))
  groups <- lapply(seq_len(n_columns(x)), function(g) body$cells[, g])
  names(groups) <- c(paste0(x$groups, " (n = ", count_text(x$n), ")"), if (x$wanted$overall) {
    paste0("All (n = ", count_text(sum(x$n)), ")")
  })
  extra <- list(body$effect, body$smd, body$p, body$adjusted)
  names(extra) <- c(
    paste0("Difference (", format(100 * x$wanted$conf.level), "% CI)"), "SMD", "p", "adjusted p"
  )
  extra <- extra[c(length(x$groups) == 2, TRUE, TRUE, x$adjust != "none")]
  list(label = body$label, indent = body$indent, columns = c(groups, extra), mark = body$mark, marks = marks)
}

# --- what stands under the table ------------------------------------------------------------------------

baseline_notes <- function(x) {
  two <- length(x$groups) == 2
  types <- vapply(x$shown, `[[`, "", "type")
  c(
    paste0("SMD: standardised difference, ", if (two) {
      paste0(format_direction(x$groups, "identity"), if (any(types %in% c("categorical", "ordered"))) {
        "; of several levels a distance, without a sign"
      })
    } else {
      "the largest between any two groups, without a sign"
    }, if (any(vapply(x$shown, function(variable) identical(variable$summary, "median"), NA))) {
      "; of means, also where medians are shown"
    }, "."),
    if (two) effect_note(x),
    if (any(x$summaries$missing > 0)) "Percentages, means and tests are of the patients with a value.",
    p_note(x), disagreement_note(x), adjusted_note(x),
    if (x$wanted$rounding == "half_up") "Rounded half up.",
    if (x$n_dropped > 0) paste0(
      count_of(x$n_dropped, "row"), " without ", if (is.null(x$strata)) "a group" else "a group or stratum", " dropped."
    ),
    if (length(x$left_out)) {
      paste0("Columns left out: ", paste0(names(x$left_out), " (", x$left_out, ")", collapse = "; "), ".")
    },
    paste0(x$tests$label, ": ", x$tests$note, ".")[!is.na(x$tests$note)],
    few_values_note(x$few_values),
    if (isTRUE(x$simulated)) "Simulated data."
  )
}

few_values_note <- function(few) {
  if (length(few) == 0) return(NULL)
  paste0("Numbers of few values, shown as numbers: ", paste0(names(few), " (", few, " values)", collapse = ", "),
    "; types = shows them as levels."
  )
}

effect_note <- function(x) {
  seen <- unique(x$tests[!is.na(x$tests$effect), c("effect", "interval")])
  if (nrow(seen) == 0) return(NULL)
  words <- ifelse(seen$effect == "win probability",
    paste0("P = win probability, the chance that a patient of ", x$groups[[2]], " is higher than one of ", x$groups[[1]],
      " (ties count half)"
    ),
    ifelse(seen$effect == "risk difference", "risk difference in percentage points (pp)", seen$effect)
  )
  paste0("Difference: ", format_direction(x$groups, "identity"), "; ", paste0(
    words, ifelse(is.na(seen$interval), ", no interval", paste0(", ", seen$interval, " interval")), collapse = "; "
  ), ".")
}

# The interval is no inversion of the test.
disagreement_note <- function(x) {
  own <- x$tests
  null <- ifelse(own$effect %in% "win probability", 0.5, 0)
  apart <- own$conf.low > null | own$conf.high < null
  odd <- which(apart != (own$p.value < 1 - x$wanted$conf.level))
  if (length(odd) == 0) return(NULL)
  paste0(
    "p and interval disagree for ", toString(own$label[odd]), ": p asks whether the groups are alike at all, to which ",
    "their spreads belong, the interval how large the difference is, by another method."
  )
}

format_R <- function(x) {
  paste0(
    "R = ", format(x$R, big.mark = ",", scientific = FALSE), ", seed ", format(x$seed, scientific = FALSE)
  )
}

p_note <- function(x) {
  drawn <- grepl("^Monte Carlo", x$tests$method)
  error <- pmax(x$tests$p.high - x$tests$p.value, x$tests$p.value - x$tests$p.low)[drawn]
  within <- if (!is.null(x$strata)) {
    paste0(" Labels permuted within ", count_of(x$n_strata, "stratum", "strata"), " of ", x$strata, ".")
  }
  c(
    paste0("p: two-sided, no continuity correction.", within),
    if (any(drawn)) paste0("Monte Carlo p: ", format_R(x), "; 95% limits at most ", format_number(max(error), 2), " away."),
    if (x$large) "Asymptotic, as there are too many patients for arrangements (method = \"monte_carlo\" draws them)."
  )
}

adjusted_note <- function(x) {
  if (x$adjust == "none") return(NULL)
  if (x$family < 2) return("Adjusted p: of one variable, the p itself.")
  of <- count_of(x$family, "variable")
  if (x$adjust == "holm") return(paste0("Adjusted p: Holm, ", of, "."))
  by <- paste0("Adjusted p: Westfall-Young (step-down min p) over ", of, ", ")
  if (!is.na(x$listed)) return(paste0(by, listed_words(x$listed), "."))
  paste0(by, format_R(x), "; Monte Carlo error (95%) at most ", format_number(x$error, 2), ".")
}
