test_that("the print is a table whose lines are aligned", {
  found <- baseline_of(few_patients(), g)
  lines <- format(found)
  rules <- grep("^-+$", lines)
  expect_length(rules, 2)
  body <- lines[c(2, seq(rules[[1]] + 1, rules[[2]] - 1))]
  expect_length(unique(nchar(body)), 1)
  expect_match(lines[[1]], "Baseline characteristics by g: 12 patients; other against ref (reference)", fixed = TRUE)
  expect_match(lines[[2]], "ref \\(n = 6\\) +other \\(n = 6\\) +Difference \\(95% CI\\) +SMD +p +adjusted p$")
  for (text in c("other minus ref", "Fisher's exact test", "R = 199, seed 1", "no continuity correction", "Westfall-Young")) {
    expect_true(any(grepl(text, lines, fixed = TRUE)), label = text)
  }
  expect_output(returned <- withVisible(print(found)), "Baseline")
  expect_false(returned$visible)
})

test_that("wide characters do not shift columns", {
  rows <- few_patients()
  names(rows)[[2]] <- "\u80bf\u7624"
  lines <- format(baseline_of(rows, g))
  rules <- grep("^-+$", lines)
  body <- lines[seq(rules[[1]] + 1, rules[[2]] - 1)]
  expect_length(unique(nchar(body, "width")), 1)
})

test_that("data frames and one-row summaries", {
  found <- baseline_of(few_patients(), g)
  table <- as.data.frame(found)
  expect_identical(
    table$Characteristic,
    c("size, mean (SD)", "hr, n (%)", "grade, n (%)", "  1", "  2", "  3", "site, n (%)", "  a", "  b", "  c")
  )
  expect_identical(table[["ref (n = 6)"]][[2]], "2 (33.3%)")
  expect_identical(glance(found)$n, 12L)
  expect_identical(glance(found)$reference, "ref")
  expect_error(tidy(found, "nothing"), class = "her2mod_error_input")
  expect_identical(summary(found), found)
})

test_that("two levels say which one is counted", {
  rows <- transform(few_patients(), er = rep(0:1, 6), sex = rep(c("f", "m", "f"), 4))
  table <- as.data.frame(baseline_of(rows, g, c("er", "sex")))
  expect_identical(table$Characteristic, c("er: 1, n (%)", "sex: m, n (%)"))
})
