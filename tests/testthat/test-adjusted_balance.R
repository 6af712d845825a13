test_that("means and standardised differences before and after weighting, by hand", {
  rows <- confounded_rows()
  x <- adjusted_effect(pcr ~ g, rows, ~ hr + age, estimator = "ipw", type = "perc", R = 49, seed = 1)
  table <- balance(x)
  expect_identical(table$covariate, c("hrHR+", "age"))
  a <- rows[rows$g == "IHC 3+", ]
  b <- rows[rows$g == "HER2-mod", ]
  p <- c(mean(a$hr == "HR+"), mean(b$hr == "HR+"))
  expect_equal(table$difference.before[[1]], diff(p) / sqrt(mean(p * (1 - p))), tolerance = 1e-12)
  spread <- sqrt((stats::var(a$age) + stats::var(b$age)) / 2)
  expect_equal(table$difference.before[[2]], (mean(b$age) - mean(a$age)) / spread, tolerance = 1e-12)
  e <- stats::fitted(stats::glm(g ~ hr + age, stats::binomial(), rows))
  after <- stats::weighted.mean(b$age, 1 / e[rows$g == "HER2-mod"]) - stats::weighted.mean(a$age, 1 / (1 - e[rows$g == "IHC 3+"]))
  expect_equal(table$difference.after[[2]], after / spread, tolerance = 1e-6)
  # the package's own standardised difference, of numbers and of shares
  known <- boot_ci(age ~ g, rows, stat_standardised_difference("balance"), R = 49, type = "perc")$estimate
  expect_equal(table$difference.before[[2]], known, tolerance = 1e-10)
})

test_that("overlap weights balance the means exactly", {
  x <- adjusted_effect(pcr ~ g, confounded_rows(), ~ hr + grade + age, estimator = "overlap", type = "perc", R = 49, seed = 1)
  # Li, Morgan and Zaslavsky (2018), theorem 3
  expect_lt(max(abs(balance(x)$difference.after)), 1e-9)
  expect_gt(max(abs(balance(x)$difference.before)), 0.2)
})

test_that("a column that does not vary is balanced or infinitely apart", {
  expect_identical(over_spread(0, 0), 0)
  expect_identical(over_spread(1, 0), Inf)
  expect_error(balance(1), class = "her2mod_error_input")
})

test_that("factors are balanced level by level, whatever their contrasts", {
  rows <- simulate_cohort(seed = 3)
  rows$stage <- factor(rows$stage, ordered = TRUE)
  rows$size <- ordered(ifelse(rows$age > 50, "large", "small"), c("small", "large"))
  of <- function(rows) {
    balance(adjusted_effect(pcr ~ her2, rows, ~ hr + age + stage + size, estimator = "ipw", type = "perc", R = 49, seed = 1))
  }
  found <- of(rows)
  expect_identical(found$covariate, c("hrHR+", "age", paste0("stage", levels(rows$stage)), "sizelarge"))
  # Austin (2009): shares p, and the root of the mean of p(1 - p).
  for (level in levels(rows$stage)) {
    p <- as.double(tapply(rows$stage == level, droplevels(rows$her2), mean))
    row <- found[found$covariate == paste0("stage", level), ]
    expect_equal(c(row$reference.before, row$other.before), p)
    expect_equal(row$difference.before, diff(p) / sqrt(mean(p * (1 - p))))
  }
  # The models span the same.
  for (contrasts in c("contr.treatment", "contr.sum", "contr.helmert")) {
    plain <- rows
    plain$stage <- factor(plain$stage, ordered = FALSE)
    stats::contrasts(plain$stage) <- contrasts
    expect_equal(of(plain), found, tolerance = 1e-6)
  }
  plain$stage <- as.character(plain$stage)
  expect_equal(of(plain), found, tolerance = 1e-6)
})

test_that("contrasts that take levels for one are shown as they are", {
  columns <- list(a1 = c(1, 1, 0))
  levelled <- list(list(columns = 1L, names = c("aI", "aII", "aIII"), coding = cbind(c(1, 1, 0))))
  expect_identical(balance_columns(columns, levelled), columns)
})
