# Published figures of the shared collection that survival statistics give: log-rank family,
# restricted means, Kaplan-Meier curves and medians, MaxCombo's largest z, permutation log-rank tests (of
# the score |O - E|, p_two_OE, and studentised, p_two_Z), and what hostile data give. Skipped where the
# collection is not there; test-stat-*.R have the main ones of it in words.

entry_rows <- function(entry) {
  env <- new.env(parent = globalenv())
  eval(parse(text = entry$data), env)
  group <- if (is.null(env$g)) rep(1, length(env$time)) else env$g
  time <- cpp_tied_times(as.double(env$time), double())$time
  rows <- survival_rows_of(time, env$status, group == max(group))
  rows$centre <- env$stratum
  list(rows = rows, tau = env$tau)
}

value_of <- function(name, rows, parameters = double()) {
  unlist(evaluate_survival(name, rows, parameters)[c("value", "error")], use.names = FALSE)
}

# One group as the other group of a difference: beside a patient who is seen alive to the end, or
# who dies at once.
beside <- function(rows, time, event) rbind(survival_rows_of(time, event, FALSE), rows)

logrank_quantity <- function(test, quantity) {
  switch(quantity,
    O_minus_E = , U = test[[1]], U0 = -test[[1]], V = test[[2]]^2,
    chisq = (test[[1]] / test[[2]])^2,
    p = stats::pchisq((test[[1]] / test[[2]])^2, 1, lower.tail = FALSE), NULL
  )
}

known_logrank <- function(entry, quantity) {
  rows <- entry_rows(entry)$rows
  if (entry$method == "wlr.fh") {
    exponents <- as.double(strsplit(gsub("[()]", "", quantity), ",")[[1]])
    return(logrank_quantity(value_of("fleming_harrington", rows, c(exponents, 0)), "chisq"))
  }
  family <- c(logrank = 0, wlr.gehan = 1, wlr.peto = 3)[[entry$method]]
  logrank_quantity(value_of("logrank", rows, c(family, 0, 0, 0, 0)), quantity)
}

known_rmst <- function(entry, quantity) {
  given <- entry_rows(entry)
  d <- value_of("rmst_difference", given$rows, given$tau)
  r <- value_of("rmst_ratio", given$rows, given$tau)
  z <- stats::qnorm(0.975)
  switch(quantity,
    diff = d[[1]], diff_lo = d[[1]] - z * d[[2]], diff_hi = d[[1]] + z * d[[2]],
    ratio = exp(r[[1]]),
    ratio_lo = exp(r[[1]] - z * r[[2]]), ratio_hi = exp(r[[1]] + z * r[[2]]),
    p_diff = 2 * stats::pnorm(-abs(d[[1]] / d[[2]])), NULL
  )
}

known_km <- function(entry, quantity) {
  rows <- entry_rows(entry)$rows
  if (quantity %in% c("median", "median_mid")) {
    return(value_of("median_survival_difference", beside(rows, 0, 1))[[1]])
  }
  if (!grepl("^(S|se)[(]", quantity)) return(NULL)
  t <- as.double(gsub("[^0-9.]", "", quantity))
  found <- value_of("survival_difference", beside(rows, 1e6, 0), t)
  if (startsWith(quantity, "S")) 1 + found[[1]] else found[[2]]
}

known_perm_logrank <- function(entry, quantity) {
  rows <- entry_rows(entry)$rows
  form <- if (is.null(rows$centre)) Surv(y, event) ~ g else Surv(y, event) ~ g | centre
  exact <- function(...) perm_test(form, rows, stat_logrank(...), method = "exact")
  switch(quantity,
    n_perm = cpp_arrangements(cohort_of(rows)),
    p_two_OE = exact()$p.value,
    p_less_OE = perm_test(form, rows, "logrank", method = "exact", alternative = "less")$p.value,
    p_two_Z = exact(studentised = TRUE)$p.value,
    logrank_quantity(value_of("logrank", rows), quantity)
  )
}

known_survival_value <- function(entry, quantity) {
  switch(entry$method,
    logrank = , wlr.gehan = , wlr.peto = , wlr.fh = known_logrank(entry, quantity),
    rmst = known_rmst(entry, quantity),
    km = , km.median = known_km(entry, quantity),
    maxcombo = if (quantity == "zmax") value_of("maxcombo", entry_rows(entry)$rows)[[1]],
    perm.logrank.exact = , perm.logrank.strat.exact = known_perm_logrank(entry, quantity)
  )
}

# What is refused, or is NA with a warning: test-read_survival.R, test-no_information.R,
# test-stat-rmst_difference.R. A plain group of three arms is not a statistic of two.
not_values <- "logrank.(allcens|onegroup|lastonly)|negtime|inftime|NAtime|status12|rmst[.]|logrank3"

test_that("every survival figure of the shared collection that a statistic gives", {
  file <- known_answers_file()
  skip_if(length(file) == 0, "known_answers.R lies in no folder `shared` above the tests")
  areas <- c("logrank", "rmst", "km", "maxcombo", "perm", "hostile")
  known <- Filter(function(k) k$area %in% areas, read_known_answers(file))
  checked <- 0
  for (k in known) {
    hostile <- k$area == "hostile"
    if (!all(vapply(k$needs, requireNamespace, NA, quietly = TRUE))) next
    if (grepl(not_values, k$id) && (hostile || k$method == "logrank.k")) next
    for (quantity in names(k$expected)) {
      value <- known_survival_value(k, quantity)
      if (is.null(value) || is.na(k$expected[[quantity]])) next
      checked <- checked + 1
      expect_known(value, k$expected[[quantity]], k$tol, k$tol_type, k$id, quantity, k$source)
    }
  }
  expect_gte(checked, 75)
})

test_that("stratified permutation: 15 of 100 arrangements, by hand-listed risk sets", {
  # StatXact 6 manual p. 418; scores within strata
  rows <- survival_rows_of(
    c(3, 5, 7, 8, 18, 12, 19, 20, 20, 33), c(0, 0, 1, 1, 1, 1, 1, 1, 0, 0),
    rep(c(TRUE, FALSE), each = 5),
    centre = c("M", "M", "F", "F", "M", "M", "M", "F", "F", "F")
  )
  test <- perm_test(Surv(y, event) ~ g | centre, rows, "logrank", method = "exact")
  expect_equal(test$p.value, 0.15, tolerance = 1e-12)
})

test_that("the score and the studentised statistic are different tests: Callaert's data", {
  # Callaert 2003, Am Stat 57:214: .0505
  rows <- survival_rows_of(
    c(1, 1, 5, 6, 6, 6, 6, 2, 2, 2, 3, 4, 4, 5, 5), rep(1, 15), rep(c(TRUE, FALSE), c(7, 8))
  )
  p <- function(...) {
    perm_test(Surv(y, event) ~ g, rows, stat_logrank(...), method = "exact")$p.value
  }
  expect_equal(p(), 0.0505050505050505, tolerance = 1e-12)
  expect_equal(p(studentised = TRUE), 0.0557886558, tolerance = 1e-9)
})
