# Naive twins of adjusted effects: glm(), coxph() and sums over patients. `rows` has g (a factor, the
# reference first), y, and columns covariate1, ...; of survival times event. `parameters` as the core takes
# them: estimator, target, interactions, Firth, and tau.

adjusted_names <- c(
  "adjusted_risk_difference", "adjusted_risk_ratio", "adjusted_odds_ratio", "adjusted_rmst_difference"
)

covariates_of <- function(rows) rows[grep("^covariate[0-9]+$", names(rows))]

# Maximum likelihood to the last digit.
exact_glm <- function(y, x, weights = rep(1, length(y))) {
  control <- stats::glm.control(epsilon = 1e-15, maxit = 100)
  suppressWarnings(stats::glm.fit(cbind(1, x), y, weights, family = stats::binomial(), control = control))$coefficients
}
times_b <- function(x, b) drop(cbind(1, x)[, !is.na(b), drop = FALSE] %*% b[!is.na(b)])

naive_weights <- function(g, e, estimator, target) {
  own <- ifelse(g == 1, e, 1 - e)
  if (estimator == "overlap") return(1 - own)
  switch(target, all = 1 / own, reference = ifelse(g == 1, (1 - e) / e, 1), other = ifelse(g == 1, 1, e / (1 - e)))
}

naive_adjustment <- function(parameters) {
  list(
    estimator = c("g_computation", "ipw", "overlap", "doubly_robust")[[parameters[[1]] + 1]],
    target = c("all", "reference", "other")[[parameters[[2]] + 1]], interactions = parameters[[3]] == 1
  )
}

# The two groups' risks.
naive_adjusted_risks <- function(rows, parameters) {
  how <- naive_adjustment(parameters)
  g <- as.integer(rows$g) - 1
  x <- as.matrix(covariates_of(rows))
  y <- rows$y
  h <- switch(how$target, all = rep(1, length(g)), reference = 1 - g, other = g)
  m <- list(rep(0, length(g)), rep(0, length(g)))
  if (how$estimator %in% c("g_computation", "doubly_robust")) {
    design <- function(g) cbind(x, g, if (how$interactions) g * x)
    b <- exact_glm(y, design(g))
    m <- lapply(0:1, function(a) stats::plogis(times_b(design(rep(a, length(g))), b)))
  }
  w <- rep(0, length(g))
  if (how$estimator != "g_computation") {
    e <- stats::plogis(times_b(x, exact_glm(g, x)))
    w <- naive_weights(g, e, how$estimator, how$target)
  }
  vapply(0:1, function(a) {
    own <- g == a
    standardised <- if (how$estimator %in% c("g_computation", "doubly_robust")) sum(h * m[[a + 1]]) / sum(h) else 0
    weighted <- if (any(w != 0)) sum((w * (y - m[[a + 1]]))[own]) / sum(w[own]) else 0
    standardised + weighted
  }, 0)
}

# The area under a curve that steps at `time` to `s`.
step_area <- function(time, s, tau) {
  keep <- time < tau
  sum(diff(c(0, time[keep], tau)) * c(1, s[keep]))
}

naive_adjusted_means <- function(rows, parameters) {
  how <- naive_adjustment(parameters)
  tau <- parameters[[5]]
  g <- as.integer(rows$g) - 1
  x <- as.matrix(covariates_of(rows))
  if (how$estimator == "g_computation") {
    data <- data.frame(time = rows$y, event = rows$event, x, g = g)
    control <- survival::coxph.control(eps = 1e-13, iter.max = 60, toler.chol = 1e-14)
    fit <- survival::coxph(
      stats::reformulate(c(colnames(x), "g"), quote(survival::Surv(time, event))), data, ties = "efron", control = control
    )
    b <- stats::coef(fit)
    # Efron's increments, at x = 0.
    r <- exp(drop(as.matrix(data[names(b)]) %*% b))
    times <- sort(unique(data$time[data$event == 1]))
    hazard <- vapply(times, function(t) {
      dies <- data$time == t & data$event == 1
      sum(1 / (sum(r[data$time >= t]) - (seq_len(sum(dies)) - 1) / sum(dies) * sum(r[dies])))
    }, 0)
    h <- switch(how$target, all = rep(1, length(g)), reference = 1 - g, other = g)
    return(vapply(0:1, function(a) {
      risk <- exp(drop(x %*% b[colnames(x)]) + a * b[["g"]])
      areas <- vapply(risk, function(one) step_area(times, exp(-cumsum(hazard) * one), tau), 0)
      sum(h * areas) / sum(h)
    }, 0))
  }
  e <- stats::plogis(times_b(x, exact_glm(g, x)))
  w <- naive_weights(g, e, how$estimator, how$target)
  vapply(0:1, function(a) {
    own <- g == a
    times <- sort(unique(rows$y[own & rows$event == 1]))
    factor <- vapply(times, function(t) {
      1 - sum(w[own & rows$y == t & rows$event == 1]) / sum(w[own & rows$y >= t])
    }, 0)
    step_area(times, cumprod(factor), tau)
  }, 0)
}

naive_adjusted <- function(name, rows, parameters) {
  if (name == "adjusted_rmst_difference") return(c(diff(naive_adjusted_means(rows, parameters)), NA))
  p <- naive_adjusted_risks(rows, parameters)
  value <- switch(name,
    adjusted_risk_difference = p[[2]] - p[[1]], adjusted_risk_ratio = log(p[[2]] / p[[1]]),
    adjusted_odds_ratio = stats::qlogis(p[[2]]) - stats::qlogis(p[[1]])
  )
  c(value, NA)
}

# Simulated: the covariates go with the group and with the outcome.
confounded_rows <- function(n = 300, seed = 1, survival = FALSE) {
  set.seed(seed)
  hr <- rbinom(n, 1, 0.6)
  grade <- sample(1:3, n, replace = TRUE)
  age <- round(rnorm(n, 52, 10))
  g <- rbinom(n, 1, plogis(-1 + 1.1 * hr - 0.3 * (grade == 3) + 0.02 * (age - 52)))
  score <- 0.4 - 1.2 * hr + 0.4 * (grade == 3) - 0.6 * g + 0.01 * (age - 52)
  rows <- data.frame(
    g = factor(g, labels = c("IHC 3+", "HER2-mod")), hr = factor(hr, labels = c("HR-", "HR+")), grade = factor(grade),
    age = age, centre = sample(letters[1:8], n, replace = TRUE), pcr = rbinom(n, 1, plogis(score))
  )
  if (survival) {
    event <- ceiling(rexp(n, 0.02 * exp(-score)))
    censored <- ceiling(runif(n, 20, 90))
    rows$time <- pmin(event, censored)
    rows$status <- as.integer(event <= censored)
  }
  rows
}
