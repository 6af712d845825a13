# From an entry of the reference collection to the row that answers it. Their tables' first row and first column
# are the other group's events, so the reference is the second row.
known_strata_rows <- new.env()
rows_of_table <- function(data) {
  env <- new.env()
  eval(parse(text = data), env)
  dimnames(env$tab) <- NULL
  tidy(compare_proportions(env$tab, ref = "group 2", outcome = 1))
}

# Several values are of one table.
known_strata_value <- function(method, data, quantity) {
  if (is.null(known_strata_rows[[data]])) known_strata_rows[[data]] <- rows_of_table(data)
  rows <- known_strata_rows[[data]]
  row <- function(term, method) rows[rows$term == term & rows$method == method, ]
  if (grepl("^or", quantity)) {
    own <- if (method == "cmh.exact") row("odds_ratio", "fisher-conditional") else row("odds_ratio", "robins-breslow-greenland")
    return(own[[switch(quantity, or = "estimate", or_lower = "conf.low", or_upper = "conf.high")]])
  }
  own <- switch(method,
    cmh = row("test", "cmh"), cmh.cc = row("test", "cmh-cc"), cmh.exact = row("test", "cmh-exact"),
    breslow.day = row("homogeneity", "breslow-day"), tarone = row("homogeneity", "tarone")
  )
  switch(quantity,
    chisq = if (own$term == "test") own$statistic^2 else own$statistic, p = own$p.value,
    # Their S counts the events of the first row.
    S = own$statistic
  )
}

# mantelhaen.test searches its conditional estimate with uniroot's default tolerance, so its sixth digit is wrong:
# 10.361024 for 10.361046.
known_strata_loose <- "cmh.exact:Rabbits or"

test_that("the conditional estimate is that of the enumerated tables, and mantelhaen.test's within its tolerance", {
  tab <- array(c(0, 0, 6, 5, 3, 0, 3, 6, 6, 2, 0, 4, 5, 6, 1, 0, 2, 5, 0, 0), c(2, 2, 5))
  value <- known_strata_value("cmh.exact", paste("tab <-", deparse1(tab)), "or")
  k <- list(x0 = tab[2, 1, ], n0 = colSums(tab[2, , ]), x1 = tab[1, 1, ], n1 = colSums(tab[1, , ]))
  expect_equal(value, naive_common_odds(k, 0.025)$estimate, tolerance = 1e-9)
  expect_equal(value, 10.361024, tolerance = 1e-5)
})

test_that("published analyses within strata", {
  known <- read.csv(test_path("fixtures", "known_strata.csv"))
  for (i in which(!paste(known$id, known$quantity) %in% known_strata_loose)) {
    k <- known[i, ]
    value <- known_strata_value(k$method, k$data, k$quantity)
    expect_known(value, k$expected, k$tol, k$tol_type, k$id, k$quantity, k$source)
  }
})

test_that("every reference value of the shared collection with area strata", {
  file <- known_answers_file()
  skip_if(length(file) == 0, "known_answers.R lies in no folder `shared` above the tests")
  known <- Filter(function(k) k$area == "strata", read_known_answers(file))
  expect_gte(length(known), 11)
  for (k in known) {
    for (quantity in names(k$expected)[!paste(k$id, names(k$expected)) %in% known_strata_loose]) {
      value <- known_strata_value(k$method, k$data, quantity)
      expect_known(value, k$expected[[quantity]], k$tol, k$tol_type, k$id, quantity, k$source)
    }
  }
})

test_that("hostile:cmh.stratum1: a stratum of one patient contributes nothing, and stays", {
  tab <- array(c(1, 0, 0, 0, 5, 3, 2, 6), c(2, 2, 2))
  x <- compare_proportions(tab, outcome = 1)
  expect_equal(x$estimates$statistic[x$estimates$method == "cmh"]^2, 2.142857142857, tolerance = 1e-10)
  expect_equal(nrow(x$strata), 2)
  alone <- compare_proportions(tab[, , 2, drop = FALSE], outcome = 1)
  expect_equal(x$estimates$conf.low, alone$estimates$conf.low)
  expect_match(format(x), "One group only, so these contribute nothing: stratum 1", all = FALSE)
})

test_that("hostile:bd.emptymargin: homogeneity of the informative strata, df reduced", {
  tab <- array(c(0, 0, 6, 5, 3, 0, 3, 6, 6, 2, 0, 4, 5, 6, 1, 0, 2, 5, 0, 0), c(2, 2, 5))
  x <- tidy(compare_proportions(tab))
  informative <- tidy(compare_proportions(tab[, , 2:4]))
  for (method in c("breslow-day", "tarone")) {
    expect_equal(x$df[x$method == method], 2)
    expect_equal(x$statistic[x$method == method], informative$statistic[informative$method == method])
  }
})

test_that("rows, counts and an array give the same", {
  rows <- data.frame(
    pcr = c(1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0), her2 = rep(c("3+", "mod"), 6),
    centre = rep(c("a", "b"), each = 6)
  )
  x <- compare_proportions(pcr ~ her2 | centre, rows)
  y <- compare_proportions(pcr ~ her2, rows, strata = centre)
  expect_equal(x$estimates, y$estimates)
  z <- compare_proportions(table(rows$her2, rows$pcr, rows$centre))
  expect_equal(x$estimates, z$estimates)
  counts <- as.data.frame(table(rows))
  expect_equal(compare_proportions(I(pcr == 1) ~ her2 | centre, counts, weights = Freq)$estimates, x$estimates)
  expect_equal(x$stratum_name, "centre")
  # The other way round: differences change sign, ratios turn over.
  back <- tidy(compare_proportions(pcr ~ her2 | centre, rows, ref = "mod"))
  at <- function(term, column, of) of[[column]][of$term == term]
  expect_equal(at("risk_difference", "conf.low", back), -at("risk_difference", "conf.high", x$estimates))
  expect_equal(at("odds_ratio", "conf.low", back), 1 / at("odds_ratio", "conf.high", x$estimates), tolerance = 1e-8)
  expect_equal(at("test", "p.value", back), at("test", "p.value", x$estimates))
})

test_that("one stratum gives what no strata give", {
  x <- compare_proportions(c(single = 6, dual = 13), c(49, 68))
  y <- tidy(compare_proportions(array(c(43, 55, 6, 13), c(2, 2, 1))))
  pairs <- list(
    c("risk_difference", "mee"), c("risk_difference", "miettinen-nurminen"), c("risk_ratio", "miettinen-nurminen"),
    c("odds_ratio", "fisher-conditional"), c("odds_ratio", "midp-conditional")
  )
  for (pair in pairs) {
    own <- y[y$term == pair[[1]] & y$method == pair[[2]], ]
    other <- x$estimates[x$estimates$term == pair[[1]] & x$estimates$method == pair[[2]], ]
    expect_equal(c(own$conf.low, own$conf.high, own$p.value), c(other$conf.low, other$conf.high, other$p.value),
      tolerance = 1e-7, info = paste(pair)
    )
  }
  woolf <- x$estimates[x$estimates$method == "woolf", ]
  for (method in c("robins-breslow-greenland", "inverse-variance")) {
    own <- y[y$term == "odds_ratio" & y$method == method, ]
    expect_equal(c(own$estimate, own$conf.low), c(woolf$estimate, woolf$conf.low))
  }
  test <- function(method) y$p.value[y$term == "test" & y$method == method]
  expect_equal(test("cmh"), x$estimates$p.value[x$estimates$method == "n-1"])
  expect_equal(test("cmh-exact"), x$estimates$p.value[x$estimates$method == "fisher"], tolerance = 1e-9)
  expect_equal(test("cmh-midp"), x$estimates$p.value[x$estimates$method == "fisher-midp"], tolerance = 1e-9)
})

test_that("one stratum, every small table, one-sided too", {
  pairs <- data.frame(
    term = rep(c("risk_difference", "risk_ratio", "odds_ratio", "test"), c(2, 1, 2, 2)),
    own = c(
      "mee", "miettinen-nurminen", "miettinen-nurminen", "fisher-conditional", "midp-conditional", "cmh-exact",
      "cmh-midp"
    ),
    other = c(
      "mee", "miettinen-nurminen", "miettinen-nurminen", "fisher-conditional", "midp-conditional", "fisher",
      "fisher-midp"
    )
  )
  for (alternative in c("two.sided", "greater")) for (n0 in 1:3) for (n1 in c(1, 4)) {
    for (x0 in 0:n0) for (x1 in 0:n1) {
      counts <- array(c(n0 - x0, n1 - x1, x0, x1), c(2, 2, 1))
      found <- tidy(compare_proportions(counts, alternative = alternative))
      peer <- tidy(compare_proportions(c(x0, x1), c(n0, n1), alternative = alternative, methods = unique(pairs$other)))
      found <- found[match(paste(pairs$term, pairs$own), paste(found$term, found$method)), ]
      peer <- peer[match(paste(pairs$term, pairs$other), paste(peer$term, peer$method)), ]
      expect_equal(found[c("estimate", "conf.low", "conf.high", "p.value")],
        peer[c("estimate", "conf.low", "conf.high", "p.value")],
        tolerance = 1e-6, ignore_attr = TRUE, info = paste(alternative, x0, n0, x1, n1)
      )
    }
  }
})

test_that("as mantelhaen.test of base R, in both directions", {
  set.seed(20250801)
  for (i in 1:6) {
    k <- random_strata(4, 20)
    tab <- strata_array(k)
    for (alternative in c("two.sided", "less", "greater")) {
      x <- tidy(compare_proportions(tab, alternative = alternative))
      p <- function(method) x$p.value[x$method == method & x$term == "test"]
      peer <- function(...) stats::mantelhaen.test(tab, alternative = alternative, ...)
      expect_equal(p("cmh"), peer(correct = FALSE)$p.value)
      # Below 1/2 mantelhaen.test corrects nothing, and p falls again; here the distance is then 0.
      score <- cmh_score(k)[["score"]]
      expect_equal(p("cmh-cc"), if (abs(score) >= 0.5) peer(correct = TRUE)$p.value else z_p_value(0, alternative))
      expect_equal(p("cmh-exact"), peer(exact = TRUE)$p.value, tolerance = 1e-6)
      mh <- peer(correct = FALSE)
      own <- x[x$method == "robins-breslow-greenland", ]
      expect_equal(c(own$estimate, own$conf.low, own$conf.high), c(unname(mh$estimate), as.vector(mh$conf.int)))
    }
  }
})

test_that("nobody has an event", {
  x <- tidy(compare_proportions(array(c(5, 4, 0, 0, 6, 3, 0, 0), c(2, 2, 2))))
  of <- function(term, column) unique(x[[column]][x$term == term])
  expect_equal(of("test", "p.value"), 1)
  expect_equal(of("risk_difference", "estimate")[[1]], 0)
  expect_true(all(is.na(x$estimate[x$term %in% c("odds_ratio", "risk_ratio")])))
  exact <- x[x$method %in% c("fisher-conditional", "midp-conditional"), ]
  expect_equal(c(exact$conf.low, exact$conf.high), c(0, 0, Inf, Inf))
  mn <- x[x$term == "risk_difference" & x$method == "miettinen-nurminen", ]
  expect_lt(mn$conf.low, 0)
  expect_gt(mn$conf.high, 0)
  # No table says anything: nothing speaks against one odds ratio.
  expect_equal(x$p.value[x$term == "homogeneity"], c(1, 1, 1))
})

test_that("what cannot be compared is refused", {
  refused <- function(x, ..., class = "her2mod_error_input") {
    expect_error(compare_proportions(x, ...), class = class)
  }
  refused(array(1, c(2, 3, 2)))
  refused(array(c(-1, rep(2, 7)), c(2, 2, 2)))
  refused(array(c(NA, rep(2, 7)), c(2, 2, 2)))
  refused(array(c(0.5, rep(2, 7)), c(2, 2, 2)))
  refused(array(1, c(2, 2, 2)), outcome = 3)
  refused(array(1, c(2, 2, 2)), methods = "newcombe")
  refused(array(c(1, 0, 1, 0), c(2, 2, 2)), class = "her2mod_error_data")
  never <- data.frame(y = c(1, 0, 1, 0), g = rep(c("a", "b"), each = 2), s = rep(c("u", "v"), each = 2))
  refused(y ~ g | s, data = never, class = "her2mod_error_data")
  refused(y ~ g | s, data = never, strata = s)
})

test_that("fifty centres of ten thousand patients are compared exactly too", {
  skip_on_cran()
  set.seed(3)
  n <- rep(5000, 50)
  p <- runif(50, 0.2, 0.6)
  k <- list(x0 = rbinom(50, n, p), n0 = n, x1 = rbinom(50, n, plogis(qlogis(p) + 0.05)), n1 = n)
  x <- tidy(compare_proportions(strata_array(k)))
  # With counts as large as these the exact and the asymptotic way meet.
  at <- function(method) x$conf.low[x$method == method & x$term == "odds_ratio"]
  expect_equal(at("midp-conditional"), at("robins-breslow-greenland"), tolerance = 1e-5)
})
