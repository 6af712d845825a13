// infer/sequential.hpp: by enumeration, against the full recursion, and against the boundaries of
// the author's own package.

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include <her2mod/infer/sequential.hpp>

#include "naive.hpp"

namespace {

using her2mod::besag_clifford;
using her2mod::gandy_boundary;
using her2mod::gandy_test;
using her2mod::threshold_side;
using naive::real;

std::vector<int> repeat(int value, std::size_t times) { return std::vector<int>(times, value); }

// --- Besag, Clifford

TEST(BesagClifford, StopsAtTheHthExceedance) {
  const std::vector<int> seen{0, 1, 0, 0, 1, 1, 0, 1};
  const auto second = besag_clifford(seen, 2);
  EXPECT_EQ(second.p_value, 2.0 / 5);
  EXPECT_EQ(second.used, 5u);
  EXPECT_TRUE(second.stopped);
  const auto last = besag_clifford(seen, 4);  // with the last replicate
  EXPECT_EQ(last.p_value, 4.0 / 8);
  EXPECT_TRUE(last.stopped);
  EXPECT_EQ(besag_clifford(repeat(1, 5), 1).p_value, 1.0);
}

TEST(BesagClifford, CountsTheObservedArrangementWhenItDoesNotStop) {
  const std::vector<int> seen{0, 1, 0, 0, 1, 1, 0, 0, 0};
  const auto all = besag_clifford(seen, 4);
  EXPECT_EQ(all.p_value, 0.4);
  EXPECT_EQ(all.used, 9u);
  EXPECT_FALSE(all.stopped);
  EXPECT_EQ(besag_clifford(repeat(0, 999), 10).p_value, 0.001);
  EXPECT_EQ(besag_clifford(repeat(0, 0), 10).p_value, 1.0);
}

TEST(BesagClifford, IsAPValue) {
  // Under the null all ranks of the observed value are equally likely, so a sequence of R with b
  // exceedances has the probability b! (R - b)! / (R + 1)!; P(p <= a) is a at each a that p takes.
  const unsigned r = 12;
  for (const std::size_t h : {1u, 2u, 3u, 5u, 12u, 13u}) {
    std::map<double, real> distribution;
    for (unsigned code = 0; code < 1u << r; ++code) {
      std::vector<int> seen;
      long b = 0;
      for (unsigned i = 0; i < r; ++i) {
        seen.push_back((code >> i) & 1);
        b += seen.back();
      }
      distribution[besag_clifford(seen, h).p_value] += 1 / ((r + 1) * naive::choose(r, b));
    }
    real below = 0;
    for (const auto& [p, probability] : distribution) {
      below += probability;
      ASSERT_NEAR(static_cast<double>(below), p, 1e-14) << "h = " << h;
    }
  }
}

// --- Gandy

struct limits {
  long lower, upper;
};

std::vector<limits> boundaries(double alpha, double epsilon, std::size_t n) {
  gandy_boundary b(alpha, epsilon);
  std::vector<limits> all;
  while (b.n() < n) {
    b.advance();
    all.push_back({b.lower(), b.upper()});
  }
  return all;
}

// P(S_n = j, not stopped before n), j = 0 to n, from that of n - 1.
void draw_one(std::vector<real>& mass, real p) {
  mass.push_back(0);
  for (std::size_t j = mass.size() - 1; j > 0; --j) mass[j] = mass[j] * (1 - p) + mass[j - 1] * p;
  mass[0] *= 1 - p;
}

// The definition: every sum from the start, nothing left out.
std::vector<limits> naive_boundaries(real alpha, real epsilon, std::size_t n) {
  std::vector<limits> all;
  std::vector<real> mass{1};
  real above = 0, below = 0;
  for (std::size_t i = 1; i <= n; ++i) {
    draw_one(mass, alpha);
    const real allowed = epsilon * static_cast<real>(i) / static_cast<real>(1000 + i);
    std::size_t upper = i + 1, lower = 0;  // `lower` is one above L
    real tail = 0, head = 0;
    while (upper > 0 && above + tail + mass[upper - 1] <= allowed) tail += mass[--upper];
    while (lower <= i && below + head + mass[lower] <= allowed) head += mass[lower++];
    above += tail;
    below += head;
    for (std::size_t j = 0; j < mass.size(); ++j)
      if (j >= upper || j < lower) mass[j] = 0;
    all.push_back({static_cast<long>(lower) - 1, static_cast<long>(upper)});
  }
  return all;
}

TEST(GandyBoundary, EqualsTheFullRecursion) {
  const struct {
    double alpha, epsilon;
    std::size_t n;
  } designs[] = {{0.05, 1e-3, 2000}, {0.01, 1e-3, 2000}, {0.5, 1e-4, 700},
                 {0.9, 1e-3, 700},   {0.3, 0.1, 700},    {0.0125, 1e-5, 1200}};
  for (const auto& d : designs) {
    const auto found = boundaries(d.alpha, d.epsilon, d.n);
    const auto expected = naive_boundaries(d.alpha, d.epsilon, d.n);
    for (std::size_t i = 0; i < d.n; ++i) {
      ASSERT_EQ(found[i].lower, expected[i].lower) << d.alpha << " at " << i + 1;
      ASSERT_EQ(found[i].upper, expected[i].upper) << d.alpha << " at " << i + 1;
    }
  }
}

TEST(GandyBoundary, EqualsTheAuthorsPackage) {
  // getL() and getU() of getalgprecomp(alpha, epsilon), CRAN package simctest 2.6.1.
  const std::vector<std::size_t> at{1,   2,   3,    4,    10,   50,    100,
                                    200, 500, 1000, 2000, 5000, 20000, 100000};
  const struct {
    double alpha, epsilon;
    std::vector<long> lower, upper;
  } published[] = {
      {0.05, 1e-3,
       {-1, -1, -1, -1, -1, -1, -1, 0, 7, 24, 63, 188, 867, 4675},
       {2, 3, 4, 5, 6, 12, 17, 25, 47, 80, 142, 316, 1138, 5331}},
      {0.01, 1e-3,
       {-1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 4, 23, 141},
       {2, 3, 3, 3, 4, 6, 8, 10, 16, 25, 40, 82, 265}},
      {0.5, 1e-3,
       {-1, -1, -1, -1, -1, 9, 28, 70, 205, 436, 910, 2354, 9689},
       {2, 3, 4, 5, 11, 41, 72, 130, 295, 564, 1090, 2646, 10311}},
      {0.05, 1e-5,
       {-1, -1, -1, -1, -1, -1, -1, -1, 4, 19, 54, 174, 837},
       {2, 3, 4, 5, 7, 14, 20, 30, 54, 89, 153, 334, 1171}},
      {0.0125, 1e-3,
       {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 7, 32, 183},
       {2, 3, 3, 4, 4, 7, 9, 12, 19, 29, 47, 98, 322}},
  };
  for (const auto& design : published) {
    gandy_boundary b(design.alpha, design.epsilon);
    for (std::size_t i = 0; i < design.lower.size(); ++i) {
      while (b.n() < at[i]) b.advance();
      EXPECT_EQ(b.lower(), design.lower[i]) << design.alpha << " at " << at[i];
      EXPECT_EQ(b.upper(), design.upper[i]) << design.alpha << " at " << at[i];
    }
  }
}

// P(stopped above), P(stopped below) within the boundaries, if the p-value is p.
std::pair<real, real> stopping(const std::vector<limits>& at, real p) {
  std::vector<real> mass{1};
  real above = 0, below = 0;
  for (const limits& l : at) {
    draw_one(mass, p);
    for (std::size_t j = 0; j < mass.size(); ++j) {
      if (static_cast<long>(j) >= l.upper) above += std::exchange(mass[j], real{0});
      if (static_cast<long>(j) <= l.lower) below += std::exchange(mass[j], real{0});
    }
  }
  return {above, below};
}

TEST(GandyBoundary, IsMetWronglyWithABoundedProbability) {
  const std::size_t n = 1500;
  for (const double alpha : {0.05, 0.4}) {
    const double epsilon = 1e-3, spent = epsilon * n / (1000 + n);
    const auto at = boundaries(alpha, epsilon, n);
    for (const double distance : {0.0, 1e-9, 1e-3, 0.1, 0.5}) {
      EXPECT_LE(stopping(at, alpha * (1 - distance)).first, spent);
      EXPECT_LE(stopping(at, alpha * (1 + distance)).second, spent);
    }
    // The bound is used up, not merely kept; and far from alpha the decision falls.
    EXPECT_GT(stopping(at, alpha).first, 0.95 * spent);
    EXPECT_GT(stopping(at, alpha).second, 0.95 * spent);
    EXPECT_GT(stopping(at, alpha / 2).second, 0.85);
    EXPECT_GT(stopping(at, alpha * 2).first, 0.999);
  }
}

TEST(GandyTest, StopsWhereABoundaryIsMet) {
  const auto at = boundaries(0.05, 1e-3, 1000);
  // Exceeding every 2nd, 5th, ... time, or never.
  for (const std::size_t every : {1u, 2u, 5u, 11u, 20u, 30u, 100u, 5000u}) {
    gandy_test test(0.05);
    long sum = 0;
    auto expected = threshold_side::open;
    std::size_t stop = 0;
    for (std::size_t n = 1; n <= at.size(); ++n) {
      const bool one = n % every == 0;
      if (expected == threshold_side::open) {
        sum += one;
        stop = n;
        if (sum >= at[n - 1].upper) expected = threshold_side::above;
        if (sum <= at[n - 1].lower) expected = threshold_side::below;
      }
      ASSERT_EQ(test.feed(one), expected);
    }
    EXPECT_EQ(test.decision(), expected);
    EXPECT_EQ(test.used(), stop);
    EXPECT_EQ(test.exceeding(), sum);
  }
}

TEST(GandyP, IsTheMaximumLikelihoodEstimateWhereItStops) {
  const auto many = her2mod::gandy_p_value(repeat(1, 100), 0.05);
  EXPECT_EQ(many.decision, threshold_side::above);
  EXPECT_EQ(many.p_value, 1.0);
  EXPECT_LT(many.used, 10u);
  const auto none = her2mod::gandy_p_value(repeat(0, 1000), 0.05);
  EXPECT_EQ(none.decision, threshold_side::below);
  EXPECT_EQ(none.p_value, 0.0);
  EXPECT_LT(none.used, 200u);
  std::vector<int> few(5000, 0);
  for (std::size_t i = 0; i < few.size(); i += 60) few[i] = 1;
  const auto found = her2mod::gandy_p_value(few, 0.05);
  EXPECT_EQ(found.decision, threshold_side::below);
  EXPECT_NEAR(found.p_value, 1.0 / 60, 0.004);
  EXPECT_TRUE(std::isnan(found.ci.low));
  EXPECT_TRUE(std::isnan(found.ci.high));
}

TEST(GandyP, IsThatOfAllReplicatesWhereItIsUndecided) {
  std::vector<int> seen(1000, 0);
  for (std::size_t i = 0; i < seen.size(); i += 20) seen[i] = 1;
  const auto found = her2mod::gandy_p_value(seen, 0.05, 1e-3, 0.99);
  const auto all = her2mod::monte_carlo_p_value(50, 1000, 0.99);
  EXPECT_EQ(found.decision, threshold_side::open);
  EXPECT_EQ(found.p_value, 51.0 / 1001);
  EXPECT_EQ(found.ci.low, all.ci.low);
  EXPECT_EQ(found.ci.high, all.ci.high);
  EXPECT_EQ(found.used, 1000u);
}

}  // namespace
