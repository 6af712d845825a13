# A printed p-value as an exact relation and digits, and whether a computed one would print so.

# "p = 0.287", "<0.001", "<=.05", "P-value >= 0.05", "1.3e-5": relation, digits, and the value.
parse_p <- function(p, call = rlang::caller_env()) {
  if (is.numeric(p)) abort_not_text(p, "p", "p = \"0.040\"", call)
  if (!is.character(p) || length(p) != 1 || is.na(p)) abort_p(p, call)
  text <- enc2utf8(trimws(p))
  text <- sub("\u2264", "<=", text, fixed = TRUE)
  text <- sub("\u2265", ">=", text, fixed = TRUE)
  text <- sub("^[pP]([- ]?[vV]alue)?[[:space:]]*", "", text)
  relation <- sub("^([<>]=?|=?).*$", "\\1", text)
  number <- trimws(substring(text, nchar(relation) + 1))
  exponent <- regmatches(number, regexpr("[eE]-[0-9]{1,3}$", number))
  figure <- parse_decimal(sub("[eE]-[0-9]{1,3}$", "", number))
  figure$digits <- figure$digits - sum(as.numeric(sub("[eE]", "", exponent)))
  # Without a digit behind the point there is nothing to compare: 0 would be all below one half.
  known <- !is.na(figure$units) && figure$digits > 0 && figure$units <= 10^figure$digits
  impossible <- known && figure$units == 0 && relation == "<"
  if (!known || impossible) abort_p(p, call)
  list(
    text = paste(if (relation == "") "=" else relation, number),
    relation = if (relation == "") "=" else relation,
    units = figure$units, digits = figure$digits, value = figure$units / 10^figure$digits
  )
}

abort_p <- function(p, call) {
  abort_input(c(
    "{.arg p} must be one printed p-value between 0 and 1, with the digits behind its point.",
    x = "It is {.val {p}}.",
    i = "Write it as printed: {.val 0.287}, {.val p = 0.040}, {.val <0.001}, {.val >=0.05}."
  ), arg = "p", value = p, call = call)
}

# Would `value` have been printed so? Equality means at the printed digits: rounded half up or, when
# `truncate`, cut off. A computed p is not exact, so 1e-9 of a unit decides for the tie.
p_agrees <- function(value, printed, truncate = FALSE) {
  switch(printed$relation,
    "<" = value < printed$value,
    "<=" = value <= printed$value,
    ">" = value > printed$value,
    ">=" = value >= printed$value,
    "=" = floor(value * 10^printed$digits + (if (truncate) 0 else 0.5) + 1e-9) == printed$units
  )
}
