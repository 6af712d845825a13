test_that("IHC as written", {
  levels <- c("0", "1+", "2+", "3+")
  expect_equal(as.character(as_classes(c("3+", "2", "IHC 1+", "ihc0", " 3 +", ""), "x")), c("3+", "2+", "1+", "0", "3+", NA))
  expect_equal(levels(as_classes(c(0, 3, 2), "x")), levels)
  expect_equal(as.character(as_classes(factor(c("0", "3+")), "x")), c("0", "3+"))
  expect_equal(as.character(as_classes(c(TRUE, FALSE), "x")), c("positive", "negative"))
  classes <- as_classes(c("HER2 3+", "HER2-low"), "x")
  expect_true(classes[[1]] > classes[[2]])
  expect_error(as_classes(c("3+", "strong"), "x"), class = "her2mod_error_input")
  expect_error(as_classes(factor(c("low", "high")), "x"), "order that is known", class = "her2mod_error_input")
})

test_that("ultralow is a class only where it occurs", {
  with <- common_classes("HER2 3+", "HER2-ultralow")
  without <- common_classes("HER2 3+", "HER2-low")
  expect_length(with$levels, 5)
  expect_length(without$levels, 4)
  expect_equal(without$after, 2)
})

test_that("levels of both are one order", {
  expect_equal(merge_levels(c("a", "c"), c("a", "b", "c"), NULL), c("a", "b", "c"))
  expect_error(merge_levels(c("c", "a"), c("a", "b", "c"), NULL), class = "her2mod_error_input")
  expect_error(common_classes("3+", TRUE), class = "her2mod_error_input")
})

test_that("equivocal is no class", {
  x <- her2_shift(c("HER2-mod", "HER2 3+", "equivocal"), c("HER2-low", "equivocal", "HER2-low"))
  expect_equal(x$n_dropped, 1)
  expect_equal(unlist(x$losses[c("lost", "tested", "untested")]), c(lost = 1, tested = 1, untested = 1))
})

test_that("which classes are positive", {
  expect_equal(positive_classes(NULL, ihc_classes), c("2+", "3+"))
  expect_equal(positive_classes(NULL, her2_scale), c("HER2-mod", "HER2 3+"))
  expect_equal(positive_classes(NULL, c("low", "high")), "high")
  expect_error(positive_classes(NULL, c("2+", "3+")), class = "her2mod_error_input")
  expect_equal(positive_classes("3+", ihc_classes), "3+")
})

test_that("rows without class before or group are counted, others kept", {
  x <- her2_shift(c("3+", NA, "3+", "2+"), c("3+", "3+", "1+", NA), by = c("a", "a", NA, "b"))
  expect_equal(x$n_dropped, 2)
  expect_equal(sum(tidy(x, "shift")$n), 2)
  expect_match(format(x), "2 rows without class before or group dropped", all = FALSE)
})

test_that("a million rows are counted", {
  skip_on_cran()
  set.seed(8)
  pre <- sample(c("2+", "3+"), 1e6, TRUE)
  post <- sample(c("0", "1+", "2+", "3+", NA), 1e6, TRUE)
  read <- read_shift_rows(list(before = pre, after = post, by = rep(c("a", "b"), 5e5)), NULL)
  expect_equal(sum(read$cells$n), 1e6)
})

test_that("the same patients lose HER2 as often, however their classes are written", {
  pre <- c(2, 2, 3, 3, 3, 2)
  post <- c(2, 1, 3, 2, 0, 2)
  rows <- tidy(her2_shift(pre, post), "loss")
  as_table <- table(factor(pre, 0:3), factor(post, 0:3))
  expect_equal(tidy(her2_shift(as_table), "loss")[c("lost", "tested")], rows[c("lost", "tested")])
  expect_equal(tidy(her2_shift(ordered(pre, 0:3), ordered(post, 0:3)), "loss")[c("lost", "tested")], rows[c("lost", "tested")])
  expect_equal(c(rows$lost, rows$tested), c(2, 6))
  # With no class below, what is a loss cannot be told.
  expect_error(her2_shift(ordered(c("2+", "3+")), ordered(c("3+", "2+"))), class = "her2mod_error_input")
})

test_that("IHC after therapy is read as her2_classify() reads it", {
  found <- tidy(her2_shift(c("3+", "2+", "2+"), c("1+", "Not done", "[Not Available]")), "loss")
  expect_equal(c(found$lost, found$tested, found$untested), c(1, 1, 2))
  expect_error(her2_shift("3+", "negative"), class = "her2mod_error_input")
})
