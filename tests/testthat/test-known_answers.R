# Printed values of papers and manuals, and of other programs where no paper has enough digits: each
# with its source in fixtures/known_proportions.csv.
test_that("literature values of proportions and 2x2 tables", {
  known <- read.csv(test_path("fixtures", "known_proportions.csv"))
  for (i in seq_len(nrow(known))) {
    k <- known[i, ]
    value <- known_value(k$method, k$x1, k$n1, k$x2, k$n2, k$quantity)
    expect_known(value, as.double(k$expected), k$tol, k$tol_type, k$id, k$quantity, k$source)
  }
})

# Entries of area hostile, by id: here because a table of counts cannot say "error".
test_that("impossible tables are refused", {
  refused <- function(x, n) expect_error(compare_proportions(x, n), class = "her2mod_error_input")
  refused(c(0, 0), c(0, 0)) # hostile:fisher.allzero
  refused(c(-1, 2), c(4, 12)) # hostile:fisher.negative
  refused(c(1.5, 2), c(6.5, 12)) # hostile:fisher.noninteger
  refused(c(0, 1), c(0, 5)) # hostile:n0
})

# The entries of the file that a fixture row or a test covers are the same facts; the file may hold
# more, and newer ones.
test_that("every reference value of the shared collection that this package computes", {
  file <- known_answers_file()
  skip_if(length(file) == 0, "known_answers.R lies in no folder `shared` above the tests")
  known <- read_known_answers(file)
  mapped <- Filter(function(k) {
    # Half of all tables tied with the observed one is another convention of mid-p.
    (k$area %in% c("binom1", "prop2", "tab2x2") || k$area == "hostile") &&
      sub("[.](tab|prop)$", "", k$method) %in% names(known_methods)
  }, known)
  expect_gte(length(mapped), 60)
  for (k in mapped) {
    counts <- known_counts(k)
    method <- sub("[.](tab|prop)$", "", k$method)
    if (grepl("^error|or error", k$behaviour)) {
      if (is.na(counts$x2)) counts[c("x2", "n2")] <- list(1, 2)
      expect_error(
        compare_proportions(c(counts$x2, counts$x1), c(counts$n2, counts$n1)),
        class = "her2mod_error_input"
      )
      next
    }
    for (quantity in setdiff(names(k$expected), "p_two_half_ties")) {
      expected <- k$expected[[quantity]]
      # NA says "not checked" in the areas of values.
      if (is.na(expected) && k$area != "hostile") next
      value <- known_value(method, counts$x1, counts$n1, counts$x2, counts$n2, quantity)
      expect_known(value, expected, k$tol, k$tol_type, k$id, quantity, k$source)
    }
  }
  unmapped <- Filter(
    function(k) k$area %in% c("binom1", "prop2", "tab2x2"),
    known[setdiff(names(known), names(mapped))]
  )
  expect_length(unmapped, 0)
})
