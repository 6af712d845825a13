// Subsets: uniform by enumeration of all words of a small generator, by chance for the real one.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include <her2mod/rng/subset.hpp>
#include <her2mod/rng/xoshiro256pp.hpp>

namespace {

using her2mod::choose_subset;

// Hands out given words of any size.
template <class Word>
struct dictated {
  using result_type = Word;
  std::vector<Word> words;
  std::size_t taken = 0;
  Word operator()() {
    if (taken == words.size()) throw out_of_words{};
    return words[taken++];
  }
  struct out_of_words {};
};

std::uint64_t binomial(std::uint64_t n, std::uint64_t k) {
  std::uint64_t c = 1;
  for (std::uint64_t i = 0; i < k; ++i) c = c * (n - i) / (i + 1);
  return c;
}

// The subset as bits; its marks are checked on the way.
template <class Generator>
std::uint64_t chosen(Generator& generator, std::uint64_t n, std::size_t k) {
  std::uint64_t bits = 0;
  std::size_t news = 0;
  choose_subset(generator, static_cast<typename Generator::result_type>(n), k,
                [&](std::uint64_t index) {
                  EXPECT_LT(index, n);
                  EXPECT_LT(news, k) << "marked after the last new index";
                  const std::uint64_t bit = std::uint64_t{1} << index;
                  const bool is_new = (bits & bit) == 0;
                  bits |= bit;
                  news += is_new ? 1 : 0;
                  return is_new;
                });
  EXPECT_EQ(news, k);
  return bits;
}

// Every word of a small type: each pair must come from equally many accepted words.
template <class Word>
void expect_uniform_pairs(Word n) {
  const std::uint64_t all = std::uint64_t{1} << std::numeric_limits<Word>::digits;
  const std::uint64_t pairs = static_cast<std::uint64_t>(n) * n;
  std::map<std::pair<Word, Word>, std::uint64_t> times;
  for (std::uint64_t word = 0; word < all; ++word) {
    Word first, second;
    if (her2mod::split_pair(static_cast<Word>(word), n, first, second)) ++times[{first, second}];
  }
  ASSERT_EQ(times.size(), pairs) << "n = " << n;
  for (const auto& [pair, count] : times) {
    ASSERT_LT(pair.first, n);
    ASSERT_LT(pair.second, n);
    ASSERT_EQ(count, all / pairs) << "n = " << n;
  }
}

TEST(SplitPair, IsUniformOverAllBytesAndAllWordsOf16Bits) {
  for (std::uint8_t n = 1; n <= 15; ++n) expect_uniform_pairs<std::uint8_t>(n);
  for (const int n : {1, 2, 3, 7, 16, 100, 117, 128, 181, 254, 255})
    expect_uniform_pairs(static_cast<std::uint16_t>(n));
}

// All sequences of one and of two bytes: each subset is chosen by equally many.
TEST(ChooseSubset, IsUniformOverAllSequencesOfTwoBytes) {
  for (const auto& [n, k] : std::vector<std::pair<std::uint64_t, std::size_t>>{
           {1, 1}, {2, 1}, {3, 1}, {3, 2}, {4, 2}, {5, 2}, {6, 3}, {7, 3}, {8, 4}, {15, 4}}) {
    std::map<std::size_t, std::map<std::uint64_t, std::uint64_t>> by_words_taken;
    dictated<std::uint8_t> generator{{0, 0}};
    for (std::uint32_t code = 0; code < 1u << 16;) {
      generator.words = {static_cast<std::uint8_t>(code >> 8), static_cast<std::uint8_t>(code)};
      generator.taken = 0;
      try {
        const std::uint64_t subset = chosen(generator, n, k);
        ++by_words_taken[generator.taken][subset];
      } catch (const dictated<std::uint8_t>::out_of_words&) {
      }
      code += generator.taken == 1 ? 256 : 1;  // what is not read is not varied
    }
    ASSERT_EQ(by_words_taken.count((k + 1) / 2), 1u);
    for (const auto& [taken, times] : by_words_taken) {
      ASSERT_EQ(times.size(), binomial(n, k)) << n << ", " << k << ", words " << taken;
      for (const auto& [subset, count] : times)
        ASSERT_EQ(count, times.begin()->second) << n << ", " << k << ", words " << taken;
    }
  }
}

TEST(ChooseSubset, TakesNothingForNoIndices) {
  dictated<std::uint64_t> generator{{}};
  EXPECT_EQ(chosen(generator, 5, 0), 0u);
  EXPECT_EQ(generator.taken, 0u);
}

TEST(ChooseSubset, ChoosesAllOfAll) {
  her2mod::xoshiro256pp generator({1, 2, 3, 4});
  for (std::uint64_t n = 1; n <= 20; ++n)
    EXPECT_EQ(chosen(generator, n, n), (std::uint64_t{1} << n) - 1);
}

// Pearson's statistic of m equally likely cells: mean m - 1, variance 2 (m - 1).
TEST(ChooseSubset, ChoosesEverySubsetEquallyOften) {
  for (std::uint64_t n = 1; n <= 7; ++n)
    for (std::size_t k = 0; k <= n; ++k) {
      her2mod::xoshiro256pp generator({n, k, 3, 4});
      for (int i = 0; i < 100; ++i) generator();  // away from a state with few ones
      const double cells = static_cast<double>(binomial(n, k));
      const double expected = 2000;
      std::map<std::uint64_t, double> times;
      const int subsets = static_cast<int>(cells * expected);
      for (int i = 0; i < subsets; ++i) times[chosen(generator, n, k)] += 1;
      ASSERT_EQ(static_cast<double>(times.size()), cells);
      double statistic = 0;
      for (const auto& [subset, count] : times)
        statistic += (count - expected) * (count - expected) / expected;
      EXPECT_LE(statistic, cells - 1 + 5 * std::sqrt(2 * (cells - 1)) + 1e-9) << n << ", " << k;
    }
}

// 117 of 575: how often each index, and each neighbouring pair of indices, is chosen.
TEST(ChooseSubset, ChoosesEveryIndexOfManyEquallyOften) {
  constexpr std::size_t n = 575, k = 117;
  constexpr int subsets = 20000;
  her2mod::xoshiro256pp generator({5, 6, 7, 8});
  std::vector<double> alone(n, 0), with_next(n, 0);
  for (int s = 0; s < subsets; ++s) {
    std::vector<std::int32_t> label(n, 0);
    std::size_t news = 0;
    choose_subset(generator, n, k, [&](std::uint64_t index) {
      const bool is_new = label[index] == 0;
      label[index] = 1;
      news += is_new ? 1 : 0;
      return is_new;
    });
    ASSERT_EQ(news, k);
    for (std::size_t i = 0; i < n; ++i) {
      alone[i] += label[i];
      with_next[i] += label[i] & label[(i + 1) % n];
    }
  }
  const double one = static_cast<double>(k) / n, two = one * (k - 1) / (n - 1);
  for (std::size_t i = 0; i < n; ++i) {
    ASSERT_NEAR(alone[i], subsets * one, 5 * std::sqrt(subsets * one * (1 - one)));
    ASSERT_NEAR(with_next[i], subsets * two, 5 * std::sqrt(subsets * two * (1 - two)));
  }
}

TEST(ChooseSubset, GivesTheSameIndicesOnEveryPlatform) {
  her2mod::xoshiro256pp generator({1, 2, 3, 4});
  for (int i = 0; i < 10; ++i) generator();
  std::vector<bool> seen(10, false);
  std::vector<std::uint64_t> order;
  choose_subset(generator, 10, 9, [&](std::uint64_t index) {
    const bool is_new = !seen[index];
    seen[index] = true;
    if (is_new) order.push_back(index);
    return is_new;
  });
  EXPECT_EQ(order, (std::vector<std::uint64_t>{4, 1, 9, 0, 5, 3, 7, 8, 6}));
}

// The last index: the first of its pair if that is new, or else the second.
TEST(ChooseSubset, UsesBothIndicesOfThePairs) {
  // Of 4: the first 4 bits of a word are two indices.
  const auto pair = [](std::uint64_t first, std::uint64_t second) {
    return (first * 4 + second) << 60;
  };
  dictated<std::uint64_t> first_is_new{{pair(0, 1), pair(2, 3)}};
  EXPECT_EQ(chosen(first_is_new, 4, 3), 7u);
  dictated<std::uint64_t> second_is_new{{pair(0, 1), pair(1, 3)}};
  EXPECT_EQ(chosen(second_is_new, 4, 3), 11u);
  dictated<std::uint64_t> neither_is{{pair(0, 1), pair(1, 0), pair(0, 0), pair(3, 2)}};
  EXPECT_EQ(chosen(neither_is, 4, 3), 11u);
  EXPECT_EQ(neither_is.taken, 4u);
}

// --- a sampler

// The members of each draw, checked, as the bits of a word.
std::uint64_t sampled(const her2mod::subset_sampler& sampler, her2mod::xoshiro256pp& random, std::size_t n,
                      std::vector<std::uint32_t>& members) {
  constexpr std::size_t spare = her2mod::subset_sampler::spare;
  members.assign(n + spare + 1, 12345);
  std::vector<std::uint64_t> marks(sampler.words() + 1, 99);
  sampler(random, members.data(), marks.data());
  EXPECT_EQ(members[n + spare], 12345u);
  EXPECT_EQ(marks[sampler.words()], 99u);
  std::vector<bool> in(n, false);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < sampler.size(); ++i) {
    EXPECT_LT(members[i], n);
    EXPECT_FALSE(in[members[i]]);
    in[members[i]] = true;
    if (members[i] < 64) bits |= std::uint64_t{1} << members[i];
  }
  std::vector<std::uint32_t> others = members;
  EXPECT_EQ(sampler.others(others.data(), marks.data()), n - sampler.size());
  for (std::size_t i = 0, k = 0; i < n; ++i)
    if (!in[i]) {
      EXPECT_EQ(others[k++], i);
    }
  return bits;
}

TEST(SubsetSampler, ChoosesEverySubsetOfAFewEquallyOften) {
  for (const auto& [n, k] : {std::make_pair(6u, 2u), {6u, 3u}, {5u, 0u}, {4u, 4u}, {2u, 1u}, {1u, 1u}}) {
    const her2mod::subset_sampler sampler(n, k);
    her2mod::xoshiro256pp random({n, k, 3, 4});
    std::map<std::uint64_t, double> times;
    std::vector<std::uint32_t> members;
    constexpr double total = 40000;
    for (int b = 0; b < 40000; ++b) ++times[sampled(sampler, random, n, members)];
    const double subsets = static_cast<double>(binomial(n, k)), p = 1 / subsets;
    ASSERT_EQ(static_cast<double>(times.size()), subsets);
    for (const auto& entry : times)
      EXPECT_NEAR(entry.second, total * p, 5 * std::sqrt(total * p * (1 - p)));
  }
}

// By gaps or one by one: of all pairs of indices, how often both are chosen; and of a third of the indices,
// how many are: hypergeometric.
TEST(SubsetSampler, ChoosesPairsAndPartsOfManyAsItShould) {
  for (const auto& [n, k] : {std::make_pair(64u, 32u), {70u, 3u}, {100u, 17u}, {130u, 130u}, {200u, 1u}, {90u, 2u},
                             {100u, 60u}}) {
    SCOPED_TRACE(n);
    const her2mod::subset_sampler sampler(n, k);
    her2mod::xoshiro256pp random({n, k, 5, 6});
    std::vector<std::vector<double>> both(n, std::vector<double>(n, 0.0));
    const std::size_t third = n / 3;
    std::vector<double> part(third + 1, 0.0);
    std::vector<std::uint32_t> members;
    constexpr double total = 6000;
    for (int b = 0; b < 6000; ++b) {
      sampled(sampler, random, n, members);
      std::size_t below = 0;
      for (std::size_t i = 0; i < k; ++i) {
        below += members[i] < third ? 1 : 0;
        for (std::size_t j = 0; j < k; ++j) ++both[members[i]][members[j]];
      }
      ++part[below];
    }
    const double one = k / double(n), two = one * (k - 1.0) / (n - 1.0);
    double worst = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        const double p = i == j ? one : two;
        if (p == 0 || p == 1) {
          EXPECT_EQ(both[i][j], total * p);
          continue;
        }
        worst = std::max(worst, std::fabs(both[i][j] - total * p) / std::sqrt(total * p * (1 - p)));
      }
    EXPECT_LT(worst, 5.5);  // of up to 40,000
    for (std::size_t x = 0; x <= third; ++x) {
      // C(third, x) C(n - third, k - x) / C(n, k)
      double p = 0;
      if (x <= k && k - x <= n - third) {
        const auto choose = [](std::size_t from, std::size_t some) {
          const auto m = static_cast<double>(from), r = static_cast<double>(some);
          return std::lgamma(m + 1) - std::lgamma(r + 1) - std::lgamma(m - r + 1);
        };
        p = std::exp(choose(third, x) + choose(n - third, k - x) - choose(n, k));
      }
      EXPECT_NEAR(part[x], total * p, 5 * std::sqrt(total * p * (1 - p)) + 1);
    }
  }
}

}  // namespace
