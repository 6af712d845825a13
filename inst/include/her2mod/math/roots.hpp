#pragma once

// The root of a continuous function in a bracket: Boost's TOMS 748
// (Alefeld, Potra, Shi 1995, doi:10.1145/210089.210111).

#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <cstdint>

#include <her2mod/base/error.hpp>

namespace her2mod {

// f(low) and f(high) have opposite signs (or one is 0). To about 1e-14 of the bracket's scale.
template <class F>
double find_root(F&& f, double low, double high) {
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
