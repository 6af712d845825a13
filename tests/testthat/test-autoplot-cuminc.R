test_that("the picture has a panel a cause and a staircase a group", {
  skip_if_not_installed("ggplot2")
  rows <- data.frame(
    time = c(1, 2, 3, 4, 1, 2, 3, 4),
    state = factor(c(1, 2, 1, 0, 2, 0, 1, 0), labels = c("alive", "relapse", "death")),
    arm = rep(c("old", "new"), each = 4)
  )
  x <- cumulative_incidence(Surv(time, state) ~ arm, rows, ref = "old")
  picture <- ggplot2::autoplot(x)
  built <- ggplot2::ggplot_build(picture)
  expect_equal(nrow(built$layout$layout), 2)
  line <- picture$data
  own <- line[line$group == "old" & line$cause == "relapse", ]
  # Relapses at 1 and 3: from 0 to 1/4, to 1/4 + 1/2 x 1/2, flat to the end.
  expect_equal(own$time, c(0, 1, 1, 3, 3, 4, 4))
  expect_equal(own$estimate, c(0, 0, 0.25, 0.25, 0.5, 0.5, 0.5))
  labels <- function(picture) unlist(lapply(ggplot2::ggplot_build(picture)$data, `[[`, "label"))
  expect_true(all(c("At risk: old", "At risk: new", "4") %in% labels(picture)))
  expect_false("At risk: old" %in% labels(ggplot2::autoplot(x, risk_table = FALSE)))
  one <- cumulative_incidence(Surv(time, state) ~ 1, rows)
  expect_s3_class(ggplot2::autoplot(one), "ggplot")
})

test_that("with delayed entry the curves start where the first patient enters", {
  skip_if_not_installed("ggplot2")
  state <- factor(rep_len(0:2, 80), labels = c("censored", "relapse", "death"))
  rows <- data.frame(from = rep(c(0, 3), 40), to = 4 + 1:80, state = state, arm = rep(c("A", "B"), 40))
  x <- suppressWarnings(cumulative_incidence(Surv(from, to, state) ~ arm, rows))
  drawn <- ggplot2::autoplot(x)$data
  expect_equal(as.vector(tapply(drawn$time, drawn$group, min)), c(0, 3))
})
