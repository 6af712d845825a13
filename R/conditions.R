# One constructor for every condition the package raises, so that each has a class under
# `her2mod_error` (or `her2mod_warning`) and carries its data as fields.

# kind: "input" (an argument is wrong), "data" (the data cannot answer), "numeric" (the computation
# failed). `message` follows cli's rules: a character vector, names "x", "i" make bullets; the first
# element says what is wrong and the value seen, an "i" element what was expected or a hint.
abort_her2 <- function(message, kind = c("input", "data", "numeric"), ..., call = rlang::caller_env(),
                       .envir = rlang::caller_env()) {
  kind <- match.arg(kind)
  cli::cli_abort(
    message,
    class = c(paste0("her2mod_error_", kind), "her2mod_error"),
    ...,
    call = call,
    .envir = .envir
  )
}

abort_input <- function(message, ..., call = rlang::caller_env(), .envir = rlang::caller_env()) {
  abort_her2(message, "input", ..., call = call, .envir = .envir)
}

abort_data <- function(message, ..., call = rlang::caller_env(), .envir = rlang::caller_env()) {
  abort_her2(message, "data", ..., call = call, .envir = .envir)
}

warn_her2 <- function(message, kind, ..., .envir = rlang::caller_env()) {
  cli::cli_warn(
    message,
    class = c(paste0("her2mod_warning_", kind), "her2mod_warning"),
    ...,
    .envir = .envir
  )
}

# Exceptions of the C++ core arrive with their C++ type name as class; give them the package's.
core_error_kinds <- c(
  "her2mod::input_error" = "input",
  "her2mod::data_error" = "data",
  "her2mod::numeric_error" = "numeric"
)

call_core <- function(expr, call = rlang::caller_env()) {
  tryCatch(expr, error = function(e) {
    kind <- core_error_kinds[intersect(class(e), names(core_error_kinds))]
    if (length(kind) == 0) stop(e)
    abort_her2("{conditionMessage(e)}", kind[[1]], call = call, .envir = rlang::current_env())
  })
}
