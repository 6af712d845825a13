// Threefry 4x64-20 and the streams that it opens.

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <set>

#include <her2mod/rng/streams.hpp>
#include <her2mod/rng/threefry.hpp>

namespace {

using her2mod::block256;
using her2mod::purpose;
using her2mod::streams;

// Threefry-4x64 as Salmon and others (2011), section 4.2, define it: rotations of table 2, key
// words added every four rounds, the fifth key word from the parity constant.
block256 naive_threefry(const block256& key, block256 x) {
  constexpr int rotation[8][2] = {{14, 16}, {52, 57}, {23, 40}, {5, 37},
                                  {25, 33}, {46, 12}, {58, 22}, {32, 32}};
  const std::uint64_t k[5] = {key[0], key[1], key[2], key[3],
                              0x1BD11BDAA9FC1A22u ^ key[0] ^ key[1] ^ key[2] ^ key[3]};
  const auto mix = [](std::uint64_t& a, std::uint64_t& b, int r) {
    a += b;
    b = ((b << r) | (b >> (64 - r))) ^ a;
  };
  for (std::size_t i = 0; i < 4; ++i) x[i] += k[i];
  for (std::size_t round = 0; round < 20; ++round) {
    const int* r = rotation[round % 8];
    if (round % 2 == 0) {
      mix(x[0], x[1], r[0]);
      mix(x[2], x[3], r[1]);
    } else {
      mix(x[0], x[3], r[0]);
      mix(x[2], x[1], r[1]);
    }
    if (round % 4 == 3) {
      const std::size_t s = round / 4 + 1;
      for (std::size_t i = 0; i < 4; ++i) x[i] += k[(s + i) % 5];
      x[3] += s;
    }
  }
  return x;
}

struct known_answer {
  block256 counter, key, result;
};

// Random123's kat_vectors, "threefry4x64 20".
constexpr std::uint64_t ones = ~std::uint64_t{0};
const known_answer known_answers[] = {
    {{0, 0, 0, 0},
     {0, 0, 0, 0},
     {0x09218ebde6c85537, 0x55941f5266d86105, 0x4bd25e16282434dc, 0xee29ec846bd2e40b}},
    {{ones, ones, ones, ones},
     {ones, ones, ones, ones},
     {0x29c24097942bba1b, 0x0371bbfb0f6f4e11, 0x3c231ffa33f83a1c, 0xcd29113fde32d168}},
    {{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
     {0x452821e638d01377, 0xbe5466cf34e90c6c, 0xbe5466cf34e90c6c, 0xc0ac29b7c97c50dd},
     {0xa7e8fde591651bd9, 0xbaafd0c30138319b, 0x84a5c1a729e685b9, 0x901d406ccebc1ba4}}};

TEST(Threefry, GivesThePublishedAnswers) {
  for (const known_answer& known : known_answers) {
    her2mod::threefry4x64_20 cipher(known.key);
    EXPECT_EQ(cipher(known.counter), known.result);
    EXPECT_EQ(naive_threefry(known.key, known.counter), known.result);  // the twin is right too
  }
}

TEST(Threefry, EqualsTheDefinitionForRandomKeysAndCounters) {
  std::mt19937_64 random(20110101);
  for (int i = 0; i < 2000; ++i) {
    const block256 key{random(), random(), random(), random()};
    her2mod::threefry4x64_20 cipher(key);
    for (int j = 0; j < 5; ++j) {  // one cipher, several counters: no state is left over
      const block256 counter{random(), random(), random(), random()};
      ASSERT_EQ(cipher(counter), naive_threefry(key, counter));
    }
    ASSERT_EQ(cipher({ones, ones, 0, 0}), naive_threefry(key, {ones, ones, 0, 0}));
  }
}

TEST(Streams, StartFromTheCipherOfReplicateAndPurposeUnderTheSeed) {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{417}, ones})
    for (const std::uint64_t replicate : {std::uint64_t{0}, std::uint64_t{9999}, ones}) {
      streams bootstrap(seed, purpose::bootstrap), permutation(seed, purpose::permutation);
      auto by_core = bootstrap.open(replicate);
      her2mod::xoshiro256pp by_hand(naive_threefry({seed, 0, 0, 0}, {replicate, 1, 0, 0}));
      auto other_by_core = permutation.open(replicate);
      her2mod::xoshiro256pp other_by_hand(naive_threefry({seed, 0, 0, 0}, {replicate, 2, 0, 0}));
      for (int i = 0; i < 10; ++i) {
        ASSERT_EQ(by_core(), by_hand());
        ASSERT_EQ(other_by_core(), other_by_hand());
      }
    }
}

TEST(Streams, DoNotDependOnTheOrderInWhichTheyAreOpened) {
  constexpr std::uint64_t n = 50;
  std::array<std::uint64_t, n> upward{}, downward{}, alone{};
  streams up(7, purpose::bootstrap), down(7, purpose::bootstrap);
  for (std::uint64_t r = 0; r < n; ++r) upward[r] = up.open(r)();
  for (std::uint64_t r = n; r-- > 0;) downward[r] = down.open(r)();
  for (std::uint64_t r = 0; r < n; ++r) alone[r] = streams(7, purpose::bootstrap).open(r)();
  EXPECT_EQ(upward, downward);
  EXPECT_EQ(upward, alone);
}

TEST(Streams, DifferBySeedPurposeAndReplicate) {
  std::set<std::uint64_t> words;
  std::size_t drawn = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    for (const purpose what : {purpose::bootstrap, purpose::permutation}) {
      streams open(seed, what);
      for (std::uint64_t replicate = 0; replicate < 50; ++replicate) {
        auto generator = open.open(replicate);
        for (int i = 0; i < 10; ++i, ++drawn) words.insert(generator());
      }
    }
  EXPECT_EQ(words.size(), drawn);  // 20,000 words of 64 bits: a chance repeat has odds of 1e-11
}

}  // namespace
