test_that("the print says direction, counts, level, R and seed; glance is one row", {
  x <- compare_her2(simulate_cohort(200, seed = 8), adjust = "hr", R = 99, seed = 42, conf.level = 0.9)
  text <- gsub("\\s+", " ", paste(format(x), collapse = " "))
  for (said in c("HER2-mod against HER2 3+ (reference)", "200 patients", "90% intervals", "R = 99", "seed 42", "90% CI",
    "hazard ratio, HER2-mod over HER2 3+", "not done, claim")) {
    expect_match(text, said, fixed = TRUE)
  }
  expect_false(grepl("p = 0[^.]", text))
  expect_output(expect_invisible(print(x)), "HER2 comparison")
  one <- glance(x)
  expect_equal(c(one$n, one$R, one$seed, nrow(one)), c(200, 99, 42, 1))
  expect_equal(as.data.frame(x), tidy(x))
})

test_that("survival at a time and counts are written without gaps", {
  at <- data.frame(method = "time 3", group = c("HER2 3+", "HER2-mod"), estimate = c(0.875, NA))
  expect_equal(survival_text("time 3", at, "years"),
    "at 3 years 87.5% of HER2 3+ and (not known) of HER2-mod are free of an event")
  expect_match(survival_text("time 3", at, NULL), "^at time 3: 87.5% of HER2 3[+] and")
  expect_equal(each_count(data.frame(x = c(17, 3), n = c(218, 93))), c("17/218", "3/93"))
})

test_that("points, ratios and missing limits are written as such", {
  x <- list(conf.level = 0.95, R = 199)
  row <- data.frame(part = "response", estimate = -0.2983, conf.low = -0.3729, conf.high = -0.2118, p.value = 3e-9)
  expect_equal(points_text(x, row), "-29.8 points (95% CI -37.3 to -21.2), p < 0.0001")
  row[c("conf.low", "p.value")] <- NA_real_
  expect_equal(points_text(x, row), "-29.8 points (no interval)")
  # No more replicates than these: 2 / 200
  adjusted <- data.frame(part = "response_adjusted", estimate = -0.2, conf.low = -0.3, conf.high = -0.1, p.value = 0.01)
  expect_equal(points_text(x, adjusted), "-20.0 points (95% CI -30.0 to -10.0), p <= 0.0100")
  expect_equal(points_text(x, transform(adjusted, p.value = 0.02)), "-20.0 points (95% CI -30.0 to -10.0), p = 0.0200")
  ratio <- data.frame(part = "survival", estimate = 2.913, conf.low = 1.963, conf.high = 4.323, p.value = 0.02)
  expect_equal(ratio_text(x, ratio), "2.91 (95% CI 1.96 to 4.32), p = 0.0200")
})

test_that("patients dropped from a part are counted in the print", {
  cohort <- simulate_cohort(300, missing = 0.15, seed = 2)
  x <- compare_her2(cohort, adjust = c("stage", "grade"), R = 99, seed = 1)
  complete <- sum(stats::complete.cases(as.data.frame(cohort)[c("stage", "grade", "pcr", "her2")]))
  text <- gsub("\\s+", " ", paste(format(x), collapse = " "))
  expect_match(text, paste0("(g-computation, ", complete, " patients)"), fixed = TRUE)
  expect_match(text, paste("response adjusted", 300 - complete), fixed = TRUE)
})

test_that("who was never re-tested is not said to have had residual disease where that is not known", {
  rows <- as.data.frame(simulate_cohort(150, seed = 2))
  class(rows) <- "data.frame"
  known <- compare_her2(her2_cohort(rows, response = pcr), adjust = NULL, R = 99, seed = 1)
  expect_match(gsub("\\s+", " ", paste(format(known), collapse = " ")), "[0-9]+ with residual disease were never re-tested")
  rows$pcr <- NULL
  unknown <- compare_her2(her2_cohort(rows), adjust = NULL, R = 99, seed = 1)
  expect_match(gsub("\\s+", " ", paste(format(unknown), collapse = " ")), "or not known to have none, were never")
})

test_that("a group without events: no interval of the mean, and the paragraph says where the reason is", {
  text <- gsub("\\s+", " ", paste(format(compare_her2(simulate_cohort(60, seed = 9), R = 99, seed = 1)), collapse = " "))
  expect_match(text, "0.781 (no interval: see the note)", fixed = TRUE)
  expect_match(text, "note, survival: .*No event in HER2-mod.*perm_test\\(\\) with stat_rmst_difference\\(6.27\\)")
  expect_false(grepl("ratio of the hazard ratios", text, ignore.case = TRUE))
})

test_that("without any event the paragraph has no noise and no empty brackets", {
  cohort <- simulate_cohort(200, seed = 9)
  cohort$status <- 0L
  text <- gsub("\\s+", " ", paste(format(compare_her2(cohort, adjust = "hr", R = 99, seed = 1)), collapse = " "))
  expect_match(text, "hazard ratio, HER2-mod over HER2 3+, not known; mean up to 6.56 years", fixed = TRUE)
  expect_match(text, "HER2-mod minus HER2 3+, 0.00 (no interval: see the note)", fixed = TRUE)
  expect_false(grepl("(log-rank)", text, fixed = TRUE) || grepl("e-1[0-9]", text))
})
