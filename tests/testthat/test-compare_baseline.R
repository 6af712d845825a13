test_that("pbc's Table 1 has base R's figures", {
  rows <- pbc_rows()
  known <- rows[!is.na(rows$trt), ]
  found <- baseline_of(rows, by = trt, vars = c("age", "sex", "edema", "chol", "stage", "ascites"))
  expect_s3_class(found, "her2_baseline")
  expect_identical(found$n_dropped, 106L)
  expect_identical(found$n, as.integer(table(known$trt)))
  age <- baseline_row(found, "age")
  welch <- t.test(known$age[known$trt == "placebo"], known$age[known$trt == "D-penicillamine"])
  expect_equal(age$estimate, mean(known$age[known$trt == "placebo"]) - mean(known$age[known$trt == "D-penicillamine"]))
  expect_equal(c(age$conf.low, age$conf.high), as.vector(welch$conf.int))
  expect_equal(age$std.error, welch$stderr)
  sex <- baseline_row(found, "sex")
  expect_equal(sex$p.value, fisher.test(table(known$sex, known$trt))$p.value)
  share <- prop.table(table(known$sex, known$trt), 2)["f", ]
  expect_equal(sex$estimate, share[["placebo"]] - share[["D-penicillamine"]])
  chi <- suppressWarnings(chisq.test(table(known$edema, known$trt), correct = FALSE))
  expect_equal(baseline_row(found, "edema")$statistic, chi$statistic[[1]])
  expect_match(baseline_row(found, "edema")$method, "Pearson's chi-squared")
  # The same p as perm_test(), which is exact.
  expect_equal(age$p.value, perm_test(age ~ trt, known, "mean_difference")$p.value)
  rows$stage_code <- as.integer(rows$stage)
  expect_equal(baseline_row(found, "stage")$p.value, perm_test(stage_code ~ trt, rows, "win_probability")$p.value)
})

test_that("the columns of tidy() are there, and in the table's order", {
  found <- baseline_of(few_patients(), g)
  expect_identical(
    names(tidy(found))[1:14],
    c(
      "term", "label", "type", "effect", "estimate", "std.error", "statistic", "p.value", "p.adjusted", "conf.low", "conf.high",
      "method", "alternative", "standardised_difference"
    )
  )
  expect_identical(tidy(found)$term, c("size", "hr", "grade", "site"))
  expect_identical(tidy(found)$type, c("continuous", "binary", "ordered", "categorical"))
  expect_true(all(tidy(found)$p.adjusted >= tidy(found)$p.value))
})

test_that("the direction is other minus reference, and ref = turns it", {
  found <- baseline_of(few_patients(), g)
  back <- baseline_of(few_patients(), g, ref = "other")
  for (term in c("size", "hr")) {
    expect_gt(baseline_row(found, term)$estimate, 0)
    for (column in c("estimate", "standardised_difference")) {
      expect_equal(baseline_row(back, term)[[column]], -baseline_row(found, term)[[column]])
    }
    expect_equal(baseline_row(back, term)$conf.low, -baseline_row(found, term)$conf.high)
  }
  expect_equal(baseline_row(back, "grade")$estimate, 1 - baseline_row(found, "grade")$estimate)
  expect_equal(tidy(back)$p.value[1:3], tidy(found)$p.value[1:3])
  expect_match(format(found)[[1]], "other against ref (reference)", fixed = TRUE)
})

test_that("hard data get a right answer or a clear error", {
  rows <- few_patients()
  rows$none <- NA_real_
  rows$same <- 7
  rows$`a name` <- 12:1
  rows$when <- as.Date("2020-01-01") + 1:12
  rows$list <- as.list(1:12)
  expect_warning(found <- baseline_of(rows, g), class = "her2mod_warning_left_out")
  expect_named(found$left_out, c("when", "list"))
  expect_match(paste(format(found), collapse = "\n"), "left out: when (dates", fixed = TRUE)
  none <- baseline_row(found, "none")
  expect_true(is.na(none$p.value) && is.na(none$standardised_difference))
  expect_identical(none$note, "no values")
  same <- baseline_row(found, "same")
  expect_identical(c(same$p.value, same$p.adjusted, same$standardised_difference), c(1, 1, 0))
  expect_equal(baseline_row(found, "a name")$estimate, mean(6:1) - mean(12:7))
  # One group has no value.
  rows$half <- ifelse(rows$g == "ref", NA, 1:12)
  half <- baseline_of(rows, g, "half")
  expect_identical(tidy(half)$note, "values in one group only")
  expect_true(any(grepl("missing, n", format(half))))
  error <- expect_error(baseline_of(rows, g, c("size", "when", "list")), class = "her2mod_error_input")
  expect_identical(error$value, c("when", "list"))
  expect_error(baseline_of(transform(rows, size = c(Inf, 2:12)), g, "size"), class = "her2mod_error_data")
  expect_error(baseline_of(rows[1:6, ], g, "size"), class = "her2mod_error_data")
  expect_error(baseline_of(rows[0, ], g, "size"), class = "her2mod_error_data")
  expect_error(baseline_of(transform(rows, g = NA), g, "size"), class = "her2mod_error_data")
  for (bad in list(
    quote(baseline_of(rows, g, c("size", "g"))), quote(baseline_of(rows, g, c("size", "size"))),
    quote(baseline_of(rows, g, "nope")),
    quote(baseline_of(rows, nope)), quote(baseline_of(rows)), quote(baseline_of(as.list(rows), "g")),
    quote(baseline_of(rows, g, "size", weights = same)), quote(baseline_of(rows, g, "size", nonsense = 1)),
    quote(baseline_of(rows, g, "size", summary = "mode")), quote(baseline_of(rows, g, "size", summary = c(other = "mean"))),
    quote(baseline_of(rows, g, c("size", "hr"), summary = c(hr = "median"))), quote(baseline_of(rows, g, "size", digits = -1)),
    quote(baseline_of(rows, g, "size", types = c(size = "date"))),
    quote(baseline_of(rows, g, "site", types = c(site = "binary"))),
    quote(baseline_of(rows, g, "site", types = c(site = "continuous"))), quote(baseline_of(rows, g, "hr", interval = "exact")),
    quote(baseline_of(rows, g, "size", strata = g)), quote(baseline_of(rows, g, "size", conf.level = 1))
  )) {
    expect_error(eval(bad), class = "her2mod_error_input", label = deparse(bad))
  }
})

test_that("levels without patients, groups without patients, text, and tibbles", {
  rows <- few_patients()
  rows$g <- factor(rows$g, c("ref", "other", "nobody"))
  rows$site <- factor(rows$site, c("a", "b", "c", "d"))
  found <- baseline_of(rows, g)
  expect_identical(found$groups, c("ref", "other"))
  of <- tidy(found, "summaries")
  expect_identical(of$count[of$term == "site" & of$level == "d"], c(0, 0))
  rows$site <- as.character(rows$site)
  expect_equal(tidy(baseline_of(rows, g))$p.value, tidy(found)$p.value)
  if (requireNamespace("tibble", quietly = TRUE)) {
    expect_equal(tidy(baseline_of(tibble::as_tibble(rows), g)), tidy(baseline_of(rows, g)))
  }
})

test_that("a million patients are compared, asymptotically", {
  skip_on_cran()
  n <- 1e6
  rows <- data.frame(
    g = rep(c("a", "b"), n / 2), x = seq_len(n) %% 1000 / 7, b = seq_len(n) %% 3 == 0,
    c = c("u", "v", "w", "x")[1 + seq_len(n) %/% 7 %% 4], y = rep(c(1, 2, NA, 4, 7), n / 5)
  )
  found <- baseline_of(rows, g, summary = c(y = "median"), R = 9999)
  expect_match(tidy(found)$method[[1]], "asymptotic")
  expect_identical(found$adjust, "holm")
  # A p below what a double holds is not printed as 0.
  expect_identical(as.data.frame(found)$p[[3]], "< 0.0001")
})

test_that("simulated data say so", {
  rows <- structure(few_patients(), class = c("her2_simulated", "data.frame"))
  found <- baseline_of(rows, g)
  expect_match(format(found)[[1]], "simulated")
  expect_true("Simulated data." %in% format(found))
})

test_that("where p and interval disagree the table says so", {
  set.seed(7)
  b <- data.frame(g = rep(c("A", "B"), c(150, 50)), ki67 = c(rnorm(150, 20, 5), rnorm(50, 24, 20)), age = rep(40:59, 10))
  x <- compare_baseline(b, "g", c("ki67", "age"), R = 199, seed = 1)
  # Permuted means react to spreads; Welch's interval does not.
  expect_lt(tidy(x)$p.value[[1]], 0.05)
  expect_lt(tidy(x)$conf.low[[1]], 0)
  expect_gt(t.test(ki67 ~ g, b)$p.value, 0.05)
  said <- gsub("\\s+", " ", paste(format(x), collapse = " "))
  expect_match(said, "p and interval disagree for ki67: p asks whether the groups are alike at all", fixed = TRUE)
  expect_no_match(paste(format(compare_baseline(b, "g", "age", R = 199, seed = 1)), collapse = " "), "disagree")
})

test_that("a column of numbers that one entry made text is told", {
  d <- data.frame(g = rep(1:2, 20), age = as.character(31:70))
  d$age[[3]] <- "<50"
  expect_warning(
    compare_baseline(d, "g", "age", R = 99, seed = 1), "age.*<50.*row 3", class = "her2mod_warning_numbers_as_text"
  )
})

test_that("the note says that differences are of means where medians are shown", {
  d <- data.frame(g = rep(1:2, 20), age = 31:70)
  medians <- compare_baseline(d, "g", "age", summary = "median", R = 99, seed = 1)
  expect_match(format(medians), "of means, also where", all = FALSE)
  expect_no_match(format(compare_baseline(d, "g", "age", R = 99, seed = 1)), "of means, also where")
})
