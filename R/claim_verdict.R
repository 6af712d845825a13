# The verdict: a function of an interval, a margin and a claim, and of nothing else.

claims_known <- c("no improvement", "improvement", "no difference", "differs between groups")

# Where the interval [low, high] of an effect, larger being better, lies relative to 0 and to the margin.
interval_place <- function(low, high, margin) {
  list(
    known = !is.na(low) && !is.na(high),
    above_0 = low > 0, below_0 = high < 0, below_margin = high < margin, above_minus_margin = low > -margin,
    beyond = low >= margin, beyond_minus = high <= -margin
  )
}

# "supported", "contradicted" or "inconclusive". Of a claim and its opposite one is supported where the other is
# contradicted: "improvement" is the opposite of "no improvement", "differs between groups" that of "no difference".
claim_verdict <- function(claim, low, high, margin) {
  at <- interval_place(low, high, margin)
  if (!at$known) return("inconclusive")
  opposite <- claim %in% c("improvement", "differs between groups")
  none <- if (claim %in% c("no improvement", "improvement")) {
    if (at$below_margin) "supported" else if (at$above_0) "contradicted" else "inconclusive"
  } else {
    within <- at$below_margin && at$above_minus_margin
    if (within) "supported" else if (at$above_0 || at$below_0) "contradicted" else "inconclusive"
  }
  if (!opposite) return(none)
  c(supported = "contradicted", contradicted = "supported", inconclusive = "inconclusive")[[none]]
}

is_two_sided <- function(claim) claim %in% c("no difference", "differs between groups")

# Why, in words. `what` is the name of a positive effect ("an improvement"), `matters` of one that reaches the margin.
verdict_reason <- function(claim, low, high, margin, what, matters) {
  at <- interval_place(low, high, margin)
  if (!at$known) return("There is no interval.")
  two_sided <- is_two_sided(claim)
  small <- if (two_sided) at$below_margin && at$above_minus_margin else at$below_margin
  shown <- at$above_0 || (two_sided && at$below_0)
  if (small && shown) {
    return(paste0(what, " is shown, but ", matters, " is excluded: it is too small to matter by this margin."))
  }
  if (small) return(paste0(matters, if (two_sided) ", either way,", " is excluded by the interval."))
  if (at$beyond || (two_sided && at$beyond_minus)) return(paste0("the interval holds nothing smaller: ", matters, " is shown."))
  if (shown) return(paste0("the interval excludes none: ", what, " is shown, and ", matters, " is not excluded."))
  paste0("the interval holds both none and ", matters, ": these data cannot tell.")
}

# As many decimals as keep every rounded limit on its side of 0 and of the margins, as these are printed with so many.
decimals_that_keep <- function(limits, marks, fewest = 1, most = 12, printed = function(decimals) marks) {
  limits <- limits[is.finite(limits)]
  side <- function(difference) ifelse(abs(difference) < 10^-most, 0, sign(difference))
  for (decimals in fewest:most) {
    beside <- printed(decimals)
    kept <- vapply(seq_along(marks), function(i) {
      all(side(limits - marks[[i]]) == side(round(limits, decimals) - beside[[i]]))
    }, NA)
    if (all(kept)) return(decimals)
  }
  most
}
