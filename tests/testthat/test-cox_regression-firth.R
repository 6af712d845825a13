# Firth's penalised likelihood: package coxphf's documented output, in fixtures/firth_coxphf.csv, made by
# tests/reference/firth_coxphf.R; and, for Efron's ties, the penalised likelihood maximised by brute force.

veteran <- survival::veteran
firth_cases <- list(
  spared = list(
    Surv(time, status) ~ spared + trt + age, transform(veteran, spared = as.numeric(status == 0 & karno >= 60))
  ),
  separated = list(
    Surv(time, status) ~ x, data.frame(time = 1:6, status = c(1, 1, 1, 0, 0, 0), x = c(1, 1, 1, 0, 0, 0))
  ),
  ovarian = list(Surv(futime, fustat) ~ age + rx + ecog.ps, survival::ovarian),
  veteran = list(Surv(time, status) ~ trt + karno + diagtime + age, veteran),
  heart = list(Surv(start, stop, event) ~ age + year + surgery, survival::heart)
)

test_that("estimates, errors, profile intervals and tests are coxphf's", {
  known <- read.csv(test_path("fixtures", "firth_coxphf.csv"))
  expect_setequal(known$case, names(firth_cases))
  for (name in names(firth_cases)) {
    k <- known[known$case == name, ]
    case <- firth_cases[[name]]
    fit <- cox_regression(case[[1]], case[[2]], ties = "breslow", penalty = "firth", interval = "profile")
    rows <- tidy(fit)
    found <- rows[rows$term == "log_hazard_ratio", ]
    expect_identical(found$group, k$covariate)
    for (column in c("estimate", "std.error", "conf.low", "conf.high", "p.value")) {
      expect_equal(found[[column]], k[[column]], tolerance = 1e-8, label = paste(name, column))
    }
    expect_equal(rows$statistic[rows$method == "penalised-likelihood-ratio"], k$test[[1]], tolerance = 1e-8)
  }
})

# Six patients in one order: the terms are those of the risk sets, and their variances r s / (r + s)^2 with r
# and s the risks of those with x = 1 and 0.
test_that("Efron's ties are penalised by their own information", {
  d <- data.frame(time = c(1, 1, 2, 2, 3, 3), status = c(1, 1, 1, 0, 0, 0), x = c(1, 1, 1, 0, 0, 0))
  penalised <- function(b) {
    r <- exp(b) * c(3, 2, 1)
    3 * b - sum(log(r + 3)) + log(sum(3 * r / (r + 3)^2)) / 2
  }
  best <- optimize(penalised, c(-1, 8), maximum = TRUE, tol = 1e-9)
  fit <- cox_regression(Surv(time, status) ~ x, d, penalty = "firth", interval = "profile")
  expect_equal(fit$loglik, c(penalised(0), best$objective), tolerance = 1e-11)
  expect_equal(unname(coef(fit)), best$maximum, tolerance = 1e-6)
  drop <- function(b) 2 * (best$objective - penalised(b)) - qchisq(0.95, 1)
  ends <- c(uniroot(drop, c(-5, best$maximum), tol = 1e-12)$root, uniroot(drop, c(best$maximum, 30), tol = 1e-12)$root)
  expect_equal(unname(confint(fit)[1, ]), ends, tolerance = 1e-8)
})

test_that("rows of whole weights are so many rows to the penalty too", {
  case <- firth_cases$ovarian
  case[[2]]$times <- rep_len(c(1, 2, 0, 3), 26)
  copies <- case[[2]][rep(1:26, case[[2]]$times), ]
  weighted <- cox_regression(case[[1]], case[[2]], weights = times, penalty = "firth")
  expect_equal(coef(weighted), coef(cox_regression(case[[1]], copies, penalty = "firth")), tolerance = 1e-9)
})

test_that("a covariate that depends on others is left out of the penalty", {
  case <- firth_cases$ovarian
  case[[2]]$double <- 2 * case[[2]]$age
  fit <- suppressWarnings(cox_regression(update(case[[1]], . ~ . + double), case[[2]], penalty = "firth"))
  expect_true(is.na(coef(fit)[["double"]]))
  plain <- cox_regression(case[[1]], case[[2]], penalty = "firth")
  expect_equal(coef(fit)[names(coef(plain))], coef(plain), tolerance = 1e-9)
})

# One event with one patient of x = 0 beside it and two of x = 1: with p = 2 r / (2 + 2 r) and r = exp(b), l* is
# log(1 - p) + log(p (1 - p)) / 2 and a constant. Its slope -p + (1 - 2 p) / 2 is 0 at p = 1/4: b = -log 3. It bends
# twice as much as the likelihood without the penalty.
test_that("a fit of one event settles", {
  d <- data.frame(time = 1:4, status = c(1, 0, 0, 0), x = c(0, 0, 1, 1))
  fit <- cox_regression(Surv(time, status) ~ x, d, penalty = "firth", interval = "profile")
  expect_equal(coef(fit), c(x = -log(3)), tolerance = 1e-10)
  value <- function(b) {
    p <- exp(b) / (1 + exp(b))
    log(1 - p) + log(p * (1 - p)) / 2
  }
  for (end in confint(fit)) expect_equal(2 * (value(-log(3)) - value(end)), qchisq(0.95, 1), tolerance = 1e-8)
})

naive_penalised <- function(b, d) {
  x <- cbind(d$x, d$g)
  value <- 0
  information <- matrix(0, 2, 2)
  for (i in which(d$status == 1)) {
    at_risk <- d$time >= d$time[[i]]
    r <- exp(drop(x %*% b)) * at_risk
    mean <- colSums(r * x) / sum(r)
    value <- value + sum(x[i, ] * b) - log(sum(r))
    information <- information + crossprod(sqrt(r) * x) / sum(r) - tcrossprod(mean)
  }
  value + log(det(information)) / 2
}

test_that("fits of few patients settle at the top of the penalised likelihood", {
  set.seed(8)
  seen <- 0
  for (i in 1:60) {
    n <- sample(c(5, 8, 12), 1)
    d <- data.frame(time = sample(n), status = rbinom(n, 1, 0.5), x = rnorm(n), g = rbinom(n, 1, 0.5))
    d$status[d$g == 1 & runif(n) < 0.6] <- 0
    fit <- tryCatch(suppressWarnings(cox_regression(Surv(time, status) ~ x + g, d, penalty = "firth")),
      her2mod_error = function(e) NULL
    )
    if (is.null(fit) || anyNA(coef(fit))) next
    seen <- seen + 1
    expect_identical(fit$end, "finite")
    b <- unname(coef(fit))
    expect_equal(fit$loglik[[2]], naive_penalised(b, d), tolerance = 1e-10)
    for (side in list(c(1, 0), c(0, 1), c(1, 1), c(1, -1))) for (h in c(-1e-3, 1e-3)) {
      expect_lt(naive_penalised(b + h * side, d), fit$loglik[[2]])
    }
  }
  expect_gt(seen, 30)
})

# Penalised hazards e^20 apart in x: sums leave the range of numbers before the top is reached.
test_that("a fit that cannot be computed is not called finite", {
  for (y in list(exp(1:20), -exp(1:12), exp(-(1:20)))) {
    d <- data.frame(time = seq_along(y), status = 1, y = y)
    fit <- suppressWarnings(cox_regression(Surv(time, status) ~ y, d, penalty = "firth"))
    if (fit$end == "finite") expect_true(is.finite(coef(fit))) else expect_identical(fit$end, "unsettled")
    expect_output(print(fit), "Cox regression")
  }
})
