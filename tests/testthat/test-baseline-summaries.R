test_that("counts, means and quartiles are base R's", {
  rows <- survival::lung
  rows$sex <- factor(rows$sex, 1:2, c("male", "female"))
  rows$ecog <- factor(rows$ph.ecog)
  found <- baseline_of(rows, sex, c("meal.cal", "ecog"), overall = TRUE)
  of <- tidy(found, "summaries")
  meals <- of[of$term == "meal.cal", ]
  expect_identical(meals$group, c("male", "female", NA))
  by <- split(rows$meal.cal, rows$sex)
  expect_equal(meals$missing[1:2], unname(vapply(by, function(v) sum(is.na(v)), 0)))
  expect_equal(meals$mean, unname(c(vapply(by, mean, 0, na.rm = TRUE), mean(rows$meal.cal, na.rm = TRUE))))
  expect_equal(meals$sd, unname(c(vapply(by, sd, 0, na.rm = TRUE), sd(rows$meal.cal, na.rm = TRUE))))
  expect_equal(meals$q3[1:2], unname(vapply(by, quantile, 0, 0.75, na.rm = TRUE)))
  table <- table(rows$ecog, rows$sex)
  ecog <- of[of$term == "ecog" & !is.na(of$group), ]
  expect_equal(ecog$count, as.vector(table))
  expect_equal(ecog$proportion, as.vector(prop.table(table, 2)))
  expect_equal(of$missing[of$term == "ecog"][c(1, 5)], c(1, 0))
})

test_that("a group of one has a mean without a standard deviation", {
  of <- tidy(baseline_of(data.frame(g = c("a", "b", "b"), x = c(3, 5, 9)), g), "summaries")
  expect_equal(of$mean, c(3, 7))
  expect_equal(of$sd, c(NA, sd(c(5, 9))))
})
