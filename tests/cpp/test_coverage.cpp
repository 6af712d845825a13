// Coverage and size by full enumeration: no Monte Carlo error. The anchors are those of
// VALIDITY.md, "By enumeration", from an independent program; to the digits printed there.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include <her2mod/exact/fisher.hpp>
#include <her2mod/exact/score_interval.hpp>
#include <her2mod/exact/unconditional.hpp>
#include <her2mod/infer/proportion.hpp>
#include <her2mod/infer/two_proportions.hpp>

#include "naive.hpp"

namespace {

using her2mod::alternative;
using her2mod::interval;
using her2mod::table2x2;

constexpr double z95 = 1.959963984540054;  // qnorm(0.975)
constexpr double printed = 5.1e-4;         // the document gives three digits

std::vector<double> masses(long n, double p) {
  std::vector<double> mass;
  for (long k = 0; k <= n; ++k) mass.push_back(static_cast<double>(naive::binomial(k, n, p)));
  return mass;
}

struct coverage {
  double mean, lowest;
};

// One proportion, n = 20, p = 0.001, 0.002, ..., 0.999.
template <class Limits>
coverage of_one(const Limits& limits) {
  constexpr long n = 20;
  std::vector<interval> ci;
  for (long x = 0; x <= n; ++x)
    ci.push_back(limits(static_cast<double>(x), static_cast<double>(n)));
  coverage c{0, 1};
  for (int i = 1; i <= 999; ++i) {
    const double p = i / 1000.0;
    const std::vector<double> mass = masses(n, p);
    double covered = 0;
    for (std::size_t x = 0; x < mass.size(); ++x)
      if (ci[x].low <= p && p <= ci[x].high) covered += mass[x];
    c.mean += covered / 999;
    c.lowest = std::min(c.lowest, covered);
  }
  return c;
}

void expect_coverage(const coverage& found, double mean, double lowest) {
  EXPECT_NEAR(found.mean, mean, printed);
  EXPECT_NEAR(found.lowest, lowest, printed);
}

TEST(Coverage, OfOneProportionIsAsEnumerated) {
  expect_coverage(of_one([](double x, double n) {
                    const double p = x / n, half = z95 * std::sqrt(p * (1 - p) / n);
                    return interval{p - half, p + half};
                  }),
                  0.847, 0.020);
  expect_coverage(of_one([](double x, double n) { return her2mod::wilson_limits(x, n, z95); }),
                  0.953, 0.852);
  expect_coverage(
      of_one([](double x, double n) { return her2mod::clopper_pearson_limits(x, n, 0.025); }),
      0.977, 0.958);
  expect_coverage(of_one([](double x, double n) { return her2mod::midp_limits(x, n, 0.025); }),
                  0.961, 0.929);
}

TEST(Coverage, OfClopperPearsonIsNowhereBelowTheLevel) {
  for (long n = 1; n <= 30; ++n) {
    std::vector<interval> ci;
    for (long x = 0; x <= n; ++x)
      ci.push_back(
          her2mod::clopper_pearson_limits(static_cast<double>(x), static_cast<double>(n), 0.025));
    for (int i = 1; i <= 99; ++i) {
      const double p = i / 100.0;
      const std::vector<double> mass = masses(n, p);
      double covered = 0;
      for (std::size_t x = 0; x < mass.size(); ++x)
        if (ci[x].low <= p && p <= ci[x].high) covered += mass[x];
      ASSERT_GE(covered, 0.95 - 1e-12) << n << ", " << p;
    }
  }
}

constexpr long arm = 20;

// Every table at 20 against 20, by events in group 0, then in group 1.
template <class Of>
auto of_tables(const Of& of) {
  std::vector<decltype(of(table2x2{}))> values;
  for (long x0 = 0; x0 <= arm; ++x0)
    for (long x1 = 0; x1 <= arm; ++x1) values.push_back(of(naive::table(x0, arm, x1, arm)));
  return values;
}

// p0, p1 = 0.02, 0.06, ..., 0.98: the grid that gives the document's six figures.
template <class Limits>
coverage of_difference(const Limits& limits) {
  const std::vector<interval> ci = of_tables(limits);
  coverage c{0, 1};
  for (int i = 2; i <= 98; i += 4)
    for (int j = 2; j <= 98; j += 4) {
      const std::vector<double> mass0 = masses(arm, i / 100.0), mass1 = masses(arm, j / 100.0);
      const double d = (j - i) / 100.0;
      double covered = 0;
      for (std::size_t x0 = 0; x0 <= arm; ++x0)
        for (std::size_t x1 = 0; x1 <= arm; ++x1) {
          const interval& at = ci[x0 * (arm + 1) + x1];
          if (at.low <= d + 1e-12 && d - 1e-12 <= at.high) covered += mass0[x0] * mass1[x1];
        }
      c.mean += covered / (25 * 25);
      c.lowest = std::min(c.lowest, covered);
    }
  return c;
}

TEST(Coverage, OfADifferenceIsAsEnumerated) {
  const auto score = [](bool corrected) {
    return of_difference([corrected](const table2x2& t) {
      return her2mod::risk_difference_score_interval(t, 0.95, alternative::two_sided, corrected);
    });
  };
  expect_coverage(score(true), 0.951, 0.934);
  expect_coverage(score(false), 0.948, 0.917);
  expect_coverage(
      of_difference([](const table2x2& t) { return her2mod::newcombe_limits(t, z95, false); }),
      0.954, 0.880);
}

// The largest rejection probability over a common p = 0.01, ..., 0.99 at a nominal 5%.
template <class Test>
double size_of(const Test& p_value) {
  const std::vector<double> p = of_tables(p_value);
  double largest = 0;
  for (int i = 1; i <= 99; ++i) {
    const std::vector<double> mass = masses(arm, i / 100.0);
    double rejected = 0;
    for (std::size_t x0 = 0; x0 <= arm; ++x0)
      for (std::size_t x1 = 0; x1 <= arm; ++x1)
        if (p[x0 * (arm + 1) + x1] <= 0.05) rejected += mass[x0] * mass[x1];
    largest = std::max(largest, rejected);
  }
  return largest;
}

TEST(Size, OfTwoSidedTestsIsAsEnumerated) {
  constexpr double four_digits = 5.1e-5;
  const auto two_sided = alternative::two_sided;
  EXPECT_NEAR(size_of([](const table2x2& t) { return her2mod::fisher_test(t).minimum_likelihood; }),
              0.0253, four_digits);
  EXPECT_NEAR(size_of([&](const table2x2& t) { return her2mod::fisher_test(t).mid(two_sided); }),
              0.0385, four_digits);
  EXPECT_NEAR(size_of([&](const table2x2& t) {
                return her2mod::normal_p_value(her2mod::pearson_statistic(t), two_sided);
              }),
              0.0534, four_digits);
  EXPECT_NEAR(size_of([&](const table2x2& t) {
                return her2mod::barnard_p_value(t, her2mod::z_variance::pooled, two_sided);
              }),
              0.0498, four_digits);
}

TEST(Size, OfExactTestsIsNowhereAboveTheLevel) {
  for (const auto& [n0, n1] : {std::pair<long, long>{3, 9}, {8, 8}, {12, 5}, {10, 13}})
    for (const double alpha : {0.01, 0.05, 0.2}) {
      std::vector<her2mod::fisher_p_values> fisher;
      std::vector<double> barnard, boschloo;
      for (long x0 = 0; x0 <= n0; ++x0)
        for (long x1 = 0; x1 <= n1; ++x1) {
          const table2x2 t = naive::table(x0, n0, x1, n1);
          fisher.push_back(her2mod::fisher_test(t));
          barnard.push_back(
              her2mod::barnard_p_value(t, her2mod::z_variance::unpooled, alternative::two_sided));
          boschloo.push_back(her2mod::boschloo_p_value(t, alternative::two_sided));
        }
      for (int i = 1; i <= 99; ++i) {
        const std::vector<double> mass0 = masses(n0, i / 100.0), mass1 = masses(n1, i / 100.0);
        double by_fisher = 0, by_barnard = 0, by_boschloo = 0;
        std::size_t cell = 0;
        for (const double f0 : mass0)
          for (const double f1 : mass1) {
            if (fisher[cell].minimum_likelihood <= alpha) by_fisher += f0 * f1;
            if (barnard[cell] <= alpha) by_barnard += f0 * f1;
            if (boschloo[cell] <= alpha) by_boschloo += f0 * f1;
            // Boschloo's test is Fisher's made sharper: it never gives a larger p.
            ASSERT_LE(boschloo[cell], fisher[cell].minimum_likelihood + 1e-9);
            ++cell;
          }
        ASSERT_LE(by_fisher, alpha + 1e-12);
        ASSERT_LE(by_barnard, alpha + 1e-9);
        ASSERT_LE(by_boschloo, alpha + 1e-9);
      }
    }
}

}  // namespace
