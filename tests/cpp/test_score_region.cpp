// exact/score_exact.hpp: the staircase walk finds the tables that a full scan finds, and accepting
// an effect means what the definition says.

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include <her2mod/exact/score_exact.hpp>

#include "naive_supremum.hpp"

namespace {

using her2mod::table2x2;
using her2mod::tails;
using naive::real;
using naive::table;

constexpr tails all_tails[] = {tails::both, tails::lower, tails::upper};

struct difference {
  using line = her2mod::risk_difference_line;
  static std::vector<double> effects() {
    return {-0.999, -0.75, -0.5, -1.0 / 3, -0.1, 0.0, 0.02, 0.2, 0.4, 2.0 / 3, 0.9, 0.999};
  }
};

struct ratio {
  using line = her2mod::risk_ratio_line;
  static std::vector<double> effects() {
    return {0.01, 0.2, 0.5, 0.9, 1.0, 1.05, 1.5, 2.0, 3.7, 10.0, 200.0};
  }
};

// The definition, table by table. Ties: within 1e-7 of |S|.
template <class Effect>
bool as_extreme(long k0, long k1, const table2x2& seen, double effect, tails which) {
  const double s = Effect::line::statistic(
      table(k0, static_cast<long>(seen.n0), k1, static_cast<long>(seen.n1)), effect);
  const double observed = Effect::line::statistic(seen, effect);
  const double slack = 1e-7 * std::fabs(observed) + 1e-12;
  switch (which) {
    case tails::upper:
      return s >= observed - slack;
    case tails::lower:
      return s <= observed + slack;
    default:
      return std::fabs(s) >= std::fabs(observed) - slack;
  }
}

template <class Effect>
class ScoreRegion : public testing::Test {};
using effects = testing::Types<difference, ratio>;
TYPED_TEST_SUITE(ScoreRegion, effects);

TYPED_TEST(ScoreRegion, EqualsTheFullScanForEverySmallTable) {
  const auto grid = TypeParam::effects();
  naive::for_each_table(8, [&](long x0, long n0, long x1, long n1) {
    const table2x2 t = table(x0, n0, x1, n1);
    for (const double effect : grid)
      for (const tails which : all_tails) {
        const auto region = her2mod::score_region<typename TypeParam::line>(t, effect, which);
        for (long k0 = 0; k0 <= n0; ++k0)
          for (long k1 = 0; k1 <= n1; ++k1)
            ASSERT_EQ(naive::holds(region, k0, k1), as_extreme<TypeParam>(k0, k1, t, effect, which))
                << k0 << ", " << k1 << " at " << effect;
      }
  });
}

TYPED_TEST(ScoreRegion, EqualsTheFullScanForTheFoundingStudy) {
  for (const auto& t : {table(6, 49, 13, 68), table(0, 49, 68, 68), table(40, 49, 3, 68)})
    for (const double effect : TypeParam::effects())
      for (const tails which : all_tails) {
        const auto region = her2mod::score_region<typename TypeParam::line>(t, effect, which);
        for (long k0 = 0; k0 <= 49; ++k0)
          for (long k1 = 0; k1 <= 68; ++k1)
            ASSERT_EQ(naive::holds(region, k0, k1), as_extreme<TypeParam>(k0, k1, t, effect, which))
                << k0 << ", " << k1 << " at " << effect;
      }
}

TYPED_TEST(ScoreRegion, IsAcceptedWhenItsLargestProbabilityExceedsAlpha) {
  const auto grid = TypeParam::effects();
  naive::for_each_table(3, [&](long x0, long n0, long x1, long n1) {
    const table2x2 t = table(x0, n0, x1, n1);
    for (const double effect : grid)
      for (const tails which : all_tails) {
        const auto line = TypeParam::line::line(effect);
        const auto probability = [&](real p0) {
          const real p1 = line.intercept + static_cast<real>(line.slope) * p0;
          return naive::probability(
              n0, n1,
              [&](long k0, long k1) { return as_extreme<TypeParam>(k0, k1, t, effect, which); }, p0,
              std::min<real>(1, std::max<real>(0, p1)));
        };
        const real p = naive::largest(probability, line.low, line.high, 20).refined;
        for (const double alpha : {0.01, 0.025, 0.05, 0.2, 0.6}) {
          if (std::fabs(static_cast<double>(p) - alpha) < 1e-7) continue;
          const auto region = her2mod::score_region<typename TypeParam::line>(t, effect, which);
          ASSERT_EQ(her2mod::nuisance_supremum(region, line).exceeds(alpha), p > alpha)
              << "effect " << effect << ", alpha " << alpha << ", p " << p;
        }
      }
  });
}

}  // namespace
