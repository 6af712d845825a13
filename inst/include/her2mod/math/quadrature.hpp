#pragma once

// Adaptive Gauss-Kronrod quadrature (7 and 15 points) to an absolute error. Boost's own halving
// compares an error that it has not scaled by the interval's length (1.74), and may never end.

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>

namespace her2mod {

struct quadrature_result {
  double value;
  double error;  // the difference of the two rules, or rounding, whichever is larger
};

// At most `depth` halvings on top of each other.
template <class F>
quadrature_result integrate(const F& f, double a, double b, double allowed, unsigned depth) {
  double error = 0;
  const double value =
      boost::math::quadrature::gauss_kronrod<double, 15>::integrate(f, a, b, 0, 0.0, &error);
  error *= std::fabs(b - a) / 2;
  const bool is_rounding = error <= 4e-15 * std::fabs(value);
  if (depth == 0 || error <= allowed || is_rounding) return {value, error};
  const double middle = a + (b - a) / 2;
  const quadrature_result left = integrate(f, a, middle, allowed / 2, depth - 1);
  const quadrature_result right = integrate(f, middle, b, allowed / 2, depth - 1);
  return {left.value + right.value, left.error + right.error};
}

}  // namespace her2mod
