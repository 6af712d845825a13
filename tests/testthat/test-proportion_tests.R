test_that("the table of methods names each once", {
  all <- proportion_methods()
  expect_identical(names(all), c("term", "method", "group", "cost"))
  expect_false(any(duplicated(all[c("term", "method", "group")])))
  expect_setequal(all$term, c("proportion", "risk_difference", "risk_ratio", "odds_ratio", "test"))
  # Only one proportion has a group, and each of its methods has both.
  expect_identical(!is.na(all$group), all$term == "proportion")
  expect_true(all(table(all$method[all$term == "proportion"]) == 2))
  expect_setequal(all$cost, quick_limits$cost)
})

test_that("the tests are those of the help page", {
  expect_identical(proportion_test_methods(), c(
    "pearson", "yates", "n-1", "lr", "wald", "unpooled-z",
    "fisher", "fisher-central", "fisher-midp",
    "barnard", "barnard-unpooled", "boschloo"
  ))
})

# The printed p-values of Ma 2025's single-versus-dual comparison by the usual tests, in the design.
test_that("many tables at once give one row a table, one column a test", {
  p <- proportion_test_p_values(c(6, 211), c(49, 458), c(13, 19), c(68, 117))
  expect_identical(dim(p), c(2L, 12L))
  expect_identical(colnames(p), proportion_test_methods())
  expect_equal(
    round(p[1, c("pearson", "yates", "fisher", "fisher-midp", "lr", "wald", "unpooled-z")], 3),
    c(
      pearson = 0.320, yates = 0.459, fisher = 0.447, "fisher-midp" = 0.384, lr = 0.314,
      wald = 0.324, "unpooled-z" = 0.304
    )
  )
  peers <- c(
    pearson = suppressWarnings(chisq.test(rbind(c(13, 55), c(6, 43)), correct = FALSE))$p.value,
    yates = suppressWarnings(chisq.test(rbind(c(13, 55), c(6, 43))))$p.value,
    fisher = fisher.test(rbind(c(13, 55), c(6, 43)))$p.value
  )
  expect_equal(p[1, names(peers)], peers, tolerance = 1e-10)
  expect_true(all(p[2, ] < 0.001))
})

test_that("methods come in the order asked for, and alternatives change sides", {
  some <- proportion_test_p_values(6, 49, 13, 68, methods = c("fisher", "pearson"))
  all <- proportion_test_p_values(6, 49, 13, 68)
  expect_identical(some, all[, c("fisher", "pearson"), drop = FALSE])
  greater <- proportion_test_p_values(6, 49, 13, 68, "fisher", "greater")
  expect_equal(
    greater[[1]], fisher.test(rbind(c(13, 55), c(6, 43)), alternative = "greater")$p.value,
    tolerance = 1e-10
  )
  expect_equal(
    proportion_test_p_values(13, 68, 6, 49, "fisher", "less"), greater, tolerance = 1e-13
  )
})

test_that("a single group size serves many tables", {
  p <- proportion_test_p_values(0:3, 5, 2, 6, "fisher")
  expect_equal(
    p[, 1], mapply(function(x) fisher.test(rbind(c(2, 4), c(x, 5 - x)))$p.value, 0:3),
    tolerance = 1e-10
  )
})

test_that("impossible tables and unknown tests are refused", {
  expect_error(proportion_test_p_values(3, 2, 1, 2), class = "her2mod_error_input")
  expect_error(proportion_test_p_values(0, 0, 1, 2), class = "her2mod_error_input")
  expect_error(proportion_test_p_values(0.5, 2, 1, 2), class = "her2mod_error_input")
  error <- expect_error(
    proportion_test_p_values(1, 2, 1, 2, "newcombe"), class = "her2mod_error_input"
  )
  expect_identical(error$arg, "methods")
  expect_error(
    proportion_test_p_values(1, 2, 1, 2, alternative = "both"), class = "her2mod_error_input"
  )
})
