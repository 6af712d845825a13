# Ma L and others 2025, doi:10.4143/crt.2024.1200: 46.07% and 16.24% of 575 patients; hormone
# receptor positive 48.7% and 76.1%; within 2+/ISH+ dual 19.12%, single 12.24%. Divided by hand:
# 211/458 = .460699, 19/117 = .162393, 223/458 = .486900, 89/117 = .760684, 13/68 = .191176,
# 6/49 = .122449.
test_that("the founding study's percentages leave one table", {
  counts <- recover_counts(
    list(
      pcr = c(ihc3 = "46.07", mod = "16.24%"),
      hr_positive = c(ihc3 = "48.7", mod = "76.1")
    ),
    total = 575
  )
  expect_s3_class(counts, c("her2_counts", "data.frame"), exact = TRUE)
  expect_true(attr(counts, "unique"))
  expect_equal(table_of(counts), data.frame(
    outcome = c("pcr", "pcr", "hr_positive", "hr_positive"),
    group = c("ihc3", "mod", "ihc3", "mod"),
    x = c(211, 19, 223, 89), n = c(458, 117, 458, 117)
  ))
  expect_equal(counts$percent, c("46.07", "16.24", "48.7", "76.1"))
  expect_equal(counts$solution, rep(1L, 4))
  expect_equal(unique(counts$rounding), "half_up, half_even")
  expect_null(attr(counts, "conflict"))
})

test_that("the founding study's therapies leave one table, with and without the events", {
  for (total_events in list(19, NULL)) {
    percent <- c(dual = "19.12", single = "12.24")
    counts <- recover_counts(percent, total = 117, total_events = total_events)
    expect_true(attr(counts, "unique"))
    expect_equal(counts$x, c(13, 6))
    expect_equal(counts$n, c(68, 49))
  }
})

test_that("any one rule leaves the founding study's table or none, as all three do", {
  founding <- function(rule) {
    recover_counts(c(ihc3 = "46.07", mod = "16.24"), total = 575, rounding = rule)
  }
  expect_equal(founding("half_up")$x, c(211, 19))
  expect_equal(founding("half_even")$x, c(211, 19))
  # 211/458 cut off is 46.06
  expect_equal(nrow(founding("down")), 0)
})

test_that("published cohorts are recovered from their totals", {
  known <- published_cohorts()
  unique_by <- function(study, total_events, ...) {
    row <- known[known$study == study, ]
    counts <- recover_counts(c(ref = row$percent1, other = row$percent2),
      total = row$n1 + row$n2, total_events = total_events, ...
    )
    expect_true(attr(counts, "unique"), info = study)
    expect_equal(counts$x, c(row$x1, row$x2), info = study)
    expect_equal(counts$n, c(row$n1, row$n2), info = study)
    counts
  }
  unique_by("Yan", 110)
  # 9/26 = 34.6%: printed as 34 only if digits were cut off
  expect_equal(unique(unique_by("Zhao", 49)$rounding), "down")
})

test_that("every published pair of counts is among the tables of its own sizes", {
  known <- published_cohorts()
  for (i in seq_len(nrow(known))) {
    row <- known[i, ]
    percent <- c(ref = row$percent1, other = row$percent2)
    counts <- recover_counts(percent, n = c(other = row$n2, ref = row$n1))
    pairs <- split(counts$x, counts$solution)
    expect_true(list(c(row$x1, row$x2)) %in% unname(pairs), info = row$study)
  }
})

# 74/160 is 46.25 exactly: 46.2 needs the even neighbour (or cut digits), 9/34 = 26.47 then excludes
# cut digits for the paper as a whole. Zhang 2026, doi:10.3389/fonc.2026.1799768.
test_that("Zhang's 46.2% of 160 is a tie that half up does not explain", {
  percent <- c(single = "46.2", dual = "63.0")
  n <- c(single = 160, dual = 92)
  counts <- recover_counts(percent, n = n)
  expect_equal(counts$x, c(74, 58))
  expect_equal(unique(counts$rounding), "half_even, down")
  none <- recover_counts(percent, n = n, rounding = "half_up")
  expect_equal(nrow(none), 0)
  both <- recover_counts(
    c(s3 = "46.2", d3 = "63.0", s2 = "26.5", d2 = "31.8"),
    n = c(s3 = 160, d3 = 92, s2 = 34, d2 = 22)
  )
  expect_equal(both$x, c(74, 58, 9, 7))
  expect_equal(unique(both$rounding), "half_even")
})

test_that("random small problems have exactly the tables that a naive search finds", {
  set.seed(20260101)
  answered <- c(none = 0, one = 0, several = 0)
  for (i in 1:120) {
    problem <- random_problem()
    for (known in c("events", "total_events")) {
      if (length(problem[[known]]) == 0) problem[known] <- list(NULL)
    }
    rules <- c("half_up", "half_even", "down")[sort(sample(3, sample(3, 1)))]
    counts <- do.call(recover_counts, c(problem, list(rounding = rules)))
    expected <- do.call(naive_tables, c(problem, list(rules = rules)))
    expect_identical(as_naive(counts, names(problem$percent[[1]])), expected)
    tables <- length(unique(sub(":[a-z_]*$", "", expected)))
    expect_identical(attr(counts, "unique"), tables == 1)
    answered[min(tables, 2) + 1] <- answered[min(tables, 2) + 1] + 1
  }
  # The problems must not all be of one kind, or the comparison says little.
  expect_true(all(answered >= 10))
})

test_that("events bound the sizes when nothing else does", {
  # Naive: 12 events at 17% (half up) is 12/n in [.165, .175): n from 68.57 to 72.73
  counts <- recover_counts(c(mod = "17"), events = c(mod = 12), rounding = "half_up")
  expect_equal(counts$n, 69:72)
  percent <- list(p = c(a = "21", b = "33"))
  counts <- recover_counts(percent, total_events = c(p = 7))
  rules <- c("half_up", "half_even", "down")
  # 7/n prints 21 at most at n = 34 and x = 7; 33 at most at n = 21
  expected <- naive_tables(percent, NULL, NULL, NULL, c(p = 7), rules, largest = 36)
  expect_identical(as_naive(counts, c("a", "b")), expected)
})

test_that("the order of names does not matter", {
  percent <- list(p = c(a = "21", b = "33.3"), q = c(b = "50", a = "10.5"))
  one <- recover_counts(percent, n = c(b = 18, a = 19), total_events = c(q = 11, p = 10))
  two <- recover_counts(percent, n = c(a = 19, b = 18), total_events = c(p = 10, q = 11))
  attr(one, "call") <- attr(two, "call") <- NULL
  expect_identical(one, two)
  expect_equal(one$group[1:4], c("a", "b", "a", "b"))
  expect_equal(one$x, c(4, 6, 2, 9))
})

test_that("format gives text and print shows it", {
  one <- recover_counts(c(ihc3 = "46.07", mod = "16.24"), total = 575)
  expect_type(format(one), "character")
  expect_match(format(one), "ihc3 211/458; mod 19/117", fixed = TRUE, all = FALSE)
  expect_output(print(one), "One table")
  expect_invisible(print(one)) |> capture.output()
  none <- recover_counts(c(mod = "17"), n = c(mod = 76), events = c(mod = 12))
  expect_match(format(none), "69 to 72", all = FALSE)
  many <- recover_counts(c(a = "46.0712", b = "16.2432"), total = 1e6)
  expect_lt(length(format(many)), 15)
})

test_that("part of the result is a plain data frame", {
  counts <- recover_counts(c(a = "41", b = "19"), total = 60)
  expect_identical(class(counts[1:2, ]), "data.frame")
  expect_identical(class(as.data.frame(counts)), "data.frame")
  expect_identical(names(attributes(as.data.frame(counts))), c("names", "row.names", "class"))
  expect_equal(counts$x, counts[["x"]])
})
