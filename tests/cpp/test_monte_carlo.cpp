// infer/monte_carlo.hpp: the mid-p, by hand and from what defines it. The p-value and its interval
// are in test_bootstrap_interval.cpp.

#include <gtest/gtest.h>

#include <vector>

#include <her2mod/infer/monte_carlo.hpp>

namespace {

using her2mod::monte_carlo_mid_p;

TEST(MonteCarloMidP, CountsHalfOfTheTies) {
  EXPECT_EQ(monte_carlo_mid_p(0, 0, 999), 0.0005);  // half of the observed arrangement
  EXPECT_EQ(monte_carlo_mid_p(0, 999, 999), 0.5);
  EXPECT_EQ(monte_carlo_mid_p(999, 0, 999), 0.9995);
  EXPECT_EQ(monte_carlo_mid_p(12, 7, 99), 0.16);
  EXPECT_EQ(monte_carlo_mid_p(0, 0, 0), 0.5);  // no replicates tell nothing
}

TEST(MonteCarloMidP, IsHalfATieBelowTheP) {
  for (const double g : {0.0, 3.0, 40.0})
    for (const double t : {0.0, 1.0, 20.0})
      EXPECT_NEAR(her2mod::monte_carlo_p_value(g + t, 99, 0.95).p_value -
                      monte_carlo_mid_p(g, t, 99),
                  (t + 1) / 2 / 100, 1e-15);
}

TEST(MonteCarloMidP, OfBothSidesAddToOne) {
  const double r = 50;
  for (double g = 0; g <= r; ++g)
    for (double t = 0; g + t <= r; ++t)
      ASSERT_NEAR(monte_carlo_mid_p(g, t, r) + monte_carlo_mid_p(r - g - t, t, r), 1, 1e-15);
}

TEST(MonteCarloMidP, IsOneHalfOnAverageUnderTheNull) {
  // Under the null each of the R + 1 arrangements is the observed one equally often.
  for (const std::vector<int>& statistics :
       {std::vector<int>{1, 2, 3, 4, 5}, {1, 1, 2, 2, 2, 7, 9}, {3, 3, 3}, {0, 4}}) {
    double sum = 0;
    for (const int observed : statistics) {
      double more = 0, tied = -1;  // not tied with itself
      for (const int other : statistics) {
        more += other > observed;
        tied += other == observed;
      }
      sum += monte_carlo_mid_p(more, tied, static_cast<double>(statistics.size()) - 1);
    }
    EXPECT_NEAR(sum / static_cast<double>(statistics.size()), 0.5, 1e-15);
  }
}

}  // namespace
