# A statistic in C++ from outside: the package of inst/examples/linked is built and installed
# against the installed her2mod, as a user would, together with the header that
# vignette("extending") adds to the package itself (inst/examples/inside).

# The folder of the sources as they are built; the temporary library that they are installed in.
linked <- new.env()

has_compiler <- function() {
  compiler <- suppressWarnings(tryCatch(
    system2(file.path(R.home("bin"), "R"), c("CMD", "config", "CXX17"),
      stdout = TRUE, stderr = FALSE
    ),
    error = function(e) ""
  ))
  compiler <- strsplit(paste(compiler, collapse = " "), " +")[[1]]
  length(compiler) > 0 && nzchar(Sys.which(compiler[[1]])) && nzchar(Sys.which("make"))
}

# What the copy has beyond the example: the other header, exported in the same way.
variance_ratio_export <- '
#include "variance_ratio.hpp"

// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_variance_replicates(const std::vector<double>& response,
                                            const std::vector<int>& group, double seed, int count) {
  const her2mod::cohort rows = to_cohort(response, group);
  return run(her2mod::variance_ratio(rows), rows, "bootstrap", seed, 1, count);
}
'

build_linked <- function() {
  example <- system.file("examples", package = "her2mod", mustWork = TRUE)
  root <- tempfile("linked")
  dir.create(root)
  file.copy(file.path(example, "linked"), root, recursive = TRUE)
  source <- file.path(root, "linked")
  file.copy(file.path(example, "inside", "variance_ratio.hpp"), file.path(source, "src"))
  cat(variance_ratio_export, file = file.path(source, "src", "linked.cpp"), append = TRUE)
  Rcpp::compileAttributes(source)
  library <- file.path(root, "library")
  dir.create(library)
  log <- file.path(root, "log")
  status <- system2(file.path(R.home("bin"), "R"),
    c(
      "CMD", "INSTALL", "--no-docs", "--no-test-load", paste0("--library=", shQuote(library)),
      shQuote(source)
    ),
    # her2mod is found where this process has it from.
    env = paste0("R_LIBS=", shQuote(paste(c(dirname(find.package("her2mod")), .libPaths()),
      collapse = .Platform$path.sep
    ))),
    stdout = log, stderr = log
  )
  if (status != 0) stop(paste(c("The package did not build:", readLines(log)), collapse = "\n"))
  library
}

# The namespace of the linked package, built once.
linked_package <- function() {
  skip_on_cran()
  skip_if_not(has_compiler(), "no C++17 compiler and make here")
  if (is.null(linked$library)) linked$library <- build_linked()
  do.call(loadNamespace, list("her2linked", lib.loc = linked$library))
}

set.seed(20)
# Ties, and groups of different sizes.
sizes <- data.frame(
  mm = c(round(rexp(23) * 10), round(rexp(31) * 20, 1)), arm = rep(c("single", "dual"), c(23, 31))
)

# By the definition, from the rows that are drawn.
drawn_difference <- function(drawn, location) {
  by_arm <- split(rep(drawn$response, drawn$weight), rep(drawn$group, drawn$weight))
  location(by_arm$dual) - location(by_arm$single)
}

test_that("a trimmed mean from outside is mean(trim = ) of each replicate of the bootstrap", {
  outside <- linked_package()
  boot <- boot_ci(mm ~ arm, sizes, "mean_difference",
    type = "perc", ref = "single", R = 99, seed = 11, method = "monte_carlo"
  )
  rows <- replicate_data(boot, 1)
  for (trim in c(0, 0.1, 0.25, 0.49)) {
    found <- outside$trimmed_replicates(rows$response, rows$group, trim, seed = 11, count = 99)
    expected <- vapply(1:99, function(b) {
      drawn_difference(replicate_data(boot, b), function(y) mean(y, trim = trim))
    }, 0)
    expect_equal(found, expected, tolerance = 1e-13)
  }
})

test_that("without trimming it is the package's mean difference, drawn and permuted", {
  outside <- linked_package()
  boot <- boot_ci(mm ~ arm, sizes, "mean_difference",
    type = "perc", ref = "single", R = 999, seed = 5, method = "monte_carlo"
  )
  rows <- replicate_data(boot, 1)
  found <- outside$trimmed_replicates(rows$response, rows$group, 0, seed = 5, count = 999)
  expect_equal(found, boot$replicates, tolerance = 1e-13)

  test <- perm_test(mm ~ arm, sizes, "mean_difference",
    ref = "single", method = "monte_carlo", R = 999, seed = 5
  )
  rows <- replicate_data(test, 1)
  observed <- factor(sizes$arm[rows$row], c("single", "dual"))
  found <- outside$trimmed_replicates(rows$response, observed, 0, 5, 999, plan = "permutation")
  expect_equal(found, test$replicates, tolerance = 1e-13)
  # and trimmed, by the labels that were dealt
  found <- outside$trimmed_replicates(rows$response, observed, 0.2, 5, 50, plan = "permutation")
  expected <- vapply(1:50, function(b) {
    drawn_difference(replicate_data(test, b), function(y) mean(y, trim = 0.2))
  }, 0)
  expect_equal(found, expected, tolerance = 1e-13)
})

test_that("ranges are values outside too", {
  outside <- linked_package()
  arm <- factor(sizes$arm, c("single", "dual"))
  whole <- outside$trimmed_replicates(sizes$mm, arm, 0.1, seed = 3, count = 200)
  part <- outside$trimmed_replicates(sizes$mm, arm, 0.1, seed = 3, count = 60, first = 141)
  expect_identical(part, whole[141:200])
  expect_false(identical(
    outside$trimmed_replicates(sizes$mm, arm, 0.1, seed = 4, count = 200), whole
  ))
})

test_that("what the core refuses is an R error", {
  outside <- linked_package()
  arm <- factor(sizes$arm, c("single", "dual"))
  for (trim in c(-0.1, 0.5, NaN)) {
    expect_error(outside$trimmed_replicates(sizes$mm, arm, trim, 1, 1), "trim must be in [0, 0.5)",
      fixed = TRUE
    )
  }
  expect_error(outside$trimmed_replicates(c(NaN, sizes$mm[-1]), arm, 0, 1, 1), "not finite")
  expect_error(
    outside$trimmed_replicates(sizes$mm[1:3], arm[1:3], 0, 1, 1), "A group has no units"
  )
})

test_that("the header of the worked example is the ratio of variances of each replicate", {
  outside <- linked_package()
  boot <- boot_ci(mm ~ arm, sizes, "mean_difference",
    type = "perc", ref = "single", R = 99, seed = 8, method = "monte_carlo"
  )
  rows <- replicate_data(boot, 1)
  found <- outside$cpp_variance_replicates(rows$response, as.integer(rows$group) - 1L, 8, 99)
  expected <- vapply(1:99, function(b) {
    drawn_difference(replicate_data(boot, b), function(y) log(stats::var(y)))
  }, 0)
  expect_equal(found, expected, tolerance = 1e-12)
})

if (!is.null(linked$library)) {
  do.call(unloadNamespace, list("her2linked"))
  unlink(dirname(linked$library), recursive = TRUE)
}
