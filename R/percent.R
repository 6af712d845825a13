# Printed figures as exact integers: "46.07%" is 4607 units of 10^-2 percent, and x/n is printed as
# that exactly when an inequality between whole numbers holds. Nothing here rounds a double:
# doubles hold whole numbers below 2^53 exactly, and `check_exact()` refuses anything larger.

rounding_rules <- c("half_up", "half_even", "down")

# Digits without their point, and how many stand behind it; NA where the text is not a plain number.
# Some journals print a raised point.
parse_decimal <- function(text) {
  text <- sub("\u00b7", ".", enc2utf8(text), fixed = TRUE)
  text[!grepl("^([0-9]+([.][0-9]+)?|[.][0-9]+)$", text)] <- NA
  behind <- ifelse(grepl(".", text, fixed = TRUE), nchar(sub("^[^.]*[.]", "", text)), 0)
  data.frame(
    text = text,
    units = as.numeric(sub(".", "", text, fixed = TRUE)),
    digits = ifelse(is.na(text), NA, behind)
  )
}

format_units <- function(units, digits) {
  sprintf("%.*f", as.integer(digits), units / 10^digits)
}

# A number has lost its trailing zeros, and with them how exactly it was printed.
abort_not_text <- function(x, arg, example, call) {
  abort_input(c(
    "{.arg {arg}} must be text, so that its printed digits are kept.",
    x = "It is {.obj_type_friendly {x}}.",
    i = "Quote the figure as printed: {.code {example}}."
  ), arg = arg, value = x, call = call)
}

parse_percent <- function(x, arg, call) {
  if (!is.character(x)) abort_not_text(x, arg, "c(ihc3 = \"46.07\", mod = \"16.20\")", call)
  figures <- parse_decimal(trimws(sub("%[[:space:]]*$", "", x)))
  bad <- is.na(figures$units) | figures$units > 100 * 10^figures$digits
  if (any(bad)) {
    abort_input(c(
      "{.arg {arg}} must hold percentages from 0 to 100, as printed.",
      x = "It has {.val {x[bad]}}.",
      i = "Write each as {.val 46.07} or {.val 46.07%}."
    ), arg = arg, value = x[bad], call = call)
  }
  figures
}

# --- Which counts are printed as a percentage ---------------------------------

# For whole a and b below 2^53, floor(a / b) and ceiling(a / b) are exact: the quotient nearest to a
# whole k without being it, k - 1/b or k + 1/b, lies further from k than half the spacing of doubles
# there, so it is never rounded to k.

# x/n is printed as `units` when low * n <= scale * x <= high * n, an end counting only if closed.
# The scale is twice what the digits need, so that half a unit is a whole number.
percent_bounds <- function(units, digits, rule) {
  even <- units %% 2 == 0
  list(
    scale = 200 * 10^digits,
    low = 2 * units - (rule != "down"),
    high = 2 * units + 1 + (rule == "down"),
    low_closed = rule != "half_even" | even,
    high_closed = rule == "half_even" & even
  )
}

# Smallest and largest count that n patients can have had, within [0, n]; empty when low > high.
count_range <- function(n, bounds) {
  low <- bounds$low * n
  high <- bounds$high * n
  first <- if (bounds$low_closed) ceiling(low / bounds$scale) else floor(low / bounds$scale) + 1
  last <- if (bounds$high_closed) floor(high / bounds$scale) else ceiling(high / bounds$scale) - 1
  list(
    low = if (bounds$low < 0) pmax(first, 0) else first,
    high = if (bounds$high > bounds$scale) pmin(last, n) else last
  )
}

is_printed_as <- function(x, n, units, digits, rule) {
  range <- count_range(n, percent_bounds(units, digits, rule))
  x >= range$low & x <= range$high
}

# The units that x/n is printed as under a rule.
percent_units <- function(x, n, digits, rule) {
  exact <- 100 * 10^digits * x
  if (rule == "down") return(floor(exact / n))
  up <- floor((2 * exact + n) / (2 * n))
  tie <- 2 * exact == (2 * up - 1) * n
  up - (rule == "half_even" & tie & up %% 2 == 1)
}

check_exact <- function(digits, n, call) {
  if (any(202 * 10^digits * n >= 2^53)) {
    abort_input(c(
      "The percentages have more digits than can be compared exactly with groups this large.",
      x = "{max(digits)} digits behind the point, groups of up to {n}.",
      i = "Drop the last digits, or give a smaller {.arg total}."
    ), arg = "percent", value = max(digits), call = call)
  }
}
