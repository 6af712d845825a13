// exact/score.hpp: restricted maximum likelihood against bisection of the score equation, the
// statistics against their formulas, and the monotonicity that score_exact.hpp relies on.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

#include <her2mod/exact/score.hpp>

#include "naive.hpp"

namespace {

using her2mod::table2x2;
using naive::real;
using naive::table;

std::vector<double> ratios() {
  std::vector<double> grid{1e-4, 0.5, 0.999, 1.001, 2.0, 3.0, 1e4};
  for (int i = -20; i <= 20; ++i) grid.push_back(std::exp(0.2 * i));
  std::sort(grid.begin(), grid.end());
  return grid;
}

// How each effect ties p1 to p0, the derivative of p1, and the statistic as the papers write it.
struct difference {
  using score = her2mod::risk_difference_score;
  static real low(real d) { return std::max<real>(0, -d); }
  static real high(real d) { return std::min<real>(1, 1 - d); }
  static real p1(real p0, real d) { return p0 + d; }
  static real slope(real, real) { return 1; }
  static real statistic(const table2x2& t, real d, real p0, real p1) {
    return over(t.x1 / static_cast<real>(t.n1) - t.x0 / static_cast<real>(t.n0) - d,
                p0 * (1 - p0) / t.n0 + p1 * (1 - p1) / t.n1);
  }
  static real over(real distance, real variance) {
    return std::fabs(distance) < 1e-16L ? 0 : distance / std::sqrt(variance);
  }
  static std::vector<double> effects() {
    std::vector<double> grid{-0.999999, -0.999, -1e-6, 1e-6, 0.999, 0.999999};
    for (int i = -19; i <= 19; ++i) grid.push_back(i / 20.0);
    for (int i = -8; i <= 8; ++i) grid.push_back(i / 9.0);
    std::sort(grid.begin(), grid.end());
    return grid;
  }
};

struct ratio {
  using score = her2mod::risk_ratio_score;
  static real low(real) { return 0; }
  static real high(real r) { return std::min<real>(1, 1 / r); }
  static real p1(real p0, real r) { return std::min<real>(1, r * p0); }
  static real slope(real, real r) { return r; }
  static real statistic(const table2x2& t, real r, real p0, real p1) {
    return difference::over(t.x1 / static_cast<real>(t.n1) - r * (t.x0 / static_cast<real>(t.n0)),
                            p1 * (1 - p1) / t.n1 + r * r * p0 * (1 - p0) / t.n0);
  }
  static std::vector<double> effects() { return ratios(); }
};

struct odds {
  using score = her2mod::odds_ratio_score;
  static real low(real) { return 0; }
  static real high(real) { return 1; }
  static real p1(real p0, real o) { return p0 * o / (1 - p0 + p0 * o); }
  static real slope(real p0, real o) { return o / ((1 - p0 + p0 * o) * (1 - p0 + p0 * o)); }
  static real statistic(const table2x2& t, real, real p0, real p1) {
    if (t.events() == 0 || t.events() == t.total()) return 0;  // certain under every odds ratio
    return (t.x1 - t.n1 * p1) * std::sqrt(1 / (t.n0 * p0 * (1 - p0)) + 1 / (t.n1 * p1 * (1 - p1)));
  }
  static std::vector<double> effects() { return ratios(); }
};

// The log likelihood is concave in p0, so its derivative has one root, or none and the maximum is
// at an end, to which halving then runs.
template <class Effect>
real naive_p0(const table2x2& t, real effect) {
  const auto descent = [&](real p0) {
    const real p1 = Effect::p1(p0, effect), slope = Effect::slope(p0, effect);
    real sum = 0;
    if (t.x0 > 0) sum -= t.x0 / p0;
    if (t.x0 < t.n0) sum += (t.n0 - t.x0) / (1 - p0);
    if (t.x1 > 0) sum -= t.x1 / p1 * slope;
    if (t.x1 < t.n1) sum += (t.n1 - t.x1) / (1 - p1) * slope;
    return sum;
  };
  return naive::bisect(descent, Effect::low(effect), Effect::high(effect));
}

template <class Effect>
void expect_score(const table2x2& t, double effect) {
  const real p0 = naive_p0<Effect>(t, effect), p1 = Effect::p1(p0, effect);
  const auto found = Effect::score::restricted(t, effect);
  ASSERT_NEAR(found.p0, static_cast<double>(p0), 1e-7) << effect;
  ASSERT_NEAR(found.p1, static_cast<double>(p1), 1e-7) << effect;
  const double s = static_cast<double>(Effect::statistic(t, effect, p0, p1));
  ASSERT_NEAR(Effect::score::statistic(t, effect), s, 2e-8 * (1 + std::fabs(s))) << effect;
}

// Where every patient has an event, the odds hang on the last digits of 1 - p.
template <class Effect>
bool in_doubt(const table2x2& t) {
  return std::is_same_v<Effect, odds> && t.events() == t.total();
}

template <class Effect>
class Score : public testing::Test {};
using effects = testing::Types<difference, ratio, odds>;
TYPED_TEST_SUITE(Score, effects);

TYPED_TEST(Score, EqualsTheNaiveTwinForEverySmallTable) {
  const auto grid = TypeParam::effects();
  naive::for_each_table(8, [&](long x0, long n0, long x1, long n1) {
    const table2x2 t = table(x0, n0, x1, n1);
    for (const double effect : grid) {
      if (in_doubt<TypeParam>(t)) {
        ASSERT_NEAR(TypeParam::score::statistic(t, effect), 0.0, 1e-3);
        continue;
      }
      expect_score<TypeParam>(t, effect);
      if (testing::Test::HasFatalFailure()) return;
    }
  });
}

TYPED_TEST(Score, EqualsTheNaiveTwinForLargeTables) {
  for (const auto& t : {table(211, 458, 19, 117), table(6, 49, 13, 68), table(0, 49, 13, 68),
                        table(49, 49, 0, 68), table(3, 20000, 41, 35000), table(1, 1, 500, 1000)})
    for (const double effect : TypeParam::effects()) {
      expect_score<TypeParam>(t, effect);
      if (testing::Test::HasFatalFailure()) return;
    }
}

TYPED_TEST(Score, DecreasesInTheEffect) {
  const auto grid = TypeParam::effects();
  naive::for_each_table(10, [&](long x0, long n0, long x1, long n1) {
    const table2x2 t = table(x0, n0, x1, n1);
    for (std::size_t i = 0; i + 1 < grid.size() && !in_doubt<TypeParam>(t); ++i) {
      const double here = TypeParam::score::statistic(t, grid[i]);
      const double next = TypeParam::score::statistic(t, grid[i + 1]);
      ASSERT_LE(next, here + 1e-7 * (1 + std::fabs(here))) << grid[i] << " to " << grid[i + 1];
    }
  });
}

// score_region's staircase stands on this. (It does not hold for the odds ratio: at 0.0025, 0/2
// against 1/2 has S = 14.3 and 0/2 against 2/2 S = 9.0.)
template <class Effect>
void expect_monotone_in_events(long largest) {
  const auto grid = Effect::effects();
  const auto s = [](long x0, long n0, long x1, long n1, double effect) {
    return Effect::score::statistic(table(x0, n0, x1, n1), effect);
  };
  naive::for_each_table(largest, [&](long x0, long n0, long x1, long n1) {
    for (const double effect : grid) {
      const double here = s(x0, n0, x1, n1, effect), slack = 1e-7 * (1 + std::fabs(here));
      const double up1 = x1 < n1 ? s(x0, n0, x1 + 1, n1, effect) : here;
      const double up0 = x0 < n0 ? s(x0 + 1, n0, x1, n1, effect) : here;
      ASSERT_GE(up1, here - slack) << effect;
      ASSERT_LE(up0, here + slack) << effect;
    }
  });
}

TEST(RiskDifferenceScore, IsMonotoneInBothGroupsEvents) {
  expect_monotone_in_events<difference>(10);
}
TEST(RiskRatioScore, IsMonotoneInBothGroupsEvents) { expect_monotone_in_events<ratio>(10); }

TEST(RiskDifferenceScore, AtZeroIsPearsonsStatistic) {
  naive::for_each_table(9, [](long x0, long n0, long x1, long n1) {
    const double n = static_cast<double>(n0 + n1), m = static_cast<double>(x0 + x1);
    const double distance = static_cast<double>(x1 * n0 - x0 * n1);
    const double z = m == 0 || m == n
                         ? 0.0
                         : distance / std::sqrt(m * (n - m) / n * static_cast<double>(n0 * n1));
    const table2x2 t = table(x0, n0, x1, n1);
    ASSERT_NEAR(her2mod::risk_difference_score::statistic(t, 0.0), z, 1e-7);
    ASSERT_NEAR(her2mod::risk_ratio_score::statistic(t, 1.0), z, 1e-7);
    ASSERT_NEAR(her2mod::odds_ratio_score::statistic(t, 1.0), z, 1e-7);
  });
}

TEST(RiskDifferenceScore, ChangesSignWhenGroupsOrEventsAreSwapped) {
  naive::for_each_table(8, [](long x0, long n0, long x1, long n1) {
    for (const double d : difference::effects()) {
      const double s = her2mod::risk_difference_score::statistic(table(x0, n0, x1, n1), d);
      const double slack = 1e-7 * (1 + std::fabs(s));
      ASSERT_NEAR(her2mod::risk_difference_score::statistic(table(x1, n1, x0, n0), -d), -s, slack)
          << d;
      ASSERT_NEAR(her2mod::risk_difference_score::statistic(table(n0 - x0, n0, n1 - x1, n1), -d),
                  -s, slack)
          << d;
    }
  });
}

TEST(Observed, IsTheEffectItself) {
  const table2x2 t = table(6, 49, 13, 68), none = table(0, 49, 0, 68), all = table(49, 49, 68, 68);
  EXPECT_NEAR(her2mod::risk_difference_score::observed(t), 13.0 / 68 - 6.0 / 49, 1e-15);
  EXPECT_NEAR(her2mod::risk_ratio_score::observed(t), (13.0 / 68) / (6.0 / 49), 1e-15);
  EXPECT_NEAR(her2mod::odds_ratio_score::observed(t), 13.0 * 43 / (6.0 * 55), 1e-15);
  EXPECT_TRUE(std::isnan(her2mod::risk_ratio_score::observed(none)));
  EXPECT_EQ(her2mod::risk_ratio_score::observed(all), 1.0);
  EXPECT_TRUE(std::isnan(her2mod::odds_ratio_score::observed(none)));
  EXPECT_TRUE(std::isnan(her2mod::odds_ratio_score::observed(all)));
  EXPECT_EQ(her2mod::risk_ratio_score::observed(table(0, 49, 1, 68)), her2mod::infinity);
  EXPECT_EQ(her2mod::odds_ratio_score::observed(table(1, 49, 0, 68)), 0.0);
}

}  // namespace
