# What each text means was decided by hand, from the guideline's words and how such texts are used; none of it
# comes from the reader.

test_that("IHC scores are read as they are written", {
  written <- list(
    "0" = c("0", "0.0", "IHC 0", "HER2-0", "Negative (0)", "neg 0", "score 0", "\uff10", "0 (negative)"),
    "1" = c("1", "1+", "IHC 1+", "her2: 1+", "negative - 1+", "\u5f31\u9633\u6027(1+)", "weak 1+", "+1", "1 +",
    "\uff11\uff0b"),
    "2" = c(
      "2", "2+", "IHC 2+", "IHC2+", "++", "(++)", "\uff08\uff0b\uff0b\uff09", "HER2(2+)", "C-erbB-2(++)", "2\u207a",
      "Equivocal (2+)",
      "2 plus", "2.0", "Positive (2+)", "grenzwertig 2+", "HercepTest 2+", "2+, 40% of tumour cells"
    ),
    "3" = c(
      "3", "3+", "IHC 3+", "HER2 3+", "+++", "(+++)", "\uff13\uff0b", "Positive (3+)", "3+ POSITIVE", "pos. 3+",
      "positiv (3+)",
      "\u9633\u6027\uff083+\uff09", "her2/neu 3+", "3plus", "strong positive 3+", "3+ (90%)", "score=3+"
    )
  )
  for (score in names(written)) {
    read <- read_ihc(written[[score]])
    expect_identical(read$told, rep("score", length(written[[score]])), info = score)
    expect_identical(read$score, rep(as.integer(score), length(written[[score]])), info = score)
  }
})

test_that("numbers, factors and haven's labels are read too", {
  expect_identical(read_ihc(c(0, 1, 2, 3, NA))$score, c(0:3, NA))
  expect_identical(read_ihc(factor(c("3+", "2+", NA)))$score, c(3L, 2L, NA))
  labelled <- structure(c(1, 2, 3), labels = c("negative (1+)" = 1, "equivocal (2+)" = 2, "positive (3+)" = 3),
    class = "haven_labelled")
  expect_identical(read_ihc(labelled)$score, 1:3)
  expect_identical(read_ihc(c(2.5, 4, -1, 12))$told, rep("unread", 4))
})

test_that("results without a score say what they tell, in several languages", {
  negative <- c("Negative", "neg", "neg.", "negativ", "negativo", "negativa", "n\u00e9gatif", "\u9634\u6027",
    "\u9670\u6027", "-", "(-)", "\uff08\uff0d\uff09", "HER2-", "-ve")
  expect_identical(unique(read_ihc(negative)$told), "negative")
  positive <- c("Positive", "pos", "positiv", "positivo", "positif", "\u9633\u6027", "+ve")
  expect_identical(unique(read_ihc(positive)$told), "positive")
  expect_identical(unique(read_ihc(c("Equivocal", "equ\u00edvoco", "borderline", "grenzwertig"))$told), "equivocal")
  expect_identical(read_ihc("Indeterminate")$told, "indeterminate")
  missing <- c(NA, "", " ", "[Not Available]", "[Not Evaluated]", "NA", "n/a", "not done", "unknown", "unbekannt",
    "\u672a\u505a", "\u4e0d\u8be6", ".", "-9", "99")
  expect_identical(unique(read_ihc(missing)$told), "missing")
  expect_identical(read_ihc(c("IHC not done", "HER2: unknown"))$told, rep("missing", 2))
  expect_true(all(is.na(read_ihc(c(negative, positive, missing))$score)))
})

test_that("what could mean two things is not read", {
  unclear <- c(
    "+", "(+)", "HER2+", "\u5f31\u9633\u6027", "\u5f3a\u9633\u6027", "weak", "1-2+", "2+/3+", "0-1+", "2++", "+/-",
    "Negative (3+)", "Positive (0)",
    "Equivocal (3+)", "weak 3+", "negative positive", "HER2-low", "HER2-mod", "amplified", "10-75%", "see report",
    "H-score 120"
  )
  read <- read_ihc(unclear)
  expect_identical(read$told, rep("unread", length(unclear)))
  expect_true(all(is.na(read$score)))
  expect_true(all(nchar(read$why) > 0))
  # Unless the user says what is meant.
  own <- read_ihc(c("+", "Positive", "2+"), c("+" = "1+", "Positive" = "3+"))
  expect_identical(own$score, c(1L, 3L, 2L))
})

test_that("an ISH result beside the IHC is told apart", {
  read <- read_ihc(c("2+/FISH+", "2+ (FISH-)", "IHC 2+, ISH amplified", "1+ ISH negative", "2+"))
  expect_identical(read$score, c(2L, 2L, 2L, 1L, 2L))
  expect_identical(read_ish(read$ish)$call, c("positive", "negative", "positive", "negative", "missing"))
})

test_that("faint staining is read where the text says so", {
  read <- read_ihc(c("0 (ultralow)", "HER2-ultralow", "ultra-low", "1+ ultralow"))
  expect_identical(read$score, c(0L, 0L, 0L, NA))
  expect_identical(read$ultralow, c(TRUE, TRUE, TRUE, FALSE))
})

test_that("ISH calls are read as they are written", {
  written <- list(
    positive = c(
      "positive", "Amplified", "FISH+", "fish +", "ISH positive (amplified)", "pos", "+", "(+)", "\u6269\u589e",
      "\u9633\u6027", "FISH: positive",
      "HER2 gene amplified", "positivo", "amplifiziert", "amplificato", "amplification"
    ),
    negative = c(
      "negative", "neg", "FISH-", "not amplified", "non-amplified", "nonamplified", "unamplified", "no amplification",
      "nicht amplifiziert", "keine Amplifikation", "non amplificato", "\u672a\u6269\u589e", "\u65e0\u6269\u589e",
      "\u9634\u6027", "DISH negative", "-", "negativ"
    ),
    equivocal = c("Equivocal", "ISH equivocal", "borderline"), indeterminate = "indeterminate",
    "group 2" = "ISH group 2", "group 5" = "ASCO/CAP group 5", missing = c(NA, "[Not Evaluated]", "", "not done",
    "FISH not done", "ISH: n/a"),
    unread = c("1", "0", "2.4", "polysomy", "low amplification", "amplified, not amplified", "positive/negative",
    "equivocal negative", "see report")
  )
  for (call in names(written)) expect_identical(unique(read_ish(written[[call]])$call), call)
  expect_identical(read_ish(c(TRUE, FALSE, NA))$call, c("positive", "negative", "missing"))
  expect_identical(read_ish(c(1, 0))$call, c("unread", "unread"))
})

test_that("numbers are read, and what is none is marked", {
  read <- read_number(c("2.1", "1,9", "[Not Available]", NA, "<4.0", "not amplified", "816", "-1", "0"), 100)
  expect_identical(read$value, c(2.1, 1.9, NA, NA, NA, NA, NA, NA, 0))
  expect_identical(read$bad, c(FALSE, FALSE, FALSE, FALSE, TRUE, TRUE, TRUE, TRUE, FALSE))
  expect_identical(read_number(c(2, NaN, Inf), 100)$bad, c(FALSE, FALSE, TRUE))
})

test_that("a score that is said to be of at most 10% of the cells is not read", {
  # The guideline's 1+, 2+ and 3+ are of more than 10% of the cells.
  found <- read_ihc(c("3+, 5%", "3+ (<=10%)", "1+ 5%", "3+, 90%", "2+ >10%", "0, 5%", "3+ <10%"))
  expect_identical(found$told, c("unread", "unread", "unread", "score", "score", "score", "unread"))
  expect_match(found$why[[1]], "10%")
  expect_identical(found$score[4:6], c(3L, 2L, 0L))
})

test_that("what speaks of ISH is no IHC result", {
  of_ish <- c(
    "Her2 negative by FISH", "positive by ISH", "HER2 positive (by dual-probe ISH)", "negative by in situ hybridization",
    "FISH negative", "Negative (FISH)", "3+ by FISH"
  )
  read <- read_ihc(of_ish)
  expect_identical(read$told, rep("unread", length(of_ish)))
  expect_identical(read$why, rep("it speaks of ISH", length(of_ish)))
  expect_true(all(is.na(read$ish)))
  x <- suppressWarnings(her2_classify("Her2 negative by FISH"))
  expect_identical(her2_reasons(x)$kind, "unread")
  expect_identical(her2_reasons(x)$unread, "IHC \"Her2 negative by FISH\": it speaks of ISH")
  # With a result of its own each is read, and IHC by its name.
  both <- read_ihc(c("Negative/FISH-", "IHC negative, FISH pending", "Negative, FISH not done", "2+ FISH"))
  expect_identical(both$told, c("negative", "negative", "negative", "score"))
})
