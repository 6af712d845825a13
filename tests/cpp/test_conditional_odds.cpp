// exact/conditional_odds.hpp against halving in long double, and published values.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <her2mod/exact/conditional_odds.hpp>

#include "naive.hpp"

namespace {

using her2mod::alternative;
using her2mod::conditional_odds;
using her2mod::interval;
using naive::real;
using naive::table;

constexpr auto both = alternative::two_sided, less = alternative::less,
               greater = alternative::greater;

// The distribution of group 1's events given the margins, by its definition.
class naive_odds {
 public:
  naive_odds(long x0, long n0, long x1, long n1)
      : n0_(n0),
        n1_(n1),
        m_(x0 + x1),
        x_(x1),
        low_(std::max(0L, m_ - n0)),
        high_(std::min(m_, n1)) {}

  double estimate() const {
    if (low_ == high_) return std::nan("");
    if (x_ == low_) return 0;
    if (x_ == high_) return her2mod::infinity;
    return root(
        [this](real psi) { return expect(psi, [](long k) { return static_cast<real>(k); }) - x_; });
  }

  // P(X >= x) = tail, and P(X <= x) = tail, with only `share` of P(X = x).
  double low(real tail, real share) const {
    if (x_ == low_) return 0;
    return root([&](real psi) {
      return expect(psi, [&](long k) { return k > x_ ? 1 : (k == x_ ? share : 0); }) - tail;
    });
  }
  double high(real tail, real share) const {
    if (x_ == high_) return her2mod::infinity;
    return root([&](real psi) {
      return tail - expect(psi, [&](long k) { return k < x_ ? 1 : (k == x_ ? share : 0); });
    });
  }

 private:
  template <class F>
  real expect(real psi, const F& f) const {
    real sum = 0, all = 0;
    for (long k = low_; k <= high_; ++k) {
      const real ways =
          naive::choose(n1_, k) * naive::choose(n0_, m_ - k) * naive::power(psi, k - low_);
      all += ways;
      sum += ways * f(k);
    }
    return sum / all;
  }

  template <class F>
  static double root(const F& f) {
    const auto at = [&](real log_psi) { return f(std::exp(log_psi)); };
    return static_cast<double>(std::exp(naive::bisect(at, -40, 40, 80)));
  }

  long n0_, n1_, m_, x_, low_, high_;
};

void expect_ratio(double found, double truth, double close = 1e-9) {
  if (truth == 0 || std::isinf(truth)) {
    ASSERT_EQ(found, truth);
  } else {
    ASSERT_NEAR(found / truth, 1.0, close);
  }
}

TEST(ConditionalOdds, EqualsTheNaiveTwinForEverySmallTable) {
  naive::for_each_table(8, [](long x0, long n0, long x1, long n1) {
    const conditional_odds odds(table(x0, n0, x1, n1));
    const naive_odds twin(x0, n0, x1, n1);
    if (std::isnan(twin.estimate())) {
      ASSERT_TRUE(std::isnan(odds.estimate()));
    } else {
      expect_ratio(odds.estimate(), twin.estimate());
    }
    for (const double share : {1.0, 0.5}) {
      const interval ci = odds.limits(0.95, both, share);
      expect_ratio(ci.low, twin.low(0.025L, share));
      expect_ratio(ci.high, twin.high(0.025L, share));
    }
  });
}

TEST(ConditionalOdds, HasOneFiniteEndWhenOneSided) {
  for (const double share : {1.0, 0.5}) {
    const conditional_odds odds(table(6, 49, 13, 68));
    const naive_odds twin(6, 49, 13, 68);
    const interval up = odds.limits(0.9, greater, share), down = odds.limits(0.9, less, share);
    expect_ratio(up.low, twin.low(0.1L, share));
    EXPECT_EQ(up.high, her2mod::infinity);
    EXPECT_EQ(down.low, 0.0);
    expect_ratio(down.high, twin.high(0.1L, share));
  }
}

TEST(ConditionalOdds, GivesThePublishedValues) {
  // R's ?fisher.test, the tea: 6.408309 (0.2117329, 621.9337505); its root finder is loose, these
  // are the digits by brute force (known_answers.R, or.cond.exact:tea).
  const conditional_odds tea(table(1, 4, 3, 4));
  EXPECT_NEAR(tea.estimate(), 6.4083196582, 1e-9);
  EXPECT_NEAR(tea.limits(0.95, both, 1.0).low, 0.211735595447, 1e-11);
  EXPECT_NEAR(tea.limits(0.95, both, 1.0).high, 626.243530589, 1e-8);
  // Fagerland, Lydersen, Laake (2015), Table 6: Cornfield exact .97 to 397 (same source of digits).
  const conditional_odds fagerland(table(1, 34, 7, 34));
  EXPECT_NEAR(fagerland.estimate(), 8.329343717550, 1e-11);
  EXPECT_NEAR(fagerland.limits(0.95, both, 1.0).low, 0.973273632882, 1e-11);
  EXPECT_NEAR(fagerland.limits(0.95, both, 1.0).high, 396.99400217, 1e-7);
}

TEST(ConditionalOdds, OfFixedMarginsSaysNothing) {
  for (const auto& t : {table(0, 5, 0, 8), table(5, 5, 8, 8)}) {
    const conditional_odds odds(t);
    EXPECT_TRUE(std::isnan(odds.estimate()));
    EXPECT_EQ(odds.limits(0.95, both, 1.0).low, 0.0);
    EXPECT_EQ(odds.limits(0.95, both, 1.0).high, her2mod::infinity);
  }
}

TEST(ConditionalOdds, IsTheReciprocalWhenGroupsOrEventsAreSwapped) {
  naive::for_each_table(7, [](long x0, long n0, long x1, long n1) {
    const conditional_odds odds(table(x0, n0, x1, n1));
    for (const auto& other : {table(x1, n1, x0, n0), table(n0 - x0, n0, n1 - x1, n1)}) {
      const conditional_odds mirror(other);
      const interval a = odds.limits(0.9, both, 0.5), b = mirror.limits(0.9, both, 0.5);
      expect_ratio(a.low, 1 / b.high);
      expect_ratio(a.high, 1 / b.low);
      if (!std::isnan(odds.estimate())) expect_ratio(odds.estimate(), 1 / mirror.estimate());
    }
  });
}

TEST(ConditionalOdds, WidensWithTheLevelAroundTheEstimate) {
  for (const auto& t : {table(211, 458, 19, 117), table(0, 20, 1, 20), table(3, 4, 700, 900)}) {
    const conditional_odds odds(t);
    interval inner{odds.estimate(), odds.estimate()};
    for (const double level : {0.5, 0.9, 0.99, 0.999999}) {
      const interval outer = odds.limits(level, both, 1.0);
      EXPECT_LT(outer.low, inner.low);
      EXPECT_TRUE(outer.high > inner.high || std::isinf(inner.high));
      const interval mid = odds.limits(level, both, 0.5);
      EXPECT_LT(outer.low, mid.low);
      EXPECT_GE(outer.high, mid.high);
      inner = outer;
    }
  }
}

// All of group 1 and none of group 0 have the event: the observed table is the highest, and half of
// its probability is all that lies at or above it, which is 0.6 for no odds ratio.
TEST(ConditionalOdds, ALimitThatDoesNotExistIsAnError) {
  const conditional_odds odds({0, 5, 5, 5});
  EXPECT_THROW(odds.limits(0.4, alternative::greater, 0.5), her2mod::numeric_error);
}

}  // namespace
