# Text and tables of a claim.

test_that("the print says verdict, reason, direction, margin and interval", {
  text <- format(check_claim("no improvement", c(single = 6, dual = 13), c(49, 68), margin = 0.1))
  for (line in c(
    "Claim: no improvement \\(dual against single\\)", "all patients +13/68 +6/49", "matters: 10 points",
    "Verdict: INCONCLUSIVE", "cannot tell", "dual minus single", "newcombe +6.9 +-7.3 to 19.6",
    "miettinen-nurminen \\(decides\\) +6.9", "Detectable with 80% power", "level 0.025"
  )) {
    expect_true(any(grepl(line, text)), info = line)
  }
  expect_output(print(check_claim("improvement", c(6, 13), c(49, 68), margin = 0.1)), "INCONCLUSIVE")
})

test_that("a printed limit stays on the side of the margin on which it is", {
  # The upper end is made to lie just below, and just above, the margin.
  end <- check_claim("no improvement", c(6, 13), c(49, 68), margin = 0.5)$effect$intervals$high[[1]]
  for (offset in c(-1e-4, 1e-4, -1e-6, 1e-6)) {
    found <- check_claim("no improvement", c(6, 13), c(49, 68), margin = end + offset)
    expect_identical(found$verdict, if (offset > 0) "supported" else "inconclusive")
    line <- grep("miettinen-nurminen \\(decides\\)", format(found), value = TRUE)
    printed <- as.double(sub(".* to ([0-9.]+) .*", "\\1", line))
    margin <- as.double(sub(".*matters: ([0-9.]+) points.*", "\\1", grep("matters:", format(found), value = TRUE)))
    expect_identical(sign(printed - margin), -sign(offset))
  }
})

test_that("where methods disagree the print says so", {
  disagree <- NULL
  for (x1 in 0:30) {
    for (margin in seq(0.02, 0.3, by = 0.02)) {
      found <- check_claim("no improvement", c(2, x1), c(25, 30), margin = margin)
      if (any(found$other_verdicts != found$verdict)) disagree <- found
    }
    if (!is.null(disagree)) break
  }
  expect_true(any(grepl("It hangs on the method: by the newcombe interval", format(disagree))))
})

test_that("tidy and glance", {
  found <- check_claim("no improvement", cbind(pcr, n - pcr) ~ therapy * her2, data = zhang_counts(), margin = 0.1,
    group = "2+ISH+")
  rows <- tidy(found)
  expect_true(all(c("effect", "test", "interaction", "shrunken") %in% rows$term))
  expect_equal(rows$estimate[[1]], 7 / 22 - 9 / 34)
  expect_identical(as.data.frame(found), rows)
  expect_identical(glance(found)[c("claim", "verdict", "group")],
    data.frame(claim = "no improvement", verdict = found$verdict, group = "2+ISH+"))
  expect_equal(unlist(glance(found)[c("n", "events")], use.names = FALSE), c(56, 16))
  text <- format(found)
  expect_true(any(grepl("Interaction \\(risk difference, additive scale\\)", text)))
  expect_true(any(grepl("sd 0.05 +from 0.0535", text)))
})

test_that("hazard ratios are printed as such", {
  text <- format(check_claim("no improvement", Surv(rfstime, status) ~ hormon * grade, data = survival::gbsg, group = 2,
    margin = 0.8))
  expect_true(any(grepl("not worse by a hazard ratio of 1.25", text)))
  expect_true(any(grepl("improvement to a hazard ratio of 0.8 or better", text)))
  expect_true(any(grepl("Hazard ratio, hormon 1 over hormon 0", text)))
  expect_true(any(grepl("maximum likelihood", text)))
})

test_that("contrasts of hazard ratios are ratios of them, and a difference has two sides", {
  of <- function(claim) {
    text <- format(check_claim(claim, Surv(rfstime, status) ~ hormon * meno, data = survival::gbsg, group = 1, margin = 0.8))
    text[grepl("that matters:|none|excluded", text)]
  }
  expect_true(any(grepl("a ratio of hazard ratios of 0.8 or 1.25", of("differs between groups"))))
  expect_true(any(grepl("matters: a ratio of hazard ratios of 0.8;", of("differs between groups"))))
  expect_true(any(grepl("as large as a hazard ratio of 0.8 or 1.25", of("no difference"))))
})

test_that("the margin is printed as it was given, its inverse with enough digits, times with the cohort's unit", {
  cohort <- simulate_cohort(60, seed = 9)
  of <- function(margin, formula = Surv(time, status) ~ therapy, data = cohort, ...) {
    paste(format(check_claim("no difference", formula, data = data, margin = margin, ...)), collapse = "\n")
  }
  mean <- of(0.25, effect = "rmst_difference")
  expect_match(mean, "matters: 0.25 years;", fixed = TRUE)
  expect_match(mean, "a difference of 0.25 years or more", ignore.case = TRUE)
  expect_match(mean, "up to 6.66 years", fixed = TRUE)
  plain <- as.data.frame(cohort)
  attr(plain, "unit") <- NULL
  expect_match(of(0.25, data = plain, effect = "rmst_difference"), "0.25 units of time", fixed = TRUE)
  expect_match(of(0.0025, pcr ~ therapy), "matters: 0.25 points", fixed = TRUE)
  # 1 / 0.875 is 1.142857..., 1 / 0.9999 is 1.0001...
  ratio <- of(0.875)
  expect_match(ratio, "not worse by a hazard ratio of 1.1429 ", fixed = TRUE)
  expect_match(ratio, "as large as a hazard ratio of 0.875 or 1.1429", fixed = TRUE)
  expect_match(of(0.9999), "0.9999 or 1.0001", fixed = TRUE)
  # what is given stays as it is, also on the side of deterioration
  expect_match(of(1.143), "as large as a hazard ratio of 0.8749 or 1.143", fixed = TRUE)
  expect_match(of(0.875, better = "higher"), "matters: a hazard ratio of 1.1429;", fixed = TRUE)
  text <- gsub("\\s+", " ", paste(format(compare_her2(cohort, margin = 0.0025, R = 99, seed = 1)), collapse = " "))
  expect_match(text, "margin 0.25 points", fixed = TRUE)
})

# 15 of 100 against 30: -0.15; ten points fewer are better, ten points more are worse.
test_that("margins are in the direction of the estimate", {
  rows <- tidy(check_claim("improvement", c(a = 30, b = 15), c(100, 100), margin = 0.1, better = "lower"))
  expect_equal(rows$margin[rows$term == "effect"], c(-0.1, -0.1))
  margin <- stats::setNames(rows$margin, rows$method)
  expect_equal(margin[c("non-inferior", "no improvement that matters")], c(0.1, -0.1), ignore_attr = TRUE)
  # seen from the other side
  turned <- tidy(check_claim("improvement", c(a = 15, b = 30), c(100, 100), margin = 0.1))
  expect_equal(turned$margin, -rows$margin)
  expect_equal(turned$p.value, rows$p.value)
})
