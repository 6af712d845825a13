# Rows of a subgroup analysis against test_interaction() and compare_proportions().

subgroup_data <- function() {
  gbsg <- survival::gbsg
  gbsg$hormon <- factor(gbsg$hormon, labels = c("no", "yes"))
  gbsg$age_group <- cut(gbsg$age, c(0, 50, 60, Inf), c("to 50", "51 to 60", "over 60"))
  gbsg$early <- gbsg$rfstime < 730 & gbsg$status == 1
  gbsg
}

test_that("each variable has the effects and the test of its interaction", {
  gbsg <- subgroup_data()
  found <- tidy(subgroup_effects(early ~ hormon, gbsg, c(Grade = "grade", "age_group")))
  expect_identical(found$variable, c("all patients", rep("Grade", 3), rep("age_group", 3)))
  one <- test_interaction(early ~ hormon * grade, gbsg, "risk_difference", "score")
  expect_equal(found$interaction.p[2:4], rep(one$p.value, 3))
  expect_equal(found$conf.low[2:4], pick(one, "risk_difference", "newcombe", "effect")$conf.low)
  counts <- with(gbsg, table(hormon, early))
  all <- row_of(counts["no", "TRUE"], sum(counts["no", ]), counts["yes", "TRUE"], sum(counts["yes", ]),
    "risk_difference", "newcombe")
  expect_equal(found$conf.high[[1]], all$conf.high)
  expect_equal(found$n[[1]], nrow(gbsg))
  expect_equal(c(sum(found$n[2:4]), sum(found$events[5:7])), c(nrow(gbsg), sum(gbsg$early)))
})

test_that("survival: Cox's model of each variable, all patients by one of their own", {
  gbsg <- subgroup_data()
  found <- tidy(subgroup_effects(Surv(rfstime, status) ~ hormon, gbsg, "grade"))
  all <- survival::coxph(survival::Surv(rfstime, status) ~ hormon, gbsg)
  expect_equal(found$estimate[[1]], exp(stats::coef(all)[[1]]), tolerance = 1e-7)
  expect_equal(found$information[[1]], 1 / stats::vcov(all)[[1]], tolerance = 1e-6)
  full <- survival::coxph(survival::Surv(rfstime, status) ~ hormon * factor(grade), gbsg)
  less <- survival::coxph(survival::Surv(rfstime, status) ~ hormon + factor(grade), gbsg)
  expect_equal(found$interaction.p[[2]], stats::anova(less, full)[["Pr(>|Chi|)"]][[2]], tolerance = 1e-6)
  means <- tidy(subgroup_effects(Surv(rfstime, status) ~ hormon, gbsg, "grade", "rmst_difference", tau = 1500))
  expect_equal(means$estimate[2:4],
    pick(test_interaction(Surv(rfstime, status) ~ hormon * grade, gbsg, "rmst_difference", tau = 1500),
      "rmst_difference", "wald", "effect")$estimate)
})

test_that("missing values cost a variable its patients and no other; empty cells have no effect", {
  gbsg <- subgroup_data()
  gbsg$grade[1:5] <- NA
  gbsg$rare <- ifelse(seq_len(nrow(gbsg)) %in% which(gbsg$hormon == "yes")[1:4], "rare", ifelse(gbsg$meno == 1, "b", "c"))
  found <- tidy(subgroup_effects(early ~ hormon, gbsg, c("grade", "rare")))
  expect_equal(found$missing[found$variable == "grade"][[1]], 5)
  expect_equal(sum(found$n[found$variable == "rare"]), nrow(gbsg))
  rare <- found[found$level == "rare", ]
  expect_true(is.na(rare$estimate) && rare$n == 4)
  expect_equal(rare$interaction.p, test_interaction(early ~ hormon * rare, gbsg, "risk_difference", "score",
    subset = rare != "rare")$p.value)
})

test_that("reference and counts", {
  found <- tidy(subgroup_effects(cbind(pcr, n - pcr) ~ therapy, zhang_counts(), "her2", ref = "dual"))
  expect_equal(found$estimate[2:3], -c(58 / 92 - 74 / 160, 7 / 22 - 9 / 34))
})

test_that("what does not fit is refused", {
  gbsg <- subgroup_data()
  refused <- function(expr, message) expect_error(expr, message, class = "her2mod_error_input")
  refused(subgroup_effects(early ~ hormon, gbsg, "colour"), "colour")
  refused(subgroup_effects(early ~ hormon, gbsg, c("grade", "grade")), "once")
  refused(subgroup_effects(early ~ hormon * meno, gbsg, "grade"), "therapy only")
  refused(subgroup_effects(early ~ hormon, gbsg, "grade", c("risk_ratio", "odds_ratio")), "one effect")
  refused(subgroup_effects(early ~ hormon, as.list(gbsg), "grade"), "data frame")
  expect_error(subgroup_effects(early ~ hormon, gbsg, "nodes"), "Cut it", class = "her2mod_error_data")
})

test_that("a variable with one level is a row without a test; therapy and tau have their places", {
  gbsg <- subgroup_data()
  gbsg$one <- "all"
  for (measure in c("hazard_ratio", "rmst_difference")) {
    found <- tidy(subgroup_effects(Surv(rfstime, status) ~ hormon, gbsg, c("one", "grade"), measure))
    expect_equal(found[2, c("estimate", "conf.low", "conf.high")], found[1, c("estimate", "conf.low", "conf.high")],
      ignore_attr = TRUE)
    expect_true(is.na(found$interaction.p[[2]]) && found$interaction.p[[3]] > 0)
  }
  expect_error(subgroup_effects(early ~ hormon, gbsg, c("grade", "hormon")), "therapy", class = "her2mod_error_input")
  expect_error(subgroup_effects(early ~ hormon, gbsg, "grade", tau = 3), "restricted", class = "her2mod_error_input")
})

test_that("restricted means have one tau, within every group's follow-up unless it is given", {
  gbsg <- subgroup_data()
  found <- subgroup_effects(Surv(rfstime, status) ~ hormon, gbsg, c("grade", "meno"), "rmst_difference")
  last <- min(with(gbsg, tapply(rfstime, list(hormon, grade), max)), with(gbsg, tapply(rfstime, list(hormon, meno), max)))
  expect_equal(found$tau, last)
  expect_false(anyNA(tidy(found)$estimate))
  late <- subgroup_effects(Surv(rfstime, status) ~ hormon, gbsg, c("grade", "meno"), "rmst_difference", tau = last + 60)
  expect_true(anyNA(tidy(late)$estimate))
  expect_true(any(grepl("follow-up of a group of that variable ends before", format(late))))
})

test_that("a subgroup without events has no effect, no interval and no part in an interaction", {
  cohort <- simulate_cohort(60, seed = 9)
  expect_warning(x <- subgroup_effects(Surv(time, status) ~ therapy, cohort, "her2"), "HER2-mod",
    class = "her2mod_warning_degenerate")
  silent <- tidy(x)[tidy(x)$level == "HER2-mod", ]
  expect_true(is.na(silent$estimate) && is.na(silent$conf.high) && is.na(silent$interaction.p))
  expect_false(any(grepl("Inf", format(x))))
  expect_warning(x <- subgroup_effects(Surv(time, status) ~ therapy, cohort, "her2", "rmst_difference"), "HER2-mod",
    class = "her2mod_warning_degenerate")
  silent <- tidy(x)[tidy(x)$level == "HER2-mod", ]
  expect_identical(silent$estimate, 0)
  expect_true(is.na(silent$conf.low) && is.na(silent$interaction.p))
  expect_false(any(grepl("e-1[0-9]", format(x))))
})
