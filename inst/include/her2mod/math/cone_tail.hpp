#pragma once

// How much of a half-space lies outside a cone around its axis. X is standard normal in r
// dimensions; the half-space is X_1 > c >= 0, and the cone's points are within X_1 / k of the axis,
// k > 0:
//   h_r(c, k) = P(X_1 > c, |(X_2, ..., X_r)| > X_1 / k).
// h_1 = 0, h_2 = Q(c) - 2 T(c, 1 / k) with Owen's T; and, with s = k / sqrt(1 + k^2), the cosine of
// the cone's half-angle, integration by parts gives
//   h_r = h_(r-2) + s (1 - s^2)^((r-3)/2) b_r P(chi_(r-2) > c / s),
//   b_r = G(r/2 - 1) / (2 sqrt(pi) G((r-1)/2)), G the gamma function.

#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/owens_t.hpp>
#include <cmath>

#include <her2mod/math/tails.hpp>

namespace her2mod {

// P(chi_m > x), x >= 0.
inline double chi_upper(int m, double x) {
  if (m == 1) return 2 * normal_upper(x);
  return m == 2 ? std::exp(-x * x / 2) : boost::math::gamma_q(m / 2.0, x * x / 2);
}

inline double outside_cone(int r, double c, double k) {
  constexpr double pi = 3.14159265358979323846;
  const bool even = r % 2 == 0;
  const double sine2 = 1 / (1 + k * k), cosine = k * std::sqrt(sine2);
  double h = even ? normal_upper(c) - 2 * boost::math::owens_t(c, 1 / k) : 0.0;
  double factor = cosine * (even ? std::sqrt(sine2) / pi : 0.5);  // of chi_upper, at d
  for (int d = even ? 4 : 3; d <= r; d += 2) {
    h += factor * chi_upper(d - 2, c / cosine);
    factor *= sine2 * (d - 2) / (d - 1);
  }
  return h;
}

}  // namespace her2mod
