quiet <- function(code) suppressWarnings(code, classes = "her2mod_warning")

own <- function(fun, ...) stat_custom(fun, ...)
mean_of <- own(function(data, weights) sum(weights * data$y) / sum(weights))

# A job as boot_ci() makes it.
custom_job <- function(stat, formula, data, kind = "bootstrap", seed = 1, outputs = 1, ...) {
  compared <- rows_of(formula, data, endpoint = "custom", n_groups = c(1, Inf), ...)
  cohort <- if (kind == "bootstrap") boot_cohort(compared) else perm_cohort(compared)
  new_job(kind, cohort, stat, compared, seed, outputs = outputs)
}

test_that("the function sees the compared rows in the order of the data, all columns", {
  data <- data.frame(
    y = c(5, NA, 3, 4, 9, 1), g = c("b", "a", "a", "b", "a", "a"), other = letters[1:6],
    w = c(1, 1, 2, 1, 0, 3)
  )
  rownames(data) <- LETTERS[1:6]
  job <- custom_job(mean_of, y ~ g, data, weights = w)
  # the second is missing, the fifth has weight 0
  expect_identical(
    job$custom$data, data.frame(data[c(1, 3, 4, 6), ], row.names = NULL)
  )
  expect_identical(job$custom$group_values, c("a", "b"))
  # the cohort is by group; weights reach the function in the order of the data
  expect_identical(job$cohort$row, c(3L, 6L, 1L, 4L))
  seen <- NULL
  spy <- own(function(data, weights) {
    seen <<- list(data = data, weights = weights)
    0
  })
  job <- custom_job(spy, y ~ g, data, weights = w)
  evaluate_job(job)
  expect_identical(seen$weights, c(1, 2, 1, 3))
  evaluate_job(job, weight = c(10, 20, 30, 40))
  expect_identical(seen$weights, c(30, 10, 40, 20))
  expect_identical(seen$data, job$custom$data)
})

test_that("permuted labels reach the function as values of the group's own column", {
  set.seed(1)
  data <- data.frame(y = 1:8, text = rep(c("q", "p"), each = 4))
  data$logical <- data$text == "p"
  data$number <- ifelse(data$logical, 1.5, -2)
  data$factor <- factor(data$text, c("z", "q", "p", "x"))
  labels <- NULL
  seen <- list()
  for (name in c("text", "logical", "number", "factor")) {
    column <- NULL
    spy <- own(function(data, weights) {
      column <<- data[[name]]
      sum(data$y[column == data[[name]][[1]]])
    })
    formula <- rlang::new_formula(quote(y), as.name(name))
    job <- custom_job(spy, formula, data, "permutation", seed = 3)
    run_custom(job, 5, 1, NULL)
    expect_identical(class(column), class(data[[name]]))
    if (is.factor(column)) expect_identical(levels(column), levels(data$factor))
    label <- cpp_permutation_labels(job$cohort, 3, 5, 1)[order(job$cohort$row), 1]
    groups <- if (is.factor(column)) c("q", "p") else sort(unique(data[[name]]))
    expect_identical(as.character(column), as.character(groups[label + 1]))
    expect_identical(sort(column), sort(data[[name]]))
  }
})

test_that("several draws at a time are the draws one by one", {
  data <- data.frame(y = c(2, 7, 1, 8, 2, 8), g = rep(c("a", "b"), 3))
  job <- custom_job(mean_of, y ~ g, data)
  run <- run_custom(job, 11, 7, NULL)
  weight <- cpp_bootstrap_weights(job$cohort, "ordinary", 1, 11, 7)
  y <- data$y[job$cohort$row]
  expect_equal(run$values[, 1], colSums(weight * y) / colSums(weight), tolerance = 1e-14)
  expect_identical(run_custom(job, 13, 3, NULL)$values, run$values[3:5, , drop = FALSE])
  # 2^20 weights at a time: more rows, fewer draws
  big <- data.frame(y = rep(data$y, 1e5))
  job <- custom_job(mean_of, y ~ 1, big)
  run <- run_custom(job, 1, 3, NULL)
  weight <- cpp_bootstrap_weights(job$cohort, "ordinary", 1, 3, 1)
  expect_equal(run$values[3, 1], sum(weight * big$y) / 6e5, tolerance = 1e-12)
})

test_that("failures are counted by reason; NA is NaN", {
  expect_identical(
    count_failures(c(1, NaN, NA, Inf, -Inf, 2, -Inf)),
    c(empty_group = 0, undefined = 2, infinite = 3)
  )
  data <- data.frame(y = c(2, 7, 1, 8, 2, 8))
  job <- custom_job(mean_of, y ~ 1, data)
  weight <- cpp_bootstrap_weights(job$cohort, "ordinary", 1, 1, 400)
  known <- weight[job$cohort$row == 1, ]
  odd <- own(function(data, weights) {
    switch(min(weights[[1]], 3) + 1, 1, NA_real_, -Inf, NaN)
  })
  job <- custom_job(odd, y ~ 1, data)
  run <- run_custom(job, 1, 400, NULL)
  expect_identical(run$failures,
    c(empty_group = 0, undefined = sum(known == 1 | known >= 3), infinite = sum(known == 2))
  )
  expect_identical(run$values[known == 0, 1], rep(1, sum(known == 0)))
  expect_identical(run$values[known == 1, 1], rep(NaN, sum(known == 1)))
  expect_false(any(is.na(run$values) & !is.nan(run$values)))
})

test_that("a function that fails says where, in its own words", {
  data <- data.frame(y = c(2, 7, 1, 8, 2, 8))
  at <- function(fun, class) {
    expect_error(quiet(boot_ci(y ~ 1, data, own(fun), R = 99, seed = 1, type = "perc")),
      class = class
    )
  }
  error <- at(function(data, weights) stop("no {braces} in {.val text}"), "her2mod_error_numeric")
  message <- cli::ansi_strip(conditionMessage(error))
  expect_match(message, "failed at the data", fixed = TRUE)
  expect_match(message, "no {braces} in {.val text}", fixed = TRUE)
  error <- at(function(data, weights) {
    if (any(weights > 1)) stop("too heavy")
    1
  }, "her2mod_error_numeric")
  expect_match(cli::ansi_strip(conditionMessage(error)), "replicate 1.*too heavy")
  # in the right replicate of a later range
  job <- custom_job(mean_of, y ~ 1, data)
  weight <- cpp_bootstrap_weights(job$cohort, "ordinary", 1, 1, 300)
  row <- which(job$cohort$row == 1)
  first <- which(weight[row, ] == 4)[[1]]
  expect_gt(first, 2)
  picky <- own(function(data, weights) if (weights[[1]] == 4) stop("four") else 1)
  job <- custom_job(picky, y ~ 1, data)
  expect_error(run_custom(job, 2, 299, NULL), paste0("replicate ", first, "\\b"),
    class = "her2mod_error_numeric"
  )
  # without one patient of each row
  jack <- function(data, weights) if (sum(weights) < 6) stop("five") else 1 + weights[[1]]
  expect_error(quiet(boot_ci(y ~ 1, data, own(jack), R = 99, seed = 1)), "leave-one-out",
    class = "her2mod_error_numeric"
  )
})

test_that("what is not one number, or a number and its error, is refused", {
  data <- data.frame(y = c(2, 7, 1, 8, 2, 8))
  for (bad in list("1", NULL, NA, TRUE, numeric(), 1:3, list(1), 1i, factor(1))) {
    expect_error(boot_ci(y ~ 1, data, own(function(data, weights) bad), R = 99, type = "perc"),
      class = "her2mod_error_input"
    )
  }
  # names and integers are no matter
  fine <- quiet(boot_ci(y ~ 1, data, own(function(data, weights) c(mean = max(data$y * weights))),
    R = 99, seed = 1, type = "perc"
  ))
  expect_identical(fine$estimate, 8)
})

test_that("an estimate that comes without its standard error does not pass for its own", {
  data <- data.frame(y = c(2, 7, 1, 8, 2, 8))
  job <- function(fun) custom_job(own(fun), y ~ 1, data, outputs = 2)
  sometimes <- function(data, weights) if (weights[[1]] == 2) 7 else c(1, 2)
  error <- expect_error(run_custom(job(sometimes), 1, 99, NULL), class = "her2mod_error_input")
  expect_match(cli::ansi_strip(conditionMessage(error)), "returned the estimate only")
  # where there is no value, there is no error
  for (none in c(NaN, NA, Inf, -Inf)) {
    fun <- function(data, weights) if (weights[[1]] == 2) none else c(1, 2)
    run <- run_custom(job(fun), 1, 99, NULL)
    here <- run$values[, 1] != 1 | is.nan(run$values[, 1])
    expect_gt(sum(here), 5)
    expect_true(all(is.nan(run$values[here, 2])))
    expect_identical(run$values[!here, ], matrix(rep(c(1, 2), each = sum(!here)), ncol = 2))
  }
  # an unasked standard error is left
  both <- run_custom(custom_job(own(function(data, weights) c(1, 2)), y ~ 1, data), 1, 3, NULL)
  expect_identical(both$values, matrix(1, 3, 1))
})

test_that("the jackknife leaves out one patient of a row, or a cluster with all its rows", {
  data <- data.frame(y = c(2, 7, 1, 8, 2, 8), w = c(1, 3, 1, 2, 1, 1), site = c(2, 2, 9, 9, 9, 4))
  job <- custom_job(mean_of, y ~ 1, data, weights = w)
  without <- vapply(1:6, function(i) {
    w <- data$w
    w[i] <- w[i] - 1
    sum(w * data$y) / sum(w)
  }, 0)
  expect_equal(custom_leave_one_out(job, NULL), without[job$cohort$row], tolerance = 1e-14)
  long <- rep(1:6, data$w)
  expect_equal(acceleration_of(job, NULL), naive_acceleration(without[long], long * 0),
    tolerance = 1e-12
  )
  job <- custom_job(mean_of, y ~ 1, data, weights = w, cluster = site)
  without <- vapply(c(2, 4, 9), function(one) {
    kept <- data$site != one
    sum((data$w * data$y)[kept]) / sum(data$w[kept])
  }, 0)
  expect_equal(custom_leave_one_out(job, NULL), without, tolerance = 1e-14)
  expect_equal(acceleration_of(job, NULL), naive_acceleration(without, rep(1, 3)),
    tolerance = 1e-12
  )
})

test_that("data and a column to permute are needed", {
  y <- c(1, 5, 2)
  g <- c("a", "b", "a")
  refused(boot_ci(y ~ g, statistic = mean_of), "data")
  data <- data.frame(y = c(2, 7, 1, 8), g = c(1, 1, 2, 2))
  refused(perm_test(y ~ factor(g), data, mean_of, R = 9), "formula")
  # a column with a name that is no R name is one
  data[["her2 group"]] <- data$g
  difference <- own(function(data, weights) diff(tapply(data$y, data$`her2 group`, mean))[[1]])
  test <- perm_test(y ~ `her2 group`, data, difference,
    method = "monte_carlo", R = 99, seed = 1
  )
  expect_equal(unname(test$statistic), 0)
  expect_gt(length(unique(test$replicates)), 2)
})
