# What every statistic of the registry must do, whatever it computes: the engine (weights, labels,
# leaving
# one out), the catalogue and both user functions. A statistic that is added is tested here at once.

catalogue <- statistics()

# Patients in random order, two centres; enough events that nothing is 0/0.
contract_rows <- function() {
  rows <- centre_rows(list(a = c(4, 9, 6, 11), b = c(3, 12, 5, 8)))
  set.seed(99)
  rows[sample(nrow(rows)), ]
}
rows <- contract_rows()
cohort <- cohort_of(rows)

test_that("each name has one constructor, and each constructor a name", {
  exported <- sub("^stat_", "", grep("^stat_", getNamespaceExports("her2mod"), value = TRUE))
  expect_setequal(exported, catalogue$name)
  for (i in seq_len(nrow(catalogue))) {
    stat <- getExportedValue("her2mod", paste0("stat_", catalogue$name[[i]]))()
    expect_s3_class(stat, "her2_stat")
    expect_identical(stat$name, catalogue$name[[i]])
    expect_identical(stat$scale, catalogue$scale[[i]])
    expect_identical(stat$title, catalogue$title[[i]])
    expect_identical(as_statistic(catalogue$name[[i]]), stat)
  }
})

for (name in catalogue$name) {
  test_that(paste(name, "- a weight of k is k equal rows, a weight of 0 is no row"), {
    set.seed(1)
    for (i in 1:20) {
      weight <- rmultinom(1, nrow(rows), rep(1, nrow(rows)))[, 1]
      weighted <- evaluate(cohort, name, weight)
      duplicated <- cohort_of(rows[rep(seq_len(nrow(rows)), weight), ])
      expect_equal(weighted, evaluate(duplicated, name), tolerance = 1e-12)
    }
  })

  test_that(paste(name, "- a row of frequency f is f rows"), {
    short <- core_cohort(data.frame(stratum = 0, group = 0:1, x = c(7, 11), n = c(21, 19)))
    expect_equal(
      evaluate(short, name), evaluate(cohort_of(patient_rows(7, 21, 11, 19)), name),
      tolerance = 1e-12
    )
  })

  test_that(paste(name, "- the order of the rows does not matter"), {
    seen <- evaluate(cohort, name)
    set.seed(2)
    for (i in 1:5) expect_equal(
      evaluate(cohort_of(rows[sample(nrow(rows)), ]), name), seen, tolerance = 1e-12
    )
  })

  test_that(paste(name, "- swapping the labels does to the value what `sign` says"), {
    sign <- catalogue$sign[catalogue$name == name]
    seen <- evaluate(cohort, name)
    swapped <- evaluate(cohort, name, label = 1L - cohort$group)
    expect_equal(swapped$value, sign * seen$value, tolerance = 1e-12)
    expect_equal(swapped$error, seen$error, tolerance = 1e-12)
    expect_false(seen$value == 0)
  })

  test_that(paste(name, "- labels given with a draw count, not those of the rows"), {
    set.seed(3)
    label <- sample(cohort$group)
    relabelled <- rows
    relabelled$g <- factor(c("ref", "oth")[label + 1], c("ref", "oth"))
    expect_equal(
      evaluate(cohort, name, label = label), evaluate(cohort_of(relabelled), name),
      tolerance = 1e-12
    )
  })

  test_that(paste(
    name, "- the jackknife is the statistic without each unit, and its acceleration"
  ), {
    left_out <- cpp_jackknife(cohort, name)
    without <- vapply(
      seq_len(nrow(rows)), function(i) evaluate(cohort_of(rows[-i, ]), name)$value, 0
    )
    expect_equal(left_out$values[, 1], without, tolerance = 1e-12)
    expect_equal(
      left_out$acceleration, naive_acceleration(without, paste(rows$centre, rows$g)),
      tolerance = 1e-10
    )
    # aggregated rows leave out one unit of each
    short <- core_cohort(
      data.frame(
        stratum = c(0, 0, 1, 1), group = c(0, 1, 0, 1), x = c(4, 6, 3, 5), n = c(9, 11, 12, 8)
      )
    )
    expect_equal(cpp_jackknife(short, name)$acceleration, left_out$acceleration, tolerance = 1e-10)
  })

  test_that(paste(name, "- a value is missing or infinite only with a reason"), {
    grid <- all_tables(1:3, 1:3)
    for (i in seq_len(nrow(grid))) {
      t <- grid[i, ]
      found <- evaluate(cohort_of(patient_rows(t$x0, t$n0, t$x1, t$n1)), name)
      expected <- if (is.nan(found$value)) {
        "undefined"
      } else if (is.infinite(found$value)) {
        "infinite"
      } else {
        "none"
      }
      expect_identical(found$reason, expected)
      if (expected == "none") expect_gte(found$error, 0) else expect_identical(found$error, NaN)
    }
    # a draw may leave a group without patients
    for (group in 0:1) {
      found <- evaluate(cohort, name, weight = as.double(cohort$group == group))
      expect_identical(found, list(value = NaN, error = NaN, reason = "empty_group"))
    }
  })

  test_that(paste(name, "- the standard error is the delta method's"), {
    # numerically: sum over the groups of p(1 - p)/n (dT/dp)^2
    p <- with(rows, tapply(y, g, mean))
    n <- with(rows, tapply(y, g, length))
    effect <- function(p) naive_effect(name, p[[1]] * n[[1]], n[[1]], p[[2]] * n[[2]], n[[2]])
    h <- 1e-6
    slope <- c(
      effect(p + c(h, 0)) - effect(p - c(h, 0)), effect(p + c(0, h)) - effect(p - c(0, h))
    ) / (2 * h)
    expect_equal(
      evaluate(cohort, name)$error, sqrt(sum(p * (1 - p) / n * slope^2)), tolerance = 1e-7
    )
  })

  test_that(paste(name, "- a bad cohort is refused"), {
    refused <- function(...) {
      bad <- utils::modifyList(cohort, list(...))
      expect_error(call_core(cpp_jackknife(bad, name)), class = "her2mod_error")
    }
    n <- nrow(rows)
    refused(group = rep(2L, n))
    refused(group = rep(0L, n))
    refused(stratum = rep(5L, n))
    refused(frequency = rep(0.5, n))
    refused(frequency = rep(0, n))
    refused(response = rep(NaN, n))
    refused(response = rep(2, n))
    refused(frequency = 1)
    expect_error(
      call_core(cpp_evaluate(cohort, name, 1, cohort$group)), class = "her2mod_error_input"
    )
  })

  test_that(paste(name, "- both user functions work from end to end, exactly and by Monte Carlo"), {
    quiet <- function(code) suppressWarnings(code, classes = "her2mod_warning")
    for (method in c("exact", "monte_carlo")) {
      boot <- quiet(
        boot_ci(
          y ~ g | centre, rows, name, type = "all", method = method, R = 499, seed = 1,
          progress = FALSE
        )
      )
      expect_s3_class(boot, "her2_boot")
      seen <- to_display(as_statistic(name), evaluate(cohort, name)$value)
      expect_equal(boot$estimate, seen, tolerance = 1e-12)
      limits <- boot$intervals
      expect_true(all(limits$conf.low < seen & limits$conf.high > seen))
      expect_identical(tidy(boot)$term, rep(name, 5))
      expect_true(any(grepl(catalogue$title[catalogue$name == name], format(boot), fixed = TRUE)))

      test <- perm_test(
        y ~ g | centre, rows, name, method = method, R = 499, seed = 1, progress = FALSE
      )
      expect_s3_class(test, "htest")
      expect_gt(test$p.value, 0)
      expect_lte(test$p.value, 1)
      expect_equal(unname(test$statistic), seen, tolerance = 1e-12)
    }
    by_constructor <- quiet(
      boot_ci(y ~ g | centre, rows, getExportedValue("her2mod", paste0("stat_", name))())
    )
    expect_identical(tidy(by_constructor), tidy(quiet(boot_ci(y ~ g | centre, rows, name))))
  })
}

test_that("an unknown name is refused by the core too", {
  expect_error(
    call_core(cpp_evaluate(cohort, "median_survival", cohort$frequency, cohort$group)),
    class = "her2mod_error"
  )
})
