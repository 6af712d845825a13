#pragma once

// What bridge_supremum.hpp declares. Given B(a) = u,
// what follows is a Brownian motion that starts at u and ends at 0; between the walls its density
// at b is the alternating sum over the mirror images of u (reflection principle),
//   u_m = 4 m c + u with sign +, 4 m c + 2 c - u with sign -, m = ..., -1, 0, 1, ...,
// and with g_s the normal density of variance s, L = b - a, and y = B(b),
//   g_L(y - u_m) g_(1-b)(y) = g_(1-a)(u_m) x the density of a normal y
//                             with mean u_m (1 - b)/(1 - a) and variance L (1 - b)/(1 - a),
// so that the integral over y is known, and the one over u is left:
//   sqrt(2 pi) integral_-c^c g_a(u) sum_m +- g_(1-a)(u_m) P(|y| <= c | u_m) du.
// Hall, Wellner (1980) doi:10.1093/biomet/67.1.133 have the case a = 0.

#include <cmath>

#include <her2mod/math/bridge_supremum.hpp>
#include <her2mod/math/quadrature.hpp>
#include <her2mod/math/tails.hpp>

namespace her2mod {

// Given B(a) = u: the alternating sum over its images, divided by g_(1-a)(u).
inline double bridge_stays(double u, double a, double b, double c) {
  const double rest = (1 - b) / (1 - a);
  const double sd = std::sqrt((b - a) * rest);
  const auto term = [&](double image) {
    const double mean = image * rest;
    const double inside = sd > 0 ? normal_cdf((c - mean) / sd) - normal_cdf((-c - mean) / sd)
                                 : (std::fabs(mean) <= c ? 1.0 : 0.0);
    return std::exp((u * u - image * image) / (2 * (1 - a))) * inside;
  };
  double sum = term(u);
  // |images| of step m are beyond (4 m - 3) c; exp(-37) is 1e-16.
  for (double m = 0; m == 0 || (4 * m - 3) * c < 9 + std::fabs(u); ++m) {
    if (m > 0) sum += term(4 * m * c + u) + term(-4 * m * c + u);
    sum -= term(4 * m * c + 2 * c - u) + term(-4 * m * c - 2 * c - u);
  }
  return sum;
}

HER2MOD_INLINE double bridge_inside(double a, double b, double c) {
  if (a == 0) return b == 0 ? 1.0 : bridge_stays(0, 0, b, c);
  if (a == 1) return 1;
  const double sd = std::sqrt(a * (1 - a));
  // B(a) in units of its standard deviation; beyond 9 there is nothing.
  const double end = std::fmin(c / sd, 9);
  const auto density = [&](double z) {
    return std::exp(-z * z / 2) * bridge_stays(z * sd, a, b, c);
  };
  return 2 * integrate(density, 0.0, end, 1e-13, 20).value / std::sqrt(6.28318530717958647693);
}

}  // namespace her2mod
