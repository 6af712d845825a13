# The bootstrap of a contrast against its exact distribution and against replicates drawn one level at a time.

test_that("percentile ends lie where the exact bootstrap distribution has them", {
  x <- list(x0 = c(7, 4), n0 = c(20, 15), x1 = c(12, 6), n1 = c(22, 12))
  found <- do.call(interaction_of, c(x, list("risk_difference", "bootstrap-percentile", R = 9999, seed = 3)))
  row <- pick(found, "risk_difference", "bootstrap-percentile")
  # Four binomials, all combinations
  cells <- function(x, n) list(value = 0:n / n, probability = stats::dbinom(0:n, n, x / n))
  join <- function(a, b, sign) {
    value <- round(outer(a$value, sign * b$value, "+"), 10)
    probability <- tapply(outer(a$probability, b$probability), value, sum)
    list(value = as.double(names(probability)), probability = as.vector(probability))
  }
  first <- join(cells(x$x1[[1]], x$n1[[1]]), cells(x$x0[[1]], x$n0[[1]]), -1)
  second <- join(cells(x$x1[[2]], x$n1[[2]]), cells(x$x0[[2]], x$n0[[2]]), -1)
  all <- join(second, first, -1)
  at_most <- function(v) sum(all$probability[all$value <= v + 1e-9])
  # Four standard errors of a share of 2.5%
  slack <- 4 * sqrt(0.025 * 0.975 / 9999)
  expect_lt(abs(at_most(row$conf.low) - 0.025), slack + 0.01)
  expect_lt(abs(at_most(row$conf.high) - 0.975), slack + 0.01)
  mean <- sum(all$value * all$probability)
  expect_equal(row$std.error, sqrt(sum((all$value - mean)^2 * all$probability)), tolerance = 0.03)
})

test_that("results do not depend on threads, and rows give what counts give", {
  counts <- counts_of(c(7, 4), c(20, 15), c(12, 6), c(22, 12))
  of <- function(data, formula, threads) {
    tidy(test_interaction(formula, data, "risk_difference", "bootstrap-bca", R = 499, seed = 8, threads = threads))
  }
  one <- of(counts, cbind(event, n - event) ~ therapy * her2, 1)
  expect_identical(of(counts, cbind(event, n - event) ~ therapy * her2, 2), one)
  expect_equal(of(as_rows(counts), y ~ therapy * her2, 2), one)
})

test_that("the acceleration of a difference is that of several samples, by leaving patients out one at a time", {
  counts <- counts_of(c(7, 4), c(20, 15), c(12, 6), c(22, 12))
  x <- interaction_data(cbind(event, n - event) ~ therapy * her2, counts, list(), stats::na.omit, NULL)
  how <- resampling_options(99, 1, 1, FALSE, "local")
  levels <- lapply(1:2, function(k) draw_level(x, k, as_statistic("risk_difference"), k, how, NULL))
  contrast <- contrast_of(levels[[1]], levels[[2]])
  run <- interaction_run(contrast, "interaction", as_statistic("risk_difference"), "risk_difference")
  # Leaving out an event or another patient of a sample moves its proportion by +-(p - 1)/(n - 1), p/(n - 1).
  influence <- function(x, n, sign) {
    p <- x / n
    sign * rep(c(1 - p, -p), c(x, n - x)) / n
  }
  l <- c(influence(7, 20, 1), influence(4, 15, -1), influence(12, 22, -1), influence(6, 12, 1))
  expect_equal(run$acceleration, sum(l^3) / (6 * sum(l^2)^1.5), tolerance = 1e-8)
})

test_that("p and interval of the bootstrap agree, and survival effects have one", {
  gbsg <- survival::gbsg
  gbsg$hormon <- factor(gbsg$hormon)
  for (measure in c("hazard_ratio", "rmst_difference")) {
    tau <- if (measure == "rmst_difference") 1500
    found <- test_interaction(Surv(rfstime, status) ~ hormon * meno, gbsg, measure, tau = tau,
      methods = c("bootstrap-bca", "bootstrap-percentile"), R = 199, seed = 4, conf.level = 0.8)
    rows <- tidy(found)
    rows <- rows[rows$term == "interaction", ]
    null <- if (measure == "hazard_ratio") 1 else 0
    expect_identical(rows$conf.low > null | rows$conf.high < null, rows$p.value < 0.2)
    expect_true(all(rows$p.value > 0))
  }
  # Replicates of a level are those of boot_ci() with that seed.
  level <- draw_level(
    interaction_data(Surv(rfstime, status) ~ hormon * meno, gbsg, list(), stats::na.omit, NULL), 1,
    stat_rmst_difference(1500), 4, resampling_options(99, 4, 1, FALSE, "local"), NULL
  )
  alone <- boot_ci(Surv(rfstime, status) ~ hormon, gbsg, stat_rmst_difference(1500), subset = meno == 0, R = 99, seed = 4)
  expect_equal(level$values, alone$replicates)
})

test_that("a tau beyond the last time of all does not move the replicates", {
  # In each of the four cells the last patient has the event.
  set.seed(1)
  rows <- data.frame(y = round(stats::rexp(60), 2), g = rep(c("a", "b"), 30), level = rep(c("x", "y"), each = 30))
  last <- stats::ave(rows$y, rows$g, rows$level, FUN = max)
  rows$event <- as.integer(stats::runif(60) < 0.6 | rows$y == last)
  found <- function(tau) {
    tidy(test_interaction(Surv(y, event) ~ g * level, rows, "rmst_difference", "bootstrap-percentile",
      tau = tau, R = 99, seed = 1
    ))
  }
  expect_warning(beyond <- found(50), class = "her2mod_warning_tau")
  expect_equal(beyond, found(max(rows$y)))
})

test_that("the print tells R, seed and Monte Carlo errors", {
  counts <- counts_of(c(7, 4), c(20, 15), c(12, 6), c(22, 12))
  found <- test_interaction(cbind(event, n - event) ~ therapy * her2, counts, "risk_difference", "bootstrap-bca",
    R = 199, seed = 8)
  text <- paste(format(found), collapse = "\n")
  expect_match(text, "R = 199, seed 8; Monte Carlo errors")
})

test_that("combinations that the bootstrap does not vary are named", {
  d <- data.frame(
    her2 = rep(c("3+", "2+"), each = 40), therapy = rep(c("single", "dual"), 40), y = rep(c(1, 0, 0, 1, 0, 1, 1, 0), 10)
  )
  d$y[d$her2 == "2+" & d$therapy == "dual"] <- 0
  expect_warning(test_interaction(y ~ therapy * her2, d, "risk_difference", "bootstrap-bca", R = 99, seed = 1), "dual in 2+",
    fixed = TRUE, class = "her2mod_warning_degenerate")
})

adjusted_rows <- function(n = 600) {
  set.seed(3)
  d <- data.frame(her2 = rep(c("3+", "mod", "low"), c(3, 2, 1) * n / 6), age = rnorm(n, 50, 9), hr = rbinom(n, 1, 0.5))
  d$therapy <- ifelse(rbinom(n, 1, plogis((d$age - 50) / 15 + 0.3 * d$hr)) == 1, "dual", "single")
  d$pcr <- rbinom(n, 1, plogis(-0.3 * d$hr - (d$age - 50) / 40 + 0.6 * (d$therapy == "dual" & d$her2 == "3+")))
  d$time <- rexp(n, 0.05 * exp(0.3 * d$hr))
  d$status <- rbinom(n, 1, 0.7)
  d
}

test_that("adjusted differences and risk ratios are standardised within each group", {
  d <- adjusted_rows()
  ref <- c(therapy = "single", her2 = "3+")
  # By hand: a logistic model in each group, predicted for all of its patients with either therapy.
  standardised <- function(own) {
    fit <- glm(pcr ~ therapy + age + hr, binomial, own)
    risk <- function(arm) mean(predict(fit, replace(own, "therapy", arm), type = "response"))
    c(single = risk("single"), dual = risk("dual"))
  }
  risks <- vapply(split(d, d$her2)[c("3+", "low", "mod")], standardised, c(0, 0))
  of <- function(measure, ...) {
    test_interaction(pcr ~ therapy * her2 + age + hr, d, measure, ref = ref, R = 199, seed = 5, ...)
  }
  found <- tidy(of("risk_difference"))
  difference <- unname(risks["dual", ] - risks["single", ])
  expect_equal(found$estimate[found$term == "effect"], difference, tolerance = 1e-7)
  expect_equal(found$estimate[found$term == "interaction"], difference[-1] - difference[[1]], tolerance = 1e-7)
  ratio <- tidy(of("risk_ratio"))
  of_risks <- unname(risks["dual", ] / risks["single", ])
  expect_equal(ratio$estimate[ratio$term == "interaction"], of_risks[-1] / of_risks[[1]], tolerance = 1e-7)
  # Replicates are those of boot_ci() in each group, with seeds that follow one another.
  within <- lapply(1:3, function(k) {
    boot_ci(pcr ~ therapy, d[d$her2 == c("3+", "low", "mod")[[k]], ], stat_adjusted_risk_difference(~ age + hr),
      type = "bca", R = 199, seed = 4 + k, ref = "single"
    )
  })
  effects <- found[found$term == "effect", ]
  expect_equal(effects$conf.low, vapply(within, function(x) x$intervals$conf.low, 0))
  expect_equal(effects$p.value, vapply(within, function(x) x$intervals$p.value, 0))
  percentile <- tidy(of("risk_difference", methods = "bootstrap-percentile"))
  drawn <- within[[3]]$replicates - within[[1]]$replicates
  # (R + 1) alpha / 2 = 5
  ends <- sort(drawn)[c(5, 195)]
  mod <- percentile[percentile$term == "interaction" & percentile$group == "mod", ]
  expect_equal(c(mod$conf.low, mod$conf.high), ends)
  # All groups: Wald's test with the variances of the replicates.
  v <- vapply(within, function(x) var(x$replicates), 0)
  C <- cbind(-1, diag(2))
  statistic <- drop(t(C %*% difference) %*% solve(C %*% diag(v) %*% t(C), C %*% difference))
  test <- found[found$term == "test", ]
  expect_equal(c(test$statistic, test$df), c(statistic, 2), tolerance = 1e-6)
  expect_equal(test$p.value, pchisq(statistic, 2, lower.tail = FALSE), tolerance = 1e-6)
})

test_that("adjusted restricted means have an interaction, and other ratios keep their model", {
  d <- adjusted_rows()
  d <- d[d$her2 != "low", ]
  x <- test_interaction(Surv(time, status) ~ therapy * her2 + age, d, c("rmst_difference", "hazard_ratio"),
    ref = c(therapy = "single", her2 = "3+"), tau = 15, R = 99, seed = 5
  )
  within <- lapply(1:2, function(k) {
    boot_ci(Surv(time, status) ~ therapy, d[d$her2 == c("3+", "mod")[[k]], ], stat_adjusted_rmst_difference(~age, 15),
      type = "bca", R = 99, seed = 4 + k, ref = "single"
    )$estimate
  })
  found <- tidy(x)
  rmst <- found[found$measure == "rmst_difference" & found$term == "interaction", ]
  expect_equal(rmst$estimate, within[[2]] - within[[1]], tolerance = 1e-10)
  expect_identical(unique(found$method[found$measure == "hazard_ratio"]), c("likelihood-ratio", "wald"))
  said <- format(x)
  expect_true("By g-computation: each effect is standardised to the covariates of the patients of its own her2." %in% said)
  expect_match(said, "rmst|restricted mean difference, within 3+", fixed = FALSE, all = FALSE)
  refused <- function(...) expect_error(test_interaction(...), class = "her2mod_error_input")
  within <- Surv(time, status) ~ therapy * her2 + age + strata(hr)
  expect_match(conditionMessage(refused(within, d, "rmst_difference")), "strata")
  refused(pcr ~ therapy * her2 + age, d, "risk_difference", methods = "wald")
  refused(pcr ~ therapy * her2 + age, d, "odds_ratio", methods = "bootstrap-bca")
  # The model of a group without single therapy's events has no finite estimate; which one is said.
  d$pcr[d$her2 == "mod" & d$therapy == "single"] <- 0
  error <- expect_error(
    suppressWarnings(test_interaction(pcr ~ therapy * her2 + age, d, "risk_ratio", R = 99, seed = 1)),
    class = "her2mod_error_data"
  )
  expect_match(conditionMessage(error), "her2 mod")
})

test_that("pictures have the p-values that the prints have", {
  skip_if_not_installed("ggplot2")
  lines <- data.frame(
    p.value = c(NA, 0.01, 0.2), method = c(NA, "bootstrap-bca", "wald"), estimate = 1, conf.low = 0, conf.high = 2,
    kind = c("head", "contrast", "contrast"), stratum = NA
  )
  cells <- data.frame(x = 1, n = 2, group = 0:1, stratum = 0)
  x <- list(boot = list(R = 199), groups = c("a", "b"), cells = cells, conf.level = 0.95)
  expect_identical(interaction_columns(x, lines, FALSE)[[4]], c("", "", "p <= 0.0100", "p = 0.200"))
  d <- adjusted_rows()
  found <- test_interaction(pcr ~ therapy * her2, d[d$her2 != "low", ], "risk_difference", "score")
  drawn <- interaction_lines(found, found$estimates[found$estimates$term == "effect", ],
    found$estimates[found$estimates$term == "interaction", ], FALSE)
  expect_true("method" %in% names(drawn))
  headings <- headline_headings(data.frame(part = "response_adjusted", left = "x", estimate = 1, conf.low = 0, conf.high = 2,
    p.value = 0.01))
  expect_identical(format_headline_p(list(R = 199), headings)[[2]], "<= 0.0100")
})
