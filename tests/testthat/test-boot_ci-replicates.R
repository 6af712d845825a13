# Monte Carlo runs against naive R: each replicate from its resampled data by the definition of the
# statistic, each interval from the replicates by the formulas of ?boot_ci; and package boot
# 1.3-28.1 with the same replicates.

# Two centres, case weights; a few ties, positive.
design_rows <- function(binary, weights = FALSE) {
  rows <- data.frame(
    y = c(23, 31, 18, 40, 26, 35, 18, 22, 29, 17, 9, 21, 25, 14, 17, 30, 12, 8, 26, 19),
    g = factor(rep(c("ref", "oth"), c(9, 11)), c("ref", "oth")),
    centre = rep(c("a", "b"), 10)
  )
  if (binary) {
    # Enough events that a replicate without any is rare.
    rows <- rows[rep(seq_len(20), 3), ]
    rows$y <- as.numeric(rows$y + rep(c(-2, 0, 3), each = 20) > 20)
  }
  rows$w <- if (weights) rep_len(c(1, 2, 1, 3), nrow(rows)) else 1
  rows
}

code_of <- function(group) as.integer(group) - 1L

# Every patient left out in turn, by row, and the acceleration with patients as often as they are.
twin_acceleration <- function(effect, rows, block) {
  w <- rows$w
  left <- vapply(seq_len(nrow(rows)), function(i) {
    less <- w
    less[[i]] <- less[[i]] - 1
    twin_value(effect$name, rows$y, code_of(rows$g), less, effect$form)
  }, 0)
  naive_acceleration(rep(left, w), rep(block, w))
}

for (effect in all_effects()) {
  for (weights in c(FALSE, TRUE)) {
    label <- paste(effect$name, effect$form, if (weights) "with weights")
    test_that(paste(label, "- replicates and intervals are what naive R makes of the draws"), {
      rows <- design_rows(is_risk(effect), weights)
      x <- suppressWarnings(
        monte_carlo(y ~ g | centre, rows, effect$stat, "all", weights = w, R = 199, seed = 7)
      )
      code <- code_of(rows$g)
      estimate <- twin_value(effect$name, rows$y, code, rows$w, effect$form)
      expect_equal(x$estimate, to_display(x$statistic, estimate), tolerance = 1e-12)
      for (b in c(1, 2, 63, 64, 65, 128, 199)) {
        d <- replicate_data(x, b)
        again <- function(f) f(effect$name, d$response, code_of(d$group), d$weight, effect$form)
        value <- again(twin_value)
        expect_equal(x$replicates[[b]], value, tolerance = 1e-11)
        if (is.finite(value)) expect_equal(
          x$replicate_errors[[b]], again(twin_error), tolerance = 1e-9
        )
      }
      finite <- x$replicates[is.finite(x$replicates)]
      expect_equal(x$std.error, sd(finite), tolerance = 1e-12)
      a <- twin_acceleration(effect, rows, paste(rows$centre, rows$g))
      if (!is.nan(a)) expect_equal(x$acceleration, a, tolerance = 1e-9)
      error <- twin_error(effect$name, rows$y, code, rows$w, effect$form)
      for (level in c(0.95, 0.7)) {
        found <- ends_of(suppressWarnings(boot_at_level(x, level)))
        for (i in 1:5) {
          ends <- twin_ends(x$intervals$type[[i]], x$replicates, estimate, (1 - level) / 2, error,
            x$replicate_errors, if (is.nan(a)) 0 else a
          )
          expect_equal(unname(found[i, ]), to_display(x$statistic, ends),
            tolerance = 1e-9, label = paste(label, x$intervals$type[[i]])
          )
        }
      }
    })
  }
}

test_that("boot.ci of package boot gives the same five intervals from the same replicates", {
  skip_if_not_installed("boot")
  rows <- design_rows(FALSE)
  rows$y <- rows$y + c(0.13, 0.71, 0.37, 0.93) # no ties: boot's z0 does not count them half
  x <- monte_carlo(y ~ g, rows, "mean_difference", "all", seed = 3)
  value <- function(d, i) mean(d$y[i][d$g[i] == "oth"]) - mean(d$y[i][d$g[i] == "ref"])
  out <- boot::boot(rows, value, R = 999, strata = rows$g)
  error <- twin_error("mean_difference", rows$y, code_of(rows$g))
  # Centred within each group and divided by its size, as ?boot_ci says.
  left <- vapply(seq_len(nrow(rows)), function(i) value(rows[-i, ], seq_len(nrow(rows) - 1)), 0)
  n <- ave(left, rows$g, FUN = length)
  influence <- (n - 1) * (ave(left, rows$g) - left) / n
  for (level in c(0.95, 0.9, 0.5)) {
    their <- function(type, ...) {
      t0 <- value(rows, seq_len(nrow(rows)))
      boot::boot.ci(out, level, type, t0 = t0, t = x$replicates, ...)
    }
    theirs <- their(c("norm", "basic", "perc", "bca"), L = influence)
    theirs$student <- their("stud",
      index = c(1, 1), var.t0 = error^2, var.t = x$replicate_errors^2
    )$student
    ours <- ends_of(boot_at_level(x, level))
    expect_equal(unname(ours[x$intervals$type == "norm", ]), theirs$normal[2:3], tolerance = 1e-10)
    expect_equal(unname(ours[x$intervals$type == "basic", ]), theirs$basic[4:5], tolerance = 1e-10)
    expect_equal(unname(ours[x$intervals$type == "stud", ]), theirs$student[4:5], tolerance = 1e-10)
    expect_equal(unname(ours[x$intervals$type == "perc", ]), theirs$percent[4:5], tolerance = 1e-10)
    expect_equal(unname(ours[x$intervals$type == "bca", ]), theirs$bca[4:5], tolerance = 1e-10)
  }
})

test_that("a custom statistic sees the same draws as one of the registry", {
  rows <- design_rows(FALSE, TRUE)
  own <- stat_custom(function(data, weights) {
    code <- code_of(data$g)
    c(
      twin_value("mean_difference", data$y, code, weights),
      twin_error("mean_difference", data$y, code, weights)
    )
  })
  # Rows that are equal in all that a statistic can see are drawn in the order of the data.
  rows <- rows[order(rows$g, rows$centre, rows$y, rows$w), ]
  fit <- function(stat) monte_carlo(y ~ g | centre, rows, stat, "all", weights = w, R = 199)
  a <- fit("mean_difference")
  b <- fit(own)
  expect_equal(b$replicates, a$replicates, tolerance = 1e-12)
  expect_equal(b$replicate_errors, a$replicate_errors, tolerance = 1e-10)
  expect_equal(ends_of(b), ends_of(a), tolerance = 1e-9)
  expect_equal(b$intervals$p.value, a$intervals$p.value, tolerance = 1e-9)
  expect_identical(b$failures, a$failures)
})

test_that("one sample and three groups are for custom statistics", {
  rows <- data.frame(y = c(3, 5, 7, 18, 43, 85), arm = c("a", "a", "b", "b", "c", "c"))
  total <- stat_custom(function(data, weights) sum(weights * data$y) / sum(weights), null = 20)
  one <- monte_carlo(y ~ 1, rows, total, c("perc", "norm"), R = 199)
  expect_identical(one$groups, "all")
  for (b in c(1, 150)) {
    d <- replicate_data(one, b)
    expect_equal(sum(d$weight), 6)
    expect_equal(one$replicates[[b]], sum(d$weight * rows$y[d$row]) / 6, tolerance = 1e-12)
  }
  # tails at 20, by the share of replicates on either side
  expect_equal(
    one$intervals$p.value[one$intervals$type == "norm"],
    2 * pnorm(-abs((2 * mean(rows$y) - mean(one$replicates) - 20) / sd(one$replicates))),
    tolerance = 1e-12
  )
  three <- monte_carlo(y ~ arm, rows, total, "perc", R = 99)
  for (b in 1:5) expect_identical(
    as.vector(with(replicate_data(three, b), tapply(weight, group, sum))), c(2, 2, 2)
  )
  expect_error(boot_ci(y ~ 1, rows, "mean_difference"), class = "her2mod_error_input")
  expect_error(boot_ci(y ~ arm, rows, "mean_difference"), class = "her2mod_error_data")
})

test_that("each patient is drawn a binomial number of times, equally often, independently", {
  n <- 12
  rows <- data.frame(y = c(1:12, 21:32), g = rep(c("a", "b"), each = n))
  x <- monte_carlo(y ~ g, rows, "mean_difference", "perc", R = 20000)
  drawn <- cpp_bootstrap_weights(x$job$cohort, "ordinary", 1, 1, 20000)
  expect_true(all(colSums(drawn[1:n, ]) == n) && all(colSums(drawn[-(1:n), ]) == n))
  expected <- dbinom(0:6, n, 1 / n) * 20000
  for (i in c(1, 7, 12, 13, 24)) {
    seen <- tabulate(drawn[i, ] + 1, 7)
    z <- (seen - expected) / sqrt(expected * (1 - expected / 20000))
    expect_lt(max(abs(z[expected > 20])), 4.5)
  }
  # within a group -1/(n - 1), between groups 0
  r <- cor(t(drawn))
  error <- 4.5 / sqrt(20000)
  expect_lt(max(abs(r[1:n, -(1:n)])), error)
  within <- r[1:n, 1:n][upper.tri(r[1:n, 1:n])]
  expect_lt(max(abs(within + 1 / (n - 1))), error)
})
