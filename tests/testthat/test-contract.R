# What every statistic of the registry must do, whatever it computes: the engine (weights, labels,
# leaving one out), the catalogue and both user functions. A statistic that is added is tested here
# at once; its naive twin goes into helper-numeric.R or helper-survival.R.

catalogue <- statistics()

# A case is a statistic with its constructor's arguments, and the numbers that the core gets.
contract_cases <- function() {
  cases <- lapply(catalogue$name, function(name) {
    list(name = name, args = list(), numbers = double())
  })
  names(cases) <- catalogue$name
  with <- function(name, args, numbers, truncated = FALSE) {
    list(name = name, args = args, numbers = numbers, truncated = truncated)
  }
  adjusting <- function(name, estimator, numbers, ...) {
    with(paste0("adjusted_", name), list(~ covariate1 + covariate2, estimator = estimator, ...), numbers)
  }
  cases$adjusted_risk_difference <- adjusting("risk_difference", "g_computation", c(0, 0, 0, 0))
  cases$adjusted_risk_ratio <- adjusting("risk_ratio", "ipw", c(1, 0, 0, 0))
  cases$adjusted_odds_ratio <- adjusting("odds_ratio", "doubly_robust", c(3, 0, 0, 0))
  cases$adjusted_rmst_difference <- adjusting("rmst_difference", "g_computation", c(0, 0, 0, 0, 6.2), tau = 6.2)
  cases$quantile_difference <- with("quantile_difference", list(prob = 0.3), 0.3)
  cases$survival_difference <- with("survival_difference", list(time = 4), 4)
  cases$rmst_difference <- with("rmst_difference", list(tau = 6.2), 6.2)
  cases$rmst_ratio <- with("rmst_ratio", list(tau = 6.2), 6.2)
  cases$fleming_harrington <- with("fleming_harrington", list(rho = 0, gamma = 1), c(0, 1, 0))
  cases <- c(cases, list(
    "standardised_difference, balance" = with("standardised_difference", list("balance"), 1),
    "logrank, gehan" = with("logrank", list("gehan"), c(1, 0, 0, 0, 0)),
    "logrank, tarone-ware" = with("logrank", list("tarone-ware"), c(2, 0, 0, 0, 0)),
    "logrank, peto-peto" = with("logrank", list("peto-peto"), c(3, 0, 0, 0, 0)),
    "logrank, modified" = with("logrank", list("modified peto-peto"), c(4, 0, 0, 0, 0)),
    "logrank, modest" = with("logrank", list("modest", t_star = 4), c(6, 0, 0, 4, 0)),
    "logrank, studentised" = with("logrank", list(studentised = TRUE), c(0, 0, 0, 0, 1)),
    "fleming_harrington, studentised" = with(
      "fleming_harrington", list(rho = 0.5, gamma = 2, studentised = TRUE), c(0.5, 2, 1)
    ),
    "maxcombo of two" = with("maxcombo", list(rho = c(0, 1), gamma = c(0.5, 0)), c(0, 0.5, 1, 0)),
    "rmst_difference, truncated" = with("rmst_difference", list(tau = 6.2), 6.2, TRUE),
    "median_survival_difference, truncated" = with(
      "median_survival_difference", list(), double(), TRUE
    ),
    "log_hazard_ratio, truncated" = with("log_hazard_ratio", list(), double(), TRUE),
    "logrank, truncated" = with("logrank", list(), double(), TRUE),
    "maxcombo, truncated" = with("maxcombo", list(), double(), TRUE),
    "maxcombo, three groups" = c(with("maxcombo", list(), double()), several = TRUE),
    "adjusted_risk_difference, interactions" = adjusting(
      "risk_difference", "g_computation", c(0, 0, 1, 0), interactions = TRUE
    ),
    "adjusted_risk_difference, overlap" = adjusting("risk_difference", "overlap", c(2, 0, 0, 0)),
    "adjusted_rmst_difference, overlap" = adjusting("rmst_difference", "overlap", c(2, 0, 0, 0, 6.2), tau = 6.2)
  ))
  lapply(cases, function(case) c(case, as.list(catalogue[catalogue$name == case$name, -1])))
}
stat_of <- function(case) {
  do.call(getExportedValue("her2mod", paste0("stat_", case$name)), case$args)
}

# Patients in random order, two centres; enough events that nothing is 0/0; numbers with ties, all
# above 0, one group higher; three categories; times of which most end in an event. A test statistic
# gets three groups, MaxCombo two and three.
compares_many <- function(case) case$role == "test" && (case$name != "maxcombo" || isTRUE(case$several))
contract_rows <- function(case) {
  rows <- centre_rows(list(a = c(4, 9, 6, 11), b = c(3, 12, 5, 8)))
  if (compares_many(case)) {
    levels(rows$g) <- c("ref", "oth", "third")
    rows$g[c(3, 8, 15, 19, 24, 33, 38)] <- "third"
  }
  n <- nrow(rows)
  set.seed(99)
  if (case$endpoint == "numeric") rows$y <- round(rexp(n, 0.1) + 3 * as.integer(rows$g), 0) / 2
  if (case$endpoint == "categorical") {
    rows$y <- ifelse(runif(n) < 0.3, 2, rows$y)
  }
  if (case$endpoint == "survival") rows <- as_times(rows, isTRUE(case$truncated))
  if (is_adjusted_case(case)) rows <- with_covariates(rows)
  n <- nrow(rows)
  rows <- rows[sample(n), ]
  rows$cluster <- paste(rows$centre, rows$g, rep_len(1:3, n))
  rows
}
# Twice as many, as models take patients; a covariate of two values and one of several.
is_adjusted_case <- function(case) grepl("^adjusted_", case$name)
with_covariates <- function(rows) {
  rows <- rbind(rows, rows)
  n <- nrow(rows)
  other <- rows$g == "oth"
  rows$covariate1 <- rbinom(n, 1, ifelse(other, 0.6, 0.4))
  rows$covariate2 <- sample(0:6, n, replace = TRUE) / 2 + 0.5 * other
  rows
}
as_times <- function(rows, truncated) {
  n <- nrow(rows)
  rows$y <- round(rexp(n, 0.5 / as.integer(rows$g))) / 2 + sample(c(0.5, 1, 3), n, replace = TRUE)
  rows$event <- as.integer(runif(n) < 0.8)
  # The last of each group dies, so that curves reach every time.
  rows$event[rows$y >= 4] <- 1L
  if (truncated) rows$entry <- sample(c(0, 0, 0.25, 0.4), n, replace = TRUE)
  rows
}
# As the user has them.
user_rows <- function(case) {
  rows <- contract_rows(case)
  if (case$endpoint == "categorical") rows$y <- factor(c("none", "part", "full")[rows$y + 1])
  rows
}
user_formula <- function(case, blocks = TRUE) {
  response <- if (case$endpoint != "survival") {
    "y"
  } else if (isTRUE(case$truncated)) {
    "Surv(entry, y, event)"
  } else {
    "Surv(y, event)"
  }
  as.formula(paste(response, if (blocks) "~ g | centre" else "~ g"))
}
alone <- function(rows) rows[setdiff(names(rows), "cluster")]

# Its standard error is that of a sample of the cohort's own group sizes.
needs_sizes <- c("median_difference", "quantile_difference")

test_that("each name has one constructor, and each constructor a name", {
  exported <- sub("^stat_", "", grep("^stat_", getNamespaceExports("her2mod"), value = TRUE))
  expect_setequal(setdiff(exported, "custom"), catalogue$name)
  for (case in contract_cases()) {
    stat <- stat_of(case)
    expect_s3_class(stat, "her2_stat")
    fields <- c("name", "endpoint", "role", "scale", "sign", "null", "outputs")
    expect_identical(stat[fields], case[fields])
    expect_identical(stat$limits, c(case$lowest, case$highest))
    # the standardised difference says its form even by default
    by_default <- if (case$name == "standardised_difference") 0 else double()
    expect_identical(
      as.double(unlist(stat$parameters)), if (length(case$args)) case$numbers else by_default
    )
    if (is_adjusted_case(case)) {
      expect_identical(stat$adjust, ~ covariate1 + covariate2, ignore_formula_env = TRUE)
      expect_error(as_statistic(case$name), class = "her2mod_error_input")
    }
    if (length(case$args) == 0) {
      expect_identical(as_statistic(case$name), stat)
      if (!nzchar(case$parameter)) expect_identical(stat$title, case$title)
    }
  }
})

for (label in names(contract_cases())) local({
  case <- contract_cases()[[label]]
  name <- case$name
  numbers <- case$numbers
  rows <- contract_rows(case)
  cohort <- cohort_of(alone(rows))
  n <- nrow(rows)
  at <- function(cohort, ...) evaluate(cohort, name, ..., parameters = numbers)
  twin <- function(rows) naive_statistic(name, rows, numbers)
  claim <- function(words) paste(label, "-", words)

  test_that(claim("the value and its standard error are the naive twin's"), {
    seen <- at(cohort)
    expect_identical(seen$reason, "none")
    expect_equal(seen[c("value", "error")], twin(rows), tolerance = 1e-12)
    expect_identical(is.na(seen$error), case$outputs == 1L)
    # not a statistic that says nothing of these rows
    expect_gt(abs(seen$value - case$null), 0.01)
  })

  test_that(claim("a weight of k is k equal rows, a weight of 0 is no row"), {
    set.seed(1)
    found <- repeated <- expected <- matrix(NA_real_, 20, 2)
    for (i in 1:20) {
      # groups of random sizes, or of the sizes that they have
      weight <- if (i > 10) {
        ave(rep(1, n), rows$g, FUN = function(x) rmultinom(1, length(x), x)[, 1])
      } else {
        rmultinom(1, n, rep(1, n))[, 1]
      }
      again <- alone(rows)[rep(seq_len(n), weight), ]
      known <- if (i > 10 || !name %in% needs_sizes) 1:2 else 1
      numbers_of <- function(result) unlist(result[c("value", "error")])[known]
      found[i, known] <- numbers_of(at(cohort, weight))
      repeated[i, known] <- numbers_of(at(cohort_of(again)))
      expected[i, known] <- numbers_of(twin(again))
    }
    expect_false(anyNA(found[, 1]))
    expect_equal(found, repeated, tolerance = 1e-12)
    expect_equal(found, expected, tolerance = 1e-11)
  })

  test_that(claim("a row of frequency f is f rows"), {
    set.seed(5)
    short <- alone(rows)
    short$w <- sample(1:4, n, replace = TRUE)
    expect_equal(
      at(cohort_of(short)), at(cohort_of(alone(rows)[rep(seq_len(n), short$w), ])),
      tolerance = 1e-12
    )
  })

  test_that(claim("the order of the rows does not matter"), {
    seen <- at(cohort)
    set.seed(2)
    for (i in 1:5) {
      expect_equal(at(cohort_of(alone(rows)[sample(n), ])), seen, tolerance = 1e-12)
    }
  })

  test_that(claim("swapping the labels does to the value what `sign` says"), {
    seen <- at(cohort)
    expect_true(case$sign %in% c(-1L, 1L))
    k <- cohort$n_groups
    for (turn in seq_len(k - 1)) {
      swapped <- at(cohort, label = (cohort$group + turn) %% k)
      expected <- if (case$sign == -1) 2 * case$null - seen$value else seen$value
      expect_equal(swapped$value, expected, tolerance = 1e-12)
      # group sizes go with the labels
      if (!name %in% needs_sizes) expect_equal(swapped$error, seen$error, tolerance = 1e-12)
    }
    relabelled <- alone(rows)
    relabelled$g <- factor(rows$g, rev(levels(rows$g)))
    expect_equal(at(cohort_of(relabelled))$error, seen$error, tolerance = 1e-12)
  })

  test_that(claim("labels given with a draw count, not those of the rows"), {
    set.seed(3)
    for (i in 1:5) {
      given <- sample(cohort$group)
      relabelled <- alone(rows)
      relabelled$g <- factor(levels(rows$g)[given + 1], levels(rows$g))
      expect_equal(at(cohort, label = given), at(cohort_of(relabelled)), tolerance = 1e-12)
      expect_equal(at(cohort, label = given)$value, twin(relabelled)$value, tolerance = 1e-11)
    }
  })

  test_that(claim("the jackknife is the statistic without each unit, and its acceleration"), {
    left_out <- cpp_jackknife(job_of(cohort, name, numbers), 1L)
    without <- vapply(seq_len(n), function(i) twin(rows[-i, ])$value, 0)
    expect_equal(left_out$values, without, tolerance = 1e-11)
    expect_equal(
      left_out$acceleration, naive_acceleration(without, paste(rows$centre, rows$g)),
      tolerance = 1e-9
    )
    # Rows that stand for several leave out one of each. (The weights of a draw are whole numbers.)
    same <- aggregate(list(w = rep(1, n)), alone(rows), sum)
    expect_lt(nrow(same), n)
    short <- cpp_jackknife(job_of(cohort_of(same), name, numbers), 2L)
    expect_equal(short$acceleration, left_out$acceleration, tolerance = 1e-9)
    at_row <- match(do.call(paste, alone(rows)), do.call(paste, same[names(alone(rows))]))
    expect_equal(short$values[at_row], left_out$values, tolerance = 1e-11)
  })

  test_that(claim("the jackknife of clusters leaves out whole clusters"), {
    left_out <- cpp_jackknife(job_of(cohort_of(rows), name, numbers), 1L)
    clusters <- sort(unique(rows$cluster))
    without <- vapply(clusters, function(one) twin(rows[rows$cluster != one, ])$value, 0)
    expect_equal(left_out$values, unname(without), tolerance = 1e-11)
    block <- sub(" [0-9]$", "", clusters)
    expect_equal(
      left_out$acceleration, naive_acceleration(unname(without), block), tolerance = 1e-9
    )
  })

  # Codes 1, 2, ... of a time with an event, and of the same time without.
  decoded <- function(small) {
    small$g <- factor(small$g, levels(rows$g))
    small$event <- as.integer(small$y %% 2)
    small$y <- ceiling(small$y / 2) * 3
    if (isTRUE(case$truncated)) small$entry <- rep_len(c(0, 1), nrow(small))
    small
  }

  # Models of a few patients have no estimate; test-stat-adjusted_risk_difference.R is about them.
  test_that(claim("a draw may leave a group without patients"), {
    for (group in seq_len(cohort$n_groups) - 1) {
      found <- at(cohort, weight = as.double(cohort$group != group))
      error <- if (case$outputs == 2) NaN else NA_real_
      expect_identical(found, list(value = NaN, error = error, reason = "empty_group"))
    }
  })

  if (!is_adjusted_case(case)) test_that(claim("a value is missing or infinite only with a reason"), {
    groups <- if (case$endpoint == "binary") {
      small_groups(0:1, 3)
    } else if (case$endpoint == "survival") {
      c(small_groups(1:4, 2), list(c(1, 3, 4), c(2, 3, 5), c(3, 3, 4)))
    } else {
      c(small_groups(0:2, 2), list(c(1, 1, 1), c(0, 0, 1), c(0, 1, 2), c(1, 2, 2)))
    }
    third <- if (compares_many(case)) list(1, c(0, 2)) else list(double())
    seen <- character()
    for (a in groups) for (b in groups) for (c in third) {
      small <- data.frame(
        g = factor(
          rep(c("ref", "oth", "third"), c(length(a), length(b), length(c))), levels(rows$g)
        ), y = c(a, b, c)
      )
      if (case$endpoint == "survival") small <- decoded(small)
      found <- at(cohort_of(small))
      expected <- twin(small)
      reason <- if (is.nan(expected$value)) {
        "undefined"
      } else if (is.infinite(expected$value)) {
        "infinite"
      } else {
        "none"
      }
      same <- identical(found$reason, reason) &&
        isTRUE(all.equal(found[c("value", "error")], expected, tolerance = 1e-12))
      if (!same) {
        fail(paste("Not the naive twin's:", toString(a), "/", toString(b), "/", toString(c)))
      }
      seen <- c(seen, reason)
    }
    expect_gte(length(seen), length(groups)^2)
  })

  if (case$endpoint == "binary" && case$outputs == 2) test_that(claim("the standard error is the delta method's"), {
    # numerically: sum over the groups of p(1 - p)/n (dT/dp)^2
    p <- with(rows, tapply(y, g, mean))
    n <- with(rows, tapply(y, g, length))
    effect <- function(p) naive_effect(name, p[[1]] * n[[1]], n[[1]], p[[2]] * n[[2]], n[[2]])
    h <- 1e-6
    slope <- c(
      effect(p + c(h, 0)) - effect(p - c(h, 0)), effect(p + c(0, h)) - effect(p - c(0, h))
    ) / (2 * h)
    expect_equal(at(cohort)$error, sqrt(sum(p * (1 - p) / n * slope^2)), tolerance = 1e-7)
  })

  test_that(claim("a replicate of the engine is the statistic at its weights or labels"), {
    for (cohort in list(cohort, cohort_of(rows))) {
      job <- job_of(cohort, name, numbers)
      outputs <- case$outputs
      for (scheme in c("ordinary", "balanced", "fractional")) {
        job$scheme <- scheme
        run <- cpp_bootstrap(job, 8, 3, 12, outputs, 2L)
        weight <- cpp_bootstrap_weights(cohort, scheme, 8, 3, 12)
        one_by_one <- apply(weight, 2, function(w) unlist(at(cohort, w)[c("value", "error")]))
        expect_equal(run$values, unname(t(one_by_one))[, seq_len(outputs), drop = FALSE],
          tolerance = 1e-12
        )
        expect_identical(cpp_bootstrap(job, 8, 3, 12, outputs, 1L), run)
        expect_identical(cpp_bootstrap(job, 8, 5, 3, outputs, 2L)$values,
          run$values[3:5, , drop = FALSE]
        )
      }
      run <- cpp_permutation(job, 8, 3, 12, outputs, 2L)
      labels <- cpp_permutation_labels(cohort, 8, 3, 12)
      one_by_one <- apply(labels, 2, function(l) unlist(at(cohort, label = l)[c("value", "error")]))
      expect_equal(run$values, unname(t(one_by_one))[, seq_len(outputs), drop = FALSE],
        tolerance = 1e-12
      )
      expect_identical(cpp_permutation(job, 8, 3, 12, outputs, 1L), run)
      expect_gt(length(unique(run$values[, 1])), 3)
    }
  })

  test_that(claim("a bad cohort is refused"), {
    # The core's own classes, which become ours in call_core() (test-conditions.R).
    kind_of <- function(code) tryCatch(code, error = function(e) class(e)[[1]])
    refused <- function(kind, ...) {
      bad <- cohort
      bad[...names()] <- list(...)
      expect_identical(
        kind_of(cpp_jackknife(job_of(bad, name, numbers), 1L)), paste0("her2mod::", kind, "_error")
      )
    }
    refused("input", group = rep(5L, n))
    refused("data", group = rep(0L, n))
    refused("input", stratum = rep(5L, n))
    refused("input", frequency = rep(0.5, n))
    refused("input", frequency = rep(0, n))
    refused("input", frequency = 1)
    refused("input", response = rep(NaN, n))
    refused("input", response = rep(Inf, n))
    refused("data", cluster = rep(0L, n), n_clusters = 1L)
    refused("input", cluster = cohort$stratum, n_clusters = 3L)
    if (case$endpoint == "binary") refused("input", response = rep(2, n))
    if (case$endpoint == "categorical") {
      refused("input", response = rep(0.5, n))
      refused("input", response = rep(-1, n))
    }
    if (case$endpoint == "survival") {
      refused("input", event = rep(2L, n))
      refused("input", event = 1L)
      refused("input", response = -cohort$response)
      refused("input", entry = cohort$response)
    }
    # two groups have a score, more a quadratic form of all scores (MaxCombo the largest of both)
    two_or_more <- compares_many(case) || name %in% c("logrank", "fleming_harrington", "maxcombo")
    if (!two_or_more) refused("input", group = rep_len(0:2, n), n_groups = 3L)
    expect_identical(
      kind_of(cpp_jackknife(job_of(cohort, name, c(-1, 0.2)), 1L)), "her2mod::input_error"
    )
    expect_identical(
      kind_of(cpp_evaluate(job_of(cohort, name, numbers), 1, cohort$group)), "her2mod::input_error"
    )
  })

  quiet <- function(code) suppressWarnings(code, classes = "her2mod_warning")
  data <- user_rows(case)
  formula <- user_formula(case)
  seen <- to_display(stat_of(case), at(cohort)$value)

  if (case$role == "effect") test_that(claim("boot_ci() from end to end, each way there is"), {
    methods <- c("monte_carlo", if (name %in% names(exact_kinds)) "exact")
    for (method in methods) {
      boot <- quiet(boot_ci(
        formula, data, stat_of(case), type = "all", method = method, R = 499, seed = 1,
        progress = FALSE
      ))
      expect_s3_class(boot, "her2_boot")
      expect_identical(boot$method, method)
      expect_equal(boot$estimate, seen, tolerance = 1e-12)
      limits <- boot$intervals
      # bootstrap-t has no exact distribution but that of risks
      known <- method == "monte_carlo" | case$endpoint == "binary" | limits$method != "stud"
      expect_false(anyNA(limits[known, c("conf.low", "conf.high")]))
      expect_true(all(is.na(limits[!known, c("conf.low", "conf.high")])))
      limits <- limits[known, ]
      if (case$sign == -1) {
        expect_true(all(limits$conf.low <= seen & limits$conf.high >= seen))
      }
      expect_true(all(limits$conf.low < limits$conf.high))
      expect_identical(tidy(boot)$term, rep(name, 5))
      expect_true(any(grepl(stat_of(case)$title, format(boot), fixed = TRUE)))
      again <- quiet(boot_ci(
        formula, data[sample(n), ], stat_of(case), type = "all", method = method, R = 499,
        seed = 1, progress = FALSE
      ))
      expect_identical(again$intervals, boot$intervals)
    }
    if (!name %in% names(exact_kinds)) {
      expect_error(boot_ci(user_formula(case, FALSE), data, stat_of(case), method = "exact"),
        class = "her2mod_error_input"
      )
    }
    if (length(case$args) == 0) {
      by_name <- quiet(boot_ci(formula, data, name, R = 99, seed = 1))
      expect_identical(
        tidy(quiet(boot_ci(formula, data, stat_of(case), R = 99, seed = 1))), tidy(by_name)
      )
    }
  })

  if (case$role == "test") test_that(claim("a test has no interval"), {
    form <- user_formula(case, FALSE)
    error <- expect_error(boot_ci(form, data, name), class = "her2mod_error_input")
    expect_identical(error$arg, "statistic")
  })

  if (is_adjusted_case(case)) test_that(claim("there is no permutation test"), {
    expect_error(perm_test(formula, data, stat_of(case)), class = "her2mod_error_input")
  })

  if (!is_adjusted_case(case)) test_that(claim("perm_test() from end to end, each way there is"), {
    linear <- !is.null(cpp_linear_form(job_of(cohort, name, numbers)))
    run <- function(data, method) {
      perm_test(formula, data, stat_of(case), method = method, R = 499, seed = 1,
        progress = FALSE
      )
    }
    p <- double()
    for (method in c("monte_carlo", if (linear) "exact")) {
      test <- run(data, method)
      expect_s3_class(test, "htest")
      expect_gt(test$p.value, 0)
      expect_lte(test$p.value, 1)
      expect_equal(unname(test$statistic), seen, tolerance = 1e-12)
      again <- run(data[sample(n), ], method)
      shared <- c("p.value", "p.interval", "null", "observed", "replicates", "statistic")
      expect_identical(again[shared], test[shared])
      p[[method]] <- test$p.value
    }
    if (linear) {
      # 4 standard errors of a share of 499
      expect_lt(abs(p[["exact"]] - p[["monte_carlo"]]), 4 * sqrt(p[["exact"]] / 499))
    } else {
      expect_error(run(data, "exact"), class = "her2mod_error_input")
    }
  })
})

test_that("an unknown name is refused by the core too", {
  cohort <- cohort_of(patient_rows(1, 3, 2, 3))
  expect_error(
    call_core(cpp_evaluate(job_of(cohort, "median_survival"), cohort$frequency, cohort$group)),
    class = "her2mod_error_input"
  )
})
