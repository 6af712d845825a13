# Krystel-Whittemore 2019 as tabulated: 12/76 beside 17%. 12/76 = 15.79%; 12/n rounds to 17 for n of
# 69 to 72 and cuts to 17 for 67 to 70; of 76, 17% is 12.92, so 13 (17.1%) by every rule.
test_that("12/76 is not 17%, and the conflict says what would be", {
  counts <- recover_counts(c(mod = "17"), n = c(mod = 76), events = c(mod = 12))
  expect_equal(nrow(counts), 0)
  expect_named(counts, c("solution", "outcome", "group", "x", "n", "percent", "rounding"))
  expect_false(attr(counts, "unique"))
  conflict <- attr(counts, "conflict")
  needed <- split(conflict$needed, conflict$figure)
  expect_equal(needed$n, c("69 to 72", "67 to 70"))
  expect_equal(needed$events, "13")
  expect_match(needed$percent, "12/76 = 15.8%", fixed = TRUE)
  expect_match(needed$percent[1], "^16 ")
  expect_equal(conflict$rounding[conflict$figure == "n"], c("half_up, half_even", "down"))
  expect_equal(conflict$given[conflict$figure == "n"][1], "76")
  half_up <- recover_counts(c(mod = "17"),
    n = c(mod = 76), events = c(mod = 12), rounding = "half_up"
  )
  expect_equal(attr(half_up, "conflict")$needed[-1], c("69 to 72", "13"))
})

# Yan 2021 as tabulated: 99/139 beside 41.4% and 11/75 beside 19.3%. 99/n = 41.4% needs 239
# (41.42; 238 gives 41.60, 240 gives 41.25), 11/n = 19.3% needs 57 (19.30; 56: 19.64, 58: 18.97).
test_that("two misprints are found group by group", {
  counts <- recover_counts(
    c(ihc3 = "41.4", mod = "19.3"),
    n = c(ihc3 = 139, mod = 75), events = c(ihc3 = 99, mod = 11)
  )
  conflict <- attr(counts, "conflict")
  expect_equal(attr(conflict, "scope"), "group")
  sizes <- conflict[conflict$figure == "n" & grepl("half_up", conflict$rounding), ]
  expect_equal(sizes$group, c("ihc3", "mod"))
  expect_equal(sizes$needed, c("239", "57"))
})

# Zhao 2020 as tabulated: 40/49 and 9/40 beside 80% and 34%. 40/49 = 81.6; 9/26 = 34.6 cuts to 34;
# no 9/n rounds to 34 (9/26 = 34.6, 9/27 = 33.3).
test_that("Zhao's sizes are refuted by the percentages", {
  percent <- c(ihc3 = "80", mod = "34")
  counts <- recover_counts(percent, n = c(ihc3 = 49, mod = 40), events = c(ihc3 = 40, mod = 9))
  sizes <- subset(as.data.frame(attr(counts, "conflict")), figure == "n")
  expect_equal(sizes$needed, c("50", "26"))
  expect_equal(sizes$rounding[2], "down")
  rounded <- c("half_up", "half_even")
  expect_equal(nrow(recover_counts(percent, total = 76, total_events = 49, rounding = rounded)), 0)
})

test_that("sizes that do not add up to the total say so", {
  counts <- recover_counts(c(a = "46", b = "16"), n = c(a = 400, b = 200), total = 575)
  conflict <- attr(counts, "conflict")
  expect_equal(conflict$figure, c("n", "n", "total"))
  expect_equal(conflict$needed, c("375", "175", "600"))
  expect_equal(conflict$group, c("a", "b", NA))
})

test_that("what a conflict says is what a naive search finds", {
  set.seed(3)
  rules <- c("half_up", "half_even", "down")
  checked <- 0
  while (checked < 40) {
    n <- sample(30, 1)
    x <- sample(0:n, 1)
    text <- as.character(sample(10:99, 1))
    counts <- recover_counts(c(g = text), n = c(g = n), events = c(g = x))
    if (nrow(counts) > 0) next
    checked <- checked + 1
    conflict <- attr(counts, "conflict")
    for (rule in rules) {
      needed <- function(figure) {
        conflict$needed[conflict$figure == figure & grepl(rule, conflict$rounding)]
      }
      fits <- (0:n)[long_division_units(0:n, n, 0, rule) == as.numeric(text)]
      expect_identical(as.character(fits), needed("events"))
      # Few enough sizes to be listed in full: a percentage of 10 or more of one count
      sizes <- seq_len(max(1, 11 * x))
      sizes <- sizes[sizes >= x & long_division_units(x, sizes, 0, rule) == as.numeric(text)]
      runs <- split(sizes, cumsum(c(1, diff(sizes) > 1))[seq_along(sizes)])
      text_of <- vapply(runs, function(r) paste(unique(range(r)), collapse = " to "), "")
      expect_identical(toString(text_of), toString(needed("n")))
      expect_identical(
        sub(" .*", "", needed("percent")),
        as.character(long_division_units(x, n, 0, rule))
      )
    }
  }
})

# What a figure has to be is what the search finds when it isn't given.
test_that("a conflict between linked groups says what the figures left over allow", {
  set.seed(5)
  as_runs <- function(values) {
    values <- sort(unique(values))
    runs <- split(values, cumsum(c(TRUE, diff(values) > 1)))
    toString(vapply(runs, function(r) paste(unique(range(r)), collapse = " to "), ""))
  }
  checked <- c(n = 0, events = 0, total = 0, total_events = 0)
  for (i in 1:150) {
    n <- setNames(sample(5:40, 2), c("a", "b"))
    x <- vapply(n, function(m) sample(m, 1), 1)
    given <- list(
      percent = setNames(print_units(long_division_units(x, n, 1, "half_up"), 1), names(n)),
      n = n["a"], events = x["b"], total = sum(n), total_events = sum(x)
    )
    wrong <- sample(c("n", "events", "total", "total_events"), 1)
    given[[wrong]] <- given[[wrong]] + sample(c(-2, -1, 1, 2), 1)
    if (given$n < 1 || given$events < 0) next
    conflict <- attr(do.call(recover_counts, c(given, rounding = "half_up")), "conflict")
    if (is.null(conflict) || attr(conflict, "scope") != "figure") next
    for (figure in setdiff(names(given), "percent")) {
      without <- do.call(recover_counts, c(given[names(given) != figure], rounding = "half_up"))
      needed <- conflict$needed[conflict$figure == figure]
      expect_equal(length(needed), as.numeric(nrow(without) > 0))
      if (length(needed) == 0 || grepl("nearest", needed)) next
      values <- switch(figure,
        n = without$n[without$group == "a"],
        events = without$x[without$group == "b"],
        total = rowsum(without$n, without$solution),
        total_events = rowsum(without$x, without$solution)
      )
      expect_equal(needed, as_runs(values))
      checked[figure] <- checked[figure] + 1
    }
  }
  expect_true(all(checked >= 5))
})
