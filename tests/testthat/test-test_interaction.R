# The call: rows as counts, directions, what is refused.

test_that("rows, counts and weights are the same question", {
  counts <- counts_of(c(3, 8), c(15, 14), c(9, 5), c(17, 12))
  of_counts <- tidy(test_interaction(cbind(event, n - event) ~ therapy * her2, counts))
  rows <- as_rows(counts)
  expect_equal(tidy(test_interaction(y ~ therapy * her2, rows)), of_counts)
  expect_equal(tidy(test_interaction(y == 1 ~ therapy + her2 + therapy:her2, rows)), of_counts)
  long <- rbind(cbind(counts, y = 1, w = counts$event), cbind(counts, y = 0, w = counts$n - counts$event))
  expect_equal(tidy(test_interaction(y ~ therapy * her2, long, weights = w)), of_counts)
  text <- transform(rows, her2 = as.character(her2), therapy = as.character(therapy))
  expect_equal(tidy(test_interaction(y ~ therapy * her2, text[sample(nrow(text)), ])), of_counts)
})

test_that("defaults ask one question on each scale; one effect is an htest", {
  found <- test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, zhang_counts())
  expect_s3_class(found, "her2_interaction", exact = TRUE)
  expect_identical(glance(found)$scale, c("additive", "multiplicative"))
  one <- test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, zhang_counts(), "odds_ratio", "zelen")
  expect_s3_class(one, c("her2_interaction", "htest"), exact = TRUE)
  expect_identical(one$p.value, tidy(one)$p.value[[1]])
  expect_identical(attr(one$conf.int, "conf.level"), 0.95)
  # The method named first is the test's.
  asked <- test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, zhang_counts(), "odds_ratio", c("wald", "score"))
  expect_identical(asked$p.value, pick(asked, "odds_ratio", "wald")$p.value)
})

test_that("effects are of the other level against the reference, in the group against the reference group", {
  found <- test_interaction(cbind(pcr, n - pcr) ~ therapy * her2, zhang_counts())
  within <- pick(found, "risk_difference", "newcombe", "effect")
  expect_identical(within$group, c("3+", "2+ISH+"))
  expect_equal(within$estimate, c(58 / 92 - 74 / 160, 7 / 22 - 9 / 34))
  expect_equal(unname(coef(found)[[1]]), diff(within$estimate))
})

test_that("missing values are dropped and counted", {
  rows <- as_rows(counts_of(c(3, 8), c(15, 14), c(9, 5), c(17, 12)))
  some <- rows
  some$her2[3] <- NA
  some$y[10] <- NA
  found <- test_interaction(y ~ therapy * her2, some)
  expect_equal(found$n_dropped, 2)
  expect_equal(tidy(found), tidy(test_interaction(y ~ therapy * her2, rows[-c(3, 10), ])))
  expect_error(test_interaction(y ~ therapy * her2, some, na.action = stats::na.fail), class = "her2mod_error_data")
})

test_that("what is not understood is refused with a hint", {
  rows <- as_rows(counts_of(c(3, 8, 2), c(15, 14, 9), c(9, 5, 4), c(17, 12, 8)))
  rows$age <- seq_len(nrow(rows))
  refused <- function(expr, class, message) expect_error(expr, message, class = paste0("her2mod_error_", class))
  refused(test_interaction(y ~ therapy + her2, rows), "input", "one interaction")
  refused(test_interaction(y ~ therapy * her2 * age, rows), "input", "one interaction")
  refused(test_interaction(y ~ therapy:her2, rows), "input", "in `formula` themselves")
  refused(test_interaction(y ~ her2 * therapy, rows), "data", "stands first")
  refused(test_interaction(y ~ therapy * age, rows), "data", "Cut it")
  refused(test_interaction(y ~ therapy * her2 | age, rows), "input", "Strata")
  refused(test_interaction(y ~ therapy * her2, rows, "hazard_ratio"), "input", "binary")
  refused(test_interaction(y ~ therapy * her2 + strata(age), rows), "input", "survival")
  refused(test_interaction(y ~ therapy * her2, rows, methods = "magic"), "input", "magic")
  refused(test_interaction(y ~ therapy * her2, rows, "risk_ratio", "zelen"), "input", "zelen")
  refused(test_interaction(y ~ therapy * her2, rows, ref = c(arm = "no")), "input", "name the variables")
  refused(test_interaction(y ~ therapy * her2, rows, ref = c(her2 = "z")), "input", "z")
  refused(test_interaction(y ~ therapy * her2, rows, subset = therapy == "no"), "data", "exactly two|two groups")
  refused(test_interaction(y ~ therapy * her2, rows, subset = !(therapy == "no" & her2 == "b")), "data", "nobody")
  refused(test_interaction(age ~ therapy * her2, rows), "input", "binary")
  refused(test_interaction(y ~ therapy * her2, rows, conf.level = 1.2), "input", "conf.level")
  refused(test_interaction(y ~ therapy * her2, as.list(rows)), "input", "data frame")
})

test_that("unused levels, tibble-like and logical columns are read", {
  rows <- as_rows(counts_of(c(3, 8), c(15, 14), c(9, 5), c(17, 12)))
  plain <- tidy(test_interaction(y ~ therapy * her2, rows))
  rows$her2 <- factor(rows$her2, c("z", "a", "b", "y"))
  rows$therapy <- rows$therapy == "yes"
  class(rows) <- c("tbl_df", "tbl", "data.frame")
  expect_equal(tidy(test_interaction(y ~ therapy * her2, rows)), plain)
})
