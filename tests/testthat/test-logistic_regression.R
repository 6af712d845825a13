# Peers: stats::glm() (R itself), MASS's profile limits, sandwich::sandwich() and vcovCL(), and logistf and brglm2
# by fixtures/firth_logistf.csv (tests/reference/firth_logistf.R).

women <- datasets::infert
exact_control <- stats::glm.control(epsilon = 1e-14, maxit = 100)
peer_of <- function(formula, data, weights = NULL, control = exact_control) {
  do.call(stats::glm, list(formula, quote(stats::binomial()), data = data, weights = weights, control = control))
}
effects_of <- function(fit) {
  rows <- tidy(fit)
  rows[rows$term != "test", ]
}
test_of <- function(fit, method) {
  rows <- tidy(fit)
  rows[rows$term == "test" & rows$method == method, ]
}

test_that("estimates, variances and tests are glm()'s", {
  formulas <- list(
    case ~ spontaneous + induced, case ~ education * age + poly(parity, 2), case ~ log(age) + factor(induced),
    case ~ I(age - 30) + spontaneous:induced
  )
  for (formula in formulas) {
    fit <- logistic_regression(formula, women)
    peer <- peer_of(formula, women)
    expect_equal(coef(fit), coef(peer), tolerance = 1e-10)
    expect_equal(vcov(fit), vcov(peer), tolerance = 1e-9)
    expect_equal(as.numeric(logLik(fit)), as.numeric(logLik(peer)), tolerance = 1e-12)
    expect_equal(AIC(fit), AIC(peer), tolerance = 1e-12)
    known <- summary(peer)$coefficients
    rows <- effects_of(fit)
    expect_equal(rows$p.value, unname(known[, 4]), tolerance = 1e-8)
    expect_equal(unname(confint(fit)), unname(stats::confint.default(peer)), tolerance = 1e-9)
    empty <- peer_of(case ~ 1, women)
    ratio <- stats::anova(empty, peer, test = "LRT")
    expect_equal(test_of(fit, "likelihood-ratio")$p.value, ratio[["Pr(>Chi)"]][[2]], tolerance = 1e-8)
    rao <- stats::anova(empty, peer, test = "Rao")
    expect_equal(test_of(fit, "score")$statistic, rao$Rao[[2]], tolerance = 1e-8)
    b <- coef(peer)[-1]
    expect_equal(test_of(fit, "wald")$statistic, drop(b %*% solve(vcov(peer)[-1, -1], b)), tolerance = 1e-8)
    expect_identical(glance(fit)[c("n", "events", "df")], data.frame(n = 248, events = 83, df = length(b)))
  }
})

test_that("the data frames glm() reads are read: counts, weights, factors, subsets, missing values", {
  counts <- as.data.frame(datasets::UCBAdmissions)
  wide <- stats::reshape(counts, direction = "wide", idvar = c("Gender", "Dept"), timevar = "Admit")
  names(wide) <- c("sex", "dept", "yes", "no")
  peer <- peer_of(cbind(yes, no) ~ sex + dept, wide)
  fit <- logistic_regression(cbind(yes, no) ~ sex + dept, wide)
  expect_equal(coef(fit), coef(peer), tolerance = 1e-10)
  expect_equal(vcov(fit), vcov(peer), tolerance = 1e-9)
  expect_identical(glance(fit)$n, 4526)
  # the same as rows that stand for patients, with a factor as response; one level of no patients
  counts$Admit <- factor(counts$Admit, c("Rejected", "Admitted"))
  names(counts)[1:3] <- c("admit", "sex", "dept")
  long <- logistic_regression(admit ~ sex + dept, counts, weights = Freq)
  expect_equal(coef(long), coef(fit), tolerance = 1e-10)
  expect_equal(logLik(long), logLik(fit), tolerance = 1e-12)
  part <- logistic_regression(admit ~ sex + dept, counts, weights = Freq * (dept != "F"))
  expect_equal(coef(part), coef(peer_of(cbind(yes, no) ~ sex + dept, subset(wide, dept != "F"))), tolerance = 1e-10)
  expect_identical(coef(logistic_regression(admit ~ sex + dept, counts, weights = Freq, subset = dept != "F")), coef(part))
  holes <- women
  holes$age[c(4, 9)] <- NA
  fit <- logistic_regression(case == 1 ~ age + education, holes)
  expect_equal(coef(fit), coef(peer_of(case ~ age + education, holes)), tolerance = 1e-10)
  expect_identical(glance(fit)$n_dropped, 2L)
  expect_true(any(grepl("2 rows with missing values dropped", format(fit))))
})

test_that("far covariates keep their digits", {
  far <- transform(women, day = 736000 + 5 * age, size = 1e-7 * parity)
  fit <- logistic_regression(case ~ day + size + spontaneous, far)
  peer <- peer_of(case ~ age + parity + spontaneous, women)
  expect_equal(unname(coef(fit)[-1]), unname(coef(peer)[-1]) * c(1 / 5, 1e7, 1), tolerance = 1e-9)
})

test_that("profile intervals are MASS's", {
  skip_if_not_installed("MASS")
  fit <- logistic_regression(case ~ spontaneous + induced + age, women, interval = "profile")
  peer <- peer_of(case ~ spontaneous + induced + age, women)
  # MASS interpolates its profile by a spline
  known <- suppressMessages(stats::confint(peer, trace = FALSE))
  expect_equal(unname(confint(fit)), unname(known), tolerance = 1e-4)
  # each end by its own definition
  drop <- stats::qchisq(0.95, 1) / 2
  ends <- confint(fit)
  for (j in c("induced", "age")) {
    for (end in ends[j, ]) {
      rest <- stats::glm(
        stats::reformulate(setdiff(c("spontaneous", "induced", "age"), j), "case"), stats::binomial(), women,
        offset = end * women[[j]], control = exact_control
      )
      expect_equal(as.numeric(logLik(peer) - logLik(rest)), drop, tolerance = 1e-8)
    }
  }
  rest <- stats::glm(case ~ 0 + spontaneous + induced + age, stats::binomial(), women, control = exact_control)
  rows <- effects_of(fit)
  expect_equal(rows$statistic[[1]], 2 * as.numeric(logLik(peer) - logLik(rest)), tolerance = 1e-8)
  rest <- stats::glm(case ~ 0 + spontaneous + induced + age, stats::binomial(), women,
    offset = rep(ends[1, 2], nrow(women)), control = exact_control
  )
  expect_equal(as.numeric(logLik(peer) - logLik(rest)), drop, tolerance = 1e-8)
})

test_that("robust variances are sandwich's", {
  skip_if_not_installed("sandwich")
  peer <- peer_of(case ~ spontaneous + induced + age, women)
  fit <- logistic_regression(case ~ spontaneous + induced + age, women, robust = TRUE)
  expect_equal(vcov(fit), sandwich::sandwich(peer), tolerance = 1e-8)
  fit <- logistic_regression(case ~ spontaneous + induced + age, women, cluster = stratum)
  expect_equal(vcov(fit), sandwich::vcovCL(peer, women$stratum, type = "HC0", cadjust = FALSE), tolerance = 1e-8)
  expect_identical(glance(fit)$clusters, 83L)
  women$w <- 0.3 + (seq_len(nrow(women)) * 37 %% 11) / 7
  weighted <- suppressWarnings(peer_of(case ~ spontaneous + induced, women, women$w))
  fit <- logistic_regression(case ~ spontaneous + induced, women, weights = w)
  expect_equal(coef(fit), coef(weighted), tolerance = 1e-10)
  # glm() keeps the weights of a step before: sandwich's comes to 1e-7; by hand to the last digits
  expect_equal(vcov(fit), sandwich::sandwich(weighted), tolerance = 1e-6)
  x <- stats::model.matrix(weighted)
  p <- predict(fit)$estimate
  bread <- solve(crossprod(x, women$w * p * (1 - p) * x))
  meat <- crossprod(women$w * (women$case - p) * x)
  expect_equal(unname(vcov(fit)), unname(bread %*% meat %*% bread), tolerance = 1e-9)
  # a row of weight 2 is two patients
  twice <- rep(1:2, length.out = nrow(women))
  fit <- logistic_regression(case ~ age, women, weights = twice, robust = TRUE)
  expect_equal(vcov(fit), sandwich::sandwich(peer_of(case ~ age, women[rep(seq_along(twice), twice), ])), tolerance = 1e-8)
})

test_that("Firth's penalty: logistf's estimates, profiles and tests, brglm2's standard errors", {
  skip_if_not_installed("MASS")
  births <- MASS::birthwt
  cases <- list(
    separated = list(y ~ x, data.frame(x = rep(0:1, c(6, 8)), y = rep(c(0, 1, 0), c(6, 5, 3)))),
    infert = list(case ~ spontaneous + induced + age + parity, women),
    births = list(low ~ age + lwt + factor(race) + smoke + ptl + ht + ui, births),
    spared = list(low ~ smoke * ht + age, transform(births, low = ifelse(smoke == 1 & ht == 1, 1, low)))
  )
  known <- read.csv(test_path("fixtures", "firth_logistf.csv"))
  expect_setequal(known$case, names(cases))
  for (name in names(cases)) {
    k <- known[known$case == name, ]
    fit <- logistic_regression(cases[[name]][[1]], cases[[name]][[2]], firth = TRUE)
    rows <- effects_of(fit)
    expect_identical(rows$group, sub("([a-z]+):([a-z]+)", "\\1:\\2", k$covariate))
    for (column in c("estimate", "std.error")) {
      expect_equal(rows[[column]], k[[column]], tolerance = 1e-7, label = paste(name, column))
    }
    # logistf's limits and p-values come to its own tolerance
    for (column in c("conf.low", "conf.high", "p.value")) {
      expect_equal(rows[[column]], k[[column]], tolerance = 1e-5, label = paste(name, column))
    }
    expect_equal(test_of(fit, "penalised-likelihood-ratio")$statistic, k$test[[1]], tolerance = 1e-6)
  }
})

test_that("Firth by hand: one group's log odds have half an event added on each side", {
  few <- data.frame(x = rep(c("a", "b"), c(6, 8)), y = rep(c(0, 1, 0), c(6, 5, 3)))
  b <- coef(logistic_regression(y ~ x, few, firth = TRUE))
  expect_equal(unname(b), c(log(0.5 / 6.5), log(5.5 / 3.5) - log(0.5 / 6.5)), tolerance = 1e-10)
  # nobody with the event at all
  none <- logistic_regression(y ~ x, transform(few, y = 0), firth = TRUE)
  expect_equal(unname(coef(none)), c(log(0.5 / 6.5), log(0.5 / 8.5) - log(0.5 / 6.5)), tolerance = 1e-10)
})

test_that("separation: infinite estimates, one-sided profiles, what is left as without the separated", {
  few <- data.frame(x = rep(c("a", "b"), c(6, 8)), y = rep(c(0, 1, 0), c(6, 5, 3)))
  expect_warning(fit <- logistic_regression(y ~ x, few), class = "her2mod_warning_separated")
  expect_identical(unname(coef(fit)), c(-Inf, Inf))
  # 8 patients, 5 events
  expect_equal(as.numeric(logLik(fit)), 5 * log(5 / 8) + 3 * log(3 / 8), tolerance = 1e-8)
  expect_true(all(is.na(confint(fit))))
  expect_true(any(grepl("no finite estimate", format(fit))))
  expect_equal(predict(fit, data.frame(x = c("a", "b")))$estimate[[1]], 0)
  profile <- suppressWarnings(logistic_regression(y ~ x, few, interval = "profile"))
  low <- confint(profile)[2, 1]
  expect_identical(confint(profile)[2, 2], Inf)
  # by definition, with the intercept at its best
  at <- stats::glm(y ~ 1, stats::binomial(), few, offset = low * (x == "b"), control = exact_control)
  expect_equal(as.numeric(logLik(fit) - logLik(at)), stats::qchisq(0.95, 1) / 2, tolerance = 1e-6)
  # everybody who smokes has the event: the rest is glm()'s of those who do not
  births <- data.frame(low = women$case, smoke = women$induced > 1, age = women$age)
  births$low[births$smoke] <- 1
  fit <- suppressWarnings(logistic_regression(low ~ smoke + age, births))
  peer <- peer_of(low ~ age, births[!births$smoke, ])
  expect_identical(coef(fit)[["smokeTRUE"]], Inf)
  expect_equal(coef(fit)[c("(Intercept)", "age")], coef(peer), tolerance = 1e-8)
  expect_equal(vcov(fit)[c(1, 3), c(1, 3)], vcov(peer), tolerance = 1e-7)
})

test_that("constant and collinear columns are NA, with a warning; so is everything without events", {
  twice <- transform(women, months = 12 * age, one = 1)
  expect_warning(
    fit <- logistic_regression(case ~ one + age + months + parity, twice), class = "her2mod_warning_collinear"
  )
  # glm() looks for dependent columns by a thousandth of its epsilon
  peer <- peer_of(case ~ one + age + months + parity, twice, control = stats::glm.control(epsilon = 1e-8))
  expect_equal(coef(fit), coef(peer), tolerance = 1e-6)
  alone <- peer_of(case ~ age + parity, twice)
  expect_equal(coef(fit)[c(1, 3, 5)], coef(alone), tolerance = 1e-10)
  expect_equal(vcov(fit)[c(1, 3, 5), c(1, 3, 5)], vcov(alone), tolerance = 1e-9)
  expect_identical(glance(fit)$df, 2L)
  expect_warning(fit <- logistic_regression(case ~ age, transform(women, case = 0)), class = "her2mod_warning_no_events")
  expect_true(all(is.na(coef(fit))))
  expect_match(paste(format(fit), collapse = " "), "nothing can be estimated")
})

test_that("bad input is refused with what is wrong", {
  bad <- function(...) expect_error(logistic_regression(...), class = "her2mod_error_input")
  bad(~age, women)
  bad(case ~ age, as.list(women))
  bad(case ~ nowhere, women)
  bad(age ~ case, women)
  bad(case ~ age + offset(parity), women)
  bad(case ~ age + strata(stratum), women)
  bad(case ~ age | stratum, women)
  bad(case ~ 0 + age, women)
  bad(case ~ 1, women)
  bad(Surv(age, case) ~ parity, women)
  bad(case ~ age, women, weights = -age)
  bad(case ~ age, women, firth = NA)
  bad(case ~ age, women, firth = TRUE, cluster = stratum)
  bad(case ~ age, women, interval = "bootstrap")
  women$age[[2]] <- Inf
  expect_error(logistic_regression(case ~ age, women), class = "her2mod_error_data")
  expect_error(logistic_regression(case ~ age, women[0, ]), class = "her2mod_error_data")
})

# Two by three cells, each its events and its others: some without one or the other.
separated_cells <- list(
  list(yes = c(12, 8, 9, 6, 16, 3), no = c(1, 0, 0, 0, 1, 0)),
  list(yes = c(0, 2, 3, 2, 1, 2), no = c(8, 11, 7, 13, 6, 4)),
  list(yes = c(1, 3, 1, 2, 1, 1), no = c(3, 2, 0, 2, 2, 5)),
  list(yes = c(2, 2, 4, 3, 4, 4), no = c(2, 0, 2, 1, 0, 1)),
  list(yes = c(0, 2, 2, 2, 0, 1), no = c(5, 14, 5, 7, 10, 8))
)

test_that("profiles of separated data: statistics are glm's differences, ends lose the quantile or never do", {
  cells <- expand.grid(h = letters[1:3], g = 0:1)
  for (counts in separated_cells) {
    cells$yes <- counts$yes
    cells$no <- counts$no
    fit <- suppressWarnings(logistic_regression(cbind(yes, no) ~ g * h, cells, interval = "profile"))
    expect_identical(fit$end, "separated")
    design <- stats::model.matrix(~ g * h, cells)
    share <- (cells$yes / (cells$yes + cells$no))
    constant <- -2 * sum(stats::dbinom(cells$yes, cells$yes + cells$no, share, log = TRUE) -
      lchoose(cells$yes + cells$no, cells$yes))
    # Far out Fisher's scoring may fail where a gradient search does not.
    deviance <- function(kept, offset = 0) {
      control <- stats::glm.control(epsilon = 1e-14, maxit = 200)
      offset <- rep(offset, length.out = 6)
      scored <- suppressWarnings(stats::glm.fit(kept, cbind(cells$yes, cells$no), family = stats::binomial(),
        control = control, offset = offset))$deviance
      at <- function(b) drop(kept %*% b) + offset
      lost <- function(b) -2 * sum(cells$yes * stats::plogis(at(b), log.p = TRUE) + cells$no * stats::plogis(-at(b), log.p = TRUE))
      slope <- function(b) -2 * drop(crossprod(kept, cells$yes - (cells$yes + cells$no) * stats::plogis(at(b))))
      searched <- stats::optim(numeric(ncol(kept)), lost, slope, method = "BFGS", control = list(maxit = 1000, reltol = 1e-14))
      min(scored + constant, searched$value)
    }
    full <- deviance(design)
    for (j in which(!is.na(fit$coefficients))) {
      lost <- function(value) deviance(design[, -j], value * design[, j]) - full
      expect_equal(fit$profile[j, 3], lost(0), tolerance = 1e-5, info = paste(j, toString(counts$yes)))
      for (end in fit$profile[j, 1:2]) {
        if (is.finite(end)) expect_equal(lost(end), stats::qchisq(0.95, 1), tolerance = 1e-5)
        if (is.infinite(end)) expect_lt(lost(12 * sign(end)), stats::qchisq(0.95, 1))
      }
    }
  }
})

# Each of x and z separates alone, and w is anywhere beside x: the likelihood is at its supremum, 0, for any of them.
test_that("what separation leaves open is no infinite estimate", {
  d <- data.frame(y = rep(0:1, each = 4), x = 1:8, w = rep(0:1, 4), z = c(1:7, 8.5))
  warning <- expect_warning(fit <- logistic_regression(y ~ x + w, d, interval = "profile"), class = "her2mod_warning_separated")
  expect_identical(warning$open, "w")
  expect_identical(coef(fit)[c("x", "w")], c(x = Inf, w = NA))
  expect_true(all(is.na(confint(fit)["w", ])))
  expect_true("  the covariates separate the events, which leaves w open, without an estimate" %in% format(fit))
  expect_no_match(format(fit), "not estimated")
  # At any w the supremum is reached: x (b - 4.5 b') far out gives all their own chance.
  loss <- function(b, w) -2 * sum(stats::plogis((2 * d$y - 1) * (b * (d$x - 4.5) + w * (d$w - 0.5)), log.p = TRUE))
  expect_lt(max(loss(200, 5), loss(200, -5)), 1e-10)
  # Of new patients nothing is known where they have it, all of those with the x that separates.
  found <- suppressWarnings(predict(fit, data.frame(x = c(1, 8, 8), w = c(0, 0, 1))))
  expect_identical(is.na(found$estimate[[3]]), TRUE)
  both <- expect_warning(logistic_regression(y ~ x + z, d), class = "her2mod_warning_separated")
  expect_identical(both$open, c("x", "z"))
})
