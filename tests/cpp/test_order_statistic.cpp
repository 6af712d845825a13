// exact/order_statistic.hpp against the list of all resamples, and against sums of trinomials.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <her2mod/exact/order_statistic.hpp>
#include <her2mod/math/tails.hpp>

#include "naive_resample.hpp"

namespace {

using her2mod::discrete_distribution;
using her2mod::group_units;
using her2mod::stratum_units;
using naive::real;
using naive::unit_list;

discrete_distribution quantile(const group_units& strata, double p) {
  return her2mod::quantile_bootstrap(strata, p).distribution();
}

void expect_list(const unit_list& strata, double p) {
  SCOPED_TRACE(p);
  const auto truth = naive::resampled(
      strata, [p](const std::vector<double>& x) { return naive::quantile_of(x, p); });
  ASSERT_TRUE(naive::same_cells(quantile(naive::tallied(strata), p), truth, 1e-12));
}

void expect_lists(const unit_list& strata) {
  for (const double p : {0.0, 0.1, 0.25, 1.0 / 3, 0.5, 0.6, 0.75, 0.99, 1.0}) {
    expect_list(strata, p);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(QuantileBootstrap, EqualsTheListOfResamples) {
  for (const auto& units : {std::vector<double>{3},
                            {1, 2},
                            {4, 4},
                            {-1, 0.1, 7},
                            {5, 5, 6},
                            {0, 1, 2, 3},
                            {0, 0, 1, 1},
                            {1, 2, 2, 9},
                            {1.5, 2, 4, 8, 16},
                            {7, 7, 7, 7, 8},
                            {-3, 1, 4, 4, 9, 11},
                            {0, 0, 0, 1, 1, 1}}) {
    expect_lists(naive::one_list(units));
    if (HasFatalFailure()) return;
  }
}

TEST(QuantileBootstrap, EqualsTheListOfResamplesOfStrata) {
  for (const unit_list& strata : {unit_list{{1}, {2}},
                                  {{1, 2}, {3}},
                                  {{1, 3}, {2, 4}},
                                  {{1, 2}, {1, 2}},
                                  {{1, 2, 5}, {2, 3}},
                                  {{0, 0, 1}, {0, 1, 1}},
                                  {{1, 2, 3}, {10, 20, 30}},
                                  {{4, 6}, {5}, {1, 9}},
                                  {{1, 4}, {2, 5}, {3, 6}},
                                  {{3}, {3}, {1, 3, 5, 7}}}) {
    expect_lists(strata);
    if (HasFatalFailure()) return;
  }
}

// All pairs of order statistics k and k + 1 of one stratum, by sums of trinomials: k - b draws
// below and b at a value, all terms positive.
naive::distribution trinomial_law(const stratum_units& units, long k, real g) {
  const auto n = static_cast<long>(units.n());
  const auto size = static_cast<real>(n);
  naive::distribution d;
  real below = 0;
  for (std::size_t i = 0; i < units.value.size(); ++i) {
    const real here = units.count[i] / size, above = 1 - below - here;
    real both = 0;
    for (long a = 0; a < k; ++a)
      for (long b = k + 1 - a; a + b <= n; ++b)
        both += naive::choose(n, a) * naive::choose(n - a, b) * naive::power(below, a) *
                naive::power(here, b) * naive::power(std::max(above, 0.0L), n - a - b);
    d.add(units.value[i], both);
    const real at_most = naive::power(below + here, k) - naive::power(below, k);
    real beyond = above;
    for (std::size_t l = i + 1; l < units.value.size(); ++l) {
      const real next = l + 1 < units.value.size() ? beyond - units.count[l] / size : 0;
      const real rest = naive::power(beyond, n - k) - naive::power(next, n - k);
      d.add((1 - g) * units.value[i] + g * units.value[l], naive::choose(n, k) * at_most * rest);
      beyond = next;
    }
    below += here;
  }
  return naive::merged(std::move(d));
}

TEST(QuantileBootstrap, EqualsSumsOfTrinomials) {
  stratum_units distinct, tied;
  for (int i = 0; i < 60; ++i) {
    distinct.value.push_back(i + 0.01 * i * i * i);
    distinct.count.push_back(1);
  }
  for (int i = 0; i < 9; ++i) {
    tied.value.push_back(i);
    tied.count.push_back(1 + (7 * i) % 11);
  }
  for (const stratum_units& units : {distinct, tied})
    for (const double p : {0.01, 0.1, 0.5, 0.77}) {
      const real h = static_cast<real>(units.n() - 1) * p, whole = std::floor(h);
      ASSERT_TRUE(naive::same_cells(quantile({units}, p),
                                    trinomial_law(units, static_cast<long>(whole) + 1, h - whole),
                                    1e-11, 1e-17))
          << p;
    }
}

std::vector<double> integers(int n) {
  std::vector<double> x(static_cast<std::size_t>(n));
  std::iota(x.begin(), x.end(), 1.0);
  return x;
}

void expect_same(const discrete_distribution& found, const discrete_distribution& truth) {
  ASSERT_TRUE(naive::same_cells(found, naive::listed(truth), 1e-9, 2e-18));
}

TEST(QuantileBootstrap, IsThatOfTheLowerStratumWhenTheOtherLiesAbove) {
  // 150 units below 50 others: the union's quantile at 60 / 199 is the lower stratum's at 60 / 149.
  std::vector<double> low = integers(150), high(50);
  std::iota(high.begin(), high.end(), 1000.0);
  for (const double h : {60.0, 60.5, 88.25})
    expect_same(quantile(naive::tallied({low, high}), h / 199),
                quantile(naive::tallied({low}), h / 149));
}

TEST(QuantileBootstrap, HasTheMarginalsOfBothOrderStatistics) {
  // A part of 1e-7 is X*_(k) but for its neighbours; of 1 - 1e-7, X*_(k+1).
  const std::vector<double> a = integers(90), b{2, 3, 17, 17, 29, 31, 33, 50}, c{1, 1, 20, 47, 88};
  const group_units strata = naive::tallied({a, b, c});
  const auto at = [&](double h) {
    return her2mod::discrete_difference(her2mod::certain(0), quantile(strata, h / 102));
  };
  for (const double rank : {0.0, 3.0, 51.0, 90.0, 101.0}) {
    const auto first = at(rank), second = at(rank + 1);
    const auto near_first = at(rank + 1e-7), near_second = at(rank + 1 - 1e-7);
    for (double x = 0.001; x < 91; ++x) {  // between the values
      ASSERT_NEAR(near_first.at_most(x), first.at_most(x), 1e-13) << rank << " at " << x;
      ASSERT_NEAR(near_second.at_most(x - 0.002), second.at_most(x - 0.002), 1e-13)
          << rank << " at " << x;
    }
  }
}

TEST(QuantileBootstrap, DoesNotDependOnTheOrderOfStrata) {
  const std::vector<double> a = integers(40), b{2.5, 3, 17, 17, 29, 31.5, 33}, c{1, 1, 20};
  for (const double p : {0.5, 0.6})
    expect_same(quantile(naive::tallied({a, b, c}), p), quantile(naive::tallied({c, a, b}), p));
}

TEST(QuantileBootstrap, MirrorsWhenTheValuesDo) {
  std::vector<double> x{1, 4, 4, 5, 8, 13, 13, 13, 21, 40, 41, 47, 50, 60}, negative;
  for (const double v : x) negative.push_back(-v);
  for (const double p : {0.0, 0.2, 0.25, 0.5}) {
    const discrete_distribution left = quantile(naive::tallied({x}), p);
    discrete_distribution right = quantile(naive::tallied({negative}), 1 - p);
    for (double& v : right.value) v = -v;
    std::reverse(right.value.begin(), right.value.end());
    std::reverse(right.mass.begin(), right.mass.end());
    expect_same(left, right);
  }
}

TEST(QuantileBootstrap, HasTheIdealErrorOfEfronAndTibshirani) {
  // Table 2.2: the median of the treated mice.
  const auto d = quantile(naive::tallied({{94, 197, 16, 38, 99, 141, 23}}), 0.5);
  EXPECT_NEAR(std::sqrt(moments(d).variance), 37.83, 0.006);
}

TEST(QuantileBootstrap, HasBinomialTailsInALargeGroup) {
  const int n = 10001;
  const discrete_distribution d = quantile(naive::tallied({integers(n)}), 0.3);
  double sum = 0;
  for (std::size_t i = 0; i < d.value.size(); ++i) {
    sum += d.mass[i];
    if (i % 50 != 0) continue;
    const double truth = her2mod::binomial_upper(3001, n, d.value[i] / n);
    ASSERT_NEAR(sum, truth, 1e-11 * truth + 1e-18) << i;
  }
  EXPECT_NEAR(sum, 1, 1e-12);
}

TEST(QuantileBootstrap, IsSymmetricInALargeGroupOfEvenSize) {
  const discrete_distribution d = quantile(naive::tallied({integers(2000)}), 0.5);
  EXPECT_NEAR(moments(d).mean, 1000.5, 1e-9);
  // 1 / (2 sqrt(n) f) with the density f = 1 / n.
  EXPECT_NEAR(std::sqrt(moments(d).variance), 0.5 * std::sqrt(2000.0), 0.05);
}

TEST(QuantileBootstrap, CountsRowsByTheirFrequency) {
  const std::vector<double> value{2, 3, 5, 7}, frequency{250000, 250000, 1, 499999};
  const auto d = quantile({her2mod::tally(value, frequency)}, 0.5);
  // Both order statistics, 500000 and 500001, are at most 3; or the first is.
  const her2mod::discrete_difference t(her2mod::certain(0), d);
  EXPECT_NEAR(t.at_most(3), her2mod::binomial_upper(500001, 1e6, 0.5), 1e-12);
  EXPECT_NEAR(t.at_most(5 - 1e-9), her2mod::binomial_upper(500001, 1e6, 0.500001), 1e-3);
}

TEST(Type7Rank, TakesARankMeantAsWholeForOne) {
  EXPECT_EQ(her2mod::type7_rank(101, 0.29).whole, 29);  // 100 * 0.29 is 28.999999999999996
  EXPECT_EQ(her2mod::type7_rank(101, 0.29).part, 0);
  EXPECT_EQ(her2mod::type7_rank(458, 0.5).whole, 228);
  EXPECT_EQ(her2mod::type7_rank(458, 0.5).part, 0.5);
  EXPECT_EQ(her2mod::type7_rank(7, 1).whole, 6);
}

TEST(QuantileBootstrap, RefusesBadInput) {
  const group_units good = naive::tallied({{1, 2, 3}});
  for (const double p : {-0.1, 1.1, her2mod::not_a_number})
    EXPECT_THROW(quantile(good, p), her2mod::input_error);
  EXPECT_THROW(quantile({}, 0.5), her2mod::input_error);
  EXPECT_THROW(quantile({{{1, her2mod::not_a_number}, {1, 1}}}, 0.5), her2mod::input_error);
  EXPECT_THROW(quantile({{{2, 1}, {1, 1}}}, 0.5), her2mod::input_error);
}

}  // namespace
