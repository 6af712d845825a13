# Tables of the data sets of package survival, with few replicates.

baseline_of <- function(..., R = 199, seed = 1) compare_baseline(..., R = R, seed = seed, progress = FALSE)

pbc_rows <- function() {
  rows <- survival::pbc
  rows$trt <- factor(rows$trt, 1:2, c("D-penicillamine", "placebo"))
  rows$edema <- factor(rows$edema)
  rows$stage <- ordered(rows$stage)
  rows$ascites <- rows$ascites == 1
  rows
}

baseline_row <- function(x, term) {
  rows <- tidy(x)
  rows[rows$term == term, ]
}

# Twelve patients by hand.
few_patients <- function() {
  data.frame(
    g = factor(rep(c("ref", "other"), each = 6), c("ref", "other")), size = c(1:6, 4:9),
    hr = c(TRUE, TRUE, FALSE, FALSE, FALSE, FALSE, TRUE, TRUE, TRUE, TRUE, FALSE, FALSE),
    grade = ordered(c(1, 1, 2, 2, 3, 3, 2, 2, 3, 3, 3, 3)), site = rep(c("a", "b", "c"), 4)
  )
}
