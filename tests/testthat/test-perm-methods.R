rows <- patient_rows(6, 49, 13, 68)
exact <- perm_test(y ~ g, rows)
drawn <- perm_test(
  y ~ g, rows, "odds_ratio", method = "monte_carlo", R = 1999, seed = 3, progress = FALSE
)
has <- function(lines, text) expect_true(any(grepl(text, lines, fixed = TRUE)), label = text)

test_that("tidy has broom's columns and the Monte Carlo interval of p", {
  for (found in list(exact, drawn)) {
    table <- tidy(found)
    expect_identical(names(table), c(
      "term", "estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high", "method",
      "alternative", "p.low", "p.high"
    ))
    expect_identical(nrow(table), 1L)
    expect_identical(table$p.value, found$p.value)
    expect_identical(c(table$p.low, table$p.high), found$p.interval)
    expect_identical(as.data.frame(found), table)
  }
  expect_identical(tidy(exact)$p.low, tidy(exact)$p.high)
  expect_equal(tidy(drawn)$estimate, 13 * 43 / (6 * 55))
  # Two-sided, a log odds ratio orders the tables in another way than a difference.
  same <- perm_test(y ~ g, rows, "odds_ratio")$p.value
  expect_lt(tidy(drawn)$p.low, same)
  expect_gt(tidy(drawn)$p.high, same)
})

test_that("glance is one row with sizes, events and seed", {
  expect_equal(glance(exact), data.frame(
    reference = "ref", other = "oth", n = 117, events = 19, strata = 1L,
    clusters = NA_integer_, R = NA_real_, seed = NA_real_,
    undefined = NA_real_, infinite = NA_real_, n_dropped = 0L
  ))
  expect_equal(
    glance(drawn)[c("R", "seed", "undefined")], data.frame(R = 1999, seed = 3, undefined = 0)
  )
  expect_equal(glance(drawn)$infinite * 1999, sum(is.infinite(drawn$replicates)))
})

test_that("the print names the direction, groups, events, p, replicates and seed", {
  lines <- format(exact)
  has(lines, "Exact permutation test: risk difference, oth minus ref")
  has(lines, "6/49  12.2%")
  has(lines, "event: y")
  has(lines, "estimate 0.0687")
  has(lines, "p = 0.447, two-sided")
  has(lines, "exact null distribution (all tables with these margins), no Monte Carlo error")
  lines <- format(drawn)
  has(lines, "Monte Carlo permutation test: odds ratio, oth over ref")
  has(lines, "estimate 1.694")
  has(lines, "95% Monte Carlo interval")
  has(lines, sprintf("%d of R = 1,999 at least as extreme, seed 3", drawn$exceeding))
  has(lines, "failed replicates: none")
  few <- perm_test(
    y ~ g, patient_rows(1, 10, 3, 10), "odds_ratio", method = "monte_carlo", R = 99, seed = 1,
    progress = FALSE
  )
  expect_gt(sum(is.infinite(few$replicates)), 0)
  has(
    format(few),
    sprintf(
      "failed replicates: %d with a ratio of 0 or Inf (kept in order)",
      sum(is.infinite(few$replicates))
    )
  )
  has(
    format(perm_test(y ~ g | centre, centre_rows(list(a = c(1, 3, 2, 4), b = c(0, 2, 3, 5))))),
    "permuted within strata"
  )
  expect_output(returned <- withVisible(print(exact)), "permuted within the whole sample")
  expect_false(returned$visible)
  expect_identical(returned$value, exact)
  expect_identical(summary(exact), exact)
})

test_that("a small p is not printed as 0", {
  far <- format(perm_test(y ~ g, patient_rows(211, 458, 19, 117)))
  has(far, "p < 0.0001")
})

test_that("coef is the effect, update repeats with other options", {
  expect_equal(coef(exact), c(risk_difference = 13 / 68 - 6 / 49))
  expect_equal(coef(drawn), c(odds_ratio = 13 * 43 / (6 * 55)))
  expect_identical(
    update(exact, alternative = "less")$p.value,
    perm_test(y ~ g, rows, alternative = "less")$p.value
  )
})

# --- other endpoints ----------------------------------------------------------------------------

set.seed(61)
patients <- data.frame(
  size = c(23, 31, 18, 40, 26, 35, 12, 29, 17, 9, 21, 25, 14),
  arm = rep(c("single", "dual"), c(6, 7)),
  grade = rep(c("G1", "G2", "G3"), c(4, 5, 4)), site = rep(c("N", "S"), length.out = 13),
  center = rep(1:5, c(3, 3, 3, 2, 2))
)
sums <- perm_test(size ~ arm, patients, "mean_difference", ref = "single", midp = TRUE)
several <- perm_test(size ~ grade, patients, "kruskal_wallis",
  method = "monte_carlo", R = 199, seed = 4
)

test_that("numbers: the print has means, medians, the way to p, and what it is", {
  lines <- format(sums)
  has(lines, "Exact permutation test: mean difference, dual minus single")
  # by hand: 173 / 6 and 127 / 7
  has(lines, "mean 28.83")
  has(lines, "mean 18.14")
  has(lines, "median 28.50")
  has(lines, "response: size")
  has(lines, "estimate -10.6905")
  has(lines, "mid-p = ")
  has(lines, "exact null distribution (all arrangements), no Monte Carlo error")
  strata <- perm_test(size ~ arm | site, patients, "win_probability", ref = "single")
  has(format(strata), "win probability, P(dual above single), ties counting half")
  has(format(strata), "2 strata")
  has(format(strata), "permuted within strata")
  ratio <- perm_test(size ~ arm, patients, "mean_ratio", ref = "single")
  has(format(ratio), "mean ratio, dual over single")
  has(format(ratio), "estimate 0.6292")
})

test_that("certified bounds are in the print", {
  large <- data.frame(y = rlnorm(300), g = rep(0:1, 150))
  found <- perm_test(y ~ g, large, "mean_difference")
  has(format(found), paste0(
    "certified between ",
    formatC(found$p.interval[[1]], digits = 5, format = "g", flag = "#"), " and "
  ))
})

test_that("several groups: print, tidy and glance name them all", {
  lines <- format(several)
  has(lines, "Monte Carlo permutation test: Kruskal-Wallis H, between G1, G2, G3")
  for (group in c("G1", "G2", "G3")) has(lines, group)
  # What is printed estimates nothing.
  h <- unname(kruskal.test(size ~ grade, patients)$statistic)
  has(lines, sprintf("  statistic %.4f", h))
  expect_false(any(grepl("estimate", lines)))
  # None of them is what the others are compared with.
  expect_false(any(grepl("reference", lines)))
  has(lines, "one-sided (greater)")
  row <- glance(several)
  expect_identical(row$reference, NA_character_)
  expect_identical(row$other, "G1, G2, G3")
  expect_identical(row$n, 13)
  expect_true(is.na(row$events))
  expect_equal(tidy(several)$estimate, h)
  expect_identical(tidy(several)$alternative, "greater")
  counts <- perm_test(grade ~ arm, patients, "chi_squared", R = 99, seed = 1)
  has(format(counts), "Pearson chi-squared, between dual, single")
  x2 <- suppressWarnings(chisq.test(patients$grade, patients$arm, correct = FALSE)$statistic)
  has(format(counts), sprintf("  statistic %.4f", x2))
  expect_false(any(grepl("reference|estimate", format(counts))))
  expect_identical(glance(counts)$reference, NA_character_)
  expect_identical(glance(counts)$other, "dual, single")
  clusters <- perm_test(size ~ arm, patients, "mean_difference",
    cluster = interaction(center, arm), method = "monte_carlo", R = 99, seed = 1
  )
  has(format(clusters), "clusters as wholes")
  expect_identical(glance(clusters)$clusters, 5L)
})

# R's print, and tools that read a htest, expect plain fields.
test_that("a htest's fields are plain", {
  interval <- perm_test(size ~ arm, patients, "mean_difference",
    ref = "single", conf.int = TRUE, R = 999, seed = 1
  )
  for (found in list(sums, several, interval, exact, drawn)) {
    expect_s3_class(found, c("her2_perm", "htest"), exact = TRUE)
    for (field in c("statistic", "p.value", "estimate", "null.value")) {
      expect_type(found[[field]], "double")
      expect_length(found[[field]], 1)
      expect_true(all(names(attributes(found[[field]])) %in% "names"))
    }
    for (field in c("alternative", "method", "data.name")) {
      expect_type(found[[field]], "character")
      expect_length(found[[field]], 1)
    }
    expect_false(anyNA(names(found)))
    expect_output(stats:::print.htest(found), "p-value")
  }
  expect_identical(attr(interval$conf.int, "conf.level"), 0.95)
  expect_output(stats:::print.htest(interval), "95 percent confidence interval")
  expect_output(stats:::print.htest(sums), "size by arm", fixed = TRUE)
})

test_that("broom reads it as it reads any htest", {
  skip_if_not_installed("broom")
  theirs <- utils::getFromNamespace("tidy.htest", "broom")(sums)
  expect_identical(theirs$p.value, sums$p.value)
  expect_equal(theirs$estimate, sums$estimate, ignore_attr = TRUE)
})
