# Bands against naive twins: the formulas of ?survival_bands on survival::survfit(), critical values
# by simulated Brownian bridges, bootstrap suprema from the weights of each replicate.

bands_of <- function(data = remission, formula = Surv(time, status) ~ arm, ...) {
  survival_bands(compare_survival(formula, data), ...)
}

# S and Greenwood's sum of one group at times, by survfit().
peer_curve <- function(data, times) {
  fit <- survival::survfit(survival::Surv(time, status) ~ 1, data, weights = data$w)
  at <- summary(fit, times, extend = TRUE)
  list(s = at$surv, v = (at$std.err / at$surv)^2, n = nrow(data))
}

# Hall and Wellner 1980; Nair 1984; Borgan and Liestoel 1990.
naive_limits <- function(s, v, n, type, critical, scale) {
  w <- critical * if (type == "hall-wellner") (1 + n * v) / sqrt(n) else sqrt(v)
  ends <- switch(scale,
    plain = cbind(s - w * s, s + w * s),
    `log-log` = cbind(s^exp(-w / log(s)), s^exp(w / log(s))),
    arcsine = {
      angle <- asin(sqrt(s))
      half <- w / 2 * sqrt(s / (1 - s))
      cbind(sin(pmax(0, angle - half))^2, sin(pmin(pi / 2, angle + half))^2)
    }
  )
  cbind(pmax(0, ends[, 1]), pmin(1, ends[, 2]))
}

test_that("the naive limits are those of km.ci, given its critical values", {
  # km.ci 0.5-6 on survival::ovarian: tests/reference/survival_bands_km_ci.R
  s <- c(0.846153846154, 0.68778280543)
  v <- c(0.00699300699301, 0.0178465110741)
  hall <- cbind(c(0.379622987689, 0.371928928085), c(0.97159866999, 0.867935626303))
  equal <- cbind(c(0.481502554047, 0.342299584363), c(0.962535120375, 0.877507384754))
  expect_equal(naive_limits(s, v, 26, "hall-wellner", 1.26675, "log-log"), hall, tolerance = 1e-8)
  found <- naive_limits(s, v, 26, "equal-precision", 2.948334615, "log-log")
  expect_equal(found, equal, tolerance = 1e-8)
})

test_that("analytic limits are the formulas' at every event time", {
  for (type in c("hall-wellner", "equal-precision")) {
    for (scale in c("log-log", "arcsine", "plain")) {
      b <- bands_of(type = type, scale = scale, conf.level = 0.9)
      for (g in 1:2) {
        own <- b$critical[g, ]
        rows <- tidy(b)[tidy(b)$group == own$group, ]
        data <- remission[remission$arm == own$group, ]
        events <- unique(data$time[data$status == 1])
        expect_identical(rows$time, sort(events[events >= own$from & events <= own$to]))
        at <- peer_curve(data, rows$time)
        expect_equal(rows$estimate, at$s, tolerance = 1e-12)
        limits <- naive_limits(at$s, at$v, at$n, type, own$critical, scale)
        expect_equal(unname(as.matrix(rows[c("conf.low", "conf.high")])), limits, tolerance = 1e-10)
      }
    }
  }
})

# P(sup over the range of x from a to b is at most c): the share of 20,000 simulated bridges, each
# by B = (1 - x) W(x / (1 - x)), in steps of log(x / (1 - x)), with the chance that a Brownian path
# between two points below a line crosses it, exp(-2 (c - u)(c - v) / step).
simulated_inside <- function(a, b, critical, weighted, paths = 20000, steps = 300) {
  odds <- exp(seq(log(a / (1 - a)), log(b / (1 - b)), length.out = steps + 1))
  variance <- diff(odds)
  w <- stats::rnorm(paths, sd = sqrt(odds[[1]]))
  # The wall for W where B's is c, or c sqrt(x (1 - x)).
  wall <- critical * if (weighted) sqrt(odds) else 1 + odds
  inside <- as.double(abs(w) <= wall[[1]])
  for (i in seq_len(steps)) {
    after <- w + stats::rnorm(paths, sd = sqrt(variance[[i]]))
    for (side in c(-1, 1)) {
      gap <- pmax(0, wall[[i]] - side * w)
      next_gap <- pmax(0, wall[[i + 1]] - side * after)
      inside <- inside * (1 - exp(-2 * gap * next_gap / variance[[i]]))
    }
    w <- after
  }
  mean(inside)
}

test_that("the critical values hold a simulated Brownian bridge with their level", {
  set.seed(1)
  for (type in c("hall-wellner", "equal-precision")) {
    for (level in c(0.9, 0.95)) {
      b <- bands_of(type = type, conf.level = level)
      for (g in 1:2) {
        own <- b$critical[g, ]
        at <- peer_curve(remission[remission$arm == own$group, ], c(own$from, own$to))
        x <- at$n * at$v / (1 + at$n * at$v)
        found <- simulated_inside(x[[1]], x[[2]], own$critical, type == "equal-precision")
        # Four standard errors of 20,000 paths.
        expect_lt(abs(found - level), 4 * sqrt(level * (1 - level) / 20000))
      }
    }
  }
})

# --- the bootstrap --------------------------------------------------------------------------------

# sup of each replicate in its own standard errors, by survfit() of the rows with their weights; a column a curve,
# and of two groups the difference. `rows`: g, time, status, perhaps entry. Where a replicate's curve is at 0 or 1
# it has no limits.
naive_suprema <- function(b, range) {
  cohort <- sorted_cohort(b$survival$cohort)
  weight <- cpp_bootstrap_weights(cohort, "ordinary", b$seed, 1, b$R)
  entry <- if (length(cohort$entry)) cohort$entry else rep(-1, length(cohort$response))
  events <- sort(unique(cohort$response[cohort$event == 1]))
  times <- unique(c(range[[1]], events[events >= range[[1]] & events <= range[[2]]]))
  curve <- function(g, w) {
    own <- cohort$group == g & w > 0
    response <- survival::Surv(entry[own], cohort$response[own], cohort$event[own])
    fit <- survival::survfit(response ~ 1, weights = w[own], timefix = FALSE)
    place <- findInterval(times, fit$time) + 1
    terms <- fit$n.event / (fit$n.risk * (fit$n.risk - fit$n.event))
    list(s = c(1, fit$surv)[place], v = c(0, cumsum(terms))[place])
  }
  groups <- seq_along(b$survival$groups) - 1
  once <- if (length(cohort$frequency)) cohort$frequency else rep(1, length(entry))
  observed <- lapply(groups, curve, w = once)
  phi <- list(plain = identity, `log-log` = function(s) log(-log(s)), arcsine = function(s) asin(sqrt(s)))[[b$scale]]
  slope <- list(
    plain = function(s) rep(1, length(s)), `log-log` = function(s) 1 / (s * log(s)),
    arcsine = function(s) 1 / (2 * sqrt(s * (1 - s)))
  )[[b$scale]]
  t(apply(weight, 2, function(w) {
    drawn <- lapply(groups, curve, w = w)
    each <- mapply(function(d, o) {
      known <- d$s > 0 & d$s < 1
      error <- abs(slope(d$s[known])) * d$s[known] * sqrt(d$v[known])
      max(0, abs(phi(d$s[known]) - phi(o$s[known])) / error)
    }, drawn, observed)
    if (length(groups) != 2) return(each)
    variance <- lapply(drawn, function(d) ifelse(d$s > 0 & d$s < 1, d$s^2 * d$v, 0))
    off <- drawn[[2]]$s - drawn[[1]]$s - (observed[[2]]$s - observed[[1]]$s)
    error <- sqrt(variance[[1]] + variance[[2]])
    c(each, max(0, (abs(off) / error)[error > 0]))
  }))
}

expect_twin <- function(b) {
  range <- c(b$critical$from[[1]], b$critical$to[[1]])
  largest <- matrix(naive_suprema(b, range), nrow = b$R)
  critical <- apply(largest, 2, function(v) sort(v)[[ceiling((b$R + 1) * b$conf.level - 1e-9)]])
  expect_equal(b$critical$critical, critical, tolerance = 1e-10)
  for (g in seq_along(b$survival$groups)) {
    rows <- b$bands[b$bands$term == "survival" & b$bands$group == b$survival$groups[[g]], ]
    curve <- b$survival$curves[[g]]
    place <- findInterval(rows$time, curve$time)
    s <- curve$survival[place]
    limits <- naive_limits(s, curve$greenwood[place], 1, "bootstrap", critical[[g]], b$scale)
    expect_equal(unname(as.matrix(rows[c("conf.low", "conf.high")])), limits, tolerance = 1e-10)
  }
  invisible(largest)
}

test_that("bootstrap bands and the p-value are those of the weights, by hand", {
  for (scale in c("log-log", "arcsine", "plain")) {
    b <- bands_of(type = "bootstrap", scale = scale, R = 199, seed = 4)
    largest <- expect_twin(b)
    d <- b$bands[b$bands$term == "survival_difference", ]
    at <- lapply(split(remission, remission$arm), peer_curve, times = d$time)
    difference <- at[[2]]$s - at[[1]]$s
    error <- sqrt(at[[1]]$s^2 * at[[1]]$v + at[[2]]$s^2 * at[[2]]$v)
    half <- sort(largest[, 3])[[190]] * error
    expect_equal(d$estimate, difference, tolerance = 1e-12)
    expect_equal(d$conf.low, pmax(-1, difference - half), tolerance = 1e-10)
    expect_equal(d$conf.high, pmin(1, difference + half), tolerance = 1e-10)
    statistic <- max(abs(difference) / error)
    expect_equal(b$statistic, statistic, tolerance = 1e-12)
    expect_equal(b$p.value, (sum(largest[, 3] >= statistic) + 1) / 200)
  }
})

test_that("the difference's band leaves zero out where, and only where, p is at most alpha", {
  sets <- survival_sets()
  decided <- vapply(seq(0.05, 0.95, 0.05), function(level) {
    b <- bands_of(
      sets$veteran, Surv(time, status) ~ g, type = "bootstrap", R = 99, seed = 2, conf.level = level
    )
    d <- b$bands[b$bands$term == "survival_difference", ]
    rejects <- any(d$conf.low > 0 | d$conf.high < 0)
    expect_identical(rejects, b$p.value <= 1 - level + 1e-12)
    rejects
  }, NA)
  expect_true(any(decided) && !all(decided))
})

test_that("left truncation, heavy ties, three groups, one group, counts and strata", {
  set.seed(3)
  n <- 60
  rows <- data.frame(
    entry = round(runif(n, 0, 3)), g = rep(c("a", "b", "c"), n / 3), w = sample(3, n, TRUE),
    block = rep(1:2, each = n / 2)
  )
  rows$time <- rows$entry + ceiling(rexp(n, 0.3))
  rows$status <- rbinom(n, 1, 0.8)
  b <- function(x, ...) survival_bands(x, "bootstrap", R = 99, seed = 1, ...)
  two <- rows[rows$g != "c", ]
  expect_twin(b(compare_survival(Surv(entry, time, status) ~ g, two)))
  expect_twin(b(compare_survival(Surv(time, status) ~ g, two)))
  three <- b(compare_survival(Surv(time, status) ~ g, rows))
  expect_twin(three)
  expect_identical(three$critical$term, rep("survival", 3))
  expect_null(three$p.value)
  one <- b(compare_survival(Surv(time, status) ~ 1, rows))
  expect_twin(one)
  expect_identical(nrow(one$critical), 1L)
  expect_twin(b(compare_survival(Surv(time, status) ~ g, two, weights = w)))
  expect_twin(b(compare_survival(Surv(time, status) ~ g | block, two)))
  # Counts stand for patients: the analytic band is that of the rows written out.
  counted <- compare_survival(Surv(time, status) ~ g, two, weights = w)
  written <- compare_survival(Surv(time, status) ~ g, two[rep(seq_len(nrow(two)), two$w), ])
  expect_equal(tidy(survival_bands(counted)), tidy(survival_bands(written)), tolerance = 1e-12)
})

# --- what must not matter -------------------------------------------------------------------------

test_that("threads, the order of rows and the unit of time do not matter; the seed does", {
  shuffled <- remission[c(42:1), ]
  slow <- transform(remission, time = 4 * time)
  for (type in c("hall-wellner", "equal-precision", "bootstrap")) {
    b <- bands_of(type = type, R = 99, seed = 7, threads = 1)
    threads <- bands_of(type = type, R = 99, seed = 7, threads = 2)
    expect_identical(threads[c("bands", "critical")], b[c("bands", "critical")])
    other_order <- tidy(bands_of(shuffled, type = type, R = 99, seed = 7))
    expect_equal(other_order, tidy(b), tolerance = 1e-12)
    scaled <- tidy(bands_of(slow, type = type, R = 99, seed = 7))
    scaled$time <- scaled$time / 4
    expect_equal(scaled, tidy(b), tolerance = 1e-12)
  }
  expect_false(identical(bands_of(type = "bootstrap", R = 99, seed = 8)$critical, b$critical))
  set.seed(5)
  first <- bands_of(type = "bootstrap", R = 99)
  set.seed(5)
  expect_identical(bands_of(type = "bootstrap", R = 99)$critical, first$critical)
})

# --- ranges ---------------------------------------------------------------------------------------

test_that("the default ranges are those of the help page", {
  for (g in c("6-MP", "placebo")) {
    data <- remission[remission$arm == g, ]
    events <- sort(unique(data$time[data$status == 1]))
    at <- peer_curve(data, events)
    x <- ifelse(at$s > 0, at$n * at$v / (1 + at$n * at$v), NA)
    hall <- subset(bands_of()$critical, group == g)
    expect_identical(c(hall$from, hall$to), range(events[at$s > 0]))
    equal <- subset(bands_of(type = "equal-precision")$critical, group == g)
    expect_identical(c(equal$from, equal$to), range(events[which(x >= 0.05 & x <= 0.95)]))
  }
  equal <- bands_of(type = "equal-precision")$critical
  boot <- bands_of(type = "bootstrap", R = 99, seed = 1)$critical
  expect_identical(boot$from, rep(max(equal$from), 3))
  expect_identical(boot$to, rep(min(equal$to), 3))
})

test_that("a range between event times starts with what holds there", {
  # 6-MP: events at 6, 7, 10, 13, 16, 22, 23 weeks.
  x <- compare_survival(Surv(time, status) ~ 1, remission[remission$arm == "6-MP", ])
  from_event <- survival_bands(x, "equal-precision", from = 7, to = 22)
  between <- survival_bands(x, "equal-precision", from = 8, to = 22.5)
  expect_identical(tidy(between)$time, c(8, 10, 13, 16, 22))
  expect_identical(tidy(between)[-3][-1, ], tidy(from_event)[-3][-1, ], ignore_attr = TRUE)
  expect_identical(tidy(between)[1, -4], tidy(from_event)[1, -4])
  boot <- function(from, to) {
    survival_bands(x, "bootstrap", from, to, R = 99, seed = 1)$critical$critical
  }
  expect_identical(boot(8, 22.5), boot(7, 22))
  expect_gt(boot(6, 22), boot(13, 13))
  # One time: the pointwise limits.
  at <- survival_bands(x, "equal-precision", from = 10, to = 10)
  expect_equal(at$critical$critical, qnorm(0.975), tolerance = 1e-10)
  # Beyond the last event, within follow-up to 35 weeks.
  expect_identical(max(tidy(survival_bands(x, to = 35))$time), 23)
  # Before the first event a curve at 1 has no limits but plain ones: 1 - k / sqrt(n).
  early <- survival_bands(x, from = 0)
  expect_identical(c(tidy(early)$conf.low[[1]], tidy(early)$conf.high[[1]]), c(NA_real_, NA_real_))
  plain <- survival_bands(x, from = 0, scale = "plain")
  expect_equal(tidy(plain)$conf.low[[1]], 1 - plain$critical$critical / sqrt(21), tolerance = 1e-12)
})

test_that("ranges where there is no band are refused", {
  refused <- function(..., type = "equal-precision") {
    expect_error(bands_of(type = type, ...), class = "her2mod_error_input")
  }
  refused(from = 0.5) # placebo's first event is at 1, that of 6-MP at 6
  refused(from = 3)
  refused(to = 23) # placebo falls to 0 there
  refused(to = 36)
  refused(to = 36, type = "hall-wellner")
  refused(from = 10, to = 9)
  refused(to = 0.5, type = "hall-wellner")
  refused(from = c(1, 2))
  refused(from = "6")
  refused(to = NA)
  refused(to = Inf)
  refused(from = -1)
  expect_s3_class(bands_of(type = "equal-precision", from = 6, to = 22.9), "her2_bands")
})

test_that("few events, none, and curves that fall at once", {
  rare <- data.frame(time = 1:100, status = as.integer(1:100 %in% c(10, 30)), g = "all")
  x <- compare_survival(Surv(time, status) ~ 1, rare)
  # nv = 100 (1 / (91 * 90) + 1 / (71 * 70)) = 0.0323: x is 0.0313
  expect_error(survival_bands(x, "equal-precision"), class = "her2mod_error_data")
  b <- survival_bands(x, "equal-precision", from = 10, to = 100)
  expect_identical(tidy(b)$time, c(10, 30))
  expect_s3_class(survival_bands(x), "her2_bands")
  none <- suppressWarnings(compare_survival(Surv(time, status) ~ 1, transform(rare, status = 0)))
  expect_error(survival_bands(none), class = "her2mod_error_data")
  once <- compare_survival(Surv(time, status) ~ 1, data.frame(time = rep(5, 4), status = 1))
  expect_error(survival_bands(once), class = "her2mod_error_data")
  # Curves that share no range: one of days 1 to 30, one of days 41 to 70.
  apart <- data.frame(time = c(1:30, 41:70), status = 1, g = rep(c("a", "b"), each = 30))
  apart <- suppressWarnings(compare_survival(Surv(time, status) ~ g, apart))
  expect_error(survival_bands(apart, "bootstrap", R = 99), class = "her2mod_error_data")
  expect_error(survival_bands(apart, "bootstrap", from = 42), class = "her2mod_error_input")
  # All die: the band ends at the last time with anyone alive.
  all <- compare_survival(Surv(time, status) ~ 1, data.frame(time = 1:20, status = 1))
  expect_identical(max(tidy(survival_bands(all))$time), 19)
})

test_that("arguments are checked", {
  x <- compare_survival(Surv(time, status) ~ arm, remission)
  refused <- function(...) expect_error(survival_bands(...), class = "her2mod_error_input")
  refused(remission)
  refused(x, "nair")
  refused(x, conf.level = 1)
  refused(x, scale = "log")
  refused(x, "bootstrap", R = 0)
  refused(x, "bootstrap", seed = -1)
  refused(x, "bootstrap", threads = 0)
  expect_warning(
    few <- survival_bands(x, "bootstrap", R = 18, seed = 1),
    class = "her2mod_warning_few_replicates"
  )
  # The largest of the 18.
  largest <- apply(naive_suprema(few, c(few$critical$from[[1]], few$critical$to[[1]])), 2, max)
  expect_equal(few$critical$critical, largest, tolerance = 1e-10)
  expect_warning(survival_bands(x, "bootstrap", R = 19, seed = 1), NA)
})
