# One row of the table: ours against a peer, both as time and as what they give.

# `ours` and `theirs`: seconds, runs, value and, of replicates, their number R. `gives`: what the values are (a name
# of `differences`). `required`: the ratio that is asked for, or NA.
comparison <- function(topic, work, n, peer, ours, theirs, gives, required = NA_real_, per = "call") {
  ratio <- theirs$seconds / ours$seconds
  data.frame(
    topic = topic, work = work, n = n, peer = peer, per = per,
    ours = ours$seconds, theirs = theirs$seconds, ratio = ratio, required = required, met = ratio >= required,
    ours_gives = shown_value(gives, ours), peer_gives = shown_value(gives, theirs),
    difference = differences[[gives]](ours, theirs), repeats = paste0(ours$runs, ", ", theirs$runs),
    setup = if (is.null(ours$setup)) NA_real_ else ours$setup
  )
}

shown_value <- function(gives, side) {
  number <- function(digits) paste(formatC(side$value, digits = digits, format = "g", width = 1), collapse = " to ")
  replicates <- paste0(" (R = ", format(side$R, big.mark = ",", scientific = FALSE), ")")
  switch(gives,
    se = paste0("SE ", number(4), replicates), p = paste0("p ", number(4), replicates),
    exact = paste0("p ", number(9)), chi_squared = paste("chi-squared", number(9)), interval = number(4)
  )
}

of_the_peer <- function(a, b) paste0(formatC(abs(a$value - b$value) / b$value, digits = 1, format = "e"), " of it")

differences <- list(
  # Standard errors of R replicates, as if those were normal: the F test.
  se = function(a, b) {
    one_sided <- stats::pf((a$value / b$value)^2, a$R - 1, b$R - 1, lower.tail = a$value < b$value)
    show_z(stats::qnorm(one_sided, lower.tail = FALSE))
  },
  # p-values of R replicates.
  p = function(a, b) {
    pooled <- (a$value * a$R + b$value * b$R) / (a$R + b$R)
    show_z((a$value - b$value) / sqrt(pooled * (1 - pooled) * (1 / a$R + 1 / b$R)))
  },
  exact = of_the_peer, chi_squared = of_the_peer,
  interval = function(a, b) {
    paste0(formatC(100 * max(abs(a$value - b$value)) / diff(b$value), digits = 1, format = "f"), "% of its width")
  }
)

show_z <- function(z) paste("z =", formatC(abs(z), digits = 1, format = "f"))
