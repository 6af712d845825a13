# The data of the resampling rows: simulated, lognormal; the events are those of the study's pCR (211/458 against
# 19/117), and the same shares of a larger sample. The other group's mean of logarithms lies two standard errors above
# the reference's, so that tests have something to say at either size.

simulated_designs <- function() {
  list(
    small = simulated_design(n = c(458, 117), events = c(211, 19)),
    large = simulated_design(n = c(79652, 20348), events = c(36696, 3304))
  )
}

simulated_design <- function(n, events, sd = 0.5, seed = 20241200) {
  set.seed(seed)
  shift <- 2 * sd * sqrt(sum(1 / n))
  group <- rep(c("a", "b"), n)
  rows <- data.frame(
    y = stats::rlnorm(sum(n), ifelse(group == "b", shift, 0), sd), g = factor(group),
    event = rep(c(1, 0, 1, 0), c(events[[1]], n[[1]] - events[[1]], events[[2]], n[[2]] - events[[2]]))
  )
  list(n = as.integer(sum(n)), sizes = n, events = events, rows = rows)
}
