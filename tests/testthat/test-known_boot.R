# Reference values of the bootstrap: papers, and complete lists of all resamples, each with its
# source in fixtures/known_boot.csv. What is exact here is compared within the stated tolerance,
# Monte Carlo runs within four standard errors (`mc.tol`, given for R = 1e5).

city <- data.frame(
  u = c(138, 93, 61, 179, 48, 37, 29, 23, 30, 2), x = c(143, 104, 69, 260, 75, 63, 50, 48, 111, 50)
)
aircondit <- data.frame(y = c(3, 5, 7, 18, 43, 85, 91, 98, 100, 130, 230, 487))
law <- data.frame(
  y = c(576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594),
  gpa = c(3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96)
)
mouse <- data.frame(y = c(94, 197, 16, 38, 99, 141, 23))
sixteen <- data.frame(
  y = c(10, 12, 12.5, 12.5, 13.9, 15, 21, 22, 23, 34, 50, 81, 89, 121, 134, 213)
)

R <- 20000
drawn <- function(formula, data, fun, type) {
  boot_ci(formula, data, stat_custom(fun), type, R = R, seed = 20, progress = FALSE)
}
# One sample: a reference group of two zeros does not vary.
exact_of <- function(sample, stat, type = c("perc", "basic", "bca")) {
  rows <- data.frame(
    y = c(0, 0, sample$y), g = rep(c("zero", "one"), c(2, nrow(sample)))
  )
  boot_ci(y ~ g, rows, stat, type, ref = "zero", method = "exact")
}

# id -> list(result, whether it is exact, its stud or bca ends)
known_run <- function(id) {
  switch(id,
    "boot:city" = , "boot.bca:city" = drawn(x ~ 1, city, function(data, weights) {
      sum(weights * data$x) / sum(weights * data$u)
    }, c("perc", "bca")),
    "boot:aircondit" = exact_of(aircondit, "mean_difference"),
    "boot.stud:aircondit" = drawn(y ~ 1, aircondit, function(data, weights) {
      n <- sum(weights)
      m <- sum(weights * data$y) / n
      c(m, sqrt(sum(weights * (data$y - m)^2)) / n)
    }, "stud"),
    "boot:mouse.treat" = exact_of(mouse, "mean_difference"),
    "boot:mouse.treat.median" = exact_of(mouse, "median_difference"),
    "boot:law" = drawn(y ~ 1, law, function(data, weights) {
      stats::cov.wt(cbind(data$y, data$gpa), weights / sum(weights), cor = TRUE)$cor[1, 2]
    }, c("perc", "bca")),
    "boot:scipyR16" = exact_of(sixteen, "mean_difference")
  )
}

# A quantity of a run, on the scale of the source.
known_quantity <- function(x, id, quantity) {
  at_level <- function(type, level) {
    suppressWarnings(confint(x, type, level = level), classes = "her2mod_warning")
  }
  type <- if (id == "boot.stud:aircondit") "stud" else if (id == "boot.bca:city") "bca" else "perc"
  exactly <- x$method == "exact"
  switch(quantity,
    theta = x$estimate, se = x$std.error, mean = mean(x$replicates), a = , jack_a = x$acceleration,
    q025 = at_level("perc", 0.95)[1, 1], q975 = at_level("perc", 0.95)[1, 2],
    q05 = at_level("perc", 0.9)[1, 1], q95 = at_level("perc", 0.9)[1, 2],
    lower95 = at_level(type, 0.95)[1, 1], upper95 = at_level(type, 0.95)[1, 2],
    lower90 = at_level(type, 0.9)[1, 1], upper90 = at_level(type, 0.9)[1, 2],
    P_less = if (exactly) below_estimate(x) else mean(x$replicates < x$estimate - 1e-9),
    z0 = stats::qnorm(below_estimate(x)),
    perc_lo = at_level("perc", 0.95)[1, 1], perc_hi = at_level("perc", 0.95)[1, 2],
    basic_lo = at_level("basic", 0.95)[1, 1], basic_hi = at_level("basic", 0.95)[1, 2],
    bca_lo = bca_without_ties(x)[[1]], bca_hi = bca_without_ties(x)[[2]]
  )
}

# P(T* < T) of an exact run
below_estimate <- function(x) {
  run <- boot_exact(x, x$statistic, wanted_of(x))
  1 - run$ask(double(), double(), x$estimate)$at_least
}

# The source's z0 counts no replicate that is tied with the estimate, the package's half of them
# (see the test below): its tails, and the package's quantiles.
bca_without_ties <- function(x) {
  run <- boot_exact(x, x$statistic, wanted_of(x))
  at <- naive_bca_tails(below_estimate(x), x$acceleration, 0.025)
  run_quantiles(run, at[[1]], at[[2]])
}

deterministic <- c("theta", "a", "jack_a")

check_known <- function(x, k) {
  value <- known_quantity(x, k$id, k$quantity)
  if (x$method == "exact" || k$quantity %in% deterministic) {
    return(expect_known(value, k$expected, k$tol, "abs", k$id, k$quantity, k$source))
  }
  allowed <- if (k$quantity == "P_less") {
    4.5 * sqrt(0.25 / x$R)
  } else {
    k$mc.tol * sqrt(1e5 / x$R)
  }
  expect_known(value, k$expected, allowed, "abs", k$id, k$quantity, k$source)
}

known <- read.csv(test_path("fixtures", "known_boot.csv"))
runs <- lapply(stats::setNames(nm = unique(known$id)), known_run)

for (id in unique(known$id)) {
  test_that(paste("literature values of", id), {
    these <- known[known$id == id, ]
    for (i in seq_len(nrow(these))) check_known(runs[[id]], these[i, ])
  })
}

test_that("the ideal bootstrap of the mouse data", {
  # Efron and Tibshirani 1993, section 2: 26746.857 is the sum of squares about the mean
  x <- runs[["boot:mouse.treat"]]
  expect_equal(x$std.error, sqrt(sum((mouse$y - mean(mouse$y))^2) / 49), tolerance = 1e-12)
  expect_equal(x$std.error, 23.3635234373, tolerance = 1e-11)
  # Maritz and Jarrett: the median's exact distribution by its binomial sums
  at <- function(i) pbinom(3, 7, i / 7, lower.tail = FALSE)
  mass <- diff(at(0:7))
  values <- sort(mouse$y)
  se <- sqrt(sum(mass * values^2) - sum(mass * values)^2)
  expect_equal(runs[["boot:mouse.treat.median"]]$std.error, se, tolerance = 1e-10)
})

test_that("the 16 numbers, convolved in R: ties count half in the package's BCa", {
  x <- runs[["boot:scipyR16"]]
  # in tenths: 16 draws added up one by one
  tenths <- round(10 * sixteen$y)
  one <- tabulate(tenths - 99, 2031) / 16
  mass <- 1
  for (draw in 1:16) {
    longer <- numeric(length(mass) + 2030)
    for (k in which(one > 0)) {
      at <- k - 1 + seq_along(mass)
      longer[at] <- longer[at] + one[[k]] * mass
    }
    mass <- longer
  }
  d <- list(value = (1600 + seq_along(mass) - 1) / 160, mass = mass)
  d <- lapply(d, function(column) column[mass > 0])
  estimate <- mean(sixteen$y)
  left <- vapply(1:16, function(i) mean(sixteen$y[-i]), 0)
  a <- naive_acceleration(left, rep(1, 16))
  for (level in c(0.95, 0.8)) {
    ends <- t(vapply(c("perc", "basic", "bca"), listed_ends, c(0, 0),
      d = d, estimate = estimate, tail = (1 - level) / 2, acceleration = a
    ))
    expect_equal(unname(confint(x, level = level)), unname(ends), tolerance = 1e-9)
  }
  tied <- sum(d$mass[abs(d$value - estimate) < 1e-9])
  expect_equal(x$mid_share, sum(d$mass[d$value < estimate - 1e-9]) + tied / 2, tolerance = 1e-10)
  expect_gt(tied, 1e-4)
})

# The entries of the file are the same facts as the fixture's; the file may hold more, and newer.
test_that("every bootstrap value of the shared collection", {
  file <- known_answers_file()
  skip_if(length(file) == 0, "known_answers.R lies in no folder `shared` above the tests")
  entries <- Filter(function(k) k$area == "boot", read_known_answers(file))
  expect_gte(length(entries), 8)
  expect_identical(setdiff(vapply(entries, `[[`, "", "id"), names(runs)), character())
  for (k in entries) {
    # The jackknife's standard error is not a result of boot_ci().
    for (quantity in setdiff(names(k$expected), "jack_se")) {
      kind <- if (quantity %in% c("se", "mean")) "se" else "q"
      check_known(runs[[k$id]], list(
        id = k$id, quantity = quantity, expected = k$expected[[quantity]], tol = k$tol,
        mc.tol = if (kind %in% names(k$mc_tol)) k$mc_tol[[kind]] else NA, source = k$source
      ))
    }
  }
})
