#pragma once

// Tail probabilities and quantiles, from Boost.Math.

#include <cmath>

#include <her2mod/base/compiled.hpp>
#include <her2mod/base/inference.hpp>

namespace her2mod {

HER2MOD_INLINE double normal_cdf(double z);

// P(Z > z), accurate far out in the tail.
inline double normal_upper(double z) { return normal_cdf(-z); }

HER2MOD_INLINE double normal_quantile(double p);

// The z that leaves `tail` above it.
inline double normal_critical(double tail) { return -normal_quantile(tail); }

inline double normal_p_value(double z, alternative side) {
  if (std::isnan(z)) return not_a_number;
  switch (side) {
    case alternative::less: return normal_cdf(z);
    case alternative::greater: return normal_upper(z);
    default: return 2 * normal_upper(std::fabs(z));
  }
}

HER2MOD_INLINE double beta_cdf(double x, double a, double b);
HER2MOD_INLINE double beta_quantile(double p, double a, double b);
HER2MOD_INLINE double beta_upper_quantile(double tail, double a, double b);

// P(X <= k) and P(X >= k) of a binomial.
HER2MOD_INLINE double binomial_lower(double k, double n, double p);
HER2MOD_INLINE double binomial_upper(double k, double n, double p);
HER2MOD_INLINE double binomial_point(double k, double n, double p);

}  // namespace her2mod

#ifndef HER2MOD_COMPILED
#include <her2mod/math/tails_code.hpp>
#endif
