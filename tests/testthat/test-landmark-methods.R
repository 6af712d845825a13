x <- landmarked(simulate_responses(100, 14), landmarks = c(5, 8), R = 99, seed = 1)
# Lines may break anywhere.
text <- gsub("\\s+", " ", paste(format(x), collapse = " "))

test_that("the print says direction, units, who is in, who is left out, and what is biased", {
  for (said in c(
    "until then everybody counts as no pcr",
    "hazard ratio, pcr over no pcr; below 1: fewer events with pcr",
    "pcr minus no pcr; above 0: longer with pcr",
    "units of Surv\\(time, status\\)", "naive, from baseline: BIASED",
    "left out, as their time ended before the start",
    "makes pcr look better than the time-dependent one does", "R = 99, seed 1", "never assessed",
    "Response is not randomised", "Monte Carlo error"
  )) {
    expect_match(text, said)
  }
  expect_output(print(x), "Survival by response")
})

test_that("the print's counts add up to all patients", {
  counts <- tidy(x, "counts")
  landmark <- counts[counts$analysis %in% c("landmark", "from response"), ]
  start <- paste(landmark$analysis, landmark$time)
  all <- rowsum(landmark$n + landmark$excluded.events + landmark$excluded.censored, start)
  expect_true(all(all == 100))
  events <- rowsum(landmark$events + landmark$excluded.events, start)
  expect_true(all(events == glance(x)$events))
  models <- rowsum(counts$events, counts$analysis)[c("naive", "time-dependent"), ]
  expect_true(all(models == glance(x)$events))
  expect_match(text, paste0("landmark 5 +", landmark$n[2], " \\(", landmark$events[2], "\\)"))
})

test_that("tidy() has the columns of the package and one row an estimate", {
  rows <- tidy(x)
  expect_identical(names(rows), c(
    "term", "method", "group", "time", "estimate", "std.error", "conf.low", "conf.high",
    "statistic", "df", "p.value", "analysis", "horizon", "n", "events", "reason", "alternative"
  ))
  expect_identical(anyDuplicated(rows[c("term", "analysis", "time", "horizon")]), 0L)
  expect_setequal(unique(rows$analysis), c(
    "landmark", "from response", "time-dependent", "naive", "naive - time-dependent"
  ))
  tests <- rows[rows$term == "test", ]
  expect_gt(nrow(tests), 1)
  expect_identical(unique(tests$method), "logrank")
  expect_identical(unique(rows$method[rows$term == "log_hazard_ratio"]), "cox")
  expect_true(all(rows$group == "pcr"))
  expect_identical(as.data.frame(x), rows)
  expect_identical(summary(x), x)
  expect_identical(glance(x)$reference, "no pcr")
  refused(tidy(x, "curves"), "what")
})

test_that("the curves of each landmark are a comparison of their own", {
  expect_named(x$comparisons, c("5", "8", "response"))
  expect_s3_class(x$comparisons[["5"]], "her2_survival")
  expect_match(format(x$comparisons[["5"]])[[1]], "counted from landmark 5 by pcr")
})

test_that("long names are written in full, and then in short", {
  rows <- simulate_responses(80, 15)
  names <- c("residual invasive disease in breast or axilla", "pathological complete response")
  rows$pcr <- factor(rows$pcr, labels = names)
  lines <- format(landmarked(rows, landmarks = 6))
  expect_true(any(grepl("residual invasive dis\\.\\.\\.", lines)))
  expect_true(all(nchar(lines) <= 120))
})
