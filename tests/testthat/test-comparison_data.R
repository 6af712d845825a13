counts <- function(compared) group_counts(compared$cells, compared$groups)

ref_first <- data.frame(group = c("ref", "oth"), x = c(2, 3), n = c(5, 4))
rows <- patient_rows(2, 5, 3, 4)

test_that("every coding of a binary response gives the same counts, and says what the event is", {
  # logical, 0/1 in integers and doubles, a factor whose second level is the event
  for (response in list(rows$y == 1, as.integer(rows$y), as.double(rows$y))) {
    rows$y <- response
    compared <- rows_of(y ~ g, rows)
    expect_equal(counts(compared), ref_first)
    expect_identical(compared$event, "y")
  }
  rows$pcr <- factor(ifelse(rows$y == 1, "yes", "no"), levels = c("no", "yes"))
  compared <- rows_of(pcr ~ g, rows)
  expect_equal(counts(compared), ref_first)
  expect_identical(compared$event, "pcr = yes")
  rows$pcr <- factor(rows$pcr, levels = c("yes", "no"))
  compared <- rows_of(pcr ~ g, rows)
  expect_equal(counts(compared)$x, c(3, 1))
  expect_identical(compared$event, "pcr = no")
  # an expression that makes the event explicit
  expect_equal(counts(rows_of(pcr == "yes" ~ g, rows)), ref_first)
})

test_that("other codings are never guessed", {
  for (bad in list(
    rows$y + 1, ifelse(rows$y == 1, "yes", "no"), factor(rep(c("a", "b", "c"), 3)), rows$y / 2,
    rep(9, 9)
  )) {
    rows$bad <- bad
    refused(rows_of(bad ~ g, rows), "bad")
  }
  # three levels of which two occur: which of them is the event?
  rows$bad <- factor(rows$y, levels = c(0, 1, 2))
  refused(rows_of(bad ~ g, rows), "bad")
})

test_that("aggregated counts are patients", {
  table <- data.frame(
    g = factor(c("ref", "oth"), levels = c("ref", "oth")), e = c(2, 3), n = c(5, 4)
  )
  expect_equal(counts(rows_of(cbind(e, n - e) ~ g, table)), ref_first)
  expect_identical(rows_of(cbind(e, n - e) ~ g, table)$event, "e")
  # several rows a group add up; a weight repeats its row
  twice <- rbind(table, table)
  expect_equal(counts(rows_of(cbind(e, n - e) ~ g, twice))$n, c(10, 8))
  expect_equal(
    counts(rows_of(cbind(e, n - e) ~ g, table, weights = c(3, 1))),
    transform(ref_first, x = c(6, 3), n = c(15, 4))
  )
  refused(rows_of(cbind(e, n - e) ~ g, transform(table, e = c(6, 3))), "formula")
  refused(rows_of(cbind(e, n - e) ~ g, transform(table, e = c(1.5, 3))), "formula")
})

test_that("weights are whole numbers of patients", {
  table <- as.data.frame(table(g = rows$g, y = rows$y), responseName = "w")
  table$y <- as.integer(as.character(table$y))
  expect_equal(counts(rows_of(y ~ g, table, weights = w)), ref_first)
  # a weight of 0 is no patient
  expect_equal(
    counts(rows_of(y ~ g, rbind(rows, rows[1, ]), weights = rep(1:0, c(9, 1)))), ref_first
  )
  for (bad in list(0.5, -1, Inf, NA)) {
    refused(rows_of(y ~ g, rows, weights = c(bad, rep(1, 8)), na.action = na.pass), "weights")
  }
  refused(rows_of(y ~ g, rows, weights = rep("1", 9)), "weights")
})

test_that("groups: first level, sorted characters, numbers, logicals, and ref", {
  expect_identical(rows_of(y ~ g, rows)$groups, c("ref", "oth"))
  rows$g <- as.character(rows$g)
  expect_identical(rows_of(y ~ g, rows)$groups, c("oth", "ref"))
  compared <- rows_of(y ~ g, rows, ref = "ref")
  expect_identical(compared$groups, c("ref", "oth"))
  expect_equal(counts(compared), ref_first)
  rows$dual <- rows$g == "oth"
  expect_identical(rows_of(y ~ dual, rows)$groups, c("FALSE", "TRUE"))
  rows$arm <- ifelse(rows$dual, 2, 10)
  expect_identical(rows_of(y ~ arm, rows)$groups, c("2", "10"))
  expect_identical(rows_of(y ~ arm, rows, ref = 10)$groups, c("10", "2"))
  # an expression as group
  expect_identical(rows_of(y ~ g == "oth", rows)$groups, c("FALSE", "TRUE"))
  refused(rows_of(y ~ g, rows, ref = "nobody"), "ref")
  refused(rows_of(y ~ g, rows, ref = NA), "ref")
})

test_that("exactly two groups with patients", {
  # unused levels are no groups
  rows$g <- factor(rows$g, levels = c("never", "ref", "nor this", "oth"))
  expect_equal(counts(rows_of(y ~ g, rows)), ref_first)
  three <- rbind(rows, data.frame(g = "never", y = 0))
  refused(rows_of(y ~ g, three), "g", "data")
  expect_equal(counts(rows_of(y ~ g, three, subset = g != "never")), ref_first)
  refused(rows_of(y ~ g, rows, subset = g == "ref"), "g", "data")
  expect_error(rows_of(y ~ g, rows, weights = as.double(g == "ref")), class = "her2mod_error_data")
  # an age is no grouping
  rows$age <- seq(40.5, by = 1, length.out = 9)
  many <- data.frame(y = rep(0:1, 6), age = 40 + 1:12)
  refused(rows_of(y ~ age, many), "age")
})

test_that("missing values are dropped as na.action says, and counted", {
  rows$y[1] <- NA
  rows$g[9] <- NA
  compared <- rows_of(y ~ g, rows)
  expect_equal(compared$n_dropped, 2)
  expect_equal(counts(compared), transform(ref_first, x = c(1, 3), n = c(4, 3)))
  expect_equal(rows_of(y ~ g, rows, na.action = "na.omit")$n_dropped, 2)
  # columns that the formula does not use do not drop rows
  rows$other <- NA
  expect_equal(rows_of(y ~ g, rows)$n_dropped, 2)
  expect_error(rows_of(y ~ g, rows, na.action = na.fail))
  # kept missing values have no meaning
  refused(rows_of(y ~ g, rows[-9, ], na.action = na.pass), "y", "data")
  refused(rows_of(y ~ g, rows[-1, ], na.action = na.pass), "g", "data")
  rows$s <- c(NA, rep("a", 8))
  refused(rows_of(y ~ g, rows[2:8, ], strata = c(NA, s[-1]), na.action = na.pass), "strata", "data")
  expect_error(rows_of(y ~ g, rows, subset = y > 5), class = "her2mod_error_data")
  expect_error(rows_of(y ~ g, transform(rows, y = NA_real_)), class = "her2mod_error_data")
})

test_that("strata after the bar and as an argument are the same", {
  centres <- centre_rows(list(a = c(1, 3, 2, 2), b = c(4, 6, 1, 5)))
  by_bar <- rows_of(y ~ g | centre, centres)
  expect_identical(by_bar, rows_of(y ~ g, centres, strata = centre))
  expect_identical(by_bar$strata, c("a", "b"))
  expect_equal(
    by_bar$cells, data.frame(
      stratum = c(0, 0, 1, 1), group = c(0, 1, 0, 1), x = c(1, 2, 4, 1), n = c(3, 2, 6, 5)
    )
  )
  expect_equal(counts(by_bar), data.frame(group = c("ref", "oth"), x = c(5, 3), n = c(9, 7)))
  refused(rows_of(y ~ g | centre, centres, strata = centre), "strata")
  # two variables need interaction(): a + b would add numbers, or give missing values for factors
  centres$b <- rep(0:1, 8)
  refused(rows_of(y ~ g | centre + b, centres), "formula")
  expect_length(rows_of(y ~ g | interaction(centre, b), centres)$strata, 4)
  # a stratum may lack a group
  lone <- rbind(centres[1:2], data.frame(g = "ref", y = 1))
  lone$centre <- c(centres$centre, "c")
  expect_equal(nrow(rows_of(y ~ g | centre, lone)$cells), 5)
})

test_that("formulas that are not one comparison are refused", {
  refused(rows_of(~g, rows), "formula")
  refused(rows_of("y ~ g", rows), "formula")
  refused(rows_of(y ~ 1, rows), "formula")
  rows$h <- rows$g
  for (formula in list(y ~ g + h, y ~ g * h, y ~ g:h, y ~ g / h, y ~ g - h, y ~ .)) {
    refused(rows_of(formula, rows), "formula")
  }
  refused(rows_of(y ~ nowhere, rows), "formula")
  refused(rows_of(y ~ g, as.matrix(rows)), "data")
})

test_that("variables are found in the data first, then where the formula was written", {
  outside <- rows$y
  local({
    picked <- rows$g
    expect_equal(counts(rows_of(outside ~ picked, NULL)), ref_first)
  })
  y <- rep(0, 9)
  expect_equal(counts(rows_of(y ~ g, rows)), ref_first)
  wanted <- "ref"
  expect_error(rows_of(y ~ g, rows, subset = g == wanted), class = "her2mod_error_data")
})

test_that("a tibble is a data frame", {
  skip_if_not_installed("tibble")
  expect_identical(rows_of(y ~ g, tibble::as_tibble(rows)), rows_of(y ~ g, rows))
})

test_that("the core gets one row a cell, or one a patient", {
  cells <- data.frame(
    stratum = c(0, 0, 1, 1), group = c(0, 1, 0, 1), x = c(1, 2, 4, 0), n = c(3, 2, 6, 5)
  )
  short <- core_cohort(cells)
  expect_identical(short$frequency, c(1, 2, 2, 4, 2, 5))
  expect_identical(short$response, c(1, 0, 1, 1, 0, 0))
  expect_identical(short$group, c(0L, 0L, 1L, 0L, 0L, 1L))
  expect_identical(short$stratum, c(0L, 0L, 0L, 1L, 1L, 1L))
  expect_identical(short[c("n_groups", "n_strata")], list(n_groups = 2L, n_strata = 2L))
  long <- core_cohort(cells, expand = TRUE)
  expect_length(long$group, 16)
  expect_null(long$frequency)
  expect_null(core_cohort(cells[1:2, ])$stratum)
  expect_identical(
    as.vector(table(long$stratum, long$group, long$response)),
    # stratum, group, response by hand: non-events, then events
    c(2L, 2L, 0L, 5L, 1L, 4L, 2L, 0L)
  )
})

numbers <- number_rows(c(3, 1, 2, 2, 5), c(4, 4, 6, 1))

test_that("a numeric endpoint keeps its rows, and says which rows of the data they are", {
  compared <- rows_of(y ~ g, numbers, subset = y < 6, endpoint = "numeric")
  expect_identical(compared$rows$row, setdiff(1:9, 8L))
  expect_identical(compared$rows$response, numbers$y[-8])
  expect_identical(compared$rows$group, rep(0:1, c(5, 3)))
  expect_equal(compared$cells$n, c(5, 3))
  expect_true(all(is.na(compared$cells$x)))
  expect_identical(compared$endpoint, "numeric")
  # subset as row numbers, and as a condition on a column that the formula does not use
  numbers$site <- rep(c("x", "y", "z"), 3)
  by_number <- rows_of(y ~ g, numbers, subset = c(1, 2, 4, 5, 7, 8), endpoint = "numeric")
  expect_identical(rows_of(y ~ g, numbers, subset = site != "z", endpoint = "numeric"), by_number)
  expect_identical(by_number$rows$row, c(1L, 2L, 4L, 5L, 7L, 8L))
})

test_that("rows of weight 0 are gone, and a group of such rows is empty", {
  weight <- c(2, 0, 1, 1, 1, 0, 3, 1, 1)
  compared <- rows_of(y ~ g, numbers, weights = weight, endpoint = "numeric")
  expect_identical(compared$rows$row, c(1L, 3L, 4L, 5L, 7L, 8L, 9L))
  expect_equal(compared$cells$n, c(5, 5))
  expect_error(
    rows_of(y ~ g, numbers, weights = rep(1:0, c(5, 4)), endpoint = "numeric"),
    class = "her2mod_error_data"
  )
  # missing weights are missing values
  weight[3] <- NA
  expect_identical(rows_of(y ~ g, numbers, weights = weight, endpoint = "numeric")$n_dropped, 1L)
})

test_that("several groups are read where they are allowed", {
  three <- data.frame(y = 1:6, g = factor(c("b", "a", "c"), levels = c("d", "c", "a", "b")))
  read <- function(...) rows_of(y ~ g, three, endpoint = "numeric", ...)
  compared <- read(n_groups = c(2, Inf))
  # an unused level is no group
  expect_identical(compared$groups, c("c", "a", "b"))
  expect_identical(compared$rows$group, c(2L, 1L, 0L, 2L, 1L, 0L))
  moved <- read(n_groups = c(2, Inf), ref = "b")
  expect_identical(moved$groups, c("b", "c", "a"))
  expect_identical(moved$rows$group, c(0L, 2L, 1L, 0L, 2L, 1L))
  refused(read(), "g", "data")
  refused(read(n_groups = c(2, Inf), ref = "d"), "ref")
  refused(rows_of(y ~ g, three[c(1, 4), ], endpoint = "numeric", n_groups = c(2, Inf)), "g", "data")
  # one sample only where it is allowed; then nobody has a group
  refused(rows_of(y ~ 1, three, endpoint = "numeric"), "formula")
  one <- rows_of(y ~ 1, three, endpoint = "custom", n_groups = c(1, Inf))
  expect_identical(one$groups, "all")
  expect_identical(one$rows$group, rep(0L, 6))
  expect_null(one$group_name)
})

test_that("groups may be characters, logicals or a few numbers: in their order, not as text", {
  other <- numbers$g == "oth"
  cases <- list(
    list(group = ifelse(other, "p", "n"), levels = c("n", "p")),
    list(group = other, levels = c("FALSE", "TRUE")),
    list(group = ifelse(other, 10, 9), levels = c("9", "10")),
    list(group = ifelse(other, 10L, -9L), levels = c("-9", "10")),
    list(group = factor(ifelse(other, "a", "z"), c("z", "y", "a")), levels = c("z", "a"))
  )
  for (case in cases) {
    numbers$h <- case$group
    compared <- rows_of(y ~ h, numbers, endpoint = "numeric")
    expect_identical(compared$groups, case$levels)
    expect_identical(compared$rows$group, as.integer(other))
    turned <- rows_of(y ~ h, numbers, endpoint = "numeric", ref = case$levels[[2]])
    expect_identical(turned$rows$group, as.integer(!other))
  }
  # a measurement is no group
  refused(rows_of(g ~ y, data.frame(y = 1:12 / 7, g = 0:1)), "y")
})

test_that("labels are those of as.factor(), whatever they are made of", {
  set.seed(9)
  many <- sample(c(rep(c(3, 1), 2000), 2))
  for (labels in list(
    c("b", "a", "B", "", "b"), c(TRUE, FALSE, TRUE), c(10, 9, -1, 9), c(10L, 9L, -1L, 9L),
    # as text one number, and one beyond the first thousand rows
    c(0.3, 0.1 + 0.2, 1), many, as.integer(many), as.character(many), c(many, 5:2000),
    c(x = "b", y = "a"), factor(c("z", "a", "z"), c("z", "never", "a")), ordered(c(2, 1), 2:1),
    addNA(factor(c("a", NA))), as.Date("2024-02-01") - 0:3,
    as.POSIXct("2024-02-01", tz = "UTC") + c(9, 5)
  )) {
    read <- read_labels(labels)
    known <- droplevels(as.factor(labels))
    expect_identical(read$levels, levels(known))
    expect_identical(level_codes(read), as.integer(known) - 1L)
    expect_identical(level_codes(read, rev(read$levels)), nlevels(known) - as.integer(known))
  }
})

test_that("nothing missing is nothing dropped, whoever says how", {
  own <- function(data) stats::na.omit(data)
  expected <- rows_of(y ~ g, numbers, endpoint = "numeric", na.action = own)
  for (action in list(na.omit, "na.omit", na.exclude, na.fail, na.pass, NULL)) {
    expect_identical(rows_of(y ~ g, numbers, endpoint = "numeric", na.action = action), expected)
  }
  # a factor's missing values are missing, too, and the last of its kind
  numbers$g[3] <- NA
  expected <- rows_of(y ~ g, numbers, endpoint = "numeric", na.action = own)
  expect_identical(expected$n_dropped, 1L)
  expect_identical(rows_of(y ~ g, numbers, endpoint = "numeric"), expected)
  expect_error(
    rows_of(y ~ g, numbers, endpoint = "numeric", na.action = na.fail), class = "her2mod_error_data"
  )
  # it may drop more than what is missing
  last <- function(data) data[4:9, ]
  expect_identical(rows_of(y ~ g, numbers, endpoint = "numeric", na.action = last)$rows$row, 4:9)
})

test_that("clusters are read as codes, lie within one stratum, and may hold several groups", {
  numbers$site <- c("k", "k", "b", "b", "m", "m", "k", "b", "b")
  compared <- rows_of(y ~ g, numbers, cluster = site, endpoint = "numeric")
  expect_identical(compared$clusters, c("b", "k", "m"))
  expect_identical(compared$rows$cluster, c(1L, 1L, 0L, 0L, 2L, 2L, 1L, 0L, 0L))
  numbers$half <- rep(c("first", "second"), c(4, 5))
  error <- expect_error(
    rows_of(y ~ g | half, numbers, cluster = site, endpoint = "numeric"),
    class = "her2mod_error_data"
  )
  expect_identical(error$arg, "cluster")
  expect_match(cli::ansi_strip(conditionMessage(error)), "\"b\" and \"k\" have rows in several")
  apart <- rows_of(y ~ g | half, numbers, cluster = interaction(half, site), endpoint = "numeric")
  expect_length(apart$clusters, 5)
  # a missing cluster drops the row, or is an error where it is kept
  numbers$site[2] <- NA
  expect_identical(rows_of(y ~ g, numbers, cluster = site, endpoint = "numeric")$n_dropped, 1L)
  refused(
    rows_of(y ~ g, numbers, cluster = site, endpoint = "numeric", na.action = na.pass),
    "cluster", "data"
  )
  # a cluster whose rows have weight 0 is no cluster, and may lie anywhere
  numbers$site[2] <- "k"
  weighted <- rows_of(y ~ g, numbers, cluster = site, endpoint = "numeric",
    weights = c(1, 1, 1, 1, 0, 0, 1, 1, 1)
  )
  expect_identical(boot_cohort(weighted)$n_clusters, 2L)
})

test_that("a tibble is a data frame, for numbers, clusters and custom statistics too", {
  skip_if_not_installed("tibble")
  numbers$site <- rep(1:3, 3)
  tibble <- tibble::as_tibble(numbers)
  for (endpoint in c("numeric", "categorical", "custom")) {
    expect_identical(
      rows_of(y ~ g, tibble, cluster = site, weights = site, endpoint = endpoint),
      rows_of(y ~ g, numbers, cluster = site, weights = site, endpoint = endpoint)
    )
  }
  quiet <- function(...) suppressWarnings(boot_ci(..., R = 99, seed = 1), "her2mod_warning")
  mean_of <- stat_custom(function(data, weights) sum(weights * data$y) / sum(weights))
  expect_identical(
    tidy(quiet(y ~ 1, tibble, mean_of)), tidy(quiet(y ~ 1, numbers, mean_of))
  )
})

test_that("a variable's name as text is refused, not taken for one stratum", {
  d <- data.frame(y = c(1:9, 12), g = rep(1:2, 5), f = rep(c("a", "b"), each = 5), e = rep(1:0, 5))
  for (name in c("strata", "cluster", "weights")) {
    given <- stats::setNames(list(y ~ g, d, "mean_difference", "f"), c("formula", "data", "statistic", name))
    error <- expect_error(do.call(perm_test, given), "not its name as text", class = "her2mod_error_input")
    expect_identical(error$arg, name)
  }
  expect_error(cox_regression(Surv(y, e) ~ g, d, cluster = "f"), "cluster = f", class = "her2mod_error_input")
  d$o <- factor(d$g, ordered = TRUE)
  expect_error(perm_test(o ~ f, d, "win_probability"), "as.integer\\(o\\)", class = "her2mod_error_input")
  d$many <- letters[1:10]
  expect_error(perm_test(y ~ many, d, "mean_difference"), '"f", ...', fixed = TRUE)
})
