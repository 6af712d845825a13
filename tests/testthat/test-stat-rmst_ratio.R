test_that("survRM2's pbc example: the ratio and its interval", {
  pbc <- survival::pbc[1:312, ]
  rows <- survival_rows_of(pbc$time / 365.25, as.integer(pbc$status == 2), pbc$trt == 1)
  found <- evaluate_survival("rmst_ratio", rows, 10)
  # vignette of survRM2: 0.981 (0.878 to 1.096)
  expect_equal(round(exp(found$value), 3), 0.981)
  ends <- exp(found$value + c(-1, 1) * stats::qnorm(0.975) * found$error)
  expect_equal(round(ends, 3), c(0.878, 1.096))
})

test_that("it is the ratio of survfit()'s rmean", {
  for (rows in peer_data()) {
    rows <- rows[names(rows) != "centre"]
    tau <- 0.8 * min(tapply(rows$y, rows$g, max))
    table <- summary(survival::survfit(survival::Surv(y, event) ~ g, rows), rmean = tau)$table
    found <- evaluate_survival("rmst_ratio", rows, tau)
    m <- table[, "rmean"]
    error <- sqrt(sum((table[, "se(rmean)"] / m)^2))
    expect_equal(c(found$value, found$error), c(log(m[[2]] / m[[1]]), error), tolerance = 1e-8)
  }
})

test_that("a group that dies at time 0 has no mean: the ratio is infinite", {
  rows <- survival_rows_of(c(0, 0, 3, 4), rep(1, 4), c(FALSE, FALSE, TRUE, TRUE))
  expect_identical(evaluate_survival("rmst_ratio", rows, 2)$value, Inf)
})

test_that("studentised it is the logarithm over its standard error, and its permutations too", {
  rows <- peer_data()$veteran
  rows <- rows[names(rows) != "centre"]
  z_of <- function(rows) {
    table <- summary(survival::survfit(survival::Surv(y, event) ~ g, rows), rmean = 200)$table
    m <- table[, "rmean"]
    log(m[[2]] / m[[1]]) / sqrt(sum((table[, "se(rmean)"] / m)^2))
  }
  x <- suppressWarnings(perm_test(Surv(y, event) ~ g, rows, stat_rmst_ratio(200, studentised = TRUE), R = 99, seed = 1))
  expect_equal(x$observed, z_of(rows), tolerance = 1e-10)
  drawn <- replicate_data(x, 7)
  names(drawn)[match(c("time", "group"), names(drawn))] <- c("y", "g")
  expect_equal(x$replicates[[7]], z_of(drawn), tolerance = 1e-10)
  expect_identical(stat_rmst_ratio(60, studentised = TRUE)$scale, "identity")
  expect_match(stat_rmst_ratio(60, studentised = TRUE)$title, "^studentised RMST ratio")
})

test_that("the constructor", {
  expect_identical(stat_rmst_ratio(60)$scale, "log")
  expect_identical(stat_rmst_ratio(60)$title, "RMST ratio (tau = 60)")
  refused(stat_rmst_ratio("60"), "tau")
})
