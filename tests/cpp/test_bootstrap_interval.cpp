// infer/bootstrap_interval.hpp and infer/monte_carlo.hpp: by hand, and from published examples.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <her2mod/infer/bootstrap_interval.hpp>
#include <her2mod/infer/monte_carlo.hpp>

#include "naive.hpp"

namespace {

using her2mod::jackknife_row;
using her2mod::replicate_quantile;
using naive::real;

const double inf = her2mod::infinity;

std::vector<double> one_to(int r) {
  std::vector<double> values(static_cast<std::size_t>(r));
  std::iota(values.begin(), values.end(), 1.0);
  return values;
}

TEST(ReplicateQuantile, IsAnOrderStatisticAtWholeRanks) {
  const std::vector<double> nine = one_to(9), many = one_to(999), more = one_to(9999);
  EXPECT_EQ(replicate_quantile(nine, 0.1), 1.0);  // (R + 1) q = 1
  EXPECT_EQ(replicate_quantile(nine, 0.5), 5.0);
  EXPECT_EQ(replicate_quantile(nine, 0.9), 9.0);
  EXPECT_EQ(replicate_quantile(many, 0.025), 25.0);
  EXPECT_EQ(replicate_quantile(many, 0.975), 975.0);
  EXPECT_EQ(replicate_quantile(many, 0.005), 5.0);
  EXPECT_EQ(replicate_quantile(more, 0.025), 250.0);
  EXPECT_EQ(replicate_quantile(more, 0.975), 9750.0);
  for (int k = 1; k <= 999; ++k) ASSERT_EQ(replicate_quantile(many, k / 1000.0), k);
}

TEST(ReplicateQuantile, InterpolatesOnTheNormalScale) {
  // R = 9, q = 1/4: rank 2.5, between 0.2 and 0.3; qnorm(.2) = -.8416212, qnorm(.25) = -.6744898,
  // qnorm(.3) = -.5244005 from a table, so 2 + .1671315 / .3172207.
  EXPECT_NEAR(replicate_quantile(one_to(9), 0.25), 2 + 0.1671314833768326 / 0.3172207208648736,
              1e-12);
  EXPECT_NEAR(replicate_quantile(one_to(9), 0.75), 8 - 0.1671314833768326 / 0.3172207208648736,
              1e-12);
  const std::vector<double> tied{1, 2, 2, 2, 5};
  EXPECT_EQ(replicate_quantile(tied, 0.45), 2.0);  // rank 2.7
}

TEST(ReplicateQuantile, StopsAtTheExtremeReplicates) {
  EXPECT_EQ(replicate_quantile(one_to(9), 0.001), 1.0);
  EXPECT_EQ(replicate_quantile(one_to(9), 0.999), 9.0);
  EXPECT_EQ(replicate_quantile(one_to(1), 0.5), 1.0);
}

TEST(ReplicateQuantile, TakesTheNearerRankBesideAnInfinity) {
  const std::vector<double> values{-inf, -inf, 0, 1, inf};
  EXPECT_EQ(replicate_quantile(values, 0.1), -inf);
  EXPECT_EQ(replicate_quantile(values, 0.4), -inf);  // rank 2.4
  EXPECT_EQ(replicate_quantile(values, 0.44), 0.0);  // rank 2.64
  EXPECT_EQ(replicate_quantile(values, 0.8), inf);   // rank 4.8
  EXPECT_EQ(replicate_quantile(values, 0.72), 1.0);  // rank 4.32
}

TEST(MidDistribution, CountsTiesHalf) {
  const std::vector<double> values{1, 2, 2, 3, 10};
  EXPECT_EQ(her2mod::mid_distribution(values, 0), 0.0);
  EXPECT_EQ(her2mod::mid_distribution(values, 1), 0.1);
  EXPECT_EQ(her2mod::mid_distribution(values, 2), 0.4);
  EXPECT_EQ(her2mod::mid_distribution(values, 2.5), 0.6);
  EXPECT_EQ(her2mod::mid_distribution(values, 11), 1.0);
  // 0.1 + 0.2 and 0.3 are one value.
  const std::vector<double> rounded{0.1 + 0.2, 0.3};
  EXPECT_EQ(her2mod::mid_distribution(rounded, 0.3), 0.5);
}

TEST(MidDistribution, CountsTiesAtAnInfinityHalf) {
  const std::vector<double> values{-inf, -inf, 0, inf};
  EXPECT_EQ(her2mod::mid_distribution(values, -inf), 0.25);
  EXPECT_EQ(her2mod::mid_distribution(values, inf), 0.875);
}

// Phi and its inverse, by the error function and halving.
real phi(real z) { return std::erfc(-z / std::sqrt(2.0L)) / 2; }
real quantile(real p) {
  return naive::bisect([&](real z) { return phi(z) - p; }, -20, 20);
}

TEST(AdjustedTails, EqualEfronsFormula) {
  for (const double share : {0.2, 0.5, 0.55, 0.9})
    for (const double a : {-0.2, 0.0, 0.0938, 0.15})
      for (const double tail : {0.005, 0.025, 0.05}) {
        const real z0 = quantile(share), z = quantile(1 - static_cast<real>(tail));
        const auto adjusted = [&](real w) { return z0 + (z0 + w) / (1 - a * (z0 + w)); };
        const auto found = her2mod::adjusted_tails(share, a, tail);
        if (1 - a * (z0 - z) > 0) {
          ASSERT_NEAR(found.below, static_cast<double>(phi(adjusted(-z))), 1e-13);
        } else {
          ASSERT_TRUE(std::isnan(found.below));
        }
        if (1 - a * (z0 + z) > 0) {
          ASSERT_NEAR(found.above, static_cast<double>(1 - phi(adjusted(z))), 1e-13);
        } else {
          ASSERT_TRUE(std::isnan(found.above));
        }
      }
}

TEST(AdjustedTails, AreThePlainTailsWithoutBiasOrAcceleration) {
  EXPECT_NEAR(her2mod::adjusted_tails(0.5, 0, 0.025).below, 0.025, 1e-15);
  EXPECT_NEAR(her2mod::adjusted_tails(0.5, 0, 0.025).above, 0.025, 1e-15);
}

TEST(AdjustedTails, AreNotANumberWhereTheAdjustmentDoesNotExist) {
  for (const double share : {0.0, 1.0}) {  // z0 infinite
    EXPECT_TRUE(std::isnan(her2mod::adjusted_tails(share, 0.1, 0.025).below));
    EXPECT_TRUE(std::isnan(her2mod::adjusted_tails(share, 0.1, 0.025).above));
  }
  const auto steep = her2mod::adjusted_tails(0.5, 0.6, 0.025);  // 1 - 0.6 1.96 < 0
  EXPECT_TRUE(std::isnan(steep.above));
  EXPECT_FALSE(std::isnan(steep.below));
  EXPECT_TRUE(std::isnan(her2mod::adjusted_tails(0.5, -0.6, 0.025).below));
}

std::vector<jackknife_row> leave_one_out_means(const std::vector<double>& x) {
  const double sum = std::accumulate(x.begin(), x.end(), 0.0), n = static_cast<double>(x.size());
  std::vector<jackknife_row> rows;
  for (const double v : x) rows.push_back({(sum - v) / (n - 1), 1, 0});
  return rows;
}

TEST(Acceleration, OfAMeanGivesThePublishedValues) {
  // boot::aircondit (Davison, Hinkley 1997, example 1.1): a of the mean.
  EXPECT_NEAR(her2mod::acceleration(
                  leave_one_out_means({3, 5, 7, 18, 43, 85, 91, 98, 100, 130, 230, 487}), 1),
              0.0937980738839, 1e-12);
  // The data of SciPy's test_resampling.py that are compared with R's boot.
  EXPECT_NEAR(her2mod::acceleration(leave_one_out_means({10, 12, 12.5, 12.5, 13.9, 15, 21, 22, 23,
                                                         34, 50, 81, 89, 121, 134, 213}),
                                    1),
              0.06152886961, 1e-11);
}

TEST(Acceleration, OfARatioGivesThePublishedValue) {
  // boot::city, mean(x) / mean(u): centred at the jackknife mean (Efron, Tibshirani 14.15).
  const double u[] = {138, 93, 61, 179, 48, 37, 29, 23, 30, 2};
  const double x[] = {143, 104, 69, 260, 75, 63, 50, 48, 111, 50};
  const double all_u = std::accumulate(u, u + 10, 0.0), all_x = std::accumulate(x, x + 10, 0.0);
  std::vector<jackknife_row> rows;
  for (int i = 0; i < 10; ++i) rows.push_back({(all_x - x[i]) / (all_u - u[i]), 1, 0});
  EXPECT_NEAR(her2mod::acceleration(rows, 1), -0.0112031939602, 1e-12);
}

TEST(Acceleration, OfTwoMeansPoolsTheirThirdMoments) {
  // Difference of means: influence +-(x - mean), so a = sum(d^3 / n^3) / (6 sum(d^2 / n^2)^1.5).
  const std::vector<double> x{1, 2, 2, 9}, y{0, 5, 6, 7, 30};
  const auto mean = [](const std::vector<double>& v) {
    return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
  };
  std::vector<jackknife_row> rows;
  double cubes = 0, squares = 0;
  for (const auto* sample : {&x, &y}) {
    const double n = static_cast<double>(sample->size()), sign = sample == &y ? 1 : -1;
    for (const double v : *sample) {
      const double d = sign * (v - mean(*sample)) / n;
      cubes += d * d * d;
      squares += d * d;
      const double without = (n * mean(*sample) - v) / (n - 1);
      rows.push_back({sample == &y ? without - mean(x) : mean(y) - without, 1, sample == &y});
    }
  }
  EXPECT_NEAR(her2mod::acceleration(rows, 2), cubes / (6 * std::pow(squares, 1.5)), 1e-14);
  // The two rows of value 2 as one of frequency 2.
  rows.erase(rows.begin() + 2);
  rows[1].frequency = 2;
  EXPECT_NEAR(her2mod::acceleration(rows, 2), cubes / (6 * std::pow(squares, 1.5)), 1e-14);
}

TEST(Acceleration, OfNoInfluenceIsZero) {
  EXPECT_EQ(her2mod::acceleration({{4, 5, 0}, {4, 3, 0}}, 1), 0.0);
  // A unit alone in its block is always drawn, whatever the estimate would be without it.
  EXPECT_EQ(her2mod::acceleration({{her2mod::not_a_number, 1, 0}, {9, 2, 1}}, 2), 0.0);
  EXPECT_EQ(her2mod::acceleration({{4, 1, 0}, {9, 1, 1}}, 2), 0.0);  // each alone in its block
  EXPECT_FALSE(std::isfinite(her2mod::acceleration({{inf, 1, 0}, {2, 3, 0}}, 1)));
  EXPECT_FALSE(std::isfinite(her2mod::acceleration({{her2mod::not_a_number, 1, 0}, {2, 3, 0}}, 1)));
}

TEST(MonteCarloP, CountsTheObservedArrangement) {
  EXPECT_EQ(her2mod::monte_carlo_p_value(0, 999, 0.95).p_value, 0.001);
  EXPECT_EQ(her2mod::monte_carlo_p_value(999, 999, 0.95).p_value, 1.0);
  EXPECT_EQ(her2mod::monte_carlo_p_value(24, 99, 0.95).p_value, 0.25);
}

TEST(MonteCarloP, CarriesTheClopperPearsonInterval) {
  // b = 0: (1 - p)^R = tail; and 15/148 from Newcombe (1998), Table I.
  const auto none = her2mod::monte_carlo_p_value(0, 999, 0.99).ci;
  EXPECT_EQ(none.low, 0.0);
  EXPECT_NEAR(none.high, 1 - std::pow(0.005, 1.0 / 999), 1e-13);
  const auto all = her2mod::monte_carlo_p_value(999, 999, 0.99).ci;
  EXPECT_NEAR(all.low, std::pow(0.005, 1.0 / 999), 1e-13);
  EXPECT_EQ(all.high, 1.0);
  const auto some = her2mod::monte_carlo_p_value(15, 148, 0.95).ci;
  EXPECT_NEAR(some.low, 0.0578, 5.1e-5);
  EXPECT_NEAR(some.high, 0.1617, 5.1e-5);
}

}  // namespace
