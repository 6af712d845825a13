# Aalen-Johansen curves, their variances and Gray's test: against the definitions, package survival, and
# package cmprsk 2.2-12 (tests/reference/cumulative_incidence_cmprsk.R).

mgus <- function() {
  data <- survival::mgus2
  data$time <- ifelse(data$pstat == 1, data$ptime, data$futime)
  data$state <- factor(ifelse(data$pstat == 1, 1, 2 * data$death), 0:2)
  data
}

pbc_rows <- function() {
  data <- survival::pbc
  data$state <- factor(data$status, 0:2)
  data
}

# Two causes, three groups, two strata, many ties; `k` moves the pattern.
tied_rows <- function(k = 0, n = 90) {
  i <- seq_len(n) + k
  data.frame(
    time = 1 + (7 * i) %% 11 + (i %% 4),
    state = factor((i * i + i %/% 7) %% 3, labels = c("alive", "relapse", "death")),
    arm = factor(i %% 3, labels = c("a", "b", "c")), centre = factor(i %/% 5 %% 2)
  )
}

estimate_of <- function(x, term = "cumulative_incidence") {
  rows <- tidy(x)
  rows[rows$term == term, ]
}

# --- naive twins --------------------------------------------------------------------------------------

naive_incidence <- function(time, state, cause, at, weight = rep(1, length(time))) {
  survival <- 1
  incidence <- 0
  for (s in sort(unique(time[time <= at]))) {
    risk <- sum(weight[time >= s])
    incidence <- incidence + survival * sum(weight[time == s & state == cause]) / risk
    survival <- survival * (1 - sum(weight[time == s & state > 0]) / risk)
  }
  incidence
}

# Aalen's variance as the double sum that defines it.
naive_aalen <- function(time, state, cause, at) {
  times <- sort(unique(time[time <= at & state > 0]))
  sum(vapply(times, function(s) {
    r <- sum(time >= s)
    before <- naive_incidence(time, as.integer(state > 0), 1, s - 1e-9)
    after <- 1 - naive_incidence(time, as.integer(state > 0), 1, s)
    part <- function(d, x) if (d == 0) 0 else x^2 * d * (if (d > 1) 1 - (d - 1) / (r - 1) else 1)
    gap <- naive_incidence(time, state, cause, at) - naive_incidence(time, state, cause, s)
    x <- if (after > 0) gap / after else 0
    own <- part(sum(time == s & state == cause), 1 - x)
    others <- if (after > 0) part(sum(time == s & state > 0 & state != cause), x) else 0
    ((1 - before) / r)^2 * (own + others)
  }, 0))
}

# Influences as numeric derivatives by the patients' weights.
naive_jackknife <- function(time, state, cause, at) {
  h <- 1e-5
  influence <- vapply(seq_along(time), function(i) {
    bump <- h * (seq_along(time) == i)
    (naive_incidence(time, state, cause, at, 1 + bump) - naive_incidence(time, state, cause, at, 1 - bump)) / (2 * h)
  }, 0)
  sum(influence^2)
}

# Gray's test of one stratum from the formulas, every quantity by a sum of its own.
naive_gray <- function(time, state, group, cause, rho) {
  groups <- levels(group)
  own <- function(g) group == g
  times <- sort(unique(time[state > 0]))
  at_risk <- function(g, t) sum(own(g) & time >= t)
  events <- function(g, t) sum(own(g) & time == t & state == cause)
  others <- function(g, t) sum(own(g) & time == t & state > 0 & state != cause)
  free <- function(g, t) 1 - naive_incidence(time[own(g)], as.integer(state[own(g)] > 0), 1, t)
  f <- function(g, t) naive_incidence(time[own(g)], state[own(g)], cause, t)
  grid <- expand.grid(g = groups, t = times, stringsAsFactors = FALSE)
  table <- function(what) {
    matrix(mapply(what, grid$g, grid$t), length(groups), dimnames = list(groups, NULL))
  }
  y <- table(at_risk)
  d <- table(events)
  e <- table(others)
  s <- table(function(g, t) free(g, t - 1e-9))
  s_after <- table(free)
  f_before <- table(function(g, t) f(g, t - 1e-9))
  h <- ifelse(y > 0, y / s, 0)
  big_r <- h * (1 - f_before)
  jump <- colSums(d) / colSums(h)
  f0 <- cumsum(jump)
  f0_before <- f0 - jump
  weight <- (1 - f0_before)^rho
  change <- function(i, r) weight * h[i, ] * ((i == r) - h[r, ] / colSums(h))
  left <- function(i, r) {
    steps <- change(i, r) * jump / (1 - f0_before)
    sum(steps) - cumsum(steps)
  }
  score <- vapply(groups, function(i) sum(weight * (d[i, ] - colSums(d) * big_r[i, ] / colSums(big_r))), 0)
  ties <- function(m, n) ifelse(m > 1, 1 - (m - 1) / (n - 1), 1)
  covariance <- function(i, j) {
    sum(vapply(groups, function(r) {
      g <- ifelse(s_after[r, ] > 0, (1 - f0) / s_after[r, ], 0)
      total <- colSums(d)
      first <- (change(i, r) + (1 - g) * left(i, r)) * (change(j, r) + (1 - g) * left(j, r)) *
        s[r, ] * total / (colSums(h) * y[r, ]) * ties(total, colSums(h) * s[r, ])
      second <- g^2 * left(i, r) * left(j, r) * s[r, ]^2 * e[r, ] / y[r, ]^2 * ties(e[r, ], y[r, ])
      sum(first[y[r, ] > 0 & total > 0]) + sum(second[y[r, ] > 0 & e[r, ] > 0])
    }, 0))
  }
  kept <- groups[-length(groups)]
  list(
    score = score[kept],
    covariance = outer(kept, kept, Vectorize(covariance))
  )
}

test_that("curves and both variances are their definitions", {
  rows <- tied_rows()
  for (variance in c("aalen", "jackknife")) {
    x <- cumulative_incidence(Surv(time, state) ~ arm, rows, times = c(3, 6, 9, 14), variance = variance)
    found <- estimate_of(x)
    naive <- if (variance == "aalen") naive_aalen else naive_jackknife
    for (i in seq_len(nrow(found))) {
      own <- rows$arm == found$group[[i]]
      state <- as.integer(rows$state)[own] - 1
      cause <- match(found$cause[[i]], levels(rows$state)) - 1
      if (is.na(found$estimate[[i]])) next
      time <- rows$time[own]
      at <- found$time[[i]]
      expect_equal(found$estimate[[i]], naive_incidence(time, state, cause, at), tolerance = 1e-12)
      expect_equal(found$std.error[[i]]^2, naive(time, state, cause, at), tolerance = 1e-7)
    }
  }
})

test_that("estimates and jackknife errors are survfit()'s", {
  for (case in list(list(mgus(), "sex"), list(pbc_rows(), "trt"), list(tied_rows(), "arm"))) {
    rows <- case[[1]][!is.na(case[[1]][[case[[2]]]]), ]
    rows$g <- factor(rows[[case[[2]]]])
    rows$id <- seq_len(nrow(rows))
    curves <- tidy(cumulative_incidence(Surv(time, state) ~ g, rows, variance = "jackknife"), "curves")
    for (g in levels(rows$g)) {
      fit <- survival::survfit(survival::Surv(time, state) ~ 1, rows[rows$g == g, ], id = id)
      for (cause in levels(rows$state)[-1]) {
        own <- curves[curves$group == g & curves$cause == cause, ]
        column <- match(cause, fit$states)
        expect_equal(own$time, fit$time)
        expect_equal(own$n.risk, unname(fit$n.risk[, 1]))
        expect_equal(own$estimate, unname(fit$pstate[, column]), tolerance = 1e-10)
        expect_equal(own$std.error, unname(fit$std.err[, column]), tolerance = 1e-8)
      }
    }
  }
})

test_that("Gray's test and Aalen's variance are cmprsk's", {
  file <- test_path("fixtures", "cumulative_incidence_cmprsk.csv")
  known <- utils::read.csv(file, colClasses = c(group = "character"))
  formulas <- list(
    mgus2_sex = Surv(time, state) ~ sex, pbc_trt = Surv(time, state) ~ trt,
    pbc_edema = Surv(time, state) ~ edema, pbc_edema_sex = Surv(time, state) ~ edema | sex
  )
  for (case in names(formulas)) {
    data <- if (case == "mgus2_sex") mgus() else pbc_rows()
    for (rho in c(0, 1)) {
      want <- known[known$case == case & known$rho == rho, ]
      times <- unique(stats::na.omit(want$time))
      x <- cumulative_incidence(formulas[[case]], data, times = if (length(times)) times, rho = rho)
      tests <- estimate_of(x, "test")
      expect_equal(tests$statistic, want$value[want$kind == "test"], tolerance = 1e-9)
      expect_equal(tests$df, want$extra[want$kind == "test"])
      found <- estimate_of(x)
      for (i in which(want$kind == "estimate")) {
        same <- found$group == want$group[[i]] & found$cause == want$cause[[i]]
        row <- found[same & found$time == want$time[[i]], ]
        expect_equal(row$estimate, want$value[[i]], tolerance = 1e-10)
        expect_equal(row$std.error^2, want$extra[[i]], tolerance = 1e-9)
      }
    }
  }
})

test_that("Gray's test is its definition, in strata and with ties", {
  for (k in c(0, 13)) {
    for (rho in c(0, 1, -0.5)) {
      rows <- tied_rows(k)
      for (cause in 1:2) {
        parts <- lapply(split(rows, rows$centre), function(own) {
          naive_gray(own$time, as.integer(own$state) - 1, own$arm, cause, rho)
        })
        score <- Reduce(`+`, lapply(parts, `[[`, "score"))
        covariance <- Reduce(`+`, lapply(parts, `[[`, "covariance"))
        x <- cumulative_incidence(Surv(time, state) ~ arm | centre, rows, rho = rho)
        row <- estimate_of(x, "test")[cause, ]
        statistic <- drop(score %*% solve(covariance, score))
        expect_equal(row$statistic, statistic, tolerance = 1e-9)
        expect_equal(row$p.value, stats::pchisq(statistic, 2, lower.tail = FALSE), tolerance = 1e-9)
      }
    }
  }
})

test_that("a small case is as worked by hand", {
  # Times 1 (death), 2 (relapse), 3 (censored), 4 (relapse): S(1-) = 1, 3/4, 1/2, 1/2.
  rows <- data.frame(time = 1:4, state = factor(c(2, 1, 0, 1), labels = c("censored", "relapse", "death")))
  x <- cumulative_incidence(Surv(time, state) ~ 1, rows, times = c(0, 1, 2, 5))
  found <- estimate_of(x)
  expect_equal(found$estimate[found$cause == "relapse"], c(0, 0, 1 / 4, 1 / 4 + 1 / 2))
  expect_equal(found$estimate[found$cause == "death"], c(0, 1 / 4, 1 / 4, 1 / 4))
  # One death of four: Aalen's variance is that of a count, 1 / 16; the jackknife's is binomial.
  expect_equal(found$std.error[found$cause == "death"][[2]]^2, 1 / 16)
  jack <- estimate_of(cumulative_incidence(Surv(time, state) ~ 1, rows, times = 1, variance = "jackknife"))
  expect_equal(jack$std.error[jack$cause == "death"]^2, (1 / 4) * (3 / 4) / 4)
  expect_equal(nrow(estimate_of(x, "test")), 0)
})

test_that("one cause is one minus Kaplan-Meier, and causes add up to one minus event-free", {
  rows <- mgus()
  one <- tidy(cumulative_incidence(Surv(time, state != "0") ~ sex, rows), "curves")
  km <- survival::survfit(survival::Surv(time, state != "0") ~ sex, rows)
  expect_equal(one$estimate, 1 - km$surv, tolerance = 1e-12)
  both <- tidy(cumulative_incidence(Surv(time, state) ~ sex, rows), "curves")
  sum_of <- stats::aggregate(estimate ~ time + group, both, sum)
  sum_of <- sum_of[order(match(sum_of$group, unique(one$group)), sum_of$time), ]
  expect_equal(sum_of$estimate, one$estimate, tolerance = 1e-12)
})

test_that("units, order of rows and names of groups do not matter", {
  rows <- tied_rows()
  base <- cumulative_incidence(Surv(time, state) ~ arm | centre, rows, times = c(4, 8))
  days <- c(4, 8) * 365.25
  scaled <- cumulative_incidence(Surv(time * 365.25, state) ~ arm | centre, rows, times = days)
  shuffled <- rows[order((seq_len(nrow(rows)) * 37) %% 91), ]
  mixed <- cumulative_incidence(Surv(time, state) ~ arm | centre, shuffled, times = c(4, 8))
  same <- c("estimate", "std.error", "conf.low", "conf.high", "statistic", "p.value")
  expect_equal(tidy(scaled)[same], tidy(base)[same], tolerance = 1e-10)
  expect_equal(tidy(mixed), tidy(base), tolerance = 1e-12)
  swapped <- cumulative_incidence(Surv(time, state) ~ arm | centre, rows, times = c(4, 8), ref = "b")
  expect_equal(estimate_of(swapped, "test")$statistic, estimate_of(base, "test")$statistic, tolerance = 1e-9)
  difference <- function(x, other) {
    rows <- estimate_of(x, "cumulative_incidence_difference")
    rows[rows$group == other, c("estimate", "conf.low", "conf.high", "p.value")]
  }
  forth <- difference(base, "b")
  back <- difference(swapped, "a")
  expect_equal(back$estimate, -forth$estimate, tolerance = 1e-12)
  expect_equal(back$conf.low, -forth$conf.high, tolerance = 1e-12)
  expect_equal(back$p.value, forth$p.value, tolerance = 1e-12)
})

test_that("intervals are on the log-log scale, and differences are Wald's", {
  x <- cumulative_incidence(Surv(time, state) ~ sex, mgus(), times = 120, conf.level = 0.9)
  f <- estimate_of(x)
  # On the scale log(-log F) the interval is symmetric, with error se / (F |log F|).
  centre <- log(-log(f$estimate))
  half <- stats::qnorm(0.95) * f$std.error / (f$estimate * abs(log(f$estimate)))
  expect_equal(f$conf.low, exp(-exp(centre + half)), tolerance = 1e-12)
  expect_equal(f$conf.high, exp(-exp(centre - half)), tolerance = 1e-12)
  d <- estimate_of(x, "cumulative_incidence_difference")
  expect_equal(d$group, c("M", "M"))
  expect_equal(d$estimate, f$estimate[3:4] - f$estimate[1:2], tolerance = 1e-12)
  error <- sqrt(f$std.error[3:4]^2 + f$std.error[1:2]^2)
  expect_equal(d$conf.high - d$estimate, stats::qnorm(0.95) * error, tolerance = 1e-12)
  expect_equal(d$p.value, 2 * stats::pnorm(-abs(d$estimate / error)), tolerance = 1e-12)
})

test_that("a cause without events has incidence 0, no test, and a warning", {
  rows <- tied_rows()
  rows$state <- factor(rows$state, levels = c("alive", "relapse", "death", "emigrated"))
  expect_warning(
    x <- cumulative_incidence(Surv(time, state) ~ arm, rows, times = 5),
    class = "her2mod_warning_degenerate"
  )
  none <- tidy(x)[tidy(x)$cause == "emigrated", ]
  expect_equal(none$estimate[none$term == "cumulative_incidence"], c(0, 0, 0))
  expect_true(all(is.na(none$conf.low[none$term == "cumulative_incidence"])))
  expect_true(all(is.na(none[none$term == "test", c("statistic", "p.value")])))
  without <- cumulative_incidence(Surv(time, state) ~ arm, tied_rows(), times = 5)
  expect_equal(tidy(x)[tidy(x)$cause != "emigrated", ], tidy(without), ignore_attr = TRUE)
})

test_that("a group without the event leaves its difference without interval and p-value, and the print says why", {
  # by hand: 2 of 5 against 0 of 4
  rows <- data.frame(time = c(1:5, 1:4), g = rep(c("a", "b"), c(5, 4)), state = 0)
  rows$state[1:2] <- 1
  x <- cumulative_incidence(Surv(time, state) ~ g, rows, times = 2)
  difference <- tidy(x)[tidy(x)$term == "cumulative_incidence_difference", ]
  expect_equal(difference$estimate, -2 / 5, tolerance = 1e-14)
  expect_true(all(is.na(difference[c("std.error", "conf.low", "conf.high", "p.value")])))
  expect_match(paste(format(x), collapse = " "), "variance of +0 is no certainty")
})

test_that("nothing is said beyond follow-up", {
  rows <- data.frame(
    time = c(1, 2, 3, 1, 2, 3), g = rep(c("a", "b"), each = 3), state = factor(c(1, 2, 1, 1, 2, 0))
  )
  f <- estimate_of(cumulative_incidence(Surv(time, state) ~ g, rows, times = c(3, 9)))
  # In "a" the last patient had an event; in "b" one was censored.
  expect_equal(is.na(f$estimate), f$group == "b" & f$time == 9)
})

test_that("one patient, and groups of one, have curves", {
  one <- data.frame(time = 0, state = factor(1, 0:2))
  expect_warning(x <- cumulative_incidence(Surv(time, state) ~ 1, one, times = 0), "cause \"2\"")
  expect_equal(estimate_of(x)$estimate, c(1, 0))
  rows <- data.frame(time = 1:2, state = factor(c(1, 2), 0:2), g = c("a", "b"))
  expect_equal(estimate_of(cumulative_incidence(Surv(time, state) ~ g, rows, times = 2))$estimate, c(1, 0, 0, 1))
})

# --- delayed entry and weights --------------------------------------------------------------------------

# The package's own monoclonal gammopathy data by age: patients enter at the age of diagnosis.
mgus_by_age <- function() {
  data <- mgus()
  data$from <- data$age
  data$to <- data$age + data$time / 12 + 0.01
  data
}

test_that("with delayed entry it is survfit()'s, and its infinitesimal jackknife", {
  data <- mgus_by_age()
  data$id <- seq_len(nrow(data))
  fit <- survival::survfit(survival::Surv(from, to, state) ~ sex, data, id = id)
  at <- c(70, 80, 90)
  peer <- summary(fit, times = at)
  x <- suppressWarnings(cumulative_incidence(Surv(from, to, state) ~ sex, data, times = at, variance = "jackknife"))
  own <- estimate_of(x)
  for (g in c("F", "M")) {
    rows <- peer$strata == paste0("sex=", g)
    for (cause in 1:2) {
      mine <- own[own$group == g & own$cause == cause, ]
      expect_equal(mine$estimate, peer$pstate[rows, cause + 1], tolerance = 1e-9)
      expect_equal(mine$std.error, peer$std.err[rows, cause + 1], tolerance = 1e-8)
    }
  }
  # at risk at each time of the curve
  curve <- tidy(x, "curves")
  curve <- curve[curve$group == "F" & curve$cause == 1, ]
  women <- data[data$sex == "F", ]
  some <- seq(1, nrow(curve), length.out = 20)
  expect_equal(curve$n.risk[some], vapply(curve$time[some], function(t) sum(women$from < t & women$to >= t - 1e-9), 0))
})

test_that("entry times before everything change nothing; weights are patients", {
  rows <- tied_rows()
  plain <- cumulative_incidence(Surv(time, state) ~ arm, rows, times = c(3, 8), variance = "jackknife")
  zero <- cumulative_incidence(Surv(rep(0, 90), time, state) ~ arm, rows, times = c(3, 8), variance = "jackknife")
  expect_equal(tidy(zero)[1:18, ], tidy(plain)[1:18, ], tolerance = 1e-12)
  expect_false("test" %in% tidy(zero)$term)
  expect_match(paste(format(zero), collapse = " "), "Gray's test is not computed with delayed entry")
  rows$w <- rep_len(c(1, 0, 3, 2), 90)
  counted <- cumulative_incidence(Surv(time, state) ~ arm | centre, rows, times = c(3, 8), weights = w)
  written <- cumulative_incidence(Surv(time, state) ~ arm | centre, rows[rep(1:90, rows$w), ], times = c(3, 8))
  expect_equal(tidy(counted), tidy(written), tolerance = 1e-11)
  expect_equal(tidy(counted, "curves"), tidy(written, "curves"), tolerance = 1e-11, ignore_attr = TRUE)
  expect_equal(glance(counted)$n, sum(rows$w))
  expect_identical(format(counted), format(written))
})

test_that("one cause with delayed entry is one less survival", {
  rows <- tied_rows()
  rows$entry <- rows$time - 0.5 - rows$time * (seq_len(90) %% 7) / 8
  rows <- rows[rows$entry >= 0, ]
  rows$entry[!duplicated(rows$arm)] <- 0
  x <- cumulative_incidence(Surv(entry, time, state != "alive") ~ arm, rows, times = c(4, 9))
  y <- compare_survival(Surv(entry, time, state != "alive") ~ arm, rows, times = c(4, 9))
  survival <- tidy(y)[tidy(y)$term == "survival", ]
  expect_equal(estimate_of(x)$estimate, 1 - survival$estimate, tolerance = 1e-12)
})

test_that("nothing is known before a group's first entry, and it is said", {
  data <- mgus_by_age()
  data <- data[data$sex == "M" | data$from > 40, ]
  expect_warning(
    x <- cumulative_incidence(Surv(from, to, state) ~ sex, data, times = c(30, 80)), "first entry",
    class = "her2mod_warning_degenerate"
  )
  rows <- tidy(x)
  expect_true(all(is.na(rows$estimate[rows$time == 30 & rows$group == "F"])))
  expect_false(anyNA(rows$estimate[rows$time == 80]))
})

test_that("missing rows are dropped and counted; times tied by rounding are tied", {
  rows <- tied_rows()
  gaps <- rbind(rows, rows[1:3, ])
  gaps$time[91] <- NA
  gaps$state[92] <- NA
  gaps$arm[93] <- NA
  x <- cumulative_incidence(Surv(time, state) ~ arm, gaps, times = 5)
  expect_equal(x$n_dropped, 3)
  expect_equal(tidy(x), tidy(cumulative_incidence(Surv(time, state) ~ arm, rows, times = 5)))
  near <- rows
  near$time <- near$time * (1 + 1e-12 * (seq_len(90) %% 3))
  expect_equal(
    estimate_of(cumulative_incidence(Surv(time, state) ~ arm, near), "test")$statistic,
    estimate_of(cumulative_incidence(Surv(time, state) ~ arm, rows), "test")$statistic, tolerance = 1e-10
  )
})

test_that("what is no competing-risks response is refused", {
  rows <- tied_rows()
  refused <- function(expr, class = "her2mod_error_input") expect_error(expr, class = class)
  refused(cumulative_incidence(time ~ arm, rows))
  refused(cumulative_incidence(Surv(time, state == "death", type = "left") ~ arm, rows))
  refused(cumulative_incidence(Surv(time, state) ~ arm, rows, weights = time / 2))
  refused(cumulative_incidence(Surv(time, time - 1, state) ~ arm, rows), "her2mod_error_data")
  refused(cumulative_incidence(Surv(time, state) ~ arm, rows, times = -1))
  refused(cumulative_incidence(Surv(time, state) ~ arm, rows, times = Inf))
  refused(cumulative_incidence(Surv(time, state) ~ arm, rows, conf.level = 1))
  refused(cumulative_incidence(Surv(time, state) ~ arm, rows, rho = NA))
  refused(cumulative_incidence(Surv(time, state) ~ arm, rows, ref = "z"))
  refused(cumulative_incidence(Surv(time, state) ~ arm, rows, variance = "gray"))
  refused(cumulative_incidence(Surv(time - 5, state) ~ arm, rows), "her2mod_error_data")
  refused(cumulative_incidence(Surv(time / 0, state) ~ arm, rows), "her2mod_error_data")
  refused(cumulative_incidence(Surv(time, state) ~ arm, rows, subset = arm == "a"), "her2mod_error_data")
  refused(cumulative_incidence(Surv(time, state) ~ arm, rows, subset = time > 99), "her2mod_error_data")
})

test_that("a state in alphabetical order is questioned", {
  d <- data.frame(t = c(1, 2, 3, 4), state = c("relapse", "none", "death", "none"))
  d$state <- factor(d$state)
  expect_warning(cumulative_incidence(Surv(t, state) ~ 1, d), "none", class = "her2mod_warning_flipped")
  d$state <- factor(d$state, c("none", "death", "relapse"))
  expect_no_warning(cumulative_incidence(Surv(t, state) ~ 1, d))
})

test_that("Gray's degrees of freedom are the rank, and a certain difference has no interval", {
  set.seed(2)
  d <- data.frame(t = round(stats::rexp(60), 2) + 0.5, state = factor(sample(0:2, 60, TRUE)), g = rep(c("b", "c"), 30))
  pair <- cumulative_incidence(Surv(t, state) ~ g, d)
  early <- rbind(d, data.frame(t = 0.1, state = "0", g = rep("a", 3)))
  with_early <- suppressWarnings(cumulative_incidence(Surv(t, state) ~ g, early))
  tests <- function(x) x$estimates[x$estimates$term == "test", c("statistic", "df", "p.value")]
  expect_equal(tests(with_early), tests(pair), tolerance = 1e-8, ignore_attr = TRUE)
  certain <- data.frame(t = c(1, 2, 3, 4), state = factor(c(0, 0, 0, 1), 0:2), g = c("a", "a", "b", "b"))
  x <- suppressWarnings(cumulative_incidence(Surv(t, state) ~ g, certain, times = 1))
  rows <- x$estimates[x$estimates$term == "cumulative_incidence_difference", ]
  expect_true(all(is.na(rows$conf.low)))
})
