test_that("errors carry a class for the kind, the parent class, their fields and the caller", {
  door <- function(x) abort_input(c("{.arg x} is {.val {x}}.", i = "Give 1."), arg = "x", value = x)
  error <- expect_error(door(2), class = "her2mod_error_input")
  expect_s3_class(error, "her2mod_error")
  expect_s3_class(error, "rlang_error")
  expect_identical(error$arg, "x")
  expect_identical(error$value, 2)
  expect_identical(error$call, quote(door(2)))

  expect_error(abort_data("no rows"), class = "her2mod_error_data")
  error <- expect_error(abort_her2("lost", "numeric", share = 0.2), class = "her2mod_error_numeric")
  expect_s3_class(error, "her2mod_error")
  expect_identical(error$share, 0.2)
})

test_that("warnings carry a class for the kind, the parent class and their fields", {
  warning <- expect_warning(
    warn_her2("few events", "degenerate", failures = 3), class = "her2mod_warning_degenerate"
  )
  expect_s3_class(warning, "her2mod_warning")
  expect_identical(warning$failures, 3)
})

# Rcpp gives a C++ exception the name of its C++ type as a class.
test_that("exceptions of the core get the package's classes and keep their words", {
  thrown <- function(type, text = "A count {is} odd.") {
    stop(
      structure(
        list(message = text, call = NULL), class = c(type, "C++Error", "error", "condition")
      )
    )
  }
  for (kind in c("input", "data", "numeric")) {
    error <- expect_error(call_core(thrown(paste0("her2mod::", kind, "_error"))),
      class = paste0("her2mod_error_", kind)
    )
    # Braces of a core message are text, not code.
    expect_identical(cli::ansi_strip(unname(error$message)), "A count {is} odd.")
  }
  other <- expect_error(call_core(stop("something else")), "something else")
  expect_false(inherits(other, "her2mod_error"))
  expect_identical(call_core(1 + 1), 2)
})

test_that("a real exception of the core arrives as one", {
  error <- expect_error(call_core(cpp_two_proportions(3, 2, 1, 2, 0.95, "two.sided", 1L)),
    class = "her2mod_error_input"
  )
  expect_s3_class(error, "her2mod_error")
  empty <- list(
    group = integer(), stratum = integer(), frequency = double(), response = double(),
    n_groups = 2L, n_strata = 1L
  )
  expect_error(call_core(cpp_jackknife(job_of(empty, "risk_difference"), 1L)),
    class = "her2mod_error_data"
  )
})
