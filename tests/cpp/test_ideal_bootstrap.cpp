// exact/ideal_bootstrap.hpp against the list of all resampled tables.

#include <gtest/gtest.h>

#include <cmath>
#include <iterator>
#include <set>

#include <her2mod/exact/ideal_bootstrap.hpp>

#include "naive_bootstrap.hpp"

namespace {

using her2mod::ideal_bootstrap;
using her2mod::risk_link;
using naive::all_links;
using naive::group;
using naive::real;

void expect_distribution(const group& group0, const group& group1, risk_link link) {
  const naive::distribution truth = naive::effects(group0, group1, link);
  if (truth.cells.empty()) {
    ASSERT_THROW(ideal_bootstrap(group0, group1, link), her2mod::numeric_error);
    return;
  }
  const ideal_bootstrap found(group0, group1, link);
  ASSERT_TRUE(naive::same(found.undefined(), truth.undefined, 1e-14));
  ASSERT_TRUE(naive::same(found.infinite(), truth.infinite(), 1e-14));
  for (const double q : naive::shares) {
    ASSERT_TRUE(naive::same(found.low(q), truth.low(q), 1e-13)) << "low " << q;
    ASSERT_TRUE(naive::same(found.high(q), truth.high(q), 1e-13)) << "high " << q;
  }
  std::set<real> values{-5, -0.3, -0.001, 0, 0.2, 0.7, 4};  // attained or not
  for (const auto& cell : truth.cells) values.insert(cell.first);
  if (values.size() > 200)
    values.erase(std::next(values.begin(), 100), std::prev(values.end(), 100));
  for (const real t : values)
    ASSERT_TRUE(naive::same(found.mid_distribution(static_cast<double>(t)), truth.mid(t), 1e-13))
        << t;
  if (truth.infinite() < 1 - truth.undefined - 1e-12L) {
    ASSERT_TRUE(naive::same(found.mean(), truth.moments().first, 1e-12));
    ASSERT_TRUE(naive::same(found.standard_error(), truth.moments().second, 1e-7));
  }
}

group one_stratum(long x, long n) { return {{static_cast<double>(x), static_cast<double>(n)}}; }

TEST(IdealBootstrap, EqualsTheListForEverySmallTable) {
  naive::for_each_table(5, [](long x0, long n0, long x1, long n1) {
    for (const risk_link link : all_links)
      expect_distribution(one_stratum(x0, n0), one_stratum(x1, n1), link);
  });
}

TEST(IdealBootstrap, EqualsTheListWithStrata) {
  const group groups[] = {
      {{1, 2}, {2, 3}}, {{0, 2}, {1, 1}, {2, 4}}, {{0, 3}, {0, 2}},        {{3, 3}, {2, 2}},
      {{0, 1}, {4, 4}}, {{1, 4}, {0, 3}, {3, 3}}, {{1, 1}, {1, 2}, {3, 5}}};
  for (const group& group0 : groups)
    for (const group& group1 : groups)
      for (const risk_link link : all_links) {
        expect_distribution(group0, group1, link);
        if (HasFatalFailure()) return;
      }
}

TEST(IdealBootstrap, EqualsTheListForTheFoundingStudy) {
  for (const risk_link link : all_links) {
    expect_distribution(one_stratum(6, 49), one_stratum(13, 68), link);
    expect_distribution(one_stratum(1, 40), one_stratum(39, 60), link);
    expect_distribution({{6, 49}, {2, 11}}, {{13, 68}, {0, 7}}, link);
  }
}

TEST(IdealBootstrap, HasTheClosedFormMomentsOfADifference) {
  // HER2 3+ 211/458, 2+/ISH+ 19/117; and with strata, weights n_s / n.
  const ideal_bootstrap study(one_stratum(211, 458), one_stratum(19, 117), risk_link::identity);
  const double p0 = 211.0 / 458, p1 = 19.0 / 117;
  EXPECT_NEAR(study.mean(), p1 - p0, 1e-14);
  EXPECT_NEAR(study.standard_error(), std::sqrt(p0 * (1 - p0) / 458 + p1 * (1 - p1) / 117), 1e-14);
  const ideal_bootstrap strata({{1, 10}, {9, 30}}, {{5, 20}, {0, 20}}, risk_link::identity);
  const double v0 = (10 * 0.1 * 0.9 + 30 * 0.3 * 0.7) / 1600, v1 = 20 * 0.25 * 0.75 / 1600;
  EXPECT_NEAR(strata.mean(), 5.0 / 40 - 10.0 / 40, 1e-14);
  EXPECT_NEAR(strata.standard_error(), std::sqrt(v0 + v1), 1e-14);
}

TEST(IdealBootstrap, CountsUndefinedAndInfiniteByHand) {
  // 1/2 against 1/2: no event has probability 1/4 in each group, so does every event.
  const ideal_bootstrap ratio(one_stratum(1, 2), one_stratum(1, 2), risk_link::log);
  EXPECT_NEAR(ratio.undefined(), 1.0 / 16, 1e-15);     // 0/0
  EXPECT_NEAR(ratio.infinite(), 2 * 3.0 / 16, 1e-15);  // one of the two is 0
  const ideal_bootstrap odds(one_stratum(1, 2), one_stratum(1, 2), risk_link::logit);
  EXPECT_NEAR(odds.undefined(), 2.0 / 16, 1e-15);  // 0/0 and Inf/Inf
  EXPECT_NEAR(odds.infinite(), 1 - 2.0 / 16 - 4.0 / 16, 1e-15);
}

TEST(IdealBootstrap, IsInfiniteWhereOneGroupHasNoEvent) {
  const ideal_bootstrap d(one_stratum(0, 6), one_stratum(2, 5), risk_link::log);
  EXPECT_EQ(d.low(0.025), her2mod::infinity);
  EXPECT_EQ(d.high(0.025), her2mod::infinity);
  const ideal_bootstrap e(one_stratum(2, 5), one_stratum(0, 6), risk_link::log);
  EXPECT_EQ(e.low(0.5), -her2mod::infinity);
  EXPECT_EQ(e.high(0.5), -her2mod::infinity);
}

// low of one is minus high of the other, to the last digit or two.
void expect_mirror(const ideal_bootstrap& a, const ideal_bootstrap& b) {
  for (const double q : naive::shares) {
    ASSERT_TRUE(naive::same(a.low(q), -b.high(q), 1e-15)) << q;
    ASSERT_TRUE(naive::same(a.high(q), -b.low(q), 1e-15)) << q;
  }
}

TEST(IdealBootstrap, MirrorsWhenGroupsOrEventsAreSwapped) {
  const auto check = [](long x0, long n0, long x1, long n1) {
    for (const risk_link link : all_links) {
      if (naive::effects(one_stratum(x0, n0), one_stratum(x1, n1), link).cells.empty()) continue;
      const ideal_bootstrap d(one_stratum(x0, n0), one_stratum(x1, n1), link);
      expect_mirror(d, ideal_bootstrap(one_stratum(x1, n1), one_stratum(x0, n0), link));
      if (link == risk_link::log) continue;  // a risk ratio of non-events is another effect
      expect_mirror(d, ideal_bootstrap(one_stratum(n0 - x0, n0), one_stratum(n1 - x1, n1), link));
    }
  };
  naive::for_each_table(5, check);
  check(6, 49, 13, 68);
  check(211, 458, 19, 117);
  check(50, 100, 50, 100);
}

}  // namespace
