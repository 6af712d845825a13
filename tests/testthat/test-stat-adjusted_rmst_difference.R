# Peers: survival::survfit() with weights, and of coxph(); twins in helper-adjusted.R.

adjusting <- ~ hr + grade + age
times <- Surv(time, status) ~ g
plain_of <- function(rows) {
  x <- stats::model.matrix(~ hr + grade + age, rows)[, -1]
  colnames(x) <- sprintf("covariate%d", 1:4)
  data.frame(g = rows$g, y = rows$time, event = rows$status, x)
}
area_of <- function(fit, tau) step_area(fit$time, fit$surv, tau)

test_that("weighted curves are survfit()'s with weights, of every population, and so are replicates", {
  rows <- confounded_rows(survival = TRUE)
  fit <- stats::glm(g ~ hr + grade + age, stats::binomial(), rows, control = stats::glm.control(epsilon = 1e-14))
  e <- stats::fitted(fit)
  for (target in c("all", "reference", "other")) {
    rows$w <- naive_weights(as.integer(rows$g) - 1, e, "ipw", target)
    area <- function(level) {
      area_of(survival::survfit(survival::Surv(time, status) ~ 1, rows[rows$g == level, ], weights = w), 40)
    }
    statistic <- stat_adjusted_rmst_difference(adjusting, 40, "ipw", target)
    boot <- boot_ci(times, rows, statistic, type = "perc", R = 49, seed = 1)
    expect_equal(boot$estimate, area("HER2-mod") - area("IHC 3+"), tolerance = 1e-10)
    drawn <- replicate_data(boot, 49)
    again <- plain_of(rows)[rep(drawn$row, drawn$weight), ]
    expect_equal(boot$replicates[[49]], diff(naive_adjusted_means(again, unlist(statistic$parameters))), tolerance = 1e-9)
  }
})

test_that("g-computation is the mean of survfit(coxph())'s curves, and so are replicates", {
  rows <- confounded_rows(survival = TRUE)
  fit <- survival::coxph(survival::Surv(time, status) ~ g + hr + grade + age, rows,
    control = survival::coxph.control(eps = 1e-12, iter.max = 50, toler.chol = 1e-13)
  )
  for (target in c("all", "other")) {
    whom <- if (target == "all") rows else rows[rows$g == "HER2-mod", ]
    area <- function(level) {
      curves <- survival::survfit(fit, transform(whom, g = factor(level, levels(rows$g))), stype = 2, ctype = 2)
      mean(apply(curves$surv, 2, function(s) step_area(curves$time, s, 40)))
    }
    statistic <- stat_adjusted_rmst_difference(adjusting, 40, target = target)
    boot <- boot_ci(times, rows, statistic, type = "perc", R = 49, seed = 1)
    expect_equal(boot$estimate, area("HER2-mod") - area("IHC 3+"), tolerance = 1e-8)
    drawn <- replicate_data(boot, 49)
    again <- plain_of(rows)[rep(drawn$row, drawn$weight), ]
    expect_equal(boot$replicates[[49]], diff(naive_adjusted_means(again, unlist(statistic$parameters))), tolerance = 1e-8)
  }
})

test_that("without confounding by a constant weight it is the plain difference", {
  rows <- confounded_rows(survival = TRUE)
  # the same two values in both groups, equally often: the propensity is one number
  rows <- do.call(rbind, lapply(split(rows, rows$g), function(own) {
    own <- own[seq_len(2 * (nrow(own) %/% 2)), ]
    own$x <- rep_len(0:1, nrow(own))
    own
  }))
  plain <- boot_ci(times, rows, stat_rmst_difference(40), type = "perc", R = 49, seed = 1)
  for (estimator in c("ipw", "overlap")) {
    boot <- boot_ci(times, rows, stat_adjusted_rmst_difference(~x, 40, estimator), type = "perc", R = 49, seed = 1)
    expect_equal(boot$estimate, plain$estimate, tolerance = 1e-10)
  }
})

test_that("of many patients each is left out of weighted curves to first order", {
  rows <- confounded_rows(6000, seed = 4, survival = TRUE)
  for (estimator in c("ipw", "overlap")) {
    boot <- suppressWarnings(
      boot_ci(times, rows, stat_adjusted_rmst_difference(adjusting, 60, estimator), type = "bca", R = 9, seed = 1)
    )
    without <- cpp_jackknife(boot$job, 1L)$values
    move <- boot$estimate - without
    for (i in c(1, 999, 4000, 6000)) {
      exact <- evaluate_job(boot$job, replace(rep(1, nrow(rows)), i, 0))[[1]]
      expect_lt(abs(without[[i]] - exact), 0.02 * abs(move[[i]]) + 1e-3 * stats::sd(move))
    }
  }
})

test_that("bad choices are refused", {
  bad <- function(...) expect_error(stat_adjusted_rmst_difference(...), class = "her2mod_error_input")
  bad(~age, -1)
  bad(~age, 40, "doubly_robust")
  bad(~age, 40, "g_computation", firth = TRUE)
  rows <- confounded_rows(survival = TRUE)
  rows$entry <- 0
  delayed <- Surv(entry, time, status) ~ g
  expect_error(
    boot_ci(delayed, rows, stat_adjusted_rmst_difference(~age, 40), R = 9), class = "her2mod_error_input"
  )
  expect_error(boot_ci(times, rows, stat_adjusted_rmst_difference(~age, 4000), R = 9), class = "her2mod_error")
})
