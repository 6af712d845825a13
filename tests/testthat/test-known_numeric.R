# Means and standard deviations that a sum of squares about the wrong centre gets wrong: certified
# values, each with its source in fixtures/known_numeric.csv. The mean difference against a group of
# zeros is the mean, and its standard error sd/sqrt(n).
mean_and_sd <- function(y, rows = function(y) number_rows(c(0, 0), y)) {
  found <- evaluate(cohort_of(rows(y)), "mean_difference")
  c(mean = found$value, sd = found$error * sqrt(length(y)))
}

test_that("certified means and standard deviations", {
  known <- read.csv(test_path("fixtures", "known_numeric.csv"))
  for (i in seq_len(nrow(known))) {
    k <- known[i, ]
    found <- mean_and_sd(eval(parse(text = k$data)))
    for (quantity in c("mean", "sd")) {
      expect_known(found[[quantity]], k[[quantity]], k$tol, k$tol_type, k$id, quantity, k$source)
    }
  }
})

test_that("against a group like it, the error is that of two", {
  known <- read.csv(test_path("fixtures", "known_numeric.csv"))
  for (i in seq_len(nrow(known))) {
    k <- known[i, ]
    y <- eval(parse(text = k$data))
    found <- evaluate(cohort_of(number_rows(y, y)), "mean_difference")
    expect_identical(found$value, 0)
    expect_known(found$error * sqrt(length(y) / 2), k$sd, k$tol, k$tol_type, k$id, "sd", k$source)
  }
})

test_that("through the formula interface the same", {
  known <- read.csv(test_path("fixtures", "known_numeric.csv"))
  for (i in which(known$id != "meansd:NumAcc2")) {
    k <- known[i, ]
    y <- eval(parse(text = k$data))
    boot <- boot_ci(y ~ g, number_rows(c(0, 0), y), "mean_difference",
      type = "norm", method = "monte_carlo", R = 9, seed = 1
    )
    expect_known(boot$estimate, k$mean, k$tol, k$tol_type, k$id, "mean", k$source)
  }
})

test_that("every reference value of the shared collection with area numeric", {
  file <- known_answers_file()
  skip_if(length(file) == 0, "known_answers.R lies in no folder `shared` above the tests")
  known <- Filter(function(k) k$area == "numeric" && grepl("^mean[.]sd", k$method),
    read_known_answers(file)
  )
  expect_gte(length(known), 3)
  for (k in known) {
    env <- new.env()
    eval(parse(text = k$data), env)
    found <- mean_and_sd(env$x)
    found <- c(found, var = found[["sd"]]^2)
    for (quantity in names(k$expected)) {
      expect_known(found[[quantity]], k$expected[[quantity]], k$tol, k$tol_type, k$id, quantity,
        k$source
      )
    }
  }
})
