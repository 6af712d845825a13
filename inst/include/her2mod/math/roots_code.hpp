#pragma once

// What roots.hpp declares.

#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>

#include <her2mod/base/error.hpp>
#include <her2mod/math/roots.hpp>

namespace her2mod {

HER2MOD_INLINE double find_root_of(number_function f, double low, double high) {
  const double f_low = f(low), f_high = f(high);
  if (f_low == 0) return low;
  if (f_high == 0) return high;
  if (!((f_low < 0) != (f_high < 0)) || std::isnan(f_low) || std::isnan(f_high))
    throw numeric_error("A limit could not be bracketed.");
  std::uintmax_t steps = 200;
  const auto close = [](double a, double b) {
    return std::fabs(a - b) <= 1e-15 + 4e-16 * std::fmin(std::fabs(a), std::fabs(b));
  };
  const auto bracket = boost::math::tools::toms748_solve(f, low, high, f_low, f_high, close, steps);
  return bracket.first + (bracket.second - bracket.first) / 2;
}

}  // namespace her2mod
