// Exponential variates: the law of their building block by enumeration, the rest by fixed seeds.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/rng/exponential.hpp>
#include <her2mod/rng/xoshiro256pp.hpp>

namespace {

using her2mod::draw_exponential;

constexpr std::uint64_t ones = ~std::uint64_t{0};

std::uint64_t power(std::uint64_t base, std::uint64_t exponent) {
  std::uint64_t result = 1;
  while (exponent-- > 0) result *= base;
  return result;
}

// Counts, of the n^(n + 1) sequences of n + 1 words below n, those that keep `first`. A sequence is
// read only up to the end of the descent: what follows is counted, not enumerated.
std::uint64_t sequences_kept(std::uint64_t first, std::uint64_t n) {
  std::vector<std::uint64_t> words(n + 1, 0);
  std::uint64_t kept = 0, seen = 0;
  while (true) {
    std::size_t taken = 0;
    const bool even = her2mod::descends_evenly(first, [&] { return words.at(taken++); });
    const std::uint64_t alike = power(n, n + 1 - taken);
    seen += alike;
    if (even) kept += alike;
    // The next sequence with another beginning.
    std::fill(words.begin() + static_cast<std::ptrdiff_t>(taken), words.end(), 0);
    while (taken > 0 && ++words[taken - 1] == n) words[--taken] = 0;
    if (taken == 0) break;
  }
  EXPECT_EQ(seen, power(n, n + 1));
  return kept;
}

TEST(DescendsEvenly, KeepsTheFirstWordWithItsGeometricProbability) {
  for (std::uint64_t n = 1; n <= 12; ++n)  // 12^13 sequences of 12 words
    for (std::uint64_t first = 0; first < n; ++first) {
      // (1 - 1/n)^first of n^(n + 1)
      ASSERT_EQ(sequences_kept(first, n), power(n - 1, first) * power(n, n + 1 - first))
          << "first word " << first << " of " << n;
    }
}

// Hands out given words.
struct dictated {
  std::vector<std::uint64_t> words;
  std::size_t taken = 0;
  std::uint64_t operator()() { return words.at(taken++); }
};

TEST(DrawExponential, CountsFailedTrialsAndAddsTheKeptWord) {
  const auto word = [](std::uint64_t m) { return m << 11; };
  dictated smallest{{0, 0}};
  EXPECT_EQ(draw_exponential(smallest), 0x1p-53);
  dictated largest_fraction{{ones, ones}};  // equal is no descent
  EXPECT_EQ(draw_exponential(largest_fraction), 1.0);
  dictated two_down{{word(9), word(8), word(7), word(7)}};
  EXPECT_EQ(draw_exponential(two_down), 10 * 0x1p-53);
  dictated low_bits_do_not_count{{word(9) + 5, word(9) + 4}};
  EXPECT_EQ(draw_exponential(low_bits_do_not_count), 10 * 0x1p-53);
  // One down; three down; none.
  dictated third{{word(9), word(8), word(8), word(4), word(3), word(2), word(1), word(6),
                  std::uint64_t{1} << 63, ones}};
  EXPECT_EQ(draw_exponential(third), 2.5);  // and 2^-53, rounded away
  EXPECT_EQ(third.taken, third.words.size());
}

TEST(DrawExponential, GivesTheSameValuesOnEveryPlatform) {
  her2mod::xoshiro256pp generator({1, 2, 3, 4});
  const double known[] = {0x1.4004p-39, 0x1.9800007001p-13, 0x1.0025440335887p-1,
                          0x1.13e21079593cbp+1, 0x1.27b70841ee53p-5};
  for (const double value : known) EXPECT_EQ(draw_exponential(generator), value);
  her2mod::xoshiro256pp later({417, 1, 0, 2});
  double sum = 0;
  for (int i = 0; i < 10000; ++i) sum += draw_exponential(later);
  EXPECT_EQ(sum, 0x1.3ec2a88607bbdp+13);
}

constexpr std::size_t n_draws = 1000000;

std::vector<double> draws(std::uint64_t seed) {
  her2mod::xoshiro256pp generator({seed, 0x9E3779B97F4A7C15u, 3, 4});
  for (int i = 0; i < 100; ++i) generator();  // away from a state with few ones
  std::vector<double> x(n_draws);
  for (double& value : x) value = draw_exponential(generator);
  return x;
}

// E x^r = r!, and so var x^r = (2r)! - (r!)^2.
TEST(DrawExponential, HasTheMomentsOfTheDistribution) {
  const double factorial[] = {1, 1, 2, 6, 24, 120, 720, 5040, 40320};
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    const std::vector<double> x = draws(seed);
    for (std::size_t r = 1; r <= 4; ++r) {
      double sum = 0;
      for (const double value : x) sum += std::pow(value, static_cast<double>(r));
      const double sd = std::sqrt((factorial[2 * r] - factorial[r] * factorial[r]) / n_draws);
      EXPECT_NEAR(sum / n_draws, factorial[r], 5 * sd) << "moment " << r << ", seed " << seed;
    }
    // Neighbours: E x y = 1, and the mean of the products has variance (3 + 2) / n.
    double products = 0;
    for (std::size_t i = 0; i + 1 < n_draws; ++i) products += x[i] * x[i + 1];
    EXPECT_NEAR(products / (n_draws - 1), 1, 5 * std::sqrt(5.0 / n_draws)) << "seed " << seed;
  }
}

// Kolmogorov's distance D of n draws: P(sqrt(n) D > 2.5) is about 2 exp(-2 2.5^2) = 7e-6.
TEST(DrawExponential, HasTheDistributionFunctionOfTheDistribution) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    std::vector<double> x = draws(seed);
    std::sort(x.begin(), x.end());
    ASSERT_GT(x.front(), 0);
    double distance = 0;
    for (std::size_t i = 0; i < n_draws; ++i) {
      const double f = -std::expm1(-x[i]);
      const double below = static_cast<double>(i) / n_draws;
      distance = std::max({distance, f - below, below + 1.0 / n_draws - f});
    }
    EXPECT_LT(distance * std::sqrt(static_cast<double>(n_draws)), 2.5) << "seed " << seed;
  }
}

// Rows that stand for f patients get a sum of f: gamma of shape f, mean and variance f, fourth
// central moment 3 f^2 + 6 f.
TEST(DrawExponential, SumsToGammaVariates) {
  her2mod::xoshiro256pp generator({5, 6, 7, 8});
  constexpr double f = 7;
  constexpr int n = 100000;
  double mean = 0, variance = 0;
  for (int i = 0; i < n; ++i) {
    double sum = 0;
    for (int j = 0; j < 7; ++j) sum += draw_exponential(generator);
    mean += sum / n;
    variance += (sum - f) * (sum - f) / n;
  }
  EXPECT_NEAR(mean, f, 5 * std::sqrt(f / n));
  EXPECT_NEAR(variance, f, 5 * std::sqrt((3 * f * f + 6 * f - f * f) / n));
}

}  // namespace
