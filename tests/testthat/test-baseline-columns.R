test_that("a column is named as a string, bare, or by a formula", {
  rows <- few_patients()
  named <- "g"
  one <- tidy(baseline_of(rows, "g"))
  expect_equal(tidy(baseline_of(rows, g)), one)
  expect_equal(tidy(baseline_of(rows, ~g)), one)
  expect_equal(tidy(baseline_of(rows, named)), one)
  names(rows)[[2]] <- "tumour size (mm)"
  two <- baseline_of(rows, g, ~ `tumour size (mm)` + hr)
  expect_identical(tidy(two)$term, c("tumour size (mm)", "hr"))
  expect_error(baseline_of(rows, g, ~ log(hr)), class = "her2mod_error_input")
})

test_that("types follow the column, and types =", {
  type <- function(x) default_type(x)
  expect_identical(type(c(0, 1, NA)), "binary")
  expect_identical(type(c(1, 2)), "continuous")
  expect_identical(type(c(NA_real_, NA)), "continuous")
  expect_identical(type(c("a", "b", NA)), "binary")
  expect_identical(type(factor(1:3)), "categorical")
  expect_identical(type(ordered(1:3)), "ordered")
  expect_identical(type(ordered(1:2)), "binary")
  expect_identical(type(NA), "binary")
  expect_identical(type(as.difftime(1:3, units = "days")), "continuous")
  rows <- few_patients()
  rows$stage <- rep(1:3, 4)
  found <- baseline_of(rows, g, "stage", types = c(stage = "categorical"))
  expect_identical(tidy(found)$type, "categorical")
  expect_equal(tidy(found)$p.value, tidy(baseline_of(transform(rows, stage = factor(stage)), g, "stage"))$p.value)
})

test_that("labels come from labels =, else from the column", {
  rows <- few_patients()
  attr(rows$size, "label") <- "Size, mm"
  attr(rows$hr, "label") <- "Hormone receptor"
  # Dropping rows without a group keeps them.
  rows <- rbind(rows, transform(rows[1, ], g = NA))
  attr(rows$size, "label") <- "Size, mm"
  attr(rows$hr, "label") <- "Hormone receptor"
  expect_identical(tidy(baseline_of(rows, g, c("size", "hr"), labels = c(hr = "HR+")))$label, c("Size, mm", "HR+"))
  expect_identical(tidy(baseline_of(rows, g, "site"))$label, "site")
})

test_that("identifiers and texts of many values are left out, and asked for refused", {
  rows <- data.frame(g = rep(c("a", "b"), 150), id = paste0("P", 1:300), x = 1:300)
  expect_warning(found <- baseline_of(rows, g), class = "her2mod_warning_left_out")
  expect_identical(tidy(found)$term, "x")
  expect_error(baseline_of(rows, g, "id"), class = "her2mod_error_input")
  suppressWarnings(expect_error(baseline_of(rows[c("g", "id")], g), class = "her2mod_error_data"))
  rows$`od{d}` <- as.list(1:300)
  expect_error(baseline_of(rows, g, "od{d}"), "a list", class = "her2mod_error_input")
})

test_that("missing values can be a level", {
  rows <- few_patients()
  rows$site[c(1, 8, 9)] <- NA
  found <- baseline_of(rows, g, "site", missing = "category")
  of <- tidy(found, "summaries")
  expect_identical(of$count[of$level == "Missing"], c(1, 2))
  expect_identical(unique(of$n), 6)
  expect_false(any(grepl("missing, n", format(found))))
  shown <- baseline_of(rows, g, "site")
  expect_identical(unique(tidy(shown, "summaries")$n), c(5, 4))
  expect_true(any(grepl("missing, n +1 +2", format(shown))))
})
