# Numbers as text. Results carry plain doubles; only format() methods call these.

# A p-value as "= 0.320" or "< 0.0001": never "0", three significant digits.
format_p <- function(p, smallest = 1e-4) {
  out <- vapply(p, function(one) {
    if (is.na(one)) return("NA")
    if (one < smallest) return(paste("<", format(smallest, scientific = FALSE)))
    decimals <- 3 + (one < 0.0995) + (one < 0.00995) + (one < 0.000995)
    paste("=", trimmed(formatC(one, digits = decimals, format = "f")))
  }, "")
  unname(out)
}

# A p-value that so many replicates cannot show to be smaller.
format_least_p <- function(p, least) ifelse(!is.na(p) & least, sub("^=", "<=", format_p(p)), format_p(p))

trimmed <- function(x) gsub("^\\s+|\\s+$", "", x)

format_number <- function(x, digits = 4) {
  out <- vapply(x, function(one) {
    if (is.na(one)) "NA" else trimmed(formatC(one, digits = digits, format = "g", flag = "#"))
  }, "")
  # formatC's "#" keeps trailing zeros, but also a bare point.
  unname(sub("\\.$", "", out))
}

# A difference keeps a fixed number of decimals: its digits are those of the risks.
format_fixed <- function(x, digits = 4) {
  # Adding 0 takes the sign off a zero.
  unname(ifelse(is.na(x), "NA", trimmed(formatC(round(x, digits) + 0, digits = digits, format = "f"))))
}

# Decimals that show a difference to about a hundredth of its interval's width, at least four.
decimals_for <- function(width) {
  width <- width[is.finite(width) & width > 0]
  if (length(width) == 0) 4 else min(10, max(4, ceiling(2 - log10(min(width)))))
}

format_interval <- function(low, high, number = format_number) {
  paste0(number(low), " to ", number(high))
}

format_percent <- function(x, digits = 1) paste0(format_fixed(100 * x, digits), "%")

# "13/68" of columns x and n.
format_counts <- function(counts) {
  paste0(format(counts$x, scientific = FALSE), "/", format(counts$n, scientific = FALSE))
}

# Columns of text side by side, the first left-aligned, the rest right.
format_columns <- function(columns, indent = "  ") {
  padded <- Map(function(column, first) {
    format(column, width = max(nchar(column), 0), justify = if (first) "left" else "right")
  }, columns, seq_along(columns) == 1)
  paste0(indent, do.call(paste, c(unname(padded), sep = "  ")))
}

count_of <- function(n, what, plural = paste0(what, "s")) {
  paste(format(n, big.mark = ",", scientific = FALSE, trim = TRUE), if (n == 1) what else plural)
}

alternative_words <- c(
  two.sided = "two-sided", less = "one-sided (less)", greater = "one-sided (greater)"
)

# Which group against which, in words: every effect is other minus, or over, reference.
format_direction <- function(groups, scale) {
  paste(groups[[2]], if (scale == "log") "over" else "minus", groups[[1]])
}

# A difference of probabilities: "%" would read as a relative change.
in_points <- function(v) paste0(format_fixed(100 * v, 1), " points")

# Levels such as 0, 1 or TRUE say little without the variable's name.
spoken_levels <- function(levels, name) {
  if (is.null(name)) return(levels)
  if (all(grepl("^(-?[0-9.]+|TRUE|FALSE)$", levels))) paste(name, levels) else levels
}

# In a result of `groups` and a table of estimates.
spoken_groups <- function(x) {
  levels <- spoken_levels(x$groups, x$group_name)
  x$estimates$group <- levels[match(x$estimates$group, x$groups)]
  x$groups <- levels
  x
}
