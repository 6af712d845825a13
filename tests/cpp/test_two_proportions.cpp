// infer/two_proportions.hpp: published limits, and the textbook formulas written out.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <her2mod/infer/two_proportions.hpp>

#include "naive.hpp"

namespace {

using her2mod::alternative;
using her2mod::interval;
using her2mod::table2x2;
using naive::real;
using naive::table;

constexpr double z95 = 1.959963984540054;  // qnorm(0.975)

void expect_interval(const interval& found, double low, double high, double close) {
  EXPECT_NEAR(found.low, low, close);
  EXPECT_NEAR(found.high, high, close);
}

// 7 of 34 against 1 of 34: Fagerland, Lydersen, Laake (2015), Table 6; digits as statsmodels'
// test_proportion.py prints them.
const table2x2 fagerland = table(1, 34, 7, 34);

TEST(RiskDifferenceLimits, GiveThePublishedValues) {
  expect_interval(her2mod::wald_limits(her2mod::risk_difference_effect(fagerland), z95), 0.02916942,
                  0.32377176, 1e-8);
  expect_interval(her2mod::wald_limits(her2mod::agresti_caffo_difference(fagerland), z95),
                  0.01161167, 0.32172166, 1e-8);
}

TEST(NewcombeLimits, GiveThePublishedValues) {
  // Newcombe (1998) Stat Med 17:873, Table II, methods 10 and 11; x1/n1 - x2/n2.
  struct row {
    long x1, n1, x2, n2;
    double low, high;
  };
  constexpr double printed = 5.1e-5;
  for (const row& r : {row{56, 70, 48, 80, 0.0524, 0.3339},
                       {6, 7, 2, 7, 0.0582, 0.8062},
                       {0, 10, 0, 20, -0.1611, 0.2775},
                       {0, 10, 0, 10, -0.2775, 0.2775},
                       {10, 10, 0, 20, 0.6791, 1.0000},
                       {10, 10, 0, 10, 0.6075, 1.0000}})
    expect_interval(her2mod::newcombe_limits(table(r.x2, r.n2, r.x1, r.n1), z95, false), r.low,
                    r.high, printed);
  for (const row& r : {row{9, 10, 3, 10, 0.1013, 0.8387},
                       {5, 56, 0, 29, -0.0667, 0.2037},
                       {10, 10, 0, 10, 0.5128, 1.0000}})
    expect_interval(her2mod::newcombe_limits(table(r.x2, r.n2, r.x1, r.n1), z95, true), r.low,
                    r.high, printed);
}

TEST(NewcombeStatistic, IsTheZAtWhichTheLimitReachesZero) {
  naive::for_each_table(8, [](long x0, long n0, long x1, long n1) {
    const table2x2 t = table(x0, n0, x1, n1);
    for (const bool corrected : {false, true}) {
      const double z = her2mod::newcombe_statistic(t, corrected), d = t.p1() - t.p0();
      if (d == 0) {
        ASSERT_EQ(z, 0.0);
        continue;
      }
      ASSERT_GE(z * d, 0);
      const auto distance = [&](double at) {
        const interval ci = her2mod::newcombe_limits(t, at, corrected);
        return d > 0 ? ci.low : -ci.high;
      };
      if (z == 0) {
        ASSERT_LE(distance(0.0), 0.0);  // the correction alone covers 0
      } else {
        ASSERT_NEAR(distance(std::fabs(z)), 0.0, 1e-12);
        ASSERT_GT(distance(std::fabs(z) * 0.99), 0.0);
      }
    }
  });
}

TEST(RatioLimits, AreThoseOfTheLogRatio) {
  // Katz by hand: log 7 -+ z sqrt(1/7 - 1/34 + 1 - 1/34); Table 6 of Fagerland prints .91 and 54.
  expect_interval(her2mod::ratio_limits(her2mod::log_risk_ratio_effect(fagerland), z95),
                  std::exp(std::log(7.0) - z95 * std::sqrt(1.0 / 7 + 1 - 2.0 / 34)),
                  std::exp(std::log(7.0) + z95 * std::sqrt(1.0 / 7 + 1 - 2.0 / 34)), 1e-12);
  EXPECT_NEAR(her2mod::ratio_limits(her2mod::log_risk_ratio_effect(fagerland), z95).low, 0.91, 0.005);
  EXPECT_NEAR(her2mod::ratio_limits(her2mod::log_risk_ratio_effect(fagerland), z95).high, 54, 0.5);
  // Woolf: SAS/STAT PROC FREQ, example FatComp: 11 of 15 against 2 of 8.
  const table2x2 fat = table(2, 8, 11, 15);
  EXPECT_NEAR(std::exp(her2mod::log_odds_ratio_effect(fat).value), 8.25, 1e-12);
  expect_interval(her2mod::ratio_limits(her2mod::log_odds_ratio_effect(fat), z95), 1.1535, 59.0029,
                  5.1e-5);
}

TEST(RatioLimits, OfAZeroCountAreOpen) {
  for (const auto& t : {table(0, 5, 3, 5), table(3, 5, 0, 5), table(0, 5, 0, 5)}) {
    EXPECT_EQ(her2mod::ratio_limits(her2mod::log_risk_ratio_effect(t), z95).low, 0.0);
    EXPECT_EQ(her2mod::ratio_limits(her2mod::log_risk_ratio_effect(t), z95).high, her2mod::infinity);
    EXPECT_EQ(her2mod::ratio_limits(her2mod::log_odds_ratio_effect(t), z95).low, 0.0);
    EXPECT_EQ(her2mod::ratio_limits(her2mod::log_odds_ratio_effect(t), z95).high, her2mod::infinity);
  }
  // Everybody has an event: a risk ratio has a standard error, an odds ratio has none.
  EXPECT_GT(her2mod::ratio_limits(her2mod::log_risk_ratio_effect(table(5, 5, 3, 5)), z95).low, 0.0);
  EXPECT_EQ(her2mod::ratio_limits(her2mod::log_odds_ratio_effect(table(5, 5, 3, 5)), z95).low, 0.0);
}

TEST(Tests, GiveTheFoundingStudysPValues) {
  // DESIGN.md, section 1: dual 13/68 against single 6/49, whose printed p = .287 none of these is.
  const table2x2 t = table(6, 49, 13, 68);
  const auto p = [](double z) { return her2mod::normal_p_value(z, alternative::two_sided); };
  EXPECT_NEAR(p(her2mod::pearson_statistic(t)), 0.320, 5e-4);
  EXPECT_NEAR(p(her2mod::yates_statistic(t)), 0.459, 5e-4);
  EXPECT_NEAR(p(her2mod::likelihood_ratio_statistic(t)), 0.314, 5e-4);
  EXPECT_NEAR(p(her2mod::log_ratio_statistic(t, her2mod::log_odds_ratio_effect(t))), 0.324, 5e-4);
  EXPECT_NEAR(p(her2mod::unpooled_statistic(t)), 0.304, 5e-4);
}

// Observed and expected counts of the four cells.
struct cells {
  real observed[4], expected[4];

  cells(long x0, long n0, long x1, long n1) {
    const real n = static_cast<real>(n0 + n1), m = static_cast<real>(x0 + x1);
    const long counts[4] = {x0, n0 - x0, x1, n1 - x1};
    const real of_row[4] = {m * static_cast<real>(n0) / n, (n - m) * static_cast<real>(n0) / n,
                            m * static_cast<real>(n1) / n, (n - m) * static_cast<real>(n1) / n};
    for (int i = 0; i < 4; ++i) {
      observed[i] = static_cast<real>(counts[i]);
      expected[i] = of_row[i];
    }
  }

  // Sum over cells of (|O - E| - correction)^2 / E.
  real chi_square(real correction) const {
    real sum = 0;
    for (int i = 0; i < 4; ++i) {
      const real gap = std::max<real>(0, std::fabs(observed[i] - expected[i]) - correction);
      if (expected[i] > 0) sum += gap * gap / expected[i];
    }
    return sum;
  }
  real deviance() const {
    real sum = 0;
    for (int i = 0; i < 4; ++i)
      if (observed[i] > 0) sum += 2 * observed[i] * std::log(observed[i] / expected[i]);
    return sum;
  }
};

TEST(Tests, EqualTheSumsOverCells) {
  naive::for_each_table(9, [](long x0, long n0, long x1, long n1) {
    const table2x2 t = table(x0, n0, x1, n1);
    const cells c(x0, n0, x1, n1);
    const long cross = x1 * n0 - x0 * n1;
    const real sign = cross == 0 ? 0 : (cross < 0 ? -1 : 1), n = static_cast<real>(n0 + n1);
    const auto root = [&](real square) { return static_cast<double>(sign * std::sqrt(square)); };
    ASSERT_NEAR(her2mod::pearson_statistic(t), root(c.chi_square(0)), 1e-12);
    ASSERT_NEAR(her2mod::yates_statistic(t), root(c.chi_square(0.5L)), 1e-12);
    ASSERT_NEAR(her2mod::n_minus_1_statistic(t), root(c.chi_square(0) * (n - 1) / n), 1e-12);
    ASSERT_NEAR(her2mod::likelihood_ratio_statistic(t), root(c.deviance()), 1e-7);
    const real p0 = static_cast<real>(x0) / static_cast<real>(n0),
               p1 = static_cast<real>(x1) / static_cast<real>(n1);
    const real variance =
        p0 * (1 - p0) / static_cast<real>(n0) + p1 * (1 - p1) / static_cast<real>(n1);
    if (variance > 0) {
      ASSERT_NEAR(her2mod::unpooled_statistic(t),
                  static_cast<double>((p1 - p0) / std::sqrt(variance)), 1e-12);
    } else {
      ASSERT_EQ(her2mod::unpooled_statistic(t),
                cross == 0 ? 0.0 : static_cast<double>(sign) * her2mod::infinity);
    }
  });
}

TEST(LogRatioStatistic, IsTheWaldRatioWhereThereIsOne) {
  naive::for_each_table(7, [](long x0, long n0, long x1, long n1) {
    const table2x2 t = table(x0, n0, x1, n1);
    const double a = t.x1, b = t.n1 - t.x1, c = t.x0, d = t.n0 - t.x0;
    const double odds = her2mod::log_ratio_statistic(t, her2mod::log_odds_ratio_effect(t));
    const double risk = her2mod::log_ratio_statistic(t, her2mod::log_risk_ratio_effect(t));
    if (x1 * n0 == x0 * n1) {
      ASSERT_EQ(odds, 0.0);
      ASSERT_EQ(risk, 0.0);
      return;
    }
    if (a * b * c * d > 0) {
      ASSERT_NEAR(odds, std::log(a * d / (b * c)) / std::sqrt(1 / a + 1 / b + 1 / c + 1 / d),
                  1e-12);
    } else {
      ASSERT_TRUE(std::isnan(odds));
    }
    if (a * c > 0) {
      ASSERT_NEAR(risk,
                  std::log(a * t.n0 / (c * t.n1)) / std::sqrt(1 / a - 1 / t.n1 + 1 / c - 1 / t.n0),
                  1e-11);
    } else {
      ASSERT_TRUE(std::isnan(risk));
    }
  });
}

}  // namespace
