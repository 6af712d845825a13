# The guideline's table, typed from it and worked by hand. Dual probe, by group and IHC; the numbers of a group lie on
# both of its edges. 2018: Wolff and others, J Clin Oncol 36:2105 (affirmed in 2023, 10.1200/JCO.22.02864); 2013: J Clin
# Oncol 31:3997. "x" is a contradiction that leaves no class, "3x" one that stays HER2 3+.

edges <- list(
  "1" = list(ratio = c(2, 2, 15), copies = c(4, 40, 5.9)),
  "2" = list(ratio = c(2, 3.1), copies = c(3.99, 1)),
  "3" = list(ratio = c(1.99, 0.8), copies = c(6, 12)),
  "4" = list(ratio = c(1.99, 1), copies = c(4, 5.99)),
  "5" = list(ratio = c(1.99, 0.5), copies = c(3.99, 1.2))
)

by_2018 <- list(
  "1" = c("0" = "x", "1+" = "x", "2+" = "HER2-mod", "3+" = "HER2 3+"),
  "2" = c("0" = "HER2-0", "1+" = "HER2-low", "2+" = "HER2-low", "3+" = "HER2 3+"),
  "3" = c("0" = "HER2-0", "1+" = "HER2-low", "2+" = "HER2-mod", "3+" = "HER2 3+"),
  "4" = c("0" = "HER2-0", "1+" = "HER2-low", "2+" = "HER2-low", "3+" = "HER2 3+"),
  "5" = c("0" = "HER2-0", "1+" = "HER2-low", "2+" = "HER2-low", "3+" = "3x")
)

by_2013 <- list(
  "1" = c("0" = "x", "1+" = "x", "2+" = "HER2-mod", "3+" = "HER2 3+"),
  "2" = c("0" = "x", "1+" = "x", "2+" = "HER2-mod", "3+" = "HER2 3+"),
  "3" = c("0" = "x", "1+" = "x", "2+" = "HER2-mod", "3+" = "HER2 3+"),
  "4" = c("0" = "equivocal", "1+" = "equivocal", "2+" = "equivocal", "3+" = "HER2 3+"),
  "5" = c("0" = "HER2-0", "1+" = "HER2-low", "2+" = "HER2-low", "3+" = "3x")
)

classified <- function(...) suppressWarnings(her2_classify(...))

expect_cell <- function(x, expected, info) {
  reasons <- her2_reasons(x)
  torn <- expected %in% c("x", "3x")
  class <- c(x = NA, "3x" = "HER2 3+")[expected]
  expect_identical(unique(as.character(x)), unname(if (torn) class else expected), info = info)
  expect_identical(unique(reasons$kind == "contradiction"), torn, info = info)
}

test_that("every cell of the dual-probe table is the guideline's", {
  for (year in c("2018", "2023", "2013")) {
    table <- if (year == "2013") by_2013 else by_2018
    for (group in names(table)) for (ihc in names(table[[group]])) {
      at <- edges[[group]]
      x <- classified(rep(ihc, length(at$ratio)), ratio = at$ratio, copies = at$copies, guideline = year)
      expect_cell(x, table[[group]][[ihc]], paste(year, "group", group, "IHC", ihc))
      called <- classified(ihc, ish = paste("group", group), guideline = year)
      expect_cell(called, table[[group]][[ihc]], paste(year, "called group", group, "IHC", ihc))
    }
  }
})

test_that("every cell of an ISH call is the guideline's", {
  table <- list(
    positive = c("0" = "x", "1+" = "x", "2+" = "HER2-mod", "3+" = "HER2 3+"),
    negative = c("0" = "HER2-0", "1+" = "HER2-low", "2+" = "HER2-low", "3+" = "3x"),
    equivocal = c("0" = "HER2-0", "1+" = "HER2-low", "2+" = "equivocal", "3+" = "HER2 3+"),
    indeterminate = c("0" = "HER2-0", "1+" = "HER2-low", "2+" = "equivocal", "3+" = "HER2 3+"),
    "not done" = c("0" = "HER2-0", "1+" = "HER2-low", "2+" = "equivocal", "3+" = "HER2 3+")
  )
  for (call in names(table)) for (ihc in names(table[[call]])) {
    expect_cell(classified(ihc, call), table[[call]][[ihc]], paste(call, ihc))
  }
  # In 2013 IHC 0 or 1+ does not settle an equivocal ISH.
  expect_identical(as.character(classified(c("0", "1+"), c("equivocal", "equivocal"), guideline = "2013")),
    rep("equivocal", 2))
})

test_that("a single probe is judged by copies, and at 4 to 6 by IHC", {
  table <- list(
    "3.99" = c("0" = "HER2-0", "1+" = "HER2-low", "2+" = "HER2-low", "3+" = "3x"),
    "4" = c("0" = "HER2-0", "1+" = "HER2-low", "2+" = "equivocal", "3+" = "HER2 3+"),
    "5.99" = c("0" = "HER2-0", "1+" = "HER2-low", "2+" = "equivocal", "3+" = "HER2 3+"),
    "6" = c("0" = "x", "1+" = "x", "2+" = "HER2-mod", "3+" = "HER2 3+")
  )
  for (copies in names(table)) for (ihc in names(table[[copies]])) {
    expect_cell(classified(ihc, copies = as.double(copies)), table[[copies]][[ihc]], paste(copies, ihc))
  }
  old <- classified(c("2+", "1+", "2+"), copies = c(5, 5, 6), guideline = "2013")
  expect_identical(as.character(old), c("equivocal", "equivocal", "HER2-mod"))
})

test_that("a ratio alone settles ISH in 2013 where it is high, else not", {
  expect_identical(as.character(classified(c("2+", "2+"), ratio = c(2, 1.9), guideline = "2013")), c("HER2-mod",
    "equivocal"))
  expect_identical(as.character(classified(c("2+", "2+"), ratio = c(2, 1.9))), c("equivocal", "equivocal"))
  expect_match(her2_reasons(classified("2+", ratio = 3))$reason, "not settled")
})

test_that("IHC without a score, or missing, leaves no class and says why", {
  x <- classified(c("Negative", "Positive", NA, NA, NA, "nonsense", "Indeterminate"), c(NA, NA, "positive",
    "negative", NA, NA, NA))
  expect_true(all(is.na(x)))
  reasons <- her2_reasons(x)
  expect_identical(reasons$kind, c("not told", "not told", "missing", "missing", "missing", "unread", "missing"))
  expect_match(reasons$reason[[1]], "HER2-0 or HER2-low")
  expect_match(reasons$reason[[2]], "HER2 3+ or HER2-mod", fixed = TRUE)
  expect_match(reasons$reason[[3]], "HER2-positive")
  expect_match(reasons$reason[[4]], "HER2-negative")
  expect_identical(her2_reasons(classified(c("Negative", "Positive"), c("positive", "negative")))$kind,
    rep("contradiction", 2))
  # Groups 2 to 4 need IHC.
  expect_identical(her2_reasons(classified(NA, ratio = 2.2, copies = 3))$ish, "unsettled")
})

test_that("a call and numbers that disagree are not settled, and agreeing or unclear ones are", {
  torn <- classified(c("2+", "1+", "3+"), c("positive", "positive", "negative"), ratio = c(1.2, 1.2, 2.5),
    copies = c(2, 2, 8))
  expect_identical(as.character(torn), c(NA, NA, "HER2 3+"))
  expect_identical(her2_reasons(torn)$kind, rep("contradiction", 3))
  expect_match(her2_reasons(torn)$reason[[1]], "disagree")
  expect_identical(as.character(classified("2+", "equivocal", ratio = 1.2, copies = 5)), "HER2-low")
  expect_identical(as.character(classified("2+", "positive", copies = 5)), "HER2-mod")
  expect_identical(as.character(classified("2+/FISH+", "negative")), NA_character_)
  expect_identical(as.character(classified("2+/FISH+", NA)), "HER2-mod")
})

test_that("3+ with negative ISH can be left out", {
  expect_identical(as.character(classified("3+", "negative", contradictory = "missing")), NA_character_)
})

test_that("IHC 0 is split by its faint staining on request only", {
  expect_false("HER2-ultralow" %in% levels(classified("0 (ultralow)")))
  x <- classified(c("0", "0", "0", "ultralow", "1+", "0"), c(NA, NA, NA, NA, NA, "positive"), ultralow = c(TRUE,
    FALSE, NA, NA, TRUE, TRUE))
  expect_identical(as.character(x), c("HER2-ultralow", "HER2-0", NA, "HER2-ultralow", "HER2-low", NA))
  expect_match(her2_reasons(x)$reason[[3]], "HER2-0 or HER2-ultralow")
  expect_identical(her2_reasons(x)$kind[[6]], "contradiction")
})

test_that("an ISH result that was not read leaves open what it could change", {
  # By the table above: copies below 4 are group 2 or 5, 4 to 6 group 1 or 4, from 6 group 1 or 3.
  by_year <- list(
    "2018" = list(
      "3" = c("0" = "HER2-0", "1+" = "HER2-low", "2+" = "HER2-low"), "5" = c("1+" = "equivocal", "2+" = "equivocal"),
      "7" = c("1+" = "equivocal", "2+" = "HER2-mod")
    ),
    "2013" = list(
      "3" = c("0" = "equivocal", "1+" = "equivocal", "2+" = "equivocal"), "5" = c("1+" = "equivocal", "2+" = "equivocal"),
      "7" = c("2+" = "HER2-mod")
    )
  )
  for (year in names(by_year)) for (copies in names(by_year[[year]])) {
    row <- by_year[[year]][[copies]]
    x <- classified(names(row), ratio = rep(">6", length(row)), copies = rep(as.double(copies), length(row)), guideline = year)
    expect_identical(as.character(x), unname(row), info = paste(year, copies))
  }
  expect_identical(as.character(classified("3+", ratio = ">6", copies = 3)), "HER2 3+")
  expect_identical(as.character(classified("1+", ratio = ">6", copies = 7, guideline = "2013")), NA_character_)
  open <- her2_reasons(classified("2+", ratio = ">6", copies = 3, guideline = "2013"))
  expect_identical(open[c("kind", "ish")], data.frame(kind = "equivocal", ish = "unsettled"))
  expect_match(open$reason, "ratio not read: group 2 or 5.*could change the class")
  # Copies that were not read: from ratio 2.0 on group 1 or 2, below group 3, 4 or 5.
  of_ratio <- function(ratio, year) as.character(classified("2+", ratio = ratio, copies = "many", guideline = year))
  expect_identical(c(of_ratio(2.4, "2018"), of_ratio(1.4, "2018"), of_ratio(2.4, "2013"), of_ratio(1.4, "2013")),
    c("equivocal", "equivocal", "HER2-mod", "equivocal"))
  expect_match(her2_reasons(classified("2+", ratio = 1.4, copies = "many"))$reason, "copies not read: group 3 or 4 or 5")
  # A text that could say the opposite
  x <- classified(c("2+", "2+/FISH odd", "2+", "2+"), c("polysomy", "negative", "polysomy", NA), ratio = c(1.2, NA, NA, NA),
    copies = c(2, NA, NA, NA))
  expect_identical(as.character(x), rep("equivocal", 4))
  expect_match(her2_reasons(x)$reason[1:2], "a text not read", all = TRUE)
  # Alone it is as no ISH.
  expect_identical(as.character(classified(c("1+", "2+", "1+"), c("polysomy", "polysomy", NA), ratio = c(NA, NA, ">6"))),
    c("HER2-low", "equivocal", "HER2-low"))
})
