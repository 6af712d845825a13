// Unconditional exact intervals against a dense grid of effects and of the nuisance parameter, and
// the relations between them.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include <her2mod/exact/score_exact.hpp>

#include "naive_supremum.hpp"

namespace {

using her2mod::alternative;
using her2mod::interval;
using her2mod::table2x2;
using naive::real;
using naive::table;

constexpr auto both = alternative::two_sided;

struct difference {
  static interval ci(const table2x2& t, double level, alternative side, bool central) {
    return her2mod::risk_difference_exact_interval(t, level, side, central);
  }
  static double statistic(const table2x2& t, double d) {
    return her2mod::risk_difference_score::statistic(t, d);
  }
  static double observed(const table2x2& t) { return her2mod::risk_difference_score::observed(t); }
  static real low(real d) { return std::max<real>(0, -d); }
  static real high(real d) { return std::min<real>(1, 1 - d); }
  static real p1(real p0, real d) { return p0 + d; }
  static std::vector<double> effects() {
    std::vector<double> grid;
    for (int i = -59; i <= 59; ++i) grid.push_back(i / 60.0);
    return grid;
  }
  static double further(double effect, double step) { return effect + step; }
  static constexpr double lowest = -1, highest = 1;
};

struct ratio {
  static interval ci(const table2x2& t, double level, alternative side, bool central) {
    return her2mod::risk_ratio_exact_interval(t, level, side, central);
  }
  static double statistic(const table2x2& t, double r) {
    return her2mod::risk_ratio_score::statistic(t, r);
  }
  static double observed(const table2x2& t) { return her2mod::risk_ratio_score::observed(t); }
  static real low(real) { return 0; }
  static real high(real r) { return std::min<real>(1, 1 / r); }
  static real p1(real p0, real r) { return r * p0; }
  static std::vector<double> effects() {
    std::vector<double> grid;
    for (int i = -40; i <= 40; ++i) grid.push_back(std::exp(i / 5.0));
    return grid;
  }
  static double further(double effect, double step) { return effect * std::exp(step); }
  static constexpr double lowest = 0, highest = her2mod::infinity;
};

// Largest probability, over p0, of the tables as extreme as the observed one: sign 0 by |S|, +1 by
// a large S, -1 by a small one.
template <class Effect>
double naive_p(const table2x2& t, double effect, int sign) {
  const long n0 = static_cast<long>(t.n0), n1 = static_cast<long>(t.n1);
  const auto distance = [&](const table2x2& u) {
    const double s = Effect::statistic(u, effect);
    return sign == 0 ? std::fabs(s) : sign * s;
  };
  const double seen = distance(t), reach = seen - 1e-7 * std::fabs(seen) - 1e-12;
  std::vector<char> inside;
  for (long k0 = 0; k0 <= n0; ++k0)
    for (long k1 = 0; k1 <= n1; ++k1) inside.push_back(distance(table(k0, n0, k1, n1)) >= reach);
  const auto probability = [&](real p0) {
    const real p1 = std::min<real>(1, std::max<real>(0, Effect::p1(p0, effect)));
    return naive::probability(
        n0, n1,
        [&](long k0, long k1) { return inside[static_cast<std::size_t>(k0 * (n1 + 1) + k1)] != 0; },
        p0, p1);
  };
  return static_cast<double>(
      naive::largest(probability, Effect::low(effect), Effect::high(effect), 16).refined);
}

// A limit: just inside it an effect is accepted; beyond it none is, next to it and on the grid.
template <class Effect>
void expect_end(const table2x2& t, double end, double outside, int direction, int sign,
                double alpha) {
  if (end != outside) {
    double p = 0;
    for (const double step : {0.0, 5e-11, 1e-9, 1e-8})
      p = std::max(p, naive_p<Effect>(t, Effect::further(end, -direction * step), sign));
    ASSERT_GT(p, alpha * (1 - 1e-6)) << end;
  }
  std::vector<double> tried = Effect::effects();
  if (std::isfinite(end))
    for (const double step : {1e-6, 1e-4, 1e-3, 4e-3})
      tried.push_back(Effect::further(end, direction * step));
  for (const double effect : tried) {
    if (direction * (effect - end) < 1e-9 * std::max(1.0, std::fabs(end))) continue;
    if (effect <= Effect::lowest || effect >= Effect::highest) continue;
    ASSERT_LE(naive_p<Effect>(t, effect, sign), alpha * (1 + 1e-6))
        << effect << " is beyond " << end;
  }
}

template <class Effect>
class ScoreExact : public testing::Test {};
using effects = testing::Types<difference, ratio>;
TYPED_TEST_SUITE(ScoreExact, effects);

TYPED_TEST(ScoreExact, EndsAtTheOutermostAcceptedEffect) {
  using E = TypeParam;
  naive::for_each_table(3, [](long x0, long n0, long x1, long n1) {
    const table2x2 t = table(x0, n0, x1, n1);
    if (std::isnan(E::observed(t))) return;
    const double level = (x0 + x1) % 2 == 0 ? 0.95 : 0.6;
    const interval ci = E::ci(t, level, both, false);
    expect_end<E>(t, ci.low, E::lowest, -1, 0, 1 - level);
    expect_end<E>(t, ci.high, E::highest, 1, 0, 1 - level);
    const interval central = E::ci(t, 0.9, both, true);
    expect_end<E>(t, central.low, E::lowest, -1, 1, 0.05);
    expect_end<E>(t, central.high, E::highest, 1, -1, 0.05);
  });
}

TYPED_TEST(ScoreExact, EndsAtTheOutermostAcceptedEffectOfLargerTables) {
  using E = TypeParam;
  for (const auto& t : {table(2, 7, 5, 6), table(0, 8, 3, 5), table(1, 6, 0, 9)}) {
    const interval ci = E::ci(t, 0.9, both, false);
    expect_end<E>(t, ci.low, E::lowest, -1, 0, 0.1);
    expect_end<E>(t, ci.high, E::highest, 1, 0, 0.1);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TYPED_TEST(ScoreExact, EndsAtTheOutermostAcceptedEffectAtTheCornersOfTheSquare) {
  // At low levels everybody's event in both groups leaves the decision to p0 or p1 of 0 or 1.
  using E = TypeParam;
  for (const auto& t : {table(2, 2, 1, 1), table(3, 3, 2, 2), table(4, 4, 1, 1), table(0, 2, 0, 1)})
    for (const double level : {0.3, 0.8}) {
      if (std::isnan(E::observed(t))) continue;
      const interval ci = E::ci(t, level, both, false);
      expect_end<E>(t, ci.low, E::lowest, -1, 0, 1 - level);
      expect_end<E>(t, ci.high, E::highest, 1, 0, 1 - level);
      if (testing::Test::HasFatalFailure()) return;
    }
}

TYPED_TEST(ScoreExact, HoldsTheEstimateAndWidensWithTheLevel) {
  using E = TypeParam;
  naive::for_each_table(3, [](long x0, long n0, long x1, long n1) {
    if (n0 > n1) return;  // the mirror image of another
    const table2x2 t = table(x0, n0, x1, n1);
    const double estimate = E::observed(t);
    for (const bool central : {false, true}) {
      interval inner{her2mod::infinity, -her2mod::infinity};
      for (const double level : {0.5, 0.95}) {
        const interval ci = E::ci(t, level, both, central);
        ASSERT_LE(ci.low, ci.high);
        ASSERT_LE(ci.low, inner.low + 1e-9);
        ASSERT_TRUE(ci.high >= inner.high || std::fabs(ci.high / inner.high - 1) < 1e-9);
        if (!std::isnan(estimate)) {
          ASSERT_LE(ci.low, estimate + 1e-9);
          ASSERT_GE(ci.high, estimate - 1e-9);
        }
        inner = ci;
      }
    }
  });
}

TYPED_TEST(ScoreExact, OneSidedIsOneEndOfTheCentralIntervalOfTwiceTheError) {
  using E = TypeParam;
  for (const auto& t :
       {table(1, 4, 3, 5), table(0, 3, 2, 6), table(4, 9, 4, 9), table(6, 6, 2, 4)}) {
    const interval two = E::ci(t, 0.9, both, true);
    for (const bool central : {false, true}) {
      const interval up = E::ci(t, 0.95, alternative::greater, central);
      const interval down = E::ci(t, 0.95, alternative::less, central);
      EXPECT_NEAR(up.low, two.low, 1e-9);
      EXPECT_EQ(up.high, E::highest);
      EXPECT_EQ(down.low, E::lowest);
      EXPECT_TRUE(down.high == two.high || std::fabs(down.high / two.high - 1) < 1e-9);
    }
  }
}

TEST(RiskDifferenceExact, ChangesSignWhenGroupsOrEventsAreSwapped) {
  naive::for_each_table(3, [](long x0, long n0, long x1, long n1) {
    if (n0 > n1) return;
    const interval ci = difference::ci(table(x0, n0, x1, n1), 0.9, both, false);
    for (const auto& other : {table(x1, n1, x0, n0), table(n0 - x0, n0, n1 - x1, n1)}) {
      const interval mirror = difference::ci(other, 0.9, both, false);
      ASSERT_NEAR(ci.low, -mirror.high, 1e-6);
      ASSERT_NEAR(ci.high, -mirror.low, 1e-6);
    }
  });
}

TEST(RiskRatioExact, IsTheReciprocalWhenGroupsAreSwapped) {
  naive::for_each_table(3, [](long x0, long n0, long x1, long n1) {
    if (n0 > n1) return;
    const interval ci = ratio::ci(table(x0, n0, x1, n1), 0.9, both, false);
    const interval mirror = ratio::ci(table(x1, n1, x0, n0), 0.9, both, false);
    if (ci.low == 0) {
      ASSERT_EQ(mirror.high, her2mod::infinity);
    } else {
      ASSERT_NEAR(ci.low * mirror.high, 1.0, 1e-6);
    }
  });
}

TEST(ScoreExact, OfNoEventAtAllIsAnIntervalForTheDifferenceAndNoneForTheRatio) {
  const table2x2 none = table(0, 20, 0, 10);
  const interval d = difference::ci(none, 0.95, both, false),
                 r = ratio::ci(none, 0.95, both, false);
  EXPECT_LT(d.low, -0.1);
  EXPECT_GT(d.low, -0.3);
  EXPECT_GT(d.high, 0.1);
  EXPECT_LT(d.high, 0.4);
  EXPECT_EQ(r.low, 0.0);
  EXPECT_EQ(r.high, her2mod::infinity);
}

}  // namespace
