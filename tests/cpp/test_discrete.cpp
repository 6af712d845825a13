// exact/discrete.hpp against the list of all pairs of values.

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include <her2mod/exact/discrete.hpp>

#include "naive_resample.hpp"

namespace {

using her2mod::discrete_difference;
using her2mod::discrete_distribution;
using naive::real;

void expect_difference(const discrete_difference& found, const naive::distribution& truth) {
  for (const double q : naive::shares) {
    ASSERT_TRUE(naive::same(found.low(q), truth.low(q), 1e-13)) << "low " << q;
    ASSERT_TRUE(naive::same(found.high(q), truth.high(q), 1e-13)) << "high " << q;
  }
  std::set<real> values{-1e6, -5, -0.3, -0.001, 0, 0.2, 0.7, 4, 1e6};  // attained or not
  for (const auto& cell : truth.cells) values.insert(cell.first);
  for (const real value : values) {
    const auto t = static_cast<double>(value);
    real below = 0, here = 0, above = 0;
    for (const auto& [v, mass] : truth.cells)
      (std::fabs(v - value) < 1e-12L * (1 + std::fabs(v)) ? here : v < value ? below : above) +=
          mass;
    ASSERT_TRUE(naive::same(found.below(t), below, 1e-14)) << t;
    ASSERT_TRUE(naive::same(found.at_most(t), below + here, 1e-14)) << t;
    ASSERT_TRUE(naive::same(found.above(t), above, 1e-14)) << t;
    ASSERT_TRUE(naive::same(found.at_least(t), above + here, 1e-14)) << t;
    ASSERT_TRUE(naive::same(found.mid_distribution(t), below + here / 2, 1e-14)) << t;
  }
  ASSERT_TRUE(naive::same(found.mean(), truth.moments().first, 1e-14));
  ASSERT_TRUE(naive::same(found.standard_error(), truth.moments().second, 1e-14));
}

const discrete_distribution examples[] = {
    her2mod::certain(0),
    her2mod::certain(3.7),
    {{0, 1}, {0.5, 0.5}},
    {{1, 2, 3, 4, 5}, {0.1, 0.2, 0.4, 0.2, 0.1}},
    {{0.1, 0.2, 0.3, 0.7, 1.1}, {0.25, 0.25, 0.125, 0.125, 0.25}},
    {{1.0 / 3, 2.0 / 3, 1, 4.0 / 3}, {1e-7, 0.3, 0.7 - 1e-7 - 1e-12, 1e-12}},
    {{-1000, -0.5, 1e-6, 250}, {0.05, 0.6, 0.3, 0.05}}};

TEST(DiscreteDifference, EqualsTheList) {
  for (const auto& d0 : examples)
    for (const auto& d1 : examples) {
      expect_difference({d0, d1}, naive::difference(naive::listed(d0), naive::listed(d1),
                                                    naive::unchanged));
      if (HasFatalFailure()) return;
    }
}

TEST(DiscreteDifference, EqualsTheListOfLogarithms) {
  for (const auto& d0 : examples)
    for (const auto& d1 : examples) {
      if (d0.value.front() <= 0 || d1.value.front() <= 0) continue;
      expect_difference(
          {her2mod::log_of(d0), her2mod::log_of(d1)},
          naive::difference(naive::listed(d0), naive::listed(d1), naive::logarithm));
      if (HasFatalFailure()) return;
    }
}

TEST(DiscreteDifference, MirrorsWhenTheTwoAreSwapped) {
  for (const auto& d0 : examples)
    for (const auto& d1 : examples) {
      const discrete_difference d(d0, d1), swapped(d1, d0);
      for (const double q : naive::shares) {
        ASSERT_EQ(d.low(q), -swapped.high(q));
        ASSERT_EQ(d.high(q), -swapped.low(q));
      }
      for (const double t : {-2.0, 0.0, 0.1, 3.3}) ASSERT_EQ(d.at_most(t), swapped.at_least(-t));
    }
}

TEST(DiscreteDifference, KeepsItsDigitsInFarTails) {
  const discrete_difference d({{0, 1}, {1, 1e-150}}, {{0, 1}, {1e-140, 1}});
  EXPECT_NEAR(d.at_most(-1) / 1e-290, 1, 1e-13);
  EXPECT_EQ(d.low(1e-289), 0);  // not reached at -1
  EXPECT_EQ(d.low(1e-290), -1);
}

TEST(DiscreteDifference, TakesDifferencesOfLargeValuesThatDifferByRoundingForOne) {
  // Tenths above 10^6: 1000000.3 - 1000000.1 and 1000000.2 - 1000000 are not the same double.
  const discrete_distribution d{{1e6, 1e6 + 0.1, 1e6 + 0.2, 1e6 + 0.3}, {0.25, 0.25, 0.25, 0.25}};
  const discrete_difference t(d, d);
  EXPECT_DOUBLE_EQ(t.at_most(0.2), 15.0 / 16);
  EXPECT_DOUBLE_EQ(t.below(0.2), 13.0 / 16);
}

TEST(DiscreteDifference, IsDefinedAtInfinity) {
  const discrete_difference t(examples[3], examples[4]);
  EXPECT_EQ(t.at_most(her2mod::infinity), 1);
  EXPECT_EQ(t.at_most(-her2mod::infinity), 0);
  EXPECT_EQ(t.at_least(-her2mod::infinity), 1);
  EXPECT_EQ(t.low(0), -4.9);
}

TEST(DiscreteDifference, RefusesWhatIsNoDistribution) {
  const discrete_distribution good = her2mod::certain(1);
  const discrete_distribution bad[] = {
      {{}, {}},           {{1, 2}, {1}},      {{2, 1}, {0.5, 0.5}},
      {{1, 1}, {0.5, 0.5}}, {{1, 2}, {0.5, 0.4}}, {{1, 2}, {1.5, -0.5}},
      {{1, her2mod::infinity}, {0.5, 0.5}},
      {{1, her2mod::not_a_number}, {0.5, 0.5}},
      {{1, 2}, {0.5, her2mod::not_a_number}}};
  for (const auto& d : bad) {
    EXPECT_THROW(discrete_difference(d, good), her2mod::input_error);
    EXPECT_THROW(discrete_difference(good, d), her2mod::input_error);
    EXPECT_THROW(her2mod::log_of(d), her2mod::input_error);
  }
  const discrete_difference t(good, good);
  for (const double q : {-0.1, 1.1, her2mod::not_a_number}) {
    EXPECT_THROW(t.low(q), her2mod::input_error);
    EXPECT_THROW(t.high(q), her2mod::input_error);
  }
  EXPECT_THROW(t.at_most(her2mod::not_a_number), her2mod::input_error);
  EXPECT_THROW(her2mod::log_of({{0, 1}, {0.5, 0.5}}), her2mod::numeric_error);
  EXPECT_THROW(her2mod::log_of({{-1, 1}, {0.5, 0.5}}), her2mod::numeric_error);
}

TEST(Collect, SortsAndAddsUp) {
  const auto d = her2mod::collect({{2, 0.5}, {1, 1}, {2 + 1e-15, 0.25}, {1, 0.25}}, 1e-14);
  EXPECT_EQ(d.value, (std::vector<double>{1, 2}));
  EXPECT_EQ(d.mass, (std::vector<double>{0.625, 0.375}));
}

TEST(Tally, SortsAndAddsUp) {
  const std::vector<double> value{3, 1, 3, -2}, frequency{1, 2, 4, 1};
  const auto units = her2mod::tally(value, frequency);
  EXPECT_EQ(units.value, (std::vector<double>{-2, 1, 3}));
  EXPECT_EQ(units.count, (std::vector<double>{1, 2, 5}));
  EXPECT_EQ(units.n(), 8);
}

TEST(Tally, RefusesBadRows) {
  using rows = std::vector<double>;
  const auto expect_refused = [](const rows& value, const rows& frequency) {
    EXPECT_THROW(her2mod::tally(value, frequency), her2mod::input_error);
  };
  expect_refused({}, {});
  expect_refused({1}, {1, 1});
  expect_refused({her2mod::not_a_number}, {1});
  expect_refused({her2mod::infinity}, {1});
  for (const double f : {0.0, -1.0, 1.5, 1e16, her2mod::not_a_number}) expect_refused({1}, {f});
  EXPECT_THROW(her2mod::validated_size({}), her2mod::input_error);
  EXPECT_THROW(her2mod::validated_size({{{2, 1}, {1, 1}}}), her2mod::input_error);
  EXPECT_THROW(her2mod::validated_size({{{1, 1}, {1, 1}}}), her2mod::input_error);
  EXPECT_THROW(her2mod::validated_size({{{1}, {1}}, {}}), her2mod::input_error);
}

}  // namespace
