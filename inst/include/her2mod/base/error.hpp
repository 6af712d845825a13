#pragma once

// The three ways in which the core says no. Each becomes an R condition of the class
// her2mod_error_<kind> at the border; the core itself knows no R.

#include <stdexcept>
#include <string>

namespace her2mod {

// Parent of all; never thrown itself.
class error : public std::runtime_error {
 public:
  explicit error(const std::string& what) : std::runtime_error(what) {}
};

// An argument is outside its domain.
class input_error : public error {
 public:
  using error::error;
};

// The data cannot answer the question (one group, no rows).
class data_error : public error {
 public:
  using error::error;
};

// A computation did not reach its stated precision.
class numeric_error : public error {
 public:
  using error::error;
};

}  // namespace her2mod
