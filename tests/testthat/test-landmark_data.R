patients <- data.frame(
  time = c(2, 5, 9, 4, 8, 10, 7), status = c(1, 1, 1, 1, 1, 0, 0), pcr = c(NA, 0, 0, 1, 1, 1, 0),
  known = c(NA, 3, 3, 3, 2, 4, 3)
)
landmark <- function(rows, ...) landmarked(rows, landmarks = 3, ...)

test_that("the never assessed stay in, and an assessed patient without a response is dropped", {
  x <- landmark(patients)
  counted <- function(x) as.double(glance(x)[c("n", "events", "never_assessed", "n_dropped")])
  expect_equal(counted(x), c(7, 5, 1, 0))
  unknown <- transform(patients, pcr = replace(pcr, 7, NA))
  expect_equal(counted(landmark(unknown)), c(6, 5, 1, 1))
  expect_identical(x$groups, c("no pcr", "pcr"))
  refused(landmark(unknown, na.action = na.fail), "na.action", "data")
})

test_that("factors, logicals and 0/1 mean the same", {
  x <- landmark(patients)
  logical <- landmark(transform(patients, pcr = pcr == 1))
  named <- landmark(transform(patients, pcr = factor(pcr, labels = c("no pcr", "pcr"))))
  expect_equal(tidy(logical), tidy(x))
  expect_equal(tidy(named), tidy(x))
  text <- landmark(transform(patients, pcr = ifelse(pcr == 1, "a response", "none")), ref = "none")
  expect_equal(tidy(text)$estimate, tidy(x)$estimate)
})

test_that("one number for all stands for each, and who was gone before was never assessed", {
  rows <- transform(patients, known = 3)
  x <- landmark_survival(Surv(time, status) ~ pcr, rows, 3, landmarks = 3, R = 0)
  column <- transform(rows, known = ifelse(time < 3, NA, 3))
  expect_equal(tidy(x), tidy(landmark(column)))
  expect_identical(glance(x)$never_assessed, 1L)
})

test_that("a reference that sounds like the response is questioned", {
  rows <- transform(patients, pcr = factor(ifelse(pcr == 1, "pCR", "residual disease")))
  expect_warning(landmark(rows), "absence of response", class = "her2mod_warning_flipped")
  expect_no_warning(landmark(rows, ref = "residual disease"))
})

test_that("times that differ by rounding alone are one", {
  rows <- transform(patients, known = known / 10, time = time / 10)
  # 0.1 + 0.2 is not 0.3.
  x <- landmarked(rows, landmarks = 0.1 + 0.2)
  expect_equal(tidy(x, "counts")$n, tidy(landmark(patients), "counts")$n)
})

test_that("subset and strata work as in R's modelling functions", {
  rows <- simulate_responses(100, 3)
  x <- landmarked(rows, landmarks = 6, subset = centre == "A")
  y <- landmarked(rows[rows$centre == "A", ], landmarks = 6)
  expect_equal(tidy(x), tidy(y))
  bar <- landmark_survival(Surv(time, status) ~ pcr | centre, rows, known, landmarks = 6, R = 0)
  argument <- landmarked(rows, landmarks = 6, strata = centre)
  expect_equal(tidy(bar), tidy(argument))
})

test_that("bad response times are refused", {
  late <- transform(patients, known = ifelse(time == 4, 6, known))
  refused(landmark(late), "response_time", "data")
  refused(landmark(transform(patients, known = -known)), "response_time")
  refused(landmark(transform(patients, known = ifelse(known == 4, Inf, known))), "response_time")
  refused(landmark(transform(patients, known = as.character(known))), "response_time")
  without <- transform(patients, known = ifelse(pcr %in% 1, NA, known))
  refused(landmark(without), "response_time", "data")
  refused(landmark_survival(Surv(time, status) ~ pcr, patients, 4.5), "response_time", "data")
  refused(landmark_survival(Surv(time, status) ~ pcr, patients), "response_time")
  refused(landmark_survival(Surv(time, status) ~ pcr, patients, nowhere), "response_time")
  refused(landmark_survival(Surv(time, status) ~ pcr, patients, NA_real_), "response_time")
})

test_that("bad landmarks, windows and responses are refused", {
  given <- function(...) landmarked(patients, ...)
  refused(given(landmarks = c(3, 10)), "landmarks")
  refused(given(landmarks = -1), "landmarks")
  refused(given(landmarks = NA_real_), "landmarks")
  refused(given(landmarks = 3, tau = 100), "tau")
  refused(given(landmarks = 3, tau = 0), "tau")
  refused(given(conf.level = 1), "conf.level")
  refused(given(R = -1), "R")
  refused(landmark_survival(Surv(0 * time, time, status) ~ pcr, patients, known), "formula")
  refused(landmark_survival(Surv(time, status) ~ 1, patients, known), "formula")
  three <- transform(patients, pcr = factor(c("a", "b", "c", "a", "b", "c", "a")))
  refused(landmark(three), "pcr", "data")
  refused(landmark_survival(Surv(time, status + 1) ~ pcr, patients, known), "status + 1")
})
