# Tail probabilities of the maximum of correlated normal variables from package mvtnorm, for
# tests/cpp/test_normal_maximum.cpp, which holds them.
#
# Made with mvtnorm 1.1-3, R 4.2.2:
#   Rscript tests/reference/normal_maximum_mvtnorm.R
#
# Three components: algorithm TVPACK (Genz 2004), stated error 1e-14. Four: Miwa, Hayter and Kuriki
# (2003) with 4097 grid points, whose neighbouring grids (2049) agree to 1e-9.

suppressPackageStartupMessages(library(mvtnorm))
stopifnot(packageVersion("mvtnorm") == "1.1.3")

three <- matrix(c(1, 0.5, 0.3, 0.5, 1, 0.6, 0.3, 0.6, 1), 3)
four <- matrix(
  c(1, 0.5, 0.3, 0.8, 0.5, 1, 0.6, 0.7, 0.3, 0.6, 1, 0.65, 0.8, 0.7, 0.65, 1), 4
)
for (c in c(-1, 0, 0.5, 2)) {
  p <- pmvnorm(upper = rep(c, 3), corr = three, algorithm = TVPACK(1e-14))
  cat(sprintf("three, greater, %g: %.14g\n", c, 1 - p))
}
for (c in c(-1, 0.5, 2)) {
  p <- pmvnorm(upper = rep(c, 4), corr = four, algorithm = Miwa(steps = 4097))
  cat(sprintf("four, greater, %g: %.12g\n", c, 1 - p))
}
for (c in c(0.5, 2)) {
  p <- pmvnorm(lower = rep(-c, 4), upper = rep(c, 4), corr = four, algorithm = Miwa(steps = 4097))
  p2 <- pmvnorm(lower = rep(-c, 4), upper = rep(c, 4), corr = four, algorithm = Miwa(steps = 2049))
  cat(sprintf("four, two.sided, %g: %.12g (%.12g)\n", c, 1 - p, 1 - p2))
}
