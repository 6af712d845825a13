// xoshiro256++, bounded integers and shuffles: uniform by enumeration, not by chance.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include <her2mod/rng/bounded.hpp>
#include <her2mod/rng/shuffle.hpp>
#include <her2mod/rng/xoshiro256pp.hpp>

namespace {

using her2mod::bounded_batch;
using her2mod::draw_below;

__extension__ typedef unsigned __int128 wide;
constexpr std::uint64_t ones = ~std::uint64_t{0};

// Hands out given words, and counts how many were taken.
struct dictated {
  std::vector<std::uint64_t> words;
  std::size_t taken = 0;
  std::uint64_t operator()() { return words.at(taken++); }
};

TEST(Xoshiro256pp, GivesTheReferenceImplementationsWords) {
  // xoshiro256plusplus.c of Blackman and Vigna from the state 1, 2, 3, 4, as the tests of the Rust
  // crate rand_xoshiro quote it.
  her2mod::xoshiro256pp generator({1, 2, 3, 4});
  const std::uint64_t words[] = {41943041u,
                                 58720359u,
                                 3588806011781223u,
                                 3591011842654386u,
                                 9228616714210784205u,
                                 9973669472204895162u,
                                 14011001112246962877u,
                                 12406186145184390807u,
                                 15849039046786891736u,
                                 10450023813501588000u};
  for (const std::uint64_t word : words) EXPECT_EQ(generator(), word);
}

TEST(Xoshiro256pp, LeavesItsFixedPoint) {
  her2mod::xoshiro256pp generator({0, 0, 0, 0});
  std::set<std::uint64_t> words;
  for (int i = 0; i < 100; ++i) words.insert(generator());
  EXPECT_GT(words.size(), 90u);
}

// Every word of a small type: each tuple must come from equally many accepted words.
template <class Word>
void expect_uniform_tuples(std::uint32_t bound) {
  const bounded_batch<Word> batch(static_cast<Word>(bound));
  std::uint64_t tuples = 1;
  for (std::size_t i = 0; i < batch.size(); ++i) tuples *= bound;
  const std::uint64_t all = std::uint64_t{1} << std::numeric_limits<Word>::digits;
  ASSERT_LE(tuples, all);
  std::map<std::uint64_t, std::uint64_t> times;
  for (std::uint64_t word = 0; word < all; ++word) {
    Word out[bounded_batch<Word>::max_size];
    if (!batch.split(static_cast<Word>(word), out)) continue;
    std::uint64_t tuple = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      ASSERT_LT(out[i], bound);
      tuple = tuple * bound + out[i];
    }
    ++times[tuple];
  }
  ASSERT_EQ(times.size(), tuples) << "bound " << bound;
  for (const auto& [tuple, count] : times)
    ASSERT_EQ(count, all / tuples) << "bound " << bound << ", tuple " << tuple;
}

TEST(BoundedBatch, IsUniformForEveryBoundBelow256OverAllBytes) {
  for (std::uint32_t bound = 1; bound <= 255; ++bound) expect_uniform_tuples<std::uint8_t>(bound);
}

TEST(BoundedBatch, IsUniformOverAllWordsOf16Bits) {
  for (const std::uint32_t bound :
       {1u,   2u,   3u,   5u,   6u,   7u,   10u,  12u,    15u,    25u,    26u,    100u,   117u,
        127u, 128u, 129u, 255u, 256u, 458u, 575u, 16383u, 16384u, 32768u, 32769u, 43691u, 65535u})
    expect_uniform_tuples<std::uint16_t>(bound);
}

TEST(BoundedBatch, TakesAsManyAsFit) {
  // 7 spare bits of 64 leave 2^56: floor(56 / log2(bound)) integers, at most 16.
  EXPECT_EQ(bounded_batch<std::uint64_t>(1).size(), 16u);
  EXPECT_EQ(bounded_batch<std::uint64_t>(2).size(), 16u);
  EXPECT_EQ(bounded_batch<std::uint64_t>(117).size(), 8u);
  EXPECT_EQ(bounded_batch<std::uint64_t>(458).size(), 6u);
  EXPECT_EQ(bounded_batch<std::uint64_t>(1000000).size(), 2u);
  EXPECT_EQ(bounded_batch<std::uint64_t>(ones).size(), 1u);
}

TEST(DrawIndices, EqualsOneWordAtATimeByLongMultiplication) {
  // The digits of word / 2^64 in base `bound`, and no tuple left half used by the next call.
  for (const std::uint64_t bound : {std::uint64_t{3}, std::uint64_t{117}, std::uint64_t{458}}) {
    const bounded_batch<std::uint64_t> batch(bound);
    her2mod::xoshiro256pp generator({bound, 2, 3, 4}), same({bound, 2, 3, 4});
    for (const std::size_t count :
         {std::size_t{0}, std::size_t{1}, batch.size(), std::size_t{50}}) {
      std::vector<std::uint64_t> by_core, by_hand;
      her2mod::draw_indices(generator, batch, count,
                            [&](std::uint64_t index) { by_core.push_back(index); });
      while (by_hand.size() < count) {
        std::uint64_t rest = same();
        for (std::size_t i = 0; i < batch.size(); ++i) {
          const wide product = static_cast<wide>(rest) * bound;
          if (by_hand.size() < count) by_hand.push_back(static_cast<std::uint64_t>(product >> 64));
          rest = static_cast<std::uint64_t>(product);
        }
      }
      EXPECT_EQ(by_core, by_hand);
    }
  }
}

TEST(DrawIndices, DrawsAgainAfterARejectedWord) {
  // bound 3, 16 at a time: word 0 is below 2^64 mod 3^16 and must be rejected whole.
  const bounded_batch<std::uint64_t> batch(3);
  dictated generator{{0, ones}};
  std::vector<std::uint64_t> drawn;
  her2mod::draw_indices(generator, batch, 2, [&](std::uint64_t index) { drawn.push_back(index); });
  EXPECT_EQ(generator.taken, 2u);
  EXPECT_EQ(drawn, (std::vector<std::uint64_t>{2, 2}));
}

// The words that give the value v are one interval; in each, at most the first word is rejected, so
// that every value keeps floor(2^64 / bound) words.
TEST(DrawBelow, AcceptsEquallyManyWordsForEveryValue) {
  for (const std::uint64_t bound :
       {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}, std::uint64_t{5}, std::uint64_t{10},
        std::uint64_t{117}, std::uint64_t{1000}, (std::uint64_t{1} << 63) + 1, ones}) {
    const wide range = static_cast<wide>(1) << 64;
    std::vector<std::uint64_t> values;
    for (std::uint64_t v = 0; v < std::min<std::uint64_t>(bound, 1000); ++v) values.push_back(v);
    for (std::uint64_t v = bound; values.size() < 2000 && v-- > 1000;) values.push_back(v);
    for (const std::uint64_t v : values) {
      const wide first = (v * range + bound - 1) / bound;
      const wide last = ((static_cast<wide>(v) + 1) * range + bound - 1) / bound - 1;
      // A rejected word is followed by the last one of value 0's interval.
      const std::uint64_t fallback = static_cast<std::uint64_t>((range + bound - 1) / bound - 1);
      wide accepted = last - first + 1;
      for (wide word = first; word <= last && word < first + 3; ++word) {
        dictated generator{{static_cast<std::uint64_t>(word), fallback}};
        const std::uint64_t drawn = draw_below(generator, bound);
        if (generator.taken == 1)
          ASSERT_EQ(drawn, v);
        else
          --accepted;
      }
      dictated at_end{{static_cast<std::uint64_t>(last), fallback}};
      draw_below(at_end, bound);
      ASSERT_TRUE(at_end.taken == 1 || last == first);
      ASSERT_TRUE(accepted == range / bound) << "bound " << bound << ", value " << v;
    }
  }
}

// draw_below is uniform; so a shuffle is exactly when each sequence of draws gives another order.
TEST(Shuffle, TurnsTheSequencesOfDrawsIntoAllOrdersOnceEach) {
  std::size_t factorial = 1;
  for (std::size_t n = 1; n <= 7; ++n) {
    factorial *= n;
    std::set<std::vector<int>> orders;
    for (std::size_t code = 0; code < factorial; ++code) {
      dictated generator{{}};
      std::size_t rest = code;
      for (std::size_t left = n; left > 1; --left) {
        // The middle of the interval of words that give rest % left.
        const wide middle =
            ((static_cast<wide>(rest % left) << 64) + (static_cast<wide>(1) << 63)) / left;
        generator.words.push_back(static_cast<std::uint64_t>(middle));
        rest /= left;
      }
      std::vector<int> values(n);
      for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<int>(i);
      her2mod::shuffle(generator, her2mod::span<int>(values));
      ASSERT_EQ(generator.taken, n - 1);
      orders.insert(values);
    }
    EXPECT_EQ(orders.size(), factorial) << n << " values";
  }
}

TEST(Shuffle, LeavesNothingAndOneAlone) {
  dictated generator{{}};
  std::vector<int> none, one{5};
  her2mod::shuffle(generator, her2mod::span<int>(none));
  her2mod::shuffle(generator, her2mod::span<int>(one));
  EXPECT_EQ(generator.taken, 0u);
  EXPECT_EQ(one, std::vector<int>{5});
}

}  // namespace
