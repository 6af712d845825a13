// math/: tail probabilities against their closed forms and direct sums, and the root finder.

#include <gtest/gtest.h>

#include <cmath>

#include <her2mod/math/roots.hpp>
#include <her2mod/math/tails.hpp>

#include "naive.hpp"

namespace {

using her2mod::alternative;
using naive::real;

void expect_relative(double found, real truth, double close) {
  ASSERT_NEAR(static_cast<double>(found / truth), 1.0, close);
}

TEST(Normal, IsHalfTheComplementaryErrorFunction) {
  for (const double z : {-30.0, -8.0, -1.96, -0.1, 0.0, 0.5, 1.0, 3.0, 8.0, 30.0}) {
    expect_relative(her2mod::normal_cdf(z), std::erfc(-z / std::sqrt(2.0L)) / 2, 1e-12);
    expect_relative(her2mod::normal_upper(z), std::erfc(z / std::sqrt(2.0L)) / 2, 1e-12);
  }
  EXPECT_EQ(her2mod::normal_cdf(her2mod::infinity), 1.0);
  EXPECT_EQ(her2mod::normal_cdf(-her2mod::infinity), 0.0);
  EXPECT_EQ(her2mod::normal_upper(her2mod::infinity), 0.0);
}

TEST(Normal, HasTheTabulatedQuantiles) {
  EXPECT_NEAR(her2mod::normal_quantile(0.975), 1.959963984540054, 1e-14);
  EXPECT_NEAR(her2mod::normal_critical(0.05), 1.644853626951473, 1e-14);
  EXPECT_NEAR(her2mod::normal_critical(0.005), 2.575829303548901, 1e-14);
  EXPECT_EQ(her2mod::normal_quantile(0), -her2mod::infinity);
  EXPECT_EQ(her2mod::normal_quantile(1), her2mod::infinity);
}

TEST(Normal, GivesTheThreePValues) {
  EXPECT_NEAR(her2mod::normal_p_value(1.959963984540054, alternative::two_sided), 0.05, 1e-15);
  EXPECT_NEAR(her2mod::normal_p_value(-1.959963984540054, alternative::two_sided), 0.05, 1e-15);
  EXPECT_NEAR(her2mod::normal_p_value(1.959963984540054, alternative::greater), 0.025, 1e-15);
  EXPECT_NEAR(her2mod::normal_p_value(1.959963984540054, alternative::less), 0.975, 1e-15);
  EXPECT_EQ(her2mod::normal_p_value(her2mod::infinity, alternative::two_sided), 0.0);
  EXPECT_EQ(her2mod::normal_p_value(0.0, alternative::two_sided), 1.0);
  EXPECT_TRUE(std::isnan(her2mod::normal_p_value(her2mod::not_a_number, alternative::greater)));
}

TEST(BinomialTails, EqualTheDirectSums) {
  for (long n = 1; n <= 12; ++n)
    for (const double p : {1e-9, 0.03, 0.5, 0.8, 0.999})
      for (long k = -1; k <= n; ++k) {
        real lower = 0, upper = 0;  // X <= k, and X >= k
        for (long i = 0; i <= n; ++i) {
          if (i <= k) lower += naive::binomial(i, n, p);
          if (i >= k) upper += naive::binomial(i, n, p);
        }
        const double x = static_cast<double>(k), size = static_cast<double>(n);
        ASSERT_NEAR(her2mod::binomial_lower(x, size, p), static_cast<double>(lower), 1e-14);
        ASSERT_NEAR(her2mod::binomial_upper(x, size, p), static_cast<double>(upper), 1e-14);
        if (k >= 0)
          expect_relative(her2mod::binomial_point(x, size, p), naive::binomial(k, n, p), 1e-12);
      }
}

TEST(BetaQuantiles, SolveTheBinomialSum) {
  // P(Beta(a, b) <= q) = P(X >= a), X binomial of a + b - 1 with probability q.
  for (long a = 1; a <= 6; ++a)
    for (long b = 1; b <= 6; ++b)
      for (const double p : {0.001, 0.025, 0.4, 0.9}) {
        const auto below = [&](real q) {
          real sum = 0;
          for (long k = a; k <= a + b - 1; ++k) sum += naive::binomial(k, a + b - 1, q);
          return sum;
        };
        const double x = static_cast<double>(a), y = static_cast<double>(b);
        expect_relative(her2mod::beta_quantile(p, x, y),
                        naive::bisect([&](real q) { return below(q) - p; }, 0, 1), 1e-11);
        expect_relative(her2mod::beta_upper_quantile(p, x, y),
                        naive::bisect([&](real q) { return below(q) - 1 + p; }, 0, 1), 1e-11);
      }
}

TEST(FindRoot, SolvesWhatIsBracketed) {
  EXPECT_NEAR(her2mod::find_root([](double x) { return x * x - 2; }, 0, 2), std::sqrt(2.0), 1e-14);
  EXPECT_NEAR(her2mod::find_root([](double x) { return 2 - x * x; }, 0, 1e6), std::sqrt(2.0),
              1e-14);
  EXPECT_NEAR(her2mod::find_root([](double x) { return std::exp(x) - 1e-9; }, -100, 0),
              std::log(1e-9), 1e-13);
  EXPECT_EQ(her2mod::find_root([](double x) { return x - 1; }, 1, 5), 1.0);  // an end is the root
  EXPECT_EQ(her2mod::find_root([](double x) { return x - 5; }, 1, 5), 5.0);
  // A jump has its sign change found.
  EXPECT_NEAR(her2mod::find_root([](double x) { return x < 0.3 ? -1.0 : 1.0; }, 0, 1), 0.3, 1e-14);
}

TEST(FindRoot, RefusesWhatIsNotBracketed) {
  EXPECT_THROW(her2mod::find_root([](double x) { return x * x + 1; }, -1, 1),
               her2mod::numeric_error);
  EXPECT_THROW(her2mod::find_root([](double) { return her2mod::not_a_number; }, 0, 1),
               her2mod::numeric_error);
  EXPECT_THROW(her2mod::find_root([](double x) { return std::log(x); }, -1, 2),
               her2mod::numeric_error);
}

}  // namespace
