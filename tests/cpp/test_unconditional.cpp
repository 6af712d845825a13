// Barnard and Boschloo: which tables count as extreme, decided in whole numbers; symmetries; and
// published p-values.

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include <her2mod/exact/unconditional.hpp>

#include "naive_supremum.hpp"

namespace {

using her2mod::alternative;
using her2mod::barnard_p_value;
using her2mod::boschloo_p_value;
using her2mod::table_region;
using her2mod::z_variance;
using naive::real;
using naive::table;

constexpr auto both = alternative::two_sided, less = alternative::less,
               greater = alternative::greater;

template <class Inside>
void expect_region(const table_region& region, const Inside& inside) {
  for (long x0 = 0; x0 <= region.n0; ++x0)
    for (long x1 = 0; x1 <= region.n1; ++x1)
      ASSERT_EQ(naive::holds(region, x0, x1), inside(x0, x1)) << "at " << x0 << ", " << x1;
}

// z as a fraction sign * square / variance in whole numbers: exact comparisons.
struct whole_z {
  long distance, variance;  // z = distance / sqrt(variance), up to a constant of the design
};

whole_z pooled(long x0, long n0, long x1, long n1) {
  return {x1 * n0 - x0 * n1, (x0 + x1) * (n0 + n1 - x0 - x1)};
}
whole_z unpooled(long x0, long n0, long x1, long n1) {
  return {x1 * n0 - x0 * n1, x0 * (n0 - x0) * n1 * n1 * n1 + x1 * (n1 - x1) * n0 * n0 * n0};
}

// -1, 0, 1 as z of a is smaller, equal, larger; distance 0 is z = 0, variance 0 else +-Inf.
int compare(const whole_z& a, const whole_z& b) {
  const auto sign = [](long v) { return (v > 0) - (v < 0); };
  if (sign(a.distance) != sign(b.distance)) return sign(a.distance) < sign(b.distance) ? -1 : 1;
  if (a.distance == 0) return 0;
  const long left = a.distance * a.distance * b.variance,
             right = b.distance * b.distance * a.variance;
  return sign(a.distance) * sign(left - right);
}
whole_z absolute(whole_z z) { return {z.distance < 0 ? -z.distance : z.distance, z.variance}; }

template <class Z>
void expect_barnard_regions(z_variance kind, const Z& z) {
  naive::for_each_table(7, [&](long x0, long n0, long x1, long n1) {
    const whole_z seen = z(x0, n0, x1, n1);
    const auto region = [&](alternative side) {
      return her2mod::barnard_region(table(x0, n0, x1, n1), kind, side);
    };
    expect_region(region(both), [&](long k0, long k1) {
      return compare(absolute(z(k0, n0, k1, n1)), absolute(seen)) >= 0;
    });
    expect_region(region(greater),
                  [&](long k0, long k1) { return compare(z(k0, n0, k1, n1), seen) >= 0; });
    expect_region(region(less),
                  [&](long k0, long k1) { return compare(z(k0, n0, k1, n1), seen) <= 0; });
  });
}

TEST(BarnardRegion, EqualsExactComparisonForEverySmallTable) {
  expect_barnard_regions(z_variance::pooled, pooled);
}

TEST(UnpooledBarnardRegion, EqualsExactComparisonForEverySmallTable) {
  expect_barnard_regions(z_variance::unpooled, unpooled);
}

// Fisher's p of a table as whole ways of all ways.
struct whole_p {
  real ways, all;
};

whole_p fisher_ways(long x0, long n0, long x1, long n1, alternative side) {
  const long m = x0 + x1;
  const auto ways = [&](long k) { return naive::choose(n1, k) * naive::choose(n0, m - k); };
  real sum = 0;
  for (long k = std::max(0L, m - n0); k <= std::min(m, n1); ++k)
    if (side == both ? ways(k) <= ways(x1) : (side == less ? k <= x1 : k >= x1)) sum += ways(k);
  return {sum, naive::choose(n0 + n1, m)};
}

TEST(BoschlooRegion, EqualsExactComparisonForEverySmallTable) {
  for (long n0 = 1; n0 <= 7; ++n0)
    for (long n1 = 1; n1 <= 7; ++n1)
      for (const alternative side : {both, less, greater}) {
        std::vector<whole_p> p;
        for (long x0 = 0; x0 <= n0; ++x0)
          for (long x1 = 0; x1 <= n1; ++x1) p.push_back(fisher_ways(x0, n0, x1, n1, side));
        const auto at = [&](long x0, long x1) {
          return p[static_cast<std::size_t>(x0 * (n1 + 1) + x1)];
        };
        for (long x0 = 0; x0 <= n0; ++x0)
          for (long x1 = 0; x1 <= n1; ++x1) {
            const whole_p seen = at(x0, x1);
            expect_region(her2mod::boschloo_region(table(x0, n0, x1, n1), side),
                          [&](long k0, long k1) {
                            return at(k0, k1).ways * seen.all <= seen.ways * at(k0, k1).all;
                          });
            if (HasFatalFailure()) return;
          }
      }
}

TEST(FisherGrid, HoldsFishersTestOfEveryTable) {
  for (const auto& [n0, n1] : {std::pair<long, long>{1, 1}, {12, 12}, {5, 31}, {40, 17}})
    for (const alternative side : {both, less, greater}) {
      const her2mod::fisher_p_grid grid(n0, n1, side);
      for (long x0 = 0; x0 <= n0; ++x0)
        for (long x1 = 0; x1 <= n1; ++x1) {
          const whole_p p = fisher_ways(x0, n0, x1, n1, side);
          ASSERT_NEAR(grid(x0, x1) / static_cast<double>(p.ways / p.all), 1.0, 1e-12);
        }
    }
}

TEST(Unconditional, IsUnchangedWhenGroupsOrEventsAreSwapped) {
  naive::for_each_table(6, [](long x0, long n0, long x1, long n1) {
    const auto p_values = [](const her2mod::table2x2& t, alternative side) {
      return std::vector<double>{barnard_p_value(t, z_variance::pooled, side),
                                 barnard_p_value(t, z_variance::unpooled, side),
                                 boschloo_p_value(t, side)};
    };
    const auto t = table(x0, n0, x1, n1);
    for (const auto& other : {table(x1, n1, x0, n0), table(n0 - x0, n0, n1 - x1, n1)})
      for (const auto& [side, mirrored] : {std::pair(both, both), std::pair(less, greater)}) {
        const auto p = p_values(t, side), q = p_values(other, mirrored);
        for (std::size_t i = 0; i < p.size(); ++i) ASSERT_NEAR(p[i], q[i], 1e-12);
      }
  });
}

// Tables as the sources write them, first group against second; here the second is the reference.
struct published_case {
  long x1, n1, x2, n2;
  double p, close;
};

her2mod::table2x2 our_table(const published_case& c) { return table(c.x2, c.n2, c.x1, c.n1); }

TEST(Barnard, GivesThePublishedValues) {
  // R package Barnard (Suissa, Shuster), as SciPy's tests of barnard_exact print it; the first is
  // the StatXact vaccine trial (Mehta, Senchaudhuri 2003: .0341 one-sided).
  for (const published_case& c : {published_case{7, 15, 12, 15, 0.06821830932, 2e-8},
                                  {43, 53, 40, 79, 0.000362832367, 2e-8},
                                  {2, 10, 7, 9, 0.01921081543, 2e-8},
                                  {5, 15, 1, 11, 0.156277546306, 2e-8},
                                  {10, 20, 5, 6, 0.177536588915, 2e-8},
                                  {0, 3, 1, 3, 0.509667991877, 2e-8},
                                  {0, 6, 2, 6, 0.197019618792, 2e-8}})
    EXPECT_NEAR(barnard_p_value(our_table(c), z_variance::pooled, both), c.p, c.close) << c.x1;
  EXPECT_NEAR(barnard_p_value(table(12, 15, 7, 15), z_variance::pooled, less), 0.03410915466, 1e-9);
  // SAS PROC FREQ BARNARD, as the tests of R package exact2x2 quote it.
  EXPECT_NEAR(barnard_p_value(table(24, 61, 10, 35), z_variance::pooled, less), 0.2142, 5e-5);
  EXPECT_NEAR(barnard_p_value(table(24, 61, 10, 35), z_variance::pooled, both), 0.4063, 5e-5);
}

TEST(UnpooledBarnard, GivesThePublishedValues) {
  for (const published_case& c : {published_case{2, 10, 7, 9, 0.020172119141, 2e-8},
                                  {5, 25, 15, 35, 0.063038448651, 2e-8},
                                  {0, 3, 1, 3, 0.509667991877, 2e-8}})
    EXPECT_NEAR(barnard_p_value(our_table(c), z_variance::unpooled, both), c.p, c.close) << c.x1;
}

TEST(UnpooledBarnard, KeepsTablesThatTieInExactArithmetic) {
  // 5/6 against 0/4: the mirror table 1/6 against 4/4 ties, and so do both corners; at p = 1/2
  // there are 6 + 1 + 6 + 1 = 14 of 1024 ways. (R's Barnard and SciPy lose the mirror: .0078125.)
  EXPECT_NEAR(barnard_p_value(table(0, 4, 5, 6), z_variance::unpooled, both), 14.0 / 1024, 1e-13);
}

TEST(Boschloo, GivesThePublishedValues) {
  // R package Exact, as SciPy's tests of boschloo_exact print it.
  for (const published_case& c : {published_case{2, 10, 7, 9, 0.009886142, 1e-8},
                                  {5, 15, 1, 11, 0.94509940, 1e-6},
                                  {10, 20, 5, 6, 0.08565611, 1e-8},
                                  {7, 15, 12, 15, 0.03410916, 1e-8}})
    EXPECT_NEAR(boschloo_p_value(our_table(c), less), c.p, c.close) << c.x1;
  for (const published_case& c : {published_case{2, 10, 7, 9, 0.991832682, 1e-8},
                                  {5, 15, 1, 11, 0.09008534, 1e-8},
                                  {7, 15, 12, 15, 0.9771215, 5e-8}})
    EXPECT_NEAR(boschloo_p_value(our_table(c), greater), c.p, c.close) << c.x1;
  EXPECT_EQ(boschloo_p_value(table(0, 4, 0, 7), both), 1.0);
}

TEST(Unconditional, OfNoEventAtAllIsOne) {
  for (const auto& t : {table(0, 5, 0, 8), table(5, 5, 8, 8)}) {
    EXPECT_EQ(barnard_p_value(t, z_variance::pooled, both), 1.0);
    EXPECT_EQ(barnard_p_value(t, z_variance::unpooled, both), 1.0);
    EXPECT_EQ(boschloo_p_value(t, both), 1.0);
  }
}

}  // namespace
