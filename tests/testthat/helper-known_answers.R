# From an entry of the reference collection to the package's call. The sources' effects are of group
# 1 against group 2, so group 2 is the reference, and their "less" says p1 < p2.

# source's method -> term, method
known_methods <- list(
  "binom.wilson" = c("proportion", "wilson"),
  "binom.wilson.cc" = c("proportion", "wilson-cc"),
  "binom.clopper.pearson" = c("proportion", "clopper-pearson"),
  "binom.midp" = c("proportion", "midp"),
  "rd.wald" = c("risk_difference", "wald"),
  "rd.agresti.caffo" = c("risk_difference", "agresti-caffo"),
  "rd.newcombe" = c("risk_difference", "newcombe"),
  "rd.newcombe.cc" = c("risk_difference", "newcombe-cc"),
  "rd.mn" = c("risk_difference", "miettinen-nurminen"),
  "rd.mee" = c("risk_difference", "mee"),
  "rr.score" = c("risk_ratio", "koopman"),
  "or.mn" = c("odds_ratio", "miettinen-nurminen"),
  "or.woolf" = c("odds_ratio", "woolf"),
  "or.cond.exact" = c("odds_ratio", "fisher-conditional"),
  "fisher" = c("test", "fisher"),
  "fisher.midp" = c("test", "fisher-midp"),
  "barnard.z.pooled" = c("test", "barnard"),
  "barnard.z.unpooled" = c("test", "barnard-unpooled"),
  "boschloo" = c("test", "boschloo")
)

known_value <- function(method, x1, n1, x2, n2, quantity) {
  where <- known_methods[[method]]
  # Limits and estimate of the odds ratio that go with Fisher's test.
  if (method == "fisher" && quantity %in% c("or", "lower", "upper")) {
    where <- known_methods$or.cond.exact
  }
  if (where[[1]] == "proportion") {
    # One group only: any other one beside it.
    x2 <- 1
    n2 <- 2
  }
  alternative <- switch(quantity, p_less = "less", p_greater = "greater", "two.sided")
  rows <- tidy(compare_proportions(c(two = x2, one = x1), c(n2, n1),
    methods = where[[2]], alternative = alternative
  ))
  row <- rows[rows$term == where[[1]] & rows$group %in% c(NA, "one"), ]
  stopifnot(nrow(row) == 1)
  column <- switch(quantity,
    lower = "conf.low", upper = "conf.high", mle = , or = "estimate", stat = "statistic",
    p_two = , p_less = , p_greater = , p_two_half_obs = "p.value"
  )
  row[[column]]
}

expect_known <- function(value, expected, tol, tol_type, id, quantity, source) {
  allowed <- if (tol_type == "rel") tol * abs(expected) else tol
  good <- if (is.finite(expected)) {
    isTRUE(abs(value - expected) <= allowed)
  } else {
    identical(value, expected)
  }
  testthat::expect(good, sprintf(
    "%s %s: %.12g, expected %.12g within %g (%s)", id, quantity, value, expected, allowed, source
  ))
}

# The collection lies outside the package, in a folder `shared` beside or above the source tree.
known_answers_file <- function() {
  above <- vapply(1:9, function(i) paste(rep("..", i), collapse = "/"), "")
  places <- file.path(
    c(Sys.getenv("HER2MOD_SHARED"), file.path(above, "shared")), "known_answers.R"
  )
  utils::head(places[file.exists(places)], 1)
}

read_known_answers <- function(file) {
  env <- new.env()
  sys.source(file, env)
  env$known_answers
}

# Counts of an entry, from the R code that defines its data.
known_counts <- function(entry) {
  env <- new.env()
  eval(parse(text = entry$data), env)
  if (!is.null(env$tab)) {
    return(
      list(x1 = env$tab[1, 1], n1 = sum(env$tab[1, ]), x2 = env$tab[2, 1], n2 = sum(env$tab[2, ]))
    )
  }
  if (!is.null(env$x)) return(list(x1 = env$x, n1 = env$n, x2 = NA, n2 = NA))
  as.list(env)[c("x1", "n1", "x2", "n2")]
}
