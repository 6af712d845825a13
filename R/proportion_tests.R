# The core's table of methods for two proportions, and p-values for many tables at once.

proportion_methods <- function() cpp_proportion_methods()

proportion_test_methods <- function() {
  all <- proportion_methods()
  all$method[all$term == "test"]
}

# These search over the common proportion for each table; the others are closed forms or sums.
slow_tests <- function() {
  all <- proportion_methods()
  all$method[all$term == "test" & all$cost != "small"]
}

# p-values of the named tests, one row a table, one column a test; group 0 is the reference.
proportion_test_p_values <- function(x0, n0, x1, n1, methods = proportion_test_methods(),
                                     alternative = "two.sided") {
  all <- proportion_methods()
  tests <- which(all$term == "test")
  methods <- check_choice(methods, all$method[tests], "methods", several = TRUE)
  tables <- data.frame(x0 = x0, n0 = n0, x1 = x1, n1 = n1)
  p <- call_core(cpp_two_proportion_p(
    tables$x0, tables$n0, tables$x1, tables$n1, alternative,
    tests[match(methods, all$method[tests])]
  ))
  colnames(p) <- methods
  p
}
