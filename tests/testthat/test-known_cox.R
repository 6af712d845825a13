# Cox regression in the shared collection (areas cox and hostile). Not computed here: the exact ("discrete")
# likelihood of ties.

known_cox_fit <- function(data, ...) {
  env <- new.env()
  eval(parse(text = data), env)
  x <- if (!is.null(env$X)) env$X else if (!is.null(env$x)) env$x else env$g
  columns <- as.data.frame(as.matrix(x))
  names(columns) <- paste0("x", seq_along(columns))
  columns$time <- env$time
  columns$status <- env$status
  cox_regression(reformulate(grep("^x", names(columns), value = TRUE), quote(Surv(time, status))), columns, ...)
}

known_cox_values <- function(fit) {
  b <- unname(coef(fit))
  error <- sqrt(unname(diag(vcov(fit))))
  ends <- exp(confint(fit)[1, ])
  c(
    list(
      beta = b[[1]], se = error[[1]], info = 1 / vcov(fit)[[1]], loglik0 = fit$loglik[[1]], loglik1 = fit$loglik[[2]],
      loglik_limit = fit$loglik[[2]], score = fit$score_test, lrt = 2 * diff(fit$loglik), hr_lower = ends[[1]],
      hr_upper = ends[[2]], m2loglik0 = -2 * fit$loglik[[1]], m2loglik1 = -2 * fit$loglik[[2]]
    ),
    stats::setNames(as.list(c(b, error)), paste0(rep(c("b", "se"), each = length(b)), seq_along(b)))
  )
}

known_cox_collection <- function() {
  file <- known_answers_file()
  skip_if(length(file) == 0, "known_answers.R lies in no folder `shared` above the tests")
  read_known_answers(file)
}

installed <- function(k) all(vapply(k$needs, requireNamespace, NA, quietly = TRUE))

test_that("literature values of Cox regression", {
  known <- Filter(function(k) k$area == "cox" && grepl("^cox[.](efron|breslow)", k$method), known_cox_collection())
  expect_gte(length(known), 5)
  for (k in Filter(installed, known)) {
    values <- known_cox_values(known_cox_fit(k$data, ties = if (k$method == "cox.breslow") "breslow" else "efron"))
    # The score and the information at 0 have no place in a result; their quotient, `score`, has.
    for (quantity in setdiff(names(k$expected), c("U0", "I0"))) {
      expect_known(values[[quantity]], k$expected[[quantity]], k$tol, k$tol_type, k$id, quantity, k$source)
    }
  }
})

test_that("both ways to treat ties", {
  known <- Filter(function(k) k$method == "cox.ties", known_cox_collection())
  skip_if_not_installed("KMsurv")
  for (k in known) {
    for (ties in c("efron", "breslow")) {
      values <- known_cox_values(known_cox_fit(k$data, ties = ties))
      expect_known(values$beta, k$expected[[ties]], k$tol, k$tol_type, k$id, ties, k$source)
      expect_known(values$se, k$expected[[paste0(ties, "_se")]], k$tol, k$tol_type, k$id, ties, k$source)
    }
  }
})

test_that("the test of proportional hazards", {
  known <- Filter(function(k) k$method == "cox.zph.km", known_cox_collection())
  expect_gte(length(known), 1)
  for (k in Filter(installed, known)) {
    statistic <- test_proportional_hazards(known_cox_fit(k$data), "km")$tests$statistic
    for (i in seq_along(statistic)) {
      expect_known(statistic[[i]], k$expected[[i]], k$tol, k$tol_type, k$id, names(k$expected)[[i]], k$source)
    }
  }
})

test_that("hostile input", {
  known <- known_cox_collection()
  monotone <- known[["hostile:cox.separation"]]
  expect_warning(fit <- known_cox_fit(monotone$data), class = "her2mod_warning_monotone")
  values <- suppressWarnings(known_cox_values(fit))
  for (quantity in names(monotone$expected)) {
    expect_known(
      values[[quantity]], monotone$expected[[quantity]], monotone$tol, "abs", monotone$id, quantity, monotone$source
    )
  }
  expect_warning(fit <- known_cox_fit(known[["hostile:cox.constant"]]$data), class = "her2mod_warning_collinear")
  expect_true(is.na(coef(fit)))
  expect_warning(fit <- known_cox_fit(known[["hostile:cox.noevents"]]$data), class = "her2mod_warning_no_events")
  expect_true(is.na(coef(fit)))
  expect_error(known_cox_fit(known[["hostile:cox.Infx"]]$data), class = "her2mod_error_data")
})
