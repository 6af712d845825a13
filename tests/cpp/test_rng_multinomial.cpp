// Counts of small Poisson means, and multinomial counts made of them.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <vector>

#include <her2mod/rng/multinomial.hpp>
#include <her2mod/rng/xoshiro256pp.hpp>

#include "naive.hpp"

namespace {

using her2mod::poisson_pairs;
using her2mod::uniform_multinomial;
using her2mod::xoshiro256pp;

xoshiro256pp generator(std::uint64_t seed) { return xoshiro256pp({seed, 17, 4, 1}); }

double poisson(unsigned k, double mean) { return std::exp(k * std::log(mean) - mean - std::lgamma(k + 1.0)); }

TEST(PoissonPairs, HaveTheProbabilitiesOfTwoPoissonCounts) {
  for (const double mean : {1.0 / 256, 0.25, 0.8125, 1.0}) {
    double total = 0;
    const auto implied = poisson_pairs(mean).implied();
    std::map<unsigned, int> seen;
    for (const auto& [pair, probability] : implied) {
      const double expected = poisson(pair % 256, mean) * poisson(pair / 256, mean);
      EXPECT_NEAR(probability, expected, 1e-14 * expected + 0x1p-62) << mean << ", " << pair;
      EXPECT_EQ(++seen[pair], 1);
      total += probability;
    }
    EXPECT_NEAR(total, 1, 1e-14);
    // No pair that could be seen is missing.
    for (unsigned a = 0; a < 8; ++a)
      for (unsigned b = 0; b < 8; ++b)
        EXPECT_TRUE(seen.count(a + 256 * b) == 1 || poisson(a, mean) * poisson(b, mean) < 0x1p-60);
  }
}

// Words that are given, then none.
struct dictated {
  std::vector<std::uint64_t> words;
  std::size_t taken = 0;
  std::uint64_t operator()() { return words.at(taken++); }
};

// All words whose third piece is given; the others are 0, the likeliest pair.
TEST(PoissonPairs, ReadFourTimesThirteenBitsAndAnotherWordWhereTheseDoNotTell) {
  const poisson_pairs pairs(0.9);
  std::map<unsigned, double> cells;
  int looked_closer = 0;
  for (std::uint64_t piece = 0; piece < 8192; ++piece) {
    dictated words{{piece << 26, piece << 51}};
    std::array<std::uint8_t, 8> counts{};
    const std::size_t total = pairs.fill(words, counts.data(), 8);
    std::size_t by_hand = 0;
    for (const std::uint8_t c : counts) by_hand += c;
    ASSERT_EQ(total, by_hand);
    for (const std::size_t other : {0u, 1u, 2u, 3u, 6u, 7u}) ASSERT_EQ(counts[other], counts[other % 2]);
    if (words.taken == 2)
      ++looked_closer;
    else
      cells[counts[4] + 256u * counts[5]] += 1;
  }
  for (const auto& [pair, probability] : pairs.implied())
    EXPECT_EQ(cells[pair], std::floor(8192 * probability)) << pair;
  EXPECT_GT(looked_closer, 5);
  EXPECT_LT(looked_closer, 50);
}

TEST(PoissonPairs, WriteNoMoreThanAsked) {
  const poisson_pairs pairs(1);
  auto random = generator(1);
  for (std::size_t n = 0; n < 30; ++n) {
    std::vector<std::uint8_t> counts(40, 99);
    const std::size_t total = pairs.fill(random, counts.data() + 3, n);
    std::size_t by_hand = 0;
    for (std::size_t i = 0; i < n; ++i) by_hand += counts[3 + i];
    EXPECT_EQ(total, by_hand);
    for (std::size_t i = 0; i < counts.size(); ++i)
      EXPECT_TRUE((i >= 3 && i < 3 + n) || counts[i] == 99);
  }
}

TEST(PoissonPairs, RejectOtherMeans) {
  for (const double mean : {0.0, -0.5, 0.0039, 1.01, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_THROW(poisson_pairs{mean}, her2mod::input_error);
}

uniform_multinomial multinomial(std::size_t n) {
  return {n, std::make_shared<poisson_pairs>(uniform_multinomial::mean_for(n))};
}

TEST(UniformMultinomial, DrawsNInAll) {
  for (const std::size_t n : {32u, 33u, 40u, 117u, 458u, 5000u}) {
    auto random = generator(n);
    std::vector<std::uint8_t> counts(n + 1, 7);
    const uniform_multinomial draw = multinomial(n);
    for (int b = 0; b < 500; ++b) {
      draw(random, counts.data());
      std::size_t total = 0;
      for (std::size_t i = 0; i < n; ++i) total += counts[i];
      ASSERT_EQ(total, n);
      ASSERT_EQ(counts[n], 7);
    }
  }
}

// Of every cell, how often it has 0, 1, ... is binomial; so is the sum of several.
TEST(UniformMultinomial, IsBinomialInEveryCellAndInSumsOfThem) {
  constexpr std::size_t n = 37, total = 100000;
  auto random = generator(2);
  const uniform_multinomial draw = multinomial(n);
  std::vector<std::array<double, 8>> times(n);
  std::vector<double> of_twelve(n + 1, 0.0);
  std::vector<std::uint8_t> counts(n);
  for (std::size_t b = 0; b < total; ++b) {
    draw(random, counts.data());
    std::size_t sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (counts[i] < 8) ++times[i][counts[i]];
      if (i % 3 == 0 && i < 36) sum += counts[i];
    }
    ++of_twelve[sum];
  }
  for (std::size_t i = 0; i < n; ++i)
    for (long k = 0; k < 6; ++k) {
      const double p = static_cast<double>(naive::binomial(k, n, 1.0L / n));
      EXPECT_NEAR(times[i][static_cast<std::size_t>(k)], total * p, 5.5 * std::sqrt(total * p * (1 - p)) + 1);
    }
  for (long k = 0; k <= static_cast<long>(n); ++k) {
    const double p = static_cast<double>(naive::binomial(k, n, 12.0L / n));
    EXPECT_NEAR(of_twelve[static_cast<std::size_t>(k)], total * p, 5 * std::sqrt(total * p * (1 - p)) + 1);
  }
}

// Pairs of cells, from one byte pair or from two: covariance -1/n; and all counts' squares.
TEST(UniformMultinomial, HasTheMomentsOfDrawsWithReplacement) {
  constexpr std::size_t n = 64, total = 200000;
  auto random = generator(3);
  const uniform_multinomial draw = multinomial(n);
  std::vector<std::uint8_t> counts(n);
  double beside = 0, apart = 0, squares = 0;
  for (std::size_t b = 0; b < total; ++b) {
    draw(random, counts.data());
    beside += (counts[10] - 1.0) * (counts[11] - 1.0) / total;
    apart += (counts[11] - 1.0) * (counts[50] - 1.0) / total;
    for (const std::uint8_t c : counts) squares += (c - 1.0) * (c - 1.0) / total;
  }
  const double covariance = -1.0 / n, spread = 1 / std::sqrt(static_cast<double>(total));
  EXPECT_NEAR(beside, covariance, 5 * spread);
  EXPECT_NEAR(apart, covariance, 5 * spread);
  // The sum of squares is Pearson's X^2: mean n - 1, variance 2 (n - 1)^2 / n.
  EXPECT_NEAR(squares, n - 1.0, 5 * std::sqrt(2.0 * 63 * 63 / 64) * spread);
}

TEST(UniformMultinomial, HasAMeanThatLeavesRoom) {
  for (const std::size_t n : {32u, 100u, 458u, 100000u, 100000000u}) {
    const double mean = uniform_multinomial::mean_for(n), size = static_cast<double>(n);
    EXPECT_LE(mean, 1 - 1.5 / std::sqrt(size));
    EXPECT_GT(mean, 1 - 1.5 / std::sqrt(size) - 1.0 / 256);
    EXPECT_EQ(mean * 256, std::floor(mean * 256));
  }
}

}  // namespace
