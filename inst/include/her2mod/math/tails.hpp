#pragma once

// Tail probabilities and quantiles, from Boost.Math.

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include <her2mod/base/inference.hpp>

namespace her2mod {

inline double normal_cdf(double z) {
  if (std::isinf(z)) return z > 0 ? 1.0 : 0.0;
  return boost::math::cdf(boost::math::normal(), z);
}

// P(Z > z), accurate far out in the tail.
inline double normal_upper(double z) { return normal_cdf(-z); }

inline double normal_quantile(double p) {
  if (p <= 0) return -infinity;
  if (p >= 1) return infinity;
  return boost::math::quantile(boost::math::normal(), p);
}

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

inline double beta_cdf(double x, double a, double b) {
  return boost::math::cdf(boost::math::beta_distribution<>(a, b), x);
}
inline double beta_quantile(double p, double a, double b) {
  return boost::math::quantile(boost::math::beta_distribution<>(a, b), p);
}

inline double beta_upper_quantile(double tail, double a, double b) {
  return boost::math::quantile(boost::math::complement(boost::math::beta_distribution<>(a, b), tail));
}

// P(X <= k) and P(X >= k) of a binomial.
inline double binomial_lower(double k, double n, double p) {
  if (k < 0) return 0.0;
  return boost::math::cdf(boost::math::binomial(n, p), k);
}
inline double binomial_upper(double k, double n, double p) {
  if (k <= 0) return 1.0;
  return boost::math::cdf(boost::math::complement(boost::math::binomial(n, p), k - 1));
}
inline double binomial_point(double k, double n, double p) {
  return boost::math::pdf(boost::math::binomial(n, p), k);
}

}  // namespace her2mod
