// infer/proportion.hpp: published limits, and each interval's defining equation.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <her2mod/infer/proportion.hpp>

#include "naive.hpp"

namespace {

using her2mod::interval;
using naive::real;

constexpr double z95 = 1.959963984540054;  // qnorm(0.975)

void expect_interval(const interval& found, double low, double high, double close) {
  EXPECT_NEAR(found.low, low, close);
  EXPECT_NEAR(found.high, high, close);
}

TEST(Proportion, GivesNewcombesTable) {
  // Newcombe (1998) Stat Med 17:857, Table I, to its four digits.
  constexpr double printed = 5.1e-5;
  expect_interval(her2mod::wilson_limits(15, 148, z95), 0.0624, 0.1605, printed);
  expect_interval(her2mod::clopper_pearson_limits(15, 148, 0.025), 0.0578, 0.1617, printed);
  expect_interval(her2mod::midp_limits(15, 148, 0.025), 0.0601, 0.1581, printed);
  expect_interval(her2mod::wilson_limits(0, 20, z95), 0, 0.1611, printed);
  expect_interval(her2mod::midp_limits(0, 20, 0.025), 0, 0.1391, printed);
  expect_interval(her2mod::clopper_pearson_limits(1, 29, 0.025), 0.0009, 0.1776, printed);
  expect_interval(her2mod::midp_limits(1, 29, 0.025), 0.0017, 0.1585, printed);
  expect_interval(her2mod::wilson_cc_limits(81, 263, z95), 0.2535, 0.3682, printed);
  expect_interval(her2mod::clopper_pearson_limits(81, 263, 0.025), 0.2527, 0.3676, printed);
  expect_interval(her2mod::midp_limits(81, 263, 0.025), 0.2544, 0.3658, printed);
  // The test suite of mergeron_extra.
  expect_interval(her2mod::wilson_limits(4, 10, z95), 0.168180329706, 0.687326230266, 1e-12);
}

// use(x, n, tail, z) for every x of small n at several levels.
template <class Use>
void for_each_sample(const Use& use) {
  const double tails[][2] = {{0.4, 0.2533471031357997},  // tail, qnorm(1 - tail)
                             {0.05, 1.644853626951473},
                             {0.025, z95},
                             {0.0005, 3.290526731491926}};
  for (const long n : {1L, 2L, 3L, 7L, 12L, 40L})
    for (long x = 0; x <= n; ++x)
      for (const auto& level : tails) {
        SCOPED_TRACE(testing::Message() << x << "/" << n << ", tail " << level[0]);
        use(x, n, level[0], level[1]);
        if (testing::Test::HasFatalFailure()) return;
      }
}

TEST(Wilson, EndsWhereTheScoreIsZ) {
  for_each_sample([](long x, long n, double, double z) {
    const double size = static_cast<double>(n), p = static_cast<double>(x) / size;
    const interval ci = her2mod::wilson_limits(static_cast<double>(x), size, z);
    for (const double q : {ci.low, ci.high})
      ASSERT_NEAR(std::fabs(p - q), z * std::sqrt(q * (1 - q) / size), 1e-12);
    ASSERT_LE(ci.low, p);
    ASSERT_GE(ci.high, p);
    ASSERT_TRUE(x > 0 || ci.low == 0);
    ASSERT_TRUE(x < n || ci.high == 1);
  });
}

TEST(WilsonCorrected, EndsWhereTheCorrectedScoreIsZ) {
  for_each_sample([](long x, long n, double, double z) {
    const double size = static_cast<double>(n), p = static_cast<double>(x) / size;
    const interval ci = her2mod::wilson_cc_limits(static_cast<double>(x), size, z);
    if (x == 0) {
      ASSERT_EQ(ci.low, 0.0);
    } else if (ci.low > 0) {
      ASSERT_NEAR(p - ci.low - 0.5 / size, z * std::sqrt(ci.low * (1 - ci.low) / size), 1e-10);
    }
    if (x == n) {
      ASSERT_EQ(ci.high, 1.0);
    } else if (ci.high < 1) {
      ASSERT_NEAR(ci.high - p - 0.5 / size, z * std::sqrt(ci.high * (1 - ci.high) / size), 1e-10);
    }
    const interval plain = her2mod::wilson_limits(static_cast<double>(x), size, z);
    ASSERT_LE(ci.low, plain.low);
    ASSERT_GE(ci.high, plain.high);
  });
}

// P(X > x) + share P(X = x) = tail at the lower limit; the same from below at the upper.
interval naive_tails(long x, long n, real tail, real share) {
  const auto above = [&](real q) {
    real sum = share * naive::binomial(x, n, q);
    for (long k = x + 1; k <= n; ++k) sum += naive::binomial(k, n, q);
    return sum - tail;
  };
  const auto below = [&](real q) {
    real sum = share * naive::binomial(x, n, q);
    for (long k = 0; k < x; ++k) sum += naive::binomial(k, n, q);
    return tail - sum;
  };
  return {x == 0 ? 0.0 : static_cast<double>(naive::bisect(above, 0, 1)),
          x == n ? 1.0 : static_cast<double>(naive::bisect(below, 0, 1))};
}

TEST(ClopperPearson, EqualsTheNaiveTwin) {
  for_each_sample([](long x, long n, double tail, double) {
    const interval truth = naive_tails(x, n, tail, 1);
    const interval ci =
        her2mod::clopper_pearson_limits(static_cast<double>(x), static_cast<double>(n), tail);
    ASSERT_NEAR(ci.low, truth.low, 1e-11);
    ASSERT_NEAR(ci.high, truth.high, 1e-11);
  });
}

TEST(MidP, EqualsTheNaiveTwin) {
  for_each_sample([](long x, long n, double tail, double) {
    const interval truth = naive_tails(x, n, tail, 0.5L);
    const interval ci = her2mod::midp_limits(static_cast<double>(x), static_cast<double>(n), tail);
    ASSERT_NEAR(ci.low, truth.low, 1e-11);
    ASSERT_NEAR(ci.high, truth.high, 1e-11);
  });
}

TEST(MidP, HasLimitsAtSmallLevelsToo) {
  // Half of P(x) and more: at p = x / n the mid tail can be below `tail`, as for 1/10 at level 5%.
  const interval truth = naive_tails(1, 10, 0.475L, 0.5L), ci = her2mod::midp_limits(1, 10, 0.475);
  EXPECT_NEAR(ci.low, truth.low, 1e-11);
  EXPECT_NEAR(ci.high, truth.high, 1e-11);
}

// P(Beta(x + 1/2, n - x + 1/2) <= q) with p = sin^2 t: Simpson's rule on a smooth function.
real jeffreys_below(long x, long n, real q) {
  const auto integral = [&](real upto) {
    constexpr int steps = 400;
    real sum = 0;
    for (int i = 0; i <= steps; ++i) {
      const real t = upto * i / steps;
      const real f = naive::power(std::sin(t), 2 * x) * naive::power(std::cos(t), 2 * (n - x));
      sum += f * (i == 0 || i == steps ? 1 : (i % 2 == 1 ? 4 : 2));
    }
    return sum * upto / (3 * steps);
  };
  return integral(std::asin(std::sqrt(q))) / integral(std::asin(1.0L));
}

TEST(Jeffreys, LeavesTheTailOfTheBetaDistribution) {
  for (const auto& [x, n] :
       {std::pair<long, long>{0, 5}, {1, 5}, {5, 5}, {4, 10}, {12, 12}, {3, 40}}) {
    const interval ci =
        her2mod::jeffreys_limits(static_cast<double>(x), static_cast<double>(n), 0.025);
    // Brown, Cai and DasGupta's rule at the ends: 0 at x = 0, and 1 at x = n.
    EXPECT_NEAR(static_cast<double>(jeffreys_below(x, n, ci.low)), x == 0 ? 0.0 : 0.025, 1e-9);
    EXPECT_NEAR(static_cast<double>(jeffreys_below(x, n, ci.high)), x == n ? 1.0 : 0.975, 1e-9);
  }
}

TEST(AgrestiCoull, IsWaldAroundWilsonsMiddle) {
  // By hand, 4/10 at z = 2: (4 + 2) / 14 = 3/7, half width 2 sqrt(3/7 4/7 / 14).
  const interval hand = her2mod::agresti_coull_limits(4, 10, 2);
  EXPECT_NEAR(hand.low, 3.0 / 7 - 2 * std::sqrt(12.0 / 49 / 14), 1e-15);
  EXPECT_NEAR(hand.high, 3.0 / 7 + 2 * std::sqrt(12.0 / 49 / 14), 1e-15);
  for_each_sample([](long x, long n, double, double z) {
    const double size = static_cast<double>(n),
                 middle = (static_cast<double>(x) + z * z / 2) / (size + z * z);
    const double half = z * std::sqrt(middle * (1 - middle) / (size + z * z));
    const interval ci = her2mod::agresti_coull_limits(static_cast<double>(x), size, z);
    ASSERT_NEAR(ci.low, std::max(0.0, middle - half), 1e-14);
    ASSERT_NEAR(ci.high, std::min(1.0, middle + half), 1e-14);
    const interval wilson = her2mod::wilson_limits(static_cast<double>(x), size, z);
    ASSERT_LE(ci.low,
              wilson.low + 1e-14);  // Brown, Cai, DasGupta (2001): never shorter than Wilson's
    ASSERT_GE(ci.high, wilson.high - 1e-14);
  });
}

TEST(Proportion, MirrorsWhenEventsAreSwapped) {
  for_each_sample([](long x, long n, double tail, double z) {
    const double a = static_cast<double>(x), b = static_cast<double>(n - x),
                 size = static_cast<double>(n);
    const auto expect_mirror = [](const interval& ci, const interval& other) {
      ASSERT_NEAR(ci.low, 1 - other.high, 1e-11);
      ASSERT_NEAR(ci.high, 1 - other.low, 1e-11);
    };
    expect_mirror(her2mod::wilson_limits(a, size, z), her2mod::wilson_limits(b, size, z));
    expect_mirror(her2mod::wilson_cc_limits(a, size, z), her2mod::wilson_cc_limits(b, size, z));
    expect_mirror(her2mod::clopper_pearson_limits(a, size, tail),
                  her2mod::clopper_pearson_limits(b, size, tail));
    expect_mirror(her2mod::midp_limits(a, size, tail), her2mod::midp_limits(b, size, tail));
    expect_mirror(her2mod::jeffreys_limits(a, size, tail), her2mod::jeffreys_limits(b, size, tail));
    expect_mirror(her2mod::agresti_coull_limits(a, size, z),
                  her2mod::agresti_coull_limits(b, size, z));
  });
}

}  // namespace
