# Against survival::coxph() (peer_cox() in helper-cox.R), and what must not matter.

lung <- transform(survival::lung, died = status == 2)

test_that("fits are those of coxph(), by both ways to treat ties", {
  pbc <- survival::pbc
  cases <- list(
    list(Surv(time, died) ~ age + factor(sex) + ph.ecog, lung),
    list(Surv(time, status) ~ trt + celltype * karno + strata(prior), survival::veteran),
    list(Surv(futime, fustat) ~ age + ecog.ps, survival::ovarian),
    list(Surv(start, stop, event) ~ age + year + surgery * transplant, survival::heart),
    list(Surv(rtime, recur) ~ age + size + log1p(nodes) + pgr + er + hormon + chemo + grade, survival::rotterdam),
    list(Surv(rfstime, status) ~ age + meno + size + factor(grade) + nodes + pgr + er + hormon, survival::gbsg),
    list(Surv(time, status == 2) ~ age + edema + log(bili) + log(albumin) + log(protime), pbc)
  )
  for (ties in c("efron", "breslow")) {
    for (case in cases) {
      expect_same_fit(cox_regression(case[[1]], case[[2]], ties = ties), peer_cox(case[[1]], case[[2]], ties = ties))
    }
  }
})

test_that("robust and clustered variances are those of coxph()", {
  colon <- survival::colon
  heart <- survival::heart
  for (ties in c("efron", "breslow")) {
    formula <- Surv(time, status) ~ rx + sex + age + nodes + strata(etype)
    expect_same_fit(
      cox_regression(formula, colon, ties = ties, cluster = id), peer_cox(formula, colon, ties = ties, cluster = id)
    )
    formula <- Surv(start, stop, event) ~ age + year + surgery
    expect_same_fit(
      cox_regression(formula, heart, ties = ties, cluster = id), peer_cox(formula, heart, ties = ties, cluster = id)
    )
    formula <- Surv(time, died) ~ age + sex
    expect_same_fit(
      cox_regression(formula, lung, ties = ties, robust = TRUE), peer_cox(formula, lung, ties = ties, robust = TRUE)
    )
  }
})

test_that("weights that are not whole are coxph()'s, robust unless told otherwise", {
  lung$w <- 0.2 + (seq_len(nrow(lung)) * 7919 %% 97) / 40
  heart <- survival::heart
  heart$w <- rep_len(c(0.5, 1.7, 2), nrow(heart))
  for (ties in c("efron", "breslow")) {
    fit <- cox_regression(Surv(time, died) ~ age + sex, lung, weights = w, ties = ties)
    expect_true(fit$robust)
    expect_same_fit(fit, peer_cox(Surv(time, died) ~ age + sex, lung, weights = w, ties = ties))
    expect_same_fit(
      cox_regression(Surv(time, died) ~ age + sex, lung, weights = w, ties = ties, robust = FALSE),
      peer_cox(Surv(time, died) ~ age + sex, lung, weights = w, ties = ties, robust = FALSE)
    )
    formula <- Surv(start, stop, event) ~ age + surgery + strata(transplant)
    expect_same_fit(
      cox_regression(formula, heart, weights = w, ties = ties), peer_cox(formula, heart, weights = w, ties = ties)
    )
  }
})

test_that("whole weights are rows that are there so many times", {
  times <- (seq_len(nrow(lung)) * 5) %% 4
  copies <- lung[rep(seq_len(nrow(lung)), times), ]
  lung$times <- times
  for (ties in c("efron", "breslow")) {
    for (robust in c(FALSE, TRUE)) {
      weighted <- cox_regression(Surv(time, died) ~ age + sex, lung, weights = times, ties = ties, robust = robust)
      expect_same_fit(weighted, peer_cox(Surv(time, died) ~ age + sex, copies, ties = ties, robust = robust))
    }
    expect_identical(weighted$given$n, as.double(nrow(copies)))
    theirs <- peer_cox(Surv(time, died) ~ age + sex, copies, ties = ties)
    for (transform in c("km", "rank")) {
      expect_equal(
        test_proportional_hazards(
          cox_regression(Surv(time, died) ~ age + sex, lung, weights = times, ties = ties), transform
        )$tests$statistic,
        unname(survival::cox.zph(theirs, transform)$table[, "chisq"]),
        tolerance = 1e-8
      )
    }
  }
})

test_that("residuals are those of coxph()", {
  formula <- Surv(time, status) ~ trt + celltype + karno + strata(prior)
  ours <- cox_regression(formula, survival::veteran)
  theirs <- peer_cox(formula, survival::veteran)
  expect_equal(unname(residuals(ours)), unname(residuals(theirs, "dfbeta")), tolerance = 1e-8)
  found <- residuals(ours, "schoenfeld")
  known <- residuals(theirs, "schoenfeld")
  expect_equal(unname(found), matrix(known, ncol = 5), tolerance = 1e-8)
  expect_identical(as.double(rownames(found)), as.double(rownames(known)))
})

# --- what must not matter -----------------------------------------------------------------------------

veteran <- survival::veteran
base <- cox_regression(Surv(time, status) ~ trt + karno + celltype, veteran)

test_that("the unit of time, the order of rows, and units of covariates change what they should alone", {
  hours <- cox_regression(Surv(24.5 * time, status) ~ trt + karno + celltype, veteran)
  expect_equal(coef(hours), coef(base), tolerance = 1e-11)
  backwards <- cox_regression(Surv(time, status) ~ trt + karno + celltype, veteran[rev(seq_len(nrow(veteran))), ])
  expect_equal(coef(backwards), coef(base), tolerance = 1e-11)
  expect_equal(vcov(backwards), vcov(base), tolerance = 1e-10)
  moved <- cox_regression(Surv(time, status) ~ trt + I(1e5 + 1e-4 * karno) + celltype, veteran)
  expect_equal(unname(coef(moved)), unname(coef(base)) * c(1, 1e4, 1, 1, 1), tolerance = 1e-6)
  expect_equal(moved$loglik, base$loglik, tolerance = 1e-9)
})

test_that("the other group as reference changes the sign", {
  veteran$arm <- factor(veteran$trt, 1:2)
  veteran$other <- factor(veteran$trt, 2:1)
  one <- cox_regression(Surv(time, status) ~ arm, veteran)
  two <- cox_regression(Surv(time, status) ~ other, veteran)
  expect_equal(unname(coef(one)), -unname(coef(two)), tolerance = 1e-11)
  expect_equal(unname(confint(one)), -unname(confint(two))[, 2:1, drop = FALSE], tolerance = 1e-10)
})

test_that("a stratum of one patient, or of patients without events, tells nothing", {
  more <- rbind(veteran, veteran[c(1, 3, 5), ])
  n <- nrow(veteran)
  more$status[n + 2:3] <- 0
  more$where <- c(rep("here", n), "alone", "quiet", "quiet")
  fit <- cox_regression(Surv(time, status) ~ trt + karno + celltype, more, strata = where)
  expect_equal(coef(fit), coef(base), tolerance = 1e-11)
  expect_equal(vcov(fit), vcov(base), tolerance = 1e-10)
})

test_that("strata can be named in three ways", {
  one <- cox_regression(Surv(time, status) ~ karno, veteran, strata = interaction(celltype, prior))
  two <- cox_regression(Surv(time, status) ~ karno + strata(celltype) + survival::strata(prior), veteran)
  three <- cox_regression(Surv(time, status) ~ karno + strata(celltype), veteran, strata = prior)
  theirs <- peer_cox(Surv(time, status) ~ karno + strata(celltype, prior), veteran)
  for (fit in list(one, two, three)) expect_same_fit(fit, theirs)
})

test_that("an effect may differ between strata", {
  formula <- Surv(time, status) ~ karno + karno:factor(trt) + strata(trt)
  expect_same_fit(cox_regression(formula, veteran), peer_cox(formula, veteran))
})

test_that("times that differ by rounding are ties", {
  d <- data.frame(time = c(1, 2, sqrt(2)^2, 3, 3, 4), status = c(1, 1, 1, 0, 1, 1), x = c(1, 0, 1, 1, 0, 0))
  d$clean <- c(1, 2, 2, 3, 3, 4)
  expect_identical(
    coef(cox_regression(Surv(time, status) ~ x, d)), coef(cox_regression(Surv(clean, status) ~ x, d))
  )
})

test_that("rows with missing values, of weight 0, and out of the subset are left out, and counted", {
  lung$w <- as.double(seq_len(nrow(lung)) > 20)
  fit <- cox_regression(Surv(time, died) ~ ph.ecog + age, lung, weights = w, subset = age < 70)
  kept <- lung[lung$age < 70 & !is.na(lung$ph.ecog) & lung$w > 0, ]
  expect_equal(coef(fit), coef(cox_regression(Surv(time, died) ~ ph.ecog + age, kept)), tolerance = 1e-12)
  expect_identical(fit$given$n_dropped, sum(is.na(lung$ph.ecog) & lung$age < 70))
  expect_equal(fit$given$n, nrow(kept))
  expect_error(cox_regression(Surv(time, died) ~ ph.ecog, lung, na.action = na.fail), class = "her2mod_error_data")
})

# --- what has no ordinary answer ----------------------------------------------------------------------

test_that("covariates that cannot be told apart are NA, the later one of them", {
  veteran$double <- 2 * veteran$karno + 1
  veteran$one <- 1
  expect_warning(
    fit <- cox_regression(Surv(time, status) ~ one + karno + double + trt, veteran),
    class = "her2mod_warning_collinear"
  )
  expect_identical(unname(is.na(coef(fit))), c(TRUE, FALSE, TRUE, FALSE))
  plain <- cox_regression(Surv(time, status) ~ karno + trt, veteran)
  expect_equal(coef(fit)[c("karno", "trt")], coef(plain), tolerance = 1e-10)
  expect_equal(vcov(fit)[c("karno", "trt"), c("karno", "trt")], vcov(plain), tolerance = 1e-9)
  expect_identical(fit$rank, 2L)
})

# All deaths are in the group: the conditional probabilities of the three tend to 1/3, 1/2 and 1 of those at
# risk in it. An interval ends where 2 (l_sup - l(b)) is the quantile: with r = exp(b),
# l(b) = 3 b - log(3 r + 3) - log(2 r + 3) - log(r + 3).
test_that("a monotone likelihood is said, has no Wald interval, and a profile interval with one end", {
  d <- data.frame(time = 1:6, status = c(1, 1, 1, 0, 0, 0), x = c(1, 1, 1, 0, 0, 0))
  expect_warning(fit <- cox_regression(Surv(time, status) ~ x, d), class = "her2mod_warning_monotone")
  expect_identical(coef(fit), c(x = Inf))
  expect_equal(fit$loglik[[2]], -log(6), tolerance = 1e-11)
  expect_true(all(is.na(confint(fit))))
  expect_true(is.na(tidy(fit)$p.value[[1]]))
  fit <- suppressWarnings(cox_regression(Surv(time, status) ~ x, d, interval = "profile"))
  value <- function(b) 3 * b - log(3 * exp(b) + 3) - log(2 * exp(b) + 3) - log(exp(b) + 3)
  end <- uniroot(function(b) 2 * (-log(6) - value(b)) - qchisq(0.95, 1), c(-2, 5), tol = 1e-13)$root
  expect_equal(unname(confint(fit)[1, ]), c(end, Inf), tolerance = 1e-9)
  expect_equal(tidy(fit)$statistic[[1]], 2 * (-log(6) - value(0)), tolerance = 1e-9)
})

test_that("a group without events leaves the other estimates those of the rest", {
  veteran$spared <- as.numeric(veteran$status == 0 & veteran$karno >= 60)
  expect_warning(
    fit <- cox_regression(Surv(time, status) ~ spared + trt + age, veteran), class = "her2mod_warning_monotone"
  )
  rest <- cox_regression(Surv(time, status) ~ trt + age, veteran[veteran$spared == 0, ])
  expect_identical(coef(fit)[["spared"]], -Inf)
  expect_equal(coef(fit)[-1], coef(rest), tolerance = 1e-9)
  expect_equal(vcov(fit)[-1, -1], vcov(rest), tolerance = 1e-9)
  expect_equal(fit$loglik[[2]], rest$loglik[[2]], tolerance = 1e-10)
})

# One event of c with 2 of a, 3 of b and 3 of c at risk, one of a with nobody else: l(b, c) = c - log(2 + 3 e^b + 3 e^c),
# which goes to -log 3 as c does to infinity, for every b.
test_that("what a monotone likelihood leaves open is no infinite estimate", {
  d <- data.frame(
    time = c(2, 3, 5, 8, 3, 5, 7, 7, 3, 5, 6, 6), status = c(0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0),
    g = rep(c("a", "b", "c"), each = 4)
  )
  warning <- expect_warning(
    fit <- cox_regression(Surv(time, status) ~ g, d, interval = "profile"), class = "her2mod_warning_monotone"
  )
  expect_identical(warning[c("covariates", "open")], list(covariates = "gc", open = "gb"))
  expect_identical(coef(fit), c(gb = NA, gc = Inf))
  expect_equal(fit$loglik[[2]], -log(3), tolerance = 1e-10)
  # b may be as low as it likes: of c alone 2 (-log 3 - c + log(2 + 3 e^c)) is the quantile where its interval ends
  end <- uniroot(function(c) 2 * (-log(3) - c + log(2 + 3 * exp(c))) - qchisq(0.95, 1), c(-9, 5), tol = 1e-13)$root
  expect_equal(unname(confint(fit)), rbind(c(NA, NA), c(end, Inf)), tolerance = 1e-7)
  expect_true(glance(fit)$monotone)
  text <- format(fit)
  expect_match(grep("b over a", text, value = TRUE), "NA +none +NA$")
  expect_match(grep("g: c", text, value = TRUE), "g: c over a +Inf")
  expect_true("  monotone likelihood: it leaves gb open, without an estimate" %in% text)
  expect_no_match(text, "not estimated")
  # Either of two covariates in the order of the deaths can run off alone: the other is then open.
  d <- data.frame(time = 1:6, status = 1, x = 6:1, z = c(9, 7, 6, 3, 2, 1))
  warning <- expect_warning(
    fit <- cox_regression(Surv(time, status) ~ x + z, d), "no maximum", class = "her2mod_warning_monotone"
  )
  expect_identical(warning$open, c("x", "z"))
  expect_true(all(is.na(coef(fit))))
  expect_true(is.na(tidy(fit)$statistic[tidy(fit)$method == "wald"][[3]]))
  expect_error(test_proportional_hazards(fit), class = "her2mod_error_data")
})

# In the order of the deaths, by small steps beside its range: exp(x' b) leaves the range of numbers on the way.
test_that("a covariate in the order of the deaths is found out, however unequal its steps", {
  for (y in list(log(2:21), log(21:2), -sqrt(1:20), exp(-(1:20) / 3))) {
    d <- data.frame(time = 1:20, status = 1, y = y)
    expect_warning(
      fit <- cox_regression(Surv(time, status) ~ y, d, interval = "profile"), class = "her2mod_warning_monotone"
    )
    direction <- if (is.unsorted(y)) 1 else -1
    expect_identical(coef(fit), c(y = direction * Inf))
    # l(b) is that of the definition, and 0 at its supremum
    value <- function(b) -sum(vapply(1:20, function(i) log(sum(exp(b * (y[i:20] - y[[i]])))), 0))
    end <- unname(confint(fit)[1, if (direction > 0) 1 else 2])
    expect_equal(-2 * value(end), qchisq(0.95, 1), tolerance = 1e-6)
  }
  # Among all who are at risk at a death those with the same time alone still count: a stratum a time.
  lung <- survival::lung
  fit <- suppressWarnings(cox_regression(Surv(time, status == 2) ~ I(time / 365) + age, lung))
  expect_identical(coef(fit)[[1]], -Inf)
  lung$at <- 1
  peer <- survival::coxph(survival::Surv(at, status == 2) ~ age + strata(time), lung)
  expect_equal(coef(fit)[["age"]], coef(peer)[["age"]], tolerance = 1e-8)
  expect_output(print(fit), "I\\(time/365\\) has no finite estimate")
  expect_s3_class(ggplot2::autoplot(fit), "ggplot")
})

# Where the log-likelihood is above -log 2 each death has more than half of its risk set's exp(x' b), so the largest x' b, and
# the likelihood rises along b for ever.
test_that("no estimate is finite where the likelihood is monotone, and each fit comes to an end", {
  set.seed(11)
  for (i in 1:150) {
    n <- sample(5:12, 1)
    d <- data.frame(time = rexp(n), status = rbinom(n, 1, 0.7), a = rnorm(n), b = rnorm(n), c = rnorm(n))
    if (sum(d$status) < 3) next
    fit <- suppressWarnings(cox_regression(Surv(time, status) ~ a + b + c, d))
    expect_true(fit$end %in% c("finite", "infinite"))
    if (fit$end == "finite") expect_lt(fit$loglik[[2]], -log(2))
    expect_identical(nrow(tidy(fit)), 6L)
  }
})

test_that("without events nothing is estimated", {
  d <- data.frame(time = 1:4, status = 0, x = c(0, 0, 1, 1))
  expect_warning(fit <- cox_regression(Surv(time, status) ~ x, d), class = "her2mod_warning_no_events")
  expect_true(is.na(coef(fit)))
  expect_true(all(is.na(tidy(fit)[c("estimate", "std.error", "conf.low", "statistic", "p.value")])))
})

test_that("profile intervals end where the likelihood ratio says so", {
  fit <- cox_regression(Surv(time, status) ~ trt + karno, veteran, interval = "profile", conf.level = 0.9)
  top <- peer_cox(Surv(time, status) ~ trt + karno, veteran)$loglik[[2]]
  for (end in confint(fit)["trt", ]) {
    there <- peer_cox(Surv(time, status) ~ offset(end * trt) + karno, veteran)$loglik[[2]]
    expect_equal(2 * (top - there), qchisq(0.9, 1), tolerance = 1e-8)
  }
  without <- peer_cox(Surv(time, status) ~ karno, veteran)$loglik[[2]]
  expect_equal(tidy(fit)$statistic[[1]], 2 * (top - without), tolerance = 1e-8)
})

test_that("arguments are checked at the door", {
  input <- function(...) expect_error(cox_regression(...), class = "her2mod_error_input")
  data <- function(...) expect_error(cox_regression(...), class = "her2mod_error_data")
  input(Surv(time, status) ~ trt + offset(karno), veteran)
  input(Surv(time, status) ~ trt + cluster(karno), veteran)
  input(Surv(time, status) ~ trt * strata(celltype), veteran)
  input(Surv(time, status) ~ strata(celltype), veteran)
  input(Surv(time, status) ~ 1, veteran)
  input(~trt, veteran)
  input(time ~ trt, veteran)
  input(Surv(time, status) ~ nobody, veteran)
  input(Surv(time, status) ~ trt, as.list(veteran))
  input(Surv(time, status) ~ trt, veteran, ties = "exact")
  input(Surv(time, status) ~ trt, veteran, conf.level = 95)
  input(Surv(time, status) ~ trt, veteran, weights = -karno)
  input(Surv(time, status) ~ trt, veteran, cluster = celltype, robust = FALSE)
  input(Surv(time, status) ~ trt, veteran, cluster = celltype, penalty = "firth")
  input(Surv(time, status + 1) ~ trt, veteran)
  data(Surv(time, status) ~ trt + I(1 / (karno - 60)), veteran)
  data(Surv(-time, status) ~ trt, veteran)
  data(Surv(0 / (time - time), status) ~ trt, veteran)
  data(Surv(time, status) ~ trt, veteran, subset = karno > 1000)
})
