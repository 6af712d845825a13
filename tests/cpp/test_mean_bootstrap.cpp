// exact/mean_bootstrap.hpp against the list of all resamples, and against convolutions one draw at
// a time in long double.

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include <her2mod/exact/mean_bootstrap.hpp>

#include "naive_resample.hpp"

namespace {

using her2mod::certain;
using her2mod::discrete_difference;
using her2mod::mean_bootstrap;
using naive::real;
using naive::unit_list;

naive::distribution listed_mean(const unit_list& strata) {
  return naive::resampled(strata, naive::mean_of);
}

void expect_list(const unit_list& strata) {
  const mean_bootstrap found(naive::tallied(strata));
  ASSERT_EQ(found.rounding(), 0);
  const auto truth = listed_mean(strata);
  ASSERT_TRUE(naive::same_cells(found.distribution(), truth, 1e-12, 2e-16));
  const auto [mean, se] = truth.moments();
  const auto closed = her2mod::mean_moments(naive::tallied(strata));
  ASSERT_TRUE(naive::same(closed.mean, mean, 1e-14));
  ASSERT_TRUE(naive::same(std::sqrt(closed.variance), se, 1e-14));
}

TEST(MeanBootstrap, EqualsTheListOfResamples) {
  for (const auto& units : {std::vector<double>{3},
                            {1, 2},
                            {4, 4},
                            {-1, 0.1, 7},
                            {5, 5, 6},
                            {0, 0, 1, 1},
                            {1.0 / 3, 2, 2 + 2.0 / 3, 9},
                            {1.5, 2.25, 4, 8, 16},
                            {-3, 1, 4, 4, 9, 11},
                            {0.1, 0.2, 0.3, 0.7, 1.1, 12.3},
                            {100000.01, 100000.02, 100000.05},
                            {3e-12, 5e-12, 7e-12, 3e-12}}) {
    expect_list(naive::one_list(units));
    if (HasFatalFailure()) return;
  }
}

TEST(MeanBootstrap, EqualsTheListOfResamplesOfStrata) {
  for (const unit_list& strata : {unit_list{{1}, {2}},
                                  {{1, 2}, {3}},
                                  {{1, 3}, {2, 4}},
                                  {{1, 2, 5}, {2.5, 3.5}},
                                  {{0, 0, 1}, {0, 1, 1}},
                                  {{0.1, 0.2, 0.3}, {std::sqrt(2.0), 1.4 + std::sqrt(2.0)}},
                                  {{4, 6}, {5}, {1, 9}},
                                  {{1, 4}, {2, 5}, {3, 6}}}) {
    expect_list(strata);
    if (HasFatalFailure()) return;
  }
}

// One draw at a time; the values are whole.
naive::distribution convolved_mean(const unit_list& strata) {
  std::vector<real> mass(1, 1);
  real n = 0;
  for (const auto& units : strata)
    for (std::size_t draw = 0; draw < units.size(); ++draw, ++n) {
      std::map<std::size_t, real> one;
      for (const double v : units)
        one[static_cast<std::size_t>(v)] += 1 / static_cast<real>(units.size());
      std::vector<real> sum(mass.size() + one.rbegin()->first, 0);
      for (std::size_t i = 0; i < mass.size(); ++i)
        for (const auto& [v, m] : one) sum[i + v] += mass[i] * m;
      mass = sum;
    }
  naive::distribution d;
  for (std::size_t k = 0; k < mass.size(); ++k) d.add(static_cast<real>(k) / n, mass[k]);
  return d;
}

std::vector<double> skewed(int n, int distinct) {
  std::vector<double> x;
  for (int i = 0; i < n; ++i) x.push_back((i * i * 31 + i) % 97 * ((i * 7) % distinct) % 50);
  return x;
}

// Every probability of the distribution function, and quantiles.
void expect_convolution(const unit_list& strata) {
  const mean_bootstrap found(naive::tallied(strata));
  ASSERT_EQ(found.rounding(), 0);
  const auto truth = convolved_mean(strata);
  real sum = 0, found_sum = 0;
  std::size_t i = 0;
  for (const auto& [value, mass] : truth.cells) {
    sum += mass;
    if (i < found.distribution().value.size() &&
        naive::same(found.distribution().value[i], value, 1e-12))
      found_sum += found.distribution().mass[i++];
    ASSERT_NEAR(static_cast<double>(found_sum - sum), 0, 2e-13) << value;
  }
  ASSERT_EQ(i, found.distribution().value.size());
  const discrete_difference t(certain(0), found.distribution());
  for (const double q : {1e-9, 1e-6, 0.001, 0.025, 0.05, 0.5, 0.95, 0.975, 0.999}) {
    ASSERT_TRUE(naive::same(t.low(q), truth.low(q), 1e-13)) << q;
    ASSERT_TRUE(naive::same(t.high(q), truth.high(q), 1e-13)) << q;
  }
}

TEST(MeanBootstrap, EqualsTheConvolution) {
  expect_convolution({skewed(12, 3)});
  expect_convolution({skewed(60, 7)});
  expect_convolution({skewed(150, 11)});
  expect_convolution({skewed(30, 5), skewed(41, 3), {7, 7, 7}, {0, 40}});
  expect_convolution({std::vector<double>(120, 1), {0, 49, 49}});
}

// A lattice with holes, where the transform is large far from 0.
TEST(MeanBootstrap, KeepsTheHolesOfALattice) {
  std::vector<double> x(40, 0);
  x[0] = x[1] = 1;
  x[2] = x[3] = x[4] = 1000;
  expect_convolution({x});
}

TEST(MeanBootstrap, HasThePublishedIdealErrors) {
  // Efron & Tibshirani 1993, Table 2.2, the treated mice: 23.36; and air-conditioning failures.
  const std::vector<double> mice{94, 197, 16, 38, 99, 141, 23};
  const std::vector<double> failures{3, 5, 7, 18, 43, 85, 91, 98, 100, 130, 230, 487};
  const auto se = [](const std::vector<double>& x) {
    return discrete_difference(certain(0), mean_bootstrap(naive::tallied({x})).distribution())
        .standard_error();
  };
  EXPECT_NEAR(se(mice), 23.3635234372996, 1e-12);
  EXPECT_NEAR(se(failures), 37.652552358028, 1e-12);
}

TEST(MeanBootstrap, HasTheQuantilesOfAllResamplesOfTheFailures) {
  const unit_list failures{{3, 5, 7, 18, 43, 85, 91, 98, 100, 130, 230, 487}};
  const discrete_difference t(certain(0), mean_bootstrap(naive::tallied(failures)).distribution());
  const std::pair<double, double> known[] = {
      {0.025, 46.75}, {0.05, 53.0 + 1.0 / 3}, {0.95, 175.0 + 11.0 / 12}, {0.975, 191.0 + 1.0 / 6}};
  for (const auto& [q, value] : known) {
    EXPECT_NEAR(t.low(q), value, 1e-12) << q;
    EXPECT_NEAR(t.high(1 - q), value, 1e-12) << q;
  }
  EXPECT_NEAR(t.below(1297.0 / 12), 0.538779221444, 1e-12);
}

TEST(MeanBootstrap, HasTheLimitsOfSixteenValues) {
  const unit_list x{{10, 12, 12.5, 12.5, 13.9, 15, 21, 22, 23, 34, 50, 81, 89, 121, 134, 213}};
  const discrete_difference t(certain(0), mean_bootstrap(naive::tallied(x)).distribution());
  EXPECT_NEAR(t.standard_error(), 14.23676872, 1e-8);
  EXPECT_NEAR(t.low(0.025), 28.8625, 1e-12);
  EXPECT_NEAR(t.high(0.025), 84.2375, 1e-12);
}

TEST(MeanBootstrap, ComparesTwoGroupsLikeTheList) {
  const unit_list a{{1, 2, 2, 5}, {3, 9}}, b{{0.5, 1, 7}, {2, 2, 4}};
  const mean_bootstrap mean_a(naive::tallied(a)), mean_b(naive::tallied(b));
  const discrete_difference d(mean_a.distribution(), mean_b.distribution());
  const auto truth = naive::difference(listed_mean(a), listed_mean(b), naive::unchanged);
  const discrete_difference r(her2mod::log_of(mean_a.distribution()),
                              her2mod::log_of(mean_b.distribution()));
  const auto ratio = naive::difference(listed_mean(a), listed_mean(b), naive::logarithm);
  for (const double q : naive::shares) {
    EXPECT_TRUE(naive::same(d.low(q), truth.low(q), 1e-13)) << q;
    EXPECT_TRUE(naive::same(d.high(q), truth.high(q), 1e-13)) << q;
    EXPECT_TRUE(naive::same(r.low(q), ratio.low(q), 1e-13)) << q;
    EXPECT_TRUE(naive::same(r.high(q), ratio.high(q), 1e-13)) << q;
  }
}

// Off any lattice: every true quantile lies within `rounding` of the rounded one.
void expect_bracket(const unit_list& strata) {
  const mean_bootstrap found(naive::tallied(strata));
  ASSERT_GT(found.rounding(), 0);
  const auto truth = listed_mean(strata);
  const auto [mean, se] = truth.moments();
  ASSERT_LT(found.rounding(), 1e-4 * static_cast<double>(se));
  const discrete_difference t(certain(0), found.distribution());
  EXPECT_NEAR(t.mean(), static_cast<double>(mean), 1e-12);
  EXPECT_NEAR(t.standard_error(), static_cast<double>(se), 1e-5 * static_cast<double>(se));
  for (const double q : naive::shares) {
    if (q == 1) continue;
    EXPECT_NEAR(t.low(q), static_cast<double>(truth.low(q)), found.rounding()) << q;
    EXPECT_NEAR(t.high(q), static_cast<double>(truth.high(q)), found.rounding()) << q;
  }
}

TEST(MeanBootstrap, BoundsTheRoundingOfValuesOffTheLattice) {
  const double pi = 3.14159265358979, root = std::sqrt(2.0);
  expect_bracket({{0, 1, pi}});
  expect_bracket({{root, 1, pi, 10, -2}});
  expect_bracket({{root, 1, pi, 10, -2, 2.5}});
  expect_bracket({{0, 1, 2}, {0, root, 3}});
  expect_bracket({{0, 1e-7, 1}, {2, 2}});  // a lattice, but too fine
}

TEST(MeanBootstrap, RoundsALargeGroupByLittle) {
  std::vector<double> x;
  for (int i = 1; i <= 458; ++i) x.push_back(500 * std::fmod(i * 0.618033988749895, 1.0));
  const mean_bootstrap found(naive::tallied({x}));
  const auto closed = her2mod::mean_moments(naive::tallied({x}));
  const double se = std::sqrt(closed.variance);
  EXPECT_LT(found.rounding(), 2e-3 * se);
  const discrete_difference t(certain(0), found.distribution());
  EXPECT_NEAR(t.mean(), closed.mean, 1e-10);
  EXPECT_NEAR(t.standard_error(), se, 1e-6 * se);
}

TEST(CommonStep, FindsLatticesOnly) {
  using her2mod::common_step;
  EXPECT_EQ(common_step({6, 10, 15}, 1e-3), 1);
  EXPECT_EQ(common_step({12, 8, 20}, 1e-3), 4);
  EXPECT_NEAR(common_step({0.3, 0.1 + 0.2, 1.1}, 1e-3), 0.1, 1e-15);
  EXPECT_NEAR(common_step({1.0 / 3, 2.0 / 3, 1}, 1e-3), 1.0 / 3, 1e-15);
  EXPECT_NEAR(common_step({458.37, 0.02, 99.91}, 1e-3), 0.01, 1e-15);
  EXPECT_EQ(common_step({458.37, 0.02, 99.91}, 0.011), 0);
  EXPECT_EQ(common_step({1, 3.14159265358979}, 1e-6), 0);
  EXPECT_EQ(common_step({1, 1 + 1e-7}, 1e-6), 0);
  EXPECT_EQ(common_step({1e5, 1e5 + 1.0 / 7, 2.0 / 7 + 1e-8}, 1e-3), 0);
}

TEST(MeanBootstrap, TakesAConstantGroup) {
  const mean_bootstrap found(naive::tallied({{2, 2, 2}, {5}}));
  EXPECT_EQ(found.rounding(), 0);
  EXPECT_EQ(found.distribution().value, std::vector<double>{11.0 / 4});
  EXPECT_EQ(found.distribution().mass, std::vector<double>{1});
}

TEST(MeanBootstrap, RefusesBadInput) {
  const her2mod::group_units bad[] = {{},
                                      {{{}, {}}},
                                      {{{1, her2mod::not_a_number}, {1, 1}}},
                                      {{{2, 1}, {1, 1}}},
                                      {{{1, 2}, {1, 0.5}}}};
  for (const auto& strata : bad) {
    EXPECT_THROW(mean_bootstrap{strata}, her2mod::input_error);
    EXPECT_THROW(her2mod::mean_moments(strata), her2mod::input_error);
  }
}

}  // namespace
