# The C++ programs of this folder, compiled as R compiles packages, against the core that the installed package brings.

r_config <- function(name) {
  system2(file.path(R.home("bin"), "R"), c("CMD", "config", name), stdout = TRUE, stderr = FALSE)
}

compiler <- function() paste(r_config("CXX17"), r_config("CXX17STD"))
compiler_flags <- function() r_config("CXX17FLAGS")

# The program's path, or NULL.
compile <- function(source) {
  program <- tempfile()
  headers <- vapply(c("her2mod", "sitmo", "BH"), function(name) system.file("include", package = name), "")
  # Debian's BH has none of its own: they are the system's.
  include <- paste0("-I", headers[nzchar(headers)])
  command <- paste(c(compiler(), compiler_flags(), include, file.path("bench", source), "-o", program), collapse = " ")
  if (system(command) == 0) program
}
