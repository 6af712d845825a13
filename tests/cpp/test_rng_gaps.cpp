// Outcomes by a few bits, over all words; and gaps between successes.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/rng/gaps.hpp>
#include <her2mod/rng/short_table.hpp>
#include <her2mod/rng/xoshiro256pp.hpp>

namespace {

using her2mod::geometric_gaps;
using her2mod::short_table;
using her2mod::xoshiro256pp;

// Words that are given, then none.
struct dictated {
  std::vector<std::uint64_t> words;
  std::size_t taken = 0;
  std::uint64_t operator()() { return words.at(taken++); }
};

// Probabilities of whole 256ths: three bits of a word and five more decide.
TEST(ShortTable, HasEachOutcomeForItsShareOfAllWords) {
  for (const std::vector<unsigned>& share : std::vector<std::vector<unsigned>>{
           {256 - 1, 1},
           {32, 224},
           {100, 100, 56},
           {31, 33, 64, 128},
           {1, 2, 3, 4, 5, 6, 7, 228},
           {200, 9, 9, 9, 9, 9, 9, 2}}) {
    std::vector<std::uint64_t> units;
    std::vector<std::uint16_t> codes;
    for (std::size_t i = 0; i < share.size(); ++i) {
      units.push_back(std::uint64_t{share[i]} << 56);
      codes.push_back(static_cast<std::uint16_t>(7 * i));
    }
    const short_table<3> table(units, codes);
    for (const std::uint64_t rest : {std::uint64_t{0}, (~std::uint64_t{0}) >> 5}) {
      std::map<unsigned, unsigned> times;
      for (std::uint64_t piece = 0; piece < 8; ++piece)
        for (std::uint64_t further = 0; further < 32; ++further) {
          dictated words{{(further << 59) + rest}};
          const std::uint16_t code = table.closer(8 * further + piece, words);
          ASSERT_EQ(words.taken, table[piece] == short_table<3>::open ? 1u : 0u);
          ASSERT_TRUE(words.taken == 1 || code == table[piece]);
          ++times[code];
        }
      for (std::size_t i = 0; i < share.size(); ++i) {
        EXPECT_EQ(times[codes[i]], share[i]);
        EXPECT_EQ(table.implied(codes[i]), share[i] / 256.0);
      }
    }
    // No more cells are open than remainders fill.
    unsigned open = 0, remainders = 0;
    for (std::uint64_t piece = 0; piece < 8; ++piece) open += table[piece] == short_table<3>::open ? 1 : 0;
    for (const unsigned own : share) remainders += own % 32;
    EXPECT_EQ(32 * open, remainders);
  }
}

TEST(GeometricGaps, HaveGeometricProbabilities) {
  for (const double p : {1.0 / 64, 0.2, 0.2367, 0.5, 0.75}) {
    const std::vector<double> implied = geometric_gaps(p).implied();
    double total = 0;
    for (std::size_t g = 0; g + 1 < implied.size(); ++g) {
      const double expected = p * std::exp(static_cast<double>(g) * std::log1p(-p));
      EXPECT_NEAR(implied[g], expected, 1e-12 * expected + 0x1p-62) << p << ", " << g;
      total += implied[g];
    }
    const double longer = std::exp(static_cast<double>(implied.size() - 1) * std::log1p(-p));
    EXPECT_LT(longer, 0x1p-39);
    EXPECT_NEAR(implied.back(), longer, 1e-11 * longer + 0x1p-62);
    EXPECT_NEAR(total + implied.back(), 1, 1e-14);
  }
}

// The last cell of p = 1/2 is open, as the last of all gaps is longer than the table's: no success, and
// the next gap begins where it ends.
TEST(GeometricGaps, BeginAnewAfterALongOne) {
  const geometric_gaps gaps(0.5);
  const std::size_t known = gaps.implied().size() - 1;
  ASSERT_EQ(known, 40u);
  // Pieces of a word from the lowest: longer, then 0, 0, 0, 0.
  const std::uint64_t longer = 4095, all = ~std::uint64_t{0};
  std::vector<std::uint32_t> out(200 + geometric_gaps::spare);
  dictated words{{longer, all, longer | longer << 12, all, all, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}};
  const std::size_t size = gaps.fill(words, 130, out.data());
  ASSERT_GE(size, 8u);
  for (std::uint32_t i = 0; i < 4; ++i) EXPECT_EQ(out[i], known + i);
  for (std::uint32_t i = 4; i < 7; ++i) EXPECT_EQ(out[i], 3 * known + i);
  EXPECT_EQ(size, 130 - 3 * known);
}

// Trials beside and apart, within a word's gaps and across words; and how many succeed.
TEST(GeometricGaps, LetEachTrialSucceedIndependently) {
  for (const double p : {1.0 / 64, 0.2367, 0.6}) {
    constexpr std::uint32_t n = 61;
    constexpr double total = 200000;
    const geometric_gaps gaps(p);
    xoshiro256pp random({5, 6, 7, 8});
    std::vector<std::uint32_t> out(n + geometric_gaps::spare + 1, 77);
    std::vector<std::vector<double>> both(n, std::vector<double>(n, 0.0));
    std::vector<double> sizes(n + 1, 0.0);
    for (int b = 0; b < total; ++b) {
      const std::size_t size = gaps.fill(random, n, out.data());
      ASSERT_LE(size, n);
      ++sizes[size];
      for (std::size_t i = 0; i < size; ++i) {
        ASSERT_LT(out[i], n);
        ASSERT_TRUE(i == 0 || out[i - 1] < out[i]);
        for (std::size_t j = 0; j <= i; ++j) ++both[out[i]][out[j]];
      }
    }
    ASSERT_EQ(out.back(), 77u);
    double worst = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        const double expected = i == j ? p : p * p;
        const double sd = std::sqrt(total * expected * (1 - expected));
        worst = std::max(worst, std::fabs(both[i][j] - total * expected) / sd);
      }
    EXPECT_LT(worst, 5.2) << p;  // of 1,891
    for (std::size_t k = 0; k <= n; ++k) {
      const double trials = n, successes = static_cast<double>(k);
      const double chance = std::exp(std::lgamma(trials + 1) - std::lgamma(successes + 1) -
                                     std::lgamma(trials - successes + 1) + successes * std::log(p) +
                                     (trials - successes) * std::log1p(-p));
      EXPECT_NEAR(sizes[k], total * chance, 5 * std::sqrt(total * chance * (1 - chance)) + 1) << p << ", " << k;
    }
  }
}

TEST(GeometricGaps, RejectOtherProbabilities) {
  for (const double p : {0.0, 0.015, 0.76, -1.0, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_THROW(geometric_gaps{p}, her2mod::input_error);
}

}  // namespace
