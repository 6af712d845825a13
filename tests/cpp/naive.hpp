#pragma once

// Naive twins: the most obvious way to write each formula, in long double, shared by the tests.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <her2mod/base/table2x2.hpp>

namespace naive {

using real = long double;

// C(n, k) as a product of k fractions.
inline real choose(long n, long k) {
  if (k < 0 || k > n) return 0;
  real c = 1;
  for (long i = 1; i <= k; ++i) c = c * static_cast<real>(n - k + i) / static_cast<real>(i);
  return c;
}

inline real power(real base, long exponent) {
  return exponent == 0 ? 1 : std::pow(base, static_cast<real>(exponent));
}

inline real binomial(long k, long n, real p) {
  return choose(n, k) * power(p, k) * power(1 - p, n - k);
}

// k of m events in group 1, given both margins.
inline real hypergeometric(long k, long n0, long n1, long m) {
  return choose(n1, k) * choose(n0, m - k) / choose(n0 + n1, m);
}

inline her2mod::table2x2 table(long x0, long n0, long x1, long n1) {
  return {static_cast<double>(x0), static_cast<double>(n0), static_cast<double>(x1),
          static_cast<double>(n1)};
}

// use(x0, n0, x1, n1) for every table of two groups of 1 to `largest` patients, until one fails.
template <class Use>
void for_each_table(long largest, const Use& use) {
  for (long n0 = 1; n0 <= largest; ++n0)
    for (long n1 = 1; n1 <= largest; ++n1)
      for (long x0 = 0; x0 <= n0; ++x0)
        for (long x1 = 0; x1 <= n1; ++x1) {
          SCOPED_TRACE(testing::Message() << x0 << "/" << n0 << " against " << x1 << "/" << n1);
          use(x0, n0, x1, n1);
          if (testing::Test::HasFatalFailure()) return;
        }
}

// Equal to `close`, relative to 1 or to the value, or the same infinity, or NaN as well.
inline testing::AssertionResult same(double found, real truth, double close) {
  const auto expected = static_cast<double>(truth);
  if (found == expected || (std::isnan(found) && std::isnan(expected)) ||
      std::fabs(found - expected) <= close * std::max(1.0, std::fabs(expected)))
    return testing::AssertionSuccess();
  return testing::AssertionFailure() << found << " should be " << expected;
}

// Where `f` is largest on [low, high], if it has one maximum there: golden sections.
template <class F>
real golden_maximum(const F& f, real low, real high, int steps = 90) {
  const real share = 0.618033988749894848204586834365638118L;
  real left = high - share * (high - low), right = low + share * (high - low);
  real at_left = f(left), at_right = f(right);
  for (int i = 0; i < steps; ++i) {
    if (at_left < at_right) {
      low = left;
      left = right;
      at_left = at_right;
      right = low + share * (high - low);
      at_right = f(right);
    } else {
      high = right;
      right = left;
      at_right = at_left;
      left = high - share * (high - low);
      at_left = f(left);
    }
  }
  return (low + high) / 2;
}

// The root of an increasing `f` on [low, high], by halving.
template <class F>
real bisect(const F& f, real low, real high, int steps = 120) {
  for (int i = 0; i < steps; ++i) {
    const real middle = (low + high) / 2;
    (f(middle) < 0 ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace naive
