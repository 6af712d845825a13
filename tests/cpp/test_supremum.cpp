// exact/supremum.hpp and exact/region_probability.hpp: no grid point is above the supremum, and
// none of the refined maxima is below it.

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include <her2mod/exact/supremum.hpp>
#include <her2mod/exact/unconditional.hpp>

#include "naive_supremum.hpp"

namespace {

using her2mod::alternative;
using her2mod::nuisance_supremum;
using her2mod::proportion_line;
using her2mod::table_region;
using naive::real;
using naive::table;

constexpr double tolerance = 1e-10;  // nuisance_supremum's own

void expect_supremum(const table_region& region, const proportion_line& line,
                     const naive::supremum& truth) {
  const double found = nuisance_supremum(region, line).find();
  // Proven: nothing is above it by more than the tolerance, relative to it.
  ASSERT_GE(found * (1 + tolerance) * (1 + 1e-13), static_cast<double>(truth.on_grid));
  ASSERT_NEAR(found, static_cast<double>(truth.refined), 1e-8);
  ASSERT_NEAR(found / static_cast<double>(truth.refined), 1.0, 1e-11);
  for (const double alpha : {0.001, 0.025, 0.05, 0.5, found * (1 - 1e-6), found * (1 + 1e-6)}) {
    if (std::fabs(found - alpha) < 1e-9)
      continue;  // a supremum of exactly 1/2 is not on a side of it
    ASSERT_EQ(nuisance_supremum(region, line).exceeds(alpha), found > alpha) << alpha;
  }
}

void expect_equal_risks_supremum(const table_region& region, int points) {
  const naive::equal_risks probability(
      region.n0, region.n1, [&](long x0, long x1) { return naive::holds(region, x0, x1); });
  expect_supremum(region, proportion_line{}, naive::largest(probability, 0, 1, points));
}

// One naive search for each distinct region of a design.
TEST(Supremum, EqualsTheGridForTheRegionsOfEverySmallTable) {
  std::set<std::string> seen;
  naive::for_each_table(7, [&](long x0, long n0, long x1, long n1) {
    const auto t = table(x0, n0, x1, n1);
    for (const auto side : {alternative::two_sided, alternative::less, alternative::greater})
      for (const auto& region : {her2mod::barnard_region(t, her2mod::z_variance::pooled, side),
                                 her2mod::barnard_region(t, her2mod::z_variance::unpooled, side),
                                 her2mod::boschloo_region(t, side)}) {
        std::string cells = std::to_string(n0) + " " + std::to_string(n1) + " ";
        for (long k0 = 0; k0 <= n0; ++k0)
          for (long k1 = 0; k1 <= n1; ++k1) cells += naive::holds(region, k0, k1) ? '1' : '0';
        if (seen.insert(cells).second) expect_equal_risks_supremum(region, 200);
      }
  });
  EXPECT_GT(seen.size(), 1000u);
}

TEST(Supremum, EqualsTheGridForLargerTables) {
  std::mt19937 random(458117);
  const auto upto = [&](long most) {
    return static_cast<long>(random() % static_cast<unsigned>(most + 1));
  };
  for (int i = 0; i < 12; ++i) {
    const long n0 = 10 + upto(30), n1 = 10 + upto(30);
    const auto t = table(upto(n0), n0, upto(n1), n1);
    SCOPED_TRACE(testing::Message() << t.x0 << "/" << n0 << " against " << t.x1 << "/" << n1);
    for (const auto side : {alternative::two_sided, alternative::less, alternative::greater})
      for (const auto& region : {her2mod::barnard_region(t, her2mod::z_variance::pooled, side),
                                 her2mod::barnard_region(t, her2mod::z_variance::unpooled, side),
                                 her2mod::boschloo_region(t, side)}) {
        expect_equal_risks_supremum(region, 1000);
        if (HasFatalFailure()) return;
      }
  }
}

TEST(Supremum, EqualsTheGridForTheFoundingStudy) {
  // HER2 3+ 211/458 against 2+/ISH+ 19/117; single 6/49 against dual 13/68.
  const auto pcr = table(211, 458, 19, 117), dual = table(6, 49, 13, 68);
  expect_equal_risks_supremum(
      her2mod::barnard_region(pcr, her2mod::z_variance::pooled, alternative::two_sided), 20000);
  expect_equal_risks_supremum(her2mod::boschloo_region(pcr, alternative::two_sided), 2000);
  for (const auto kind : {her2mod::z_variance::pooled, her2mod::z_variance::unpooled})
    expect_equal_risks_supremum(her2mod::barnard_region(dual, kind, alternative::two_sided), 20000);
  expect_equal_risks_supremum(her2mod::boschloo_region(dual, alternative::two_sided), 20000);
}

// Nothing is assumed about a region's shape: cells are thrown in by coin, and the line is any line.
TEST(Supremum, EqualsTheGridForRandomRegionsAndLines) {
  std::mt19937 random(2061);
  const auto uniform = [&] { return static_cast<double>(random()) / 4294967296.0; };
  for (int i = 0; i < 300; ++i) {
    const long n0 = 1 + static_cast<long>(random() % 7), n1 = 1 + static_cast<long>(random() % 7);
    const double density = uniform();
    const auto region = table_region::scan(n0, n1, [&](long, long) { return uniform() < density; });
    if (region.runs.empty()) continue;
    const double d = 1.9 * uniform() - 0.95, r = std::exp(6 * uniform() - 3);
    const auto line = random() % 2 == 0
                          ? proportion_line{d, 1.0, d < 0 ? -d : 0.0, d > 0 ? 1 - d : 1.0}
                          : proportion_line{0.0, r, 0.0, r > 1 ? 1 / r : 1.0};
    SCOPED_TRACE(testing::Message() << "p1 = " << line.intercept << " + " << line.slope << " p0");
    const auto probability = [&](real p0) {
      return naive::probability(
          n0, n1, [&](long x0, long x1) { return naive::holds(region, x0, x1); }, p0,
          std::min<real>(1, std::max<real>(0, line.intercept + line.slope * p0)));
    };
    expect_supremum(region, line, naive::largest(probability, line.low, line.high, 100));
    if (HasFatalFailure()) return;
  }
}

TEST(Supremum, OfTwoRegionsOnTwoLinesIsThatOfTheSum) {
  std::mt19937 random(1729);
  const auto uniform = [&] { return static_cast<double>(random()) / 4294967296.0; };
  for (int i = 0; i < 150; ++i) {
    const long n0 = 1 + static_cast<long>(random() % 6), n1 = 1 + static_cast<long>(random() % 6);
    const auto coin = [&](long, long) { return uniform() < 0.25; };
    const auto first = table_region::scan(n0, n1, coin), second = table_region::scan(n0, n1, coin);
    // Lines within the unit square over one range of p0; some flat.
    const auto line = [&](double low, double high) {
      const double slope = random() % 3 == 0 ? 0.0 : uniform();
      return proportion_line{(1 - slope) * uniform(), slope, low, high};
    };
    const double low = 0.5 * uniform(), high = 1 - 0.4 * uniform();
    const proportion_line a = line(low, high), b = line(low, high);
    const auto sum = [&](real p0) {
      const auto one = [&](const table_region& region, const proportion_line& along) {
        return naive::probability(
            n0, n1, [&](long x0, long x1) { return naive::holds(region, x0, x1); }, p0,
            along.intercept + along.slope * p0);
      };
      return std::min<real>(1, one(first, a) + one(second, b));
    };
    const naive::supremum truth = naive::largest(sum, low, high, 100);
    nuisance_supremum both(first, a, second, b);
    const double found = both.find();
    ASSERT_NEAR(found, static_cast<double>(truth.refined), 1e-8);
    ASSERT_GE(found * (1 + 2 * tolerance), static_cast<double>(truth.on_grid));
  }
}

TEST(Supremum, OfNothingIsZeroAndOfEverythingOne) {
  const auto nothing = table_region::scan(3, 4, [](long, long) { return false; });
  const auto everything = table_region::scan(3, 4, [](long, long) { return true; });
  EXPECT_EQ(nuisance_supremum(nothing, {}).find(), 0.0);
  EXPECT_FALSE(nuisance_supremum(nothing, {}).exceeds(0.0));
  EXPECT_EQ(nuisance_supremum(everything, {}).find(), 1.0);
  EXPECT_TRUE(nuisance_supremum(everything, {}).exceeds(0.999));
}

TEST(Supremum, OfOneTableIsItsLikelihoodAtTheMaximum) {
  // One cell on p0 = p1: the maximum is at p = (x0 + x1) / (n0 + n1).
  naive::for_each_table(6, [](long x0, long n0, long x1, long n1) {
    const auto region =
        table_region::scan(n0, n1, [&](long k0, long k1) { return k0 == x0 && k1 == x1; });
    const real p = static_cast<real>(x0 + x1) / static_cast<real>(n0 + n1);
    const real truth = naive::binomial(x0, n0, p) * naive::binomial(x1, n1, p);
    ASSERT_NEAR(nuisance_supremum(region, {}).find() / static_cast<double>(truth), 1.0, 1e-10);
  });
}

TEST(Supremum, MissesNoPeakOfALargeDesign) {
  // 0.60% to 0.66% of 30,000 in the reference group, whatever the other: P(p) at p = 0.0063 is
  // P(180 <= X <= 198), X binomial; its bounds overflow on a wide piece of the line.
  const long n = 30000;
  table_region region(n, n);
  for (long x0 = 0; x0 <= n; ++x0) {
    region.begins.push_back(region.runs.size());
    if (x0 >= 180 && x0 <= 198) region.runs.push_back({0, n});
  }
  region.begins.push_back(region.runs.size());
  real inside = 0;
  for (long x0 = 180; x0 <= 198; ++x0) inside += naive::binomial(x0, n, 0.0063L);
  EXPECT_GE(nuisance_supremum(region, {}).find(), static_cast<double>(inside));
}

TEST(RegionProbability, EqualsTheSumOverCells) {
  std::mt19937 random(77);
  for (int i = 0; i < 200; ++i) {
    const long n0 = 1 + static_cast<long>(random() % 12), n1 = 1 + static_cast<long>(random() % 12);
    const auto region = table_region::scan(n0, n1, [&](long, long) { return random() % 3 == 0; });
    her2mod::region_probability probability(region);
    for (const double p0 : {0.0, 1e-5, 0.2, 0.5, 0.97, 1.0})
      for (const double p1 : {0.0, 0.03, 0.6, 1.0}) {
        const real truth = naive::probability(
            n0, n1, [&](long x0, long x1) { return naive::holds(region, x0, x1); }, p0, p1);
        ASSERT_NEAR(probability(p0, p1), static_cast<double>(truth), 1e-14);
      }
  }
}

TEST(RegionProbability, KeepsTheDigitsOfATinyTail) {
  // x1 - x0 >= 90 of 100 each, at p = 0.2: far below 1e-30.
  const auto inside = [](long x0, long x1) { return x1 - x0 >= 90; };
  const auto region = table_region::scan(100, 100, inside);
  const real truth = naive::probability(100, 100, inside, 0.2, 0.2);
  EXPECT_LT(truth, 1e-30L);
  EXPECT_NEAR(her2mod::region_probability(region)(0.2, 0.2) / static_cast<double>(truth), 1.0,
              1e-11);
}

}  // namespace
