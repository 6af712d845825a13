// exact/ideal_studentized.hpp against the list of all resampled tables.

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include <her2mod/exact/ideal_studentized.hpp>

#include "naive_bootstrap.hpp"

namespace {

using her2mod::ideal_studentized;
using her2mod::resampled_risk;
using her2mod::risk_link;
using naive::all_links;
using naive::group;
using naive::real;

// Delta-method variances, by their formulas.
real naive_variance(risk_link link, long x, long n) {
  const real p = static_cast<real>(x) / static_cast<real>(n), size = static_cast<real>(n);
  if (link == risk_link::identity) return p * (1 - p) / size;
  if (link == risk_link::log) return 1 / static_cast<real>(x) - 1 / size;
  return 1 / static_cast<real>(x) + 1 / static_cast<real>(n - x);
}

// (T* - T) / SE*: infinite with T*, or where SE* is 0 and T* is not T; no value where T* is 0/0 or
// SE* is 0 at T* = T.
naive::distribution naive_studentized(const group& group0, const group& group1, risk_link link,
                                      real estimate) {
  const auto mass0 = naive::event_masses(group0), mass1 = naive::event_masses(group1);
  const long n0 = naive::patients(group0), n1 = naive::patients(group1);
  naive::distribution d;
  for (long k0 = 0; k0 <= n0; ++k0)
    for (long k1 = 0; k1 <= n1; ++k1) {
      const real mass = mass0[static_cast<std::size_t>(k0)] * mass1[static_cast<std::size_t>(k1)];
      real distance = naive::link(link, k1, n1) - naive::link(link, k0, n0) - estimate;
      if (std::fabs(distance) < 1e-15L) distance = 0;
      if (!std::isfinite(distance)) {
        d.add(distance, mass);
        continue;
      }
      const real error = std::sqrt(naive_variance(link, k0, n0) + naive_variance(link, k1, n1));
      d.add(distance / error, mass);  // 0/0 is NaN, anything else over 0 has its sign
    }
  d.finish();
  return d;
}

void expect_studentized(const group& group0, const group& group1, risk_link link) {
  const auto events = [](const group& g) {
    double x = 0;
    for (const auto& stratum : g) x += stratum.x;
    return static_cast<long>(x);
  };
  const long n0 = naive::patients(group0), n1 = naive::patients(group1);
  const real estimate =
      naive::link(link, events(group1), n1) - naive::link(link, events(group0), n0);
  if (!std::isfinite(estimate)) return;
  const naive::distribution truth = naive_studentized(group0, group1, link, estimate);
  const resampled_risk a(group0, link), b(group1, link);
  const ideal_studentized found(a, b, link, static_cast<double>(estimate));
  ASSERT_TRUE(naive::same(found.undefined(), truth.undefined, 1e-14));
  if (truth.cells.empty()) {
    ASSERT_TRUE(std::isnan(found.low(0.5)));
    ASSERT_TRUE(std::isnan(found.high(0.5)));
    return;
  }
  for (const double q : naive::shares) {
    ASSERT_TRUE(naive::same(found.low(q), truth.low(q), 1e-11)) << "low " << q;
    ASSERT_TRUE(naive::same(found.high(q), truth.high(q), 1e-11)) << "high " << q;
  }
}

group one_stratum(long x, long n) { return {{static_cast<double>(x), static_cast<double>(n)}}; }

TEST(IdealStudentized, EqualsTheListForEverySmallTable) {
  naive::for_each_table(5, [](long x0, long n0, long x1, long n1) {
    for (const risk_link link : all_links)
      expect_studentized(one_stratum(x0, n0), one_stratum(x1, n1), link);
  });
}

TEST(IdealStudentized, EqualsTheListForLargerAndStratifiedGroups) {
  for (const risk_link link : all_links) {
    expect_studentized(one_stratum(6, 49), one_stratum(13, 68), link);
    expect_studentized(one_stratum(1, 40), one_stratum(39, 60), link);
    expect_studentized({{1, 4}, {0, 3}, {3, 3}}, {{2, 5}, {1, 2}}, link);
    expect_studentized({{0, 2}, {2, 2}}, {{3, 7}, {0, 3}}, link);
  }
}

TEST(IdealStudentized, OfOneConstantGroupByHand) {
  // 0/2 against 1/2: T = 1/2, and T* = 0, 1/2, 1 with probability 1/4, 1/2, 1/4. SE* is 0 at both
  // ends, so that t* is -Inf, 0, Inf.
  const resampled_risk a(one_stratum(0, 2), risk_link::identity),
      b(one_stratum(1, 2), risk_link::identity);
  const ideal_studentized t(a, b, risk_link::identity, 0.5);
  EXPECT_EQ(t.undefined(), 0.0);
  EXPECT_EQ(t.low(0.25), -her2mod::infinity);
  EXPECT_EQ(t.low(0.2500001), 0.0);
  EXPECT_EQ(t.low(0.75), 0.0);
  EXPECT_EQ(t.low(0.7500001), her2mod::infinity);
  EXPECT_EQ(t.high(0.25), her2mod::infinity);
  EXPECT_EQ(t.high(0.75), 0.0);
}

TEST(IdealStudentized, OfTwoConstantGroupsHasNoValue) {
  const resampled_risk a(one_stratum(0, 3), risk_link::identity),
      b(one_stratum(4, 4), risk_link::identity);
  const ideal_studentized t(a, b, risk_link::identity, 1.0);
  EXPECT_EQ(t.undefined(), 1.0);
  EXPECT_TRUE(std::isnan(t.low(0.5)));
}

TEST(IdealStudentized, RefusesToListTooManyCells) {
  // 80,000 a group: either window is about 25 standard deviations wide, over 3,300 counts.
  const resampled_risk a(one_stratum(40000, 80000), risk_link::identity);
  EXPECT_GT(a.link.size() * a.link.size(), ideal_studentized::most_cells);
  EXPECT_THROW(ideal_studentized(a, a, risk_link::identity, 0.0), her2mod::numeric_error);
}

void expect_mirror(const ideal_studentized& a, const ideal_studentized& b) {
  for (const double q : naive::shares) {
    ASSERT_TRUE(naive::same(a.low(q), -b.high(q), 1e-12)) << q;
    ASSERT_TRUE(naive::same(a.high(q), -b.low(q), 1e-12)) << q;
  }
}

TEST(IdealStudentized, MirrorsWhenGroupsAreSwapped) {
  for (const risk_link link : all_links)
    for (const auto& [x0, n0, x1, n1] :
         {std::array<long, 4>{6, 49, 13, 68}, {2, 5, 3, 7}, {4, 9, 4, 9}}) {
      const resampled_risk a(one_stratum(x0, n0), link), b(one_stratum(x1, n1), link);
      const real estimate = naive::link(link, x1, n1) - naive::link(link, x0, n0);
      expect_mirror(ideal_studentized(a, b, link, static_cast<double>(estimate)),
                    ideal_studentized(b, a, link, static_cast<double>(-estimate)));
      if (HasFatalFailure()) return;
    }
}

}  // namespace
