// exact/linear_null.hpp against published answers, lists of all subsets, and itself.

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include <her2mod/exact/linear_null.hpp>

#include "naive_linear.hpp"

namespace {

using her2mod::linear_limits;
using her2mod::linear_method;
using her2mod::linear_null;
using her2mod::linear_stratum;
using her2mod::probability_bounds;
using naive::agrees;
using naive::holds;
using naive::one_stratum;
using naive::real;
using naive::strata;

constexpr linear_method exact_methods[] = {linear_method::enumeration, linear_method::table,
                                           linear_method::characteristic};

std::vector<double> joined(std::vector<double> x, const std::vector<double>& y) {
  x.insert(x.end(), y.begin(), y.end());
  return x;
}

// --- published answers

const std::vector<double> treated{94, 197, 16, 38, 99, 141, 23};
const std::vector<double> control{52, 104, 146, 10, 50, 31, 40, 27, 46};

TEST(LinearNull, GivesThePublishedAnswerForTheMice) {
  // Efron, Tibshirani (1993), An Introduction to the Bootstrap, table 2.1: all 11440 arrangements.
  const strata mice = one_stratum(joined(treated, control), 7);
  const double s = std::accumulate(treated.begin(), treated.end(), 0.0);
  for (const linear_method method : exact_methods) {
    linear_null null(mice, linear_limits(), method);
    EXPECT_EQ(null.arrangements(), 11440);
    EXPECT_TRUE(agrees(null.at_least(s), 0.14055944055944056L, 1e-9));
    EXPECT_TRUE(agrees(null.two_sided(s), 0.27814685314685317L, 1e-9));
  }
}

TEST(LinearNull, GivesFishersAnswerForTheMaize) {
  // Fisher (1935), The Design of Experiments, section 21: 863 of 32768 on either side.
  const double differences[] = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
  strata pairs;
  double s = 0;
  for (const double d : differences) {
    pairs.push_back({{0, d}, 1});
    s += d;
  }
  for (const linear_method method : exact_methods) {
    linear_null null(pairs, linear_limits(), method);
    EXPECT_EQ(null.arrangements(), 32768);
    EXPECT_TRUE(agrees(null.at_least(s), 0.026336669921875L, 1e-9));
    EXPECT_TRUE(agrees(null.two_sided(s), 0.05267333984375L, 1e-9));
  }
}

TEST(LinearNull, GivesThePublishedAnswerForStratifiedWages) {
  // StatXact 6 manual, page 396
  const strata wages{
      {{525, 500, 550, 700, 576}, 1}, {{886, 458, 600, 600}, 2}, {{850, 800, 850, 850, 800}, 1}};
  // F F F M F | M F F M | M F F F F
  const double observed = 700 + (886 + 600) + 850;
  for (const linear_method method : exact_methods) {
    linear_null null(wages, linear_limits(), method);
    EXPECT_EQ(null.arrangements(), 150);
    EXPECT_TRUE(agrees(null.at_least(observed), 0.04L, 1e-9));
    EXPECT_TRUE(agrees(null.two_sided(observed), 0.04L, 1e-9));
  }
}

TEST(LinearNull, GivesThePublishedAnswerForBloodPressure) {
  // StatXact 6 manual, page 342: Wilcoxon's test with mid-ranks
  const std::vector<double> pressure{94, 108, 110, 90, 80, 94,  85, 90,
                                     90, 90,  108, 94, 78, 105, 88};
  std::vector<double> rank;
  for (const double a : pressure) {
    double below = 0, equal = 0;
    for (const double b : pressure) {
      below += b < a;
      equal += b == a;
    }
    rank.push_back(below + (equal + 1) / 2);
  }
  const double s = rank[0] + rank[1] + rank[2] + rank[3];
  for (const linear_method method : exact_methods) {
    linear_null null(one_stratum(rank, 4), linear_limits(), method);
    EXPECT_NEAR(null.two_sided(s).high, 0.0989, 6e-4);
    EXPECT_NEAR(null.at_least(s).high, 0.0542, 6e-4);
  }
}

// --- against the list of all subsets

void expect_truth(linear_null& null, const naive::linear_truth& truth, double s, double relative) {
  ASSERT_TRUE(agrees(null.at_least(s), truth.at_least(s), relative)) << s;
  ASSERT_TRUE(agrees(null.at_most(s), truth.at_most(s), relative)) << s;
  ASSERT_TRUE(agrees(null.two_sided(s), truth.two_sided(s), relative)) << s;
  ASSERT_TRUE(agrees(null.above(s), truth.above(s), relative)) << s;
  ASSERT_TRUE(agrees(null.below(s), truth.below(s), relative)) << s;
}

void expect_quantiles(const linear_null& null, const naive::linear_truth& truth) {
  ASSERT_EQ(null.support().size(), truth.mass.size());
  for (const double p : {0.0, 0.025, 0.31, 0.5, 0.975, 1.0}) {
    real below = 0, quantile = 0;
    for (const auto& [value, mass] : truth.mass) {
      quantile = value;
      below += mass;
      if (below >= p - 1e-12L) break;
    }
    ASSERT_NEAR(null.quantile(p), static_cast<double>(quantile), 1e-9 * std::fabs(null.mean()));
  }
}

void expect_everywhere(const strata& all, linear_method method) {
  SCOPED_TRACE(static_cast<int>(method));
  const naive::linear_truth truth = naive::enumerate(all);
  linear_null null(all, linear_limits(), method);
  const double sd = std::sqrt(static_cast<double>(truth.variance()));
  ASSERT_NEAR(null.mean(), static_cast<double>(truth.mean()), 1e-12 * sd);
  ASSERT_NEAR(null.variance(), sd * sd, 1e-12 * sd * sd);
  expect_quantiles(null, truth);
  const std::size_t every = truth.mass.size() / 40 + 1;
  std::size_t i = 0;
  for (const auto& [value, p] : truth.mass)
    if (i++ % every == 0 || i == truth.mass.size()) {
      expect_truth(null, truth, static_cast<double>(value), 1e-7);
      expect_truth(null, truth, static_cast<double>(value) + 0.013 * sd, 1e-7);
      if (testing::Test::HasFatalFailure()) return;
    }
}

void expect_exact(const strata& all) {
  for (const linear_method method : exact_methods) expect_everywhere(all, method);
}

TEST(LinearNull, EqualsTheListForWholeScores) {
  naive::numbers draw(1);
  for (const std::size_t n : {2u, 3u, 5u, 8u, 13u})
    for (std::size_t m = 1; m < n; m += 2) {
      expect_exact(one_stratum(draw.wholes(n, 30), m));
      if (HasFatalFailure()) return;
    }
}

TEST(LinearNull, EqualsTheListForNegativeScoresAndDecimals) {
  expect_exact(one_stratum({-3, -1, 0, 2, 2, 7, -12}, 3));
  expect_exact(one_stratum({0.1, 0.7, 0.3, 1.2, 12.5, 0.2, 0.9}, 4));
  expect_exact(one_stratum({1.5, 1.5, 3, 4.5, 4.5, 6}, 2));
}

TEST(LinearNull, EqualsTheListForScoresOfAnySize) {
  expect_exact(one_stratum({1e12, 3e12, 4e12, 4e12, 9e12, -2e12}, 3));
  expect_exact(one_stratum({1e-12, 3e-12, 4e-12, 4e-12, 9e-12, -2e-12}, 3));
  expect_exact(one_stratum({1e12 + 1, 1e12 + 3, 1e12 + 4, 1e12 + 4, 1e12 + 9}, 2));
}

TEST(LinearNull, EqualsTheListWithStrata) {
  naive::numbers draw(2);
  expect_exact({{{1, 2, 3, 4}, 2}, {{0, 5, 5}, 1}, {{2, 9, 4, 4, 1}, 4}});
  expect_exact({{{1, 2, 3}, 0}, {{0, 5, 5}, 3}, {{2, 9, 4, 4, 1}, 2}, {{7}, 1}, {{8}, 0}});
  expect_exact({{{0.5, 2, 3.5}, 2}, {{10, 10, 10}, 1}, {{100, 107, 101, 103}, 2}});
  strata pairs;
  for (int i = 0; i < 11; ++i) pairs.push_back({{0, draw.wholes(1, 20)[0] - 6}, 1});
  expect_exact(pairs);
}

TEST(LinearNull, ListsAnyNumbersExactly) {
  naive::numbers draw(3);
  expect_everywhere(one_stratum(draw.normals(14), 6), linear_method::enumeration);
  expect_everywhere(one_stratum(draw.lognormals(12), 9), linear_method::enumeration);
  expect_everywhere({{draw.normals(4), 2}, {draw.normals(5), 1}, {draw.lognormals(5), 3}},
                    linear_method::enumeration);
}

TEST(LinearNull, ScoresThatAreSummedInAnotherOrderTie) {
  // 0.1 + 0.2 + 0.3 is not 0.3 + 0.3 in floating-point numbers.
  const strata tenths = one_stratum({0.1, 0.2, 0.3, 0.3, 0.1, 0.2, 0.6, 0.4}, 4);
  const naive::linear_truth truth = naive::tabulate({1, 2, 3, 3, 1, 2, 6, 4}, 4);
  for (const linear_method method : exact_methods) {
    linear_null null(tenths, linear_limits(), method);
    ASSERT_EQ(null.support().size(), truth.mass.size());
    for (const double s : {0.1 + 0.2 + 0.3 + 0.3, 0.3 + 0.3 + 0.2 + 0.1, 0.4 + 0.1 + 0.2 + 0.2})
      ASSERT_TRUE(agrees(null.at_least(s), truth.at_least(std::round(10 * s)), 1e-9));
  }
}

// --- bounds for scores on no lattice

TEST(LinearNull, BracketsTheTruthForScoresOnNoLattice) {
  naive::numbers draw(4);
  const strata cases[] = {one_stratum(draw.lognormals(16), 7),
                          one_stratum(draw.normals(15), 11),
                          {{draw.normals(7), 3}, {draw.lognormals(6), 2}, {draw.normals(3), 1}},
                          {{draw.normals(2), 1}, {draw.normals(2), 1}, {draw.lognormals(11), 5}}};
  for (const strata& all : cases) {
    const naive::linear_truth truth = naive::enumerate(all);
    linear_limits limits;
    limits.points = 1u << 14;
    linear_null null(all, limits, linear_method::majorant);
    EXPECT_FALSE(null.exact());
    const double mean = static_cast<double>(truth.mean());
    const double sd = std::sqrt(static_cast<double>(truth.variance()));
    for (double z = -2.6; z < 2.7; z += 0.65) {
      const double s = mean + z * sd;
      ASSERT_TRUE(agrees(null.at_least(s), truth.at_least(s), 0.05)) << z;
      ASSERT_TRUE(agrees(null.at_most(s), truth.at_most(s), 0.05)) << z;
      ASSERT_TRUE(agrees(null.two_sided(s), truth.two_sided(s), 0.05)) << z;
      ASSERT_TRUE(holds(null.above(s), truth.above(s))) << z;
      ASSERT_TRUE(holds(null.below(s), truth.below(s))) << z;
    }
    ASSERT_NEAR(null.quantile(0.9), mean + 1.3 * sd, 0.5 * sd);
  }
}

TEST(LinearNull, BracketsTheTruthAtAnAtomToo) {
  naive::numbers draw(5);
  const strata all = one_stratum(draw.normals(10), 4);
  const naive::linear_truth truth = naive::enumerate(all);
  linear_null null(all, linear_limits{2e6, 1u << 14}, linear_method::majorant);
  for (const auto& [value, p] : truth.mass) {
    const double s = static_cast<double>(value);
    ASSERT_TRUE(holds(null.at_least(s), truth.at_least(s)));
    ASSERT_TRUE(holds(null.at_most(s), truth.at_most(s)));
  }
}

TEST(LinearNull, BoundsAgreeToTheDigitsThatAreWanted) {
  naive::numbers draw(6);
  linear_null null(one_stratum(draw.lognormals(200), 60));
  ASSERT_EQ(null.method(), linear_method::majorant);
  for (const double z : {-2.0, 0.3, 1.9, 3.0, 5.0}) {
    const probability_bounds p = null.at_least(null.mean() + z * std::sqrt(null.variance()));
    EXPECT_LE(p.high - p.low, 5e-4 * p.high) << z;
    EXPECT_GT(p.low, 0);
  }
}

// --- no choice, no spread

TEST(LinearNull, IsCertainWhereThereIsNoChoice) {
  const strata certain[] = {one_stratum({3, 3, 3, 3}, 2),
                            one_stratum({1, 4}, 2),
                            one_stratum({5, 6}, 0),
                            one_stratum({5}, 1),
                            {{{5, 6}, 0}, {{1, 2}, 2}, {{7, 7}, 1}}};
  for (const strata& all : certain) {
    linear_null null(all);
    const double s = null.mean();
    EXPECT_EQ(null.variance(), 0);
    EXPECT_EQ(null.support(), std::vector<double>{s});
    for (const probability_bounds p : {null.at_least(s), null.at_most(s), null.two_sided(s)}) {
      EXPECT_EQ(p.low, 1);
      EXPECT_EQ(p.high, 1);
    }
    EXPECT_EQ(null.above(s).high, 0);
    EXPECT_EQ(null.at_least(s + 1).high, 0);
    EXPECT_EQ(null.at_most(s - 1).high, 0);
    EXPECT_EQ(null.quantile(0.5), s);
  }
}

TEST(LinearNull, RefusesBadInput) {
  using her2mod::input_error;
  EXPECT_THROW(linear_null(strata{}), input_error);
  EXPECT_THROW(linear_null(one_stratum({}, 0)), input_error);
  EXPECT_THROW(linear_null(one_stratum({1, 2}, 3)), input_error);
  EXPECT_THROW(linear_null(one_stratum({1, std::nan("")}, 1)), input_error);
  EXPECT_THROW(linear_null(one_stratum({1, her2mod::infinity}, 1)), input_error);
  EXPECT_THROW(linear_null(one_stratum({-1e308, 1e308}, 1)), input_error);
  EXPECT_THROW(
      linear_null(one_stratum({0, 1, std::sqrt(2.0)}, 1), linear_limits(), linear_method::table),
      input_error);
}

// --- plans

TEST(LinearNull, ChoosesTheFirstMethodThatFits) {
  naive::numbers draw(7);
  const auto method = [](const strata& all) { return linear_null::plan(all).method; };
  std::vector<double> rank(300);
  std::iota(rank.begin(), rank.end(), 1.0);
  EXPECT_EQ(method(one_stratum(draw.normals(20), 10)), linear_method::enumeration);
  EXPECT_EQ(method(one_stratum(draw.normals(40), 20)), linear_method::majorant);
  EXPECT_EQ(method(one_stratum(draw.wholes(40, 99), 20)), linear_method::table);
  EXPECT_EQ(method(one_stratum(rank, 150)), linear_method::characteristic);
  // Few distinct scores are few distinct arrangements, whatever they are.
  std::vector<double> ties(90, 0.0);
  for (std::size_t i = 0; i < 60; ++i) ties[i] = i < 30 ? 1 : std::sqrt(2.0);
  EXPECT_EQ(method(one_stratum(ties, 40)), linear_method::enumeration);
}

TEST(LinearNull, SaysWhatDoesNotFit) {
  naive::numbers draw(8);
  const strata all = one_stratum(draw.normals(60), 30);
  linear_limits limits;
  limits.work = 1e3;
  EXPECT_FALSE(linear_null::plan(all, limits).fits);
  EXPECT_THROW(linear_null(all, limits), her2mod::numeric_error);
  EXPECT_TRUE(linear_null::plan(all).fits);
}

}  // namespace
