#pragma once

// Intervals for one proportion, x events of n. `tail` is the error probability at each end.
//
//   wilson          roots of |x/n - p| = z sqrt(p (1 - p) / n)          (Wilson 1927,
//                                                                     doi:10.2307/2276774)
//   wilson-cc       the same with |x/n - p| - 1/(2n)                    (Newcombe 1998,
//                                    doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E)
//   clopper-pearson P(X >= x; low) = tail, P(X <= x; high) = tail       (doi:10.2307/2331986)
//   midp            the same with half of P(X = x)
//   jeffreys        quantiles of Beta(x + 1/2, n - x + 1/2), 0 at x = 0 and 1 at x = n
//   agresti-coull   Wald around (x + z^2/2) / (n + z^2), cut to [0, 1]
// Brown LD, Cai TT, DasGupta A (2001) Stat Sci 16:101, doi:10.1214/ss/1009213286.

#include <algorithm>
#include <cmath>

#include <her2mod/base/inference.hpp>
#include <her2mod/math/roots.hpp>
#include <her2mod/math/tails.hpp>

namespace her2mod {

inline interval wilson_limits(double x, double n, double z) {
  const double p = x / n, z2 = z * z;
  const double middle = x + z2 / 2;
  const double half = z * std::sqrt(n * p * (1 - p) + z2 / 4);
  return {x == 0 ? 0.0 : (middle - half) / (n + z2), x == n ? 1.0 : (middle + half) / (n + z2)};
}

inline interval wilson_cc_limits(double x, double n, double z) {
  const double p = x / n, z2 = z * z;
  const double below = z2 - 2 - 1 / n + 4 * p * (n * (1 - p) + 1);
  const double above = z2 + 2 - 1 / n + 4 * p * (n * (1 - p) - 1);
  const double low = (2 * x + z2 - 1 - z * std::sqrt(std::max(0.0, below))) / (2 * (n + z2));
  const double high = (2 * x + z2 + 1 + z * std::sqrt(std::max(0.0, above))) / (2 * (n + z2));
  return {x == 0 ? 0.0 : std::max(0.0, low), x == n ? 1.0 : std::min(1.0, high)};
}

inline interval clopper_pearson_limits(double x, double n, double tail) {
  return {x == 0 ? 0.0 : beta_quantile(tail, x, n - x + 1),
          x == n ? 1.0 : beta_upper_quantile(tail, x + 1, n - x)};
}

inline interval jeffreys_limits(double x, double n, double tail) {
  return {x == 0 ? 0.0 : beta_quantile(tail, x + 0.5, n - x + 0.5),
          x == n ? 1.0 : beta_upper_quantile(tail, x + 0.5, n - x + 0.5)};
}

inline interval agresti_coull_limits(double x, double n, double z) {
  const double n_tilde = n + z * z, p = (x + z * z / 2) / n_tilde;
  const double half = z * std::sqrt(p * (1 - p) / n_tilde);
  return {std::max(0.0, p - half), std::min(1.0, p + half)};
}

inline interval midp_limits(double x, double n, double tail) {
  const auto above = [&](double q) {
    return binomial_upper(x + 1, n, q) + binomial_point(x, n, q) / 2 - tail;
  };
  const auto below = [&](double q) {
    return binomial_lower(x - 1, n, q) + binomial_point(x, n, q) / 2 - tail;
  };
  return {x == 0 ? 0.0 : find_root(above, 0.0, 1.0), x == n ? 1.0 : find_root(below, 0.0, 1.0)};
}

}  // namespace her2mod
