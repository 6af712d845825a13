example_classes <- function() {
  suppressWarnings(her2_classify(
    c("3+", "2+", "2+", "1+", "Negative", "odd", "3+"), c(NA, "amplified", "neg", "pos", NA, NA, "neg")
  ))
}

test_that("rows keep their reasons, in vectors, data frames and tibbles", {
  x <- example_classes()
  all <- her2_reasons(x)
  some <- her2_reasons(x[c(7, 2)])
  expect_identical(some$reason, all$reason[c(7, 2)])
  expect_identical(some$row, 1:2)
  expect_identical(her2_reasons(x[x %in% "HER2 3+"])$kind, c("classified", "contradiction"))
  expect_identical(her2_reasons(x[-1])$reason, all$reason[-1])
  rows <- data.frame(id = 1:7, her2 = x)
  expect_identical(her2_reasons(rows[rows$id > 4, ]$her2)$reason, all$reason[5:7])
  expect_identical(her2_reasons(subset(rows, id < 3)$her2)$reason, all$reason[1:2])
  expect_identical(her2_reasons(rep(x, 2))$reason, rep(all$reason, 2))
  expect_identical(her2_reasons(rev(x))$reason, rev(all$reason))
  skip_if_not_installed("tibble")
  wide <- tibble::as_tibble(rows)
  expect_identical(her2_reasons(wide[5:6, ]$her2)$reason, all$reason[5:6])
  expect_identical(as.character(wide[2:1, ]$her2), c("HER2-mod", "HER2 3+"))
})

test_that("it is a factor in all else", {
  x <- example_classes()
  expect_identical(as.integer(x[2]), 3L)
  expect_identical(levels(droplevels(x)), c("HER2-low", "HER2-mod", "HER2 3+"))
  expect_identical(her2_reasons(droplevels(x)), her2_reasons(x))
  expect_identical(sum(table(x)), 4L)
  x[4] <- "HER2-low"
  expect_s3_class(x, "factor", exact = TRUE)
  expect_identical(as.character(x[4]), "HER2-low")
  rows <- data.frame(y = c(1, 0, 1, 0), her2 = her2_classify(c("3+", "3+", "2+", "2+"), c(NA, NA, "pos", "pos")))
  compared <- compare_proportions(y ~ her2, rows, ref = "HER2 3+", methods = "newcombe")
  expect_identical(compared$counts$group, c("HER2 3+", "HER2-mod"))
})

test_that("reasons that lost their rows are not shown", {
  x <- example_classes()
  attr(x, "reasons") <- attr(x[1:2], "reasons")
  expect_error(her2_reasons(x), class = "her2mod_error_data")
})

test_that("the print counts classes and lists what needs a look", {
  out <- capture.output(print(example_classes()))
  expect_match(out, "HER2 class of 7 tumours", all = FALSE)
  expect_match(out, "HER2 3\\+ +2$", all = FALSE)
  expect_match(out, "not classified +3$", all = FALSE)
  expect_match(out, "IHC 3\\+, ISH negative .*here HER2 3\\+ \\(row 7\\)", all = FALSE)
  expect_match(out, "IHC 1\\+, ISH positive .*here not classified \\(row 4\\)", all = FALSE)
  expect_match(out, "IHC \"odd\": could not be read \\(row 6\\)", all = FALSE)
  expect_match(out, "0 or 1\\+ is not told", all = FALSE)
  long <- suppressWarnings(her2_classify(paste("text", 1:20)))
  expect_match(capture.output(print(long)), "and 12 more texts", all = FALSE)
})
