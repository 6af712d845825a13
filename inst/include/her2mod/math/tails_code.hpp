#pragma once

// What tails.hpp declares.

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include <her2mod/math/tails.hpp>

namespace her2mod {

HER2MOD_INLINE double normal_cdf(double z) {
  if (std::isinf(z)) return z > 0 ? 1.0 : 0.0;
  return boost::math::cdf(boost::math::normal(), z);
}

HER2MOD_INLINE double normal_quantile(double p) {
  if (p <= 0) return -infinity;
  if (p >= 1) return infinity;
  return boost::math::quantile(boost::math::normal(), p);
}

HER2MOD_INLINE double beta_cdf(double x, double a, double b) {
  return boost::math::cdf(boost::math::beta_distribution<>(a, b), x);
}

HER2MOD_INLINE double beta_quantile(double p, double a, double b) {
  return boost::math::quantile(boost::math::beta_distribution<>(a, b), p);
}

HER2MOD_INLINE double beta_upper_quantile(double tail, double a, double b) {
  return boost::math::quantile(boost::math::complement(boost::math::beta_distribution<>(a, b), tail));
}

HER2MOD_INLINE double binomial_lower(double k, double n, double p) {
  if (k < 0) return 0.0;
  return boost::math::cdf(boost::math::binomial(n, p), k);
}

HER2MOD_INLINE double binomial_upper(double k, double n, double p) {
  if (k <= 0) return 1.0;
  return boost::math::cdf(boost::math::complement(boost::math::binomial(n, p), k - 1));
}

HER2MOD_INLINE double binomial_point(double k, double n, double p) {
  return boost::math::pdf(boost::math::binomial(n, p), k);
}

}  // namespace her2mod
