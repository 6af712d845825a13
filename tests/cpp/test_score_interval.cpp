// Asymptotic score intervals: published limits, and the defining property of a limit, |S| = z.

#include <gtest/gtest.h>

#include <cmath>

#include <her2mod/exact/score_interval.hpp>

#include "naive.hpp"

namespace {

using her2mod::alternative;
using her2mod::interval;
using her2mod::table2x2;
using naive::table;

constexpr auto both = alternative::two_sided;
constexpr double z95 = 1.959963984540054;  // qnorm(0.975)

enum class effect { difference, ratio, odds };
constexpr effect all_effects[] = {effect::difference, effect::ratio, effect::odds};

interval score_interval(effect of, const table2x2& t, double level, alternative side,
                        bool corrected) {
  switch (of) {
    case effect::difference:
      return her2mod::risk_difference_score_interval(t, level, side, corrected);
    case effect::ratio:
      return her2mod::ratio_score_interval<her2mod::risk_ratio_score>(t, level, side, corrected);
    default:
      return her2mod::ratio_score_interval<her2mod::odds_ratio_score>(t, level, side, corrected);
  }
}

double statistic(effect of, const table2x2& t, double value) {
  switch (of) {
    case effect::difference:
      return her2mod::risk_difference_score::statistic(t, value);
    case effect::ratio:
      return her2mod::risk_ratio_score::statistic(t, value);
    default:
      return her2mod::odds_ratio_score::statistic(t, value);
  }
}

double observed(effect of, const table2x2& t) {
  switch (of) {
    case effect::difference:
      return her2mod::risk_difference_score::observed(t);
    case effect::ratio:
      return her2mod::risk_ratio_score::observed(t);
    default:
      return her2mod::odds_ratio_score::observed(t);
  }
}

// As the sources write them, group 1 against group 2; group 2 is our reference.
struct published {
  long x1, n1, x2, n2;
  bool corrected;  // Miettinen and Nurminen's N / (N - 1)
  double low, high, close;
};

void expect_published(effect of, const published& c) {
  const interval ci = score_interval(of, table(c.x2, c.n2, c.x1, c.n1), 0.95, both, c.corrected);
  EXPECT_NEAR(ci.low, c.low, c.close) << c.x1 << "/" << c.n1 << " " << c.x2 << "/" << c.n2;
  EXPECT_NEAR(ci.high, c.high, c.close) << c.x1 << "/" << c.n1 << " " << c.x2 << "/" << c.n2;
}

TEST(RiskDifferenceInterval, GivesThePublishedLimits) {
  constexpr double printed = 5.1e-5;
  // Newcombe (1998) Stat Med 17:873, Table II, methods 5 (Mee) and 6 (Miettinen, Nurminen).
  for (const published& c : {published{9, 10, 3, 10, false, 0.1821, 0.8370, printed},
                             {6, 7, 2, 7, false, 0.0544, 0.8478, printed},
                             {5, 56, 0, 29, false, -0.0313, 0.1926, printed},
                             {0, 10, 0, 10, false, -0.2775, 0.2775, printed},
                             {9, 10, 3, 10, true, 0.1700, 0.8406, printed},
                             {56, 70, 48, 80, true, 0.0528, 0.3382, printed},
                             {5, 56, 0, 29, true, -0.0326, 0.1933, printed},
                             {10, 10, 0, 20, true, 0.7156, 1.0000, printed}})
    expect_published(effect::difference, c);
  // Miettinen and Nurminen (1985), example 5, to the eight digits of the tests of mergeron_extra.
  expect_published(effect::difference, {0, 10, 0, 20, true, -0.16576023, 0.28438134, 1e-8});
  // Gart and Nam (1990), as the tests of R package ratesci quote it.
  expect_published(effect::difference, {7, 25, 2, 25, false, -0.014, 0.412, 5e-4});
  // Fagerland, Lydersen, Laake (2015), Table 6; digits of R package PropCIs, diffscoreci.
  expect_published(effect::difference, {7, 34, 1, 34, true, 0.0270416, 0.3452912, 1e-6});
}

TEST(RatioIntervals, GiveThePublishedLimits) {
  // Fagerland, Lydersen, Laake (2015), Table 6, as the tests of statsmodels print it: Koopman 1.21,
  // 43; odds ratio by Miettinen and Nurminen.
  expect_published(effect::ratio, {7, 34, 1, 34, false, 1.220853, 42.575718, 1e-5});
  expect_published(effect::odds, {7, 34, 1, 34, true, 1.246622, 56.461576, 1e-5});
}

TEST(ScoreIntervals, EndWhereTheStatisticIsZ) {
  naive::for_each_table(8, [](long x0, long n0, long x1, long n1) {
    const table2x2 t = table(x0, n0, x1, n1);
    for (const effect of : all_effects)
      for (const bool corrected : {false, true}) {
        const double estimate = observed(of, t);
        const interval ci = score_interval(of, t, 0.95, both, corrected);
        const bool is_difference = of == effect::difference;
        const double lowest = is_difference ? -1 : 0,
                     highest = is_difference ? 1 : her2mod::infinity;
        if (std::isnan(estimate)) {
          ASSERT_EQ(ci.low, lowest);
          ASSERT_EQ(ci.high, highest);
          continue;
        }
        const double n = t.total(), shrink = corrected ? std::sqrt((n - 1) / n) : 1.0;
        const auto s = [&](double value) { return shrink * statistic(of, t, value); };
        ASSERT_LE(ci.low, estimate);
        ASSERT_GE(ci.high, estimate);
        // An open end: not even far out on that side is S beyond z.
        if (ci.low > lowest) {
          ASSERT_NEAR(s(ci.low), z95, 1e-6);
        } else {
          ASSERT_LE(s(is_difference ? -1 + 1e-9 : 1e-6), z95 + 1e-6);
        }
        if (ci.high < highest) {
          ASSERT_NEAR(s(ci.high), -z95, 1e-6);
        } else {
          ASSERT_GE(s(is_difference ? 1 - 1e-9 : 1e6), -z95 - 1e-6);
        }
      }
  });
}

TEST(ScoreIntervals, MirrorWhenGroupsAreSwapped) {
  naive::for_each_table(7, [](long x0, long n0, long x1, long n1) {
    const table2x2 t = table(x0, n0, x1, n1), swapped = table(x1, n1, x0, n0);
    for (const effect of : all_effects) {
      const interval a = score_interval(of, t, 0.9, both, true);
      const interval b = score_interval(of, swapped, 0.9, both, true);
      if (of == effect::difference) {
        ASSERT_NEAR(a.low, -b.high, 1e-7);
        ASSERT_NEAR(a.high, -b.low, 1e-7);
      } else if (a.low == 0) {
        ASSERT_EQ(b.high, her2mod::infinity);
      } else {
        ASSERT_NEAR(a.low * b.high, 1.0, 1e-7);
      }
    }
  });
}

TEST(ScoreIntervals, OneSidedIsOneEndOfATwoSidedIntervalOfTwiceTheError) {
  naive::for_each_table(6, [](long x0, long n0, long x1, long n1) {
    const table2x2 t = table(x0, n0, x1, n1);
    for (const effect of : all_effects) {
      const interval two = score_interval(of, t, 0.9, both, false);
      const interval up = score_interval(of, t, 0.95, alternative::greater, false);
      const interval down = score_interval(of, t, 0.95, alternative::less, false);
      ASSERT_NEAR(up.low, two.low, 1e-9);
      ASSERT_EQ(up.high, of == effect::difference ? 1 : her2mod::infinity);
      ASSERT_EQ(down.low, of == effect::difference ? -1 : 0);
      ASSERT_TRUE(down.high == two.high || std::fabs(down.high / two.high - 1) < 1e-9 ||
                  std::fabs(down.high - two.high) < 1e-9);
    }
  });
}

TEST(ScoreIntervals, WidenWithTheLevel) {
  naive::for_each_table(6, [](long x0, long n0, long x1, long n1) {
    const table2x2 t = table(x0, n0, x1, n1);
    for (const effect of : all_effects) {
      interval inner = score_interval(of, t, 0.1, both, true);
      for (const double level : {0.5, 0.9, 0.99, 0.9999}) {
        const interval outer = score_interval(of, t, level, both, true);
        ASSERT_LE(outer.low, inner.low) << level;
        ASSERT_GE(outer.high, inner.high) << level;
        inner = outer;
      }
    }
  });
}

TEST(OddsRatioInterval, IsTheReciprocalOfThatOfNonEvents) {
  // Odds ratio of events = reciprocal of that of non-events.
  naive::for_each_table(7, [](long x0, long n0, long x1, long n1) {
    const interval a = score_interval(effect::odds, table(x0, n0, x1, n1), 0.95, both, false);
    const interval b =
        score_interval(effect::odds, table(n0 - x0, n0, n1 - x1, n1), 0.95, both, false);
    if (a.low == 0) {
      ASSERT_EQ(b.high, her2mod::infinity);
    } else {
      ASSERT_NEAR(a.low * b.high, 1.0, 1e-7);
    }
  });
}

}  // namespace
