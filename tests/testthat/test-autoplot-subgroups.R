# The forest plot reads tidy() and draws one row a subgroup.

skip_if_not_installed("ggplot2")

layers_of <- function(plot, geom) Filter(function(layer) inherits(layer$geom, geom), plot$layers)

test_that("two rows: a square each, texts on both sides", {
  found <- subgroup_effects(cbind(pcr, n - pcr) ~ therapy, zhang_counts(), c(HER2 = "her2"), "odds_ratio")
  plot <- ggplot2::autoplot(found)
  built <- ggplot2::ggplot_build(plot)
  points <- built$data[[which(vapply(plot$layers, function(layer) inherits(layer$geom, "GeomPoint"), NA))]]
  expect_equal(10^points$x, tidy(found)$estimate)
  # Areas are as the information.
  expect_equal((points$size / points$size[[1]])^2, tidy(found)$information / tidy(found)$information[[1]])
  text <- forest_text(forest_rows(tidy(found), 1), c("single", "dual"), TRUE, 0.95)
  expect_true(any(grepl("58/92 +74/160 +1.98", text$right)))
  expect_true(any(grepl("interaction p = 0.518", text$right)))
  expect_identical(trimws(text$left), c("", "All patients", "3+", "2+ISH+", "HER2"))
  expect_match(plot$labels$x, "Odds ratio, dual over single \\(log axis\\)")
  expect_silent(ggplot2::ggplotGrob(plot))
})

test_that("an interval that goes on has an arrowhead", {
  counts <- counts_of(c(40, 0, 20), c(80, 4, 50), c(50, 3, 26), c(80, 5, 50))
  found <- subgroup_effects(cbind(event, n - event) ~ therapy, counts, "her2", "odds_ratio")
  rows <- forest_rows(tidy(found), 1)
  axis <- forest_axis(rows, TRUE, NULL)
  shown <- forest_clip(rows, axis)
  expect_true(shown$cut_high[shown$level == "b"])
  expect_false(any(shown$cut_high[shown$level != "b"]))
  expect_true(all(shown$low >= axis[[1]] & shown$high <= axis[[2]]))
  expect_match(ggplot2::autoplot(found)$labels$caption, "Arrowhead")
  narrow <- ggplot2::autoplot(found, limits = c(0.9, 1.2))
  expect_silent(ggplot2::ggplotGrob(narrow))
  expect_error(ggplot2::autoplot(found, limits = c(0, 2)), class = "her2mod_error_input")
})

test_that("differences are in percentage points, and many rows stay apart", {
  gbsg <- survival::gbsg
  gbsg$age_group <- cut(gbsg$age, c(0, 40, 50, 60, Inf))
  gbsg$nodes_group <- cut(gbsg$nodes, c(0, 3, 9, Inf))
  gbsg$early <- gbsg$rfstime < 730 & gbsg$status == 1
  found <- subgroup_effects(early ~ hormon, gbsg, c("grade", "age_group", "nodes_group", "meno"))
  rows <- forest_rows(tidy(found), 100)
  expect_equal(rows$estimate, 100 * tidy(found)$estimate)
  text <- forest_text(rows, c("0", "1"), FALSE, 0.95)
  expect_false(anyDuplicated(text$y) > 0)
  expect_equal(nrow(text), nrow(rows) + 5)
  expect_match(ggplot2::autoplot(found)$labels$x, "percentage points")
})

test_that("simulated data are called so in the caption", {
  counts <- zhang_counts()
  class(counts) <- c("her2_simulated", class(counts))
  found <- subgroup_effects(cbind(pcr, n - pcr) ~ therapy, counts, "her2")
  expect_match(ggplot2::autoplot(found)$labels$caption, "simulated data")
})

test_that("an effect without an interval is written so, and without any effect there is still a picture", {
  cohort <- simulate_cohort(60, seed = 9)
  found <- suppressWarnings(subgroup_effects(Surv(time, status) ~ therapy, cohort, "her2", "rmst_difference"))
  rows <- forest_rows(tidy(found), 1)
  expect_match(forest_text(rows, found$groups, FALSE, 0.95)$right[[4]], "0/8 +0/3 +0.0 \\(no interval\\)")
  cohort$status[] <- 0L
  none <- suppressWarnings(subgroup_effects(Surv(time, status) ~ therapy, cohort, "her2"))
  expect_no_warning(ggplot2::ggplot_build(ggplot2::autoplot(none)))
})
