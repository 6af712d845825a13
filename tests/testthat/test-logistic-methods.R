women <- datasets::infert

test_that("predictions are predict.glm()'s, of these rows and of others", {
  formula <- case ~ education + log(age) + spontaneous
  fit <- logistic_regression(formula, women)
  peer <- stats::glm(formula, stats::binomial(), women, control = stats::glm.control(epsilon = 1e-14, maxit = 100))
  expect_equal(predict(fit)$estimate, unname(stats::fitted(peer)), tolerance = 1e-10)
  others <- data.frame(education = c("0-5yrs", "12+ yrs", "12+ yrs"), age = c(22, 41, NA), spontaneous = c(0, 2, 1))
  found <- predict(fit, others, type = "link")
  known <- stats::predict(peer, others, type = "link", se.fit = TRUE)
  expect_equal(found$estimate, unname(known$fit), tolerance = 1e-10)
  expect_equal(found$std.error, unname(known$se.fit), tolerance = 1e-9)
  z <- stats::qnorm(0.975)
  expect_equal(predict(fit, others)$conf.high, unname(stats::plogis(known$fit + z * known$se.fit)), tolerance = 1e-9)
  expect_error(predict(fit, data.frame(age = 3)), class = "her2mod_error_input")
  expect_error(predict(fit, 3), class = "her2mod_error_input")
})

test_that("scale(), poly() and ns() of other rows are those of the rows that were fitted", {
  formula <- case ~ scale(age) + poly(parity, 2) + splines::ns(spontaneous + induced, 2)
  fit <- logistic_regression(formula, women)
  peer <- stats::glm(formula, stats::binomial(), women, control = stats::glm.control(epsilon = 1e-14, maxit = 100))
  others <- data.frame(age = c(22, 41, 30), parity = c(1, 4, 2), spontaneous = c(0, 2, 1), induced = c(1, 0, 1))
  expect_equal(predict(fit, others)$estimate, unname(stats::predict(peer, others, type = "response")), tolerance = 1e-9)
})

test_that("infinite coefficients that pull apart give no prediction", {
  b <- c(a = 1, b = Inf, c = -Inf)
  design <- cbind(1, c(0, 1, 1, 0), c(0, 0, 1, 1))
  expect_identical(linear_predictor(design, b), c(1, Inf, NA, -Inf))
})

test_that("the print says what odds ratios are of, and never p = 0", {
  fit <- logistic_regression(case ~ education + spontaneous, women)
  text <- format(fit)
  expect_match(text[[1]], "odds ratios of case")
  expect_true(any(grepl("248 patients, 83 events", text)))
  expect_true(any(grepl("education: 12\\+ yrs over 0-5yrs", text)))
  expect_true(any(grepl("one unit more of spontaneous", text)))
  expect_true(any(grepl("p < 0.0001", text)))
  expect_output(print(fit), "likelihood ratio")
  made <- structure(women, class = c("her2_simulated", "data.frame"))
  expect_true(any(grepl("simulated", format(logistic_regression(case ~ age, made)))))
})

test_that("tidy() has one row a coefficient and test, and other levels of confidence are Wald's only", {
  fit <- logistic_regression(case ~ age + parity, women)
  rows <- tidy(fit)
  expect_identical(rows$term, c("log_odds", "log_odds_ratio", "log_odds_ratio", "test", "test", "test"))
  expect_named(rows, c(
    "term", "method", "group", "estimate", "std.error", "conf.low", "conf.high", "statistic", "df", "p.value",
    "alternative"
  ))
  expect_identical(as.data.frame(fit), rows)
  expect_lt(diff(confint(fit, "age", level = 0.5)[1, ]), diff(confint(fit, "age")[1, ]))
  profile <- logistic_regression(case ~ age, women, interval = "profile")
  expect_error(confint(profile, level = 0.5), class = "her2mod_error_input")
})

test_that("trends of ordered factors and few clusters are said", {
  set.seed(2)
  d <- data.frame(y = rbinom(80, 1, 0.5), x = factor(rep(1:4, 20), ordered = TRUE), centre = rep(1:8, 10))
  text <- format(logistic_regression(y ~ x, d, cluster = centre))
  for (trend in c("linear", "quadratic", "cubic")) {
    expect_match(text, paste0("x: ", trend, " trend over its levels"), all = FALSE)
  }
  expect_match(text, "few clusters \\(8\\)", all = FALSE)
  expect_no_match(format(logistic_regression(y ~ x, d)), "few clusters")
})
